"""opencode: its database and the files it kept before."""

from __future__ import annotations

import json
import sqlite3

import pytest

from handoff_cli.agents.readers import read_transcript
from handoff_cli.core.transcript import FileTouch
from handoff_cli.errors import InputError

TOKENS = {"input": 3_860, "output": 77, "reasoning": 17, "cache": {"read": 8_192, "write": 0}}
SESSION = [
    (
        {"role": "user", "time": {"created": 1_706_459_830_000}},
        [{"type": "text", "text": "fix it"}, {"type": "text", "text": "hidden", "synthetic": True}],
    ),
    (
        {
            "role": "assistant",
            "modelID": "gpt-5",
            "tokens": TOKENS,
            "finish": "stop",
            "time": {"created": 1_706_459_831_000},
        },
        [
            {
                "type": "tool",
                "tool": "edit",
                "callID": "1",
                "state": {"status": "completed", "input": {"filePath": "/p/a.ts"}, "output": "ok", "metadata": {}},
            },
            {
                "type": "tool",
                "tool": "bash",
                "callID": "2",
                "state": {
                    "status": "completed",
                    "input": {"command": "make"},
                    "output": "boom",
                    "metadata": {"exit": 2},
                },
            },
            {"type": "text", "text": "done"},
        ],
    ),
]
COMPACTED = ({"role": "assistant", "summary": True, "tokens": TOKENS}, [{"type": "text", "text": "what was done"}])


def database(path, sessions):
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE message (id TEXT, session_id TEXT, time_created INTEGER, data TEXT)")
        db.execute("CREATE TABLE part (id TEXT, message_id TEXT, session_id TEXT, data TEXT)")
        time = 0
        for session, messages in sessions.items():
            for number, (message, parts) in enumerate(messages):
                time += 1
                id_ = f"{session}-{number}"
                db.execute("INSERT INTO message VALUES (?, ?, ?, ?)", (id_, session, time, json.dumps(message)))
                rows = [(f"{id_}-{n}", id_, session, json.dumps(part)) for n, part in enumerate(parts)]
                db.executemany("INSERT INTO part VALUES (?, ?, ?, ?)", rows)
    db.close()
    return str(path)


def storage(root, messages):
    session = root / "storage" / "session" / "prj" / "ses_1.json"
    session.parent.mkdir(parents=True)
    session.write_text(json.dumps({"id": "ses_1", "projectID": "prj", "directory": "/p", "time": {"created": 1}}))
    for number, (message, parts) in enumerate(messages):
        file = root / "storage" / "message" / "ses_1" / f"msg_{number}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({**message, "sessionID": "ses_1"}))
        folder = root / "storage" / "part" / f"msg_{number}"
        folder.mkdir(parents=True)
        for n, part in enumerate(parts):
            (folder / f"prt_{n}.json").write_text(json.dumps(part))
    return str(session)


@pytest.mark.parametrize("kept", ["database", "files"])
def test_both_stores_give_the_same(tmp_path, kept):
    """The newest session: usage as opencode holds it against the window, words, files, commands."""
    if kept == "database":
        path = database(
            tmp_path / "opencode.db",
            {"ses_0": [({"role": "user"}, [{"type": "text", "text": "older"}])], "ses_1": SESSION},
        )
    else:
        path = storage(tmp_path, SESSION)
    found = read_transcript(path)
    assert (found.format, found.agent, found.model, found.session_ids) == ("opencode", "opencode", "gpt-5", ("ses_1",))
    assert (found.usage.tokens, found.usage.method, found.turns) == (12_129, "exact", 1)
    assert [(m.role, m.text) for m in found.messages] == [("user", "fix it"), ("assistant", "done")]
    assert found.files == (FileTouch("/p/a.ts", "modified", 1),)
    assert [(c.text, c.exit_code, c.outcome) for c in found.commands] == [("make", 2, "failed")]


def test_summary_is_a_compaction(tmp_path):
    """Its own tokens are those of the old context."""
    found = read_transcript(database(tmp_path / "opencode.db", {"s": [*SESSION, COMPACTED]}))
    assert (found.usage, [c.before for c in found.compactions]) == (None, [12_129])
    assert all(message.text != "what was done" for message in found.messages)


def test_another_database_is_one_clear_line(tmp_path):
    """No traceback of SQLite's."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t (x)")
    db.close()
    with pytest.raises(InputError, match=r"other\.db is no database of opencode: no such table"):
        read_transcript(str(path))


def test_session_id_cannot_lead_out_of_the_storage(tmp_path):
    """A path for an id is refused."""
    path = storage(tmp_path, SESSION)
    with open(path, "w") as stream:
        json.dump({"id": "../../secret", "projectID": "p", "time": {}}, stream)
    with pytest.raises(InputError, match="no session of opencode"):
        read_transcript(path)
