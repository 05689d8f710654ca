"""What Cursor's command line keeps of a chat beside its transcript: the answers of calls, and thoughts."""

from __future__ import annotations

import hashlib
import json
import sqlite3

import pytest

from handoff_cli.agents.readers import read_transcript
from handoff_cli.core.transcript import REFUSED
from tests.agents.made_up import ASKED, SAID, jsonl, text

RUN = ("Shell", {"command": "python test_adder.py", "description": "test"})
PRINTED = "Exit code: {}\n\nCommand output:\n\n```\n{}\n```\n\nCommand completed in 9 ms.\n\nShell state persists."


def message(role, *content, **high):
    options = {"providerOptions": {"cursor": {"highLevelToolCallResult": high}}} if high else {}
    return {"role": role, "content": list(content), **options}


def called(id_, name, args):
    return {"type": "tool-call", "toolCallId": id_, "toolName": name, "args": args}


def answered(id_, name, result, **high):
    return message("tool", {"type": "tool-result", "toolCallId": id_, "toolName": name, "result": result}, **high)


@pytest.fixture
def chat(tmp_path):
    """Read a chat of ``calls`` whose database holds ``messages``."""

    def reading(calls, messages):
        log = tmp_path / ".cursor/projects/srv-app/agent-transcripts/cu-1/cu-1.jsonl"
        store = tmp_path / ".cursor/chats/0a1b/cu-1/store.db"
        for path in (log, store):
            path.parent.mkdir(parents=True)
        blocks = [{"type": "tool_use", "name": name, "input": args} for name, args in calls]
        log.write_text(jsonl(
            {"role": "user", "message": {"content": text(f"<user_query>\n{ASKED}\n</user_query>")}},
            {"role": "assistant", "message": {"content": blocks}},
            {"role": "assistant", "message": {"content": text(SAID)}},
        ))  # fmt: skip
        keep(store, messages)
        return read_transcript(str(log))

    return reading


def keep(store, messages):
    blobs = [json.dumps(it).encode() for it in messages]
    root = b"".join(b"\n\x20" + hashlib.sha256(it).digest() for it in blobs) + b"\x4a\x01/"
    about = json.dumps({"latestRootBlobId": "root", "lastUsedModel": "small-1"}).encode().hex()
    with sqlite3.connect(store) as db:
        db.execute("CREATE TABLE blobs (id TEXT PRIMARY KEY, data BLOB)")
        db.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")
        db.executemany("INSERT INTO blobs VALUES (?, ?)", [(hashlib.sha256(it).hexdigest(), it) for it in blobs])
        db.execute("INSERT INTO blobs VALUES ('root', ?)", (root,))
        db.execute("INSERT INTO meta VALUES ('0', ?)", (about,))
    db.close()


def test_a_command_has_its_output_and_exit_code(chat):
    """Of calls that are the same the answers come in order."""
    messages = [
        {"role": "user", "content": "<user_info>\nWorkspace Path: /srv/app\n</user_info>"},
        message("assistant", called("t1", *RUN), called("t2", *RUN)),
        answered("t1", "Shell", PRINTED.format(1, "1 failed")),
        answered("t2", "Shell", PRINTED.format(0, "1 passed")),
    ]
    found = chat([RUN, RUN], messages)
    assert [(it.output, it.exit_code, it.outcome) for it in found.commands] == [
        ("1 failed", 1, "failed"), ("1 passed", 0, "ok"),
    ]  # fmt: skip
    assert (found.folder, found.model) == ("/srv/app", "small-1")


def test_an_answer_to_another_call_is_not_taken(chat):
    """The database may hold less than the transcript: of a command it does not know nobody knows how it ended."""
    other = ("Shell", {"command": "make"})
    messages = [message("assistant", called("t1", *other)), answered("t1", "Shell", PRINTED.format(1, "no rule"))]
    [command] = chat([RUN], messages).commands
    assert (command.output, command.exit_code) == (None, None)


def test_a_no_comes_with_its_reason(chat):
    high = {"output": {"rejected": {"command": "x", "reason": "not here"}}, "isError": True}
    messages = [message("assistant", called("t1", *RUN)), answered("t1", "Shell", "Rejected: not here", **high)]
    found = chat([RUN], messages)
    assert found.commands[0].error.startswith(REFUSED)
    assert [it.text for it in found.messages if it.role == "user"] == [ASKED, "not here"]


def test_thoughts_stand_before_what_came_of_them(chat):
    """The transcript leaves them out."""
    reasoning = {"type": "reasoning", "text": "The sign is wrong."}
    messages = [message("assistant", reasoning, called("t1", *RUN))]
    assert [it.text for it in chat([RUN], messages).reasonings] == ["The sign is wrong."]


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("Question q1: Selected option(s) b", "Second"),
        ("Question q1: Selected option(s) a, b, freeform: in May", "First, Second, in May"),
        ("Question q1: neither", "neither"),
    ],
)
def test_the_users_answers_are_told_by_the_questions(chat, told, answer):
    options = [{"id": "a", "label": "First"}, {"id": "b", "label": "Second"}]
    ask = ("AskQuestion", {"questions": [{"id": "q1", "prompt": "Which?", "options": options}]})
    result = f"User questions responses:\n{told}"
    found = chat([ask], [message("assistant", called("t1", *ask)), answered("t1", "AskQuestion", result)])
    assert [(it.question, it.answer) for it in found.answers] == [("Which?", answer)]


@pytest.mark.parametrize("root", [b"", b"\n\x20short", b"\x12\x00"])
def test_a_root_that_lists_nothing_is_no_error(chat, tmp_path, root):
    found = chat([RUN], [])
    store = tmp_path / ".cursor/chats/0a1b/cu-1/store.db"
    with sqlite3.connect(store) as db:
        db.execute("UPDATE blobs SET data = ? WHERE id = 'root'", (root,))
    db.close()
    again = read_transcript(str(tmp_path / ".cursor/projects/srv-app/agent-transcripts/cu-1/cu-1.jsonl"))
    assert again.messages == found.messages
