"""Where tracked text comes from: files, standard input, or a string, all as a stream of text."""

from __future__ import annotations

import errno
import os

from handoff_cli.errors import InputError
from handoff_cli.tokens.decode import StreamDecoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

HEAD_CHARS = 4096
OWN_NAMES = ("stdin", "text")
"""What a source without a path is called."""

_BLOCK_BYTES = 1 << 18


class Source:
    """Text to count, iterated once in chunks.

    Attributes:
        name: What the checkpoint calls it: a path, ``stdin``, ``text``.
        head: The first few thousand characters, after iterating.
        notes: Lines for a person, after iterating: bytes that were replaced.
    """

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self.head = ""
        self.notes: tuple[str, ...] = ()
        self._text = text

    @property
    def empty(self) -> bool:
        """Whether there was no character at all; known after iterating."""
        return not self.head

    def __iter__(self) -> Iterator[str]:
        for text in self._chunks():
            if len(self.head) < HEAD_CHARS:
                self.head += text[: HEAD_CHARS - len(self.head)]
            yield text

    def _chunks(self) -> Iterator[str]:
        yield self._text


class FileSource(Source):
    """The bytes of a file or of an open stream, decoded as they come.

    Args:
        name: The file's path, or what to call the stream.
        stream: An open binary stream to read instead of opening ``name``.
        strict: Refuse bytes that are not text instead of counting them as U+FFFD.
        on_bytes: Called with each block as it was read: for a copy or a progress display.
        on_progress: Called with the bytes read and the bytes there are, by what reads the file in its own way.
        copied: ``on_bytes`` makes a copy: nothing may read the file in its own way.
    """

    def __init__(
        self,
        name: str,
        stream: BinaryIO | None = None,
        *,
        strict: bool = False,
        on_bytes: Callable[[bytes], object] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        copied: bool = False,
    ) -> None:
        super().__init__(name)
        self.on_progress = on_progress
        self._strict = strict
        self._peeked: list[bytes] = []
        self._on_bytes = on_bytes
        self._read = _blocks_of(name, stream)
        self.path = name if stream is None and not copied and os.path.isfile(name) else None
        """The path of a file that can be read more than once; None for a pipe, and where each byte must pass by."""

    def peek(self, size: int) -> bytes:
        """Return the first ``size`` bytes (fewer where there are no more) without taking them."""
        while sum(map(len, self._peeked)) < size and (block := next(self._read, None)):
            self._peeked.append(block)
        return b"".join(self._peeked)[:size]

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes, once.

        Raises:
            InputError: they cannot be read.
        """
        while block := self._peeked.pop(0) if self._peeked else next(self._read, None):
            if self._on_bytes:
                self._on_bytes(block)
            yield block

    def _chunks(self) -> Iterator[str]:
        decoder = StreamDecoder(self.name, strict=self._strict)
        for block in self.blocks():
            if text := decoder.decode(block):
                yield text
        if text := decoder.decode(b"", final=True):
            yield text
        if decoder.replaced:
            self.notes = (f"{self.name}: invalid bytes count as U+FFFD, {decoder.replaced:,} of them",)


def _blocks_of(name: str, stream: BinaryIO | None) -> Iterator[bytes]:
    try:
        if stream is not None:
            yield from _read_blocks(stream)
        else:
            with open(name, "rb") as file:
                yield from _read_blocks(file)
    except OSError as error:
        raise _unreadable(name, error) from error


def _read_blocks(stream: BinaryIO) -> Iterator[bytes]:
    # read1 returns what is there: a slow producer's bytes are counted, copied and shown as they arrive.
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    while block := read(_BLOCK_BYTES):
        yield block


def _unreadable(name: str, error: OSError) -> InputError:
    if error.errno == errno.EISDIR:
        return InputError(f"{name} is a folder, not a file", "name the files in it")
    hint = "check the path" if error.errno == errno.ENOENT else "check its permissions"
    return InputError(f"cannot read {name}: {error.strerror or error}", hint)
