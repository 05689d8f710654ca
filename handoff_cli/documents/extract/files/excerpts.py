"""A piece of code in few lines: a short definition whole, of a longer one the signature and the lines that matter."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.blocks import depth_of, signature_end
from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.files.changes import COMMENT
from handoff_cli.documents.extract.language.words import (
    identifiers,
    is_redacting,
    lines_telling_secrets,
    prepare,
    tells_secret,
    whole,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE_LINES = 30
_KEY_LINES, _FEWEST_LINES, _FEW_LINES, _LINE_CHARS = 20, 10, 14, 140


class Excerpt:
    """A piece of code of which as many lines can be shown as there is room for, those that matter before others.

    Args:
        lines: Those of the file.
        span: The indexes where its comment begins, where it begins itself, and the one behind its end.
        matter: How much lines matter, by index, up to 1.0: those changed last, or spoken of.
        weights: Names that are spoken of, with how much each counts.
        defined: Whether it begins with the signature of a definition.
    """

    def __init__(
        self,
        lines: tuple[str, ...],
        span: tuple[int, int, int],
        matter: Mapping[int, float],
        weights: Mapping[str, float],
        *,
        defined: bool = False,
    ) -> None:
        self._lines, (self._start, self._begin, self._end) = lines, span
        self._plain = not (defined or matter)
        start, begin, end = span
        self._always = set(range(begin, min(signature_end(lines, begin), begin + 4))) if defined else set[int]()
        body = range(max(self._always, default=begin - 1) + 1, end)
        if start < begin:  # of a comment that begins with a line of marks the next tells
            says = start if not _ONLY_MARKS.match(lines[start].strip()) else min(start + 1, begin)
            self._always |= set(range(says, min(says + _MOST_SAID, begin))) if begin - says <= _MOST_SAID else {says}
        self._opened_by = _opened_by(lines, body)
        self._rank = self._ranked(body, {at: how for at, how in matter.items() if at in body}, weights, defined)
        rules = [at for at in range(start + 1, begin) if _RULE.match(lines[at])] if defined else []
        self._opened_by.update(dict.fromkeys(rules, ()))
        self._rank.update(dict.fromkeys(rules[:_MOST_RULES], _OF_A_RULE))
        for led in (_list_from(lines, at, begin) for at in rules):
            self._opened_by.update(dict.fromkeys(led, tuple(led)))
            self._rank.update(dict.fromkeys(led, _OF_A_LIST))
        self._rank.update(dict.fromkeys(_reason_in(lines, body, weights), _OF_A_REASON))

    def _ranked(
        self, body: range, late: dict[int, float], weights: Mapping[str, float], defined: bool
    ) -> dict[int, float]:
        if defined and sum(how == 1 for how in late.values()) * 3 > len(body) * 2:  # all is new
            late = {}
        near = {at + step for at, how in late.items() if how == 1 for step in range(-_CLOSE, _CLOSE + 1)}
        rank = dict.fromkeys(_described_in(self._lines, body), 0.0)
        seen: set[str] = set()
        for at in (it for it in body if it not in rank):
            bare = self._lines[at].strip()
            worth = _rank(bare, late.get(at, 0.0), weights)
            rank[at] = worth + _BESIDE * (at in near and worth > 0) - _AGAIN * (bare in seen)
            rank[at] -= _GIVEN_UP * any(_GIVES_UP.match(self._lines[it].strip()) for it in self._opened_by[at])
            seen.add(bare)
        return rank

    def shown(self, most: int) -> list[str]:
        """Return it in about ``most`` lines; whole where it has no more; ``…`` stands for what is left out."""
        if self._end - self._start <= most or self._plain:
            shown = [*self._lines[self._start : min(self._end, self._start + most)]]
            return [*shown, *self._rest(self._start + len(shown))]
        kept, rank = set(self._always), self._rank
        for at in sorted(rank, key=lambda it: (-rank[it], it)):
            wanted = {at, *self._opened_by[at]} - kept  # without what opens it, it would not be understood
            if rank[at] > 0 and len(kept) + len(wanted) <= most:
                kept |= wanted
        kept |= self._made_before(kept)
        kept |= self._set_right(kept)
        kept |= self._guarding(kept)
        kept |= self._leaving(kept)
        kept |= self._closing(kept)
        lines: list[str] = []
        before = self._start
        for at in sorted(kept):
            between = (self._lines[it].strip() for it in range(before + 1, at))
            if at > self._start and not all(map(_ONLY_MARKS.match, between)):
                lines.append(self._lines[at][: len(self._lines[at]) - len(self._lines[at].lstrip())] + "…")
            lines.append(self._lines[at])
            before = at
        return [*lines, *self._rest(before + 1)]

    def _rest(self, first: int) -> list[str]:
        """Return the mark of what is left out from ``first`` to the end, none where that only closes blocks."""
        return ["…"] if any(not _ONLY_MARKS.match(it.strip()) for it in self._lines[first : self._end]) else []

    def _leaving(self, kept: set[int]) -> set[int]:
        """Return the lines that leave a block right after one of ``kept``, or first in that which it opens.

        Without these code says another thing, but for those that only hand on an error.
        """
        turns = (it for it in kept - self._always if not _GIVES_UP.match(self._lines[it].strip()))
        return {left for at in turns if (left := self._left_after(at))}

    def _left_after(self, at: int) -> int:
        """Return the line that leaves a block right after the one ``at``, or first in that which it opens; else 0."""
        following = (it for it in range(at + 1, min(self._end, at + 1 + _NEAR)) if self._says(it))
        then = next(following, at)
        leaves = _LEAVES.match(self._lines[then]) and depth_of(self._lines[then]) >= depth_of(self._lines[at])
        return then if leaves else 0

    def _says(self, at: int) -> bool:
        bare = self._lines[at].strip()
        return bool(bare) and not COMMENT.match(bare)

    def _closing(self, kept: set[int]) -> set[int]:
        """Return the lines between two of ``kept`` that only close blocks: without these code reads wrong."""
        between = ((one, other) for one, other in pairwise(sorted(kept)) if 1 < other - one <= _MOST_CLOSING + 1)
        gaps = (range(one + 1, other) for one, other in between)
        return {at for gap in gaps if all(_CLOSES.match(self._lines[it]) for it in gap) for at in gap}

    def _made_before(self, kept: set[int]) -> set[int]:
        """Return the lines in which a few names are made that lines of ``kept`` use: without these they say little."""
        made: dict[str, int] = {}
        found: set[int] = set()
        for at in range(self._begin, self._end):
            line = self._lines[at]
            used = [made[it] for it in _WORD.findall(line) if it in made] if at in kept else []
            found.update(it for it in used if it not in kept)
            if assigned := _ASSIGNS.match(line):
                made.update(dict.fromkeys(_WORD.findall(assigned[1]), at))
        return set(sorted(found)[-_MOST_MADE:])

    def _set_right(self, kept: set[int]) -> set[int]:
        """Return the lines that sort a list, or ask whether it is empty, of which a later one of ``kept`` takes an end.

        Without these it reads as if any item were taken, or one of an empty list.
        """
        ends = [(at, it[1]) for at in kept if (it := _TAKES_END.search(self._lines[at]))]
        before = ((at, name) for last, name in ends for at in range(self._begin, last) if name in self._lines[at])
        return {at for at, name in before if (it := _SETS_RIGHT.match(self._lines[at])) and name in it.groups()}

    def _guarding(self, kept: set[int]) -> set[int]:
        """Return the conditions nearby to leave that ask what one of ``kept`` makes, where no other of them uses it."""
        found: set[int] = set()
        for at in kept - self._always:
            made = _ASSIGNS.match(self._lines[at])
            names = {*_WORD.findall(made[1])} - _NO_NAMES if made else set[str]()
            following = range(at + 1, min(self._end, at + 1 + _USED_WITHIN)) if names else ()
            uses = [it for it in following if not names.isdisjoint(_WORD.findall(self._lines[it]))]
            found.update(uses[:1] if kept.isdisjoint(uses) else ())
        return {it for it in found if _ASKS.match(self._lines[it]) and self._left_after(it)}

    def texts(self, few_lines: int = _FEWEST_LINES) -> tuple[str, str]:
        """Return it in up to 30 lines, and in about ``few_lines``, without the white space that all begin with."""
        short = self._end - self._start <= WHOLE_LINES
        shown = [*self._lines[self._start : self._end]] if short else self.shown(_KEY_LINES)
        few = shown if self._end - self._start <= _FEW_LINES else self.shown(few_lines)
        return "\n".join(_dedented(shown)), "\n".join(_dedented(few))


_LEAVES, _NEAR = lazily(r"\s*(?:return|break|continue|raise|throw|fallthrough|goto|panic|die|exit)\b(?!.*[(\[{,]$)"), 6
_CLOSES, _MOST_CLOSING = lazily(r"\s*(?:[)\]}]+[;,]?|end)?\s*$"), 3
_RULE = lazily(
    r"\s*(?://+|#+|\*+)\s*(?:[Rr]eturns?\b|(?:[Tt]rue|[Ff]alse) (?:if|when)\b|\d{1,2}[.)] |[-*\u2022] "
    r"|(?:[Mm]ust|[Nn]ever|[Oo]nly)\b)"
)
_OF_A_RULE, _OF_A_LIST, _MOST_RULES, _MOST_SAID = 2.0, 3.0, 3, 3
"""How much a line of its comment tells that says what it returns or must do, and one of a list of that; how many of
them, and of how many lines a comment stands whole."""


def _list_from(lines: tuple[str, ...], at: int, end: int) -> range:
    """Return the lines of a list in a comment, which ends before ``end``, that the line ``at`` leads; none without one.

    With a colon alone, or a single item, it would say another thing.
    """
    last = at + 1
    while last < end and lines[at].rstrip().endswith(":") and _ITEM.match(lines[last]):
        last += 1
    return range(at, last) if last > at + 1 else range(0)


_ITEM = lazily(r"\s*(?://+|#+|\*+)\s*(?:[-*\u2022] |\(?\w{1,2}[.)] |  \S)")


def _reason_in(lines: tuple[str, ...], body: range, weights: Mapping[str, float]) -> range:
    """Return the lines of the paragraph of a comment in ``body`` that says why the code is so, empty without any.

    Of several it is the one with most of the names that are spoken of; what it says stands nowhere in the code.
    """
    best, most, first = range(0), -1.0, body.start
    for at in (*body, body.stop):
        if at < body.stop and _REMARK.match(lines[at]):
            continue
        text = " ".join(lines[it].strip() for it in range(first, at))
        if first < at <= first + _MOST_REASON and _SAYS_WHY.search(text):
            named = sum(weights.get(it, 0.0) for it in {*identifiers(text)})
            best, most = max((best, most), (range(first, at), named), key=lambda it: it[1])
        first = at + 1
    return best


_REMARK = lazily(r"\s*(?://+|#+|\*+(?!/))\s*\w")
"""A line of a comment that says something: an empty one ends its paragraph."""

_SAYS_WHY = caseless(
    r"\b(?:because|otherwise|so that|critical|important|if we (?:don['\u2019]?t|do not)|without (?:this|it)|bypass\w*"
    r"|instead of|to avoid|even (?:if|when|without)|must (?:not|be|never)|never|note|caveat|hack|workaround)\b"
)
_OF_A_REASON, _MOST_REASON = 3.5, 6

_ASSIGNS = lazily(r"\s*(?:const |let |var |val |auto )?([\w, ]{1,60}?)\s*(?::=|=(?![=>]))")
_WORD = lazily(r"[A-Za-z_]\w+")
_MOST_MADE = 5
_USED_WITHIN, _NO_NAMES = 12, frozenset(("err", "error", "ok", "const", "let", "var", "val", "auto"))
_ASKS = lazily(r"\s*(?:if|unless)\b(?! err [!=]= )")
_TAKES_END = lazily(
    r"\b(\w+)(?:\[(?:0|-1|len\(\w+\) ?- ?1|\w+\.(?:length|size|len\(\)) ?- ?1)\]"
    r"|\.(?:at\(-1\)|(?:pop|shift)\(|(?:first|last)\b))"
)
_SETS_RIGHT = lazily(
    r"\s*(?:(?:sort|slices)\.\w+\((\w+)|(\w+)\.(?:sort|sort_by|reverse)\w*!?(?:\(|$)|(\w+) ?:?= ?sorted\("
    r"|(?:if|unless)\b[ (!]*(?:not )?(?:len\()?(\w+)\)?(?:\.(?:length|size|(?:is)?_?[eE]mpty|len)\b|:| [=!]=| <|\)))"
)
"""How a line takes the first or the last of a list, and how one sorts a list or asks whether it has any."""


_CLOSE, _BESIDE = 4, 0.6
"""So near to a line that matters most another is worth more."""
_AGAIN, _GIVEN_UP = 1.5, 3.0
"""What a line has less that stands there again, and one in a block that only hands on an error."""


def _opened_by(lines: tuple[str, ...], body: range) -> dict[int, tuple[int, ...]]:
    """Return for each line of ``body`` the lines that open what it stands in: the next two above with less indent."""
    opened: dict[int, tuple[int, ...]] = {}
    above: list[tuple[int, int]] = []
    for at in body:
        depth = depth_of(lines[at])
        if lines[at].strip():
            while above and above[-1][0] >= depth:
                above.pop()
        opened[at] = tuple(place for _, place in above[-_LEVELS:])
        if lines[at].strip():
            above.append((depth, at))
    return opened


_LEVELS = 2


def _described_in(lines: tuple[str, ...], body: range) -> set[int]:
    """Return the lines of docstrings of Python but for their first: they describe the names that code uses."""
    found: set[int] = set()
    open_since: int | None = None
    for at in body:
        bare = lines[at].strip()
        ends = (bare.count('"""') + bare.count("'''")) % 2
        if open_since is not None:
            found.add(at)
            open_since = None if ends else open_since
        elif ends and bare.lstrip("rRuU").startswith(('"""', "'''")):
            open_since = at
    return found


def without_secrets(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``lines`` as they may be cut."""
    return _redacted(lines) if is_redacting() else lines


@lru_cache(maxsize=64)
def _redacted(lines: tuple[str, ...]) -> tuple[str, ...]:
    telling = set(lines_telling_secrets("\n".join(lines)))
    prepare(telling)
    return tuple(whole(line) if line in telling else line for line in lines) if telling else lines


def _dedented(lines: list[str]) -> list[str]:
    """Return ``lines`` without the white space that all begin with; long ones cut."""
    bare = [line.rstrip() for line in lines]
    while bare and bare[0].strip() in ("", "…"):
        del bare[0]
    while bare and not bare[-1]:
        del bare[-1]
    least = min((len(line) - len(line.lstrip()) for line in bare if line and line.lstrip() != "…"), default=0)
    cut = [line[least:] if line[:least].isspace() or not least else line for line in bare]
    return [line if len(line) <= _LINE_CHARS else _shortened(line) for line in cut]


def _shortened(line: str) -> str:
    clean = whole(line) if tells_secret(line) else line
    return clean if len(clean) <= _LINE_CHARS else f"{clean[: _LINE_CHARS - 1]}…"


def _rank(bare: str, late: float, weights: Mapping[str, float]) -> float:
    """Return how much a line of a long definition tells."""
    if not bare or _ONLY_MARKS.match(bare):
        return 0.0
    named = sum(sorted((weights.get(it, 0.0) for it in identifiers(bare)), reverse=True)[:2])
    worth = 3.0 * late + named / 2 + 1.2 * bare.startswith(_TURNING) + 0.5 * ("=" in bare) + 0.3
    return worth - 1.0 * bool(COMMENT.match(bare)) - 1.5 * bool(_GIVES_UP.match(bare))


_ONLY_MARKS = lazily(r"[\W_]*$")
_TURNING = ("return", "raise", "throw", "for ", "while ", "yield", "await", "sort", "match", "switch")
_GIVES_UP = lazily(
    r"(?:if|} else if) (?:err|\w+Err) [!=]= nil|return (?:nil, )?err\b|(?:slog|logg?(?:er|ing)?|console)\."
    r"|except\b|\}? ?catch\b"
    r"|t\.(?:Helper|Parallel)\(\)"
)
