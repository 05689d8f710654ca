"""Recordings of a terminal (asciinema's ``.cast``): a row of JSON for each time that it was printed to, as lines."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.values import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = compiled(r'\{"version": ?[123],.{0,400}?"(?:width|cols)": ?\d')
_ROW = compiled(r'\[\d[\d.]*, ?"[a-z]", ?"')
_WHOLE = '"stdout":'
_MOST_CHARS = 1 << 16
"""No line of a terminal is longer."""


def begins(first: str) -> bool:
    """Return whether a piece that begins with the line ``first`` is such a recording."""
    return first[:2] == '{"' and _HEAD.match(first) is not None


class Recording:
    """Takes in the rows; yields the lines that the terminal was given."""

    def __init__(self) -> None:
        self._line, self.is_over = "", False

    def goes_on(self, first: str) -> bool:
        """Return whether a piece that begins so goes on with the recording."""
        return _ROW.match(first) is not None

    def take(self, text: str) -> Iterator[str]:
        """Take in a row; yield the lines that it ends: what was typed and not shown is none."""
        for shown in _shown(text):
            *whole, self._line = f"{self._line}{shown}".split("\n")
            yield from whole
            if len(self._line) > _MOST_CHARS:
                yield self._line
                self._line = ""

    def end(self) -> list[str]:
        """Return the line that was not ended."""
        return [self._line] if self._line else []


def _shown(text: str) -> list[str]:
    """Return what a row shows, or all that a recording does that is one object (the first version of the format)."""
    if _ROW.match(text):
        row = decode(text)
        return [row[2]] if isinstance(row, list) and len(row) > 2 and row[1] == "o" and isinstance(row[2], str) else []  # noqa: PLR2004
    if _WHOLE not in text:
        return []
    whole = decode(text)
    rows = whole.get("stdout") if isinstance(whole, dict) else None
    if not isinstance(rows, list):
        return [f"{text}\n"]
    return [it[-1] for it in rows if isinstance(it, list) and it and isinstance(it[-1], str)]
