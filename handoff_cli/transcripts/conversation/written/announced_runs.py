"""Lines that say which command was run, or that the user did not let it run."""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts.conversation.marks.speakers import USER
from handoff_cli.transcripts.conversation.written.commands import whole
from handoff_cli.transcripts.conversation.written.notations import LEAD
from handoff_cli.transcripts.conversation.written.written_calls import answer_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_MOST_LINES = 40
_ANNOUNCED = compiled(
    rf"{LEAD}(?:(?:ran|run|running|executed|executing)(?: (?:the )?(?:terminal |shell )?command)?|command"
    r"|(?:user )?(?:accepted|(?P<refused>rejected|declined|denied)) the command)(?:\*\*|__)?:?(?:\*\*|__)? ?"
    r"(?:`(?P<quoted>[^`]{2,2000}|(?=$))(?P<closed>`[*_ ]*)?$|(?<=command: )(?P<plain>\S.{1,2000})$)",
    re.IGNORECASE,
)


def announced(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that says which command was run, or refused, with its output where a block or a result follows."""
    may_be = ("`" in text or "ommand: " in text) and (talk.role != USER or not talk.survey.has_speakers)
    found = _ANNOUNCED.match(text) if may_be else None
    ahead = _closes(talk) if found and found["quoted"] is not None and not found["closed"] else 0
    if not found or ahead is None:
        return None
    talk.cursor.take()
    number = talk.cursor.number
    if found["plain"]:
        run = whole(talk, found["plain"])
    else:
        run = "\n".join([found["quoted"], *(talk.cursor.take() for _ in range(ahead))]).rstrip("`*_ \n").lstrip("\n")
    events = talk.call("Bash", {"command": run}, number)
    shown = talk.answer(REFUSED, failed=True, last=True) if found["refused"] else answer_below(talk)
    talk.unseen = 0 if shown else talk.turns  # the agent may show it in what it says next
    return [*events, *shown]


def _closes(talk: Talk) -> int | None:
    """Return how many lines ahead a quoted command ends that goes on below its line, None where it does not."""
    for ahead in range(1, _MOST_LINES):
        text = talk.cursor.peek(ahead)
        if text is None or "`" in text:
            return ahead if text and text.rstrip("*_ ").find("`") == len(text.rstrip("*_ ")) - 1 else None
    return None
