"""What a status looks like, as lines of (text, style) parts: the same for a terminal with colors and for a pipe."""

from __future__ import annotations

from handoff_cli.core.text import printable, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.session import Entry
    from handoff_cli.tokens.count import TokenCount
    from handoff_cli.tracker.pieces import Piece
    from handoff_cli.tracker.sessions import SessionStatus
    from handoff_cli.tracker.status import CheckpointStatus, TokenStatus
    from handoff_cli.tracker.statusline import StatusLine

    Line = list[tuple[str, str]]

LEVEL_STYLES = {"ok": "green", "warning": "yellow", "critical": "red", "over": "bold red"}
STATUS_TEMPLATE = "{bar} {percent} {tokens}/{usable} {model} {level}"
_THOUSAND, _MILLION = 1_000, 1_000_000
_STATUS_BAR_CELLS = 20
REACHED = {
    "warning": "warning threshold reached",
    "critical": "critical threshold reached",
    "over": "the usable window is full",
}
ABOVE = {"warning": "above the warning threshold", "critical": "above the critical threshold", "over": REACHED["over"]}
_MAX_BAR_CELLS = 50
_MIN_BAR_CELLS = 8
_NARROW = 40
_LOG_TEXT_CHARS = 100
_PERCENT_AND_LEVEL = len("[] 1000.0%  critical")


def bar_lines(status: TokenStatus, width: int, *, ascii_only: bool) -> list[Line]:
    """Return the bar and the figures under it, for a display ``width`` characters wide.

    The bar shows the share of the usable window, which is what the thresholds compare with; a tick marks the warning.
    """
    style = LEVEL_STYLES[status["level"]]
    cells = max(_MIN_BAR_CELLS, min(_MAX_BAR_CELLS, width - _PERCENT_AND_LEVEL))
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


def window_lines(status: TokenStatus) -> list[Line]:
    """Return where the window and its usable part come from, and the transcript the usage was read from."""
    window, usable = printable(status["context_window_source"]), printable(status["usable_source"])
    lines: list[Line] = [[(f"window by {window}; usable: {usable}", "dim")]]
    if status["transcript"]:
        agent = " ".join(filter(None, (status["agent"], status["agent_version"]))) or "transcript"
        peak = f"peak {status['peak_tokens']:,}, {counted(status['compaction_count'], 'compaction')}"
        lines.append([(f"{printable(agent)}, {peak}: {printable(status['transcript'])}", "dim")])
    return lines


def checkpoint_lines(status: TokenStatus) -> list[Line]:
    """Return the last checkpoints, newest last, with a line saying how many came before."""
    shown = status["checkpoints"]
    if not shown:
        return [[("no checkpoints yet", "dim")]]
    earlier = status["checkpoint_count"] - len(shown)
    count = status["checkpoint_count"]
    head = counted(count, "checkpoint") + (f", the last {len(shown)}:" if earlier else ":")
    return [[(head, "bold")], *(_checkpoint_line(item) for item in shown)]


def entry_line(entry: Entry) -> str:
    """Return a ledger entry as one line of a log: time, sequence number, tokens, what it is."""
    head = f"{entry['time'][:10]} {entry['time'][11:19]}  {entry['sequence']:>4}  "
    if entry["kind"] == "session":
        after = f" after {entry['previous']}" if entry["previous"] else ""
        return f"{head}session {entry['session']} begins{after}"
    if entry["kind"] == "usage":
        what = " ".join(filter(None, (entry["agent"], entry["source"])))
        return f"{head}={tokens(entry['tokens'], entry['method']):>8}  {shorten(what, _LOG_TEXT_CHARS)}"
    if entry["kind"] != "checkpoint":
        return f"{head}{entry['kind']}"
    what = ": ".join(part for part in (entry["source"], entry["description"]) if part)
    return f"{head}+{tokens(entry['tokens'], entry['method']):>8}  {shorten(what, _LOG_TEXT_CHARS)}"


def session_lines(row: SessionStatus) -> list[str]:
    """Return a session of the list in two lines: what it is called, and its figures."""
    name = row["archive"] or row["session"] or row["session_id"] or "unreadable"
    state = "archived" if row["archive"] else "running"
    owner = f" of {row['session']}" if row["archive"] and row["session"] else ""
    if row["problem"]:
        return [f"{name}  {state}{owner}", f"    {row['problem']}"]
    total = tokens(row["total_tokens"] or 0, row["method"] or "")
    used = f"{total} tokens, {row['usable_percentage']:.1%} {row['level']}"
    checkpoints = counted(row["checkpoint_count"], "checkpoint")
    after = f", after {row['previous_session']}" if row["previous_session"] else ""
    return [
        f"{name}  {state}{owner}",
        f"    {used}, {checkpoints}, {row['started_at']} to {row['updated_at']}{after}",
    ]


def status_line(line: StatusLine, template: str, width: int, *, ascii_only: bool) -> Line:
    """Return a status line: ``template`` with its fields filled in, at most ``width`` characters wide.

    Fields: ``{bar}``, ``{percent}`` (of the usable window), ``{tokens}``, ``{usable}``, ``{window}``, ``{left}``,
    ``{level}``, ``{model}``, ``{session}``; any other word in braces stays. The bar is the whole context window, with a
    mark where the agent compacts.
    """
    import re

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
    cells = max(_MIN_BAR_CELLS, min(_STATUS_BAR_CELLS, width - taken - len("[]")))
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


def _checkpoint_line(item: CheckpointStatus) -> Line:
    what = item["description"] or item["source"]
    return [
        (f"  {item['sequence']:>4}  ", "dim"),
        (f"{item['time'][11:16]}  ", "dim"),
        (f"+{tokens(item['tokens'], item['method']):>8}  ", ""),
        (printable(shorten(what, 60)), ""),
    ]


def counted(number: int | None, what: str) -> str:
    """Return ``number`` and the noun ``what``, in the plural where it takes one."""
    return f"{number or 0:,} {what}{'' if number == 1 else 's'}"


def _percent(status: TokenStatus) -> str:
    return f"{status['usable_percentage']:5.1%}"


def tokens(number: int, method_name: str) -> str:
    """Return a number of tokens; an estimate is marked ``~``."""
    return f"{'~' if method_name == 'estimated' else ''}{number:,}"
