"""A vocabulary that costs nothing to load: one memory-mapped hash table from token bytes to rank.

Layout of a ``.vocab`` file, all integers little-endian::

    8 bytes    magic, with the version of the layout
    u32        number of tokens
    u32        number of buckets, a prime
    u32[b+1]   where each bucket begins, as a file offset; the last entry is the end of the file
    records    u32 (rank << 8 | length in bytes), then the bytes of the token

A token lies in the bucket of its bytes, read as a little-endian integer, modulo the number of buckets.
``scripts/build_vocabularies.py`` writes these files.
"""

from __future__ import annotations

import mmap
import os
import struct
from struct import Struct

from handoff_cli.errors import UnknownEncodingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vocabularies")
MAGIC = b"HTOKENS1"
HEADER = Struct("<8sII")
BOUNDS = Struct("<II")
WORD = Struct("<I")

_bounds_at = BOUNDS.unpack_from
_word_at = WORD.unpack_from


class Vocabulary:
    """The ranks of one encoding, read in place from a file.

    Args:
        name: A vocabulary that ships with the package, such as ``o200k_base``.

    Raises:
        UnknownEncodingError: No such file ships with the package, or it is damaged.
    """

    def __init__(self, name: str) -> None:
        path = os.path.join(FOLDER, f"{name}.vocab")
        try:
            with open(path, "rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            magic, self.size, self._buckets = HEADER.unpack_from(self._map)
            whole = magic == MAGIC and self._bounds(self._buckets - 1)[1] == len(self._map)
        except (OSError, ValueError, struct.error) as error:
            raise UnknownEncodingError(f"{name}: no vocabulary at {path}", "Reinstall agent-handoffs.") from error
        if not whole:
            raise UnknownEncodingError(f"{name}: {path} is damaged", "Reinstall agent-handoffs.")
        self.name = name

    def rank(self, token: bytes) -> int | None:
        """Return the rank of ``token`` (lower merges first), None when it is no token."""
        start, end = self._bounds(int.from_bytes(token, "little") % self._buckets)
        bucket = self._map[start:end]
        if token not in bucket:
            return None
        at, length = 0, len(token)
        while at < len(bucket):
            word = _word_at(bucket, at)[0]
            at += 4
            if word & 0xFF == length and bucket.startswith(token, at):
                return int(word >> 8)
            at += word & 0xFF
        return None

    def items(self) -> Iterator[tuple[bytes, int]]:
        """Yield every token with its rank, in the order of the file."""
        records = self._map[self._bounds(0)[0] :]
        at, end = 0, len(records)
        while at < end:
            word = _word_at(records, at)[0]
            begin = at + 4
            at = begin + (word & 0xFF)
            yield records[begin:at], word >> 8

    def _bounds(self, bucket: int) -> tuple[int, int]:
        start, end = _bounds_at(self._map, HEADER.size + WORD.size * bucket)
        return start, end
