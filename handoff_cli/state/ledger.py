"""The ledger: an append-only file of self-contained lines, each with a checksum of its own.

A change of several entries is appended in one write; each entry says how many ``more`` follow. A change counts once all
of its lines are on disk. One that a crash cut short is set aside, never mended by guessing. Here it is written;
``ledger_lines`` reads it.
"""

from __future__ import annotations

import json
import os
import zlib

from handoff_cli.constants import LEDGER_VERSION
from handoff_cli.errors import StateError
from handoff_cli.state.files import open_regular, reported, sync_folder, write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.session import Entry

CHECKSUM = b',"checksum":"'


def encode_entry(entry: Entry) -> bytes:
    """Return ``entry`` as one line of ASCII JSON: first its version ``v``, last the CRC-32 of all before that."""
    body = json.dumps({"v": LEDGER_VERSION, **entry}, separators=(",", ":"), allow_nan=False).encode("ascii")[:-1]
    return body + CHECKSUM + b'%08x"}\n' % zlib.crc32(body)


def ledger_size(path: str) -> int:
    """Return the size of the ledger in bytes, 0 when there is none."""
    try:
        return os.stat(path, follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise StateError(f"cannot look at {path}: {error.strerror}", "check its permissions") from error


def append(path: str, entries: Sequence[Entry]) -> int:
    """Append ``entries`` as one change, sync it, and return the ledger's new size in bytes.

    When the write or the sync fails, the ledger is cut back to what it was.

    Raises:
        StateError: it could not be written; nothing was recorded, unless the message says otherwise.
    """
    last = len(entries) - 1
    data = b"".join(encode_entry({**entry, "more": last - n} if n < last else entry) for n, entry in enumerate(entries))
    with reported("write", path):
        descriptor = open_regular(path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        try:
            before = os.fstat(descriptor).st_size
            if not before:
                # The name must be safe before the first line is: from then on nobody syncs it any more.
                sync_folder(os.path.dirname(path))
            elif not _ends_in_newline(descriptor):
                data = b"\n" + data
            try:
                write_all(descriptor, data)
                os.fsync(descriptor)
            except BaseException as error:
                _cut_back(path, descriptor, before, error)
                raise
        finally:
            os.close(descriptor)
    return before + len(data)


def _ends_in_newline(descriptor: int) -> bool:
    os.lseek(descriptor, -1, os.SEEK_END)
    return os.read(descriptor, 1) == b"\n"


def _cut_back(path: str, descriptor: int, size: int, cause: BaseException) -> None:
    try:
        os.ftruncate(descriptor, size)
    except OSError:
        raise StateError(
            f"cannot write {path}: {cause}, nor take back what was written",
            "whether the change was recorded is not known: handoff log shows it",
        ) from cause
