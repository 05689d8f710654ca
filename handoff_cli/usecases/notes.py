"""Notes for the next session: putting one down, closing one, listing the open ones."""

from __future__ import annotations

import time

from handoff_cli.core.session import (
    DEFAULT_KIND,
    KINDS,
    MAX_OPEN,
    MAX_REF_CHARS,
    MAX_TEXT_CHARS,
    Note,
    apply,
    next_entry,
)
from handoff_cli.core.text import utc_iso
from handoff_cli.errors import InputError, UsageError
from handoff_cli.redaction import redact
from handoff_cli.state import store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_cli.core.session import Entry, Session
    from handoff_cli.state.store import Place


def add_note(
    place: Place, text: str, kind: str = DEFAULT_KIND, ref: str | None = None, *, redacted: bool = True
) -> Note:
    """Record a note in the session at ``place`` and return it; ``goal`` and ``next`` take the place of the last one.

    Args:
        place: Which session.
        text: What the next session must know; secrets in it are redacted.
        kind: One of ``core.session.KINDS``.
        ref: The place it speaks of, such as ``src/app.py:12``.
        redacted: False leaves secrets in.

    Raises:
        UsageError: nothing is said, too much is said, or there is no such kind.
        StateError, LockTimeoutError: as ``store.opened``.
    """
    if redacted:
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


def note_entries(session: Session, stated: Mapping[str, str | None]) -> list[Entry]:
    """Return the ledger entries that make ``stated`` (text by kind) open notes of ``session``; none for what is."""
    entries: list[Entry] = []
    for kind, text in stated.items():
        said = redact(text).strip() if text else ""
        if said and not any(note.about == kind and note.text == said for note in session.notes):
            entries.append(next_entry(session, _entry(session, kind, said, None)))
            session = apply(session, entries[-1])
    return entries


def _entry(session: Session, kind: str, text: str, ref: str | None) -> Entry:
    if kind not in KINDS:
        raise UsageError(f"there are no notes of kind {kind!r}", f"kinds: {', '.join(KINDS)}")
    if not text:
        raise UsageError("the note says nothing", "give its text, or pipe it in")
    for what, said, limit in (("note", text, MAX_TEXT_CHARS), ("--ref", ref or "", MAX_REF_CHARS)):
        if len(said) > limit:
            raise UsageError(f"the {what} has {len(said):,} characters, at most {limit:,} are kept", "say it shorter")
    if len(session.notes) >= MAX_OPEN:
        raise UsageError(f"{MAX_OPEN} notes are open", "close some with handoff note --done NUMBER")
    number = session.notes_made + 1
    return {"kind": "note", "time": utc_iso(time.time()), "id": number, "about": kind, "text": text, "ref": ref}
