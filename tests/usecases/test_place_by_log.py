"""What an agent runs means its own session before any hook was there: by its variable, its call, or that it runs us."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handoff_cli.agents import AGENTS, calling_agents, find_agent, told_with_call
from handoff_cli.cli.mcp_server import server
from handoff_cli.cli.reader import Common
from handoff_cli.usecases.hook import run_hook
from handoff_cli.usecases.place import locate_session
from tests.agents.homes import furnished
from tests.transcripts import rows as r

A, B = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"


def put(path, text, age=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (then := time.time() - age, then))


def codex(home, project, id_, tokens, age):
    rows = (r.codex("session_meta", id=id_, cwd=str(project), source="cli"), r.codex_tokens(tokens))
    put(home / f".codex/sessions/2026/11/20/rollout-2026-11-20T10-00-00-{id_}.jsonl", r.jsonl(*rows), age)
    return id_


def copilot(home, project, id_, tokens, age):
    rows = (
        {"type": "session.start", "data": {"sessionId": id_, "context": {"cwd": str(project)}}},
        {"type": "session.usage_record", "data": {"usage": {"inputTokens": tokens, "maxPromptTokens": 128_000}}},
        {"type": "assistant.message", "data": {"content": "a"}},
    )
    put(home / f".copilot/session-state/{id_}/events.jsonl", r.jsonl(*rows), age)
    return id_


def gemini(home, project, id_, tokens, age):
    folder = home / f".gemini/tmp/{hashlib.sha256(str(project).encode()).hexdigest()}/chats"
    rows = (r.gemini_start(sessionId=id_), r.gemini_message("a", tokens))
    put(folder / f"session-2026-11-20T10-00-{id_[:8]}.jsonl", r.jsonl(*rows), age)
    return f"session-2026-11-20T10-00-{id_[:8]}"


def opencode(home, project, id_, tokens, age):
    """One database holds all."""
    path = home / ".local/share/opencode/opencode.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    name, at = f"ses_{id_[:8]}", int((time.time() - age) * 1000)
    message = {"role": "assistant", "tokens": {"total": tokens}, "finish": "stop", "time": {"created": at}}
    with sqlite3.connect(path) as db:
        db.executescript(
            "CREATE TABLE IF NOT EXISTS session (id TEXT, parent_id TEXT, directory TEXT, time_updated INTEGER);"
            "CREATE TABLE IF NOT EXISTS message (id TEXT, session_id TEXT, time_created INTEGER, data TEXT);"
            "CREATE TABLE IF NOT EXISTS part (id TEXT, message_id TEXT, session_id TEXT, data TEXT);"
        )
        db.execute("INSERT INTO session VALUES (?, NULL, ?, ?)", (name, str(project), at))
        db.execute("INSERT INTO message VALUES (?, ?, ?, ?)", (f"m-{name}", name, at, json.dumps(message)))
    db.close()
    return name


@pytest.fixture
def home(project):
    return project.parent / "home"


@pytest.fixture
def tokens_now(handoff):
    def ask():
        status = json.loads(handoff("status", "--json")[1])
        return status["session"], status["total_tokens"], status["method"]

    return ask


TOLD = [(codex, "CODEX_SESSION_ID"), (copilot, "COPILOT_AGENT_SESSION_ID"), (opencode, "OPENCODE_SESSION_ID")]
NOT_TOLD = [(gemini, "GEMINI_CLI"), (opencode, "OPENCODE")]


@pytest.mark.parametrize(("write", "variable"), TOLD, ids=lambda it: getattr(it, "__name__", it))
def test_by_its_variable(handoff, home, project, monkeypatch, tokens_now, write, variable):
    """Though another session of the agent's was written to later, and a person tracks something of their own."""
    own = write(home, project, A, 50_000, age=60)
    write(home, project, B, 60_000, age=0)
    handoff("track", "--tokens", "7")
    monkeypatch.setenv(variable, own)
    assert tokens_now() == (own, 50_000, "exact")
    handoff("note", "the port is 8080", "--kind", "constraint")
    assert "8080" in handoff("--session", own, "notes")[1]


@pytest.mark.parametrize(("write", "variable"), NOT_TOLD, ids=lambda it: getattr(it, "__name__", it))
def test_by_its_newest_log_where_it_only_says_that_it_runs_us(
    handoff, home, project, tmp_path, monkeypatch, tokens_now, write, variable
):
    """Not another project's, nor what a person tracks; and the answer says how it was chosen."""
    write(home, tmp_path / "elsewhere", "cccccccc-0000-4000-8000-000000000003", 9_000, age=0)
    own = write(home, project, A, 50_000, age=30)
    handoff("track", "--tokens", "7")
    monkeypatch.setenv(variable, "1")
    assert tokens_now() == (own, 50_000, "exact")
    assert f"by {variable}" in locate_session().chosen


@pytest.mark.parametrize("name", ["qwen", "amp"])
def test_by_the_variable_of_agents_without_hooks(home, project, monkeypatch, tokens_now, name):
    session = furnished(home, project)[name]
    [agent] = [it for it in AGENTS if it.name == name]
    monkeypatch.setenv(agent.session_variable, session)
    assert tokens_now() == (session, 15_021, "exact")


@pytest.mark.parametrize("name", ["pi", "goose"])
def test_by_the_presence_of_agents_without_hooks(home, project, monkeypatch, tokens_now, name):
    session = furnished(home, project)[name]
    [agent] = [it for it in AGENTS if it.name == name]
    monkeypatch.setenv(agent.presence_variable, "1")
    assert tokens_now() == (session, 15_065, "exact")


def call(meta):
    params = {"name": "context_status", "arguments": {}, "_meta": meta}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return json.loads(server(Common()).answer(json.dumps(message).encode())["result"]["content"][0]["text"])


def test_codex_tells_its_session_with_each_call_by_mcp(home, project):
    codex(home, project, A, 50_000, age=60)
    codex(home, project, B, 60_000, age=0)
    status = call({"x-codex-turn-metadata": {"session_id": A, "thread_id": A}})
    assert (status["session"], status["total_tokens"]) == (A, 50_000)


@pytest.mark.parametrize(
    "meta", [None, [], {"x-codex-turn-metadata": None}, {"x-codex-turn-metadata": {"session_id": 3}}]
)
def test_a_call_that_tells_nothing_is_answered(project, meta):
    assert call(meta)["session"] is None


def test_who_tells_the_session_is_not_asked_for_its_presence():
    assert [it.name for it in calling_agents({"OPENCODE": "1", "GEMINI_CLI": ""})] == ["opencode"]
    assert calling_agents({"OPENCODE": "1", "OPENCODE_SESSION_ID": "ses_1"}) == ()
    assert told_with_call({"x-codex-turn-metadata": {"session_id": "s"}}) == {"CODEX_SESSION_ID": "s"}


AGENT_AT_WORK = """
import json, os, subprocess, sys
command, payload = [sys.executable, "-m", "handoff_cli"], sys.argv[1]
subprocess.run(["sh", "-c", '"$@"; true', "sh", *command, "hook", "gemini"], input=payload.encode(), check=True)
print("asked", flush=True)
sys.stdin.readline()
environ = {**os.environ, "GEMINI_CLI": "1"}
subprocess.run(["sh", "-c", '"$@"; true', "sh", *command, "status", "--json"], env=environ, check=True)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="processes are told apart where Linux shows them")
def test_of_two_at_once_that_tell_no_session_by_the_process_whose_hooks_ran(home, project, tokens_now):
    """Though the other's log was written to last."""
    gemini(home, project, A, 50_000, age=60)

    def payload(id_):
        log = (
            home
            / f".gemini/tmp/{hashlib.sha256(str(project).encode()).hexdigest()}/chats/session-2026-11-20T10-00-{id_[:8]}.jsonl"
        )
        facts = {"session_id": id_, "transcript_path": str(log), "cwd": str(project)}
        return {**facts, "hook_event_name": "BeforeAgent", "prompt": "go"}

    command = [sys.executable, "-c", AGENT_AT_WORK, json.dumps(payload(A))]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=project, env=environ, **pipes) as process:
        assert process.stdout.readline() == "asked\n"
        gemini(home, project, B, 60_000, age=0)
        run_hook(find_agent("gemini"), payload(B), "", {})
        status = json.loads(process.communicate("go\n", timeout=60)[0])
    assert (status["session"], status["total_tokens"]) == (A, 50_000)
    assert "by its process" in status["session_chosen"]
