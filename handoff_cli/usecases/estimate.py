"""Counting the text of a log that reports no usage, from where the last count ended.

What the agent puts into the window beside the conversation is in no log: its instructions, and its tools'.
"""

from __future__ import annotations

from handoff_cli.agents.readers import iter_texts, reader_of
from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, Self

    from handoff_cli.models.lookup import Calibration
    from handoff_cli.tokens.count import TextCounter
    from handoff_cli.transcripts.tail import TailState

    Progress = Callable[[int, int], None]
    """Called now and then with the bytes read and the bytes there are."""

UNSEEN_TOKENS = 60_000
"""What agents hold at their first response beyond the text before it, at most but for one of 40 real sessions; 7,000 to
39,000 are usual."""

_UNSEEN_SHARE = 0.1


class Estimate(Record):
    """Tokens counted in the first ``offset`` bytes of a transcript that only grows: plain values, kept as JSON.

    ``model`` and ``encoding`` are what was counted for; ``last`` is a sum of the last piece, which an agent may write
    a second time in the row that follows. ``answered`` is 1 where the agent has said or called anything, 2 where
    something came after that: then a response is complete.
    """

    offset: int
    tokens: int
    low: int
    high: int
    last: int
    model: str | None
    encoding: str
    note: str = ""
    answered: int = 0

    @classmethod
    def from_dict(cls, values: Any) -> Self | None:
        """Return the estimate kept as ``to_dict`` gave it, None if it is not one: counting then starts over."""
        if not isinstance(values, dict) or set(values) != set(cls._fields):
            return None
        counts = all(type(values[name]) is int and values[name] >= 0 for name in cls._fields[:5])
        texts = isinstance(values["encoding"], str) and isinstance(values["note"], str)
        texts = texts and values["answered"] in (0, 1, 2)
        return cls(**values) if counts and texts else None

    def most(self, *, of_agent: bool) -> int:
        """Return the most tokens there may be with what is in no log: what an agent adds, or a little to a text."""
        if of_agent:
            return self.high + max(UNSEEN_TOKENS, round(self.tokens * _UNSEEN_SHARE))
        return self.high + round(self.tokens * _UNSEEN_SHARE) * (self.low == self.high)


def estimate(
    tail: TailState,
    before: tuple[TailState, Estimate] | None,
    model: str | None,
    encoding: str | None,
    calibrations: Mapping[str, Calibration],
    progress: Progress | None = None,
) -> Estimate:
    """Return the tokens of the text that is in the context of the transcript ``tail`` was read from.

    Args:
        tail: How far it was read.
        before: The last reading and its estimate, from which counting goes on where the file has only grown.
        model: The id of the model whose tokens are meant.
        encoding: A tiktoken encoding; goes before the model's.
        calibrations: The user's own factors, by model.
        progress: Called now and then with the bytes read and the bytes there are.

    Raises:
        InputError: the transcript cannot be read.
        UnknownEncodingError: the encoding asked for is not at hand.
    """
    from handoff_cli.transcripts.growth import compaction_before, texts_between
    from handoff_cli.transcripts.tail import grows

    sums = _Sums(model, encoding, calibrations)
    reader = reader_of(tail.format)
    if not grows(reader):
        sums.take(iter_texts(tail.path, tail.format))
        return sums.estimate(tail.offset)
    start = sums.go_on(tail, before)
    if start is None:
        start = compaction_before(tail.path, reader, tail.offset)
    sums.take(texts_between(tail.path, reader, start, tail.offset, progress))
    return sums.estimate(tail.offset)


class _Sums:
    def __init__(self, model: str | None, encoding: str | None, calibrations: Mapping[str, Calibration]) -> None:
        from handoff_cli.tokens.count import TextCounter

        self._new_counter: Callable[[], TextCounter] = lambda: TextCounter(model, encoding, calibrations=calibrations)
        self._model, self._asked = model, encoding
        self.encoding = self._new_counter().encoding
        self._figures = [0, 0, 0]
        self._last = 0
        self._note = ""
        self._answered = 0
        self._overheads: dict[str, int] = {}

    def go_on(self, tail: TailState, before: tuple[TailState, Estimate] | None) -> int | None:
        """Take over what was counted and return the offset where it ended, None where counting must start over."""
        from handoff_cli.transcripts.tail import is_continued

        if before is None:
            return None
        state, old = before
        same = (state.path, old.model, old.encoding) == (tail.path, self._model, self.encoding)
        if not same or old.offset != state.offset or not is_continued(tail.path, state):
            return None
        self._figures = [old.tokens, old.low, old.high]
        self._last, self._note, self._answered = old.last, old.note, old.answered
        return old.offset

    def take(self, pieces: Iterator[tuple[str, str] | None] | Iterator[tuple[str, str]]) -> None:
        from zlib import crc32

        for piece in pieces:
            if piece is None:
                self._figures, self._last, self._answered = [0, 0, 0], 0, 0
                continue
            role, text = piece
            if self._answered or role == "assistant":
                self._answered = max(self._answered, 1 if role == "assistant" else 2)
            last, self._last = self._last, crc32(f"{role}\n{text}".encode("utf-8", "surrogatepass"))
            if self._last != last:
                self._add(role, text)

    def _add(self, role: str, text: str) -> None:
        from handoff_cli.tokens.messages import message_overhead

        counter = self._new_counter()
        counter.feed(text)
        count = counter.result()
        if role not in self._overheads:
            self._overheads[role] = message_overhead(role, self._model, self._asked).tokens
        more = self._overheads[role]
        self._note = count.note or self._note
        self._figures = [
            a + b + more for a, b in zip(self._figures, (count.tokens, count.low, count.high), strict=True)
        ]

    def estimate(self, offset: int) -> Estimate:
        tokens, low, high = self._figures
        model, encoding = self._model, self.encoding
        return Estimate(offset, tokens, low, high, self._last, model, encoding, self._note, self._answered)
