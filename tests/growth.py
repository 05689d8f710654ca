"""How the work of a function grows with what it is given, told by comparing two sizes: no machine is fast or slow."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest

_TIMES, _MOST, _TRIES = 3, 6, 4
"""A text so many times as long takes at most so many times as long; the square would take nine times as long."""
_LEAST_SECONDS = 0.001


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """Fail where ``work`` takes more than the length of its text, of ``size`` characters and three times that.

    The square of ``size`` should take seconds, so that what is wrong is told soon.
    """
    for tried in range(_TRIES):  # at first what is needed is loaded too; the machine may be busy with something else
        many = min(_seconds(work, _TIMES * size) for _ in range(max(tried, 1)))
        few = _seconds(work, size)
        if many < max(few, _LEAST_SECONDS) * _MOST:
            return
    pytest.fail(f"{few:.4f} s for {size} characters, {many:.4f} s for {_TIMES} times as many: more than their length")


def calls_in(work: Callable[[], object]) -> int:
    """Return how many functions written in Python ``work`` calls."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def _seconds(work: Callable[[int], object], size: int) -> float:
    started = time.process_time()
    work(size)
    return time.process_time() - started
