"""Every agent's log tells the same story, so far as the agent writes it down: see ``made_up``."""

from __future__ import annotations

import pytest

from handoff_cli.agents.readers import READERS, iter_texts, read_transcript, sniff_format
from tests.agents import made_up
from tests.agents.made_up import ASKED, LOGS, SAID

# format: (tokens now, window, model); no tokens: the agent writes no usage, and the context is estimated
FIGURES = {
    "pi": (15_065, None, "small-1"),
    "qwen": (15_021, 1_000_000, "qwen3-coder-plus"),
    "antigravity": (None, None, "gemini-3.5-flash"),
    "grok": (None, None, "grok-4.5"),
    "kimi": (15_065, 262_144, "kimi-k2.7-code"),
    "cursor": (None, None, None),
    "droid": (None, None, None),
    "amp": (15_021, 168_000, "claude-opus-4-5"),
    "continue_dev": (15_021, None, "small-1"),
    "cline": (15_021, None, "small-1"),
    "vscode_chat": (15_021, None, "claude-opus-4-5"),
    "goose": (15_065, 200_000, "claude-opus-4-5"),
    "cursor database": (15_065, 200_000, "claude-opus-4-5"),
    "vscode_chat log": (15_021, None, "claude-opus-4-5"),
}
WITHOUT_ANSWERS = ("cursor",)
"""Agents that write down what they called, but not what came of it: it is over once they go on."""


@pytest.fixture(params=FIGURES)
def told(request, tmp_path):
    """The name of a story and the path of the log that tells it."""
    path = tmp_path / "log"
    if request.param == "goose":
        made_up.goose_database(path)
    elif request.param == "cursor database":
        made_up.cursor_database(path)
    else:
        path.write_text(made_up.VSCODE_LOG if request.param == "vscode_chat log" else LOGS[request.param])
    return request.param, str(path)


def test_content_decides_the_format(told):
    """Not the file's name; and no other reader is surer."""
    name, path = told
    with open(path, "rb") as stream:
        assert sniff_format(stream.read()) == name.partition(" ")[0]


def test_the_context_now(told):
    """Exact where the agent wrote it down, in the window it told; else nothing rather than a guess."""
    name, path = told
    found = read_transcript(path)
    tokens, window, model = FIGURES[name]
    assert (found.usage and found.usage.tokens, found.window, found.model) == (tokens, window, model)
    assert found.usage is None or found.usage.method == "exact"
    assert found.malformed == 0


def test_what_was_said(told):
    """By the person and the agent: not what was put around it, nor what the agent thought."""
    found = read_transcript(told[1])
    assert [(message.role, message.text) for message in found.messages] == [("user", ASKED), ("assistant", SAID)]


def test_files_and_failures(told):
    """The file that was read and edited, the command that failed and with what."""
    name, path = told
    found = read_transcript(path)
    [command] = found.commands
    assert command.text == "python test_adder.py"
    outcomes = [("ended", None)] if name in WITHOUT_ANSWERS else [("failed", 1), ("failed", None)]
    assert (command.outcome, command.exit_code) in outcomes
    assert {(file.path.rpartition("/")[2], file.action) for file in found.files} == {
        ("adder.py", "read"),
        ("adder.py", "modified"),
    }


def test_texts_of_the_context(told):
    """What is counted where no usage is told: all that was said, called and answered."""
    pieces = list(iter_texts(told[1]))
    assert any(ASKED in piece for role, piece in pieces if role == "user")
    assert any(SAID in piece for role, piece in pieces if role == "assistant")
    assert {role for role, _ in pieces} <= {"system", "user", "assistant", "tool"}


def test_every_story_is_of_a_known_format():
    """So that a reader that is renamed takes its story along."""
    assert set(LOGS) <= set(READERS)
