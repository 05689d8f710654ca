"""State files that are not as handoff left them: edited by people, half restored, or of an older schema.

Here pydantic looks at every value; ``snapshot`` loads this only where a file's checksum does not vouch for it.
"""

from __future__ import annotations

from handoff_cli.constants import SCHEMA_VERSION
from handoff_cli.core.jsonc import members as members_of
from handoff_cli.core.jsonc_edit import line_of
from handoff_cli.core.text import shorten
from handoff_cli.errors import newer_version
from handoff_cli.models.calibration import calibrations_of
from handoff_cli.state.snapshot import (
    CALIBRATIONS,
    SESSION_CHECKSUM,
    Snapshot,
    session_checksum,
    session_of,
    unknown_members,
    unreadable,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.models.calibration import Calibration


def understand(path: str, text: str, members: dict[str, Any]) -> Snapshot:
    """Return what the state file ``text`` at ``path``, which has ``members``, says.

    Raises:
        StateError: wrong values, or written by a newer version.
    """
    version = _version(path, members)
    if version < SCHEMA_VERSION:
        return _migrated(path, text, version)
    return _validated(path, text, members)


def calibrations_in(path: str, members: dict[str, Any]) -> dict[str, Calibration]:
    """Return the user's own factors among the ``members`` of the state file at ``path``; StateError for nonsense."""
    value = members.get(CALIBRATIONS)
    if not value:
        return {}
    try:
        return calibrations_of(value)
    except ValueError as error:
        raise unreadable(path, f"{error} is not what handoff calibrate writes") from None


def _version(path: str, members: dict[str, Any]) -> int:
    version = members.get("schema_version", 0)
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise unreadable(path, f"schema_version is {_brief(version)}, allowed: a whole number")
    if version > SCHEMA_VERSION:
        raise newer_version(path, version, SCHEMA_VERSION)
    return version


def _validated(path: str, text: str, members: dict[str, Any], on_disk: str | None = None) -> Snapshot:
    from handoff_cli.state.misspelt import misspelt_lines
    from handoff_cli.state.schema import InvalidValueError, validate_session, validate_settings

    try:
        settings = validate_settings(members)
        session = members.get("session")
        known = validate_session(session) if session is not None else None
    except InvalidValueError as error:
        problem = error.problems[0]
        line = line_of(on_disk or text, problem.key.split(".")[0])
        where = f"line {line}: " if line else ""
        raise unreadable(path, f"{where}{problem.key} is {_brief(problem.value)}, allowed: {problem.allowed}") from None
    trusted = session is None or session.get(SESSION_CHECKSUM) == session_checksum(session)
    own = calibrations_in(path, members)
    kept = session_of(known) if known else None
    doubts = misspelt_lines(path, members)
    return Snapshot(path, text, settings, kept, unknown_members(session), None, trusted, own, doubts)


def _migrated(path: str, original: str, version: int) -> Snapshot:
    from handoff_cli.state.migrations import migrated

    text = migrated(original, version)
    members = {member.key: member.value for member in members_of(text)}
    return _validated(path, text, members, original).replace(older=version)


def _brief(value: Any) -> str:
    return shorten(repr(value), 60)
