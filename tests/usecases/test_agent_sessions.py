"""Sessions of every agent, played event by event through the installed command line, then undone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.usecases.agents_at_work import ROOT, Claude, Codex, Copilot, Cursor, Gemini, OpenCode

SAMPLES = Path(os.environ.get("HANDOFF_SAMPLES") or "/nowhere")
with_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs HANDOFF_SAMPLES")


@pytest.fixture
def home(project):
    return project.parent / "home"


@pytest.fixture
def installed(handoff, project, home):
    """Install an agent, give a session of it, and make sure afterwards that uninstalling leaves no trace."""
    agents = []

    def install(kind, *args):
        if not agents:
            assert handoff("install", kind.name)[0] == 0
        agents.append(kind(project, home, *args))
        return agents[-1]

    yield install
    assert handoff("uninstall", agents[0].name)[0] == 0
    left = [path for path in home.rglob("*") if path.is_file() and "session-state" not in path.parts]
    assert left == []


def no_failures(home):
    log = home / ".local" / "state" / "agent-handoffs" / "hook.log"
    return not log.exists() or log.read_text()


def test_claude_code_from_start_to_the_next_session(installed, project, home):
    """Usage at every step, one document at each crossing and compaction, and what it says to the next session."""
    agent = installed(Claude)
    assert agent.fire("SessionStart", source="startup", model="claude-opus-4-5") == ""
    agent.ask("make the import faster")
    assert agent.fire("UserPromptSubmit", prompt="make the import faster") == ""
    for tokens in (20_000, 90_000, 133_000):
        agent.response(tokens)
        assert agent.fire("PostToolUse", tool_name="Read") == ""
        found = agent.status()
        assert (found["total_tokens"], found["method"], found["level"]) == (tokens, "exact", "ok")
        assert (found["context_window_limit"], found["usable_tokens"]) == (200_000, 167_000)
    assert not agent.document.exists()

    agent.response(134_000)
    said = agent.fire("PostToolUse", tool_name="Read")
    assert "134,000 of 167,000" in said
    assert f"sessions/{agent.session}/CURRENT_SESSION.md" in said
    first = agent.document.read_bytes()
    agent.response(140_000)
    assert agent.fire("PostToolUse", tool_name="Read") == "", "a crossing is told once"
    assert agent.document.read_bytes() == first, "and written once"

    agent.subagent_response(1)
    agent.fire("PostToolUse", tool_name="Task", agent_id="sub", agent_type="Explore")
    assert agent.status()["total_tokens"] == 140_000

    agent.response(160_000)
    assert agent.fire("Stop", stop_hook_active=False) == "", "the end of a turn does not listen"
    assert "160,000 of 167,000" in agent.fire("UserPromptSubmit", prompt="go on"), "so the next prompt is told"

    agent.response(166_000)
    told = agent.compact(166_000)
    assert "166,000" in agent.document.read_text()
    assert "166,000" in told
    assert "handoff from a session" in told
    assert agent.status()["level"] == "ok"
    assert agent.fire("UserPromptSubmit", prompt="go on") == "", "once is enough"

    agent.response(30_000)
    agent.fire("PostToolUse", tool_name="Read")
    assert agent.status()["total_tokens"] == 30_000
    agent.response(150_000)
    assert "150,000 of 167,000" in agent.fire("PostToolUse", tool_name="Read"), "thresholds are armed again"
    agent.fire("SessionEnd", reason="other")
    assert "150,000" in agent.document.read_text()

    following = installed(Claude, "5e551011-0000-4000-8000-000000000002")
    told = following.fire("SessionStart", source="startup")
    assert "150,000" in told
    assert "make the import faster" in told
    newest = project / ".agent-handoffs" / "CURRENT_SESSION.md"
    assert newest.read_bytes() == agent.document.read_bytes()
    assert not (project / ".agent-handoffs" / "checkpoints.jsonl").exists(), "the project's own session is not touched"
    assert no_failures(home) is True


def test_parallel_sessions_do_not_mix(installed):
    one = installed(Claude, "one")
    two = installed(Claude, "two")
    for agent, tokens in ((one, 50_000), (two, 140_000), (one, 60_000)):
        agent.response(tokens)
        agent.fire("PostToolUse", tool_name="Read")
    assert (one.status()["total_tokens"], two.status()["total_tokens"]) == (60_000, 140_000)
    assert not one.document.exists()
    assert two.document.exists()


def test_a_short_session_leaves_no_handoff_and_an_old_one_is_not_told(installed, project):
    agent = installed(Claude, "short")
    agent.response(20_000)
    agent.fire("SessionEnd", reason="other")
    assert not agent.document.exists()
    old = installed(Claude, "old")
    old.response(140_000)
    old.fire("PostToolUse", tool_name="x")
    newest = project / ".agent-handoffs" / "CURRENT_SESSION.md"
    year = newest.read_text().split('created: "')[1][:4]
    newest.write_text(newest.read_text().replace(f'created: "{year}', 'created: "2020'))
    assert installed(Claude, "next").fire("SessionStart", source="startup") == ""


def test_the_status_line_tells_the_hooks_the_window(installed, project):
    agent = installed(Claude, "large")
    told = {
        "session_id": "large",
        "cwd": str(project),
        "model": {"id": "claude-opus-4-5[1m]", "display_name": "Opus"},
        "version": "2.1.90",
        "workspace": {"project_dir": str(project)},
        "context_window": {"context_window_size": 1_000_000, "current_usage": {"input_tokens": 150_000}},
    }
    line = json.loads((agent.home / ".claude" / "settings.json").read_text())["statusLine"]["command"]
    done = subprocess.run(
        ["sh", "-c", line], input=json.dumps(told).encode(), capture_output=True, env=agent.environ(), check=True
    )
    assert "15.5%" in done.stdout.decode()
    agent.response(150_000)
    assert agent.fire("PostToolUse", tool_name="Read") == ""
    assert agent.status()["context_window_limit"] == 1_000_000


def test_codex_from_start_to_the_next_session(installed, project, home):
    agent = installed(Codex)
    agent.open()
    assert agent.fire("SessionStart", source="startup", model="gpt-5-codex", permission_mode="default") == ""
    for tokens in (20_000, 190_000):
        agent.response(tokens)
        assert agent.fire("PostToolUse", tool_name="shell") == ""
        found = agent.status()
        assert (found["total_tokens"], found["context_window_limit"], found["method"]) == (tokens, 258_400, "exact")
    agent.response(200_000)
    assert "200,000 of 244,800" in agent.fire("PostToolUse", tool_name="shell")
    agent.fire("Stop", stop_hook_active=False)
    agent.response(240_000)
    agent.fire("PreCompact", trigger="auto")
    assert "240,000" in agent.document.read_text()
    agent.write({"timestamp": "2026-05-11T08:30:00.000Z", "type": "compacted", "payload": {"message": "summary"}})
    agent.fire("PostCompact", trigger="auto")
    assert "240,000" in agent.fire("UserPromptSubmit", prompt="go on"), "without another start the next prompt is told"
    agent.response(15_000)
    agent.fire("Stop", stop_hook_active=False)
    assert agent.status()["total_tokens"] == 15_000
    following = installed(Codex, "019e1625-0000-7000-8000-000000000002")
    following.open()
    told = following.fire("SessionStart", source="startup")
    assert "15,000" in told, "no event tells that a session of Codex ends: its document is kept current"
    assert no_failures(home) is True


def test_gemini_from_start_to_the_next_session(installed, home):
    agent = installed(Gemini)
    agent.open()
    assert agent.fire("SessionStart", source="startup") == ""
    for tokens in (20_000, 400_000):
        agent.response(tokens)
        assert agent.fire("AfterTool", tool_name="read_file") == ""
        assert agent.status()["total_tokens"] == tokens
    agent.response(450_000)
    assert "450,000 of 524,288" in agent.fire("AfterTool", tool_name="read_file")
    assert agent.commands("PreCompress") == [], "it fires before every request, and is no compaction"
    assert agent.fire("BeforeAgent", prompt="go on") == ""
    agent.response(30_000)
    agent.fire("AfterAgent", prompt="x", prompt_response="y")
    assert agent.status()["total_tokens"] == 30_000
    agent.fire("SessionEnd", reason="exit")
    following = installed(Gemini, "next-session")
    following.open()
    assert "handoff from a session" in following.fire("SessionStart", source="startup")
    assert no_failures(home) is True


def test_cursor_knows_usage_before_a_compaction_and_hands_over(installed, home):
    agent = installed(Cursor)
    assert agent.fire("sessionStart", session_id=agent.session, composer_mode="agent") == ""
    agent.fire("beforeSubmitPrompt", prompt="x", attachments=[])
    agent.fire(
        "preCompact", trigger="auto", context_usage_percent=85, context_tokens=109_000, context_window_size=128_000
    )
    found = agent.status()
    assert (found["total_tokens"], found["context_window_limit"], found["method"]) == (109_000, 128_000, "exact")
    assert "109,000" in agent.document.read_text()
    agent.fire("stop", status="completed")
    agent.fire("sessionEnd", reason="user_close")
    assert "109,000" in installed(Cursor, "next-one").fire("sessionStart")
    assert no_failures(home) is True


def test_copilot_by_its_own_events(installed, home):
    agent = installed(Copilot)
    agent.write(
        {
            "type": "session.start",
            "data": {"sessionId": agent.session, "copilotVersion": "1.0.77"},
            "timestamp": "2026-01-10T02:08:26.000Z",
        }
    )
    assert agent.fire("sessionStart", source="new") == ""
    agent.response(50_000)
    assert agent.fire("postToolUse", toolName="bash") == ""
    assert (agent.status()["total_tokens"], agent.status()["context_window_limit"]) == (50_000, 128_000)
    agent.response(110_000)
    assert "110,000" in agent.fire("postToolUse", toolName="bash")
    agent.fire("preCompact", trigger="auto")
    assert "110,000" in agent.document.read_text()
    agent.fire("sessionEnd", reason="complete")
    assert "110,000" in installed(Copilot, "another").fire("sessionStart", source="new")
    assert no_failures(home) is True


def test_opencode_by_what_its_plugin_says(installed, home):
    agent = installed(OpenCode, "ses_1")
    assert agent.fire("session.created") == ""
    agent.fire("message.updated", tokens=20_000, model="claude-sonnet-4-5")
    assert agent.status()["total_tokens"] == 20_000
    assert "150,000" not in agent.fire("message.updated", tokens=90_000, model="claude-sonnet-4-5")
    said = agent.fire("message.updated", tokens=145_000, model="claude-sonnet-4-5")
    assert "145,000" in said or agent.status()["level"] == "ok"
    agent.fire("session.compacting")
    assert "145,000" in agent.document.read_text()
    assert "145,000" in agent.fire("session.compacted"), "the next request has it, whoever begins it"
    assert agent.fire("chat.message") == ""
    assert no_failures(home) is True


PLAY = """
import { HandoffPlugin } from "PLUGIN"
const plugin = await HandoffPlugin({ directory: process.cwd() })
const info = { id: "ses_9", sessionID: "ses_9" }
await plugin.event({ event: { type: "session.created", properties: { info } } })
const message = { role: "assistant", sessionID: "ses_9", modelID: "claude-sonnet-4-5", time: { completed: 1 } }
for (const input of [20000, 155000]) {
  const tokens = { input, output: 10, reasoning: 0, cache: { read: 5, write: 1 } }
  await plugin.event({ event: { type: "message.updated", properties: { info: { ...message, tokens } } } })
}
await plugin.event({ event: { type: "session.created", properties: { info: { id: "sub", parentID: "ses_9" } } } })
await plugin.event({ event: { type: "session.idle", properties: { sessionID: "sub" } } })
await plugin.event({ event: { type: "unheard.of" } })
const compacting = { context: [] }
await plugin["experimental.session.compacting"]({ sessionID: "ses_9" }, compacting)
await plugin.event({ event: { type: "session.compacted", properties: { sessionID: "ses_9" } } })
await plugin["chat.message"]({ sessionID: "ses_9" }, {})
const request = { system: [] }
await plugin["experimental.chat.system.transform"]({ sessionID: "ses_9" }, request)
console.log(JSON.stringify(request.system))
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_opencode_plugin_calls_the_hook_and_hands_on_what_it_says(installed, project, home):
    agent = installed(OpenCode, "ses_9")
    plugin = home / ".config" / "opencode" / "plugins" / "handoff.js"
    script = project.parent / "play.mjs"
    module = project.parent / "plugin.mjs"
    module.write_text(plugin.read_text())
    script.write_text(PLAY.replace("PLUGIN", module.as_uri()))
    done = subprocess.run(
        ["node", str(script)], cwd=project, env=agent.environ(), capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    (context,) = json.loads(done.stdout)
    assert "155,016" in context
    assert "155,016" in agent.document.read_text()
    assert agent.status()["level"] == "ok"
    assert not (project / ".agent-handoffs" / "sessions" / "sub").exists()
    assert no_failures(home) is True


def claude_steps(path):
    """Yield (line, tokens after it or None while unknown, is compaction): a plain reading of the whole file, forwards."""
    tokens = None
    for line in path.read_text().splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            row = {}
        if row.get("type") == "system" and row.get("subtype") == "compact_boundary":
            tokens = None
            yield line, tokens, True
            continue
        message = row.get("message")
        if row.get("type") == "assistant" and not row.get("isSidechain") and not row.get("isApiErrorMessage"):
            usage = message.get("usage")
            if message.get("model") != "<synthetic>" and usage:
                tokens = sum(
                    usage.get(name) or 0
                    for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
                )
        yield line, tokens, False


@with_samples
@pytest.mark.parametrize(
    "name",
    [
        "entire-1compaction-b-2.1.42",
        "entire-haiku45-2.1.4",
        "entire-malformed-line-2.1.7-12",
        "entire-manual-2.1.14",
        "entire-micro-2.1.14",
        "codemie-session-624a4a58",
    ],
)
def test_real_claude_sessions_are_followed_exactly(installed, home, name):
    agent = installed(Claude)
    agent.in_process = True
    steps = list(claude_steps(SAMPLES / "claude-code" / f"{name}.jsonl"))
    every = max(1, len(steps) // 12)
    compactions = checked = 0
    known = None
    for number, (line, tokens, compacts) in enumerate(steps):
        if compacts:
            compactions += 1
            agent.fire("PreCompact", trigger="auto")
            assert f'"tokens": {known},' in agent.document.read_text()
        agent.write(line)
        if compacts:
            agent.fire("PostCompact", trigger="auto")
            assert "This project has a handoff" in agent.fire("SessionStart", source="compact")
        elif number % every == 0 or number == len(steps) - 1:
            agent.fire("PostToolUse", tool_name="x")
            if tokens:
                checked += 1
                found = agent.status()
                assert (found["total_tokens"], found["method"]) == (tokens, "exact")
        known = tokens or known
    assert checked > 5
    assert compactions == {"entire-haiku45-2.1.4": 0, "entire-malformed-line-2.1.7-12": 0}.get(name, 1)
    assert no_failures(home) is True


@with_samples
def test_a_real_codex_session_is_followed_exactly(installed, home):
    agent = installed(Codex)
    agent.in_process = True
    lines = next((SAMPLES / "codex").glob("*019e1625*")).read_text().splitlines()
    tokens, checked = None, 0
    for number, line in enumerate(lines):
        payload = json.loads(line)["payload"]
        info = payload.get("info") if payload.get("type") == "token_count" else None
        tokens = info["last_token_usage"]["total_tokens"] if info else tokens
        agent.write(line)
        if number % 20 == 0 or number == len(lines) - 1:
            agent.fire("PostToolUse", tool_name="shell")
            if tokens:
                checked += 1
                assert agent.status()["total_tokens"] == tokens
    assert checked > 5
    assert no_failures(home) is True


@with_samples
@pytest.mark.parametrize("name", ["codemie-session-2026-01-16T11-01-file-ops-37b7abef", "entire-ab_2b9748b105_0"])
def test_real_gemini_sessions_are_followed_exactly(installed, home, name):
    agent = installed(Gemini)
    agent.in_process = True
    chat = json.loads((SAMPLES / "gemini" / f"{name}.json").read_text())
    tokens, checked = None, 0
    for number, message in enumerate(chat["messages"], 1):
        agent.transcript.write_text(json.dumps({**chat, "messages": chat["messages"][:number]}, indent=2))
        tokens = (message.get("tokens") or {}).get("input", tokens)
        agent.fire("AfterTool", tool_name="x")
        if tokens:
            checked += 1
            assert agent.status()["total_tokens"] == tokens
    assert checked > 5
    assert no_failures(home) is True


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"hook_event_name": "Nonsense"}', b'{"hook_event_name": 3, "session_id": []}',
     b'{"hook_event_name": "Stop", "session_id": "../../x", "transcript_path": "/nowhere"}',
     b'{"hook_event_name": "PostToolUse", "session_id": "s", "transcript_path": "/etc"}',
     b'{"hook_event_name": "PreToolUse", "session_id": "s"}'],
)  # fmt: skip
@pytest.mark.parametrize(
    "agent", ["claude-code", "codex", "gemini", "cursor", "copilot", "opencode", "plugin", "git", "nobody"]
)
def test_nonsense_is_met_with_silence_and_code_0(handoff, project, agent, payload):
    code, out, err = handoff("hook", agent, "sessionStart", stdin=payload)
    assert (code, err) == (0, "")
    assert out in ("", "{}", '{"continue": true}')
    assert {path.name for path in project.iterdir()} <= {".git", ".agent-handoffs"}


def test_a_hook_without_words_or_with_strange_ones_ends_with_code_0(handoff):
    for words in ((), ("--nonsense",), ("claude-code", "--x", "y"), ("\x1b[31m",)):
        assert handoff("hook", *words, stdin="{}")[0] == 0


def test_a_folder_that_cannot_be_written_does_not_disturb_the_agent(handoff, project):
    (project / ".agent-handoffs").write_text("a file")
    transcript = project / "t.jsonl"
    transcript.write_text("{}\n")
    event = {
        "hook_event_name": "PreCompact",
        "session_id": "s",
        "transcript_path": str(transcript),
        "cwd": str(project),
    }
    assert handoff("hook", "claude-code", stdin=json.dumps(event))[:2] == (0, "")
    assert "s/" not in (project / ".agent-handoffs").read_text()
    assert "StateError" in handoff("doctor")[1]


def test_a_folder_that_is_not_there_does_not_come_to_be(handoff, project, home):
    agent = Claude(project, home, "s")
    agent.response(50_000)
    nowhere = project.parent / "nowhere" / "deep"
    event = {
        "hook_event_name": "PostToolUse",
        "session_id": "s",
        "transcript_path": str(agent.transcript),
        "cwd": str(nowhere),
    }
    handoff("hook", "claude-code", stdin=json.dumps(event))
    assert not nowhere.parent.exists()
    assert json.loads(handoff("--session", "s", "status", "--json")[1])["total_tokens"] == 50_000


def test_the_plugin_serves_both_agents(handoff, project, home):
    agent = Codex(project, home)
    agent.open()
    agent.response(50_000)
    event = {
        "hook_event_name": "PostToolUse",
        "session_id": "c",
        "transcript_path": str(agent.transcript),
        "cwd": str(project),
    }
    assert handoff("hook", "plugin", stdin=json.dumps(event))[0] == 0
    assert json.loads(handoff("--session", "c", "status", "--json")[1])["total_tokens"] == 50_000
    other = Claude(project, home, "d")
    other.response(60_000)
    event = {
        "hook_event_name": "PostToolUse",
        "session_id": "d",
        "transcript_path": str(other.transcript),
        "cwd": str(project),
    }
    handoff("hook", "plugin", stdin=json.dumps(event))
    assert json.loads(handoff("--session", "d", "status", "--json")[1])["total_tokens"] == 60_000


def test_the_plugin_folder_is_what_the_script_makes():
    check = subprocess.run(
        [sys.executable, "scripts/build_plugin.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (check.returncode, check.stdout) == (0, "")
