"""Withholding the stretches of a text that hold more places to be judged than any honest text.

To judge what is given to a name, or what a line tells of a word, takes sixty calls and more. That is worth it where few
such places are; in a dump of passwords, and in a text made to keep a search busy, nearly each word is one. So these
places are counted (``layers``), never timed: the same text always comes out the same. Of 2,543 stretches of 32 KiB
(agents' logs, installed packages with their data, tables of keyboards) none has more than 14 for a KiB in all finders
together, but for seven of the rules and tests of redaction itself; of texts of which no two values are alike, one has
22 to 110. A finder that comes to a part of ``MOST`` lets the places be counted in each stretch alone; where a search
comes to more than ``MOST``, or is sure to, it goes on without the stretches that have more.

Such a stretch is replaced as a whole, its lines' ends apart, so that all that judging it could have found is gone.
Nothing is divided where it ends: each border is moved outwards to where both sides give the same apart and together,
and the one behind past all rows of a table whose head is gone.
"""

from __future__ import annotations

from handoff_cli.redaction.layers import LEAST_CHARS, ExhaustedError, allow, allow_all, most_in
from handoff_cli.redaction.seams import OVERLAP_CHARS, divides, head_going_on, line_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Search = Callable[[str], str]

_WITHHELD = "[REDACTED:dump]"


def full_stretches(text: str, find: Search) -> list[tuple[int, int]]:
    """Return where stretches begin and end of each of which ``find`` has to judge too much."""
    return [(start, end) for start, end in _stretches(text) if _is_full(text[start:end], find)]


def begins_full(text: str, find: Search) -> bool:
    """Return whether ``find`` has to judge too much in the first stretch of ``text``, which is soon told."""
    start, end = next(_stretches(text))
    return _is_full(text[start:end], find)


def without_dumps(text: str, full: list[tuple[int, int]], search: Search) -> str:
    """Return ``text``, which holds no private key, without its ``full`` stretches.

    ``search`` looks for all secrets, by which it is told where a stretch may end.
    """
    pieces, done = list[str](), 0
    for begins, ends in _in_a_row(full):
        if ends <= done:
            continue
        start = _border_before(text, begins, done, search)
        end = _border_behind(text, start, ends, search)
        pieces += text[done:start], _WITHHELD, "\n" * text.count("\n", start, end)
        done = end
    return "".join((*pieces, text[done:]))


def _in_a_row(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ``stretches`` with those that follow each other as one."""
    joined: list[tuple[int, int]] = []
    for start, end in stretches:
        if joined and joined[-1][1] == start:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


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
    head = "".join(head_going_on(text[start:at])) if at < len(text) else ""
    while at < len(text) and (head or not _is_seam(text, at, search)):
        further = line_end(text, at + 2 * OVERLAP_CHARS)
        head = "".join(head_going_on(head + text[at:further]))
        at = further
    return min(at, len(text))


def _is_seam(text: str, at: int, search: Search) -> bool:
    """Return whether nothing lies across ``at``; False also where it would take too much to know."""
    low = max(at - 2 * OVERLAP_CHARS, 0)
    allow(most_in(2 * OVERLAP_CHARS))
    try:
        return divides(text[low : at + 2 * OVERLAP_CHARS], at - low, search)
    except ExhaustedError:
        return False
    finally:
        allow_all()


def _is_full(stretch: str, find: Search) -> bool:
    """Return whether ``find`` has more to judge in ``stretch`` than any honest text has; nothing is judged for that."""
    allow(most_in(len(stretch)), judged=False)
    try:
        find(stretch)
    except ExhaustedError:
        return True
    finally:
        allow_all()
    return False
