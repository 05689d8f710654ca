"""Going on in another agent: which session is handed over, and how the other is started."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys

import pytest

from handoff_cli.agents import AGENTS
from handoff_cli.errors import InputError, UsageError
from handoff_cli.state.store import Place
from handoff_cli.usecases.go_on import FILE, PROMPT, opening_prompt, prepare, run, shown, startable
from tests.agents import made_up
from tests.agents.homes import furnished

_RECORDER = """\
#!{python}
import json, os, sys
facts = {{"argv": sys.argv, "cwd": os.getcwd(), "environ": dict(os.environ), "stdin": "" if sys.stdin.isatty() else sys.stdin.read()}}
open({noted!r}, "w").write(json.dumps(facts))
sys.exit(3)
"""


@pytest.fixture
def started(tmp_path, monkeypatch):
    """Put programs that note how they were started on PATH; returns a function that puts one and reads what it was."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name):
        noted = tmp_path / f"{name}.json"
        program = folder / name
        program.write_text(_RECORDER.format(python=sys.executable, noted=str(noted)))
        program.chmod(0o755)
        return lambda: json.loads(noted.read_text())

    return put


@pytest.fixture
def here(project):
    """The project, each agent's story told in it; and the ids of their sessions by the agent's name."""
    ids = furnished(project.parent / "home", project)
    folder = str(project / ".agent-handoffs")
    return Place(folder, folder, os.environ), ids


def age(project, hours):
    """Make every log older, so that what is written next is the newest."""
    for folder, _, names in os.walk(project.parent / "home"):
        for name in names:
            file = os.path.join(folder, name)
            os.utime(file, (os.stat(file).st_mtime - hours * 3600,) * 2)


@pytest.mark.parametrize("agent", [agent.name for agent in startable()])
def test_every_agent_is_told_of_the_document_and_nothing_else(agent, here, started, project):
    """By an argument, by a file to read, or by its input; in the project's folder, whatever the session was."""
    place, _ = here
    module = next(it for it in AGENTS if it.name == agent).load()
    seen = started(module.OPENING[0])
    start = prepare(place, agent, "pi")
    assert run(start, place.environ) == 3
    facts = seen()
    assert facts["cwd"] == str(project)
    assert os.path.basename(facts["argv"][0]) == module.OPENING[0]
    told = [*facts["argv"][1:], facts["stdin"]]
    assert start.by_hand or any(start.document in words for words in told)
    assert start.by_hand == (start.prompt not in told)
    assert not any(PROMPT in words or FILE in words for words in told)
    assert "Mend the adder" in (project / start.document).read_text()


def test_the_agent_that_ran_last_is_meant(here, project):
    place, ids = here
    age(project, 5)
    log = project.parent / "home/.qwen"
    newest = next(log.rglob("qw-1.jsonl"))
    os.utime(newest)
    start = prepare(place, "claude", to_run=False)
    assert start.source.startswith("the Qwen Code session of ")
    assert ids["qwen"] in start.document


def test_the_agent_it_runs_in_is_meant_before(here, project):
    """As where an agent runs the command for its user."""
    place, _ = here
    session = "0b6f4a4e-0000-4000-8000-000000000001"
    slug = re.sub("[^A-Za-z0-9]", "-", str(project))
    log = project.parent / "home/.claude/projects" / slug / f"{session}.jsonl"
    log.parent.mkdir(parents=True)
    row = {
        "type": "user",
        "isSidechain": False,
        "sessionId": session,
        "cwd": str(project),
        "message": {"role": "user", "content": "Mend it"},
    }
    log.write_text(json.dumps({**row, "uuid": "1", "parentUuid": None, "version": "2.1.0"}) + "\n")
    os.utime(log, (1_000_000_000,) * 2)
    inside = place.replace(environ={**os.environ, "CLAUDE_CODE_SESSION_ID": session})
    assert "Claude Code" in prepare(inside, "codex", to_run=False).source
    assert "Claude Code" not in prepare(place, "codex", to_run=False).source


@pytest.mark.parametrize("name", ["kimi", "ki-1", "ki-"])
def test_the_one_named(here, name):
    """By its agent, by its id, or by as much of the id as it alone has."""
    place, _ = here
    start = prepare(place, "claude", name, to_run=False)
    assert start.source.startswith("the Kimi Code session of ")
    assert "ki-1" in start.document


def test_a_log_named_by_its_path(here, project):
    place, _ = here
    log = project / "else where.jsonl"
    log.write_text(made_up.PI.replace("adder", "divider"))
    start = prepare(place, "claude", str(log), to_run=False)
    assert "Mend the divider" in (project / start.document).read_text()


def test_a_further_session(here, handoff, project):
    """Tracked by hand: it has no log."""
    place, _ = here
    assert handoff("--session", "side", "track", stdin="some words of this session")[0] == 0
    for named in (None, "side"):
        session = place.replace(folder=str(project / ".agent-handoffs/sessions/side")) if named is None else place
        start = prepare(session, "claude", named, to_run=False)
        assert (start.source, "side" in start.document) == ("the session side", True)


def test_without_any_agents_log_it_is_the_projects_session(place, handoff):
    with pytest.raises(InputError, match="nothing to go on with"):
        prepare(place, "claude", to_run=False)
    handoff("track", stdin="words")
    assert prepare(place, "claude", to_run=False).source == "the session before"


def test_what_is_not_there_is_said_before_anything_is_written(here, started, project):
    """An agent without a program, or unknown, or without a command line; a session that is none or more than one."""
    place, _ = here
    with pytest.raises(InputError, match="Codex is not installed: no codex on PATH"):
        prepare(place, "codex", "pi")
    started("codex")
    for agent in ("nobody", "git"):
        with pytest.raises(UsageError, match=f"there is no agent '{agent}'"):
            prepare(place, agent, "pi")
    with pytest.raises(InputError, match="there is no session zzz"):
        prepare(place, "codex", "zzz")
    with pytest.raises(InputError, match="there is no session pi-2") as elsewhere:
        prepare(place, "codex", "pi-2")
    assert "one of /srv/other" in elsewhere.value.hint
    with pytest.raises(InputError, match="no session of Gemini"):
        prepare(place, "codex", "gemini")
    with pytest.raises(UsageError, match="more than one session begins with"):
        prepare(place, "codex", "")
    assert not (project / ".agent-handoffs").exists()


def test_no_shell_sees_the_prompt(tmp_path, monkeypatch, started, handoff):
    """A folder's name is anybody's, and a shell would run what it holds."""
    project = tmp_path / "a'b $(touch pwned) `touch pwned`; touch pwned"
    project.mkdir()
    monkeypatch.chdir(project)
    assert handoff("track", stdin="words")[0] == 0
    seen = started("codex")
    code, out, err = handoff("continue", "codex", "--print")
    assert (code, err) == (0, "")
    assert handoff("continue", "codex")[0] == 3
    direct = seen()
    done = subprocess.run(["/bin/sh", "-c", out], env=os.environ, check=False, cwd=tmp_path, stdin=subprocess.DEVNULL)
    assert done.returncode == 3
    again = seen()
    assert {**again, "environ": None} == {**direct, "environ": None}
    assert (direct["cwd"], len(direct["argv"])) == (str(project), 2)
    assert not list(tmp_path.rglob("pwned"))


def test_the_other_agent_is_not_told_of_the_session_it_was_started_in(here, started):
    """It would take that for its own, or refuse to run inside it."""
    place, _ = here
    seen = started("codex")
    environ = {**os.environ, "CLAUDECODE": "1", "CLAUDE_CODE_SESSION_ID": "x", "CODEX_SESSION_ID": "y", "KEPT": "1"}
    start = prepare(place, "codex", "pi")
    assert run(start, environ) == 3
    told = seen()["environ"]
    assert told["KEPT"] == "1"
    assert not {"CLAUDECODE", "CLAUDE_CODE_SESSION_ID", "CODEX_SESSION_ID"} & set(told)


def test_what_goes_to_the_input_is_shown_as_that(here):
    place, _ = here
    start = prepare(place, "amp", "pi", to_run=False)
    line = shown(start)
    assert " | amp" in line
    assert start.prompt in shlex.split(line)


def test_the_prompt_is_one_short_line():
    """A long one would not fit what Windows takes, and show in every list of processes."""
    prompt = opening_prompt(".agent-handoffs/CURRENT_SESSION.md", "the session before")
    assert "\n" not in prompt
    assert len(prompt) < 500


def test_commands(here, handoff, started):
    """``resume --in`` is the same; which agent is to be named where nobody is at a terminal to pick."""
    printed = handoff("continue", "codex", "--from", "pi", "--print")
    assert printed[0] == 0
    assert printed[1].startswith("cd ")
    assert handoff("resume", "pi", "--in", "codex", "--print")[:2] == printed[:2]
    assert handoff("resume", "--print")[0] == 2
    code, _, err = handoff("continue")
    assert (code, "no agent that can be started is installed" in err) == (1, True)
    seen = started("codex")
    code, _, err = handoff("continue")
    assert code == 2
    assert "name one: codex" in err
    code, out, err = handoff("resume", "--in", "codex")
    assert (code, out) == (3, "")
    assert "codex goes on" in err
    assert "Its handoff is the file" in seen()["argv"][1]
    started("kimi")
    assert "tell it: Continue the work" in handoff("continue", "kimi")[2]
