"""The live view of sessions, as lines of (text, style) parts for a display of any width."""

from __future__ import annotations

from handoff_cli.cli import lines
from handoff_cli.core.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.cli.lines import Line
    from handoff_cli.usecases.watch import Row

_SPARKS, _ASCII_SPARKS = "▁▂▃▄▅▆▇█", "_.-=+*#@"
_MAX_BAR_CELLS = 40
_LEAST_BAR_CELLS = 8
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def board_lines(rows: Sequence[Row], where: str, now: float, width: int, *, ascii_only: bool) -> list[Line]:
    """Return the sessions ``rows`` in lines ``width`` characters wide, as they are at ``now`` (Unix seconds)."""
    shown: list[Line] = [[(_fit(printable(where), width), "dim")]]
    if not rows:
        return [*shown, [("no session yet", "")]]
    for row in rows:
        shown += [[], *_row_lines(row, now, width, ascii_only=ascii_only)]
    return shown


def spark(figures: Sequence[int], *, ascii_only: bool) -> str:
    """Return ``figures`` as a row of marks, from the lowest for nothing to the highest for the largest of them."""
    marks = _ASCII_SPARKS if ascii_only else _SPARKS
    most = max(figures, default=0)
    return "".join(marks[min(len(marks) - 1, figure * len(marks) // (most + 1))] for figure in figures) if most else ""


def age(seconds: float) -> str:
    """Return how long ago something was, in one unit: ``12 s``, ``3 min``, ``2 h``, ``5 d``."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "0 s"


def _row_lines(row: Row, now: float, width: int, *, ascii_only: bool) -> list[Line]:
    status = row.status
    if status is None:
        return [[(_fit(f"{row.name}: {printable(row.problem)}", width), "red")]]
    style = lines.LEVEL_STYLES[status["level"]]
    about = " ".join(filter(None, (row.name, status["agent"], status["model"])))
    share = f" {lines.percent(status['total_tokens'], status['usable_tokens']):>6} {status['level']}"
    cells = max(_LEAST_BAR_CELLS, min(_MAX_BAR_CELLS, width - len(share) - len("[]")))
    bar = lines.bar(status["usable_percentage"], status["warning_threshold"], cells, style, ascii_only=ascii_only)
    figures = (
        f"{lines.tokens(status['total_tokens'], status['method'])}/{status['usable_tokens']:,}"
        f"  {spark(row.figures, ascii_only=ascii_only)}"
    )
    return [
        [(_fit(printable(about), width), "bold")],
        [*bar, (share, style)],
        [(_fit(figures.rstrip(), width), "")],
        *([[(_fit(text, width), "dim")] for text in (_growth(row), _happened(row, now)) if text]),
    ]


def _growth(row: Row) -> str:
    status = row.status
    if status is None or not status["tokens_per_turn"]:
        return ""
    left = "" if row.turns_left is None else f", ~{lines.counted(row.turns_left, 'turn')} until {row.line}"
    return f"+{status['tokens_per_turn']:,} a turn{left}"


def _happened(row: Row, now: float) -> str:
    from calendar import timegm
    from time import strptime

    since = age(now - timegm(strptime(row.time, "%Y-%m-%dT%H:%M:%SZ")))
    document = "no handoff" if row.document_time is None else f"handoff {age(now - row.document_time)} old"
    return f"{since} ago, {document}: {printable(row.event)}"


def _fit(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
