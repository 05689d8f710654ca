"""What each response added to the context, beside the text that was added: what a tokenizer can be measured by."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.transcripts.events import Compacted, Outdated, Seen, Started, Used
from handoff_cli.transcripts.texts import pieces_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.events import Event


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
