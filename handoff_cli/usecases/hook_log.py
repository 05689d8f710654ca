"""What went wrong in hooks, which must stay silent: a small file in the user's own folder, shown by ``doctor``."""

from __future__ import annotations

import os
import time

from handoff_cli.core.text import printable, shorten, utc_iso
from handoff_cli.state.files import make_folder, open_regular, read_bytes, replace_file, write_all

MAX_BYTES = 1 << 16
_MAX_LINE_CHARS = 500


def log_path() -> str:
    """Return where the log lies, whether it exists or not."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(base, "agent-handoffs", "hook.log")


def note(where: str, problem: str) -> None:
    """Add a line, keeping the file under ``MAX_BYTES``; a log that cannot be written is nobody's problem."""
    from contextlib import suppress

    from handoff_cli.errors import StateError

    line = f"{utc_iso(time.time())} {shorten(printable(f'{where}: {problem}'), _MAX_LINE_CHARS)}\n"
    with suppress(OSError, StateError):
        path = log_path()
        make_folder(os.path.dirname(path))
        old = read_bytes(path, 2 * MAX_BYTES) or b""
        if len(old) + len(line) > MAX_BYTES:
            kept = old[-MAX_BYTES // 2 :].partition(b"\n")[2]
            replace_file(path, kept + line.encode(), suffix=f"{os.getpid()}.new")
            return
        descriptor = open_regular(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            write_all(descriptor, line.encode())
        finally:
            os.close(descriptor)


def last_lines(count: int) -> list[str]:
    """Return the last ``count`` lines, oldest first; none where there is no log."""
    data = read_bytes(log_path(), 2 * MAX_BYTES) or b""
    return data.decode("utf-8", "replace").splitlines()[-count:]
