"""Logs and copies of chats: what the program wrote itself is off, lines that one person sends in a row are one turn.

In a log each line has its ``<name>``; what somebody pasted there stands behind bars, a command above what it printed.
"""

# ruff: noqa: RUF001 (signs as they stand in chats)
from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.copies.stamped_heads import HEAD_LINES, NAME, head_in, named, with_heads
from handoff_cli.transcripts.conversation.marks.names import Names
from handoff_cli.transcripts.conversation.marks.speakers import LABEL, SYSTEM, TIME, TOOL, Mark, mark_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given
    from handoff_cli.transcripts.conversation.copies.stamped_heads import Joined

_MANY = 2
_LINE_CHARS = 200
"""No program writes a longer line of itself."""

_TIME = r"(?:\[?(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?Z?\]?\s+)?"
_OF_LOG = compiled(
    rf"{_TIME}(?:\*{{1,3}}|-!-|-->|<--|--|==|→|←)\s+(?:\|\s+)?(?:Joins: |Parts: |Quits: |Now talking |Topic (?:is|for) "
    r"|Set by |Disconnected|(?:mode|topic)/|\S{1,60}(?: [\[(][^\])]{1,120}[\])])? (?:has |is |was )?"
    r"(?:joined|left|quit|Quit|parted|kicked|sets? (?:mode|the topic)|changed? (?:the )?topic|changes topic"
    r"|now known as))"
    rf"|{_TIME}--- (?:Log (?:opened|closed)|Day changed)|\*{{4}} (?:BEGIN|ENDING) LOGGING"
    r"|Session (?:Start|Close|Ident|Time): "
)
"""Who comes and goes, and where a log begins and ends."""

_RENAMED = compiled(r".{0,60}?(\S{1,40}) (?:is|are) now known as (\S{1,40})$")
_ACTION = compiled(r"(\[?(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?\]?)\s+\*\s+(\S{1,40}) (.+)$")
"""What somebody does, as ``/me`` shows it."""

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mär|Mai|Okt|Dez)[a-zä]{0,7}\.?"
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_DAY = compiled(
    rf"(?:{_WEEKDAY}|Today|Yesterday|Heute|Gestern|Hier|Aujourd'hui|Hoy|Ayer"
    rf"|(?:{_WEEKDAY},? )?(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? {_MONTH}(?:,? \d{{4}})?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{4}}-\d\d-\d\d))"
)
_CLOCK = compiled(r"\[?\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?\]?")
_REACTIONS = compiled(
    r"(?::[a-z0-9_+-]{2,30}: ?(?:\d{1,3}(?: |$))?){1,20}"
    r"|(?:[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f? ?(?:\(?\d{1,3}\)?(?: |$))?){1,20}"
    r"|(?:like|heart|laugh|surprised|sad|angry) \d{1,3}"
    r"|\d{1,3} (?:Like|Heart|Laugh|Gefällt mir|Herz|Lachen|J'aime|Me gusta)s?(?:[ -](?:reactions?|Reaktion(?:en)?))?\.?"
)
_AGREES = compiled(r":(?:\+1|thumbsup|white_check_mark|heavy_check_mark|ok_hand|ok|100):|[👍✅👌✔]")
"""A message that is nothing else says yes."""

_PLACE = r"(?:the |this )?(?:room|channel|group|server|chat|call|meeting|conversation|#[\w-]{1,80})"
_OF_PROGRAM = compiled(
    r"New(?: messages)?|\d{1,3} repl(?:y|ies)|Last reply .{1,40}|View (?:thread|newer replies)|Reply|Thread|Edit|Edited"
    r"|\(edited\)|(?:Also )?[Ss]ent to the channel|Save for later|Add reaction|Pinned by .{1,60}|Seen by .{1,60}"
    r"|Translated|Forwarded|Delete|\{(?:Reactions|Attachments|Embed)\}"
    r"|(?:.{1,60} )?(?:pinned a message|changed their (?:display name|profile picture|avatar))\b.{0,80}"
    rf"|(?:.{{1,60}} )?(?:set|changed) {_PLACE}(?:'s)? (?:topic|purpose|description|name|icon)\b.{{0,120}}"
    rf"|(?:.{{1,60}} )?(?:has )?(?:joined|left|was added to|was removed from) {_PLACE}(?: by .{{1,60}})?[.!]?"
    rf"|(?:.{{1,60}} )?(?:invited|added|removed) .{{1,60}} (?:to|from) {_PLACE}[.!]?"
    r"|(?:Meeting|Call|Huddle|Transcription|Recording) (?:started|ended)\b.{0,60}"
    r"|.{1,60} (?:started|stopped) (?:transcription|recording)"
)
_ENCRYPTED = "Messages and calls are end-to-end encrypted"
_TITLE = compiled(
    r"[#~]\s?[\w.-]{2,80}|(?:Channel|Room|Topic|Server|Guild): .{1,120}|={5,}|-{3,}|─{3,}"
    r"|\d{1,6} (?:members?|participants?|online)"
)
"""What stands above all messages."""

_OF_WEECHAT = compiled(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\t[@+%&~]?(\S{1,40})\t(.*)$")
_OF_LINE = compiled(r"(\d{1,2}:\d\d(?: ?[AaPp][Mm])?)\t([^\t:]{1,40})\t\"?(.*)$")
_OF_ZOOM = compiled(r"(\d\d:\d\d:\d\d)\s+From {1,2}(\S[^:\t]{0,40}?)(?: {1,2}to {1,2}[^:\t]{1,60}?)? ?:\s*(.*)$")
_BEFORE_TIME = compiled(rf"\[([^\W\d_][\w.@' -]{{1,40}})\] ({TIME})")
_PLAIN_NAME = compiled(r"[^\W\d_](?:[\w.@'-]| (?=\w)){0,30}")
_NOT_IN_NAME = compiled(r"^[\W\d_]+|[^\w.@' -]+")
_STARTS = "[(<0123456789"
_DAY_BEGINS = frozenset((
    *("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Tod", "Yes", "Heu", "Ges", "Auj", "Hie", "Jan", "Feb", "Mar"),
    *("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
))  # fmt: skip
_TO_DIGITS = frozenset("])mM0123456789")


class Chats:
    """Knows who speaks in the chats of a text, piece after piece."""

    def __init__(self) -> None:
        self._names = Names()
        self._speakers: dict[str, str] = {}
        self._above_times: set[str] = set()
        self._is_first = True

    def are_in(self, texts: list[str]) -> bool:
        """Take in how a piece begins; return whether people chat there."""
        found = {mark.name.casefold() for text in self._joined(texts) if (mark := self._head(text))}
        if found:
            self._speakers = self._names.speakers()
        return len(self._speakers) >= _MANY and not found.isdisjoint(self._speakers)

    def _joined(self, texts: list[str]) -> Iterator[str]:
        """Yield ``texts`` with names above times on one line, where at least two names stand so again and again."""
        found = [
            name
            for at, text in enumerate(texts)
            if NAME.fullmatch(name := named(text)[0]) and head_in(texts[at : at + HEAD_LINES])
        ]
        names = {*found}
        self._above_times |= names if _MANY <= len(names) < len(found) else set()
        return (it[1] for it in self._with_names([(0, text, False) for text in texts]))

    def _head(self, text: str) -> Mark | None:
        mark = _mark_of(_plain(text))
        if mark:
            self._names.count(mark, after_gap=True)
        else:
            self._names.hears(text)
        return mark

    def _with_names(self, lines: Iterable[Given]) -> Iterator[Given]:
        """Yield ``lines`` with the names that stand above times on one line with them."""
        return (it for it, _ in with_heads(lines, self._head_in))

    def _head_in(self, texts: list[str], _: bool) -> Joined | None:
        return head_in(texts) if named(texts[0])[0] in self._above_times else None

    def tidied(self, lines: Iterable[Given]) -> Iterator[Given]:
        """Yield the ``lines`` of a piece without what the program wrote, and with what one sends in a row as one."""
        piece = _Piece(self._speakers, is_first=self._is_first)
        self._is_first = False
        for number, text, begins in self._with_names(lines) if self._above_times else lines:
            told = piece.take(number, _plain(text))
            if begins:
                first = next(told, (number, ""))
                yield (*first, True)
            yield from ((at, line, False) for at, line in told)
        yield from ((at, line, False) for at, line in piece.pasted())


class _Piece:
    """Follows the messages of a piece."""

    def __init__(self, speakers: dict[str, str], *, is_first: bool) -> None:
        self._speakers = speakers
        self._above = is_first
        self._fenced = self._fresh = self._reacted = False
        self._last = ""
        self._renamed: dict[str, str] = {}
        self._block: list[tuple[int, str, str]] = []

    def take(self, number: int, text: str) -> Iterator[tuple[int, str]]:
        """Take in a line; yield what it, and those before it, come to."""
        mark = self._mark(text)
        if mark is None:
            yield from self._line(number, text)
            return
        if not mark.rest:
            yield from self.pasted()
        self._above = False
        if mark.rest.lstrip("\u200e").startswith(_ENCRYPTED):
            yield number, ""
        elif mark.rest:
            yield from self._message(number, text, mark)
        else:
            self._fenced, self._fresh, self._last = False, True, ""
            yield number, text

    def _mark(self, text: str) -> Mark | None:
        """Return the mark of a message, of one who took another name with the name they had."""
        mark = _mark_of(text)
        if mark is None and not self._fenced and (done := _ACTION.match(text)):
            mark = Mark(LABEL, done[2], done[3], done[1].strip("[]"), chat=True)
            if done[2].casefold() in self._speakers and not _OF_LOG.match(text):
                return mark
            return None
        if mark and (before := self._renamed.get(mark.name)):
            mark = mark.replace(name=before)
        return mark if mark and mark.name.casefold() in self._speakers else None

    def _line(self, number: int, text: str) -> Iterator[tuple[int, str]]:
        """Yield a line that names nobody, if somebody said it."""
        if not self._fenced and not self._above and _is_pasted(text):
            yield from self._hold(number, text, "", goes_on=True)
            self._fresh, self._last = False, ""
            return
        yield from self.pasted()
        bare = text.strip()
        if bare[:3] == "```":
            self._fenced = not self._fenced
        elif bare and not self._fenced and len(bare) <= _LINE_CHARS:
            if _OF_LOG.match(bare):
                if renamed := _RENAMED.match(bare):
                    self._renamed[renamed[2]] = self._renamed.get(renamed[1], renamed[1])
                return
            if self._is_of_program(bare):
                yield number, ""
                return
        if bare:
            self._fresh, self._last = False, ""
        yield number, text

    def _is_of_program(self, bare: str) -> bool:
        counts, self._reacted = self._reacted and bare.isdigit(), False
        if counts:
            return True
        if _REACTIONS.fullmatch(bare):
            self._reacted = not (self._fresh and _AGREES.match(bare))
            return self._reacted
        if self._fresh:
            return False
        return bool(
            _CLOCK.fullmatch(bare)
            or _DAY.fullmatch(bare.strip("-—–─ "))
            or _OF_PROGRAM.fullmatch(bare)
            or (self._above and _TITLE.fullmatch(bare))
        )

    def _message(self, number: int, text: str, mark: Mark) -> Iterator[tuple[int, str]]:
        """Yield a message that stands behind its name: below one of the same person's without the name."""
        goes_on, self._last = mark.name == self._last, mark.name
        self._fresh = False
        if mark.role in (TOOL, SYSTEM):
            self._last = ""
            yield from self.pasted()
            yield number, text
            return
        said = mark.rest
        if _is_pasted(said):
            yield from self._hold(number, said, "" if goes_on else _head_of(mark), goes_on=goes_on)
            return
        yield from self.pasted()
        opens = said[:3] == "```"
        if opens:
            self._fenced = not (goes_on and self._fenced)
        if goes_on and (self._fenced or opens or _is_plain(said)):
            indent = len(text) - len(said) - len(text[: len(text) - len(said)].rstrip()) - 1
            yield number, " " * indent + said
        elif opens:
            yield from ((number, it) for it in (_head_of(mark), said))
        else:
            is_named = _PLAIN_NAME.fullmatch(mark.name) and mark.name in text
            yield number, text if is_named and not _ACTION.match(text) else f"{_head_of(mark)} {said}"

    def _hold(self, number: int, said: str, head: str, *, goes_on: bool) -> Iterator[tuple[int, str]]:
        """Hold what was pasted until its end is seen; yield what was before it, if that does not go on."""
        if not goes_on or (self._block and said[0] != "|"):
            yield from self.pasted()
        self._block.append((number, said[2:] if said[0] == "|" else said, head))

    def pasted(self) -> Iterator[tuple[int, str]]:
        """Yield what was pasted line by line: a block, in which a command stands with what it printed."""
        block, self._block = self._block, []
        if not block:
            return
        (number, first, head), *below = block
        last = block[-1][0]
        is_table = all(it.endswith("|") for _, it, _ in block)
        if is_table or (not below and first[:2] == "$ "):
            for at, (line, text, above) in enumerate(block):
                shown = f"| {text}" if is_table else text
                yield line, f"{above} {shown}" if above and not at else shown
            return
        if head:
            yield number, head
        fence = "````" if any("```" in it for _, it, _ in block) else "```"
        yield number, f"{fence}console" if any(it[:2] == "$ " for _, it, _ in block) else fence
        yield from ((line, text) for line, text, _ in block)
        yield last, fence


def _is_pasted(said: str) -> bool:
    """Return whether a line was pasted behind a bar, or is a command below which such lines may stand."""
    return said[:2] in ("| ", "|", "$ ")


def _plain(text: str) -> str:
    """Return a line in the way of other chats where a log of WeeChat, Zoom or LINE has its own."""
    text = text.rstrip().lstrip("\u200e\u202a")
    if "\t" in text and (found := _OF_WEECHAT.match(text)):
        sign = found[2] in ("-->", "<--", "--")
        return f"[{found[1]}] {found[2]} {found[3]}" if sign else f"[{found[1]}] <{found[2]}> {found[3]}"
    if "\t" in text and (found := _OF_LINE.match(text)):
        return f"[{found[1]}] {found[2]}: {found[3]}"
    if text[:1] == "[" and (found := _BEFORE_TIME.fullmatch(text)):
        return f"{found[1]}  {found[2]}"
    if text[:1].isdigit() and "From " in text[:_FROM_CHARS] and (found := _OF_ZOOM.match(text)):
        return f"[{found[1]}] {found[2]}: {found[3]}"
    return text


_FROM_CHARS = 20


def _mark_of(text: str) -> Mark | None:
    """Return the mark of a message as chats have it, None for any other line."""
    if not text or (text[0] not in _STARTS and text[-1] not in _TO_DIGITS and text[:3] not in _DAY_BEGINS):
        return None
    mark = mark_in(text)
    return mark if mark and mark.chat and mark.way == LABEL else None


def _head_of(mark: Mark) -> str:
    """Return a line that names the speaker of those below it."""
    name = mark.name if _PLAIN_NAME.fullmatch(mark.name) else _NOT_IN_NAME.sub("", mark.name) or "somebody"
    time = mark.time if mark.time and mark.time[0].isdigit() else "00:00"
    return f"[{time}] {name}:"


def _is_plain(said: str) -> bool:
    """Return whether nobody would seem to speak in a line without the name before it; who is called upon does not."""
    mark = mark_in(said)
    return mark is None or (mark.way == LABEL and not mark.chat)
