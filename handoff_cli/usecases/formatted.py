"""Counting input that is no plain text: an agent's transcript, or chat messages, told by its content."""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import chain

from handoff_cli.agents.readers import (
    AS_TEXT,
    ROWS,
    iter_texts,
    opened,
    packed_by,
    read_transcript,
    sniff_format,
    unknown_rows,
)
from handoff_cli.constants import MAX_CONTEXT_WINDOW
from handoff_cli.core.record import Record
from handoff_cli.errors import InputError
from handoff_cli.tokens.count import Scale, TextCounter, TokenCount
from handoff_cli.tokens.messages import count_messages
from handoff_cli.transcripts import FORMATS
from handoff_cli.transcripts.messages import Conversation
from handoff_cli.transcripts.source import HEAD_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.core.session import Entry
    from handoff_cli.core.transcript import ContextUsage, Transcript
    from handoff_cli.usecases.pieces import CountRequest, FileSource, Intake

_MAX_VERSION_CHARS = 100


class Formatted(Record):
    """A count, what it is about, where it was taken from (``took``), and lines for a person.

    ``usage`` is set where the figure is the whole context as the agent reports it, which takes the place of what was
    tracked before: the members of a ledger entry of kind ``usage`` that are not figures.
    """

    count: TokenCount
    description: str
    took: str
    notes: tuple[str, ...] = ()
    usage: Entry | None = None


def count_formatted(
    source: FileSource,
    request: CountRequest,
    asked_model: str | None,
    model: str | None,
    encoding: str | None,
    intake: Intake,
) -> Formatted | None:
    """Return the tokens of ``source`` by its format; None where it is plain text, which is then still to be read.

    An agent's transcript that records usage gives the context it reports now (``exact``); anything else its messages,
    with the overhead of the chat format. Under ``auto``, what only looks like a format counts as plain text.

    Args:
        source: What to count.
        request: Its ``format`` is ``auto`` (the content decides) or one of ``readers.READERS``.
        asked_model: Model that somebody set: it goes before the one the transcript names.
        model: Model in force where the transcript names none.
        encoding: Encoding to count in; None is the model's.
        intake: Takes notice of the text as it is in the file.

    Raises:
        InputError: it cannot be read, is not of the format, or nothing in it can be understood.
    """
    auto = request.format == "auto"
    if request.format == "markdown":
        return None
    if auto and sniff_format(head := source.peek(HEAD_BYTES)) == "text":
        if packed := packed_by(head):
            raise InputError(f"{source.name} is compressed by {packed}", f"unpack it first, with {packed} -d")
        if unknown_rows(head) == ROWS:
            raise InputError(f"{source.name} is {ROWS} that no reader knows", AS_TEXT)
        return None
    with _as_file(source) as path, _named(path, source.name):
        try:
            transcript = read_transcript(path, None if auto else request.format, progress=source.on_progress)
            found = _counted(path, transcript, request, asked_model or transcript.model or model, encoding)
        except InputError as error:
            if not auto or not os.path.isfile(path):
                raise
            found = _as_text(source, path, error, request, model, encoding)
        if request.keep_bytes or request.seen is not None:
            for text in source.reread(path):
                intake.feed(text)
        return found


def _counted(
    path: str, transcript: Transcript, request: CountRequest, model: str | None, encoding: str | None
) -> Formatted:
    first = next((message.text for message in transcript.messages if message.role == "user"), "")
    took = f"read as {transcript.format.replace('_', '-')}"
    usage = transcript.usage
    if usage and usage.tokens and usage.method == "exact":
        count = TokenCount(usage.tokens, "exact", Scale(model, encoding).encoding, usage.tokens, usage.tokens, model)
        return Formatted(count, first, f"{took}, {usage.rule}", usage=_usage(transcript, usage))
    messages, tools, skipped = _messages(path, transcript.format)
    if not messages and not tools:
        raise InputError(f"{path} holds no message of the main conversation", "is it a subagent's transcript?")
    counted = count_messages(
        messages, model, encoding, tools=tools, safe=request.safe, calibrations=request.calibrations
    )
    count = TokenCount(counted.tokens, counted.method, counted.encoding, counted.low, counted.high, model)
    skipped += transcript.malformed
    notes = (f"skipped what is no message: {skipped} of the list's elements",) if skipped else ()
    return Formatted(count, first, took, (*counted.notes, *notes))


def _usage(transcript: Transcript, usage: ContextUsage) -> Entry:
    window = usage.window or transcript.window
    return {
        "agent": transcript.agent,
        "agent_version": transcript.versions[-1][:_MAX_VERSION_CHARS] if transcript.versions else None,
        "rule": usage.rule,
        "window": window if window and window <= MAX_CONTEXT_WINDOW else None,
        "compactions": len(transcript.compactions),
        "tail": None,
        "estimate": None,
    }


def _as_text(
    source: FileSource, path: str, error: InputError, request: CountRequest, model: str | None, encoding: str | None
) -> Formatted:
    text = source.reread(path)
    counter = TextCounter(model, encoding, safe=request.safe, calibrations=request.calibrations)
    for part in text:
        counter.feed(part)
    why = error.message.removeprefix(f"{path} ").replace(path, source.name)
    return Formatted(
        counter.result(), text.head, "counted as plain text", (f"{why}: counted as plain text", *text.notes)
    )


def _messages(path: str, format_: str) -> tuple[Iterable[dict[str, object]], list[dict[str, object]], int]:
    """Return the messages, an empty list where there are none, the tool definitions, and how many are no message."""
    if FORMATS.get(format_) == "messages":
        conversation = Conversation(opened(path, format_)[0])
        return conversation.messages, conversation.tools, conversation.skipped
    texts = iter_texts(path, format_)
    if (first := next(texts, None)) is None:
        return [], [], 0
    return ({"role": role, "content": text} for role, text in chain([first], texts)), [], 0


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
