"""What a hook and a status line cost against a bare interpreter, on a transcript of 100 MB.

``python -m benchmarks.hooks`` from the environment ``handoff`` is installed in. Each hook of the second row finds a new
response at the end of the transcript, as after every tool call.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.pairs import Pair, bare, compare, report, runs_asked
from benchmarks.projects import MB, Followed


def rows(folder: Path, runs: int) -> dict[str, Pair]:
    """Return the measurements, by their labels."""
    project = Followed(folder / "project", 100 * MB)
    return {
        "hook, nothing new": compare(project.hook(), bare(), runs),
        "hook, a new response each time": compare(project.hook(), bare(), runs, before=project.grow),
        "hook, a prompt": compare(project.prompt(), bare(), runs),
        "statusline": compare(project.statusline(), bare(), runs),
    }


def main() -> None:
    """Measure and report."""
    runs = runs_asked(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        report("hooks", rows(Path(folder), runs))


if __name__ == "__main__":
    main()
