"""Laying down the project folder."""

from __future__ import annotations

import os

from handoff_cli.core.record import Record
from handoff_cli.documents.resources import template_text
from handoff_cli.state import store
from handoff_cli.state.files import create_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.state.store import Place

_LAID_DOWN = ("token_tracker.py", "monitor_tokens.py", "USAGE_GUIDE.md")


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
    existed = set(os.listdir(place.folder)) if os.path.isdir(place.folder) else set()
    with store.opened(place) as session_store:
        session_store.ensure_saved()
        for name in _LAID_DOWN:
            create_file(os.path.join(place.folder, name), template_text(name).encode())
    names = sorted(name for name in os.listdir(place.folder) if os.path.isfile(os.path.join(place.folder, name)))
    visible = [name for name in names if name == ".gitignore" or not name.startswith(".")]
    made = tuple(name for name in visible if name not in existed)
    return InitResult(place.folder, made, tuple(name for name in visible if name in existed))
