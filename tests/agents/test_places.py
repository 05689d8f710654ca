"""Each agent's sessions of a project are found where that agent keeps them; subagents' and other projects' are not."""

from __future__ import annotations

import json
import os

import pytest

from handoff_cli.agents import AGENTS, find_agent
from handoff_cli.agents.glance import glance
from handoff_cli.agents.search import Search
from tests.agents.homes import furnished, with_editor
from tests.agents.made_up import ASKED, CURSOR, KIMI, PI, VSCODE, jsonl, pi_row, pi_said

NAMES = (
    "pi",
    "openclaw",
    "qwen",
    "antigravity",
    "grok",
    "kimi",
    "cursor",
    "droid",
    "amp",
    "continue",
    "vscode-chat",
    "goose",
)
# Some agents write no usage; of the others it is that of the story's last response.
TOKENS = dict.fromkeys(NAMES, 15_065) | {"qwen": 15_021, "amp": 15_021, "continue": 15_021, "vscode-chat": 15_021}
TOKENS |= {"antigravity": None, "cursor": None}


@pytest.fixture
def home(project):
    return project.parent / "home"


@pytest.fixture
def sessions(home, project):
    return furnished(home, project)


def logs(project, *names, **environ):
    return list(Search(project and str(project), None, environ).logs(*map(find_agent, names)))


@pytest.mark.parametrize("name", NAMES)
def test_the_session_of_the_project_is_found(name, sessions, project):
    """One session each: under the id the agent calls it by, in the folder it was begun in."""
    [log] = logs(project, name)
    assert (log.agent, log.session, log.folder) == (name, sessions[name], str(project))


@pytest.mark.parametrize("name", NAMES)
def test_its_ends_tell_the_request_and_the_figure(name, sessions, project):
    """Where the agent writes a figure down."""
    [log] = logs(project, name)
    found = glance(log)
    assert (found.title, found.tokens) == (ASKED, TOKENS[name])
    assert found.method == ("exact" if TOKENS[name] else None)


@pytest.mark.parametrize("name", NAMES)
def test_sync_finds_and_reads_it(name, sessions, project, handoff):
    """By the agent's name; where nothing is recorded the figure is called an estimate, and that is said."""
    code, out, err = handoff("sync", "--agent", name, "--json")
    status = json.loads(out)
    assert (code, status["agent"]) == (0, name)
    if TOKENS[name]:
        assert (status["total_tokens"], status["method"], err) == (TOKENS[name], "exact", "")
    else:
        assert status["method"] == "estimated"
        assert "records no usage" in err


def test_of_another_project_nothing_is_found(sessions, tmp_path):
    """Not even what lies in the same database."""
    other = tmp_path / "elsewhere"
    other.mkdir()
    assert logs(other, *NAMES) == []


def test_a_chat_of_the_editor_is_found_beside_the_agents_transcripts(home, project, sessions):
    """In its database, by the workspace it belongs to; the chat of a subagent is not one."""
    session = with_editor(home, project)
    found = {log.session: log for log in logs(project, "cursor")}
    assert set(found) == {sessions["cursor"], session}
    assert (glance(found[session]).title, glance(found[session]).tokens) == (ASKED, 15_065)


def test_a_cursor_project_that_was_never_trusted_is_told_by_its_folders_name(home, project):
    """Which is the path with every other sign a dash."""
    slug = str(project).replace("/", "-").replace("_", "-").strip("-")
    path = home / f".cursor/projects/{slug}/agent-transcripts/old.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(CURSOR)
    assert [log.session for log in logs(project, "cursor")] == ["old"]


def test_grok_tells_by_signals_that_the_context_has_changed(sessions, project, home, handoff):
    """The conversation's file alone may stay as it is."""
    assert json.loads(handoff("sync", "--agent", "grok", "--json")[1])["total_tokens"] == 15_065
    [signals] = home.glob(".grok/sessions/*/gr-1/signals.json")
    signals.write_text(json.dumps({"contextTokensUsed": 40_000, "contextWindowTokens": 500_000}))
    assert json.loads(handoff("sync", "--agent", "grok", "--json")[1])["total_tokens"] == 40_000


def test_environment_moves_folders(project, tmp_path):
    """By each agent's own variable."""
    moved = tmp_path / "moved"
    for folder, name, content in (
        ("sessions/--x--", "a_pi-9.jsonl", PI.replace("/srv/app", str(project))),
        ("sessions/wd_x/ki-9/agents/main", "wire.jsonl", KIMI),
    ):
        (moved / folder).mkdir(parents=True)
        (moved / folder / name).write_text(content)
    (moved / "sessions/wd_x/ki-9/state.json").write_text(json.dumps({"workDir": str(project)}))
    assert [log.session for log in logs(project, "pi", PI_CODING_AGENT_DIR=str(moved))] == ["pi-9"]
    assert [log.session for log in logs(project, "kimi", KIMI_CODE_HOME=str(moved))] == ["ki-9"]


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.name)
def test_no_home_is_no_error(agent, tmp_path):
    """Nor one in which the folders hold anything but logs."""
    for home in (tmp_path / "none", tmp_path / "odd"):
        found = list(Search(None, str(home), {}).logs(agent))
        assert found == []
        for name in (
            ".cursor/projects",
            ".grok/sessions",
            ".local/share/goose/sessions/sessions.db",
            ".kimi-code/sessions",
        ):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text("no folder, no database")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_not_followed(home, project, tmp_path):
    """Out of the agents' folders nothing is read."""
    secret = tmp_path / "secret.jsonl"
    secret.write_text(PI.replace("/srv/app", str(project)))
    folder = home / ".pi/agent/sessions/--x--"
    folder.mkdir(parents=True)
    (folder / "a_b.jsonl").symlink_to(secret)
    assert logs(project, "pi") == []


def test_only_ends_are_read(home, project, monkeypatch):
    """Of a log of 3 MB less than a tenth, whatever lies between."""
    filler = jsonl(pi_said(9, "toolResult", [{"type": "text", "text": "x" * 4_000}], toolCallId="c")) * 750
    last = pi_said(
        10, "assistant", [{"type": "text", "text": "done"}], usage={"totalTokens": 77_000}, stopReason="stop"
    )
    path = home / ".pi/agent/sessions/--x--/a_long.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(PI.replace("/srv/app", str(project)) + filler + jsonl(last, pi_row(11, "label")))
    [log] = logs(project, "pi")
    read = []

    class Counting:
        def __init__(self, name, mode):
            self._stream = open(name, mode)  # noqa: SIM115

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._stream.close()

        def __getattr__(self, name):
            return getattr(self._stream, name)

        def read(self, size=-1):
            data = self._stream.read(size)
            read.append(len(data))
            return data

    monkeypatch.setattr("handoff_cli.agents.readers.open", Counting, raising=False)
    found = glance(log)
    assert (found.title, found.tokens) == (ASKED, 77_000)
    assert sum(read) < path.stat().st_size / 10


@pytest.mark.parametrize("root", [".vscode-server/data/User", "moved/Code/User"])
def test_an_editor_that_is_shown_on_another_machine_or_keeps_its_things_elsewhere(home, project, root):
    """Its server has folders of its own; the settings' folder can be named."""
    storage = home / root / "workspaceStorage/h1"
    (storage / "chatSessions").mkdir(parents=True)
    (storage / "workspace.json").write_text(json.dumps({"folder": f"file://{project}"}))
    (storage / "chatSessions/remote-1.json").write_text(VSCODE)
    task = home / root / "globalStorage/saoudrizwan.claude-dev/tasks/7"
    task.mkdir(parents=True)
    (task / "ui_messages.json").write_text("[]")
    sent = [{"role": "user", "content": f"# Current Working Directory ({project}) Files"}]
    (task / "api_conversation_history.json").write_text(json.dumps(sent))
    found = logs(project, "vscode-chat", "cline", XDG_CONFIG_HOME=str(home / "moved"))
    assert {log.session for log in found} == {"remote-1", "7"}
