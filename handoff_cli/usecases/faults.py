"""What is written down of a fault of ours, for whoever reports it."""

from __future__ import annotations

import os
import sys


def write_crash_log(error: BaseException) -> str:
    """Write what is known of ``error`` to a new file (0600) and return its path; it holds no tracked text."""
    import platform
    import tempfile
    import traceback

    from handoff_cli.constants import VERSION

    descriptor, path = tempfile.mkstemp(prefix="handoff-crash-", suffix=".log")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"handoff {VERSION}, Python {sys.version}, {platform.platform()}\n")
        file.write("".join(traceback.format_exception(error)))
    return path
