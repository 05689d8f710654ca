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
from handoff_cli.core.notes import notes_of
from handoff_cli.core.record import Record
from handoff_cli.core.session import Checkpoint, Session
from handoff_cli.core.settings import SETTING_KEYS, are_settings
from handoff_cli.core.text import shorten
from handoff_cli.errors import StateError, newer_version
from handoff_cli.state.files import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.core.calibration import Calibration

_EMPTY = f'{{\n  "schema_version": {SCHEMA_VERSION}\n}}\n'
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CHECKSUM = '"checksum": "'
_CHECKSUM_DIGITS = 8
_QUOTED = _CHECKSUM_DIGITS + 2
_SESSION_CHECKSUM = "crc32"
_CALIBRATIONS = "calibration"


class Snapshot(Record):
    """A read state file: its ``text``, the ``settings`` in it by key, and the ``session`` (None when it has none).

    ``text`` is in the present schema; ``older`` is the version of the file it came from, None where that is the
    present. ``trusted`` tells that the session is as handoff wrote it, whatever was edited around it. ``calibrations``
    are the user's own factors by model.
    """

    path: str
    text: str
    settings: dict[str, Any]
    session: Session | None
    extra: dict[str, Any]
    older: int | None = None
    trusted: bool = True
    calibrations: Mapping[str, Calibration] = {}


def load(folder: str) -> Snapshot | None:
    """Return the state file of the session folder ``folder``, None when there is none.

    Raises:
        StateError: unreadable, not JSON, wrong values, or written by a newer version. The file is left as it is.
    """
    path = os.path.join(folder, STATE_FILE)
    data = read_bytes(path, MAX_STATE_BYTES)
    if data is None:
        return None
    try:
        # What "utf-8-sig" does; loading that codec costs as much as reading the file.
        text = data.removeprefix(_BYTE_ORDER_MARK).decode()
        members = {member.key: member.value for member in jsonc.members(text)}
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"it is not UTF-8 (byte {error.start})") from None
    except ValueError as error:
        raise _unreadable(path, str(error)) from None
    version = _version(path, members)
    if version < SCHEMA_VERSION:
        return _migrated(path, text, version)
    settings = {key: members[key] for key in SETTING_KEYS if members.get(key) is not None}
    session = members.get("session")
    # A checksum is no proof of good will: what it vouches for is still looked at, cheaply.
    if not _is_sealed(text) or not are_settings(settings) or not (session is None or is_session(session)):
        return _validated(path, text, members)
    known = _session(session) if session else None
    return Snapshot(path, text, settings, known, _extra(session), calibrations=_calibrations(path, members))


def empty(folder: str) -> Snapshot:
    """Return the snapshot of a session folder that has no state file yet."""
    return Snapshot(os.path.join(folder, STATE_FILE), _EMPTY, {}, None, {})


def without_session(snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` with its settings alone, and nothing of its session."""
    return snapshot.replace(session=None, extra={})


def with_session(snapshot: Snapshot, session: Session) -> Snapshot:
    """Return ``snapshot`` holding ``session``; everything else in the text stays as it is."""
    lists = {name: [item.to_dict() for item in getattr(session, name)] for name in ("notes", "recent")}
    value = {**session.to_dict(), **lists, **snapshot.extra}
    value[_SESSION_CHECKSUM] = _session_checksum(value)
    text = jsonc.with_member(snapshot.text, "session", value)
    return snapshot.replace(text=_sealed(text), session=session, trusted=True)


def with_setting(snapshot: Snapshot, key: str, value: Any) -> Snapshot:
    """Return ``snapshot`` with the setting ``key`` set to ``value``, removed when ``value`` is None."""
    if value is None:
        text = jsonc.without_member(snapshot.text, key)
        settings = {name: old for name, old in snapshot.settings.items() if name != key}
    else:
        text = jsonc.with_member(snapshot.text, key, value)
        settings = {**snapshot.settings, key: value}
    return snapshot.replace(text=_sealed(text), settings=settings)


def with_calibrations(snapshot: Snapshot, calibrations: Mapping[str, Calibration]) -> Snapshot:
    """Return ``snapshot`` holding ``calibrations`` in place of those it had."""
    value = {name: calibration.to_dict() for name, calibration in calibrations.items()}
    text = jsonc.with_member(snapshot.text, _CALIBRATIONS, value)
    return snapshot.replace(text=_sealed(text), calibrations=calibrations)


def _calibrations(path: str, members: dict[str, Any]) -> dict[str, Calibration]:
    value = members.get(_CALIBRATIONS)
    if not value:
        return {}
    from handoff_cli.core.calibration import calibrations_of

    try:
        return calibrations_of(value)
    except ValueError as error:
        raise _unreadable(path, f"{error} is not what handoff calibrate writes") from None


def _validated(path: str, text: str, members: dict[str, Any], on_disk: str | None = None) -> Snapshot:
    from handoff_cli.state.schema import InvalidValueError, validate_session, validate_settings

    try:
        settings = validate_settings(members)
        session = members.get("session")
        known = validate_session(session) if session is not None else None
    except InvalidValueError as error:
        problem = error.problems[0]
        line = jsonc.line_of(on_disk or text, problem.key.split(".")[0])
        where = f"line {line}: " if line else ""
        raise _unreadable(
            path, f"{where}{problem.key} is {_brief(problem.value)}, allowed: {problem.allowed}"
        ) from None
    trusted = session is None or session.get(_SESSION_CHECKSUM) == _session_checksum(session)
    own = _calibrations(path, members)
    kept = _session(known) if known else None
    return Snapshot(path, text, settings, kept, _extra(session), trusted=trusted, calibrations=own)


def _version(path: str, members: dict[str, Any]) -> int:
    version = members.get("schema_version", 0)
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise _unreadable(path, f"schema_version is {_brief(version)}, allowed: a whole number")
    if version > SCHEMA_VERSION:
        raise newer_version(path, version, SCHEMA_VERSION)
    return version


def _migrated(path: str, original: str, version: int) -> Snapshot:
    from handoff_cli.state.migrations import migrated

    text = migrated(original, version)
    members = {member.key: member.value for member in jsonc.members(text)}
    return _validated(path, text, members, original).replace(older=version)


def _session(value: dict[str, Any]) -> Session:
    fields = {name: value[name] for name in Session._fields}
    recent = tuple(Checkpoint(**{name: item[name] for name in Checkpoint._fields}) for item in value["recent"])
    return Session(**{**fields, "notes": notes_of(value["notes"]), "recent": recent})


def _extra(session: Any) -> dict[str, Any]:
    """Return the members of the session object that this version does not know: they survive a rewrite."""
    known = (*Session._fields, _SESSION_CHECKSUM)
    return {key: value for key, value in session.items() if key not in known} if isinstance(session, dict) else {}


def _session_checksum(session: dict[str, Any]) -> str:
    """Return the CRC-32 of what the session object says, however it is laid out."""
    said = {key: value for key, value in session.items() if key != _SESSION_CHECKSUM}
    return f"{zlib.crc32(json.dumps(said, sort_keys=True).encode()):08x}"


def _sealed(text: str) -> str:
    """Return ``text`` with this schema's version and the checksum of all of it."""
    members = {member.key: member for member in jsonc.members(text)}
    blank = "0" * _CHECKSUM_DIGITS
    version, checksum = members.get("schema_version"), members.get("checksum")
    if version is None or version.value != SCHEMA_VERSION:
        return _sealed(jsonc.with_member(text, "schema_version", SCHEMA_VERSION))
    if (
        checksum is None
        or len(str(checksum.value)) != _CHECKSUM_DIGITS
        or checksum.end - checksum.value_start != _QUOTED
    ):
        return _sealed(jsonc.with_member(text, "checksum", blank))
    start = checksum.value_start + 1
    unsealed = f"{text[:start]}{blank}{text[start + _CHECKSUM_DIGITS :]}"
    return f"{unsealed[:start]}{zlib.crc32(unsealed.encode()):08x}{unsealed[start + _CHECKSUM_DIGITS :]}"


def _is_sealed(text: str) -> bool:
    start = text.find(_CHECKSUM) + len(_CHECKSUM)
    digits = text[start : start + _CHECKSUM_DIGITS]
    blank = f"{text[:start]}{'0' * _CHECKSUM_DIGITS}{text[start + _CHECKSUM_DIGITS :]}"
    return start >= len(_CHECKSUM) and digits == f"{zlib.crc32(blank.encode()):08x}"


def _unreadable(path: str, why: str) -> StateError:
    return StateError(
        f"cannot understand {path}: {why}",
        "mend it, or move it away: what the ledger beside it holds is then read back",
    )


def _brief(value: Any) -> str:
    return shorten(repr(value), 60)
