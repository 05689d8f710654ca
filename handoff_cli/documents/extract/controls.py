"""Commands that were run on another state of the tree than that of the work: beside a stash, or within a bisect.

How a check ended there tells what was so before the work, and nothing of the work.
"""

from __future__ import annotations

from handoff_cli.core.light import bisect_left, bisect_right
from handoff_cli.core.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command


def of_another_tree(commands: Sequence[Command], edited: Sequence[int] = ()) -> frozenset[int]:
    """Return the places in ``commands`` of those between putting the work away and taking it back.

    One command line may do both. What was put away and never came back is no such thing: it may be meant to be gone;
    nor is a time in which files were ``edited``, at these positions in the log, in order: work went on.
    """
    found: set[int] = set()
    away: dict[str, int] = {}
    for place, command in enumerate(commands):
        if not ("git" in command.text and _TELLS.search(command.text)):
            continue
        for kind, opens, closes in _PAIRS:
            if opened := opens.search(command.text):
                away[kind] = place if _MORE.search(command.text, opened.end()) else place + 1
            closed = closes.search(command.text, opened.end() if opened else 0)
            if closed and kind in away and command.outcome != "failed":
                whole = not _WORK.search(command.text, closed.end())
                first = away.pop(kind)
                begun = bisect_left(edited, commands[min(first, place)].position)
                if begun == bisect_right(edited, command.position):
                    found.update(range(first, place + whole))
    return frozenset(found)


_GIT = r"\bgit(?: -[cC] \S{1,200})? "
_TELLS = lazily(r"\b(?:stash|bisect)\b")
_PAIRS = (
    (
        "stash",
        lazily(rf"{_GIT}stash(?: (?:push|save)\b(?![^;&|\n]* --?k)| -(?!-? |k|-keep)|\s*(?:$|[;&|\n)]))"),
        lazily(rf"{_GIT}stash (?:pop|apply)\b"),
    ),
    ("bisect", lazily(rf"{_GIT}bisect start\b"), lazily(rf"{_GIT}bisect reset\b")),
)
"""What puts the work away, and what takes it back, by the command of git's that does it."""

_MORE = lazily(r"[;&|\n][ \t]*(?!\d)\w")
_WORK = lazily(r"(?:&&|[;\n])[ \t]*(?!git\b|echo\b|true\b)\w")
"""What follows in a command line: another command; one that does more than to look at the tree."""
