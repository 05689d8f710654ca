"""The text that is in the context now, piece by piece, for counting; and what each response added to it.

Where no usage is recorded the pieces are counted; where it is, a tokenizer can be measured by what it grew for them.
"""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.transcripts.events import Called, Compacted, Outdated, Returned, Said, Seen, Started, Used
from handoff_cli.transcripts.values import compact_json, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

PIECE_CHARS = 1 << 18


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
        if size > PIECE_CHARS:
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
        yield event.role, printable(event.text)
    elif isinstance(event, Called) and not event.nested:
        yield "assistant", printable(event.name)
        arguments = compact_json(event.input)
        if arguments:
            yield "assistant", printable(arguments)
    elif isinstance(event, Returned) and event.text and not event.repeated:
        yield "tool", printable(event.text)


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
