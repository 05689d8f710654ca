"""The text that is in the context now, piece by piece, for counting where no usage is recorded."""

from __future__ import annotations

from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Started
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
