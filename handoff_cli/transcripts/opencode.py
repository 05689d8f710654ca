"""opencode: ``opencode*.db`` (SQLite: session, message, part) and the older ``storage/{session,message,part}`` files.

A message holds the tokens of its response, ``input`` without what came from the cache; what opencode itself holds
against the window before it compacts is input + output + cache read + cache write (its ``overflow.ts``).
"""

from __future__ import annotations

import os
import re

from handoff_cli.errors import InputError
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.source import MAX_ROW_BYTES, Source, decode
from handoff_cli.transcripts.values import as_dict, as_str, sum_tokens, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event

AGENT = "opencode"

RULE = "input + output + cache read + cache write of the last response"
_SQLITE = "SQLite format 3"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,200}")
"""What may be a file's name and nothing more."""
_MAX_FILES = 100_000


def sniff(head: str) -> float:
    """A database, or a session or message of the older storage."""
    if head.startswith(_SQLITE):
        return 0.9
    old = head.startswith("{") and ('"ses_' in head or '"sessionID"' in head or '"projectID"' in head)
    return 0.8 if old and '"time"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the session last written to in the database, or of the session the file belongs to."""
    messages = _database(source) if source.head().startswith(_SQLITE) else _storage(source)
    for source.position, (message, parts) in enumerate(messages, 1):
        yield from _message(message, parts)


def _database(source: Source) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    import sqlite3
    from urllib.parse import quote

    if source.data is not None:
        raise InputError(f"{source.path} is a database, which cannot come by pipe", "name the file")
    uri = f"file:{quote(os.path.abspath(source.path))}?mode=ro"
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=1.0)
        try:
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            yield from _newest_session(connection, source)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise InputError(f"{source.path} is no database of opencode: {error}") from None


def _newest_session(connection: Any, source: Source) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    newest = connection.execute("SELECT session_id FROM message ORDER BY time_created DESC, id DESC LIMIT 1").fetchone()
    if newest is None:
        return
    rows = connection.execute(
        "SELECT id, data FROM message WHERE session_id = ? AND length(data) <= ? ORDER BY time_created, id",
        (newest[0], MAX_ROW_BYTES),
    )
    for id_, data in rows:
        parts = connection.execute(
            "SELECT data FROM part WHERE message_id = ? AND length(data) <= ? ORDER BY id", (id_, MAX_ROW_BYTES)
        )
        message = _object(data, source)
        message.setdefault("sessionID", newest[0])
        yield message, [_object(part, source) for (part,) in parts]


def _object(data: Any, source: Source) -> dict[str, Any]:
    value = decode(data) if isinstance(data, str | bytes) else None
    source.malformed += not isinstance(value, dict)
    return as_dict(value)


def _storage(source: Source) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Read a session's messages beside its file: in ``storage/message/<session>/``, ``storage/part/<message>/``."""
    row = _file(source, source.path)
    id_ = as_str(row.get("sessionID")) or as_str(row.get("id"))
    if source.data is not None or not _ID.fullmatch(id_):
        raise InputError(f"{source.path} is no session of opencode: it has no id", "name storage/session/…/<id>.json")
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(source.path))))
    messages = os.path.join(root, "message", id_)
    for name in _names(messages):
        message = _file(source, os.path.join(messages, name))
        folder = os.path.join(root, "part", name.removesuffix(".json"))
        yield message, [_file(source, os.path.join(folder, part)) for part in _names(folder)]


def _names(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".json"))[-_MAX_FILES:]
    except OSError:
        return []


def _file(source: Source, path: str) -> dict[str, Any]:
    try:
        if source.data is None and os.path.getsize(path) <= MAX_ROW_BYTES:
            with open(path, "rb") as stream:
                return _object(stream.read(), source)
    except OSError:
        return {}
    return {}


def _message(message: dict[str, Any], parts: list[dict[str, Any]]) -> Iterator[Event]:
    time = time_of(as_dict(message.get("time")).get("created"))
    role = as_str(message.get("role"))
    model = as_str(message.get("modelID")) or as_str(as_dict(message.get("model")).get("modelID"))
    if role:
        yield Seen(model, as_str(message.get("version")), as_str(message.get("sessionID")), None, time)
    summary = message.get("summary") is True
    if summary:
        yield Compacted(time=time)
    for part in parts:
        yield from _part(part, role, time, visible=not summary)
    tokens = as_dict(message.get("tokens"))
    used = sum_tokens(tokens, ("input", "output"))
    cached = sum_tokens(tokens.get("cache"), ("read", "write"))
    if role == "assistant" and not summary and (used or cached):
        yield Used((used or 0) + (cached or 0), RULE, None, None, time)
    if role == "assistant" and message.get("finish") == "stop":
        yield Turned(time)


def _part(part: dict[str, Any], role: str, time: str | None, *, visible: bool) -> Iterator[Event]:
    kind = part.get("type")
    if kind == "text" and role in ("user", "assistant"):
        yield Said(role, as_str(part.get("text")), time, visible=visible and part.get("synthetic") is not True)
    elif kind == "reasoning":
        yield Said("assistant", as_str(part.get("text")), time, visible=False)
    elif kind == "tool":
        id_, state = as_str(part.get("callID")), as_dict(part.get("state"))
        yield Called(id_, as_str(part.get("tool")), state.get("input"), time)
        if state.get("status") in ("completed", "error"):
            metadata = as_dict(state.get("metadata"))
            code = tokens_of(metadata.get("exit"))
            text = text_in(state.get("output")) or as_str(state.get("error"))
            created = metadata.get("exists") is False
            yield Returned(id_, text, state["status"] == "error", code, time, created)
