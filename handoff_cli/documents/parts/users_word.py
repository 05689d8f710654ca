"""The parts that tell what the user turned down, what was put off, and what did not do or fails by the user's word."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.shortened import brief
from handoff_cli.documents.extract.language.words import as_one_line, clipped, clipped_within
from handoff_cli.documents.extract.requests.narrowing import only_limits
from handoff_cli.documents.extract.requests.refused import A_PLAN
from handoff_cli.documents.parts.asked import refused_with, standing_whole, surely_shown
from handoff_cli.documents.parts.pieces import FAILURES, FINDINGS, GOAL, MUST, RULED_OUT, SOON, Piece, quoted
from handoff_cli.documents.parts.wording import whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.failed import Refused
    from handoff_cli.documents.extract.story import Story


def reported(story: Story) -> Iterator[Piece]:
    """Yield the last failure that the user reported, while nothing said since that it works."""
    last = next((it for it in story.dead_ends.refuted if it.live), None)
    if last:
        since = "files were edited since" if last.edited else "not seen mended"
        yield quoted(
            FAILURES, f"Reported by the user, {since}:", (MUST, last.error or last.words), kind="reported failure"
        )


def refuted(story: Story) -> Iterator[Piece]:
    """Yield what was made or told and did not do by the user's word, the latest first."""
    latest = story.requests[-1].position if story.requests else None
    for index, it in enumerate(it for it in story.dead_ends.refuted if it.what):
        words = "the latest request" if it.position == latest else f"“{it.words}”"
        yield quoted(RULED_OUT, _FAILED, (index or MUST, f"{it.what} → {words}"), kind="attempt")


_FAILED = "Tried, failed by the user's word:"


def tells_how(story: Story) -> bool:
    """Return whether the latest request tells how to go on, by a rule or by a limit, and no other work."""
    latest = story.requests[-1]
    line = as_one_line(latest.text)
    noes = (it.words[:_SAME_CHARS] for it in story.dead_ends.refused if not it.proposed)
    return latest.rule or only_limits(latest) or any(no and line.startswith(no) for no in noes)


_SAME_CHARS = 40


def refused(story: Story) -> Iterator[Piece]:
    """Yield what the user did not let run or stopped, then what was proposed and turned down, each with their words.

    An edit that the same words turned down as its proposal is told by that, and the latest request stands elsewhere.
    """
    proposals = [it for it in story.dead_ends.refused if it.proposed]
    noes = {it.words for it in proposals}
    calls = [
        it for it in story.dead_ends.refused if not it.proposed and not (it.words in noes and _AN_EDIT.match(it.what))
    ]
    beside = frozenset(refused_with(story).values())
    calls = [it for it in calls if it not in beside]  # it stands with the request
    calls = [it for it in calls if it.words or it.what != A_PLAN]
    for index, no in enumerate(calls):
        order = early(story) if index < _SHOWN and not (no.stopped and not no.words) else 1.0 + index
        how = "Stopped" if no.stopped else "Turned down"
        label = f"{how} by the user{' → what they said next' if no.words else ''}:"
        sizes, asked = ((order, 120, 160), (2.0 + index, 240, 400)), _requests_with(no, story)
        forms = [(at, _turned_down(no, size, said, asked)) for at, size, said in sizes]
        if any(asked):  # the story has the words
            forms[0] = (order, f"{clipped_within(no.what, 70)} → {_named(asked[0], no, story)}")
        yield quoted(RULED_OUT, label, *forms, kind="refused call")
    told = proposals_told(story)
    for index, no in enumerate(proposals):
        asked = _requests_with(no, story)
        fuller = _turned_down(no, len(no.what), 400, asked)
        short = f"{no.what} → {_named(asked[0], no, story)}" if any(asked) else fuller
        forms = [(SOON if no in told else float(index), short), (3.0 + index, fuller)]
        yield quoted(RULED_OUT, "Proposed or made [UNVERIFIED] → the user's no:", *forms, kind="proposal")


def laid_out(story: Story) -> Iterator[Piece]:
    """Yield what the user said of items and designs that the agent laid out, what was taken among the findings.

    A design that the request at work takes stands with that: the request names it by a letter.
    """
    at_work = [as_one_line(it.text)[:_FEW_WORDS] for it in (story.part_of, *story.requests[-1:]) if it]
    shown = dict.fromkeys(_SAID_OF, 0)
    for it in story.dead_ends.verdicts:
        now = it.how == "taken" and it.words[:_FEW_WORDS] in at_work
        order = MUST if now else (SOON if it.how == "taken" else 0.0) + 0.2 * shown[it.how]
        shown[it.how] += 1
        forms = ((order, clipped(it.what, _BRIEF_ITEM)), (_AT_WORK if now else 2.0 + shown[it.how], it.what))
        told = [(at, f"{what} → “{clipped(it.words, _FEW_WORDS)}”") for at, what in forms]
        part = GOAL if now else FINDINGS if it.how == "taken" else RULED_OUT
        yield quoted(part, _SAID_OF[it.how], *told, kind="proposal")


_BRIEF_ITEM, _AT_WORK = 240, -0.8
"""So much of an item stands at first, and when all of the one that is to be done now does."""

_SAID_OF = {
    "taken": "Chosen by the user of what the agent laid out:",
    "not taken": "Laid out and not chosen:",
    "left alone": "To be left alone, by the user's word:",
    "later": "For later, by the user's word:",
}


_AN_EDIT = caseless(r"\w*(?:edit|write|patch|replace)\w* \S+: ")


def proposals_told(story: Story) -> tuple[Refused, ...]:
    """Return the proposals that were turned down of which a document tells early: the story has not to."""
    return tuple(it for it in story.dead_ends.refused if it.proposed)[:_PROPOSALS_TOLD]


_PROPOSALS_TOLD, _FEW_WORDS = 3, 48
_LATEST_ALONE = (0,)


def _requests_with(no: Refused, story: Story) -> tuple[int, ...]:
    """Return the numbers of the requests that begin with the words of a ``no``; where the latest alone does, 0."""
    found = [it for it in story.requests if no.words and as_one_line(it.text).startswith(no.words)]
    return _LATEST_ALONE if found and found[0] is story.requests[-1] else tuple(it.number for it in found)


def _named(number: int, no: Refused, story: Story) -> str:
    """Return which request says ``no``, with the beginning of its words where the story does not have them whole."""
    words = "" if number in standing_whole(story.requests) else f", “{clipped(no.words, _FEW_WORDS)}”"
    return f"request {number}{words}"


def _turned_down(no: Refused, size: int, said: int, asked: tuple[int, ...]) -> str:
    words = (
        f" → “{brief(no.words, said) if len(no.words) < _LONG_WORDS else clipped(no.words, said)}”" if no.words else ""
    )
    words = " → the latest request" if asked == _LATEST_ALONE else words
    return f"{clipped_within(no.what, size)}{words}"


_LONG_WORDS = 600


def early(story: Story) -> float:
    """Return when the first of what did not work is told: in a long session with what came of the requests."""
    return _EARLY if story.goal or len(story.requests) > _LONG_SESSION else MUST


_LONG_SESSION, _EARLY, _SHOWN = 20, -0.89, 3


def put_off(story: Story) -> Iterator[Piece]:
    """Yield what the user put off, where the story has not the whole request, then what the agent did by its words."""
    by_user = story.dead_ends.put_off_by_user
    meant = {it.number: it.meant for it in story.requests}
    told_shortly = [
        it
        for it in by_user
        if not surely_shown(story.requests, it.number, it.words) or (it.means and not meant.get(it.number))
    ]
    for index, it in enumerate(told_shortly):
        order = _PUT_OFF + index / 1_000 if index < _SURELY_SHOWN else 0.3 + index
        told = f"request {it.number}: {it.words}{f' ({it.means})' * bool(it.means)}"
        yield quoted(FINDINGS, "Put off by the user:", (order, told), kind="matter put off")
    for index, told in enumerate(story.dead_ends.put_off):
        yield quoted(
            FINDINGS,
            f"Put off, by {whose(story).lower()} words [UNVERIFIED]:",
            (index or SOON, told),
            kind="matter put off",
        )


_PUT_OFF, _SURELY_SHOWN = -0.885, 3
"""The order of what the user put off: with what came of the requests; so much of it is told there."""
