"""The cold counter: exact counts within milliseconds of the start of Python, for texts up to some hundred kilobytes.

Only the standard library is loaded, and nothing is parsed: the vocabulary is mapped, the splitter is one ``re``.
"""

from __future__ import annotations

from handoff_cli.tokens.encodings import ranks_of, source_of
from handoff_cli.tokens.merge import WINDOW, split_tokens
from handoff_cli.tokens.splitter import Splitter, without_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoff_cli.tokens.encodings import Ranks

_MAX_KNOWN = 1 << 16
_MAX_KNOWN_CHARS = 64

_counters: dict[str, ColdCounter] = {}


class _Counts(dict[str, int]):
    """Piece -> number of tokens, worked out when a piece is first met."""

    def __init__(self, ranks: Ranks) -> None:
        self._rank = ranks.rank

    def __missing__(self, piece: str) -> int:
        data = piece.encode()
        if self._rank(data) is not None:
            count = 1
        elif len(data) < WINDOW:
            count = len(split_tokens(data, self._rank))
        else:
            from handoff_cli.tokens.long_piece import LongPiece

            whole = LongPiece(self._rank)
            whole.feed(data)
            count = whole.count()
        if len(piece) <= _MAX_KNOWN_CHARS and len(self) < _MAX_KNOWN:
            self[piece] = count
        return count


class ColdCounter:
    """Counts tokens of one encoding, equal to tiktoken's ``encode_ordinary``, in pure Python.

    Args:
        encoding: Its name.

    Raises:
        UnknownEncodingError: No such encoding, or its vocabulary is not on this machine.
    """

    def __init__(self, encoding: str) -> None:
        source = source_of(encoding)
        self.pattern = source.pattern
        self.ranks = ranks_of(encoding)
        self.splitter = Splitter(source.pattern)
        self._counts = _Counts(self.ranks)

    def count(self, text: str) -> int:
        """Return the number of tokens in ``text``; special tokens such as ``<|endoftext|>`` are plain text."""
        return self.count_pieces(self.splitter.pieces(without_surrogates(text)))

    def count_pieces(self, pieces: Iterable[str]) -> int:
        """Return the number of tokens in ``pieces`` as the splitter makes them."""
        return sum(map(self._counts.__getitem__, pieces))


def cold_counter(encoding: str) -> ColdCounter:
    """Return this process's ``ColdCounter`` of ``encoding``, so that what it learned of pieces is kept."""
    if encoding not in _counters:
        _counters[encoding] = ColdCounter(encoding)
    return _counters[encoding]
