"""A log that is written after the agent's hooks have run: whoever asks later gets what it says by then.

Agents differ in when they write: some have no log yet at the first hooks, or an empty one, some write a response down
after the tool it called, and the last one after the end. Each case is tried in every agent that has hooks.
"""

import hashlib
import json
import os
import sqlite3
from pathlib import Path
from typing import ClassVar

import pytest

from handoff_cli.agents import installable
from handoff_cli.cli.mcp_server import server
from handoff_cli.cli.reader import Common
from handoff_cli.usecases.hook import run_hook
from handoff_cli.usecases.place import place_of
from tests.agents.test_kinds import ZEROS
from tests.agents.test_kinds import event as copilot_event
from tests.agents.test_kinds import recorded as copilot_recorded
from tests.transcripts import rows as r

ID = "aaaaaaaa-0000-4000-8000-000000000001"
NEXT = "bbbbbbbb-0000-4000-8000-000000000002"
GIVEN, TOLD = "This project has a handoff", "so this is the time"
ASKED, COMMAND, FAILURE = "Mend the adder", "python test_adder.py", "assert add(1, 2) == 3"


class Agent:
    """A session of an agent: ``pieces`` are its log as it is written, ``tokens`` what the window holds then.

    ``first`` is what the first response held. The first piece is the log's beginning, the last the response after the
    command that failed.
    """

    name = ""
    events: ClassVar = {"start": "SessionStart", "prompt": "UserPromptSubmit", "tool": "PostToolUse", "stop": "Stop"}

    def __init__(self, project, home, tokens, id_=ID):
        self.project, self.home, self.tokens, self.id = project, home, tokens, id_
        self.first = tokens // 2
        self.agent = installable(self.name)

    @property
    def log(self):
        raise NotImplementedError

    @property
    def folder(self):
        return Path(place_of(self.id, str(self.project), {}).folder)

    def pieces(self):
        raise NotImplementedError

    def facts(self, event):
        return {
            "hook_event_name": event,
            "session_id": self.id,
            "cwd": str(self.project),
            "transcript_path": str(self.log),
        }

    def fire(self, moment, **facts):
        event = self.events.get(moment)
        return run_hook(self.agent, {**self.facts(event), **facts}, event, os.environ) if event else ""

    def write(self, count, already=0):
        """Let ``count`` pieces of the log stand in it; of nothing, an empty file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "a", encoding="utf-8") as file:
            file.write("".join(r.jsonl(*piece) for piece in self.pieces()[already:count]))


class Claude(Agent):
    name = "claude"
    events: ClassVar = {**Agent.events, "end": "SessionEnd"}

    @property
    def log(self):
        return self.home / ".claude" / "projects" / "p" / f"{self.id}.jsonl"

    def pieces(self):
        call = r.tool_use("c1", "Bash", command=COMMAND)
        return (
            [r.claude("system", subtype="session_start")],
            [r.claude_user(ASKED)],
            [r.claude_response(self.first, [call], id_="m1", usage=None if self.first else ZEROS)],
            [r.claude_result("c1", f"Exit code 1\n{FAILURE}", is_error=True)],
            [r.claude_response(self.tokens, [{"type": "text", "text": "It fails."}], id_="m2")],
        )


class Codex(Agent):
    name = "codex"

    @property
    def log(self):
        return self.home / f".codex/sessions/2026/11/26/rollout-2026-11-26T10-00-00-{self.id}.jsonl"

    def pieces(self):
        call = {
            "type": "function_call",
            "call_id": "c1",
            "name": "exec_command",
            "arguments": json.dumps({"cmd": COMMAND}),
        }
        answer = {
            "type": "function_call_output",
            "call_id": "c1",
            "output": f"Process exited with code 1\nOutput:\n{FAILURE}",
        }
        return (
            [r.codex("session_meta", id=self.id, cwd=str(self.project), cli_version="0.171.0")],
            [r.codex("event_msg", type="user_message", message=ASKED)],
            [r.codex("response_item", **call), r.codex_tokens(self.first, window=200_000)],
            [r.codex("response_item", **answer)],
            [
                r.codex("event_msg", type="agent_message", message="It fails."),
                r.codex_tokens(self.tokens, window=200_000),
            ],
        )


class Gemini(Agent):
    name = "gemini"
    events: ClassVar = {
        "start": "SessionStart",
        "prompt": "BeforeAgent",
        "tool": "AfterTool",
        "stop": "AfterAgent",
        "end": "SessionEnd",
    }

    @property
    def log(self):
        folder = hashlib.sha256(str(self.project).encode()).hexdigest()
        return self.home / f".gemini/tmp/{folder}/chats/session-2026-11-26T10-00-{self.id[:8]}.jsonl"

    def pieces(self):
        output = {
            "functionResponse": {
                "id": "c1",
                "name": "run_shell_command",
                "response": {"output": f"Output: {FAILURE}\nExit Code: 1"},
            }
        }
        call = {
            "id": "c1",
            "name": "run_shell_command",
            "args": {"command": COMMAND},
            "status": "success",
            "result": [output],
        }
        return (
            [r.gemini_start(sessionId=self.id)],
            [r.gemini_message("a", kind="user", content=[{"text": ASKED}])],
            [r.gemini_message("b", self.first, content="A try.")],
            [r.gemini_message("b", self.first, content="A try.", toolCalls=[call])],
            [r.gemini_message("c", self.tokens, content="It fails.")],
        )


class Copilot(Agent):
    name = "copilot"
    events: ClassVar = {
        "start": "sessionStart", "prompt": "userPromptSubmitted", "tool": "postToolUse", "stop": "agentStop",
        "end": "sessionEnd",
    }  # fmt: skip

    def facts(self, event):
        return {"sessionId": self.id, "cwd": str(self.project)}

    @property
    def log(self):
        return self.home / ".copilot" / "session-state" / self.id / "events.jsonl"

    def pieces(self):
        call = {"toolCallId": "c1", "toolName": "bash", "arguments": {"command": COMMAND}}
        answer = {"toolCallId": "c1", "success": True, "result": {"content": f"{FAILURE}\n<exited with exit code 1>"}}
        answer["toolTelemetry"] = {"properties": {}, "metrics": {}}
        return (
            [copilot_event("session.start", sessionId=self.id, copilotVersion="1.0.102", context={"cwd": str(self.project)})],
            [copilot_event("user.message", content=ASKED)],
            [copilot_recorded(self.first), copilot_event("assistant.message", content="A try."),
             copilot_event("tool.execution_start", **call)],
            [copilot_event("tool.execution_complete", **{**answer, "shellExecution": {"exitCode": 1}})],
            [copilot_recorded(self.tokens), copilot_event("assistant.message", content="It fails.")],
        )  # fmt: skip


class OpenCode(Agent):
    """The plugin tells the tokens itself; the document takes its facts from the database."""

    name = "opencode"
    events: ClassVar = {
        "start": "session.created",
        "prompt": "chat.message",
        "tool": "message.updated",
        "stop": "session.idle",
    }

    def facts(self, event):
        tokens = {"tokens": self.tokens, "window": 200_000} if event in ("message.updated", "session.idle") else {}
        return {"event": event, "session_id": self.id, "cwd": str(self.project), **tokens}

    @property
    def log(self):
        return self.home / ".local/share/opencode/opencode.db"

    def pieces(self):
        def message(id_, role, **fields):
            return [("message", id_, json.dumps({"role": role, "time": {"created": 1_785_612_803_281}, **fields}))]

        def part(id_, of, **fields):
            return [("part", id_, of, json.dumps(fields))]

        state = {"status": "completed", "input": {"command": COMMAND}, "output": FAILURE, "metadata": {"exit": 1}}
        return (
            [("session",)],
            [*message("m1", "user"), *part("p1", "m1", type="text", text=ASKED)],
            message("m2", "assistant", tokens={"total": self.first}, finish="tool-calls"),
            part("p2", "m2", type="tool", tool="bash", callID="c1", state=state),
            [
                *message("m3", "assistant", tokens={"total": self.tokens}, finish="stop"),
                *part("p3", "m3", type="text", text="It fails."),
            ],
        )

    def write(self, count, already=0):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(self.log) as db:
            db.executescript(
                "CREATE TABLE IF NOT EXISTS session (id TEXT, parent_id TEXT, directory TEXT, time_updated INTEGER);"
                "CREATE TABLE IF NOT EXISTS message (id TEXT, session_id TEXT, time_created INTEGER, data TEXT);"
                "CREATE TABLE IF NOT EXISTS part (id TEXT, message_id TEXT, session_id TEXT, data TEXT);"
            )
            for kind, *values in (row for piece in self.pieces()[already:count] for row in piece):
                if kind == "session":
                    db.execute("INSERT INTO session VALUES (?, NULL, ?, 1785612803281)", (self.id, str(self.project)))
                elif kind == "message":
                    db.execute("INSERT INTO message VALUES (?, ?, 1785612803281, ?)", (values[0], self.id, values[1]))
                else:
                    db.execute("INSERT INTO part VALUES (?, ?, ?, ?)", (*values[:2], self.id, values[2]))
        db.close()


AGENTS = (Claude, Codex, Gemini, Copilot, OpenCode)
TOKENS = {"claude": 120_000, "codex": 150_000, "gemini": 400_000, "copilot": 100_000, "opencode": 100_000}
AT_WARNING = {"claude": 150_000, "codex": 160_000, "gemini": 450_000, "copilot": 97_500}
STANDS = {"missing": None, "empty": 0, "begun": 1, "the request": 2, "the call": 3, "the failure": 4}
"""How much of the log stands when the hooks run, in pieces; None: there is no file."""


IN_STEP = {("opencode", stands) for stands in STANDS if stands not in ("missing", "empty")}
"""opencode tells of what stands in its database already; only where that is may not be known."""

SOME = ("missing", "empty", "the request", "the failure")
CASES = [(it, stands) for it in AGENTS for stands in SOME if (it.name, stands) not in IN_STEP]


def begun(kind, project, stands, tokens=TOKENS):
    """Return a session of ``kind`` whose log stands so far before any hook has run."""
    agent = kind(project, project.parent / "home", tokens[kind.name])
    if STANDS[stands] is not None:
        agent.write(STANDS[stands])
    return agent


@pytest.fixture(params=CASES, ids=lambda it: f"{it[0].name}-{it[1]}")
def lagging(request, project):
    """A session whose hooks have all run, the log standing as far as told; all of it is written after the end."""
    kind, stands = request.param
    agent = begun(kind, project, stands)
    for moment in ("start", "prompt", "tool", "stop", "end"):
        agent.fire(moment)
    agent.write(len(agent.pieces()), STANDS[stands] or 0)
    return agent


def by_mcp():
    params = {"name": "context_status", "arguments": {}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return json.loads(server(Common()).answer(json.dumps(message).encode())["result"]["content"][0]["text"])


def test_whoever_asks_gets_what_the_log_says_by_then(lagging, handoff):
    """The status in all its forms, and the document with the command that failed; nothing is recorded for the asking."""
    ledger = lagging.folder / "checkpoints.jsonl"
    before = ledger.read_bytes()
    status = json.loads(handoff("status", "--json")[1])
    assert (status["total_tokens"], status["method"], status["known"]) == (lagging.tokens, "exact", True)
    assert f" {lagging.tokens:,}/" in handoff("status", "--line")[1]
    assert f" {lagging.tokens:,}/" in handoff("statusline")[1]
    assert by_mcp()["total_tokens"] == lagging.tokens
    [row] = json.loads(handoff("sessions", "--json")[1])
    assert row["total_tokens"] == lagging.tokens
    text = handoff("handoff", "--stdout")[1]
    assert f"{lagging.tokens:,}" in text
    assert FAILURE in text
    assert ledger.read_bytes() == before


def test_the_next_session_gets_it(lagging, project):
    """And once: with nothing new in the log, the document stays as it is."""
    following = type(lagging)(project, lagging.home, 1_000, NEXT)
    assert following.fire("start").count(GIVEN) == 1
    document = project / ".agent-handoffs" / "CURRENT_SESSION.md"
    text = document.read_text()
    assert f"{lagging.tokens:,}" in text
    assert FAILURE in text
    written = document.stat().st_mtime_ns
    type(lagging)(project, lagging.home, 1_000, NEXT.replace("b", "c")).fire("start")
    assert document.stat().st_mtime_ns == written


@pytest.mark.parametrize("stands", ["missing", "empty", "begun", "the request"])
@pytest.mark.parametrize("kind", [it for it in AGENTS if it.name in AT_WARNING], ids=lambda it: it.name)
def test_before_a_response_stands_in_the_log_the_usage_is_unknown(kind, stands, project, handoff):
    """And so say the status in all its forms, the document, and the band: agents fill some 20,000 tokens themselves."""
    agent = begun(kind, project, stands)
    agent.fire("prompt")
    agent.fire("tool")
    status = json.loads(handoff("status", "--json")[1])
    assert status["known"] is by_mcp()["known"] is False
    assert status["high_tokens"] in (0, status["context_window_limit"])
    for command in (("status", "--line"), ("statusline",), ("status",)):
        assert "--%" in handoff(*command)[1]
    assert "%" not in handoff("handoff", "--stdout")[1].partition("- Window:")[2].partition("\n")[0]


@pytest.mark.parametrize("kind", [Codex, OpenCode], ids=lambda it: it.name)
def test_a_first_response_that_is_under_way_says_nothing_of_the_usage(kind, project, handoff):
    """What it calls stands in the log before what it used; the tool it called may be ours."""
    agent = kind(project, project.parent / "home", 20_000)
    agent.first = 0
    pieces = agent.pieces()
    if kind is OpenCode:
        [(*named, state)] = pieces[3]
        running = json.loads(state)
        running["state"] = {"status": "running", "input": {"command": COMMAND}}
        agent.pieces = lambda: [*pieces[:3], [(*named, json.dumps(running))]]
    else:
        agent.pieces = lambda: [*pieces[:2], pieces[2][:1]]
    agent.write(len(agent.pieces()))
    log = f"{agent.log}#{agent.id}" if kind is OpenCode else str(agent.log)
    handoff("sync", "--transcript", log)
    status = json.loads(handoff("status", "--json")[1])
    assert (status["known"], status["high_tokens"]) == (False, status["context_window_limit"])


@pytest.mark.parametrize("kind", AGENTS, ids=lambda it: it.name)
def test_a_response_without_its_usage_yet_is_an_estimate_that_may_be_the_truth(kind, project, handoff):
    """As opencode writes it while the model still speaks: the parts of it, and zeros for the tokens."""
    agent = kind(project, project.parent / "home", 20_000)
    agent.first = 0
    agent.write(4)
    log = f"{agent.log}#{agent.id}" if kind is OpenCode else str(agent.log)
    assert handoff("sync", "--transcript", log)[0] == 0
    status = json.loads(handoff("status", "--json")[1])
    assert status["method"] == "estimated"
    assert status["low_tokens"] < 20_000 < status["high_tokens"]


def test_sync_of_a_session_whose_log_is_not_there_yet_takes_no_other_s(project, handoff):
    """The newest log of the project is another session's."""
    other = Claude(project, project.parent / "home", 50_000, NEXT)
    other.write(5)
    own = Copilot(project, project.parent / "home", 60_000)
    own.fire("prompt")
    code, _, error = handoff("--session", own.id, "sync")
    assert (code, "has no log yet" in error) == (1, True)
    own.write(5)
    assert handoff("--session", own.id, "sync")[0] == 0
    assert json.loads(handoff("--session", own.id, "status", "--json")[1])["total_tokens"] == 60_000


@pytest.mark.parametrize(
    ("kind", "stands"), [it for it in CASES if it[0].name in AT_WARNING], ids=lambda it: getattr(it, "name", it)
)
def test_a_crossing_is_told_at_the_next_hook_that_finds_it(kind, stands, project):
    """Once, and after the log has caught up: each response is written down only after the tool it called."""
    agent = begun(kind, project, stands, AT_WARNING)
    said = [agent.fire(it) for it in ("start", "prompt", "tool", "tool")]
    assert not any(TOLD in it for it in said)
    agent.write(len(agent.pieces()), STANDS[stands] or 0)
    moment = "tool" if stands == "empty" else "prompt"
    said = [agent.fire(it) for it in (moment, "tool", "tool", "stop", "prompt", "tool")]
    assert sum(TOLD in it for it in said) == 1


@pytest.mark.parametrize("who", ["the person's sync", "the end of a turn", "another session's start"])
@pytest.mark.parametrize("kind", [it for it in AGENTS if it.name in AT_WARNING], ids=lambda it: it.name)
def test_who_finds_the_crossing_first_does_not_keep_it_from_the_agent(kind, who, project, handoff):
    agent = begun(kind, project, "begun", AT_WARNING)
    for moment in ("start", "prompt", "tool"):
        agent.fire(moment)
    agent.write(len(agent.pieces()), 1)
    if who == "the person's sync":
        assert handoff("--session", agent.id, "sync")[0] == 0
    elif who == "the end of a turn":
        assert TOLD not in agent.fire("stop")
    else:
        agent.fire("end")
        kind(project, agent.home, 1_000, NEXT).fire("start")
    assert sum(TOLD in agent.fire(it) for it in ("prompt", "tool", "prompt", "tool")) == 1
