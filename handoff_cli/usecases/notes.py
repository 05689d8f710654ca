"""What is open for the next session: the notes people put down, and the to-dos that sessions leave.

To-dos are carried from handoff to handoff: kept whole beside the document, which shows what fits.
"""

from __future__ import annotations

import os
import time

from handoff_cli.constants import HANDOFF_LOCK_FILE, MAX_STATE_BYTES, NOTE_KINDS, TODOS_FILE
from handoff_cli.core.jsonc import loads
from handoff_cli.core.session import DEFAULT_KIND, MAX_OPEN, MAX_REF_CHARS, MAX_TEXT_CHARS, Note, apply, next_entry
from handoff_cli.core.text import utc_iso
from handoff_cli.documents.facts import OpenTodo, Todos, redacted
from handoff_cli.errors import InputError, UsageError, newer_version
from handoff_cli.redaction import redact
from handoff_cli.state import store
from handoff_cli.state.files import read_bytes, replace_file
from handoff_cli.state.folder import FolderLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from handoff_cli.core.session import Entry, Session
    from handoff_cli.core.transcript import Todo, Transcript
    from handoff_cli.state.store import Place

_MOST_OWN_TODOS = 200
MOST_EARLIER_TODOS = 100
MAX_TODO_CHARS = 500
_ENDS = " .!…:;"
_LAYOUT = 1


def add_note(place: Place, text: str, kind: str = DEFAULT_KIND, ref: str | None = None) -> Note:
    """Record a note in the session at ``place`` and return it; ``goal`` and ``next`` take the place of the last one.

    Args:
        place: Which session.
        text: What the next session must know; secrets in it are redacted.
        kind: One of ``constants.NOTE_KINDS``.
        ref: The place it speaks of, such as ``src/app.py:12``.

    Raises:
        UsageError: nothing is said, too much is said, or there is no such kind.
        StateError, LockTimeoutError: as ``store.opened``.
    """
    text, ref = redact(text), redact(ref) if ref else ref
    with store.opened(place) as session_store:
        entry = _entry(session_store.session, kind, text.strip(), ref)
        return session_store.append(entry).notes[-1]


def close_note(place: Place, note_id: int) -> Note:
    """Close the open note ``note_id`` of the session at ``place`` and return it.

    Raises:
        InputError: no such note is open.
        StateError, LockTimeoutError: as ``store.opened``.
    """
    with store.opened(place) as session_store:
        note = next((note for note in session_store.session.notes if note.id == note_id), None)
        if note is None:
            raise InputError(f"no open note has the number {note_id}", "handoff notes lists them")
        session_store.append({"kind": "done", "time": utc_iso(time.time()), "note": note_id})
        return note


def open_notes(place: Place) -> tuple[Note, ...]:
    """Return the open notes of the session at ``place``, oldest first; raises StateError when state cannot be read."""
    session = store.read(place).session
    return session.notes if session else ()


def note_entries(session: Session, stated: Iterable[tuple[str, str | None]]) -> list[Entry]:
    """Return the ledger entries that make ``stated`` (kind, text) open notes of ``session``; none for what is one."""
    entries: list[Entry] = []
    for kind, text in stated:
        said = redact(text).strip() if text else ""
        if said and not any(note.about == kind and note.text == said for note in session.notes):
            entries.append(next_entry(session, _entry(session, kind, said, None)))
            session = apply(session, entries[-1])
    return entries


def _entry(session: Session, kind: str, text: str, ref: str | None) -> Entry:
    if kind not in NOTE_KINDS:
        raise UsageError(f"there are no notes of kind {kind!r}", f"kinds: {', '.join(NOTE_KINDS)}")
    if not text:
        raise UsageError("the note says nothing", "give its text, or pipe it in")
    for what, said, limit in (("note", text, MAX_TEXT_CHARS), ("--ref", ref or "", MAX_REF_CHARS)):
        if len(said) > limit:
            raise UsageError(f"the {what} has {len(said):,} characters, at most {limit:,} are kept", "say it shorter")
    if len(session.notes) >= MAX_OPEN:
        raise UsageError(f"{MAX_OPEN} notes are open", "close some with handoff note --done NUMBER")
    number = session.notes_made + 1
    return {"kind": "note", "time": utc_iso(time.time()), "id": number, "about": kind, "text": text, "ref": ref}


def open_todos(place: Place, transcript: Transcript | None, day: str) -> Todos:
    """Return the to-dos that are open at ``place`` after a look at ``transcript``, on ``day`` (UTC); writes nothing.

    Raises:
        StateError: what is known of earlier ones cannot be read; a spoiled file counts as none.
    """
    known = load_todos(place.folder)
    if transcript is None:
        return after(known, None, (), (), day)
    return after(known, _identity(transcript), transcript.todos, transcript.todos_named, day)


def after(before: Todos, transcript: str | None, listed: Iterable[Todo], named: Iterable[str], day: str) -> Todos:
    """Return what is open after a look at ``transcript``.

    The list of the same transcript says itself what became of its to-dos; what another one left open is carried over.

    Args:
        before: What was open at the last handoff.
        transcript: The identity of the transcript; None where there is none.
        listed: Its to-do list as it stands.
        named: Texts of all to-dos it ever listed: whatever it knows of is not carried beside it.
        day: Today, UTC, as ``YYYY-MM-DD``.
    """
    earlier, made = [*before.earlier], before.made
    if transcript != before.transcript:
        known = {key_of(it.text) for it in earlier}
        for left in before.own:
            if key_of(left.text) not in known:
                made += 1
                earlier.append(left.replace(number=made))
    since = {key_of(it.text): it.since for it in before.own}
    own = tuple(
        OpenTodo(0, it.text[:MAX_TODO_CHARS], it.status, since.get(key_of(it.text), day))
        for it in listed
        if it.status != "completed"
    )
    seen = {*map(key_of, named), *(key_of(it.text) for it in own)}
    carried = tuple(it for it in earlier if key_of(it.text) not in seen)
    return Todos(transcript, own[:_MOST_OWN_TODOS], carried[-MOST_EARLIER_TODOS:], made)


def key_of(text: str) -> str:
    """Return what two wordings of the same to-do have in common: case, white space and a final mark do not count."""
    return " ".join(text.split()).rstrip(_ENDS).casefold()[:MAX_TODO_CHARS]


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
        values = loads((data or b"{}").decode("utf-8", "surrogatepass"))
        if (version := int(values["v"])) > _LAYOUT:
            raise newer_version(path, version, _LAYOUT)
        own, earlier = _todos(values["own"]), _todos(values["earlier"])
        made = max((int(values["made"]), *(todo.number for todo in earlier)))
        return Todos(values["transcript"], own, earlier, made)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Todos()


def save_todos(folder: str, todos: Todos) -> None:
    """Keep ``todos``, secrets redacted; the caller holds the handoff's lock. StateError when they cannot be written.

    Where there never were any, no file is made.
    """
    kept = redacted(todos)
    if kept == load_todos(folder) or not (kept.own or kept.earlier or os.path.isfile(os.path.join(folder, TODOS_FILE))):
        return
    lists = {name: [todo.to_dict() for todo in getattr(kept, name)] for name in ("own", "earlier")}
    import json

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
