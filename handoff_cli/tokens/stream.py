"""Counting text as it comes: exact whatever the chunks, in constant memory whatever the length.

A cut is exact where a piece ends whatever follows: before a space or tab that follows anything but white space, and
before a newline that follows an ASCII letter or digit. Text is buffered up to such a cut and counted. Where there is
none for long, ``uncut`` takes over.
"""

from __future__ import annotations

import re

from handoff_cli.constants import DEFAULT_ENCODING
from handoff_cli.tokens.cold import COLD_CHARS, cold_counter
from handoff_cli.tokens.splitter import without_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.tokens.bulk import Engine, Tally
    from handoff_cli.tokens.uncut import Run

CHUNK_CHARS = 1 << 17

_CUT = r"\S(?=[ \t])|[A-Za-z](?=[\x00-&(-@\[-`{-\x7f])|[0-9](?=[\nA-Za-z])"  # compiled once a text is long
_NEAR_END = 1 << 10


class StreamCounter:
    """Counts the tokens of a text that is fed bit by bit.

    Args:
        encoding: The encoding to count in.
        cold_chars: Characters to buffer before an engine for large text is loaded.
        chunk_chars: Characters to count at a time then.

    Raises:
        UnknownEncodingError: No such encoding, or its vocabulary is not on this machine.
    """

    def __init__(
        self, encoding: str = DEFAULT_ENCODING, *, cold_chars: int = COLD_CHARS, chunk_chars: int = CHUNK_CHARS
    ) -> None:
        self.encoding = encoding
        self._cold = cold_counter(encoding)
        self._chunk_chars = chunk_chars
        self._limit = cold_chars
        self._waiting: list[str] = []
        self._waiting_chars = 0
        self._tokens = 0
        self._engine: Engine | None = None
        self._tally: Tally | None = None
        self._run: Run | None = None

    def feed(self, text: str) -> None:
        """Take the next bit of text; it may begin and end anywhere, even within a surrogate pair."""
        for at in range(0, len(text), self._chunk_chars):
            part = text[at : at + self._chunk_chars]
            self._waiting.append(part)
            self._waiting_chars += len(part)
            if self._waiting_chars > self._limit:
                self._limit = self._chunk_chars
                self._drain()

    def settle(self) -> int:
        """Return the tokens so far, as if the text ended here; what is fed afterwards is counted on top.

        The sum is the count of the whole text only where a cut is exact.
        """
        text = without_surrogates("".join(self._waiting))
        self._keep("")
        if self._run:
            text = self._follow(self._run, text, final=True)
        if self._engine is None:
            self._tokens += self._cold.count(text)
        elif text:
            self._count(text)
        return self._tokens + (self._tally.total() if self._tally else 0)

    def _drain(self) -> None:
        text = "".join(self._waiting)
        half_pair = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        text = without_surrogates(text[: len(text) - len(half_pair)])
        while self._run or len(text) >= self._chunk_chars:
            text = self._follow(self._run, text) if self._run else self._take_chunk(text)
            if not text:
                break
        self._keep(text + half_pair)

    def _keep(self, text: str) -> None:
        self._waiting = [text]
        self._waiting_chars = len(text)

    def _take_chunk(self, text: str) -> str:
        chunk = text[: self._chunk_chars]
        if cut := _last_cut(chunk):
            self._count(chunk[:cut])
            return text[cut:]
        from handoff_cli.tokens.uncut import Run, final_pieces

        pieces = final_pieces(chunk, self._cold)
        if not pieces:
            self._run = Run(self._cold, self._loaded().split, chunk)
            return text
        size = sum(map(len, pieces))
        if pieces[-1][-1].isspace():
            self._tokens += self._cold.count_pieces(pieces)
        else:
            self._count(chunk[:size])
        return text[size:]

    def _follow(self, run: Run, text: str, *, final: bool = False) -> str:
        text = run.feed(text, final=final)
        if run.ended:
            self._tokens += run.tokens()
            self._run = None
        return text

    def _count(self, chunk: str) -> None:
        if self._tally is None:
            from handoff_cli.tokens.bulk import Tally

            self._tally = Tally(self._loaded())
        self._tally.add(chunk)

    def _loaded(self) -> Engine:
        if self._engine is None:
            from handoff_cli.tokens.bulk import engine_of

            self._engine = engine_of(self.encoding, self._cold)
        return self._engine


def _last_cut(text: str) -> int:
    """Return where the last exact cut in ``text`` lies, 0 where there is none."""
    cut, cuts = None, re.compile(_CUT)
    for start in (max(0, len(text) - _NEAR_END), 0):
        for cut in cuts.finditer(text, start):  # noqa: B007 (the last one is used)
            pass
        if cut:
            return cut.end()
    return 0
