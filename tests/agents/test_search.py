"""Each agent's transcripts of a project are found where that agent keeps them, and nothing else is."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from hashlib import sha256

import pytest

from handoff_cli.agents import find_agent, search
from handoff_cli.agents.readers import sniff_format
from handoff_cli.agents.search import Search
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
    return [log.path for log in Search(str(project), str(home), environ).logs(*agents(agent))]


def agents(name):
    return [find_agent(name)] if name else []


def claude_log(cwd):
    return r.jsonl(r.claude_user("hi", cwd=str(cwd)))


def slug(project):
    return re.sub(r"[^A-Za-z0-9]", "-", str(project))


def test_claude_sessions_newest_first(project, home):
    """Of the project's folder; neither subagents' nor another project's."""
    folder = home / ".claude" / "projects" / slug(project)
    old, new = put(folder / "a.jsonl", claude_log(project), age=60), put(folder / "b.jsonl", claude_log(project))
    put(folder / "agent-c.jsonl", claude_log(project))
    put(folder / "empty.jsonl", "")
    put(folder.parent / (slug(project) + "-other") / "d.jsonl", claude_log(f"{project}-other"))
    older_cli = put(home / ".config" / "claude" / "projects" / slug(project) / "e.jsonl", claude_log(project), age=90)
    assert found(project, home) == [new, old, older_cli]


def test_claude_folders_moved_by_the_environment(project, home, tmp_path):
    """CLAUDE_CONFIG_DIR moves the root, CLAUDE_CODE_PROJECT_DIR_NAME renames the project's folder."""
    put(home / ".claude" / "projects" / slug(project) / "a.jsonl", claude_log(project))
    moved = put(tmp_path / "cfg" / "projects" / "mine" / "b.jsonl", claude_log(project))
    environ = {"CLAUDE_CONFIG_DIR": str(tmp_path / "cfg"), "CLAUDE_CODE_PROJECT_DIR_NAME": "mine"}
    assert found(project, home, **environ) == [moved]


def test_claude_long_project_names_are_cut_and_hashed(tmp_path, home):
    """Past 200 characters the folder's name ends in a hash that only Claude Code knows."""
    project = tmp_path / ("x" * 120) / ("y" * 120)
    project.mkdir(parents=True)
    path = put(home / ".claude" / "projects" / (slug(project)[:200] + "-1a2b3c") / "a.jsonl", claude_log(project))
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


def test_opencode_sessions_of_the_project_in_a_database_of_all(project, home, tmp_path):
    """The project's sessions, whoever wrote last; those of subagents are none; the older store counts too."""
    root = home / ".local" / "share" / "opencode"
    root.mkdir(parents=True)
    with sqlite3.connect(root / "opencode.db") as db:
        db.execute("CREATE TABLE session (id TEXT, parent_id TEXT, directory TEXT, time_updated INTEGER)")
        rows = [
            ("s1", None, project, 2),
            ("s2", None, "/elsewhere", 3),
            ("s3", "s1", project, 4),
            ("s4", None, project, 1),
        ]
        db.executemany(
            "INSERT INTO session VALUES (?, ?, ?, ?)", [(*row[:2], str(row[2]), row[3] * 10**12) for row in rows]
        )
    db.close()
    old = put(root / "storage" / "session" / "p" / "ses_1.json", json.dumps({"id": "ses_1", "directory": str(project)}))
    put(root / "storage" / "session" / "p" / "ses_2.json", json.dumps({"id": "ses_2", "directory": "/elsewhere"}))
    assert found(project, home) == [f"{root}/opencode.db#s1", old, f"{root}/opencode.db#s4"]
    assert found(project, tmp_path, OPENCODE_DATA_DIR=str(root)) == found(project, home)


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
    secret = put(tmp_path / "secret.jsonl", claude_log(project))
    folder = home / ".claude" / "projects" / slug(project)
    folder.mkdir(parents=True)
    os.symlink(secret, folder / "a.jsonl")
    assert found(project, home) == []


def test_project_reached_through_a_link_is_the_same(project, home, tmp_path):
    """Agents resolve links in their working directory."""
    path = put(home / ".claude" / "projects" / slug(project) / "a.jsonl", claude_log(project))
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
    head = search.head_of
    monkeypatch.setattr(search, "head_of", lambda path: looked.append(os.path.basename(path)) or head(path))
    assert [log.path for log in Search(str(project), str(home), {}, since=1_700_000_000 - 30).logs()] == [new]
    assert list(Search(str(project), str(home), {}, since=1_700_000_000).logs()) == []
    assert [name for name in looked if name.startswith("rollout")] == ["rollout-new.jsonl"]


def test_folders_that_share_a_name_are_told_apart_by_what_the_log_says(tmp_path, home):
    """Claude Code calls /w/my/app and /w/my-app the same."""
    folder = home / ".claude" / "projects" / slug(tmp_path / "my-app")
    one, other = tmp_path / "my-app", tmp_path / "my" / "app"
    for number, project in enumerate((one, other)):
        project.mkdir(parents=True)
        put(folder / f"{number}.jsonl", claude_log(project))
    assert found(one, home) == [str(folder / "0.jsonl")]
    assert found(other, home) == [str(folder / "1.jsonl")]


def test_a_file_without_a_conversation_is_no_session(project, home):
    """A title alone, or a subagent's rows alone, may be the newest."""
    folder = home / ".claude" / "projects" / slug(project)
    kept = put(folder / "a.jsonl", claude_log(project), age=60)
    put(folder / "b.jsonl", r.jsonl({"type": "summary", "summary": "x", "leafUuid": "y"}), age=30)
    put(folder / "c.jsonl", r.jsonl(r.claude_response(9, sidechain=True, cwd=str(project))))
    assert found(project, home) == [kept]


def test_a_session_is_found_by_its_id_in_whichever_project(project, home):
    folder = home / ".claude" / "projects" / "-other"
    path = put(folder / "11111111-2222.jsonl", claude_log(project))
    day = home / ".codex" / "sessions" / "2026" / "05" / "11"
    rollout = put(day / "rollout-2026-05-11T08-27-17-019e1625-789d-76c0-80ab-3724b5ddb799.jsonl", "{}")
    everywhere = Search(None, str(home), {})
    assert everywhere.session(find_agent("claude"), "11111111-2222").path == path
    assert everywhere.session(find_agent("codex"), "019e1625-789d-76c0-80ab-3724b5ddb799").path == rollout
    assert everywhere.session(find_agent("codex"), "11111111-2222") is None


def test_sessions_of_a_part_of_the_project_are_those_in_it_and_above_it(tmp_path, home):
    """Begun beside it, a session is not meant; begun below the project, it is the project's."""
    projects = home / ".claude" / "projects"
    top = tmp_path / "work"
    folders = {"top": top, "part": top / "app", "below": top / "app" / "src", "beside": top / "lib"}
    paths = {}
    for age, (name, folder) in enumerate(folders.items()):
        folder.mkdir(parents=True, exist_ok=True)
        paths[name] = put(projects / slug(folder) / f"{name}.jsonl", claude_log(folder), age=age)
    meant = Search(str(top), str(home), {}, part=str(top / "app")).logs()
    assert [log.path for log in meant] == [paths["top"], paths["part"], paths["below"]]
    assert {log.path for log in Search(str(top), str(home), {}).logs()} == set(paths.values())


@pytest.mark.parametrize("mark", [".git", ".agent-handoffs"])
def test_a_project_within_the_project_has_sessions_of_its_own(tmp_path, home, mark):
    """As a repository beside others in a folder that is one, too; a plain folder below belongs to what is above it."""
    top, inner = tmp_path / "work", tmp_path / "work" / "vendor" / "lib"
    paths = {}
    for folder in (top, top / "app", inner, inner / "src"):
        folder.mkdir(parents=True, exist_ok=True)
        path = home / ".claude" / "projects" / slug(folder) / f"{folder.name}.jsonl"
        paths[folder.name] = put(path, claude_log(folder))
    (inner / mark).mkdir()
    assert set(found(top, home)) == {paths["work"], paths["app"]}
    assert set(found(inner, home)) == {paths["lib"], paths["src"]}
