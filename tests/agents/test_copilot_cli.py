"""Copilot CLI's events: only the session's own report tells the size of the context."""

from __future__ import annotations

import pytest

from handoff_cli.agents.readers import latest_usage
from handoff_cli.core.answers import is_cut_off
from handoff_cli.core.transcript import FileTouch
from handoff_cli.transcripts.copilot_todos import written_in
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


def record(tokens, id_="a", kind="conversation-agent", **fields):
    usage = {"inputTokens": tokens, "outputTokens": 44, "cacheReadTokens": tokens - 9, "maxPromptTokens": 128_000}
    row = event("session.usage_record", usage={**usage, "apiCallId": id_, "model": "gpt-5.5", "interactionType": kind})
    return {**row, **fields}


ANSWER = event("assistant.message", content="done")


def test_the_record_of_a_response_is_the_context(read):
    """Cached tokens are in it; its window is the session's own; Copilot's own count is none of theirs."""
    rows = [START, record(12_000), ANSWER, record(95_021, "b"), ANSWER, event("session.shutdown", currentTokens=13_000)]
    found = read(r.jsonl(*rows))
    assert (found.usage.tokens, found.usage.method, found.window, found.responses) == (95_021, "exact", 128_000, 2)
    assert found.model == "gpt-5.5"


def test_a_subagents_rows_are_not_the_sessions(read):
    """They have an agent's id; nor are requests for a title or the like."""
    theirs = [
        record(91_000, "s", agentId="x"),
        {**event("user.message", content="look at it"), "agentId": "x"},
        {**event("assistant.message", content="looked"), "agentId": "x"},
        {**event("tool.execution_start", toolCallId="9", toolName="bash", arguments={"command": "ls"}), "agentId": "x"},
        record(500, "t", kind="title-generation"),
    ]
    found = read(r.jsonl(START, event("user.message", content="go"), record(12_000), ANSWER, *theirs))
    assert (found.usage.tokens, found.peak, found.commands) == (12_000, 12_000, ())
    assert [it.text for it in found.messages] == ["go", "done"]


def test_a_command_fails_though_the_call_succeeds(read):
    """Its exit code tells, or the shell's last line."""
    calls = [
        event("tool.execution_start", toolCallId=str(n), toolName="bash", arguments={"command": f"try {n}"})
        for n in range(3)
    ]
    told = [
        event(
            "tool.execution_complete",
            toolCallId="0",
            success=True,
            shellExecution={"exitCode": 1},
            result={"content": "no"},
        ),
        event(
            "tool.execution_complete",
            toolCallId="1",
            success=True,
            result={"content": "no\n<shellId: 1 completed with exit code 2>"},
        ),
        event("tool.execution_complete", toolCallId="2", success=True, shellExecution={"exitCode": 0}),
    ]
    found = read(r.jsonl(START, *calls, *told))
    assert [(it.exit_code, it.outcome) for it in found.commands] == [(1, "failed"), (2, "failed"), (0, "ok")]


def test_before_the_first_response_after_going_back_the_usage_is_an_upper_bound(read, tmp_path):
    said = event("assistant.message", content="a")
    rows = [START, {**event("user.message", content="one"), "id": "e1"}, record(40_000), said, record(60_000), said]
    back = event("session.snapshot_rewind", upToEventId="e1", eventsRemoved=2)
    path = tmp_path / "t.jsonl"
    path.write_text(r.jsonl(*rows))
    _, state = latest_usage(str(path), None, "copilot_cli")
    path.write_text(r.jsonl(*rows, back))
    found = [latest_usage(str(path), it, "copilot_cli")[0] for it in (state, None)]
    for usage in (read(r.jsonl(*rows, back)).usage, *found):
        assert (usage.tokens, usage.method, usage.low, usage.window) == (60_000, "estimated", 0, 128_000)
    assert read(r.jsonl(*rows, back, record(30_000), said)).usage.method == "exact"


def test_what_was_rewound_never_happened(read):
    first = {**event("user.message", content="one"), "id": "e1"}
    rows = [START, first, {**event("user.message", content="two"), "id": "e2"}]
    found = read(r.jsonl(*rows, event("session.snapshot_rewind", upToEventId="e1", eventsRemoved=1)))
    assert [it.text for it in found.messages] == ["one"]


def test_the_branch_is_the_one_of_the_context(read):
    assert read(r.jsonl(event("session.start", sessionId="s", context={"cwd": "/p", "branch": "fix"}))).branch == "fix"


def sql(query, id_="1"):
    return [
        event("tool.execution_start", toolCallId=id_, toolName="sql", arguments={"query": query}),
        event("tool.execution_complete", toolCallId=id_, success=True, result={"content": "1 row(s)"}),
    ]


def test_the_list_of_todos_is_what_its_sql_writes(read):
    """What is asked of it is nothing that was looked up; other tables are."""
    rows = [
        *sql("INSERT INTO todos (id, title) VALUES ('a', 'Mend it'), ('b', 'Test it')"),
        *sql("UPDATE todos SET status = 'done' WHERE id = 'a'; SELECT * FROM todos", "2"),
        *sql("SELECT * FROM cases", "3"),
    ]
    found = read(r.jsonl(START, *rows))
    assert [(it.text, it.status) for it in found.todos] == [("Mend it", "completed"), ("Test it", "pending")]
    assert [it.asked.split()[0] for it in found.lookups] == ["sql"]
    assert [it.name for it in found.tool_calls if "cases" in it.summary] == ["sql"]


@pytest.mark.parametrize(
    ("query", "entries"),
    [
        (
            "insert or replace into todos (id, title, description, created_at, status) values ('a', 'It''s; (here), now', 'x', datetime('now'), 'in_progress'),\n  ('b', 'Two', NULL, 5, 'done');",
            [
                {"id": "a", "content": "It's; (here), now", "status": "in_progress"},
                {"id": "b", "content": "Two", "status": "done"},
            ],
        ),
        (
            "UPDATE todos SET title = 'One',\n status='done' WHERE id='a'",
            [{"id": "a", "content": "One", "status": "done"}],
        ),
        (
            "UPDATE todos SET status = 'done' WHERE id IN ('a', 'b')",
            [{"id": "a", "status": "done"}, {"id": "b", "status": "done"}],
        ),
        ("DELETE FROM todos WHERE id = 'a'", [{"id": "a", "status": "deleted"}]),
        ("INSERT INTO todo_deps (todo_id, depends_on) VALUES ('a', 'b'); SELECT id FROM todos WHERE id = 'a'", []),
        ("UPDATE todos SET status = 'done' WHERE id = 'a'2", [{"id": "a", "status": "done"}]),
        ("UPDATE todos SET status = 'done", []),
    ],
)
def test_todos_that_sql_writes(query, entries):
    assert list(written_in(query)) == entries


def test_the_folder_is_the_one_of_the_context(read):
    assert read(r.jsonl(event("session.start", sessionId="s", context={"cwd": "/p"}))).folder == "/p"


def test_what_the_user_stopped_was_cut_off(read):
    """The call says so of itself, and the turn did not come to its end."""
    rows = [
        event("tool.execution_start", toolCallId="1", toolName="bash", arguments={"command": "make"}),
        event(
            "tool.execution_complete", toolCallId="1", success=False,
            error={"message": "The execution of this tool, or a previous tool was interrupted.", "code": "interrupted"},
        ),
        event("abort", reason="user initiated"),
    ]  # fmt: skip
    found = read(r.jsonl(START, *rows))
    (run,) = found.commands
    assert (run.outcome, is_cut_off(run.error), found.stopped_at) == ("failed", True, 4)
