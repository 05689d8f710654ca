"""Conversations as text, in all the forms in which people pipe them: the reader for everything that is no log or JSON.

A line means what it does by the form around it, so the text is surveyed first (``reading.survey``), then read line by
line: ``copies`` makes layouts into lines that name their speakers, ``marks`` knows names and signs, ``written`` and
``screens`` what was done, as logs and screens show it, which ``calls`` brings together.
"""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.core.told import whose
from handoff_cli.transcripts import aider
from handoff_cli.transcripts.conversation import calls
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, DECORATED, SAID, SYSTEM, TOOL, USER, role_of
from handoff_cli.transcripts.conversation.marks.voices import AIDER, EXPORTS, HEADED, NAMED, PANEL, SCREENS
from handoff_cli.transcripts.conversation.reading import rows
from handoff_cli.transcripts.conversation.reading.fences import FENCE
from handoff_cli.transcripts.conversation.reading.lines import unframed
from handoff_cli.transcripts.conversation.reading.page_end import words_end
from handoff_cli.transcripts.conversation.reading.panel_lines import STOPPED
from handoff_cli.transcripts.conversation.reading.preface import is_of_page, is_pasted, is_title
from handoff_cli.transcripts.conversation.reading.survey import surveyed
from handoff_cli.transcripts.conversation.reading.talk import Talk
from handoff_cli.transcripts.conversation.screens import compaction, panel, screen
from handoff_cli.transcripts.conversation.written import (
    commands,
    json_calls,
    markup,
    notations,
    piped_output,
    written_calls,
)
from handoff_cli.transcripts.events import CutOff, Seen, Turned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.transcripts.conversation.marks.speakers import Mark
    from handoff_cli.transcripts.conversation.reading.talk import Placed
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = None

_STOPPED_CHARS = 40
_CONTENT = compiled(r"\s+content:\s*(?:[|>][+-]?$)?(.*)$")
_SESSION = compiled(r"<!-- (?:.{1,60}) Session (\S{1,100}) \((.{1,40})\) -->|\*\*Session ID:\*\* `?([\w-]{1,100})`?")


def sniff(head: str) -> float:  # noqa: ARG001 (the protocol)
    """Anything can be text."""
    return 0.05


def events(
    source: Source, reader_for: Callable[[str], Any] = rows.of_messages, earlier: Transcript | None = None
) -> Iterator[Event]:
    """Yield the events of a conversation, each with ``source.position`` at the line it stands at.

    ``reader_for`` returns the reader of JSON by its beginning, None where it knows none; ``earlier`` is what the
    conversation told before ``source``, if that goes on from there.
    """
    survey = surveyed(source)
    talk = Talk(source, survey, reader_for)
    if earlier:
        talk.go_on_from(earlier)
    if survey.lines and not survey.has_speakers:
        yield Seen(speakers=False)
    for number, event in _read(talk):
        source.position = number
        yield event


def _read(talk: Talk) -> Iterator[Placed]:
    cursor = talk.cursor
    while (text := cursor.peek()) is not None:
        if cursor.begins_piece:
            if cursor.number:
                yield from _new_piece(talk, text)
            if (printed := piped_output.take(talk)) is not None:
                yield from printed
                continue
        if not text and talk.history is None:
            cursor.take()
            yield from talk.say("")
            continue
        yield from _line(talk, text)
    if (ends := words_end(talk.unsaid)) < len(talk.unsaid):
        yield from (event for line in talk.held()[:ends] for event in talk.say(line))
    yield from talk.turn(ASSISTANT)
    yield from talk.settle()
    yield from talk.told_in_words()


def _line(talk: Talk, text: str) -> Iterable[Placed]:
    """Read what the next line begins: the first concern that knows it reads on as far as it goes."""
    if not text:
        return _aider(talk, text) or ()
    if text[0] == "\x02" or text[-1] == "\x03":
        return _told_turn(talk, text)
    if talk.survey.is_told(talk.cursor.next_number):
        return _told(talk, text)
    if text[0] in "TA1#*" and compaction.begins_account(talk, text):
        return compaction.account(talk)
    read = _marked(talk, text)
    if read is None and text.lstrip()[:1] in ("<", "["):
        read = markup.take(talk)
    if read is None and talk.forms() & AIDER:
        read = _aider(talk, text)
    if read is None and text[0] in "<*" and (session := _SESSION.match(text)):
        talk.cursor.take()
        read = [talk.at(Seen(session_id=session[1] or session[3], time=session[2]))]
    if read is None:
        read = calls.take(talk)
    if read is None:
        talk.cursor.take()
        return talk.say(unframed(text))
    return read


def _told_turn(talk: Talk, text: str) -> Iterable[Placed]:
    """Begin the turn that is told as somebody's whole, or end it."""
    talk.cursor.take()
    role = role_of(whose(text) or "")
    return talk.turn(role) if role else talk.leave()


def _told(talk: Talk, text: str) -> Iterable[Placed]:
    """Read a line of such a turn: nobody else speaks there, and a person does nothing."""
    if talk.role not in (USER, SYSTEM) and (done := calls.take(talk)) is not None:
        return done
    talk.cursor.take()
    return talk.say(text)


def _marked(talk: Talk, text: str) -> Iterable[Placed] | None:
    """Read what a message, a sign on a screen, a line of a panel or a name begins."""
    read: Iterable[Placed] | None = rows.take(talk)
    if read is None and talk.forms() & SCREENS and notations.heads_prompt(talk, text):
        talk.cursor.take()  # a shell's, beside the screen of an agent
        return [*talk.leave(), *(commands.command_in(talk, talk.cursor.peek() or "") or ())]
    if read is None:
        read = screen.take(talk)
    if read is None and talk.forms() & PANEL:
        read = panel.take(talk, text)
    if read is None:
        read = _turn(talk, text)
    if read is None and "by " in text[:_STOPPED_CHARS]:
        return _stopped(talk, text)
    return _cut_off(talk) if read is None and talk.role == ASSISTANT and _CUT_OFF.match(text) else read


def _cut_off(talk: Talk) -> list[Placed]:
    """Read that a page lost the rest of what the agent said: by the user, or by the network."""
    talk.cursor.take()
    return [*talk.said(), talk.at(CutOff())]


_CUT_OFF = compiled(
    r"(?:Claude|ChatGPT|Gemini|Copilot|Grok)['\u2019]s response was interrupted\.?$"
    r"|[✕✗✖] {1,2}\[?API Error: |\s{0,3}☁ {1,2}Ran into this error: "
)
"""What a page says below words of which it lost the rest, and a screen where the model was not reached again."""


def _stopped(talk: Talk, text: str) -> Iterable[Placed] | None:
    """Read that the user stopped the agent: what stands below is theirs, if nobody is named there."""
    if not talk.forms() & NAMED or not STOPPED.match(text):
        return None
    if talk.role == USER and talk.is_silent() and talk.forms() & EXPORTS:
        talk.cursor.take()  # an export shows it as what the user said
        return [*talk.settle(), talk.at(Turned(stopped=True))]
    if talk.role != ASSISTANT:
        return None
    talk.cursor.take()
    events = [*talk.said(), *talk.settle(), talk.at(Turned(stopped=True))]
    talk.waits_for_the_user()
    below = talk.cursor.peek()
    if not below or talk.mark(below, ahead=True) or notations.is_call(talk, below) or below[0] in "`<-#":
        return events
    return [*events, *talk.turn(USER)]


def _turn(talk: Talk, text: str) -> Iterable[Placed] | None:
    """Begin the turn that a line names the speaker of."""
    mark = talk.mark(text)
    if mark is None:
        return None
    talk.cursor.take()
    role = talk.role_of(mark)
    if role == TOOL:
        return _tool_turn(talk, mark)
    if mark.chat and mark.name == talk.name and role == talk.role == USER:
        events = talk.say("")  # they go on
    else:
        events = _begun(talk, mark, role)
    if not mark.rest:
        if mark.way == SAID and role == ASSISTANT and role_of(talk.cursor.peek() or "") == ASSISTANT:
            talk.cursor.take()  # the name again, beside the picture
        if mark.way == DECORATED and (content := _CONTENT.match(talk.cursor.peek() or "")):
            talk.cursor.take()
            talk.cursor.put_back(content[1])
        _pass_time(talk)
        return events
    talk.follows_name(len(text) - len(mark.rest))
    talk.cursor.put_back(mark.rest)
    return events


def _is_description(talk: Talk) -> bool:
    """Return whether what stands above the first of those who chat is what their room is for, or no sentence."""
    lines = [it for it in talk.unsaid if it]
    return len(lines) <= _DESCRIPTION_LINES or not any(map(_SENTENCE.match, lines))


_DESCRIPTION_LINES, _SENTENCE = 2, compiled(r"(?:\S+ ){3,}.*[.!?]$|.*[`$=;{}]")
"""A sentence, or what stands in code or a terminal."""


def _pass_time(talk: Talk) -> None:
    """Pass over the line below a name that tells when they spoke."""
    ahead = 0 if talk.cursor.peek() else 1
    found = _TIME.match(talk.cursor.peek(ahead) or "")
    below = talk.cursor.peek(ahead + 1) or talk.cursor.peek(ahead + 2) or ""
    is_answer = below in ("", "---") or talk.mark(below, ahead=True) is not None
    if found and not (is_answer and found[0][0].isdigit()):
        talk.cursor.skip(ahead + 1)


_TIME = compiled(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[,T ]{1,2}\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?$"
    r"|[*_]{1,2}\W{0,4}\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[,T ]{1,2}\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?)?"
    r"(?: [a-z]{2,5}(?:[+-]\d{1,4})?)?[*_]{1,2}$",
    re.IGNORECASE,
)


def _begun(talk: Talk, mark: Mark, role: str) -> list[Placed]:
    """Begin the turn of whom a mark names as ``role``, or go on where the text begins amid what they said."""
    if not (talk.role or talk.has_acted or is_title(talk.unsaid)) and role == ASSISTANT and talk.survey.takes_turns:
        talk.role = USER  # the text begins amid what the user said
    if not (talk.role or talk.has_acted) and role == USER and is_pasted(talk.unsaid):
        talk.role, events = USER, []
        talk.names(mark, role)
    else:
        is_above = is_title(talk.unsaid) or (mark.chat and not talk.has_acted and _is_description(talk))
        is_above = is_above or (role == USER and not talk.role and is_of_page(talk.unsaid))
        begin = talk.turn if (talk.role and not talk.asked) or not is_above else talk.begun
        events = begin(role, mark.time, wrapped=talk.survey.is_wrapped)
        talk.names(mark, role)
    if role == USER and not (notations.is_result(words := _first_words(talk, mark)) or markup.is_result(words)):
        events += [] if talk.delegates(mark.rest) else talk.settle()
    return events


def _tool_turn(talk: Talk, mark: Mark) -> Iterable[Placed]:
    """Read what a tool says under its own name: a call, or the answer to one."""
    events = talk.turn(TOOL, mark.time)
    if not mark.rest:
        events += json_calls.below(talk)
        is_output = talk.awaits and notations.is_result(f"{mark.name}:") and FENCE.match(talk.cursor.peek() or "")
        return [*events, *(written_calls.resulted(talk, "") if is_output else ())]
    called = written_calls.notation(talk, mark.rest)
    if called is not None:
        return [*events, *called]
    if talk.awaits:
        return [*events, *written_calls.resulted(talk, mark.rest)]
    talk.cursor.put_back(mark.rest)
    return events


def _first_words(talk: Talk, mark: Mark) -> str:
    if mark.rest:
        return mark.rest
    return next((text for ahead in range(5) if (text := talk.cursor.peek(ahead))), "")


def _new_piece(talk: Talk, text: str) -> Iterable[Placed]:
    """Go on in a piece that names nobody at its start: what the user typed ends before it, unless it was cut there."""
    if talk.forms() & HEADED and talk.survey.takes_turns:
        return ()  # each turn has its mark
    if talk.role == USER and talk.has_spoken and not talk.mark(text) and (not text or talk.ends_apart()):
        return talk.turn(ASSISTANT, wrapped=talk.wrapped)
    return ()


def _aider(talk: Talk, text: str) -> Iterable[Placed] | None:
    """Read a line of an Aider history that stands among other text."""
    if talk.history is None:
        if aider.role_of(text) == "assistant":
            return None
        begin = talk.begun if talk.role is None and aider.role_of(text) == "start" else talk.turn
        events = begin(ASSISTANT, None)
        talk.history = aider.History()
    else:
        events = []
    talk.cursor.take()
    ends = "  " if talk.cursor.is_broken else ""  # the tool ends its lines and the person's so, the model no heading
    return [*events, *talk.told(talk.history.take(text + ends))]
