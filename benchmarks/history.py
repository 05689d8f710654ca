"""What ``handoff track`` costs with a long history behind it, against the same command with a short one.

Below a threshold the short one is an empty session. Past a threshold, where each ``track`` writes the document anew
from the kept text, it is one of 200 pieces.

``python -m benchmarks.history`` from the environment ``handoff`` is installed in.
"""

from __future__ import annotations

import tempfile
import zlib
from itertools import count
from pathlib import Path

from benchmarks.pairs import Pair, compare, report, run, runs_asked
from benchmarks.projects import Project
from handoff_cli.core.session import apply, next_entry, start_entry, started
from handoff_cli.state import snapshot
from handoff_cli.state.kept import append
from handoff_cli.state.ledger import encode_entry

CHECKPOINTS, FEW = 100_000, 200
_KEPT_BYTES = 32 << 20
LINE = "a line of the conversation\n"

_START = start_entry("20260101-00000000", "2026-01-01T00:00:00Z", previous=None)
_CHECKPOINT = {
    "kind": "checkpoint",
    "time": "2026-01-01T00:00:01Z",
    "source": "stdin",
    "description": "a line of the conversation, as long as they are",
    "tokens": 1,
    "low": 1,
    "high": 1,
    "method": "counted",
    "model": None,
    "encoding": "o200k_base",
    "level": "ok",
    "crossed": None,
}


class _Ready:
    """A text that is kept as ``state.kept.Keeper`` would give it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def finished(self) -> tuple[list[bytes], None, int]:
        return [zlib.compress(self._text.encode())], None, len(self._text)


def turn(number: int) -> str:
    """Return a piece of a conversation: a request, what was done for it, a check that fails, an answer."""
    return (
        f"User: please mend case {number} of the importer, and keep the file format.\n"
        f"Assistant: Case {number} fails because every row is a transaction of its own; I change that now.\n"
        f"Edited src/importer/part{number % 30}.py (+{number % 40 + 1} -3)\n"
        f"$ python -m pytest -q tests/importer/test_part{number % 30}.py\n"
        f"FAILED tests/importer/test_part{number % 30}.py::test_case_{number} - AssertionError: assert 3 == {number}\n"
        "1 failed, 12 passed in 0.84s\n\n"
        f"Assistant: The batch is written once now, and case {number} passes when it runs alone.\n\n"
    )


def make_history(project: Path, checkpoints: int, *, keep: bool = False) -> None:
    """Lay down a session of ``checkpoints`` checkpoints in ``project``, as that many ``track`` commands would have.

    ``keep``: each of them is a ``turn``, whose text is kept.
    """
    folder = project / ".agent-handoffs"
    folder.mkdir(parents=True)
    session = started(_START)
    texts = [_Ready(turn(number)) for number in range(checkpoints if keep else 0)]
    kept = append(str(folder), 0, texts, _KEPT_BYTES) if keep else [None] * checkpoints  # type: ignore[arg-type]
    with (folder / "checkpoints.jsonl").open("wb") as file:
        size = file.write(encode_entry(_START))
        for where in kept:
            entry = next_entry(session, {**_CHECKPOINT, "tokens": 170, "kept": where} if where else _CHECKPOINT)
            session = apply(session, entry)
            size += file.write(encode_entry(entry))
    state = snapshot.with_session(snapshot.empty(str(folder)), session.replace(ledger_bytes=size))
    (folder / "token_usage.json").write_text(state.text)


def rows(folder: Path, runs: int, checkpoints: int = CHECKPOINTS) -> dict[str, Pair]:
    """Return ``track`` behind ``checkpoints`` checkpoints against ``track`` in an empty session."""
    long, empty = Project(folder / "long"), Project(folder / "empty")
    make_history(long.folder, checkpoints)
    make_history(empty.folder, 0)
    track = ("--quiet", "track")
    below = compare(long.run(*track, text=LINE), empty.run(*track, text=LINE), runs)
    return {
        f"{checkpoints:,} checkpoints": below,
        f"{checkpoints:,} past the threshold": _past(folder, runs, checkpoints),
    }


def _past(folder: Path, runs: int, checkpoints: int) -> Pair:
    """Return ``track`` behind ``checkpoints`` pieces, past the threshold, against ``track`` behind a few."""
    long, short = Project(folder / "long-past"), Project(folder / "short-past")
    numbers = count(checkpoints)
    for project, size in ((long, checkpoints), (short, FEW)):
        make_history(project.folder, size, keep=True)
        run(project.run("--quiet", "config", "set", "context_window_limit", str(FEW * 100)))
    track = ("--quiet", "track")
    return compare(
        lambda: long.run(*track, text=turn(next(numbers))), lambda: short.run(*track, text=turn(next(numbers))), runs
    )


def main() -> None:
    """Measure and report."""
    runs = runs_asked(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        report("history", rows(Path(folder), runs))


if __name__ == "__main__":
    main()
