"""Tokens that begin with a word of their provider, or say within what they are.

Formats are facts from the providers' own documentation. No pattern is compiled before its beginning is met.
"""

from __future__ import annotations

from handoff_cli.core.patterns import Rows, compiled, stored
from handoff_cli.redaction.placeholders import is_masked, is_random

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.redaction.layers import Layer

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
        if divided or end - start >= _LEAST_UNMARKED:
            for match in compiled(_MARKED if divided else _UNMARKED).finditer(text, start, end):
                group = match.lastindex or 0
                if not is_masked(match[group]) and is_random(match[group]):
                    yield (*match.span(group), "token")


_LEAST_MARKED, _LEAST_UNMARKED = 32, 180
_KEY_ID = 16

_UNMARKED = r"(?<![0-9a-zA-Z])sk[A-Za-z0-9]{178}(?![0-9a-zA-Z])"
"""Of all in ``_MARKED`` the one in which no sign divides what tells it."""

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


def _is_body(body: str) -> bool:
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
