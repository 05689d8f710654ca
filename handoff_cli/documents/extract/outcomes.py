"""What the tools show that came of each request: which files were changed, how the checks ended, what was committed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from handoff_cli.core.light import Counts
from handoff_cli.documents.extract.findings import subject_of
from handoff_cli.documents.extract.underway import name_of
from handoff_cli.documents.extract.words import identifiers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.checks import Run
    from handoff_cli.documents.extract.facts import Turn

_FILES = 3
_KINDS = {"test": "tests", "lint": "lint", "types": "types", "format": "format", "build": "build"}
_ENDED = {"ok": "passed", "failed": "failed"}


def with_outcomes(turns: tuple[Turn, ...], transcript: Transcript, runs: Sequence[Run]) -> tuple[Turn, ...]:
    """Return ``turns``, each with what the tools show was done in it, and whether nothing later came back to it."""
    ends = (*(turn.position for turn in turns[1:]), None)
    idle = _idle([turn.position for turn in turns], transcript)
    return tuple(
        turn.replace(done=_done(transcript, runs, turn.position, until), idle=turn.position in idle)
        for turn, until in zip(turns, ends, strict=False)
    )


def _idle(starts: list[int], transcript: Transcript) -> set[int]:
    """Return the ``starts`` of turns in which nothing was called and of whose names, or words, later ones have few."""
    called = sorted(it.position for it in transcript.tool_calls)
    names, words = set[str](), set[str]()
    idle: set[int] = set()
    until: int | None = None
    for start in reversed(starts):
        end = len(called) if until is None else bisect_left(called, until)
        texts = [it for it in (*transcript.messages, *transcript.reasonings) if _within(it.position, start, until)]
        said = "\n".join(it.text for it in texts if it.role == "assistant")
        own, spoken = set(identifiers(said)), subject_of(said)
        used = len(own & names) if own else len(spoken & words)
        if until is not None and bisect_right(called, start) >= end and used < _COMES_BACK * len(own or spoken):
            idle.add(start)
        asked = [it.text for it in transcript.messages if it.role == "user" and it.position == start]
        asked += [it.new[:_EDIT_CHARS] for it in transcript.edits if _within(it.position, start, until)]
        names |= own | set(identifiers("\n".join(asked)))
        words |= spoken.union(*map(subject_of, asked))
        until = start
    return idle


def _within(position: int, start: int, until: int | None) -> bool:
    return start < position and (until is None or position < until)


_EDIT_CHARS, _COMES_BACK = 8_000, 0.15
"""The share of the names of a turn, else of its words, that what follows has if it comes back to it."""


def _done(transcript: Transcript, runs: Sequence[Run], start: int, until: int | None) -> str:
    """Return in a line what was done between two requests, empty where nothing was."""
    edited = Counts(
        name_of(it.path) for it in transcript.edits if _within(it.position, start, until) and it.outcome != "failed"
    )
    names = sorted(edited, key=lambda it: -edited[it])[:_FILES]
    more = f" and {len(edited) - _FILES} more" if len(edited) > _FILES else ""
    last = {run.kind: run for run in runs if _within(run.position, start, until) and run.outcome in _ENDED}
    ended: dict[str, list[str]] = {}
    for kind, run in last.items():
        ended.setdefault(_ENDED[run.outcome or ""], []).append(_KINDS.get(kind, kind))
    if not names and "passed" not in ended:
        return ""
    parts = [f"edited {', '.join(names)}{more}"] * bool(names)
    parts += [f"{', '.join(kinds)} {how}" for how, kinds in ended.items()]
    return "; ".join(parts)
