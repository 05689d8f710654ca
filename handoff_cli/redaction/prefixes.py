"""Tokens that begin with a word of their provider, or say within what they are; where line ends divide what may be one.

Formats are facts from the providers' own documentation. No pattern is compiled before its beginning is met.
"""

from __future__ import annotations

from handoff_cli.core.patterns import Rows, compiled, stored
from handoff_cli.redaction.layers import LONG_TEXT, Layer
from handoff_cli.redaction.published import BEGUN, is_in_block, token_keywords, token_literals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Span = tuple[int, int, str]
    Prefix = tuple[str, str, str, int]


ASCII = 256
"""``re.ASCII``: letters of other writings may stand beside a token, and are no part of one."""
BODY_CLASSES = {
    "upper": r"[0-9A-Z]{16,64}(?![0-9A-Z])",
    "hex": r"[0-9a-fA-F]+",
    "alnum": r"[0-9A-Za-z]+",
    "word": r"[0-9A-Za-z_\-]+",
    "dotted": r"[0-9A-Za-z_\-]+(?:\.[0-9A-Za-z_\-]+)*",
    "checked": r"[0-9A-Za-z+/_\-]+(?:=[0-9A-F]{8}(?![0-9A-Za-z]))?",
    "base64": r"[0-9A-Za-z+/_\-]+={0,3}",
    "asaas": r"(?:prod|hmlg|[A-Za-z0-9]{4})[0-9A-Za-z+/=_:$-]+",
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-[1-7][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])",
}

STORED = "prefixes"
"""The name under which the tables have them."""


def _rows_of_prefixes() -> tuple[str, bytes, str]:
    from handoff_cli.redaction.beginnings import rows_of_prefixes

    return rows_of_prefixes()


ROWS = Rows(*stored(STORED, _rows_of_prefixes))


def prefixed(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every token that begins as one of ``beginnings``, or that says within what it is."""
    spans = list(_marked(view))
    for prefix, kind, body_class, least in prefixes_in(view):
        spans += _with_prefix(view.text, prefix, kind, body_class, least)
    return spans


def _marked(view: Layer) -> Iterator[Span]:
    """Yield the tokens in long words that are of hexadecimal parts of known lengths, or called ``_sk_``, ``_pat_``."""
    text = view.text
    for start, end in view.index.long_words():
        if end - start < _LEAST_MARKED:
            continue
        divided = text.find("_", start, end) >= 0 or text.find(":", start, end) >= 0 or text.count("-", start, end) > 1
        if divided and not compiled(_MAY_BE_MARKED).search(text, start, end):
            continue
        if divided or end - start >= _LEAST_UNMARKED:
            for match in compiled(_MARKED if divided else _UNMARKED).finditer(text, start, end):
                group = match.lastindex or 0
                if _looks_generated(match[group]):
                    yield (*match.span(group), "token")


_LEAST_MARKED, _LEAST_UNMARKED = 32, 180
_KEY_ID = 16

_UNMARKED = r"(?<![0-9a-zA-Z])sk[A-Za-z0-9]{178}(?![0-9a-zA-Z])"
"""Of all in ``_MARKED`` the one in which no sign divides what tells it."""

_MAY_BE_MARKED = (
    r"[0-9a-f]{12}:[0-9a-f]{32}|\.[\w-]{6}:[\w-]{43}|v1:\w{22}|(?:prod|dev|preview):[a-z]|(?:sk|at|et|ey|en|ok|pi)_\w{28}"
    r"|(?<![A-Za-z0-9_])[12][A-Za-z0-9]{26}_[A-Za-z0-9]{20}|[0-9a-f]{32}-[0-9a-f]{8}-|sk[A-Za-z0-9]{178}"
)
"""Wider than ``_MARKED``, which takes twice as long."""

_MARKED = (
    r"(?<![0-9a-zA-Z-])(?:[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}|[0-9a-f]{24}:[0-9a-f]{64}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:[0-9a-f]{32})(?![0-9a-zA-Z-])"
    rf"|{_UNMARKED}"
    r"|(?<![a-z])(?:sk|pat|secret|apikey|token|tok)_(?:(?:live|prod|test|v\d|us|eu)_)?([A-Za-z0-9]{28,256})(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9_])[12][A-Za-z0-9]{26}_[A-Za-z0-9]{20,22}(?![A-Za-z0-9_])|(?<![\w.-])[\w-]{6}\.[\w-]{6}:[\w-]{43}(?![\w-])"
    r"|(?<![\w:])v1:[A-Za-z0-9]{22,26}:[A-Za-z0-9]{24}(?![\w:])|(?:prod|dev|preview):[a-z]+-[a-z]+-\d{1,4}\|([A-Za-z0-9+/=_-]{40,200})"
    r"|(?<=[a-z\d]_)(?:api|key)_(?<!cache_key_)((?![0-9a-f]{40}(?![0-9a-f]))[A-Za-z0-9]{32,256})(?![A-Za-z0-9])"
)


def _with_prefix(text: str, prefix: str, kind: str, body_class: str, least: int) -> list[Span]:
    spans: list[Span] = []
    at = text.find(prefix)
    while 0 <= at <= len(text) - len(prefix) - least:
        end = at + len(prefix)
        led = at and text[at - 1].isascii() and text[at - 1].isalnum()
        begins = text[end : end + least]
        if not led and begins.split() == [begins]:  # a blank among them is found sooner than what a pattern finds
            body = compiled(BODY_CLASSES[body_class], ASCII).match(text, end)
            end = body.end() if body else end
            if end - at >= len(prefix) + least and _is_body(text[at + len(prefix) : end]):
                spans.append((at, end, kind))
        at = text.find(prefix, end)
    return spans


def _looks_generated(word: str) -> bool:
    from handoff_cli.redaction.placeholders import is_masked, is_random

    return not is_masked(word) and is_random(word)


def _is_body(body: str) -> bool:
    from handoff_cli.redaction.placeholders import is_masked, is_random

    return (
        not is_masked(body)
        and not body.startswith("ssh-")
        and (is_random(body) or (body.isupper() and (any(map(str.isdigit, body)) or len(body) == _KEY_ID)))
    )


def prefixes_in(view: Layer) -> list[Prefix]:
    """Return the beginnings that are in ``view``, in order: the first of two in one place tells what it is."""
    index = view.index
    if index.begun is None:
        rows = sorted((led_to.split(" ") for _, led_to in index.led(ROWS)), key=lambda row: int(row[0]))
        index.begun = [
            (prefix, kind, body, int(least)) for _, prefix, kind, body, least in rows if _stands_in(view, prefix)
        ]
    return index.begun


def _stands_in(view: Layer, prefix: str) -> bool:
    """Return whether ``prefix``, which the index holds in lower case, is in ``view`` as it is written."""
    near = 2 * len(prefix) - 1  # where it overlaps itself, only one of the two is among the places
    return any(view.text.find(prefix, at, at + near) >= 0 for at in view.index.places(prefix.lower()))


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
                longest = next(it for it in those if words.startswith(it, at))
                by_chance = len(longest) < _LEAST_SIGN and longest.isalnum()
                if not (by_chance and is_in_block(view.text, start, stop)):
                    yield start, stop, end
            at += stop - start
        first += len(word) + 1


def _beginnings() -> dict[str, tuple[str, ...]]:
    """Return what tokens begin with, by how that begins, the longest first."""
    if not _by_lead:
        found: dict[str, list[str]] = {}
        for literal in {_OF_WEB_TOKENS, *ROWS.literals(), *token_literals(BEGUN)}:
            found.setdefault(literal[:_LEAD], []).append(literal)
        _by_lead.update({lead: (*sorted(literals, key=len, reverse=True),) for lead, literals in found.items()})
    return _by_lead


_by_lead: dict[str, tuple[str, ...]] = {}
