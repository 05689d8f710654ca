"""What a status looks like, as lines of (text, style) parts: the same for a terminal with colors and for a pipe.

There is one bar, of the usable window, because that is what the thresholds compare with; a tick marks the warning.
"""

from __future__ import annotations

import os

from handoff_cli.constants import FOLDER_NAME
from handoff_cli.core.patterns import lazily
from handoff_cli.core.session import UNANSWERED
from handoff_cli.core.text import cells, counted, printable, shorten
from handoff_cli.core.usage import mix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.tokens.count import TokenCount
    from handoff_cli.usecases.pieces import CountedPiece
    from handoff_cli.usecases.status import CheckpointStatus, SessionFigures, TokenStatus
    from handoff_cli.usecases.status_line import StatusLine

    Line = list[tuple[str, str]]

LEVEL_STYLES = {"ok": "green", "warning": "yellow", "critical": "red", "over": "bold red"}
REACHED = {
    "warning": "warning threshold reached",
    "critical": "critical threshold reached",
    "over": "the usable window is full",
}
ABOVE = {"warning": "above the warning threshold", "critical": "above the critical threshold", "over": REACHED["over"]}
STATUS_TEMPLATE = "{bar} {percent} {tokens}/{usable} {model} {level}"
_ANSI = {"dim": "2", "bold": "1", "green": "32", "yellow": "33", "red": "31", "bold red": "1;31"}
_MIN_BAR_CELLS, _MAX_BAR_CELLS, _MAX_STATUS_BAR_CELLS = 8, 50, 20
_PERCENT_AND_LEVEL = len("[] 1000.0%  critical")
_MIN_TEXT, _MAX_TEXT = 12, 60
_THOUSAND, _MILLION = 1_000, 1_000_000
_BY_WORTH = ("session", "model", "window", "left", "usable", "tokens", "bar", "level", "percent")
"""Fields of a status line in the order in which they are left out where it is narrow."""

_FIELDS = lazily(r"\{(bar|percent|tokens|usable|window|left|level|model|session)\}")
_WORDS = lazily(r" *[^ ]+| +$")


def tokens(number: int, method_name: str) -> str:
    """Return a number of tokens; an estimate is marked ``~``."""
    return f"{'~' if method_name == 'estimated' else ''}{number:,}"


def percent(used: int, usable: int) -> str:
    """Return ``used`` tokens as a share of the ``usable`` ones."""
    return f"{used / usable:.1%}"


def bar(share: float, warning: float, cells: int, style: str, *, ascii_only: bool) -> Line:
    """Return a bar of ``cells`` characters, filled to ``share`` (0..1 and above), with a tick at ``warning``."""
    full, rest, tick = ("#", "-", "|") if ascii_only else ("█", "░", "▏")
    filled = min(cells, round(share * cells))
    empty = rest * (cells - filled)
    mark = round(warning * cells) - filled
    if 0 <= mark < len(empty):
        empty = empty[:mark] + tick + empty[mark + 1 :]
    return [("[", "dim"), (full * filled, style), (empty, "dim"), ("]", "dim")]


def bar_lines(status: TokenStatus, width: int, *, ascii_only: bool) -> list[Line]:
    """Return the bar and the figures under it, for a display ``width`` characters wide."""
    unknown = _is_unknown(status)
    style = "dim" if unknown else LEVEL_STYLES[status["level"]]
    cells = max(_MIN_BAR_CELLS, min(_MAX_BAR_CELLS, width - _PERCENT_AND_LEVEL))
    used = "--%" if unknown else percent(status["total_tokens"], status["usable_tokens"])
    drawn = bar(status["usable_percentage"], status["warning_threshold"], cells, style, ascii_only=ascii_only)
    figures: list[Line] = [[(line, "")] for line in figure_lines(status, width)]
    level = "unknown" if unknown else status["level"]
    return [[*drawn, (f" {used:>5}  {level}", style)], *figures, *_window_line(status)]


def figure_lines(status: TokenStatus, width: int) -> list[str]:
    """Return tokens, what of the window is left, and method, broken where ``width`` demands; an estimate has a band."""
    of = "tokens" if status["usable_tokens"] == status["context_window_limit"] else "usable tokens"
    total = tokens(status["total_tokens"], status["method"])
    words: tuple[str, ...] = (
        f"{total} of {status['usable_tokens']:,} {of},",
        f"{status['remaining_tokens']:,} left",
        f"({method(status)})",
    )
    if _is_unknown(status):
        most = status["high_tokens"]
        why = f"at most {most:,}, after a compaction" if most else "nothing was measured yet"
        if status["usage_rule"] == UNANSWERED:
            why = "no response stands in the log yet"
        words = (f"unknown, of {status['usable_tokens']:,} {of}", f"({why})")
    lines: list[str] = []
    for part in words:
        if lines and len(lines[-1]) + len(part) < width:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines


def _is_unknown(status: SessionFigures) -> bool:
    """Return whether there is a session of which no figure is known: zero would say that something was measured."""
    return status["session_id"] is not None and not status["known"]


def method(status: TokenStatus) -> str:
    """Return how the figure came about: method, band where it is an estimate, what a mix is made of, and encoding."""
    words = []
    if status["method"] == "estimated":
        words.append(f"estimated {status['low_tokens']:,}..{status['high_tokens']:,}")
    if made_of := mix(status["made_of"]):
        words.append(made_of)
    elif not words:
        words.append(status["method"])
    return ", ".join(words if words[-1] in ("exact", "reported") else [*words, status["encoding"]])


def _window_line(status: TokenStatus) -> list[Line]:
    parts = []
    if status["usable_tokens"] != status["context_window_limit"]:
        parts.append(f"context window {status['context_window_limit']:,}")
    if status["model"]:
        parts.append(f"model {printable(status['model'])}")
    return [[(", ".join(parts), "dim")]] if parts else []


def folder_lines(status: TokenStatus, working_directory: str) -> list[Line]:
    """Return which folder holds the session, unless it is the working directory's own."""
    own = os.path.join(working_directory, FOLDER_NAME)
    if status["folder"] == own or status["folder"].startswith(os.path.join(own, "")):
        return []
    return [[(f"in {printable(status['folder'])}", "dim")]]


def window_lines(status: TokenStatus, working_directory: str) -> list[Line]:
    """Return how many turns are left, where the window comes from, and the transcript the usage was read from."""
    here = os.path.join(working_directory, "")
    # A file below the working directory is named by its path from there.
    window = printable(status["context_window_source"].removeprefix(here))
    usable = printable(status["usable_source"].removeprefix(here))
    lines: list[Line] = [[(f"window by {window}; usable: {usable}", "dim")]]
    if status["tokens_per_turn"]:
        growth = f"a turn adds about {counted(status['tokens_per_turn'], 'token')}"
        lines.insert(0, [(f"{growth}: ~{counted(status['turns_left'], 'turn')} left", "")])
    if status["kept_left_out"]:
        lines.append([(f"kept text: {status['kept_bytes']:,} bytes; the middle was left out", "dim")])
    if status["transcript"]:
        agent = " ".join(filter(None, (status["agent"], status["agent_version"]))) or "transcript"
        peak = f"peak {status['peak_tokens']:,}, {counted(status['compaction_count'], 'compaction')}"
        lines.append([(f"{printable(agent)}, {peak}: {printable(status['transcript'])}", "dim")])
    return lines


def checkpoint_lines(status: TokenStatus, width: int) -> list[Line]:
    """Return the last checkpoints, newest last, with a line saying how many came before."""
    shown = status["checkpoints"]
    if not shown:
        return [[("no checkpoints yet", "dim")]]
    earlier = status["checkpoint_count"] - len(shown)
    head = counted(status["checkpoint_count"], "checkpoint") + (f", the last {len(shown)}:" if earlier else ":")
    one_day = len({item["time"][:10] for item in shown}) == 1
    return [[(head, "bold")], *(_checkpoint_line(item, width, dated=not one_day) for item in shown)]


def _checkpoint_line(item: CheckpointStatus, width: int, *, dated: bool) -> Line:
    day = f"{item['time'][5:10]} " if dated else ""
    when = f"  {item['sequence']:>4}  {day}{item['time'][11:16]}Z  "
    added = f"+{tokens(item['tokens'], item['method']):>8}  "
    what = printable(item["description"] or item["source"])
    return [(when, "dim"), (added, ""), (shorten(what, _room(width - len(when) - len(added))), "")]


def added_lines(piece: CountedPiece, width: int, *, explained: bool) -> list[Line]:
    """Return what one tracked piece added, ``width`` characters wide; of an estimate also how, where ``explained``."""
    count = piece.count
    head = f"{'=' if piece.usage else '+'}{tokens(count.tokens, count.method)}"
    took = f" ({printable(piece.took)})" if piece.took else ""
    source = printable(piece.source)
    room = _room(width - len(head) - len(source) - len(took) - len(" : "))
    described = f": {shorten(printable(piece.description), room)}" if piece.description else ""
    lines: list[Line] = [[(head, "bold"), (f" {source}{described}{took}", "")]]
    if explained and count.method == "estimated":
        lines += wrapped([(printable(count.note), "dim")], width)
    return lines


def read_line(status: TokenStatus, format_: str, *, changed: bool) -> Line:
    """Return what was read of a transcript, by which rule, and whether it told anything new."""
    rule = "" if changed else "nothing new; "
    return [
        (f"{format_} ", "bold"),
        (f"{printable(status['transcript'] or '')}: {rule}{printable(status['usage_rule'] or '')}", ""),
    ]


def count_line(count: TokenCount) -> str:
    """Return a count in words, with its method and encoding, and its band where it is an estimate."""
    band = f" {count.low:,}..{count.high:,}" if count.method == "estimated" else ""
    return f"{tokens(count.tokens, count.method)} tokens ({count.method}{band}, {count.tokenizer or count.encoding})"


def status_in_a_line(status: SessionFigures) -> str:
    """Return the status for prompts and status bars: percent of the usable window, tokens, level, on one plain line.

    A session of which nothing is known has no figures: 0 % would say that something was measured.
    """
    if status["session_id"] is None:
        return "no session here"
    total, usable = status["total_tokens"], status["usable_tokens"]
    if _is_unknown(status):
        return f"--% --/{usable:,} unknown"
    return f"{percent(total, usable)} {tokens(total, status['method'])}/{usable:,} {status['level']}"


def status_line(line: StatusLine, template: str, width: int, *, ascii_only: bool) -> Line:
    """Return a status line: ``template`` with its fields filled in, at most ``width`` cells of a terminal wide.

    Fields: ``{bar}``, ``{percent}`` (of the usable window), ``{tokens}``, ``{usable}``, ``{window}``, ``{left}``,
    ``{level}``, ``{model}``, ``{session}``; any other word in braces stays. Where all does not fit, figures are cut to
    thousands and millions, then words of the template are left out as a whole, names first and the percentage last.
    """
    fields = _fields(line, short=False)
    # What is not known takes no place, nor does the space before it.
    empty = [name for name, (text, _) in fields.items() if not text]
    known = template
    for name in empty:
        known = known.replace(f" {{{name}}}", "").replace(f"{{{name}}}", "")
    words = printable(known).split(" ")
    if _cells_of(words, fields) > width:
        fields = _fields(line, short=True)
    while len(words) > 1 and _cells_of(words, fields) > width:
        worth = [_worth(word) for word in words]
        del words[max(index for index, it in enumerate(worth) if it == min(worth))]
    least = _cells_of(words, fields)
    size = min(_MAX_STATUS_BAR_CELLS, max(_MIN_BAR_CELLS, width - least + _MIN_BAR_CELLS))
    style = LEVEL_STYLES[line.level] if line.tokens is not None else "dim"
    drawn = bar(line.usable_share, line.warning_threshold, size, style, ascii_only=ascii_only)
    parts: Line = []
    for index, piece in enumerate(_FIELDS.split(" ".join(words))):
        if index % 2 == 0:
            parts.append((piece, ""))
        else:
            parts += drawn if piece == "bar" else [fields[piece]]
    return parts if least <= width else _cut(parts, width)


def _fields(line: StatusLine, *, short: bool) -> dict[str, tuple[str, str]]:
    total = line.tokens or 0
    number = _short if short else "{:,}".format
    mark = "~" if line.method == "estimated" else ""
    known = line.tokens is not None
    style = LEVEL_STYLES[line.level] if known else "dim"
    return {
        "percent": (percent(total, line.usable) if known else "--%", style),
        "tokens": (f"{mark}{number(total)}" if known else "--", ""),
        "usable": (number(line.usable), ""),
        "window": (number(line.window), ""),
        "left": (number(max(0, line.usable - total)) if known else "--", ""),
        "level": (line.level if known else "unknown", style),
        "model": (printable(line.model), "dim"),
        "session": (printable(line.session), "dim"),
    }


def _worth(word: str) -> int:
    """Return how late a word of a template is left out: as late as the best of its fields."""
    return max(_BY_WORTH.index(name) if name in _BY_WORTH else -1 for name in _FIELDS.split(word))


def _cells_of(words: list[str], fields: dict[str, tuple[str, str]]) -> int:
    """Return the cells that ``words`` of a template take, with the shortest bar."""
    least = {**fields, "bar": ("-" * (_MIN_BAR_CELLS + len("[]")), "")}
    pieces = _FIELDS.split(" ".join(words))
    return sum(cells(least[piece][0] if index % 2 else piece) for index, piece in enumerate(pieces))


def _short(number: int) -> str:
    """Return a number of tokens in few characters: 950, 137k, 1.2M; it says no more than it shows."""
    if number < _THOUSAND:
        return str(number)
    return f"{number // _THOUSAND}k" if number < _MILLION else f"{number * 10 // _MILLION / 10:.1f}M"


def _cut(parts: Line, width: int) -> Line:
    """Return ``parts`` cut to ``width`` cells, at the end of a word where there is one."""
    kept: Line = []
    for text, style in parts:
        if (taken := cells(text)) > width:
            fitting = next(text[:end] for end in range(len(text), -1, -1) if cells(text[:end]) <= width)
            return [*kept, (fitting.rpartition(" ")[0] if " " in text else "", style)]
        kept.append((text, style))
        width -= taken
    return kept


def wrapped(line: Line, width: int, *, whole_words: bool = False) -> list[Line]:
    """Return ``line`` broken between words into lines of ``width`` cells of a terminal, all as far in as the first.

    A word longer than that loses its middle, unless ``whole_words`` are asked for, as of a path somebody may copy.
    """
    if sum(cells(text) for text, _ in line) <= width:
        return [line]
    text = "".join(part for part, _ in line)
    indent = text[: len(text) - len(text.lstrip(" "))]
    lines: list[Line] = [[]]
    used = 0
    for part, style in line:
        for word in _WORDS.findall(part):
            bare = word.lstrip(" ")
            if used and used + cells(word) > width:
                lines.append([])
                used = 0
            shown = word if used or len(lines) == 1 else indent + bare
            if used + cells(shown) > width and not whole_words:
                shown = indent + _middle_out(bare, max(_MIN_TEXT, width - len(indent)))
            _append(lines[-1], shown, style)
            used += cells(shown)
    return lines


def _append(line: Line, text: str, style: str) -> None:
    """Put ``text`` at the end of ``line``, to its last part where that has the same style."""
    if line and line[-1][1] == style:
        line[-1] = (line[-1][0] + text, style)
    else:
        line.append((text, style))


def _middle_out(word: str, width: int) -> str:
    """Return ``word`` in ``width`` characters: of a path, the end says more than the middle."""
    head = width // 4
    return f"{word[:head]}…{word[len(word) - (width - head - 1) :]}"


def _room(width: int) -> int:
    return max(_MIN_TEXT, min(_MAX_TEXT, width))


def painted(parts: Line, *, colored: bool) -> str:
    """Return ``parts`` as text, their styles written out for a terminal where ``colored``."""
    return "".join(_painted(text, style if colored else "") for text, style in parts)


def _painted(text: str, style: str) -> str:
    return f"\x1b[{_ANSI[style]}m{text}\x1b[0m" if style and text else text
