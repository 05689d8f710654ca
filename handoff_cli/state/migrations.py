"""The text of a state file of an older version, brought to the present schema one version at a time.

The ledger needs none of this: it is never rewritten, each of its lines says its version and is read by it.
"""

from __future__ import annotations

from handoff_cli.constants import SCHEMA_VERSION, STATE_MEMBER, VERSION_MEMBER
from handoff_cli.core.json_edits import with_last_member, with_member, without_member
from handoff_cli.core.jsonc import members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _adopt_seed(text: str) -> str:
    """Version 0 had no ``schema_version``, and its two settings are still called the same."""
    return text


def _gather_state(text: str) -> str:
    """Version 1 had what is handoff's own among the settings: it goes into one member below them."""
    present = {member.key: member.value for member in members(text)}
    for key in (VERSION_MEMBER, "checksum", "session", "calibration", STATE_MEMBER):
        text = without_member(text, key)
    return with_last_member(
        text, STATE_MEMBER, {key: present[key] for key in ("calibration", "session") if key in present}
    )


STEPS: tuple[Callable[[str], str], ...] = (_adopt_seed, _gather_state)
"""The step at index n takes a text from version n to n + 1; it works on text so that comments and unknown keys stay."""


def migrated(text: str, version: int) -> str:
    """Return the state file ``text`` of schema ``version`` in the shape of the present one, and saying so."""
    for step in STEPS[version:]:
        text = step(text)
    state = next(member.value for member in members(text) if member.key == STATE_MEMBER)
    return with_member(text, STATE_MEMBER, {VERSION_MEMBER: SCHEMA_VERSION, **state})
