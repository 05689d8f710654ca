"""How the context grew: its text piece by piece, what each response added, and whether a line in tokens was crossed.

Where no usage is recorded the pieces are counted; where it is, a tokenizer can be measured by what it grew for them.
"""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.core.transcript import Compaction
from handoff_cli.transcripts.events import Called, Compacted, Outdated, Returned, Said, Seen, Started, Turned, Used
from handoff_cli.transcripts.source import Source, lines_backwards, plain
from handoff_cli.transcripts.tail import TailState, grows
from handoff_cli.transcripts.values import compact_json, encodable, objects_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, BinaryIO

    from handoff_cli.transcripts.events import Event

_PIECE_CHARS = 1 << 18


def since_last_compaction(read: Callable[[], Iterable[Event]]) -> Iterator[tuple[str, str]]:
    """Yield ``(role, text)`` of what follows the last compaction or start; ``read`` reads the events anew."""
    start = 0
    for number, event in enumerate(read(), 1):
        if isinstance(event, Compacted | Started):
            start = number
    for number, event in enumerate(read(), 1):
        if number > start:
            yield from pieces_of(event)


def as_it_stands(source: Source) -> Iterator[tuple[str, str]]:
    """Yield ``(role, text)`` of a text of which every character counts, in pieces that end at a line."""
    piece: list[str] = []
    size = 0
    for line in source.lines():
        piece.append(line.decode("utf-8", "replace") + "\n")
        size += len(line) + 1
        if size > _PIECE_CHARS:
            yield "user", "".join(piece)
            piece, size = [], 0
    if piece:
        yield "user", "".join(piece)


def as_it_grows(events: Iterable[Event]) -> Iterator[tuple[str, str] | None]:
    """Yield ``(role, text)`` of each piece of ``events``, and None where all before it has left the context."""
    for event in events:
        if isinstance(event, Compacted | Started):
            yield None
        yield from pieces_of(event)


def pieces_of(event: Event) -> Iterator[tuple[str, str]]:
    """Yield ``(role, text)`` of what one event puts into the context."""
    if isinstance(event, Said) and event.text:
        yield event.role, encodable(event.text)
    elif isinstance(event, Called) and not event.nested:
        yield "assistant", encodable(event.name)
        arguments = compact_json(event.input)
        if arguments:
            yield "assistant", encodable(arguments)
    elif isinstance(event, Returned) and event.text and not event.repeated:
        yield "tool", encodable(event.text)


class Delta(Record):
    """The context grew by ``tokens`` from one response of ``model`` to the next, for ``(role, text)`` in ``pieces``."""

    model: str
    tokens: int
    pieces: tuple[tuple[str, str], ...]


def deltas(events: Iterable[Event]) -> Iterator[Delta]:
    """Yield what lies between each two responses that report their usage, in the ``events`` of a transcript.

    A compaction, a new session or a change of model begins anew; so does a fall, as when something was taken back.
    """
    stretch = _Stretch()
    for event in events:
        if isinstance(event, Used):
            delta = stretch.used(event)
            if delta:
                yield delta
        else:
            stretch.see(event)


class _Stretch:
    def __init__(self) -> None:
        self.model = self.measured = ""
        self._restart()

    def _restart(self) -> None:
        self.tokens: int | None = None
        self.key: object = None
        self.pieces: list[tuple[str, str]] = []

    def see(self, event: Event) -> None:
        if isinstance(event, Seen):
            self.model = event.model or self.model
        elif isinstance(event, Compacted | Started | Outdated):
            self._restart()
        else:
            self.pieces += pieces_of(event)

    def used(self, event: Used) -> Delta | None:
        """Take in a usage; the rows of one response report the same one, and what they say comes after it."""
        if event.key is not None and event.key == self.key:
            return None
        grown = event.tokens - (event.tokens if self.tokens is None else self.tokens)
        pieces = tuple(self.pieces)
        comparable = event.method == "exact" and self.model == self.measured
        self.tokens, self.key, self.pieces, self.measured = event.tokens, event.key, [], self.model
        return Delta(self.model, grown, pieces) if comparable and grown > 0 and pieces else None


def compaction_before(path: str, reader: Any, end: int) -> int:
    """Return the offset in bytes of the row at which the context begins: the last compaction's, or 0.

    Codex writes two rows for one compaction, the first of which holds the summary.
    """
    last: int | None = None
    with open(path, "rb", opener=plain) as stream:
        for offset, compacted in _telling(stream, reader, 0, end):
            if last is not None:
                return offset if compacted else last
            if compacted:
                last = offset
    return last or 0


def compactions_between(path: str, reader: Any, start: int, end: int) -> int:
    """Return how many compactions the rows between two offsets in bytes record; rows that follow each other are one."""
    count, last = 0, False
    with open(path, "rb", opener=plain) as stream:
        for _, compacted in _telling(stream, reader, start, end):
            count += compacted and not last
            last = compacted
    return count


def compactions_since(path: str, reader: Any, size: int) -> int:
    """Return how many compactions a log tells of that had ``size`` bytes before, read whole.

    What stood in a document of JSON or a database before nobody knows: of several since then one is seen.
    """

    def count(part: tuple[int, int] | None) -> int:
        return sum(isinstance(event, Compacted) for event in reader.events(Source(path, part=part)))

    if not Source(path).is_jsonl():
        return min(count(None), 1)
    return max(count(None) - count((0, size)), 0)


def check_rows(state: TailState, reader: Any) -> None:
    """Raise InputError if not one of the lines that were read can be; a line still being written is no fault."""
    source = Source(state.path, part=(0, state.offset))
    if grows(reader) and next(source.rows(), None) is None and source.malformed:
        raise source.not_understood(state.format)


def texts_between(
    path: str, reader: Any, start: int, end: int, progress: Callable[[int, int], None] | None = None
) -> Iterator[tuple[str, str] | None]:
    """Yield ``(role, text)`` of what lies between two offsets in bytes, and None where what came before is gone."""
    source = Source(path, progress=progress, part=(start, end))
    return as_it_grows(reader.events(source))


def _telling(stream: BinaryIO, reader: Any, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """Yield ``(offset, is a compaction)`` of the rows that tell of the context, the last one first."""
    for offset, line in lines_backwards(stream, start, end):
        if any(mark in line for mark in reader.TELLING):
            for row in reversed(objects_on(line)):
                if (event := reader.usage_of(row)) is not None:
                    yield offset, isinstance(event, Compacted)


class Trip(Record):
    """What a trip line would have meant for one compaction.

    ``position`` and ``time`` are those of the first response at or above the line since the last compaction, ``tokens``
    what it reported: all None if the line was missed. ``peak`` is the most any response reported before this
    compaction. Between the trip and the compaction lay ``responses``, and ``turns``: ends of a turn or new prompts,
    at which a handoff can be written in peace. ``figures`` is what each response reported since the last compaction.
    """

    compaction: Compaction
    peak: int | None
    position: int | None
    tokens: int | None
    time: str | None
    responses: int
    turns: int
    figures: tuple[int, ...] = ()

    def missed(self) -> bool:
        """Tell whether the context was compacted without any response having reached the line."""
        return self.position is None


def replay(source: Source, events: Iterable[Event], trip_line: int) -> Iterator[Trip]:
    """Yield a ``Trip`` for each compaction in the ``events`` of ``source``, given a ``trip_line`` in tokens."""
    segment = _Segment(trip_line)
    for event in events:
        if isinstance(event, Compacted):
            yield segment.ended(event, source.position)
        if isinstance(event, Compacted | Started):
            segment = _Segment(trip_line)
        segment.see(event, source.position)


class _Segment:
    """The stretch between two compactions."""

    def __init__(self, trip_line: int) -> None:
        self.trip_line = trip_line
        self.peak: int | None = None
        self.last: int | None = None
        self.tripped: tuple[int, int, str | None] | None = None
        self.response: Any = None
        self.responses = self.turns = 0
        self.figures: list[int] = []
        self.waiting = False

    def see(self, event: Event, position: int) -> None:
        if isinstance(event, Used):
            self._used(event, position)
        elif isinstance(event, Turned):
            self.turns += self.tripped is not None
            self.waiting = True
        elif isinstance(event, Said) and event.visible:
            if event.role == "user" and not self.waiting:
                self.turns += self.tripped is not None
            self.waiting = False

    def _used(self, event: Used, position: int) -> None:
        self.last = event.tokens
        if event.key is None or event.key != self.response or not self.figures:
            self.figures.append(event.tokens)
        self.figures[-1] = event.tokens
        self.peak = max(self.peak or 0, event.tokens)
        if self.tripped:
            self.responses += event.key is None or event.key != self.response
        elif event.tokens >= self.trip_line:
            self.tripped = (position, event.tokens, event.time)
        self.response = event.key

    def ended(self, event: Compacted, position: int) -> Trip:
        before = self.last if event.before is None else event.before
        compaction = Compaction(position, event.trigger, event.time, before, event.after)
        where, tokens, time = self.tripped or (None, None, None)
        return Trip(compaction, self.peak, where, tokens, time, self.responses, self.turns, tuple(self.figures))
