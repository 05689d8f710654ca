"""Run every benchmark in turn; each prints its table and writes ``benchmarks/results/<name>.json``.

``python -m benchmarks [NAME]...`` from the environment ``handoff`` is installed in; no name: all of them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HELPERS = {
    "__init__",
    "__main__",
    "joined_sessions",
    "pairs",
    "peers",
    "raw_facts",
    "synthetic_sessions",
    "tokenizer_factors",
}


def main() -> int:
    """Run the named benchmarks, or all; returns 1 when one of them failed."""
    known = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in HELPERS)
    names = sys.argv[1:] or known
    if unknown := [name for name in names if name not in known]:
        print(f"there is no benchmark {', '.join(unknown)}; benchmarks: {', '.join(known)}", file=sys.stderr)
        return 2
    failed = 0
    for name in names:
        print(f"\n{name}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
