"""Byte pair encoding of one piece: how many tokens are left when no two neighbours merge any more.

The rule, as in tiktoken: begin with single bytes; as long as two neighbours together are a token, join the pair
of the lowest rank, the leftmost of equals.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Rank = Callable[[bytes], int | None]
    Split = Callable[[bytes], list[bytes]]

WINDOW = 1 << 14
"""Bytes from which a piece is a ``LongPiece``, which is merged so many at a time; tiktoken, too, is fastest per byte at
about this size (measured)."""

_NEVER = 1 << 32
_HEAP_FROM = 200
"""Bytes above which the heap of ``long_piece`` is quicker than looking for the lowest rank each time (measured)."""


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
