"""Withholding the stretches of a text that hold more places to be judged than any honest text.

To judge what is given to a name, or what a line tells of a word, takes sixty calls and more. That is worth it where few
such places are; in a dump of passwords, and in a text made to keep a search busy, nearly each word is one. So these
places are counted (``layers``), never timed: the same text always comes out the same. Of 2,543 stretches of 32 KiB
(agents' logs, installed packages with their data, tables of keyboards) none has more than 14 for a KiB in all finders
together, but for seven of the rules and tests of redaction itself; of texts of which no two values are alike, one has
22 to 110. A search that comes to more than ``MOST`` lets the finder that came to it count in each stretch alone,
and goes on with what is left.

Such a stretch is replaced as a whole, its lines' ends apart, so that all that judging it could have found is gone.
Nothing is divided where it ends: each border is moved outwards to where both sides give the same apart and together,
and the one behind past all rows of a table whose head is gone.
"""

from __future__ import annotations

from handoff_cli.redaction.layers import LEAST_CHARS, MOST, ExhaustedError, allow, allow_all
from handoff_cli.redaction.seams import OVERLAP_CHARS, divides, head_going_on, line_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Search = Callable[[str], str]

_WITHHELD = "[REDACTED:dump]"


def without_dumps(text: str, find: Search, search: Search) -> str:
    """Return ``text``, which holds no private key, without the stretches of which ``find`` has to judge too much.

    ``search`` looks for all secrets, by which it is told where a stretch may end.
    """
    pieces, done = list[str](), 0
    for begins, ends in _dumps(text, find):
        if ends <= done:
            continue
        start = _border_before(text, begins, done, search)
        end = _border_behind(text, start, ends, search)
        pieces += text[done:start], _WITHHELD, "\n" * text.count("\n", start, end)
        done = end
    return "".join((*pieces, text[done:]))


def _dumps(text: str, find: Search) -> Iterator[tuple[int, int]]:
    """Yield where stretches in a row begin and end of each of which ``find`` has to judge too much."""
    begins = -1
    for start, end in _stretches(text):
        full = _is_full(text[start:end], find)
        if full and begins < 0:
            begins = start
        elif not full and begins >= 0:
            yield begins, start
            begins = -1
    if begins >= 0:
        yield begins, len(text)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = line_end(text, start + LEAST_CHARS + OVERLAP_CHARS)
        if len(text) - end < LEAST_CHARS:
            end = len(text)
        yield start, end
        start = end


def _border_before(text: str, at: int, done: int, search: Search) -> int:
    while at > done and not _is_seam(text, at, search):
        at = line_end(text, at - OVERLAP_CHARS)
    return max(at, done)


def _border_behind(text: str, start: int, at: int, search: Search) -> int:
    head = head_going_on(text[start:at]) if at < len(text) else ""
    while at < len(text) and (head or not _is_seam(text, at, search)):
        further = line_end(text, at + 2 * OVERLAP_CHARS)
        head = head_going_on(head + text[at:further])
        at = further
    return min(at, len(text))


def _is_seam(text: str, at: int, search: Search) -> bool:
    """Return whether nothing lies across ``at``; False also where it would take too much to know."""
    low = max(at - 2 * OVERLAP_CHARS, 0)
    allow(MOST, 2 * OVERLAP_CHARS)
    try:
        return divides(text[low : at + 2 * OVERLAP_CHARS], at - low, search)
    except ExhaustedError:
        return False
    finally:
        allow_all()


def _is_full(stretch: str, find: Search) -> bool:
    """Return whether ``find`` has more to judge in ``stretch`` than any honest text has; nothing is judged for that."""
    allow(MOST, len(stretch), judged=False)
    try:
        find(stretch)
    except ExhaustedError:
        return True
    finally:
        allow_all()
    return False
