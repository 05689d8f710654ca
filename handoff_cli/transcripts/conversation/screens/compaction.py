"""The account with which an agent goes on after a compaction, as it stands in text: read whole, nothing in it is done.

What it quotes of the user and of files, and what it lists as open, is of the past.
"""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ALONE, ASSISTANT, LABEL, USER
from handoff_cli.transcripts.conversation.marks.voices import NAMED, PANEL, SCREENS
from handoff_cli.transcripts.conversation.reading.account_lines import LAST_WORDS, is_notice
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.panel_lines import head_at
from handoff_cli.transcripts.conversation.reading.preface import is_title
from handoff_cli.transcripts.conversation.screens.other_screens import typed_on
from handoff_cli.transcripts.events import Compacted, Said
from handoff_cli.transcripts.values import ACCOUNT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_MOST_LINES = 3_000


def begins_account(talk: Talk, text: str) -> bool:
    """Return whether a line begins an account: of an agent's among named speakers its sections tell."""
    if talk.role == ASSISTANT and _FIRST.match(text) and len(talk.unsaid) < _TITLE_LINES and is_title(talk.unsaid):
        return _has_sections(talk)
    return text.startswith(ACCOUNT) and not (talk.role == ASSISTANT and talk.forms() & NAMED)


_FIRST = compiled(r"(?:#{1,4} |\*\*)?1\. (?:\*\*)?(?:Previous Conversation|Primary Request and Intent)\b")
_SECTION = compiled(
    r"(?:#{1,4} |\*\*)?[2-9]\. (?:\*\*)?"
    r"(Current Work|(?:Key )?Technical Concepts|Relevant Files|Files and Code|Problem Solving|Pending Tasks)\b"
)
_LEAST_SECTIONS, _TITLE_LINES = 3, 8
"""So many sections that its program asks for tell an account that stands as the agent's own words (Cline, Roo)."""


def _has_sections(talk: Talk) -> bool:
    """Return whether that many sections stand on the next lines, up to where somebody speaks, and no question."""
    lines = (talk.cursor.peek(ahead) for ahead in range(1, LOOK_AHEAD))
    own = [*takewhile(lambda it: it is not None and not (it and talk.mark(it, ahead=True)), lines)]
    last = next((it for it in reversed(own) if it and it != "---"), "")
    named = {found[1] for line in own if (found := _SECTION.match(line or ""))}
    return len(named) >= _LEAST_SECTIONS and not last.endswith("?")


def account(talk: Talk, first: str = "") -> list[Placed]:
    """Read an account, of which ``first`` was read already, as the end of what was in the context before."""
    first = "\n".join([*talk.held(), first]) if talk.role == ASSISTANT and is_title(talk.unsaid) else first
    events = (
        talk.begun(USER, None) if talk.role is None and is_title(talk.unsaid) else talk.turn(USER, wrapped=talk.wrapped)
    )
    events += talk.settle()
    number, compacts = talk.cursor.next_number, talk.compacts()
    text = "\n".join([*filter(None, [first]), *_lines(talk)]).strip().removesuffix("\n---").rstrip()
    talk.compacts()
    if compacts:
        events.append(talk.at(Compacted(time=talk.time), number))
    events.append(talk.at(Said(USER, text, talk.time, visible=False, kind="summary"), number))
    events += talk.turn(ASSISTANT, wrapped=talk.wrapped)
    talk.waits_for_the_user()
    return events


def _lines(talk: Talk) -> list[str]:
    """Read the lines of an account up to where something else begins."""
    lines: list[str] = []
    fenced = 0
    ends = False
    while (text := talk.cursor.peek()) is not None and len(lines) < _MOST_LINES:
        fenced = _fenced(text, fenced, len(lines))
        if text and lines and not fenced and _is_over(talk, text, ends=ends, after_gap=not lines[-1]):
            break
        ends = ends or LAST_WORDS.match(text) is not None
        lines.append(talk.cursor.take())
    return lines


def _fenced(text: str, since: int, line: int) -> int:
    """Return the line at which a block began that is open, 0 where none is, or one that is never closed."""
    if text.lstrip()[:3] == "```":
        return 0 if since else line
    return since if line - since < LOOK_AHEAD else 0


def _is_over(talk: Talk, text: str, *, ends: bool, after_gap: bool) -> bool:
    """Return whether a line stands below the account: after its last words, where a turn begins, or a tool is called.

    Names before a colon it may quote.
    """
    if ends and not LAST_WORDS.match(text):
        return True
    if is_notice(text) or (talk.forms() & PANEL and head_at(talk, 0)):
        return True
    if talk.forms() & SCREENS and (text[0] in "⏺●✦" or typed_on(text, talk.forms() & SCREENS) is not None):
        return True
    mark = talk.mark(text, ahead=after_gap)
    return mark is not None and (mark.way not in (LABEL, ALONE) or after_gap)
