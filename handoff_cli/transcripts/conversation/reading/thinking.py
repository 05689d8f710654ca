"""What an export has of a thought: where one ends of which only the beginning is marked, and steps that are quoted."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

THINKS = compiled(r"_Thinking:_$")
"""What opencode writes above a thought."""

CALLS = compiled(r"\*\*Tool: ")
_MUSES = caseless(
    r"(?:(?:but|so|and|or|oh|ok|okay|now|then|also|first|well|hmm+),? )*(?:let me (?!know\b|explain\b)|(?:no,? )?wait\b"
    r"|actually\b|hmm+\b|maybe\b|perhaps\b|unless\b|alternatively\b|what if\b"
    r"|i (?:bet|think|wonder|guess|suspect|should)\b|(?:the|this) user\b)"
)
_OF_THE_USER = caseless(
    r"\bthe user (?:is|was|says?|said|wants?|wanted|asks?|asked|should|needs?|seems|reports?|means?|might|may)\b"
    r"|\b(?:ask|tell|let|have) the user\b"
)
"""How the agent speaks of the person: to itself."""


def lines_of_thought(talk: Talk) -> int:
    """Return how many of the lines ahead go on with a thought of which the first paragraph was read.

    Before a call up to the last paragraph that weighs something or speaks of the user, else as long as each does; never
    past one that speaks to the user, tells what was done or begins a list. What announces the call is said.
    """
    blocks, acts = _paragraphs(talk)
    if blocks and (not acts or blocks[-1][1].endswith(":")):
        blocks.pop()
    thought = 0
    for end, text in blocks:
        weighs = _MUSES.match(text) or _OF_THE_USER.search(text)
        if _ADDRESSES.search(text) or not (weighs or acts):
            break
        thought = end if weighs else thought
    return thought


_ADDRESSES = caseless(
    r"\b(?:you|yours?)\b|\A(?:[-*#|>]|\d{1,2}[.)]) |(?:\A|[.!?] )(?:here(?:['\u2019]s| is| are)"
    r"|i(?:['\u2019]ve| have)? (?:just )?(?:added|changed|created|fixed|implemented|moved|removed|replaced|rewrote"
    r"|updated)|i should (?:also )?(?:add|mention|note|say|warn))\b"
)
"""How a paragraph speaks to the user, or accounts for what was done."""


def _paragraphs(talk: Talk) -> tuple[list[tuple[int, str]], bool]:
    """Return the paragraphs up to the next call or turn, each with the line ahead at which it ends.

    And whether it is a call that comes; none where neither comes.
    """
    blocks: list[tuple[int, str]] = []
    lines: list[str] = []
    fenced = False
    for ahead in range(LOOK_AHEAD):
        line = talk.cursor.peek(ahead)
        ends = line is None or (not fenced and (line == "---" or talk.mark(line) is not None or THINKS.match(line)))
        calls = not fenced and line is not None and CALLS.match(line) is not None
        if lines and (ends or calls or not (line or fenced)):
            blocks.append((ahead, "\n".join(lines)))
            lines = []
        if ends or calls:
            return blocks, calls
        if line:
            fenced ^= line.startswith("```")
            lines.append(line)
    return [], False


def quoted_steps(talk: Talk, text: str) -> list[Placed] | None:
    """Read the quotation with which an answer begins, if the page says there how long was thought: nobody said it.

    None for any other quotation.
    """
    if text[0] != ">" or talk.role != ASSISTANT or talk.has_spoken:
        return None
    ends = next((at for at in range(LOOK_AHEAD) if (talk.cursor.peek(at) or "")[:1] != ">"), 0)
    steps = [(talk.cursor.peek(at) or "")[1:].strip() for at in range(ends)]
    if not any(map(_TOOK.fullmatch, (steps[0], steps[-1]) if steps else ())):
        return None
    events = talk.turn(ASSISTANT, wrapped=talk.wrapped, hidden=True)
    for step in steps:
        talk.cursor.take()
        events += [] if _TOOK.fullmatch(step) else talk.say(step)
    return [*events, *talk.turn(ASSISTANT, wrapped=talk.wrapped)]


_TOOK = compiled(
    r"\W{0,4}(?:Thought|Worked|Reasoned|Researched|Nachgedacht) (?:for|f\u00fcr) \d{1,4} ?[smhSM](?!on)"
    r"[\w ]{0,30}\W{0,4}"
)
