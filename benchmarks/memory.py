"""What a long pipe costs in memory: the peak of ``handoff track`` with more and more text on standard input.

``python -m benchmarks.memory [--most MB]`` from the environment ``handoff`` is installed in. The text is prose and
logs, no two lines alike, with words that secrets stand beside; it goes past the threshold, so a document is written
from what was kept. One run of each size: a peak hardly varies.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.projects import MB, Project
from benchmarks.results import write

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (16, 64, 256, 1_000)
"""In MB."""
MOST_MEBIBYTES = 200
_BLOCK_LINES = 2_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def text(size: int, chance: random.Random) -> Iterator[bytes]:
    """Yield ``size`` bytes of lines: sentences of made-up words, and a log's."""
    words = ["".join(chance.choices(_LETTERS, k=chance.randint(2, 10))) for _ in range(4_000)]
    words += ["token", "password", "key", "Straße", "日本語"] * 20
    while size > 0:
        lines = []
        for number in range(_BLOCK_LINES):
            said = " ".join(chance.choices(words, k=chance.randint(4, 30)))
            log = f"12:{number % 60:02d}:07.{chance.randrange(1000):03d} INFO id={chance.getrandbits(64):x} "
            lines.append(f"{log if number % 3 else ''}{said}\n")
        block = "".join(lines).encode()[:size]
        size -= len(block)
        yield block


def peak(folder: Path, megabytes: int) -> float:
    """Return the MiB that ``handoff track`` took at its peak with so many MB on standard input."""
    command = Project(folder / str(megabytes)).run("--quiet", "track")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("HANDOFF_", "PYTHON"))}
    process = subprocess.Popen(
        command.argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=command.cwd,
        env={**environ, **command.environ},
    )
    assert process.stdin is not None
    with process.stdin as stdin:
        for block in text(megabytes * MB, random.Random(megabytes)):
            stdin.write(block)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command.argv)} ended with exit code {process.returncode}")
    return usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)


def main() -> int:
    """Measure and report; returns 1 where a pipe took more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the longest pipe, MB")
    sizes = [size for size in SIZES if size <= parser.parse_args().most]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            found[size] = peak(Path(folder), size)
            print(f"{size:5,} MB on standard input: {found[size]:6.1f} MiB", flush=True)
    write("memory", {"mebibytes": {str(size): round(used, 1) for size, used in found.items()}})
    return int(max(found.values()) > MOST_MEBIBYTES)


if __name__ == "__main__":
    sys.exit(main())
