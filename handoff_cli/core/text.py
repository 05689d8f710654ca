"""Text fit for its purpose: a stranger's to be shown or to name a file, a time to be read and sorted."""

from __future__ import annotations

import time

from handoff_cli.constants import MAX_SESSION_NAME_CHARS
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAX_IDENTIFIER_CHARS = 100
_IDENTIFIER_MARKS = str.maketrans("._-", "000")


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


def is_identifier(value: Any) -> bool:
    """Return whether ``value`` can be a session's id and part of a file name: one component on every system."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= _MAX_IDENTIFIER_CHARS
        and value.isascii()
        and value[0].isalnum()
        and value.translate(_IDENTIFIER_MARKS).isalnum()
    )


def validate_session_name(name: str) -> str:
    """Return ``name`` when it can be a session's folder name; raise UsageError when it cannot.

    Letters, digits, ``.``, ``_`` and ``-`` are allowed, at most 64 of them, not starting with a dot or a dash: such a
    name is one path component on every system and can never point outside the folder.
    """
    allowed = name.isascii() and name.replace(".", "").replace("_", "").replace("-", "").isalnum()
    if not allowed or name[0] in ".-" or name.endswith(".") or len(name) > MAX_SESSION_NAME_CHARS:
        raise UsageError(
            f"session name {name!r} is not allowed",
            f"use up to {MAX_SESSION_NAME_CHARS} letters, digits, '.', '_' or '-', starting with a letter or digit",
        )
    return name


def utc_iso(seconds: float) -> str:
    """Return Unix time ``seconds`` as UTC in ISO 8601, whole seconds: ``2026-11-23T05:42:00Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def utc_compact(seconds: float) -> str:
    """Return Unix time ``seconds`` as UTC fit for a file name: ``20261123T054200Z``."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


def _written_out(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode("ascii")
