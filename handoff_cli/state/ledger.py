"""The ledger: an append-only file of self-contained lines, each with a checksum of its own.

An entry counts once its whole line is on disk. A line that a crash cut short is set aside, never mended by guessing.
"""

from __future__ import annotations

import json
import os
import zlib

from handoff_cli.core.record import Record
from handoff_cli.errors import StateError
from handoff_cli.state.files import open_regular, reported, sync_folder, write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.session import Entry

_MAX_LINE_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 16
_CHECKSUM = b',"checksum":"'


class Line(Record):
    """A line of a ledger: where it starts (bytes), its number (from 1 at the first line read) and what it holds.

    ``entry`` is None for a line that cannot be trusted (``problem`` says why); ``complete`` is False for a last line
    with no line end, which a crash or a writer at work left.
    """

    offset: int
    number: int
    size: int
    entry: Entry | None
    problem: str | None = None
    complete: bool = True


def encode_entry(entry: Entry) -> bytes:
    """Return ``entry`` as one line of ASCII JSON whose last member is the CRC-32 of everything before it."""
    body = json.dumps(entry, separators=(",", ":"), allow_nan=False).encode("ascii")[:-1]
    return body + _CHECKSUM + b'%08x"}\n' % zlib.crc32(body)


def decode_entry(line: bytes) -> Entry:
    """Return the entry on ``line``; raises ValueError, saying why, when it is not one that ``encode_entry`` wrote."""
    body, found, rest = line.rstrip(b"\r\n").rpartition(_CHECKSUM)
    if not found or rest != b'%08x"}' % zlib.crc32(body):
        raise ValueError("its checksum does not match" if found else "it has no checksum")
    entry = json.loads(body + b"}")
    if not isinstance(entry, dict) or not {"kind", "sequence", "time", "session"} <= entry.keys():
        raise ValueError("it is not an entry")
    return entry


def ledger_size(path: str) -> int:
    """Return the size of the ledger in bytes, 0 when there is none."""
    try:
        return os.stat(path, follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise StateError(f"cannot look at {path}: {error.strerror}", "check its permissions") from error


def read_lines(path: str, offset: int = 0) -> Iterator[Line]:
    """Yield the lines of the ledger from byte ``offset`` on; memory stays flat however long it is.

    A line over 1 MiB is yielded as damaged without being held. A missing ledger yields nothing.
    """
    try:
        descriptor = open_regular(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    with reported("read", path), os.fdopen(descriptor, "rb", _BLOCK_BYTES) as file:
        file.seek(offset)
        number = 0
        while line := file.readline(_MAX_LINE_BYTES):
            number += 1
            size = len(line)
            if size == _MAX_LINE_BYTES and not line.endswith(b"\n"):
                while rest := file.readline(_MAX_LINE_BYTES):
                    size += len(rest)
                    if rest.endswith(b"\n"):
                        break
                yield Line(offset, number, size, None, "it is longer than any entry", complete=rest.endswith(b"\n"))
            else:
                yield _judged(line, offset, number)
            offset += size


def append(path: str, entry: Entry) -> int:
    """Append ``entry`` to the ledger at ``path``, sync it, and return the ledger's new size in bytes.

    When the write or the sync fails, the ledger is cut back to what it was.

    Raises:
        StateError: it could not be written; nothing was recorded.
    """
    line = encode_entry(entry)
    with reported("write", path):
        new = not os.path.lexists(path)
        descriptor = open_regular(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            before = os.fstat(descriptor).st_size
            try:
                write_all(descriptor, line)
                os.fsync(descriptor)
                if new:
                    sync_folder(os.path.dirname(path))
            except BaseException:
                os.ftruncate(descriptor, before)
                raise
        finally:
            os.close(descriptor)
    return before + len(line)


def set_aside(path: str, offset: int, aside: str) -> None:
    """Move the ledger from byte ``offset`` on to the end of the file ``aside``, which is synced before the cut."""
    with reported("mend", path):
        source = open_regular(path, os.O_RDWR)
        try:
            target = open_regular(aside, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            try:
                os.lseek(source, offset, os.SEEK_SET)
                while block := os.read(source, _BLOCK_BYTES):
                    write_all(target, block)
                write_all(target, b"\n")
                os.fsync(target)
            finally:
                os.close(target)
            os.ftruncate(source, offset)
            os.fsync(source)
        finally:
            os.close(source)
        sync_folder(os.path.dirname(path))


def _judged(line: bytes, offset: int, number: int) -> Line:
    complete = line.endswith(b"\n")
    try:
        return Line(offset, number, len(line), decode_entry(line), complete=complete)
    except (ValueError, RecursionError) as error:
        return Line(offset, number, len(line), None, str(error) or "it is not JSON", complete=complete)
