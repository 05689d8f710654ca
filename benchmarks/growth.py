"""How cost grows: ``track`` with its input and its history; hook, status line, sync and handoff with the transcript.

``python -m benchmarks.growth`` from the environment ``handoff`` is installed in. Every point is measured in turn with a
bare interpreter, and is quoted as the ratio to it.
"""

from __future__ import annotations

import tempfile
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.history import LINE, make_history
from benchmarks.pairs import Command, Pair, bare, compare, runs_asked
from benchmarks.projects import KB, MB, PROMPT, Followed, Project
from benchmarks.results import write

INPUT_BYTES = (KB, 10 * KB, 100 * KB, MB, 10 * MB)
CHECKPOINTS = (1, 100, 1_000, 10_000, 100_000)
TRANSCRIPT_BYTES = (100 * KB, MB, 10 * MB, 100 * MB)
_FEW = 5
_LONG_BYTES = 10 * MB
"""From here on a run of a command that reads all of it takes long; ``_FEW`` of them are enough."""


def with_input(folder: Path, runs: int) -> dict[int, Pair]:
    """Return ``track`` by the bytes of its input: prose, no two lines alike."""
    project, found = Project(folder / "input"), {}
    for size in INPUT_BYTES:
        words = islice(cycle(PROMPT.split()), size // 5)
        text = " ".join(f"{word} {number}" if number % 9 == 0 else word for number, word in enumerate(words))[:size]
        command = project.run("--quiet", "track", text=text)
        found[size] = compare(command, bare(), _runs(size, runs))
    return found


def with_history(folder: Path, runs: int) -> dict[int, Pair]:
    """Return ``track`` of a line by the checkpoints behind it."""
    found = {}
    for checkpoints in CHECKPOINTS:
        project = Project(folder / f"history-{checkpoints}")
        make_history(project.folder, checkpoints)
        found[checkpoints] = compare(project.run("--quiet", "track", text=LINE), bare(), runs)
    return found


def with_transcript(folder: Path, runs: int) -> dict[str, dict[int, Pair]]:
    """Return the commands that follow an agent, by the bytes of its transcript, which has grown before each of them."""
    found: dict[str, dict[int, Pair]] = {"sync": {}, "hook": {}, "statusline": {}, "handoff": {}}
    for size in TRANSCRIPT_BYTES:
        project = Followed(folder / f"transcript-{size}", size)
        commands: dict[str, Command] = {
            "sync": project.sync(),
            "hook": project.hook(),
            "statusline": project.statusline(),
            "handoff": project.run("handoff", "--transcript", str(project.transcript), "--stdout"),
        }
        for name, command in commands.items():
            asked = _runs(size, runs) if name == "handoff" else runs
            found[name][size] = compare(command, bare(), asked, before=project.grow)
    return found


def _runs(size: int, runs: int) -> int:
    return min(_FEW, runs) if size >= _LONG_BYTES else runs


def main() -> None:
    """Measure, print and write ``benchmarks/results/growth.json``."""
    runs = runs_asked(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        found: dict[str, dict[str, dict[int, Pair]]] = {
            "bytes of input": {"track": with_input(folder, runs)},
            "checkpoints": {"track": with_history(folder, runs)},
            "bytes of transcript": with_transcript(folder, runs),
        }
    results: dict[str, Any] = {
        against: {name: [_point(size, pair) for size, pair in points.items()] for name, points in commands.items()}
        for against, commands in found.items()
    }
    for against, commands in results.items():
        for name, points in commands.items():
            print(f"{name} by {against}: " + ", ".join(f"{it['size']:,}: {it['ratio']:.2f}" for it in points))
    write("growth", {"growth": results})


def _point(size: int, pair: Pair) -> dict[str, float]:
    return {"size": size, "milliseconds": pair.a.milliseconds, "ratio": pair.ratio, "runs": pair.runs}


if __name__ == "__main__":
    main()
