"""The ledger: an append-only file of self-contained lines, each with a checksum of its own.

A change of several entries is appended in one write; each entry says how many ``more`` follow. A change counts once all
of its lines are on disk. One that a crash cut short is set aside, never mended by guessing. ``replay`` brings a session
up to what its ledger says, where the state is behind it, lost, or changed by somebody.
"""

from __future__ import annotations

import os
import zlib

from handoff_cli.constants import LEDGER_FILE, LEDGER_VERSION, MAX_TAIL_BYTES
from handoff_cli.core.jsonc import dumps, loads
from handoff_cli.core.record import Record
from handoff_cli.core.session import Session, apply, check_entry, started
from handoff_cli.errors import StateError, newer_version
from handoff_cli.state.files import open_regular, reported, size_of, sync_folder, write_all
from handoff_cli.state.folder import is_interrupted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from handoff_cli.core.session import Entry
    from handoff_cli.state.snapshot import Snapshot

CHECKSUM = b',"checksum":"'
_MAX_LINE_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 16
_SKIPPED_BYTES, _LONGEST_CHANGE_BYTES = 1 << 20, 1 << 24


def encode_entry(entry: Entry) -> bytes:
    """Return ``entry`` as one line of ASCII JSON: first its version ``v``, last the CRC-32 of all before that."""
    body = dumps({"v": LEDGER_VERSION, **entry}, compact=True).encode("ascii")[:-1]
    return body + CHECKSUM + b'%08x"}\n' % zlib.crc32(body)


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


class NewerLineError(Exception):
    """A line of a schema this version does not know; its argument is that schema's version."""


class LedgerLine(Record):
    """A line of a ledger: where it starts (bytes), its number (from 1, of the lines looked at) and what it holds.

    ``entry`` is None for a line that cannot be trusted (``problem`` says why); ``complete`` is False for what a crash
    or a writer at work left at the end. ``checksum`` is that of an entry, by which two lines are told apart.
    """

    offset: int
    number: int
    size: int
    entry: Entry | None
    problem: str | None = None
    complete: bool = True
    checksum: int = 0


def decode_entry(line: bytes) -> Entry:
    """Return the entry on ``line``, without version and checksum.

    Raises:
        ValueError: it is not one that ``encode_entry`` wrote; says why.
        NewerLineError: a newer version wrote it.
    """
    body, found, rest = line.rstrip(b"\r\n").rpartition(CHECKSUM)
    if not found or rest != b'%08x"}' % zlib.crc32(body):
        raise ValueError("its checksum does not match" if found else "it has no checksum")
    entry = loads(body + b"}")
    version = entry.pop("v", 0) if isinstance(entry, dict) else 0
    if type(version) is not int:
        raise ValueError("its version is no number")
    if version > LEDGER_VERSION:
        raise NewerLineError(version)
    check_entry(entry)
    return entry  # type: ignore[no-any-return]


def read_lines(path: str, offset: int = 0, member: str = "") -> Iterator[LedgerLine]:
    """Yield the lines of the ledger from byte ``offset`` on; memory stays flat however long it is.

    ``member`` asks only for lines that hold a member of that name: the others are passed over without being decoded.
    What an unfinished change left at the end is yielded as one line that is not ``complete``. A line over 1 MiB is
    yielded as damaged without being held. A missing ledger yields nothing.

    Raises:
        StateError: the ledger cannot be read, or a newer version wrote a line.
    """
    change: list[LedgerLine] = []
    more = 0
    for line in _read_physical_lines(path, offset, member, change):
        change.append(line)
        more = line.entry.get("more", 0) if line.entry else max(0, more - 1)
        if line.complete and not more:
            yield from change
            change.clear()
    if change:
        first, size = change[0], sum(line.size for line in change)
        yield LedgerLine(first.offset, first.number, size, None, f"unfinished, {size:,} bytes", complete=False)


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


def _read_physical_lines(path: str, offset: int, member: str, change: list[LedgerLine]) -> Iterator[LedgerLine]:
    """Yield the lines from ``offset`` on that hold ``member`` (empty: all of them); within a ``change`` every line."""
    try:
        descriptor = open_regular(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    wanted = (f'"{member}":'.encode(), b'"more":')
    with reported("read", path), os.fdopen(descriptor, "rb", _BLOCK_BYTES) as file:
        last_change = os.fstat(descriptor).st_size - _LONGEST_CHANGE_BYTES
        number = looked_at = 0
        while True:
            if member and not change and offset >= looked_at:
                offset, looked_at = _passed_over(file, offset, last_change, *wanted)
            file.seek(offset)
            if not (line := file.readline(_MAX_LINE_BYTES)):
                return
            number += 1
            size = len(line)
            if size == _MAX_LINE_BYTES and not line.endswith(b"\n"):
                while rest := file.readline(_MAX_LINE_BYTES):
                    size += len(rest)
                    if size > MAX_TAIL_BYTES:
                        raise StateError(f"{path} is no ledger: its line {number:,} does not end", "move it away")
                    if rest.endswith(b"\n"):
                        break
                yield LedgerLine(
                    offset, number, size, None, "it is longer than any entry", complete=rest.endswith(b"\n")
                )
            elif not member or change or any(mark in line for mark in wanted):
                yield _judged(path, line, offset, number)
            offset += size


def _passed_over(file: BinaryIO, offset: int, last_change: int, member: bytes, more: bytes) -> tuple[int, int]:
    """Pass over whole blocks of lines that hold no ``member``, which costs a hundredth of reading them.

    From ``last_change`` on a line that says ``more`` is looked for, too: only the last change can be unfinished.
    Returns where to go on, and up to where lines must be read.
    """
    file.seek(offset)
    while block := file.read(_SKIPPED_BYTES):
        whole = block.rfind(b"\n") + 1
        if not whole or member in block or (offset + len(block) > last_change and more in block):
            break
        offset += whole
        file.seek(offset)
    return offset, offset + len(block)


def _judged(path: str, line: bytes, offset: int, number: int) -> LedgerLine:
    complete = line.endswith(b"\n")
    try:
        entry = decode_entry(line)
        checksum = int(line.rpartition(CHECKSUM)[2][:8], 16)
        return LedgerLine(offset, number, len(line), entry, complete=complete, checksum=checksum)
    except NewerLineError as error:
        where = f"{path}, line {line_number(path, offset)}"
        raise newer_version(where, error.args[0], LEDGER_VERSION) from None
    except (ValueError, RecursionError) as error:
        return LedgerLine(offset, number, len(line), None, str(error) or "it is not JSON", complete=complete)


class Replayed(Record):
    """A session with its ledger's tail folded in (None: neither state nor ledger has one), and lines for a person."""

    session: Session | None
    warnings: tuple[str, ...] = ()


def replay(folder: str, current: Snapshot | None, *, locked: bool) -> Replayed:
    """Return the session of ``current`` (the state file in ``folder``) after what the ledger holds beyond it.

    Args:
        folder: The session folder.
        current: Its state; None where it has none: the ledger then tells all.
        locked: Whether the caller holds the lock. An unfinished change at the end is then nobody's work in progress
            any more, and is set aside.

    Raises:
        StateError: the ledger cannot be read, a newer version wrote it, or its tail is larger than 1 GiB.
    """
    path = os.path.join(folder, LEDGER_FILE)
    size = size_of(path)
    session = current.session if current else None
    if current and session and not current.trusted:
        rebuilt = _fold(path, None, 0, size, locked=locked)
        if rebuilt.session:
            changed = f"{current.path}: its session was changed by somebody; what the ledger says counts"
            same = rebuilt.session == session
            return rebuilt if same else rebuilt.replace(warnings=(changed, *rebuilt.warnings))
    done = session.ledger_bytes if session else 0
    if size == done or (session and not locked and is_interrupted(folder)):
        return Replayed(session)
    if session and size < done:
        lost = f"{path} is shorter than it was: {done - size:,} bytes are gone; the totals are kept"
        return Replayed(session.replace(ledger_bytes=size), (lost,))
    return _fold(path, session, done, size, locked=locked)


def _fold(path: str, session: Session | None, done: int, size: int, *, locked: bool) -> Replayed:
    if size - done > MAX_TAIL_BYTES:
        raise StateError(f"{path} is too large: {size:,} bytes", "move it away; the totals are kept")
    warnings: list[str] = []
    for line in read_lines(path, done):
        if not line.complete:
            break
        if line.entry:
            session = apply(session or started(line.entry), line.entry)
        else:
            number = line_number(path, line.offset)
            warnings.append(f"{path}, line {number:,}: skipped, {line.problem}")
        done = line.offset + line.size
    if locked and done < size:
        aside = f"{path}.torn"
        moved = set_aside(path, done, aside)
        warnings.append(f"{path}: an unfinished last line ({moved:,} bytes) was moved to {aside}")
    return Replayed(session.replace(ledger_bytes=done) if session else None, tuple(warnings))
