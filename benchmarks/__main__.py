"""Run every benchmark in turn; each prints its table and writes ``benchmarks/results/<name>.json``.

``python -m benchmarks [NAME]... [--runs N]`` from the environment ``handoff`` is installed in; no name: all of them.
``--quick`` leaves out what takes longest and what hardly changes, and takes some ten minutes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

TIMED = ("commands", "hooks", "sync", "history", "rivals", "stages", "growth", "counting")
OTHERS = ("exactness", "recall", "memory", "fleet")
QUICK = {"commands": "", "hooks": "", "sync": "", "history": "", "rivals": "", "stages": "7", "growth": "5"}
"""What ``--quick`` measures, and the pairs per row where they are fewer than usual: of what has no target."""
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the named benchmarks, or all; returns 1 when one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join((*TIMED, *OTHERS))}")
    parser.add_argument("--runs", help="pairs per row, for those that measure time")
    parser.add_argument("--quick", action="store_true", help=f"{', '.join(QUICK)}, with fewer runs of the last two")
    options = parser.parse_args()
    if unknown := set(options.names).difference(TIMED, OTHERS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    failed = 0
    for name in options.names or (QUICK if options.quick else (*TIMED, *OTHERS)):
        print(f"\n{name}", flush=True)
        runs = options.runs or (QUICK.get(name) if options.quick else None)
        more = ["--runs", runs] if runs and name in TIMED else []
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *more], cwd=ROOT, check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
