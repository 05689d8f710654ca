"""Plain text: what every other reader has refused, read as one long message."""

from __future__ import annotations

from handoff_cli.transcripts.events import Said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = None

_PIECE_CHARS = 1 << 18


def sniff(head: str) -> float:  # noqa: ARG001 (the protocol)
    """Anything can be text."""
    return 0.05


def events(source: Source) -> Iterator[Event]:
    """Yield the text in pieces that end at line ends; nobody is known to have said it."""
    piece: list[str] = []
    size = 0
    for line in source.lines():
        piece.append(line.decode("utf-8", "replace"))
        size += len(line) + 1
        if size > _PIECE_CHARS:
            yield _said(piece)
            piece, size = [], 0
    yield _said(piece)


def _said(piece: list[str]) -> Said:
    return Said("user", "\n".join(piece) + "\n", visible=False)
