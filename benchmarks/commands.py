"""What a command costs against a bare interpreter.

``python -m benchmarks.commands`` from the environment ``handoff`` is installed in.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.pairs import RUNS, Pair, bare, compare, handoff, report

PROMPT = ("User: the import takes 40 minutes, please find out why. Assistant: every row is a transaction. " * 30)[:2048]
FOREIGN = "请看一下导入任务为什么这么慢 🚀 и почему? " * 40

TARGETS = {
    "track, 2 KB ASCII": 2.5,
    "track, 2 KB CJK and emoji": 4.0,
    "count, 2 KB ASCII": 2.5,
    "status --line": 3.0,
    "status --json": 3.0,
    "status, with the rich bar": 7.0,
    "--help": 8.0,
}


def rows(project: str, runs: int) -> dict[str, Pair]:
    """Return the measurements, by their labels; ``project`` is a folder of their own."""

    def against_bare(*argv: str, text: str = "") -> Pair:
        return compare(handoff(*argv, cwd=project, stdin=text.encode()), bare(), runs)

    return {
        "track, 2 KB ASCII": against_bare("track", text=PROMPT),
        "track, 2 KB CJK and emoji": against_bare("track", text=FOREIGN[:700]),
        "count, 2 KB ASCII": against_bare("count", text=PROMPT),
        "status --line": against_bare("status", "--line"),
        "status --json": against_bare("status", "--json"),
        "status, with the rich bar": against_bare("--color", "always", "status"),
        "--help": against_bare("--help"),
    }


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="pairs per row")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as project:
        (Path(project) / ".git").mkdir()
        report("commands", rows(project, arguments.runs), TARGETS)


if __name__ == "__main__":
    main()
