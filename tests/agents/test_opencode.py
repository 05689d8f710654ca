"""opencode: its database and the files it kept before."""

from __future__ import annotations

import json
import sqlite3

import pytest

from handoff_cli.agents import find_agent
from handoff_cli.agents.readers import latest_usage, read_pieces, read_transcript
from handoff_cli.agents.search import Search
from handoff_cli.agents.windows import window_in_force
from handoff_cli.core.session import Session
from handoff_cli.core.settings import merge_settings
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
    with pytest.raises(InputError, match=r"other\.db is no database of opencode"):
        read_transcript(str(path))


def test_session_id_cannot_lead_out_of_the_storage(tmp_path):
    """A path for an id is refused."""
    path = storage(tmp_path, SESSION)
    with open(path, "w") as stream:
        json.dump({"id": "../../secret", "projectID": "p", "time": {}}, stream)
    with pytest.raises(InputError, match="no session of opencode"):
        read_transcript(path)


def said(role, text, tokens=None, **fields):
    usage = {"tokens": tokens, "modelID": "gpt-5", "finish": "stop"} if tokens else {}
    return ({"role": role, **usage, **fields}, [{"type": "text", "text": text}])


def total(tokens):
    return {"total": tokens, "input": tokens - 500, "output": 400, "reasoning": 100, "cache": {"read": 9, "write": 0}}


def with_sessions(path, *rows, revert=None):
    """Add the table of sessions: ``(id, parent, directory, updated)``."""
    with sqlite3.connect(path) as db:
        db.execute(
            "CREATE TABLE session (id TEXT, parent_id TEXT, directory TEXT, version TEXT, time_updated INTEGER, revert TEXT)"
        )
        db.executemany("INSERT INTO session VALUES (?, ?, ?, '1.18.33', ?, ?)", [(*row, revert) for row in rows])
    db.close()
    return path


TALK = [said("user", "do it"), said("assistant", "done", total(50_000))]


def agreed(path):
    """The usage read whole, which is the one read from the end."""
    found = read_transcript(path)
    usage, state = latest_usage(path)
    assert usage == found.usage
    assert (state.version, state.model) == ((found.versions or ("",))[-1], found.model or "")
    return found


def test_the_total_is_what_opencode_holds_against_the_window(tmp_path):
    """It holds the reasoning, and counts what came from the cache once."""
    assert agreed(database(tmp_path / "o.db", {"s": TALK})).usage.tokens == 50_000


def test_a_subagents_session_is_none_of_its_own(tmp_path):
    path = database(
        tmp_path / "o.db", {"main": TALK, "child": [said("user", "look"), said("assistant", "c", total(4_000))]}
    )
    with_sessions(path, ("main", None, "/p", 1), ("child", "main", "/p", 9_000_000_000_000))
    found = agreed(path)
    assert (found.usage.tokens, [it.text for it in found.messages]) == (50_000, ["do it", "done"])
    assert agreed(f"{path}#child").usage.tokens == 4_000


def test_the_session_of_this_folder_goes_before_a_newer_one(tmp_path, monkeypatch):
    path = database(tmp_path / "o.db", {"here": TALK, "there": [said("assistant", "b", total(9_000))]})
    with_sessions(path, ("here", None, str(tmp_path), 1), ("there", None, "/elsewhere", 2))
    monkeypatch.chdir(tmp_path)
    assert agreed(path).usage.tokens == 50_000
    monkeypatch.chdir("/")
    assert agreed(path).usage.tokens == 9_000


def test_what_was_taken_back_is_gone(tmp_path):
    """From a message on, or from a part of it; the usage is that of what stands."""
    talk = [*TALK, said("user", "in Rust"), said("assistant", "ported", total(90_000))]
    for number, revert in enumerate(({"messageID": "s-2"}, {"messageID": "s-2", "partID": "s-2-0"})):
        path = database(tmp_path / f"{number}.db", {"s": talk})
        with_sessions(path, ("s", None, "/p", 1), revert=json.dumps(revert))
        found = agreed(path)
        assert (found.usage.tokens, [it.text for it in found.messages]) == (50_000, ["do it", "done"])


def export(messages, revert=None):
    said = [
        {
            "info": {"id": f"msg_{n}", "sessionID": "ses_1", **info},
            "parts": [{"id": f"p{n}{k}", **it} for k, it in enumerate(parts)],
        }
        for n, (info, parts) in enumerate(messages)
    ]
    time = {"created": 1_706_459_829_000, "updated": 1_706_459_829_000}
    info = {"id": "ses_1", "version": "1.18.33", "directory": "/p", "title": "x", "time": time}
    return json.dumps({"info": info | ({"revert": revert} if revert else {}), "messages": said}, indent=2)


def test_an_export_gives_what_the_database_does_also_by_pipe(tmp_path):
    (tmp_path / "export.json").write_text(export(SESSION))
    found = read_transcript(str(tmp_path / "export.json"))
    kept = read_transcript(database(tmp_path / "opencode.db", {"ses_1": SESSION}))
    assert [it.text for it in found.messages] == [it.text for it in kept.messages] == ["fix it", "done"]
    assert [(it.text, it.outcome) for it in found.commands] == [("make", "failed")]
    assert (found.folder, found.session_ids, found.versions) == ("/p", ("ses_1",), ("1.18.33",))
    assert (found.usage, found.files) == (kept.usage, kept.files)
    piped = read_pieces("pieces", lambda: [(export(SESSION), True)])
    assert [it.text for it in piped.messages] == ["fix it", "done"]


@pytest.mark.parametrize(("part", "runs"), [(None, 0), ("p12", 1)])
def test_what_was_taken_back_before_an_export_is_gone(tmp_path, part, runs):
    revert = {"messageID": "msg_1", **({"partID": part} if part else {})}
    (tmp_path / "export.json").write_text(export([*SESSION, *SESSION], revert))
    found = read_transcript(str(tmp_path / "export.json"))
    assert [it.text for it in found.messages] == ["fix it"]
    assert len(found.commands) == runs


def test_the_list_of_todos_is_the_table(tmp_path):
    path = with_sessions(database(tmp_path / "o.db", {"s": TALK}), ("s", None, "/p", 1))
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE todo (session_id TEXT, content TEXT, status TEXT, position INTEGER)")
        db.execute("INSERT INTO todo VALUES ('s', 'Write the log', 'in_progress', 0), ('x', 'other', 'pending', 0)")
    db.close()
    assert [(it.text, it.status) for it in read_transcript(path).todos] == [("Write the log", "in_progress")]


@pytest.mark.parametrize(
    "around",
    [
        '<task id="ses_2" state="completed">\n<task_result>\n{}\n</task_result>\n</task>',
        "task_id: ses_2 (for resuming)\n\n<task_result>\n{}\n</task_result>",
        "{}\n\n<task_metadata>\nsession_id: ses_2\n</task_metadata>",
    ],
)
def test_a_sub_agents_report_is_told_without_its_frame(tmp_path, around):
    """Which version 1 wrote in several forms."""
    state = {"status": "completed", "input": {"description": "Find it"}, "output": around.format("It is in a.py:3.")}
    part = {"type": "tool", "tool": "task", "callID": "1", "state": state}
    found = read_transcript(database(tmp_path / "o.db", {"ses_1": [({"role": "assistant"}, [part])]}))
    assert [(it.kind, it.asked, it.answer) for it in found.lookups] == [("agent", "Find it", "It is in a.py:3.")]


def test_what_the_user_says_on_not_allowing_a_call_comes_after_it(tmp_path):
    """Though both stand in one part."""
    error = "The user rejected permission to use this specific tool call with the following feedback: leave it"
    state = {"status": "error", "input": {"command": "rm -rf build"}, "error": error}
    part = {"type": "tool", "tool": "bash", "callID": "1", "state": state}
    found = read_transcript(database(tmp_path / "o.db", {"ses_1": [({"role": "assistant"}, [part])]}))
    assert found.messages[-1].text == "leave it"
    assert found.messages[-1].position > found.commands[-1].position


@pytest.mark.parametrize(
    "around",
    [
        "<path>/p/a.py</path>\n<type>file</type>\n<content>\n{}\n\n(End of file - total 2 lines)\n</content>",
        "<file>\n{}\n\n(File has more lines. Use 'offset' parameter to read beyond line 2)\n</file>",
    ],
)
def test_what_was_read_of_a_file_is_its_lines_alone(tmp_path, around):
    """Of a short file most would be the frame's."""
    state = {"status": "completed", "input": {"filePath": "a.py"}, "output": around.format("1: x = 1\n2: y = 2")}
    part = {"type": "tool", "tool": "read", "callID": "1", "state": state}
    found = read_transcript(database(tmp_path / "o.db", {"ses_1": [({"role": "assistant"}, [part])]}))
    assert [it.answer for it in found.lookups] == ["1: x = 1\n2: y = 2"]


def test_a_list_of_todos_that_stands_as_a_call_wrote_it_was_written_then(tmp_path):
    """And not at the end of the session."""
    state = {"status": "completed", "input": {"todos": [{"content": "fix", "status": "pending"}]}, "output": "[]"}
    part = {"type": "tool", "tool": "todowrite", "callID": "1", "state": state}
    messages = [({"role": "assistant"}, [part]), ({"role": "user"}, [{"type": "text", "text": "and now?"}])]
    path = database(tmp_path / "o.db", {"ses_1": messages})
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE todo (session_id TEXT, content TEXT, status TEXT, priority TEXT, position INTEGER)")
        db.execute("INSERT INTO todo VALUES ('ses_1', 'fix', 'pending', 'high', 0)")
    found = read_transcript(path)
    assert [it.text for it in found.todos] == ["fix"]
    assert max(it.position for it in found.tool_calls) < found.messages[-1].position


def test_a_response_that_broke_off_is_no_figure(tmp_path):
    zeros = {"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}}
    path = database(tmp_path / "o.db", {"s": [*TALK, said("assistant", "", zeros, error={"name": "Aborted"})]})
    assert agreed(path).usage.tokens == 50_000
    summary = said("assistant", "", total(8_000), summary=True, error={"name": "Aborted"})
    path = database(tmp_path / "p.db", {"s": [*TALK, summary]})
    assert (agreed(path).usage.tokens, read_transcript(path).compactions) == (50_000, ())


SECOND = [
    ("user", {"text": "port it", "time": {"created": 1}}),
    (
        "assistant",
        {
            "model": {"id": "claude-sonnet-4-5", "providerID": "anthropic"},
            "content": [
                {"type": "reasoning", "text": "hm"},
                {
                    "type": "tool",
                    "id": "t1",
                    "name": "bash",
                    "state": {
                        "status": "completed",
                        "input": {"command": "make"},
                        "structured": {"exit": 2},
                        "content": [{"type": "text", "text": "boom"}],
                    },
                },
                {"type": "text", "text": "ported"},
            ],
            "tokens": {"input": 1_200, "output": 300, "reasoning": 0, "cache": {"read": 140_000, "write": 0}},
        },
    ),
]


def second(path, messages=SECOND):
    with sqlite3.connect(path) as db:
        db.execute(
            "CREATE TABLE session_v2 (id TEXT, parent_id TEXT, directory TEXT, version TEXT, time_updated INTEGER)"
        )
        db.execute("INSERT INTO session_v2 VALUES ('ses_2', NULL, '/p', '2.0.12', 5)")
        db.execute(
            "CREATE TABLE session_message (id TEXT, session_id TEXT, type TEXT, seq INTEGER, time_created INTEGER, data TEXT)"
        )
        for seq, (kind, data) in enumerate(messages):
            db.execute(
                "INSERT INTO session_message VALUES (?, 'ses_2', ?, ?, 5, ?)", (f"m{seq}", kind, seq, json.dumps(data))
            )
    db.close()
    return str(path)


def test_version_2_has_tables_of_its_own(tmp_path):
    """And what is in the older ones stands still."""
    old = with_sessions(database(tmp_path / "both.db", {"ses_1": TALK}), ("ses_1", None, "/p", 1))
    for path in (second(tmp_path / "new.db"), second(old)):
        found = agreed(path)
        assert (found.usage.tokens, found.model, found.versions) == (141_500, "claude-sonnet-4-5", ("2.0.12",))
        assert [(it.role, it.text) for it in found.messages] == [("user", "port it"), ("assistant", "ported")]
        assert [(it.text, it.exit_code, it.error) for it in found.commands] == [("make", 2, "boom")]


def test_version_2_compactions(tmp_path):
    path = second(tmp_path / "o.db", [*SECOND, ("compaction", {"reason": "auto", "summary": "what was done"})])
    found = agreed(path)
    assert (found.usage, found.compactions[0].before, found.compactions[0].trigger) == (None, 141_500, "auto")
    assert [it.text for it in found.summaries] == ["what was done"]


def test_a_change_in_the_databases_own_log_is_seen(tmp_path):
    """SQLite writes it beside the file, which stays as it was until later."""
    path = database(tmp_path / "o.db", {"s": TALK})
    with sqlite3.connect(path) as setting:
        setting.execute("PRAGMA journal_mode=WAL")
    setting.close()
    _, state = latest_usage(path)
    db = sqlite3.connect(path)
    with db:
        row = ("s-9", "s", 99, json.dumps(said("assistant", "more", total(60_000))[0]))
        db.execute("INSERT INTO message VALUES (?, ?, ?, ?)", row)
    assert latest_usage(path, state)[0].tokens == 60_000
    db.close()


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ({"context": 200_000, "output": 8_000}, (200_000, 192_000)),
        ({"context": 200_000, "output": 64_000}, (200_000, 168_000)),
        ({"context": 400_000, "input": 272_000, "output": 128_000}, (400_000, 252_000)),
        ({"context": 60_000, "input": 50_000, "output": 4_000}, (60_000, 46_000)),
    ],
)
def test_the_limits_that_the_users_settings_give_a_model_count(tmp_path, limit, expected):
    settings = tmp_path / "opencode" / "opencode.jsonc"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"provider": {"mine": {"models": {"my-model": {"limit": limit}}}}}) + "// mine")
    session = Session("s", "", "", agent="opencode", model="my-model")
    nothing = merge_settings([])
    found = window_in_force(nothing, session, None, {"XDG_CONFIG_HOME": str(tmp_path)}).thresholds
    assert (found.context_window_limit, found.usable_tokens) == expected


@pytest.mark.parametrize(
    ("compaction", "environ", "expected"),
    [
        ({"reserved": 40_000}, {}, 232_000),
        ({"auto": False}, {}, 400_000),
        ({}, {"OPENCODE_DISABLE_AUTOCOMPACT": "1"}, 400_000),
        ({}, {"OPENCODE_DISABLE_AUTOCOMPACT": "0"}, 252_000),
        ({"auto": True, "reserved": "x"}, {}, 252_000),
    ],
)
def test_where_compaction_is_switched_off_all_of_the_window_can_be_used(tmp_path, compaction, environ, expected):
    settings = tmp_path / "opencode" / "opencode.json"
    settings.parent.mkdir()
    limit = {"context": 400_000, "input": 272_000, "output": 128_000}
    models = {"provider": {"mine": {"models": {"my-model": {"limit": limit}}}}}
    settings.write_text(json.dumps({**models, "compaction": compaction}))
    session = Session("s", "", "", agent="opencode", model="my-model")
    found = window_in_force(merge_settings([]), session, None, {"XDG_CONFIG_HOME": str(tmp_path), **environ})
    assert found.thresholds.usable_tokens == expected


def test_a_database_that_is_named_is_searched_too(tmp_path):
    path = tmp_path / "else" / "own.db"
    path.parent.mkdir()
    database(path, {"s": SESSION})
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE session (id TEXT, parent_id TEXT, directory TEXT, time_updated INTEGER)")
        db.execute("INSERT INTO session VALUES ('s', NULL, '/p', 1)")
    db.close()
    named = Search("/p", str(tmp_path), {"OPENCODE_DB": str(path)})
    assert [log.session for log in named.logs(find_agent("opencode"))] == ["s"]
