"""Copies in which only the agent has a sign, above which the user speaks, or in which the user's words have a form.

``Thought for 8s``, ``API Request`` or the agent's name begin its turns, and what stands apart right above is what was
asked; or every request is a heading that is a sentence, or a quotation, and the answer stands below.
"""

# ruff: noqa: RUF001 (signs as they stand on pages)
from __future__ import annotations

from itertools import groupby, pairwise

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.copies.heads import DOES, OF_SCREEN
from handoff_cli.transcripts.conversation.copies.panel_work import is_prose
from handoff_cli.transcripts.conversation.marks.speakers import ALONE, ASSISTANT, USER, mark_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

    Turns = dict[int, str]
    """Before which lines somebody begins to speak, and who."""

_WORKS = compiled(
    r"(?P<asked>API Request(?: .{0,20})?|Show thinking)$"
    r"|(?:Thought|Thinking|Reasoned|Worked|Researched) for (?:a few|several|a couple|\d).{0,24}$"
)
"""How a page begins the agent's turn; with the first of them never amid what it says."""

_BUTTON = compiled(
    r"(?:Code|Copy|Preview(?: this version)?|Restore|Compare|Changes|Share|Undo|Task Completed|Start New Task"
    r"|Rollback to here|Review(?: changes)?|Keep(?: all)?|Undo all|See new changes|Resume Task|Plan|Act|Retry"
    r"|Context Window:|[\d.]{1,9}[km]|You (?:said|accepted|approved|rejected|denied)"
    r"|\d{1,3} files? changed"
    r"|Create PR|View PR|Archive|Files \(\d{1,4}\)|\d{1,2}:\d\d(?: ?[AaPp][Mm])?(?: on .{4,30})?)$"
)
_OF_PAGE = compiled(r"[+−–-]\d{1,6}(?:,? [-−–]\d{1,6})?$|[↑↓$]? ?[\d.,]{1,9}[km]?$|.{1,30} · .{1,60}$")
"""Buttons and times below a turn, and counts."""

_HEADING = compiled(r"(#{1,3}) +(\S.*)$")
_NOTE = compiled(r"> ?(?:\[!|\*{0,2})(?:note|tip|info|hint|warning|caution|important|hinweis|achtung)(?:[]:*]|$)")
_QUESTIONS = compiled(r"#.*\b(?:faqs?\b|questions|fragen\b|preguntas|perguntas|domande)")
_SENTENCE_WORDS, _LEAST_TURNS, _MOST_ASKED = 8, 2, 15
_PRINTED = compiled(r"[^\W\d_]*(?:[/\\(=<>{}|]|:\S)|[\d\W]|.{0,40}\b(?:Error\b|error:|FAIL)")


def turns_in(texts: list[str]) -> Turns:
    """Return who begins to speak before which lines of a piece, nothing where no form tells."""
    if turns := _in_dense_panel(texts):
        return turns
    if any(map(OF_SCREEN.match, texts)) or any(mark.role == USER for text in texts if (mark := mark_in(text))):
        return {}
    return _above_signs(texts) or _in_headings(texts) or _in_quotations(texts)


def with_speakers(lines: Iterable[Given], turns: Turns) -> Iterator[Given]:
    """Yield ``lines`` with a mark of the speaker before each turn; a heading or a quotation without its sign."""
    quoted, first, last = False, min(turns, default=0), max(turns, default=0)
    for at, (number, text, begins) in enumerate(lines):
        shown, role = text, turns.get(at)
        if role:
            yield number, f"<|{role}|>", begins
            quoted = role == USER and text[:1] in ("#", ">")
        is_button = first < at < last and _BUTTON.match(text.strip())
        if is_button and not begins:
            continue
        if quoted:
            shown = text.lstrip("#>").removeprefix(" ")
        elif at < first <= _TITLE and text.count(" ") < _SENTENCE_WORDS:
            shown = ""  # names and buttons above all
        elif role == ASSISTANT and (mark := mark_in(text.strip())) and mark.way == ALONE:
            shown = ""
        yield number, shown, begins and not role


def _above_signs(texts: list[str]) -> Turns:
    """Return the turns of a copy in which the agent's begin with a sign."""
    turns: Turns = {}
    for at, text in enumerate(texts):
        bare = text.strip()
        works = _WORKS.match(bare)
        mark = mark_in(bare) if not works and bare[:1].isupper() else None
        is_name = mark is not None and mark.way == ALONE and mark.role == ASSISTANT
        if works or is_name:
            begins = _asked_above(texts, at, is_sure=bool(is_name or (works and works["asked"])))
            if begins is not None:
                turns |= {begins: USER, at: ASSISTANT}
    return turns if len(turns) >= _LEAST_TURNS * 2 else {}


def _asked_above(texts: list[str], at: int, *, is_sure: bool) -> int | None:
    """Return where the words begin that stand right above a sign, apart from what is above them; None if none do."""
    end, is_timed = at, False
    while end and (not (above := texts[end - 1].strip()) or _is_of_page(above)):
        is_timed = is_timed or ":" in above
        end -= 1
    begin = end
    while begin and (above := texts[begin - 1].strip()) and not _is_of_page(above) and not _WORKS.match(above):
        begin -= 1
    if end - begin > 1 and " " not in texts[begin].strip():
        begin += 1  # the name of who asks
    asked = texts[begin:end]
    if not 0 < len(asked) <= _MOST_ASKED or _PRINTED.match(asked[0]) or asked[0].count(" ") < _FEW:
        return None
    above = next((it.strip() for it in reversed(texts[:begin]) if it.strip() and it[0] != "$"), "")
    if _WORKS.match(above):
        return None  # the agent goes on
    is_apart = is_sure or is_timed or not above or _is_of_page(above) or (begin < _TITLE and "." not in above)
    return begin if is_apart else None


def _in_dense_panel(texts: list[str]) -> Turns:
    """Return the turns of a panel's copy without empty lines, each paragraph on one: requests to the model part it.

    Where the agent did nothing, summed up or asked, the line above the next request is the person's answer; so are
    sentences below a file that was read or edited, and what stands below their name or below a request that failed.
    """
    asks = [at for at, text in enumerate(texts) if _ASKS_MODEL.match(text)]
    if len(asks) < _LEAST_DENSE or not all(texts[asks[0] : asks[-1]]):
        return {}
    first = _asked_above(texts, asks[0], is_sure=True)
    turns = {asks[0]: ASSISTANT} if first is None else {first: USER, asks[0]: ASSISTANT}
    for begin, end in pairwise((*asks, len(texts))):
        said = _of_person([it.strip() for it in texts[begin + 1 : end]], is_asked=end < len(texts))
        if said:
            turns |= {begin + 1 + said[0]: USER, begin + 1 + said[1]: ASSISTANT}
    return turns if any(role == USER for role in turns.values()) else {}


def _of_person(lines: list[str], *, is_asked: bool) -> tuple[int, int] | None:
    """Return from which of the ``lines`` between two requests to the model on the person speaks, and up to which."""
    named = next((at for at, it in enumerate(lines) if _PERSONS.match(it)), None)
    if named is not None:
        ends = (at for at in range(named + 1, len(lines)) if _HEADS.match(lines[at]) or _is_of_page(lines[at]))
        return named, next(ends, len(lines))
    end = len(lines)
    while end and _is_of_page(lines[end - 1]):
        end -= 1
    start = next((at for at, it in enumerate(lines) if not _is_of_page(it)), end)  # below what the request took
    head = next((at for at in range(end - 1, start - 1, -1) if _HEADS.match(lines[at]) or _is_of_page(lines[at])), None)
    found = _HEADS.match(lines[head]) if head is not None else None
    at_head = start - 1 if head is None else head
    if found and found["works"]:
        begin = next((at for at in range(at_head + 2, end) if is_prose(lines[at])), end)
        return (begin, end) if found["does"] and begin < end else None
    is_button = head is not None and not found  # below which the agent said nothing
    return (end - 1, end) if is_asked and end - 1 - at_head > (not is_button) else None


_LEAST_DENSE = 3
_ASKS_MODEL = compiled(r"API Request(?: Failed)?$")
_PERSONS = compiled(r"You (?:said|accepted|approved|rejected|denied)$|Retry$")
_HEADS = compiled(
    r"(?P<works>Command Output|\S{1,20}(?: \S{1,20})? wants? to (?:(?:execute|run)|(?P<does>[a-z]{4,6})) .{1,80}:)$"
    r"|Task Completed$|\S{1,20}(?: \S{1,20})? has a question:$"
)


def _is_of_page(bare: str) -> bool:
    return _OF_PAGE.match(bare) is not None or _BUTTON.match(bare) is not None


_FEW, _TITLE = 1, 12


def _in_headings(texts: list[str]) -> Turns:
    """Return the turns of a copy that has each request as a heading: sentences, above work, are all of a level."""
    headings = [(at, found[1], found[2]) for at, text in enumerate(texts) if (found := _HEADING.match(text))]
    for level in dict.fromkeys(it[1] for it in headings):
        asked = [(at, words) for at, sign, words in headings if sign == level]
        whole = sum(words.count(" ") >= _SENTENCE_WORDS and words[-1] in ".?!" for _, words in asked)
        apart = all(not at or not texts[at - 1] for at, _ in asked)
        works = any(map(DOES.match, texts[asked[0][0] :])) and not _QUESTIONS.match(texts[headings[0][0]].lower())
        if len(asked) >= _LEAST_TURNS and whole == len(asked) and apart and works:
            return {at + below: ASSISTANT if below else USER for at, _ in asked for below in (0, 1)}
    return {}


def _in_quotations(texts: list[str]) -> Turns:
    """Return the turns of notes that quote what was asked: work stands below, and none in the quotations."""
    first = next((text for text in texts if text and text[0] not in "#-"), "")
    if first[:1] != ">":
        return {}
    grouped = groupby(enumerate(texts), lambda it: it[1][:1] == ">")
    blocks = [(quotes, [at for at, _ in lines]) for quotes, lines in grouped]
    asked = [lines for quotes, lines in blocks if quotes]
    if any(_NOTE.match(texts[lines[0]].lower()) for lines in asked):  # a document's own
        return {}
    if len(asked) < _LEAST_TURNS or any(DOES.match(texts[at][1:].strip()) for lines in asked for at in lines):
        return {}
    answered = [lines for quotes, lines in blocks if not quotes and lines[0] > asked[0][0]]
    if not any(DOES.match(texts[at]) for lines in answered for at in lines):
        return {}
    return {lines[0]: USER for lines in asked} | {lines[0]: ASSISTANT for lines in answered if lines}
