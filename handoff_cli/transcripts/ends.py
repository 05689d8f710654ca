"""What is kept of lists that may grow without end."""

from __future__ import annotations

from handoff_cli.core.light import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Ends:
    """The first and the last entries of a list of any length."""

    def __init__(self, first: int, last: int) -> None:
        self.size = first
        self.first: list[Any] = []
        self.last: deque[Any] = deque(maxlen=last)
        self.count = 0

    def add(self, entry: Any) -> None:
        """Add ``entry`` at the end; where there are too many, one of the middle goes."""
        self.count += 1
        if len(self.first) < self.size:
            self.first.append(entry)
        else:
            self.last.append(entry)

    def entries(self) -> list[Any]:
        """Return what is kept, in order."""
        return [*self.first, *self.last]

    def left_out(self) -> int:
        """Return how many entries of the middle are gone."""
        return self.count - len(self.first) - len(self.last)

    def undo(self, position: int) -> None:
        """Drop what stands after ``position``."""
        while self.last and self.last[-1].position > position:
            self.last.pop()
            self.count -= 1
        while self.first and not self.last and self.first[-1].position > position:
            self.first.pop()
            self.count -= 1
