"""The cold counter: exact counts within milliseconds of the start of Python, for texts up to some hundred kilobytes.

Only the standard library is loaded, and nothing is parsed: the vocabulary is mapped, the splitter is one ``re``.
"""

from __future__ import annotations

from handoff_cli.tokens.merge import split_tokens
from handoff_cli.tokens.splitter import Splitter, without_surrogates
from handoff_cli.tokens.vocabulary import Vocabulary

_MAX_KNOWN = 1 << 16
_MAX_KNOWN_CHARS = 64


class _Counts(dict[str, int]):
    """Piece -> number of tokens, worked out when a piece is first met."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._rank = vocabulary.rank

    def __missing__(self, piece: str) -> int:
        data = piece.encode()
        count = 1 if self._rank(data) is not None else len(split_tokens(data, self._rank))
        if len(piece) <= _MAX_KNOWN_CHARS and len(self) < _MAX_KNOWN:
            self[piece] = count
        return count


class ColdCounter:
    """Counts tokens of one encoding that ships with the package, equal to tiktoken's ``encode_ordinary``."""

    def __init__(self, name: str) -> None:
        self._pieces = Splitter(name).pieces
        self._counts = _Counts(Vocabulary(name))

    def count(self, text: str) -> int:
        """Return the number of tokens in ``text``; special tokens such as ``<|endoftext|>`` are plain text."""
        return sum(map(self._counts.__getitem__, self._pieces(without_surrogates(text))))
