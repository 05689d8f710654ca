"""What is done within a turn that is text: the first concern that knows a line reads on as far as it goes."""

from __future__ import annotations

import re

from handoff_cli.transcripts.conversation.commands import command_in, executed
from handoff_cli.transcripts.conversation.fences import FENCE, STRUCTURE, closing, fence_text
from handoff_cli.transcripts.conversation.notations import RESULT, RUN, SAYS_TOOL, is_call, skip_empty, tool
from handoff_cli.transcripts.conversation.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.survey import PROMPT
from handoff_cli.transcripts.conversation.work import done, paths_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.talk import Placed, Talk

_STRUCTURE_CHARS = 240
_LANGUAGE_CHARS = 12
_THOUGHT = re.compile(
    r"(?:\s*<details><summary>|\s*<summary>|\s*[_*]*)?\W{0,4}(?:Internal Reasoning|Thought Process|Thinking"
    r"|Reasoning|Thoughts?)\b[^a-z]{0,4}(?:\(.{0,40}\))?[_*:.…]*(?:</summary>)?\s*$"
)


def take(talk: Talk) -> list[Placed] | None:
    """Read what the next line begins, if something is done there; None where it is plain text."""
    text = talk.cursor.peek() or ""
    first = text.lstrip()[:1]
    if not first:
        return None
    if first in "`~>" and (fence := FENCE.match(text)):
        return _fenced(talk, fence[1], fence[2])
    events = command_in(talk, text)
    if events is None:
        events = executed(talk, text)
    if events is None:
        events = _structure(talk, text, first)
    if events is None and talk.role == USER and talk.survey.has_speakers:
        return _beside_the_user(talk, text)
    return tool(talk, text) or done(talk, text) if events is None else events


def _beside_the_user(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call, an edit or a result that follows what the user said where no name says that the agent goes on."""
    if talk.waiting and RESULT.match(text):
        return tool(talk, text)
    if talk.ends_apart() and (is_call(talk, text) or paths_in(text)):
        return [*talk.turn(ASSISTANT), *(tool(talk, text) or done(talk, text) or ())]
    return done(talk, text) if talk.last_run and not paths_in(text) else None


def _structure(talk: Talk, text: str, first: str) -> list[Placed] | None:
    """Read a line that only holds an export together, or opens what the agent thought."""
    is_word = len(text) <= _LANGUAGE_CHARS and text.isalpha()
    if len(text) > _STRUCTURE_CHARS or not (is_word or first in "<-_*CTIRSt💭🤔"):
        return None
    if _THOUGHT.match(text) or (text == "thinking" and talk.survey.is_exec_log):
        return _thought(talk)
    if not STRUCTURE.match(text) and (talk.cursor.peek(1) or "") not in ("Copy code", "Copy"):
        return None
    if SAYS_TOOL.match(text) or RESULT.match(text):
        return None
    talk.cursor.take()
    return talk.say("" if first != "-" else text)


def _fenced(talk: Talk, mark: str, info: str) -> list[Placed] | None:
    """Read a fenced block: commands with their output, else text in which nothing means anything."""
    closes = closing(talk, mark)
    if closes is None:
        talk.cursor.take()
        return talk.say("")
    if any(
        RUN.match(talk.cursor.peek(ahead) or "")
        or (info in ("console", "terminal", "") and PROMPT.match((talk.cursor.peek(ahead) or "").lstrip()))
        for ahead in range(1, closes)
    ):
        talk.cursor.take()
        events: list[Placed] = []
        talk.fence_ends = talk.cursor.number + closes
        while talk.cursor.next_number < talk.fence_ends:
            events += command_in(talk, talk.cursor.peek() or "") or talk.say(talk.cursor.take())
        if talk.fence_ends:
            talk.cursor.take()
        talk.fence_ends = 0
        return events
    events = []
    for _ in range(closes + 1):
        events += talk.say(talk.cursor.take())
    return events


def _thought(talk: Talk) -> list[Placed]:
    """Read what the agent thought to itself: it is in the record, and nobody said it.

    It stands in a fenced block, or up to where what folds it away ends, or is one paragraph.
    """
    events = talk.turn(ASSISTANT, wrapped=talk.wrapped, hidden=True)
    folded = "<" in talk.cursor.take()
    skip_empty(talk)
    fence = FENCE.match(talk.cursor.peek() or "")
    if fence and closing(talk, fence[1]):
        for thought in fence_text(talk, fence[1]).split("\n"):
            events += talk.say(thought)
    else:
        while (line := talk.cursor.peek()) is not None and (line or folded) and not talk.mark(line):
            if folded and "</details>" in line:
                break
            events += talk.say(talk.cursor.take())
    return [*events, *talk.turn(ASSISTANT, wrapped=talk.wrapped)]
