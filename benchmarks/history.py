"""What ``handoff track`` costs with a long history behind it, against the same command in an empty session.

``python -m benchmarks.history`` from the environment ``handoff`` is installed in.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.pairs import Pair, compare, report, runs_asked
from benchmarks.projects import Project
from handoff_cli.core.session import apply, next_entry, start_entry, started
from handoff_cli.state import snapshot
from handoff_cli.state.ledger import encode_entry

CHECKPOINTS = 100_000
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


def make_history(project: Path, checkpoints: int) -> None:
    """Lay down a session of ``checkpoints`` checkpoints in ``project``, as that many ``track`` commands would have."""
    folder = project / ".agent-handoffs"
    folder.mkdir(parents=True)
    session = started(_START)
    with (folder / "checkpoints.jsonl").open("wb") as file:
        size = file.write(encode_entry(_START))
        for _ in range(checkpoints):
            entry = next_entry(session, _CHECKPOINT)
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
    return {f"{checkpoints:,} checkpoints": compare(long.run(*track, text=LINE), empty.run(*track, text=LINE), runs)}


def main() -> None:
    """Measure and report."""
    runs = runs_asked(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        report("history", rows(Path(folder), runs))


if __name__ == "__main__":
    main()
