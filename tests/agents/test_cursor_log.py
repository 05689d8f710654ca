"""Cursor's transcripts and the database of its editor."""

from __future__ import annotations

import json
import sqlite3

import pytest

from handoff_cli.agents import cursor_log
from handoff_cli.agents.cursor_log import user_said
from handoff_cli.agents.readers import read_transcript
from handoff_cli.transcripts.source import Source
from tests.agents.made_up import CURSOR, cursor_database, jsonl, text


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        ({"status": "completed", "result": '{"output": "fine", "exitCode": 0}'}, "ok"),
        ({"status": "completed", "result": '{"output": "no", "exitCode": 1}'}, "failed"),
        ({"status": "completed", "result": '{"rejected": true}'}, "failed"),
        ({"status": "completed", "additionalData": {"status": "rejected"}}, "failed"),
        ({"status": "cancelled", "error": '{"clientVisibleErrorMessage": "skipped"}'}, "failed"),
        ({"status": "loading"}, None),
    ],
)
def test_no_single_field_tells_how_a_call_went(tmp_path, call, outcome):
    """State, refusal and exit code all do."""
    path = cursor_database(tmp_path / "state.vscdb")
    connection = sqlite3.connect(path)
    tool = {"name": "run_terminal_command_v2", "toolCallId": "c9", "params": '{"command": "ls"}', **call}
    connection.execute(
        "INSERT INTO cursorDiskKV VALUES ('bubbleId:chat-1:b3', ?)", (json.dumps({"type": 2, "toolFormerData": tool}),)
    )
    connection.commit()
    connection.close()
    [command] = read_transcript(path).commands
    assert command.outcome == outcome


def test_the_chat_meant_is_read(tmp_path):
    """The one changed last that is no subagent's, where none is named; its figure is told without reading all."""
    path = cursor_database(tmp_path / "state.vscdb")
    found = read_transcript(path)
    assert found.session_ids == ("chat-1",)
    assert [(todo.text, todo.status) for todo in found.todos] == [("changelog", "pending")]
    assert cursor_log.latest(Source(path)) == {
        "tokens": 15_065, "rule": cursor_log.RULE, "window": 200_000, "model": "claude-opus-4-5",
    }  # fmt: skip
    assert cursor_log.latest(Source(f"{path}#chat-9")) is None


def test_the_model_stands_in_the_chats_own_database(tmp_path):
    """By the session's id, as JSON in hexadecimal."""
    log = tmp_path / ".cursor/projects/work-app/agent-transcripts/cu-1/cu-1.jsonl"
    store = tmp_path / ".cursor/chats/0a1b/cu-1/store.db"
    for path in (log, store):
        path.parent.mkdir(parents=True)
    log.write_text(CURSOR)
    connection = sqlite3.connect(store)
    connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")
    connection.execute(
        "INSERT INTO meta VALUES ('0', ?)", (json.dumps({"lastUsedModel": "gpt-5.6-sol"}).encode().hex(),)
    )
    connection.commit()
    connection.close()
    assert read_transcript(str(log)).model == "gpt-5.6-sol"
    store.write_text("damaged")
    assert read_transcript(str(log)).model is None


def test_what_cursor_puts_around_a_request_is_nobodys(read):
    """Rules and attached files come as the user's rows."""
    rows = jsonl({"role": "user", "message": {"content": text("<rules>\nbe brief\n</rules>")}})
    assert [message.text for message in read(rows + CURSOR).messages if message.role == "user"] == [
        "Mend the adder, then run the tests"
    ]


def test_the_mark_for_thoughts_that_were_left_out_is_no_word_of_the_agents(read):
    """It stands for all of a message or below what was said."""
    rows = [{"role": "assistant", "message": {"content": text(it)}} for it in ("[REDACTED]", "Done.\n\n[REDACTED]")]
    assert [it.text for it in read(CURSOR + jsonl(*rows)).messages][-1] == "Done."


def test_answers_come_in_the_order_of_the_calls(read):
    """Where a version writes them at all: neither names the other."""
    asked, called, *_ = CURSOR.splitlines(keepends=True)
    answer = {"type": "tool_result", "content": "def add"}
    rows = [jsonl({"role": "user", "message": {"content": [it]}}) for it in (answer, {**answer, "is_error": False})]
    calls = read(asked + called + rows[0]).tool_calls
    assert [(call.name, call.outcome) for call in calls] == [("Read", "ok"), ("Shell", None), ("StrReplace", None)]
    assert read(asked + called + rows[0]).files == read(asked + called + rows[1]).files


@pytest.mark.parametrize(
    ("after", "made"),
    [
        ({"role": "assistant", "message": {"content": text("Next.")}}, True),
        ({"type": "turn_ended", "status": "success"}, True),
        ({"type": "turn_ended", "status": "aborted"}, False),
        ({"role": "user", "message": {"content": text("<user_query>no</user_query>")}}, False),
    ],
)
def test_a_call_is_over_once_the_agent_goes_on(read, after, made):
    """How, nobody wrote down; of one that the user cut into it is not known whether it ran."""
    asked, called, *_ = CURSOR.splitlines(keepends=True)
    again = {"role": "user", "message": {"content": text("<user_query>go on</user_query>")}}
    more = {"role": "assistant", "message": {"content": text("So be it.")}}
    found = read(asked + called + jsonl(after, again, more))
    assert [it.outcome for it in found.commands] == ["ended" if made else None]
    assert [it.outcome for it in found.edits] == ["ok"] * made


def test_what_a_sub_agent_reported_stands_in_a_log_of_its_own(tmp_path):
    """In the folder of those that the session called; what it was asked tells which it is."""
    task = {"type": "tool_use", "name": "Task", "input": {"description": "Find it", "prompt": "Where is it?"}}
    path = tmp_path / "s-1.jsonl"
    path.write_text(
        jsonl({"role": "assistant", "message": {"content": [task]}}, {"type": "turn_ended", "status": "success"})
    )
    (tmp_path / "subagents").mkdir()
    said = [
        ("user", "<user_query>\nWhere is it?\n</user_query>"),
        ("assistant", "Looking"),
        ("assistant", "In a.py:3."),
    ]
    rows = [{"role": role, "message": {"content": text(it)}} for role, it in said]
    (tmp_path / "subagents" / "s-2.jsonl").write_text(
        jsonl(*rows, rows[-1] | {"message": {"content": text("[REDACTED]")}})
    )
    (tmp_path / "subagents" / "s-3.jsonl").write_text("")
    found = read_transcript(str(path), format="cursor")
    assert [(it.kind, it.asked, it.answer) for it in found.lookups] == [("agent", "Find it", "In a.py:3.")]


def test_what_the_program_asks_for_when_a_command_has_ended_is_no_request():
    """Nobody typed it."""
    notice = "<system_notification>\nThe task has finished.\n</system_notification>\n<user_query>Briefly inform the user</user_query>"
    assert not user_said(notice, None).visible
    assert user_said("<user_query>Build it</user_query>", None).words == "Build it"
