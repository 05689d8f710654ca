"""Pieces of text that were given one after the other, read as one transcript."""

from __future__ import annotations

from handoff_cli.transcripts.source import Source
from handoff_cli.transcripts.values import MAX_ROW_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Pieces(Source):
    """Texts given one after the other, read as one; each begins on a line of its own.

    ``read`` gives them anew, in order, whenever it is called: the next text, and whether a piece begins with it or goes
    on. ``path`` names them, ``before`` is how many lines there were before the first. No more of them is held at a time
    than a line.
    """

    def __init__(self, path: str, read: Callable[[], Iterable[tuple[str, bool]]], before: int = 0) -> None:
        super().__init__(path, b"")
        self.read = read
        self.before = before
        self._extents: dict[int, int] = {}

    def extent(self, line: int = 0) -> int:
        """Return how many characters there are, with ``line`` more for each line."""
        if line not in self._extents:
            self._extents[line] = sum(len(text) + line * text.count("\n") for text, _ in self.read())
        return self._extents[line]

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of all pieces as ``Source.lines`` does; ``begins_piece`` is set at the first of each."""
        number, self.malformed, self.oversized = self.before, 0, 0
        for line, begins in _lines_of(self.read()):
            self.position, self.begins_piece = (number := number + 1), begins
            self.oversized += len(line) > MAX_ROW_BYTES
            yield b"" if len(line) > MAX_ROW_BYTES else line.encode("utf-8", "replace")


def _lines_of(texts: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Yield each line of ``texts``, and whether a piece begins with it."""
    rest: list[str] = []
    is_first = False
    for text, begins in texts:
        if begins and rest:
            yield "".join(rest).rstrip("\r"), is_first
            rest, is_first = [], False
        is_first = is_first or begins
        start = 0
        while (end := text.find("\n", start)) >= 0:
            line = text[start:end]
            if rest:
                line, rest = "".join((*rest, line)), []
            yield line.rstrip("\r"), is_first
            start, is_first = end + 1, False
        if start < len(text):
            rest.append(text[start:])
    if rest:
        yield "".join(rest).rstrip("\r"), is_first
