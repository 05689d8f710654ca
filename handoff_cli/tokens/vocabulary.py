"""The encodings there are, and the vocabulary of each: token bytes to rank, at no cost to load.

Nothing here ever reaches for the network: a vocabulary ships with the package, or lies in tiktoken's cache folder,
or is unknown. Names, addresses and sums are those of ``tiktoken_ext/openai_public.py`` (0.14).

A vocabulary that ships is one memory-mapped hash table. Layout of a ``.vocab`` file, all integers little-endian::

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

from handoff_cli.core.record import Record
from handoff_cli.errors import NoSuchEncodingError, UnknownEncodingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

    Ranks: TypeAlias = "Vocabulary | CachedVocabulary"

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vocabularies")
MAGIC = b"HTOKENS1"
HEADER_BYTES = 16
WORD_BYTES = 4

_PUBLIC = "https://openaipublic.blob.core.windows.net/encodings/"
_CACHE_VARIABLES = ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")

CACHED_SHA256 = {
    "p50k_base": "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    "r50k_base": "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
}


class Definition(Record):
    """What an encoding is made of: the name of its ranks, and the name of its pattern."""

    ranks: str
    pattern: str


DEFINITIONS = {
    "o200k_base": Definition("o200k_base", "o200k_base"),
    "o200k_harmony": Definition("o200k_base", "o200k_base"),
    "cl100k_base": Definition("cl100k_base", "cl100k_base"),
    "p50k_base": Definition("p50k_base", "r50k_base"),
    "p50k_edit": Definition("p50k_base", "r50k_base"),
    "r50k_base": Definition("r50k_base", "r50k_base"),
    "gpt2": Definition("r50k_base", "r50k_base"),
}
"""Encodings that differ in special tokens alone count plain text alike, so they share ranks; gpt2's are r50k_base's."""

SHIPPED = ("o200k_base", "cl100k_base")


def definition_of(encoding: str) -> Definition:
    """Return what ``encoding`` is made of; raises NoSuchEncodingError for a name that tiktoken does not know."""
    try:
        return DEFINITIONS[encoding]
    except KeyError:
        raise NoSuchEncodingError(f"there is no encoding {encoding}", f"encodings: {', '.join(DEFINITIONS)}") from None


def ranks_of(encoding: str) -> Ranks:
    """Return the vocabulary of ``encoding``; raises UnknownEncodingError when it is nowhere on this machine."""
    name = definition_of(encoding).ranks
    if name in SHIPPED:
        return Vocabulary(name)
    return CachedVocabulary(name, _cached(encoding, name))


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
            why = getattr(error, "strerror", None) or "it is damaged"
            raise UnknownEncodingError(
                f"{name}: cannot read the vocabulary {path}: {why}", "mend that, or reinstall agent-handoffs"
            ) from error
        heads = memoryview(self._map)[HEADER_BYTES : HEADER_BYTES + WORD_BYTES * (self._buckets + 1)]
        self._heads = words(heads) if len(heads) == WORD_BYTES * (self._buckets + 1) else ()
        if self._map[: len(MAGIC)] != MAGIC or not self._heads or self._heads[self._buckets] != len(self._map):
            raise UnknownEncodingError(f"{name}: {path} is damaged", "reinstall agent-handoffs")
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


class CachedVocabulary:
    """Ranks out of a ``.tiktoken`` file; what ``Vocabulary`` offers, at the price of parsing."""

    def __init__(self, name: str, text: bytes) -> None:
        from binascii import a2b_base64

        pairs = (line.split() for line in text.splitlines())
        self.name = name
        self._ranks = {a2b_base64(token): int(rank) for token, rank in pairs}
        self.rank = self._ranks.get

    def items(self) -> Iterable[tuple[bytes, int]]:
        """Return every token with its rank."""
        return self._ranks.items()


def _cached(encoding: str, name: str) -> bytes:
    import hashlib

    address = f"{_PUBLIC}{name}.tiktoken"
    path = os.path.join(_cache_folder(), hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest())
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError:
        text = b""
    if hashlib.sha256(text).hexdigest() != CACHED_SHA256[name]:
        raise UnknownEncodingError(
            f"{encoding}: its vocabulary is neither part of this package nor at {path}",
            f"where there is a network, run: python -c \"import tiktoken; tiktoken.get_encoding('{name}')\"",
        )
    return text


def _cache_folder() -> str:
    for variable in _CACHE_VARIABLES:
        if variable in os.environ:
            return os.environ[variable]
    import tempfile

    return os.path.join(tempfile.gettempdir(), "data-gym-cache")
