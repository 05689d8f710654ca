"""Where in words that line ends divide a token may begin: only there are the line ends taken out to look for one."""

from __future__ import annotations

from handoff_cli.redaction.layers import LONG_TEXT, Layer
from handoff_cli.redaction.prefixes import ROWS, prefixes_in
from handoff_cli.redaction.published import BEGUN, is_in_block, token_keywords, token_literals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_WEB_TOKENS = "eyj"
_LONGEST_WORD, _BEHIND_CHAIN, _SNIPPET_CHARS = 300, 80, 700
_MANY = 64
"""So many beginnings of tokens are in nearly any part of a text that is one word, or many, behind the other."""
_MOST_BEGIN = 2 / 3
"""Of tokens that line ends divide, each has a line that begins none."""
_REACH = 160
"""So much behind its first line has nearly any token that more than one line end divides."""
_LEAD = 2
"""The length of the shortest beginning of a token."""
_LEAST_SIGN = 4
"""Fewer letters or digits begin some of a million random lines."""


def snippets_in(view: Layer) -> list[tuple[int, int]]:
    """Return where a token may begin in one of ``view.divided``, with what follows it."""
    divided, size = view.divided or [], len(view.text)
    words = Layer(" ".join(word for *_, word in divided))
    mostly = len(words.text) * 2 > size
    if mostly and size > LONG_TEXT:
        return _all_at_once(view, words.folded)
    known = [_OF_WEB_TOKENS, *token_keywords(words), *(prefix.lower() for prefix, *_ in prefixes_in(words))]
    if mostly and len(known) > _MANY:
        return _all_at_once(view, words.folded)
    begun = sorted({at for literal in known for at in words.index.places(literal)})
    places: list[tuple[int, int]] = []
    chars = number = first = 0
    for parts, end, word in divided:
        last, done = -1, 0
        while number < len(begun) and begun[number] < first + len(word):
            last = begun[number] - first
            number += 1
        first += len(word) + 1
        for start, stop in parts:
            if done > last:
                break
            before = view.text[max(start - _LONGEST_WORD, 0) : start].split(" ")[-1].split("\n")[-1]
            behind = min(end + _BEHIND_CHAIN, stop + _SNIPPET_CHARS, size)
            places.append((max(start - len(before) - 1, 0), behind))
            chars += behind - places[-1][0]
            done += stop - start
        if chars > 2 * size + _SNIPPET_CHARS:
            return _all_at_once(view, words.folded)
    return places


def _all_at_once(view: Layer, words: str) -> list[tuple[int, int]]:
    """Return all of ``view`` as one place, and each line again with which a token may begin with what follows.

    Without line ends such a line begins no word. Where nearly every line may begin a token, they are a list of tokens,
    of which none goes on in the next.
    """
    size, divided = len(view.text), view.divided or []
    lines = [*_lines_that_may_begin(view, words)]
    if len(lines) > _MOST_BEGIN * sum(len(parts) for parts, *_ in divided):
        lines = []
    reach = min(_REACH, size // max(len(lines), 1))
    return [(0, size), *((start, min(stop + reach, end + _BEHIND_CHAIN, size)) for start, stop, end in lines)]


def _lines_that_may_begin(view: Layer, words: str) -> Iterator[tuple[int, int, int]]:
    """Yield where a part of a divided word begins and ends, and the word ends, where the part may begin a token.

    Among lines of base64, as of a picture, a few letters are no sign of one.
    """
    beginnings, first = _beginnings(), 0
    for parts, end, word in view.divided or []:
        at = first
        for start, stop in parts:
            those = beginnings.get(words[at : at + _LEAD])
            if those and words.startswith(those, at):
                longest = max((it for it in those if words.startswith(it, at)), key=len)
                by_chance = len(longest) < _LEAST_SIGN and longest.isalnum()
                if not (by_chance and is_in_block(view.text, start, stop)):
                    yield start, stop, end
            at += stop - start
        first += len(word) + 1


def _beginnings() -> dict[str, tuple[str, ...]]:
    """Return what tokens begin with, by how that begins."""
    if not _by_lead:
        found: dict[str, list[str]] = {}
        for literal in {_OF_WEB_TOKENS, *ROWS.literals(), *token_literals(BEGUN)}:
            found.setdefault(literal[:_LEAD], []).append(literal)
        _by_lead.update({lead: (*literals,) for lead, literals in found.items()})
    return _by_lead


_by_lead: dict[str, tuple[str, ...]] = {}
