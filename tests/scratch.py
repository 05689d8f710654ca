"""Folders for tests to work in, in memory where that can be: tests sync thousands of files, and a disk takes its time.

Laying a folder out takes longer than most tests: one that was left as it was serves again.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

LAID = ("", "scratch", "scratch/home", "scratch/project", "scratch/project/.git")
LEAST_ROOM = 2 << 30
LONG_AGO = (1, 1)
"""When the folders were last changed, as far as they tell: who puts something in or takes it out cannot but change it."""

Look = list[tuple[int, int, float]]


def folder_in_memory() -> str | None:
    """Return a folder that is in memory, has room and lets programs run; None where there is none."""
    path = "/dev/shm"
    if not os.access(path, os.W_OK):
        return None
    found = os.statvfs(path)
    fit = found.f_bavail * found.f_frsize >= LEAST_ROOM and not found.f_flag & os.ST_NOEXEC
    return path if fit else None


class Ground(NamedTuple):
    """A folder with a scratch project and a scratch home in it, and how its folders looked when it was laid out."""

    path: Path
    look: Look


class Grounds:
    """Gives a test a ground, and takes it back; ``base`` holds them all."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._count = 0
        self._spare: Ground | None = None

    def take(self) -> Ground:
        """Return a ground on which nothing was done yet."""
        ground, self._spare = self._spare, None
        return ground or self._lay()

    def give_back(self, ground: Ground) -> None:
        """Keep ``ground`` for the next test if nothing was done on it, else remove it."""
        try:
            untouched = _look(ground.path) == ground.look
        except OSError:
            untouched = False
        if untouched:
            self._spare = ground
        else:
            shutil.rmtree(ground.path, ignore_errors=True)

    def _lay(self) -> Ground:
        self._count += 1
        path = self._base / f"t{self._count}"
        for name in LAID:
            os.mkdir(path / name)
        for name in LAID:
            os.utime(path / name, LONG_AGO)
        return Ground(path, _look(path))


def _look(path: Path) -> Look:
    found = (os.lstat(os.path.join(path, name)) for name in LAID)
    return [(it.st_ino, it.st_mode, it.st_mtime) for it in found]
