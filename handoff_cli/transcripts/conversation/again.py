"""What was given again: a text that has grown, its end, messages that have become more. Each is told once.

Only the reading drops it; what is kept and what is counted stay as they were given.
"""

from __future__ import annotations

from contextlib import suppress

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
    """Follows whether a piece begins with the lines that were ``told`` last: as many of them as can be."""

    def __init__(self, told: list[int]) -> None:
        self._told = told
        self._held: list[Line] = []
        self._starts: list[int] = []
        self._same = 0

    def take(self, line: Line) -> list[Line] | None:
        """Take in a line of the piece; return those to be told once it is known, None before."""
        mark, at, end = hash(line[1]), len(self._held), len(self._told)
        self._held.append(line)
        if not at:
            self._starts = [*_places_of(mark, self._told)]
        else:
            self._starts = [it for it in self._starts if it + at < end and self._told[it + at] == mark]
        if any(it + at + 1 == end for it in self._starts):
            self._same = at + 1
        return None if self._starts and self._starts[0] + at + 1 < end else self.rest()

    def rest(self) -> list[Line]:
        """Return the lines held back that were not told before; what follows these goes on amid what was told."""
        least = _LEAST_OF_ALL if self._same == len(self._told) else _LEAST_LINES
        same = self._held[: self._same] if self._same >= least else []
        if sum(len(it[1].strip()) for it in same) < _LEAST_CHARS:
            return self._held
        return [(number, raw, False) for number, raw, _ in self._held[len(same) :]]


def _places_of(mark: int, told: list[int]) -> Iterator[int]:
    at = -1
    with suppress(ValueError):
        while True:
            yield (at := told.index(mark, at + 1))


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
