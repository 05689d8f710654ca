"""Bringing the text of an older ``token_usage.json`` to the present schema, one version at a time.

The ledger needs none of this: it is never rewritten, each of its lines says its version and is read by it.
"""

from __future__ import annotations

from handoff_cli.constants import SCHEMA_VERSION
from handoff_cli.core.jsonc import with_member

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _adopt_seed(text: str) -> str:
    """Version 0 had no ``schema_version``, and its two settings are still called the same."""
    return text


STEPS: tuple[Callable[[str], str], ...] = (_adopt_seed,)
"""The step at index n takes a text from version n to n + 1; it works on text so that comments and unknown keys stay."""


def migrated(text: str, version: int) -> str:
    """Return the state file ``text`` of schema ``version`` in the shape of the present one, and saying so."""
    for step in STEPS[version:]:
        text = step(text)
    return with_member(text, "schema_version", SCHEMA_VERSION)
