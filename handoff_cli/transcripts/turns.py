"""A conversation turn by turn: who said or did what, as people and programs read it."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said
from handoff_cli.transcripts.tools import command
from handoff_cli.transcripts.values import compact_json, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.events import Event


class Turn(Record):
    """One turn: its ``role`` (``user``, ``assistant``, ``tool``, ``system``), the ``text``, the ``time`` where known.

    A ``tool`` turn is a call with its answer: ``name`` is the tool's, ``failed`` None where the answer does not tell.
    """

    role: str
    text: str
    time: str | None = None
    name: str | None = None
    failed: bool | None = None


def turns(events: Iterable[Event]) -> Iterator[Turn]:
    """Yield the turns of ``events`` in order; an answer that comes late is a turn of its own."""
    called: dict[str, Called] = {}
    last = ""
    for event in events:
        if last and not (isinstance(event, Returned) and event.id == last):
            yield _call(called[last])
            last = ""
        if isinstance(event, Said) and event.text.strip():
            role = event.role if event.visible or event.kind else "system"
            yield Turn(role, printable(event.text), event.time, event.kind or None)
        elif isinstance(event, Called):
            called[event.id] = event
            last = event.id
        elif isinstance(event, Returned) and event.id in called:
            call = _call(called[event.id])
            answer = printable(event.text)
            text = "\n".join(filter(None, (call.text, answer))) if event.id == last else answer
            if text:
                yield call.replace(text=text, failed=event.failed if event.exit_code is None else event.exit_code != 0)
            last = ""
        elif isinstance(event, Compacted):
            yield Turn("system", "The conversation was compacted here.", event.time)
    if last:
        yield _call(called[last])


def _call(event: Called) -> Turn:
    run = command(event.name, event.input)
    text = f"$ {run}" if run else compact_json(event.input)
    return Turn("tool", printable(text), event.time, printable(event.name))
