"""Byte pair encoding of pieces that are long: a page of one letter, a blob in base64. The rule is that of ``cold``."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from handoff_cli.tokens.cold import WINDOW, split_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.tokens.cold import Rank, Split

_HELD = 32
"""Tokens held back at a seam: enough in practice, and with the longest token (128 bytes) far less than a window."""


def merge_with_heap(piece: bytes, rank: Rank) -> list[bytes]:
    """Return the tokens of ``piece``, in a time that grows little faster than its length."""
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


class LongPiece:
    """Counts the tokens of one piece of any length in constant memory, and in linear time.

    The piece is merged a window at a time; the last tokens of each window are held back and merged again with what
    follows. What makes the seams exact: a row of tokens is the encoding of its bytes if, and only if, each two
    neighbours are the encoding of theirs. (Consider the first merge across a boundary while the whole is encoded.
    Until then both neighbours were merged as if they were alone, so that pair alone would make the same merge.) So
    it is enough to look at the one pair at a seam, and to take back settled tokens until the pair there holds. Those
    of one window are kept for that; a text that needed more would be an IndexError, never a wrong count.

    Args:
        rank: Gives the rank of a token, None for what is none.
        split: Splits bytes into tokens, where something quicker than ``split_tokens`` is at hand.
    """

    def __init__(self, rank: Rank, split: Split | None = None) -> None:
        self._rank = rank
        self._split = split or (lambda data: split_tokens(data, rank))
        self._settled = 0
        self._last: list[bytes] = []
        self._next = b""
        self._pending = b""
        self._known: tuple[bytes, list[bytes]] = (b"", [])

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the piece."""
        at = 0
        while at < len(data):
            until = at + max(WINDOW - len(self._pending), 1)
            self._pending += data[at:until]
            at = until
            if len(self._pending) >= WINDOW:
                self._settle()

    def count(self) -> int:
        """Return the number of tokens in the piece if it ended here; more may be fed afterwards."""
        if not self._settled:
            return 1 if self._rank(self._pending) is not None else len(self._tokens())
        # Joining may take settled tokens back; they are put back as they were.
        before = self._settled, self._last.copy(), self._next, self._pending
        tokens = len(self._joined()) + self._settled
        self._settled, self._last, self._next, self._pending = before
        return tokens

    def _settle(self) -> None:
        tokens = self._joined()
        self._last, held = tokens[:-_HELD], tokens[-_HELD:]
        self._settled += len(self._last)
        self._next = held[0]
        self._pending = b"".join(held)

    def _joined(self) -> list[bytes]:
        tokens = self._tokens()
        while self._settled and tokens and not self._may_follow(tokens[0]):
            self._next = self._last.pop()
            self._settled -= 1
            self._pending = self._next + self._pending
            tokens = self._tokens()
        return tokens

    def _may_follow(self, token: bytes) -> bool:
        last = self._last[-1]
        return token == self._next or split_tokens(last + token, self._rank) == [last, token]

    def _tokens(self) -> list[bytes]:
        # A run of one character gives the same window again and again.
        if self._known[0] != self._pending:
            self._known = (self._pending, self._split(self._pending))
        return self._known[1]
