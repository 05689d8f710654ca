"""What ``handoff sync`` costs on a transcript of 100 MB against one of 100 KB, and against a bare interpreter.

``python -m benchmarks.sync``. Each process first appends a response to its transcript, as an agent would, so that each
has something to read; the first reading of a transcript nobody has read before is a row of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import RUNS, Command, Pair, bare, compare, report

ROOT = Path(__file__).resolve().parents[1]
SMALL, LARGE = 100_000, 100_000_000

GROWN = """
import os, sys, time
row = {row!r}.replace("TOKENS", str(10_000 + time.time_ns() % 90_000)).replace("ID", str(time.time_ns()))
with open({path!r}, "a") as file:
    file.write(row)
from handoff_cli.__main__ import run
sys.argv[1:] = ["sync", "--transcript", {path!r}, *{more}]
run()
"""
ANEW = '["--session", f"s{time.time_ns()}"]'

TARGETS = {
    "100 MB that grew, against 100 KB": 1.1,
    "100 MB read for the first time, against 100 KB": 1.1,
    "100 MB that grew, against bare Python": 4.0,
}


def response() -> str:
    """Return a row of Claude Code's with ``TOKENS`` and ``ID`` still to be filled in."""
    usage = {"input_tokens": 3, "cache_creation_input_tokens": 9, "cache_read_input_tokens": "TOKENS"}
    message = {"id": "msg_ID", "model": "claude-opus-4-5", "role": "assistant", "content": [], "usage": usage}
    row = {"type": "assistant", "sessionId": "s", "parentUuid": None, "version": "2.1.42", "message": message}
    return json.dumps(row).replace('"TOKENS"', "TOKENS") + "\n"


def transcript(folder: str, size: int) -> str:
    """Write a transcript of ``size`` bytes into a project of its own and return its path."""
    project = Path(folder, f"project-{size}")
    (project / ".git").mkdir(parents=True)
    path = project / "transcript.jsonl"
    said = {"type": "user", "sessionId": "s", "parentUuid": None, "message": {"role": "user", "content": "x" * 1000}}
    line = json.dumps(said) + "\n"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line for _ in range(size // len(line)))
    return str(path)


def synced(path: str, more: str = "[]") -> Command:
    """Return the process that appends a response to the transcript at ``path`` and syncs."""
    code = GROWN.format(row=response(), path=path, more=more)
    return Command((sys.executable, "-c", code), cwd=os.path.dirname(path), environ={"PYTHONPATH": str(ROOT)})


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="pairs per row")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        small, large = transcript(folder, SMALL), transcript(folder, LARGE)
        rows: dict[str, Pair] = {
            "100 MB that grew, against 100 KB": compare(synced(large), synced(small), runs),
            "100 MB read for the first time, against 100 KB": compare(synced(large, ANEW), synced(small, ANEW), runs),
            "100 MB that grew, against bare Python": compare(synced(large), bare(), runs),
        }
    report("sync", rows, TARGETS)


if __name__ == "__main__":
    main()
