"""Where a text that comes bit by bit may be divided: no secret, and no table of secrets, lies across."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

OVERLAP_CHARS = 5 << 10
"""Both sides of a seam are looked at that far: more than any secret that is no key block (a quoted one: 4,096)."""
_NEAR_SEAM = 1 << 11
"""What a finder makes of a place depends on nothing farther off."""
_FIRST_LOOK = 1 << 9
"""Most of what lies across a place is seen that near, in a tenth of the time."""

_LONGEST_ROWS, _LAST_LINES, _MARKS_OF_CELLS = 1 << 10, 4, ("\t", "|", "\u2502", ";", ",", "  ")
_KEY_BLOCK_CHARS = 1 << 18
_KEY_MARKS = ("PRIVATE KEY", "Private-Lines")
_MOST_HELD_CHARS = 1 << 20
_TRIES = 8


def head_going_on(text: str) -> tuple[str, str]:
    """Return the head of the table of passwords whose rows ``text`` ends with, and what has begun of the next row.

    '' where its last lines are no rows.
    """
    from handoff_cli.redaction.telling import NAME_WORDS, NAMES_ABROAD

    folded = text.lower()
    if not any(word in folded for word in (*NAME_WORDS, *NAMES_ABROAD)):  # one is in each such head
        return "", ""
    last = text[-_LONGEST_ROWS:].splitlines()[-_LAST_LINES:]
    counts = ([count for line in last if (count := line.count(mark))] for mark in _MARKS_OF_CELLS)
    if all(len(found) == len(set(found)) for found in counts):  # no two lines have as many cells
        return "", ""
    from handoff_cli.redaction import tables

    return tables.head_going_on(text)


def last_seam(held: str, redact: Callable[[str], str]) -> int:
    """Return the last good place to divide ``held``, 0 where more must be seen first."""
    at = len(held) - OVERLAP_CHARS
    for _ in range(_TRIES):
        at = line_end(held, at)
        if at <= 0:
            break
        near = held[max(0, at - _FIRST_LOOK) : at], held[at : at + _FIRST_LOOK]
        if _is_same_apart(*near, redact("".join(near)), redact) and divides(held, at, redact):
            return at
        at -= OVERLAP_CHARS
    # Nothing a person wrote is one secret that long.
    return 0 if len(held) < _MOST_HELD_CHARS else len(held) - OVERLAP_CHARS


def line_end(held: str, at: int) -> int:
    """Return where the last line before ``at`` ends, or the last word, or ``at`` where both are too far off.

    Before the first sign there is none: 0.
    """
    at = max(at, 0)
    for mark in ("\n", " "):
        if (found := held.rfind(mark, max(0, at - OVERLAP_CHARS), at)) >= 0:
            return found + 1
    return at


def divides(held: str, at: int, redact: Callable[[str], str]) -> bool:
    """Return whether what is near ``at`` comes out of ``redact`` the same apart and together."""
    far, near = max(0, at - _KEY_BLOCK_CHARS), max(0, at - OVERLAP_CHARS)
    in_block = any(mark in held[far:at] for mark in _KEY_MARKS)
    before = held[min(near, _last_key_begin(held, far, at)) if in_block else near : at]
    after = held[at : at + (_KEY_BLOCK_CHARS if in_block else OVERLAP_CHARS)]
    both = redact(before + after)
    if both == before + after and not in_block:
        before, after = before[-_NEAR_SEAM:], after[:_NEAR_SEAM]
        both = before + after
    return _is_same_apart(before, after, both, redact)


def _last_key_begin(held: str, far: int, at: int) -> int:
    """Return where the last private key before ``at`` begins, ``far`` where none does: no key has another within."""
    from handoff_cli.redaction.shapes import PRIVATE_KEY_BEGIN

    return max((found.start() for found in compiled(PRIVATE_KEY_BEGIN).finditer(held, far, at)), default=far)


def _is_same_apart(before: str, after: str, both: str, redact: Callable[[str], str]) -> bool:
    """Return whether what ``redact`` makes of two texts is ``both``, which it makes of them together."""
    begun = redact(before)
    return both.startswith(begun) and both == begun + redact(after)
