"""Runs of which a screen says that they go on: the command stands below, or where the person was asked for leave."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_ASKS = compiled(r"\W{0,4}(?:Execute|Run|Allow|Approve) (?:(?:these|this|the|\d{1,3}) )?commands?\?$")
_EXECUTES = compiled(r"\W{0,6}(?:Executing|Running)(?: (?:the |\d{1,3} )?commands?)?(?:(?:\.{3}|…):?|:)$")
_COMMAND = compiled(r"\s{2,6}(?:\$ )?(?P<run>[a-z./~][\w./~-]{0,80}(?: [^\s)].{0,400})?)$")
_ENDED = compiled(r"\W{0,4}Command (?:succeeded|completed|finished|failed|exited|timed out)\b.{0,60}$")
_FAILED = compiled(r"\W{0,4}Command (?:failed|timed out|exited with (?:code )?[1-9])")
_MOST_PRINTED = 400


def to_execute(texts: list[str], at: int) -> tuple[int, str] | None:
    """Return where a question for leave at line ``at`` ends, and the commands that it is about; None for no such."""
    if not _ASKS.match(texts[at]):
        return None
    runs = _commands(texts, at + 1)
    return (at + 1 + len(runs), "\n".join(runs)) if runs else None


def executed(
    texts: list[str], at: int, asked: str, ends_output: Callable[[int], bool]
) -> tuple[int, str, list[str], bool] | None:
    """Return where a run that line ``at`` tells of ends, the command, what it printed and whether it failed.

    The command is the one that was ``asked`` about, or run last, where none stands below.
    """
    if not _EXECUTES.match(texts[at]):
        return None
    runs = _commands(texts, at + 1)[:1]
    run, begins = (runs[0] if runs else asked), at + 1 + len(runs)
    if not run:
        return None
    within = range(begins, min(begins + _MOST_PRINTED, len(texts)))
    stops = next((it for it in within if _EXECUTES.match(texts[it]) or (texts[it] and ends_output(it))), within.stop)
    told = next((it for it in range(begins, stops) if _ENDED.match(texts[it])), None)
    ends = told if told is not None else next((it for it in range(begins, stops) if ends_output(it)), stops)
    failed = told is not None and _FAILED.match(texts[told]) is not None
    return ends + (told is not None), run, texts[begins:ends], failed


def _commands(texts: list[str], at: int) -> list[str]:
    """Return the commands that stand set in from line ``at`` on."""
    runs: list[str] = []
    while at < len(texts) and (found := _COMMAND.match(texts[at])):
        runs.append(found["run"])
        at += 1
    return runs
