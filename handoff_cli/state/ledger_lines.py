"""Reading a ledger line by line, each judged by its checksum, and setting aside what a crash left at its end."""

from __future__ import annotations

import json
import os
import zlib

from handoff_cli.constants import LEDGER_VERSION, MAX_TAIL_BYTES
from handoff_cli.core.entries import check_entry
from handoff_cli.core.record import Record
from handoff_cli.errors import StateError, newer_version
from handoff_cli.state.files import open_regular, reported, sync_folder, write_all
from handoff_cli.state.ledger import CHECKSUM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.session import Entry

_MAX_LINE_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 16


class NewerLineError(Exception):
    """A line of a schema this version does not know; its argument is that schema's version."""


class Line(Record):
    """A line of a ledger: where it starts (bytes), its number (from 1 at the first line read) and what it holds.

    ``entry`` is None for a line that cannot be trusted (``problem`` says why); ``complete`` is False for what a crash
    or a writer at work left at the end.
    """

    offset: int
    number: int
    size: int
    entry: Entry | None
    problem: str | None = None
    complete: bool = True


def decode_entry(line: bytes) -> Entry:
    """Return the entry on ``line``, without version and checksum.

    Raises:
        ValueError: it is not one that ``encode_entry`` wrote; says why.
        NewerLineError: a newer version wrote it.
    """
    body, found, rest = line.rstrip(b"\r\n").rpartition(CHECKSUM)
    if not found or rest != b'%08x"}' % zlib.crc32(body):
        raise ValueError("its checksum does not match" if found else "it has no checksum")
    entry = json.loads(body + b"}")
    version = entry.pop("v", 0) if isinstance(entry, dict) else 0
    if type(version) is not int:
        raise ValueError("its version is no number")
    if version > LEDGER_VERSION:
        raise NewerLineError(version)
    check_entry(entry)
    return entry  # type: ignore[no-any-return]


def read_lines(path: str, offset: int = 0) -> Iterator[Line]:
    """Yield the lines of the ledger from byte ``offset`` on; memory stays flat however long it is.

    What an unfinished change left at the end is yielded as one line that is not ``complete``. A line over 1 MiB is
    yielded as damaged without being held. A missing ledger yields nothing.

    Raises:
        StateError: the ledger cannot be read, or a newer version wrote a line.
    """
    change: list[Line] = []
    more = 0
    for line in _read_physical_lines(path, offset):
        change.append(line)
        more = line.entry.get("more", 0) if line.entry else max(0, more - 1)
        if line.complete and not more:
            yield from change
            change.clear()
    if change:
        first, size = change[0], sum(line.size for line in change)
        yield Line(first.offset, first.number, size, None, f"unfinished, {size:,} bytes", complete=False)


def line_number(path: str, offset: int) -> int:
    """Return the number, from 1, of the line of the ledger that starts at byte ``offset``: what an editor calls it."""
    number = 1
    with reported("read", path), os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
        while offset > 0 and (block := file.read(min(offset, _BLOCK_BYTES))):
            number += block.count(b"\n")
            offset -= len(block)
    return number


def set_aside(path: str, offset: int, aside: str) -> int:
    """Move the ledger from byte ``offset`` on to the end of the file ``aside``, which is synced before the cut.

    Returns how many bytes were moved.
    """
    moved = 0
    with reported("mend", path):
        source = open_regular(path, os.O_RDWR)
        try:
            target = open_regular(aside, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            try:
                os.lseek(source, offset, os.SEEK_SET)
                while block := os.read(source, _BLOCK_BYTES):
                    write_all(target, block)
                    moved += len(block)
                write_all(target, b"\n")
                os.fsync(target)
            finally:
                os.close(target)
            # The copy's name must be safe before the original is cut off.
            sync_folder(os.path.dirname(path))
            os.ftruncate(source, offset)
            os.fsync(source)
        finally:
            os.close(source)
    return moved


def _read_physical_lines(path: str, offset: int) -> Iterator[Line]:
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
                    if size > MAX_TAIL_BYTES:
                        raise StateError(f"{path} is no ledger: its line {number:,} does not end", "move it away")
                    if rest.endswith(b"\n"):
                        break
                yield Line(offset, number, size, None, "it is longer than any entry", complete=rest.endswith(b"\n"))
            else:
                yield _judged(path, line, offset, number)
            offset += size


def _judged(path: str, line: bytes, offset: int, number: int) -> Line:
    complete = line.endswith(b"\n")
    try:
        return Line(offset, number, len(line), decode_entry(line), complete=complete)
    except NewerLineError as error:
        where = f"{path}, line {line_number(path, offset)}"
        raise newer_version(where, error.args[0], LEDGER_VERSION) from None
    except (ValueError, RecursionError) as error:
        return Line(offset, number, len(line), None, str(error) or "it is not JSON", complete=complete)
