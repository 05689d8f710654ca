"""The names of the formats that input can be said to have."""

from __future__ import annotations

from handoff_cli.core.text import printable
from handoff_cli.errors import UsageError
from handoff_cli.transcripts import READERS

FORMATS = ("text", "auto", *(name.replace("_", "-") for name in READERS if name != "text"))
"""``text``: all of it is text to count; ``auto``: its content decides; else what ``transcripts`` has a reader for."""


def check_format(name: str) -> None:
    """Raise UsageError, listing the formats, unless ``name`` is one; ``_`` for ``-`` will do."""
    if name.replace("_", "-") not in FORMATS:
        raise UsageError(f"there is no format '{printable(name)}'", f"formats: {', '.join(FORMATS)}")
