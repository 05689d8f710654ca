"""opencode's store: ``opencode*.db`` (SQLite), of all projects, the older files below ``storage``, and exports.

Up to version 1 the tables are session, message, part and todo; version 2 writes session_v2 and session_message, and
leaves what is in the older ones as it was. A message holds the tokens of its response: ``total`` is what opencode
itself holds against the window before it compacts; where it is missing, ``input`` leaves out what came from the cache.
A subagent's session has a parent. Checked with 1.18; version 2 by public reports (getagentseal/codeburn#1293).
"""

from __future__ import annotations

import os
import re

from handoff_cli.agents.opencode_files import messages_in, object_in
from handoff_cli.core.answers import is_cut_off
from handoff_cli.core.record import Record
from handoff_cli.errors import InputError
from handoff_cli.transcripts.by_question import replies
from handoff_cli.transcripts.database import Database, is_database
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used, cut_off
from handoff_cli.transcripts.hits import as_printed
from handoff_cli.transcripts.values import (
    MAX_ROW_BYTES,
    as_dict,
    as_list,
    as_str,
    decode,
    object_of,
    sum_tokens,
    text_in,
    time_of,
    tokens_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "opencode"
USAGE_COMES_LATE = True

RULE = "total tokens of the last response"
_MESSAGES_AT_ONCE = 200
_COLUMNS = ("id", "parent_id", "directory", "title", "version", "revert", "time_updated")


class SessionRow(Record):
    """A row about a session; ``revert`` is the JSON of where it was taken back to, ``second`` a version 2 row.

    ``updated`` is when the session or a message of it was written, in milliseconds since 1970.
    """

    id: str
    parent: str
    directory: str
    title: str
    version: str
    revert: str
    updated: int
    second: bool = False


def sniff(head: str) -> float:
    """A database, or a session or message of the older storage."""
    if is_database(head):
        return 0.9
    old = head.startswith("{") and ('"ses_' in head or '"sessionID"' in head or '"projectID"' in head)
    return 0.8 if old and '"time"' in head else 0.0


def sessions_in(database: str, agent: str, format_: str) -> Iterator[Log]:
    """Yield the sessions of a ``database`` of opencode's kind, those of subagents left out."""
    from handoff_cli.agents.search import Log

    try:
        with Database(database) as opened:
            found = _sessions(opened)
    except InputError:
        return
    for session in found:
        if not session.parent:
            path = f"{database}#{session.id}"
            yield Log(agent, format_, path, session.updated / 1000, session.id, session.directory)


def latest(source: Source) -> dict[str, Any] | None:
    """Return what the last response says of the context, without reading what came before; None for older files."""
    if not is_database(source.head()):
        return None
    with Database(source.file) as database:
        session = _chosen(database, source)
        return _latest(database, session) if session else {}


def _latest(database: Database, session: SessionRow) -> dict[str, Any]:
    found: dict[str, Any] = {"version": session.version}
    for some in _batches(list(_ids(database, session))[::-1], 20):
        for message in reversed(_messages(database, session, some[::-1])):
            found["model"] = found.get("model") or _model_of(message)
            used = None if "compacted" in found else _used(message)
            if used:
                found |= {"tokens": used.tokens, "method": used.method, "rule": used.rule}
            elif _is_compaction(message):
                found["compacted"] = True
            if found["model"] and ("tokens" in found or "compacted" in found):
                return found
    return found


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the session meant in the database, of an export, or of the session the file belongs to.

    Raises InputError for a database that comes by pipe.
    """
    head = source.head()
    if _EXPORT.match(head):
        yield from _exported(source)
        return
    if not is_database(head):
        source.position = 0
        for message, parts in messages_in(source):
            source.position += 1
            yield from _message(message, parts)
        return
    if source.data is not None:
        raise InputError(f"{source.path} is a database, which cannot come by pipe", "name the file")
    with Database(source.file) as database:
        session = _chosen(database, source)
        if session is None:
            return
        yield Seen(version=session.version or None, session_id=session.id, folder=session.directory)
        source.position = 0
        listed: Any = None
        for some in _batches(list(_ids(database, session)), _MESSAGES_AT_ONCE):
            by_message = {} if session.second else _parts(database, some, source)
            for message in _messages(database, session, some, source):
                source.position += 1
                standing = _until_revert(by_message.get(message["id"], []), object_of(session.revert))
                for event in _second(message) if session.second else _message(message, standing):
                    listed = event.input if isinstance(event, Called) and event.name == "todowrite" else listed
                    yield event
        yield from _todos(database, session, listed)


_EXPORT = re.compile(r'\{\s*"info"\s*:\s*\{')
"""How what ``opencode export`` writes begins: a session, and then its messages."""


def _exported(source: Source) -> Iterator[Event]:
    """Yield the events of the one session of an export, each message of which has what it is, and its parts."""
    revert: dict[str, Any] = {}
    for key, value in source.members():
        told = as_dict(value)
        if key == "info":
            revert, version = as_dict(told.get("revert")), as_str(told.get("version")) or None
            yield Seen(version=version, session_id=as_str(told.get("id")), folder=as_str(told.get("directory")))
        elif key == "messages":
            message = as_dict(told.get("info"))
            is_last = bool(revert) and message.get("id") == revert.get("messageID")
            parts = [as_dict(it) for it in as_list(told.get("parts"))]
            if not is_last or revert.get("partID"):
                yield from _message(message, _until_revert(parts, revert))
            if is_last:
                return


def _sessions(database: Database) -> list[SessionRow]:
    """Return the sessions, each once: as version 2 has it where it does."""
    tables = database.tables()
    found: dict[str, SessionRow] = {}
    if not tables.keys() & {"session", "session_v2", "message"}:
        raise InputError(f"{database.path} is no database of opencode: it has none of its tables")
    if "session" not in tables and "message" in tables:
        for id_, updated in database.rows("SELECT session_id, MAX(time_created) FROM message GROUP BY session_id"):
            found[as_str(id_)] = SessionRow(as_str(id_), "", "", "", "", "", tokens_of(updated) or 0)
    for table, messages in (("session", "message"), ("session_v2", "session_message")):
        if table not in tables:
            continue
        columns = ", ".join(name if name in tables[table] else "NULL" for name in _COLUMNS)
        newest = "NULL"
        if messages in tables:
            newest = f"(SELECT MAX(time_created) FROM {messages} WHERE session_id = {table}.id)"  # noqa: S608
        for row in database.rows(f"SELECT {columns}, {newest} FROM {table}"):  # noqa: S608 (names of our own)
            id_, parent, directory, title, version, revert = map(as_str, row[:-2])
            updated = max((time for time in row[-2:] if isinstance(time, int)), default=0)
            second = table == "session_v2"
            found[id_] = SessionRow(id_, parent, directory, title, version, revert, updated, second)
    return list(found.values())


def _chosen(database: Database, source: Source) -> SessionRow | None:
    """Return the session the source names; else the newest that is no subagent's, of this folder if there is one."""
    found = _sessions(database)
    if source.session:
        return next((it for it in found if it.id == source.session), None)
    here = os.getcwd()
    own = [it for it in found if not it.parent]
    return max(own or found, key=lambda it: (it.directory in (here, os.path.realpath(here)), it.updated), default=None)


def _ids(database: Database, session: SessionRow) -> Iterator[str]:
    """Yield the ids of the session's messages, up to where it was taken back to."""
    table = "session_message" if session.second else "message"
    order = "seq" if session.second else "time_created, id"
    revert = object_of(session.revert)
    question = f"SELECT id FROM {table} WHERE session_id = ? AND length(data) <= ? ORDER BY {order}"  # noqa: S608
    for (id_,) in database.rows(question, session.id, MAX_ROW_BYTES):
        if revert and id_ == revert.get("messageID"):
            if revert.get("partID"):
                yield id_
            return
        yield id_


def _batches(ids: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _messages(
    database: Database, session: SessionRow, ids: list[str], source: Source | None = None
) -> list[dict[str, Any]]:
    marks = ", ".join("?" * len(ids))
    if session.second:
        question = f"SELECT id, type, data FROM session_message WHERE id IN ({marks})"  # noqa: S608
    else:
        question = f"SELECT id, NULL, data FROM message WHERE id IN ({marks})"  # noqa: S608
    found = {}
    for id_, kind, data in database.rows(question, *ids):
        more = {"sessionID": session.id, **({"type": kind} if kind else {})}
        found[id_] = {**object_in(data, source), "id": id_, **more}
    return [found[id_] for id_ in ids if id_ in found]


def _parts(database: Database, ids: list[str], source: Source) -> dict[str, list[dict[str, Any]]]:
    marks = ", ".join("?" * len(ids))
    found: dict[str, list[dict[str, Any]]] = {}
    question = f"SELECT id, message_id, data FROM part WHERE message_id IN ({marks}) AND length(data) <= ? ORDER BY id"  # noqa: S608
    for id_, message, data in database.rows(question, *ids, MAX_ROW_BYTES):
        found.setdefault(message, []).append({**object_in(data, source), "id": id_})
    return found


def _until_revert(parts: list[dict[str, Any]], revert: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts before the one the session was taken back to, where it lies among them."""
    part = revert.get("partID")
    at = next((number for number, it in enumerate(parts) if part and it.get("id") == part), len(parts))
    return parts[:at]


def _todos(database: Database, session: SessionRow, listed: Any) -> Iterator[Event]:
    """Yield the list of to-dos as it stands where that is not as it was ``listed`` by a call: one was taken back."""
    if "todo" not in database.tables():
        return
    rows = database.rows("SELECT content, status FROM todo WHERE session_id = ? ORDER BY rowid", session.id)
    written = [(it.get("content"), it.get("status")) for it in map(as_dict, as_list(as_dict(listed).get("todos")))]
    if rows and rows != written:
        todos = [{"content": content, "status": status} for content, status in rows]
        yield Called("todo-table", "todowrite", {"todos": todos}, nested=True)
        yield Returned("todo-table", "", failed=False, repeated=True)


def _model_of(message: dict[str, Any]) -> str:
    model = as_dict(message.get("model"))
    return as_str(message.get("modelID")) or as_str(model.get("modelID")) or as_str(model.get("id"))


def _is_compaction(message: dict[str, Any]) -> bool:
    """Tell whether ``message`` replaced what was said before it; one that broke off did not."""
    return message.get("type") == "compaction" or (message.get("summary") is True and not message.get("error"))


def _used(message: dict[str, Any]) -> Used | None:
    """Return the usage of a response, None where it has none, as one that was broken off."""
    tokens = as_dict(message.get("tokens"))
    if "assistant" not in (message.get("role"), message.get("type")) or message.get("summary") is True:
        return None
    cached = sum_tokens(tokens.get("cache"), ("read", "write")) or 0
    total = tokens_of(tokens.get("total")) or (sum_tokens(tokens, ("input", "output")) or 0) + cached
    time = time_of(as_dict(message.get("time")).get("created"))
    return Used(total, RULE, message.get("id"), None, time) if total else None


def _message(message: dict[str, Any], parts: list[dict[str, Any]]) -> Iterator[Event]:
    time = time_of(as_dict(message.get("time")).get("created"))
    role = as_str(message.get("role"))
    if role:
        session = as_str(message.get("sessionID"))
        yield Seen(_model_of(message), as_str(message.get("version")), session, None, time)
    summary = message.get("summary") is True
    if _is_compaction(message):
        yield Compacted(time=time)
    for part in parts:
        yield from _part(part, role, time, summary=summary)
    if used := _used(message):
        yield used
    if role == "assistant":
        yield from cut_off(message.get("finish"))
    if role == "assistant" and as_dict(message.get("error")).get("name") == _ABORTED:
        yield Turned(time, stopped=True)
    if role == "assistant" and message.get("finish") == "stop" and not summary:
        yield Turned(time)


_ABORTED = "MessageAbortedError"


def _part(part: dict[str, Any], role: str, time: str | None, *, summary: bool) -> Iterator[Event]:
    kind = part.get("type")
    if kind == "text" and role in ("user", "assistant"):
        text = as_str(part.get("text"))
        shown = not summary and part.get("synthetic") is not True and part.get("ignored") is not True
        yield Said(role, text, time, visible=shown, words=_unquoted(text), kind="summary" if summary else "")
    elif kind == "reasoning":
        yield Said("assistant", as_str(part.get("text")), time, visible=False, kind="reasoning")
    elif kind == "tool":
        yield from _tool(as_str(part.get("callID")), as_str(part.get("tool")), as_dict(part.get("state")), time)


def _unquoted(text: str) -> str | None:
    """Return what was typed where ``opencode run`` put it in quotes, None where it did not."""
    value = decode(text) if text.startswith('"') and text.endswith('"') else None
    return value if isinstance(value, str) else None


def _tool(id_: str, name: str, state: dict[str, Any], time: str | None) -> Iterator[Event]:
    yield Called(id_, name, state.get("input"), time)
    if state.get("status") in ("completed", "error"):
        metadata = {**as_dict(state.get("metadata")), **as_dict(state.get("structured"))}
        error = state.get("error")
        text = text_in(state.get("output")) or text_in(state.get("content"))
        text = text or as_str(error) or as_str(as_dict(error).get("message"))
        around = {"task": _AROUND_REPORT, "read": _AROUND_FILE}.get(name)
        text = around.sub("", text) if around else as_printed(text) if name == "grep" else text
        code = metadata.get("exit")
        exit_code = code if isinstance(code, int) and not isinstance(code, bool) else None
        told = replies(as_dict(state.get("input")).get("questions"), as_list(metadata.get("answers")))
        failed, created = state["status"] == "error" or is_cut_off(text), metadata.get("exists") is False
        yield Returned(id_, text, failed, exit_code, time, created, answers=told)


_AROUND_REPORT = re.compile(
    r"\A(?:<task [^>\n]{0,400}>\n)?(?:task_id: [^\n]{0,200}\n\n)?<task_result>\n?|\n?</task_result>(?:\n</task>)?\s*\Z"
    r"|\s{0,8}<task_metadata>[^<]{0,400}</task_metadata>\s{0,8}\Z"
)
"""What stands around a sub-agent's report."""

_AROUND_FILE = re.compile(
    r"\A(?:<path>[^<]{1,4096}</path>\n<type>file</type>\n<content>|<file>)\n"
    r"|\n\n\((?:End of file|File has more lines|Showing lines|Output capped)[^\n]{0,300}\)\n</(?:content|file)>\s*\Z"
)
"""What stands around the numbered lines of a file that was read."""


def _second(message: dict[str, Any]) -> Iterator[Event]:
    """Yield the events of a message of version 2, whose parts stand in it."""
    time, kind = time_of(as_dict(message.get("time")).get("created")), as_str(message.get("type"))
    yield Seen(_model_of(message) or None, None, as_str(message.get("sessionID")), None, time)
    if kind == "compaction":
        yield Compacted(as_str(message.get("reason")) or None, time=time)
        yield Said("user", as_str(message.get("summary")), time, visible=False, kind="summary")
    elif kind == "shell":
        id_ = as_str(message.get("callID")) or as_str(message.get("id"))
        yield Called(id_, "bash", {"command": as_str(message.get("command"))}, time)
        yield Returned(id_, as_str(message.get("output")), None, None, time)
    elif kind in ("user", "synthetic", "system"):
        text = as_str(message.get("text"))
        yield Said("system" if kind == "system" else "user", text, time, visible=kind == "user", words=_unquoted(text))
    for part in map(as_dict, as_list(message.get("content"))) if kind == "assistant" else ():
        if part.get("type") == "tool":
            id_ = as_str(part.get("callID")) or as_str(part.get("id"))
            name = as_str(part.get("name")) or as_str(part.get("tool"))
            yield from _tool(id_, name, as_dict(part.get("state")), time)
        else:
            yield from _part(part, "assistant", time, summary=False)
    if used := _used(message):
        yield used
    if kind == "assistant":
        yield from cut_off(message.get("finish"))
    if kind == "assistant" and message.get("finish") == "stop":
        yield Turned(time)
