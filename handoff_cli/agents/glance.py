"""What the two ends of any agent's log tell, for lists of many logs.

A reader may help with ``LAST``, a pattern whose last match in a long document is the figure of the last response, and
``beside(path)``, the events that files beside the log tell.
"""

from __future__ import annotations

import os

from handoff_cli.agents.readers import reader_of
from handoff_cli.core.patterns import compiled
from handoff_cli.core.record import Record
from handoff_cli.errors import HandoffError
from handoff_cli.redaction import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, BinaryIO

    from handoff_cli.agents.search import Log
    from handoff_cli.transcripts.source import Source

HEADS = (1 << 13, 1 << 16)
"""As many bytes of the beginning are read as are needed to find a request, at most the last."""
TAILS = (1 << 13, 1 << 16, 1 << 18)
WHOLE = 1 << 20
"""A document cannot be understood from its end: up to here it is read whole, past it only ``LAST`` is looked for."""
_TITLE_CHARS = 200
_SEARCHED_CHARS = 4_000
"""For secrets, before a title is cut out: half of one could not be told."""
_LINES = (".jsonl", ".md", ".txt")


class Glance(Record):
    """The first request in one line, and the last figure of the context: its tokens, by ``method``, in ``window``.

    The request comes without its secrets. None is what the ends do not tell.
    """

    title: str | None = None
    tokens: int | None = None
    method: str | None = None
    window: int | None = None
    model: str | None = None
    version: str | None = None


def glance(log: Log) -> Glance:
    """Return what the ends of ``log`` tell; nothing of a log that cannot be read."""
    from handoff_cli.transcripts.source import Source

    try:
        source, reader = Source(log.path), reader_of(log.format)
        return _of_database(source, reader) if source.session else _of_file(log.path, reader)
    except (HandoffError, OSError):
        return Glance()


def _of_database(source: Source, reader: Any) -> Glance:
    events = reader.events(source)
    title = _folded(events, only_title=True).title
    events.close()
    latest = getattr(reader, "latest", None)
    told = (latest(source) if latest else None) or {}
    known = {name: told[name] for name in ("tokens", "window", "model", "version") if told.get(name)}
    return Glance(title=title, method=told.get("method", "exact") if known.get("tokens") else None).replace(**known)


def _of_file(path: str, reader: Any) -> Glance:
    from handoff_cli.transcripts.source import Source, plain

    with open(path, "rb", opener=plain) as stream:
        size = os.fstat(stream.fileno()).st_size
        if path.endswith(_LINES):
            found = _from_lines(stream, size, path, reader)
        elif size <= WHOLE:
            found = _folded(reader.events(Source(path, stream.read())))
        else:
            found = _from_long_document(stream, size, path, reader)
    beside = getattr(reader, "beside", None)
    return _folded(beside(path), found) if beside else found


def _from_lines(stream: BinaryIO, size: int, path: str, reader: Any) -> Glance:
    from handoff_cli.transcripts.source import Source

    title = _title(stream, size, path, reader)
    found = Glance()
    for length in TAILS:
        start = max(size - length, 0)
        stream.seek(start)
        end = stream.read(length)
        if start:
            end = end.partition(b"\n")[2]
        found = _folded(reader.events(Source(path, end)))
        if found.tokens is not None or not start:
            break
    return found.replace(title=title)


def _title(stream: BinaryIO, size: int, path: str, reader: Any) -> str | None:
    from handoff_cli.transcripts.source import Source

    for length in HEADS:
        stream.seek(0)
        title = _folded(reader.events(Source(path, stream.read(length))), only_title=True).title
        if title or length >= size:
            return title
    return None


def _from_long_document(stream: BinaryIO, size: int, path: str, reader: Any) -> Glance:
    found = Glance(title=_title(stream, size, path, reader))
    pattern = getattr(reader, "LAST", None)
    if pattern is None:
        return found
    stream.seek(size - TAILS[-1])
    figures = compiled(pattern).findall(stream.read())
    return found.replace(tokens=int(figures[-1]) or None, method="exact") if figures else found


def _folded(events: Iterable[Any], found: Glance | None = None, *, only_title: bool = False) -> Glance:
    """Return ``found`` with what ``events`` add; a compaction takes the figure before it away."""
    from handoff_cli.transcripts.events import Compacted, Outdated, Said, Seen, Used
    from handoff_cli.transcripts.values import first_line

    values = (found or Glance()).to_dict()
    for event in events:
        if isinstance(event, Used):
            values.update(tokens=event.tokens or None, method=event.method, window=event.window or values["window"])
        elif isinstance(event, Compacted | Outdated):
            values.update(tokens=None)
        elif isinstance(event, Seen):
            values.update(
                {name: getattr(event, name) for name in ("model", "version", "window") if getattr(event, name)}
            )
        elif isinstance(event, Said) and event.role == "user" and event.visible and not values["title"]:
            words = event.text if event.words is None else event.words
            values["title"] = first_line(redact(first_line(words, _SEARCHED_CHARS)), _TITLE_CHARS) or None
            if only_title and values["title"]:
                break
    return Glance(**values)
