"""What agents print as JSON without a screen is read as their logs are."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.readers import read_pieces, sniff_format
from handoff_cli.core.transcript import REFUSED
from tests.growth import assert_linear
from tests.transcripts import rows as r


def item(id_, kind, **fields):
    return {"type": "item.completed", "item": {"id": id_, "type": kind, **fields}}


RUN = "/bin/bash -lc 'npx jest'"
CODEX = r.jsonl(
    {"type": "thread.started", "thread_id": "t-1"},
    {"type": "turn.started"},
    item("item_0", "reasoning", text="Look at the test"),
    {"type": "item.started", "item": {"id": "item_1", "type": "command_execution", "command": RUN}},
    item("item_1", "command_execution", command=RUN, aggregated_output="1 failed", exit_code=1, status="failed"),
    item("item_2", "file_change", changes=[{"path": "a.ts", "kind": "update"}, {"path": "b.ts", "kind": "add"}]),
    item("item_3", "todo_list", items=[{"text": "mend a", "completed": True}, {"text": "mend b", "completed": False}]),
    item("item_4", "command_execution", command="git push", aggregated_output="", status="declined"),
    item("item_5", "agent_message", text="Done with a."),
    {"type": "turn.completed", "usage": {"input_tokens": 40_000}},
)
GEMINI = r.jsonl(
    {"type": "init", "session_id": "s", "model": "gemini-x"},
    {"type": "message", "role": "user", "content": "mend it"},
    {"type": "message", "role": "assistant", "content": "I look ", "delta": True},
    {"type": "message", "role": "assistant", "content": "at it.", "delta": True},
    {
        "type": "tool_use",
        "tool_name": "replace",
        "tool_id": "1",
        "parameters": {"file_path": "a.ts", "old_string": "x"},
    },
    {"type": "tool_result", "tool_id": "1", "status": "error", "error": {"message": "0 occurrences found"}},
    {"type": "result", "status": "success"},
)


def called(subtype, id_, tool, **call):
    return {"type": "tool_call", "subtype": subtype, "call_id": id_, "tool_call": {tool: call}, "session_id": "s"}


def spoken(role, text):
    content = [{"type": "text", "text": text}]
    return {"type": role, "message": {"role": role, "content": content}, "session_id": "s"}


CURSOR = r.jsonl(
    {"type": "system", "subtype": "init", "apiKeySource": "login", "session_id": "s", "model": "m"},
    spoken("user", "mend it"),
    called("started", "1", "editToolCall", args={"path": "a.ts", "oldText": "x", "newText": "y"}),
    called("completed", "1", "editToolCall", result={"success": {"path": "a.ts"}}),
    called("started", "2", "shellToolCall", args={"command": "npm test"}),
    called("completed", "2", "shellToolCall", result={"failure": {"exitCode": 1, "stdout": "1 failed"}}),
    spoken("assistant", "One fails."),
    {"type": "result", "subtype": "success", "session_id": "s"},
)


ANSWER = r.jsonl({"type": "result", "subtype": "success", "result": "One fails.", "session_id": "s"})


def test_the_answer_that_a_run_ends_with_is_the_agents_where_it_stands_alone(read):
    gemini = '{\n  "response": "One fails.",\n  "stats": {"models": {}}\n}\n'
    for told in (ANSWER, gemini):
        assert [(it.role, it.text) for it in read(told).messages] == [("assistant", "One fails.")]
        for text in (told, f'$ claude -p "mend it" --output-format json\n{told}'):
            piped = read_pieces("pieces", lambda text=text: [(text, True)])
            assert piped.speakers
            assert piped.messages[-1].text == "One fails."


def test_a_run_of_codex_tells_commands_files_and_the_plan(read):
    found = read(CODEX)
    assert [(it.text, it.outcome, it.exit_code) for it in found.commands] == [
        ("npx jest", "failed", 1),
        ("git push", "failed", None),
    ]
    assert [(it.path, it.action) for it in found.files] == [("a.ts", "modified"), ("b.ts", "created")]
    assert [(it.text, it.status) for it in found.todos] == [("mend a", "completed"), ("mend b", "pending")]
    assert [it.text for it in found.messages] == ["Done with a."]
    assert found.usage is None  # the sum of all requests is no context


def test_runs_that_number_their_items_alike_are_told_apart(read):
    again = CODEX.replace("npx jest", "npx tsc")
    assert [it.text for it in read(CODEX + again).commands] == ["npx jest", "git push", "npx tsc", "git push"]


def test_an_answer_of_gemini_that_comes_in_parts_is_one_message(read):
    found = read(GEMINI)
    assert [(it.role, it.text) for it in found.messages] == [("user", "mend it"), ("assistant", "I look at it.")]
    assert (found.model, found.edits, found.tool_calls[0].outcome) == ("gemini-x", (), "failed")


def test_a_run_of_cursor_tells_its_edits_and_how_commands_ended(read):
    found = read(CURSOR)
    assert [(it.path, it.old, it.new) for it in found.edits] == [("a.ts", "x", "y")]
    assert [(it.text, it.outcome) for it in found.commands] == [("npm test", "failed")]
    assert [it.text for it in found.messages] == ["mend it", "One fails."]


def test_piped_they_are_the_same_and_the_agent_is_known_to_speak(read):
    for rows in (CODEX, GEMINI, CURSOR):
        piped, log = read_pieces("pieces", lambda rows=rows: [(rows, True)]), read(rows)
        assert piped.speakers
        assert [it.text for it in piped.messages] == [it.text for it in log.messages]
        assert [it.text for it in piped.commands] == [it.text for it in log.commands]


def test_a_run_is_told_whatever_its_row_is_numbered_by(read):
    """Ids that come again with no row between the runs, numbers as ids, none at all, and a beginning that is cut."""
    for ids in (("item_0", "item_0"), (1, 2), (None, None)):
        first, then = (
            [
                {"type": "item.started", "item": {"id": id_, "type": "command_execution", "command": run}},
                item(id_, "command_execution", command=run, aggregated_output="x", exit_code=code, status="completed"),
            ]
            for id_, run, code in zip(ids, ("make", "make test"), (0, 2), strict=True)
        )
        expected = [("make", "ok"), ("make test", "failed")]
        for rows in ([*first, *then], [*first, then[1]], [{"type": "turn.started"}, *first, *then]):
            found = read(r.jsonl({"type": "thread.started", "thread_id": "t"}, *rows))
            assert [(it.text, it.outcome) for it in found.commands] == expected


def test_a_command_that_its_id_did_not_begin_is_another(read):
    begun = {"type": "item.started", "item": {"id": "item_0", "type": "command_execution", "command": "make"}}
    found = read(r.jsonl(begun, item("item_0", "command_execution", command="make test", exit_code=2)))
    assert [(it.text, it.exit_code) for it in found.commands] == [("make", None), ("make test", 2)]


def _started(id_, run):
    return {"type": "item.started", "item": {"id": id_, "type": "command_execution", "command": run}}


@pytest.mark.parametrize("id_", ["item_0", None])
def test_an_end_that_does_not_repeat_its_command_is_that_of_what_it_began(read, id_):
    for fields in ({}, {"command": None}, {"command": ""}):
        end = item(id_, "command_execution", aggregated_output="1 failed", exit_code=1, status="failed", **fields)
        found = read(r.jsonl(_started(id_, "make"), end))
        assert [(it.text, it.exit_code) for it in found.commands] == [("make", 1)]
    began = called("started", id_, "shellToolCall", args={"command": "make"})
    end = called("completed", id_, "shellToolCall", result={"failure": {"exitCode": 1, "stderr": "no"}})
    assert [(it.text, it.exit_code) for it in read(r.jsonl(began, end)).commands] == [("make", 1)]


def test_commands_at_once_without_ids_end_each_by_itself(read):
    ends = (item(None, "command_execution", command=run, exit_code=code) for run, code in (("a", 0), ("b", 2)))
    found = read(r.jsonl({"type": "turn.started"}, _started(None, "a"), _started(None, "b"), *ends))
    assert [(it.text, it.exit_code) for it in found.commands] == [("a", 0), ("b", 2)]
    other = item(None, "mcp_tool_call", server="db", tool="ask", arguments={}, result={"content": "x"})
    found = read(r.jsonl({"type": "turn.started"}, _started(None, "a"), other))
    assert [(it.name, it.outcome) for it in found.tool_calls] == [("exec_command", None), ("mcp__db__ask", "ok")]


def test_a_list_is_told_as_it_was_written_last(read):
    todos = [[{"text": "mend a", "completed": done}] for done in (False, True)]
    updated = {"type": "item.updated", "item": {"id": "item_0", "type": "todo_list", "items": todos[1]}}
    begun = {"type": "item.started", "item": {"id": "item_0", "type": "todo_list", "items": todos[0]}}
    assert [(it.text, it.status) for it in read(r.jsonl(begun, updated)).todos] == [("mend a", "completed")]


def test_a_call_of_cursors_is_told_where_its_beginning_was_cut_off(read):
    failed = {"failure": {"exitCode": 1, "stdout": "1 failed"}}
    found = read(r.jsonl(called("completed", 7, "shellToolCall", args={"command": "npm test"}, result=failed)))
    assert [(it.text, it.exit_code) for it in found.commands] == [("npm test", 1)]


def test_a_call_of_geminis_may_be_numbered(read):
    rows = GEMINI.replace('"tool_id": "1"', '"tool_id": 1')
    assert rows != GEMINI
    assert read(rows).tool_calls[0].outcome == "failed"


def test_many_rows_cost_no_more_than_their_number(read):
    run = {"type": "item.started", "item": {"id": "", "type": "command_execution", "command": "bash -lc 'a b'"}}
    for row in (run, item(7, "command_execution", command="make", exit_code=1), json.loads(GEMINI.splitlines()[2])):
        assert_linear(lambda size, row=row: read(CODEX + r.jsonl(row) * size + GEMINI), 300)


def test_what_came_of_a_call_is_told_by_what_its_item_has(read):
    rows = (
        {"type": "item.started", "item": {"id": "a", "type": "agent_message", "text": "On"}},
        item("a", "agent_message", text="One more."),
        {"type": "item.started", "item": {"id": "b", "type": "web_search", "query": ""}},
        item("b", "web_search", query="rust lock file"),
        item("c", "mcp_tool_call", server="db", tool="ask", arguments={"q": 1}, result={"content": "3 rows"}),
        item("d", "mcp_tool_call", server="db", tool="ask", arguments={"q": 2}, error={"message": "no such table"}),
    )
    found = read(r.jsonl({"type": "thread.started", "thread_id": "t"}, *rows))
    assert [it.text for it in found.messages] == ["One more."]
    assert [(it.name, it.outcome) for it in found.tool_calls] == [
        ("web_search", "ok"),
        ("mcp__db__ask", "ok"),
        ("mcp__db__ask", "failed"),
    ]
    assert found.tool_calls[2].error == "no such table"
    assert [(it.kind, it.answer) for it in found.lookups if it.kind == "tool"] == [("tool", "3 rows")]


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("bash -lc 'npx jest'", "npx jest"),
        ("/bin/sh -c 'make it'", "make it"),
        ("python -c 'print(1)'", "python -c 'print(1)'"),
        ("bash run.sh all", "bash run.sh all"),
        ("bash -lc 'torn", "bash -lc 'torn"),
    ],
)
def test_the_command_is_what_a_shell_was_started_with(read, run, told):
    (found,) = read(r.jsonl({"type": "turn.started"}, item("a", "command_execution", command=run))).commands
    assert found.text == told


def test_what_the_user_turned_down_is_told_as_that(read):
    assert read(CODEX).commands[1].error == REFUSED
    told = called("completed", 7, "shellToolCall", args={"command": "git push"}, result={"rejected": {"reason": "no"}})
    assert [it.error for it in read(r.jsonl(told)).commands] == [REFUSED]


def test_each_answer_of_several_runs_is_told(read):
    assert [it.text for it in read(ANSWER + ANSWER.replace("fails", "passes")).messages] == [
        "One fails.",
        "One passes.",
    ]


CLAUDE = {"type": "system", "subtype": "init", "session_id": "s", "model": "m", "mcp_servers": [], "apiKeySource": "x"}


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"type": "init", "session_id": "s", "model": "m"}, "gemini_stream"),
        ({"type": "tool_use", "tool_id": "1", "tool_name": "x"}, "gemini_stream"),
        ({"type": "system", "subtype": "init", "session_id": "s", "apiKeySource": "x"}, "cursor_stream"),
        (called("started", "1", "x"), "cursor_stream"),
        (CLAUDE, ""),
        ({"type": "init", "session_id": "s"}, ""),
        ({"type": "init", "model": "m"}, ""),
        ({"kind": "init", "session_id": "s", "model": "m"}, ""),
        ({"type": "x", "session_id": "s", "model": "m"}, ""),
        ({"type": "tool_call", "call_id": "1", "tool_call": {}}, ""),
        ({"type": "x", "session_id": "s", "call_id": "1"}, ""),
        ({"type": "x", "session_id": "s", "tool_call": {}}, ""),
    ],
)
def test_a_format_is_known_by_what_only_its_rows_have(row, name):
    found = sniff_format(json.dumps(row))
    assert found == name if name else found not in ("gemini_stream", "cursor_stream", "codex_stream")
    assert sniff_format(f"see {json.dumps(row)}") == "text"
