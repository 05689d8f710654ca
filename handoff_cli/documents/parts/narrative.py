"""The part that tells what was found and decided: the story in order of time, and the agent's last explanation."""

from __future__ import annotations

from itertools import groupby

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.facts import TABLE
from handoff_cli.documents.extract.language.abridged import abridged
from handoff_cli.documents.extract.language.findings import NAMES_ROOT, WARNS, blames, subject_of, tells_why
from handoff_cli.documents.extract.language.objections import TAKES_BACK, passes_over, proposes
from handoff_cli.documents.extract.language.shortened import brief, brief_point, outline
from handoff_cli.documents.extract.language.words import as_one_line, clipped, is_code_name, plain
from handoff_cli.documents.extract.requests.accounts import CLOSED
from handoff_cli.documents.extract.told.answered import VERDICT
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.asked import LATEST, NOTHING, OF_FIRST, OTHER_WORK, line_of, told_at_once
from handoff_cli.documents.parts.at_work import is_in_its_place
from handoff_cli.documents.parts.pieces import FINDINGS, LEARNT, MUST, TELLER, THOUGHT, Piece, file_name, quoted, stated
from handoff_cli.documents.parts.priorities import KNOWN_CHARS, Disputed, mended_up_to, orders_of, shown_elsewhere
from handoff_cli.documents.parts.said_before import OF_A_TURN, said_before, without_noted
from handoff_cli.documents.parts.users_word import proposals_told
from handoff_cli.documents.parts.wording import whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.facts import Finding, Request, Turn
    from handoff_cli.documents.extract.story import Story

_BRIEF, _OF_ALL, _TURNED_DOWN, _FULLER = (90, 200), 2_200, 90, 2.5
"""The characters of a sentence of an earlier turn in its first form, least and most, and of those of all turns; of one
that was turned down; and how much later it is told whole."""

_SOON = 20
"""How much earlier than others the sentence is told that every request is answered with."""

_SURE = 6
"""Of so many turns, those that tell most, what came of them comes before all else that need not be told."""

_SURELY, _AT_HAND = -0.9, (-0.91, -0.886)
"""The order of what came of these, the best first: behind every request, before all that has a share of the room; then
what the work at hand found."""

_FOREMOST, _FAULTS = -0.95, 3
"""The order of so many faults that were found, those that tell most: before old requests of which less is known."""

_OF_A_POINT, _SAID_BEFORE, _SURELY_SAID = 110, -0.62, 4
"""About the characters of each sentence of a point of an account in its first form, and the order of the first few."""

_AT_WORK, _REST = 4, 4.0
"""So many sentences of an earlier turn, and of the one at work, come with the others; more where room is left, or as
they stand in the message."""

_LAST = 30.0
"""How much later is told what nothing is lost with."""

_RECENT, _OLD, _JUST = 4, -0.93, 0.001
"""Older requests than so many, and the order of those of which nothing is told and of those of which something is."""


def findings(story: Story) -> Iterator[Piece]:
    """Yield decisions noted, the plan, the account of an earlier compaction, the story, and what was said last."""
    noted = (("Causes", story.minutes.noted_causes), ("Decided", story.minutes.noted_decisions))
    for index, (name, line) in ((index, (name, it)) for name, told in noted for index, it in enumerate(told)):
        yield quoted(FINDINGS, f"{name}, by the text [UNVERIFIED]:", (MUST if index < LATEST else 0.3, line))
    plan, file = story.left.plan, story.left.plan_file
    told = file in [it.path for it in story.changed.documents]
    if plan and not told:
        steps = [(order, outline(plan, size)) for order, size in ((0.4, 400), (8.0, 1_200))]
        agreed = " that the user approved" * bool(story.left.at_plan and story.left.at_plan.approved)
        yield quoted(FINDINGS, f"The plan{agreed}{f', {code(file)}' if file else ''}:", *steps, (30.0, plan))
    elif file and not told:
        yield stated(FINDINGS, f"The plan stands in {code(file)}.", 0.4)
    yield from _account(story)
    yield from _delivered(story)
    yield from _turns(story)
    yield from _learnt(story)
    yield from _last(story)
    yield from said_before(story)


def _account(story: Story) -> Iterator[Piece]:
    """Yield the points of the agent's account at its last compaction: of finished work those that are of use now."""
    goal = as_one_line((story.goal or "")[:_GOAL_CHARS])
    account = [it for it in story.told.account if as_one_line(it.text) not in goal]
    closed = any(it.source == CLOSED for it in account)
    hand = subject_of("\n".join((story.latest, *shown_elsewhere(story))))
    hand = frozenset(filter(is_code_name, hand | subject_of(story.told.last_words or "")))
    of_use = {it: not closed or not hand.isdisjoint(subject_of(it.text)) for it in account}
    ranked = sorted(account, key=lambda it: (not of_use[it], -it.worth))
    told = [it for it in ranked if of_use[it] or " \u2192 " in it.text] if closed else ranked
    for point in (it for it in account if it in told):
        rank, at = told.index(point), point.text.lower().find(_CAUSE)
        mended = closed and not rank and at >= 0 and " \u2192 " in point.text[at:]
        soon = mended or (not closed and rank < _SURELY_SAID)
        order = _SAID_BEFORE + rank / 100 if soon else 1.5 + 2 * rank if closed else 0.4 + rank / 3
        label = f"Before, from the agent's account at its last compaction{', when all was done' * closed} [UNVERIFIED]:"
        short = brief_point(point.text[at:] if mended else point.text, _OF_A_POINT)
        yield quoted(FINDINGS, label, (order, short), (order + _FULLER, point.text), kind="point")


_CAUSE = "root cause"


def _delivered(story: Story) -> Iterator[Piece]:
    """Yield what the pull request or the commits say that they hold, where the goal does not show it."""
    for age, it in enumerate(() if story.work else story.changed.delivered):
        since = sum(request.position > it.position for request in story.requests)
        label = f'What was delivered in "{as_one_line(it.subject)}", by its own text [UNVERIFIED]:'
        for rank, point in enumerate(it.points):
            soon = since <= _LATELY and rank < _SURELY_TOLD and not age
            order = _DELIVERED + rank / 200 if soon else 0.5 + rank + age
            yield quoted(FINDINGS, label, (order, brief(point, _OF_DELIVERED)), (order + _FULLER, point), kind="point")


_LATELY, _SURELY_TOLD, _DELIVERED, _OF_DELIVERED = 6, 3, -0.908, 320
"""Within how many requests what was delivered tells of the work at hand, how many points of it are told before all that
has a share of the room, from which order on, and about the characters of each."""

_GOAL_CHARS = 400
"""Of what the work is for so much always stands where an account tells it: its points need not tell that again."""


def _turns(story: Story) -> Iterator[Piece]:
    """Yield each request, and below it what the agent told that came of it, in order of time."""
    label = _label_of_turns(story)
    asked = {it.position: it for it in story.requests}
    also = {place: it.number for it in story.requests for place in it.before}
    orders = orders_of(story)
    shortest = max(_BRIEF[0], min(_BRIEF[1], _OF_ALL // max(1, len(story.told.turns))))
    whole = "\n".join(it.text for it in story.told.said)
    best, faults = _foremost(story, orders)
    pieces, at_once, causes, how = list[list[Piece]](), told_at_once(story.requests), _causes(story), _how(story)
    disputed, follows, only, mended = Disputed(story), None, _only_edited(story), mended_up_to(story)
    for age, turn in enumerate(reversed(story.told.turns)):
        request = asked.get(turn.position)
        of_turn = _of_turn(turn, orders, request)
        chosen = plain(follows.meant)[:KNOWN_CHARS] if follows and follows.meant else ""  # stands with that request
        told = [it for it in of_turn if it.source != TABLE and not (chosen and plain(it.text).startswith(chosen))]
        told = [it for it in told if without_noted(it.text, story.minutes.noted)] if story.nameless else told
        own = story.nameless or (request and request is not story.part_of)  # else it stands under what it is not of
        done = turn.done if age and (told or own) and not (request and request.cut_short) else ""
        done = "" if (told and done == only) or not done.startswith(("edited", "deleted")) else done
        first = min((orders[it] for it in told), default=NOTHING) if age or not told else _AT_HAND[0]
        late = first + _DONE if told else _ALONE + age / 8
        came = min(first, late) if done else first
        soonest = bool(request and request.number in at_once)
        steps = list(line_of(story, request, came, bool(turn.told or turn.done), soonest)) if request else []
        if told and turn.position in also:
            latest = "the latest request, " * (also[turn.position] == story.requests[-1].number)
            steps = [(first, f"{also[turn.position]} ({latest}said then too):")]
        goes_on = not (request or steps or turn.position < 0)  # "ok": what came of it stands below the one before
        named = bool(request and not request.past and steps and steps[0][0] <= MUST)
        put_off = bool(follows and OTHER_WORK.search(follows.text))  # what it is about stands in the words before
        sure = age <= LATEST or first <= best or bool(request and request.rule) or put_off
        sure = sure or bool(told and blames(told[0].text) and told[0].position > mended)
        surely = _FOREMOST if told and (age == 1 or put_off or told[0] in faults) else _SURELY
        soon = (surely + first / 100 if sure else first / _SOON) if age and told and (named or goes_on) else None
        if age and told and request and request is story.requests[0] and soon is None:
            soon = _SURELY + first / 100 if blames(told[0].text) else OF_FIRST
        old = bool(request and age >= _RECENT and not (request.past or request.rule or request is story.requests[0]))
        if steps and old and (told or done or steps[0][0] <= MUST):  # it is worth no more than what came of it
            steps[0] = (min(_OLD + age / 1_000, NOTHING if soon is None else soon - _JUST), steps[0][1])
        elif steps and soon is not None:  # nothing is told without what it came of
            steps[0] = (min(soon, steps[0][0]), steps[0][1])
        lines_of = [quoted(FINDINGS, label, *steps, kind="request")] if steps and len(story.requests) > 1 else []
        if turn.refused and _turns_down(story, follows):  # it stands under what failed
            told = [it for it in told if blames(it.text) or not proposes(it.text)]
        against = disputed.marks([it.text for it in told], follows, at_work=not age)
        lines_of += _told(turn, told, orders, label, shortest if age else 0, whole, soon, against, causes, how, follows)
        lines_of += [
            quoted(FINDINGS, label, (orders[it], f"  → {it.text}"), kind="finding")
            for it in of_turn
            if it.source == TABLE
        ]
        lines_of += [quoted(FINDINGS, label, (late, f"  = {done}"), kind="outcome")] if done else []
        pieces.append(lines_of)
        follows = request
    for lines_of in reversed(pieces):
        yield from lines_of


def _of_turn(turn: Turn, orders: dict[Finding, float], request: Request | None) -> list[Finding]:
    """Return what was told in ``turn`` in its order; where the user stopped it, half an answer is none: the root."""
    whole = not (request and request.cut_short)
    kept = (it for it in turn.told if it in orders and (whole or NAMES_ROOT.search(it.text)))
    return sorted(kept, key=lambda it: (it.position, it.place))


def _label_of_turns(story: Story) -> str:
    if story.nameless:
        return "What the text tells, in order [UNVERIFIED]:"
    if len(story.requests) > 1:
        return "The story: each request, and what the agent said came of it [UNVERIFIED]:"
    return "What the agent said came of it [UNVERIFIED]:"


def _foremost(story: Story, orders: dict[Finding, float]) -> tuple[float, list[Finding]]:
    """Return up to which order the first of a turn is told for certain, and the faults told before all others.

    What would break, as it was told then, may be mended since.
    """
    of_turns = [[it for it in turn.told if it in orders] for turn in story.told.turns]
    firsts = sorted(min(map(orders.__getitem__, told)) for told in of_turns if told)
    told_first = [turn.told[0] for turn in story.told.turns if turn.told and turn.told[0] in orders]
    faults = [it for it in told_first if blames(it.text) and not WARNS.search(it.text)]
    return firsts[:_SURE][-1] if firsts else 0.0, sorted(faults, key=lambda it: orders[it])[:_FAULTS]


def _causes(story: Story) -> list[Finding]:
    """Return of the causes that would be cut in the middle those that tell most, each the first of its turn."""
    first = [turn.told[0] for turn in story.told.turns if turn.told and blames(turn.told[0].text)]
    return sorted((it for it in first if it.then or len(it.text) > _BRIEF[1]), key=lambda it: -it.worth)[:_CAUSES]


_CAUSES, _TO_THE_POINT = 2, 320
"""So many causes are told up to their point, in about so many characters."""


def _how(story: Story) -> dict[Finding, float]:
    """Return the order of what was told beside the causes that tell most: work goes on from how it came to them."""
    blamed = [turn.told for turn in story.told.turns[:-1] if turn.told and blames(turn.told[0].text)]
    most = sorted(blamed, key=lambda it: -it[0].worth)[:_CAUSES]
    beside = [it for told in most for it in told[1 : 1 + _BESIDE] if it.worth >= _TELLING_HOW and it.source != TABLE]
    return {it: _HOW + rank / 1_000 for rank, it in enumerate(beside)}


_BESIDE, _TELLING_HOW, _HOW = 2, 6.0, -0.882
"""So many sentences beside a cause, what each is worth at least, and their order: behind what came of the requests."""


def _only_edited(story: Story) -> str:
    """Return what is said of a turn that edited the one file all edits left changed, empty where these are several."""
    gone = {it.path for it in story.changed.files if it.action == "deleted"}
    left = {it.path for it in story.changed.files if it.action in ("created", "modified")} - gone
    return f"edited {file_name(left.pop())}" if len(left) == 1 else ""


def _told(
    turn: Turn,
    told: list[Finding],
    orders: dict[Finding, float],
    label: str,
    shortest: int,
    whole: str,
    soon: float | None,
    against: dict[str, str],
    causes: list[Finding],
    how: dict[Finding, float],
    follows: Request | None,
) -> Iterator[Piece]:
    """Yield what was ``told`` in a turn, first in about ``shortest`` characters each; 0: whole.

    What stands in ``whole``, the messages shown as they are, comes late beyond the first sentences, and of what the
    user turned down one sentence tells what it was. ``soon``: when the first is told in few words; ``against``: the
    marks of what stands against each; ``causes`` are told up to their point at once; ``follows`` is the next request.
    """
    rejected, undone = 0, bool(follows and TAKES_BACK.search(follows.text))
    over = bool(follows and passes_over(follows.text))
    first = _first_of(turn, orders)
    for it in told:
        source = "" if it.source in ("thought", "said", "commit") else f" ({clipped(it.source, 40)})"
        forms, mark, late = _forms(it, shortest, causes), "", 0.0
        if turn.refused and not blames(it.text):
            rejected += 1
            late = _LAST * (rejected > 1)
            mark = "(the next request objects) " if proposes(it.text) or (undone and rejected == 1) else ""
            mark = "(the next request turns it down) " if over and rejected == 1 else mark
            if rejected > 1 and not mark:
                continue  # it is neither found nor turned down by itself
            forms = (brief(it.text, _TURNED_DOWN), it.text)
        mark = mark or against[it.text]
        if turn.idle and (it is not turn.told[0] or not blames(it.text)):  # nothing came back to it
            if it not in turn.told[:_OF_IDLE] or not (tells_why(it.text) or _EXACT.search(it.text)):
                continue
            late += _REST if tells_why(it.text) else _LAST
        if it is not told[0] and _is_told_with(turn.told[0], it, causes):
            continue
        if not shortest and it in turn.told[_AT_WORK:]:
            late += _REST
        if shortest and it in turn.told[OF_A_TURN:]:
            late += _LAST if it.text[-KNOWN_CHARS:] in whole else _REST
        fuller, order = _LAST if mark else _FULLER, orders[it] + late
        if not shortest and it in turn.told[: len(_AT_HAND)]:  # what the work at hand found comes first
            order = _AT_HAND[turn.told.index(it)]
        steps = [(order + fuller * at, f"  → {mark}{text}{source}") for at, text in enumerate(forms)]
        at_once = soon if it is first else _HOW if soon and it is _then(turn) else how.get(it)
        steps[0] = (order if at_once is None else at_once, steps[0][1])
        yield quoted(FINDINGS, label, *steps, kind="finding")


def _first_of(turn: Turn, orders: dict[Finding, float]) -> Finding | None:
    """Return what ``turn`` told that is worth most; where that stands elsewhere, what else it found to be at fault."""
    first = next(iter(turn.told), None)
    return first if first in orders else next((it for it in turn.told if it in orders and blames(it.text)), first)


def _then(turn: Turn) -> Finding | None:
    """Return what came of the work that went on once a question was answered, with which ``turn`` begins."""
    first, *others = turn.told[:OF_A_TURN]
    later = (it for it in others if it.position > first.position)
    return next(later, None) if VERDICT.search(first.text) else None


def _forms(it: Finding, shortest: int, causes: list[Finding]) -> tuple[str, ...]:
    """Return the forms of a finding, the first in about ``shortest`` characters; 0: whole. A cause has its point."""
    if it in causes or (it.then and not shortest):
        at = it.text.find(it.then[:KNOWN_CHARS]) if it.then else -1  # an item of a list, which has not all of it
        led = it.text[:at] if at > 0 else f"{it.text.removesuffix('.')}. "
        pointed = f"{led}{it.then}" if it.then else it.text
        return (brief(pointed, _TO_THE_POINT), pointed)
    return (brief(it.text, shortest), it.text) if shortest else (it.text,)


def _is_told_with(first: Finding, it: Finding, causes: list[Finding]) -> bool:
    """Return whether ``it`` is an item of the list that the ``first`` of a turn tells, or what that points on to."""
    item = it.text.partition(":")[0].partition(" (")[0]
    listed = f"; {item}" in first.text or (len(item) >= _ITEM_CHARS and f": {item}" in first.text)
    return listed or (first in causes and it.text == first.then)


_ITEM_CHARS = 12


_OF_IDLE, _EXACT = 2, lazily(r"\w\.\w{1,10}:\d|\b\d[\d,.]*\d\b|\d ?(?:%|m?s|[KMG]i?B)\b")
"""So many sentences that decide something are told late of a turn that nothing came of by calls."""

_DONE, _ALONE = 3.0, 0.6
"""How much later than what was told of a turn its edits and checks are, and where they come if nothing was told."""


def _turns_down(story: Story, request: Request | None) -> bool:
    """Return whether ``request`` stands beside the proposal that it turned down."""
    text = as_one_line(request.text) if request else ""
    return any(text.startswith(it.words) for it in proposals_told(story))


def _learnt(story: Story) -> Iterator[Piece]:
    """Yield what sub-agents and pages told that the work goes by, below the one that told it."""
    label = "What sub-agents and pages told [UNVERIFIED]:"
    ranks = {it: rank for rank, it in enumerate(sorted(story.told.learnt, key=lambda it: -it.worth))}
    for source, facts in groupby(story.told.learnt, key=lambda it: it.source):
        orders = {it: 0.8 + ranks[it] * 0.6 + _REST * (it.worth < _TELLING) for it in facts}
        yield quoted(FINDINGS, label, (min(orders.values()), f"{clipped(source, _SOURCE_CHARS)}:"), kind=TELLER)
        for fact, order in orders.items():
            yield quoted(FINDINGS, label, (order, f"  - {fact.text}"), kind=LEARNT)


_SOURCE_CHARS = 60
_TELLING = 1.6
"""What a fact is worth at least that the work came back to; others are for where all else leaves room."""


def _last(story: Story) -> Iterator[Piece]:
    """Yield the last message that explains, but for the last words, and the last thought of work in progress."""
    since = [", files were edited after it" if it else "" for it in (*story.told.overtaken, False, False)]
    since[0] += " and it was not enough" if any(story.told.overtaken[2:]) else ""
    told = is_in_its_place(story, story.told.explained)
    if story.told.explained and not told and story.told.explained.strip() != (story.told.last_words or "").strip():
        sizes = ((MUST, 500), (0.2, 900), (1.5, 1_500), (12.0, 4_000))
        steps = [(order, abridged(story.told.explained, size)) for order, size in sizes]
        yield quoted(FINDINGS, f"{whose(story)} last explanation{since[0]} [UNVERIFIED]:", *steps)
    if story.told.thought and story.state == "progress":
        grown = ((_THOUGHT, 500), (_FULL_THOUGHT, 800), (0.5, 1_200), (2.0, 2_000), (9.0, 4_000))
        steps = [(order, abridged(story.told.thought, size, tail=True)) for order, size in grown]
        doubt = ", and doubted in the end" * story.told.doubts
        said, calls = "The agent's last thoughts", story.told.thought_since
        if since[1] and calls >= _LONG_AGO:
            said = f"The agent's thoughts {calls} calls before the end"
        yield quoted(
            FINDINGS,
            f"{said}{doubt}{since[1]} [UNVERIFIED]:",
            *steps,
            kind=THOUGHT,
        )


_LONG_AGO = 6
_THOUGHT, _FULL_THOUGHT = MUST - 0.2, -0.94
"""What the agent thought last comes before all else that always stands: nothing else tells it."""
