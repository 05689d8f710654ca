"""Many processes at once, forked from this one so that they start together."""

import io
import os
import signal
import sys
from pathlib import Path

from handoff_cli.__main__ import main


class Runner:
    """Starts commands in forked children and gathers how they ended."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._count = 0
        self._running: dict[int, Path] = {}

    def start(self, *argv: str, stdin: str = "", gate: int | None = None) -> int:
        """Start ``argv`` and return the child's process id; with ``gate`` it begins when that pipe is closed."""
        self._count += 1
        out = self._scratch / f"out{self._count}"
        child = os.fork()
        if not child:
            _run(argv, stdin, gate, out)
        self._running[child] = out
        return child

    def wait(self, child: int) -> tuple[int, str]:
        """Return the child's exit code (negative: the signal that killed it) and its standard output."""
        _, status = os.waitpid(child, 0)
        out = self._running.pop(child)
        code = os.waitstatus_to_exitcode(status)
        return code, out.read_text(encoding="utf-8") if code >= 0 else ""


def _run(argv: tuple[str, ...], stdin: str, gate: int | None, out: Path) -> None:
    code = 99
    try:
        signal.alarm(60)
        if gate is not None:
            os.read(gate, 1)
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        sys.stdout = sys.stderr = io.StringIO()
        code = main(argv)
        out.write_text(sys.stdout.getvalue(), encoding="utf-8")
    finally:
        os._exit(code)


def at_once(runner: Runner, commands: list[tuple[tuple[str, ...], str]]) -> list[tuple[int, str]]:
    """Run all of ``commands``, (words, input) each, let go at the same moment; returns how each ended."""
    gate, opener = os.pipe()
    children = []
    for argv, stdin in commands:
        children.append(runner.start(*argv, stdin=stdin, gate=gate))
    for _ in commands:
        os.write(opener, b"g")
    os.close(gate)
    os.close(opener)
    return [runner.wait(child) for child in children]
