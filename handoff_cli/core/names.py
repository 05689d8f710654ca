"""Names that are part of paths: one component on every system, never a way out of the folder."""

from __future__ import annotations

from handoff_cli.constants import MAX_SESSION_NAME_CHARS
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAX_IDENTIFIER_CHARS = 100
_IDENTIFIER_MARKS = str.maketrans("._-", "000")


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
