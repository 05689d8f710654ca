"""The report on sessions: one HTML page with usage over time, what fills the window, forecasts and the document."""

from __future__ import annotations

import os
import time
from statistics import median

from handoff_cli.constants import (
    DEFAULT_CRITICAL_THRESHOLD,
    DEFAULT_WARNING_THRESHOLD,
    HANDOFF_FILE,
    MAX_HANDOFF_BYTES,
    VERSION,
)
from handoff_cli.core.record import Record
from handoff_cli.core.session import Session, apply, started
from handoff_cli.core.text import printable, printable_block, utc_iso
from handoff_cli.core.usage import growth_per_step, steps_left, usual_level
from handoff_cli.documents.front_matter import split_front_matter
from handoff_cli.documents.templates import render_markdown, render_page
from handoff_cli.errors import HandoffError, InputError, StateError
from handoff_cli.redaction import redact
from handoff_cli.state.files import read_bytes
from handoff_cli.state.folder import is_archived
from handoff_cli.state.named import save_named
from handoff_cli.transcripts.filling import KIND_NAMES
from handoff_cli.usecases.context import measure_context
from handoff_cli.usecases.everywhere import list_everywhere
from handoff_cli.usecases.log import read_log
from handoff_cli.usecases.sessions import list_sessions
from handoff_cli.usecases.status import get_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from handoff_cli.state.store import Place
    from handoff_cli.transcripts.filling import Context
    from handoff_cli.usecases.everywhere import FoundSession
    from handoff_cli.usecases.status import TokenStatus

MOST_POINTS = 1_000
MOST_SESSIONS = 100
"""Of a whole machine: more would make a page that no browser likes."""

_ROWS = 12
_TITLE_CHARS = 100
_TABLES = (("By kind", "kind"), ("By tool", "tool"), ("By file", "file"), ("By command", "command"))
_MORE_TABLES = (("By sub-agent", "subagent"), ("By MCP server", "server"))


class Lead(Record):
    """What the warning threshold gave before one compaction: when it was reached and how many responses were left.

    ``forecast`` is what was foretold at that moment (None: unknown), ``responses`` what came; ``time`` is the
    compaction's.
    """

    time: str | None
    responses: int
    forecast: int | None


def gather_report(place: Place, since: str | None = None) -> dict[str, Any]:
    """Return what the page shows of the sessions of the project at ``place``.

    Args:
        place: The project.
        since: Leave out sessions not touched since this UTC time (ISO 8601).

    Raises:
        StateError: the folders cannot be read. A session that cannot be is shown with its problem.
    """
    rows = [row for row in list_sessions(place) if not row["worktree"] and (row["updated_at"] or "") >= (since or "")]
    rows.sort(key=lambda row: row["updated_at"] or "", reverse=True)
    now = utc_iso(time.time())
    project = os.path.basename(os.path.dirname(place.project)) or place.project
    sessions = [_session(place.replace(folder=row["folder"]), row["problem"], project) for row in rows]
    about = f"{project}, written {now} by handoff {VERSION}"
    report: dict[str, Any] = inert({"about": about, "sessions": sessions})
    return report


def gather_everywhere(environ: Mapping[str, str], since: str | None = None) -> dict[str, Any]:
    """Return what the page shows of the newest ``MOST_SESSIONS`` of every agent on this machine, from their logs.

    Args:
        environ: The environment, for where agents keep their logs.
        since: Leave out sessions not touched since this UTC time (ISO 8601).
    """
    found = [row for row in list_everywhere(environ) if since is None or row["updated_at"] >= since]
    left_out = f", the newest {MOST_SESSIONS} of {len(found)} sessions" if len(found) > MOST_SESSIONS else ""
    sessions = [_found_session(row) for row in found[:MOST_SESSIONS]]
    about = f"this machine{left_out}, written {utc_iso(time.time())} by handoff {VERSION}"
    report: dict[str, Any] = inert({"about": about, "sessions": sessions})
    return report


def _found_session(row: FoundSession) -> dict[str, Any]:
    """Return a session of any project as the page shows it, by its log alone."""
    tokens, usable = row["total_tokens"], row["usable_tokens"]
    known = {**row, "level": usual_level(tokens, usable) if tokens is not None and usable else None}
    shown = session_of_page(
        known,
        id=f"{row['agent']} {row['session']} {row['transcript']}",
        title=row["title"] or row["session"],
        project=row["project"] or "",
    )
    try:
        context = measure_context(row["transcript"])
    except HandoffError as error:
        return {**shown, "notes": [error.message]}
    points = [(at, tokens) for at, tokens in context.points if at]
    return {
        **shown,
        "points": [{"time": at, "tokens": tokens} for at, tokens in thinned(points) if tokens is not None],
        "compactions": [{"time": it.time, "tokens": it.tokens} for it in context.removed if it.time],
        "filling": _filling(context),
        "tables": _context_tables(context),
        "document": shown_document(_text(row["handoff"])) if row["handoff"] else "",
    }


def write_report(place: Place, path: str, since: str | None = None, *, all_projects: bool = False) -> int:
    """Write the report on the project at ``place`` to the file ``path``; return how many sessions it shows.

    With ``all_projects``, the report on every agent's sessions on this machine.

    Raises:
        InputError: there is nothing to report, the extra ``report`` is not installed, or ``path`` cannot be written.
        StateError: as ``gather_report``.
    """
    plotly = load_plotly()
    data = gather_everywhere(place.environ, since) if all_projects else gather_report(place, since)
    return write_page(data, plotly, path)


def write_page(data: dict[str, Any], plotly: str, path: str) -> int:
    """Write the page that shows ``data`` to the file ``path``; return how many sessions it shows.

    Raises:
        InputError: there is none, or ``path`` cannot be written.
    """
    if not data["sessions"]:
        raise InputError("there is no session to report on", "begin one: handoff track FILE, or handoff sync")
    save_named(path, render_page(data, plotly).encode("utf-8", "replace"))
    return len(data["sessions"])


def load_plotly() -> str:
    """Return the library that draws the page; raises InputError where the extra is not installed."""
    try:
        from plotly.offline import get_plotlyjs
    except ImportError:
        raise InputError("the report needs plotly", "install the extra: pip install 'agent-handoffs[report]'") from None
    return str(get_plotlyjs())


def _session(place: Place, problem: str | None, project: str) -> dict[str, Any]:
    notes = [problem] if problem else []
    try:
        status = get_status(place)
    except StateError:
        return {**_figures(None, project, place), "notes": notes}
    context = None
    if status["transcript"]:
        try:
            context = measure_context(status["transcript"])
        except InputError as error:
            notes.append(f"the transcript was not read: {error.message}")
    points, compactions, handoffs = _course(place, context)
    leads = _leads(points, status)
    path = os.path.join(place.folder, HANDOFF_FILE)
    text = _text(path)
    if text:
        handoffs.append({"time": utc_iso(os.path.getmtime(path)), "tokens": status["total_tokens"]})
    return {
        **_figures(status, project, place),
        "title": _title(context, status, text),
        "points": [{"time": at, "tokens": tokens} for at, tokens in thinned(points) if tokens is not None],
        "compactions": compactions,
        "handoffs": handoffs,
        "filling": _filling(context) if context else [],
        "tables": [*_context_tables(context), *_lead_tables(leads)],
        "document": shown_document(text),
        "notes": [*notes, *_lead_notes(leads, points, status)],
    }


def _figures(status: TokenStatus | None, project: str, place: Place) -> dict[str, Any]:
    known: dict[str, Any] = dict(status) if status else {}
    name = os.path.basename(place.folder)
    return session_of_page(
        known,
        id=known.get("session_id") or name,
        title=name,
        project=f"{project} (archived)" if is_archived(place.folder) else project,
    )


def session_of_page(known: Mapping[str, Any], **told: Any) -> dict[str, Any]:
    """Return a session as the page shows it: ``known`` are its figures as a status names them, ``told`` the rest."""
    usable = known.get("usable_tokens") or 0
    return {
        "agent": known.get("agent"),
        "model": known.get("model"),
        "tokens": known.get("total_tokens"),
        "share": known.get("usable_percentage"),
        "level": known.get("level"),
        "method": known.get("method") or "unknown",
        "usable": usable,
        "window": known.get("context_window_limit"),
        "warning": round(usable * known.get("warning_threshold", DEFAULT_WARNING_THRESHOLD)),
        "critical": round(usable * known.get("critical_threshold", DEFAULT_CRITICAL_THRESHOLD)),
        "updated": known.get("updated_at"),
        **{name: [] for name in ("points", "compactions", "handoffs", "filling", "tables", "notes")},
        "document": "",
        **told,
    }


def shown_document(text: str) -> str:
    """Return a document as the page shows it: as HTML, without the facts at its top, which are for programs."""
    return render_markdown(split_front_matter(text)[1])


def _text(path: str) -> str:
    return (read_bytes(path, MAX_HANDOFF_BYTES) or b"").decode("utf-8", "replace")


def _title(context: Context | None, status: TokenStatus, document: str) -> str:
    if context is not None:
        first = next((part.label for part in context.parts if part.kind == "user"), "")
        if first:
            return first[:_TITLE_CHARS]
    if status["checkpoints"]:
        return status["checkpoints"][0]["description"][:_TITLE_CHARS]
    return next((line.lstrip("# ") for line in document.splitlines() if line.startswith("# ")), "")[:_TITLE_CHARS]


def _course(
    place: Place, context: Context | None
) -> tuple[list[tuple[str | None, int | None]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the usage over time, None for a compaction; the compactions; and the crossings, which wrote a handoff.

    The last two with what the window held then.
    """
    points: list[tuple[str | None, int | None]] = []
    compactions, crossings = [], []
    session: Session | None = None
    for line in read_log(place):
        entry = line.entry
        if entry is None:
            continue
        if entry["kind"] == "session":
            session = started(entry)
        elif session is not None:
            before, session = session, apply(session, entry)
            if session.compaction_count > before.compaction_count:
                compactions.append({"time": entry["time"], "tokens": before.total_tokens})
                points.append((entry["time"], None))
            if session.total_tokens != before.total_tokens:
                points.append((entry["time"], session.total_tokens))
            if entry.get("crossed"):
                crossings.append({"time": entry["time"], "tokens": session.total_tokens})
    if context is not None and any(tokens for _, tokens in context.points):
        points = [(at, tokens) for at, tokens in context.points if at]
        compactions = [{"time": it.time, "tokens": it.tokens} for it in context.removed if it.time]
    return points, compactions, crossings


def thinned(points: Sequence[tuple[str | None, int | None]]) -> Iterable[tuple[str | None, int | None]]:
    """Return at most about ``MOST_POINTS`` points: the highest of each stretch, so that no peak is lost."""
    step = -(-len(points) // MOST_POINTS) or 1
    for begin in range(0, len(points), step):
        known = [it for it in points[begin : begin + step] if it[1] is not None]
        if known:
            yield max(known, key=lambda it: it[1] or 0)


def _leads(points: Sequence[tuple[str | None, int | None]], status: TokenStatus) -> list[Lead]:
    """Return for each compaction what the warning threshold gave before it; a threshold not reached gives nothing."""
    usable = status["usable_tokens"]
    line = usable * status["warning_threshold"]
    found: list[Lead] = []
    reached: int | None = None
    for place, (at, tokens) in enumerate(points):
        if tokens is None:
            if reached is not None:
                figures = [known for _, known in points[: reached + 1]]
                forecast = steps_left(points[reached][1] or 0, usable, growth_per_step(figures))
                found.append(Lead(at, place - reached - 1, forecast))
            reached = None
        elif reached is None and tokens >= line:
            reached = place
    return found


def _lead_tables(leads: Sequence[Lead]) -> list[dict[str, Any]]:
    if not leads:
        return []
    rows = [
        [lead.time or "", "unknown" if lead.forecast is None else str(lead.forecast), str(lead.responses)]
        for lead in leads
    ]
    names = ["Compaction", "Responses foretold at the threshold", "Responses that came"]
    return [{"title": "Forecast against what happened", "names": names, "rows": rows}]


def _lead_notes(
    leads: Sequence[Lead], points: Sequence[tuple[str | None, int | None]], status: TokenStatus
) -> Iterable[str]:
    growth = growth_per_step([tokens for _, tokens in points])
    left = steps_left(status["total_tokens"], status["usable_tokens"], growth)
    if growth and left is not None:
        yield f"the last steps added {growth:,.0f} tokens each; about {left} more fit into the usable window"
    if leads:
        middle = median(lead.responses for lead in leads)
        yield f"between the warning threshold and a compaction lay {middle:g} responses"


def _filling(context: Context) -> list[dict[str, Any]]:
    """Return the window as a tree: kinds, then tools or files, in figures that add up."""
    rows: dict[str, dict[str, Any]] = {}

    def add(id_: str, parent: str, label: str, tokens: int) -> None:
        row = rows.setdefault(id_, {"id": id_, "parent": parent, "label": label, "tokens": 0})
        row["tokens"] += tokens

    for part in context.parts:
        if part.tokens <= 0:
            continue
        kind = f"kind/{part.kind}"
        add("all", "", "the window", part.tokens)
        add(kind, "all", KIND_NAMES[part.kind], part.tokens)
        leaf = part.tool or part.label
        tool = f"{kind}/{leaf}"
        add(tool, kind, leaf, part.tokens)
        if named := part.file or part.command or part.subagent:
            add(f"{tool}/{named}", tool, named, part.tokens)
            row = rows[f"{tool}/{named}"]
            row["label"] = os.path.basename(named) or named
    return list(rows.values())


def _context_tables(context: Context | None) -> list[dict[str, Any]]:
    if context is None:
        return []
    tables = []
    for title, field in (*_TABLES, *_MORE_TABLES):
        rows = [
            [
                KIND_NAMES.get(row.name, row.name) if field == "kind" else row.name,
                f"{row.tokens:,}",
                f"{row.share:.1%}",
                str(row.count),
            ]
            for row in context.by(field)[:_ROWS]
        ]
        if rows:
            tables.append(
                {"title": title, "names": [title.removeprefix("By "), "Tokens", "Share", "Pieces"], "rows": rows}
            )
    rows = [[part.label, f"{part.tokens:,}", part.method, str(part.turn)] for part in context.largest(_ROWS)]
    return [*tables, {"title": "Largest pieces", "names": ["piece", "Tokens", "Method", "Turn"], "rows": rows}]


def inert(value: Any) -> Any:
    """Return ``value`` with every text inert and without secrets, as it may stand on a page that is passed on."""
    if isinstance(value, str):
        return redact(printable_block(value) if "\n" in value else printable(value))
    if isinstance(value, dict):
        return {key: inert(item) for key, item in value.items()}
    if isinstance(value, list):
        return [inert(item) for item in value]
    return value
