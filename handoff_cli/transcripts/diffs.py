"""A long diff made short: without its context, and of each change only so many lines as there is room for."""

from __future__ import annotations

from handoff_cli.core.code import definitions_in
from handoff_cli.core.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_LINES = (400, 60, 24, 12, 6, 3)
"""So many lines of each change are kept, fewer where they are too many together."""


def diff_within(output: str, size: int) -> str:
    """Return the diffs in ``output`` in about ``size`` characters, as git prints them without lines around a change.

    Above each change stands its place and what it lies in. Of a long one its first lines are kept, and of the rest
    those that define something.
    """
    changes = list(_changes(output))
    kept = output
    for most in _MOST_LINES:
        kept = "\n".join(line for change in changes for line in _shown(*change, most))
        if len(kept) <= size:
            break
    return kept


def _changes(output: str) -> Iterator[tuple[str, int, list[str]]]:
    """Yield each change: what it lies in, the number of its first line, its lines; of what names a file only these."""
    where, number = "", 0
    run: list[str] = []
    for line in (*output.split("\n"), "diff --git"):
        if number and line.startswith(("+", "-")) and not line.startswith(("+++ ", "--- ")):
            run.append(line)
            continue
        if run:
            yield where, number, run
            number += sum(it.startswith("+") for it in run)
            run = []
        if head := _HEAD.match(line):
            where, number = head[2].strip(), int(head[1])
        elif number and (line.startswith(" ") or not line):
            number += 1
            where = line[1:].strip() if definitions_in(line[1:]) else where
        elif line.startswith(("diff --git ", "+++ ")):
            number = 0
            yield "", 0, [line]


_HEAD = lazily(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)")


def _shown(where: str, number: int, lines: list[str], most: int) -> Iterator[str]:
    """Yield a change as git prints one: its first ``most`` lines, then those that define something."""
    if not number:
        yield from lines
        return
    yield _headed(number, lines, where)
    yield from lines[:most]
    before = sum(it.startswith("+") for it in lines[:most])
    for line in lines[most:]:
        if line.startswith("+"):
            if definitions_in(line[1:]):
                yield _headed(number + before, [line], where)
                yield line
            before += 1


def _headed(number: int, lines: list[str], where: str) -> str:
    added = sum(it.startswith("+") for it in lines)
    return f"@@ -{number},{len(lines) - added} +{number},{added} @@ {where}".rstrip()
