"""Cursor's logs: the transcripts of its agent (command line and editor), and the database the editor keeps chats in.

``~/.cursor/projects/<project>/agent-transcripts/<session>/<session>.jsonl`` holds what was said and called, neither
answers nor usage: the context is estimated, and a call that others follow is over; how, only the chat's own database
tells (``cursor_store``). What sub-agents were asked and said stands in logs of their own, in ``subagents`` beside it.
``globalStorage/state.vscdb`` holds all, and Cursor's own figure of the context. Sources of the rules: public readers of
the same files (agentsview, agent-sessions); samples of both.
"""

from __future__ import annotations

import os
from collections import deque

from handoff_cli.agents.cursor_store import Stored
from handoff_cli.core.patterns import lazily
from handoff_cli.errors import InputError
from handoff_cli.transcripts.database import Database, is_database
from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.source import Source, json_in
from handoff_cli.transcripts.tagged import elements
from handoff_cli.transcripts.values import (
    MAX_ROW_BYTES,
    as_dict,
    as_list,
    as_str,
    decode,
    object_of,
    path_of,
    text_in,
    time_of,
    tokens_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event

AGENT = "cursor"

RULE = "context tokens, as the chat records them"
_ROW = lazily(r'\{\s*"role"\s*:\s*"(?:user|assistant)"\s*,\s*"message"\s*:\s*\{\s*"content"')
_TYPED = lazily(r"<(user_query)>")
_SESSION = lazily(r"[A-Za-z0-9-]{1,100}")
_NO_MODEL = ("", "default", "auto")
_WITHHELD = "[REDACTED]"
_MAX_WAITING = 200
_FAILED = ("error", "cancelled", "canceled", "rejected")
_STOPPED = ("aborted", "cancelled", "canceled", "interrupted")


def sniff(head: str) -> float:
    """Rows of a role with the message's content; or the editor's database."""
    if is_database(head):
        return 0.95 if "cursorDiskKV" in head else 0.0
    return 0.96 if _ROW.match(head) else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of a transcript, or of the chat meant (else of the one changed last) of the database."""
    if is_database(source.head()):
        yield from _database(source)
        return
    stored = _stored(source)
    yield Seen(session_id=_session_of(source), model=_model(stored.about.get("lastUsedModel")), folder=stored.folder)
    waiting: deque[Called] = deque(maxlen=_MAX_WAITING)
    reports = _reports(source)
    for row in source.rows():
        role = as_str(row.get("role"))
        if role == "assistant" or row.get("status") == "success":
            yield from _ended(waiting, reports, stored)
        if row.get("type") == "turn_ended":
            yield Turned(stopped=row.get("status") in _STOPPED)
        yield Seen(model=_model(row.get("model")))
        content = as_dict(row.get("message")).get("content")
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else as_list(content)
        if role == "assistant" and (thought := stored.thought([*map(as_dict, blocks)])):
            yield Said("assistant", thought, visible=False, kind="reasoning")
        for number, block in enumerate(map(as_dict, blocks)):
            for event in _block(block, role, f"{source.position}-{number}", waiting):
                if isinstance(event, Called):
                    waiting.append(event)
                elif role == "user" and isinstance(event, Said) and event.visible:  # who cut into it
                    yield from _stored_of(waiting, stored)
                yield event
    yield from _stored_of(waiting, stored)


def _ended(waiting: deque[Called], reports: dict[str, str], stored: Stored) -> Iterator[Returned]:
    """Yield the end of the calls, with the answers that are ``stored``; of a sub-agent's its own log tells it."""
    while waiting:
        call = waiting.popleft()
        asked = as_str(as_dict(call.input).get("prompt")).strip()
        yield stored.answer(call) or Returned(call.id, reports.get(asked, ""), ended=True)


def _stored_of(waiting: deque[Called], stored: Stored) -> Iterator[Returned]:
    """Yield the answers that are ``stored`` to calls that nothing in the transcript says to be over."""
    while waiting:
        if answer := stored.answer(waiting.popleft()):
            yield answer


def _reports(source: Source) -> dict[str, str]:
    """Return what each sub-agent said last, by what it was asked."""
    folder = os.path.join(os.path.dirname(os.path.abspath(source.file)), "subagents")
    logs = [] if source.data is not None else [it for it in _folders(folder) if it.endswith(".jsonl")]
    found: dict[str, str] = {}
    for path in [it for it in logs[:_MAX_WAITING] if os.path.isfile(it) and os.path.getsize(it)]:
        asked = said = ""
        for row in Source(path).rows():
            text = text_in(as_dict(row.get("message")).get("content"))
            if row.get("role") == "user":
                asked = asked or user_said(text, None).words or text
            elif row.get("role") == "assistant":
                said = text.removesuffix(_WITHHELD).rstrip() or said
        found[asked.strip()] = said
    return found


def _block(block: dict[str, Any], role: str, id_: str, waiting: deque[Called]) -> Iterator[Event]:
    """Calls have no id: where answers are written at all, they come in the order of the calls."""
    kind = as_str(block.get("type")).replace("-", "_")
    if kind == "text":
        text = as_str(block.get("text"))
        yield user_said(text, None) if role == "user" else _agent_said(text)
    elif kind == "thinking":
        yield Said("assistant", as_str(block.get("thinking")), visible=False, kind="reasoning")
    elif kind in ("tool_use", "tool_call"):
        folder = as_str(object_of(block.get("input")).get("working_directory"))
        yield Called(id_, as_str(block.get("name")), block.get("input"), folder=folder)
    elif kind == "tool_result" and waiting:
        failed = block.get("is_error") if isinstance(block.get("is_error"), bool) else None
        yield Returned(waiting.popleft().id, text_in(block.get("content")), failed)


def _agent_said(text: str) -> Said:
    """Return what the agent said, without the mark for thoughts that were left out of the log."""
    words = text.removesuffix(_WITHHELD).rstrip()
    return Said("assistant", text, visible=words != "", words=words if text.endswith(_WITHHELD) else None)


def user_said(text: str, time: str | None) -> Said:
    """Return what a person said, without the context that Cursor puts around it."""
    if text.lstrip().startswith("<system_notification>"):  # what it asks for then, nobody typed
        return Said("user", text, time, visible=False)
    typed = "\n".join(query for _, query in elements(text, _TYPED))
    return Said("user", text, time, visible=bool(typed) or not text.lstrip().startswith("<"), words=typed or None)


def _session_of(source: Source) -> str | None:
    """Return the session that a transcript among Cursor's projects is named by."""
    session = os.path.splitext(os.path.basename(source.file))[0]
    among = f"{os.sep}projects{os.sep}" in os.path.abspath(source.file)
    return session if source.data is None and among and _SESSION.fullmatch(session) else None


def _stored(source: Source) -> Stored:
    """Return what the command line keeps of the session in ``chats/*/<session>/store.db``."""
    session = _session_of(source)
    chats = os.path.join(os.path.abspath(source.file).partition(f"{os.sep}projects{os.sep}")[0], "chats")
    stores = (os.path.join(it, session, "store.db") for it in _folders(chats)) if session else ()
    return Stored(next(filter(os.path.isfile, stores), ""))


def _folders(path: str) -> list[str]:
    try:
        return sorted(os.path.join(path, name) for name in os.listdir(path))
    except OSError:
        return []


def _model(value: Any) -> str | None:
    return None if as_str(value) in _NO_MODEL else as_str(value)


def _database(source: Source) -> Iterator[Event]:
    if source.data is not None:
        raise InputError(f"{source.path} is a database, which cannot come by pipe", "name the file")
    with Database(source.file) as database:
        session = _meant(database, source)
        composer = _value(database, f"composerData:{session}")
        if not composer:
            return
        window = tokens_of(composer.get("contextTokenLimit")) or None
        model = _model(as_dict(composer.get("modelConfig")).get("modelName"))
        yield Seen(model, None, session, window, time_of(composer.get("createdAt")))
        headers = map(as_dict, as_list(composer.get("fullConversationHeadersOnly")))
        for source.position, header in enumerate(headers, 1):
            bubble = _value(database, f"bubbleId:{session}:{as_str(header.get('bubbleId'))}")
            yield from _bubble(bubble, f"{source.position}")
        if composer.get("todos"):
            yield Called("todos", "todo_write", {"todos": composer["todos"]})
        tokens = tokens_of(composer.get("contextTokensUsed"))
        if tokens:
            yield Used(tokens, RULE, None, window, time_of(composer.get("lastUpdatedAt")))


def latest(source: Source) -> dict[str, Any] | None:
    """Return what the chat meant records of its context, None where it records none: see ``transcripts.tail``."""
    if not is_database(source.head()):
        return None
    with Database(source.file) as database:
        composer = _value(database, f"composerData:{_meant(database, source)}")
    tokens = tokens_of(composer.get("contextTokensUsed"))
    if not tokens:
        return None
    model = _model(as_dict(composer.get("modelConfig")).get("modelName"))
    return {
        "tokens": tokens,
        "rule": RULE,
        "window": tokens_of(composer.get("contextTokenLimit")) or None,
        "model": model or "",
    }


def _meant(database: Database, source: Source) -> str:
    """Return the chat the path names, else the one changed last."""
    return source.session or max(chats(database), key=lambda chat: chat[1], default=("", 0.0))[0]


def chats(database: Database) -> list[tuple[str, float, str]]:
    """Return ``(session, changed in seconds since 1970, workspace)`` of the editor's chats, subagents left out.

    ``workspace`` is the name of its folder in ``workspaceStorage``, empty where the chat does not tell.
    """
    rows = database.rows(
        "SELECT substr(key, 14), json_extract(value, '$.lastUpdatedAt'), json_extract(value, '$.createdAt'), "
        "json_extract(value, '$.workspaceIdentifier.id') FROM cursorDiskKV "
        "WHERE key > 'composerData:' AND key < 'composerData;' AND json_valid(value) "
        "AND json_extract(value, '$.subagentInfo') IS NULL "
        "AND json_extract(value, '$.fullConversationHeadersOnly[0]') IS NOT NULL"
    )
    return [(as_str(id_), _seconds(changed) or _seconds(made), as_str(of)) for id_, changed, made, of in rows]


def _seconds(milliseconds: Any) -> float:
    return milliseconds / 1000 if isinstance(milliseconds, int | float) else 0.0


def workspaces(storage: str, holds: Callable[[str], bool]) -> dict[str, str]:
    """Return the folders of the editor's workspaces, by the names of theirs in ``storage`` and by the chats of each.

    Only of those that ``holds`` takes are the chats looked up: each is a database of its own.
    """
    found: dict[str, str] = {}
    for path in _folders(storage):
        folder = path_of(as_str(json_in(os.path.join(path, "workspace.json")).get("folder")))
        if folder:
            found[os.path.basename(path)] = folder
            chats_of = _chats_of(os.path.join(path, "state.vscdb")) if holds(folder) else []
            found.update(dict.fromkeys(chats_of, folder))
    return found


def _chats_of(path: str) -> list[str]:
    try:
        with Database(path) as database:
            rows = database.rows("SELECT value FROM ItemTable WHERE key = 'composer.composerData'")
    except InputError:
        return []
    value = as_dict(decode(rows[0][0])) if rows and isinstance(rows[0][0], str | bytes) else {}
    return [as_str(as_dict(chat).get("composerId")) for chat in as_list(value.get("allComposers"))]


def _value(database: Database, key: str) -> dict[str, Any]:
    rows = database.rows("SELECT value FROM cursorDiskKV WHERE key = ? AND length(value) <= ?", key, MAX_ROW_BYTES)
    return as_dict(decode(rows[0][0])) if rows and isinstance(rows[0][0], str | bytes) else {}


def _bubble(bubble: dict[str, Any], id_: str) -> Iterator[Event]:
    time, text = time_of(bubble.get("createdAt")), as_str(bubble.get("text"))
    if bubble.get("type") == 1:
        yield user_said(text, time)
        return
    yield Said("assistant", as_str(as_dict(bubble.get("thinking")).get("text")), time, visible=False, kind="reasoning")
    yield Said("assistant", text, time)
    call = as_dict(bubble.get("toolFormerData"))
    if call.get("name"):
        id_ = as_str(call.get("toolCallId")) or id_
        arguments = object_of(call.get("rawArgs")) or object_of(call.get("params"))
        yield Called(id_, as_str(call["name"]), arguments, time)
        if call.get("status") not in (None, "loading", "running"):
            yield _returned(call, id_, time)


def _returned(call: dict[str, Any], id_: str, time: str | None) -> Returned:
    """No single field tells whether a call went well: the state, the person's refusal and the exit code all do."""
    result = object_of(call.get("result"))
    states = (call.get("status"), as_dict(call.get("additionalData")).get("status"))
    code = tokens_of(result.get("exitCode", result.get("exitCodeV2")))
    failed = any(state in _FAILED for state in states) or result.get("rejected") is True or bool(code)
    error = object_of(call.get("error"))
    text = text_in(result.get("output", result.get("contents"))) or as_str(error.get("clientVisibleErrorMessage"))
    return Returned(id_, text or as_str(call.get("result")), failed, code, time)
