"""What the tools show that came of each request: which files were changed, how the checks ended, what was committed."""

from __future__ import annotations

from collections import Counter

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
    return tuple(
        turn.replace(done=_done(transcript, runs, turn.position, until), idle=_is_idle(transcript, turn, until))
        for turn, until in zip(turns, ends, strict=False)
    )


def _is_idle(transcript: Transcript, turn: Turn, until: int | None) -> bool:
    """Return whether nothing was called in a turn and what came later has few of its names, or of its words."""
    if until is None or any(turn.position < it.position < until for it in transcript.tool_calls):
        return False
    said = "\n".join(
        it.text for it in transcript.messages if it.role == "assistant" and turn.position < it.position <= until
    )
    later = [it.text for it in transcript.messages if it.position > until - (it.role == "user")]
    later += [it.text for it in transcript.reasonings if it.position > until]
    after = "\n".join((*later, *(it.path for it in transcript.edits)))
    names, words = set(identifiers(said)), subject_of(said)
    used = len(names & set(identifiers(after))) if names else len(words & subject_of(after))
    return used < _COMES_BACK * len(names or words)


_COMES_BACK = 0.4
"""The share of the names of a turn, else of its words, that what follows has if it comes back to it."""


def _done(transcript: Transcript, runs: Sequence[Run], start: int, until: int | None) -> str:
    """Return in a line what was done between two requests, empty where nothing was."""

    def within(position: int) -> bool:
        return start < position and (until is None or position < until)

    edited = Counter(name_of(it.path) for it in transcript.edits if within(it.position) and it.outcome != "failed")
    names = [name for name, _ in edited.most_common(_FILES)]
    more = f" and {len(edited) - _FILES} more" if len(edited) > _FILES else ""
    last = {run.kind: run for run in runs if within(run.position) and run.outcome in _ENDED}
    ended: dict[str, list[str]] = {}
    for kind, run in last.items():
        ended.setdefault(_ENDED[run.outcome or ""], []).append(_KINDS.get(kind, kind))
    if not names and "passed" not in ended:
        return ""
    parts = [f"edited {', '.join(names)}{more}"] * bool(names)
    parts += [f"{', '.join(kinds)} {how}" for how, kinds in ended.items()]
    return "; ".join(parts)
