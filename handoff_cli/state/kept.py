"""The kept text: what was tracked, redacted and compressed, beside the ledger in ``conversation/``.

All pieces of a session form one stream of zlib frames, of which each ledger entry names its part (``at`` to ``end``).
The stream lies in segments, files named by where they begin in it, so that the middle of a long session can go by
removing files. Text is written and synced before the entry that names it: what a crash left behind the last entry's
end belongs to nobody, and the next writer cuts it off.
"""

from __future__ import annotations

import os
import zlib

from handoff_cli.constants import KEPT_FOLDER, LEDGER_FILE
from handoff_cli.core.record import Record
from handoff_cli.errors import StateError
from handoff_cli.state.files import (
    is_folder,
    make_folder,
    open_regular,
    remove_file,
    reported,
    sync_folder,
    write_all,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.session import Entry
    from handoff_cli.redaction import RedactedStream

SUFFIX = ".z"
_FRAME_CHARS = 1 << 17
_FRAMES_AT_LEAST = 16
"""Of a piece that is cut; the first and the last stay."""

_LEAST_FRAMES = 2
_CHUNK_BYTES = 1 << 14
_MAX_FRAME_BYTES = 1 << 22
"""A frame that holds more was not written here."""

_HEAD_BYTES, _TAIL_BYTES = 1 << 23, 3 << 23
"""Of one piece, uncompressed: its beginning and its end are kept, what lies between is left out."""

_SEGMENTS = 16
_LEAST_SEGMENT_BYTES = 1 << 14
_HEAD_SHARE = 4
"""The first quarter of what may be kept stays; behind it the oldest goes first."""


class KeptPiece(Record):
    """A piece that was kept: ``sequence``, ``time``, ``source`` and ``description`` are its ledger entry's.

    ``parts`` are its text, redacted, in order; there is more than one where something between them was left out:
    ``left_out`` characters in all.
    """

    sequence: int
    time: str
    source: str
    description: str
    parts: tuple[str, ...]
    left_out: int = 0

    @property
    def text(self) -> str:
        """The parts as one text, on lines of their own."""
        return "\n".join(self.parts)


class KeptSize(Record):
    """How much is kept of a session: ``stored`` bytes on disk, and whether anything was ``left_out``."""

    stored: int
    left_out: bool


def kept_pieces(folder: str, first: int = 0) -> Iterator[KeptPiece]:
    """Yield what was kept of the session in ``folder``, oldest first, from ledger entry ``first`` on.

    ``folder`` is a session's folder: the project's own, one below ``sessions/`` or one below ``archive/``. A piece of
    which nothing is left is yielded with no parts. Only one piece is held at a time: at most 32 MiB of text.

    Raises:
        StateError: the ledger or a segment cannot be read.
    """
    from handoff_cli.state.ledger import read_lines

    session = None
    for line in read_lines(os.path.join(folder, LEDGER_FILE), member="kept"):
        entry = line.entry
        if entry is None:
            continue
        session = session or entry["session"]
        if entry["session"] == session and entry["sequence"] >= first and "kept" in entry:
            yield kept_piece(folder, entry)


def kept_piece(folder: str, entry: Entry) -> KeptPiece:
    """Return the piece that ``entry``, of the session in ``folder``, says was kept; errors as ``kept_pieces``."""
    kept = entry["kept"]
    gap, end = kept.get("gap"), kept["end"]
    spans = [(kept["at"], end)] if gap is None else [(kept["at"], gap), (gap, end)]
    parts = [part for start, stop in spans for part in _read(folder, start, stop)]
    left_out = max(0, kept["chars"] - sum(map(len, parts)))
    return KeptPiece(
        entry["sequence"], entry["time"], entry["source"], entry.get("description", ""), tuple(parts), left_out
    )


def kept_size(folder: str, end: int) -> KeptSize:
    """Return how much of the stream up to ``end`` is kept in the session folder ``folder``; StateError as ever."""
    path = os.path.join(folder, KEPT_FOLDER)
    if not end or not is_folder(path):
        return KeptSize(0, bool(end))
    sizes = _sizes(path, _starts(path))
    stored = sum(size if start + size <= end else max(0, end - start) for start, size in sizes.items())
    return KeptSize(stored, stored < end)


class Keeper:
    """Takes the text of one piece as it streams by, and has it redacted and compressed for ``append``.

    Args:
        limit: The most to be stored of it, bytes; the middle goes first.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._most_chars = min(_FRAME_CHARS, limit // _FRAMES_AT_LEAST)
        self.restart()

    def restart(self) -> None:
        """Forget what was fed: what was given so far is known already."""
        self._frames: list[bytes] = []
        self._stored = 0
        self._fed = 0
        self._chars = 0
        self._stream = _new_stream()
        self._frame: list[str] = []
        self._frame_chars = 0
        self._tail: list[bytes] = []
        self._tail_bytes = 0
        self._tail_from = 0
        self._dropped = 0

    def feed(self, text: str) -> None:
        """Take more of the piece."""
        if self._fed < _HEAD_BYTES and self._stored < self._limit // _HEAD_SHARE:
            self._fed += len(text)
            self._take(self._stream.feed(text))
            return
        data = text.encode("utf-8", "surrogatepass")
        self._tail.append(data)
        self._tail_bytes += len(data)
        while self._tail_bytes > _TAIL_BYTES and self._tail_from < len(self._tail) - 1:
            oldest = self._tail[self._tail_from]
            self._dropped += len(oldest.decode("utf-8", "surrogatepass"))
            self._tail_bytes -= len(oldest)
            self._tail[self._tail_from] = b""
            self._tail_from += 1

    def finished(self) -> tuple[list[bytes], int | None, int]:
        """Return the frames, the number of the first one behind what was left out (None: nothing was), and characters.

        The characters are those of the whole piece as it would be kept, what was left out included.
        """
        behind = None
        if self._dropped:
            # What the stream still holds may be half of something whose other half is gone, and so may the tail's
            # first line.
            self._take(self._stream.settle())
            self._dropped += self._stream.chars
            self._stream = _new_stream()
            self._close_frame()
            behind = len(self._frames)
            self._drop_partial_line()
        for place in range(self._tail_from, len(self._tail)):
            self._take(self._stream.feed(self._tail[place].decode("utf-8", "surrogatepass")))
            self._tail[place] = b""
        self._take(self._stream.finish())
        self._close_frame()
        frames = self._frames
        while self._stored > self._limit and len(frames) > _LEAST_FRAMES:
            behind = min(self._beginning() if behind is None else behind, len(frames) - 2)
            self._stored -= len(frames.pop(behind))
        return frames, behind, self._chars + self._dropped

    def _beginning(self) -> int:
        """Return how many frames are the beginning, which stays: one, or what a share of the limit holds."""
        number, stored = 1, len(self._frames[0])
        while (
            number < len(self._frames) and (stored := stored + len(self._frames[number])) <= self._limit // _HEAD_SHARE
        ):
            number += 1
        return number

    def _drop_partial_line(self) -> None:
        first = self._tail[self._tail_from]
        partial = first[: first.find(b"\n") + 1]
        self._tail[self._tail_from] = first[len(partial) :]
        self._dropped += len(partial.decode("utf-8", "surrogatepass"))

    def _take(self, text: str) -> None:
        while text:
            room = self._most_chars - self._frame_chars
            self._frame.append(text[:room])
            self._frame_chars += len(self._frame[-1])
            text = text[room:]
            if self._frame_chars >= self._most_chars:
                self._close_frame()

    def _close_frame(self) -> None:
        if self._frame_chars:
            # Halves of surrogate pairs, which only a Python program can hand over, are no text.
            data = zlib.compress("".join(self._frame).encode("utf-8", "replace"))
            self._frames.append(data)
            self._stored += len(data)
            self._chars += self._frame_chars
            self._frame, self._frame_chars = [], 0


def _new_stream() -> RedactedStream:
    from handoff_cli.redaction import RedactedStream  # who only asks how much is kept needs none

    return RedactedStream()


def append(folder: str, end: int, texts: Sequence[Keeper], limit: int) -> list[Entry]:
    """Put ``texts`` behind ``end`` in the stream of the session folder ``folder``, synced; return what entries say.

    The caller holds the folder's lock and then names them in the ledger. ``limit`` is the most to be kept, bytes.

    Raises:
        StateError: it could not be written; the stream is then as it was, but for what the next writer cuts off.
    """
    path = os.path.join(folder, KEPT_FOLDER)
    make_folder(path)
    writer = _Writer(path, end, max(_LEAST_SEGMENT_BYTES, limit // _SEGMENTS))
    kept = []
    try:
        for text in texts:
            frames, behind, chars = text.finished()
            entry: Entry = {"at": writer.end, "end": 0, "chars": chars}
            for number, frame in enumerate(frames):
                if number == behind:
                    entry["gap"] = writer.skip()
                writer.write(frame)
            entry["end"] = writer.end
            kept.append(entry)
        writer.sync()
    finally:
        writer.close()
    return kept


def trim(folder: str, limit: int) -> None:
    """Remove segments from the middle of what is kept in ``folder`` until it is at most ``limit`` bytes."""
    path = os.path.join(folder, KEPT_FOLDER)
    starts = _starts(path)
    sizes = _sizes(path, starts)
    total = sum(sizes.values())
    for start in starts[:-1]:
        if total <= limit:
            return
        if start >= limit // _HEAD_SHARE:
            remove_file(os.path.join(path, _name(start)))
            total -= sizes[start]


class _Writer:
    """Appends frames to the stream, from ``end`` on, beginning a segment where one is full or is not what it was."""

    def __init__(self, path: str, end: int, segment_bytes: int) -> None:
        self.end = end
        self._path = path
        self._segment_bytes = segment_bytes
        self._descriptor = -1
        self._start = end
        self._is_new = False
        starts = _starts(path)
        for start in starts:
            if start > end:
                remove_file(os.path.join(path, _name(start)))
        if before := [start for start in starts if start <= end]:
            self._open(before[-1])

    def write(self, frame: bytes) -> None:
        if self._descriptor < 0 or self.end - self._start >= self._segment_bytes:
            self.sync()
            self.close()
            self._open(self.end)
        with reported("write", self._path):
            write_all(self._descriptor, frame)
        self.end += len(frame)

    def skip(self) -> int:
        """Leave a hole of a byte, which tells of what was left out, and return where the stream goes on."""
        self.sync()
        self.close()
        self.end += 1
        return self.end

    def sync(self) -> None:
        if self._descriptor >= 0:
            with reported("sync", self._path):
                os.fsync(self._descriptor)
        if self._is_new:
            sync_folder(self._path)
            self._is_new = False

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self, start: int) -> None:
        file = os.path.join(self._path, _name(start))
        self._is_new = self._is_new or not os.path.lexists(file)
        self._descriptor, self._start = open_regular(file, os.O_RDWR | os.O_APPEND | os.O_CREAT), start
        with reported("write", file):
            size = os.fstat(self._descriptor).st_size
            if size > self.end - start:
                os.ftruncate(self._descriptor, self.end - start)
        if size < self.end - start:
            # Somebody shortened it: what comes now has a place of its own.
            self.close()


def _read(folder: str, start: int, stop: int) -> Iterator[str]:
    """Yield the text of the stream from ``start`` to ``stop``: a run for each unbroken part of it."""
    path = os.path.join(folder, KEPT_FOLDER)
    starts = _starts(path) if is_folder(path) else []
    run: list[str] = []
    reached, left = start, _HEAD_BYTES + _TAIL_BYTES
    for place, segment in enumerate(starts):
        follows = starts[place + 1] if place + 1 < len(starts) else stop
        first, last = max(start, segment), min(stop, follows)
        if first >= last:
            continue
        if first > reached and run:
            yield "".join(run)
            run = []
        data = _bytes_of(os.path.join(path, _name(segment)), first - segment, last - first)
        text, whole = _decompressed(data, left)
        run.append(text)
        left -= len(text)
        reached = last if whole else -1
    if run and any(run):
        yield "".join(run)


def _decompressed(data: bytes, most: int) -> tuple[str, bool]:
    """Return the text of the frames in ``data``, and whether all of them could be read; ``most`` characters or so."""
    texts: list[str] = []
    view, at = memoryview(data), 0
    while at < len(view):
        frame, raw = zlib.decompressobj(), b""
        try:
            while not frame.eof and at < len(view):
                chunk = view[at : at + _CHUNK_BYTES]
                raw += frame.decompress(chunk, _MAX_FRAME_BYTES - len(raw))
                at += len(chunk) - len(frame.unused_data)
                if len(raw) >= _MAX_FRAME_BYTES:
                    return "".join(texts), False
            texts.append(raw.decode())
        except (zlib.error, UnicodeDecodeError):
            return "".join(texts), False
        most -= len(texts[-1])
        if most < 0 or not frame.eof:
            return "".join(texts), False
    return "".join(texts), True


def _bytes_of(file: str, offset: int, size: int) -> bytes:
    try:
        descriptor = open_regular(file, os.O_RDONLY)
    except FileNotFoundError:
        return b""
    with reported("read", file), os.fdopen(descriptor, "rb") as stream:
        stream.seek(offset)
        return stream.read(min(size, max(0, os.fstat(descriptor).st_size - offset)))


def _starts(path: str) -> list[int]:
    with reported("read", path):
        names = os.listdir(path)
    return sorted(
        int(name[:-2]) for name in names if name.endswith(SUFFIX) and name[:-2].isdecimal() and name.isascii()
    )


def _sizes(path: str, starts: Sequence[int]) -> dict[int, int]:
    sizes = {}
    for start in starts:
        try:
            sizes[start] = os.lstat(os.path.join(path, _name(start))).st_size
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StateError(f"cannot look at {path}: {error.strerror}", "check its permissions") from error
    return sizes


def _name(start: int) -> str:
    return f"{start:012d}{SUFFIX}"
