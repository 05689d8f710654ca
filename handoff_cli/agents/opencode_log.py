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
from handoff_cli.agents.opencode_messages import (
    events_of,
    events_of_part,
    events_of_second,
    is_compaction,
    model_of,
    used_by,
)
from handoff_cli.core.record import Record
from handoff_cli.errors import InputError
from handoff_cli.transcripts.database import Database, is_database
from handoff_cli.transcripts.events import Called, Returned, Seen, Turned
from handoff_cli.transcripts.values import MAX_ROW_BYTES, as_dict, as_list, as_str, object_of, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "opencode"
USAGE_COMES_LATE = True

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
    """A database, or a session or message of the older storage; an export, rows that a run prints."""
    if _RUN.match(head):
        return 0.9 if '"sessionID"' in head else 0.0
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
            found["model"] = found.get("model") or model_of(message)
            used = None if "compacted" in found else used_by(message)
            if used:
                found |= {"tokens": used.tokens, "method": used.method, "rule": used.rule}
            elif is_compaction(message):
                found["compacted"] = True
            if found["model"] and ("tokens" in found or "compacted" in found):
                return found
    return found


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the session meant in the database, of an export or of runs, or of that the file belongs to.

    Raises InputError for a database that comes by pipe.
    """
    head = source.head()
    if _EXPORT.match(head):
        yield from _exported(source)
        return
    if _RUN.match(head):
        yield from _printed(source)
        return
    if not is_database(head):
        source.position = 0
        for message, parts in messages_in(source):
            source.position += 1
            yield from events_of(message, parts)
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
                for event in events_of_second(message) if session.second else events_of(message, standing):
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
                yield from events_of(message, _until_revert(parts, revert))
            if is_last:
                return


_RUN = re.compile(r'\{"type":\s?"(?:step_start|tool_use|text|step_finish|reasoning|error)",\s?"timestamp":\s?\d{1,16},')
"""How a row begins that ``opencode run --format json`` prints; whoever ran it knows what was asked."""


def _printed(source: Source) -> Iterator[Event]:
    """Yield the events of the parts that runs print as each ends."""
    for row in source.rows():
        part, time = as_dict(row.get("part")), time_of(row.get("timestamp"))
        yield Seen(session_id=as_str(row.get("sessionID")) or None, time=time)
        yield from events_of_part(part, "assistant", time, summary=False)
        if part.get("type") == "step-finish" and part.get("reason") == "stop":
            yield Turned(time)


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
