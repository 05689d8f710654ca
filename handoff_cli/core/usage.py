"""Usage, levels and thresholds: the rules, with no files or clock in them."""

from __future__ import annotations

from handoff_cli.constants import DEFAULT_CRITICAL_THRESHOLD, DEFAULT_WARNING_THRESHOLD
from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

METHODS = ("exact", "counted", "reported", "estimated")
"""How a token figure came about, best first: ``exact`` was reported by the agent's API, ``counted`` is the named
encoding's own count of the text we were given, ``reported`` was typed by somebody, ``estimated`` is another
vocabulary's count times a measured factor."""

LEVELS = ("ok", "warning", "critical", "over")
"""Below the warning threshold, at or above it, at or above the critical one, at or above the whole usable window."""

PROMPT_PARTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
"""What Anthropic's API counts apart of what a response was made from: their sum fills the context window."""

FORECAST_STEPS = 12
"""How many of the last growths tell what a step adds: the fewest with no worse median error on real sessions."""

_LEAST_STEPS_AHEAD = 3


class Thresholds(Record):
    """Where the levels begin.

    ``warning`` and ``critical`` are shares 0..1 of ``usable_tokens``; ``context_window_limit`` and ``usable_tokens``
    are tokens (usable: the part of the window before the agent compacts by itself; the whole where no agent is known).
    """

    context_window_limit: int
    usable_tokens: int
    warning: float
    critical: float


def share(tokens: int, window: int) -> float:
    """Return ``tokens`` as a share of ``window`` tokens: 0.0 is empty, 1.0 is full, above 1.0 is over."""
    return tokens / window


def level_of(tokens: int, thresholds: Thresholds) -> str:
    """Return the level (one of ``LEVELS``) of a usage of ``tokens``; a share equal to a threshold has reached it."""
    used = share(tokens, thresholds.usable_tokens)
    if used >= 1:
        return "over"
    if used >= thresholds.critical:
        return "critical"
    return "warning" if used >= thresholds.warning else "ok"


def usual_level(tokens: int, usable: int) -> str:
    """Return the level of a usage of ``tokens`` of ``usable`` by the thresholds that hold where none are set."""
    return level_of(tokens, Thresholds(usable, usable, DEFAULT_WARNING_THRESHOLD, DEFAULT_CRITICAL_THRESHOLD))


def crossed(before: str, after: str) -> str | None:
    """Return the level newly reached on the way from level ``before`` to ``after``, None when none was.

    Falling below a threshold is not a crossing; it re-arms it.
    """
    return after if LEVELS.index(after) > LEVELS.index(before) else None


def weakest(*methods: str) -> str:
    """Return the least certain of ``methods``: a sum is only as good as its worst part."""
    return max(methods, key=METHODS.index)


def mix(made_of: Mapping[str, int]) -> str:
    """Return in words what a total is ``made_of``, tokens by method; empty where one method made all of it."""
    parts = [f"{tokens:,} {method}" for method, tokens in made_of.items() if tokens]
    return " + ".join(parts) if len(parts) > 1 else ""


def growth_per_step(figures: Sequence[int | None]) -> float | None:
    """Return the tokens a step usually adds: the median of the last growths, None where fewer than two are known.

    Args:
        figures: The usage after each step, oldest first; None stands for a compaction, across which nothing grows.

    What shrinks is left out: a compaction or a cleaning tells nothing of the next step. Only the last
    ``FORECAST_STEPS`` growths count, since the work changes; a median, since one long file read is no habit.
    """
    from itertools import pairwise

    grown = [
        after - before
        for before, after in pairwise(figures)
        if before is not None and after is not None and after > before
    ][-FORECAST_STEPS:]
    if len(grown) < 2:  # noqa: PLR2004 - one growth is no habit
        return None
    grown.sort()
    middle = len(grown) // 2
    return float(grown[middle]) if len(grown) % 2 else (grown[middle - 1] + grown[middle]) / 2


def forecast_errors(figures: Sequence[int]) -> list[float]:
    """Return how far off the forecast was at each step of a stretch that ended in a compaction, as shares of the truth.

    At each step the number of steps until the last figure is foretold from those before, and held against the steps
    that came; the last two are left out, where one step more or less is all the difference.
    """
    errors = []
    for place in range(2, len(figures) - _LEAST_STEPS_AHEAD):
        growth = growth_per_step(figures[max(0, place - 4 * FORECAST_STEPS) : place + 1])
        if growth:
            came = len(figures) - 1 - place
            errors.append(abs((figures[-1] - figures[place]) / growth - came) / came)
    return errors


def steps_left(tokens: int, line: int, growth: float | None) -> int | None:
    """Return how many more steps of ``growth`` tokens fit before ``line`` tokens are reached; None where unknown."""
    if not growth:
        return None
    return max(0, int((line - tokens) / growth))
