"""The to-dos that sessions leave open, from handoff to handoff: kept whole beside the document that shows what fits."""

from __future__ import annotations

import json
import os

from handoff_cli.constants import HANDOFF_LOCK_FILE, MAX_STATE_BYTES, TODOS_FILE
from handoff_cli.core.todos import OpenTodo, Todos, after
from handoff_cli.documents.facts import redacted
from handoff_cli.errors import InputError, newer_version
from handoff_cli.state import store
from handoff_cli.state.files import read_bytes, replace_file
from handoff_cli.state.folder import FolderLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.state.store import Place

_LAYOUT = 1


def open_todos(place: Place, transcript: Transcript | None, day: str) -> Todos:
    """Return the to-dos that are open at ``place`` after a look at ``transcript``, on ``day`` (UTC); writes nothing.

    Raises:
        StateError: what is known of earlier ones cannot be read; a spoiled file counts as none.
    """
    known = load_todos(place.folder)
    if transcript is None:
        return after(known, None, (), (), day)
    return after(known, _identity(transcript), transcript.todos, transcript.todos_named, day)


def close_todo(place: Place, number: int) -> OpenTodo:
    """Close the carried to-do ``number`` of the session at ``place`` and return it.

    Raises:
        InputError: no such to-do is carried.
        StateError, LockTimeoutError: state cannot be read or written, or another writer did not finish in time.
    """
    _numbered(load_todos(place.folder), number)  # where there is none, there may be no folder to lock either
    settings = store.read(place).settings
    with FolderLock(place.folder, settings.lock_timeout_seconds, HANDOFF_LOCK_FILE):
        known = load_todos(place.folder)
        closed = _numbered(known, number)
        save_todos(place.folder, known.replace(earlier=tuple(it for it in known.earlier if it is not closed)))
    return closed


def _numbered(known: Todos, number: int) -> OpenTodo:
    for todo in known.earlier:
        if todo.number == number:
            return todo
    raise InputError(f"no to-do has the number t{number}", "handoff handoff --stdout lists them")


def load_todos(folder: str) -> Todos:
    """Return what the session folder ``folder`` knows of open to-dos, nothing where its file is missing or spoiled.

    Raises:
        StateError: the file cannot be read, or a newer version wrote it.
    """
    path = os.path.join(folder, TODOS_FILE)
    data = read_bytes(path, MAX_STATE_BYTES)
    try:
        values = json.loads(data or b"{}")
        version, own, earlier = int(values["v"]), _todos(values["own"]), _todos(values["earlier"])
        made = max((int(values["made"]), *(todo.number for todo in earlier)))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Todos()
    if version > _LAYOUT:
        raise newer_version(path, version, _LAYOUT)
    return Todos(values["transcript"], own, earlier, made)


def save_todos(folder: str, todos: Todos) -> None:
    """Keep ``todos``, secrets redacted; the caller holds the handoff's lock. StateError when they cannot be written.

    Where there never were any, no file is made.
    """
    kept = redacted(todos)
    if kept == load_todos(folder) or not (kept.own or kept.earlier or os.path.isfile(os.path.join(folder, TODOS_FILE))):
        return
    lists = {name: [todo.to_dict() for todo in getattr(kept, name)] for name in ("own", "earlier")}
    # Escapes could make a file larger than what is read of one: a character takes at most six bytes so.
    text = json.dumps({"v": _LAYOUT, **kept.to_dict(), **lists}, indent=1, ensure_ascii=False)
    replace_file(os.path.join(folder, TODOS_FILE), text.encode("utf-8", "surrogatepass"))


def _todos(values: Any) -> tuple[OpenTodo, ...]:
    texts = ("text", "status", "since")
    todos = tuple(OpenTodo(**{name: value[name] for name in OpenTodo._fields}) for value in values)
    if not all(type(it.number) is int and all(isinstance(getattr(it, name), str) for name in texts) for it in todos):
        raise TypeError("not a to-do")
    return todos


def _identity(transcript: Transcript) -> str:
    """Return what tells a transcript from others: its last session id, else when it began."""
    known = transcript.session_ids[-1] if transcript.session_ids else transcript.start
    return f"{transcript.format}:{known or (transcript.messages[0].text[:200] if transcript.messages else '')}"
