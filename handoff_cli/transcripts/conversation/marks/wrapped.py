"""Text that a screen, or a person, broke into lines: what goes on stands on one line again."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import indent_of

_LEAST_BROKEN, _WORD_CHARS = 75, 12
_PROSE = compiled(r"[^\W\d_](?:[^\W\d_]|['\u2019-])*(?:[,.;:!?)]*$|[,;:]? (?![=(+*/<>{&|-]))")
"""How a line begins that is words and no code."""

_LIST_ITEM = compiled(r"\s*(?:-(?!-?[a-z])|[*+•·▪◦>|#]|(\d{1,3})[.)](?!\d)|[a-z][.)](?!\w)|```|\[[ x]\]|[☐☒✅❌✔✓]) ?")
"""How an item begins, and no option of a command, figure or name with a point (``q.pending``).

A number that no item before leads up to is the end of a sentence that was broken before it.
"""


_OPTION = compiled(r"-\w")
"""How an option of a command begins, or a figure below none, which a full line had no room for."""


def unwrapped(lines: list[str], width: int) -> str:
    """Return the text of lines that a screen of ``width`` columns broke, where the next word had no room."""
    text: list[str] = []
    before = ""
    fenced = False
    number = 0
    for line in fenced_code(lines) if any(map(_FIRST_ROW.match, lines)) else lines:
        bare = line.strip()
        fenced ^= bare.startswith("```")
        item = _LIST_ITEM.match(line)
        counted = int(item[1]) if item and item[1] else 0
        has_room = not width or len(before) + 1 + len(bare.split(" ", 1)[0]) <= width - 1
        is_item = item is not None and not (counted > number + 1 and before[-1:].isalnum())
        is_item = is_item and (has_room or not _OPTION.match(bare))
        number = counted if is_item and counted else number
        below = not is_item and indent_of(line) <= indent_of(before) + 3
        goes_on = before and bare and not fenced and below and not (_is_row(bare) or _is_row(before))
        if goes_on and (not has_room or _is_broken(before, bare)):
            whole = _is_split(before, bare, width) or (before[-1] == "-" and _is_hyphened(before, bare))
            text[-1] = f"{text[-1]}{'' if whole else ' '}{bare}"
        else:
            text.append(line)
        before = line
    indent = min((indent_of(it) for it in text[1:] if it.strip()), default=0)
    return "\n".join([it.strip() if not at else it[indent:] for at, it in enumerate(text)])


def fenced_code(lines: list[str]) -> list[str]:
    """Return ``lines`` with code in fences where a screen set it in and numbered its rows from one on."""
    told: list[str] = []
    at = 0
    while at < len(lines):
        rows: list[str] = []
        while at + len(rows) < len(lines) and (row := _CODE_ROW.match(lines[at + len(rows)])):
            if int(row[1]) != len(rows) + 1:
                break
            rows.append(row[2] or "")
        is_code = len(rows) >= _FEWEST_ROWS and any(map(_OF_CODE.search, rows))
        if is_code and all(map(indent_of, lines[at : at + len(rows)])):
            margin = " " * indent_of(next((it for it in reversed(told) if it.strip()), ""))
            told += [f"{margin}{it}" for it in ("```", *rows, "```")]
        else:
            told += lines[at : at + max(1, len(rows))]
        at += max(1, len(rows))
    return told


_FIRST_ROW, _CODE_ROW = compiled(r" {1,6}1 {1,80}\S"), compiled(r" {1,6}(\d{1,4})(?: (.*))?$")
_FEWEST_ROWS, _OF_CODE = 2, compiled(r"[(){};=<>\[\]]|:$|^\s*(?:import|from|use|package|return|#|//) ?\S")


def _is_row(text: str) -> bool:
    """Return whether a line is of a table whose columns spaces part."""
    return "  " in text and sum(bool(it.strip()) for it in text.split("  ")) >= _COLUMNS


_COLUMNS = 3


def _is_split(before: str, bare: str, width: int) -> bool:
    """Return whether a line that is full ends amid a word, which is too long for a line of its own."""
    word = len(before.rsplit(" ", 1)[-1]) + len(bare.split(" ", 1)[0])
    return bool(width) and len(before) >= width - _FULL and word > width - indent_of(before)


_FULL = 3


def _is_hyphened(before: str, bare: str) -> bool:
    """Return whether a word was broken behind its hyphen, where some screens break one, and no other is to be added."""
    return before[-2:-1].isalnum() and bare[0].isalnum() and bare.split(" ", 1)[0] not in _LINKS


_LINKS = ("and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e")
"""What stands behind the hyphen of a word whose second part comes later: ``read- and write-locks``."""


def _is_broken(before: str, bare: str) -> bool:
    """Return whether a sentence of which a line is long goes on below it: the screen was not always so wide."""
    return (
        len(before) >= _LEAST_BROKEN
        and bare[0].islower()
        and (before[-1].isalnum() or before[-1] in ",)'\"")
        and before.count(" ") * _WORD_CHARS >= len(before)
        and _PROSE.match(bare) is not None
    )
