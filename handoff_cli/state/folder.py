"""Where a project's ``.agent-handoffs`` lies, which session folder in it is meant, which others there are; its lock.

One writer at a time per session folder; the kernel releases the lock when its holder dies. ``flock`` locks belong to
the open file, so two threads of one process exclude each other as two processes do.
"""

from __future__ import annotations

import os
import sys
import time

from handoff_cli.constants import (
    ARCHIVE_FOLDER,
    FOLDER_NAME,
    GIT_IGNORE_FILE,
    GUIDE_FILE,
    JOURNAL_FILE,
    LEDGER_FILE,
    LOCK_FILE,
    SESSIONS_FOLDER,
    STATE_FILE,
    USER_FOLDER,
    USER_SETTINGS_FILE,
)
from handoff_cli.core.text import is_identifier, utc_compact, validate_session_name
from handoff_cli.errors import InputError, LockTimeoutError, StateError, UsageError
from handoff_cli.state.files import create_file, is_folder, make_folder, open_regular, reported, sync_folder, write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

_FIRST_PAUSE_SECONDS = 0.001
_LONGEST_PAUSE_SECONDS = 0.05
_IGNORE_EVERYTHING = b"# Keeps handoff's files out of git. Empty this file to commit them.\n*\n"


def find_folder(start: str, explicit: str | None = None) -> str:
    """Return the path of the project's ``.agent-handoffs`` folder, whether it exists yet or not.

    Args:
        start: The working directory. From here upwards the nearest ``.agent-handoffs`` counts; the search ends at a
            git root, whose folder it is when none was found; outside git it is the one in ``start``.
        explicit: ``--dir`` or ``HANDOFF_DIR``: where the search begins instead, or the ``.agent-handoffs`` itself.

    A folder in the user's home is not taken for that of everything below it, unless ``init`` made it.

    Raises:
        InputError: ``explicit`` is not a folder.
    """
    here = start = os.path.abspath(start if explicit is None else explicit)
    if explicit is not None and (folder := _named_itself(start)):
        return folder
    while True:
        if os.path.basename(here) == FOLDER_NAME:
            return here
        candidate = os.path.join(here, FOLDER_NAME)
        marked = os.path.lexists(candidate) or os.path.lexists(os.path.join(here, ".git"))
        if marked and (here == start or here != _home() or _is_laid_down(candidate)):
            return candidate
        parent = os.path.dirname(here)
        if parent == here:
            return os.path.join(start, FOLDER_NAME)
        here = parent


def passed_over(project: str) -> str | None:
    """Return the ``.agent-handoffs`` of the user's home where ``find_folder`` went past it to a new ``project``."""
    parent, home = os.path.dirname(project), _home()
    if not parent.startswith(os.path.join(home, "")) or os.path.lexists(project):
        return None
    folder = os.path.join(home, FOLDER_NAME)
    return folder if os.path.lexists(folder) and not os.path.lexists(os.path.join(parent, ".git")) else None


def _home() -> str:
    return os.path.abspath(os.path.expanduser("~"))


def _is_laid_down(folder: str) -> bool:
    return os.path.lexists(os.path.join(folder, GUIDE_FILE))


def session_folder(folder: str, session: str | None) -> str:
    """Return the folder of ``session`` in the project folder ``folder``; None is the project's own session.

    Raises:
        UsageError: the name is not allowed.
    """
    return folder if session is None else os.path.join(folder, SESSIONS_FOLDER, validate_session_name(session))


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


def is_archived(folder: str) -> bool:
    """Return whether the session folder ``folder`` is that of an archived session."""
    return os.path.basename(os.path.dirname(folder)) == ARCHIVE_FOLDER


def new_session_id(now: float) -> str:
    """Return a new session id, fit for a file name: the UTC date of ``now`` (Unix seconds) and nine random digits.

    Digits alone cost a document the same tokens in every session: what fits its budget does not depend on the id.
    """
    return f"{utc_compact(now)[:8]}-{int.from_bytes(os.urandom(8), 'big') % 10**_DIGITS:0{_DIGITS}d}"


_DIGITS = 9


def user_settings_path(environ: Mapping[str, str]) -> str:
    """Return the path of the file with the user's own settings for all projects, in the platform's config folder."""
    home = os.path.expanduser("~")
    if configured := environ.get("XDG_CONFIG_HOME"):
        base = configured
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")
    elif sys.platform == "win32":
        base = environ.get("APPDATA") or os.path.join(home, "AppData", "Roaming")
    else:
        base = os.path.join(home, ".config")
    return os.path.join(base, USER_FOLDER, USER_SETTINGS_FILE)


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


def _named_itself(path: str) -> str | None:
    """Return the project folder that ``path`` is or lies in, None where it is a folder that may have one."""
    if not os.path.isdir(path):
        missing = "there is no folder" if not os.path.lexists(path) else "not a folder:"
        raise InputError(f"{missing} {path}", "name an existing project folder with --dir or HANDOFF_DIR")
    is_the_folder = os.path.basename(path) == FOLDER_NAME or os.path.lexists(os.path.join(path, STATE_FILE))
    return path if is_the_folder else _inside_itself(path)


def _inside_itself(path: str) -> str | None:
    parts = path.split(os.sep)
    return os.sep.join(parts[: parts.index(FOLDER_NAME) + 1]) if FOLDER_NAME in parts else None


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


class FolderLock:
    """The lock of a session folder, as a context manager.

    Args:
        folder: The session folder; it must exist.
        timeout_seconds: How long to wait for the present holder; 0 tries once.
        name: The lock file; writers of the state and writers of the document have one each.

    Raises:
        LockTimeoutError: on entering, when the holder did not let go in time; names its process id.
        StateError: on entering, when the lock file cannot be opened.
    """

    def __init__(self, folder: str, timeout_seconds: float, name: str = LOCK_FILE) -> None:
        self._path = os.path.join(folder, name)
        self._timeout_seconds = timeout_seconds
        self._descriptor = -1

    def __enter__(self) -> Self:
        try:
            self._descriptor = open_regular(self._path, os.O_RDWR | os.O_CREAT)
        except FileNotFoundError:
            raise StateError(
                f"{os.path.dirname(self._path)} is gone", "somebody removed it meanwhile; run the command again"
            ) from None
        try:
            with reported("lock", self._path):
                self._wait()
                self._write_holder(b"%d\n" % os.getpid())
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        os.close(self._descriptor)
        self._descriptor = -1

    def _wait(self) -> None:
        deadline = time.monotonic() + self._timeout_seconds
        pause = _FIRST_PAUSE_SECONDS
        while not _try_lock(self._descriptor):
            left = deadline - time.monotonic()
            if left <= 0:
                raise LockTimeoutError(
                    f"{self._path} is held by {self._holder()} for more than {self._timeout_seconds:g} s",
                    "wait for it to finish, or raise lock_timeout_seconds",
                )
            time.sleep(min(pause, left))
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _write_holder(self, line: bytes) -> None:
        write_all(self._descriptor, line)
        # Process ids of one length take each other's place; cutting the file first would cost a disk some work.
        if os.fstat(self._descriptor).st_size != len(line):
            os.ftruncate(self._descriptor, len(line))

    def _holder(self) -> str:
        with reported("read", self._path):
            pid = os.pread(self._descriptor, 32, 0).strip() if hasattr(os, "pread") else b""
        return f"process {pid.decode()}" if pid.isdigit() else "another process"


if sys.platform == "win32":
    import msvcrt

    # The locked byte lies far beyond the process id, which stays readable for those who wait.
    _LOCKED_OFFSET = 1 << 30

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_OFFSET, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:

    def _try_lock(descriptor: int) -> bool:
        import fcntl  # who only reads locks nothing

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
