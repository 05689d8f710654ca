import json
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from handoff_cli.state.folder import FolderLock
from handoff_cli.usecases import hook_memory
from handoff_cli.usecases.doctor import examine


def found(place, name):
    return [finding for finding in examine(place) if finding.name == name]


def test_a_fresh_project_has_no_problems(place, handoff):
    assert handoff("doctor")[0] == 0
    assert all(finding.verdict != "problem" for finding in examine(place))


def test_what_is_installed_where_is_told(place, handoff):
    handoff("install", "claude-code")
    handoff("install", "codex", "--project")
    assert [found(place, f"{name}")[0].found for name in ("claude (user)", "claude (project)", "codex (project)")] == [
        "yes",
        "no",
        "yes",
    ]


def test_every_extra_that_is_missing_is_told(place, monkeypatch):
    pyproject = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text())
    extras = pyproject["project"]["optional-dependencies"]

    def version(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    told = {it.found for it in examine(place) if it.area == "versions" and it.verdict == "note"}
    assert told == {f"not installed (extra {name})" for name in extras.keys() - {"test", "dev"}}


def test_an_interpreter_that_is_gone_is_a_problem_with_advice(place, handoff, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", "/gone/bin/python")
        handoff("install", "gemini")
    (finding,) = found(place, "gemini (user)")
    assert finding.verdict == "problem"
    assert "/gone/bin/python" in finding.found
    assert finding.advice == "handoff install gemini --user"


def test_state_that_cannot_be_read_is_a_problem_and_ends_with_code_1(place, handoff, project):
    handoff("track", "--tokens", "1")
    (project / ".agent-handoffs" / "token_usage.json").write_text("{")
    assert found(place, "state")[0].verdict == "problem"
    assert found(place, "outbox") == [], "told once, and no fleet is set"
    code, out, _ = handoff("doctor", "--json")
    assert code == 1
    assert all(set(finding) == {"area", "name", "found", "verdict", "advice"} for finding in json.loads(out))


def test_a_held_lock_is_seen_and_not_waited_for(place, handoff):
    handoff("track", "--tokens", "1")
    with FolderLock(place.folder, 0):
        assert found(place, ".lock")[0].verdict == "note"
    assert found(place, ".lock")[0].found == "free"


def test_failures_of_hooks_are_shown_and_cannot_draw(place, handoff):
    handoff("hook", "claude-code", stdin="{")
    hook_memory.log_problem("x", "\x1b[31mred\nnext")
    out = handoff("doctor")[1]
    assert "JSONDecodeError" in out
    assert "\x1b" not in out


def test_the_log_stays_small(project):
    for number in range(400):
        hook_memory.log_problem("hook", f"{number} " + "x" * 400)
    with open(hook_memory.log_path(), "rb") as file:
        assert len(file.read()) <= hook_memory.MAX_LOG_BYTES
    assert "399 " in hook_memory.last_lines(1)[0]
