"""Which session is meant: by name, by the agent's variable, the only one that has not ended, the one written to last."""

import json
import os
import re
import time

import pytest

from handoff_cli import api
from handoff_cli.agents import AGENTS, installable
from handoff_cli.usecases.hook import run_hook
from handoff_cli.usecases.place import RESTS_SECONDS, locate_session
from tests.transcripts import rows as r

SESSION_VARIABLES = [agent.session_variable for agent in AGENTS if agent.session_variable]
A, B = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"


@pytest.fixture
def fire(project):
    """Let Claude Code's session ``id_`` call its hook; with ``tokens`` in its window where that is told."""

    def call(id_, event, tokens=0, **facts):
        path = project.parent / f"{id_}.jsonl"
        if tokens:
            path.write_text(r.jsonl(r.claude_user("ship it"), r.claude_response(tokens)))
        told = {"hook_event_name": event, "session_id": id_, "transcript_path": str(path), "cwd": str(project), **facts}
        return run_hook(installable("claude"), told, "", os.environ)

    return call


def rested(project, id_, seconds):
    """Let a session's last change be ``seconds`` ago."""
    then = time.time() - seconds
    folder = project / ".agent-handoffs" / ("" if id_ is None else f"sessions/{id_}")
    os.utime(folder / "checkpoints.jsonl", (then, then))


def meant():
    place = locate_session()
    return (os.path.basename(place.folder) if place.folder != place.project else None), place.chosen


def test_with_nothing_there_it_is_the_project_s_own_and_nothing_is_said(project):
    assert meant() == (None, "")


def test_where_only_an_agent_s_session_exists_it_is_that(handoff, fire):
    fire(A, "PostToolUse", 50_000)
    assert meant() == (A, "the project's only session")
    status = json.loads(handoff("status", "--json")[1])
    assert (status["session"], status["total_tokens"]) == (A, 50_000)
    assert A in handoff("status")[1]
    assert api.get_token_status()["total_tokens"] == 50_000


def test_what_fills_the_window_is_told_of_the_session_whose_status_is(handoff, fire):
    fire(A, "PostToolUse", 50_000)
    code, out, err = handoff("context", "--json")
    assert (code, json.loads(out)["total_tokens"]) == (0, 50_000)
    assert "the project's only session" in err


def test_settings_alone_are_no_session(handoff, fire):
    handoff("config", "set", "warning_threshold", "0.5")
    fire(A, "PostToolUse", 50_000)
    assert meant()[0] == A


def test_a_session_that_was_named_goes_before_all(handoff, fire, monkeypatch):
    fire(A, "PostToolUse", 50_000)
    fire(B, "PostToolUse", 60_000)
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", B)
    assert os.path.basename(locate_session(session=A).folder) == A
    monkeypatch.setenv("HANDOFF_SESSION", A)
    assert meant() == (A, "")


@pytest.mark.parametrize("variable", SESSION_VARIABLES)
def test_an_agent_means_its_own_session_whatever_else_runs(handoff, fire, project, monkeypatch, variable):
    fire(A, "PostToolUse", 50_000)
    fire(B, "PostToolUse", 60_000)
    monkeypatch.setenv(variable, A)
    rested(project, A, 600)
    assert meant() == (A, f"that of the agent this runs in, by {variable}")
    handoff("note", "the port is 8080", "--kind", "constraint")
    assert "8080" in handoff("--session", A, "notes")[1]
    handoff("track", "--tokens", "7")
    assert json.loads(handoff("--session", A, "status", "--json")[1])["total_tokens"] == 50_007


def test_an_agent_that_was_asked_something_has_a_session_before_its_first_response(fire, monkeypatch):
    """Its first act may be to ask how full its window is, while another session of the project is at work."""
    fire(A, "PostToolUse", 50_000)
    fire(B, "UserPromptSubmit")
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", B)
    assert meant()[0] == B


def test_what_the_log_says_before_the_next_hook_is_shown_and_left_for_that_to_tell(handoff, fire, project, monkeypatch):
    """An agent asks for its status in a command: the hook after that command must still hear of the crossing."""
    fire(A, "UserPromptSubmit", 50_000)
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", A)
    path = project.parent / f"{A}.jsonl"
    path.write_text(path.read_text() + r.jsonl(r.claude_response(150_000, id_="m2")))
    status = json.loads(handoff("status", "--json")[1])
    assert (status["total_tokens"], status["method"]) == (150_000, "exact")
    assert "of 167,000" in fire(A, "PostToolUse")


@pytest.fixture
def log_of(project):
    """Write Claude Code's own log of session ``id_``, which works in ``folder``; no hook runs."""

    def write(id_, tokens, folder=project):
        path = project.parent / "home" / ".claude" / "projects" / re.sub(r"\W|_", "-", str(project)) / f"{id_}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            rows = (
                {**r.claude_user("ship it"), "isSidechain": False, "cwd": str(folder)},
                r.claude_response(tokens, id_=f"m{tokens}"),
            )
            file.write(r.jsonl(*rows))

    return write


def test_before_any_hook_the_agent_s_own_log_tells_its_session(handoff, log_of, monkeypatch):
    """Whoever asks for the status reads it first; ``sync`` and the document take no other session's log either."""
    log_of(A, 50_000)
    log_of(B, 60_000)
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", A)
    handoff("note", "the port is 8080", "--kind", "constraint")
    assert meant() == (A, "that of the agent this runs in, by CLAUDE_CODE_SESSION_ID")
    assert api.get_token_status()["total_tokens"] == 50_000
    log_of(A, 55_000)
    log_of(B, 66_000)
    status = json.loads(handoff("status", "--json")[1])
    assert (status["session"], status["total_tokens"], status["method"]) == (A, 55_000, "exact")
    assert json.loads(handoff("sync", "--json")[1])["total_tokens"] == 55_000
    assert "8080" in handoff("handoff", "--stdout")[1]


def test_sync_by_the_agent_reads_its_own_log_first(handoff, log_of, monkeypatch):
    log_of(A, 50_000)
    log_of(B, 60_000)
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", A)
    assert json.loads(handoff("sync", "--json")[1])["total_tokens"] == 50_000


def test_the_status_does_not_take_the_place_of_what_was_tracked(handoff, log_of, monkeypatch):
    log_of(A, 50_000)
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", A)
    handoff("track", "--tokens", "7")
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 7


def test_where_an_agent_s_log_is_all_there_is_the_status_says_how_it_is_read(handoff, log_of, project):
    assert handoff("status")[2] == ""
    log_of(A, 50_000)
    assert "Claude Code has a log of this project: handoff sync reads it" in handoff("status")[2]
    assert not (project / ".agent-handoffs").exists()
    handoff("sync")
    assert handoff("status")[2] == ""


def test_a_session_of_another_project_is_not_meant(log_of, tmp_path, monkeypatch):
    log_of(A, 50_000, folder=tmp_path / "elsewhere")
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", A)
    assert meant() == (None, "")


def test_an_agent_unknown_to_the_project_changes_nothing(handoff, project, monkeypatch):
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", A)
    handoff("track", "--tokens", "5")
    assert meant() == (None, "")
    assert (project / ".agent-handoffs" / "checkpoints.jsonl").exists()


def test_an_agent_s_name_for_its_session_leads_nowhere_else(project, fire, monkeypatch):
    fire(A, "PostToolUse", 50_000)
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", f"../sessions/{A}")
    assert meant() == (A, "the project's only session")


def test_the_only_one_that_has_not_ended_goes_before_the_newest(fire, project):
    fire(A, "PostToolUse", 50_000)
    fire(B, "PostToolUse", 60_000)
    fire(B, "SessionEnd")
    rested(project, A, 600)
    assert meant() == (A, "the only one of 2 sessions that has not ended")
    fire(B, "UserPromptSubmit")
    assert meant() == (B, "the one of 2 sessions that was written to last")


def test_else_it_is_the_newest_and_the_answer_says_so(handoff, fire, project):
    handoff("track", "--tokens", "5")
    fire(A, "PostToolUse", 50_000)
    rested(project, None, 600)
    code, _, err = handoff("note", "mind the gap")
    assert code == 0
    assert err == f"handoff: session {A}: the one of 2 sessions that was written to last\n"
    status = json.loads(handoff("status", "--json")[1])
    assert status["session_chosen"] == "the one of 2 sessions that was written to last"
    rested(project, A, 900)
    assert meant()[0] is None


def test_what_a_person_tracks_does_not_go_into_an_agent_s_session(handoff, fire):
    fire(A, "PostToolUse", 50_000)
    handoff("track", "--tokens", "5")
    assert json.loads(handoff("--session", A, "status", "--json")[1])["total_tokens"] == 50_000


def test_reset_ends_the_session_it_names(handoff, fire):
    fire(A, "PostToolUse", 50_000)
    code, out, err = handoff("reset")
    assert code == 0
    assert f"session {A}: the project's only session" in err
    assert f"sessions{os.sep}{A}{os.sep}archive" in out


def test_the_mcp_tools_mean_the_agent_that_calls(fire, project, monkeypatch):
    from handoff_cli.cli.mcp_server import Tools
    from handoff_cli.cli.reader import Common

    fire(A, "PostToolUse", 50_000)
    fire(B, "PostToolUse", 60_000)
    monkeypatch.setenv("CODEX_SESSION_ID", A)
    rested(project, A, 600)
    assert json.loads(Tools(Common()).context_status())["total_tokens"] == 50_000
    written = json.loads(Tools(Common()).write_handoff(goal="go on"))
    assert A in written["file"]


def test_what_outlives_its_session_means_the_one_that_came_after(fire, project, monkeypatch):
    """An MCP server goes on after ``/clear``, with the old session's id in its environment."""
    fire(A, "PostToolUse", 50_000)
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", A)
    fire(A, "SessionEnd", reason="clear")
    assert meant()[0] == A
    fire(B, "UserPromptSubmit")
    rested(project, A, 600)
    assert meant()[0] == B
    fire(A, "UserPromptSubmit")
    assert meant()[0] == A


def test_a_commit_by_an_agent_is_noted_in_its_session(handoff, fire, project, monkeypatch):
    import shutil
    import subprocess

    from handoff_cli.usecases.git_hook import run_git_hook

    shutil.rmtree(project / ".git")
    for words in (("init", "-q"), ("commit", "-q", "--allow-empty", "-m", "add the parser")):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", *words], check=True)
    fire(A, "PostToolUse", 50_000)
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", A)
    run_git_hook(["post-commit"])
    status = json.loads(handoff("--session", A, "status", "--json")[1])
    assert (status["checkpoints"][0]["description"].split(" ", 2)[2], status["total_tokens"]) == (
        "add the parser",
        50_000,
    )
    assert not (project / ".agent-handoffs" / "checkpoints.jsonl").exists()


def test_a_session_that_was_killed_is_over_once_it_has_rested_for_a_day(fire, project):
    fire(A, "PostToolUse", 50_000)
    fire(B, "PostToolUse", 60_000)
    rested(project, B, RESTS_SECONDS + 60)
    assert meant() == (A, "the only one of 2 sessions that has not ended")
    rested(project, A, 2 * RESTS_SECONDS)
    assert meant() == (B, "the one of 2 sessions that was written to last")
