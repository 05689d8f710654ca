r"""A text as patterns are tried on it: without what hides a secret, and with an index of what stands where.

Colours, escapes and wraps hide a secret from any pattern. A ``Layer`` holds the text without them (``\x1b[32m`` is
gone; ``\u0022``, ``%22`` and ``&quot;`` are a quote) and knows where each of its characters stands in the original, so
what is found in the one can be replaced in the other.

How many places of it may be looked at closely is counted here too, so that a text that is full of them ends: ``dumps``.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.index import Index

try:
    from _thread import _local as local  # as in ``core.light``, of which most that is tracked needs nothing else
except ImportError:
    from threading import local

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

LONG_TEXT = 1 << 15
"""How many characters a text has at most of which an ``Index`` looks at each literal apart."""
WORD_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/=.~-"
_FAR_APART = "\n\n\x1f\n\n"

_BEGINS_REPLACED, _REPLACED = "[REDACTED:", r"\[REDACTED:[a-z-]+\]"
_ASCII = "[\x00-\x7f]+"


class Layer:
    """``text`` is what patterns are to be tried on; ``replaced`` gives the original with parts of it replaced."""

    def __init__(self, text: str, parent: Layer | None = None, pieces: tuple[list[str], ...] = ()) -> None:
        self.text = text
        self.divided: list[tuple[list[tuple[int, int]], int, str]] | None = None
        self.snippets: list[tuple[int, int]] | None = None
        self.unwrapped: Layer | None = None
        """Words that line ends divide, where a token may begin in one, and what stands there without the line ends."""
        self.tells: bool | None = None
        """What ``gates`` found: whether a line may tell a password."""
        self._parent = parent
        self._original = text
        self._pieces = pieces  # what stayed, what was left out behind each, what that stands for
        self._folded: str | None = None
        self._rare: str | None = None
        self._rare_there = ""
        self._lowered: str | None = None
        self._beyond: dict[str, list[int]] | None = None
        """Where words stand that are not of ASCII alone."""
        self._index: Index | None = None
        self._places: tuple[list[int], list[int], set[int]] | None = None
        self._changed: list[tuple[int, int, int]] = []
        """Where ``replaced`` put something else, and how long that is."""

    def without(self, pattern: re.Pattern[str], meaning: Callable[[str], str]) -> Layer:
        """Return the view in which every match of ``pattern``, one group, is what it stands for, or nothing."""
        pieces = pattern.split(self.text)
        if len(pieces) == 1:
            return self
        escapes = pieces[1::2]
        meanings = {escape: meaning(escape) for escape in set(escapes)}
        shown = pieces[1::2] = list(map(meanings.__getitem__, escapes))
        return Layer("".join(pieces), self, (pieces[::2], escapes, shown))

    def near(self, places: list[int], chars: int) -> Layer:
        """Return the view of the lines within ``chars`` of any of ``places``; itself where these are half of it."""
        text, regions = self.text, list[tuple[int, int]]()
        for at in places:
            before, end = regions[-1] if regions else (0, 0)
            if at + chars <= end:
                continue
            follows = text.find("\n", at + chars)
            behind = len(text) if follows < 0 else follows
            if regions and at - chars <= end:
                regions[-1] = before, behind
            else:
                regions.append((text.rfind("\n", end, max(at - chars, 0)) + 1 or end, behind))
        if sum(end - start for start, end in regions) * 2 > len(text):
            return self
        ends = [0, *(end for _, end in regions)]
        starts = [*(start for start, _ in regions), len(text)]
        kept = ["", *(text[start:end] for start, end in regions)]
        left_out = [text[end:start] for end, start in zip(ends, starts, strict=True)]
        shown = [_FAR_APART for _ in left_out]
        pieces = [it for pair in zip(kept, shown, strict=True) for it in pair]
        return Layer("".join(pieces), self, (kept, left_out, shown))

    @property
    def folded(self) -> str:
        """``text`` in ASCII lower case, one character for one: ``str.lower`` may change the length."""
        if self._folded is None:
            self._folded = self.text.encode("ascii", "replace").lower().decode("ascii")
        return self._folded

    @property
    def rare(self) -> str:
        """The characters of ``text`` that are not of ASCII."""
        if self._rare is None:
            self._rare = "" if self.text.isascii() else compiled(_ASCII).sub("", self.text)
        return self._rare

    @property
    def index(self) -> Index:
        """What stands where in ``folded``."""
        if self._index is None:
            self._index = _index_of(self.folded)
        return self._index

    def beyond_ascii(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Return where those of ``words``, in lower case, begin and end that the index, of ASCII alone, cannot find."""
        return sorted((at, at + len(word)) for word in words for at in self._places_beyond(word))

    def begun_beyond_ascii(self, words: Sequence[str]) -> set[int]:
        """Return where those of ``words`` begin that ``beyond_ascii`` finds."""
        return {at for word in words for at in self._places_beyond(word)}

    def _places_beyond(self, word: str) -> list[int]:
        """Return where ``word`` begins, which is asked of a text by several finders."""
        if self._beyond is None:
            self._beyond, self._rare_there = {}, self.rare + self.rare.lower()
        found = self._beyond.get(word)
        if found is None:
            found = self._beyond[word] = []
            there = self._rare_there
            if there and any(char in there for char in word if char > "\x7f"):
                text = self._lower()
                at = text.find(word)
                while at >= 0:
                    found.append(at)
                    at = text.find(word, at + 1)
        return found

    def _lower(self) -> str:
        if self._lowered is None:
            lower = self.text.lower()
            same = len(lower) == len(self.text)
            self._lowered = lower if same else "".join(char.lower()[0] for char in self.text)
        return self._lowered

    @property
    def original(self) -> str:
        """The text that was there first."""
        return self._parent.original if self._parent else self._original

    @classmethod
    def of(cls, text: str) -> Layer:
        """Return ``text`` as it is, but that what was replaced before says nothing of passwords by its kind."""
        shown = text
        for found in {*compiled(_REPLACED).findall(text)} if _BEGINS_REPLACED in text else ():
            shown = shown.replace(found, f"{_BEGINS_REPLACED}{'x' * (len(found) - len(_BEGINS_REPLACED) - 1)}]")
        view = cls(shown)
        view._original = text
        return view

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the original the characters from ``start`` to ``end`` of ``text`` stand."""
        return self._parent.span(*self.outer(start, end)) if self._parent else (start, end)

    def outer(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the text that this one was made of the characters from ``start`` to ``end`` stand."""
        last = self._before(end) if end in self._marks()[2] else self._before(end - 1) + 1
        return self._before(start), max(last, self._before(start))

    def _before(self, at: int) -> int:
        from bisect import bisect_right

        left_out, goes_on, _ = self._marks()
        place = bisect_right(left_out, at) - 1
        return at if place < 0 else goes_on[place] + at - left_out[place]

    def _marks(self) -> tuple[list[int], list[int], set[int]]:
        """Return where something was left out, where the parent goes on, and before which of them an escape stands."""
        if self._places is None:
            from itertools import accumulate, compress

            kept, escapes, shown = (map(len, pieces) for pieces in self._pieces) if self._pieces else ((), (), ())
            lengths = [*kept]
            left_out = [*accumulate(map(int.__add__, lengths, shown))]
            goes_on = [*accumulate(map(int.__add__, lengths, escapes))]
            self._places = left_out, goes_on, {*compress(left_out, self._pieces[-1] if self._pieces else ())}
        return self._places

    def replaced(self, spans: list[tuple[int, int, str]]) -> str:
        """Return the original with each (start, end, kind) of ``text`` replaced; line ends inside of one stay."""
        pieces: list[str] = []
        self._changed = []
        original, done = self.original, 0
        for view_start, view_end, kind in sorted(spans, key=lambda span: span[0]):
            start, end = self.span(view_start, view_end)
            if start < done:
                continue
            lines = "" if kind == "private-key" else "\n" * original.count("\n", start, end)
            pieces += original[done:start], f"[REDACTED:{kind}]{lines}"
            self._changed.append((view_start, view_end, len(pieces[-1])))
            done = end
        return "".join((*pieces, original[done:]))

    def follow(self, before: Layer) -> None:
        """Take over what the view ``before`` knows of its text, where this one is of what its ``replaced`` made."""
        if not before._index or len(before.text) <= LONG_TEXT:
            return
        at = done = 0
        for start, end, length in (*before._changed, (len(before.text), len(before.text), 0)):
            kept = before.text[done:start]
            if not self.text.startswith(kept, at):
                return
            at, done = at + len(kept) + length, end
        if at == len(self.text):
            self._index = before._index.after(self.folded, before._changed)


def _index_of(folded: str) -> Index:
    if len(folded) <= LONG_TEXT:
        return Index(folded)
    from handoff_cli.redaction.long_index import LongIndex

    return LongIndex(folded)


LEAST_CHARS = 1 << 15
"""The shortest stretch, in characters, that is withheld; a text below is judged however full it is."""
MOST = 20
"""So many places are judged for each KiB of a text, and found by one finder for each KiB of a stretch of it."""


class ExhaustedError(Exception):
    """A text holds more places than may be judged."""


_budget = local()
"""Of each thread its own: one that searches a long text must not end another's search."""


def most_in(chars: int) -> float:
    """Return how many places may be judged of ``chars`` characters."""
    return MOST * chars / 1024


def allow(places: float, *, judged: bool = True, more: Callable[[], float] = lambda: 0) -> None:
    """Let so many ``places`` be looked at from now on, then as many as ``more`` says; not ``judged``: be counted."""
    _budget.left, _budget.judges, _budget.more = places, judged, more


def allowed() -> float:
    """Return how many places may still be looked at, of those that were allowed."""
    return float(_budget.left)


def allow_all() -> None:
    """Let all places be judged from now on."""
    _budget.left = None


def only_counts() -> bool:
    """Return whether all places are passed by, and nothing is asked but how many there are."""
    return getattr(_budget, "left", None) is not None and not _budget.judges


def _left_beyond(left: float) -> float:
    """Return how many places may be looked at beyond those that were allowed first, ``left`` of which are."""
    more = _budget.more
    allow(0)
    left += more()  # which may search, too
    allow(left)
    if left < 1:
        raise ExhaustedError
    return left


def passed() -> bool:
    """Count a place that is to be looked at closely; return whether it is passed by, as all are only counted.

    Raises:
        ExhaustedError: Where there are more of them than ``allow`` lets be.
    """
    left: float | None = getattr(_budget, "left", None)
    if left is None:
        return False
    if left < 1:
        left = _left_beyond(left)
    _budget.left = left - 1
    return not _budget.judges
