"""Vocabularies that do not ship with the package, out of the folder where tiktoken keeps what it downloaded."""

from __future__ import annotations

import hashlib
import os

from handoff_cli.errors import UnknownEncodingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_PUBLIC = "https://openaipublic.blob.core.windows.net/encodings/"
_CACHE_VARIABLES = ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")

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


def cached_vocabulary(encoding: str, name: str) -> CachedVocabulary:
    """Return the ranks ``name`` of ``encoding``; raises UnknownEncodingError where tiktoken has not kept them."""
    return CachedVocabulary(name, _cached(encoding, name))


def _cached(encoding: str, name: str) -> bytes:
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
