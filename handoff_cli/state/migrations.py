"""Bringing the text of an older ``token_usage.json`` to the present schema, one version at a time.

The ledger needs none of this: it is never rewritten, each of its lines says its version and is read by it.
"""

from __future__ import annotations

import os
import zlib

from handoff_cli.constants import MAX_STATE_BYTES, SCHEMA_VERSION
from handoff_cli.core.jsonc import members, with_last_member, with_member, without_member
from handoff_cli.state.files import read_bytes, replace_file, sync_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _adopt_seed(text: str) -> str:
    """Version 0 had no ``schema_version``, and its two settings are still called the same."""
    return text


def _gather_state(text: str) -> str:
    """Version 1 had what is handoff's own among the settings: it goes into one member below them."""
    present = {member.key: member.value for member in members(text)}
    for key in ("schema_version", "checksum", "session", "calibration", "state"):
        text = without_member(text, key)
    return with_last_member(text, "state", {key: present[key] for key in ("calibration", "session") if key in present})


STEPS: tuple[Callable[[str], str], ...] = (_adopt_seed, _gather_state)
"""The step at index n takes a text from version n to n + 1; it works on text so that comments and unknown keys stay."""


def migrated(text: str, version: int) -> str:
    """Return the state file ``text`` of schema ``version`` in the shape of the present one, and saying so."""
    for step in STEPS[version:]:
        text = step(text)
    state = next(member.value for member in members(text) if member.key == "state")
    return with_member(text, "state", {"schema_version": SCHEMA_VERSION, **state})


def back_up(path: str, version: int) -> None:
    """Keep the file of schema ``version`` at ``path`` beside its successor, under a name its content decides."""
    data = read_bytes(path, MAX_STATE_BYTES) or b""
    backup = f"{path}.v{version}-{zlib.crc32(data):08x}.bak"
    if not os.path.lexists(backup):
        replace_file(backup, data)
        sync_folder(os.path.dirname(path))
