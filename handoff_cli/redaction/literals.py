"""Secrets divided between the literals of code (``"ghp_abc" + "def"``), or by the frame of a box."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction import published, shapes
from handoff_cli.redaction.names import assignments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

JOINT = (
    r"(?<=[\w+/=.~-])(?:[\"'](?:[ \t]{0,8}(?:\+|\.\.?|&|~)[ \t]{0,8}(?:\r?\n[ \t]{0,40})?"
    r"|[ \t]{0,8}\\?\r?\n[ \t]{0,40}(?:(?:\+|\.\.?|&|~)[ \t]{0,4})?|[ \t]{1,2})"
    r"[bfruBFRU]{0,2}[\"'](?=[\w+/=.~-]{3,400}[\"'])"
    r"|[ ]?[\u2502\u2503\u2551][ \t]{0,4}\r?\n[ \t]{0,8}[\u2502\u2503\u2551][ \t]{1,40}(?=[\w+/=.~-]{3}))"
)
"""What stands between two parts of one word."""
_PLAIN = r"[A-Z]?[a-z]{1,16}(?![\w+/=.~-])"
"""What stands behind one and is no part of a token, which would be whole by itself."""
_NEAR = 1 << 10


def divided_by_literals(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every secret whose parts stand in literals that follow each other."""
    joint = compiled(JOINT)
    near = view.near([it.start() for it in joint.finditer(view.text)], _NEAR)
    whole = near.without(compiled(f"({JOINT})"), lambda _joint: "")
    found = published.published_spans(whole, published.TOKENS) + shapes.prefixed(whole) + assignments(whole)
    spans: list[Span] = []
    for first, last, kind in found:
        start, end = whole.outer(first, last)
        divided = joint.search(near.text, start)
        if divided and divided.end() < end and not compiled(_PLAIN).match(near.text, divided.end()):
            spans.append((start, end, kind) if near is view else (*near.outer(start, end), kind))
    return spans
