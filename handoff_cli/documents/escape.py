"""Strangers' text as Markdown that reads as the plain text it is; ``core.text`` makes it visible first."""

from __future__ import annotations

import re

from handoff_cli.core.text import name, one_line, visible

_MARKUP = re.compile(r"[\\`*\[\]|~]|(?<!\w)_|_(?!\w)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BLOCK_START = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=#>]))")
_BACKTICKS = re.compile("`+")


def prose(text: str) -> str:
    """Return ``text`` as a line of Markdown that reads as the plain text it is, in a paragraph, list or table cell."""
    line = _ENTITY.sub("&amp;", _MARKUP.sub(r"\\\g<0>", one_line(text)))
    return _BLOCK_START.sub(r"\1\\", line.replace("<", "&lt;"))


def code(text: str) -> str:
    """Return ``text`` as one Markdown code span, fenced by more backticks than it holds.

    Inside a table, use ``prose``: readers do not agree on a pipe in a code span there.
    """
    line = name(text)
    if not line.strip():
        return f"`{line or ' '}`"
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(line)), default=0))
    pad = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def quote(text: str) -> str:
    """Return ``text`` as a Markdown block quote, line for line; HTML comments in it are shown, not obeyed."""
    lines = visible(text).strip("\n").replace("<!--", "&lt;!--").split("\n")
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def fence(text: str) -> str:
    """Return ``text`` as a fenced Markdown block, verbatim, fenced by more backticks than it holds."""
    body = visible(text).strip("\n")
    bar = "`" * max(3, 1 + max((len(run) for run in _BACKTICKS.findall(body)), default=0))
    return f"{bar}text\n{body}\n{bar}"
