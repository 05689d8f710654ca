"""What a ledger entry and a session may hold: the judge of bytes that only their checksum vouches for."""

from __future__ import annotations

from handoff_cli.constants import ENCODINGS, MAX_CHANGE_ENTRIES, MAX_TOKENS
from handoff_cli.core.session import are_notes, is_note
from handoff_cli.core.settings import is_model_id
from handoff_cli.core.text import is_identifier
from handoff_cli.core.usage import LEVELS, METHODS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from handoff_cli.core.session import Entry

    Rules = dict[str, Callable[[Any], bool]]


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
