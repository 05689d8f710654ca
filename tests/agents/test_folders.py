"""Where a session worked, which each log tells in its own way: relative paths lie below."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.readers import read_transcript
from tests.agents.made_up import ANTIGRAVITY, CLINE_SESSION, CONTINUE, CURSOR, DROID, PI, jsonl, step, text

SED = "\"sed -i 's/a/b/' a.md\""
RUN = {"command": json.loads(SED), "working_directory": "/srv/docs"}


@pytest.mark.parametrize("log", [CONTINUE, DROID, PI])
def test_the_header_tells_the_folder(read, log):
    assert read(log).folder == "/srv/app"


def test_hermes_tells_it_beside_the_messages(read):
    log = {"session_id": "h-1", "cwd": "/srv/app", "messages": [{"role": "user", "content": "Go"}]}
    found = read({**log, "tools": [], "model": "small-1"})
    assert (found.folder, found.session_ids) == ("/srv/app", ("h-1",))


def test_cline_tells_it_with_the_branch_beside_the_session(tmp_path):
    (tmp_path / "s.messages.json").write_text(CLINE_SESSION)
    about = {"cwd": "/srv/app", "metadata": {"git": {"branch": "fix/sign"}}}
    (tmp_path / "s.json").write_text(json.dumps(about))
    found = read_transcript(str(tmp_path / "s.messages.json"))
    assert (found.folder, found.branch) == ("/srv/app", "fix/sign")


def test_antigravity_tells_it_by_the_first_command(read):
    call = {"name": "run_command", "args": {"CommandLine": '"ls"', "Cwd": '"/srv/app"'}}
    assert read(ANTIGRAVITY + jsonl(step(9, "PLANNER_RESPONSE", tool_calls=[call]))).folder == "/srv/app"


@pytest.mark.parametrize(
    "log",
    [
        ANTIGRAVITY
        + jsonl(
            step(
                9,
                "PLANNER_RESPONSE",
                tool_calls=[{"name": "run_command", "args": {"CommandLine": SED, "Cwd": '"/srv/docs"'}}],
            )
        )
        + jsonl(step(10, "RUN_COMMAND", "The command completed successfully.\nOutput:\n")),
        CURSOR
        + jsonl({"role": "assistant", "message": {"content": [{"type": "tool_use", "name": "Shell", "input": RUN}]}})
        + jsonl({"role": "assistant", "message": {"content": text("Done.")}}),
    ],
)
def test_a_command_that_says_where_it_runs_names_files_there(read, log):
    found = read(log)
    assert (found.edits[-1].path, found.commands[-1].folder) == ("/srv/docs/a.md", "/srv/docs")
