"""Each agent's transcripts of a project are found where that agent keeps them, and nothing else is."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from hashlib import sha256

import pytest

from handoff_cli.transcripts import locate, sniff_format
from handoff_cli.transcripts.locate import candidates
from tests.transcripts import rows as r


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "work" / "my.app"
    folder.mkdir(parents=True)
    return folder


def put(path, text, age=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (1_700_000_000 - age,) * 2)
    return str(path)


def found(project, home, agent=None, **environ):
    return [candidate.path for candidate in candidates(str(project), str(home), environ, agent)]


def slug(project):
    return re.sub(r"[^A-Za-z0-9]", "-", str(project))


def test_claude_sessions_newest_first(project, home):
    """Of the project's folder; neither subagents' nor another project's."""
    folder = home / ".claude" / "projects" / slug(project)
    old, new = put(folder / "a.jsonl", "{}", age=60), put(folder / "b.jsonl", "{}")
    put(folder / "agent-c.jsonl", "{}")
    put(folder / "empty.jsonl", "")
    put(folder.parent / (slug(project) + "-other") / "d.jsonl", "{}")
    older_cli = put(home / ".config" / "claude" / "projects" / slug(project) / "e.jsonl", "{}", age=90)
    assert found(project, home) == [new, old, older_cli]


def test_claude_folders_moved_by_the_environment(project, home, tmp_path):
    """CLAUDE_CONFIG_DIR moves the root, CLAUDE_CODE_PROJECT_DIR_NAME renames the project's folder."""
    put(home / ".claude" / "projects" / slug(project) / "a.jsonl", "{}")
    moved = put(tmp_path / "cfg" / "projects" / "mine" / "b.jsonl", "{}")
    environ = {"CLAUDE_CONFIG_DIR": str(tmp_path / "cfg"), "CLAUDE_CODE_PROJECT_DIR_NAME": "mine"}
    assert found(project, home, **environ) == [moved]


def test_claude_long_project_names_are_cut_and_hashed(tmp_path, home):
    """Past 200 characters the folder's name ends in a hash that only Claude Code knows."""
    project = tmp_path / ("x" * 120) / ("y" * 120)
    project.mkdir(parents=True)
    path = put(home / ".claude" / "projects" / (slug(project)[:200] + "-1a2b3c") / "a.jsonl", "{}")
    assert found(project, home) == [path]


def test_codex_rollouts_begun_in_the_project(project, home, tmp_path):
    """The first row tells the folder; one below the project counts, one beside it does not."""

    def rollout(cwd):
        return r.jsonl(r.codex("session_meta", id="c", cwd=str(cwd), base_instructions={"text": "x" * 100_000}))

    day = home / ".codex" / "sessions" / "2026" / "05" / "11"
    here = put(day / "rollout-1.jsonl", rollout(project))
    below = put(day.parent / "10" / "rollout-2.jsonl", rollout(project / "src"), age=60)
    put(day / "rollout-3.jsonl", rollout(str(project) + "-other"))
    put(day / "rollout-4.jsonl", "no json")
    put(
        day / "rollout-6.jsonl", r.jsonl(r.codex("session_meta", cwd=str(project), source={"subagent": {"other": "x"}}))
    )
    archived = put(home / ".codex" / "archived_sessions" / "rollout-5.jsonl", rollout(project), age=90)
    assert found(project, home, "codex") == [here, below, archived]
    assert found(project, home, CODEX_HOME=str(tmp_path / "none")) == []


@pytest.mark.parametrize("known_by", ["hash", "list", "marker"])
def test_gemini_chats_of_the_project(project, home, known_by):
    """The folder is named by a hash of the path, or by a name that a list or a file inside explains."""
    name = sha256(str(project).encode()).hexdigest() if known_by == "hash" else "my-app"
    tmp = home / ".gemini" / "tmp"
    if known_by == "list":
        put(home / ".gemini" / "projects.json", json.dumps({"projects": {str(project): name}}))
    if known_by == "marker":
        put(tmp / name / ".project_root", str(project))
    document = put(tmp / name / "chats" / "session-1.json", "{}", age=5)
    log = put(tmp / name / "chats" / "session-2.jsonl", "{}")
    put(tmp / name / "logs.json", "[]")
    put(tmp / "other" / "chats" / "session-3.json", "{}")
    assert found(project, home) == [log, document]


def test_opencode_database_whose_newest_session_is_the_projects(project, home, tmp_path):
    """A database of all projects counts while the session last written to is of this one."""
    root = home / ".local" / "share" / "opencode"
    root.mkdir(parents=True)
    with sqlite3.connect(root / "opencode.db") as db:
        db.execute("CREATE TABLE session (id TEXT, directory TEXT)")
        db.execute("CREATE TABLE message (id TEXT, session_id TEXT, time_created INTEGER, data TEXT)")
        db.execute("INSERT INTO session VALUES ('s1', ?), ('s2', '/elsewhere')", (str(project),))
        db.execute("INSERT INTO message VALUES ('m1', 's1', 2, '{}'), ('m2', 's2', 1, '{}')")
    db.close()
    old = put(root / "storage" / "session" / "p" / "ses_1.json", json.dumps({"id": "ses_1", "directory": str(project)}))
    put(root / "storage" / "session" / "p" / "ses_2.json", json.dumps({"id": "ses_2", "directory": "/elsewhere"}))
    assert set(found(project, home)) == {str(root / "opencode.db"), old}
    assert found(project, tmp_path, OPENCODE_DATA_DIR=str(root)) == found(project, home)
    with sqlite3.connect(root / "opencode.db") as db:
        db.execute("UPDATE message SET time_created = 3 WHERE id = 'm2'")
    db.close()
    assert found(project, home) == [old]


def test_aider_history_in_the_project(project, home):
    """Aider writes beside the code; its variable may name another file, in the project only."""
    default = put(project / ".aider.chat.history.md", "# aider chat started at x")
    assert found(project, home) == [default]
    other = put(project / "chat.md", "# aider chat started at x")
    assert found(project, home, AIDER_CHAT_HISTORY_FILE="chat.md") == [other]
    assert found(project, home, AIDER_CHAT_HISTORY_FILE=put(home / "elsewhere.md", "x")) == []


def test_cline_tasks_of_the_workspace(project, home):
    """A task's messages tell its working directory; Roo's own file does too."""
    storage = home / ".config" / "Code" / "User" / "globalStorage"
    cline = put(storage / "saoudrizwan.claude-dev" / "tasks" / "1" / "ui_messages.json", "[]", age=3)
    sent = [{"role": "user", "content": f"<environment_details>\n# Current Working Directory ({project}) Files"}]
    put(storage / "saoudrizwan.claude-dev" / "tasks" / "1" / "api_conversation_history.json", json.dumps(sent))
    roo = put(storage / "rooveterinaryinc.roo-cline" / "tasks" / "2" / "ui_messages.json", "[]")
    put(
        storage / "rooveterinaryinc.roo-cline" / "tasks" / "2" / "history_item.json",
        json.dumps({"workspace": str(project)}),
    )
    put(storage / "saoudrizwan.claude-dev" / "tasks" / "3" / "ui_messages.json", "[]")
    assert found(project, home) == [roo, cline]


def test_copilot_sessions_begun_in_the_project(project, home):
    """The first event tells the folder."""
    start = {"type": "session.start", "data": {"context": {"cwd": str(project)}}}
    path = put(home / ".copilot" / "session-state" / "s" / "events.jsonl", r.jsonl(start))
    put(home / ".copilot" / "session-state" / "t" / "events.jsonl", r.jsonl({**start, "data": {}}))
    assert found(project, home) == [path]
    assert sniff_format(r.jsonl(start)) == "copilot_cli"


def test_links_are_not_followed(project, home, tmp_path):
    """A link planted among the transcripts leads nowhere."""
    secret = put(tmp_path / "secret.jsonl", "{}")
    folder = home / ".claude" / "projects" / slug(project)
    folder.mkdir(parents=True)
    os.symlink(secret, folder / "a.jsonl")
    assert found(project, home) == []


def test_project_reached_through_a_link_is_the_same(project, home, tmp_path):
    """Agents resolve links in their working directory."""
    path = put(home / ".claude" / "projects" / slug(project) / "a.jsonl", "{}")
    os.symlink(project, tmp_path / "link")
    assert found(tmp_path / "link", home) == [path]


def test_no_agent_no_candidates(project, home):
    """An empty home is no error."""
    assert found(project, home) == []


def test_what_is_not_newer_is_not_even_looked_into(project, home, monkeypatch):
    """A sync with nothing new costs no reading of other projects' transcripts."""
    folder = home / ".codex" / "sessions" / "2026" / "01" / "02"
    row = r.jsonl(r.codex("session_meta", id="c", cwd=str(project)))
    put(folder / "rollout-old.jsonl", row, age=60)
    new = put(folder / "rollout-new.jsonl", row)
    looked = []
    head = locate._head
    monkeypatch.setattr(locate, "_head", lambda path: looked.append(os.path.basename(path)) or head(path))
    assert [it.path for it in candidates(str(project), str(home), {}, since=1_700_000_000 - 30)] == [new]
    assert candidates(str(project), str(home), {}, since=1_700_000_000) == []
    assert "rollout-old.jsonl" not in looked
