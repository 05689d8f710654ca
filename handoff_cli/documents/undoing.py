"""What is to be undone before the work is over, told early: a debug line that stays is a fault of the next session."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.documents.markdown import code
from handoff_cli.documents.pieces import MUST, STANDING, Piece, file_name, quoted
from handoff_cli.documents.wording import some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.facts import Stashed
    from handoff_cli.documents.extract.story import Story, ToUndo

_LABEL = "To undo before the work is over [UNVERIFIED]:"
_KIND, _SURELY, _MOST, _FILES = "temporary change", 4, 10, 4


def to_undo(story: Story) -> Iterator[Piece]:
    """Yield stashes that were not taken back, what stands for a while, and what was to be put back, a line each.

    Lines about a file that an open to-do names come late: that tells to undo them.
    """
    open_now = {
        word.strip("`'\"(),.:;") for it in story.left.todos if it.status != "completed" for word in it.text.split()
    }
    for index, line in enumerate(_lines(story.to_undo)[:_MOST]):
        listed = any(it in line for it in open_now if "." in it)
        yield quoted(STANDING, _LABEL, (MUST if index < _SURELY and not listed else 1.0 + index, line), kind=_KIND)


def _lines(undo: ToUndo) -> list[str]:
    stashes = [f"git stash of {_what(it)}, not popped" for it in undo.stashed]
    return [*stashes, *(f"{file_name(path)}: {line}" for path, line in undo.temporary), *undo.to_put_back]


def _what(stash: Stashed) -> str:
    return ", ".join(map(file_name, (stash.paths or stash.files)[:_FILES])) or "all changes"


def taken_out(story: Story) -> str:
    """Return the step that brings edits back which lie in a stash, empty where none do."""
    stashed = story.to_undo.stashed
    stash = next((it for it in stashed if it.files), None)
    if stash is None:
        return ""
    at = stashed.index(stash)
    pop = code(f"git stash pop stash@{{{at}}}" if at else "git stash pop")
    files = some([*map(name_of, stash.files)], _FILES)
    return f"Begin with {pop}: the edits of {files} lie in a stash, not in the tree."
