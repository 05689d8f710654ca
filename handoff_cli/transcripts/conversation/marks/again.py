"""What was given again: a text that has grown, its end, messages that have become more. Each is told once.

Only the reading drops it; what is kept and what is counted stay as they were given.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.events import Event

    Line = tuple[int, bytes, bool]
    """The number of a line, its bytes, and whether a piece begins with it."""

_LEAST_LINES, _LEAST_OF_ALL, _LEAST_CHARS = 5, 2, 40
"""Fewer lines, or lines that say less, may be the same by chance; of all the text before, so many are enough."""

_MOST_LINES = 1 << 14
"""Of so many lines it is known that they were told."""


def told_once(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield ``lines`` without those that a piece begins with and the text before it ended with."""
    told: list[int] = []
    again: _Again | None = None
    for line in lines:
        if line[2] and told:
            yield from _noted(again.rest() if again else (), told)
            del told[:-_MOST_LINES]
            again = _Again(told)
        kept = again.take(line) if again else (line,)
        if kept is not None:
            again = None
            yield from _noted(kept, told)
    yield from again.rest() if again else ()


def _noted(lines: Iterable[Line], told: list[int]) -> Iterator[Line]:
    for line in lines:
        told.append(hash(line[1]))
        yield line


class _Again:
    """Follows whether a piece begins with the lines that were ``told`` last: as many of them as can be.

    The lines of the piece are looked for in those told, each of which is compared with one of them once, or is passed.
    """

    def __init__(self, told: list[int]) -> None:
        self._told = told
        self._held: list[Line] = []
        self._marks: list[int] = []
        self._borders: list[int] = []
        """Of as many lines of the piece, with how many it ends that it begins with, too."""
        self._at = self._same = 0
        """So far the lines told are compared; with so many before it the piece begins."""

    def take(self, line: Line) -> list[Line] | None:
        """Take in a line of the piece; return those to be told once it is known, None before."""
        self._held.append(line)
        self._marks.append(mark := hash(line[1]))
        border = self._borders[-1] if self._borders else 0
        while border and self._marks[border] != mark:
            border = self._borders[border - 1]
        self._borders.append(border + (len(self._marks) > 1 and self._marks[border] == mark))
        self._compare()
        return None if self._at < len(self._told) else self.rest()

    def _compare(self) -> None:
        """Go on in the lines told to where all lines held stand before, or to their end."""
        told, marks = self._told, self._marks
        while self._at < len(told) and self._same < len(marks):
            if told[self._at] == marks[self._same]:
                self._at, self._same = self._at + 1, self._same + 1
            elif self._same:
                self._same = self._borders[self._same - 1]
            else:
                self._at = _place_of(marks[0], told, self._at)

    def rest(self) -> list[Line]:
        """Return the lines held back that were not told before; what follows these goes on amid what was told."""
        while self._at < len(self._told):
            self._same = self._borders[self._same - 1]
            self._compare()
        least = _LEAST_OF_ALL if self._same == len(self._told) else _LEAST_LINES
        same = self._held[: self._same] if self._same >= least else []
        if sum(len(it[1].strip()) for it in same) < _LEAST_CHARS:
            return self._held
        return [(number, raw, False) for number, raw, _ in self._held[len(same) :]]


def _place_of(mark: int, told: list[int], at: int) -> int:
    """Return where ``mark`` stands in ``told`` from ``at`` on; their number where it does not."""
    try:
        return told.index(mark, at)
    except ValueError:
        return len(told)


class Known:
    """Drops of the events of a list of messages those with which the last list began, where it has grown since."""

    def __init__(self) -> None:
        self._last: list[int] = []
        self._now: list[int] = []
        self._same = True

    def begin(self) -> None:
        """Begin with a list."""
        self._last, self._now, self._same = self._now or self._last, [], True

    def tells(self, event: Event) -> bool:
        """Take in an event of the list; return whether it was not told before."""
        mark, at = hash(repr(event)), len(self._now)
        self._same = self._same and at < len(self._last) and self._last[at] == mark
        self._now.append(mark)
        return not self._same
