"""Where a project's ``.agent-handoffs`` lies, and which session folder in it is meant."""

from __future__ import annotations

import os

from handoff_cli.constants import ARCHIVE_FOLDER, FOLDER_NAME, SESSIONS_FOLDER, STATE_FILE
from handoff_cli.core.session import validate_session_name
from handoff_cli.errors import InputError, StateError
from handoff_cli.state.files import create_file, make_folder

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


def check_folder(folder: str) -> None:
    """Raise StateError when ``folder`` is a link, a file, or another user's: nothing may be written through it."""
    try:
        status = os.lstat(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StateError(
            f"cannot look at {folder}: {error.strerror}", "check the permissions of the folders above"
        ) from error
    if os.path.islink(folder):
        raise StateError(f"{folder} is a symbolic link", "links are not followed; point --dir at the real folder")
    if not os.path.isdir(folder):
        raise StateError(f"{folder} is a file, not a folder", "move it away")
    if hasattr(os, "geteuid") and os.geteuid() not in (0, status.st_uid):
        raise StateError(f"{folder} belongs to another user", "use a project folder of your own, or point --dir at one")


def prepare_folder(project_folder: str, folder: str) -> None:
    """Make the session folder ``folder`` and those above it as needed; a new project folder keeps itself out of git."""
    new = not os.path.isdir(project_folder)
    make_folder(folder)
    if new:
        create_file(os.path.join(project_folder, ".gitignore"), _IGNORE_EVERYTHING)


def session_names(folder: str) -> list[str]:
    """Return the names of the further sessions that live in the project folder ``folder``, sorted."""
    try:
        names = os.listdir(os.path.join(folder, SESSIONS_FOLDER))
    except OSError:
        return []
    return sorted(name for name in names if os.path.isfile(os.path.join(folder, SESSIONS_FOLDER, name, STATE_FILE)))


def archive_names(folder: str) -> list[str]:
    """Return the names of the archived sessions of the session folder ``folder``, oldest first."""
    try:
        names = os.listdir(os.path.join(folder, ARCHIVE_FOLDER))
    except OSError:
        return []
    return sorted(name for name in names if not name.startswith("."))


def _explicit_folder(path: str) -> str:
    if not os.path.isdir(path):
        missing = "there is no folder" if not os.path.lexists(path) else "not a folder:"
        raise InputError(f"{missing} {path}", "name an existing project folder with --dir or HANDOFF_DIR")
    is_the_folder = os.path.basename(path) == FOLDER_NAME or os.path.lexists(os.path.join(path, STATE_FILE))
    return path if is_the_folder else _inside_itself(path) or os.path.join(path, FOLDER_NAME)


def _inside_itself(path: str) -> str | None:
    parts = path.split(os.sep)
    return os.sep.join(parts[: parts.index(FOLDER_NAME) + 1]) if FOLDER_NAME in parts else None
