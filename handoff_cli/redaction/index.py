"""What stands where in a text, asked of thousands of words at once."""

from __future__ import annotations

from handoff_cli.core.patterns import GRAM, Rows, compiled, is_one_word, numbers_of, runs_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


_SHORT_TEXT, _FEW, _MOST_RUNS = 1 << 12, 8, 8

_LONG_WORD, _DIGITS = r"\S{12,}", dict.fromkeys(map(ord, "123456789"), "0")


class Index:
    """Answers what stands where in ``text``, which is in ASCII lower case.

    The runs of four characters in its words are put into a set of numbers once, and a literal whose first four are not
    among them is not looked for; of a text that is not short, none that has a run which the text has not.
    """

    def __init__(self, text: str) -> None:
        self.text = self._words = text
        self.hits: list[tuple[str, list[int]]] | None = None
        """What ``published`` found of its keywords."""
        self.begins: dict[str, list[int]] = {}
        """Where ``published`` found its keywords to begin a word."""
        self.begun: list[tuple[str, str, str, int]] | None = None
        """What ``prefixes`` found of its own."""
        self.of_gates: dict[str, list[str]] | None = None
        """What ``gates`` found of their words, by the gate."""
        self._is_short = len(text) <= _SHORT_TEXT
        self._grams: set[int] | None = None
        self._places: dict[str, list[int]] = {}
        self._tokens: list[tuple[int, int]] | None = None

    def grams(self) -> set[int]:
        """Return what stands in four characters as numbers, the lowest byte first."""
        if self._grams is None:
            self._grams, self._words = runs_of(self.text.encode("ascii", "replace"))
        return self._grams

    def hold(self, literal: str) -> bool:
        """Return whether ``literal``, in ASCII lower case, is in the text."""
        if self._is_short:
            return literal in self.text
        runs = _parts.get(literal) or _parts_of(literal)
        if not runs <= self.grams():
            return False
        if runs and len(literal) == GRAM:
            return True
        return literal in (self._words if is_one_word(literal) else self.text)

    def among(self, literals: tuple[str, ...]) -> list[str]:
        """Return those of ``literals`` that are in the text; none beyond ASCII is."""
        if self._is_short:
            return [word for word in literals if word in self.text]
        if len(literals) < _FEW:
            return list(filter(self.hold, literals))
        whole, begin, others = _by_beginning.get(literals) or _beginnings_of(literals)
        grams = self.grams()
        there = [word for word, first in zip(whole, begin, strict=True) if first in grams] + others
        return list(filter(self.hold, there))

    def led(self, rows: Rows) -> list[tuple[str, str]]:
        """Return the literals of ``rows`` that are in the text, and what they lead to."""
        begun = rows.begun(self.grams(), self._words)
        if self._is_short:
            return [row for row in begun if row[0] in self.text]
        return [row for row in begun if self.hold(row[0])]

    def hold_any(self, literals: tuple[str, ...]) -> bool:
        """Return whether one of ``literals`` is in the text."""
        return any(map(self.hold, literals)) if self._is_short or len(literals) < _FEW else bool(self.among(literals))

    def places(self, literal: str) -> list[int]:
        """Return where ``literal`` stands, in order, each beside the one before."""
        found = self._places.get(literal)
        if found is None:
            found = self._places[literal] = []
            at = self.text.find(literal) if self.hold(literal) else -1
            while at >= 0:
                found.append(at)
                at = self.text.find(literal, at + len(literal))
        return found

    def near(
        self, literals: Sequence[str], before: int, behind: int, *, in_tokens: bool = False
    ) -> list[tuple[int, int]]:
        """Return what lies near any of ``literals`` (``in_tokens``: in a long word with a digit), without overlaps."""
        there = literals if len(literals) < _FEW else self.among(tuple(literals))
        places = [(at, at + len(literal)) for literal in there for at in self.places(literal)]
        if in_tokens:
            places = self._in_tokens(sorted(places))
        regions: list[tuple[int, int]] = []
        start, end = 0, -1
        places.sort()
        for first, last in places:
            if first - before > end or end < 0:
                if end >= 0:
                    regions.append((start, end))
                start = max(first - before, 0)
            if last + behind > end:  # noqa: PLR1730 (``max`` would be a call for each place)
                end = last + behind
        return [*regions, (start, end)] if end >= 0 else regions

    def has_token(self, start: int, end: int) -> bool:
        """Return whether a word between ``start`` and ``end`` is as long as the least secret and holds a digit."""
        words = self.long_words()
        at = self._first_behind(start)
        return at < len(words) and words[at][0] < end

    def _in_tokens(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        words, found, at = self.long_words(), [], 0  # both in order: of many places each is looked for on from the last
        for start, end in places:
            while at < len(words) and words[at][1] <= start:
                at += 1
            if at < len(words) and words[at][0] < end:
                found.append((start, end))
        return found

    def _first_behind(self, start: int) -> int:
        """Return the number of the first of ``long_words`` that ends behind ``start``."""
        words = self.long_words()
        low, high = 0, len(words)
        while low < high:
            middle = (low + high) // 2
            if words[middle][1] > start:
                high = middle
            else:
                low = middle + 1
        return low

    def long_words(self) -> list[tuple[int, int]]:
        """Return where words stand that hold a digit and are as long as the least secret, in order."""
        if self._tokens is None:
            # Digits as one sign: to look for that in each word takes half as long as to try a pattern on it.
            words = compiled(_LONG_WORD).finditer(self.text.translate(_DIGITS))
            self._tokens = [word.span() for word in words if "0" in word[0]]
        return self._tokens

    def after(self, text: str, changes: list[tuple[int, int, int]]) -> Index:
        """Return the index of ``text``, which is this one's but for ``changes``.

        These say, in order, where something stood, where that ended, and how long what stands there now is.
        """
        del changes  # to look at a text that is not long takes less
        return Index(text)


_MOST_KNOWN = 256

_by_beginning: dict[tuple[str, ...], tuple[list[str], list[int], list[str]]] = {}


def _beginnings_of(literals: tuple[str, ...]) -> tuple[list[str], list[int], list[str]]:
    """Return those that are a word of four characters or more, what these begin with, and all others of ASCII."""
    whole = [word for word in literals if len(word) >= GRAM and is_one_word(word)]
    begin = numbers_of("".join([word[:GRAM] for word in whole]).encode())
    known = set(whole)
    others = [word for word in literals if word not in known and word.isascii()]
    if len(_by_beginning) >= _MOST_KNOWN:
        _by_beginning.clear()
    found = _by_beginning[literals] = whole, begin, others
    return found


_parts: dict[str, frozenset[int]] = {}


def _parts_of(literal: str) -> frozenset[int]:
    """Return the runs that the longest word of ``literal`` has, none where it is shorter."""
    word = max(literal.encode("ascii", "replace").split() or [b""], key=len)
    runs = [word[at : at + GRAM] for at in range(min(len(word) - GRAM + 1, _MOST_RUNS))]
    found = _parts[literal] = frozenset(numbers_of(b"".join(runs)))
    return found
