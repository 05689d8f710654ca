"""Our lines in a file of plain text (a git hook, a Makefile), between two marks that say whose they are."""

from __future__ import annotations

import re

_JOINED = " (the line before had no end)"
_OPEN, _CLOSE = "# >>> handoff >>>", "# <<< handoff <<<"
_BLOCK = re.compile(rf"{re.escape(_OPEN)}[^\n]*\n.*?{re.escape(_CLOSE)}[^\n]*\n?", re.DOTALL)


def block(lines: str, remark: str = "") -> str:
    """Return ``lines`` between the marks, the first of which has a ``remark``."""
    return f"{_OPEN}{remark}\n{lines.rstrip()}\n{_CLOSE}\n"


def merged(text: str, lines: str, *, after_first_line: bool) -> str:
    """Return ``text`` with ``lines`` between marks: in the place of those there, else on top or at the end.

    ``after_first_line`` puts them behind the first line, where a script says who runs it.
    """
    ours = block(lines)
    if (found := _BLOCK.search(text)) is not None:
        remark = found[0].partition("\n")[0].removeprefix(_OPEN)
        return text[: found.start()] + block(lines, remark) + text[found.end() :]
    if not after_first_line:
        return f"{text}{ours}" if text.endswith("\n") or not text else f"{text}\n{block(lines, _JOINED)}"
    first, line_end, rest = text.partition("\n")
    return f"{first}{line_end or chr(10)}{ours}{rest}"


def removed(text: str) -> str:
    """Return ``text`` without our lines and their marks."""
    joined = re.compile(rf"\n{re.escape(_OPEN + _JOINED)}\n")
    return _BLOCK.sub("", joined.sub(f"{_OPEN}\n", text))


def has_block(text: str) -> bool:
    """Return whether ``text`` holds lines of ours."""
    return _BLOCK.search(text) is not None
