"""What hooks keep on disk: what those of one session remember from call to call, and a log of what went wrong.

Hooks must stay silent, so what goes wrong in them is in a small file in the user's own folder, shown by ``doctor``.
"""

from __future__ import annotations

import os
import time

from handoff_cli.constants import AGENT_FILE, HOOK_MEMORY_FILE, USER_FOLDER
from handoff_cli.core.jsonc import dumps, loads
from handoff_cli.state.files import read_bytes, replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_LOG_BYTES = 1 << 16
_MAX_LINE_CHARS = 500
_MAX_MEMORY_BYTES = 1 << 16


def load_memory(folder: str, name: str = HOOK_MEMORY_FILE) -> dict[str, Any]:
    """Return what is remembered in the session folder ``folder``; nothing where the file is missing or spoiled."""
    data = read_bytes(os.path.join(folder, name), _MAX_MEMORY_BYTES)
    try:
        values = loads(data or b"{}")
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def save_memory(folder: str, values: dict[str, Any]) -> None:
    """Remember ``values``; the caller holds the session's lock. Raises StateError when they cannot be written."""
    replace_file(os.path.join(folder, HOOK_MEMORY_FILE), dumps(values).encode())


def load_agent(folder: str) -> dict[str, Any]:
    """Return what the status line was told of the agent: ``window`` (tokens), ``model``, ``version``."""
    return load_memory(folder, AGENT_FILE)


def save_agent(folder: str, values: dict[str, Any]) -> None:
    """Remember what the status line was told; needs no lock, for each call writes all of it."""
    path = os.path.join(folder, AGENT_FILE)
    replace_file(path, dumps(values).encode(), suffix=f"{os.getpid()}.new")


def log_path() -> str:
    """Return where the log lies, whether it exists or not."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(base, USER_FOLDER, "hook.log")


def log_problem(where: str, problem: str) -> None:
    """Add a line, keeping the file under ``MAX_LOG_BYTES``; a log that cannot be written is nobody's problem."""
    from contextlib import suppress

    from handoff_cli.core.text import printable, shorten, utc_iso
    from handoff_cli.errors import StateError
    from handoff_cli.state.files import make_folder, open_regular, write_all

    line = f"{utc_iso(time.time())} {shorten(printable(f'{where}: {problem}'), _MAX_LINE_CHARS)}\n"
    with suppress(OSError, StateError):
        path = log_path()
        make_folder(os.path.dirname(path))
        old = read_bytes(path, 2 * MAX_LOG_BYTES) or b""
        if len(old) + len(line) > MAX_LOG_BYTES:
            kept = old[-MAX_LOG_BYTES // 2 :].partition(b"\n")[2]
            replace_file(path, kept + line.encode(), suffix=f"{os.getpid()}.new")
            return
        descriptor = open_regular(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            write_all(descriptor, line.encode())
        finally:
            os.close(descriptor)


def last_lines(count: int) -> list[str]:
    """Return the last ``count`` lines, oldest first; none where there is no log."""
    data = read_bytes(log_path(), 2 * MAX_LOG_BYTES) or b""
    return data.decode("utf-8", "replace").splitlines()[-count:]
