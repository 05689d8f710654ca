"""Counting input that is no plain text: an agent's transcript, or chat messages, told by its content."""

from __future__ import annotations

import os
from contextlib import contextmanager

from handoff_cli.core.record import Record
from handoff_cli.errors import InputError
from handoff_cli.tokens.count import TextCounter, TokenCount
from handoff_cli.tokens.messages import count_messages
from handoff_cli.transcripts import iter_texts, opened, read_transcript, sniff_format
from handoff_cli.transcripts.raw import RAW_FORMATS, Conversation
from handoff_cli.transcripts.source import HEAD_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.tracker.pieces import Request
    from handoff_cli.tracker.sources import FileSource

PLAIN_FORMATS = ("text", "markdown")


class Formatted(Record):
    """A count, the format it was taken from, what it is about, and lines for a person."""

    count: TokenCount
    format: str
    description: str
    notes: tuple[str, ...]


def count_formatted(source: FileSource, request: Request, model: str | None, encoding: str | None) -> Formatted | None:
    """Return the tokens of ``source`` by its format; None where it is plain text, which is then still to be read.

    An agent's transcript that records usage gives the context it reports now (``exact``); anything else its messages,
    with the overhead of the chat format.

    Args:
        source: What to count.
        request: Its ``format`` is ``auto`` (the content decides) or one of ``transcripts.READERS``.
        model: Model whose tokens are meant; None takes the one the transcript names.
        encoding: Encoding to count in; None is the model's.

    Raises:
        InputError: it cannot be read, is not of the format, or nothing in it can be understood.
    """
    format_ = request.format
    if format_ == "auto" and sniff_format(source.peek(HEAD_BYTES)) in PLAIN_FORMATS:
        return None
    with _as_file(source) as path, _named(path, source.name):
        transcript = read_transcript(path, None if format_ == "auto" else format_)
        model = model or transcript.model
        first = next((message.text for message in transcript.messages if message.role == "user"), "")
        took = f"{source.name}: read as {transcript.format}"
        if transcript.usage and transcript.usage.tokens and transcript.usage.method == "exact":
            tokens = transcript.usage.tokens
            count = TokenCount(tokens, "exact", TextCounter(model, encoding).encoding, tokens, tokens, model)
            return Formatted(count, transcript.format, first, (f"{took}: {transcript.usage.rule}",))
        messages, tools = _messages(path, transcript.format)
        counted = count_messages(
            messages, model, encoding, tools=tools, safe=request.safe, calibrations=request.calibrations
        )
        count = TokenCount(counted.tokens, counted.method, counted.encoding, counted.low, counted.high, model)
        return Formatted(count, transcript.format, first, (took, *(f"{source.name}: {it}" for it in counted.notes)))


def _messages(path: str, format_: str) -> tuple[Iterator[dict[str, object]], list[dict[str, object]]]:
    if format_ in RAW_FORMATS:
        conversation = Conversation(opened(path, format_)[0])
        return iter(conversation.messages), conversation.tools
    return ({"role": role, "content": text} for role, text in iter_texts(path, format_)), []


@contextmanager
def _as_file(source: FileSource) -> Iterator[str]:
    """Give the path of a file that holds the source's bytes; readers go over it more than once."""
    if source.path is not None:
        yield source.path
        return
    import tempfile  # only input that is no regular file comes by here

    with tempfile.NamedTemporaryFile(prefix="handoff-", delete=False) as file:
        try:
            for block in source.blocks():
                file.write(block)
            file.close()
            yield file.name
        finally:
            os.unlink(file.name)


@contextmanager
def _named(path: str, name: str) -> Iterator[None]:
    """Let errors about the temporary file at ``path`` speak of ``name``, which the user knows."""
    try:
        yield
    except InputError as error:
        raise InputError(error.message.replace(path, name), error.hint) from None
