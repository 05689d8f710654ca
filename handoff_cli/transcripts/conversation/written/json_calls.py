"""Calls below a label that only says that they are calls: the JSON beneath it names the tool and has the input."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.inputs import called_in, input_of
from handoff_cli.transcripts.conversation.reading.fences import FENCE, closing
from handoff_cli.transcripts.conversation.written.notations import LEAD
from handoff_cli.transcripts.values import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_LABEL = compiled(
    rf"{LEAD}(?:tool|function)[ _-]?(?:call|use|invocation|request)s?(?:\*\*|__|\]|:|</summary>){{1,3}}\s*$", 2
)
_NAME = compiled(r'"(?:name|tool)"\s*:\s*"([\w.-]{1,80})"')


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read the calls in a block of JSON below such a label; None where no block of JSON stands there."""
    ahead = 1 if talk.cursor.peek(1) else 2
    if text[-1] not in ":*_]>" or not _LABEL.match(text) or not _begins(talk, ahead):
        return None
    talk.cursor.take()
    return below(talk) or [*talk.say(text), *talk.say("")]


def below(talk: Talk) -> list[Placed]:
    """Read the calls in a block of JSON that stands next, below empty lines; of another block nothing is read."""
    talk.cursor.skip_empty()
    fence = FENCE.match(talk.cursor.peek() or "") if _begins(talk, 0) else None
    ends = closing(talk, fence[1]) if fence else None
    calls = _calls_in("\n".join(talk.cursor.peek(it) or "" for it in range(1, ends))) if ends else []
    number = talk.cursor.next_number
    talk.cursor.skip(ends + 1 if calls and ends else 0)
    return [event for name, given in calls for event in talk.call(name, given, number)]


def _begins(talk: Talk, ahead: int) -> bool:
    """Return whether so many lines ahead a block of JSON begins."""
    first = (talk.cursor.peek(ahead + 1) or "").lstrip()[:1]
    return first in ("{", "[") and FENCE.match(talk.cursor.peek(ahead) or "") is not None


def _calls_in(block: str) -> list[tuple[str, Any]]:
    """Return the tools that a block calls, each with its input; of one that was cut what its members tell."""
    value = decode(block)
    calls = [called_in(it) for it in (value if isinstance(value, list) else [value])]
    if any(calls):
        return [it for it in calls if it]
    name = _NAME.search(block)
    return [(name[1], input_of(name[1], block))] if name else []
