"""Lines of a conversation as a person saw them: controls carried out, frames taken off, with a look ahead."""

from __future__ import annotations

from collections import deque

from handoff_cli.core.patterns import compiled
from handoff_cli.core.told import whose
from handoff_cli.transcripts.conversation.copies.given import numbered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.source import Source

MAX_LINE_CHARS = 1 << 16
"""Nobody types a longer line; what a program wrote into one is not read further."""

LOOK_AHEAD = 400
"""Lines that may be looked at before they are read: what is open longer than that is taken as never closed."""

_MOST_AHEAD = 16 << 20
_FORWARD = compiled(r"\x1b\[(\d{0,3})C")
_LEFT_SCREEN = compiled(r"\x1b\[\?(?:1049|1047|47)l")
"""A program that filled the screen, as an editor does, ends: what it drew is gone."""

_ERASED = compiled(r"\x1b\[(?:([012]?)K|1?G)")
_ERASES = {"2": "\x1e", "1": "\r", None: "\r"}
_DRAWN = compiled(r"([\r\x1e\x1f])")
_ESCAPE = compiled(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?|[PX^_][^\x1b]{0,4096}(?:\x1b\\)?|[ -/]*[0-~])"
)
_CONTROLS = {**dict.fromkeys(range(32)), 9: 9, 127: None, 0xA0: 32, 0x200B: None, 0xFEFF: None, 0x2028: 32, 0x2029: 32}
_TURN_END = compiled(r"<\|(?:im_end|eot_id|end|endoftext|end_of_text|begin_of_text)\|>|<end_of_turn>|</s>$")
_LINK_OF_EDITOR = compiled(r"\[([^\[\]]{1,200})\]\((?:command|vscode|cci):[^()\s]*(?: \"[^\"]{0,200}\")?(?:\)|$)")
"""A link that does something in an editor, and leads nowhere outside of it."""

_LOGGED = compiled(
    r"\[\d{4}-\d\d-\d\dT[\d:.]{8,15}Z?\] (?=(?:exec |(?:ba|z)sh -l?c |codex$|thinking$|tokens used|OpenAI Codex v"
    r"|Plan update|(User instructions:$)|(apply_patch(?: auto_approved|\([^)]*\):)|turn diff:|patch )))"
)
"""The time before each line with which ``codex exec`` began something new, to 0.44."""

_FRAMED = compiled(r"^ {0,3}[│┃║](.*?)[│┃║]$")
_BORDER = compiled(
    r"^ {0,3}[╭┌┏╔╰└┗╚├┠]?[─━═┄┈╌]{3,}[╮┐┓╗╯┘┛╝┤┨]?$|^ {0,3}[╭┌┏╔][─━═]{1,8} [^─━═]{1,60} [─━═]{2,}[╮┐┓╗]$"
)


def cleaned(text: str) -> str:
    """Return a line as it stood on the screen: escapes gone, what was overwritten or taken back too."""
    if text[:1] == "\x02" or text[-1:] == "\x03":
        return text if whose(text) is not None else cleaned(text.strip("\x02\x03"))
    if text[:1] not in ("{", "["):  # rows of JSON are whole or nothing
        text = text[:MAX_LINE_CHARS]
    if "<|" in text or "<end_of" in text or text.endswith("</s>"):
        text = _TURN_END.sub("", text)
    if "](c" in text or "](vscode:" in text:
        text = _LINK_OF_EDITOR.sub(r"\1", text)
    if text[:2] == "[2" and (logged := _LOGGED.match(text)):
        text = "user" if logged[1] else "file update" if logged[2] else text[logged.end() :]
    if text.isprintable():
        return text.rstrip()
    if "\x1b" in text:
        text = _FORWARD.sub(lambda found: " " * min(int(found[1] or 1), 200), text)
        text = _LEFT_SCREEN.sub("\x1e", text)
        text = _ESCAPE.sub("", _ERASED.sub(lambda found: _ERASES.get(found[1], "\x1f"), text))
    text = text.rstrip("\r")
    if "\r" in text or "\x1e" in text or "\x1f" in text:
        text = _overwritten(text)
    if "\b" in text:
        text = _taken_back(text)
    return text.translate(_CONTROLS).rstrip()


def _overwritten(text: str) -> str:
    """Return what a carriage return leaves, later text over the beginning of the earlier, and what was not erased.

    Two separators stand for what erases: the whole line, or the rest of it.
    """
    shown, column = "", 0
    for part in _DRAWN.split(text):
        if part == "\x1f":
            shown = shown[:column]
        elif part in ("\r", "\x1e"):
            shown, column = shown if part == "\r" else "", 0
        else:
            shown = shown[:column] + part + shown[column + len(part) :]
            column += len(part)
    return shown


def _taken_back(text: str) -> str:
    shown: list[str] = []
    for char in text:
        if char != "\b":
            shown.append(char)
        elif shown:
            shown.pop()
    return "".join(shown)


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


def without_rules(lines: list[str]) -> list[str]:
    """Return ``lines`` without the rules that part nothing: the first ones, and all but one between two paragraphs."""
    kept: list[str] = []
    parted = True
    for line in lines:
        if line != "---" or not parted:
            kept.append(line)
        parted = line == "---" or (parted and not line)
    return kept
