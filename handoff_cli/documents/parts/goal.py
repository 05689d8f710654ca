"""The goal: the request at work with what it means, then what the whole work is for."""

from __future__ import annotations

from itertools import islice

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.text import name
from handoff_cli.documents.extract.language.agreements import AGREED, SHORT_CHARS
from handoff_cli.documents.extract.language.objections import PROPOSES, disputes, objects, passes_over
from handoff_cli.documents.extract.language.picks import options_in, picked
from handoff_cli.documents.extract.language.prose import typed_lines
from handoff_cli.documents.extract.language.shortened import brief, outline
from handoff_cli.documents.extract.language.words import ASKING, as_one_line, clipped, identifiers
from handoff_cli.documents.extract.requests.accounts import CLOSED
from handoff_cli.documents.extract.requests.lasting import lasting
from handoff_cli.documents.extract.requests.narrowing import only_limits
from handoff_cli.documents.extract.requests.pasted import request_in
from handoff_cli.documents.extract.requests.referents import (
    ASIDE_CHARS,
    TAKEN_UP,
    asks_on,
    fewer_changes,
    names_item,
    refers,
    says_itself,
    taken_up,
)
from handoff_cli.documents.extract.told.proposed import proposed_code
from handoff_cli.documents.parts.asked import with_rules
from handoff_cli.documents.parts.at_work import ASKS, gone_from
from handoff_cli.documents.parts.pieces import CODE_AGREED, GOAL, LATEST, MUST, SOON, Piece, quoted
from handoff_cli.documents.parts.priorities import FEW_REQUESTS, goal_is_asked, parent_is_asked, purpose
from handoff_cli.documents.parts.wording import GONE_SINCE, beginning_of, by_whom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.facts import Made, Request
    from handoff_cli.documents.extract.story import Story


def goal(story: Story) -> Iterator[Piece]:
    """Yield the request at work with what it means, then what the whole work is for."""
    if story.requests:
        yield from _asked_last(story)
    if story.minutes.begins and story.minutes.begins not in story.minutes.noted_goal:
        yield quoted(GOAL, "The text begins [UNVERIFIED]:", (MUST, story.minutes.begins))
    if story.minutes.noted_goal:
        yield quoted(GOAL, "What it is for, by the text [UNVERIFIED]:", (MUST, story.minutes.noted_goal))
    if story.goal:
        closed = any(it.source == CLOSED for it in story.told.account)
        is_for, over = ("was for", ", when all was done") if closed else ("is for", "")
        label = f"What the work {is_for}, by the agent's account at its last compaction{over} [UNVERIFIED]:"
        told = bool(story.requests) and goal_is_asked(story) and not _first_is_done(story)
        sizes = (
            ((_CLOSED, 400), (9.0, 4_000))
            if closed and story.work
            else ((_ACCOUNT, 400), (2.0, 800), (9.0, 4_000))
            if told
            else ((MUST, 800), (0.6, 1_200), (9.0, 4_000))
        )
        steps = [(order, outline(story.goal, size)) for order, size in sizes]
        yield quoted(GOAL, label, *steps, (20.0, story.goal))
    if not story.requests:
        return
    if story.work:
        label = "What the work is, by the commit or pull request it was put into [UNVERIFIED]:"
        short = "\n".join(brief(it, _ITEM_CHARS) for it in story.work.split("\n"))  # every item before all of one
        alone = story.requests[0].bare  # else a request tells what it is
        only_handed_over = all(it.bare for it in story.requests)
        first, whole = (MUST, 1000) if alone else (_WORK, 500), _ALL_OF_WORK if only_handed_over else 5.0
        steps = [(order, outline(short, size)) for order, size in (first, (0.6, 1_200))]
        yield quoted(GOAL, label, *steps, (whole, outline(story.work, 2_400)), (20.0, story.work))
    if len(story.requests) > 1 and goal_is_asked(story):
        yield _asked_first(story)
    if began := purpose(story):
        label = "What the work began with, by the agent's words [UNVERIFIED]:"
        short = "\n".join(brief(it, _BEGAN_CHARS) for it in began.split("\n"))
        yield quoted(GOAL, label, (MUST, short), (2.0, began))


def _asked_last(story: Story) -> Iterator[Piece]:
    """Yield the latest request, what it answers or came after, and the one it belongs to."""
    first, latest = story.requests[0], story.requests[-1]
    steps = [
        (order, request_in(_said(latest), size)) for order, size in (*_first_sizes(latest), (4.0, 1_900), (7.0, 3_000))
    ]
    if run := story.pasted_run:
        label = f"The latest request is a run that was pasted{GONE_SINCE * run.gone}:"
        steps = [(MUST, "\n".join((run.command, *(clipped(it, _ERROR_CHARS) for it in run.errors))))]
        yield quoted(GOAL, label, *steps, (15.0, _said(latest)), kind="request")
    else:
        yield quoted(GOAL, LATEST, *steps, (15.0, _said(latest)), kind="request")
    if story.referent and not story.job:
        yield from _answers(story, latest)
    if story.amid and not (story.amid is first and goal_is_asked(story)):
        steps = [
            (order, request_in(_said(story.amid), size)) for order, size in ((MUST, 200), (3.0, 500), (9.0, 1_200))
        ]
        lead = "It stopped the agent" if story.breaks_off else "It came while the agent was"
        yield quoted(GOAL, f"{lead} at work at this request:", *steps, kind="request")
    if story.job:
        since = [it for it in story.requests[:-1] if it.position > story.job.position and only_limits(it)]
        limits = "\n".join(clipped(as_one_line(_said(it)), _LIMIT_CHARS) for it in since[-_LIMITS_TOLD:])
        yield from [quoted(GOAL, "What the user said of it since, besides:", (MUST, limits))] * bool(limits)
        yield from _answers(story, story.job) if story.referent else ()
    if story.part_of and parent_is_asked(story):
        sizes = ((MUST, 400), (0.6, 900), (4.0, 1_900))
        steps = [(order, request_in(_said(story.part_of), size)) for order, size in sizes]
        label = "The request that the latest one belongs to:"
        yield quoted(GOAL, label, *steps, (15.0, _said(story.part_of)), kind="request")


def _answers(story: Story, asked: Request) -> Iterator[Piece]:
    """Yield the agent's words that the request ``asked`` answers or came after, and what came of them."""
    words = story.referent or ""
    alone = not (asked.by or (story.amid and not story.job))  # people answer each other; amid work it breaks in
    meant = alone and refers(asked.text.strip(), words)
    put = meant and len(asked.text) > SHORT_CHARS  # it says in its own words what of the proposal counts
    grows, whole = _growth(story, meant, put=put)
    gone = gone_from(story)
    grows = ((MUST, ASIDE_CHARS), (4.0, TAKEN_UP)) if gone else grows  # it did not come to be
    taken = _options_taken(asked.text, words)
    grows = ((0.5, TAKEN_UP), (0.9, 1_500)) if taken else grows
    grows = ((MUST, TAKEN_UP), (_ANSWERED, 2_000)) if _takes_above(asked.text, words) else grows
    steps = [(MUST, taken)] * bool(taken)
    told = _without_edits(story)
    steps += [(order, taken_up(told, asked.text.strip(), size)) for order, size in grows]
    steps += [(20.0, words)] * whole
    end = words.rstrip("*_ `\n")[-_END_CHARS:]
    answers = meant and (not put or bool(story.gist) or end.endswith(ASKING) or bool(PROPOSES.search(end)))
    unliked, against = passes_over(asked.text), "turns down" if objects(asked.text) else "questions"
    relation = "turns down" if unliked else against if disputes(asked.text) else "answers" if answers else "came after"
    over = f" (overtaken since: {name(', '.join(gone))}, named in them, was deleted)" if gone else ""
    relation = f"stopped the agent and {relation}" if story.breaks_off and not story.job else relation
    which = "The request at work" if story.job else "The latest request"
    label = f"{which} {relation} these words of the agent's{over}:"
    yield quoted(GOAL, label, *steps)
    if gone and story.task.instead:
        label = "In its place, by the agent's words since [UNVERIFIED]:"
        yield quoted(GOAL, label, (MUST, "\n".join(story.task.instead)))
    if code := code_agreed_to(story):
        forms = zip(_CODE_GROWS, code, strict=False)
        yield quoted(GOAL, "Code in them [UNVERIFIED]:", *forms, kind=CODE_AGREED)


def _growth(story: Story, meant: bool, *, put: bool) -> tuple[tuple[tuple[float, int], ...], bool]:
    """Return in which orders the words that the latest request answers grow, and whether at last to all of them.

    ``meant``: it says what it means with them only; ``put``: in words of its own it says what of them counts.
    """
    latest, words = story.job or story.requests[-1], story.referent or ""
    if asks_on(latest.text.strip(), words):  # the answer that is owed goes on from them
        ways = ((SOON, 1_000),) * (len(_WAY.findall(words)) > 1)
        return ((MUST, _BEFORE_IT), *ways, (_ASKED_ON, 1_500), (4.0, 2_400)), True
    if not put and says_itself(latest.text.strip(), words):
        return ((MUST, ASIDE_CHARS), (0.5, TAKEN_UP)), False
    grows: tuple[tuple[float, int], ...] = ((MUST, ASIDE_CHARS), (0.5, 600))
    if put:
        grows = ((MUST, TAKEN_UP), (4.0, 1_500))
    elif meant:
        grows = ((MUST, TAKEN_UP), (_ANSWERED, 1_500), (0.5, 2_000), (0.9, 2_400))
    if meant and latest.bare and _HANDS_OVER.match(latest.text):  # what was made stands among the edits
        grows = ((MUST, TAKEN_UP), (0.5, 1_500))
    if meant and story.state == "answered" and latest.bare:  # what was agreed to is done
        grows = ((MUST, _CARRIED_OUT), (0.5, 1_500))
    return (*grows, (12.0, 6_000)), True


_WAY = lazily(
    r"(?m)^\W{0,6}(?:[Oo]ption|[Aa]pproach|[Aa]lternative|[Vv]ariante?|[Ss]olution|[Mm]ethod|[Ww]ay|[Mm]öglichkeit"
    r"|[Ll]ösung|[Ww]eg|[Oo]pción|[Ss]olución|[Oo]pção|[Ss]olução|[Oo]pzione|[Ss]oluzione|方案|方法) ?(?:\d|[A-H])\b"
)
"""How a line begins that lays out one of several ways: which were tried, and what is left, hangs on all of them."""


def _without_edits(story: Story) -> str:
    """Return the words that the latest request came after, of an account without what the edits tell as well."""
    words, asked = story.referent or "", story.job or story.requests[-1]
    return fewer_changes(words, asked.text, _names_edited(story)) if _asks_anew(story) else words


def _asks_anew(story: Story) -> bool:
    """Return whether the latest request asks or orders something after an account of what the edits tell as well."""
    latest = story.job or story.requests[-1]
    anew = not (latest.bare or disputes(latest.text) or names_item(latest.text))
    return anew and bool(story.changed.edits or story.changed.moves)


def _names_edited(story: Story) -> frozenset[str]:
    """Return the names of the files that were edited, and of the code in what was changed of them."""
    files = [it.path for it in story.changed.edits]
    files += [path for it in story.changed.moves for path in (it.path, it.to)]
    changes = (change for it in story.changed.edits for change in it.changes)
    lines = (line for it in changes for line in (*it.where, it.old, it.new))
    return frozenset((*map(name_of, files), *(found for line in lines for found in identifiers(line))))


def code_agreed_to(story: Story) -> tuple[str, ...]:
    """Return the code of what the latest request agrees to, shortest first: nothing was edited for it yet."""
    latest = story.latest.strip()
    if not story.referent or story.job or story.state == "answered" or story.changed.made or len(latest) > SHORT_CHARS:
        return ()
    takes = refers(latest, story.referent) and not (disputes(latest) or objects(latest) or ASKS.search(latest))
    return proposed_code(story.referent) if takes else ()


_HANDS_OVER = caseless(
    r"\W*(?:(?:please|ok(?:ay)?|now|then|and|yes|great|good|perfect)[,.! ]+)*(?:commit|push|merge|ship|release|tag"
    r"|(?:open|create|make) (?:an? |the )?(?:draft )?(?:pr|mr|pull request|merge request))\b"
)
"""How a request begins that takes what was made as it is."""

_CODE_GROWS = (MUST, -0.9, 0.3, 2.0)
"""The orders in which the code agreed to grows: a few lines of it always stand."""


def _options_taken(reply: str, text: str) -> str:
    """Return the options of ``text`` that ``reply`` takes by their labels, a line each.

    Empty where it takes all, and where one says what is to be done with what stands above it ("fix them").
    """
    taken = _taken_in(reply, text)
    if not taken or len(taken) == len(options_in(text)) or _takes_above(reply, text):
        return ""
    return "\n".join(f"{label}: {clipped(told, _OPTION_CHARS)}" for label, told in taken.items())


def _takes_above(reply: str, text: str) -> bool:
    """Return whether ``reply`` takes one option of ``text`` that only says what is to be done with the items above."""
    taken = [*_taken_in(reply, text).values()]
    return len(taken) == 1 and _OF_ABOVE.search(taken[0][:_BEGINS]) is not None


def _taken_in(reply: str, text: str) -> dict[str, str]:
    """Return the options of ``text`` that ``reply`` takes, by their labels."""
    options = options_in(text)
    return {it: options[it] for it in picked(reply, (text,)).labels}


_OF_ABOVE, _BEGINS = caseless(r"\b(?:them|these|those|everything|(?:all|the) (?:issues|findings|points))\b"), 60
_OPTION_CHARS = 260


def _first_sizes(request: Request) -> tuple[tuple[float, int], ...]:
    """Return in how many characters a request stands at first: a plan that is handed over with each of its steps."""
    plan = len(_PLANNED.findall(request.text)) >= _STEPS
    if plan:
        return (MUST, 1_200), (_PLAN, 1_900)
    return (MUST, 600), (_MORE_OF_IT, 1_200)


_PLANNED, _STEPS, _PLAN = lazily(r"(?m)^#{1,4} +\S"), 4, -0.45


def _asked_first(story: Story) -> Piece:
    """Return the first request; of one of which a commit was made, and others since, the beginning is enough."""
    first, over = story.requests[0], _first_is_done(story)
    begins = ((MUST, 420),) if len(story.requests) <= FEW_REQUESTS else ((MUST, 260), (_AFTER_FINDINGS, 420))
    begins = ((MUST, whole),) if (whole := _chars_of_words(first)) <= _FIRST_WHOLE else begins
    grows: tuple[tuple[float, int], ...] = ((0.6, 700), (0.9, 1_100))
    if len(first.text) <= _FULL and len(story.requests) <= FEW_REQUESTS:
        grows = ((_PLAN, _FULL),)
    elif _is_all_the_work(story):
        grows = ((-0.6, 1_100), (0.5, _FULL))
    sizes = ((2.0, 700), (4.0, 1_100), (8.0, 2_400)) if over else (*begins, *grows, (8.0, 2_400))
    steps = [(order, request_in(_said(first), size)) for order, size in sizes]
    if over:
        typed = "\n".join(typed_lines(first.text, listed=True)) or first.text
        begun, rules = as_one_line(typed), [*map(as_one_line, lasting(typed))]
        steps.insert(0, (MUST, with_rules(beginning_of(begun, _BEGAN_CHARS), begun, rules, _BEGAN_CHARS, _FIRST_WHOLE)))
    which = " after the compaction" if (story.told.account or story.goal) and not first.past else ""
    amid = story.told.turns and story.told.turns[0].position < 0 and story.told.turns[0].told and not which
    which = " here (the text begins amid the work)" if amid else which
    which = " here (the log begins amid the work)" if story.begins_amid and not which else which
    commit = (story.changed.of_first or _of_its_ticket(story)) if over else None
    committed = f" (a commit followed: {commit.hash or commit.subject})" if commit else ""
    return quoted(GOAL, f"The user's first request{which}{committed}:", *steps, (20.0, _said(first)), kind="request")


_FULL = 1_700
"""The first of a few requests is told whole up to so many characters: nobody knows where in it the rules stand."""


def _is_all_the_work(story: Story) -> bool:
    """Return whether what came after the first request only lets that go on."""
    return story.state == "nothing" and all(it.bare or AGREED.match(it.text) for it in story.requests[1:])


def _chars_of_words(request: Request) -> int:
    """Return in how many characters all that was typed of a request stands, with a little of what was pasted."""
    typed = sum(len(it) + 1 for it in typed_lines(request.text, listed=True))
    return len(_said(request)) if len(request.text) <= _FIRST_WHOLE else typed + _PASTED


def _first_is_done(story: Story) -> bool:
    """Return whether a commit was made for the first request and others came since: it is no goal any more.

    What chooses, corrects or binds is of the request before it.
    """
    first = story.requests[0]
    if first is story.part_of or (story.changed.of_first or _of_its_ticket(story)) is None:
        return False
    listed = len(_STEP_LINE.findall(first.text)) >= _STEPS_LISTED
    if listed and any(it.status != "completed" for it in story.left.todos):
        return False
    others = (it for it in story.requests[1:] if not (it.bare or it.meant or it.rule or objects(it.text)))
    return len(list(islice(others, _OTHERS))) == _OTHERS  # of many requests no more are looked at


def _of_its_ticket(story: Story) -> Made | None:
    """Return the last commit that names the ticket of the first request, where the work at hand is of another."""
    tickets = set(_TICKET.findall(story.requests[0].text[:_TICKET_CHARS]))
    commits = story.changed.commits
    at_hand = f"{story.task.branch} {commits[0].subject if commits else ''}"
    moved_on = tickets and not any(it.lstrip("#") in at_hand for it in tickets) and _NUMBER.search(at_hand)
    return next((it for it in commits if tickets.intersection(_TICKET.findall(it.subject))), None) if moved_on else None


_TICKET, _NUMBER, _TICKET_CHARS = lazily(r"\b[A-Z][A-Z0-9]{1,9}-\d{1,6}\b|#\d{1,6}\b"), lazily(r"\d{2}"), 300

_STEP_LINE, _STEPS_LISTED = lazily(r"(?m)^[^\S\n]*\d{1,2}[.)] +\S"), 3
"""Of a request in so many numbered steps a commit makes one; the others are the goal while to-dos are open."""

_OTHERS = 2
"""With so many other requests since, a first one that was committed is no goal any more, but where the work began."""

_BEGAN_CHARS, _ITEM_CHARS, _CARRIED_OUT, _BEFORE_IT, _WORK, _ALL_OF_WORK = 200, 120, 400, 440, 0.6, -0.8


def _said(request: Request) -> str:
    text = f"{request.text} [{request.times} times]" if request.times > 1 else request.text
    return by_whom(request, f"{text} (it calls for: {request.calls_for})" if request.calls_for else text)


_ERROR_CHARS, _LIMIT_CHARS, _LIMITS_TOLD = 200, 120, 4
_END_CHARS, _FIRST_WHOLE, _PASTED = 300, 900, 200
"""Up to so many characters a first request stands whole at once: of the half that is cut its aim may be."""
_AFTER_FINDINGS = -0.7
_CLOSED = 4.0
"""When is told what closed work was for that a commit or pull request tells as it came out."""
_ANSWERED, _MORE_OF_IT, _ASKED_ON, _ACCOUNT = -0.95, -0.93, -0.88, -0.62
"""The order of all that the latest request answers: what it takes up always stands; of more of the request; of more of
what a question goes on from; and of what an account says that the work is for, beside the first request: that of its
points, none of which tells it again."""
