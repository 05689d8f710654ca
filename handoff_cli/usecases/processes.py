"""The processes this one was started by: what an agent runs and what its hooks run have the agent's own in common.

Known where Linux shows them in ``/proc``; elsewhere there are none to compare.
"""

from __future__ import annotations

import os

_MOST = 16
_PARENT, _STARTED = 1, 19
"""Places of fields in ``/proc/PID/stat`` behind the name of the program (proc(5))."""


def ancestors() -> list[str]:
    """Return the processes above this one, the nearest first: each as its id and when it was started."""
    found: list[str] = []
    pid = os.getppid()
    while pid > 1 and len(found) < _MOST:
        fields = _read(pid, "stat").rpartition(b")")[2].split()
        if len(fields) <= _STARTED:
            break
        found.append(f"{pid} {int(fields[_STARTED])}")
        pid = int(fields[_PARENT])
    return found


def runner(variable: str) -> str | None:
    """Return the process that runs us and sets ``variable`` for what it runs: the nearest that was started without."""
    mark = f"{variable}=".encode()
    for process in ancestors():
        environ = _read(int(process.split()[0]), "environ")
        if environ and not any(it.startswith(mark) for it in environ.split(b"\0")):
            return process
    return None


def _read(pid: int, name: str) -> bytes:
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except OSError:
        return b""
