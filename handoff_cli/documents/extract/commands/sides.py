"""Where what was expected and what came differ, in errors that print both at length, each below a line of its own."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.words import whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_LINES, _MOST_CHARS = 160, 160


def sides_apart(lines: Sequence[str]) -> str:
    """Return how what was expected and what came differ first, of the ``lines`` below an error; empty if unsaid."""
    for at, line in enumerate(lines[:_MOST_LINES]):
        if _FRAME.match(line):
            return ""
        if _EXPECTED.match(line) and (found := _side(lines, at + 1)):
            expected, came = map(_without_secrets, found)
            new = [it for it in came if it not in expected]
            old = [it for it in expected if it not in came]
            if new and (like := _likest(new[0], old)):
                return " | ".join(f"{side} {told}" for side, told in zip(_SIDES, _apart(like, new[0]), strict=True))
    return ""


_SIDES = ("expected", "found")
SIDES_APART = " | expected "
"""What stands before the first side, behind what an error says."""


def _side(lines: Sequence[str], at: int) -> tuple[list[str], list[str]] | None:
    """Return the lines of both sides, the first of which begins at ``at``; None where there is no other."""
    second = next((it for it in range(at, min(len(lines), at + _MOST_LINES)) if _FOUND.match(lines[it])), 0)
    if second <= at:
        return None
    below = takewhile(lambda it: not _FRAME.match(it), lines[second + 1 : second + _MOST_LINES])
    return [it.strip() for it in lines[at:second]], [it.strip() for it in below]


def _without_secrets(side: list[str]) -> list[str]:
    """Return the lines of a side without secrets that only the name beside them tells: what differs leaves it out."""
    return whole("\n".join(side)).split("\n")


def _likest(line: str, others: Sequence[str]) -> str:
    """Return which of ``others`` begins with the same word as ``line``, empty where none does."""
    return next((it for it in others if it.split(" ")[0] == line.split(" ", maxsplit=1)[0]), "")


def _apart(one: str, two: str) -> tuple[str, str]:
    """Return what of two lines differs, with the words around it that they share left out."""
    first, second = one.split(), two.split()
    same = sum(1 for _ in takewhile(lambda it: it[0] == it[1], zip(first, second, strict=False)))
    least = min(len(first), len(second)) - same
    last = sum(1 for _ in takewhile(lambda it: it[0] == it[1], zip(first[::-1], second[::-1], strict=False)))
    last = min(last, least)
    parts = (it[same : len(it) - last] for it in (first, second))
    told = tuple(" ".join(it).rstrip(",")[:_MOST_CHARS] for it in parts)
    return told[0], told[1]


_EXPECTED = caseless(r"\s*(?:expected|wanted)\s*:\s*$")
_FOUND = caseless(r"\s*(?:found|actual|got|received|but was)\s*:\s*$")
_FRAME = lazily(r"\s+at \S+[.(]|\s*Caused by:|> Task |BUILD |FAILURE:")
