"""Where the milliseconds of each hot command go: start, imports, work, end; the parts add up to the whole process.

``python -m benchmarks.stages`` from the environment ``handoff`` is installed in. Runs of two kinds take turns:

- plain ones; their median is the total;
- traced ones: ``-X importtime`` gives the time of each import without what it imports in turn, and a ``sitecustomize``
  notes when the interpreter is ready and when it leaves, by the clock that the parent reads too. What is neither start
  nor import nor end is work. Tracing slows a process down, so its parts are scaled to the plain total; by how much is
  the error of the method, and stands in the results as ``traced``: the median of traced / plain, pair by pair.

Then a profiler, with all modules imported beforehand, splits the work; only its shares are used.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.pairs import Command, bare, run, runs_asked
from benchmarks.projects import MB, PROMPT, Crossing, Followed, Project
from benchmarks.results import write
from benchmarks.tracing import Trace, profile, trace

if TYPE_CHECKING:
    from collections.abc import Callable

STAGES = {
    "start": "the interpreter, until it is ready",
    "standard library": "imports of the standard library",
    "other packages": "imports of other packages",
    "own modules": "imports of handoff's own modules",
    "files": "opening, reading, locking, writing and syncing files, and output",
    "patterns": "compiling regular expressions",
    "counting": "cutting text and counting tokens",
    "git": "waiting for git",
    "other work": "the command line, the state, deciding, laying out what is printed",
    "end": "until the parent knows",
}
_STAGE_OF_WORK = {"files": "files", "patterns": "patterns", "tokens": "counting", "waiting": "git"}
_PROFILED = 7
_LEAST_MILLISECONDS = 0.05

Scene = tuple[Command, "Callable[[], object]"]


def scenes(folder: Path) -> dict[str, Scene]:
    """Return the commands, each with what has to happen before every run of it."""
    piped, followed = Project(folder / "piped"), Followed(folder / "followed", 10 * MB)
    crossing = Crossing(folder / "crossing")
    run(followed.sync())

    def nothing() -> None:
        """Leave everything as it is."""

    return {
        "track": (piped.run("track", text=PROMPT), nothing),
        "count": (piped.run("count", text=PROMPT), nothing),
        "status --line": (followed.run("status", "--line"), nothing),
        "status --json": (followed.run("status", "--json"), nothing),
        "status": (followed.run("--color", "always", "status"), nothing),
        "sync": (followed.sync(), followed.grow),
        "hook": (followed.hook(), followed.grow),
        "statusline": (followed.statusline(), nothing),
        "crossing": (crossing.sync(), crossing.forget),
        "--help": (piped.run("--help"), nothing),
    }


def measure(scene: Scene, runs: int, folder: Path) -> dict[str, Any]:
    """Return the milliseconds of a command by stage, with its imports and its work in more detail."""
    command, before = scene
    plain, traces, bares = [], [], []
    for _ in range(runs + 1):
        bares.append(run(bare())[0])
        before()
        plain.append(run(command)[0])
        before()
        traces.append(trace(command, folder))
    total = statistics.median(plain[1:])
    traced = statistics.median(it.total / one for it, one in zip(traces[1:], plain[1:], strict=True))
    start, imports, work, end = _medians(traces[1:])
    scale = total / (start + sum(imports.values()) + work + end)
    work_groups = _work_groups(scene, list(traces[0].imports), folder)
    shares = {name: work * spent / sum(work_groups.values()) for name, spent in work_groups.items()}
    stages = dict.fromkeys(STAGES, 0.0) | {"start": start, "end": end}
    for name, spent in imports.items():
        stages[_stage_of_import(name)] += spent
    for name, spent in shares.items():
        stages[_STAGE_OF_WORK.get(name, "other work")] += spent
    return {
        "milliseconds": total,
        "bare": statistics.median(bares[1:]),
        "traced": traced,
        "stages": {name: spent * scale for name, spent in stages.items()},
        "imports": _largest(_by_package(imports), scale),
        "work": _largest(shares, scale),
    }


def _medians(traces: list[Trace]) -> tuple[float, dict[str, float], float, float]:
    names = dict.fromkeys(name for it in traces for name in it.imports)
    imports = {name: statistics.median(it.imports.get(name, 0.0) for it in traces) for name in names}
    start, work, end = (statistics.median(getattr(it, name) for it in traces) for name in ("start", "work", "end"))
    return start, imports, work, end


def _work_groups(scene: Scene, modules: list[str], folder: Path) -> dict[str, float]:
    """Return the milliseconds of work by group, medians of some profiles."""
    command, before = scene
    profiles = []
    for _ in range(_PROFILED):
        before()
        profiles.append(profile(command, modules, folder))
    names = dict.fromkeys(name for it in profiles for name in it)
    return {name: statistics.median(it.get(name, 0.0) for it in profiles) for name in names}


def _stage_of_import(module: str) -> str:
    top = module.partition(".")[0]
    if top == "handoff_cli":
        return "own modules"
    return "standard library" if top in sys.stdlib_module_names else "other packages"


def _by_package(imports: dict[str, float]) -> dict[str, float]:
    """Return ``imports`` by top-level package; our own by the package within."""
    found: dict[str, float] = defaultdict(float)
    for name, spent in imports.items():
        parts = name.split(".")
        found[".".join(parts[:2]) if parts[0] == "handoff_cli" else parts[0]] += spent
    return found


def _largest(parts: dict[str, float], scale: float) -> dict[str, float]:
    ordered = sorted(parts.items(), key=lambda part: -part[1])
    return {name: spent * scale for name, spent in ordered if spent * scale >= _LEAST_MILLISECONDS}


def main() -> None:
    """Measure, print and write ``benchmarks/results/stages.json``."""
    runs = runs_asked(__doc__)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as notes:
        for name, scene in scenes(Path(scratch)).items():
            found[name] = measure(scene, runs, Path(notes))
            stages = ", ".join(f"{stage} {spent:.1f}" for stage, spent in found[name]["stages"].items() if spent)
            print(
                f"{name:14} {found[name]['milliseconds']:6.1f} ms: {stages}; traced / plain {found[name]['traced']:.2f}"
            )
    write("stages", {"runs": runs, "commands": found})


if __name__ == "__main__":
    main()
