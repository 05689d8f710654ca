"""Our lines in a file of plain text (a git hook, a Makefile), between two marks that say whose they are."""

from __future__ import annotations

import re

_OPEN, _CLOSE = "# >>> handoff >>>", "# <<< handoff <<<"
_BLOCK = re.compile(rf"{re.escape(_OPEN)}[^\n]*\n.*?{re.escape(_CLOSE)}[^\n]*\n?", re.DOTALL)


def block(lines: str) -> str:
    """Return ``lines`` between the marks."""
    return f"{_OPEN}\n{lines.rstrip()}\n{_CLOSE}\n"


def merged(text: str, lines: str, *, after_first_line: bool) -> str:
    """Return ``text`` with ``lines`` between marks: in the place of those there, else on top or at the end.

    ``after_first_line`` puts them behind the first line, where a script says who runs it.
    """
    ours = block(lines)
    if (found := _BLOCK.search(text)) is not None:
        return text[: found.start()] + ours + text[found.end() :]
    if not after_first_line:
        return f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{ours}"
    first, line_end, rest = text.partition("\n")
    return f"{first}{line_end or chr(10)}{ours}{rest}"


def removed(text: str) -> str:
    """Return ``text`` without our lines and their marks."""
    return _BLOCK.sub("", text)


def has_block(text: str) -> bool:
    """Return whether ``text`` holds lines of ours."""
    return _BLOCK.search(text) is not None
