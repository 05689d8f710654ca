"""Which findings are told first: those worth most, the late ahead, every turn its turn; and what stands against one."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.facts import TABLE
from handoff_cli.documents.extract.language.agreements import SHORT_CHARS
from handoff_cli.documents.extract.language.findings import (
    CAUSE,
    NAMES_ROOT,
    blames,
    names_place,
    same,
    subject_of,
    tells_the_same,
)
from handoff_cli.documents.extract.language.objections import MADE, denied, disputes, is_not_it, stems
from handoff_cli.documents.extract.language.units import units
from handoff_cli.documents.extract.language.words import as_one_line, identifiers, plain, words_of
from handoff_cli.documents.extract.requests.referents import TAKEN_UP, says_itself, taken_up
from handoff_cli.documents.extract.runs.underway import acts_in
from handoff_cli.documents.extract.told.turns import MADE_NOW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.facts import Finding, Request, Turn
    from handoff_cli.documents.extract.story import Story


_LATE, _MORE, _NOW, _LESS = 2.0, (0.3, 5), 1.0, 1.6
"""What a sentence of the latest turn has ahead of one of the first, with so much more for each turn, of so many turns:
of a long story more is overtaken. What one of the turn at work has besides, and what each further sentence of a turn
has less than the one before."""

_AT_FAULT = 1.5
"""What a sentence has ahead that tells a cause and names the code at fault: no answer of less is as dear to find."""

_BREADTH, _FIRSTS = 4.0, 10
"""What every further sentence of an earlier turn has less besides: each turn tells one before any tells two."""

_MOST = 80

KNOWN_CHARS = 45
"""A sentence whose beginning stands in the document is not told again."""

FEW_REQUESTS = 8
"""Where there are no more requests than this, all are named, and the first tells the goal."""


def goal_is_asked(story: Story) -> bool:
    """Return whether the first request tells the goal: it may only say to commit, or ask what was answered long ago."""
    return not (story.first_is_old or (story.requests[0].bare and (story.goal or story.work)))


def parent_is_asked(story: Story) -> bool:
    """Return whether the goal names the request that the latest belongs to.

    An act that was ordered and done tells what it was about, unless the request before it was such an order as well.
    """
    if not story.part_of or (story.part_of is story.requests[0] and goal_is_asked(story)):
        return False
    latest = story.requests[-1]
    return story.part_of.bare or not (story.state == "answered" and latest.bare and acts_in(latest.text))


def purpose(story: Story) -> str:
    """Return what the work began with, by the agent's words, where no request shown tells what it is for.

    Of a commit that is listed the list tells.
    """
    told = story.goal or story.work or story.nameless or len(story.requests) < FEW_REQUESTS or goal_is_asked(story)
    began = "" if told else begun_with(story.told.turns)
    return "" if any(it.hash and it.hash[:_HASH_CHARS] in began for it in story.changed.commits) else began


def begun_with(turns: tuple[Turn, ...]) -> str:
    """Return what the agent told of the first work that changed files, before the latest turn; empty without any.

    Before it stands the cause that was found for it in the turns just before, where one was.
    """
    for place, turn in enumerate(turns[:-1]):
        if turn.done.startswith("edited"):
            made = next(
                (
                    it.text
                    for it in turn.told[:_FIRST_TOLD]
                    if it.source in ("said", "commit") and (MADE.match(it.text) or _DID.match(it.text))
                ),
                "",
            )
            if made:
                before = [it for one in turns[max(0, place - _JUST_BEFORE) : place + 1] for it in one.told]
                causes = [it for it in before if CAUSE.search(it.text) and it.text != made]
                cause = max(causes, key=lambda it: it.worth, default=None)
                return f"{cause.text}\n{made}" if cause else made
    return ""


_JUST_BEFORE, _FIRST_TOLD, _HASH_CHARS = 4, 3, 7
_DID = caseless(r"(?:done: |(?:built|extended|fixed|migrated|removed|renamed|replaced|rewrote|switched|wrote)\b)")
"""How a sentence begins besides that tells what was done, as none does that is still proposed."""


def orders_of(story: Story) -> dict[Finding, float]:
    """Return the place of each sentence among what is told: worth most first, the late ahead, every turn its turn."""
    elsewhere = "\n\n".join(shown_elsewhere(story))
    known = as_one_line("\n".join(map(plain, elsewhere.split("\n"))))
    subjects = [subject_of(it) for it in units(elsewhere)]
    many = max(1, len(story.told.turns) - 1)
    asked = {it.position: words_of(it.text) for it in story.requests}
    at_hand, newest = _names_in(story.latest), _LATE + _MORE[0] * min(many, _MORE[1])
    ranked, mended, causes = [], mended_up_to(story), 0
    tables: list[Finding] = []
    for age, turn in enumerate(reversed(story.told.turns)):
        tables += [it for it in turn.told if it.source == TABLE and not _stands_in(it.text, known)]
        told = [it for it in turn.told if it.source != TABLE]
        told = [it for it in told if not _is_told(it.text, known, [] if MADE_NOW.match(it.text) else subjects)]
        told = told if age else _unlike(told)
        late = newest * (1 - age / many)
        for rank, it in enumerate(told):
            ahead = (_NOW if not age else -_BREADTH * (rank > 0)) - _LESS * rank
            echo = _ECHO * (_echoes(it.text, asked.get(turn.position, set())) and not blames(it.text))
            named = _OF_NAMES * (not rank and bool(at_hand) and not at_hand.isdisjoint(_names_in(it.text)))
            over = (_MENDED + causes) * (it.position < mended and blames(it.text))
            causes += bool(over) and not rank
            ranked.append((it.worth + _AT_FAULT * _finds_fault(it) + late + ahead + named - echo - over, it))
    ranked.sort(key=lambda it: -it[0])
    firsts = {id(turn.told[0]) for turn in story.told.turns if turn.told}
    orders = {it: 0.3 + rank / (_FIRSTS if id(it) in firsts else 4) for rank, (_, it) in enumerate(ranked[:_MOST])}
    return orders | {it: _FIGURES[min(age, len(_FIGURES) - 1)] + age / 100 for age, it in enumerate(tables)}


def mended_up_to(story: Story) -> int:
    """Return where the agent said last, some turns ago, that what was wrong is mended by its edits; -1 for nowhere."""
    told = (turn for turn in reversed(story.told.turns[:-_SINCE_MENDED]) if turn.done.startswith("edited"))
    return next((it.position for turn in told for it in turn.told[:_SAID_FIRST] if _FIXED.match(it.text)), -1)


_SINCE_MENDED, _SAID_FIRST, _MENDED = 4, 3, 3.0
_FIXED = caseless(
    r"\W*(?:done: )?(?:i(?:['\u2019]ve| have) )?(?:fixed|resolved)\b|(?:all|both) [^.]{0,40}\b(?:fixed|resolved)\b"
)
"""After so many turns more the work is at other things; so many sentences of a turn may tell that what was wrong is
mended; so much less its last cause is worth then, and each before that one a little less; and how that is told."""


def _names_in(text: str) -> set[str]:
    """Return the names of code in ``text``, each part of a dotted one too."""
    return {part for it in identifiers(text) for part in it.split(".") if len(part) > _LETTERS}


_OF_NAMES = 1.5
"""What the first sentence of a turn has ahead that has a name of the latest request."""

_FIGURES = (-0.895, -0.885, 0.4)
"""The order of the last table of figures, of the one before, and of older ones: few words tell as much."""


def _stands_in(table: str, known: str) -> bool:
    """Return whether the rows of a ``table`` stand in ``known`` text: by how each of them begins."""
    rows = (table.partition(") ")[2] if table.startswith("(") else table).split("; ")
    names = [(it.partition(": ")[0], it[:_ROW_CHARS]) for it in rows]
    return sum((name if len(name) > _LETTERS else row) in known for name, row in names) * 3 >= len(names) * 2


_LETTERS, _ROW_CHARS = 3, 40
"""A row that is called by so few letters is known by its beginning: "A" stands in any text."""


def _echoes(text: str, asked: set[str]) -> bool:
    """Return whether ``text`` says in words of what was ``asked`` that it is so: the request tells it already."""
    words = words_of(text)
    return len(words & asked) * 2 >= len(words)


_ECHO = 3.0
"""How much less is worth what repeats its request."""


def _finds_fault(it: Finding) -> bool:
    """Return whether a finding tells a cause together with the code at fault."""
    return blames(it.text) and names_place(it.text)


def _unlike(told: list[Finding]) -> list[Finding]:
    """Return of sentences about much the same those that are worth more."""
    kept: list[Finding] = []
    for it in told:
        if not any(same(subject_of(it.text), subject_of(other.text), _MUCH) for other in kept):
            kept.append(it)
    return kept


_MUCH = 0.5


def _is_told(text: str, known: str, subjects: list[frozenset[str]]) -> bool:
    """Return whether ``text`` stands in ``known``, or is about what one of ``subjects`` is."""
    subject = subject_of(text)
    return text[:KNOWN_CHARS] in known or any(tells_the_same(subject, one) for one in subjects)


def shown_elsewhere(story: Story) -> Iterator[str]:
    """Yield the texts that a document shows in other parts, or whole."""
    whole = story.told.last_words if story.state == "answered" else ""
    reached = story.step.reached if story.state == "progress" else ""  # the next action tells it
    latest = story.latest.strip()
    before = story.referent or ""
    if before and (len(latest) > SHORT_CHARS or says_itself(latest, before)):  # most of it is left out there
        before = taken_up(before, latest, TAKEN_UP)
    for text in (story.told.explained, story.told.thought, whole, before, story.work, purpose(story), reached):
        yield text or ""


_SAME_CAUSE, _OF_THE_SAME, _BY_REQUEST = 0.5, 2, "(request "


class Disputed:
    """Tells of sentences of a story what stands against them."""

    def __init__(self, story: Story) -> None:
        self._latest = story.requests[-1] if story.requests and story.state != "answered" else None
        self._everywhere = _everywhere(story)
        told = units(story.told.thought) if story.told.thought and story.state == "progress" else ()
        self._causes = [subject_of(it) for it in told if NAMES_ROOT.search(it)]

    def marks(self, texts: list[str], follows: Request | None, *, at_work: bool) -> dict[str, str]:
        """Return what to put before each of ``texts``, empty where nothing is known to stand against it.

        They were told in one turn; ``follows`` is the request after it; ``at_work``: it is the turn at work. Where one
        of them is disputed, so are the causes that were told with it of the same.
        """
        if follows and not at_work and len(texts) <= _FEW_TOLD and is_not_it(follows.text):
            return dict.fromkeys(texts, f"{_BY_REQUEST}{follows.number} disputes this) ")
        found = {it: "" if at_work else self._mark(it, follows) for it in texts}
        text, mark = next(((it, mark) for it, mark in found.items() if mark.startswith(_BY_REQUEST)), ("", ""))
        about = stems(text) - self._everywhere
        with_it = {it for it in texts if mark and blames(it) and len(about & stems(it)) >= _OF_THE_SAME}
        return {it: own or mark * (it in with_it) for it, own in found.items()}

    def _mark(self, text: str, follows: Request | None) -> str:
        disputing = (it for it in dict.fromkeys((follows, self._latest)) if it and disputes(it.text))
        if number := next((it.number for it in disputing if denied(it.text, text, self._everywhere)), 0):
            return f"{_BY_REQUEST}{number} disputes this) "
        subject = subject_of(text) if self._causes and NAMES_ROOT.search(text) else frozenset[str]()
        other = bool(subject) and not any(same(subject, it, _SAME_CAUSE) for it in self._causes)
        return "(the last thought names another cause) " if other else ""


_FEW_TOLD = 2
"""Of more that was told in a turn a part may be so."""


def _everywhere(story: Story) -> frozenset[str]:
    """Return the stems of words in what a third of the turns told, or more: they don't tell what is disputed."""
    turns = [stems("\n".join(it.text for it in turn.told)) for turn in story.told.turns if turn.told]
    return frozenset(it for it in set().union(*turns) if sum(it in turn for turn in turns) * 3 > len(turns) + 3)
