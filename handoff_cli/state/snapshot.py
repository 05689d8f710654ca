"""``token_usage.json``: settings people may edit, and below them, in one member ``state``, what is handoff's own.

The settings come first; a new file shows the ones that matter with the values in force, and a value shown counts as
set once somebody changes it. ``state`` has the schema's version, the session's totals with a ``crc32`` of their own,
and what else must be remembered. A rewrite replaces ``state`` in place, so comments, order and unknown keys stay as
people left them. A session whose checksum does not fit was changed by somebody: it is built anew from the ledger.
"""

from __future__ import annotations

import os
import zlib

from handoff_cli.constants import MAX_STATE_BYTES, SCHEMA_VERSION, STATE_FILE, STATE_MEMBER, VERSION_MEMBER
from handoff_cli.core import jsonc
from handoff_cli.core.record import Record
from handoff_cli.core.session import Checkpoint, Session, TurnEnd, is_session, notes_of
from handoff_cli.core.settings import OWN_SETTINGS, SETTINGS, InvalidValueError, misspelt_settings, settings_in
from handoff_cli.core.text import printable, shorten
from handoff_cli.errors import StateError, newer_version
from handoff_cli.state.files import read_bytes, replace_file, sync_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from handoff_cli.models.lookup import Calibration

SESSION_CHECKSUM = "crc32"
EMPTY = "{\n}\n"
"""The text of a file that is not there yet."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OWN = (VERSION_MEMBER, "shown", "told", "calibration", "session")
_SHOWN_CHARS = 60
_MOST_TOLD = 200
_MOST_UNDERSTOOD = 8


class Snapshot(Record):
    """A read state file: its ``text``, the ``settings`` in it by key, and the ``session`` (None when it has none).

    ``text`` is in the present schema; ``older`` is the version of the file it came from, None where that is the
    present. ``extra`` are members of the session that this version does not know, ``other`` those of ``state``.
    ``shown`` are checksums of the settings the file shows without anybody having set them. ``trusted`` tells that the
    session is as handoff wrote it, whatever was edited around it. ``calibrations`` are the user's own factors by model.
    ``unknown`` are keys that are no settings, ``warnings`` lines for a person on what somebody wrote.
    """

    path: str
    text: str
    settings: dict[str, Any]
    session: Session | None
    extra: Mapping[str, Any] = {}
    older: int | None = None
    trusted: bool = True
    calibrations: Mapping[str, Calibration] = {}
    shown: Mapping[str, str] = {}
    other: Mapping[str, Any] = {}
    unknown: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


_understood: dict[str, tuple[bytes, Snapshot]] = {}
"""By path, the bytes last found there and what they say: a command meets the same bytes more than once."""


def load(folder: str) -> Snapshot | None:
    """Return the state file of the session folder ``folder``, None when there is none.

    Raises:
        StateError: unreadable, not JSON, wrong values, or written by a newer version. The file is left as it is.
    """
    return load_file(os.path.join(folder, STATE_FILE))


def load_file(path: str) -> Snapshot | None:
    """Return the state file at ``path`` as ``load`` does."""
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


def empty(folder: str) -> Snapshot:
    """Return the snapshot of a session folder that has no state file yet."""
    return Snapshot(os.path.join(folder, STATE_FILE), EMPTY, {}, None)


def misspelt_in(*folders: str) -> tuple[str, ...]:
    """Return a line for a person on each key in the state files in ``folders`` that looks like a misspelt setting.

    Raises:
        StateError: as ``load``.
    """
    files = [loaded for folder in dict.fromkeys(folders) if (loaded := load(folder))]
    return tuple(line for it in files for line in _misspelt_lines(it.path, it.unknown))


def _understand(path: str, data: bytes) -> Snapshot:
    try:
        # What "utf-8-sig" does; loading that codec costs as much as reading the file.
        text = data.removeprefix(_BYTE_ORDER_MARK).decode()
        members = {member.key: member.value for member in jsonc.members(text)}
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"it is not UTF-8 (byte {error.start})") from None
    except ValueError as error:
        raise _unreadable(path, str(error)) from None
    version = _version(path, members)
    if version == SCHEMA_VERSION or not members.keys() & {STATE_MEMBER, VERSION_MEMBER}:
        # Whoever writes settings alone writes what every version reads.
        return _read(path, text, members, text).replace(older=None if STATE_MEMBER in members else version)
    from handoff_cli.state.migrations import migrated

    present = migrated(text, version)
    members = {member.key: member.value for member in jsonc.members(present)}
    return _read(path, present, members, text).replace(older=version)


def _version(path: str, members: dict[str, Any]) -> int:
    state = members.get(STATE_MEMBER, {})
    if not isinstance(state, dict):
        raise _unreadable(path, f"{STATE_MEMBER} is {_brief(state)}, allowed: an object")
    version = (members if VERSION_MEMBER in members else state).get(VERSION_MEMBER, 0)
    if type(version) is not int or version < 0:
        raise _unreadable(path, f"{VERSION_MEMBER} is {_brief(version)}, allowed: a whole number")
    if version > SCHEMA_VERSION:
        raise newer_version(path, version, SCHEMA_VERSION)
    return version


def _read(path: str, text: str, members: dict[str, Any], on_disk: str) -> Snapshot:
    state: dict[str, Any] = members.get(STATE_MEMBER, {})
    try:
        told_shown = state["shown"] if isinstance(state.get("shown"), dict) else {}
        # Files of before hold the values themselves.
        shown = {key: it if isinstance(it, str) else value_checksum(it) for key, it in told_shown.items()}
        strangers = [key for key in OWN_SETTINGS if key in members and os.path.basename(path) == STATE_FILE]
        settings, reread = settings_in(
            {key: it for key, it in members.items() if key not in strangers and not _is_shown(shown, key, it)}
        )
        session = _session(state.get("session"))
    except InvalidValueError as error:
        line = jsonc.line_of(on_disk, error.key) if error.key in SETTINGS else None
        where = f"line {line}: " if line else ""
        raise _unreadable(path, f"{where}{error.key} is {_brief(error.value)}, allowed: {error.allowed}") from None
    unknown = tuple(key for key in members if key not in SETTINGS and key != STATE_MEMBER)
    told = state.get("told")
    fresh = [key for key in unknown if not isinstance(told, list) or key not in told]
    raw = state.get("session")
    return Snapshot(
        path,
        text,
        settings,
        session,
        unknown_members(raw),
        None,
        raw is None or raw.get(SESSION_CHECKSUM) == session_checksum(raw),
        _calibrations(path, state.get("calibration")),
        shown,
        {key: value for key, value in state.items() if key not in _OWN},
        unknown,
        (*_reread_lines(path, members, reread), *_misspelt_lines(path, fresh), *_strangers_lines(path, strangers)),
    )


def _session(value: Any) -> Session | None:
    """Return the session object ``value``; a checksum is no proof of good will, so it is looked at either way."""
    if value is None:
        return None
    if not is_session(value):
        from handoff_cli.state.schema import validate_session

        value = validate_session(value)
    fields = {name: value[name] for name in Session._fields}
    recent = tuple(Checkpoint(**{name: item[name] for name in Checkpoint._fields}) for item in value["recent"])
    turns = tuple(TurnEnd(item["number"], item["tokens"]) for item in value["turns"])
    return Session(**{**fields, "notes": notes_of(value["notes"]), "recent": recent, "turns": turns})


def _calibrations(path: str, value: Any) -> Mapping[str, Calibration]:
    if not value:
        return {}
    from handoff_cli.models.lookup import calibrations_of

    try:
        return calibrations_of(value)
    except ValueError as error:
        raise _unreadable(path, f"{error} is not what handoff calibrate writes") from None


def _reread_lines(path: str, members: Mapping[str, Any], reread: Mapping[str, Any]) -> Iterable[str]:
    for key, value in reread.items():
        yield f"{path}: {key} {_brief(members[key])} is read as {jsonc.dumps(value)}; write that"


def _strangers_lines(path: str, keys: Iterable[str]) -> Iterable[str]:
    for key in keys:
        yield f"{path}: {key} counts in your own settings alone: handoff config set --user {key} VALUE"


def _misspelt_lines(path: str, keys: Iterable[str]) -> Iterable[str]:
    for key, meant in misspelt_settings(keys).items():
        slip = f"there is no setting '{printable(key)}', did you mean {meant}?"
        yield f"{path}: {slip} (a key of your own can begin with _)"


def with_session(snapshot: Snapshot, session: Session) -> Snapshot:
    """Return ``snapshot`` holding ``session``; everything around ``state`` in the text stays as it is."""
    return _rewritten(snapshot.replace(session=session, trusted=True))


def without_session(snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` with its settings alone, and nothing of its session."""
    return snapshot.replace(session=None, extra={})


def with_setting(snapshot: Snapshot, key: str, value: Any) -> Snapshot:
    """Return ``snapshot`` with the setting ``key`` set to ``value``, removed when ``value`` is None."""
    from handoff_cli.core.json_edits import with_member, without_member

    settings = {name: old for name, old in snapshot.settings.items() if name != key}
    shown = {name: old for name, old in snapshot.shown.items() if name != key}
    if value is None:
        text = without_member(snapshot.text, key)
    else:
        text = with_member(snapshot.text, key, value)
        settings[key] = value
    return _rewritten(snapshot.replace(text=text, settings=settings, shown=shown))


def with_calibrations(snapshot: Snapshot, calibrations: Mapping[str, Calibration]) -> Snapshot:
    """Return ``snapshot`` holding ``calibrations`` in place of those it had."""
    return _rewritten(snapshot.replace(calibrations=calibrations))


def with_shown(snapshot: Snapshot, values: dict[str, Any], *, new: bool) -> Snapshot:
    """Return ``snapshot`` showing ``values``, settings by key, where nobody changed the ones shown before.

    ``new``: nothing was shown before; all of ``values`` go to the top of the text, in their order.
    """
    if new:
        from handoff_cli.core.json_edits import with_member

        text = snapshot.text
        for key, value in reversed(values.items()):
            text = with_member(text, key, value)
        return snapshot.replace(text=text, shown={key: value_checksum(value) for key, value in values.items()})
    members = jsonc.members(snapshot.text)
    present = {member.key: member.value for member in members}
    text, shown = snapshot.text, dict(snapshot.shown)
    for key, old in snapshot.shown.items():
        if key in values and key in present and value_checksum(present[key]) == old != value_checksum(values[key]):
            text, members = jsonc.replaced(text, members, key, values[key])
            shown[key] = value_checksum(values[key])
    return snapshot.replace(text=text, shown=shown)


def value_checksum(value: Any) -> str:
    """Return the CRC-32 of a value, by which a shown one is known: whoever replaces it everywhere replaces it once."""
    return f"{zlib.crc32(jsonc.dumps(value).encode()):08x}"


def _is_shown(shown: Mapping[str, str], key: str, value: Any) -> bool:
    return key in shown and shown[key] == value_checksum(value)


def _rewritten(snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` with a text whose ``state`` says what its fields do."""
    state: dict[str, Any] = {VERSION_MEMBER: SCHEMA_VERSION}
    if snapshot.shown:
        state["shown"] = snapshot.shown
    if snapshot.unknown:
        state["told"] = snapshot.unknown[:_MOST_TOLD]
    if snapshot.calibrations:
        state["calibration"] = {name: found.to_dict() for name, found in snapshot.calibrations.items()}
    state |= snapshot.other
    if snapshot.session is not None:
        state["session"] = _session_object(snapshot.session, snapshot.extra)
    members = jsonc.members(snapshot.text)
    if any(member.key == STATE_MEMBER for member in members):
        text, _ = jsonc.replaced(snapshot.text, members, STATE_MEMBER, state)
    else:
        from handoff_cli.core.json_edits import with_last_member

        text = with_last_member(snapshot.text, STATE_MEMBER, state)
    return snapshot.replace(text=text)


def _session_object(session: Session, extra: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: [item.to_dict() for item in getattr(session, name)] for name in ("notes", "recent", "turns")}
    value = {**session.to_dict(), **lists, **extra}
    value[SESSION_CHECKSUM] = session_checksum(value)
    return value


def unknown_members(session: Any) -> dict[str, Any]:
    """Return the members of the session object that this version does not know: they survive a rewrite."""
    known = (*Session._fields, SESSION_CHECKSUM)
    return {key: value for key, value in session.items() if key not in known} if isinstance(session, dict) else {}


def session_checksum(session: dict[str, Any]) -> str:
    """Return the CRC-32 of what the session object says, however it is laid out."""
    said = {key: value for key, value in session.items() if key != SESSION_CHECKSUM}
    return f"{zlib.crc32(jsonc.dumps(said, sort_keys=True).encode()):08x}"


def back_up(path: str, version: int) -> None:
    """Keep the file of schema ``version`` at ``path`` beside its successor, under a name its content decides."""
    data = read_bytes(path, MAX_STATE_BYTES) or b""
    backup = f"{path}.v{version}-{zlib.crc32(data):08x}.bak"
    if not os.path.lexists(backup):
        replace_file(backup, data)
        sync_folder(os.path.dirname(path))


def _brief(value: Any) -> str:
    return shorten(repr(value), _SHOWN_CHARS)


def _unreadable(path: str, why: str) -> StateError:
    """Return the refusal of the state file at ``path``, for what ``why`` says."""
    return StateError(
        f"cannot understand {path}: {why}",
        "mend it, or move it away: all but its settings is then read back from the ledger beside it",
    )
