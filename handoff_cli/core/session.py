"""The state of one session as a fold over its ledger: the one place that says what a ledger entry does.

A live ``track`` and the replay after a crash both go through ``apply``, so they cannot disagree.
"""

from __future__ import annotations

from handoff_cli.constants import DEFAULT_ENCODING, MAX_SESSION_NAME_CHARS, RECENT_CHECKPOINTS
from handoff_cli.core.record import Record
from handoff_cli.core.usage import weakest
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Entry = dict[str, "Any"]
"""One line of the ledger: ``kind`` (``session`` or ``checkpoint``), ``sequence``, ``time`` (UTC, ISO 8601),
``session`` and the fields of its kind. Kinds this version does not know are kept in the ledger and change nothing."""


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
    what the next one is compared with to find a crossing. ``sequence`` is the last ledger entry folded in and
    ``ledger_bytes`` how far into the ledger file that reaches. Times are UTC, ISO 8601.
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
    recent: tuple[Checkpoint, ...] = ()


def start_entry(session_id: str, time: str, previous: str | None) -> Entry:
    """Return the ledger entry that opens a session."""
    return {"kind": "session", "sequence": 0, "time": time, "session": session_id, "previous": previous}


def started(entry: Entry) -> Session:
    """Return the empty session that ``start_entry`` opens."""
    return Session(
        id=entry["session"], started_at=entry["time"], updated_at=entry["time"], previous=entry.get("previous")
    )


def apply(session: Session, entry: Entry) -> Session:
    """Return ``session`` after ``entry``; an entry of another session or one already folded in changes nothing."""
    if entry["session"] != session.id or entry["sequence"] <= session.sequence:
        return session
    session = session.replace(sequence=entry["sequence"], updated_at=entry["time"])
    if entry["kind"] != "checkpoint":
        return session
    checkpoint = Checkpoint(**{name: entry[name] for name in Checkpoint._fields})
    first = session.checkpoint_count == 0
    return session.replace(
        model=entry["model"],
        encoding=entry["encoding"],
        total_tokens=session.total_tokens + checkpoint.tokens,
        low_tokens=session.low_tokens + checkpoint.low,
        high_tokens=session.high_tokens + checkpoint.high,
        method=checkpoint.method if first else weakest(session.method, checkpoint.method),
        level=entry["level"],
        checkpoint_count=session.checkpoint_count + 1,
        recent=(*session.recent, checkpoint)[-RECENT_CHECKPOINTS:],
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
