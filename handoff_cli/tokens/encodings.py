"""The encodings there are: where the vocabulary of each lies, and how it cuts text into pieces.

Nothing here ever reaches for the network: a vocabulary ships with the package, or lies in tiktoken's cache folder,
or is unknown. Names, addresses and sums are those of ``tiktoken_ext/openai_public.py`` (0.14).
"""

from __future__ import annotations

import os

from handoff_cli.core.record import Record
from handoff_cli.errors import UnknownEncodingError
from handoff_cli.tokens.vocabulary import Vocabulary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    Ranks: TypeAlias = "Vocabulary | CachedVocabulary"

_PUBLIC = "https://openaipublic.blob.core.windows.net/encodings/"
_CACHE_VARIABLES = ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")


class Source(Record):
    """What an encoding is made of: the name of its ranks, and the name of its pattern."""

    ranks: str
    pattern: str


SOURCES = {
    "o200k_base": Source("o200k_base", "o200k_base"),
    "o200k_harmony": Source("o200k_base", "o200k_base"),
    "cl100k_base": Source("cl100k_base", "cl100k_base"),
    "p50k_base": Source("p50k_base", "r50k_base"),
    "p50k_edit": Source("p50k_base", "r50k_base"),
    "r50k_base": Source("r50k_base", "r50k_base"),
    "gpt2": Source("r50k_base", "r50k_base"),
}
"""Encodings that differ in special tokens alone count plain text alike, so they share ranks; gpt2's are r50k_base's."""

SHIPPED = ("o200k_base", "cl100k_base")

CACHED_SHA256 = {
    "p50k_base": "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    "r50k_base": "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
}


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


def source_of(encoding: str) -> Source:
    """Return what ``encoding`` is made of; raises UnknownEncodingError for a name that tiktoken does not know."""
    try:
        return SOURCES[encoding]
    except KeyError:
        raise UnknownEncodingError(f"there is no encoding {encoding}", f"encodings: {', '.join(SOURCES)}") from None


def ranks_of(encoding: str) -> Ranks:
    """Return the vocabulary of ``encoding``; raises UnknownEncodingError when it is nowhere on this machine."""
    name = source_of(encoding).ranks
    return Vocabulary(name) if name in SHIPPED else CachedVocabulary(name, _cached(encoding, name))


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
