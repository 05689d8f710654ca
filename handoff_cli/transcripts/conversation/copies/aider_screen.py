"""Copies of Aider's screen, as lines of its history: that marks the person's lines and the tool's, the screen few.

Above the line to type on stand a rule and the files of the chat; what the model answers ends where the tool tells
what it took.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from itertools import chain, pairwise

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.wrapped import unwrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_USAGE = compiled(r"Tokens: [\d.,]{1,20}[kM]? sent, ")
_BANNER = compiled(r"Aider v\d")
_STARTS = compiled(r".{0,200}[$%#❯➜] aider\b(?!.* (?:-m|--message|--msg)\b)")
"""How a shell starts the program, but for one request given with it."""

_RULE = compiled(r"[─━]{20,400}$")
_PROMPT = compiled(r"(?:(?=[^\s>]{0,200}[./])[^\s>]{1,200}(?: |(?=>))){0,40}(?:[a-z][a-z-]{1,30}(?: multi)?)?> ?(.*)$")
"""Above it, or right before it, stand the files of the chat."""

_LEAVES = compiled(r"\^[CD](?: again to exit)?$|/(?:exit|quit)\b")
_COMMAND = compiled(r"/(?!(?:ask|code|architect|context|help|chat-mode)\b)[a-z][a-z-]*|!")
"""What a person types at which the tool itself answers, not the model."""

_CONFIRMS = compiled(r".{1,300}\? \(Y\)es/\(N\)o.{0,80}\[\w{1,10}\]: ?(?P<answer>\S{0,10})$")
_GOES_ON = compiled(r"Attempt to fix |Edit the files\?|Add (?:this |these )?files? to the chat\?|Add URL to the chat\?")
"""Questions of the tool upon whose yes the model is asked again."""

_NAMES = compiled(r"\S{0,200}[./]\S{1,200}$")
_BEGINS, _ENDS = "<<<<<<< SEARCH", ">>>>>>> REPLACE"
_ITEM = compiled(r" {1,3}(?:(?P<number>\d{1,2}) |• )(?P<text>\S.*)")
_HEAD, _TYPED, _MODEL, _TOOL = "head", "typed", "model", "tool"
_WIDTH, _FENCE, _YES = 80, "```", ("y", "Y", "a", "A")


def is_in(texts: list[str]) -> bool:
    """Return whether a text that begins so is such a copy."""
    return any(_USAGE.match(it) or _BANNER.match(it) for it in texts) and any(map(_PROMPT.match, texts))


def in_turns(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines as those of a history."""
    screen = _Screen()
    for (number, text, begins), (_, below, _) in pairwise(chain(lines, ((0, "", False),))):
        if _STARTS.match(text):
            continue  # the whole screen is the output of it
        for at, told in screen.take(number, text.rstrip(), below):
            yield at, told, begins
            begins = False  # noqa: PLW2901 (the first of them begins the piece)
    yield from ((at, told, False) for at, told in screen.turned(""))


class _Screen:
    """Follows whose the lines are: ``state`` tells that of the line above, and what is ``held`` is told at its end.

    A line is told with its number; those held with that of the first.
    """

    def __init__(self) -> None:
        self._state = ""
        self._width = self._begun = 0
        self._held: list[str] = []
        self._edits = False

    def take(self, number: int, text: str, below: str) -> list[tuple[int, str]]:
        """Return what a line makes known, ``below`` it the next."""
        is_rule = _RULE.match(text) is not None and bool(
            below.strip()
        )  # one that a model draws has an empty line below
        if is_rule or (text[:1] == "^" and _LEAVES.match(text)):
            self._width = len(text) if is_rule else self._width
            return self.turned(_HEAD)
        if self._is_prompt(text):
            return [*self.turned(_TYPED), *self._hold(number, *(() if _LEAVES.match(_typed([text])) else (text,)))]
        if self._state == _TYPED:
            return self._goes_on(number, text)
        if not self._edits and (_USAGE.match(text) or _BANNER.match(text)):
            return [*self.turned(_TOOL), (number, _tools(text))]
        if self._state == _MODEL:
            return self._answered(number, text, below)
        told = self._asked(text) if self._state == _TOOL and text else text
        return [] if self._state == _HEAD else [(number, told)]  # there stand the files of the chat

    def _is_prompt(self, text: str) -> bool:
        """Return whether somebody types on this line: below a rule, where there are none below the tool's words."""
        typing = self._state in ("", _HEAD) or (self._state == _TOOL and not self._width)
        return typing and _PROMPT.match(text) is not None

    def _goes_on(self, number: int, text: str) -> list[tuple[int, str]]:
        """Take in a line below what was typed: the tool answers a command right there, where its line has room left."""
        if text and self._held and len(self._held[-1]) < self._width and _COMMAND.match(_typed(self._held)):
            return [*self._sent(), (number, self._asked(text))]
        return self._hold(number, text) if text else self._sent()

    def _sent(self) -> list[tuple[int, str]]:
        """Return what was typed: to the model, or to the tool itself."""
        by_tool = not self._held or _COMMAND.match(_typed(self._held))
        return self.turned(_TOOL if by_tool else _MODEL)

    def turned(self, state: str) -> list[tuple[int, str]]:
        """Return what the turn at hand holds, and begin one in ``state``."""
        held, self._held, before = [*self._held, *[_FENCE] * self._edits], [], self._state
        self._state, self._edits = state, False
        if before == _TYPED and held:
            told = ["", f"#### {_typed(held, self._width)}  ", ""]
        elif before == _MODEL and held:
            told = unwrapped(held, self._width or _WIDTH).split("\n")
        else:
            told = []
        return [(self._begun, it) for it in told]

    def _hold(self, number: int, *texts: str) -> list[tuple[int, str]]:
        self._begun = self._begun if self._held else number
        self._held += texts
        return []

    def _answered(self, number: int, text: str, below: str) -> list[tuple[int, str]]:
        """Take in a line of the model's answer, or a question of the tool's below it."""
        if not self._edits and (_CONFIRMS.match(text) or (_NAMES.match(text) and _CONFIRMS.match(below))):
            return [*self.turned(_MODEL), (number, self._asked(text))]
        if text == _BEGINS and not self._edits:
            self._edits = True
            self._hold(number, _FENCE)
        item = None if self._edits else _ITEM.match(text)
        self._hold(number, f"{item['number'] + '.' if item['number'] else '-'} {item['text']}" if item else text)
        if text == _ENDS and self._edits:
            self._edits = False
            self._hold(number, _FENCE)
        return []

    def _asked(self, text: str) -> str:
        """Return a line of the tool's; the model speaks on below where the person wants it to, upon a question."""
        confirmed = _CONFIRMS.match(text)
        if confirmed and _GOES_ON.match(text) and confirmed["answer"][:1] in _YES:
            self._state = _MODEL
        return _tools(text)


def _typed(lines: list[str], width: int = 0) -> str:
    """Return what was typed: the screen breaks a line that is full amid a word."""
    found = _PROMPT.match(lines[0])
    text = found[1] if found else ""
    for before, line in pairwise(lines):
        text += line if len(before) >= width > 0 or line.startswith(" ") else f" {line}"
    return text


def _tools(text: str) -> str:
    return f"> {text}  "
