"""One run of a command, taken apart: its imports and its marks in time, or the functions it spent its work in."""

from __future__ import annotations

import ast
import cProfile
import os
import pstats
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.pairs import Command, launch

if TYPE_CHECKING:
    from pathlib import Path

MARKS = """
import os, sys, time
ready, known, leave = time.perf_counter(), list(sys.modules), os._exit
def marked(code):
    left = time.perf_counter()
    with open({path!r}, "w") as file:
        file.write(repr((ready, left, known)))
        file.flush()
        file.write(f"\\n{{time.perf_counter()}}")
    leave(code)
os._exit = marked
"""
"""A ``sitecustomize`` that notes when the interpreter was ready, when the command left, and when it had noted it."""

PROFILE = """
import cProfile, importlib, os, sys
sys.argv = {argv!r}
for name in {modules!r}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
from handoff_cli.__main__ import run
profiler, leave = cProfile.Profile(), os._exit
def saved(code):
    profiler.disable()
    profiler.dump_stats({path!r})
    leave(code)
os._exit = saved
profiler.runcall(run)
"""
"""What runs a command that has nothing left to import, under the profiler."""

_IMPORT = re.compile(r"import time:\s*(\d+) \|\s*\d+ \|\s*(\S+)")
_CALLS_TIMED = 50_000
_CALLS = {
    "waiting": ("_posixsubprocess.", "_winapi.", "select.", "_thread.lock", "posix.waitpid"),
    "files": ("posix.", "nt.", "fcntl.", "msvcrt.", "_io.", "mmap."),
}
"""What built-in functions that wait for something have in their names; the first that fits counts."""


@dataclass(frozen=True)
class Trace:
    """A traced run, in milliseconds: until the interpreter was ready, each import by itself, the work, the end."""

    start: float
    imports: dict[str, float]
    work: float
    end: float

    @property
    def total(self) -> float:
        """The whole process."""
        return self.start + sum(self.imports.values()) + self.work + self.end


def trace(command: Command, folder: Path) -> Trace:
    """Run ``command`` with its imports timed and its marks taken; ``folder`` is for the notes."""
    notes = folder / "marks"
    (folder / "sitecustomize.py").write_text(MARKS.format(path=str(notes)), encoding="utf-8")
    argv = (sys.executable, "-X", "importtime", *_words(command))
    path = os.pathsep.join(filter(None, (str(folder), command.environ.get("PYTHONPATH"))))
    traced = replace(command, argv=argv, environ={**command.environ, "PYTHONPATH": path})
    with (folder / "imports").open("w+b") as file:
        begun, over, _ = launch(traced, file.fileno())
        file.seek(0)
        printed = file.read().decode()
    noted, _, done = notes.read_text(encoding="utf-8").rpartition("\n")
    ready, left, known = ast.literal_eval(noted)
    imports = {name: int(spent) / 1000 for spent, name in _IMPORT.findall(printed) if name not in known}
    work = (left - ready) * 1000 - sum(imports.values())
    return Trace((ready - begun) * 1000, imports, work, (over - float(done)) * 1000)


def profile(command: Command, modules: list[str], folder: Path) -> dict[str, float]:
    """Run ``command`` under the profiler, with ``modules`` imported beforehand; return its milliseconds by ``group``.

    What the profiler itself adds to every call is taken off again.
    """
    path = folder / "profile"
    words = _words(command)
    argv = ["handoff", *words[words.index("-m") + 2 if "-m" in words else 1 :]]
    code = PROFILE.format(argv=argv, modules=modules, path=str(path))
    launch(replace(command, argv=(sys.executable, "-c", code)))
    added = _added_to_a_call()
    found: dict[str, float] = defaultdict(float)
    for function, (_, calls, spent, _, callers) in pstats.Stats(str(path)).stats.items():  # type: ignore[attr-defined]
        if group(function):
            found[group(function)] += spent - calls * added
        else:
            for caller, (calls_from, _, share, _) in callers.items():
                found[group(caller) or "other"] += share - calls_from * added
    return {name: 1000 * max(spent, 0.0) for name, spent in found.items()}


def _added_to_a_call() -> float:
    """Return the seconds by which the profiler lengthens a call."""

    def loop() -> None:
        for _ in range(_CALLS_TIMED):
            _nothing()

    begun = time.perf_counter()
    loop()
    plain = time.perf_counter() - begun
    profiler = cProfile.Profile()
    begun = time.perf_counter()
    profiler.runcall(loop)
    return max(time.perf_counter() - begun - plain, 0.0) / _CALLS_TIMED


def _nothing() -> None:
    """Be called."""


def group(function: tuple[str, int, str]) -> str:
    """Return what a function of a profile is counted under; empty for a built-in one that is its caller's work.

    One of our packages, ``files`` (reading, writing, locking), ``waiting`` (for git), ``patterns`` (compiling regular
    expressions), ``json``, or ``other``.
    """
    file, _, name = function
    if file == "~":
        return next((kind for kind, calls in _CALLS.items() if any(call in name for call in calls)), "")
    parts = file.split(os.sep)
    if "handoff_cli" in parts:
        below = parts[len(parts) - parts[::-1].index("handoff_cli") :]
        return below[0] if len(below) > 1 else "cli"
    return {"re": "patterns", "json": "json"}.get(parts[-2] if len(parts) > 1 else "", "other")


def _words(command: Command) -> tuple[str, ...]:
    """Return what follows the interpreter's name: a script, or options and ``-m`` and a module, and their arguments."""
    return command.argv[1:] if command.argv[0] == sys.executable else command.argv
