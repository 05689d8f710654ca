"""Goose: ``sessions/sessions.db``, one database of all projects; ``GOOSE_PATH_ROOT`` moves it.

A session's ``total_tokens`` is what the last response held, ``accumulated_total_tokens`` the sum of all. A compaction
hides the messages before it from the agent and adds one that only the agent sees.
Sources of the rules: block/goose, ``session_manager.rs``; agentsview, which reads the same tables.
"""

from __future__ import annotations

import os

from handoff_cli.agents.windows import UsableRule
from handoff_cli.errors import InputError
from handoff_cli.transcripts.database import Database, is_database
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Used
from handoff_cli.transcripts.tools import exit_code_at_end
from handoff_cli.transcripts.values import MAX_ROW_BYTES, as_dict, as_list, as_str, decode, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "goose"
OPENING = ("goose", "run", "--interactive", "--text", "{prompt}")  # block.github.io/goose, CLI commands
USABLE = (UsableRule("block/goose: compacts at 80 %", share=0.8),)

RULE = "total tokens of the last response, as the session records them"
_SESSION = ("id", "working_dir", "updated_at", "total_tokens", "model_config_json", "session_type", "parent_session_id")
_OWN = ("user", "terminal", "acp", "")
"""Kinds of sessions that a person runs; others are subagents, schedules and the like."""
_MODELS = ("model_name", "modelName", "model")


def sniff(head: str) -> float:
    """A database with the tables of sessions and messages; their definitions stand in its first page."""
    return 0.95 if is_database(head) and "content_json" in head and "working_dir" in head else 0.0


def logs(search: Search) -> Iterator[Log]:
    """Yield the sessions of the database that a person ran."""
    from handoff_cli.agents.search import Log

    root = search.environ.get("GOOSE_PATH_ROOT")
    folder = os.path.join(root, "data") if root else search.data_root("goose")
    path = os.path.join(folder, "sessions", "sessions.db")
    if not os.path.isfile(path):
        return
    try:
        with Database(path) as database:
            for session in _sessions(database):
                modified = _seconds(session["updated_at"])
                yield Log(AGENT, "goose", f"{path}#{session['id']}", modified, session["id"], session["working_dir"])
    except InputError:
        return


def folder_of(log: Log) -> str | None:
    """Return the folder of a session; the database tells it with each."""
    return log.folder or None


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the session meant, else of the one written to last; raises InputError where it is piped."""
    if source.data is not None:
        raise InputError(f"{source.path} is a database, which cannot come by pipe", "name the file")
    with Database(source.file) as database:
        sessions = [row for row in _sessions(database) if source.session in ("", row["id"])]
        if not sessions:
            return
        session = max(sessions, key=lambda row: row["updated_at"])
        yield from _session(session)
        compacted = False
        for source.position, row in enumerate(_messages(database, session["id"]), 1):
            metadata = as_dict(decode(row[2])) if isinstance(row[2], str) else {}
            shown, kind = metadata.get("userVisible", True) is not False, ""
            if metadata.get("agentVisible", True) is False:
                compacted = True
            elif compacted:
                compacted = False
                kind = "" if shown else "summary"
                yield Compacted(time=time_of(row[3]))
            content = decode(row[1])
            source.malformed += not isinstance(content, list)
            for event in _message(row[0], as_list(content), time_of(row[3])):
                said = isinstance(event, Said) and event.visible and not shown
                yield event.replace(visible=False, kind=kind) if said else event
        tokens = tokens_of(session["total_tokens"])
        if tokens:
            yield Used(tokens, RULE)


def latest(source: Source) -> dict[str, Any] | None:
    """Return what the session meant records of its context, None where it records none: see ``transcripts.tail``."""
    with Database(source.file) as database:
        sessions = [row for row in _sessions(database) if source.session in ("", row["id"])]
    session = max(sessions, key=lambda row: row["updated_at"], default={})
    tokens = tokens_of(session.get("total_tokens"))
    if not tokens:
        return None
    model, window = _model(session)
    return {"tokens": tokens, "rule": RULE, "window": window, "model": model or ""}


def _messages(database: Database, session: str) -> Iterator[tuple[Any, ...]]:
    """Yield role, content, metadata and time of the messages in order, a few at a time."""
    order = "SELECT id FROM messages WHERE session_id = ? AND length(content_json) <= ? ORDER BY created_timestamp, id"
    ids = [id_ for (id_,) in database.rows(order, session, MAX_ROW_BYTES)]
    for id_ in ids:
        yield from database.rows(
            "SELECT role, content_json, metadata_json, created_timestamp FROM messages WHERE id = ?", id_
        )


def _sessions(database: Database) -> list[dict[str, Any]]:
    columns = database.tables().get("sessions", set())
    names = [f"CAST({name} AS TEXT)" if name in columns else "''" for name in _SESSION]
    names[_SESSION.index("total_tokens")] = "total_tokens" if "total_tokens" in columns else "NULL"
    question = f"SELECT {', '.join(names)} FROM sessions"  # noqa: S608 (names of our own)
    rows = [dict(zip(_SESSION, row, strict=True)) for row in database.rows(question)]
    texts = [name for name in _SESSION if name != "total_tokens"]
    rows = [{**row, **{name: as_str(row[name]) for name in texts}} for row in rows]
    return [row for row in rows if row["session_type"] in _OWN and not row["parent_session_id"]]


def _session(session: dict[str, Any]) -> Iterator[Event]:
    model, window = _model(session)
    yield Seen(model, None, session["id"], window, session["updated_at"] or None)


def _model(session: dict[str, Any]) -> tuple[str | None, int | None]:
    config = as_dict(decode(session["model_config_json"])) if session["model_config_json"] else {}
    model = next((as_str(config[name]) for name in _MODELS if as_str(config.get(name))), None)
    return model, tokens_of(config.get("context_limit")) or None


def _message(role: Any, content: list[Any], time: str | None) -> Iterator[Event]:
    for block in map(as_dict, content):
        kind, id_ = block.get("type"), as_str(block.get("id"))
        if kind == "text" and role in ("user", "assistant"):
            yield Said(role, as_str(block.get("text")), time)
        elif kind == "thinking":
            yield Said("assistant", as_str(block.get("thinking")), time, visible=False, kind="reasoning")
        elif kind in ("toolRequest", "frontendToolRequest"):
            call = as_dict(as_dict(block.get("toolCall")).get("value"))
            yield Called(id_, as_str(call.get("name")), call.get("arguments"), time)
        elif kind == "toolResponse":
            yield _returned(id_, as_dict(block.get("toolResult")), time)


def _returned(id_: str, result: dict[str, Any], time: str | None) -> Returned:
    value = result.get("value")
    text = text_in(as_dict(value).get("content", value)) or as_str(result.get("error"))
    code = exit_code_at_end(text)
    failed = result.get("status") == "error" or as_dict(value).get("isError") is True or bool(code)
    return Returned(id_, text, failed, code, time)


def _seconds(time: str) -> float:
    """Return a time of the database, which is UTC, in seconds since 1970; 0 for one that is none."""
    from calendar import timegm
    from time import strptime

    try:
        return float(timegm(strptime(time[:19].replace("T", " "), "%Y-%m-%d %H:%M:%S")))
    except ValueError:
        return 0.0
