"""The ``handoff`` command for the project that holds this folder.

python .agent-handoffs/monitor_tokens.py                       how full the window is
python .agent-handoffs/monitor_tokens.py track -d "spec" FILE  count a file; without FILE, what is piped in
python .agent-handoffs/monitor_tokens.py COMMAND [ARGUMENTS]   any other command of handoff
"""

from __future__ import annotations

import os
import sys

_PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main(arguments: list[str]) -> int:
    """Run ``handoff`` with ``arguments`` (``status`` where there are none) on this project; return its exit code."""
    try:
        from handoff_cli.__main__ import main as handoff
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "handoff_cli":
            raise
        print("monitor_tokens needs the package agent-handoffs: pip install agent-handoffs", file=sys.stderr)
        return 1
    return handoff(["--dir", _PROJECT, *(arguments or ["status"])])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
