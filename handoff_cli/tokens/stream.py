r"""Counting text as it comes: exact whatever the chunks, in constant memory whatever the length.

A cut is exact where a piece ends whatever follows: before a space or tab that follows anything but white space, and
before a newline that follows an ASCII letter or digit. Text is buffered up to such a cut and counted. Where there is
none for long, there are two cases. Either there are pieces, only none that ends whatever follows (a page of Chinese):
then our own splitter tells which pieces at the head of the text are final. Or one piece is itself longer than a chunk
(a megabyte of one letter, of spaces, of NULs): then a ``EndlessPiece`` follows that one piece through the chunks.

A piece is final when everything its pattern looked at has been seen. Beyond its own end a pattern looks at most at
three more characters (``'ll``), and to the end of a run it may have to give back: white space, and, in o200k, letters
that are not lower case (``\p{Lu}*`` before ``\p{Ll}+``).

A file that only grows is counted at the cost of what was appended: the last exact cut is remembered. There the rule is
that of bytes: around a cut all is ASCII, so both sides decode alone, even if a writer stopped within a character.
"""

from __future__ import annotations

import os
import re
from itertools import accumulate

from handoff_cli.constants import DEFAULT_ENCODING
from handoff_cli.core.record import Record
from handoff_cli.errors import InputError
from handoff_cli.tokens.decode import LONGEST_MARK, StreamDecoder, is_wide
from handoff_cli.tokens.encode import (
    COLD_CHARS,
    CONTRACTION,
    LETTER_CHARS,
    LOWER_CHARS,
    PREFIX,
    SPACE_CHARS,
    LongPiece,
    cold_counter,
    without_surrogates,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import AnyStr, BinaryIO

    from handoff_cli.tokens.encode import ColdCounter, Split
    from handoff_cli.tokens.engine import Engine, Tally

CHUNK_CHARS = 1 << 17

_CUT = re.compile(r"\S(?=[ \t])|[A-Za-z](?=[\x00-&(-@\[-`{-\x7f])|[0-9](?=[\nA-Za-z])")
_NEAR_END = 1 << 10

_LOOKAHEAD = 3
_SPACES = "\t\n\x0b\x0c\r "
_NOT_LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ\xaa\xad"

_BLOCK = 1 << 18
_SAMPLE = 1 << 12
_BYTE_CUT = re.compile(rb"[!-~](?=[ \t])|[A-Za-z](?=[\x01-&(-@\[-`{-\x7f])|[0-9](?=[\nA-Za-z])")


class StreamCounter:
    """Counts the tokens of a text that is fed bit by bit.

    Args:
        encoding: The encoding to count in.
        cold_chars: Characters to buffer before an engine for large text is loaded.
        chunk_chars: Characters to count at a time then.

    Raises:
        UnknownEncodingError: No such encoding, or its vocabulary is not on this machine.
    """

    def __init__(
        self, encoding: str = DEFAULT_ENCODING, *, cold_chars: int = COLD_CHARS, chunk_chars: int = CHUNK_CHARS
    ) -> None:
        self.encoding = encoding
        self._cold = cold_counter(encoding)
        self._chunk_chars = chunk_chars
        self._limit = cold_chars
        self._waiting: list[str] = []
        self._waiting_chars = 0
        self._tokens = 0
        self._engine: Engine | None = None
        self._tally: Tally | None = None
        self._run: EndlessPiece | None = None

    def feed(self, text: str) -> None:
        """Take the next bit of text; it may begin and end anywhere, even within a surrogate pair."""
        for at in range(0, len(text), self._chunk_chars):
            part = text[at : at + self._chunk_chars]
            self._waiting.append(part)
            self._waiting_chars += len(part)
            if self._waiting_chars > self._limit:
                self._limit = self._chunk_chars
                self._drain()

    def settle(self) -> int:
        """Return the tokens so far, as if the text ended here; what is fed afterwards is counted on top.

        The sum is the count of the whole text only where a cut is exact.
        """
        text = without_surrogates("".join(self._waiting))
        self._keep("")
        if self._run:
            text = self._follow(self._run, text, final=True)
        if self._engine is None:
            self._tokens += self._cold.count(text)
        elif text:
            self._count(text)
        return self._tokens + (self._tally.total() if self._tally else 0)

    def _drain(self) -> None:
        text = "".join(self._waiting)
        half_pair = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        text = without_surrogates(text[: len(text) - len(half_pair)])
        while self._run or len(text) >= self._chunk_chars:
            text = self._follow(self._run, text) if self._run else self._take_chunk(text)
            if not text:
                break
        self._keep(text + half_pair)

    def _keep(self, text: str) -> None:
        self._waiting = [text]
        self._waiting_chars = len(text)

    def _take_chunk(self, text: str) -> str:
        chunk = text[: self._chunk_chars]
        if cut := _last_cut(_CUT, chunk):
            self._count(chunk[:cut])
            return text[cut:]
        pieces = final_pieces(chunk, self._cold)
        if not pieces:
            self._run = EndlessPiece(self._cold, self._loaded().split, chunk)
            return text
        size = sum(map(len, pieces))
        if pieces[-1][-1].isspace():
            self._tokens += self._cold.count_pieces(pieces)
        else:
            self._count(chunk[:size])
        return text[size:]

    def _follow(self, run: EndlessPiece, text: str, *, final: bool = False) -> str:
        text = run.feed(text, final=final)
        if run.ended:
            self._tokens += run.tokens()
            self._run = None
        return text

    def _count(self, chunk: str) -> None:
        if self._tally is None:
            from handoff_cli.tokens.engine import Tally

            self._tally = Tally(self._loaded())
        self._tally.add(chunk)

    def _loaded(self) -> Engine:
        if self._engine is None:
            from handoff_cli.tokens.engine import engine_of

            self._engine = engine_of(self.encoding, self._cold)
        return self._engine


def _last_cut(cuts: re.Pattern[AnyStr], text: AnyStr) -> int:
    """Return where the last of ``cuts`` in ``text`` lies, 0 where there is none."""
    cut = None
    for start in (max(0, len(text) - _NEAR_END), 0):
        for cut in cuts.finditer(text, start):  # noqa: B007 (the last one is used)
            pass
        if cut:
            return cut.end()
    return 0


class Shape(Record):
    """How one kind of piece goes on, over the alphabet of ``encode``.

    Attributes:
        head: What tells this kind by its first characters.
        phases: Patterns, each greedy and each perhaps empty, that follow one another until the piece ends.
        marks: Characters of the first phase after which the piece ends, should no second phase follow; the rest of
            the first phase is then a piece of its own. Empty where the piece is always whole.
        whole_at_end: At the end of the text the run is one piece, marks or not.
        spares_last: The last character, unless a mark, belongs to what follows.
    """

    head: str
    phases: tuple[str, ...]
    marks: str = ""
    whole_at_end: bool = False
    spares_last: bool = False


_LETTERS = f"[{LETTER_CHARS}]*"
_OTHERS = f"[^{SPACE_CHARS}{LETTER_CHARS}0-9]*"
_BLANK = f"[{SPACE_CHARS}]"

_SHAPES = {
    "o200k_base": (
        Shape(
            f"{PREFIX}[{LETTER_CHARS}\xad]",
            ("[A-Z\xaa\xad]*", f"[{LOWER_CHARS}\xaa\xad]*", f"(?:{CONTRACTION})?"),
            marks="\xaa\xad",
        ),
        Shape(_BLANK * 2, (f"{_BLANK}*",), marks="\r\n", spares_last=True),
        Shape("", (_OTHERS, r"[\r\n/]*")),
    ),
    "cl100k_base": (
        Shape(f"{PREFIX}[{LETTER_CHARS}]", (_LETTERS,)),
        Shape(_BLANK * 2, (f"{_BLANK}*",), marks="\r\n", whole_at_end=True, spares_last=True),
        Shape("", (_OTHERS, r"[\r\n]*")),
    ),
    "r50k_base": (
        Shape(f" ?[{LETTER_CHARS}]", (_LETTERS,)),
        Shape(" ?[0-9]", ("[0-9]*",)),
        Shape(_BLANK * 2, (f"{_BLANK}*",), whole_at_end=True, spares_last=True),
        Shape("", (_OTHERS,)),
    ),
}


def final_pieces(text: str, cold: ColdCounter) -> list[str]:
    """Return the pieces at the head of ``text`` that stay what they are whatever follows.

    They stop, if they can, after one that does not end in white space: up to there any engine counts the same.
    """
    seen = cold.splitter.shown(text)[:-_LOOKAHEAD]
    limit = len(seen.rstrip(_SPACES))
    if cold.pattern == "o200k_base":
        limit = min(limit, len(seen.rstrip(_NOT_LOWER)))
    pieces = cold.splitter.pieces(text)
    count = sum(end <= limit for end in accumulate(map(len, pieces)))
    solid = (number for number in range(count, 0, -1) if not pieces[number - 1][-1].isspace())
    return list(pieces[: next(solid, count)])


class EndlessPiece:
    """One piece that may be longer than any chunk.

    Args:
        cold: The cold counter of the encoding.
        split: The engine's way to split bytes into tokens.
        head: The text from the beginning of the piece, as far as it is known; it is not fed yet.
    """

    def __init__(self, cold: ColdCounter, split: Split, head: str) -> None:
        self._splitter = cold.splitter
        self._rank, self._split = cold.ranks.rank, split
        shown = cold.splitter.shown(head[:2])
        self._shape = next(shape for shape in _SHAPES[cold.pattern] if re.match(shape.head, shown))
        self._phases = [re.compile(phase) for phase in self._shape.phases]
        self._phase = -1
        self._piece = LongPiece(self._rank, self._split)
        self._rest = LongPiece(self._rank, self._split)
        self._has_rest = False
        self._up_to_mark: int | None = None
        self._before = 0
        self._waiting = ""

    @property
    def ended(self) -> bool:
        """Whether the end of the piece has been seen."""
        return self._phase == len(self._phases)

    def tokens(self) -> int:
        """Return the tokens of the piece, once it has ended."""
        return self._before + self._piece.count()

    def feed(self, text: str, *, final: bool = False) -> str:
        """Take more text (``final``: nothing follows) and return what lies behind the end of the piece, if it ended."""
        text = self._waiting + text
        shown = self._splitter.shown(text)
        self._waiting = ""
        at = 0
        if self._phase < 0:
            at = 0 if self._phases[0].match(shown).end() else 1  # type: ignore[union-attr]
            self._piece.feed(text[:at].encode())
            self._phase = 0
        while not self.ended:
            if len(text) - at < _LOOKAHEAD and not final:
                self._waiting = text[at:]
                return ""
            end = self._phases[self._phase].match(shown, at).end()  # type: ignore[union-attr]
            stop = self._stop(shown, at, end, final=final)
            self._take(text[at:stop], shown[at:stop])
            if end == len(text) and not final and self._shape.phases[self._phase].endswith("*"):
                self._waiting = text[stop:]
                return ""
            if not self._phase:
                self._decide(shown, end)
            at = stop
            self._phase += 1
        return text[at:]

    def _stop(self, shown: str, at: int, end: int, *, final: bool) -> int:
        spared = self._shape.spares_last and end > at and shown[end - 1] not in self._shape.marks
        return end - 1 if spared and not (final and end == len(shown)) else end

    def _take(self, text: str, shown: str) -> None:
        if self._phase:
            self._piece.feed(text.encode())
            return
        cut = 1 + max((shown.rfind(mark) for mark in self._shape.marks), default=-1)
        if cut:
            self._piece.feed(text[:cut].encode())
            self._up_to_mark = self._piece.count()
            self._rest = LongPiece(self._rank, self._split)
            self._has_rest = False
        rest = text[cut:].encode()
        self._piece.feed(rest)
        if self._up_to_mark is not None and rest:
            self._rest.feed(rest)
            self._has_rest = True

    def _decide(self, shown: str, end: int) -> None:
        """Choose, at the end of the first phase, whether the piece is whole or ends at its last mark."""
        goes_on = len(self._phases) > 1 and self._phases[1].match(shown, end).end() > end  # type: ignore[union-attr]
        whole = goes_on or (self._shape.whole_at_end and end == len(shown))
        if self._up_to_mark is not None and self._has_rest and not whole:
            self._before = self._up_to_mark
            self._piece = self._rest


class FileState(Record):
    """How far a file has been counted in ``encoding``, and how to know that it is still that file.

    ``offset`` is the last exact cut, in bytes, with ``tokens`` before it. ``device`` and ``inode`` are those of
    ``os.stat``, ``size`` the bytes it had, ``digest`` the CRC-32 over the first and the last 4096 bytes before
    ``offset``, which tells a file that was rewritten. ``continued``: this count went on from the one before it.
    """

    encoding: str
    offset: int
    tokens: int
    device: int
    inode: int
    size: int
    digest: int
    continued: bool = False


def recount(path: str, state: FileState | None, encoding: str) -> tuple[int, FileState]:
    """Return the tokens of the file at ``path`` and the state for the next count.

    Counting begins where ``state`` left off, or anew when there is none, when the file is another one, was cut short
    or rewritten, or when the encoding has changed. Invalid bytes count as U+FFFD.

    Raises:
        InputError, UnknownEncodingError: The file cannot be read; see ``StreamCounter``.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            begin = state if state is not None and _same_file(file, state, encoding) else None
            return _count_from(file, begin, encoding)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", "name a file that can be read") from error


def _same_file(file: BinaryIO, state: FileState, encoding: str) -> bool:
    status = os.fstat(file.fileno())
    return (
        (state.encoding, state.device, state.inode) == (encoding, status.st_dev, status.st_ino)
        and status.st_size >= state.size
        and _digest(file, state.offset) == state.digest
    )


def _count_from(file: BinaryIO, state: FileState | None, encoding: str) -> tuple[int, FileState]:
    offset, before = (state.offset, state.tokens) if state else (0, 0)
    settled = 0
    file.seek(0)
    wide = is_wide(file.read(LONGEST_MARK))
    file.seek(offset)
    counter, decoder = StreamCounter(encoding), StreamDecoder()
    position = offset
    while block := file.read(_BLOCK):
        cut = 0 if wide else _last_cut(_BYTE_CUT, block)
        if cut:
            counter.feed(decoder.decode(block[:cut], final=True))
            settled = counter.settle()
            decoder = StreamDecoder()
            offset = position + cut
        counter.feed(decoder.decode(block[cut:]))
        position += len(block)
    counter.feed(decoder.decode(b"", final=True))
    status = os.fstat(file.fileno())
    digest = _digest(file, offset)
    new = FileState(
        encoding, offset, before + settled, status.st_dev, status.st_ino, position, digest, state is not None
    )
    return before + counter.settle(), new


def _digest(file: BinaryIO, offset: int) -> int:
    from binascii import crc32

    file.seek(0)
    head = crc32(file.read(min(offset, _SAMPLE)))
    file.seek(max(0, offset - _SAMPLE))
    return crc32(file.read(min(offset, _SAMPLE)), head)
