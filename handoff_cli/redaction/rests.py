"""What a line's end parts from a secret: the rest of it begins the next line.

What is told by a name or a command ends with its line, as does a token of no fixed length that is whole without the
rest. A terminal that wraps, and who pastes out of one, leaves the rest of it to the lines below.
What stands again near it is the same secret, whatever is beside it there.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.placeholders import is_masked, is_random
from handoff_cli.redaction.published import is_below_base64
from handoff_cli.redaction.wraps import looks_generated, whole_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    Span = tuple[int, int, str]

_REST = r"\r?\n([\w+/.~-]{6,400}={0,2})(?=[\s\"'`,;)\]}&<|@\\]|\Z)(?!;?[ \t]*[=:{(])"
"""What begins a line and is no name of what follows there."""
_ID = r"(?i:[0-9a-f]{7,12}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_NUMBERED = r"(?:[A-Za-z][a-z]*|[A-Z]+)\d{0,8}|\d{1,8}[A-Za-z]?"
_THINGS = rf"[_.~/+=-]*(?:{_NUMBERED})(?:[_.~/+=-]+(?:{_NUMBERED}))*[_.~/+=-]*"
"""Words with their numbers, dates, versions, names of files."""
_END_OF_BASE64 = r"(?=[^=]*[a-z])(?=[^=]*[A-Z])[A-Za-z0-9+/]{6,}={1,2}"
_LEAST_SHOWN, _LEAST_SURE, _LEAST_WIDTH, _WIDEST, _MOST_LINES = 10, 16, 40, 400, 64
_AGAIN = 1 << 10


def with_rests(text: str, spans: list[Span]) -> list[Span]:
    """Return ``spans``, (start, end, kind), each up to the end of what the lines below have of it."""
    begun = {start for start, *_ in spans}
    found = {span: _rests(text, *span[:2], begun) for span in spans if span[2] != "private-key"}
    shown = {text[start:end] for (start, end, _), rests in found.items() if rests}
    if not shown:
        return spans
    pieces = {text[slice(*rest)] for rests in found.values() for rest in rests}
    whole, by_length = whole_tokens(shown | pieces)
    reached: list[Span] = []
    for span in spans:
        start, end, kind = span
        for rest in found.get(span, ()) if text[start:end] not in by_length else ():
            if text[slice(*rest)] in whole:
                break
            end = rest[1]
        reached.append((start, end, kind))
    return reached


def with_others(text: str, spans: list[Span]) -> list[Span]:
    """Return ``spans`` and where, near each, what it holds stands again by itself, if that is generated."""
    known = {span[:2] for span in spans}
    more: list[Span] = []
    searched: dict[str, int] = {}
    """Up to where each was looked for, 0 where it is not worth it."""
    for start, end, kind in sorted(spans):
        secret = text[start:end]
        if secret not in searched:
            made = len(secret) >= _LEAST_SURE and is_random(secret) and not compiled(_THINGS).fullmatch(secret)
            searched[secret] = 1 if made else 0
        if not (done := searched[secret]):
            continue
        searched[secret] = end + _AGAIN
        at = text.find(secret, max(start - _AGAIN, done - len(secret), 0), end + _AGAIN)
        while at >= 0:
            behind = at + len(secret)
            around = (text[max(at - 1, 0) : at] + text[behind : behind + 1]).replace("_", "a")
            if not any(map(str.isalnum, around)) and (at, behind) not in known:
                known.add((at, behind))
                more.append((at, behind, kind))
            at = text.find(secret, behind, end + _AGAIN)
    return spans + more


def _rests(text: str, start: int, end: int, begun: set[int]) -> list[tuple[int, int]]:
    """Return where parts of what ends ``end`` may stand, each at the beginning of a line: all but the last fill one."""
    rests: list[tuple[int, int]] = []
    rest = compiled(_REST).match(text, end)
    if not rest or rest.start(1) in begun or not _is_rest(rest[1]):
        return rests
    begins = max(text.rfind("\n", max(end - _WIDEST, 0), end) + 1, end - _WIDEST)
    width, shown = end - begins, end - start
    short = width < _LEAST_WIDTH and shown < _LEAST_SURE and (shown < _LEAST_SHOWN or not is_random(text[start:end]))
    if short or is_below_base64(text, begins):
        return rests
    while rest and _is_rest(rest[1]) and len(rests) < _MOST_LINES:
        rests.append(rest.span(1))
        full = len(rest[1]) == width and text[rest.end() : rest.end() + 1] in {"\n", "\r"}
        rest = compiled(_REST).match(text, rest.end()) if full else None
    return rests


def _is_rest(piece: str) -> bool:
    if compiled(_END_OF_BASE64).fullmatch(piece):
        return not is_masked(piece)
    plain = compiled(_THINGS).fullmatch(piece) or compiled(_ID).fullmatch(piece)
    return not plain and looks_generated(piece) and not is_masked(piece)
