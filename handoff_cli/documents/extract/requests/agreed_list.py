"""The list that a yes takes whole, and the mark of items that are left out of a list."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.language.words import ASKING, identifiers, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet


def agreed_items(lines: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the items below the line that has a name of the question which ``lines`` end with.

    A file or name of code: what is agreed to is done to that, item by item. Empty where there is no such list.
    """
    asked = (sentences(lines[-1].rstrip("*_ `")) or [""])[-1] if lines else ""
    if not asked.endswith(ASKING):
        return ()
    names = {*_FILE.findall(asked), *identifiers(asked)}
    for at, line in enumerate(lines[:-1]):
        if not _BULLET.match(line) and any(it in line for it in names):
            mark = _BULLET if _ITEM.match(line) else _ITEM
            below = takewhile(lambda it, mark=mark: mark.match(lines[it]), range(at + 1, len(lines)))  # type: ignore[misc]
            if items := tuple(below):
                return items
    return ()


def left_out_after(lines: Sequence[str], at: int, kept: AbstractSet[int]) -> str:
    """Return how many items were left out of the list right behind the one at ``at``, as a mark; empty for none."""
    if not _ITEM.match(lines[at]):
        return ""
    out = takewhile(lambda it: it not in kept and _ITEM.match(lines[it]), range(at + 1, len(lines)))
    number = sum(1 for _ in out)
    return f" \u2026 ({number} more)" if number else ""


_ITEM = lazily(r"\s*(?:[-*+\u2022]|\d{1,2}[.)]) +\S")
_BULLET = lazily(r"\s*[-*+\u2022] +\S")
_FILE = lazily(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]\w{0,5}\b(?!\()")
