"""The story in order of time: what was asked, and what the agent told that came of it, in whole sentences of its own.

A turn is a request and all up to the next. A turn ends with what came of it, so its last message tells most. What a
later sentence says again or takes back goes.
"""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.light import bisect_right
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.messages import commit_message
from handoff_cli.documents.extract.commands.reasons import NEAR, pointed_on
from handoff_cli.documents.extract.facts import Finding, Turn
from handoff_cli.documents.extract.language.corrections import THIS_TIME, corrects, is_taken_back, overruled
from handoff_cli.documents.extract.language.findings import (
    LEAST_WORTH,
    NAMES_ROOT,
    blames,
    is_looked_for,
    is_talk,
    names_place,
    subject_of,
    tells_the_same,
    tells_why,
    without_step,
    worth_of,
)
from handoff_cli.documents.extract.language.objections import MADE, PROPOSES, TAKES_BACK, followed_it, objects
from handoff_cli.documents.extract.language.overtaken import (
    is_disputed,
    is_overtaken,
    ways_round,
    with_present_signatures,
)
from handoff_cli.documents.extract.language.stressed import STRESSED, stressed_figures, stressed_statements
from handoff_cli.documents.extract.language.units import units
from handoff_cli.documents.extract.requests.choices import told_by_agent
from handoff_cli.documents.extract.requests.lasting import lasting
from handoff_cli.documents.extract.requests.requests import MAX_RULE_CHARS
from handoff_cli.documents.extract.told.answered import SUMS_UP, VERDICT, answering, is_question
from handoff_cli.documents.extract.told.as_it_stands import AsItStands
from handoff_cli.documents.extract.told.outdated import DidNotLast
from handoff_cli.documents.extract.told.remedied import with_remedies
from handoff_cli.documents.extract.told.ruled_out import SETTLED, causes_taken_back, supposes
from handoff_cli.documents.extract.told.shared import RECOMMENDS, not_replaced, shares_of, with_shares

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.transcript import Transcript

MAX_TURNS = 60
MOST_OF_A_TURN = 16
_CANDIDATES, _COMPARED = 60, 240
"""So many sentences of a turn are looked at, and each is compared with so many: a long session costs no more for it."""

_FINAL, _FIRST, _NEXT, _LAST, _ANSWERS = 1.5, 2.1, 0.4, 0.3, 3
"""What a sentence of a turn's last message has ahead, and of these the first and the last besides, and the share of it
that each further one has: so many of its first answer what was asked."""

_LATER = 2.0
"""What the last that was told in the turn at work has ahead of the first: it may have been overtaken."""

_PROPOSAL = 2.5
"""What a proposal has less once the user has answered: what was chosen stands with the answer."""

_TAKES = caseless(
    r"\W*(?:agreed|yes|yep|yeah|ok(?:ay)?|sure|sounds good|deal|perfect|exactly|fine|let['\u2019]?s (?:do|go|use|take)"
    r"|go (?:ahead|with|for)|do (?:it|that)|einverstanden|ja|gut|oui|de acuerdo|vale|s\xed)\b"
    r"(?![^.!]*\?)"
)
"""How the user's words begin that agree to what was proposed."""

_REJECTED = 3.0
"""What a sentence has less in a turn that the user's answer turns down; a cause was found, not proposed."""

_LEAST_FINAL = 60


def turns_of(transcript: Transcript, weighed: int = -1) -> tuple[Turn, ...]:
    """Return the turns in order, each with what the agent told in it that is worth telling, worth most first.

    Words that end where a request begins were said before it: some logs tell of a message only with the next row.
    ``weighed`` is the place of a thought that concludes what the latest question was thought over for: -1 without.
    """
    said = {it.position: it.text for it in transcript.messages if it.role == "user"}
    latest = max(said, default=0)
    texts = [it for it in _texts(transcript) if it[2] != "thought" or not latest < it[0] < weighed]
    starts = list(said)
    if texts and (not starts or texts[0][0] <= starts[0]):
        starts.insert(0, -1)
    turns, spoken, places = [], [], [it[0] for it in texts]
    built = sorted(it.position for it in transcript.edits)
    corrections: list[tuple[int, frozenset[str]]] = []
    answered: set[int] = set()
    gone, since = {it.path for it in transcript.files if it.action == "deleted"}, DidNotLast(transcript, texts)
    for start, until in _latest([*zip(starts, (*starts[1:], None), strict=False)], said):
        within = texts[bisect_right(places, start) : len(texts) if until is None else bisect_right(places, until)]
        answer = said.get(until, "") if until is not None else ""
        refused = bool(objects(answer) or TAKES_BACK.search(answer)) and not followed_it(answer)
        asked = said.get(start, "").strip()
        direct = answering(asked, within)
        worked = bisect_right(built, start) < (len(built) if until is None else bisect_right(built, until))
        denied = refused and not -1 < direct < len(within) - 1  # what objects, objects to what was said last
        asks = not denied and is_question(asked, direct, worked=worked)
        last_edit = built[bisect_right(built, until) - 1] if built and until is not None else (built or [-1])[-1]
        ended = until is not None or _spoke_last(transcript, within)
        edited = next(iter(built[bisect_right(built, start) :]), None) if asks else None
        edited = edited if until is None or (edited or until) < until else None
        taken = bool(_TAKES.match(answer.strip())) and not refused
        direct = direct if asks else -1
        told = list(_told(within, corrections, ended=ended, asks=asks, direct=direct, edited=edited, taken=taken))
        ways = ways_round(within)
        told = [
            it for it in told if not (is_overtaken(it, ways, last_edit) or is_disputed(it, answer) or since.has(it))
        ]
        if until is not None and built and built[-1] > until:
            told = [it for it in told if not _SET_OUT.match(it.text)]
        if until is not None and any(supposes(it.text) for it in told):
            ends = starts[starts.index(until) + 1 :]
            then = texts[bisect_right(places, until) : bisect_right(places, ends[0]) if ends else len(texts)]
            if any(source != "commit" and SETTLED.search(text) for _, text, source in then):
                told = [it for it in told if not supposes(it.text)]
        if gone and _came_to_nothing(transcript, start, until, gone):
            told = [it for it in told if blames(it.text)]
        told = _not_refused(told) if refused else [*map(since.marked, told)]
        if worked:
            told = told if refused else with_remedies(told, within, last_edit)
            told = [it.replace(worth=it.worth + _BUILT) for it in told]
        turns.append(Turn(start, tuple(told), refused))
        answered |= {start} if asks else set()
        spoken.append(set[str]().union(*(subject_of(text) for _, text, _ in within)))
    shares = shares_of(spoken, turns)
    once = _each_once([with_shares(turn, shares) for turn in turns], corrections, answered)
    once = tuple(_among_others(turn) if turn.position in answered else turn for turn in once)
    once = with_present_signatures(once, transcript.edits)
    return (
        _with_tables(once, transcript)
        if any("|--" in it.text or "| --" in it.text for it in transcript.messages)
        else once
    )


def _not_refused(told: list[Finding]) -> list[Finding]:
    """Return what stands of a turn that the user's answer turns down: causes and verdicts, the rest only without them.

    What went into a commit is no outcome.
    """
    stands = [it for it in told if it.source != "commit" and (blames(it.text) or VERDICT.search(it.text))]
    if sum(blames(it.text) for it in stands) > 1:
        return stands
    return [it if it in stands else it.replace(worth=it.worth - _REJECTED) for it in told if it.source != "commit"]


def _came_to_nothing(transcript: Transcript, start: int, until: int | None, gone: set[str]) -> bool:
    """Return whether all files are ``gone`` that were edited from ``start`` to before ``until``, and some were."""
    made = [it.path for it in transcript.edits if start < it.position and (until is None or it.position < until)]
    return bool(made) and gone.issuperset(made)


def _latest(spans: list[tuple[int, int | None]], said: dict[int, str]) -> list[tuple[int, int | None]]:
    """Return of the ``spans`` of turns the latest, and of those before them whose request binds the work."""
    old = spans[:-MAX_TURNS][-_LOOKED_AT:]
    return [*(it for it in old if lasting(said.get(it[0], "")[:MAX_RULE_CHARS])), *spans[-MAX_TURNS:]]


_LOOKED_AT = 200


def _with_tables(turns: tuple[Turn, ...], transcript: Transcript) -> tuple[Turn, ...]:
    """Return ``turns``, each with the tables of figures that it told, last of all it told."""
    from handoff_cli.documents.extract.told.tables import tables_of

    tables = tables_of(transcript.messages)
    ends = [*(it.position for it in turns[1:]), None]
    return tuple(
        turn.replace(told=(*turn.told, *(it for it in tables if turn.position < it.position <= (end or it.position))))
        for turn, end in zip(turns, ends, strict=True)
    )


def _among_others(turn: Turn) -> Turn:
    """Return a ``turn`` in which a question was answered, its verdict first: it is worth less than others' causes."""
    verdict = next((it for it in turn.told[:_ANSWERS] if VERDICT.search(it.text)), None)
    if not turn.told or (blames(turn.told[0].text) and not verdict):
        return turn
    first, *others = (verdict, *(it for it in turn.told if it is not verdict)) if verdict else turn.told
    return turn.replace(told=(first.replace(worth=first.worth - _ASKED), *others))


def _is_bare(told: list[str]) -> bool:
    """Return whether the first sentence is a plain answer that names nothing, and the second names a place."""
    if len(told) < 2 or len(told[0]) >= _BARE_ANSWER or ";" in told[0]:  # noqa: PLR2004
        return False
    return names_place(told[1]) and not names_place(told[0])


def _spoke_last(transcript: Transcript, texts: list[tuple[int, str, str]]) -> bool:
    """Return whether the last turn, with its ``texts``, ended with the agent's words rather than with a call."""
    called = transcript.tool_calls[-1].position if transcript.tool_calls else -1
    if not texts or not transcript.messages:
        return False
    last = transcript.messages[-1]
    return last.role == "assistant" and last.position >= max(texts[-1][0], called)


_SET_OUT = caseless(r"\W*(?:(?:up )?next(?: up| steps?)?|remaining|still (?:open|to do|missing|left))\b[^:.]{0,20}:")
"""How a sentence begins that tells what comes next: of an earlier turn the work since then tells."""

_BUILT = 1.5
"""What a sentence of a turn in which files were changed has ahead: the work stands on it."""


def _texts(transcript: Transcript) -> list[tuple[int, str, str]]:
    """Return ``(position, text, source)`` of what the agent and its sub-agents told, in order."""
    stands = AsItStands(transcript).of
    told = sorted(
        (
            *((it.position, it.text, "thought") for it in transcript.reasonings),
            *((it.position, stands(it), "said") for it in told_by_agent(transcript)),
            *((it.position, commit_message(it.text), "commit") for it in transcript.commands),
            *(
                (it.position, it.answer, f"sub-agent: {it.asked}")
                for it in not_replaced(transcript)
                if it.kind == "agent"
            ),
        ),
        key=lambda it: it[0],
    )
    turned = {at for at, (_, text, source) in enumerate(told) if source == "thought" and _SEES_OTHERWISE.match(text)}
    before = {it for at in turned for it in (at - 2, at - 1) if it >= 0 and len(told[it][1]) < _SHORT}
    gone = {at for at in before if told[at][2] in ("said", "thought")}
    return [it for at, it in enumerate(told) if at not in gone] if gone else told


_SHORT, _ASKED = 200, 3.0
"""Fewer characters may be seen otherwise in the next thought; what the first sentences of an answer have ahead."""

_SEES_OTHERWISE = caseless(
    r"(?:oh |no,? |hmm,? )?wait,? (?:that|this|it)(?:['\u2019]s| is| was)(?: actually| also)?"
    r"(?:n['\u2019]t\b| not\b| wrong\b| backwards\b| the \w+ (?:that )?i(?:['\u2019]ve)? (?:just|already)\b)"
    r"(?! (?:all|only|just|the only)\b)"
)
"""How a thought begins that sees that the few words said just before were not so."""

_WHY_FOLLOWS = lazily(r"(?m),?(?: [\u2014\u2013-])?(?: and)? here['\u2019]s why:$")
_BARE_ANSWER, _CHANGED = 80, 1.0
"""A shorter answer that names no place stands with the next sentence; what a sentence has ahead that tells what was
made, or shows a type as decided."""
_DEFINITION = lazily(r"`(?:export |pub |public )*(?:interface|type|struct|enum|class|record) \w+[^`]*\{[^`]+`")

_WORKS_NOW = caseless(r"\W*(?:so )?now,? `?[\w./-]*\w`?(?:'s)? (?!(?:i|we|you|to|is|are|let)\b)\w+s\b")
"""How a sentence begins that tells what something does since the change."""

_ROOT, _ANSWERED = 2.5, 2.5
"""What a sentence of the last message has ahead that names the root of what was asked; a verdict on a question."""


def _told(
    texts: list[tuple[int, str, str]],
    corrections: list[tuple[int, frozenset[str]]],
    *,
    ended: bool,
    asks: bool,
    direct: int,
    edited: int | None,
    taken: bool,
) -> Iterator[Finding]:
    """Yield the sentences of a turn's ``texts`` that tell something; where it ``ended``, of its last message most.

    Where the user ``asks``, its first sentences are the answer, or those of the ``direct`` one; where work followed,
    first ``edited`` at a place, those of the longest message before it.
    What takes something back is added to ``corrections``. ``taken`` tells that the user agreed to what was proposed.
    """
    first = _FIRST + _ASKED * asks
    words = ("said",) if asks else ("said", "commit")  # a commit answers no question
    long = [place for place, (_, text, source) in enumerate(texts) if source in words and len(text) > _LEAST_FINAL]
    before = [place for place in long if edited is not None and texts[place][0] < edited]
    final = max(before, key=lambda it: len(texts[it][1])) if before else long[-1] if long and ended else -1
    closing = {long[-1]: _FIRST} if long and ended and direct >= 0 else {}  # what came of the work that went on
    final = direct if direct >= 0 else final
    weighty = closing | {final: first}
    nothing = True
    for place, (position, text, source) in enumerate(texts):
        told = list(_standing(text, position, corrections, thought=source == "thought"))
        figures, stated = stressed_figures(text), stressed_statements(text) if place in weighty else ()
        if place == final and _is_bare(told):
            told[:2] = [f"{told[0]} {told[1]}"]
        for at, unit in enumerate(told):
            answers = place == final and bool((VERDICT if asks else SUMS_UP).search(unit))
            stressed = any(map(unit.__contains__, (*figures, *stated)))
            now = place in weighty and bool(_WORKS_NOW.match(unit))
            if not (tells_why(unit) or stressed or answers or now or (place in weighty and at < _ANSWERS)):
                continue
            worth = worth_of(unit) + STRESSED * stressed * (1 + any(map(unit.startswith, stated)))
            if place in weighty:
                ahead = _FINAL + weighty[place] * _NEXT**at + _LAST * (at == len(told) - 1)
                ahead += max(0.0, -worth) * (not at)  # an answer may be short, and begin with yes
                ahead += _CHANGED * bool(now or MADE.match(unit) or _DEFINITION.search(unit)) + _ROOT * bool(
                    NAMES_ROOT.search(unit)
                )
            elif source == "thought":
                ahead = 1.5 * (at + 1) / len(told) - (3.4 if final >= 0 else 1.0)
            else:
                # What sub-agents report, the agent tells again in its own words.
                ahead = (0.0 if final >= 0 else 0.8) if source in words else -1.5 if final >= 0 else -0.5
            ahead += _ANSWERED * answers
            proposal = _PROPOSAL * (not (answers or taken) and bool(PROPOSES.search(unit)))
            ahead += -proposal if ended else _LATER * (place + 1) / len(texts)
            open_yet = place + 1 == len(texts) or not supposes(unit)  # else what came of it tells
            open_yet = open_yet and not (source.startswith("sub-agent") and RECOMMENDS.match(unit))
            if worth + ahead > LEAST_WORTH and open_yet:
                nothing = False
                then = pointed_on(unit, told[at + 1 : at + 2], texts[place : place + NEAR]) if blames(unit) else ""
                yield Finding(unit, source, position, worth + ahead, at, then)
    if nothing and final >= 0:
        position, text, source = texts[final]
        if answer := max(list(_standing(text, position, [], thought=False))[:_ANSWERS], key=worth_of, default=""):
            yield Finding(answer, source, position, LEAST_WORTH)


def _standing(
    text: str, position: int, corrections: list[tuple[int, frozenset[str]]], *, thought: bool
) -> Iterator[str]:
    """Yield the sentences of ``text``, which may be a ``thought``, but for talk and what a later one takes back."""
    told = units(_WHY_FOLLOWS.sub(".", text))
    taken_back = [(at, subject_of(unit)) for at, unit in enumerate(told) if corrects(unit)]
    corrections += [(position, subject) for at, subject in taken_back if not THIS_TIME.search(told[at])]
    gone = causes_taken_back(told) | (overruled(told) if thought else set())
    gone |= {at for at, pair in enumerate(pairwise(told)) if is_looked_for(*pair)}
    for at, unit in enumerate(told):
        taken = at in gone or any(later > at and is_taken_back(it, subject_of(unit)) for later, it in taken_back)
        if not taken and (left := without_step(unit)) and not is_talk(left):
            yield left


def _each_once(
    turns: list[Turn], corrections: list[tuple[int, frozenset[str]]], answered: set[int]
) -> tuple[Turn, ...]:
    """Return ``turns`` with every thing told once, where it was told last, and without what was taken back later.

    What is all that came of a question stands there too: of turns ``answered`` none is left without its answer, and
    none without what was made where only thoughts are left.
    """
    kept: list[tuple[frozenset[str], bool]] = []
    left: list[Turn] = []
    for turn in reversed(turns):
        told: list[Finding] = []
        again: Finding | None = None
        for finding in sorted(turn.told, key=lambda it: (-it.worth, -it.position))[:_CANDIDATES]:
            subject = subject_of(finding.text)
            corrected = any(at > finding.position and is_taken_back(it, subject) for at, it in corrections[-_COMPARED:])
            if corrected:
                continue
            lines = len(_LINE.findall(finding.text)) > 1
            if any(tells_the_same(subject, it) and lines <= also for it, also in kept[-_COMPARED:]):
                again = again or finding
                continue
            kept.append((subject, lines))
            told.append(finding)
            if len(told) == MOST_OF_A_TURN:
                break
        answers = turn.position in answered and (not told or VERDICT.search(again.text if again else ""))
        alone = again and MADE_NOW.match(again.text) and all(it.source == "thought" for it in told)  # nothing else told
        if again and (answers or alone):
            told.insert(0, again)
        left.append(turn.replace(told=tuple(_with_next(told))))
    return tuple(reversed(left))


_LINE = lazily(r"\w\.\w{1,10}:\d")
"""The line of a file: what lists several is not told by a later sentence that lists none."""

MADE_NOW = caseless(
    r"\W*(?:done|i(?:'ve| have)? (?:made|added|fixed|updated|changed|moved|created|implemented|removed))\b"
)
"""How a sentence begins that tells what was done in a turn."""


def _with_next(told: list[Finding]) -> list[Finding]:
    """Return ``told`` with a short first sentence that only points to a place and the best one beside it as one."""
    first = told[0] if told else None
    if first is None or len(first.text) >= _SAYS_LITTLE or not names_place(first.text):
        return told
    if NAMES_ROOT.search(first.text):
        return told
    room = _TOGETHER - len(first.text)
    near = [it for it in told[1 : _ANSWERS + 1] if it.position == first.position and not PROPOSES.search(it.text)]
    same_message = [it for it in near if len(it.text) <= room]
    if not same_message:
        return told
    one, two = sorted((first, same_message[0]), key=lambda it: it.place)
    joined = first.replace(text=f"{one.text}{'' if one.text.endswith(_ENDS) else '.'} {two.text}")
    return [joined, *(it for it in told[1:] if it is not same_message[0])]


_SAYS_LITTLE, _TOGETHER, _ENDS = 64, 210, (".", "!", "?", ":", ";")
