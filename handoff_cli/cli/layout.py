"""What a status looks like, as lines of (text, style) parts: the same for a terminal with colors and for a pipe."""

from __future__ import annotations

from handoff_cli.core.text import printable, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.tokens.count import TokenCount
    from handoff_cli.usecases.pieces import Piece
    from handoff_cli.usecases.status import TokenStatus

    Line = list[tuple[str, str]]

LEVEL_STYLES = {"ok": "green", "warning": "yellow", "critical": "red", "over": "bold red"}
REACHED = {
    "warning": "warning threshold reached",
    "critical": "critical threshold reached",
    "over": "the usable window is full",
}
ABOVE = {"warning": "above the warning threshold", "critical": "above the critical threshold", "over": REACHED["over"]}
_MAX_BAR_CELLS = 50
MIN_BAR_CELLS = 8
_NARROW = 40
_PERCENT_AND_LEVEL = len("[] 1000.0%  critical")


def bar_lines(status: TokenStatus, width: int, *, ascii_only: bool) -> list[Line]:
    """Return the bar and the figures under it, for a display ``width`` characters wide.

    The bar shows the share of the usable window, which is what the thresholds compare with; a tick marks the warning.
    """
    style = LEVEL_STYLES[status["level"]]
    cells = max(MIN_BAR_CELLS, min(_MAX_BAR_CELLS, width - _PERCENT_AND_LEVEL))
    filled = min(cells, round(status["usable_percentage"] * cells))
    full, rest, tick = ("#", "-", "|") if ascii_only else ("█", "░", "▏")
    empty = rest * (cells - filled)
    mark = round(status["warning_threshold"] * cells) - filled
    if 0 <= mark < len(empty):
        empty = empty[:mark] + tick + empty[mark + 1 :]
    return [
        [
            ("[", "dim"),
            (full * filled, style),
            (empty, "dim"),
            ("] ", "dim"),
            (_percent(status), style),
            (f"  {status['level']}", style),
        ],
        *([(line, "")] for line in figure_lines(status, width)),
        *_window_line(status),
    ]


def figure_lines(status: TokenStatus, width: int) -> list[str]:
    """Return tokens, window and method in words, broken where ``width`` demands; an estimate has ``~`` and a band."""
    total = tokens(status["total_tokens"], status["method"])
    window = f"{total} of {status['context_window_limit']:,} tokens,"
    rest = [f"{status['remaining_tokens']:,} left", f"({method(status)})"]
    line = " ".join([window, *rest])
    return [line] if len(line) <= width else [window, " ".join(rest)] if width > _NARROW else [window, *rest]


def method(status: TokenStatus) -> str:
    """Return how the figure came about: method, band where it is an estimate, and encoding."""
    if status["method"] == "estimated":
        return f"estimated {status['low_tokens']:,}..{status['high_tokens']:,}, {status['encoding']}"
    return status["method"] if status["method"] == "exact" else f"counted, {status['encoding']}"


def count_line(count: TokenCount) -> str:
    """Return a count in words, with its method and encoding, and its band where it is an estimate."""
    band = f" {count.low:,}..{count.high:,}" if count.method == "estimated" else ""
    return f"{tokens(count.tokens, count.method)} tokens ({count.method}{band}, {count.tokenizer or count.encoding})"


def added_lines(piece: Piece, width: int) -> list[Line]:
    """Return what one tracked piece added, and by which factor where it is an estimate, ``width`` characters wide."""
    count = piece.count
    described = f": {printable(shorten(piece.description, 60))}" if piece.description else ""
    took = f" ({printable(piece.took)})" if piece.took else ""
    sign = "=" if piece.usage else "+"
    added: Line = [
        (f"{sign}{tokens(count.tokens, count.method)}", "bold"),
        (f" {printable(piece.source)}{described}{took}", ""),
    ]
    words = printable(count.note).split() if count.method == "estimated" else []
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [added, *([(line, "dim")] for line in lines)]


def read_line(status: TokenStatus, format_: str, *, changed: bool) -> Line:
    """Return what was read of a transcript, by which rule, and whether it told anything new."""
    rule = "" if changed else "nothing new; "
    return [
        (f"{format_} ", "bold"),
        (f"{printable(status['transcript'] or '')}: {rule}{printable(status['usage_rule'] or '')}", ""),
    ]


def one_line(status: TokenStatus) -> str:
    """Return the status for prompts and status bars: percent of the usable window, tokens, level, on one plain line."""
    total, usable = status["total_tokens"], status["usable_tokens"]
    return f"{_percent(status).strip()} {tokens(total, status['method'])}/{usable:,} {status['level']}"


def _window_line(status: TokenStatus) -> list[Line]:
    parts = []
    if status["usable_tokens"] != status["context_window_limit"]:
        parts.append(f"usable window {status['usable_tokens']:,}, {status['usage_percentage']:.1%} of the whole")
    if status["model"]:
        parts.append(f"model {printable(status['model'])}")
    return [[(", ".join(parts), "dim")]] if parts else []


def _percent(status: TokenStatus) -> str:
    return f"{status['usable_percentage']:5.1%}"


def tokens(number: int, method_name: str) -> str:
    """Return a number of tokens; an estimate is marked ``~``."""
    return f"{'~' if method_name == 'estimated' else ''}{number:,}"
