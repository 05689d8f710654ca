"""Byte pair encoding of one piece: how many tokens are left when no two neighbours merge any more.

The rule, as in tiktoken: begin with single bytes; as long as two neighbours together are a token, join the pair
of the lowest rank, the leftmost of equals.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Rank = Callable[[bytes], int | None]

_NEVER = 1 << 32
_HEAP_FROM = 200
"""Bytes above which a heap is quicker than looking for the lowest rank anew after each merge (measured)."""


def split_tokens(piece: bytes, rank: Rank) -> list[bytes]:
    """Return the tokens of ``piece``; ``rank`` gives the rank of a token, None for what is none."""
    return _merge_with_heap(piece, rank) if len(piece) > _HEAP_FROM else _merge(piece, rank)


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


def _merge_with_heap(piece: bytes, rank: Rank) -> list[bytes]:
    from heapq import heapify, heappop, heappush

    size = len(piece)
    ends = list(range(1, size + 1))
    before = list(range(-1, size - 1))

    def candidate(start: int) -> tuple[int, int, int] | None:
        middle = ends[start]
        if middle == size:
            return None
        found = rank(piece[start : ends[middle]])
        return None if found is None else (found, start, ends[middle])

    heap = [pair for start in range(size) if (pair := candidate(start))]
    heapify(heap)
    while heap:
        _, start, end = heappop(heap)
        middle = ends[start]
        # A pair is out of date when its left part was swallowed, or either part has grown since it was pushed.
        if not middle or middle == size or ends[middle] != end:
            continue
        ends[start], ends[middle] = end, 0
        if end < size:
            before[end] = start
        for left in (before[start], start):
            if left >= 0 and (pair := candidate(left)):
                heappush(heap, pair)
    starts = [start for start in range(size) if ends[start]]
    return [piece[start : ends[start]] for start in starts]


def _or_never(rank: int | None) -> int:
    return _NEVER if rank is None else rank
