"""What is done within a turn that is text: the first concern that knows a line reads on as far as it goes."""

from __future__ import annotations

import re

from handoff_cli.transcripts.conversation.commands import command_in
from handoff_cli.transcripts.conversation.fences import FENCE, STRUCTURE, closing, fence_text
from handoff_cli.transcripts.conversation.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.notations import RESULT, RUN, SAYS_TOOL, skip_empty, tool
from handoff_cli.transcripts.conversation.speakers import ASSISTANT, TOOL, USER
from handoff_cli.transcripts.conversation.survey import PROMPT
from handoff_cli.transcripts.conversation.work import done

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
        events = _structure(talk, text, first)
    if events is None and (talk.role != USER or talk.waiting or not talk.survey.has_speakers):
        events = tool(talk, text) or done(talk, text)
    return events


def _structure(talk: Talk, text: str, first: str) -> list[Placed] | None:
    """Read a line that only holds an export together, or opens what the agent thought."""
    is_word = len(text) <= _LANGUAGE_CHARS and text.isalpha()
    if len(text) > _STRUCTURE_CHARS or not (is_word or first in "<-_*CTIRS💭🤔"):
        return None
    if _THOUGHT.match(text):
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
        talk.fence_ends = 0
        talk.cursor.take()
        return events
    events = []
    for _ in range(closes + 1):
        events += talk.say(talk.cursor.take())
    return events


def _thought(talk: Talk) -> list[Placed]:
    """Read what the agent thought to itself: it is in the record, and nobody said it."""
    role = talk.role if talk.role != TOOL else ASSISTANT
    events = talk.turn(role or ASSISTANT, wrapped=talk.wrapped, hidden=True)
    talk.cursor.take()
    skip_empty(talk)
    ends = "</details>"
    text = talk.cursor.peek() or ""
    fence = FENCE.match(text)
    if fence and closing(talk, fence[1]):
        for line in fence_text(talk, fence[1]).split("\n"):
            events += talk.say(line)
    else:
        for ahead in range(LOOK_AHEAD):
            line = talk.cursor.peek(ahead) or ""
            if (not line and talk.cursor.peek(ahead) is None) or talk.mark(line):
                break
            if ends in line:
                for _ in range(ahead):
                    events += talk.say(talk.cursor.take())
                break
        else:
            return events
        if ends not in (talk.cursor.peek() or ""):
            while (line := talk.cursor.peek() or "") and not talk.mark(line):
                events += talk.say(talk.cursor.take())
    return [*events, *talk.turn(role or ASSISTANT, wrapped=talk.wrapped)]
