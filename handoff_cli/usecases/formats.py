"""The names of the formats that input can be said to have."""

from __future__ import annotations

from handoff_cli.agents.readers import READERS
from handoff_cli.core.text import printable
from handoff_cli.errors import UsageError

FORMATS = ("text", "markdown", "auto", *(name.replace("_", "-") for name in READERS if name != "text"))
"""``text``, ``markdown``: it is text; ``auto``: its content decides; else one of ``agents.readers.READERS``."""


def check_format(name: str) -> None:
    """Raise UsageError, listing the formats, unless ``name`` is one; ``_`` for ``-`` will do."""
    if name.replace("_", "-") not in FORMATS:
        raise UsageError(f"there is no format '{printable(name)}'", f"formats: {', '.join(FORMATS)}")
