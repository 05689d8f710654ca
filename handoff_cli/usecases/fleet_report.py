"""``handoff report --fleet``: the fleet's newest sessions as one HTML page."""

from __future__ import annotations

import time

from handoff_cli.constants import VERSION
from handoff_cli.core.text import utc_iso
from handoff_cli.fleet.sessions import list_sessions, read_document, read_entries
from handoff_cli.usecases.fleet import open_fleet
from handoff_cli.usecases.report import (
    MOST_SESSIONS,
    inert,
    load_plotly,
    session_of_page,
    shown_document,
    thinned,
    write_page,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from handoff_cli.fleet.database import FleetDatabase
    from handoff_cli.fleet.sessions import FleetSession
    from handoff_cli.state.store import Place


def write_fleet_report(place: Place, path: str, since: str | None = None) -> int:
    """Write the report on the fleet's newest sessions to the file ``path``; return how many it shows.

    Raises:
        InputError: the database cannot be asked, there is no session in it, the extra ``report`` is not installed, or
            ``path`` cannot be written.
    """
    plotly = load_plotly()
    with open_fleet(place) as database:
        found = list_sessions(database, since)
        shown = [_reported(database, it) for it in found[:MOST_SESSIONS]]
    left_out = f", the newest {MOST_SESSIONS} of {len(found)} sessions" if len(found) > MOST_SESSIONS else ""
    about = f"{database.url}{left_out}, written {utc_iso(time.time())} by handoff {VERSION}"
    return write_page(inert({"about": about, "sessions": shown}), plotly, path)


def _reported(database: FleetDatabase, it: FleetSession) -> dict[str, Any]:
    """Return a session as the page shows it."""
    points, compactions = _points(read_entries(database, it))
    return session_of_page(
        {**it.to_dict(), "context_window_limit": it.usable_tokens, "updated_at": it.seen_at},
        id=it.name,
        title=it.title or it.name,
        project=f"{it.project} on {it.machine}",
        points=[{"time": at, "tokens": tokens} for at, tokens in thinned(points)],
        compactions=compactions,
        document=shown_document(read_document(database, it) or ""),
        notes=[f"sent by {it.owner}, last seen {it.seen_at} by the server's clock"],
    )


def _points(entries: Sequence[Mapping[str, Any]]) -> tuple[list[tuple[str | None, int | None]], list[dict[str, Any]]]:
    """Return the usage over time as a ledger's lines add up to it, and where an agent compacted."""
    points: list[tuple[str | None, int | None]] = []
    compactions: list[dict[str, Any]] = []
    total = 0
    for entry in entries:
        if entry["kind"] not in ("checkpoint", "usage") or entry["tokens"] is None:
            continue
        if entry["compactions"]:
            compactions.append({"time": entry["time"], "tokens": total})
        total = entry["tokens"] if entry["kind"] == "usage" else total + entry["tokens"]
        points.append((entry["time"], total))
    return points, compactions
