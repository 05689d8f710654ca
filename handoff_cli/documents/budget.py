"""Fitting a handoff to its budget: facts are ranked, taken in that order while they fit, and never cut within.

What is long is not one fact but several: a request counts as its beginning, then more of it, then all of it. So no
request is lost to another's length, and what a budget cost is known to the character.
"""

from __future__ import annotations

import re

from handoff_cli.core.record import Record
from handoff_cli.core.text import shorten
from handoff_cli.documents.commands import LINE_BREAK, is_check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from handoff_cli.documents.facts import Attempt, Request, Story

    _Entry = tuple[str, int, list[str], tuple[float, ...]]
    """A list's name, an entry's place in it, the entry in growing parts, and the rank of each part."""

_BEGINNINGS = (112, 250, 700, 2_000)
"""Characters of a request that are taken at a time."""

LADDERS = (_BEGINNINGS, *((shortest, *_BEGINNINGS) for shortest in (84, 70, 58, 46)))
"""The same, for more and more requests: the first whose shortest beginnings fit is used, so that none is lost."""

_WHOLE = 0
_SHORTEST = -1
_ENDS_RANKS = {_SHORTEST: 0.0, 112: 0.5, 250: 0.6, 700: 7.0, 2_000: 9.0, _WHOLE: 14.0}
_RULE_RANKS = {_SHORTEST: 4.3, 112: 5.2, 250: 8.0, 700: 10.0, 2_000: 13.0, _WHOLE: 15.0}
_OTHER_RANKS = {**_RULE_RANKS, _SHORTEST: 4.5, 112: 5.3, 250: 8.5}
"""The rank of each beginning: of the first and the latest request, of rules and corrections, of the others."""

COMMAND_CHARS, SHORT_COMMAND_CHARS = 300, 120
"""Characters of a command that are shown, and where there is much to say."""

CORE, BARE = 8.0, 5.0
"""Ranks below which stands what must not be missing, and what must not be missing even from the fullest session."""

_WORTH_A_CUT = 0.8  # saying that something is missing costs tokens too
_MAX_WORD_LOST_CHARS = 8

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
    fitting = (ladder for ladder in LADDERS if cost_below(BARE, story, cost_of, ladder) <= tokens)
    beginnings = next(fitting, LADDERS[-1])
    sizes: dict[tuple[str, int], int] = {}
    stopped: set[tuple[str, int]] = set()
    for step in sorted(_steps(story, cost_of, relevant, beginnings), key=lambda step: step.rank):
        entry = (step.kind, step.index)
        if entry in stopped or step.cost > tokens:
            # Its later steps only make sense after this one; cheaper facts of lower rank may still fit.
            stopped.add(entry)
            continue
        tokens -= step.cost
        sizes[entry] = step.size
    return _cut(story, sizes).replace(tokens=max(0, tokens))


def cost_below(rank: float, story: Story, cost_of: Callable[[str], int], beginnings: tuple[int, ...]) -> int:
    """Return the tokens of what of ``story`` ranks before ``rank``, with requests taken in ``beginnings``."""
    return sum(step.cost for step in _steps(story, cost_of, _relevance(None), beginnings) if step.rank < rank)


def beginning(text: str, size: int) -> str:
    """Return at most ``size`` characters of ``text``, ending with a word unless that is long."""
    if len(text) <= size:
        return text
    words = _WORD_END.sub("", text[:size]).rstrip()
    return words if size - len(words) <= _MAX_WORD_LOST_CHARS else text[:size].rstrip()


def _steps(
    story: Story, cost_of: Callable[[str], int], relevant: Callable[[str], float], beginnings: tuple[int, ...]
) -> Iterator[_Step]:
    for kind, index, texts, ranks in _entries(story, beginnings):
        before, bonus = 0, relevant(texts[-1])
        # Of one rank, lists are taken in their order and requests the latest first.
        place = min(len(story.requests) - index if kind == "requests" else index, 999) / 10_000
        for text, rank in zip(texts, ranks, strict=False):
            cost = cost_of(text) + _ENTRY_TOKENS
            yield _Step(rank + place - bonus, kind, index, len(text), cost - before)
            before = cost


def _entries(story: Story, beginnings: tuple[int, ...]) -> Iterator[_Entry]:
    """Yield what there is to take: each list of the story, its entries with their parts and ranks."""
    for index, request in enumerate(story.requests):
        yield _request(index, request, len(story.requests) - 1, beginnings)
    for index, attempt in enumerate(story.failing):
        forms = [f"{it.command} {it.error or ''}" for it in _forms(attempt)]
        with_error = 4.6 if index < _SHOWN_ERRORS else 5.4 if index < _MANY else 5.6
        yield (
            "failing",
            index,
            forms,
            (2.5 if index < _MANY else 4.9 if is_check(attempt.command) else 5.15, with_error, 10.5),
        )
    for kind, (text_of, rank_of) in _PLAIN_LISTS.items():
        for index, item in enumerate(getattr(story, kind)):
            yield kind, index, [text_of(item)], (rank_of(index, item),)
    if story.question:
        yield "question", 0, [story.question], (3.0,)
    if story.last_words:
        sizes = [size for size in _LAST_WORDS if size < len(story.last_words)]
        texts = [beginning(story.last_words, size) for size in sizes] + [story.last_words]
        yield "last_words", 0, texts, (6.0, 12.0, 14.5)


def _request(index: int, request: Request, last: int, beginnings: tuple[int, ...]) -> _Entry:
    """Return a request in growing parts: the first and the latest go before rules, those before the others."""
    ends = index in (0, last)
    by_size = _ENDS_RANKS if ends else _RULE_RANKS if request.rule else _OTHER_RANKS
    sizes = [size for size in beginnings if size < len(request.text) * _WORTH_A_CUT]
    steps = [*beginnings, _WHOLE][: len(sizes) + 1]
    # The shortest beginning ranks first, whatever its length: without it the request would be lost.
    ranks = (by_size[_SHORTEST], *(by_size[size] for size in steps[1:]))
    return "requests", index, [beginning(request.text, size) for size in sizes] + [request.text], ranks


def _forms(attempt: Attempt) -> list[Attempt]:
    """Return a failed command in growing forms: by itself, with the first telling line of its error, with all."""
    errors = (attempt.error or "").split(LINE_BREAK)
    first = attempt.replace(command=shorten(attempt.command, SHORT_COMMAND_CHARS), error=None)
    command = shorten(attempt.command, COMMAND_CHARS)
    forms = [first, attempt.replace(command=command, error=errors[0] or None), attempt.replace(command=command)]
    return [form for index, form in enumerate(forms) if form not in forms[:index]]


_MANY = 8
_SHOWN_ERRORS = 3
_LAST_CHECKS = 6
_PLAIN_LISTS: dict[str, tuple[Callable[[Any], str], Callable[[int, Any], float]]] = {
    "todos": (lambda todo: todo.text, lambda _, todo: 8.4 if todo.status == "completed" else 1.5),
    "commits": (lambda it: f"{it.hash} {it.subject}", lambda index, _: 3.5 if index < 2 * _MANY else 9.7),
    "checks": (
        lambda check: shorten(check.command, COMMAND_CHARS),
        lambda index, _: 4.2 if index < _LAST_CHECKS else 8.6 if index < _MANY else 12.8,
    ),
    "answers": (lambda it: f"{it.question} {it.answer}", lambda index, _: 5.0 if index < _MANY else 9.6),
    "decisions": (str, lambda *_: 11.5),
    "variables": (str, lambda *_: 12.5),
}
_NAMES = {
    "failing": "failing command",
    "todos": "to-do",
    "checks": "check",
    "commits": "commit",
    "answers": "answer of the user",
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
            shown = beginning(entries, size)
            changes[kind] = f"{shown}{'…' if size < len(entries) else ''}" if size else None
            left_out += [f"{'part of ' if size else ''}the {name}"] * (size < len(entries))
    return Taken(story.replace(**changes), tuple(left_out))


def _shortened(request: Request, size: int) -> Request:
    text = beginning(request.text, size) if size else ""
    return request.replace(text=text, left_out=len(request.text) - len(text))


def _brief(attempt: Attempt, size: int) -> Attempt:
    return next((it for it in reversed(_forms(attempt)) if len(f"{it.command} {it.error or ''}") <= size), attempt)


def _relevance(coming: str | None) -> Callable[[str], float]:
    """Return a function from a text to the ranks it gains by sharing words with the task ``coming``."""
    wanted = set(_WORDS.findall((coming or "").lower()))
    if not wanted:
        return lambda _: 0.0
    return lambda text: 6.0 * len(wanted.intersection(_WORDS.findall(text.lower()))) / len(wanted)


def counted(number: int, name: str) -> str:
    """Return ``number`` and ``name``, its first noun in the plural where it is one."""
    head, of, rest = name.partition(" of ")
    return f"{number:,} {head}{'' if number == 1 else 's'}{of}{rest}"
