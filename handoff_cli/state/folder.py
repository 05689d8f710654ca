"""Where a project's ``.agent-handoffs`` lies, and which session folder in it is meant."""

from __future__ import annotations

import os

from handoff_cli.constants import (
    FOLDER_NAME,
    GIT_IGNORE_FILE,
    JOURNAL_FILE,
    LOCK_FILE,
    SESSIONS_FOLDER,
    STATE_FILE,
)
from handoff_cli.core.text import validate_session_name
from handoff_cli.errors import InputError
from handoff_cli.state.files import create_file, is_folder, make_folder, sync_folder

_IGNORE_EVERYTHING = b"# Keeps handoff's files out of git. Empty this file to commit them.\n*\n"


def find_folder(start: str, explicit: str | None = None) -> str:
    """Return the path of the project's ``.agent-handoffs`` folder, whether it exists yet or not.

    Args:
        start: The working directory. From here upwards the nearest ``.agent-handoffs`` counts; the search ends at a
            git root, whose folder it is when none was found; outside git it is the one in ``start``.
        explicit: ``--dir`` or ``HANDOFF_DIR``: a project's folder, or its ``.agent-handoffs``; no search then.

    Raises:
        InputError: ``explicit`` is not a folder.
    """
    if explicit is not None:
        return _explicit_folder(os.path.abspath(explicit))
    here = os.path.abspath(start)
    while True:
        if os.path.basename(here) == FOLDER_NAME:
            return here
        candidate = os.path.join(here, FOLDER_NAME)
        if os.path.lexists(candidate) or os.path.lexists(os.path.join(here, ".git")):
            return candidate
        parent = os.path.dirname(here)
        if parent == here:
            return os.path.join(os.path.abspath(start), FOLDER_NAME)
        here = parent


def session_folder(folder: str, session: str | None) -> str:
    """Return the folder of ``session`` in the project folder ``folder``; None is the project's own session.

    Raises:
        UsageError: the name is not allowed.
    """
    return folder if session is None else os.path.join(folder, SESSIONS_FOLDER, validate_session_name(session))


def check_folders(project: str, folder: str) -> None:
    """Raise StateError when ``project``, the session folder ``folder`` or one between them leads elsewhere.

    That is a link, a file, or another user's folder: nothing may be read or written through it.
    """
    for path in _from_project_down(project, folder):
        is_folder(path)


def prepare_folder(project: str, folder: str) -> None:
    """Make the session folder ``folder`` and those above it as needed; a new project folder keeps itself out of git."""
    make_folder(project)
    # What the first command makes next tells a folder that is new, or was left half-made, from one in use.
    if not any(os.path.lexists(os.path.join(project, name)) for name in (LOCK_FILE, SESSIONS_FOLDER)):
        create_file(os.path.join(project, GIT_IGNORE_FILE), _IGNORE_EVERYTHING)
    if folder != project:
        make_folder(folder)


def sync_folders(project: str, folder: str) -> None:
    """Make the names of ``folder``, of those above it down from ``project``, and of what is in them survive a crash."""
    for path in (os.path.dirname(project), *_from_project_down(project, folder)):
        sync_folder(path)


def is_interrupted(folder: str) -> bool:
    """Return whether a change of sessions was begun in ``folder`` and not finished."""
    return os.path.lexists(os.path.join(folder, JOURNAL_FILE))


def _from_project_down(project: str, folder: str) -> list[str]:
    below = folder[len(project) :].split(os.sep)[1:]
    return [os.path.join(project, *below[:depth]) for depth in range(len(below) + 1)]


def _explicit_folder(path: str) -> str:
    if not os.path.isdir(path):
        missing = "there is no folder" if not os.path.lexists(path) else "not a folder:"
        raise InputError(f"{missing} {path}", "name an existing project folder with --dir or HANDOFF_DIR")
    is_the_folder = os.path.basename(path) == FOLDER_NAME or os.path.lexists(os.path.join(path, STATE_FILE))
    return path if is_the_folder else _inside_itself(path) or os.path.join(path, FOLDER_NAME)


def _inside_itself(path: str) -> str | None:
    parts = path.split(os.sep)
    return os.sep.join(parts[: parts.index(FOLDER_NAME) + 1]) if FOLDER_NAME in parts else None
