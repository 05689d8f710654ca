"""Pieces of text that were given one after the other, read as one transcript."""

from __future__ import annotations

from handoff_cli.transcripts.source import Source
from handoff_cli.transcripts.values import MAX_ROW_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Pieces(Source):
    """Texts given one after the other, read as one; each begins on a line of its own, if none was cut in two.

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
    is_first, above = False, _Above()
    for text, begins in texts:
        if begins and rest and not above.goes_on(rest[-1][-_LOOKED_AT:], text[:_LOOKED_AT]):
            yield "".join(rest).rstrip("\r"), is_first
            rest, is_first = [], False
        if begins and not rest:
            is_first, above = True, _Above()
        above.take(text)
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


_LOOKED_AT = 2_000
"""So many characters around the end of a piece tell whether a line goes on there."""

_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))
_QUOTES = ("`", '"', "**")
_ENDS = ".!?:…。！？："  # noqa: RUF001 (Chinese signs)
_BEGINS = "#*_>❯›⏺●•"  # noqa: RUF001 (signs as they stand on screens)
"""What ends a message, and what a line of its own begins with."""


class _Above:
    """What is known of a piece by its text so far: whether it is more than a line, and ends within a fenced block."""

    def __init__(self) -> None:
        self._has_lines = False
        self._fences = 0

    def take(self, text: str) -> None:
        """Take in more of the text."""
        self._fences += text.count("\n```") + (not self._has_lines and text.startswith("```"))
        self._has_lines = self._has_lines or "\n" in text

    def goes_on(self, line: str, text: str) -> bool:
        """Return whether ``line``, which nothing ended, goes on in the ``text`` of the next piece.

        A piece that is one line is a message of its own.
        """
        first = text[: text.find("\n")] if "\n" in text else text
        if not self._has_lines or not first:
            return False
        if self._fences % 2 and not (first[0].isupper() or first[0] in _BEGINS):
            return True
        return not line.strip() or _closes(line, first) or _is_amid(line, first)


def _closes(line: str, first: str) -> bool:
    """Return whether ``first`` closes what ``line`` opened."""
    if any(
        line.rfind(opens) > line.rfind(shuts) and first.find(shuts) >= 0 and opens not in first[: first.find(shuts)]
        for opens, shuts in _PAIRS
    ):
        return True
    return any(line.count(sign) % 2 and first.count(sign) % 2 for sign in _QUOTES)


def _is_amid(line: str, first: str) -> bool:
    """Return whether ``first`` begins amid a word or a sentence of which ``line`` is the beginning."""
    if line[-1] in _ENDS:
        return False
    if first[0] == " ":
        return line[-1] != " " and first[1:2].isalnum()
    return first[0].islower() or first[0] in ",;.)]}" or (first[0].isdigit() and line[-1].isdigit())
