"""What fills the window, as lines of (text, style) parts for a display of any width."""

from __future__ import annotations

from handoff_cli.cli.lines import tokens
from handoff_cli.core.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoff_cli.cli.lines import Line
    from handoff_cli.transcripts.filling import Context, Row

KIND_NAMES = {
    "system": "system prompt, tools, reminders",
    "summary": "summary of a compaction",
    "user": "user",
    "agent": "agent",
    "reasoning": "reasoning",
    "results": "tool results",
    "text": "text, no speaker known",
    "removed": "taken out by the agent",
}
_HEADS = {
    "piece": "By piece",
    "tool": "By tool",
    "file": "By file",
    "command": "By command",
    "subagent": "By sub-agent",
    "server": "By MCP server",
}
_FIGURE = len("1,000,000  ")
_FIGURES = _FIGURE + len("100.0%  ")
_BAR_CELLS = 20
_LEAST_NAME = 12


def context_lines(
    context: Context, usable: int, advice: Sequence[str], top: int, width: int, *, ascii_only: bool
) -> list[Line]:
    """Return what fills the window in lines ``width`` characters wide; ``top`` rows of each table."""
    kinds = [row.replace(name=KIND_NAMES[row.name]) for row in context.by("kind")]
    lines: list[Line] = [
        [
            (f"{tokens(context.total_tokens, context.method)} of {usable:,} usable tokens", "bold"),
            (f" ({context.method})", ""),
        ],
        *_after(context),
        *_rows("By kind", kinds, width, bars="#" if ascii_only else "█"),
    ]
    for field, head in _HEADS.items():
        lines += _rows(head, context.by(field)[:top], width)
    lines += _largest(context, top, width)
    if advice:
        lines += [[], [("Look at", "bold")]]
        lines += [[(line, "")] for text in advice for line in _wrapped(printable(text), width)]
    return lines


def _after(context: Context) -> Iterable[Line]:
    if context.unreported_tokens:
        yield [(f"~{context.unreported_tokens:,} more since the last response", "dim")]
    for removed in context.removed:
        trigger = f" ({removed.trigger})" if removed.trigger else ""
        yield [
            (f"a compaction{trigger} took what stood before turn {removed.turn + 1}: {removed.tokens:,} tokens", "dim")
        ]


def _rows(head: str, rows: Sequence[Row], width: int, bars: str = "") -> Iterable[Line]:
    if not rows:
        return
    yield []
    yield [(head, "bold")]
    for row in rows:
        figures = f"{row.tokens:>9,}  {row.share:>6.1%}  "
        room = max(_LEAST_NAME, width - _FIGURES - 2)
        cells = min(_BAR_CELLS, room - max(map(len, KIND_NAMES.values())) - 1) if bars else 0
        name = (_beginning if bars else _ending)(printable(row.name), room)
        bar = bars * max(0, round(row.share * cells)) if cells > 0 else ""
        padded = f"{name:<{max(map(len, KIND_NAMES.values()))}} " if bar else name
        yield [(figures, ""), (padded, ""), (bar, "cyan")]


def _largest(context: Context, top: int, width: int) -> Iterable[Line]:
    parts = context.largest(top)
    if not parts:
        return
    yield []
    yield [("Largest pieces", "bold")]
    for part in parts:
        figure = f"{'' if part.method == 'exact' else '~'}{part.tokens:,}"
        turn = f"turn {part.turn}  "
        room = max(_LEAST_NAME, width - len(turn) - _FIGURE)
        yield [(f"{figure:>9}  ", ""), (turn, "dim"), (_beginning(printable(part.label), room), "")]


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, max(_LEAST_NAME, width), initial_indent="  ", subsequent_indent="    ")


def _beginning(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _ending(name: str, room: int) -> str:
    """Return ``name`` in ``room`` characters: of a path the end tells more."""
    return name if len(name) <= room else f"…{name[len(name) - room + 1 :]}"
