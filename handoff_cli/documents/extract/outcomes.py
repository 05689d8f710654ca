"""What the tools show that came of each request: which files were changed, how the checks ended, what was committed."""

from __future__ import annotations

from collections import Counter

from handoff_cli.documents.extract.underway import name_of

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
    """Return ``turns``, each with what the tools show was done in it."""
    starts = [turn.position for turn in turns]
    return tuple(
        turn.replace(done=_done(transcript, runs, turn.position, until))
        for turn, until in zip(turns, (*starts[1:], None), strict=False)
    )


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
    parts = [f"edited {', '.join(names)}{more}"] * bool(names)
    parts += [f"{', '.join(kinds)} {how}" for how, kinds in ended.items()]
    return "; ".join(parts)
