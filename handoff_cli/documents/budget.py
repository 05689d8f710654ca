"""Fitting a handoff to its budget: facts are ranked, taken in that order while they fit, and never cut within.

What is long is not one fact but several: a request counts as its beginning, then more of it, then all of it. So no
request is lost to another's length, and what a budget cost is known to the character.
"""

from __future__ import annotations

import re

from handoff_cli.core.record import Record
from handoff_cli.documents.commands import LINE_BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from handoff_cli.documents.facts import Attempt, Request, Story

BEGINNINGS = (100, 240, 700, 2_000)
"""Characters of a request that are taken at a time."""

SHORT_BEGINNINGS = (50, *BEGINNINGS)
"""The same where there are many requests, so that none is lost."""

_MANY_REQUESTS = 30
_WORTH_A_CUT = 0.6  # saying how much is missing costs tokens too
_CORE_RANK = 8.0

_WORD_END = re.compile(r"\s\S*\Z")
_WORDS = re.compile(r"\w{3,}")
_ENTRY_TOKENS = 5
_LAST_WORDS = (300, 800)


class _Step(Record):
    """One thing that can be taken: ``size`` characters of entry ``index`` of a list, of rank ``rank`` (0 is first).

    ``cost`` counts tokens beyond what the step before it of the same entry costs.
    """

    rank: float
    kind: str
    index: int
    size: int
    cost: int


class Taken(Record):
    """What fits: the ``story`` cut down, what of it was ``left_out`` and how many, and the ``tokens`` still free."""

    story: Story
    left_out: tuple[str, ...] = ()
    tokens: int = 0


def take(story: Story, tokens: int, cost_of: Callable[[str], int], coming: str | None = None) -> Taken:
    """Return as much of ``story`` as costs at most about ``tokens``, by rank.

    Files are left as they are: their form is chosen where they are written.

    Args:
        story: What there is to say.
        tokens: The budget for it.
        cost_of: Returns the tokens of a text.
        coming: The next task: facts that share words with it go before others of their kind.
    """
    relevant = _relevance(coming)
    sizes: dict[tuple[str, int], int] = {}
    stopped: set[tuple[str, int]] = set()
    for step in sorted(_steps(story, cost_of, relevant), key=lambda step: step.rank):
        entry = (step.kind, step.index)
        if entry in stopped or step.cost > tokens:
            # Its later steps only make sense after this one; cheaper facts of lower rank may still fit.
            stopped.add(entry)
            continue
        tokens -= step.cost
        sizes[entry] = step.size
    return _cut(story, sizes).replace(tokens=max(0, tokens))


def core_cost(story: Story, cost_of: Callable[[str], int]) -> int:
    """Return the tokens of what of ``story`` must not be missing: beginnings of requests, failures, checks ..."""
    return sum(step.cost for step in _steps(story, cost_of, _relevance(None)) if step.rank < _CORE_RANK)


def beginning(text: str, size: int) -> str:
    """Return at most ``size`` characters of ``text``, ending with a word."""
    if len(text) <= size:
        return text
    return _WORD_END.sub("", text[:size]).rstrip() or text[:size]


def _steps(story: Story, cost_of: Callable[[str], int], relevant: Callable[[str], float]) -> Iterator[_Step]:
    for kind, index, texts, rank, later in _entries(story):
        before, bonus = 0, relevant(texts[-1])
        for level, text in enumerate(texts):
            cost = cost_of(text) + _ENTRY_TOKENS
            # Of one rank, lists are taken in their order and requests the latest first.
            place = min(len(story.requests) - index if kind == "requests" else index, 999) / 10_000
            yield _Step(
                (rank if level == 0 else later[level - 1]) + place - bonus, kind, index, len(text), cost - before
            )
            before = cost


def _entries(story: Story) -> Iterator[tuple[str, int, list[str], float, tuple[float, ...]]]:
    """Yield (list, index, the entry in growing parts, rank of the first part, ranks of the further ones)."""
    last = len(story.requests) - 1
    beginnings = BEGINNINGS if len(story.requests) <= _MANY_REQUESTS else SHORT_BEGINNINGS
    for index, request in enumerate(story.requests):
        ends = index in (0, last)
        sizes = [size for size in beginnings if size < len(request.text) * _WORTH_A_CUT]
        texts = [beginning(request.text, size) for size in sizes] + [request.text]
        later: tuple[float, ...] = (2.0, 7.0, 9.0, 14.0) if ends else (8.0 if request.rule else 8.5, 10.0, 13.0, 15.0)
        later = later if beginnings is BEGINNINGS else (0.5 if ends else 4.9, *later)
        yield "requests", index, texts, 0.0 if ends else 4.0 if request.rule else 4.5, later
    for index, attempt in enumerate(story.failing):
        errors = (attempt.error or "").split(LINE_BREAK)
        texts = [f"{attempt.command} {LINE_BREAK.join(errors[:many])}" for many in sorted({1, len(errors)})]
        yield "failing", index, texts, 2.5 if index < _MANY else 4.8, (10.5,)
    for index, todo in enumerate(story.todos):
        yield "todos", index, [todo.text], 1.5 if todo.status != "completed" else 8.4, ()
    for index, check in enumerate(story.checks):
        yield "checks", index, [check.command], 4.2 if index < _LAST_CHECKS else 8.6 if index < _MANY else 12.8, ()
    for index, commit in enumerate(story.commits):
        yield "commits", index, [f"{commit.hash} {commit.subject}"], 3.5 if index < 2 * _MANY else 9.7, ()
    if story.question:
        yield "question", 0, [story.question], 3.0, ()
    if story.last_words:
        sizes = [size for size in _LAST_WORDS if size < len(story.last_words)]
        texts = [beginning(story.last_words, size) for size in sizes] or [story.last_words]
        yield "last_words", 0, texts, 6.0, (12.0,)
    for index, decision in enumerate(story.decisions):
        yield "decisions", index, [decision], 11.5, ()
    for index, name in enumerate(story.variables):
        yield "variables", index, [name], 12.5, ()


_MANY = 8
_LAST_CHECKS = 6
_NAMES = {
    "failing": "failing command",
    "todos": "to-do",
    "checks": "check",
    "commits": "commit",
    "decisions": "decision",
    "variables": "variable",
    "question": "open question",
    "last_words": "last words of the agent",
}


def _cut(story: Story, sizes: dict[tuple[str, int], int]) -> Taken:
    changes: dict[str, Any] = {}
    left_out: list[str] = []
    requests = [_shortened(it, sizes.get(("requests", index), 0)) for index, it in enumerate(story.requests)]
    changes["requests"] = tuple(it for it in requests if it.text)
    missing, parts = sum(not it.text for it in requests), sum(bool(it.text and it.left_out) for it in requests)
    left_out += [f"{counted(missing, 'request')}"] * bool(missing)
    left_out += [f"parts of {counted(parts, 'request')}"] * bool(parts)
    for kind, name in _NAMES.items():
        entries = getattr(story, kind)
        if kind == "failing":
            entries = tuple(_brief(it, sizes.get((kind, index), 0)) for index, it in enumerate(entries))
        if isinstance(entries, tuple):
            kept = tuple(entry for index, entry in enumerate(entries) if (kind, index) in sizes)
            changes[kind] = kept
            left_out += [counted(len(entries) - len(kept), name)] * (len(kept) < len(entries))
        elif entries:
            size = sizes.get((kind, 0), 0)
            changes[kind] = beginning(entries, size) if size else None
            left_out += [f"{'part of ' if size else ''}the {name}"] * (size < len(entries))
    return Taken(story.replace(**changes), tuple(left_out))


def _shortened(request: Request, size: int) -> Request:
    text = beginning(request.text, size) if size else ""
    return request.replace(text=text, left_out=len(request.text) - len(text))


def _brief(attempt: Attempt, size: int) -> Attempt:
    whole = len(f"{attempt.command} {attempt.error or ''}")
    return attempt if size >= whole else attempt.replace(error=(attempt.error or "").split(LINE_BREAK)[0] or None)


def _relevance(coming: str | None) -> Callable[[str], float]:
    """Return a function from a text to the ranks it gains by sharing words with the task ``coming``."""
    wanted = set(_WORDS.findall((coming or "").lower()))
    if not wanted:
        return lambda _: 0.0
    return lambda text: 6.0 * len(wanted.intersection(_WORDS.findall(text.lower()))) / len(wanted)


def counted(number: int, name: str) -> str:
    """Return ``number`` and ``name``, in the plural where it is one."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"
