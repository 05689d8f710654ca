import json
import os
import re
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.__main__ import main
from handoff_cli.cli import lines
from handoff_cli.core.text import cells
from handoff_cli.usecases.status_line import StatusLine
from tests.cli.test_hot import DEAR, modules_loaded, not_light
from tests.usecases.agents_at_work import ROOT, Claude

STDIN = {
    "session_id": "s",
    "model": {"id": "claude-opus-4-5", "display_name": "Opus"},
    "version": "2.1.90",
    "context_window": {
        "context_window_size": 200_000,
        "used_percentage": 67,
        "current_usage": {"input_tokens": 8_500, "output_tokens": 1_200, "cache_creation_input_tokens": 5_000, "cache_read_input_tokens": 122_000},
    },
}  # fmt: skip


def told(project, **changes):
    return json.dumps({**STDIN, "cwd": str(project), **changes})


def test_the_line_has_bar_mark_percentage_model_and_level(handoff, project, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    code, out, err = handoff("statusline", stdin=told(project))
    assert (code, err) == (0, "")
    assert out == "[████████████████▏░░░] 81.1% 135,500/167,000 Opus warning\n"


def test_an_agent_gets_color_unless_no_color_is_set(handoff, project, monkeypatch):
    assert "\x1b[33m" in handoff("statusline", stdin=told(project))[1]
    assert "\x1b" not in handoff("--color", "never", "statusline", stdin=told(project))[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in handoff("statusline", stdin=told(project))[1]


def test_ascii_where_the_encoding_has_no_blocks(project):
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "NO_COLOR": "1", "COLUMNS": "40"}
    done = subprocess.run(
        [sys.executable, "-m", "handoff_cli", "statusline"],
        input=told(project).encode(),
        capture_output=True,
        env=environ,
        check=True,
    )
    assert re.fullmatch(rb"\[[#|-]+\] 81.1% 135k/167k Opus warning\n", done.stdout)
    assert len(done.stdout) <= 41


def test_after_a_compaction_the_figure_is_open(handoff, project):
    window = {"context_window_size": 200_000, "current_usage": None, "used_percentage": None}
    assert "--% --/167,000" in handoff("--color", "never", "statusline", stdin=told(project, context_window=window))[1]


def test_zeros_alone_are_no_figure_either(handoff, project):
    """Before the first response Claude Code may pipe zeros; no request is of no tokens."""
    zeros = dict.fromkeys(STDIN["context_window"]["current_usage"], 0)
    window = {"context_window_size": 200_000, "current_usage": zeros, "used_percentage": 0}
    assert "--% --/167,000" in handoff("--color", "never", "statusline", stdin=told(project, context_window=window))[1]


def test_a_format_of_ones_own(handoff, project):
    argv = ("--color", "never", "statusline", "--format", "{percent} {left} {nothing} {session}")
    assert handoff(*argv, stdin=told(project))[1] == "81.1% 31,500 {nothing} s\n"


def test_without_an_agent_the_session_is_shown(handoff):
    handoff("track", "--tokens", "64000")
    assert handoff("statusline", stdin="")[1] == "[██████████░░░░░░▏░░░] 50.0% 64,000/128,000 ok\n"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"session_id": 3}',
        '{"context_window": {"context_window_size": -1}, "session_id": "s"}',
        "\x00",
    ],
)
def test_nonsense_prints_nothing_and_ends_with_code_0(handoff, text):
    code, out, err = handoff("statusline", stdin=text)
    assert (code, err) == (0, "")
    assert out.count("\n") <= 1


def test_a_models_name_cannot_draw(handoff, project):
    out = handoff(
        "--color", "never", "statusline", stdin=told(project, model={"id": "m", "display_name": "\x1b[2J\nx"})
    )[1]
    assert "\x1b" not in out
    assert out.count("\n") == 1


@given(
    st.integers(0, 3_000_000) | st.none(),
    st.integers(1, 2_000_000),
    st.floats(0.3, 1),
    st.integers(20, 200),
    st.booleans(),
)
def test_the_line_fits_and_the_bar_is_whole(tokens, window, part, width, ascii_only):
    line = StatusLine(tokens, window, max(1, round(window * part)), 0.8, "ok", "exact", "model", "session")
    text = "".join(piece for piece, _ in lines.status_line(line, "{bar} {percent}", width, ascii_only=ascii_only))
    assert len(text) <= width
    assert "%" in text
    if "]" in text:
        assert 8 <= len(text[1 : text.index("]")]) <= 20
    assert text.isascii() or not ascii_only


NAMES = st.text(st.sampled_from("ab \u4e2d\u6587\u0e01\u0301\U0001f680\u2764\ufe0f\x1b[31m"), max_size=30)


@given(NAMES, NAMES, st.integers(1, 120), st.integers(0, 300_000) | st.none())
def test_whatever_the_names_the_line_takes_no_more_cells_than_there_are(model, session, width, tokens):
    line = StatusLine(tokens, 200_000, 167_000, 0.8, "warning", "exact", model, session)
    parts = lines.status_line(
        line, "{bar} {percent} {tokens}/{usable} {level} {model} {session}", width, ascii_only=False
    )
    text = "".join(piece for piece, _ in parts)
    assert cells(text) <= width
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (100, "[████████████████▏░░░] 137,000/167,000 82.0% warning 中文 中文 s-1"),
        (40, "[██████▏█] 137k/167k 82.0% warning"),
        (26, "[██████▏█] 82.0% warning"),
        (14, "82.0% warning"),
        (8, "82.0%"),
    ],
)
def test_where_it_is_narrow_whole_words_are_left_out_the_least_first(width, shown):
    line = StatusLine(137_000, 200_000, 167_000, 0.8, "warning", "exact", "中文 中文", "s-1")
    template = "{bar} {tokens}/{usable} {percent} {level} {model} {session}"
    text = "".join(piece for piece, _ in lines.status_line(line, template, width, ascii_only=False))
    assert re.sub(r"\[.*\]", "[]", text) == re.sub(r"\[.*\]", "[]", shown)


def test_what_is_not_known_is_no_zero(handoff, project):
    """A session that was only asked something has told no figure yet."""
    handoff("note", "mind the gap")
    said = handoff("--color", "never", "statusline", "--format", "{percent} {tokens} {left} {level}")[1]
    assert said == "--% -- -- unknown\n"


@given(st.integers(0, 300_000), st.integers(1_000, 200_000))
def test_the_status_line_says_what_the_plain_line_says(tokens, usable):
    """One count, one share: that of the usable window, which thresholds compare with."""
    level = "over" if tokens >= usable else "ok"
    status = {
        "session_id": "s",
        "total_tokens": tokens,
        "usable_tokens": usable,
        "method": "estimated",
        "level": level,
        "known": True,
    }
    line = StatusLine(tokens, 200_000, usable, 0.8, level, "estimated", "", "")
    parts = lines.status_line(line, "{percent} {tokens}/{usable} {level}", 80, ascii_only=False)
    assert "".join(text for text, _ in parts) == lines.status_in_a_line(status)


@pytest.mark.parametrize("argv", [["hook", "claude-code"], ["statusline"], ["statusline", "--format", "{percent}"]])
def test_they_load_nothing_heavy(project, argv):
    agent = Claude(project, project.parent / "home", "s")
    agent.response(50_000)
    event = {**STDIN, "hook_event_name": "PostToolUse", "transcript_path": str(agent.transcript), "cwd": str(project)}
    for _ in range(2):
        loaded = modules_loaded(argv, json.dumps(event).encode(), project)
        assert not_light(loaded) == set()
        assert not loaded & DEAR
        agent.response(60_000)


@pytest.mark.parametrize("words", [["hook", "claude"], ["statusline"]])
def test_an_agent_that_leaves_the_pipe_open_is_not_waited_for(words, project, monkeypatch, capsys):
    """What has come until then is the event."""
    handler, (timer, _) = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)
    monkeypatch.setattr("handoff_cli.cli.commands.agent._INPUT_SECONDS", 0.05)
    reading, writing = os.pipe()
    event = {"hook_event_name": "UserPromptSubmit", "session_id": "abc", "cwd": str(project)}
    os.write(writing, json.dumps(event).encode())
    with open(reading, encoding="utf-8") as stdin, open(writing, "wb"):
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(words) == 0
    if words[0] == "hook":
        assert (project / ".agent-handoffs" / "sessions").is_dir()
    assert signal.getsignal(signal.SIGALRM) == handler
    assert bool(signal.getitimer(signal.ITIMER_REAL)[0]) == bool(timer)
