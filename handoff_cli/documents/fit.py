"""Writing a document that fits its budget: what the facts cost is guessed by rank, then measured and mended."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.documents.budget import BARE, CORE, LADDERS, cost_below, counted, take
from handoff_cli.documents.facts import Story
from handoff_cli.documents.view import View, carried_line, changed_files, note_line, with_read_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from handoff_cli.core.todos import OpenTodo
    from handoff_cli.documents.facts import CheckpointFact, Facts
    from handoff_cli.documents.paths import Listing

DEFAULT_BUDGET = 2_000
MAX_CHARS = 10_000
"""What agents pass on of a hook's output; a larger budget gets more in proportion."""

_CHARS_PER_TOKEN = MAX_CHARS // DEFAULT_BUDGET
_FILES_SHARES = {"path": 0.05, "counted": 0.1, "named": 0.35, "partial": 0.35}
"""The share of what is free that each form of the list of files may take, whatever else there is to say."""

_LEAST_SHARE = 0.4
_FILES = ("changed file", "read-only file")
_ROUNDS = 8
_CLOSE = 80
"""Tokens of the budget that may stay free: to use them, the document would have to be written once more."""
_FRAME = 380
"""Tokens of a document beside its facts: front matter, headings, figures."""


class Fitted(Record):
    """A document, and the view of the facts it shows."""

    text: str
    view: View


def fitted(facts: Facts, write: Callable[[View], tuple[str, int]], count: Callable[[str], int], budget: int) -> Fitted:
    """Return the document of ``facts`` that fits ``budget`` tokens, and its share of characters.

    What people wrote into it and notes are never cut; to the facts falls what they leave, at least two fifths. A
    document that fits is written once; one that is cut, twice: the first shows what is left for the facts.

    Args:
        facts: What there is to say.
        write: Returns the document of a view and its tokens.
        count: Returns the tokens of a text.
        budget: Tokens; 0 takes everything.
    """
    if not budget:
        whole = View.of(facts)
        return Fitted(write(whole)[0], whole)
    known: dict[str, int] = {}

    def weighed(text: str, tokens: int) -> int:
        return max(tokens, -(-len(text) * budget // max(MAX_CHARS, budget * _CHARS_PER_TOKEN)))

    def cost_of(text: str) -> int:
        if text not in known:
            known[text] = weighed(text, count(text))
        return known[text]

    allowance = max(0, budget - _FRAME)
    ceiling, best = budget, None
    for attempt in range(_ROUNDS):
        view, spent = _view(facts, allowance, cost_of)
        text, tokens = write(view)
        cost = weighed(text, tokens)
        if not attempt and cost - spent > budget * (1 - _LEAST_SHARE):
            ceiling = max(budget, weighed(*write(_view(facts, 0, cost_of)[0])) + round(budget * _LEAST_SHARE))
        over = cost - ceiling
        if over < 0 and (best is None or len(text) > len(best.text)):
            best = Fitted(text, view)
        if over < 0 and (not view.left_out or over > -(_CLOSE if attempt else _CLOSE // 4)):
            break
        allowance = max(0, allowance - over - _CLOSE // 8)
    if best is None:
        view, _ = _view(facts, 0, cost_of)
        best = Fitted(write(view)[0], view)
    return best


def _view(facts: Facts, allowance: int, cost_of: Callable[[str], int]) -> tuple[View, int]:
    """Return what of ``facts`` costs about ``allowance`` tokens, and that cost.

    Notes come first, then changed files, the story, then what is left.
    """
    story = facts.story or Story()
    notes, left = _newest(facts.notes, note_line, allowance, allowance // 2, cost_of)
    carried, left = _newest(_by_day(facts.todos.earlier), carried_line, left, left // 4, cost_of)
    carried = tuple(sorted(carried, key=lambda todo: todo.number))
    core = cost_below(CORE, story, cost_of, LADDERS[0])
    bare = cost_below(BARE, story, cost_of, LADDERS[-1])

    def fits(files: Listing) -> bool:
        beside = core if files.form == "path" else (core + bare) // 2 if files.form == "counted" else bare
        return _cost_of_lines(files.lines, cost_of) <= max(left * _FILES_SHARES[files.form], left - beside)

    files = changed_files(facts, fits)
    taken = take(story, left - _cost_of_lines((*files.changed, *files.uncommitted), cost_of), cost_of, facts.coming)
    checkpoints, left = _newest(facts.checkpoints, _checkpoint_line, taken.tokens, taken.tokens, cost_of)
    files = with_read_files(files, facts, lambda lines: _cost_of_lines(lines, cost_of) <= left)
    left = max(0, left - _cost_of_lines(files.read, cost_of))
    missing = (
        (len(facts.notes) - len(notes), "note"),
        (len(facts.todos.earlier) - len(carried), "to-do of earlier handoffs"),
        *zip(files.left_out, _FILES, strict=True),
    )
    left_out = (*taken.left_out, *(counted(number, name) for number, name in missing if number))
    return View(taken.story, files, notes, carried, checkpoints, left_out), allowance - left


def _cost_of_lines(lines: Sequence[str], cost_of: Callable[[str], int]) -> int:
    """Return what ``lines`` cost, each counted once however often its list is tried."""
    return sum(map(cost_of, lines)) + len(lines)


def _newest(
    items: tuple[Any, ...], line_of: Callable[[Any], str], tokens: int, most: int, cost_of: Callable[[str], int]
) -> tuple[tuple[Any, ...], int]:
    """Return the newest ``items`` that cost at most ``most`` of ``tokens``, in their order, and the tokens left."""
    kept: list[Any] = []
    spent = 0
    for item in reversed(items):
        cost = cost_of(line_of(item))
        if spent + cost > most:
            break
        spent += cost
        kept.append(item)
    return tuple(reversed(kept)), tokens - spent


def _by_day(todos: tuple[OpenTodo, ...]) -> tuple[OpenTodo, ...]:
    """Return ``todos`` with those to keep first last: the newest day, and of a day what its list had first."""
    return tuple(sorted(todos, key=lambda todo: (todo.since, -todo.number)))


def _checkpoint_line(checkpoint: CheckpointFact) -> str:
    return f"- {checkpoint.time}: {checkpoint.tokens} tokens from {checkpoint.source}, {checkpoint.description}"
