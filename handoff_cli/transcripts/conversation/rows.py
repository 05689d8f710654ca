"""Messages as JSON inside a text: rows and whole documents go to the reader of their format."""

from __future__ import annotations

import re

from handoff_cli.transcripts.conversation.lines import LOOK_AHEAD
from handoff_cli.transcripts.events import Started, Used
from handoff_cli.transcripts.source import Source, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.conversation.talk import Placed, Talk

_BATCH_CHARS = 4 << 20
_HEAD_LINES = 60
_LEAST_SURE = 0.5
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_SIGNS = (
    '"role"',
    '"messages"',
    '"conversations"',
    '"mapping"',
    '"chat_messages"',
    '"sessionId"',
    '"payload"',
    '"type"',
    '"from"',
    '"parts"',
)


def take(talk: Talk) -> Iterator[Placed] | None:
    """Read the rows or the document that begins with the next line, if it holds messages; None where it does not."""
    text = talk.cursor.peek() or ""
    if text[:1] not in ("{", "["):
        return None
    if (
        len(text) > 1
        and text[-1:] in ("}", "]")
        and any(sign in text for sign in _SIGNS)
        and isinstance(decode(text), dict | list)
    ):
        return _rows(talk)
    head = "\n".join(filter(None, (talk.cursor.peek(ahead) for ahead in range(_HEAD_LINES))))
    if text.startswith(("{", "[")) and any(sign in head for sign in _SIGNS) and _format_of(head):
        return _document(talk)
    return None


def _format_of(head: str) -> str | None:
    """Return the format of JSON that begins with ``head``, None where it is none we read."""
    from handoff_cli.transcripts import READERS, reader_of

    sure, name = max((reader_of(name).sniff(head), name) for name in READERS if name not in ("text", "aider"))
    return name if sure >= _LEAST_SURE else None


def _rows(talk: Talk) -> Iterator[Placed]:
    """Read rows one below the other, a batch at a time."""
    yield from talk.said()
    number, rows, size = talk.cursor.next_number, [], 0
    while (text := talk.cursor.peek()) and text[0] in "{[" and text[-1] in "}]" and size < _BATCH_CHARS:
        rows.append(talk.cursor.take())
        size += len(rows[-1])
    name = _format_of("\n".join(rows)[: 1 << 16]) or talk.rows_format
    if name is None:
        for row in rows:
            yield from talk.say(row)
        return
    talk.rows_format = name
    yield from _read(Source(talk.source.path, "\n".join(rows).encode("utf-8", "surrogatepass")), name, number)


def _document(talk: Talk) -> Iterator[Placed]:
    """Read a document over several lines, to where its brackets close."""
    import os
    import tempfile

    yield from talk.said()
    number, depth, head = talk.cursor.next_number, 0, []
    with tempfile.NamedTemporaryFile("w", prefix="handoff-", delete=False, encoding="utf-8", errors="replace") as file:
        try:
            while (text := talk.cursor.peek()) is not None:
                file.write(talk.cursor.take() + "\n")
                if len(head) < LOOK_AHEAD:
                    head.append(text)
                bare = _QUOTED.sub("", text)
                depth += sum(map(bare.count, "{[")) - sum(map(bare.count, "}]"))
                if depth <= 0:
                    break
            file.close()
            name = _format_of("\n".join(head)[: 1 << 16])
            if name:
                yield from _read(Source(file.name), name, number)
        finally:
            os.unlink(file.name)


def _read(source: Source, name: str, number: int) -> Iterator[Placed]:
    from handoff_cli.transcripts import reader_of

    for event in reader_of(name).events(source):
        if not isinstance(event, Started | Used):
            yield number + source.position - 1, event
