"""What is stored of a session, as tables of fields, and its state as a fold over its ledger: what each entry does.

A live ``track`` and the replay after a crash both go through ``apply``, so they cannot disagree.
"""

from __future__ import annotations

from handoff_cli.constants import (
    DEFAULT_ENCODING,
    ENCODINGS,
    MAX_CHANGE_ENTRIES,
    MAX_MODEL_CHARS,
    MAX_STORED_CHARS,
    NOTE_KINDS,
    RECENT_CHECKPOINTS,
    RECENT_TURNS,
)
from handoff_cli.core.fields import (
    Hex,
    Identifier,
    ListOf,
    Nested,
    Object,
    OneOf,
    Text,
    Time,
    Whole,
    fits,
    wrong_member,
)
from handoff_cli.core.record import Record
from handoff_cli.core.usage import LEVELS, METHODS, weakest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from handoff_cli.core.fields import Table

Entry = dict[str, "Any"]
"""One line of the ledger: ``kind`` (``session``, ``checkpoint``, ``usage``, ``note``, ``done``), ``sequence``,
``time`` (UTC, ISO 8601), ``session`` and the fields of its kind. ``more`` says how many of the lines that follow belong
to the same change (absent: none). ``kept`` says where its text lies in the stream of ``state.kept``,
``whole`` what the text is as a whole (see ``state.seen``), the part that was known already included.
Kinds this version does not know stay in the ledger and change nothing."""


SINGULAR = frozenset({"goal", "next"})
"""Kinds of which one is open at a time: a new one takes the place of the old."""

DEFAULT_KIND = "decision"
MAX_OPEN = 200
MAX_TEXT_CHARS = 2_000
MAX_REF_CHARS = 300


class Note(Record):
    """A note: its ``id`` (a number, unique over all sessions of the folder) and what it is ``about`` (``NOTE_KINDS``).

    ``ref`` is the place it speaks of, as ``FILE:LINE`` or in any form a reader can follow; ``time`` is UTC.
    """

    id: int
    time: str
    about: str
    text: str
    ref: str | None = None


class Checkpoint(Record):
    """One tracked piece, as the state remembers the last few of them.

    ``tokens`` lies between ``low`` and ``high`` tokens; the three are equal unless ``method`` is ``estimated``.
    """

    sequence: int
    time: str
    description: str
    source: str
    tokens: int
    low: int
    high: int
    method: str


class TurnEnd(Record):
    """The usage at the end of a turn, in tokens, and the turn's ``number`` where somebody counts them.

    A turn is a tracked piece, a prompt with all that came of it where the agent's hooks tell, else one ``sync``.
    """

    number: int | None
    tokens: int


class WindowFacts(Record):
    """What decides on the window of a session beside settings, as ``Session`` has it too.

    ``agent`` and ``agent_version`` are whose window it is, ``reported_window`` (tokens) is what it reported, ``model``
    the one it named, ``total_tokens`` the most the window was seen to hold.
    """

    agent: str | None = None
    agent_version: str | None = None
    reported_window: int | None = None
    model: str | None = None
    total_tokens: int = 0


COMPACTED = "compacted; the next response reports the usage"
"""The rule of usage that a hook noted at a compaction."""

UNANSWERED = "no response stands in the log yet; the text in it is counted, the agent's own instructions are not"
"""The rule of the little there is before the first response."""


class Session(Record):
    """What is known of a session now.

    ``total_tokens`` lies between ``low_tokens`` and ``high_tokens``. ``level`` is the level at the last checkpoint:
    what the next one is compared with to find a crossing. ``agent``, ``agent_version``, ``reported_window`` (tokens)
    and ``usage_rule`` come with the last usage read from ``transcript``; ``peak_tokens`` is the most that one held
    when it was read, ``compaction_count`` how often it was seen compacted. ``tail`` and ``estimate`` are how far it was
    read, for the next time. ``turns`` are the last few, for the forecast. ``sequence`` is the last ledger entry folded
    in and ``ledger_bytes`` how far into the ledger file that reaches. ``notes`` are the open ones, ``notes_made`` is
    how many there ever were in this folder, ``kept_end`` is where the kept text ends in its stream (bytes).
    ``made_of`` are the total's tokens by method. Times are UTC, ISO 8601.
    """

    id: str
    started_at: str
    updated_at: str
    previous: str | None = None
    model: str | None = None
    encoding: str = DEFAULT_ENCODING
    total_tokens: int = 0
    low_tokens: int = 0
    high_tokens: int = 0
    method: str = "exact"
    level: str = "ok"
    checkpoint_count: int = 0
    sequence: int = 0
    ledger_bytes: int = 0
    agent: str | None = None
    agent_version: str | None = None
    reported_window: int | None = None
    transcript: str | None = None
    usage_rule: str | None = None
    peak_tokens: int = 0
    compaction_count: int = 0
    tail: dict[str, Any] | None = None
    estimate: dict[str, Any] | None = None
    notes: tuple[Note, ...] = ()
    notes_made: int = 0
    kept_end: int = 0
    made_of: Mapping[str, int] = {}
    recent: tuple[Checkpoint, ...] = ()
    turns: tuple[TurnEnd, ...] = ()


def start_entry(session_id: str, time: str, previous: Session | None, *, carry_next: bool = False) -> Entry:
    """Return the ledger entry that opens a session; notes that ``previous`` leaves open go over into it.

    The next step was meant for the session it was noted in: it goes over only where ``carry_next`` asks for that.
    """
    return {
        "kind": "session",
        "sequence": 0,
        "time": time,
        "session": session_id,
        "previous": previous.id if previous else None,
        "notes": [note.to_dict() for note in previous.notes if carry_next or note.about != "next"] if previous else [],
        "notes_made": previous.notes_made if previous else 0,
    }


def started(entry: Entry) -> Session:
    """Return the session, empty but for the notes that went over into it, that ``start_entry`` opens."""
    return Session(
        id=entry["session"],
        started_at=entry["time"],
        updated_at=entry["time"],
        previous=entry.get("previous"),
        notes=notes_of(entry.get("notes", [])),
        notes_made=entry.get("notes_made", 0),
    )


def apply(session: Session, entry: Entry) -> Session:
    """Return ``session`` after ``entry``; an entry of another session or one already folded in changes nothing."""
    if entry["session"] != session.id or entry["sequence"] <= session.sequence:
        return session
    kept_end = entry["kept"]["end"] if "kept" in entry else session.kept_end
    session = session.replace(sequence=entry["sequence"], updated_at=entry["time"], kept_end=kept_end)
    take = _APPLY.get(entry["kind"])
    return take(session, entry) if take else session


def _with_checkpoint(session: Session, entry: Entry) -> Session:
    checkpoint = Checkpoint(**{name: entry[name] for name in Checkpoint._fields})
    return session.replace(
        model=entry["model"],
        encoding=entry["encoding"],
        total_tokens=session.total_tokens + checkpoint.tokens,
        low_tokens=session.low_tokens + checkpoint.low,
        high_tokens=session.high_tokens + checkpoint.high,
        method=weakest(session.method, checkpoint.method) if checkpoint.tokens else session.method,
        level=entry["level"],
        checkpoint_count=session.checkpoint_count + 1,
        recent=(*session.recent, checkpoint)[-RECENT_CHECKPOINTS:],
        turns=with_turn(session.turns, TurnEnd(None, session.total_tokens + checkpoint.tokens)),
        made_of={**session.made_of, checkpoint.method: session.made_of.get(checkpoint.method, 0) + checkpoint.tokens},
    )


def _with_usage(session: Session, entry: Entry) -> Session:
    """Usage is what the window holds in all: it takes the place of the totals, whatever was tracked before."""
    same = session.transcript == entry["source"]
    return session.replace(
        model=entry["model"],
        encoding=entry["encoding"],
        total_tokens=entry["tokens"],
        made_of={entry["method"]: entry["tokens"]},
        low_tokens=entry["low"],
        high_tokens=entry["high"],
        method=entry["method"],
        level=entry["level"],
        agent=entry["agent"],
        agent_version=entry["agent_version"],
        reported_window=entry["window"],
        transcript=None if entry.get("piped") else entry["source"],
        usage_rule=entry["rule"],
        peak_tokens=max(session.peak_tokens if same else 0, entry["tokens"]),
        compaction_count=(session.compaction_count if same else 0) + entry["compactions"],
        tail=entry["tail"],
        estimate=entry["estimate"],
        turns=with_turn(session.turns if same else (), TurnEnd(entry.get("turn"), entry["tokens"])),
    )


def with_turn(turns: tuple[TurnEnd, ...], turn: TurnEnd) -> tuple[TurnEnd, ...]:
    """Return the last ``turns`` with ``turn`` at their end; one that goes on takes the place of its beginning."""
    goes_on = turn.number is not None and bool(turns) and turns[-1].number == turn.number
    return (*(turns[:-1] if goes_on else turns), turn)[-RECENT_TURNS:]


def _with_note(session: Session, entry: Entry) -> Session:
    note = Note(entry["id"], entry["time"], entry["about"], entry["text"], entry["ref"])
    return session.replace(notes=with_note(session.notes, note), notes_made=max(session.notes_made, note.id))


def _with_note_done(session: Session, entry: Entry) -> Session:
    return session.replace(notes=without_note(session.notes, entry["note"]))


_APPLY: dict[str, Callable[[Session, Entry], Session]] = {
    "checkpoint": _with_checkpoint,
    "usage": _with_usage,
    "note": _with_note,
    "done": _with_note_done,
}


def next_entry(session: Session, entry: Entry) -> Entry:
    """Return ``entry`` as the next one of ``session``: with its kind first, its sequence number and session."""
    head = {"kind": entry["kind"], "sequence": session.sequence + 1, "session": session.id}
    return {**head, **entry, **head}


def with_note(notes: tuple[Note, ...], note: Note) -> tuple[Note, ...]:
    """Return the open ``notes`` with ``note`` at their end."""
    return (*(it for it in notes if it.about != note.about or note.about not in SINGULAR), note)


def without_note(notes: tuple[Note, ...], note_id: int) -> tuple[Note, ...]:
    """Return the open ``notes`` without the one that ``note_id`` names."""
    return tuple(note for note in notes if note.id != note_id)


def notes_of(values: list[dict[str, Any]]) -> tuple[Note, ...]:
    """Return the notes that ``values`` are, each of which fits ``NOTE``."""
    return tuple(Note(value["id"], value["time"], value["about"], value["text"], value.get("ref")) for value in values)


_COUNT, _TIME, _STORED = Whole(), Time(), Text(MAX_STORED_CHARS)
_NAME = Text(MAX_STORED_CHARS, optional=True)
_MODEL = Text(MAX_MODEL_CHARS, least=1, line=True, optional=True)
_ENCODING, _METHOD, _LEVEL = OneOf(*ENCODINGS), OneOf(*METHODS), OneOf(*LEVELS)
_WINDOW, _OBJECT = Whole(optional=True), Object(optional=True)
_FIGURES: Table = {"tokens": _COUNT, "low": _COUNT, "high": _COUNT, "method": _METHOD}

NOTE: Table = {
    "id": _COUNT,
    "time": _TIME,
    "about": OneOf(*NOTE_KINDS),
    "text": Text(MAX_TEXT_CHARS),
    "ref": Text(MAX_REF_CHARS, optional=True),
}
CHECKPOINT: Table = {"sequence": _COUNT, "time": _TIME, "description": _STORED, "source": _STORED, **_FIGURES}
SESSION: Table = {
    "id": Identifier(),
    "started_at": _TIME,
    "updated_at": _TIME,
    "previous": _NAME,
    "model": _MODEL,
    "encoding": _ENCODING,
    "total_tokens": _COUNT,
    "low_tokens": _COUNT,
    "high_tokens": _COUNT,
    "method": _METHOD,
    "level": _LEVEL,
    "checkpoint_count": _COUNT,
    "sequence": _COUNT,
    "ledger_bytes": _COUNT,
    "agent": _NAME,
    "agent_version": _NAME,
    "reported_window": _WINDOW,
    "transcript": _NAME,
    "usage_rule": _NAME,
    "peak_tokens": Whole(default=0),
    "compaction_count": Whole(default=0),
    "tail": _OBJECT,
    "estimate": _OBJECT,
    "notes": ListOf(NOTE, MAX_OPEN, default=[]),
    "notes_made": Whole(default=0),
    "kept_end": Whole(default=0),
    "made_of": Nested({}, dict.fromkeys(METHODS, _COUNT), default={}),
    "recent": ListOf(CHECKPOINT, 100),
    "turns": ListOf({"number": _WINDOW, "tokens": _COUNT}, 100, default=[]),
}
ENTRY: Table = {"kind": _STORED, "sequence": _COUNT, "time": _TIME, "session": Identifier()}
ENTRIES: dict[str, Table] = {
    "session": {**ENTRY, "previous": _NAME},
    "note": {**ENTRY, **NOTE},
    "done": {**ENTRY, "note": _COUNT},
    "checkpoint": {**ENTRY, **CHECKPOINT, "model": _MODEL, "encoding": _ENCODING, "level": _LEVEL},
    "usage": {
        **ENTRY,
        **_FIGURES,
        "model": _MODEL,
        "encoding": _ENCODING,
        "agent": _NAME,
        "agent_version": _NAME,
        "window": _WINDOW,
        "rule": _STORED,
        "source": _STORED,
        "level": _LEVEL,
        "compactions": _COUNT,
        "tail": _OBJECT,
        "estimate": _OBJECT,
    },
}
_MAY_HAVE: Table = {
    "notes": SESSION["notes"],
    "notes_made": _COUNT,
    "turn": _WINDOW,
    "more": Whole(0, MAX_CHANGE_ENTRIES),
    "kept": Nested({"at": _COUNT, "end": _COUNT, "chars": _COUNT}, {"gap": _COUNT}),
    "whole": Nested(
        {
            "head": Hex(8),
            "chars": Whole(0, (1 << 48) - 1),
            "digest": Hex(32),
            "tokens": _COUNT,
            "method": _METHOD,
            "read_as": _STORED,
        },
        {},
    ),
}


def check_entry(entry: Any) -> None:
    """Raise ValueError, saying why, unless ``entry`` is one that ``apply`` and the state can take.

    A checksum is no proof of good will: anybody can compute it.
    """
    if not isinstance(entry, dict):
        raise ValueError("it is not an object")  # noqa: TRY004 - all nonsense in a line is one error
    kind = entry.get("kind")
    table = ENTRIES.get(kind, ENTRY) if isinstance(kind, str) else ENTRY
    present = {name: field for name, field in _MAY_HAVE.items() if name in entry}
    wrong = wrong_member(table, entry) or wrong_member(present, entry)
    if wrong is not None:
        raise ValueError(f"its {wrong} is missing or not one")


def is_session(value: Any) -> bool:
    """Return whether ``value`` is a ``Session`` as JSON holds it: every member there, of its type and in its range."""
    return fits(SESSION, value)
