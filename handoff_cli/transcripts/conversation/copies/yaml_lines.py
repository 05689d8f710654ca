"""The part of YAML in which people and programs write conversations down: mappings, lists, texts over several lines.

Anchors, tags and several documents are not read: raises ValueError, as for anything else that is none of these.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.values import UNDECODABLE, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEY = compiled(r"(?:\"([^\"]{1,80})\"|'([^']{1,80})'|([^\s\"'#\[\]{}>|*&!%@`-][^:#]{0,80}?))\s?:(?:\s+(.*))?$")
_BLOCK = compiled(r"[|>][+-]?\d?[+-]?(?:\s+#.*)?$")
_MOST_DEPTH = 40


def value_of(text: str) -> Any:
    """Return what a document of YAML holds; every scalar but JSON's own is text."""
    lines = _Lines(text.split("\n"))
    value = _node(lines, 0, 0)
    if lines.peek() is not None:
        raise ValueError
    return value


class _Lines:
    """The lines that are to be read, with how far each is set in."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at = lines, 0

    def peek(self) -> tuple[int, str] | None:
        """Return the next line that says something: how far it is set in, and the rest; None at the end."""
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip()
            bare = line.lstrip(" ")
            if bare and bare[0] != "#" and line not in ("---", "..."):
                return len(line) - len(bare), bare
            self.at += 1
        return None

    def replace(self, column: int, bare: str) -> None:
        """Let the next line be ``bare``, set in to ``column``."""
        self.lines[self.at] = " " * column + bare


def _node(lines: _Lines, least: int, depth: int) -> Any:
    """Return the list or the mapping that begins with the next line, set in by ``least`` or more."""
    found = lines.peek()
    if found is None or found[0] < least:
        return None
    if depth > _MOST_DEPTH:
        raise ValueError
    column, bare = found
    if bare[:2] == "- " or bare == "-":
        return _list(lines, column, depth)
    if _KEY.match(bare):
        return _mapping(lines, column, depth)
    lines.at += 1
    return _scalar(lines, bare, column - 1)


def _list(lines: _Lines, column: int, depth: int) -> list[Any]:
    values = []
    while (found := lines.peek()) and found[0] == column and (found[1][:2] == "- " or found[1] == "-"):
        rest = found[1][1:].lstrip()
        if not rest:
            lines.at += 1
            values.append(_node(lines, column + 1, depth + 1))
        elif _BLOCK.match(rest):
            lines.at += 1
            values.append(_text(lines, rest, column))
        else:
            lines.replace(column + len(found[1]) - len(rest), rest)
            values.append(_node(lines, column + 1, depth + 1))
    return values


def _mapping(lines: _Lines, column: int, depth: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    while (found := lines.peek()) and found[0] == column and (pair := _KEY.match(found[1])):
        key, rest = pair[1] or pair[2] or pair[3], (pair[4] or "").strip()
        lines.at += 1
        if key in fields:
            raise ValueError  # a log, in which somebody speaks again
        if not rest:
            below = lines.peek()
            is_list = below is not None and below[0] == column and below[1][:2] == "- "
            fields[key] = _node(lines, column if is_list else column + 1, depth + 1)
        elif _BLOCK.match(rest):
            fields[key] = _text(lines, rest, column)
        else:
            fields[key] = _scalar(lines, rest, column)
    if found and found[0] > column:
        raise ValueError
    return fields


def _text(lines: _Lines, sign: str, column: int) -> str:
    """Return the text in the lines that are set in below a sign of one: each a line, or folded to paragraphs."""
    taken: list[str] = []
    while lines.at < len(lines.lines):
        line = lines.lines[lines.at].rstrip()
        if line and len(line) - len(line.lstrip(" ")) <= column:
            break
        taken.append(line)
        lines.at += 1
    filled = [it for it in taken if it]
    margin = min((len(it) - len(it.lstrip(" ")) for it in filled), default=0)
    text = "\n".join(it[margin:] for it in taken).rstrip("\n")
    return text if sign[0] == "|" else _folded(text)


def _folded(text: str) -> str:
    return "\n".join(" ".join(part.split("\n")) for part in text.split("\n\n"))


def _scalar(lines: _Lines, first: str, column: int) -> Any:
    """Return a value that begins on a line, and goes on in those set in below it."""
    parts = [first]
    is_open = first[0] in "\"'[{" and not _is_whole(first)
    while (found := lines.peek()) and (found[0] > column or is_open):
        if not is_open and _KEY.match(found[1]) and first[0] not in "\"'":
            raise ValueError
        parts.append(found[1])
        lines.at += 1
        is_open = is_open and not found[1].endswith(_ENDS[first[0]])
    text = " ".join(parts)
    if text[0] == "'" and text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if text[0] in "&*!":
        raise ValueError
    value = decode(text)
    return text if value is UNDECODABLE or isinstance(value, float) else value


_ENDS = {'"': '"', "'": "'", "[": "]", "{": "}"}


def _is_whole(text: str) -> bool:
    return len(text) > 1 and text.endswith(_ENDS[text[0]])
