"""Run every benchmark in turn; each prints its table and writes ``benchmarks/results/<name>.json``.

``python -m benchmarks [NAME]... [--runs N]`` from the environment ``handoff`` is installed in; no name: all of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

TIMED = ("commands", "hooks", "sync", "history", "rivals", "stages", "growth", "counting")
OTHERS = ("exactness", "recall", "memory", "fleet")
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the named benchmarks, or all; returns 1 when one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join((*TIMED, *OTHERS))}")
    parser.add_argument("--runs", help="pairs per row, for those that measure time")
    options = parser.parse_args()
    if unknown := set(options.names).difference(TIMED, OTHERS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    failed = 0
    for name in options.names or (*TIMED, *OTHERS):
        print(f"\n{name}", flush=True)
        more = ["--runs", options.runs] if options.runs and name in TIMED else []
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *more], cwd=ROOT, check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
