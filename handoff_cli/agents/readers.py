"""Reading any log or file of messages by one call: the readers of the agents and of the message formats together.

A reader is a module with ``AGENT`` (the agent's name, None for a message format), ``sniff(head) -> float`` (how sure
it is, 0 to 1, that text beginning so is of its format) and ``events(source)`` (see ``transcripts.events``). Where a
log only grows it also has ``TELLING`` and ``usage_of(row)``, and is read from its end (see ``transcripts.tail``).
"""

from __future__ import annotations

from handoff_cli.agents import AGENTS
from handoff_cli.core.patterns import lazily
from handoff_cli.core.text import printable
from handoff_cli.errors import InputError, UsageError
from handoff_cli.transcripts import FORMATS, load_format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from handoff_cli.core.transcript import ContextUsage, Transcript
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source
    from handoff_cli.transcripts.tail import TailState

_JSON_BEGINS = lazily(r'(?:\[\s*)?\{\s*"[^"\n]{1,200}"\s*:')
_BY_FORMAT = {agent.format: agent for agent in AGENTS if agent.marks}

ROWS, DOCUMENT = "a log of JSON rows", "a JSON document"
AS_TEXT = "count it as text: handoff count --format text FILE"

READERS = (*_BY_FORMAT, *FORMATS)
"""The formats by name, the more particular first: of equally sure readers the first is taken."""

INPUT_FORMATS = ("text", "markdown", "auto", *(name.replace("_", "-") for name in READERS if name != "text"))
"""``text``, ``markdown``: it is text; ``auto``: its content decides; else one of ``READERS``."""


def check_format(name: str) -> None:
    """Raise UsageError, listing the formats, unless ``name`` is one; ``_`` for ``-`` will do."""
    if name.replace("_", "-") not in INPUT_FORMATS:
        raise UsageError(f"there is no format '{printable(name)}'", f"formats: {', '.join(INPUT_FORMATS)}")


_PACKERS = (("(\ufffd/\ufffd", "zstd"), ("\x1f\ufffd", "gzip"), ("\ufffd7zXZ\x00", "xz"))
"""How compressed files begin, read as text."""


def read_transcript(
    path: str,
    format: str | None = None,  # noqa: A002 (the option's name)
    data: bytes | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Transcript:
    """Read a transcript; what only looks like a format, and tells nothing of it, is read as JSON of any shape.

    Args:
        path: The file, ``<database>#<session>`` for one of many in a database, or what to call ``data`` in messages.
        format: One of ``READERS`` (``-`` for ``_`` will do) or an agent's name; None: the content decides.
        data: The bytes themselves where they come by pipe.
        progress: Called now and then with the bytes read and the bytes there are.

    Raises:
        InputError: Missing, a folder, unreadable, empty, not of the format, or nothing in it can be understood.
        UsageError: There is no such format.
    """
    source, reader, name = opened(path, format, data, progress)
    try:
        known = _folded(source, reader, name)
    except InputError:
        if format is None and (found := _of_any_json(source, name) or _of_rows_in_prose(source, name)):
            return found
        raise
    return (None if format else _of_any_json(source, name, known)) or known


def _folded(source: Source, reader: Any, name: str) -> Transcript:
    """Return what a reader understands of a source.

    Raises InputError where it understands nothing.
    """
    from handoff_cli.transcripts.collector import Collector
    from handoff_cli.transcripts.source import in_order

    collector = Collector(source)
    events = reader.events(source, _reader_for) if name == "text" else reader.events(source)
    transcript = collector.fold(in_order(source, events) if reader.AGENT else events)
    if not collector.understood:
        raise source.not_understood(name)
    return transcript.replace(format=name, agent=reader.AGENT)


def _told_in(transcript: Transcript | None) -> set[str]:
    """Return who speaks in a transcript, ``calls`` where any were made, ``more`` where anything else is told."""
    if transcript is None:
        return set()
    told = {it.role for it in transcript.messages}
    more = transcript.usage or transcript.reasonings or transcript.summaries or transcript.files or transcript.todos
    return told | {name for name, has in (("calls", transcript.tool_calls), ("more", more)) if has}


def _of_any_json(source: Source, name: str, known: Transcript | None = None) -> Transcript | None:
    """Return a source as JSON of any shape where that tells all that its format's reader ``known`` tells, and more.

    An agent's own log is only doubted where nothing in it is understood, messages where no calls are told.
    """
    told = _told_in(known)
    if name in _NO_JSON or source.head()[:1] not in ("{", "[") or (known and not _is_doubted(source, name, told)):
        return None
    try:
        found = _folded(source, reader_of("any_json"), "any_json")
    except InputError:
        return None
    more = (_told_in(found) & _SIDES_AND_CALLS) > (told & _SIDES_AND_CALLS)
    return found if more and all(_words_of(role, found) <= _words_of(role, known) for role in told & _SIDES) else None


def _is_doubted(source: Source, name: str, told: set[str]) -> bool:
    """Return whether a format's reader may have missed something in a source, of which it understood some.

    Other formats than those of messages choose one of several conversations, or know their calls: what more stands in
    them was left out. A long chat is only read again for calls where a sign of them is in it.
    """
    if name in _BY_FORMAT or not told:
        return name not in _BY_FORMAT
    if FORMATS[name] != _OF_MESSAGES or "calls" in told or source.size > _MOST_DOUBTED_BYTES:
        return False
    if not told >= _SIDES:
        return True
    with source.open() as stream:
        return _CALLS.search(stream.read().lower()) is not None


def _words_of(role: str, transcript: Transcript | None) -> int:
    return sum(len(it.text.split()) for it in transcript.messages if it.role == role) if transcript else 0


def _of_rows_in_prose(source: Source, name: str) -> Transcript | None:
    """Return what looks like JSON of any shape, and is none for the words below it, where both sides speak in it."""
    if name != "any_json":
        return None
    from handoff_cli.transcripts.any_json import with_words_below

    for as_name, reader in (("text", reader_of("text")), (name, with_words_below)):
        try:
            found = _folded(source, reader, as_name)
        except InputError:
            continue
        if _told_in(found) >= _SIDES:
            return found
    return None


_NO_JSON = ("text", "any_json")
_OF_MESSAGES = "messages"
_SIDES = {"user", "assistant"}
_SIDES_AND_CALLS = {*_SIDES, "calls"}
_CALLS = lazily(
    rb'"[\w.-]{0,40}?(?:(?:tool|function|command|cmd|code|args|argument|param|input|call|invocation|path|file)'
    rb'[\w.-]{0,40}|use)\\?"|(?:"|\\n)[$%] '
)
"""Names in a document that may be those of a call, and a prompt."""

_MOST_DOUBTED_BYTES = 4 << 20
"""JSON of any shape is read whole."""


def read_pieces(
    name: str, read: Callable[[], Iterable[tuple[str, bool]]], earlier: Transcript | None = None
) -> Transcript | None:
    """Read texts that were given piece by piece as one conversation; None where nothing in them is understood.

    Args:
        name: What to call them in messages.
        read: Gives the texts anew, in order, each with whether a piece begins with it; it is called more than once.
        earlier: What was read of those before them, if any; the result tells of all.
    """
    from handoff_cli.transcripts import conversation
    from handoff_cli.transcripts.collector import Collector, last_position
    from handoff_cli.transcripts.pieces import Pieces

    source = Pieces(name, read, last_position(earlier) if earlier else 0)
    collector = Collector(source, earlier)
    transcript = collector.fold(conversation.events(source, _reader_for, earlier))
    return transcript.replace(format="text") if collector.understood else None


def events_of_text(name: str, read: Callable[[], Iterable[tuple[str, bool]]]) -> Iterator[tuple[Event, int]]:
    """Yield the events of a conversation given piece by piece, with the line each stands at; as ``read_pieces``."""
    from handoff_cli.transcripts import conversation
    from handoff_cli.transcripts.pieces import Pieces

    source = Pieces(name, read)
    for event in conversation.events(source, _reader_for):
        yield event, source.position


def _reader_for(head: str) -> Any:
    """Return the reader of JSON that begins with ``head``, None where it is of no format."""
    name = sniff_format(head)
    return None if name == "text" else reader_of(name)


def iter_texts(path: str, format: str | None = None, data: bytes | None = None) -> Iterator[tuple[str, str]]:  # noqa: A002 (as above)
    """Yield ``(role, text)`` of all that is in the context now, whole and in order: since the last compaction.

    Roles are ``system``, ``user``, ``assistant`` and ``tool``. The file is read twice, never held. Arguments and
    errors are those of ``read_transcript``.
    """
    from handoff_cli.transcripts.growth import as_it_stands, since_last_compaction

    source, reader, name = opened(path, format, data)
    if name == "text":
        return as_it_stands(source)
    return since_last_compaction(lambda: reader.events(source))


def latest_usage(
    path: str,
    state: TailState | None = None,
    format: str | None = None,  # noqa: A002 (the option's name)
    progress: Callable[[int, int], None] | None = None,
    *,
    responses_only: bool = False,
) -> tuple[ContextUsage | None, TailState]:
    """Return the context now and the state to hand in next time: the usage ``read_transcript`` would give.

    A last line still being written waits; a file cut short or replaced is read anew.

    Args:
        path: The transcript.
        state: What the last call returned for this path; another path's is ignored.
        format: As in ``read_transcript``, where it is known; else the state or the content decides.
        progress: Called now and then with the bytes read and the bytes there are, where a file is read whole.
        responses_only: Read a log that grows no further than its last response, where a compaction followed that.

    Raises:
        InputError: The file cannot be read, or is too large for a format that can only be read whole.
    """
    from handoff_cli.transcripts.source import Source
    from handoff_cli.transcripts.tail import is_same_file, read_tail, unchanged

    if state and unchanged(state, path):
        return state.usage(), state
    source = Source(path, progress=progress)
    same = state if state and is_same_file(state, path) else None
    name = format_name(format) if format else same.format if same else sniff_format(source.head())
    new = read_tail(source, name, reader_of(name), same, responses_only=responses_only)
    return new.usage(), new


def sniff_format(head: str | bytes) -> str:
    """Return the name of the format of a text that begins with ``head`` (64 KiB are plenty): ``text`` at worst.

    Only readers of agents whose marks are there are asked.
    """
    if isinstance(head, bytes):
        head = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip("\x00 \t\r\n")
    if head[:1] in ("[", "{") and head[1:_BEGINNING_CHARS].lstrip()[:1] not in ("", *'"{[]}'):
        return "text"  # a name in brackets, as logs have it
    likely = _marked_in(f"^{''.join(head[:_BEGINNING_CHARS].split())}\n{head}")
    sure = {name: reader_of(name).sniff(head) for name in likely}
    best = max(likely, key=lambda name: sure[name], default="")
    if best and sure[best] >= _SURE:
        return best  # the message formats, which no agent's log has, need not be loaded
    return max((*likely, *FORMATS), key=lambda name: sure[name] if name in sure else reader_of(name).sniff(head))


_SURE, _BEGINNING_CHARS = 0.9, 80


def _marked_in(text: str) -> list[str]:
    """Return the formats of which a mark stands in ``text``: those that are a word in quotes are looked for at once."""
    quoted = set(text.split('"')[1:-1])
    return [
        name
        for name, agent in _BY_FORMAT.items()
        if any(mark[1:-1] in quoted if mark[0] == mark[-1] == '"' else mark in text for mark in agent.marks)
    ]


def unknown_rows(head: str | bytes) -> str | None:
    """Return what a text that begins with ``head``, which no reader knows, is rather than text; None where it is text.

    Rows of JSON objects are somebody's log, a lone document of JSON may be anything.
    """
    from handoff_cli.transcripts.source import HEAD_BYTES
    from handoff_cli.transcripts.values import UNDECODABLE, decode

    if isinstance(head, bytes):
        head = head.decode("utf-8", "replace").lstrip("\ufeff\x00 \t\r\n")
    if _are_rows(head):
        return ROWS
    if head[:1] not in ("{", "["):
        return None
    begins = _JSON_BEGINS.match(head)
    return DOCUMENT if begins and (len(head) >= HEAD_BYTES or decode(head) is not UNDECODABLE) else None


def _are_rows(head: str) -> bool:
    """Return whether a text is rows of JSON that begin so: objects, arrays or texts, below a title or some comments."""
    from handoff_cli.transcripts.values import UNDECODABLE, decode

    *lines, last = head.split("\n", _ROWS_LOOKED_AT)
    lines = [line.strip() for line in (*lines, *([last] if len(lines) < _ROWS_LOOKED_AT else ())) if line.strip()]
    comments = next((number for number, line in enumerate(lines) if line[0] in '{["'), len(lines))
    first, *rest = lines[comments:] or [""]
    if comments > _MOST_COMMENTS or not rest or decode(first) is UNDECODABLE:
        return False
    if first[0] == "{" and not comments:
        return rest[0].startswith("{")
    whole = [line for line in rest[:-1] if decode(line) is UNDECODABLE] == []
    return whole and rest[-1][0] in '{["' and sniff_format("\n".join((first, *rest))) == "text"


_ROWS_LOOKED_AT = 40
_MOST_COMMENTS = 5


def format_name(format_: str) -> str:
    """Return the format meant by ``format_``: one of ``READERS``, with ``-`` or ``_``, or an agent's name or alias.

    Raises:
        UsageError: There is no such format.
    """
    wanted = format_.replace("-", "_").lower()
    wanted = "text" if wanted == "markdown" else wanted  # one reader, which tells them apart by their content
    for name in READERS:
        agent = _BY_FORMAT.get(name)
        if wanted == name or (agent and wanted.replace("_", "-") in (agent.name, *agent.aliases)):
            return name
    known = ", ".join(name.replace("_", "-") for name in READERS)
    raise UsageError(f"there is no transcript format '{printable(format_)}'", f"formats: {known}")


def packed_by(head: str | bytes) -> str | None:
    """Return the program that compressed a file beginning so, as Codex does after seven days; None for none."""
    text = head if isinstance(head, str) else head.decode("utf-8", "replace")
    return next((program for magic, program in _PACKERS if text.startswith(magic)), None)


def reader_of(format_: str) -> Any:
    """Return the reader of a format, importing it; errors as ``format_name``."""
    name = format_name(format_)
    return _BY_FORMAT[name].load_reader() if name in _BY_FORMAT else load_format(name)


def opened(
    path: str,
    format_: str | None = None,
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
    if found == "text" and "\x00" in head and (text := _of_wide_characters(source)):
        return opened(path, format_, text, progress)
    if found == "text" and (packed := packed_by(head)):
        raise InputError(f"{path} is compressed by {packed}", f"unpack it first, with {packed} -d")
    if found == "text" and format_ is None and "\x00" in head:
        raise InputError(f"{path} is not a transcript: it holds binary data")
    if found == "text" and format_ is None and (unknown := unknown_rows(head)):
        raise InputError(f"{path} is {unknown} that no reader knows", AS_TEXT)
    name = format_name(format_ or found)
    reader = reader_of(name)
    if format_ and not reader.sniff(head):
        raise InputError(f"{path} is not {name}: it looks like {found}", f"leave the format out, or say {found}")
    return source, reader, name


_MOST_WIDE_BYTES = 64 << 20


def _of_wide_characters(source: Source) -> bytes | None:
    """Return a text of UTF-16 or UTF-32, as PowerShell writes it, as UTF-8; None where no mark says that it is one."""
    from handoff_cli.tokens.decode import StreamDecoder, is_wide

    with source.open() as stream:
        if source.size > _MOST_WIDE_BYTES or not is_wide(raw := stream.read()):
            return None
    return StreamDecoder(source.path).decode(raw, final=True).encode("utf-8", "replace")
