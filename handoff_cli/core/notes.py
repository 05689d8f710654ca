"""Notes: what somebody put down for the next session, open until it is closed, across sessions."""

from __future__ import annotations

from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KINDS = ("goal", "decision", "failed", "constraint", "next", "question", "done")
SINGULAR = frozenset({"goal", "next"})
"""Kinds of which one is open at a time: a new one takes the place of the old."""

DEFAULT_KIND = "decision"
MAX_OPEN = 200
MAX_TEXT_CHARS = 2_000
MAX_REF_CHARS = 300


class Note(Record):
    """A note: its ``id`` (a number, unique over all sessions of the folder) and what it is ``about`` (of ``KINDS``).

    ``ref`` is the place it speaks of, as ``FILE:LINE`` or in any form a reader can follow; ``time`` is UTC.
    """

    id: int
    time: str
    about: str
    text: str
    ref: str | None = None


def with_note(notes: tuple[Note, ...], note: Note) -> tuple[Note, ...]:
    """Return the open ``notes`` with ``note`` at their end."""
    return (*(it for it in notes if it.about != note.about or note.about not in SINGULAR), note)


def without_note(notes: tuple[Note, ...], note_id: int) -> tuple[Note, ...]:
    """Return the open ``notes`` without the one that ``note_id`` names."""
    return tuple(note for note in notes if note.id != note_id)


def is_note(value: Any) -> bool:
    """Return whether ``value`` is a ``Note`` as JSON holds it."""
    return (
        isinstance(value, dict)
        and type(value.get("id")) is int
        and value.get("about") in KINDS
        and all(isinstance(value.get(name), str) for name in ("time", "text"))
        and len(value["text"]) <= MAX_TEXT_CHARS
        and isinstance(value.get("ref"), str | None)
    )


def are_notes(value: Any) -> bool:
    """Return whether ``value`` is a list of open notes as JSON holds it."""
    return isinstance(value, list) and len(value) <= MAX_OPEN and all(map(is_note, value))


def notes_of(values: list[dict[str, Any]]) -> tuple[Note, ...]:
    """Return the notes that ``are_notes`` found to be some."""
    return tuple(Note(value["id"], value["time"], value["about"], value["text"], value.get("ref")) for value in values)
