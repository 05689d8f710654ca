"""What a piece of text is about by what its user said first: in messages as JSON, below the banner of an agent."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

_TYPED = ("> ", "❯ ", "› ")
_USERS = ('"user"', '"human"')
_TEXTS = ('"content"', '"text"', '"value"')
_MOST_KEYS = 20


def said_first(head: str) -> str:
    """Return what a user said first in a text that begins with ``head``, up to the first line's end; empty if unknown.

    The text of a message stands behind its role.
    """
    if head.lstrip()[:1] in ("[", "{"):
        at = min((it for it in map(head.find, _USERS) if it >= 0), default=-1)
        return _text_behind(head[at:]) if at >= 0 else ""
    lines = (line.strip().strip("│┃║ ") for line in head.splitlines())
    return next((it[2:].strip() for it in lines if it.startswith(_TYPED) and it[2:].strip()), "")


def _text_behind(rest: str) -> str:
    """Return the first line of the first text that a member of a message has, its quotes as they were."""
    for _ in range(_MOST_KEYS):
        key = min(((at, it) for it in _TEXTS if (at := rest.find(it)) >= 0), default=None)
        if key is None:
            break
        rest = rest[key[0] + len(key[1]) :].lstrip()
        value = rest[1:].lstrip() if rest[:1] == ":" else ""
        if value[:1] == '"':
            return value[1:].replace('\\"', "\0").partition('"')[0].replace("\0", '"').partition("\\n")[0].strip("\\ ")
    return ""
