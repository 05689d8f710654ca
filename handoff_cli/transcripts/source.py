"""Bytes of a transcript, read in bounded memory: lines, decoded rows, and the clear errors for what cannot be read."""

from __future__ import annotations

import os
from errno import EINVAL

from handoff_cli.core.jsonc import quick_reader
from handoff_cli.core.light import bisect_right
from handoff_cli.core.patterns import lazily
from handoff_cli.errors import InputError
from handoff_cli.transcripts.events import Called, Returned, Rewound, Said
from handoff_cli.transcripts.values import MAX_ROW_BYTES, UNDECODABLE, as_str, decode, objects_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, BinaryIO

    from handoff_cli.transcripts.events import Event

HEAD_BYTES = 1 << 16
BLOCK_BYTES = 1 << 18
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
_BOM = b"\xef\xbb\xbf"
_ROWS_BETWEEN_REPORTS = 256
_LARGE_ROW_BYTES = 1 << 20
_ROWS_LOOKED_AT = 1_000
_ENCODED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-"
_ENCODED_RUN = lazily(rb"[A-Za-z0-9+/=_-]{16384,}")
_STRETCH = 8192  # bytes; a run of twice as many holds a whole one, wherever it begins
"""An image or another file in base64: nothing in it is for people, and its row may hold words beside it."""


class Source:
    """One transcript: a file by ``path``, or ``data`` already in memory.

    In a database of many sessions the path is ``<database>#<session>``: ``file`` is what is opened, ``session`` the
    part behind the sign, empty where there is none.
    ``position`` is the line or element being read, from 1; ``malformed`` counts the rows that were no JSON object;
    ``oversized`` those past 8 MiB even without their images. All three restart with each reading. ``progress`` is
    called now and then with the bytes read and the ``size``, all bytes there are; a reader may go over them twice.
    ``part`` keeps to the lines between two offsets in bytes, of a file that only grows. ``begins_piece`` tells that the
    line being read begins a piece of text that was given apart from what is before it, ``passed_over`` how many lines
    of a text were too many to be read, ``taken`` the bytes of lines given so far. ``laid_out`` are the lines of a
    conversation as they are read, once they were asked for: no more than some 12 MiB of them.
    """

    def __init__(
        self,
        path: str,
        data: bytes | None = None,
        progress: Callable[[int, int], None] | None = None,
        part: tuple[int, int] | None = None,
    ) -> None:
        self.path = path
        self.file, self.session = split_session(path)
        self.data = data
        self.progress = progress
        self.part = part
        self.position = self.malformed = self.oversized = self.size = 0
        self.begins_piece = False
        self.passed_over = self.taken = 0
        self.laid_out: list[tuple[int, str, bool]] | None = None
        if data is None:
            check_readable(path)

    def open(self, buffered: int = BLOCK_BYTES) -> BinaryIO:
        """Open the bytes from the beginning, to be read ``buffered`` bytes at once.

        Raises:
            InputError: The file cannot be opened.
        """
        self.position = self.malformed = self.oversized = 0
        if self.data is not None:
            import io

            self.size = len(self.data)
            return io.BytesIO(self.data)
        try:
            stream = open(self.file, "rb", buffered, opener=plain)  # noqa: SIM115 (the callers close it)
            self.size = os.fstat(stream.fileno()).st_size
            if self.part:
                stream.seek(self.part[0])
        except OSError as error:
            raise InputError(f"cannot read {self.path}: {error.strerror or error}") from None
        return stream

    def extent(self, line: int = 0) -> int:
        """Return how many bytes there are to be read, about, with ``line`` more for each line."""
        with self.open() as stream:
            return sum(len(block) + line * block.count(b"\n") for block in iter(lambda: stream.read(BLOCK_BYTES), b""))

    def head(self) -> str:
        """Return the beginning of the text, enough to tell the format by."""
        with self.open(HEAD_BYTES) as stream:
            raw = stream.read(HEAD_BYTES)
        return raw.removeprefix(_BOM).decode("utf-8", "replace").lstrip("\x00 \t\r\n")

    def lines(self) -> Iterator[bytes]:
        """Yield the lines without their ends; one past the bound comes without its encoded runs, or empty."""
        with self.open() as stream:
            while line := stream.readline(_LARGE_ROW_BYTES):
                self.position += 1
                if len(line) >= _LARGE_ROW_BYTES:
                    line = _whole(line, stream, self.part)
                if self.part and stream.tell() > self.part[1]:
                    return
                if self.position % _ROWS_BETWEEN_REPORTS == 0:
                    self._report(stream)
                self.taken += len(line)
                if len(line) > MAX_ROW_BYTES:
                    self.oversized += 1
                    yield b""
                else:
                    yield line.rstrip(b"\r\n")

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the JSON objects of a JSONL file, skipping and counting lines that are none."""
        read = quick_reader()
        for line in self.lines():
            try:  # as nearly every line is, without the calls that the others need
                text = line.decode()
                row, end = read(text, 0)
            except (ValueError, RecursionError, StopIteration, SystemError):
                text, row, end = "", None, -1
            if end == len(text) and isinstance(row, dict):
                yield row
            elif line.strip():
                rows = objects_on(line)
                yield from rows
                self.malformed += not rows

    def members(self) -> Iterator[tuple[str | None, Any]]:
        """Yield ``(key, value)`` of a JSON document, one by one: see ``json_stream.members``."""
        from handoff_cli.transcripts import json_stream

        with self.open() as stream:
            members = json_stream.members(self._blocks(stream))
            for self.position, (key, raw) in enumerate(members, 1):
                if raw is None:
                    self.oversized += 1
                    continue
                value = decode(raw)
                if value is UNDECODABLE:
                    self.malformed += 1
                else:
                    yield key, value

    def _blocks(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the bytes in blocks; those of a large document without long encoded runs."""
        large = self.size > _LARGE_ROW_BYTES
        start = _BOM
        while block := stream.read(BLOCK_BYTES):
            self._report(stream)
            block = block.removeprefix(start)
            yield without_encoded_runs(block) if large else block
            start = b""

    def _report(self, stream: BinaryIO) -> None:
        if self.progress:
            self.progress(stream.tell(), self.size)

    def not_understood(self, format_: str) -> InputError:
        """Return the refusal of a source of ``format_`` in which nothing was understood."""
        if self.malformed:
            return InputError(f"{self.path} is malformed: none of {self.malformed} rows can be read")
        return InputError(f"{self.path} holds nothing that a transcript of {format_.replace('_', '-')} holds")

    def is_jsonl(self) -> bool:
        """Tell whether the first line is a whole JSON object and another begins after it.

        Two on one line are rows too. Lines between the two that are whole values of another kind, as ``null``, are rows
        in which nothing is told.
        """
        first = b""
        with self.open() as stream:
            for _ in range(_ROWS_LOOKED_AT):
                line = stream.readline(MAX_ROW_BYTES)
                if not line:
                    break
                if first and line.strip():
                    if line.lstrip().startswith(b"{"):
                        return True
                    if decode(line) is UNDECODABLE:
                        return False
                if not first and (first := line.strip()) and len(objects_on(first)) != 1:
                    return bool(objects_on(first))
        return False


def plain(path: str, flags: int) -> int:
    """Open ``path`` for ``open(..., opener=plain)``, the door to every file of an agent's, a project's or a stranger's.

    A pipe without a writer would be waited for and a device never ends; raises OSError of both, and of a folder.
    """
    descriptor = os.open(path, flags | _AT_ONCE)
    if os.fstat(descriptor).st_mode & 0o170000 != 0o100000:  # noqa: PLR2004 (S_IFREG, as below)
        os.close(descriptor)
        raise OSError(EINVAL, "it is not a regular file", path)
    return descriptor


def without_encoded_runs(data: bytes) -> bytes:
    """Return ``data`` without long runs of base64: images and other files.

    The pattern takes long where there is none, so stretches are looked at first: is one nothing but base64?
    """
    stretches = (data[at : at + _STRETCH] for at in range(0, len(data) - _STRETCH + 1, _STRETCH))
    if any(not stretch.translate(None, _ENCODED) for stretch in stretches):
        return _ENCODED_RUN.sub(b"", data)
    return data


def standing_rows(
    source: Source, id_: str, parent: str, takes: Callable[[dict[str, Any]], bool] = lambda _: True
) -> Iterator[dict[str, Any]]:
    """Yield the rows on the way from the root to the last row, and those without an id; the file is read twice.

    A row written again under its id stands where it was written last. A parent that is in no row is no break: the
    row before is then taken for it.

    Args:
        source: A file of JSON rows.
        id_: The field with a row's id.
        parent: The field with the id of the row it follows; null at the root.
        takes: Tells the rows that belong to the conversation; others neither stand nor lead anywhere.
    """
    before: dict[str, str] = {}
    written: dict[str, int] = {}
    last = ""
    for row in source.rows():
        name = as_str(row.get(id_))
        if not name or not takes(row):
            continue
        follows = row.get(parent)
        known = isinstance(follows, str) and follows in written and follows != name
        before.setdefault(name, follows if known and isinstance(follows, str) else "" if follows is None else last)
        written[name] = source.position
        last = name
    standing = set()
    while last and (place := written.pop(last, None)):
        standing.add((place, last))
        last = before[last]
    for row in source.rows():
        if (source.position, as_str(row.get(id_))) in standing or (parent not in row and takes(row)):
            yield row


def in_order(source: Source, events: Iterable[Event]) -> Iterator[Event]:
    """Yield ``events`` so that each that is said, called or answered has a ``source.position`` of its own.

    Of many in one element too one stands first then. The reader goes on from the position of the element; what it takes
    back by that is taken back by these.
    """
    last, newest = 0, -1
    elements: list[int] = []
    ends: list[int] = []
    for event in events:
        element, placed = source.position, type(event) in _PLACED
        if isinstance(event, Rewound):
            kept = bisect_right(elements, event.position)
            event = event.replace(position=ends[kept - 1] if kept else 0)  # noqa: PLW2901 (the same, placed)
        at = max(element, last + placed)
        last = at if placed else last
        if newest < element:
            newest = element
            elements.append(element)
            ends.append(at)
        else:
            ends[-1] = at
        source.position = at
        yield event
        source.position = element


_PLACED = (Said, Called, Returned)


def together(source: Source, events: Iterable[Event]) -> Iterator[list[tuple[int, Event]]]:
    """Yield ``events`` in lists, each with the ``source.position`` it was given at.

    Many that are read and then taken in take a sixth less than each by itself: a processor foretells what comes next in
    either. All that is told in some 256 KiB of rows is in one list; where nothing counts what was read, one event is.
    """
    batch: list[tuple[int, Event]] = []
    begun = source.taken
    for event in events:
        batch.append((source.position, event))
        if not begun < source.taken < begun + BLOCK_BYTES:
            standing = source.position
            yield batch
            source.position = standing  # where the reader goes on
            begun, batch = source.taken, []
    yield batch


def split_session(path: str) -> tuple[str, str]:
    """Return the file of a transcript and the session meant in it: ``<database>#<session>``, where that is no file."""
    file, sign, session = path.rpartition("#")
    return (file, session) if sign and file and not os.path.lexists(path) and os.path.isfile(file) else (path, "")


def json_beside(path: str, name: str) -> dict[str, Any]:
    """Return the JSON object in the file ``name`` in the folder of the file ``path``, as ``json_in``."""
    return json_in(os.path.join(os.path.dirname(os.path.abspath(path)), name))


def json_in(path: str) -> dict[str, Any]:
    """Return the JSON object in a file, an empty one of a link, a file past 8 MiB or one that holds none."""
    value: Any = None
    try:
        if not os.path.islink(path) and os.path.getsize(path) <= MAX_ROW_BYTES:
            with open(path, "rb", opener=plain) as stream:
                value = decode(stream.read())
    except (OSError, ValueError):  # a NUL character in the path
        return {}
    return value if isinstance(value, dict) else {}


def end_of(path: str) -> bytes:
    """Return the last 64 KiB of a file, nothing of a link or of one that cannot be read."""
    try:
        if os.path.islink(path):
            return b""
        with open(path, "rb", opener=plain) as stream:
            stream.seek(max(os.fstat(stream.fileno()).st_size - HEAD_BYTES, 0))
            return stream.read(HEAD_BYTES)
    except OSError:
        return b""


def check_readable(path: str) -> None:
    """Raise InputError, in one clear line, unless ``path`` is a file with something in it that may be read."""
    file = split_session(path)[0]
    try:
        status = os.stat(file)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}", "check the path") from None
    except ValueError:
        raise InputError("a path cannot hold a NUL character") from None
    if (status.st_mode & 0o170000) == 0o040000:  # noqa: PLR2004 (S_IFDIR; importing stat for it costs more than it says)
        raise InputError(f"{path} is a folder, not a transcript", "name the file inside it")
    if (status.st_mode & 0o170000) != 0o100000:  # noqa: PLR2004 (S_IFREG)
        raise InputError(f"{path} is not a regular file", "pipe it in, or name a file")
    if not status.st_size:
        raise InputError(f"{path} is empty")
    if not os.access(file, os.R_OK):
        raise InputError(f"cannot read {path}: Permission denied", "check who may read the file")


def _whole(line: bytes, stream: BinaryIO, part: tuple[int, int] | None) -> bytes:
    """Return a long ``line`` with what is left of it; one that goes on past the end of ``part`` is not read further."""
    if line.endswith(b"\n"):
        return line
    kept = [without_encoded_runs(line)]
    size = len(kept[0])
    while block := stream.readline(BLOCK_BYTES):
        if size <= MAX_ROW_BYTES:
            kept.append(without_encoded_runs(block))
            size += len(kept[-1])
        if block.endswith(b"\n") or (part and stream.tell() > part[1]):
            break
    return b"".join(kept)


def lines_backwards(stream: BinaryIO, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield ``(offset, line)`` of the lines between two offsets in bytes, the last one first.

    A line past the bound comes without its images, or empty.
    """
    pieces: list[bytes] = []
    too_long = False
    at = end
    while at > start:
        size = min(BLOCK_BYTES, at - start)
        at -= size
        stream.seek(at)
        first, *rest = stream.read(size).split(b"\n")
        if rest:
            last = rest.pop()
            offset = at + size - len(last)
            yield offset, _joined([*pieces, last])
            for line in reversed(rest):
                offset -= len(line) + 1
                yield offset, line
            pieces, too_long = [], False
        if too_long:
            continue
        pieces.append(first if len(pieces) < 4 else without_encoded_runs(first))  # noqa: PLR2004 (a line of a MiB)
        if sum(map(len, pieces)) > 2 * MAX_ROW_BYTES:
            pieces, too_long = [b"\0" * (MAX_ROW_BYTES + 1)], True
    yield start, _joined(pieces)


def _joined(backwards: list[bytes]) -> bytes:
    line = b"".join(reversed(backwards))
    if len(line) > 4 * BLOCK_BYTES:
        line = without_encoded_runs(line)
    return line if len(line) <= MAX_ROW_BYTES else b""
