"""Running a command whose system calls fail, fall short or never return.

Whoever is killed leaves what was done up to then: ``Kills`` shows all that kills can leave in one run, and a kill in a
forked child, which costs more than many runs, that it is so.
"""

import errno
import fcntl
import io
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from handoff_cli.__main__ import main

KILLED = 137
HANG_SECONDS = 30
NOW = 1_795_000_000.0
PROCESS_ID = 4_194_305
"""That of every run: no kernel gives it, and of one length, so that runs make the same calls whatever the machine counts to."""

PATH_CALLS = ("open", "replace", "rename", "unlink", "mkdir", "rmdir", "link", "listdir", "scandir")
FILE_CALLS = ("write", "read", "fsync", "ftruncate")
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES}
FAULTS_OF = {
    "open": ("kill", "killed after", "EACCES", "ENOSPC", "EIO"),
    "write": ("kill", "killed half-way", "killed after", "ENOSPC", "half, then ENOSPC", "EIO", "short write"),
    "read": ("EIO",),
    "fsync": ("kill", "killed after", "EIO", "ENOSPC"),
    "ftruncate": ("kill", "killed after", "EIO"),
    "listdir": ("EIO", "EACCES"),
    "scandir": ("EIO", "EACCES"),
    "flock": ("kill", "EIO"),
}
FAULTS_OF_OTHERS = ("kill", "killed after", "EACCES", "ENOSPC", "EIO")
LASTING = ("disk full from here on", "disk broken from here on")


class Point(NamedTuple):
    """A system call of a run that touches the folder: what it is, what it touches, and how often it did so before.

    By these it is found again in another run, whatever calls that makes before.
    """

    call: str
    target: str
    before: int


class Outcome(NamedTuple):
    """How a run ended: exit code (137: killed by the fault), its streams, and, of one not killed, the calls it made."""

    code: int
    out: str
    err: str
    points: list[Point]


class Faults:
    """Stands between the code and ``os``: notes every call that touches ``folder``, and spoils the chosen one."""

    def __init__(self, folder: str, point: Point | None = None, fault: str = "", seed: int = 7) -> None:
        self.points: list[Point] = []
        self._calls: Counter[tuple[str, str]] = Counter()
        self.kills = "kill" in fault
        self.seed = seed
        self._folder = folder
        self._chosen = point
        self._ordinal = -1  # of the chosen call, once it is made
        self._fault = fault
        self._descriptors: dict[int, str] = {}
        self._files: dict[int, tuple[int, int]] = {}
        self._real: dict[str, Callable] = {}

    def __enter__(self) -> None:
        for name in (*PATH_CALLS, *FILE_CALLS, "close"):
            self._real[name] = getattr(os, name)
            setattr(os, name, self._wrapped(name))
        self._real["flock"] = fcntl.flock
        fcntl.flock = self._wrapped("flock")

    def __exit__(self, *_: object) -> None:
        fcntl.flock = self._real.pop("flock")
        for name, real in self._real.items():
            setattr(os, name, real)

    def _wrapped(self, name: str) -> Callable:
        def call(*args, **kwargs):
            target = self._target(name, args)
            if target is None:
                return self._real[name](*args, **kwargs)
            if name == "close":
                del self._descriptors[args[0]]
                return self._real[name](*args)
            self._came_to(name, target[len(self._folder) + 1 :] or ".")
            result = self._spoiled(name, args, kwargs)
            if name == "open":
                self._descriptors[result], self._files[result] = target, self._file_of(result)
            return result

        return call

    def _came_to(self, name: str, target: str) -> None:
        self.points.append(Point(name, target, self._calls[name, target]))
        self._calls[name, target] += 1
        if self._ordinal < 0 and self.points[-1] == self._chosen:
            self._ordinal = len(self.points) - 1

    def _target(self, name: str, args: tuple) -> str | None:
        if name in (*FILE_CALLS, "close", "flock"):
            # A stream may have closed it unseen, and the number be another file's by now.
            known = args[0] in self._descriptors and self._file_of(args[0]) == self._files[args[0]]
            return self._descriptors[args[0]] if known else None
        path = os.fspath(args[0]) if args else ""
        inside = isinstance(path, str) and (path == self._folder or path.startswith(self._folder + os.sep))
        return path if inside else None

    def _file_of(self, descriptor: int) -> tuple[int, int]:
        found = os.fstat(descriptor)
        return found.st_dev, found.st_ino

    def _spoiled(self, name: str, args: tuple, kwargs: dict):
        real, here = self._real[name], len(self.points) - 1
        if here < self._ordinal or self._ordinal < 0:
            return real(*args, **kwargs)
        if self._fault in LASTING:
            full = self._fault == LASTING[0]
            grows = name in ("write", "mkdir", "link") or (name == "open" and args[1] & os.O_CREAT)
            if not full or grows:
                raise OSError(errno.ENOSPC if full else errno.EIO, "injected")
        elif here == self._ordinal:
            self._strike(name, args)
        elif here == self._ordinal + 1 and self._fault.startswith("half, then"):
            raise OSError(errno.ENOSPC, "injected")
        result = self._half(args) if self._halves(here) else real(*args, **kwargs)
        if here == self._ordinal and self._fault == "killed after":
            os._exit(KILLED)
        return result

    def _strike(self, name: str, args: tuple) -> None:
        if self._fault in ERRORS:
            raise OSError(ERRORS[self._fault], os.strerror(ERRORS[self._fault]))
        if self._fault == "kill":
            os._exit(KILLED)
        if self._fault == "killed half-way":
            self._half(args)
            os._exit(KILLED)

    def _halves(self, here: int) -> bool:
        return here == self._ordinal and self._fault in ("short write", "half, then ENOSPC")

    def _half(self, args: tuple) -> int:
        descriptor, data = args
        return self._real["write"](descriptor, bytes(data)[: max(1, len(data) // 2)])


class Kills(Faults):
    """Lets every call through, and before and after each, and half-way through a write, shows what a kill leaves.

    ``show`` gets the point and the fault; what it does itself is not noted.
    """

    def __init__(self, folder: str, show: Callable[[Point, str], None]) -> None:
        super().__init__(folder)
        self.shown = 0
        self._show = show

    def _spoiled(self, name: str, args: tuple, kwargs: dict):
        point = self.points[-1]
        faults = [fault for fault in faults_at(point) if "kill" in fault]
        if "kill" in faults:
            self._stop_and_show(point, "kill")
        written = 0
        if "killed half-way" in faults:
            written = self._half(args)
            self._stop_and_show(point, "killed half-way")
            args = (args[0], bytes(args[1])[written:])
        result = super()._spoiled(name, args, kwargs)
        if "killed after" in faults:
            self._stop_and_show(point, "killed after")
        return written + result if written else result

    def _stop_and_show(self, point: Point, fault: str) -> None:
        self.shown += 1
        self.__exit__()
        self._show(point, fault)
        self.__enter__()


def faults_at(point: Point) -> tuple[str, ...]:
    """Return the faults to be tried at ``point``."""
    return FAULTS_OF.get(point.call, FAULTS_OF_OTHERS)


def run(argv: tuple[str, ...], stdin: str, faults: Faults, scratch: str) -> Outcome:
    """Run ``argv`` under ``faults``, with clock, process id and random numbers fixed, and return how it ended.

    Where the fault kills, that is done in a forked child; what merely fails runs here, which costs less.
    """
    if not faults.kills:
        code, out, err = _call(argv, stdin, faults)
        return Outcome(code, out, err, faults.points)
    file = os.path.join(scratch, "streams")
    child = os.fork()
    if not child:
        _run_child(argv, stdin, faults, file)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return Outcome(code, "", "" if code == KILLED else Path(file).read_text(encoding="utf-8"), [])


def _call(argv: tuple[str, ...], stdin: str, faults: Faults) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")),
        mock.patch("sys.stdout", out),
        mock.patch("sys.stderr", err),
        mock.patch("time.time", lambda: NOW),  # noqa: PT008 - to make a Mock of each takes a tenth of a run
        mock.patch("os.getpid", lambda: PROCESS_ID),  # noqa: PT008 - as above
        mock.patch("os.urandom", lambda size: bytes(range(faults.seed, faults.seed + size))),
        faults,
    ):
        code = main(argv)
    return code, out.getvalue(), err.getvalue()


def _run_child(argv: tuple[str, ...], stdin: str, faults: Faults, file: str) -> None:
    code = 99
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(HANG_SECONDS)
        code, _, err = _call(argv, stdin, faults)
        Path(file).write_text(err, encoding="utf-8")
    finally:
        os._exit(code)
