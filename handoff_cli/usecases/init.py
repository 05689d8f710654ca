"""Laying down the project folder."""

from __future__ import annotations

import os

from handoff_cli.constants import GUIDE_FILE
from handoff_cli.core.record import Record
from handoff_cli.documents.resources import template_text
from handoff_cli.state import store
from handoff_cli.state.files import create_file, reported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.state.store import Place

_LAID_DOWN = ("token_tracker.py", "monitor_tokens.py", GUIDE_FILE)


class InitResult(Record):
    """The folder, and the names of the files that were made and of those that were there already."""

    folder: str
    made: tuple[str, ...]
    kept: tuple[str, ...]


def init(place: Place) -> InitResult:
    """Lay down ``.agent-handoffs`` for the project: state, scripts and guide; what is there already is left alone.

    Raises:
        StateError: the folder or a file cannot be read or written.
    """
    existed = _names(place.folder)
    with store.opened(place) as session_store:
        session_store.ensure_saved()
        for name in _LAID_DOWN:
            create_file(os.path.join(place.folder, name), template_text(name).encode())
    names = _names(place.folder)
    return InitResult(place.folder, tuple(sorted(names - existed)), tuple(sorted(names & existed)))


def _names(folder: str) -> set[str]:
    """Return the names of the files in ``folder`` that are for people to see."""
    with reported("read", folder):
        names = os.listdir(folder) if os.path.isdir(folder) else []
    files = (name for name in names if os.path.isfile(os.path.join(folder, name)))
    return {name for name in files if name == ".gitignore" or not name.startswith(".")}
