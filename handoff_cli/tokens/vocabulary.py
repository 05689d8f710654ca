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
import sys

from handoff_cli.errors import UnknownEncodingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vocabularies")
MAGIC = b"HTOKENS1"
HEADER_BYTES = 16
WORD_BYTES = 4


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
            self.size = int.from_bytes(self._map[len(MAGIC) : len(MAGIC) + WORD_BYTES], "little")
            self._buckets = int.from_bytes(self._map[len(MAGIC) + WORD_BYTES : HEADER_BYTES], "little")
        except (OSError, ValueError) as error:
            raise UnknownEncodingError(f"{name}: no vocabulary at {path}", "Reinstall agent-handoffs.") from error
        heads = memoryview(self._map)[HEADER_BYTES : HEADER_BYTES + WORD_BYTES * (self._buckets + 1)]
        self._heads = words(heads) if len(heads) == WORD_BYTES * (self._buckets + 1) else ()
        if self._map[: len(MAGIC)] != MAGIC or not self._heads or self._heads[self._buckets] != len(self._map):
            raise UnknownEncodingError(f"{name}: {path} is damaged", "Reinstall agent-handoffs.")
        self.name = name

    def rank(self, token: bytes) -> int | None:
        """Return the rank of ``token`` (lower merges first), None when it is no token."""
        number = int.from_bytes(token, "little") % self._buckets
        bucket = self._map[self._heads[number] : self._heads[number + 1]]
        if token not in bucket:
            return None
        at, length = 0, len(token)
        while at < len(bucket):
            # A record's first byte, its integer being little-endian, is the length.
            found = bucket[at]
            at += WORD_BYTES
            if found == length and bucket.startswith(token, at):
                return int.from_bytes(bucket[at - 3 : at], "little")
            at += found
        return None

    def items(self) -> Iterator[tuple[bytes, int]]:
        """Yield every token with its rank, in the order of the file."""
        records = self._map[self._heads[0] :]
        at, end = 0, len(records)
        while at < end:
            begin = at + WORD_BYTES
            rank = int.from_bytes(records[at + 1 : begin], "little")
            at = begin + records[at]
            yield records[begin:at], rank


def words(data: memoryview) -> Sequence[int]:
    """Return the little-endian integers in ``data``: in place, or a copy on a machine of the other byte order.

    ``struct`` would cost more to load than all the look-ups of a prompt.
    """
    found = data.cast("I")
    if sys.byteorder == "little":
        return found
    from array import array

    swapped = array("I", found)
    swapped.byteswap()
    return swapped
