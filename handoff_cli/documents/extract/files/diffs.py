"""What a unified diff holds: its hunks, which definition each change lies in, and the lines as they stand after it."""

from __future__ import annotations

from handoff_cli.core.code import definitions_in, enclosing
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Hunk(Record):
    """Lines of the file at ``path``, each with its mark before it, of which the first new one has number ``first``.

    ``head`` is the definition that git names: the one *above* the hunk, which its changes need not lie in.
    """

    path: str
    first: int
    head: str | None
    lines: tuple[str, ...]

    def after(self) -> Iterator[tuple[int, str]]:
        """Yield number and text of the lines that stand there after the change."""
        number = self.first
        for line in self.lines:
            if not line.startswith("-"):
                yield number, line[1:]
                number += 1

    def changes(self) -> Iterator[tuple[str | None, str, str]]:
        """Yield the definition that changes lie in, and what was there before and after them."""
        text = "\n".join(line[1:] for line in self.lines)
        grouped: dict[str | None, tuple[list[str], list[str]]] = {}
        start, inside, where = 0, False, self.head
        for line in self.lines:
            changed = line.startswith(("-", "+"))
            if not changed:
                inside = False
            elif not inside and line[1:].strip():
                where, inside = self._place(text, start), True
            if inside:
                grouped.setdefault(where, ([], []))[line.startswith("+")].append(line[1:])
            start += len(line[1:]) + 1
        for place, (old, new) in grouped.items():
            yield place, "\n".join(old), "\n".join(new)

    def _place(self, text: str, start: int) -> str | None:
        """Return the definition that the line at ``start`` of ``text`` lies in: one without indent lies in none."""
        found = enclosing(text, start)
        if text[start : start + 1].isspace():
            return found or self.head
        return found if found in definitions_in(text[start : start + _NEXT_CHARS]) else None


def hunks(diff: str) -> Iterator[Hunk]:
    """Yield the hunks of ``diff``; of what follows a gap (``…``) the file is not known before the next header."""
    path, first, head = "", 0, None
    lines: list[str] = []
    for line in (*diff.removesuffix("\n").split("\n"), _END):
        if line[:1] in _MARKS and first and not line.startswith(("+++ ", "--- ")):
            lines += [line or " "] if line[:1] != _NOTE else []
            continue
        if line == _GAP:
            lines = []
        if path and any(it[0] != " " for it in lines):
            yield Hunk(path, first, head, tuple(lines))
        lines, first = [], 0
        if found := _HUNK.match(line):
            first = int(found[1]) or 1
            head = next(iter(definitions_in(found[2])), None)
        elif line.startswith("+++ "):
            path = line[4:].strip().removeprefix("b/")
        elif not line.startswith("---"):
            path = ""


_HUNK = lazily(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)")
_NEXT_CHARS = 2_000
_NOTE = "\\"
_MARKS = ("", " ", "+", "-", _NOTE)
_GAP, _END = "…", "diff --git"
