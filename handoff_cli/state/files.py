"""Reading and writing single files of the session folder: no link followed, nothing half-written, everything synced.

The folder may hold what a stranger put there. A file that is a link, a pipe, a device or another user's is refused
before a byte is read, one with a second name (a hard link) before a byte is written; files are made 0600 and folders
0700. What root makes in somebody's folder is that owner's. Every failure becomes a StateError that names the path.
"""

from __future__ import annotations

import errno
import os
import stat
import time

from handoff_cli.constants import FOLDER_NAME
from handoff_cli.errors import StateError

# Windows has neither flag; there os.lstat before the open is all the protection there is.
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_BINARY = getattr(os, "O_BINARY", 0)

_AWAY = "move it away"
_RENAME_ATTEMPTS = 50
_RENAME_PAUSE_SECONDS = 0.02


class reported:  # noqa: N801 - reads as what it does; contextlib costs time on the hot path
    """Turn an OSError inside into a StateError: ``cannot <action> <path>: <reason>``."""

    __slots__ = ("_action", "_path")

    def __init__(self, action: str, path: str) -> None:
        self._action = action
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            why = f"cannot {self._action} {self._path}: {error.strerror or error}"
            raise StateError(why, _hint(error, self._path)) from error


def open_regular(path: str, flags: int) -> int:
    """Open ``path`` and return its descriptor; raises StateError unless it is (or becomes) a regular file.

    FileNotFoundError is let through: a missing file is the caller's to judge.
    """
    try:
        descriptor = os.open(path, flags | _SAFE | _BINARY, 0o600)
    except FileNotFoundError:
        raise
    except OSError as error:
        if os.path.islink(path):
            raise StateError(
                f"{path} is a symbolic link", "links are not followed; put the file itself there"
            ) from None
        if os.path.isdir(path):
            raise StateError(f"{path} is a folder, not a file", _AWAY) from None
        raise StateError(f"cannot open {path}: {error.strerror}", _hint(error, path)) from error
    try:
        status = os.fstat(descriptor)
        _refuse_irregular(path, status)
        _refuse_foreign(path, status)
        if flags & (os.O_WRONLY | os.O_RDWR):
            _refuse_linked(path, status)
        if flags & os.O_CREAT:
            _give_to_owner(path, descriptor, status)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_bytes(path: str, limit: int) -> bytes | None:
    """Return the whole content of ``path``, None when there is no such file.

    Raises:
        StateError: not a regular file, not readable, or larger than ``limit`` bytes.
    """
    try:
        descriptor = open_regular(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        with reported("read", path):
            size = os.fstat(descriptor).st_size
            if size > limit:
                raise StateError(f"{path} is too large: {size:,} bytes, at most {limit:,} are read", _AWAY)
            return _read_up_to(descriptor, limit)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of ``data``, however little a single write takes."""
    view = memoryview(data)
    while view:
        written = os.write(descriptor, view)
        if not written:
            raise OSError(errno.EIO, "nothing could be written")
        view = view[written:]


def replace_file(path: str, data: bytes, suffix: str = "new") -> None:
    """Put ``data`` in the place of ``path`` in one step: whoever reads sees the old content or the new, whole.

    The new content is synced before it takes the name. Callers hold the folder's lock, so that one fixed temporary
    name (``suffix`` ends it) is enough and a crash leaves at most one such file, which the next write takes away.
    """
    temporary = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{suffix}")
    with reported("write", path):
        _remove_if_there(temporary)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE | _BINARY, 0o600)
        try:
            try:
                _give_to_owner(path, descriptor, None)
                write_all(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            _rename(temporary, path)
        except BaseException:
            _remove_if_there(temporary)
            raise


def create_file(path: str, data: bytes) -> bool:
    """Write ``path`` unless something of that name is there; return whether it was written. Needs no lock."""
    if os.path.lexists(path):
        return False
    replace_file(path, data, suffix=f"{os.getpid()}-{os.urandom(4).hex()}.new")
    return True


def move_file(source: str, target: str) -> bool:
    """Give the file or folder ``source`` the name ``target`` in one step; return False when there is no such thing."""
    with reported("move", source):
        try:
            _rename(source, target)
        except FileNotFoundError:
            return False
        return True


def remove_folder(path: str) -> None:
    """Remove the files in the folder ``path``, and the folder with them unless something else lies there."""
    if not is_folder(path):
        return
    with reported("remove", path):
        for name in os.listdir(path):
            file = os.path.join(path, name)
            if not stat.S_ISDIR(os.lstat(file).st_mode):
                os.unlink(file)
    remove_if_empty(path)


def is_folder(path: str) -> bool:
    """Return whether the folder ``path`` is there; raises StateError for a link, a file, or another user's folder."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return False
    except NotADirectoryError:
        return is_folder(os.path.dirname(path))  # raises: that, or what lies above it, is a file
    except OSError as error:
        _refuse_foreign_above(path)
        hint = "check the permissions of the folders above"
        raise StateError(f"cannot look at {path}: {error.strerror}", hint) from error
    if stat.S_ISLNK(status.st_mode):
        raise StateError(f"{path} is a symbolic link", "links are not followed; put the real folder there")
    if not stat.S_ISDIR(status.st_mode):
        raise StateError(f"{path} is a file, not a folder", _AWAY)
    _refuse_foreign(path, status)
    return True


def make_folder(path: str) -> None:
    """Make the folder ``path`` (0700) and its missing parents, and sync the names; one that is there is left as it is.

    Raises:
        StateError: it cannot be made, or the name belongs to a link, a file or somebody else.
    """
    if is_folder(path):
        return
    parent = os.path.dirname(path)
    if not os.path.isdir(parent):
        make_folder(parent)
    with reported("make folder", path):
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            return
        _give_to_owner(path, path, None)
    sync_folder(parent)


def sync_folder(path: str) -> None:
    """Make names created, replaced or removed in the folder ``path`` survive a power cut (nothing to do on Windows)."""
    if os.name == "nt":
        return
    with reported("sync", path):
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_file(path: str) -> None:
    """Remove ``path``; one that is not there is fine."""
    with reported("remove", path):
        _remove_if_there(path)


def remove_if_empty(path: str) -> None:
    """Remove the folder ``path`` unless something lies in it."""
    with reported("remove", path):
        if not os.listdir(path):
            os.rmdir(path)


def _remove_if_there(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def _rename(source: str, target: str) -> None:
    attempts = _RENAME_ATTEMPTS if os.name == "nt" else 1
    while True:
        try:
            os.replace(source, target)
        except PermissionError:
            attempts -= 1
            if not attempts:
                raise
            # On Windows a file that somebody is reading cannot be replaced; readers are done in no time.
            time.sleep(_RENAME_PAUSE_SECONDS)
        else:
            return


def size_of(path: str) -> int:
    """Return the size of the file at ``path`` in bytes, 0 when there is none; StateError where that cannot be told."""
    try:
        return os.stat(path, follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise StateError(f"cannot look at {path}: {error.strerror}", "check its permissions") from error


def _refuse_irregular(path: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        what = "a folder, not a file" if stat.S_ISDIR(status.st_mode) else "no regular file"
        raise StateError(f"{path} is {what}", _AWAY)


def _refuse_foreign(path: str, status: os.stat_result) -> None:
    if hasattr(os, "geteuid") and os.geteuid() not in (0, status.st_uid):
        raise StateError(f"{path} belongs to another user", "use a project folder of your own, or point --dir at one")


def _refuse_foreign_above(path: str) -> None:
    above = os.path.dirname(path)
    try:
        status = os.lstat(above)
    except OSError:
        return
    _refuse_foreign(above, status)


def _refuse_linked(path: str, status: os.stat_result) -> None:
    if status.st_nlink > 1:
        raise StateError(f"{path} is a hard link to another file", "links are not written through; put a copy there")


def _give_to_owner(path: str, made: int | str, status: os.stat_result | None) -> None:
    """Give what root has just made at ``path`` to the owner of the folder it lies in, who is to go on with it."""
    if not hasattr(os, "geteuid") or os.geteuid() or (status and status.st_uid):
        return
    folder = os.stat(os.path.dirname(path) or ".")
    if folder.st_uid:
        os.chown(made, folder.st_uid, folder.st_gid)


def _read_up_to(descriptor: int, limit: int) -> bytes:
    chunks = []
    left = limit
    while left > 0 and (chunk := os.read(descriptor, min(left, 1 << 16))):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def _hint(error: OSError, path: str) -> str:
    elsewhere = ", or point --dir at a folder you may write" if FOLDER_NAME in path else ""
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"check its owner and permissions{elsewhere}"
    if error.errno == errno.EROFS:
        return f"the disk is read-only: make it writable{elsewhere}"
    if error.errno == errno.ENOTDIR:
        return "one of the folders in this path is a file: check the path"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "too much is open at once: close something, or raise the limit (ulimit -n)"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free some space and run the command again"
    return "check the disk, then run the command again"
