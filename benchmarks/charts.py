"""Two kinds of charts as SVG: equal data give equal bytes, and the colours suit a light page and a dark one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

COLOURS = ("#3987e5", "#d55e00", "#008b6b", "#c26a9a", "#b58900", "#4bb0d1", "#8c6bb1", "#7f8790")
"""Each told from the next without seeing red or green, and readable on white and on black."""
WIDTH, RIGHT, TOP, ROW = 860, 70, 64, 22
_CHARACTER = 6.6
"""The width of a character of the labels, about."""
_TICKS = 8
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-size:15px;font-weight:600}"
    ".grid{stroke:#d0d7de}.mark{stroke:#24292f;stroke-dasharray:4 3}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#3d444d}.mark{stroke:#e6edf3}}"
)


@dataclass(frozen=True)
class Bar:
    """A labelled row of a bar chart: lengths laid end to end, the series each belongs to, and a note behind them."""

    label: str
    parts: tuple[tuple[int, float], ...]
    note: str


def bars(title: str, unit: str, rows: list[Bar], legend: tuple[str, ...], most: float, mark: tuple[float, str]) -> str:
    """Return horizontal bars up to ``most`` (longer ones are cut off there) with a dashed line at ``mark``."""
    left = 30 + _CHARACTER * max(len(row.label) for row in rows)
    scale = (WIDTH - left - RIGHT) / most
    bottom = TOP + ROW * len(rows) + 20
    drawn = _grid([(left + at * scale, f"{at:g}") for at in _ticks(most)], bottom)
    for number, row in enumerate(rows):
        y, begun = TOP + 20 + ROW * number, 0.0
        drawn.append(_text(left - 8, y + 12, row.label, "end"))
        for series, length in row.parts:
            ended = min(begun + length, most)
            colour = COLOURS[series % len(COLOURS)]
            drawn.append(
                f'<rect x="{left + begun * scale:.1f}" y="{y}" width="{(ended - begun) * scale:.1f}" '
                f'height="{ROW - 6}" fill="{colour}"/>'
            )
            begun = ended
        drawn.append(_text(left + begun * scale + 5, y + 12, row.note))
    at = left + mark[0] * scale
    drawn += [_line(at, TOP + 14, at, bottom, "mark"), _text(at, TOP + 10, mark[1], "middle")]
    return _page(title, unit, drawn, legend, bottom)


def lines(title: str, axes: tuple[str, str], series: dict[str, list[tuple[float, float]]]) -> str:
    """Return lines through points, both axes logarithmic; ``axes`` are what they are named."""
    spans = [_decades([point[axis] for points in series.values() for point in points]) for axis in (0, 1)]
    left, bottom = 60, TOP + 320

    def place(value: float, axis: int, begun: float, ended: float) -> float:
        low, high = spans[axis]
        return begun + (math.log10(value) - low) / (high - low) * (ended - begun)

    def spot(x: float, y: float) -> tuple[float, float]:
        return place(x, 0, left, WIDTH - RIGHT), place(y, 1, bottom, TOP + 20)

    decades = [[10.0**power for power in range(low, high + 1)] for low, high in spans]
    drawn = _grid([(spot(value, 1)[0], f"{value:,.0f}") for value in decades[0]], bottom)
    for value in decades[1]:
        y = spot(1, value)[1]
        drawn += [_line(left, y, WIDTH - RIGHT, y, "grid"), _text(left - 6, y + 4, f"{value:,.0f}", "end")]
    drawn.append(_text(left - 40, TOP + 8, axes[1]))
    for number, points in enumerate(series.values()):
        colour, spots = COLOURS[number % len(COLOURS)], [spot(*point) for point in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
    return _page(title, axes[0], drawn, tuple(series), bottom)


def _page(title: str, unit: str, drawn: list[str], legend: tuple[str, ...], bottom: float) -> str:
    x, keys = 20.0, []
    for number, name in enumerate(legend):
        keys += [f'<rect x="{x:.1f}" y="34" width="11" height="11" fill="{COLOURS[number % len(COLOURS)]}"/>']
        keys += [_text(x + 16, 44, name)]
        x += 29 + _CHARACTER * len(name)
    height = bottom + 48
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<text class="title" x="20" y="20">{escape(title)}</text>',
    )
    return "\n".join([*head, *keys, *drawn, _text(WIDTH / 2, bottom + 38, unit, "middle"), "</svg>\n"])


def _grid(ticks: list[tuple[float, str]], bottom: float) -> list[str]:
    """Return upright lines, each with its label below."""
    return [
        part
        for x, label in ticks
        for part in (_line(x, TOP + 16, x, bottom, "grid"), _text(x, bottom + 16, label, "middle"))
    ]


def _ticks(most: float) -> list[float]:
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000) if most / step <= _TICKS)
    return [float(at) for at in range(0, int(most) + 1, step)]


def _decades(values: list[float]) -> tuple[int, int]:
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'
