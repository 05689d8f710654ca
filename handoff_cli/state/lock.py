"""One writer at a time per session folder; the kernel releases the lock when its holder dies.

``flock`` locks belong to the open file, so two threads of one process exclude each other as two processes do.
"""

from __future__ import annotations

import os
import sys
import time

from handoff_cli.constants import LOCK_FILE
from handoff_cli.errors import LockTimeoutError, StateError
from handoff_cli.state.files import open_regular, reported, write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_FIRST_PAUSE_SECONDS = 0.001
_LONGEST_PAUSE_SECONDS = 0.05


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
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
