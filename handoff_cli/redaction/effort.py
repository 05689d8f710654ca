"""How much of a text is looked at closely: where more could be secrets than in any honest text, nothing is judged.

To judge what is given to a name, or what a line tells of a word, takes sixty calls and more. That is worth it where few
such places are; in a dump of passwords, and in a text made to keep a search busy, nearly each word is one. So these
places are counted, never timed: the same text always comes out the same. Of 2,543 stretches of 32 KiB (agents' logs,
installed packages with their data, tables of keyboards) none has more than 14 for a KiB in all finders together, but
for seven of the rules and tests of redaction itself; of texts of which no two values are alike, one has 22 to 110.

A search that comes to more than ``MOST`` lets the finder that came to it count in each stretch alone, and withholds
those that have more as a whole (``dumps``), before it goes on with the rest.
"""

from __future__ import annotations

from handoff_cli.core.light import local

LEAST_CHARS = 1 << 15
"""The shortest stretch, in characters, that is withheld; a text below is judged however full it is."""
MOST = 20
"""So many places are judged for each KiB of a text, and found by one finder for each KiB of a stretch of it."""


class ExhaustedError(Exception):
    """A text holds more places than may be judged."""


_budget = local()
"""Of each thread its own: one that searches a long text must not end another's search."""


def allow(most: int, chars: int, *, judged: bool = True) -> None:
    """Let ``most`` places be looked at from now on for each KiB of ``chars`` characters; not ``judged``: be counted."""
    _budget.left, _budget.judges = most * chars / 1024, judged


def allow_all() -> None:
    """Let all places be judged from now on."""
    _budget.left = None


def passed() -> bool:
    """Count a place that is to be looked at closely; return whether it is passed by, as all are only counted.

    Raises:
        ExhaustedError: Where there are more of them than ``allow`` lets be.
    """
    left: float | None = getattr(_budget, "left", None)
    if left is None:
        return False
    if left < 1:
        raise ExhaustedError
    _budget.left = left - 1
    return not _budget.judges
