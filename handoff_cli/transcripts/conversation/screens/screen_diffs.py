"""The lines of a change that a screen shows with their numbers and signs, put together where it broke them."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import indent_of

DIFF = compiled(r"\s{0,12}\d{1,7}\s?([ +-])\s?(.*)$")
NUMBERED = compiled(r"\s{3,12}\d{1,7}(?:$|\s?[ +-])")
"""How a numbered line of a change begins, below its call; of an empty one the number stands alone."""


def changed_in(blocks: list[list[str]], apart: str = " ") -> dict[str, str]:
    """Return the old and the new lines that the numbered lines of a result show, nothing where it shows none.

    ``apart`` is what stands between the sign of a line and the line.
    """
    lines = [line for block in blocks for line in _changes(block, apart)]
    old, new = ("\n".join(text for sign, text in lines if sign == wanted) for wanted in "-+")
    return {"old_string": old, "new_string": new} if old or new else {}


def _changes(block: list[str], apart: str) -> list[tuple[str, str]]:
    """Return the numbered lines of a result, each with its sign; what a narrow screen broke is put together."""
    gap = _gap(block)
    lines: list[tuple[str, list[str]]] = []
    number = 0
    for line in block:
        if found := DIFF.match(line):
            number = int(line.split(maxsplit=1)[0].rstrip("+-"))
            lines.append((found[1], [line[found.end(1) :].removeprefix(gap)]))
        elif not line.strip() or _LEFT_OUT.match(line) or _is_number(line, number):
            lines.append((" ", [""]))
        elif lines and len(rows := lines[-1][1]) < _MOST_ROWS and sum(map(len, rows)) < _LONG_LINE:
            signed = _SIGNED.match(line)
            if signed and signed[1] == lines[-1][0]:
                rows.append(signed[2].removeprefix(gap))
            else:
                rows[-1] = _broken_off(rows[-1], line, lines[-2][1][0] if len(lines) > 1 else "")
    full = max((len(row) for _, rows in lines for row in rows[:-1]), default=0)
    lead = "" if gap else apart
    by_words = len(gap) > 1
    return [(sign, _by_words(rows) if by_words else _one_line(rows, full).removeprefix(lead)) for sign, rows in lines]


def _gap(block: list[str]) -> str:
    """Return what stands between the sign of a line and the line: of two columns where no line is set in by an odd one.

    Such screens break lines between words.
    """
    if not block or not f"{block[0]} ".startswith("Updated "):
        return ""
    found = (DIFF.match(line) for line in block if "\\ No newline" not in line)
    rows = (it[0][it.end(1) :] for it in found if it)
    least = min((indent_of(it) for it in rows if it.strip()), default=0)
    return "  " if least and least % 2 == 0 else " "


def _by_words(rows: list[str]) -> str:
    """Return the line that a screen broke into ``rows`` where a word had no room."""
    text = rows[0]
    for row in map(str.strip, rows[1:]):
        text = f"{text}{'' if row and text.strip() and _is_one_word(text, row) else ' '}{row}"
    return text


def _is_number(line: str, before: int) -> bool:
    """Return whether a line is the number of an empty one, behind which no space is left."""
    bare = line.strip()
    return len(bare) < _DIGITS and bare.isdecimal() and 0 <= int(bare) - before <= 1


def _broken_off(row: str, line: str, above: str) -> str:
    """Return a ``row`` with a ``line`` that goes on with it without a sign."""
    rest = _BROKEN_OFF.sub("", line).strip()
    if not row.strip():
        return " " * indent_of(above) + rest
    return f"{row}{'' if _is_one_word(row, rest) else ' '}{rest}"


def _one_line(rows: list[str], full: int) -> str:
    """Return the line that a screen broke into ``rows``, each below the sign of the first, amid words too.

    Of the space that ended a row nothing shows but that the row is by one shorter than ``full``.
    """
    text = before = rows[0]
    for row in rows[1:]:
        short = full - len(before)
        is_apart = short > 1 and not (before[-1:].isalnum() and row[:1].isalnum())
        text += f"{' ' if short == 1 or is_apart else ''}{row}"
        before = row
    return text


def _is_one_word(text: str, rest: str) -> bool:
    """Return whether ``rest`` goes on with the word that ``text`` ends with: it is too long for a line of a screen."""
    before, after = text.rsplit(maxsplit=1)[-1], rest.split(" ", 1)[0]
    joins = before[-1].isalnum() and after[:1].isalnum()
    return joins and len(before) >= _LONG_WORD and len(before) + len(after) >= _BROKEN_WORD


_LONG_WORD, _BROKEN_WORD, _LONG_LINE = 24, 48, 2_000
_MOST_ROWS, _DIGITS = 64, 8
_SIGNED = compiled(r"\s{0,24}([+-])(.*)$")
_BROKEN_OFF = compiled(r"\s*[+-] (?=.)")
_LEFT_OUT = compiled(r"\s*(?:…|⋮|\.\.\.|═{4})")
