"""Parts of the standard library without what loads with them: a tenth of a document's start.

``deque``, ``lru_cache``, ``local`` (of ``threading``) and the functions of ``bisect`` are the library's own, from
where it has them; ``Counts`` is a ``Counter`` with what is asked of one here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bisect import bisect_left, bisect_right, insort
    from collections import deque
    from collections.abc import Callable, Iterable
    from functools import lru_cache
    from threading import local
    from typing import TypeVar

    Item = TypeVar("Item")
    Table = dict[Item, int]

    def _count_elements(table: dict[Item, int], items: Iterable[Item]) -> None: ...

else:
    Table = dict
    try:
        from _bisect import bisect_left, bisect_right
        from _bisect import insort_right as insort
        from _collections import _count_elements, deque
        from _functools import _lru_cache_wrapper
        from _thread import _local as local

        def lru_cache(maxsize: int) -> Callable[[Callable], Callable]:
            """Return what ``functools.lru_cache(maxsize)`` returns, but for what it tells of itself."""
            return lambda function: _lru_cache_wrapper(function, maxsize, False, tuple)

    except ImportError:  # an interpreter that has them elsewhere
        from bisect import bisect_left, bisect_right, insort
        from collections import _count_elements, deque
        from functools import lru_cache
        from threading import local

__all__ = ["Counts", "bisect_left", "bisect_right", "deque", "insort", "local", "lru_cache"]


class Counts(Table["Item"]):
    """How often each of some things was counted: 0 of what never was."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.update_with(items)

    def __missing__(self, item: Item) -> int:
        return 0

    def update_with(self, items: Iterable[Item]) -> None:
        """Count ``items``."""
        _count_elements(self, items)

    def most(self) -> tuple[Item, int]:
        """Return what was counted most often, the first of several, and how often; raises ValueError if nothing was."""
        return max(self.items(), key=lambda it: it[1])

    def total(self) -> int:
        """Return how often anything was counted."""
        return sum(self.values())
