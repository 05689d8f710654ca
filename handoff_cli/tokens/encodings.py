"""The encodings there are: where the vocabulary of each lies, and how it cuts text into pieces.

Nothing here ever reaches for the network: a vocabulary ships with the package, or lies in tiktoken's cache folder,
or is unknown. Names, addresses and sums are those of ``tiktoken_ext/openai_public.py`` (0.14).
"""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.errors import UnknownEncodingError
from handoff_cli.tokens.vocabulary import Vocabulary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from handoff_cli.tokens.cached import CachedVocabulary

    Ranks: TypeAlias = "Vocabulary | CachedVocabulary"


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


def source_of(encoding: str) -> Source:
    """Return what ``encoding`` is made of; raises UnknownEncodingError for a name that tiktoken does not know."""
    try:
        return SOURCES[encoding]
    except KeyError:
        raise UnknownEncodingError(f"there is no encoding {encoding}", f"encodings: {', '.join(SOURCES)}") from None


def ranks_of(encoding: str) -> Ranks:
    """Return the vocabulary of ``encoding``; raises UnknownEncodingError when it is nowhere on this machine."""
    name = source_of(encoding).ranks
    if name in SHIPPED:
        return Vocabulary(name)
    from handoff_cli.tokens.cached import cached_vocabulary

    return cached_vocabulary(encoding, name)
