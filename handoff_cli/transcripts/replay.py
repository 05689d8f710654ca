"""Would a warning have come in time? A transcript replayed against a line in tokens, compaction by compaction."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.core.transcript import Compaction
from handoff_cli.transcripts.events import Compacted, Said, Started, Turned, Used

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source


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
