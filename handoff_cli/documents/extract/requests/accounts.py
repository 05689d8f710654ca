"""What the agent's own accounts say: of a compaction its goal and points in order, of a commit what it was told."""

from __future__ import annotations

from handoff_cli.core.patterns import IGNORECASE, MULTILINE, caseless, lazily
from handoff_cli.documents.extract.facts import Finding
from handoff_cli.documents.extract.language.findings import LEAST_CHARS, SENTENCE_CHARS, same, subject_of, worth_of
from handoff_cli.documents.extract.language.prose import prose_of
from handoff_cli.documents.extract.language.words import EMOJI, as_one_line, bare, clipped, plain
from handoff_cli.documents.extract.requests.withdrawn import called_off

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoff_cli.core.transcript import Message, Transcript


def last_account(transcript: Transcript, *, answered: bool, asked: int) -> tuple[Finding, ...]:
    """Return what the last account of a compaction says; what was pending then is left out where work went on since.

    ``answered`` tells that the latest request is, ``asked`` where it stands.
    """
    if not transcript.summaries:
        return ()
    last = transcript.summaries[-1]
    edits = sum(it.position > last.position for it in transcript.edits)
    points = account_of(last.text, stale=answered or asked > last.position or edits >= _EDITS_ON)
    dropped = called_off(transcript.messages, last.position)
    return tuple(it for it in points if not names_dropped(it.text, dropped))


_EDITS_ON = 4


def account_of(summary: str, *, stale: bool = False) -> tuple[Finding, ...]:
    """Return the points of an agent's account of a compaction in their order; their worth: causes and the state first.

    Of a ``stale`` one, after which requests came, what was pending and what came next are left out.
    """
    points: list[Finding] = []
    told: list[frozenset[str]] = []
    section, heads, headed_at = "", False, 0
    for place, line in enumerate(prose_of(_account(summary)).split("\n")):
        text = line.strip()
        if heading := _SECTION.match(text):
            section = (heading[1] or heading[2]).lower()
            text = text[heading.end() :].strip(" :*")
        text = plain((text if text.isascii() else EMOJI.sub("", text)).strip())
        if _NO_BUG.match(text) and points[headed_at:]:
            named = points[headed_at]
            points[headed_at] = named.replace(text=f"{clipped(named.text, 200)} → {text}", worth=named.worth - _NONE)
            continue
        worth = next((worth for name, worth in _SECTIONS.items() if name in section), 1.0)
        least = _LEAST_ADDED if _ADDS.match(text) else LEAST_CHARS
        if len(text) < least or text.endswith(":") or _BOILERPLATE.search(text) or (stale and worth > _OF_CAUSES):
            continue
        subject = subject_of(text)
        headed, heads = heads, line.lstrip().startswith("#")
        if points and (headed or _ADDS.match(text)) and place - points[-1].position <= _NEXT_LINES:
            joined = f"{points[-1].text} → {text}"
            if len(joined) <= JOINED_CHARS:
                points[-1] = points[-1].replace(text=joined, position=place, worth=max(points[-1].worth, worth) + 0.5)
                continue
        if not any(same(subject, other, 0.7) for other in told):
            headed_at = len(points) if heads else headed_at
            told.append(subject)
            worth += 0.5 * max(0.0, worth_of(text))
            points.append(Finding(clipped(text, SENTENCE_CHARS), "account", place, worth))
    worst = sorted((it.worth for it in points), reverse=True)[_POINTS:][:1]
    source = CLOSED if _CLOSED.search(_account(summary)) else "account"
    return tuple(it.replace(source=source) for it in points if not worst or it.worth > worst[0])


_NO_BUG = caseless(
    r"(?:status|verdict):.{0,60}\b(?:not an? (?:\w+ )?(?:bug|problem|issue|error)|(?:as|by) design(?:ed)?"
    r"|no (?:bug|fix|change|action) (?:is )?(?:needed|required|necessary)|works? as intended)\b"
)
"""A line by which what the heading above names is nothing to mend."""
_NONE = 2.0
"""How much less that is worth than what was one."""

CLOSED = "closed account"
"""The source of points of an account that says that nothing was left to do."""

_CLOSED = lazily(
    r"(?i:pending|remaining|open)[ \w]{0,12}(?i:tasks?|work|items?)[:*\s]*\n?[-*\s]*"
    r"(?i:none\b|no (?:pending|open|remaining|explicit)|nothing\b|n/a\b|all [\w ]{0,30}(?:completed?|done)\b)"
)


_ADDS = caseless(
    r"(?:fix(?:ed)?|solution|resolution|resolved|(?:root )?cause|reason|rationale|result"
    r"|user (?:feedback|said|approval)|what happened|impact|workaround|lesson)\b[^:\n]{0,20}:"
)
"""How a line begins that belongs to the one before: what failed, then why, then what mended it."""

JOINED_CHARS, _NEXT_LINES, _LEAST_ADDED = 420, 2, 12
_SECTION = lazily(
    r"#{1,4} +(?:\d{1,2}\. *)?(?:\*\*)?([A-Z][A-Za-z /&,]+?)(?:\*\*)?:?(?:\*\*)?\s*$"
    r"|(?:\*\*)?\d{1,2}\. *(?:\*\*)?([A-Z][A-Za-z /&,]+?)(?:\*\*)?:(?:\*\*)?\s*$"
)
"""A heading of an account: a numbered title alone on its line, with marks of Markdown or without."""

_SECTIONS = {
    "pending": 5.0,
    "current work": 4.5,
    "next step": 4.5,
    "error": 3.5,
    "problem": 3.5,
    "decision": 3.8,
    "primary": 2.0,
    "file": 1.5,
    "concept": 1.5,
    "user message": 0.0,
}
_OF_CAUSES = 4.0
_BOILERPLATE = caseless(r"continue the conversation from where|read the full transcript|without asking the user")
_POINTS = 24


def _account(summary: str) -> str:
    """Return an agent's account of a compaction without the analysis it thinks aloud in before."""
    before, mark, account = summary.partition("\nSummary:")
    return account if mark else before


def goal_of(summary: str, dropped: Iterable[str] = ()) -> str:
    """Return what an agent's account of a compaction says the work is for: its first section, else its beginning.

    Empty where it says next to nothing. Orders to hand the work over are left out where nothing was left to do, and so
    are lines that name one of what was ``dropped`` since, in small letters.
    """
    if len(summary.strip()) < _LEAST_SAID:
        return ""
    over = _CLOSED.search(_account(summary))
    lines: list[str] = []
    inside = False
    for line in _account(summary).strip().split("\n"):
        if heading := _SECTION.match(line.strip()):
            inside = bool(_GOAL.search(heading[1] or heading[2]))
        elif inside and line.strip() and not (over and _HANDED_OVER.search(line)):
            lines.append(line.strip())
    lines = lines or [it.strip() for it in _account(summary).strip().split("\n") if it.strip()]
    return "\n".join(it for it in lines if not names_dropped(it, dropped))


def names_dropped(text: str, dropped: Iterable[str]) -> bool:
    """Return whether a point of an account names one of what was ``dropped`` since, in small letters."""
    return bool(dropped) and not {it.rstrip(".-") for it in _NAMED.findall(text.lower())}.isdisjoint(dropped)


_NAMED = lazily(r"\w[\w.-]*")


_HANDED_OVER = caseless(
    r"\b(?:user|they) (?:then )?(?:requested|asked|said|told)\b[^\"\u201c.]{0,40}[\"\u201c'](?:please )?"
    r"(?:commit|push|merge|ship|(?:open|create|make)\b[^\"\u201d]{0,20}\bpr\b)[^\"\u201d.]{0,20}[\"\u201d'.]*\s*$"
)
"""An order that is quoted, to commit, push or the like: of work that was left done it is no aim."""

_LEAST_SAID = 20
"""An account of fewer characters says nothing of a goal, in any writing."""

_GOAL = caseless(r"primary request|previous conversation|goal|objective|intent|task\b(?! *s)|overview")


ITS_STEPS = "Its steps"
"""How the line begins that has the steps of a command or skill."""


def orders_at_work(transcript: Transcript) -> tuple[str, ...]:
    """Return what the command or skill that the user called last orders, where it is of the last requests.

    That are its steps, in a line, and lines that forbid or demand something in capitals.
    """
    asked = transcript.asked_at or [0]
    since = max(asked[-_LATELY:][0], transcript.summaries[-1].position if transcript.summaries else 0)
    called = (it for it in reversed(transcript.orders) if not it.text.startswith("/memory "))
    last = next((it for it in called if it.position >= since), None)
    lines = (bare(line) for line in last.text.split("\n")) if last else ()
    told = [line for line in lines if len(line) <= _MOST_CHARS and _IN_CAPITALS.search(line)]
    since_it = sum(last is not None and it.position > last.position for it in transcript.tool_calls)
    steps = _steps_in(last.text) if last and last.position > asked[-1] and since_it <= _MOST_CALLS else ""
    return tuple(dict.fromkeys((*([steps] if steps else []), *told)))[:_MOST_ORDERS]


def gist_of_command(transcript: Transcript, called: Message) -> str:
    """Return what the text of the command that a user's words ``called`` says it is for; empty where none is known."""
    until = next((it for it in transcript.asked_at if it > called.position), None)
    text = next((it.text for it in transcript.orders if called.position < it.position <= (until or it.position)), "")
    paragraphs = [as_one_line(it) for it in text.strip().split("\n\n") if it.strip()]
    title = plain(paragraphs[0]) if paragraphs and paragraphs[0].startswith("#") else ""
    first = next((plain(it) for it in paragraphs if not it.startswith(("#", "---"))), "")
    return clipped(": ".join(filter(None, (title, first))), _GIST_CHARS)


_GIST_CHARS = 240


def _steps_in(text: str) -> str:
    """Return the steps that the headings of ``text`` number from 1 on, in a line with its title; empty for none."""
    steps: list[str] = []
    for found in _STEP_HEADING.finditer(text):
        if int(found[1]) == len(steps) + 1:
            steps.append(f"({found[1]}) {clipped(plain(found[2]).rstrip(':'), _STEP_CHARS)}")
    title = _TITLE.match(text)
    titled = f" ({clipped(plain(title[1]), _STEP_CHARS)})" if title else ""
    return f"{ITS_STEPS}{titled}: {'; '.join(steps)}" if len(steps) >= _LEAST_STEPS else ""


_STEP_HEADING = lazily(
    r"^#{1,6} +(?:(?:step|phase|part|stage) +)?(\d{1,2})(?:[.):]| [-\u2013\u2014])? +(\S.*)$", IGNORECASE | MULTILINE
)
_TITLE = lazily(r"\s*# +(\S.*)")
_STEP_CHARS, _LEAST_STEPS = 60, 3
_LATELY, _MOST_ORDERS, _MOST_CHARS, _MOST_CALLS = 6, 4, 1_000, 30
"""After more calls than these the steps of a skill are taken for done."""

_IN_CAPITALS = lazily(r"\b(?:NEVER|DO NOT|DON['\u2019]T|MUST(?: NOT)?|ALWAYS)\b(?!['\"`])")
