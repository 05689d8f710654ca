"""Writing a file that the user named, anywhere: the old content or the new, whole, where a name can be given."""

from __future__ import annotations

import errno
import os
import stat

from handoff_cli.errors import InputError

_CANNOT_BE_NAMED = (errno.EBUSY, errno.EPERM, errno.EACCES)
"""Why a name cannot be given to another file: it is mounted, as in a container, or the folder is not ours."""


def save_named(path: str, data: bytes) -> None:
    """Put ``data`` into the file ``path``, in one step where it is new or a plain file of ours.

    What else it may be is written itself: a device, the output of a shell, a file of several names, of somebody else,
    or of a folder in which no name can be given. Raises InputError when it cannot be written.
    """
    try:
        if not (_is_ours(path) and _replaced(os.path.realpath(path), data)):
            with open(path, "wb") as file:
                file.write(data)
    except (OSError, ValueError) as error:  # a ValueError: NUL in a path
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot write {path}: {reason}", "check the path and its permissions") from error


def _is_ours(path: str) -> bool:
    """Return whether ``path`` is new, or a plain file of one name that its owner, who runs this, may write."""
    if os.path.abspath(path).startswith(("/dev/fd/", "/dev/std", "/proc/")):  # what a shell has open goes on
        return False
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return bool(os.path.basename(path)) and not os.path.islink(path)
    owner = getattr(os, "geteuid", lambda: found.st_uid)()
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_uid == owner and os.access(path, os.W_OK)


def _replaced(path: str, data: bytes) -> bool:
    """Put ``data`` in the place of ``path``; return whether that could be, or the file itself is to be written."""
    temporary = os.path.join(os.path.dirname(path), f".{os.urandom(8).hex()}.new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    except OSError:  # of the folder; the file may be open to all
        return False
    try:
        with os.fdopen(descriptor, "wb") as file:
            if os.path.exists(path):
                os.chmod(temporary, os.stat(path).st_mode & 0o7777)
            file.write(data)  # not synced: after a power cut it can be written again
        os.replace(temporary, path)
    except BaseException as error:
        os.unlink(temporary)
        if isinstance(error, OSError) and error.errno in _CANNOT_BE_NAMED:
            return False
        raise
    return True
