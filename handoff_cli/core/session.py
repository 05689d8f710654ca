"""The state of one session as a fold over its ledger: the one place that says what a ledger entry does.

A live ``track`` and the replay after a crash both go through ``apply``, so they cannot disagree.
"""

from __future__ import annotations

from handoff_cli.constants import (
    DEFAULT_ENCODING,
    ENCODINGS,
    MAX_CHANGE_ENTRIES,
    MAX_SESSION_NAME_CHARS,
    MAX_TOKENS,
    RECENT_CHECKPOINTS,
)
from handoff_cli.core.notes import Note, are_notes, is_note, notes_of, with_note, without_note
from handoff_cli.core.record import Record
from handoff_cli.core.settings import is_model_id
from handoff_cli.core.usage import LEVELS, METHODS, weakest
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Rules = dict[str, Callable[[Any], bool]]

Entry = dict[str, "Any"]
"""One line of the ledger: ``kind`` (``session``, ``checkpoint``, ``usage``, ``note``, ``done``), ``sequence``,
``time`` (UTC, ISO 8601), ``session`` and the fields of its kind. ``more`` says how many of the lines that follow belong
to the same change (absent: none). Kinds this version does not know are kept in the ledger and change nothing."""


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


class Session(Record):
    """What is known of a session now.

    ``total_tokens`` lies between ``low_tokens`` and ``high_tokens``. ``level`` is the level at the last checkpoint:
    what the next one is compared with to find a crossing. ``agent``, ``agent_version``, ``reported_window`` (tokens)
    and ``usage_rule`` come with the last usage read from ``transcript``; ``peak_tokens`` is the most that one held when
    it was read, ``compaction_count`` how often it was seen compacted. ``tail`` and ``estimate`` are how far it was
    read, for the next time. ``sequence`` is the last ledger entry folded in and ``ledger_bytes`` how far into the
    ledger file that reaches. ``notes`` are the open ones, ``notes_made`` is how many there ever were in this folder.
    Times are UTC, ISO 8601.
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
    recent: tuple[Checkpoint, ...] = ()


def start_entry(session_id: str, time: str, previous: Session | None) -> Entry:
    """Return the ledger entry that opens a session; notes that ``previous`` leaves open go over into it."""
    return {
        "kind": "session",
        "sequence": 0,
        "time": time,
        "session": session_id,
        "previous": previous.id if previous else None,
        "notes": [note.to_dict() for note in previous.notes] if previous else [],
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
    session = session.replace(sequence=entry["sequence"], updated_at=entry["time"])
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
        method=weakest(session.method, checkpoint.method),
        level=entry["level"],
        checkpoint_count=session.checkpoint_count + 1,
        recent=(*session.recent, checkpoint)[-RECENT_CHECKPOINTS:],
    )


def _with_usage(session: Session, entry: Entry) -> Session:
    """Usage is what the window holds in all: it takes the place of the totals, whatever was tracked before."""
    same = session.transcript == entry["source"]
    return session.replace(
        model=entry["model"],
        encoding=entry["encoding"],
        total_tokens=entry["tokens"],
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
    )


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


def check_entry(entry: Any) -> None:
    """Raise ValueError, saying why, unless ``entry`` is one that ``apply`` and the state's schema can take.

    A checksum is no proof of good will: anybody can compute it.
    """
    if not isinstance(entry, dict):
        raise ValueError("it is not an object")  # noqa: TRY004 - all nonsense in a line is one error
    _check_members(entry, _COMMON_MEMBERS)
    _check_members(entry, _MEMBERS_OF_KIND.get(entry["kind"], {}))
    if entry["kind"] == "note" and not is_note(entry):
        raise ValueError("its note is none")
    if not are_notes(entry.get("notes", [])) or not _is_count(entry.get("notes_made", 0)):
        raise ValueError("its notes are none")
    if not _is_count(more := entry.get("more", 0)) or more > MAX_CHANGE_ENTRIES:
        raise ValueError("its more is no count")


def is_session(value: Any) -> bool:
    """Return whether ``value`` is a ``Session`` as JSON holds it: every member there, of its type and in its range."""
    return (
        isinstance(value, dict)
        and _fits(value, _SESSION_MEMBERS)
        and isinstance(recent := value.get("recent"), list)
        and all(isinstance(item, dict) and _fits(item, _CHECKPOINT_MEMBERS) for item in recent)
    )


def next_entry(session: Session, entry: Entry) -> Entry:
    """Return ``entry`` as the next one of ``session``: with its kind first, its sequence number and session."""
    head = {"kind": entry["kind"], "sequence": session.sequence + 1, "session": session.id}
    return {**head, **entry, **head}


def is_identifier(value: Any) -> bool:
    """Return whether ``value`` can be a session's id and part of a file name: one component on every system."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= _MAX_IDENTIFIER_CHARS
        and value.isascii()
        and value[0].isalnum()
        and value.translate(_IDENTIFIER_MARKS).isalnum()
    )


def validate_session_name(name: str) -> str:
    """Return ``name`` when it can be a session's folder name; raise UsageError when it cannot.

    Letters, digits, ``.``, ``_`` and ``-`` are allowed, at most 64 of them, not starting with a dot or a dash: such a
    name is one path component on every system and can never point outside the folder.
    """
    allowed = name.isascii() and name.replace(".", "").replace("_", "").replace("-", "").isalnum()
    if not allowed or name[0] in ".-" or name.endswith(".") or len(name) > MAX_SESSION_NAME_CHARS:
        raise UsageError(
            f"session name {name!r} is not allowed",
            f"use up to {MAX_SESSION_NAME_CHARS} letters, digits, '.', '_' or '-', starting with a letter or digit",
        )
    return name


_MAX_IDENTIFIER_CHARS = 100
_IDENTIFIER_MARKS = str.maketrans("._-", "000")
_DIGITS = str.maketrans("123456789", "000000000")


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_TOKENS


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and value.translate(_DIGITS) == "0000-00-00T00:00:00Z"


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_model_or_none(value: Any) -> bool:
    return value is None or is_model_id(value)


def _is_object_or_none(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _is_count_or_none(value: Any) -> bool:
    return value is None or _is_count(value)


def _wrong_member(value: Entry, rules: Rules) -> str | None:
    return next((name for name, fits in rules.items() if name not in value or not fits(value[name])), None)


def _fits(value: Entry, rules: Rules) -> bool:
    return _wrong_member(value, rules) is None


def _check_members(entry: Entry, rules: Rules) -> None:
    if (name := _wrong_member(entry, rules)) is not None:
        raise ValueError(f"its {name} is missing or not one")


_COMMON_MEMBERS: Rules = {"kind": _is_text, "sequence": _is_count, "time": _is_time, "session": is_identifier}
_CHECKPOINT_MEMBERS: Rules = {
    "sequence": _is_count,
    "time": _is_time,
    "description": _is_text,
    "source": _is_text,
    "tokens": _is_count,
    "low": _is_count,
    "high": _is_count,
    "method": METHODS.__contains__,
}
_MEMBERS_OF_KIND: dict[str, Rules] = {
    "session": {"previous": _is_text_or_none},
    "note": {"id": _is_count, "ref": _is_text_or_none},
    "done": {"note": _is_count},
    "checkpoint": {
        **_CHECKPOINT_MEMBERS,
        "model": _is_model_or_none,
        "encoding": ENCODINGS.__contains__,
        "level": LEVELS.__contains__,
    },
    "usage": {
        "tokens": _is_count,
        "low": _is_count,
        "high": _is_count,
        "method": METHODS.__contains__,
        "model": _is_model_or_none,
        "encoding": ENCODINGS.__contains__,
        "agent": _is_text_or_none,
        "agent_version": _is_text_or_none,
        "window": _is_count_or_none,
        "rule": _is_text,
        "source": _is_text,
        "level": LEVELS.__contains__,
        "compactions": _is_count,
        "tail": _is_object_or_none,
        "estimate": _is_object_or_none,
    },
}
_SESSION_MEMBERS: Rules = {
    "id": is_identifier,
    "started_at": _is_time,
    "updated_at": _is_time,
    "previous": _is_text_or_none,
    "model": _is_model_or_none,
    "encoding": ENCODINGS.__contains__,
    "total_tokens": _is_count,
    "low_tokens": _is_count,
    "high_tokens": _is_count,
    "method": METHODS.__contains__,
    "level": LEVELS.__contains__,
    "checkpoint_count": _is_count,
    "sequence": _is_count,
    "ledger_bytes": _is_count,
    "agent": _is_text_or_none,
    "agent_version": _is_text_or_none,
    "reported_window": _is_count_or_none,
    "transcript": _is_text_or_none,
    "usage_rule": _is_text_or_none,
    "peak_tokens": _is_count,
    "compaction_count": _is_count,
    "tail": _is_object_or_none,
    "estimate": _is_object_or_none,
    "notes": are_notes,
    "notes_made": _is_count,
}
