"""Messages as JSON inside a text: rows and whole documents go to the reader of their format."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.errors import InputError
from handoff_cli.transcripts import FORMATS, load_format
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, SYSTEM, TOOL, USER, role_in_kind
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.preface import is_title
from handoff_cli.transcripts.events import Called, Said, Seen, Started, Used
from handoff_cli.transcripts.source import Source, in_order
from handoff_cli.transcripts.values import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from handoff_cli.transcripts.conversation.marks.again import Known
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk
    from handoff_cli.transcripts.events import Event

_BATCH_CHARS = 4 << 20
_HEAD_LINES = 24
_LOG_CHARS = 1 << 15
_LEAST_SURE = 0.5
_BRACKET_CHARS = 2
_NOTHING = b"{}"
_KEY_CHARS = 8
_MEMBER = compiled(r'\s*"(role|sender|from|content|text|value)"\s*:\s*"((?:\\.|[^"\\])*)",?$')
_JSON_LINE = compiled(r'\s*(?:"[^"]{1,80}"\s*:.*|[{}\[\],\s]*|"(?:\\.|[^"\\])*",?|-?\d[\d.]*,?|true,?|false,?|null,?)$')
_QUOTED = compiled(r'"(?:\\.|[^"\\])*"')
_SIGN = compiled(
    r'"(?:[\w.]{0,60}(?:[Rr]ole|[Mm]essages?|[Cc]onversations?|[Tt]ype|[Kk]ind|[Ss]ender)|mapping|sessionId|payload|from'
    r"|parts|author|speaker|source|event|prompt|question|query|answer|user|response|is[A-Z]\w{1,20}|bot_id|sessionUpdate"
    r'|delta)\\?"\s*:'
)
"""A member that messages may have."""


def take(talk: Talk) -> Iterable[Placed] | None:
    """Read the rows or the document that begins with the next line, if it holds messages; None where it does not."""
    text = talk.cursor.peek() or ""
    if text[:1] not in ("{", "[") or _IS_LOGGED.match(text):
        if text[-1:] == "}" and (row := row_in(text)):
            return _rows_of(talk, row, decode(row))
        if text[:3] == "```" and not talk.forms() and begins_talk(talk, 1):
            return _fenced(talk)
        inside = text[:1] in (" ", "\t", '"', "}", "]") and talk.survey.has_messages and not talk.forms()
        return _members(talk, text) if inside else None
    if len(text) > _BRACKET_CHARS and not _SIGN.search(text) and not _heads_rows(talk, text):
        return None
    if text[-1] in "}]" and len(text) > 1 and isinstance(value := decode(text), dict | list):
        return _rows_of(talk, "", value)
    return _document(talk) if _reader_for(talk, _head(talk, rows_only=False)) else None


def _heads_rows(talk: Talk, text: str) -> bool:
    """Return whether a row tells of the session whose messages are the rows below it."""
    below = talk.cursor.peek(1) or ""
    return text[-1] == "}" and below[:2] == '{"' and _SIGN.search(below) is not None


class RowsRead:
    """What was found of messages in a text: the ``reader`` of the last rows, the beginnings that are of no format.

    ``is_told`` tells that both sides, or calls, were told in JSON of no known format.
    """

    def __init__(self) -> None:
        self.reader: Any = None
        self.is_told = False
        self.others: set[str] = set()


def _reader_for(talk: Talk, head: str) -> Any:
    """Return the reader of JSON that begins so; what has the same members as other that has none is not looked at."""
    shape = "".join(_QUOTED_KEY.findall(head[:_SHAPE_CHARS]))
    if shape in talk.rows.others:
        return None
    if (reader := talk.reader_for(head)) is None:
        talk.rows.others.add(shape)
    return reader


_SHAPE_CHARS = 400
_QUOTED_KEY = compiled(r'"[^"\\]{1,40}"(?=\s*:)')


def _rows_of(talk: Talk, row: str, value: Any) -> Iterable[Placed] | None:
    """Read rows that begin with ``row``, or with the next line; None where they are of no format."""
    shape = " ".join(value) if isinstance(value, dict) else ""
    reader = None if shape and shape in talk.rows.others else talk.reader_for(row or _head(talk, rows_only=True))
    if reader is None:
        talk.rows.others.add(shape)
    reader = reader or talk.rows.reader
    return _rows(talk, reader) if reader else None


def row_in(text: str) -> str:
    """Return the row of JSON that a line is, or ends with, behind what a log writes before it; empty for others."""
    if text[0] in "{[" and not _IS_LOGGED.match(text):
        return text if text[-1] in "}]" else ""
    at = text.find('{"', 0, _PREFIX_CHARS) if text[-1] == "}" else -1
    is_logged = at > 0 and _PREFIX.fullmatch(text, 0, at) and _SIGN.search(text, at)
    return text[at:] if is_logged and isinstance(decode(text[at:]), dict) else ""


_PREFIX_CHARS = 160
_IS_LOGGED = compiled(r"\[\d[^\[\]{}\"]{0,40}\] ")
_PREFIX = compiled(
    r"data: ?|(?:\[?\d[\d:.,TZ+ /-]{6,34}\]?|\[?\d{1,9}\]?:?)(?:[ |,:\t-]{1,4}\[?[\w.:/-]{1,40}\]?){0,5}[ |,:=\t-]{1,4}"
)
"""What a stream of events and a log write before a row: the time, the level, the logger."""


def begins_talk(talk: Talk, ahead: int) -> bool:
    """Return whether so many lines ahead JSON begins in which both sides are named."""
    if (talk.cursor.peek(ahead) or " ")[0] not in "{[":
        return False
    words = _ROLE.findall(_head(talk, rows_only=False, since=ahead))
    return {role_in_kind(it) for it in words} >= {USER, ASSISTANT}


_ROLE = compiled(r'"(?:role|sender|author|from|speaker|source|actor|kind|type|event)"\s*:\s*"([A-Za-z][\w-]{1,30})"')


def _fenced(talk: Talk) -> Iterator[Placed]:
    """Read a document in a fence: the text around it only hands it on."""
    talk.cursor.take()
    yield from _document(talk)
    if (talk.cursor.peek() or "")[:3] == "```":
        talk.cursor.take()


def _head(talk: Talk, *, rows_only: bool, since: int = 0) -> str:
    """Return the next lines, enough to tell their format by; those that are rows, or any."""
    lines: list[str] = []
    for ahead in range(since, _HEAD_LINES if rows_only else LOOK_AHEAD):
        text = talk.cursor.peek(ahead)
        if text is None or (rows_only and text[:1] not in ("{", "[")):
            break
        lines.append(text)
        if text[:1] in ("}", "]"):
            break
    return "\n".join(lines)[: 1 << 16]


def _members(talk: Talk, text: str) -> list[Placed] | None:
    """Read a member of a message whose document began before what was given; None where a line is none."""
    found = _MEMBER.match(text)
    if found is None and not _JSON_LINE.match(text):
        return None
    talk.cursor.take()
    if found is None:
        return []
    value = decode(f'"{found[2]}"')
    if not isinstance(value, str):
        return []
    if found[1] in ("role", "sender", "from"):
        role = {"human": USER, "user": USER, "system": SYSTEM, "tool": TOOL}.get(value, ASSISTANT)
        return talk.turn(role)
    return [talk.at(Said(talk.role or ASSISTANT, value, talk.time, talk.role in (USER, ASSISTANT, None)))]


def of_messages(head: str) -> Any:
    """Return the reader of messages in JSON that begins with ``head``, None where they are of no format."""
    sure, name = max((load_format(name).sniff(head), name) for name in FORMATS if name != "text")
    return load_format(name) if sure >= _LEAST_SURE else None


def _rows(talk: Talk, reader: Any) -> Iterator[Placed]:
    """Read rows one below the other, a batch at a time."""
    yield from _said_above(talk)
    number, size = talk.cursor.next_number, 0
    rows: list[str] = []
    begun: set[str] = set()
    while (text := row_in(talk.cursor.peek() or " ")) and size < _BATCH_CHARS:
        if rows and talk.cursor.begins_piece and _is_list(text):
            break
        if text[:_KEY_CHARS] not in begun:
            begun.add(text[:_KEY_CHARS])
            other = talk.reader_for(_head(talk, rows_only=True)) if rows and talk.cursor.begins_piece else None
            if other is not None and other is not reader:
                break
        rows.append(text)
        size += len(text)
        talk.cursor.take()
        if talk.cursor.peek() == "" and row_in(talk.cursor.peek(1) or " "):
            talk.cursor.take()
    talk.rows.reader = reader
    known = talk.known if all(map(_is_list, rows)) else None
    if is_document := len(rows) == 1:
        rows.append(_NOTHING.decode())  # one alone is a document to its reader
    source = Source(talk.source.path, "\n".join(rows).encode("utf-8", "surrogatepass"))
    yield from _read(talk, source, reader, number, known, is_document=is_document)


def _said_above(talk: Talk) -> list[Placed]:
    """Return what was said above messages; what an export says of itself is nobody's."""
    is_first = not (talk.role or talk.has_acted)
    return talk.begun(ASSISTANT, None) if is_first and is_title(talk.unsaid) else talk.said()


def _is_list(row: str) -> bool:
    """Return whether a row is a whole conversation, not one message of it."""
    return row[:1] == "[" or '"messages":' in row


def _document(talk: Talk) -> Iterator[Placed]:
    """Read a document over several lines, to where its brackets close."""
    import os
    import tempfile

    yield from _said_above(talk)
    number, depth = talk.cursor.next_number, 0
    head: list[str] = []
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
            reader = talk.reader_for("\n".join(head)[: 1 << 16])
            if reader:
                yield from _read(talk, Source(file.name), reader, number, talk.known, is_document=True)
        finally:
            os.unlink(file.name)


def _read(
    talk: Talk, source: Source, reader: Any, number: int, known: Known | None, *, is_document: bool
) -> Iterator[Placed]:
    """Yield the events of messages; of lists of them what is not ``known`` from the list before.

    What nobody is known to speak in is text as it stands.
    """
    if known:
        known.begin()
    placed = in_order(source, reader.events(source)) if is_document else reader.events(source)
    told: Iterable[tuple[int, Event]] = _until_refused(source, placed)
    if not reader.AGENT or len(source.head()) < _LOG_CHARS:
        told = _told_by(talk, source, told, reader)
        is_known = reader.sniff is not load_format("any_json").sniff  # so is who speaks, though only one does
        if not talk.survey.has_speakers and (_tells_both(told) or (is_known and _roles(told))):
            yield talk.at(Seen(speakers=True))
        if not told and not is_known:
            yield from (
                it for line in source.lines() if line != _NOTHING for it in talk.say(line.decode("utf-8", "replace"))
            )
    for position, event in told:
        if known and isinstance(event, Started):
            known.begin()
        if not isinstance(event, Started | Used) and (known is None or known.tells(event)):
            yield talk.at(event, number + position - 1)


def _until_refused(source: Source, events: Iterable[Event]) -> Iterator[tuple[int, Event]]:
    """Yield events, each with its position, up to where their reader refuses what only begins like its format."""
    try:
        for event in events:
            yield source.position, event
    except InputError:
        return


def _told_by(talk: Talk, source: Source, told: Iterable[tuple[int, Event]], reader: Any) -> list[tuple[int, Event]]:
    """Return the events of messages, each with its position, by the reader of their format or of any JSON.

    Messages may look like those of a format and hold what it does not know.
    """
    known = [*told]
    if reader.AGENT and known:
        return known
    any_json = load_format("any_json")
    more = known if reader is any_json else [(source.position, it) for it in any_json.events(source)]
    if reader is not any_json and not _lacks(known, more):
        return known
    is_told = _tells_both(more) or _calls(more)
    talk.rows.is_told = talk.rows.is_told or is_told or (bool(more) and '"role"' in source.head())
    return more if talk.rows.is_told else known if reader is not any_json else []


def _lacks(known: list[tuple[int, Event]], more: list[tuple[int, Event]]) -> bool:
    """Return whether one side, or all calls, are missing in what is ``known``, and stand in ``more``."""
    return (_tells_both(more) and not _tells_both(known)) or (_calls(more) and not _calls(known)) or not known


def _calls(told: list[tuple[int, Event]]) -> bool:
    return any(isinstance(it, Called) and it.name for _, it in told)


def _tells_both(told: Iterable[tuple[int, Event]]) -> bool:
    return _roles(told) >= {USER, ASSISTANT}


def _roles(told: Iterable[tuple[int, Event]]) -> set[str]:
    return {it.role for _, it in told if isinstance(it, Said) and it.text.strip()}
