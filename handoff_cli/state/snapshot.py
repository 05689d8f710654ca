"""``token_usage.json``: settings people may edit, and the session's totals, in one small file.

A member ``checksum`` (CRC-32 of the rest) tells the bytes handoff itself wrote after validation from those somebody
touched: the first are taken as they are, the others are validated by pydantic. A ``crc32`` in the session does the same
for it alone: a session that somebody changed is built anew from the ledger. A rewrite replaces the members handoff
owns in place, so comments, order and unknown keys stay as people left them.
"""

from __future__ import annotations

import json
import os
import zlib

from handoff_cli.constants import MAX_STATE_BYTES, SCHEMA_VERSION, STATE_FILE
from handoff_cli.core import jsonc
from handoff_cli.core.entries import is_session
from handoff_cli.core.record import Record
from handoff_cli.core.session import Checkpoint, Session, notes_of
from handoff_cli.core.settings import SETTING_KEYS, are_settings
from handoff_cli.errors import StateError
from handoff_cli.state.files import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.models.calibration import Calibration

_EMPTY = f'{{\n  "schema_version": {SCHEMA_VERSION}\n}}\n'
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CHECKSUM = '"checksum": "'
_CHECKSUM_DIGITS = 8
_BLANK = "0" * _CHECKSUM_DIGITS
_QUOTED = _CHECKSUM_DIGITS + 2
SESSION_CHECKSUM = "crc32"
CALIBRATIONS = "calibration"
_MOST_UNDERSTOOD = 8


class Snapshot(Record):
    """A read state file: its ``text``, the ``settings`` in it by key, and the ``session`` (None when it has none).

    ``text`` is in the present schema; ``older`` is the version of the file it came from, None where that is the
    present. ``trusted`` tells that the session is as handoff wrote it, whatever was edited around it. ``calibrations``
    are the user's own factors by model. ``warnings`` are lines for a person on what somebody edited and mistyped.
    """

    path: str
    text: str
    settings: dict[str, Any]
    session: Session | None
    extra: dict[str, Any]
    older: int | None = None
    trusted: bool = True
    calibrations: Mapping[str, Calibration] = {}
    warnings: tuple[str, ...] = ()


_understood: dict[str, tuple[bytes, Snapshot]] = {}
"""By path, the bytes last found there and what they say: a command meets the same bytes more than once."""


def load(folder: str) -> Snapshot | None:
    """Return the state file of the session folder ``folder``, None when there is none.

    Raises:
        StateError: unreadable, not JSON, wrong values, or written by a newer version. The file is left as it is.
    """
    path = os.path.join(folder, STATE_FILE)
    data = read_bytes(path, MAX_STATE_BYTES)
    if data is None:
        return None
    known = _understood.get(path)
    if known and known[0] == data:
        return known[1]
    found = _understand(path, data)
    if len(_understood) >= _MOST_UNDERSTOOD:
        _understood.clear()
    _understood[path] = data, found
    return found


def _understand(path: str, data: bytes) -> Snapshot:
    try:
        # What "utf-8-sig" does; loading that codec costs as much as reading the file.
        text = data.removeprefix(_BYTE_ORDER_MARK).decode()
        members = {member.key: member.value for member in jsonc.members(text)}
    except UnicodeDecodeError as error:
        raise unreadable(path, f"it is not UTF-8 (byte {error.start})") from None
    except ValueError as error:
        raise unreadable(path, str(error)) from None
    settings = {key: members[key] for key in SETTING_KEYS if members.get(key) is not None}
    session = members.get("session")
    # A checksum is no proof of good will: what it vouches for is still looked at, cheaply.
    if (
        type(version := members.get("schema_version")) is not int
        or version != SCHEMA_VERSION
        or not _is_sealed(text)
        or not are_settings(settings)
        or not (session is None or is_session(session))
    ):
        from handoff_cli.state.foreign import understand

        return understand(path, text, members)
    known = session_of(session) if session else None
    return Snapshot(path, text, settings, known, unknown_members(session), calibrations=_calibrations(path, members))


def _calibrations(path: str, members: dict[str, Any]) -> Mapping[str, Calibration]:
    if not members.get(CALIBRATIONS):
        return {}
    from handoff_cli.state.foreign import calibrations_in

    return calibrations_in(path, members)


def empty(folder: str) -> Snapshot:
    """Return the snapshot of a session folder that has no state file yet."""
    return Snapshot(os.path.join(folder, STATE_FILE), _EMPTY, {}, None, {})


def with_session(snapshot: Snapshot, session: Session) -> Snapshot:
    """Return ``snapshot`` holding ``session``; everything else in the text stays as it is."""
    lists = {name: [item.to_dict() for item in getattr(session, name)] for name in ("notes", "recent")}
    value = {**session.to_dict(), **lists, **snapshot.extra}
    value[SESSION_CHECKSUM] = session_checksum(value)
    members = jsonc.members(snapshot.text)
    if all(any(member.key == key for member in members) for key in ("session", "checksum", "schema_version")):
        text = sealed(*jsonc.replaced(snapshot.text, members, "session", value))
    else:
        from handoff_cli.core.jsonc_edit import with_member

        text = sealed(with_member(snapshot.text, "session", value))
    return snapshot.replace(text=text, session=session, trusted=True)


def session_of(value: dict[str, Any]) -> Session:
    """Return the session that ``value``, found to be one, holds."""
    fields = {name: value[name] for name in Session._fields}
    recent = tuple(Checkpoint(**{name: item[name] for name in Checkpoint._fields}) for item in value["recent"])
    return Session(**{**fields, "notes": notes_of(value["notes"]), "recent": recent})


def unknown_members(session: Any) -> dict[str, Any]:
    """Return the members of the session object that this version does not know: they survive a rewrite."""
    known = (*Session._fields, SESSION_CHECKSUM)
    return {key: value for key, value in session.items() if key not in known} if isinstance(session, dict) else {}


def session_checksum(session: dict[str, Any]) -> str:
    """Return the CRC-32 of what the session object says, however it is laid out."""
    said = {key: value for key, value in session.items() if key != SESSION_CHECKSUM}
    return f"{zlib.crc32(json.dumps(said, sort_keys=True).encode()):08x}"


def sealed(text: str, members: list[jsonc.Member] | None = None) -> str:
    """Return ``text`` with this schema's version and the checksum of all of it; ``members`` if they are known."""
    present = {member.key: member for member in members or jsonc.members(text)}
    version, checksum = present.get("schema_version"), present.get("checksum")
    if version is None or version.value != SCHEMA_VERSION:
        return _sealed_with(text, "schema_version", SCHEMA_VERSION)
    if (
        checksum is None
        or len(str(checksum.value)) != _CHECKSUM_DIGITS
        or checksum.end - checksum.value_start != _QUOTED
    ):
        return _sealed_with(text, "checksum", _BLANK)
    start = checksum.value_start + 1
    end = start + _CHECKSUM_DIGITS
    digits = f"{zlib.crc32(f'{text[:start]}{_BLANK}{text[end:]}'.encode()):08x}"
    return f"{text[:start]}{digits}{text[end:]}"


def _sealed_with(text: str, key: str, value: object) -> str:
    from handoff_cli.core.jsonc_edit import with_member

    return sealed(with_member(text, key, value))


def _is_sealed(text: str) -> bool:
    start = text.find(_CHECKSUM) + len(_CHECKSUM)
    digits = text[start : start + _CHECKSUM_DIGITS]
    blank = f"{text[:start]}{_BLANK}{text[start + _CHECKSUM_DIGITS :]}"
    return start >= len(_CHECKSUM) and digits == f"{zlib.crc32(blank.encode()):08x}"


def unreadable(path: str, why: str) -> StateError:
    """Return the refusal of the state file at ``path``, for what ``why`` says."""
    return StateError(
        f"cannot understand {path}: {why}",
        "mend it, or move it away: what the ledger beside it holds is then read back",
    )
