"""Every agent's sessions, and which agents there are."""

from __future__ import annotations

import json
import os
import re

import pytest

from handoff_cli.agents import AGENTS
from handoff_cli.agents.glance import glance
from handoff_cli.agents.search import Log
from handoff_cli.state.store import Place
from handoff_cli.usecases.everywhere import list_agents, list_everywhere
from handoff_cli.usecases.go_on import prepare
from handoff_cli.usecases.watch import Watch
from tests.agents.homes import furnished, with_editor
from tests.agents.made_up import ASKED

SECRET = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8 "

UNKNOWN = {"antigravity", "cursor"}
"""Agents whose logs hold no figure at their ends."""


@pytest.fixture
def home(project):
    return project.parent / "home"


@pytest.fixture
def ids(home, project):
    return furnished(home, project)


def here(project, rows):
    return {row["agent"]: row for row in rows if row["project"] == str(project)}


def test_a_row_tells_its_session(ids, project):
    """First request, share, age, project; nothing where the log's ends do not tell."""
    rows = here(project, list_everywhere(os.environ))
    assert {agent: row["session"] for agent, row in rows.items()} == ids
    assert {row["title"] for row in rows.values()} == {ASKED}
    assert {agent for agent, row in rows.items() if row["usable_percentage"] is None} == UNKNOWN
    assert {agent: row["total_tokens"] for agent, row in rows.items() if agent in ("amp", "cline", "pi")} == {
        "amp": 15_021,
        "cline": 15_021,
        "pi": 15_065,
    }
    amp = rows["amp"]
    assert (amp["context_window_limit"], amp["method"], amp["handoff"]) == (168_000, "exact", None)
    assert amp["usable_percentage"] == pytest.approx(15_021 / amp["usable_tokens"])


def test_the_newest_comes_first_and_ages_are_told(ids, home, project, monkeypatch):
    log = next(home.rglob("qw-1.jsonl"))
    now = log.stat().st_mtime
    os.utime(log, (now + 90, now + 90))
    monkeypatch.setattr("time.time", lambda: now + 100)
    rows = list_everywhere(os.environ)
    assert (rows[0]["session"], rows[0]["age_seconds"]) == (ids["qwen"], 10)
    assert [row["updated_at"] for row in rows] == sorted((row["updated_at"] for row in rows), reverse=True)


def test_a_handoff_stands_for_the_session_it_is_of(ids, home, project, handoff):
    """The project's document is the newest of all; it stands for a session only where it is of its log."""
    folder = str(project / ".agent-handoffs")
    prepare(Place(folder, folder, os.environ), "codex", "kimi", to_run=False)
    rows = here(project, list_everywhere(os.environ))
    assert {agent for agent, row in rows.items() if row["handoff"]} == {"kimi"}
    assert ids["kimi"] in rows["kimi"]["handoff"]
    assert handoff("sync", "--agent", "pi")[0] == 0
    assert handoff("handoff")[0] == 0
    rows = here(project, list_everywhere(os.environ))
    assert {agent for agent, row in rows.items() if row["handoff"]} == {"kimi", "pi"}


def test_a_figure_that_was_recorded_stands_where_the_log_tells_none(ids, home, project, place):
    """As long as nothing has come since."""
    Watch(place).look()
    rows = here(project, list_everywhere(os.environ))
    assert {rows[agent]["method"] for agent in UNKNOWN} == {"estimated"}
    assert all(rows[agent]["usable_percentage"] for agent in UNKNOWN)
    log = next(home.rglob("cu-1.jsonl"))
    os.utime(log, (log.stat().st_mtime + 100,) * 2)
    assert here(project, list_everywhere(os.environ))["cursor"]["total_tokens"] is None


def test_logs_that_cannot_be_read_and_titles_that_are_not_safe(home, project):
    folder = home / ".pi/agent/sessions/x"
    folder.mkdir(parents=True)
    header = json.dumps({"type": "session", "version": 3, "id": "1", "cwd": "/gone/for good"})
    words = "go\x1b[31m \u202e" + "word " * 30 + SECRET + "x" * 500  # which lies across the title's end
    asked = {"type": "message", "id": "a", "message": {"role": "user", "content": words}}
    (folder / "1.jsonl").write_text(f"{header}\n{json.dumps(asked)}\n")
    (folder / "2.jsonl").write_text("")
    (folder / "3.jsonl").write_bytes(b"\xff\xfe\x00{" * 100)
    rows = {row["transcript"][-7:]: row for row in list_everywhere(os.environ)}
    title = rows["1.jsonl"]["title"]
    assert title.startswith("go")
    assert len(title) <= 120
    assert "\x1b" not in title
    assert "\u202e" not in title
    assert "ghp_" not in glance(Log("pi", "pi", rows["1.jsonl"]["transcript"], 0.0)).title
    assert rows["1.jsonl"]["handoff"] is None


def test_the_command(ids, home, project, handoff):
    code, out, err = handoff("sessions", "--all-projects")
    assert (code, err) == (0, "")
    assert re.search(rf"amp +\d+% +\S+ +{ASKED}", out)
    code, out, _ = handoff("sessions", "--all-projects", "--json")
    assert {row["session"] for row in json.loads(out)} >= set(ids.values())


def test_a_machine_without_sessions(handoff):
    code, out, err = handoff("sessions", "--all-projects")
    assert (code, out) == (0, "")
    assert "no agent has left a session" in err


def test_agents_on_this_machine(ids, home, project, monkeypatch, tmp_path):
    """By a log or by a program; each with its newest session here."""
    with_editor(home, project)
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "aider"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    rows = {row["agent"]: row for row in list_agents(str(project), os.environ)}
    assert set(rows) == {agent.name for agent in AGENTS}
    assert {name for name, row in rows.items() if row["here"]} == {*ids, "aider"}
    assert {name: row["newest"]["session"] for name, row in rows.items() if row["newest"]} == {
        **ids,
        "cursor": rows["cursor"]["newest"]["session"],
    }
    assert rows["aider"]["program"] == str(program)
    assert rows["cursor"]["logs"] == [
        str(home / ".config/Cursor/User/globalStorage"),
        str(next((home / ".cursor").rglob("cu-1.jsonl")).parent),
    ]
    assert (rows["pi"]["sessions"], rows["pi"]["hooks"]) == (2, None)


def test_hooks_are_told(handoff, project):
    def hooks():
        return {row["agent"]: row["hooks"] for row in list_agents(str(project), os.environ)}

    assert hooks()["claude"] is False
    assert handoff("install", "claude")[0] == 0
    assert (hooks()["claude"], hooks()["codex"]) == (True, False)


def test_the_command_that_lists_agents(ids, project, handoff):
    code, out, err = handoff("agents")
    assert code == 0
    assert out.startswith("AGENT ")
    assert re.search(r"^amp +no +- +1 +20", out, re.MULTILINE)
    assert "not on this machine: " in err
    code, out, _ = handoff("agents", "--json")
    assert {row["agent"] for row in json.loads(out) if row["here"]} == set(ids)
