"""What the path of a file says by itself."""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import caseless


def name_of(path: str) -> str:
    """Return the last part of a path, of either kind of slash; empty where it ends with one."""
    return path.replace("\\", "/").rpartition("/")[2]


@lru_cache(maxsize=1_024)
def is_test(path: str) -> bool:
    """Return whether the file at ``path``, which a line or a test's name may follow, holds tests by name or folder."""
    return _TESTS.search(path) is not None


_TESTS = caseless(
    r"(?:^|[/\\])(?:tests?|specs?|__tests__)[/\\]|[._-](?:test|spec)s?\.\w+(?::|$)|(?:^|[/\\])test_[^/\\:]*\.\w+(?::|$)"
)
