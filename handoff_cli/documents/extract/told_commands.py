"""A command line in few words: what filters its output goes first, then what only looks, its arguments last."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.checks import TRIMMED, is_check
from handoff_cli.documents.extract.command_lines import masked, only_looks, steps_in
from handoff_cli.documents.extract.words import as_one_line, clipped_within, whole

_FEWEST_CHARS = 24
"""Fewer characters of a step tell nothing of it."""


def told_command(text: str, size: int) -> str:
    """Return a command line in about ``size`` characters, on one line and redacted before anything is cut.

    Of a long one goes what filters the output, then the steps that only look; a mark stands for these. Checks go
    before all else that is done, and of a single step the middle is left out at last.
    """
    line = as_one_line(text)
    if len(line) <= size:
        return line
    text = whole(text)
    if "<<" in text and "\n" not in text:  # where a here-document ends is not seen on one line
        return clipped_within(text, size)
    bare = masked(text)
    steps = [as_one_line(TRIMMED.sub(" ", text[slice(*at)])) for at in steps_in(bare)]
    steps = [it for it in steps if it and not _GOES.match(it)]
    if len(line := "; ".join(steps)) <= size or len(steps) < _SEVERAL:
        return clipped_within(line, size)
    kept: set[int] = set()
    left = size
    for at in sorted(range(len(steps)), key=lambda at: (not is_check(steps[at]), only_looks(steps[at]), at)):
        if not kept or len(steps[at]) + _JOINT <= left:
            kept.add(at)
            left -= len(steps[at]) + _JOINT
        elif left >= _FEWEST_CHARS + _JOINT and not only_looks(steps[at]):
            kept.add(at)
            steps[at] = clipped_within(steps[at], left - _JOINT)
            left = 0
    told = "; ".join(
        f"{'… ' if at and at - 1 not in kept else ''}{clipped_within(steps[at], size)}" for at in sorted(kept)
    )
    return told if len(steps) - 1 in kept else f"{told}; …"


_SEVERAL, _JOINT = 2, 2
_GOES = lazily(r"cd\s\S+$")
