"""Which of what the agent set out line by line stands in files by now: the edits tell it, in its last form."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit


class LinesWritten:
    """Knows the lines that ``edits`` wrote."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._lines = {line.strip() for edit in edits if edit.outcome != "failed" for line in edit.new.split("\n")}

    def has(self, block: str) -> bool:
        """Return whether most of a list of several lines was written into files."""
        lines = [line for line in (it.strip(_MARKS) for it in block.split("\n")) if len(line) >= _LEAST_CHARS]
        written = sum(line in self._lines for line in lines)
        return written >= _LEAST_LINES and written >= _SHARE * len(lines)


_MARKS, _LEAST_CHARS, _LEAST_LINES, _SHARE = " -*\u2022\t", 8, 3, 0.5
