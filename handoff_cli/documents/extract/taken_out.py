"""What was written, turned down by the user and taken out again: a design by the names that went with it."""

from __future__ import annotations

from handoff_cli.core.light import Counts, bisect_left
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.words import names_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Container, Sequence

    from handoff_cli.core.transcript import Transcript


def taken_out_after(no: int, words: str, said: Sequence[int], transcript: Transcript) -> list[str]:
    """Return the names that edits of the turn before a no wrote and edits of the one after it took out for good.

    Those come first that the no names, then fields, then what was written most often. Of a file whose text is not known
    whole nobody can tell that a name is gone.

    Args:
        no: The place of the user's message in the log.
        words: What it says.
        said: The places of all the user's messages.
        transcript: The session.
    """
    at = bisect_left(said, no)
    since, until = said[at - 1] if at else -1, [*said, float("inf")][min(at + _TURNS_AFTER, len(said))]
    before = [it for it in transcript.edits if since < it.position < no]
    after = [it for it in transcript.edits if no < it.position < until] if before else []
    wrote = Counts[str]()
    homes: dict[str, set[str]] = {}
    for it in before if after else ():
        for name, many in names_in(it.new).items():
            wrote[name] += many
            homes.setdefault(name, set()).add(it.path)
    taken = {name for it in after for name, many in names_in(it.old).items() if many > names_in(it.new)[name]}
    gone = [name for name in wrote if name in taken]
    left = _left({it.path for it in before}, transcript) if gone else {}
    fields = {name for it in before for name in _FIELD.findall(it.new)} if gone else set()
    return sorted(
        (name for name in gone if all(it in left and name not in left[it] for it in homes[name])),
        key=lambda it: (it not in words, it not in fields, -wrote[it]),
    )


_TURNS_AFTER = 1
_FIELD = lazily(r"\b([A-Za-z_]\w*)\??:")


def _left(paths: Collection[str], transcript: Transcript) -> dict[str, Container[str]]:
    """Return the names that each of the files has in the end, but for those of which the text is not known whole."""
    last = {it.path: it for it in transcript.edits if it.path in paths}
    found: dict[str, Container[str]] = {path: () for path, it in last.items() if it.action == "deleted"}
    whole = (it for it in transcript.texts if it.path in last and it.position == last[it.path].position)
    return found | {it.path: names_in(it.text) for it in whole}
