"""Goose: ``sessions/sessions.db``, one database of all projects; ``GOOSE_PATH_ROOT`` moves it. What it exports as JSON.

A session's ``total_tokens`` is what the last response held, ``accumulated_total_tokens`` the sum of all. A compaction
hides the messages before it from the agent and adds one that only the agent sees.
``goose session export --format json`` writes the session's fields, its messages among them.
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
    from collections.abc import Iterable, Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

    Kept = tuple[Any, list[Any], Any, Any]

AGENT = "goose"
OPENING = ("goose", "run", "--interactive", "--text", "{prompt}")  # block.github.io/goose, CLI commands
USABLE = (UsableRule("block/goose: compacts at 80 %", share=0.8),)

RULE = "total tokens of the last response, as the session records them"
_SESSION = ("id", "working_dir", "updated_at", "total_tokens", "model_config_json", "session_type", "parent_session_id")
_OWN = ("user", "terminal", "acp", "")
"""Kinds of sessions that a person runs; others are subagents, schedules and the like."""
_MODELS = ("model_name", "modelName", "model")


def sniff(head: str) -> float:
    """A database with the tables of sessions and messages; their definitions stand in its first page. An export."""
    if head[:1] == "{":
        is_whole = '"working_dir"' in head and '"extension_data"' in head
        return 0.95 if is_whole or ('"role"' in head and '"toolRequest"' in head and '"toolCall"' in head) else 0.0
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
    """Yield the events of the session meant, else of the one written to last, or of the one that was exported.

    Raises InputError where a database is piped.
    """
    if source.head()[:1] == "{":
        yield from _exported(source)
        return
    if source.data is not None:
        raise InputError(f"{source.path} is a database, which cannot come by pipe", "name the file")
    with Database(source.file) as database:
        sessions = [row for row in _sessions(database) if source.session in ("", row["id"])]
        if not sessions:
            return
        session = max(sessions, key=lambda row: row["updated_at"])
        yield from _session(session)
        yield from _told(_kept(database, session["id"], source))
        tokens = tokens_of(session["total_tokens"])
        if tokens:
            yield Used(tokens, RULE)


def _exported(source: Source) -> Iterator[Event]:
    """Yield the events of an export, or of the file of rows that a session had before there was a database."""
    session = {key: value for key, value in source.members() if key in (*_SESSION, "model_config", "conversation")}
    whole = (as_dict(value) for key, value in source.members() if key == "conversation")
    rows = whole if "conversation" in session else source.rows()
    yield from _told((it.get("role"), as_list(it.get("content")), it.get("metadata"), it.get("created")) for it in rows)
    if "working_dir" not in session:
        return  # the first row, which tells of the session, is not there
    model, window = _model(as_dict(session.get("model_config")))
    id_, folder = as_str(session.get("id")) or None, as_str(session.get("working_dir")) or None
    yield Seen(model, None, id_, window, as_str(session.get("updated_at")) or None, folder=folder)
    if tokens := tokens_of(session.get("total_tokens")):
        yield Used(tokens, RULE)


def _kept(database: Database, session: str, source: Source) -> Iterator[Kept]:
    """Yield the messages of a session as ``_told`` takes them, and count them."""
    for source.position, (role, content, metadata, time) in enumerate(_messages(database, session), 1):
        blocks = decode(content)
        source.malformed += not isinstance(blocks, list)
        yield role, as_list(blocks), decode(metadata) if isinstance(metadata, str) else None, time


def _told(messages: Iterable[Kept]) -> Iterator[Event]:
    """Yield the events of messages: role, content, metadata, time of each."""
    compacted = False
    for role, content, about, time in messages:
        metadata = as_dict(about)
        shown, kind = metadata.get("userVisible", True) is not False, ""
        if metadata.get("agentVisible", True) is False:
            compacted = True
        elif compacted:
            compacted = False
            kind = "" if shown else "summary"
            yield Compacted(time=time_of(time))
        for event in _message(role, content, time_of(time)):
            said = isinstance(event, Said) and event.visible and not shown
            yield event.replace(visible=False, kind=kind) if said else event


def latest(source: Source) -> dict[str, Any] | None:
    """Return what the session meant records of its context, None where it records none: see ``transcripts.tail``."""
    with Database(source.file) as database:
        sessions = [row for row in _sessions(database) if source.session in ("", row["id"])]
    session = max(sessions, key=lambda row: row["updated_at"], default={})
    tokens = tokens_of(session.get("total_tokens"))
    if not tokens:
        return None
    model, window = _model_of(session)
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
    model, window = _model_of(session)
    yield Seen(model, None, session["id"], window, session["updated_at"] or None)


def _model_of(session: dict[str, Any]) -> tuple[str | None, int | None]:
    return _model(as_dict(decode(session["model_config_json"])) if session["model_config_json"] else {})


def _model(config: dict[str, Any]) -> tuple[str | None, int | None]:
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
    """Return an answer as the model has it: what only the user is shown says the same again."""
    value = result.get("value")
    content = as_dict(value).get("content", value)
    sent = [it for it in as_list(content) if as_dict(as_dict(it).get("annotations")).get("audience") != ["user"]]
    text = text_in(sent or content) or as_str(result.get("error"))
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
