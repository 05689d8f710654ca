"""A long text in its lines and sentences that tell most, each with what it stands under."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.light import insort
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.corrections import SETTLES
from handoff_cli.documents.extract.language.findings import LEAST_CHARS, is_talk, worth_of
from handoff_cli.documents.extract.language.prose import prose_of
from handoff_cli.documents.extract.language.words import (
    ASKING,
    MARK,
    SENTENCE_END,
    bare,
    clipped,
    ends,
    unglued,
    without_cheer,
)


def abridged(text: str, size: int, *, tail: bool = False) -> str:
    """Return lines and sentences of ``text`` in about ``size`` characters, in order; of a longer one those that tell.

    Marks of Markdown that only a page needs go. With ``tail`` what stands late goes first.
    """
    lines = [bare(line) for line in ends(prose_of(unglued(text)), _MOST_CHARS).split("\n")]
    lines = [line for line in lines if line and not _RULE.match(line)]
    if lines:
        lines[0] = _without_talk(without_cheer(lines[0])) or lines[0]
        lines[-1] = f"{lines[-1][:-1]}." if lines[-1].endswith(":") else lines[-1]  # nothing follows it
    whole = "\n".join(lines)
    if len(whole) <= size:
        return whole
    parts = [
        (number, it) for number, line in enumerate(lines) for it in (_split(line) if len(line) > _LONG_LINE else [line])
    ]
    kept = _chosen(parts, _above(lines), size, tail=tail)
    shown: list[str] = []
    for at in sorted(kept):
        if shown and at - 1 in kept and parts[at - 1][0] == parts[at][0]:
            shown[-1] += f" {parts[at][1]}"
        else:
            shown.append(("… " if shown and at - 1 not in kept else "") + parts[at][1])
    return "\n".join(shown) or clipped(whole, size)


def with_end(text: str, size: int) -> str:
    """Return ``text`` in about ``size`` characters as ``abridged`` does, its last paragraphs whole in half of them."""
    before = _EMPTY_LINES.split(text.strip())
    end: list[str] = []
    while before and sum(map(len, (*end, before[-1]))) <= size // 2:
        end.insert(0, before.pop())
    if not (end and before):
        return abridged(text, size)
    return "\n".join((abridged("\n\n".join(before), size - sum(map(len, end))), *end))


_EMPTY_LINES = lazily(r"\n[ \t]*(?:\n[ \t]*)+")


def _without_talk(line: str) -> str:
    """Return ``line`` without the sentences of talk it begins with, but for its last sentence."""
    told = SENTENCE_END.split(line)
    while len(told) > 1 and is_talk(told[0]):
        told.pop(0)
    return " ".join(told)


def _chosen(parts: list[tuple[int, str]], above: list[tuple[int, ...]], size: int, *, tail: bool) -> set[int]:
    """Return the places of the parts that tell most, and of their neighbours before others, in ``size`` characters.

    What a part stands under (``above``, lines by line) comes with it: an item may be a fact, a proposal or an order.
    """
    ranking = _Ranking([_rank(parts, at, tail=tail) for at in range(len(parts))])
    first: dict[int, int] = {}
    for at, (number, _) in enumerate(parts):
        first.setdefault(number, at)
    heads = [[first[it] for it in above[number] if first[it] != at] for at, (number, _) in enumerate(parts)]
    below: dict[int, list[int]] = {}
    for head, at in ((head, at) for at, over in enumerate(heads) for head in over):
        below.setdefault(head, []).append(at)
    costs = [len(it) + 2 for _, it in parts]
    with_heads = [cost + sum(costs[it] for it in over) for cost, over in zip(costs, heads, strict=True)]
    kept: set[int] = set()
    left = size
    while (at := ranking.best()) >= 0:
        if at in kept or with_heads[at] > left:
            continue
        new = {at, *heads[at]} - kept
        kept |= new
        left -= sum(costs[it] for it in new)
        for head in new if len(new) > 1 else ():
            for it in below.get(head, ()):
                with_heads[it] -= costs[head]
                ranking.raise_(it)
        for near in (it for it in (at - 1, at + 1) if 0 <= it < len(parts)):
            ranking.raise_(near, _NEAR if parts[near][0] == parts[at][0] else _NEAR / 2)
        if parts[at][1].endswith(":") and at + 1 < len(parts):
            ranking.raise_(at + 1, _ANNOUNCED)
    told = _from_first_items(parts, kept)
    kept = told if sum(len(parts[at][1]) + 2 for at in told) <= size * _GROWS else kept
    # What only announces something says nothing without it.
    return {at for at in kept if not parts[at][1].endswith(":") or at + 1 in kept or at + 1 == len(parts)}


class _Ranking:
    """Gives the places of parts by what these are worth, the first of several first."""

    def __init__(self, worth: list[float]) -> None:
        self._worth = worth
        self._order = sorted((it, -at) for at, it in enumerate(worth))

    def raise_(self, at: int, more: float = 0.0) -> None:
        """Let a part be worth ``more``, or as much as it is be given once more."""
        self._worth[at] += more
        insort(self._order, (self._worth[at], -at))

    def best(self) -> int:
        """Return the next place, -1 behind the last."""
        while self._order:
            worth, at = self._order.pop()
            if worth == self._worth[-at]:
                return -at
        return -1


def _above(lines: list[str]) -> list[tuple[int, ...]]:
    """Return for each line of a list the places of what it stands under: a short heading, items further out."""
    found: list[tuple[int, ...]] = []
    over: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if MARK.match(line):
            while over and over[-1][0] >= indent:
                over.pop()
            found.append(tuple(place for _, place in over[-_DEEP:]))
            over.append((indent, at))
        else:
            heads = len(line) <= _HEADING and not line.endswith((".", "!", "?", ";", ","))
            found.append(())
            over = [(-1, at)] if heads else []
    return found


_HEADING, _DEEP = 60, 4
"""The characters of a line that may be the heading of a list, and so many lines that an item is told under."""


def _from_first_items(parts: list[tuple[int, str]], kept: set[int]) -> set[int]:
    """Return ``kept`` with the items before each item of a numbered list: a list stands from its first on."""
    items = [(at, int(found[1])) for at, (_, it) in enumerate(parts) if (found := _ITEM_NUMBER.match(it))]
    told = set(kept)
    for (before, first), (at, number) in reversed(list(pairwise(items))):
        if at in told and number == first + 1:
            told.add(before)
    return told


_GROWS = 2
"""How many times the size a list may take that stands from its first item on."""

_ITEM_NUMBER = lazily(r"\s*(\d{1,2})[.)] ")
_ANNOUNCED, _NEAR = 6.0, 1.5
"""What a line has ahead that one which is told announces, and a sentence that stands beside one, in the same line; half
of it in the next."""


def _split(line: str) -> list[str]:
    """Return the sentences of a line, the first with the mark of its list."""
    mark = MARK.match(line)
    first, *rest = SENTENCE_END.split(line[mark.end() :] if mark else line)
    return [f"{mark[0] if mark else ''}{first}", *rest]


def _rank(parts: list[tuple[int, str]], at: int, *, tail: bool) -> float:
    text = parts[at][1]
    place = 2.5 * (at + 1) / len(parts) if tail else 1.5 * (at == 0) + 1.0 * (at >= len(parts) - 2)
    if tail:
        place += (
            2.5 * bool(_CONCLUDES.match(text))
            + _SETTLED * bool(SETTLES.search(text))
            + _ENDS_IT * (parts[at][0] == parts[-1][0])
        )
        place -= _TORN * bool(_FRAGMENT.match(text))
    chosen = 7.0 * (bool(_CHOICE.match(text)) and not tail) + 4.0 * text.endswith(ASKING)
    place += _EXACT * bool(_PLACED.search(text)) + _UNDONE * bool(_IS_UNDONE.search(text))
    return worth_of(text) + place + chosen - 1.5 * (len(text) < LEAST_CHARS and not chosen)


_ENDS_IT, _SETTLED, _TORN = 1.5, 4.0, 4.0
"""What a sentence of the paragraph that a thought ends with has ahead, and one that settles it; what a torn one has
less."""

_FRAGMENT = lazily(r"(?:the|is|are|was|most|and|of|to|in|that|which) [a-z ]+")
_EXACT, _PLACED = 1.0, lazily(r"\w\.\w{1,10}:\d")
"""What a sentence has ahead that names a line of a file."""

_UNDONE = 3.0
_IS_UNDONE = caseless(
    r"(?:: |[\u2014\u2013-] |^\W*)(?:not (?:yet )?(?:done|started|finished|written|implemented)|noch (?:offen|nicht)"
    r"|nicht (?:fertig|erledigt|begonnen)|pendiente|\u00e0 faire)\b|[\u2717\u2718\u274c]$"
)
"""What an item of a list of what was done says that is not: it has so much ahead of those that are."""

_CONCLUDES = caseless(r"(?:so (?!if\b|let\b|now\b)|therefore|thus|hence|in short|that'?s why|this means)\b")
_CHOICE = caseless(r"\W*(?:option|variant|approach|alternative|choice|plan)\s+(?:\d{1,2}|[a-h])\b")
"""What the user may choose by its number: a reply means nothing without it."""


_LONG_LINE, _MOST_CHARS = 160, 16_000
_RULE = lazily(r"^[-=*_|: ]{3,}$")
