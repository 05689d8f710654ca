"""Reading the kept text: a piece as its ledger entry names it, or all of it, a frame at a time, from any place on."""

from __future__ import annotations

import os
import zlib
from bisect import bisect_right
from collections import deque

from handoff_cli.constants import KEPT_FOLDER, LEDGER_FILE
from handoff_cli.core.record import Record
from handoff_cli.state.files import is_folder, open_regular, reported
from handoff_cli.state.kept import MOST_CHARS, segment_name, segments
from handoff_cli.state.ledger import read_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, Self

    from handoff_cli.core.session import Entry

_CHUNK_BYTES = 1 << 14
_MAX_FRAME_BYTES = 1 << 22
"""A frame that holds more was not written here."""

_FAR = 4
"""Times as far as it must be a seam may lie, to be one between two pieces."""


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


def kept_pieces(folder: str) -> Iterator[KeptPiece]:
    """Yield what was kept of the session in ``folder``, oldest first.

    A piece of which nothing is left has no parts. One is held at a time: at most 32 MiB of text. StateError: the ledger
    or a segment cannot be read.
    """
    return (kept_piece(folder, entry) for _, entry in _kept_entries(folder, 0))


def kept_piece(folder: str, entry: Entry) -> KeptPiece:
    """Return the piece that ``entry``, of the session in ``folder``, says was kept; errors as ``kept_pieces``."""
    parts: list[list[str]] = []
    kept = entry["kept"]
    with _Stream(folder) as stream:
        for _, text, begins in stream.frames(kept["at"], kept.get("gap", kept["end"]), kept["end"]):
            if begins:
                parts.append([])
            parts[-1].append(text)
    texts = tuple("".join(part) for part in parts)
    left_out = max(0, kept["chars"] - sum(map(len, texts)))
    return KeptPiece(entry["sequence"], entry["time"], entry["source"], entry.get("description", ""), texts, left_out)


class Seam(Record):
    """A place between two lines of the kept text, at which one who reads it can stop and another go on.

    ``entry`` is the byte of the ledger at which the entry of its piece begins, ``at`` the byte of the stream at which
    its frame does; where that is ``within`` a line, the seam lies behind the end of that line.
    """

    entry: int = 0
    at: int = 0
    within: bool = False


START = Seam()


class KeptTexts:
    """All kept text of the session in ``folder`` from one seam to another (None: to its end).

    Called, it yields the text, whenever it is called, some 100 KB at a time, each with whether a part begins with it.

    Raises:
        StateError: the ledger or a segment cannot be read.
    """

    def __init__(self, folder: str, since: Seam = START, until: Seam | None = None) -> None:
        from array import array

        self._folder, self._since, self._until = folder, since, until
        self._places = array("q")  # a long session has many
        for offset, entry in _kept_entries(folder, since.entry):
            kept = entry["kept"]
            self._places.extend((offset, kept["at"], kept.get("gap", kept["end"]), kept["end"]))

    def __call__(self) -> Iterator[tuple[str, bool]]:
        """Yield the text, and whether a piece, or what follows a gap in one, begins with it."""
        for seam, text, begins in self._frames():
            if self._until is not None and seam.at >= self._until.at:
                if self._until.within:
                    yield text[: text.find("\n") + 1] or text, begins
                return
            if self._since.within and seam.at == self._since.at:
                yield text[text.find("\n") + 1 or len(text) :], begins
            else:
                yield text, begins

    def seam_before(self, chars: int) -> tuple[int, Seam]:
        """Return how many characters there are, and the last seam with at least ``chars`` of them behind it.

        One at which a piece begins goes before one within a piece, unless it is far off. Where there are fewer
        characters it is the seam that the text begins at.
        """
        total = near = 0
        last: deque[tuple[Seam, int]] = deque()
        for seam, text, _ in self._frames():
            last.append((seam, len(text)))
            total, near = total + len(text), near + len(text)
            while near - last[0][1] >= chars * _FAR:
                near -= last.popleft()[1]
        behind, found = 0, []
        while last:
            seam, size = last.pop()
            behind += size
            if behind >= chars:
                found.append(seam)
        return total, next((seam for seam in found if not seam.within), found[0] if found else self._since)

    def _frames(self) -> Iterator[tuple[Seam, str, bool]]:
        begun = self._since.at
        with _Stream(self._folder) as stream:
            for number in range(0, len(self._places), 4):
                offset, at, gap, end = self._places[number : number + 4]
                for start, text, begins in stream.frames(max(at, begun), max(gap, begun), end):
                    is_since = self._since.within and start == begun
                    yield self._since if is_since else Seam(offset, start, within=not begins), text, begins


def _kept_entries(folder: str, since: int) -> Iterator[tuple[int, Entry]]:
    """Yield the entries of what was kept, from byte ``since`` of the ledger on, each with the byte it begins at."""
    session = None
    for line in read_lines(os.path.join(folder, LEDGER_FILE), since, member="kept"):
        if line.entry:
            session = session or line.entry["session"]
            if line.entry["session"] == session and "kept" in line.entry:
                yield line.offset, line.entry


class _Stream:
    """The frames that the segments of a session folder hold; one file is open at a time."""

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, KEPT_FOLDER)
        starts = list(segments(self._path)) if is_folder(self._path) else []
        self._segments = list(zip(starts, [*starts[1:], None], strict=False))
        self._file: BinaryIO | None = None
        self._opened = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def frames(self, at: int, gap: int, end: int) -> Iterator[tuple[int, str, bool]]:
        """Yield where each frame of a piece begins, its text, whether a part begins with it; at ``gap`` one does."""
        left = MOST_CHARS
        for start, stop in ((at, gap), (gap, end)):
            reached = -1
            for first, data in self._stretches(start, stop):
                begins = first != reached
                for offset, text in _decompressed(data):
                    if text:
                        yield first + offset, text, begins
                        begins = False
                    reached = first + len(data) if text is not None else -1
                    left -= len(text or "")
                    if left < 0:
                        return

    def _stretches(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Yield what segments hold of the stream from ``start`` to ``stop``: from where, and the bytes."""
        if start >= stop:
            return
        for segment, follows in self._segments[max(0, bisect_right(self._segments, start, key=_begin) - 1) :]:
            if segment >= stop:
                return
            first, last = max(start, segment), stop if follows is None else min(stop, follows)
            if first < last:
                yield first, self._bytes_of(segment, first - segment, last - first)

    def _bytes_of(self, segment: int, offset: int, size: int) -> bytes:
        name = os.path.join(self._path, segment_name(segment))
        if self._opened != segment:
            if self._file:
                self._file.close()
            self._opened, self._file = segment, _open(name)
        if self._file is None:
            return b""
        with reported("read", name):
            self._file.seek(offset)
            return self._file.read(min(size, max(0, os.fstat(self._file.fileno()).st_size - offset)))


def _open(file: str) -> BinaryIO | None:
    try:
        return os.fdopen(open_regular(file, os.O_RDONLY), "rb")
    except FileNotFoundError:  # taken away meanwhile
        return None


def _begin(segment: tuple[int, int | None]) -> int:
    return segment[0]


def _decompressed(data: bytes) -> Iterator[tuple[int, str | None]]:
    """Yield where each frame in ``data`` begins, and its text; None at one that cannot be read, which is the last."""
    view, at = memoryview(data), 0
    while at < len(view):
        begun, frame, raw = at, zlib.decompressobj(), b""
        try:
            while not frame.eof and at < len(view):
                chunk = view[at : at + _CHUNK_BYTES]
                raw += frame.decompress(chunk, _MAX_FRAME_BYTES - len(raw))
                at += len(chunk) - len(frame.unused_data)
                if len(raw) >= _MAX_FRAME_BYTES:
                    raise zlib.error  # noqa: TRY301 - one answer to whatever is none of ours
            text = raw.decode()
        except (zlib.error, UnicodeDecodeError):
            yield begun, None
            return
        yield begun, text
        if not frame.eof:
            yield begun, None
