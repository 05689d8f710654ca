"""What was tried and did not hold: an edit, the check that failed after it, and what took its place."""

from __future__ import annotations

from handoff_cli.documents.extract.edits import digest, is_test
from handoff_cli.documents.facts import Tried

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit
    from handoff_cli.documents.extract.checks import Run

MOST_TRIED, _BEFORE, _AFTER = 4, 8, 12
"""So many are told; so many edits before and after a failing run are looked at."""

_SHORT_LINE = 8
_KINDS = frozenset(("test", "build", "types"))


def tried(edits: Sequence[Edit], runs: Sequence[Run]) -> tuple[Tried, ...]:
    """Return the edits that a later one replaced after a check had failed on them, the latest first.

    A test that fails before the code is written that it tests is none: nothing was there to be replaced.
    """
    found: dict[tuple[str, str], Tried] = {}
    for run in runs:
        if run.outcome == "failed" and run.failures and _KINDS.intersection(run.kinds):
            first = [it for it in edits if it.position < run.position and not is_test(it.path)][-_BEFORE:]
            later = [it for it in edits if it.position > run.position and not is_test(it.path)][:_AFTER]
            for edit in reversed(first):
                instead = next((it for it in later if it.path == edit.path and _replaces(it, edit)), None)
                if instead and (told := _told(edit, instead)):
                    failure = run.failures[0]
                    why = (
                        f"{failure.name}: {failure.why}"
                        if failure.name and failure.why
                        else failure.name or failure.why
                    )
                    found.setdefault((edit.path, told[1]), Tried(edit.path, *told, why))
                    break
    return tuple(reversed(found.values()))[:MOST_TRIED]


def _replaces(later: Edit, edit: Edit) -> bool:
    """Return whether ``later`` took lines away that ``edit`` had brought."""
    brought = _lines(edit.new) - _lines(edit.old)
    return bool(brought & (_lines(later.old) - _lines(later.new)))


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n") if len(line.strip()) > _SHORT_LINE}


def _told(edit: Edit, instead: Edit) -> tuple[str, str, str] | None:
    """Return where it was tried, what was tried and what stands instead, None where an edit says nothing of itself."""
    one, other = (next(iter(digest([it])), None) for it in (edit, instead))
    if not (one and other and one.changes and other.changes):
        return None
    was, now = one.changes[0], other.changes[0]
    what = was.new if was.new and was.new != now.new else now.old
    return (", ".join((was.where or now.where)[:1]), what, now.new) if what and what != now.new else None
