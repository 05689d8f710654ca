"""Strangers' text made safe to show: nothing in it can draw, move the cursor or break a line."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Return ``text`` with every character a terminal could act on written out (``\x1b``, ``\n``, ``\u202e``).

    What counts is Python's ``str.isprintable``: controls, format characters such as bidirectional overrides,
    line and paragraph separators, lone surrogates and unassigned code points are not printable.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _written_out(char) for char in text)


def printable_block(text: str) -> str:
    """Return ``text`` as ``printable`` does, keeping line ends and tabs: for whole documents."""
    return "\n".join("\t".join(printable(cell) for cell in line.split("\t")) for line in text.split("\n"))


def shorten(text: str, limit: int) -> str:
    """Return ``text`` cut to at most ``limit`` characters, a cut marked by an ellipsis that counts as one."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _written_out(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode("ascii")
