"""What commands show that is more than a line: tables, the live view of sessions, what fills the window.

As lines of plain text, or of (text, style) parts for a display of any width.
"""

from __future__ import annotations

from handoff_cli.cli import lines
from handoff_cli.cli.lines import tokens
from handoff_cli.core.text import counted, printable, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from handoff_cli.cli.lines import Line
    from handoff_cli.core.session import Entry
    from handoff_cli.fleet.sessions import FleetSession
    from handoff_cli.transcripts.filling import Context, Row
    from handoff_cli.transcripts.growth import Trip
    from handoff_cli.usecases.everywhere import AgentHere, FoundSession
    from handoff_cli.usecases.models import Learned, ModelRow, Simulation, Summary
    from handoff_cli.usecases.remote import RemoteSession
    from handoff_cli.usecases.sessions import SessionStatus
    from handoff_cli.usecases.watch import Watched


_LOG_TEXT_CHARS = 100
_FOLDER_CHARS = 40

_SPARKS, _ASCII_SPARKS = "▁▂▃▄▅▆▇█", "_.-=+*#@"
_MAX_BAR_CELLS = 40
_LEAST_BAR_CELLS = 8
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))

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


def entry_line(entry: Entry) -> str:
    """Return a ledger entry as one line of a log: time, sequence number, tokens, what it is."""
    head = f"{entry['time'].replace('T', ' ')}  {entry['sequence']:>4}  "
    if entry["kind"] == "session":
        after = f" after {entry['previous']}" if entry["previous"] else ""
        return f"{head}session {entry['session']} begins{after}"
    if entry["kind"] == "usage":
        what = " ".join(filter(None, (entry["agent"], entry["source"])))
        return f"{head}={tokens(entry['tokens'], entry['method']):>8}  {shorten(what, _LOG_TEXT_CHARS)}"
    if entry["kind"] == "note":
        return f"{head}note {entry['id']} {entry['about']}: {shorten(entry['text'], _LOG_TEXT_CHARS)}"
    if entry["kind"] != "checkpoint":
        return head + (f"note {entry['note']} closed" if entry["kind"] == "done" else entry["kind"])
    what = ": ".join(part for part in (entry["source"], entry["description"]) if part)
    return f"{head}+{tokens(entry['tokens'], entry['method']):>8}  {shorten(what, _LOG_TEXT_CHARS)}"


def session_lines(row: SessionStatus) -> list[str]:
    """Return a session of the list in two lines: what it is called, and its figures."""
    name = row["archive"] or row["worktree"] or row["session"] or row["session_id"] or "unreadable"
    state = "archived" if row["archive"] else "handoff of a worktree" if row["worktree"] else "running"
    owner = f" of {row['session']}" if row["archive"] and row["session"] else ""
    if row["problem"]:
        return [f"{name}  {state}{owner}", f"    {row['problem']}"]
    total = tokens(row["total_tokens"] or 0, row["method"] or "")
    used = f"{total} tokens, {row['usable_percentage']:.1%} {row['level']}"
    checkpoints = counted(row["checkpoint_count"], "checkpoint")
    after = f", after {row['previous_session']}" if row["previous_session"] else ""
    when = f"{row['started_at']} to {row['updated_at']}" if row["started_at"] else f"written {row['updated_at']}"
    return [f"{name}  {state}{owner}", f"    {used}, {checkpoints}, {when}{after}"]


def found_session_lines(rows: Sequence[FoundSession], home: str) -> list[str]:
    """Return the sessions of all projects, a line each under a head; none where there are none."""
    cells = [
        (
            age(row["age_seconds"]),
            row["agent"],
            "?" if row["usable_percentage"] is None else f"{row['usable_percentage']:.0%}",
            "handoff" if row["handoff"] else "",
            shorten(_from_home(row["project"] or "", home), _FOLDER_CHARS),
            shorten(row["title"] or "", _LOG_TEXT_CHARS),
        )
        for row in rows
    ]
    return _columns([("AGE", "AGENT", "FULL", "", "PROJECT", "FIRST REQUEST"), *cells], right=(0, 2)) if cells else []


def agent_lines(rows: Sequence[AgentHere]) -> list[str]:
    """Return the agents on this machine, a line each."""
    hooks = {True: "yes", False: "no", None: "-"}
    cells = [
        (
            row["agent"],
            "yes" if row["program"] else "no",
            hooks[row["hooks"]],
            str(row["sessions"]),
            row["newest"]["updated_at"] if row["newest"] else "-",
            ", ".join(row["logs"]) or "-",
        )
        for row in rows
        if row["here"]
    ]
    return (
        _columns([("AGENT", "ON PATH", "HOOKS", "SESSIONS", "NEWEST HERE", "LOGS"), *cells], right=(3,))
        if cells
        else []
    )


def _from_home(path: str, home: str) -> str:
    return f"~{path[len(home) :]}" if home and path.startswith(f"{home}/") else path


def _columns(table: Sequence[Sequence[str]], right: Sequence[int]) -> list[str]:
    widths = [max(len(cells[column]) for cells in table) for column in range(len(table[0]))]
    return [_aligned(cells, widths, right) for cells in table]


def remote_session_lines(row: RemoteSession) -> list[str]:
    """Return a session that a git remote has in two lines: what it is called, and what its machine says of it."""
    total = "unknown" if row.total_tokens is None else f"{row.total_tokens:,} tokens"
    share = "" if row.usable_percentage is None else f", {row.usable_percentage:.1%} of the window"
    who = " ".join(filter(None, (row.agent, row.model))) or "piped"
    document = "" if row.has_document else ", no handoff"
    after = f", after {row.continues}" if row.continues else ""
    return [f"{row.name}  {row.title}".rstrip(), f"    {who}, {total}{share}{document}, sent {row.sent_at}{after}"]


def fleet_lines(rows: Sequence[FleetSession], *, ascii_only: bool) -> list[str]:
    """Return the sessions of a fleet, a line each under a head; none where there are none."""
    head = ("SEEN", "FULL", "", "TREND", "HANDOFF", "AGENT", "SESSION", "PROJECT", "MODEL", "WHO")
    cells = [
        (
            age(row.seen_seconds),
            f"{row.usable_percentage:.0%}",
            row.level if row.state == "running" else row.state,
            spark(row.trend, ascii_only=ascii_only),
            "-" if row.document_seconds is None else age(row.document_seconds),
            row.agent or "piped",
            row.name,
            shorten(row.project, _FOLDER_CHARS),
            row.model or "-",
            row.owner,
        )
        for row in rows
    ]
    return _columns([head, *cells], right=(0, 1, 4)) if cells else []


def fleet_detail_lines(row: FleetSession, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a session of a fleet: what it is, its figures, and the ``entries`` its ledger ends with."""
    who = " ".join(filter(None, (row.agent, row.model))) or "piped"
    growth = f", a turn adds about {row.tokens_per_turn:,}" if row.tokens_per_turn else ""
    document = "no handoff" if row.document_seconds is None else f"handoff {age(row.document_seconds)} old"
    after = row.continues or row.previous_session
    used = f"{tokens(row.total_tokens, row.method)} of {row.usable_tokens:,} usable tokens"
    made = f"{counted(row.checkpoint_count, 'checkpoint')}, {counted(row.compaction_count, 'compaction')}"
    head = [
        f"{row.name}  {row.title}".rstrip(),
        f"    {row.owner}, {row.project}: {who}, {row.state}, seen {age(row.seen_seconds)} ago ({row.seen_at})",
        f"    {used}, {row.usable_percentage:.1%} {row.level}{growth}",
        f"    {made}, {document}{f', after {after}' if after else ''}",
    ]
    return [*head, *map(_fleet_entry, entries)]


def _fleet_entry(entry: Mapping[str, Any]) -> str:
    what = ": ".join(filter(None, (entry["source"], entry["text"]))) or entry["kind"]
    sign = {"checkpoint": "+", "usage": "="}.get(entry["kind"], "")
    figure = f"{sign}{tokens(entry['tokens'], entry['method'] or '')}" if entry["tokens"] is not None else ""
    return f"{entry['time'].replace('T', ' ')}  {entry['sequence']:>4}  {figure:>9}  {what}"


def model_lines(rows: Sequence[ModelRow]) -> list[str]:
    """Return the table of models, a line each under a head."""
    head = ("MODEL", "WINDOW", "INPUT", "ENCODING", "FACTOR", "DATE", "SOURCE")
    table = [head, *((*_model_cells(row), row.encoding, _factor(row), row.date, row.source) for row in rows)]
    return _columns(table, right=(1, 2))


def _model_cells(row: ModelRow) -> tuple[str, str, str]:
    return row.model, f"{row.window:,}", f"{row.input_limit:,}"


def _factor(row: ModelRow) -> str:
    if row.counted:
        return "own"
    return "not measured" if row.factor is None else f"{row.factor:.2f} {row.low:.2f}..{row.high:.2f}"


def _aligned(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if column in right else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()


def simulation_lines(simulation: Simulation) -> list[str]:
    """Return what a threshold would have meant for one transcript: its trip line, then a line for each compaction."""
    who = " ".join(filter(None, (simulation.agent, simulation.version, simulation.model))) or "no agent"
    line = f"trip at {simulation.trip_line:,} tokens, {simulation.threshold:.0%} of {simulation.usable_tokens:,} usable"
    peak = "no usage recorded" if simulation.peak_tokens is None else f"peak {simulation.peak_tokens:,}"
    responses = counted(simulation.responses, "response")
    lines = [simulation.transcript, f"  {who}: {line}; {responses}, {peak}"]
    if not simulation.trips:
        lines.append("  never compacted")
    return lines + [f"  {_trip(trip)}" for trip in simulation.trips]


def _trip(trip: Trip) -> str:
    compaction = trip.compaction
    before = f"{compaction.before:,}" if compaction.before is not None else "an unknown number of"
    head = f"row {compaction.position:,}: {compaction.trigger or 'unnamed'} compaction at {before} tokens"
    if trip.missed():
        peak = "nothing was recorded before it" if trip.peak is None else f"the peak before it was {trip.peak:,}"
        return f"{head}: missed, {peak}"
    lead = f"{counted(trip.responses, 'response')} and {counted(trip.turns, 'turn')} of lead"
    return f"{head}: tripped at {trip.tokens:,} (row {trip.position:,}), {lead}"


def simulation_summary(summary: Summary) -> str:
    """Return what all transcripts add up to."""
    if not summary.compactions:
        return "no compactions"
    head = f"{counted(summary.compactions, 'compaction')}, {summary.missed} missed"
    if summary.automatic:
        head += f" ({summary.missed_automatic} of {summary.automatic} automatic)"
    if summary.responses_of_lead is not None:
        head += f"; median lead {summary.responses_of_lead:g} responses, {summary.turns_of_lead:g} turns"
    if summary.forecast_error is not None:
        head += f"; 'responses left' was off by {summary.forecast_error:.0%} at {summary.forecasts} moments (median)"
    return head


def learned_line(learned: Learned) -> str:
    """Return what was learnt of one model: factor, band and sample size, or why nothing was."""
    sample = f"{counted(learned.samples, 'response')}, {learned.tokens:,} tokens of text"
    own = learned.calibration
    if own is None:
        return f"{learned.model}: {learned.problem} ({sample})"
    return f"{learned.model}: {own.encoding} times {own.factor:.2f}, {own.low:.2f}..{own.high:.2f} ({sample})"


def board_lines(rows: Sequence[Watched], where: str, now: float, width: int, *, ascii_only: bool) -> list[Line]:
    """Return the sessions ``rows`` in lines ``width`` characters wide, as they are at ``now`` (Unix seconds)."""
    shown: list[Line] = [[(shorten(printable(where), width), "dim")]]
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


def _row_lines(row: Watched, now: float, width: int, *, ascii_only: bool) -> list[Line]:
    status = row.status
    if status is None:
        return [[(shorten(f"{row.name}: {printable(row.problem)}", width), "red")]]
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
        [(shorten(printable(about), width), "bold")],
        [*bar, (share, style)],
        [(shorten(figures.rstrip(), width), "")],
        *([[(shorten(text, width), "dim")] for text in (_growth(row), _happened(row, now)) if text]),
    ]


def _growth(row: Watched) -> str:
    status = row.status
    if status is None or not status["tokens_per_turn"]:
        return ""
    left = "" if row.turns_left is None else f", ~{counted(row.turns_left, 'turn')} until {row.line}"
    return f"+{status['tokens_per_turn']:,} a turn{left}"


def _happened(row: Watched, now: float) -> str:
    from calendar import timegm
    from time import strptime

    since = age(now - timegm(strptime(row.time, "%Y-%m-%dT%H:%M:%SZ")))
    document = "no handoff" if row.document_time is None else f"handoff {age(now - row.document_time)} old"
    return f"{since} ago, {document}: {printable(row.event)}"


def context_lines(
    context: Context, usable: int, advice: Sequence[str], top: int, width: int, *, ascii_only: bool
) -> list[Line]:
    """Return what fills the window in lines ``width`` characters wide; ``top`` rows of each table."""
    from handoff_cli.transcripts.filling import KIND_NAMES

    kinds = [row.replace(name=KIND_NAMES[row.name]) for row in context.by("kind")]
    lines: list[Line] = [
        [
            (f"{tokens(context.total_tokens, context.method)} of {usable:,} usable tokens", "bold"),
            (f" ({context.made_of or context.method})", ""),
        ],
        *_after(context),
        *_rows("By kind", kinds, width, shorten, bars="#" if ascii_only else "█"),
    ]
    for field, head in _HEADS.items():
        lines += _rows(head, context.by(field)[:top], width, _ending if field == "file" else shorten)
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


def _rows(head: str, rows: Sequence[Row], width: int, cut: Callable[[str, int], str], bars: str = "") -> Iterable[Line]:
    if not rows:
        return
    yield []
    yield [(head, "bold")]
    widest = max(len(row.name) for row in rows)
    for row in rows:
        figures = f"{row.tokens:>9,}  {row.share:>6.1%}  "
        room = max(_LEAST_NAME, width - _FIGURES - 2)
        cells = min(_BAR_CELLS, room - widest - 1) if bars else 0
        name = cut(printable(row.name), room)
        bar = bars * max(0, round(row.share * cells)) if cells > 0 else ""
        padded = f"{name:<{widest}} " if bar else name
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
        yield [(f"{figure:>9}  ", ""), (turn, "dim"), (shorten(printable(part.label), room), "")]


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, max(_LEAST_NAME, width), initial_indent="  ", subsequent_indent="    ")


def _ending(name: str, room: int) -> str:
    """Return ``name`` in ``room`` characters: of a path the end tells more."""
    return name if len(name) <= room else f"…{name[len(name) - room + 1 :]}"
