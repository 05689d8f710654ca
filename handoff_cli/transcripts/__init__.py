"""Readers of agents' transcripts and message formats, one file per format.

A reader is a module with ``AGENT`` (the agent's name, None for a message format), ``sniff(head) -> float`` (how sure
it is, 0 to 1, that text beginning so is of its format) and ``events(source)`` (see ``events``). A new format is one
such file and one name in ``READERS``; only the reader that is needed is imported.
"""

from __future__ import annotations

from handoff_cli.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, BinaryIO

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.transcripts.source import Source

READERS = (
    "claude_code",
    "codex",
    "gemini",
    "copilot_cli",
    "cline",
    "opencode",
    "llm_logs",
    "langchain",
    "sharegpt",
    "anthropic_messages",
    "openai_chat",
    "aider",
    "text",
)
"""The formats by name, the more particular first: of equally sure readers the first is taken."""


def read_transcript(
    path: str,
    format: str | None = None,  # noqa: A002 (the option's name)
    data: bytes | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Transcript:
    """Read a transcript.

    Args:
        path: The file, or what to call ``data`` in messages.
        format: One of ``READERS`` (``-`` for ``_`` will do); None: the content decides.
        data: The bytes themselves where they come by pipe.
        progress: Called now and then with the bytes read and the bytes there are.

    Raises:
        InputError: Missing, a folder, unreadable, empty, not of the format, or nothing in it can be understood.
    """
    from handoff_cli.transcripts.collector import Collector

    source, reader, name = opened(path, format, data, progress)
    collector = Collector(source)
    transcript = collector.fold(reader.events(source))
    if not collector.understood:
        raise not_understood(source, name)
    return transcript.replace(format=name, agent=reader.AGENT)


def read_pieces(name: str, read: Callable[[], Iterable[BinaryIO]]) -> Transcript | None:
    """Read texts that were given piece by piece as one conversation; None where nothing in them is understood.

    Args:
        name: What to call them in messages.
        read: Opens each piece anew, in order, as a binary stream; it is called twice.
    """
    from handoff_cli.transcripts import conversation
    from handoff_cli.transcripts.collector import Collector
    from handoff_cli.transcripts.source import Pieces

    collector = Collector(Pieces(name, read))
    transcript = collector.fold(conversation.events(collector.source))
    return transcript.replace(format="text") if collector.understood else None


def iter_texts(path: str, format: str | None = None, data: bytes | None = None) -> Iterator[tuple[str, str]]:  # noqa: A002 (as above)
    """Yield ``(role, text)`` of all that is in the context now, whole and in order: since the last compaction.

    Roles are ``system``, ``user``, ``assistant`` and ``tool``. The file is read twice, never held. Arguments and
    errors are those of ``read_transcript``.
    """
    from handoff_cli.transcripts.texts import since_last_compaction

    source, reader, _ = opened(path, format, data)
    return since_last_compaction(lambda: reader.events(source))


def sniff_format(head: str | bytes) -> str:
    """Return the name of the format of a text that begins with ``head`` (64 KiB are plenty): ``text`` at worst."""
    if isinstance(head, bytes):
        head = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip("\x00 \t\r\n")
    return max(READERS, key=lambda name: reader_of(name).sniff(head))


def reader_of(name: str) -> Any:
    """Return the reader of a format.

    Raises:
        InputError: There is no such format.
    """
    module = _named(name)
    if module not in READERS:
        raise InputError(f"there is no transcript format {name!r}", f"formats: {', '.join(READERS)}")
    from importlib import import_module

    return import_module(f"{__name__}.{'conversation' if module == 'text' else module}")


def _named(name: str) -> str:
    """Return the format a name means: Markdown and text are one, told apart by their content alone."""
    return "text" if name == "markdown" else name.replace("-", "_")


def opened(
    path: str,
    format_: str | None,
    data: bytes | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Source, Any, str]:
    """Return the source, its reader and the name of its format; arguments and errors as ``read_transcript``."""
    from handoff_cli.transcripts.source import Source

    source = Source(path, data, progress)
    head = source.head()
    if not head:
        raise InputError(f"{path} is empty")
    found = sniff_format(head)
    if found == "text" and format_ is None and "\x00" in head:
        raise InputError(f"{path} is not a transcript: it holds binary data")
    name = _named(format_) if format_ else found
    reader = reader_of(format_ or found)
    if format_ and not reader.sniff(head):
        raise InputError(f"{path} is not {name}: it looks like {found}.", f"leave the format out, or say {found}")
    return source, reader, name


def not_understood(source: Source, name: str) -> InputError:
    """Return the refusal of a ``source`` of format ``name`` in which nothing was understood."""
    if source.malformed:
        return InputError(f"{source.path} is malformed: none of {source.malformed} rows can be read")
    return InputError(f"{source.path} holds nothing that a {name} transcript holds")
