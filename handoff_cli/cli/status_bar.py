"""The one line of a status bar: a template filled in, cut to the width there is, and painted without rich."""

from __future__ import annotations

import re

from handoff_cli.cli.layout import LEVEL_STYLES, MIN_BAR_CELLS
from handoff_cli.core.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.cli.layout import Line
    from handoff_cli.usecases.statusline import StatusLine

STATUS_TEMPLATE = "{bar} {percent} {tokens}/{usable} {model} {level}"
_ANSI = {"dim": "2", "bold": "1", "green": "32", "yellow": "33", "red": "31", "bold red": "1;31"}
_THOUSAND, _MILLION = 1_000, 1_000_000
_STATUS_BAR_CELLS = 20


def status_line(line: StatusLine, template: str, width: int, *, ascii_only: bool) -> Line:
    """Return a status line: ``template`` with its fields filled in, at most ``width`` characters wide.

    Fields: ``{bar}``, ``{percent}`` (of the usable window), ``{tokens}``, ``{usable}``, ``{window}``, ``{left}``,
    ``{level}``, ``{model}``, ``{session}``; any other word in braces stays. The bar is the whole context window, with a
    mark where the agent compacts.
    """
    style = LEVEL_STYLES[line.level]
    known = line.tokens is not None
    total = line.tokens or 0
    fields = {
        "percent": (f"{line.usable_share:.0%}" if known else "--%", style),
        "tokens": (_short(total) if known else "--", ""),
        "usable": (_short(line.usable), ""),
        "window": (_short(line.window), ""),
        "left": (_short(max(0, line.usable - total)), ""),
        "level": (line.level, style),
        "model": (printable(line.model), "dim"),
        "session": (printable(line.session), "dim"),
    }
    pieces = re.split(r"\{(bar|percent|tokens|usable|window|left|level|model|session)\}", printable(template))
    taken = sum(len(piece if index % 2 == 0 else fields.get(piece, ("",))[0]) for index, piece in enumerate(pieces))
    cells = max(MIN_BAR_CELLS, min(_STATUS_BAR_CELLS, width - taken - len("[]")))
    parts: Line = []
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            parts.append((piece, ""))
        elif piece == "bar":
            parts += _window_bar(line, cells, style, ascii_only=ascii_only)
        else:
            parts.append(fields[piece])
    return _cut(parts, width)


def _window_bar(line: StatusLine, cells: int, style: str, *, ascii_only: bool) -> Line:
    full, rest, mark = ("#", "-", "|") if ascii_only else ("█", "░", "┃")
    filled = min(cells, round((line.tokens or 0) / line.window * cells))
    bar = full * filled + rest * (cells - filled)
    compacts = round(line.usable / line.window * cells)
    if compacts >= cells:
        return [("[", "dim"), (bar[:filled], style), (bar[filled:], "dim"), ("]", "dim")]
    before, after = bar[:compacts], bar[compacts + 1 :]
    left = [(before[:filled], style), (before[filled:], "dim")]
    beyond = max(0, filled - compacts - 1)
    return [("[", "dim"), *left, (mark, "bold"), (after[:beyond], style), (after[beyond:], "dim"), ("]", "dim")]


def _cut(parts: Line, width: int) -> Line:
    """Return ``parts`` cut to ``width`` characters."""
    kept: Line = []
    for text, style in parts:
        if width <= 0:
            break
        kept.append((text[:width], style))
        width -= len(text)
    return kept


def _short(number: int) -> str:
    """Return a number of tokens in few characters: 950, 137k, 1.2M; it says no more than it shows."""
    if number < _THOUSAND:
        return str(number)
    return f"{number // _THOUSAND}k" if number < _MILLION else f"{number / _MILLION:.1f}M"


def painted(parts: Line, *, colored: bool) -> str:
    """Return ``parts`` as text, their styles written out for a terminal where ``colored``."""
    return "".join(_painted(text, style if colored else "") for text, style in parts)


def _painted(text: str, style: str) -> str:
    return f"\x1b[{_ANSI[style]}m{text}\x1b[0m" if style and text else text
