"""What was written, turned down by the user and taken out again: a design by the names that went with it."""

from __future__ import annotations

from handoff_cli.core.light import Counts, bisect_left
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.words import names_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoff_cli.core.transcript import Edit


def taken_out_after(no: int, words: str, said: Sequence[int], edits: Sequence[Edit]) -> list[str]:
    """Return the names that edits of the turn before a no wrote and edits of the one after it took out for good.

    Those come first that the no names, then fields, then what was written most often.

    Args:
        no: The place of the user's message in the log.
        words: What it says.
        said: The places of all the user's messages.
        edits: All edits, in order.
    """
    at = bisect_left(said, no)
    since, until = said[at - 1] if at else -1, [*said, float("inf")][min(at + _TURNS_AFTER, len(said))]
    before = [it for it in edits if since < it.position < no]
    after = [it for it in edits if no < it.position < until] if before else []
    wrote = Counts[str]()
    for it in before if after else ():
        _add(wrote, it.new, 1)
    taken = {name for it in after for name, many in names_in(it.old).items() if many > names_in(it.new)[name]}
    gone = [name for name in wrote if name in taken]
    left = _left({it.path for it in before}, edits) if gone else {}
    fields = {name for it in before for name in _FIELD.findall(it.new)} if gone else set()
    return sorted(
        (name for name in gone if left[name] <= 0), key=lambda it: (it not in words, it not in fields, -wrote[it])
    )


_TURNS_AFTER = 1
_FIELD = lazily(r"\b([A-Za-z_]\w*)\??:")


def _left(paths: Iterable[str], edits: Sequence[Edit]) -> Counts[str]:
    """Return how much more often the ``edits`` of files wrote each name than they took it out."""
    left = Counts[str]()
    for it in edits:
        if it.path in paths:
            _add(left, it.new, 1)
            _add(left, it.old, -1)
    return left


def _add(counts: Counts[str], text: str, sign: int) -> None:
    for name, many in names_in(text).items():
        counts[name] = counts[name] + sign * many
