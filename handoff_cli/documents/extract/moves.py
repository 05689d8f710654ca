"""What became of definitions: those that went from one file to another, got another name, or were taken out."""

from __future__ import annotations

from handoff_cli.core.code import definitions_in
from handoff_cli.documents.extract.changes import MARKDOWN, altered
from handoff_cli.documents.extract.facts import Move

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit, FileText

_MOST = 12


def moves(edits: Sequence[Edit], texts: Sequence[FileText] = ()) -> tuple[Move, ...]:
    """Return what ``edits`` moved, renamed and removed, the latest first; ``texts`` tell what still stands in files."""
    followed = _Followed()
    for edit in edits:
        if not edit.path.endswith(MARKDOWN):
            followed.follow(edit)
    still = {it.path: set(definitions_in(it.text)) for it in texts if it.path in followed.left}
    found: dict[tuple[str, str, str], tuple[int, list[str]]] = {}
    for name, places in followed.places.items():
        for path, (position, there) in places.items():
            became = None if there or name in still.get(path, ()) else followed.became(name, path)
            if became:
                at, names = found.get((*became, path), (0, []))
                found[*became, path] = max(at, position), [*names, name]
    latest = sorted(found.items(), key=lambda it: -it[1][0])
    return tuple(Move(kind, tuple(names), path, to) for (kind, to, path), (_, names) in latest[:_MOST])


class _Followed:
    """Follows definitions through edits: by name, in which files each came last or went last."""

    def __init__(self) -> None:
        self.places: dict[str, dict[str, tuple[int, bool]]] = {}
        self.left: set[str] = set()
        self._renamed: dict[tuple[str, str], str] = {}
        self._made: set[str] = set()

    def follow(self, edit: Edit) -> None:
        """Take in an edit."""
        before, after = definitions_in(edit.old), definitions_in(edit.new)
        gone, come = [it for it in before if it not in after], [it for it in after if it not in before]
        if len(gone) == len(come) == 1 and _same_body(edit):
            self._renamed[gone[0], edit.path] = come[0]
        self._made.update(it for it in come if it not in self.places)
        for names, there in ((gone, False), (come, True)):
            for name in names:
                if "." not in name:  # no definition has a name like that: the edit was a slip
                    self.places.setdefault(name, {})[edit.path] = edit.position, there
        if gone:
            self.left.add(edit.path)

    def became(self, name: str, path: str) -> tuple[str, str] | None:
        """Return what became of the definition that stood in ``path``, as kind and goal; None: it came and went."""
        here = [it for it, (_, there) in self.places[name].items() if there]
        if here:
            return "moved", here[-1]
        if (name, path) in self._renamed:
            return "renamed", self._renamed[name, path]
        return None if name in self._made else ("removed", "")


def _same_body(edit: Edit) -> bool:
    """Return whether most lines of an edit are the same before and after, but for a name."""
    piece = altered(edit)
    return len(piece.old) == len(piece.new) and len(piece.new) * 2 <= max(2, len(edit.new.split("\n")))
