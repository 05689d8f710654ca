"""Lines of a conversation with a look ahead, and what they are without the frames around them."""

from __future__ import annotations

from collections import deque

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.copies.given import numbered
from handoff_cli.transcripts.conversation.copies.shown import cleaned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.source import Source

LOOK_AHEAD = 400
"""Lines that may be looked at before they are read: what is open longer than that is taken as never closed."""

_MOST_AHEAD = 16 << 20
_FRAMED = compiled(r"^ {0,3}[│┃║](.*?)[│┃║]$")
_BORDER = compiled(
    r"^ {0,3}[╭┌┏╔╰└┗╚├┠]?[─━═┄┈╌]{3,}[╮┐┓╗╯┘┛╝┤┨]?$|^ {0,3}[╭┌┏╔][─━═]{1,8} [^─━═]{1,60} [─━═]{2,}[╮┐┓╗]$"
)


def unframed(text: str) -> str:
    """Return a line without the frame around it; a line that is only frame is empty."""
    if not text or text.isascii():
        return text
    framed = _FRAMED.match(text)
    if framed and not set("│┃║").intersection(framed[1]):
        return framed[1].removeprefix(" ").rstrip()
    return "" if _BORDER.match(text) else text


_MARKS = ("#", ">")


class Cursor:
    """Goes through the lines of ``source``.

    ``number`` is that of the ``last`` line read, from 1, where several may stand on one line of the source; ``index``
    counts the lines read. ``begins_piece`` tells that a piece begins with the next; it may go on amid a turn.
    ``is_broken`` tells that the last, a heading or quoted, ended with the two spaces that break a line in Markdown.
    """

    def __init__(self, source: Source) -> None:
        self._lines = (
            (number, cleaned(text), begins, text[:1] in _MARKS and text.endswith("  "))
            for number, text, begins in numbered(source)
        )
        self._ahead: deque[tuple[int, str, bool, bool]] = deque()
        self._size = 0
        self.number = self.index = 0
        self.last = ""
        self.is_broken = False

    def peek(self, ahead: int = 0) -> str | None:
        """Return a line that is still to be read, None past the end and past ``LOOK_AHEAD``."""
        if len(self._ahead) > ahead:  # as nearly always
            return self._ahead[ahead][1]
        while len(self._ahead) <= ahead:
            room = not self._ahead or (ahead < LOOK_AHEAD and self._size < _MOST_AHEAD)
            line = next(self._lines, None) if room else None
            if line is None:
                return None
            self._ahead.append(line)
            self._size += len(line[1])
        return self._ahead[ahead][1]

    def put_back(self, text: str) -> None:
        """Let ``text``, the rest of the line just read, be read next."""
        self._ahead.appendleft((self.number, text, False, False))
        self._size += len(text)
        self.index -= 1

    def take(self) -> str:
        """Read the next line; there must be one."""
        if not self._ahead:
            self.peek()
        self.number, self.last, _, self.is_broken = self._ahead.popleft()
        self._size -= len(self.last)
        self.index += 1
        return self.last

    def skip(self, lines: int) -> None:
        """Pass over so many lines; there must be as many."""
        for _ in range(lines):
            self.take()

    def skip_empty(self) -> None:
        """Pass over empty lines."""
        while self.peek() == "":
            self.take()

    @property
    def next_number(self) -> int:
        """The number of the next line."""
        return self._ahead[0][0] if self._ahead else self.number + 1

    @property
    def begins_piece(self) -> bool:
        """Whether a piece begins with the next line."""
        return self.peek() is not None and self._ahead[0][2]


def _without_steps(lines: list[str]) -> Iterator[str]:
    fenced = follows = False
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        fenced ^= line.lstrip()[:3] in (_FENCE, "~~~")
        parts = line == "---" and not (fenced or below)
        if not (parts or (follows and not line)):
            yield line
        follows = parts


def as_said(lines: list[str], by_user: bool, in_export: bool) -> list[str]:
    """Return the ``lines`` of what was said without what an export adds: rules, and blocks once more at the end."""
    lines = lines if by_user else _without_repeats(lines)
    return _without_rules(lines, by_user, in_export) if "---" in lines else lines


def _without_repeats(lines: list[str]) -> list[str]:
    """Return ``lines`` up to where only blocks of code follow that stood above: Cursor lists those of a message so."""
    seen = set[str]()
    begins, repeats_from, led = -1, len(lines), False
    for at, line in enumerate(lines):
        if begins >= 0:
            if line != _FENCE:
                continue
            block, first = "\n".join(lines[begins:at]), begins
            repeats_from = min(repeats_from, first) if block in seen and not led else len(lines)
            seen.add(block)
            begins = -1
        elif line[:3] == _FENCE:
            begins = at
        elif line and line != "---":
            repeats_from, led = len(lines), line.rstrip().endswith(":")
    return lines if begins >= 0 else lines[:repeats_from]


_FENCE = "```"


def _without_rules(lines: list[str], by_user: bool, in_export: bool) -> list[str]:
    """Return ``lines`` without the rules that part nothing: the first ones, and all but one between two paragraphs.

    Those that stand apart in an export part the steps of the agent's turn: nobody wrote them. Within what the user said
    they are the user's.
    """
    if by_user:
        words = [at for at, line in enumerate(lines) if line not in ("", "---")]
        return lines[words[0] : words[-1] + 1] if in_export and words else lines
    lines = [*_without_steps(lines)] if in_export else lines
    kept: list[str] = []
    parted = True
    for line in lines:
        if line != "---" or not parted:
            kept.append(line)
        parted = line == "---" or (parted and not line)
    return kept
