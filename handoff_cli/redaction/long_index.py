"""What stands where in a long text: a look at each four characters of it tells where every word begins."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, compress

from handoff_cli.core.patterns import GRAM, Rows, numbers_of
from handoff_cli.redaction.index import Index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LEAST = 3
"""The length of the shortest literal that is found so."""
_FEW_EACH = 1 << 8
"""So many characters to one are few places."""
_MANY_EACH = 1 << 10
"""Of more places than one for so many characters each takes longer than to look for what begins there."""


class LongIndex(Index):
    """An ``Index`` that knows from one look at its text where all literals begin that a search asks for.

    To look for hundreds of literals one after the other takes as long as all else; and of a text without blanks, or in
    which no two words are alike, nearly all are there.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._runs_of, self._known = _learnt[0] if _learnt else ({}, frozenset[int]())
        self._starts: dict[int, list[int]] | None = None
        """Where each run stands by which a literal is found; looked at first when one is asked for."""
        self._everywhere: set[int] = set()
        """The runs that stand all over the text, of which it is not kept where."""
        self._held: dict[str, bool] = {}
        self._ends: list[int] | None = None

    def hold(self, literal: str) -> bool:
        """Return whether ``literal``, in ASCII lower case, is in the text."""
        held = self._held.get(literal)
        if held is None:
            begun, text = self._begun(literal), self.text
            look = begun is None or len(begun) > len(text) // _MANY_EACH
            if look or begun is None:  # a sign that is nowhere is soon found out, two that are each somewhere are not
                held = all(map(text.__contains__, literal)) and literal in text
            else:
                held = any(text.startswith(literal, at) for at in begun)
            self._held[literal] = held
        return held

    def places(self, literal: str) -> list[int]:
        """Return where ``literal`` stands, in order, each beside the one before."""
        found = self._places.get(literal)
        if found is not None:
            return found
        begun, text, done = self._begun(literal), self.text, 0
        if begun is None or len(begun) > len(text) // _MANY_EACH:
            return super().places(literal)
        found = self._places[literal] = []
        for at in begun:
            if at >= done and text.startswith(literal, at):
                found.append(at)
                done = at + len(literal)
        return found

    def among(self, literals: tuple[str, ...]) -> list[str]:
        """Return those of ``literals`` that are in the text; none beyond ASCII is."""
        return list(filter(self.hold, literals))

    def led(self, rows: Rows) -> list[tuple[str, str]]:
        """Return the literals of ``rows`` that are in the text, and what they lead to."""
        begun = rows.begun(self._everywhere.union(self._runs()))
        return [row for row in begun if self.hold(row[0])]

    def _begun(self, literal: str) -> list[int] | None:
        """Return where ``literal`` may begin, in order; None where that is not known."""
        starts = self._runs()
        lead, runs = self._runs_of.get(literal) or (0, range(0))
        if not runs or not self._everywhere.isdisjoint(runs):
            return None
        return sorted([at - lead for run in runs if run in starts for at in starts[run] if at >= lead])

    def _runs(self) -> dict[int, list[int]]:
        if self._starts is None:
            self._starts = {}
            self._look(self._starts, 0, len(self.text))
            most = len(self.text) // _FEW_EACH
            self._everywhere = {run for run, places in self._starts.items() if len(places) > most}
            for run in self._everywhere:
                del self._starts[run]
        return self._starts

    def _look(self, starts: dict[int, list[int]], first: int, end: int) -> None:
        """Add to ``starts`` where runs begin from ``first`` to ``end``."""
        for run, at in self._runs_in(self.text[first : end + GRAM - 1], end - first):
            starts.setdefault(run, []).append(first + at)

    def _runs_in(self, text: str, chars: int) -> Iterator[tuple[int, int]]:
        """Yield of each run that begins in the first ``chars`` of ``text`` which it is, and where."""
        data = text.encode("ascii", "replace") + bytes(2 * GRAM)
        for shift in range(GRAM):
            numbers = numbers_of(data[shift : chars + GRAM + shift])
            for number in compress(range(len(numbers)), map(self._known.__contains__, numbers)):
                at = number * GRAM + shift
                if at < chars:
                    yield numbers[number], at

    def after(self, text: str, changes: list[tuple[int, int, int]]) -> LongIndex:
        """Return the index of ``text``, which is this one's but for ``changes``: what is beside them is only moved."""
        index = LongIndex(text)
        if self._starts is None:
            return index
        begins = [first for first, _, _ in changes]
        shifts = [0, *accumulate(length - (end - first) for first, end, length in changes)]
        alike = index._changed(changes, shifts)
        if len(alike) * _FEW_EACH > len(text):
            return index
        starts: dict[int, list[int]] = {}
        for run, places in self._starts.items():
            starts[run] = []
            for at in places:
                number = bisect_left(begins, at + GRAM)
                if not number or changes[number - 1][1] <= at:
                    starts[run].append(at + shifts[number])
        # All at once: to look at each apart takes longer than to look at what is in it.
        shown = [text for text, _ in alike]
        ends = [*accumulate(map(len, shown))]
        those = list(alike.items())
        for run, at in self._runs_in("".join(shown), ends[-1] if ends else 0):
            number = bisect_right(ends, at)
            (text, chars), there = those[number]
            within = at - ends[number] + len(text)
            if within < chars:
                starts.setdefault(run, []).extend([place + within for place in there])
        index._starts, index._everywhere = starts, self._everywhere
        return index

    def _changed(self, changes: list[tuple[int, int, int]], shifts: list[int]) -> dict[tuple[str, int], list[int]]:
        """Return what now stands where ``changes`` were, how much of it, and where: mostly the same in many places."""
        alike: dict[tuple[str, int], list[int]] = {}
        text, done = self.text, 0
        for (first, _, length), shift in zip(changes, shifts, strict=False):
            at, done = max(first + shift - GRAM + 1, done), first + shift + length
            alike.setdefault((text[at : done + GRAM - 1], done - at), []).append(at)
        return alike

    def _in_tokens(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        return [place for place in places if self.has_token(*place)]

    def _first_behind(self, start: int) -> int:
        if self._ends is None:
            self._ends = [end for _, end in self.long_words()]
        return bisect_right(self._ends, start)


def learn(words: Iterable[str]) -> None:
    """Let texts be looked at for ``words``, in lower case, from now on; the first call tells all of them."""
    if not _learnt:
        runs_of = {word: _runs_of(word) for word in {*words} if len(word) >= _LEAST and word.isascii()}
        _learnt.append((runs_of, frozenset[int]().union(*(runs for _, runs in runs_of.values()))))


_learnt: list[tuple[dict[str, tuple[int, range]], frozenset[int]]] = []


def _runs_of(literal: str) -> tuple[int, range]:
    """Return by which runs ``literal`` is found, and how many of its characters stand before them.

    That is how its longest word begins, as in ``Rows``; of three characters alone, with any behind.
    """
    word = max(literal.split() or [""], key=len)
    lead = literal.find(word) if len(word) >= GRAM else 0
    run = int.from_bytes(literal[lead : lead + GRAM].encode(), "little")
    sign = 1 << 8 * _LEAST
    return lead, range(run, run + (sign if len(literal) >= GRAM else sign << 7), sign)
