"""Which sessions there are in a project's folder, and which of them are archived."""

from __future__ import annotations

import os

from handoff_cli.constants import ARCHIVE_FOLDER, LEDGER_FILE, SESSIONS_FOLDER, STATE_FILE
from handoff_cli.core.text import is_identifier
from handoff_cli.errors import UsageError
from handoff_cli.state.files import is_folder, reported


def session_names(project: str) -> list[str]:
    """Return the names of the further sessions that live in the project folder ``project``, sorted."""
    parent = os.path.join(project, SESSIONS_FOLDER)
    return [name for name in _folders_in(parent) if any(_has(parent, name, file) for file in (STATE_FILE, LEDGER_FILE))]


def archive_names(folder: str) -> list[str]:
    """Return the names of the archived sessions of the session folder ``folder``, oldest first."""
    return _folders_in(os.path.join(folder, ARCHIVE_FOLDER))


def archive_path(folder: str, name: str) -> str:
    """Return the path of the archived session ``name`` of the session folder ``folder``; UsageError for a bad name."""
    if not is_identifier(name):
        raise UsageError(f"{name!r} is not the name of an archived session", "handoff sessions lists them")
    return os.path.join(folder, ARCHIVE_FOLDER, name)


def _folders_in(parent: str) -> list[str]:
    """Return the names of the real folders in ``parent`` that could be a session's, sorted."""
    if not is_folder(parent):
        return []
    with reported("read", parent), os.scandir(parent) as entries:
        return sorted(
            entry.name for entry in entries if is_identifier(entry.name) and entry.is_dir(follow_symlinks=False)
        )


def _has(parent: str, name: str, file: str) -> bool:
    return os.path.isfile(os.path.join(parent, name, file))
