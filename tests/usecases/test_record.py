"""What follows a change is the same whichever door it came by: level, document, copy for the project, command."""

import json
import os
import re
import sys

import pytest

from handoff_cli import api
from handoff_cli.agents import installable
from handoff_cli.core.settings import Settings
from handoff_cli.documents.render import Renderer
from handoff_cli.state import snapshot, store
from handoff_cli.usecases import handoff as composing
from handoff_cli.usecases.hook import run_hook
from handoff_cli.usecases.pieces import CountRequest
from handoff_cli.usecases.reading import SyncRequest
from handoff_cli.usecases.record import run_command
from handoff_cli.usecases.status import get_status
from handoff_cli.usecases.sync import sync
from handoff_cli.usecases.track import track
from handoff_cli.usecases.watch import Watch
from tests.transcripts import rows as r

TELL = [sys.executable, "-c", "import os; open('told', 'a').write(os.environ['HANDOFF_LEVEL'] + ' ')"]
WARNING, CRITICAL = 110_000, 14_000
"""Tokens that reach the warning threshold of a window of 128,000, and those that then reach the critical one."""
A = "5e551011-0000-4000-8000-00000000000b"


@pytest.fixture
def told(project, handoff):
    """Set a command for both thresholds; returns what it was run for so far."""
    for key in ("on_warning", "on_critical"):
        assert handoff("config", "set", key, json.dumps(TELL))[0] == 0
    return lambda: (project / "told").read_text().split() if (project / "told").exists() else []


def transcript_of(project, tokens):
    path = project.parent / f"{A}.jsonl"
    path.write_text(r.jsonl(r.claude_user("ship it"), r.claude_response(tokens)))
    return path


def by_command_line(place, handoff, project):
    return handoff("track", "--tokens", str(WARNING))[0]


def by_sync(place, handoff, project):
    return handoff("sync", "--transcript", str(transcript_of(project, 140_000)))[0]


def by_api(place, handoff, project):
    handoff("config", "set", "context_window_limit", "1000")
    return 0 if api.track_tokens("word " * 820)["crossed"] else 1


def by_mcp(place, handoff, project):
    from handoff_cli.cli.mcp_server import Tools
    from handoff_cli.cli.reader import Common

    handoff("config", "set", "context_window_limit", "1000")
    return 0 if json.loads(Tools(Common()).track("word " * 820))["level"] == "warning" else 1


def by_hook(place, handoff, project):
    path = transcript_of(project, 140_000)
    event = {"hook_event_name": "PostToolUse", "session_id": "s", "transcript_path": str(path), "cwd": str(project)}
    return 0 if "of 167,000" in run_hook(installable("claude"), event, "", os.environ) else 1


def by_watch(place, handoff, project):
    folder = project.parent / "home" / ".claude" / "projects" / re.sub(r"[^A-Za-z0-9]", "-", str(project))
    folder.mkdir(parents=True)
    transcript_of(project, 140_000).rename(folder / f"{A}.jsonl")
    return 0 if [seen.crossed for seen in Watch(place).look()] == ["warning"] else 1


DOORS = [by_command_line, by_sync, by_api, by_mcp, by_hook, by_watch]


@pytest.mark.parametrize("door", DOORS)
def test_the_command_runs_once_per_crossing_by_every_door(place, handoff, project, told, door):
    assert door(place, handoff, project) == 0
    assert told() == ["warning"]


def test_each_level_has_its_crossing_and_what_comes_after_has_none(place, told):
    for tokens in (WARNING, 10, CRITICAL, 10, 10_000, 10):
        track(place, [], CountRequest(tokens=tokens))
    assert told() == ["warning", "critical", "over"]


def test_a_dry_run_crosses_nothing(place, told):
    assert track(place, [], CountRequest(tokens=WARNING, dry_run=True)).crossed == "warning"
    assert told() == []


@pytest.mark.parametrize("words", [("track", "--tokens", str(WARNING)), ("handoff", "--goal", "ship it")])
def test_a_further_session_s_document_becomes_the_project_s(project, handoff, words):
    """By the command line as by hooks and MCP."""
    assert handoff("--session", "side", *words)[0] == 0
    folder = project / ".agent-handoffs"
    written = (folder / "sessions" / "side" / "CURRENT_SESSION.md").read_bytes()
    assert (folder / "CURRENT_SESSION.md").read_bytes() == written


def test_the_api_publishes_too_and_keeps_a_document_that_only_the_project_had(project, handoff):
    assert handoff("handoff", "--goal", "the project's own")[0] == 0
    api.manual_handoff_update(session="side", goal="that of the side")
    folder = project / ".agent-handoffs"
    assert "that of the side" in (folder / "CURRENT_SESSION.md").read_text()
    (kept,) = folder.glob("CURRENT_SESSION-*.md")
    assert "the project's own" in kept.read_text()


@pytest.fixture
def seen(monkeypatch):
    """Count how often states are read and documents rendered, and note each text whose tokens are counted."""
    calls = {"loads": 0, "renders": 0, "texts": []}
    load, render, size_of = snapshot.load, Renderer.render, composing.Size.of

    def loaded(folder):
        calls["loads"] += 1
        return load(folder)

    def rendered(self, *args):
        calls["renders"] += 1
        return render(self, *args)

    def counted(self, text):
        calls["texts"].append(text)
        return size_of(self, text)

    monkeypatch.setattr(snapshot, "load", loaded)
    monkeypatch.setattr(Renderer, "render", rendered)
    monkeypatch.setattr(composing.Size, "of", counted)
    return calls


def test_a_crossing_reads_the_state_once_under_the_lock_renders_once_and_counts_each_text_once(place, seen):
    assert track(place, [], CountRequest(tokens=WARNING)).handoff
    assert seen["loads"] == 2  # before counting, without the lock: which model's tokens are meant; and under it
    assert seen["renders"] == 1
    assert len(seen["texts"]) == len(set(seen["texts"]))
    assert sum(text.startswith("---\n") for text in seen["texts"]) == 1


def test_a_document_that_is_cut_is_rendered_twice(place, project, seen):
    path = project.parent / "long.jsonl"
    requests = [r.claude_user(f"request {number}: " + "please keep this in mind " * 60) for number in range(40)]
    path.write_text(r.jsonl(*requests, r.claude_response(150_000)))
    assert sync(place, SyncRequest(transcript=str(path))).crossed == "warning"
    assert seen["renders"] == 2
    assert len(seen["texts"]) == len(set(seen["texts"]))


def test_a_change_between_recording_and_writing_is_in_the_document(place, monkeypatch):
    """A note that another process puts down while the document waits for its lock is not lost from it."""
    from handoff_cli.usecases.notes import add_note

    lock = composing.FolderLock.__enter__

    def late(self):
        if "handoff" in self._path and not late.noted:
            late.noted = True
            add_note(place, "put down meanwhile")
        return lock(self)

    late.noted = False
    monkeypatch.setattr(composing.FolderLock, "__enter__", late)
    written = track(place, [], CountRequest(tokens=WARNING))
    assert late.noted
    assert "put down meanwhile" in written.document


def test_what_was_recorded_stands_and_the_command_runs_where_the_document_cannot_be_written(place, told, project):
    (project / ".agent-handoffs" / "CURRENT_SESSION.md").mkdir()
    done = track(place, [], CountRequest(tokens=WARNING))
    assert (done.recorded, done.handoff) == (True, None)
    assert "the handoff was not written" in done.warnings[0]
    assert told() == ["warning"]
    assert store.read(place).session.total_tokens == WARNING


SAVE = [
    sys.executable,
    "-c",
    "import os, sys; open('told', 'w').write(os.environ['HANDOFF_LEVEL'] + os.environ['HANDOFF_TOKENS'] + sys.stdin.read())",
]


def run(place, level="warning"):
    return run_command(level, store.read(place).settings, get_status(place), {})


def test_a_command_set_here_runs_with_the_facts(place, project, handoff):
    assert handoff("config", "set", "on_warning", json.dumps(SAVE))[0] == 0
    handoff("track", "--tokens", "110000")
    outcome = run(place)
    assert (outcome.ran, outcome.problem) == (True, None)
    told = (project / "told").read_text()
    assert told.startswith("warning110000{")
    assert json.loads(told.removeprefix("warning110000"))["level"] == "warning"


def test_a_strangers_command_does_not_run(place, project):
    """A project's folder may come with a clone: nobody on this machine asked for the command."""
    (project / ".agent-handoffs").mkdir()
    (project / ".agent-handoffs" / "token_usage.json").write_text(json.dumps({"schema_version": 1, "on_warning": SAVE}))
    outcome = run(place)
    assert outcome.ran is False
    assert "not set on this machine" in outcome.problem
    assert not (project / "told").exists()


def test_a_trusted_command_that_somebody_changed_does_not_run(place, project, handoff):
    handoff("config", "set", "on_warning", json.dumps(SAVE))
    path = project / ".agent-handoffs" / "token_usage.json"
    path.write_text(path.read_text().replace("told", "evil"))
    assert run(place).ran is False


def test_what_was_edited_by_its_owner_runs(place, project, handoff, monkeypatch, tmp_path):
    handoff("init")
    editor = tmp_path / "editor.py"
    text = json.dumps({"schema_version": 1, "on_critical": SAVE})
    editor.write_text(f"import sys; open(sys.argv[1], 'w').write({text!r})")
    monkeypatch.setenv("EDITOR", f"{sys.executable} {editor}")
    assert handoff("config", "edit")[0] == 0
    assert run(place, "critical").ran
    assert run(place, "over").ran


def settings(command, **more):
    return Settings(on_warning=command, **more, origins={"on_warning": "HANDOFF_ON_WARNING"})


def outcome_of(place, command, **more):
    return run_command("warning", settings(command, **more), get_status(place), {"PATH": "/usr/bin:/bin"})


def test_a_line_is_split_without_a_shell_unless_asked(place, project):
    assert outcome_of(place, "touch 'a b' $HOME").problem is None
    assert (project / "a b").exists()
    assert (project / "$HOME").exists()
    assert outcome_of(place, "touch a; touch b", command_shell=True).problem is None
    assert (project / "b").exists()


@pytest.mark.parametrize("command", [["no-such-command"], "'unclosed", ["false"]])
def test_failures_are_lines_not_exceptions(place, command):
    problem = outcome_of(place, command).problem
    assert problem.startswith("on_warning ")
    assert "\n" not in problem


def test_a_command_that_takes_too_long_is_stopped(place):
    outcome = outcome_of(place, ["sleep", "60"], command_timeout_seconds=0.2)
    assert "did not end within 0.2 s" in outcome.problem


def test_nothing_set_is_nothing_run(place):
    assert run_command("warning", Settings(), get_status(place), {}).ran is False


def test_a_hook_runs_the_command_once(place, project, handoff):
    from tests.usecases.agents_at_work import Claude

    count = [sys.executable, "-c", "open('ran', 'a').write('x')"]
    handoff("config", "set", "on_warning", json.dumps(count))
    agent = Claude(project, project.parent / "home", "s")
    for tokens in (140_000, 141_000, 142_000):
        agent.response(tokens)
        event = {
            "hook_event_name": "PostToolUse",
            "session_id": "s",
            "transcript_path": str(agent.transcript),
            "cwd": str(project),
        }
        handoff("hook", "claude-code", stdin=json.dumps(event))
    assert (project / "ran").read_text() == "x"
