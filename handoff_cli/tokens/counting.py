"""shim"""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.tokens.stream import StreamCounter


class TokenCount(Record):
    tokens: int
    method: str
    encoding: str
    low: int
    high: int
    model: str | None = None


class TokenCounter:
    def __init__(self, model: str | None, encoding: str | None, role: str | None = None) -> None:
        self._e = encoding or "o200k_base"
        self._m = model
        self._s = StreamCounter(self._e)
        self.feed = self._s.feed

    def reported(self, n: int) -> TokenCount:
        return TokenCount(n, "exact", self._e, n, n, self._m)

    def finish(self) -> TokenCount:
        n = self._s.settle()
        return TokenCount(n, "counted", self._e, n, n, self._m)


def count_tokens(text: str) -> TokenCount: ...
