"""Tokens that a line's end divides: a known beginning of one runs up to it, and the next line goes on with the rest.

What begins the next line belongs to a token only where that is plain: the part above is no whole token by itself, or
the next line begins with what looks generated too.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction import published, shapes
from handoff_cli.redaction.layers import WORD_CHARS, Layer
from handoff_cli.redaction.placeholders import is_masked, is_name_of_thing, is_random
from handoff_cli.redaction.prefixes import prefixed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Span = tuple[int, int, str]

_APART = " \n\n"
_WRAP = r"(?<=[\w+/=.~-])(?:\r?\n|\r)(?:[ \t]{0,12}(?:[>|+#*]|//)?[ \t]{0,4})(?=[\w+/=.~-])"
_LINE_END = r"\r?\n[ \t>|+#*/]{0,16}"
_LEAST_REST, _SHORT_REST, _LEAST_SHOWN = 6, 3, 16
_PLAIN = r"[_.~/+=-]*(?:(?:[A-Z]?[a-z]+|[A-Z]+|\d{1,4})(?:[_.~/+=-]+|\Z))*"
_WORDS = r"[A-Za-z]+(?:[_.-]+[A-Za-z]+)+"
"""What begins a line as words, numbers and marks do."""
_HASH = r"[0-9a-f]{7,12}|[0-9a-f]{40}|[0-9a-f]{64}"


def wrapped_tokens(view: Layer, *, exact: bool) -> list[Span]:
    """Return (start, end, kind) of every token in ``view`` that line ends divide.

    Those of one length (``exact``) go first: of the others, what is left of the line end may be whole.
    """
    snippets = view.snippets or []
    # All at once: asking for keywords costs more than reading a few of them.
    whole = view.unwrapped = view.unwrapped or joined(Layer(_APART.join(view.text[it:end] for it, end in snippets)))
    found = published.published_spans(whole, ("exact",) if exact else published.TOKENS)
    known = [] if exact else prefixed(whole) + shapes.web_tokens(whole.text)
    if not found and not known:
        return []
    from bisect import bisect_right

    starts, length = [], 0
    for start, end in snippets:
        starts.append(length)
        length += end - start + len(_APART)
    spans: list[Span] = []
    for number, (first, last, kind) in enumerate(known + found):
        begin, stop = whole.span(first, last)
        at = bisect_right(starts, begin) - 1
        shift = snippets[at][0] - starts[at]
        begin, stop = begin + shift, stop + shift
        chance = number >= len(known) and published.is_in_block(view.text, begin, stop)
        if not chance and "\n" in view.text[begin:stop]:
            spans.append((begin, stop, kind))
    return _cut(view.text, spans, exact=exact)


def joined(view: Layer) -> Layer:
    """Return ``view`` without the line ends that may have been put into a token."""
    return view.without(compiled(f"({_WRAP})"), lambda _line_end: "")


def _cut(text: str, spans: list[Span], *, exact: bool) -> list[Span]:
    """Return ``spans`` without what is no part of a token: the beginning of a line that only follows it."""
    doubted: list[tuple[Span, str, int, str]] = []
    sure: list[Span] = []
    for begin, stop, kind in spans:
        before, end = "", begin
        for part in _parts(text, begin, stop):
            piece = text[slice(*part)]
            if before and not looks_generated(piece):
                doubted.append(((begin, stop, kind), before, end, piece))
                break
            before, end = before + piece, part[1]
        else:
            sure.append((begin, stop, kind))
    wholes, wholes_by_length = whole_tokens({before for _, before, *_ in doubted})
    for (begin, stop, kind), before, end, piece in doubted:
        plain = compiled(_PLAIN).fullmatch(piece) is not None
        # A plain word of three letters that fills the length is a rest; of fewer, chance is too likely.
        is_rest = exact and (not plain or len(piece) == _SHORT_REST)
        whole = before in (wholes_by_length if is_rest else wholes)
        if whole and "\n" in text[begin:end]:
            sure.append((begin, end, kind))
        if whole or (len(before) >= _LEAST_SHOWN and is_masked(before)):
            continue
        goes_on = text[stop : stop + 1] in WORD_CHARS and stop < len(text)
        hashed = compiled(_HASH).fullmatch(piece) and compiled(_WORDS).fullmatch(before)
        if not (goes_on if exact else plain or hashed):
            sure.append((begin, stop, kind))
    return sure


def _parts(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a token stand that line ends divide."""
    for end in compiled(_LINE_END).finditer(text, begin, stop):
        yield begin, end.start()
        begin = end.end()
    yield begin, stop


def looks_generated(piece: str) -> bool:
    """Return whether a line that begins so may well go on with a token that is whole without it."""
    named = is_name_of_thing(piece) or compiled(_HASH).fullmatch(piece)
    return len(piece) >= _LEAST_REST and not named and is_random(piece)


def whole_tokens(tokens: set[str]) -> tuple[set[str], set[str]]:
    """Return those of ``tokens`` that are such by themselves, and those that are so by their length."""
    layer = Layer(_APART.join(tokens))
    found = [*published.spans_by_form(layer, published.TOKENS)] if tokens else []
    exact = [span for form, span in found if form == "exact"]
    whole = [*(span for _, span in found), *(prefixed(layer) if tokens else ()), *shapes.web_tokens(layer.text)]
    by_length, by_any = ({layer.text[first:last] for first, last, _ in spans} for spans in (exact, whole))
    return tokens & by_any, tokens & by_length
