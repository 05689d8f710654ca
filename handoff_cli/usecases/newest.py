"""Which of a project's sessions was at work last: what is meant where nobody names one."""

from __future__ import annotations

import os

from handoff_cli.constants import LEDGER_FILE
from handoff_cli.state.folder import session_folder, session_names
from handoff_cli.state.store import Place


def newest_place(place: Place) -> Place:
    """Return the place of the session of ``place``'s project whose ledger was written to last.

    It is the project's own session where none has been at work yet.
    """
    folders = [place.project, *(session_folder(place.project, name) for name in session_names(place.project))]
    return Place(place.project, max(folders, key=_last_written), place.environ)


def _last_written(folder: str) -> int:
    try:
        return os.stat(os.path.join(folder, LEDGER_FILE)).st_mtime_ns
    except OSError:
        return -1
