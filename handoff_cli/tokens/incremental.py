"""Counting a file that only ever grows: exact after any appends, at the cost of what was appended.

The state remembers the last place where a cut is exact, and the tokens before it; the next count begins there. The
rule is that of ``stream``, on bytes: around a cut everything is ASCII, so the text before and behind it decodes alone
as it does in one, even where a writer stopped in the middle of a character.
"""

from __future__ import annotations

import os
import re

from handoff_cli.core.record import Record
from handoff_cli.errors import InputError
from handoff_cli.tokens.decode import StreamDecoder
from handoff_cli.tokens.stream import StreamCounter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

_BLOCK = 1 << 18
_SAMPLE = 1 << 12
_CUT = re.compile(rb"[!-~](?=[ \t])|[A-Za-z](?=[\x01-&(-@\[-`{-\x7f])|[0-9](?=[\nA-Za-z])")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class FileState(Record):
    """How far a file has been counted, and how to know that it is still that file.

    Attributes:
        encoding: The encoding that was counted in.
        offset: Bytes before the last exact cut.
        tokens: Tokens in those bytes.
        device: ``st_dev`` of the file.
        inode: ``st_ino`` of the file.
        size: Bytes that the file had.
        digest: CRC-32 over the first and the last 4096 bytes before ``offset``: tells a file that was rewritten.
        continued: Whether this count went on from the state before it; otherwise it began anew.
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
        InputError: The file cannot be read.
        UnknownEncodingError: See ``StreamCounter``.
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
    wide = file.read(len(_WIDE_MARKS[-1])).startswith(_WIDE_MARKS)
    file.seek(offset)
    counter, decoder = StreamCounter(encoding), StreamDecoder()
    position = offset
    while block := file.read(_BLOCK):
        cut = 0 if wide else _last_cut(block)
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


def _last_cut(block: bytes) -> int:
    cut = None
    for start in (max(0, len(block) - _SAMPLE), 0):
        for cut in _CUT.finditer(block, start):  # noqa: B007 (the last one is used)
            pass
        if cut:
            return cut.end()
    return 0


def _digest(file: BinaryIO, offset: int) -> int:
    from binascii import crc32

    file.seek(0)
    head = crc32(file.read(min(offset, _SAMPLE)))
    file.seek(max(0, offset - _SAMPLE))
    return crc32(file.read(min(offset, _SAMPLE)), head)
