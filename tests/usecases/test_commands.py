import json
import sys

import pytest

from handoff_cli.core.settings import Settings
from handoff_cli.state import store
from handoff_cli.usecases.commands import run_command
from handoff_cli.usecases.status import get_status

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
