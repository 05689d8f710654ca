"""From bytes to text, bit by bit: byte order marks obeyed, invalid bytes replaced and counted, NUL a character."""

from __future__ import annotations

import codecs

from handoff_cli.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Decode = Callable[[bytes, str, bool], tuple[str, int]]

LONGEST_MARK = 4
"""In bytes."""

_MARKS: tuple[tuple[bytes, str, Decode, bytes], ...] = (
    (
        codecs.BOM_UTF32_LE,
        "UTF-32",
        codecs.utf_32_le_decode,
        b"\n\0\0\0",
    ),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "UTF-32", codecs.utf_32_be_decode, b"\0\0\0\n"),
    (codecs.BOM_UTF8, "UTF-8", codecs.utf_8_decode, b"\n"),
    (codecs.BOM_UTF16_LE, "UTF-16", codecs.utf_16_le_decode, b"\n\0"),
    (codecs.BOM_UTF16_BE, "UTF-16", codecs.utf_16_be_decode, b"\0\n"),
)


def mark_of(head: bytes) -> tuple[bytes, bytes]:
    """Return the byte order mark that a file with this ``head`` begins with, empty if none, and how it ends a line."""
    return next(((mark, end) for mark, _, _, end in _MARKS if head.startswith(mark)), (b"", b"\n"))


def is_wide(head: bytes) -> bool:
    """Return whether a file with this ``head`` says by its mark that its characters are of several bytes each."""
    return mark_of(head)[0] not in (b"", codecs.BOM_UTF8)


class StreamDecoder:
    """Decodes a stream of bytes: UTF-8, or UTF-16 and UTF-32 where a byte order mark says so; the mark is dropped.

    Args:
        source: The name of the stream for error messages.
        strict: Refuse invalid bytes; otherwise each becomes U+FFFD as with ``errors="replace"``.

    Attributes:
        replaced: How many U+FFFD stand for invalid bytes so far.
    """

    def __init__(self, source: str = "<input>", *, strict: bool = False) -> None:
        self.replaced = 0
        self._source = source
        self._strict = strict
        self._name = "UTF-8"
        self._decode: Decode | None = None
        self._waiting = b""
        self._offset = 0

    def decode(self, data: bytes, *, final: bool = False) -> str:
        """Return the text of ``data``; the beginning of a character waits for the rest of it, unless ``final``.

        Raises:
            InputError: In strict mode, at the first invalid byte; the message names its offset.
        """
        data = self._waiting + data
        if self._decode is None:
            if len(data) < LONGEST_MARK and not final:
                self._waiting = data
                return ""
            data = self._choose(data)
        decode = self._decode or codecs.utf_8_decode
        try:
            text, used = decode(data, "strict", final)
        except UnicodeDecodeError as error:
            if self._strict:
                raise InputError(
                    f"{self._source}: not valid {self._name} at byte {self._offset + error.start} ({error.reason})",
                    "leave out --strict to have invalid bytes counted as U+FFFD",
                ) from None
            text, used = decode(data, "replace", final)
            genuine, _ = decode(data, "ignore", final)
            self.replaced += text.count("\ufffd") - genuine.count("\ufffd")
        self._waiting = data[used:]
        self._offset += used
        return text

    def _choose(self, data: bytes) -> bytes:
        for mark, name, decode, _ in _MARKS:
            if data.startswith(mark):
                self._name, self._decode, self._offset = name, decode, len(mark)
                return data[len(mark) :]
        self._decode = codecs.utf_8_decode
        return data
