"""Regular expressions that are compiled when they are first used: compiling all at import costs more than most runs."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")


class _Pattern:
    """Stands for a pattern until it is asked for anything; then it has the methods of the compiled one as its own."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern = text
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        made = re.compile(self.pattern, self.flags)
        self.__dict__.update({method: getattr(made, method) for method in _METHODS})
        return getattr(made, name)


def lazily(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what ``re.compile`` returns, compiled at its first use."""
    return _Pattern(pattern, int(flags))  # type: ignore[return-value]  # it has all that is asked of one
