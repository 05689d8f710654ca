"""Changing what people set in a state file, around the session that it holds."""

from __future__ import annotations

from handoff_cli.core.jsonc_edit import with_member, without_member
from handoff_cli.state.snapshot import CALIBRATIONS, Snapshot, sealed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.models.calibration import Calibration


def without_session(snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` with its settings alone, and nothing of its session."""
    return snapshot.replace(session=None, extra={})


def with_setting(snapshot: Snapshot, key: str, value: Any) -> Snapshot:
    """Return ``snapshot`` with the setting ``key`` set to ``value``, removed when ``value`` is None."""
    if value is None:
        text = without_member(snapshot.text, key)
        settings = {name: old for name, old in snapshot.settings.items() if name != key}
    else:
        text = with_member(snapshot.text, key, value)
        settings = {**snapshot.settings, key: value}
    return snapshot.replace(text=sealed(text), settings=settings)


def with_calibrations(snapshot: Snapshot, calibrations: Mapping[str, Calibration]) -> Snapshot:
    """Return ``snapshot`` holding ``calibrations`` in place of those it had."""
    value = {name: calibration.to_dict() for name, calibration in calibrations.items()}
    text = with_member(snapshot.text, CALIBRATIONS, value)
    return snapshot.replace(text=sealed(text), calibrations=calibrations)
