"""What a command costs against a bare interpreter.

``python -m benchmarks.commands`` from the environment ``handoff`` is installed in. The status is that of a session
whose agent has written a transcript of 100 MB.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.pairs import Command, Pair, bare, compare, report, run, runs_asked
from benchmarks.projects import (
    ABOUT_CODE,
    FOREIGN,
    MB,
    PROMPT,
    WITH_ADDRESSES,
    WITH_HASHES,
    WITH_LOGS,
    WITH_SETTINGS,
    Followed,
    Project,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def rows(folder: Path, runs: int) -> dict[str, Pair]:
    """Return the measurements, by their labels."""
    piped, followed = Project(folder / "piped"), Followed(folder / "followed", 100 * MB)
    run(followed.sync())
    texts = {
        "ASCII": PROMPT,
        "about code": ABOUT_CODE,
        "with hashes": WITH_HASHES,
        "with addresses": WITH_ADDRESSES,
        "with settings": WITH_SETTINGS,
        "with logs": WITH_LOGS,
        "CJK and emoji": FOREIGN,
    }
    commands: dict[str, Command | Callable[[], Command]] = {
        # A session each, so that none comes to its threshold.
        **{f"track, 2 KB {name}": Project(folder / name).track(text) for name, text in texts.items()},
        "count, 2 KB ASCII": piped.run("count", text=PROMPT),
        "status --line": followed.run("status", "--line"),
        "status --json": followed.run("status", "--json"),
        "status, with the rich bar": followed.run("--color", "always", "status"),
        "--help": piped.run("--help"),
    }
    return {label: compare(command, bare(), runs) for label, command in commands.items()}


def main() -> None:
    """Measure and report."""
    runs = runs_asked(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        report("commands", rows(Path(folder), runs))


if __name__ == "__main__":
    main()
