"""Whole processes run in turn, A B A B: medians, the ratio pair by pair, and the peak of memory.

Machines drift while a benchmark runs; two processes run one after the other drift together, so only their ratio is
worth quoting.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.results import write
from benchmarks.targets import targets_of

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 21
"""The least number of pairs behind a median that is quoted."""

_CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("HANDOFF_", "PYTHON"))}


@dataclass(frozen=True)
class Command:
    """A process to time: what is run, what it reads on standard input, and where."""

    argv: tuple[str, ...]
    stdin: bytes = b""
    cwd: str | None = None
    environ: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """Medians of one command (milliseconds of wall time, MiB at the peak), and of its ratios to the other one."""

    milliseconds: float
    mebibytes: float


@dataclass(frozen=True)
class Pair:
    """Two commands measured in turn; ``ratio`` is the median of A / B over the pairs, ``runs`` their number."""

    a: Measured
    b: Measured
    ratio: float
    runs: int


def bare() -> Command:
    """Return the yardstick: an interpreter that does nothing."""
    return Command((sys.executable, "-c", "pass"))


def handoff(*argv: str, **options: object) -> Command:
    """Return ``handoff`` with ``argv``, by the script that installing it makes."""
    return Command((str(Path(sys.executable).with_name("handoff")), *argv), **options)  # type: ignore[arg-type]


def compare(
    a: Command | Callable[[], Command],
    b: Command | Callable[[], Command],
    runs: int = RUNS,
    warm_up: int = 2,
    before: Callable[[], object] = lambda: None,
) -> Pair:
    """Run ``a`` and ``b`` (or what they make each time) in turn, ``before`` ahead of each pair; return their medians.

    Raises:
        RuntimeError: one of them fails.
    """
    both = []
    for _ in range(warm_up + runs):
        before()
        both.append(tuple(run(it if isinstance(it, Command) else it()) for it in (a, b)))
    del both[:warm_up]
    first, second = ([pair[index] for pair in both] for index in (0, 1))
    ratio = statistics.median(one[0] / other[0] for one, other in both)
    return Pair(_median(first), _median(second), ratio, runs)


def run(command: Command) -> tuple[float, float]:
    """Run ``command`` once; return its milliseconds and the MiB of its peak; raises RuntimeError when it fails."""
    begun, over, mebibytes = launch(command)
    return (over - begun) * 1000, mebibytes


def launch(command: Command, stderr: int = subprocess.DEVNULL) -> tuple[float, float, float]:
    """Run ``command`` once; return when it began and was over (``time.perf_counter``) and the MiB of its peak.

    Raises:
        RuntimeError: it fails.
    """
    with tempfile.TemporaryFile() as stdin:
        stdin.write(command.stdin)
        stdin.seek(0)
        begun = time.perf_counter()
        process = subprocess.Popen(
            command.argv,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            cwd=command.cwd,
            env={**_CLEAN, **command.environ},
        )
        _, status, usage = os.wait4(process.pid, 0)
        over = time.perf_counter()
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command.argv)} ended with exit code {process.returncode}")
    return begun, over, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)


def report(name: str, rows: dict[str, Pair]) -> None:
    """Print ``rows`` as a table, with their targets, and write them to ``results/<name>.json``."""
    found = {label: asdict(pair) for label, pair in rows.items()}
    width = max(map(len, rows))
    print(f"{'':{width}}  {'ms':>8}  {'MiB':>6}  {'against ms':>10}  {'ratio':>6}  target")
    for label, pair in rows.items():
        verdicts = [f"{it.quantity} {it.most:.3g} {it.verdict(found[label])}" for it in targets_of(name, label)]
        print(
            f"{label:{width}}  {pair.a.milliseconds:8.1f}  {pair.a.mebibytes:6.1f}  {pair.b.milliseconds:10.1f}"
            f"  {pair.ratio:6.2f}  {', '.join(verdicts)}"
        )
    write(name, {"rows": found})


def runs_asked(description: str | None, runs: int = RUNS) -> int:
    """Return how many pairs the command line asks for (``--runs``), of a benchmark described by ``description``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--runs", type=int, default=runs, help=f"pairs per row (default: {runs})")
    asked: int = parser.parse_args().runs
    return asked


def _median(runs: list[tuple[float, float]]) -> Measured:
    return Measured(statistics.median(it[0] for it in runs), statistics.median(it[1] for it in runs))
