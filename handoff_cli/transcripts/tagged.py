"""What stands between a tag and the one that closes it, in time that grows as the text does, or is to stand there.

A pattern of both tags looks to the end of the text for each first tag that is not closed.
"""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.values import without_empty_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    Element = tuple[re.Match[str], str]

_CLOSING = lazily(r"</([\w:-]{1,80})>")


def elements(text: str, opening: re.Pattern[str]) -> Iterator[Element]:
    """Yield each match of ``opening``, whose first group is the tag's name, that is closed, and what is in it.

    A line's end beside either tag is no part of that.
    """
    for begin, end, _ in _places(text, opening):
        yield begin, text[begin.end() : end].removeprefix("\n").removesuffix("\n")


def in_tags(name: str, lines: list[str]) -> list[str]:
    """Return ``lines``, without the empty ones around them, between the tags of that name."""
    return [f"<{name}>", *without_empty_ends(lines), f"</{name}>"]


def outside(text: str, opening: re.Pattern[str]) -> list[str]:
    """Return what of ``text`` is in none of ``elements``: before the first, between them, behind the last."""
    parts, done = list[str](), 0
    for begin, _, end in _places(text, opening):
        parts.append(text[done : begin.start()])
        done = end
    return [*parts, text[done:]]


def _places(text: str, opening: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int, int]]:
    """Yield each first tag that is closed, where the closing one begins, and where that ends."""
    last = {closing[1]: closing.start() for closing in _CLOSING.finditer(text)}
    done = 0
    for begin in opening.finditer(text):
        if begin.start() >= done and last.get(begin[1], -1) >= begin.end():
            closing = f"</{begin[1]}>"
            end = text.index(closing, begin.end())
            done = end + len(closing)
            yield begin, end, done
