"""What ``handoff sync`` costs on a transcript of 100 MB against one of 100 KB, and against a bare interpreter.

``python -m benchmarks.sync`` from the environment ``handoff`` is installed in. Both transcripts grow by a response
before each pair, so that there is something to read; a first reading is one of a transcript nobody has read before.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.pairs import Pair, bare, compare, report, runs_asked
from benchmarks.projects import KB, MB, Followed


def rows(folder: Path, runs: int) -> dict[str, Pair]:
    """Return the measurements, by their labels."""
    small, large = Followed(folder / "small", 100 * KB), Followed(folder / "large", 100 * MB)

    def grow() -> None:
        small.grow()
        large.grow()

    def forget() -> None:
        small.forget()
        large.forget()

    return {
        "100 MB that grew": compare(large.sync(), small.sync(), runs, before=grow),
        "100 MB, first reading": compare(large.sync(), small.sync(), runs, before=forget),
        "100 MB that grew, against bare Python": compare(large.sync(), bare(), runs, before=grow),
    }


def main() -> None:
    """Measure and report."""
    runs = runs_asked(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        report("sync", rows(Path(folder), runs))


if __name__ == "__main__":
    main()
