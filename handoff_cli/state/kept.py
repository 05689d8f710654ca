"""The kept text: what was tracked, redacted and compressed, beside the ledger in ``conversation/``.

All pieces of a session form one stream of zlib frames, of which each ledger entry names its part (``at`` to ``end``).
The stream lies in segments, files named by where they begin in it, so that the middle of a long session can go by
removing files. Text is written and synced before the entry that names it: what a crash left behind the last entry's
end belongs to nobody, and the next writer cuts it off.
"""

from __future__ import annotations

import os
import zlib
from codecs import utf_8_decode

from handoff_cli.constants import KEPT_FOLDER
from handoff_cli.core.record import Record
from handoff_cli.state.files import is_folder, make_folder, open_regular, remove_file, reported, sync_folder, write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.session import Entry

SUFFIX = ".z"
_FRAME_CHARS = 1 << 17
_FRAMES_AT_LEAST, _FRAMES_THAT_STAY = 16, 2
"""Of a piece that is cut; the first and the last stay."""

_WITHIN_CHARS = bytes(range(0x80, 0xC0))
_HEAD_BYTES, _TAIL_BYTES = 1 << 23, 3 << 23
"""Of one piece, uncompressed: its beginning and its end are kept, what lies between is left out."""

MOST_CHARS = _HEAD_BYTES + _TAIL_BYTES
"""Of one piece no more is kept."""

_SEGMENTS, _LEAST_SEGMENT_BYTES = 16, 1 << 14
_HEAD_SHARE = 4
"""The first quarter of what may be kept stays; behind it the oldest goes first."""


class KeptSize(Record):
    """How much is kept of a session: ``stored`` bytes on disk, and whether anything was ``left_out``."""

    stored: int
    left_out: bool


def kept_size(folder: str, end: int) -> KeptSize:
    """Return how much of the stream up to ``end`` is kept in the session folder ``folder``; StateError as ever."""
    path = os.path.join(folder, KEPT_FOLDER)
    if not end or not is_folder(path):
        return KeptSize(0, bool(end))
    stored = sum(min(size, max(0, end - start)) for start, size in segments(path).items())
    return KeptSize(stored, stored < end)


class Keeper:
    """Takes a piece's text as it streams by, redacts and compresses it; past ``limit`` bytes the middle goes first.

    It may be one message of ``role``, a word; what is kept then says so.
    """

    def __init__(self, limit: int, role: str = "") -> None:
        from handoff_cli.redaction import RedactedStream  # who only asks how much is kept needs none

        self._told = None
        if role.isidentifier():
            from handoff_cli.core.told import ToldText

            self._told = ToldText(role)
        self._limit = limit
        self._most_chars = min(_FRAME_CHARS, limit // _FRAMES_AT_LEAST)
        self._new_stream = RedactedStream
        self.restart()

    def restart(self) -> None:
        """Forget what was fed: what was given so far is known already."""
        self._stream = self._new_stream()
        self._frames: list[bytes] = []
        self._frame: list[str] = []
        self._ring = bytearray()
        self._fed = self._given = self._chars = self._frame_chars = self._stored = self._ring_bytes = 0
        if self._told:
            self._take(self._told.beginning)

    def feed(self, text: str) -> None:
        """Take more of the piece."""
        text = self._told.within(text) if self._told else _nobodys(text)
        self._fed += len(text)
        if not self._ring and self._given < _HEAD_BYTES and self._stored < self._limit // _HEAD_SHARE:
            self._give(text)
            return
        # One block of memory, however much goes through it: many small ones leave holes.
        self._ring = self._ring or bytearray(_TAIL_BYTES)
        # Halves of surrogate pairs, which only a Python program can hand over, are no text.
        data = memoryview(text.encode("utf-8", "replace"))
        while data:
            at = self._ring_bytes % len(self._ring)
            part = data[: len(self._ring) - at]
            self._ring[at : at + len(part)] = part
            self._ring_bytes += len(part)
            data = data[len(part) :]

    def finished(self) -> tuple[list[bytes], int | None, int]:
        """Return the frames, the number of the first one behind what was left out (None: nothing was), and characters.

        The characters are those of the whole piece as it would be kept, what was left out included; nothing is held on.
        """
        behind = None
        if self._ring_bytes > len(self._ring):
            # What the stream still holds may be half of something whose other half is gone.
            self._take(self._stream.settle())
            self._given -= self._stream.chars
            self._stream = self._new_stream()
            self._close_frame()
            behind = len(self._frames)
        for text in self._tail():
            self._give(text)
        self._take(self._stream.finish())
        if self._told:
            self._take(self._told.end)
        self._close_frame()
        frames, self._frames, self._ring = self._frames, [], bytearray()
        while self._stored > self._limit and len(frames) > _FRAMES_THAT_STAY:
            behind = min(self._beginning(frames) if behind is None else behind, len(frames) - _FRAMES_THAT_STAY)
            self._stored -= len(frames.pop(behind))
        return frames, behind, self._chars + self._fed - self._given

    def _beginning(self, frames: list[bytes]) -> int:
        """Return how many frames are the beginning, which stays: one, or what a share of the limit holds."""
        number, stored = 1, len(frames[0])
        while number < len(frames) and (stored := stored + len(frames[number])) <= self._limit // _HEAD_SHARE:
            number += 1
        return number

    def _tail(self) -> Iterator[str]:
        """Yield what the ring holds, oldest first; of one that ran over, not the half of a line that it begins with."""
        is_cut, waiting = self._ring_bytes > len(self._ring), b""
        begin = self._ring_bytes % len(self._ring) if is_cut else 0
        ring = memoryview(self._ring)
        for part in (ring[begin : self._ring_bytes], ring[:begin]):
            for at in range(0, len(part), _FRAME_CHARS):
                data = waiting + part[at : at + _FRAME_CHARS]
                if is_cut:
                    data, is_cut = data[data.find(b"\n") + 1 :].lstrip(_WITHIN_CHARS), False
                text, used = utf_8_decode(data, "strict", False)
                waiting = data[used:]
                yield text

    def _give(self, text: str) -> None:
        self._given += len(text)
        self._take(self._stream.feed(text))

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
            data = zlib.compress("".join(self._frame).encode("utf-8", "replace"))
            self._frames.append(data)
            self._stored += len(data)
            self._chars += self._frame_chars
            self._frame, self._frame_chars = [], 0


def _nobodys(text: str) -> str:
    """Return ``text`` as ``told.nobodys`` does, which is loaded where there may be something to leave out."""
    if "\x02" not in text and "\x03" not in text:
        return text
    from handoff_cli.core.told import nobodys

    return nobodys(text)


def append(folder: str, end: int, texts: Sequence[Keeper], limit: int) -> list[Entry]:
    """Put ``texts`` behind ``end`` in the stream of the session folder ``folder``, synced; return what entries say.

    The caller holds the folder's lock and then names them in the ledger. ``limit`` is the most to be kept, bytes.
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


def trim(folder: str, end: int, limit: int) -> None:
    """Remove segments from the middle of the stream, which ends at ``end``, until it takes at most ``limit`` bytes."""
    if end <= limit:
        return
    path = os.path.join(folder, KEPT_FOLDER)
    sizes = segments(path)
    over = sum(sizes.values()) - limit
    for start in list(sizes)[:-1]:
        if over > 0 and start >= limit // _HEAD_SHARE:
            remove_file(os.path.join(path, segment_name(start)))
            over -= sizes[start]


class _Writer:
    """Appends frames to the stream, from ``end`` on, beginning a segment where one is full or is not what it was."""

    def __init__(self, path: str, end: int, segment_bytes: int) -> None:
        self.end = end
        self._path = path
        self._segment_bytes = segment_bytes
        self._descriptor = self._start = -1
        self._is_new = False
        starts = list(segments(path))
        while starts and starts[-1] > end:
            remove_file(os.path.join(path, segment_name(starts.pop())))
        if starts:
            self._open(starts[-1])

    def write(self, frame: bytes) -> None:
        if self._descriptor < 0 or self.end - self._start >= self._segment_bytes:
            self.sync()
            self._open(self.end)
        with reported("write", self._path):
            write_all(self._descriptor, frame)
        self.end += len(frame)

    def skip(self) -> int:
        """Leave a hole of a byte, which tells of what was left out, and return where the stream goes on."""
        self.sync()
        self.end += 1
        return self.end

    def sync(self) -> None:
        if self._descriptor >= 0:
            with reported("sync", self._path):
                os.fsync(self._descriptor)
        if self._is_new:
            sync_folder(self._path)
            self._is_new = False
        self.close()

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self, start: int) -> None:
        file = os.path.join(self._path, segment_name(start))
        self._is_new = self._is_new or not os.path.lexists(file)
        self._descriptor, self._start = open_regular(file, os.O_RDWR | os.O_APPEND | os.O_CREAT), start
        with reported("write", file):
            size = os.fstat(self._descriptor).st_size
            if size > self.end - start:
                os.ftruncate(self._descriptor, self.end - start)
        if size < self.end - start:
            # Somebody shortened it: what comes now has a place of its own.
            self.close()


def segments(path: str) -> dict[int, int]:
    """Return where the segments in the folder ``path`` begin in the stream, in order, and their sizes in bytes."""
    found = {}
    with reported("read", path):
        for name in os.listdir(path):
            if name.endswith(SUFFIX) and name[:-2].isdecimal() and name.isascii():
                try:
                    found[int(name[:-2])] = os.lstat(os.path.join(path, name)).st_size
                except FileNotFoundError:  # taken away meanwhile
                    continue
    return dict(sorted(found.items()))


def segment_name(start: int) -> str:
    """Return the name of the segment that begins at byte ``start`` of the stream."""
    return f"{start:012d}{SUFFIX}"
