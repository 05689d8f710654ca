"""Copilot CLI's events: only the session's own report tells the size of the context."""

from __future__ import annotations

from handoff_cli.core.transcript import FileTouch
from tests.transcripts import rows as r


def event(kind, **data):
    return {"type": kind, "data": data, "id": "e", "timestamp": "2025-12-18T21:32:05.000Z", "parentId": None}


START = event("session.start", sessionId="p-1", copilotVersion="1.0.77", selectedModel="gpt-5-mini")


def test_reported_context_holds_until_the_next_answer(read):
    """After that nobody knows: estimating is better than an old figure."""
    rows = [
        START,
        event("assistant.message", content="hi"),
        event("session.usage_info", currentTokens=120, tokenLimit=128_000),
    ]
    found = read(r.jsonl(*rows))
    assert (found.agent, found.model, found.versions, found.window) == ("copilot", "gpt-5-mini", ("1.0.77",), 128_000)
    assert (found.usage.tokens, found.usage.method) == (120, "exact")
    assert read(r.jsonl(*rows, event("assistant.message", content="more"))).usage is None


def test_compaction_is_told_by_its_end(read):
    """With the tokens before; one that failed is none."""
    done = event("session.compaction_complete", success=True, preCompactionTokens=121_000, summaryContent="short")
    found = read(r.jsonl(START, event("session.compaction_complete", success=False), done))
    assert [(c.position, c.before) for c in found.compactions] == [(3, 121_000)]


def test_tools_of_the_session_not_of_its_subagents(read):
    """Commands, files, messages."""
    found = read(
        r.jsonl(
            START,
            event("system.message", content="be good"),
            event("user.message", content="list"),
            event("tool.execution_start", toolCallId="1", toolName="shell", arguments={"command": "ls"}),
            event("tool.execution_complete", toolCallId="1", success=False, error={"message": "denied"}),
            event("tool.execution_start", toolCallId="2", toolName="create", arguments={"path": "a.py"}),
            event("tool.execution_complete", toolCallId="2", success=True, result={"content": "ok"}),
            event("assistant.message", parentToolCallId="3", content="a subagent"),
            event("assistant.message", content="done"),
            event("assistant.turn_end", turnId="1"),
        )
    )
    assert [(m.role, m.text) for m in found.messages] == [("user", "list"), ("assistant", "done")]
    assert [(c.text, c.outcome, c.error) for c in found.commands] == [("ls", "failed", "denied")]
    assert found.files == (FileTouch("a.py", "created", 1),)
    assert found.turns == 1
