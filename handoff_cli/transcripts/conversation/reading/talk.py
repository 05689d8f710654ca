"""The state of a conversation that is being read: who speaks, what was said so far, which calls wait for an answer."""

from __future__ import annotations

from collections import deque

from handoff_cli.core.answers import is_cut_off, is_stopped
from handoff_cli.core.patterns import compiled
from handoff_cli.core.record import Record
from handoff_cli.core.tool_names import ASKERS, BY_USER, LISTS, MENTION, edits
from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts import tools
from handoff_cli.transcripts.conversation.marks.again import Known
from handoff_cli.transcripts.conversation.marks.inputs import NAMES
from handoff_cli.transcripts.conversation.marks.questions import answers_in, asked_of
from handoff_cli.transcripts.conversation.marks.speakers import ALONE, ASSISTANT, SYSTEM, TOOL, USER, mark_in
from handoff_cli.transcripts.conversation.marks.voices import EXPORTS
from handoff_cli.transcripts.conversation.marks.wrapped import unwrapped
from handoff_cli.transcripts.conversation.reading.delegated import Delegated
from handoff_cli.transcripts.conversation.reading.lines import Cursor, as_said
from handoff_cli.transcripts.conversation.reading.rows import RowsRead
from handoff_cli.transcripts.conversation.reading.survey import EXEC_NAMES
from handoff_cli.transcripts.conversation.reading.work import Folders, noticed
from handoff_cli.transcripts.events import Called, Returned, Said, Started, Turned, Used
from handoff_cli.transcripts.outcomes import is_over, judged
from handoff_cli.transcripts.values import as_dict, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.transcripts.aider import History
    from handoff_cli.transcripts.conversation.marks.speakers import Mark
    from handoff_cli.transcripts.conversation.reading.survey import Survey
    from handoff_cli.transcripts.conversation.reading.work import Noticed
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

    Placed = tuple[int, Event]

_PIECE_CHARS, _NOTE_CHARS = 1 << 18, 3_000
"""What is said is handed on in parts of about so many characters; where nobody speaks, at an empty line sooner."""
_MOST_WAITING, _MOST_NOTICED, _MOST_TODOS = 50, 500, 100
_DATED = compiled(r"\d{4}-\d\d-\d\d")
_NEAR_LINES, _NAME_CHARS = 6, 40
_RAGGED = 8
"""So many columns before the margin a person breaks a line; a screen does at the last."""


class Waiting(Record):
    """A call that no answer was seen to yet."""

    id: str
    name: str
    run: str
    asked: Any = None


class Talk:
    """Where the reading of ``source`` stands. What it makes into events is returned as lists, in their order."""

    def __init__(self, source: Source, survey: Survey, reader_for: Callable[[str], Any]) -> None:
        self.source = source
        self.survey = survey
        self.reader_for = reader_for
        self.cursor = Cursor(source)
        self.width = survey.screen_width
        self.role: str | None = None
        self.hidden, self.wrapped = False, survey.is_wrapped and not survey.has_speakers
        self.time: str | None = None
        self.unclosed: dict[str, int] = {}
        self.mentioned: set[str] = set()
        self.listed = self.listed_by_tool = False
        self.noted: deque[dict[str, str]] = deque(maxlen=_MOST_TODOS)
        self.known_todos: set[str] = set()
        self.fence_ends = self.boxed_in = self.turns = self.looks_back_to = 0
        self.behind_bar = self.has_spoken = self.prints = self.set_in = self.states = False
        self.history: History | None = None
        self.asked = self.by = self.told_last = self.name = self.ran = self.printed = ""
        self.approved = self.reminded = self.result_of = self.edited_upon = ""
        self.chats = False  # who speaks is named as in chats
        self.waiting: deque[Waiting] = deque(maxlen=_MOST_WAITING)
        self.last_run: Waiting | None = None
        self.rows, self.known = RowsRead(), Known()
        self.viewed: dict[str, int] = {}  # since the last edit, each with its turn
        self.delegated = Delegated()
        self.follows = self.printed_to = self.greets_to = self.unseen = 0
        self._compacted = -_NEAR_LINES
        self.awaited = self.stopped = self.folded = self.shows_codes = self.commits = self.has_edited = False
        self.folders = Folders()
        self._ran = self._touched = False
        self._answers: list[tuple[str, bool | None]] = []
        self._noticed: list[Noticed] = []
        self._text: list[str] = []
        self._typed: list[Placed] = []
        self._calls = self._size = self._at = self._lead = 0

    def go_on_from(self, earlier: Transcript) -> None:
        """Know what was told before."""
        self.noted.extend({"content": todo.text, "status": todo.status} for todo in earlier.todos_noted)
        self.known_todos.update(earlier.todos_named)
        self.listed = bool(earlier.todos_named)
        self.listed_by_tool = any(call.name.lower() in LISTS for call in earlier.tool_calls)

    def forms(self) -> int:
        """Return the forms that hold at the next line."""
        return self.survey.forms(self.cursor.next_number)

    def say(self, line: str) -> list[Placed]:
        """Add a line to what the speaker says; what is long is handed on in parts."""
        if self.is_typed and self._calls_agent(line):
            line = line.partition(" ")[2]
        if not self._text:
            if not line:
                return []
            self._at = max(self.cursor.number, 1)
        self.has_spoken = self.has_spoken or bool(line)
        self._text.append(line)
        self._size += len(line) + 1
        ends = self._size > (_PIECE_CHARS if self.survey.has_speakers or line else _NOTE_CHARS)
        return self.said() if ends else []

    def drop(self, lines: int = 1) -> list[Placed]:
        """Pass over ``lines`` that are nobody's words, and part what stands around them."""
        self.cursor.skip(lines)
        return self.say("")

    def _calls_agent(self, line: str) -> bool:
        """Return whether a line of who chats begins with the name of the agent, upon whom they call."""
        first = line[:_NAME_CHARS].partition(" ")[0]
        called = first.strip("@:,").casefold() if first[-1:] in (":", ",") else ""
        return bool(called) and self.survey.is_agent(called, self.cursor.number)

    def held(self) -> list[str]:
        """Return the lines said since the last event, to be said again after other events."""
        lines, self._text, self._size = self._text, [], 0
        return lines

    def said(self) -> list[Placed]:
        """Return what was said since the last event, if anything."""
        lines, self._text, self._size = self._text, [], 0
        if lines and self._lead:
            lines[0], self._lead = " " * self._lead + lines[0], 0
        width = self.width - (_RAGGED if self.survey.is_wrapped else 0)
        shown = as_said(lines, self.role == USER, bool(self.forms() & EXPORTS))
        text = unwrapped(shown, width) if self.wrapped else "\n".join(shown)
        text = text.strip().removesuffix("\n---").rstrip("- \n") if text.rstrip().endswith("---") else text.strip()
        if not text:
            return []
        role = self.role or (SYSTEM if self.survey.tells_both else ASSISTANT)
        self.told_last = text if role == ASSISTANT else ""
        if role == USER and text == self.asked:
            return []
        visible = role in (USER, ASSISTANT) and not self.hidden and not self.delegated.work
        kind = "reasoning" if self.hidden and role == ASSISTANT else ""
        settled = self.survey.has_speakers and self._ran and self._touched
        told = [*noticed(lines, self._at)] if visible and not settled else []
        # What they tell of was run before they were said.
        at = max((it.line for it in told if it.command and self.survey.has_speakers), default=self._at)
        words = Said(role if role != TOOL else SYSTEM, text, self.time, visible, kind=kind, by=self.by)
        return [self.at(words, at), *self._note(told)]

    def _note(self, told: list[Noticed]) -> list[Placed]:
        """Note what words ``told`` that was run, and which files they name; of text that nobody speaks, tell it."""
        events: list[Placed] = []
        for it in told:
            self.folders.take(it.file)
            if it.file in self.mentioned or (not it.file and self.role == USER and self.survey.has_speakers):
                continue
            if it.file:
                self.mentioned.add(it.file)
            if not self.survey.has_speakers:
                events += it.events(self)
            elif len(self._noticed) < _MOST_NOTICED:
                self._noticed.append(it)
        return events

    def told_in_words(self) -> list[Placed]:
        """Return what was only told in words, of commands and of files: of each kind only if no call shows any."""
        new = [it for it in self._noticed if (not self._ran if it.command else not self._touched)]
        return [event for it in new for event in it.events(self)]

    def is_silent(self) -> bool:
        """Return whether nothing was said since the last event."""
        return not any(self._text)

    def ends_apart(self) -> bool:
        """Return whether what was said so far ends with an empty line, or nothing was."""
        return not self._text or not self._text[-1]

    @property
    def has_acted(self) -> bool:
        """Whether any call was made."""
        return self._calls > 0

    @property
    def unsaid(self) -> Sequence[str]:
        """The lines said since the last event."""
        return self._text

    def follows_name(self, chars: int) -> None:
        """Note that the first line of this turn stood behind ``chars`` characters that named the speaker."""
        self._lead = chars

    def begun(self, role: str, time: str | None, *, wrapped: bool = False) -> list[Placed]:
        """Begin with ``role``: what was before is nobody's."""
        self._text, self._size = [], 0
        return self.turn(role, time, wrapped=wrapped)

    def turn(self, role: str, time: str | None = None, *, wrapped: bool = False, hidden: bool = False) -> list[Placed]:
        """Begin what ``role`` says; return what was said before."""
        events = [*self.said(), *self._run_by_them()]
        if self.history:
            chat, self.history = self.history, None
            events += [(number + 1, event) for number, event in self.told(chat.end())]  # they end behind the line
        self.turns += role != self.role
        self.role, self.wrapped, self.hidden, self.by = role, wrapped, hidden, ""
        self.time = time if time and _DATED.match(time) else self.time
        self.behind_bar = self.has_spoken = self.chats = False
        self.name, self._lead, self.greets_to = "", 0, 0
        return events

    def names(self, mark: Mark, role: str) -> None:
        """Note whose turn began: ``mark`` names them, as one of several people or not."""
        self.name, self.chats = mark.name, mark.chat
        self.by = mark.by or (mark.name if role == USER and self.survey.has_people(self.cursor.number) else "")

    @property
    def is_typed(self) -> bool:
        """Whether a command at hand is one that a person who chats ran and shows."""
        return self.chats and self.role == USER

    def typed(self, run: str, output: str, failed: bool | None, code: int | None, number: int) -> None:
        """Note a command that such a person ran: it stands after their words, which are one request."""
        self._calls += 1
        call = str(self._calls)
        self._typed.append(self.at(Called(call, BY_USER, {"command": run}, self.time, nested=True), number))
        self._typed.append(self.at(Returned(call, output, failed, code, self.time, ended=bool(output))))

    def _run_by_them(self) -> list[Placed]:
        events, self._typed = self._typed, []
        is_page = self.role == SYSTEM and bool(self.by)  # which shows what was done by what the agent said
        shows = (bool(events) or is_page) and bool(self.told_last)
        return [self.at(Turned(carried_out=is_page)), *events] if shows else events  # who only shows was answered

    def ask(self, prompt: str) -> list[Placed]:
        """Return that the user asks an agent, which answers next; it may show the ``prompt`` again."""
        self.asked = ""
        events = [*self.turn(USER), *self.say(prompt), *self.turn(ASSISTANT)]
        self.asked = prompt
        return events

    def leave(self) -> list[Placed]:
        """End what is said, as nobody speaks next; return it."""
        events = self.turn(ASSISTANT)
        self.role, self.asked, self.states = None, "", False
        return events

    def waits_for_the_user(self, *, surely: bool = True) -> None:
        """Note that with the next line the user may speak, where nothing marks who does, or ``surely`` does."""
        self.cursor.skip_empty()
        self.follows, self.awaited = self.cursor.index, surely

    def compacts(self) -> bool:
        """Note a compaction; return whether none was told of just before, as two signs of it may follow each other."""
        before, self._compacted = self._compacted, self.cursor.index
        return self.cursor.index - before > _NEAR_LINES

    def told(self, events: Iterator[Event]) -> list[Placed]:
        """Return what another reader told, but for figures of the context and its beginning."""
        return [self.at(event) for event in events if not isinstance(event, Started | Used)]

    def at(self, event: Event, number: int | None = None) -> Placed:
        """Return ``event`` with the line it stands at."""
        if isinstance(event, Called) and event.name != MENTION:
            asked = tools.Asked(event.like or event.name, event.input)
            self._ran = self._ran or asked.run is not None
            self._touched = self._touched or bool(asked.touches)
            self.folders.take_all(asked.touches)
        return (number or self.cursor.number, event)

    def call(self, name: str, given: Any, number: int | None = None) -> list[Placed]:
        """Return the events of a call, begun on line ``number``, after what was said before it."""
        events = [*self.said(), *self._matched()]
        if self.role == USER and self.told_last and not self.has_spoken:
            events.append(self.at(Turned()))  # whoever types a command themselves was answered
        self.has_spoken, self._calls = True, self._calls + 1
        name, asks = NAMES.get(name.lower(), name), name.lower() in ASKERS
        self.has_edited = self.has_edited or edits(name)
        if len(self.waiting) == _MOST_WAITING:
            events.append(self.at(Returned(self.waiting.popleft().id, "", None, None, self.time)))
        run = as_str(as_dict(given).get("command"))
        self.waiting.append(Waiting(str(self._calls), name, run, given if asks else None))
        self.delegated.called(self.waiting[-1], given)
        if run:
            self.last_run, self.commits = self.waiting[-1], self.commits or "git commit" in run
        if name.lower() in LISTS:
            self.listed = self.listed_by_tool = True
        given = asked_of(given) if asks else given
        return [*events, self.at(Called(str(self._calls), name, given, self.time), number)]

    def did(self, name: str, given: dict[str, Any], number: int | None = None) -> list[Placed]:
        """Return the events of a call that went well and showed nothing."""
        return [*self.call(name, given, number), *self.answer("", failed=False, created=name == "Write", last=True)]

    def report(self, name: str, given: dict[str, Any]) -> list[Placed]:
        """Return the events of an edit that words tell of; a file without a folder is the one of that name."""
        given = {**given, "file_path": self.folders.whole(given["file_path"])}
        before, events = self.has_edited, self.did(name, given)
        self.has_edited = before
        return events

    def answer(
        self, text: str, failed: bool | None, code: int | None = None, *, created: bool = False, last: bool = False
    ) -> list[Placed]:
        """Return the answer to the first call that waits for one, or to the ``last``."""
        events = self._matched()
        if not self.waiting:
            return events
        call = self.waiting.pop() if last else self.waiting.popleft()
        return [*events, *self.said(), self._returned(call, text, failed, code, created=created)]

    def answer_in_turn(self, text: str, failed: bool | None) -> list[Placed]:
        """Take in the answer to one of the calls that wait, of which is known once the next is made.

        As many answers as follow each other belong to the last calls before: an export leaves out what is empty.
        """
        self._answers.append((text, failed))
        events = self.said()
        return [*events, *self._matched()] if self.delegated.work and len(self._answers) > len(self.waiting) else events

    @property
    def awaits(self) -> bool:
        """Whether a call waits for an answer."""
        return len(self.waiting) + len(self.delegated.work) > len(self._answers)

    def _matched(self) -> list[Placed]:
        """Return the answers that were taken in, each with its call, after the calls that none was shown to."""
        if not self._answers:
            return []
        answers, self._answers = self._answers, []
        unanswered = [self.waiting.popleft() for _ in range(len(self.waiting) - len(answers))]
        events = [self.at(Returned(call.id, "", None, None, self.time)) for call in unanswered]
        for text, failed in answers[: len(self.waiting) + len(self.delegated.work)]:
            call = self.waiting.popleft() if self.waiting else self.delegated.work.popleft()
            shown, told, code = judged(call.run, text)
            told = told if failed is None else failed
            events.append(self._returned(call, shown, told if call.run else bool(told), code))
        return events

    def _returned(
        self, call: Waiting, text: str, failed: bool | None, code: int | None, *, created: bool = False
    ) -> Placed:
        if is_stopped(text):
            failed, text = True, text if text.startswith(REFUSED) or is_cut_off(text) else f"{REFUSED}. {text}"
        answers = answers_in(call.asked, text) if call.asked and not failed else ()
        return self.at(Returned(call.id, text, failed, code, self.time, created, answers=answers, ended=is_over(text)))

    def settle(self) -> list[Placed]:
        """Return that the calls which still wait were made, as no answer to them can come any more."""
        events = self._matched()
        calls = [*self.waiting, *self.delegated.end()]
        self.waiting.clear()
        return [*events, *(self.at(Returned(call.id, "", None, None, self.time)) for call in calls)]

    def delegates(self, first: str = "") -> bool:
        """Return whether the turn that begins, with ``first`` on its first line, is what a sub-agent was told."""
        call = self.delegated.begins(self.cursor, first)
        if call and call in self.waiting:
            self.waiting.remove(call)
        return call is not None

    def answered(self, pairs: tuple[tuple[str, str], ...]) -> list[Placed]:
        """Return what the user answered to the questions of the last call."""
        return [self.at(Returned(self.waiting.pop().id, "", failed=False, time=self.time, answers=pairs))]

    def answer_again(self, code: int | None, text: str = "", failed: bool | None = None) -> list[Placed]:
        """Return that the command run last ended with ``code``, or ``failed``, as a line or ``text`` below it says."""
        call, events = self.last_run, self._matched()
        if call is None:
            return events
        self.last_run, failed = (call, failed) if code is None else (None, code != 0)
        if call in self.waiting:
            self.waiting.remove(call)
        return [*events, self.at(Returned(call.id, text, failed, code, self.time, ended=is_over(text)))]

    def mark(self, text: str, ahead: bool = False) -> Mark | None:
        """Return the mark of a speaker that ``text`` is, None where those named so do not speak here."""
        found = mark_in(text)
        if found is None or self.survey.role_of(found, self.cursor.next_number) is None:
            return None
        if found.way == ALONE and not ahead and self._text and self._text[-1] and not self.cursor.begins_piece:
            return found if self.survey.is_exec_log and text in EXEC_NAMES else None
        return found

    def role_of(self, mark: Mark) -> str:
        """Return the role of the speaker a mark names on the line just read."""
        return self.survey.role_of(mark, self.cursor.number) or USER
