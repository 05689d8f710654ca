"""The cold counter: exact counts within milliseconds of the start of Python, for texts up to some hundred kilobytes.

Only the standard library is loaded, and nothing is parsed: the vocabulary is mapped, the splitter is one ``re``. A
piece that is no token is byte pair encoded by tiktoken's rule: begin with single bytes; as long as two neighbours
together are a token, join the pair of the lowest rank, the leftmost of equals.
"""

from __future__ import annotations

from handoff_cli.tokens.encodings import ranks_of, source_of
from handoff_cli.tokens.splitter import Splitter, without_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoff_cli.tokens.encodings import Ranks

    Rank = Callable[[bytes], int | None]
    Split = Callable[[bytes], list[bytes]]

WINDOW = 1 << 14
"""Bytes from which a piece is a ``LongPiece``, which is merged so many at a time; tiktoken, too, is fastest per byte at
about this size (measured)."""

COLD_CHARS = 1 << 19
"""Characters up to which the cold counter beats loading an engine (measured: it is level at about twice as many)."""

_NEVER = 1 << 32
_HEAP_FROM = 200
"""Bytes above which the heap of ``long_piece`` is quicker than looking for the lowest rank each time (measured)."""

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


def split_tokens(piece: bytes, rank: Rank) -> list[bytes]:
    """Return the tokens of ``piece``; ``rank`` gives the rank of a token, None for what is none."""
    if len(piece) <= _HEAP_FROM:
        return _merge(piece, rank)
    from handoff_cli.tokens.long_piece import merge_with_heap

    return merge_with_heap(piece, rank)


def _merge(piece: bytes, rank: Rank) -> list[bytes]:
    parts = [piece[at : at + 1] for at in range(len(piece))]
    ranks = [_or_never(rank(piece[at : at + 2])) for at in range(len(piece) - 1)]
    while ranks and (lowest := min(ranks)) != _NEVER:
        at = ranks.index(lowest)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
        del ranks[at]
        if at:
            ranks[at - 1] = _or_never(rank(parts[at - 1] + parts[at]))
        if at < len(ranks):
            ranks[at] = _or_never(rank(parts[at] + parts[at + 1]))
    return parts


def _or_never(rank: int | None) -> int:
    return _NEVER if rank is None else rank
