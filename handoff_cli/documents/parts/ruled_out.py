"""The part that tells what need not be tried again: what was turned down, tried, supposed, or does not work here."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.text import name
from handoff_cli.documents.extract.commands.checks import is_check, is_program
from handoff_cli.documents.extract.commands.outputs import is_place
from handoff_cli.documents.extract.commands.told_commands import told_apart
from handoff_cli.documents.extract.failed import ASTRAY, MEANT
from handoff_cli.documents.extract.files.changes import change_line
from handoff_cli.documents.extract.language.words import (
    as_one_line,
    clipped,
    start_of,
)
from handoff_cli.documents.extract.runs.stumbles import OFTEN
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.failing import by_agent, error_of, failing_commands, said_in
from handoff_cli.documents.parts.pieces import MUST, RULED_OUT, SOON, Piece, file_name, quoted
from handoff_cli.documents.parts.users_word import early, laid_out, put_off, refused, refuted
from handoff_cli.documents.parts.verify import OF_HOOK
from handoff_cli.documents.parts.wording import COMMAND_CHARS, whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.failed import Attempt, Escalated
    from handoff_cli.documents.extract.story import Story

_LAST_FAILED, _RULED_OUT_SHOWN = 3, 3


def ruled_out(story: Story) -> Iterator[Piece]:
    """Yield what the user turned down, what was tried, what was supposed and is not so, and what does not work here."""
    yield from refused(story)
    yield from laid_out(story)
    yield from _turned_down(story)
    for index, ran in enumerate(story.dead_ends.escalated):
        order = MUST if index < _ESCALATED_SHOWN and ran.within else 0.5 + index
        label = "Needs leave to run outside of the sandbox (the user is asked):"
        yield quoted(RULED_OUT, label, (order, _outside(ran)), kind="command outside of the sandbox")
    yield from refuted(story)
    yield from _replaced(story)
    for index, line in enumerate(story.minutes.noted_attempts):
        order = SOON if index < _RULED_OUT_SHOWN else 0.3 + index
        yield quoted(RULED_OUT, "Tried, by the text [UNVERIFIED]:", (order, line), kind="attempt")
    by = f"by {whose(story).lower()} words [UNVERIFIED]:"
    for index, line in enumerate(story.dead_ends.fell_short):
        yield quoted(RULED_OUT, f"Did not do it, {by}", (SOON + index if index else MUST, line), kind="attempt")
    for index, line in enumerate(story.dead_ends.void):
        label = "Set or claimed [UNVERIFIED] → the error was there after it:"
        yield quoted(RULED_OUT, label, (SOON + index / 10 if index else MUST, line), kind="attempt")
    for index, line in enumerate(story.dead_ends.ruled_out):
        order = _NOT_SO + index / 1_000 if index < _RULED_OUT_SHOWN or story.nameless else 0.3 + index
        yield quoted(RULED_OUT, f"Ruled out, {by}", (order, line), kind="supposition")
    for index, it in enumerate(it for it in story.dead_ends.lessons if it.instead):
        line = f"{start_of(it.command, 50)}: {said_in(it.why, 90)} → {start_of(it.instead, 160)}"
        label = "Does not work here → what did instead:"
        order = 1.0 + index if index or _is_among_last(story, it.command) else early(story)
        yield quoted(RULED_OUT, label, (order, line), kind="failing command")
    plan = story.left.at_plan
    for index, line in enumerate(plan.ruled_out if plan else ()):
        label = f"Left out on purpose, by the {'approved ' * plan.approved}plan:" if plan else ""
        order = _NOT_SO + index / 1_000 if index < _RULED_OUT_SHOWN else SOON + index / 1_000
        yield quoted(RULED_OUT, label, (order, clipped(line, _LEFT_OUT)), (5.0 + index, line), kind="supposition")
    yield from put_off(story)
    yield from _failed_before(story)


_LEFT_OUT = 110


def _turned_down(story: Story) -> Iterator[Piece]:
    """Yield the calls that a tool turned down, and below them what it orders: of many that order the same once."""
    label, calls = "Does not work here, by a tool's refusal:", [it for it in story.dead_ends.lessons if not it.instead]
    for it in calls:
        line = f"{clipped(it.command, 90)}: {clipped(it.why, 160)}"
        yield quoted(RULED_OUT, label, (MUST, line), kind="refused call")
    for orders in dict.fromkeys(it.orders for it in calls if it.orders and it.orders not in it.why):
        yield quoted(RULED_OUT, label, (MUST, f"  It orders: {clipped(orders, _ORDERED)}"), kind="order of a refusal")


_ORDERED = 420
_NOT_SO = -0.885
"""The order of what was ruled out: with what came of the requests."""


def _is_among_last(story: Story, command: str) -> bool:
    """Return whether the last steps tell that ``command`` failed, and so what was run instead."""
    begins = f"ran {as_one_line(command)[:_BEGINS_CHARS]}"
    return any(it.startswith(begins) and ": failed" in it for it in story.runs.happened)


_BEGINS_CHARS = 30


def _outside(it: Escalated) -> str:
    """Return what ran outside of the sandbox, why, and what it said within."""
    why = f"in the sandbox it failed: {it.within}" if it.within else f"asked: {it.reason}" if it.reason else ""
    ended = {"ok": "outside it passed", "failed": "outside it failed too"}.get(it.outcome or "", "outside: no result")
    return "; ".join(filter(None, (start_of(it.command, _OUTSIDE_CHARS), why, ended)))


_ESCALATED_SHOWN, _OUTSIDE_CHARS = 2, 120


def _replaced(story: Story) -> Iterator[Piece]:
    now = story.runs.failures[0].position if story.runs.failures else 0
    live = {f"{it.name}: {it.why}" for it in story.runs.failures if it.position == now}  # what is open is not ruled out
    known = {it.cause for it in story.runs.repaired}
    at_work = story.part_of or story.amid or (story.requests[-1] if story.requests else None)
    since = at_work.position if at_work else 0
    for index, it in enumerate(it for it in story.dead_ends.tried if it.why not in live):
        place = f"{file_name(it.path)}: {f'{name(it.where)}: ' if it.where else ''}"
        why = _of_request(story, it.why) or f"{said_in(it.why, 150)}{by_agent('' if it.cause in known else it.cause)}"
        what = it.what.partition(_ESCAPED)[0]
        line = f"{place}{clipped(what, 90)} → {why}{f' → {clipped(it.instead, 110)}' * bool(it.instead)}"
        order = (index or MUST) if it.position >= since or not it.instead else index + _OF_EARLIER
        label = "Tried, what failed on it, what came then:" if it.instead else "Made and taken back, why or by what:"
        yield quoted(RULED_OUT, label, (order, line), kind="attempt")
    for index, file in enumerate(story.dead_ends.turned_back[:4]):
        line = f"{file_name(file.path)}: {clipped(change_line(file.changes[0]), 200)}"
        yield quoted(RULED_OUT, "Tried and turned back:", (1.0 + index, line))


def _of_request(story: Story, why: str) -> str:
    """Return which request has the user's words that are the reason ``why``: the story has them whole."""
    words = why.removeprefix(_BY_USER).rstrip("…")
    number = next((it.number for it in story.requests if words and as_one_line(it.text).startswith(words)), 0)
    return f"request {number}" if number and words != why else ""


_BY_USER, _ESCAPED = "the user: ", "\\n"
_OF_EARLIER = 0.5
"""When is told what was tried for an earlier request, which the story has."""


def _failed_before(story: Story) -> Iterator[Piece]:
    """Yield commands that failed before the latest request, then by name those by which nothing is known to be open."""
    got_past = {it.command for it in story.dead_ends.lessons}
    last = {it.command for it in story.dead_ends.lessons if it.instead and _is_among_last(story, it.command)}
    others = [it for it in failing_commands(story) if it.command not in got_past or it.command in last]
    for index, attempt in enumerate(it for it in others if not (it.minor or it.late or it.command in last)):
        order = early(story) if not index else SOON + index / 10 if index < _LAST_FAILED else 4.0 + index
        forms = ((order, _tried(attempt, 70, 90)), (10.0 + index, _tried(attempt, COMMAND_CHARS, 200)))
        label = (
            "Tried several times alike:"
            if attempt.failed >= OFTEN
            else "Commands that ended in an error, latest first:"
        )
        yield quoted(RULED_OUT, label, *forms, kind="failing command")
    slips: dict[str, Attempt] = {}
    for it in sorted((it for it in others if it.minor or it.command in last), key=lambda it: -it.position):
        slips.setdefault(told_apart(it.command), it)
    shown = [*slips.items()][:_SLIPS_SHOWN]
    if shown:
        short = [(it, code(command) if _is_over(it) else _slip(command, it, _SLIP_WHY)) for command, it in shown]
        fuller = [(it, _slip(start_of(it.command, COMMAND_CHARS), it, 2 * _SLIP_WHY)) for _, it in shown]
        yield Piece(RULED_OUT, "", tuple(map(_slips, (short, fuller))), (early(story), 6.0), quoted=False)


def _is_over(attempt: Attempt) -> bool:
    """Return whether a command that failed says nothing of how to go on: it passed since, or was run elsewhere."""
    return bool(attempt.reason) or _passed(attempt)


def _passed(attempt: Attempt) -> bool:
    return attempt.overcome and is_check(attempt.command)


def _slips(told: list[tuple[Attempt, str]]) -> str:
    """Return what ended in an error in a line: checks of which nothing is open, what went through later, all else."""
    by_lead: dict[str, list[str]] = {lead: [] for lead in _LEADS.values()}
    for attempt, slip in told:
        how = "passed" if _passed(attempt) else "through" * (attempt.overcome and not is_program(attempt.command))
        how = "hook" if OF_HOOK.search(attempt.command) else how  # nobody tried it
        by_lead[_LEADS[attempt.reason or how]].append(slip)
    return " ".join(f"{lead}: {'; '.join(slips)}." for lead, slips in by_lead.items() if slips)


_LEADS = {
    "passed": "Failed before it passed",
    "through": "Failed, got past since",
    "": "Ended in an error besides",
    "hook": "Failed as the agent ran it as a hook",
    MEANT: "Red before the code was written, as meant",
    ASTRAY: "Run from the wrong folder",
}


def _slip(command: str, attempt: Attempt, size: int) -> str:
    """Return a command with the first of what its error said, in about ``size`` characters, where it tells anything."""
    error = "" if attempt.reason else attempt.error
    lines = [_FOLDERS.sub("", it) for it in (error or "").split(" | ")]
    lines = lines[1:] if lines[0].startswith("--- FAIL: ") and is_place("".join(lines[1:2])) else lines  # where and why
    said = next((it for it in lines if it.strip() and not _SAYS_NOTHING.match(it)), "").removeprefix("--- FAIL: ")
    size = max(size, len(said.partition(" ")[0]) + 1)  # the name of a test is not cut
    return f"{code(command)}{f': {code(clipped(said, size))}' if said else ''}"


_SLIP_WHY = 48
_SAYS_NOTHING = caseless(
    r"(?:exit(?:ed with)? (?:code|status) \d+|error|fail(?:ed|ures)?|fail\s+\S+)[.:]?\s*$|[^:]{0,40}:\s*$"
    r"|# [\w./-]+(?: \[[\w./-]+\])?$|package [\w./-]+$|\s*imports \S+ from \S+$"
)
_FOLDERS = lazily(r"(?<![\w.])/(?:[\w.@+-]+/){2,}(?=[\w.@+-])")

_SLIPS_SHOWN = 3


def _tried(attempt: Attempt, size: int, why: int) -> str:
    """Return a command in about ``size`` characters, and its error."""
    told = error_of(attempt, why)
    return f"{start_of(attempt.command, size)}{f': {told}' if told else ''}"
