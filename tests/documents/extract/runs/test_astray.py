"""What failed for the folder it ran in, or for a tool that cannot be started, is set aside once it was got past."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Command, Edit, FileTouch, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.failed import ASTRAY
from handoff_cli.documents.extract.runs.astray import set_aside
from tests.documents.sessions import told

HERE = (FileTouch("/srv/shop/app/rows/load.go", "modified", 1),)
NO_FOLDER = "Exit code 1\n(eval):cd:1: no such file or directory: app/rows"
TWICE = "Exit code 1\nstat /srv/shop/app/rows/app/rows: directory not found\nFAIL ./app/rows [setup failed]"


def ran(text, position, error=None, folder=""):
    return Command(text, position, outcome="failed" if error else "ok", error=error, folder=folder)


def aside(*commands, files=HERE, edits=()):
    return set_aside(told(("user", "go"), commands=commands, files=files, edits=edits))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("cd app/rows && go test .", NO_FOLDER),
        ("go test ./app/rows", TWICE),
        ("go test rows/load.go", "open rows/load.go: no such file or directory"),
    ],
)
def test_a_path_that_is_there_from_another_folder_is_no_failed_approach_once_the_program_ran(text, error):
    lost, later = ran(text, 11, error), ran("go test .", 12)
    assert aside(lost, later).now.commands == (later,)
    assert [(it.command, it.reason) for it in aside(lost, later).astray] == [(lost.text, ASTRAY)]
    assert aside(lost, ran("go test .", 12, "Exit code 1\nFAIL TestLoad")).now.commands[0].position == 12
    assert aside(lost).now.commands == (lost,)
    assert aside(lost, ran("ls", 12)).now.commands[0] == lost


def test_one_that_would_go_where_it_is_already_is_got_past_by_any_other():
    lost, other = ran("cd app/rows && sed -i s/a/b/ load.go", 11, NO_FOLDER, "/srv/shop/app/rows"), ran("go test .", 12)
    assert aside(lost, other).now.commands == (other,)
    assert aside(lost.replace(folder="/srv/shop/app"), other).now.commands[0].position == 11
    assert aside(lost).now.commands == (lost,)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("go test ./app/pages", "stat /srv/shop/app/pages: directory not found"),
        ("go test /srv/shop/app/rows/", "stat /srv/shop/app/rows: directory not found"),
        ("go test ./app/rows", "load.go:3: undefined: rows"),
        ("go test app", "stat /srv/shop/app/pages: directory not found"),
    ],
)
def test_what_is_nowhere_or_failed_otherwise_stays(text, error):
    lost, later = ran(text, 11, error), ran("go test .", 12)
    assert aside(lost, later).now.commands == (lost, later)


def test_a_path_that_was_made_since_was_not_there():
    lost, later = ran("go test ./app/rows", 11, TWICE), ran("go test .", 13)
    made = Edit(HERE[0].path, 12, "created")
    assert aside(lost, later, edits=(made,)).now.commands == (lost, later)
    assert aside(lost, later, edits=(made.replace(position=10),)).now.commands == (later,)
    again = lost.replace(position=13, outcome="ok", error=None)
    assert aside(lost, again).now.commands == (lost, again)
    assert aside(lost, again.replace(folder="/srv/shop")).now.commands[0].position == 13


def test_where_it_happened_again_the_folder_is_told_that_stays_from_call_to_call():
    at, below = "/srv/shop", "/srv/shop/app/rows"
    went = ran("cd app/rows && go test .", 11, folder=at)
    lost = ran("cd app/rows && go test .", 12, NO_FOLDER, below)
    again = ran("go test ./app/rows", 13, TWICE, below)
    last = ran("go test .", 14, folder=below)
    assert aside(went, lost, again, last).folder == below
    assert aside(went, lost, again, ran("cd .. && go test ./rows", 14, folder=below)).folder == "/srv/shop/app"
    assert aside(went, lost, last).folder == ""
    for away in ("cd - && make", "cd ~/x && make", 'cd "$HOME" && make', "(make; cd sub)", "pushd sub"):
        assert aside(went, lost, again, ran(away, 14, folder=below)).folder == ""
    transcript = told(("user", "go"), commands=(went, lost, again, last), files=HERE)
    assert set_aside(transcript.replace(folder=below)).folder == ""
    each = [it.replace(folder=at) for it in (went, lost, again, last)]
    assert aside(*each).folder == ""


SPAWN = "ENOENT: no such file or directory, posix_spawn '/opt/agent/2.1/agent'"


def searches(*calls):
    made = (
        ToolCall(str(at), name, "*.go", at, outcome="failed" if error else "ok", error=error)
        for at, (name, error) in enumerate(calls, 11)
    )
    return told(("user", "go"), tool_calls=tuple(made))


@pytest.mark.parametrize("error", [SPAWN, "spawn rg ENOENT", "spawn /usr/bin/rg EACCES"])
def test_a_tool_that_cannot_be_started_is_told_once_and_its_calls_are_none(error):
    found = set_aside(searches(("Glob", error), ("Read", None), ("Grep", error), ("Glob", error)))
    assert set(found.dead_tools) == {"Glob", "Grep"}
    assert [it.name for it in found.now.tool_calls] == ["Read"]


@pytest.mark.parametrize(
    "calls",
    [
        [("Glob", SPAWN), ("Glob", None)],
        [("Read", "ENOENT: no such file or directory, open '/srv/shop/spawn.go'")],
        [("Bash", "Error: spawn make ENOENT")],
        [("Grep", "invalid pattern")],
    ],
)
def test_a_tool_that_ran_later_or_failed_otherwise_is_not_dead(calls):
    transcript = searches(*calls)
    assert set_aside(transcript).now is transcript


def test_what_the_agent_was_after_with_such_a_call_is_its_next_step():
    transcript = told(("user", "mend the loader"), ("assistant", "No registry here. Let me check for a registry."))
    call = ToolCall("1", "Glob", "*.go", 30, outcome="failed", error=SPAWN)
    story = extract(transcript.replace(tool_calls=(call,)))
    assert (story.runs.stumbled, story.step.started) == ("", False)
    assert story.dead_ends.dead_tools == ("Glob",)
