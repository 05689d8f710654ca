"""Messages as JSON, among text and cut into pieces."""

from __future__ import annotations

import json

CALL = {"id": "c", "type": "function", "function": {"name": "bash", "arguments": '{"command": "make test"}'}}
MESSAGES = [
    {"role": "user", "content": "make it faster"},
    {"role": "assistant", "content": "Profiling first.", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "c", "content": "done"},
    {"role": "user", "content": "and smaller"},
]


def test_rows_between_lines_of_text(read):
    """Each run of rows goes to the reader of its format; calls and answers find each other."""
    rows = "\n".join(map(json.dumps, MESSAGES))
    found = read(f"asked so far:\n{rows}\n\nUser: and now?\nAssistant: Now this.\n")
    assert [it.text for it in found.messages if it.role == "user"] == ["make it faster", "and smaller", "and now?"]
    assert [it.text for it in found.commands] == ["make test"]


def test_a_document_cut_into_pieces(read):
    """Its end stands in another piece."""
    lines = json.dumps({"messages": MESSAGES}, indent=2).splitlines(keepends=True)
    found = read("".join(lines[:9]), "".join(lines[9:]))
    assert [it.text for it in found.messages] == ["make it faster", "Profiling first.", "and smaller"]


def test_a_document_whose_beginning_is_gone(read):
    """``tail -n 20`` of it."""
    lines = json.dumps({"messages": MESSAGES}, indent=2).splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if '"Profiling' in line)
    found = read("".join(lines[start - 1 :]))
    assert [(it.role, it.text) for it in found.messages] == [("assistant", "Profiling first."), ("user", "and smaller")]


def test_rows_of_an_agents_log(read):
    """Piped in instead of named."""
    rows = [
        {"type": "user", "sessionId": "s", "parentUuid": None, "message": {"role": "user", "content": "hi there"}},
        {"type": "user", "sessionId": "s", "parentUuid": "a", "message": {"role": "user", "content": "again"}},
    ]
    found = read(*(json.dumps(row) + "\n" for row in rows))
    assert [it.text for it in found.messages] == ["hi there", "again"]


def test_json_that_holds_no_messages_is_text(said):
    """A settings file somebody pasted."""
    assert said('User: look\n\n{"name": "x", "type": "y"}\n\nAssistant: Yes.\n')[0] == (
        "user",
        'look\n\n{"name": "x", "type": "y"}',
    )


def test_a_row_that_tells_of_the_session_is_no_word_above_its_messages(said):
    """Some logs begin so; one with other text below stays what it is."""
    head = json.dumps({"working_dir": "/p", "description": "Lamp", "message_count": 4})
    rows = "\n".join(map(json.dumps, MESSAGES))
    assert said(f"{head}\n{rows}\n")[0] == ("user", "make it faster")
    assert said(f"User: look\n\n{head}\n\nAssistant: Yes.\n")[0] == ("user", f"look\n\n{head}")


def test_a_long_document_that_only_begins_like_an_agents_refuses_nothing_else(said):
    """It has the members of a session of opencode's, and the rest of a report."""
    report = json.dumps(
        {"type": "report", "sessionID": "x y", "time": {"start": 1}, "rows": [[number] for number in range(9_000)]}
    )
    assert said(f"User: look\n\n{report}\n\nUser: and now?\n\nAssistant: Yes.\n")[-1] == ("assistant", "Yes.")
