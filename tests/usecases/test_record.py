"""What follows a change is the same whichever door it came by: level, document, copy for the project, command."""

import json
import os
import re
import sys

import pytest

from handoff_cli import api
from handoff_cli.agents import installable
from handoff_cli.documents.render import Renderer
from handoff_cli.state import snapshot, store
from handoff_cli.usecases import handoff as composing
from handoff_cli.usecases.hook import run_hook
from handoff_cli.usecases.pieces import Request
from handoff_cli.usecases.reading import SyncRequest
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
        track(place, [], Request(tokens=tokens))
    assert told() == ["warning", "critical", "over"]


def test_a_dry_run_crosses_nothing(place, told):
    assert track(place, [], Request(tokens=WARNING, dry_run=True)).crossed == "warning"
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
    load, render, count = snapshot.load, Renderer.render, composing.count

    def loaded(folder):
        calls["loads"] += 1
        return load(folder)

    def rendered(self, *args):
        calls["renders"] += 1
        return render(self, *args)

    def counted(text):
        calls["texts"].append(text)
        return count(text)

    monkeypatch.setattr(snapshot, "load", loaded)
    monkeypatch.setattr(Renderer, "render", rendered)
    monkeypatch.setattr(composing, "count", counted)
    return calls


def test_a_crossing_reads_the_state_once_under_the_lock_renders_once_and_counts_each_text_once(place, seen):
    assert track(place, [], Request(tokens=WARNING)).handoff
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
    written = track(place, [], Request(tokens=WARNING))
    assert late.noted
    assert "put down meanwhile" in written.document


def test_what_was_recorded_stands_and_the_command_runs_where_the_document_cannot_be_written(place, told, project):
    (project / ".agent-handoffs" / "CURRENT_SESSION.md").mkdir()
    done = track(place, [], Request(tokens=WARNING))
    assert (done.recorded, done.handoff) == (True, None)
    assert "the handoff was not written" in done.warnings[0]
    assert told() == ["warning"]
    assert store.read(place).session.total_tokens == WARNING
