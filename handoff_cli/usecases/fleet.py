"""``handoff fleet``: what a team's PostgreSQL database knows of all sessions of all machines."""

from __future__ import annotations

import time

from handoff_cli.constants import VERSION
from handoff_cli.core.record import Record
from handoff_cli.core.text import is_identifier, utc_iso
from handoff_cli.core.usage import Thresholds
from handoff_cli.documents.templates import render_markdown
from handoff_cli.errors import HandoffError, InputError
from handoff_cli.fleet import sessions
from handoff_cli.fleet.database import Database, init_schema, schema_version
from handoff_cli.state import store
from handoff_cli.usecases.outbox import failures, fleet_url, unsent
from handoff_cli.usecases.remote import lay_down
from handoff_cli.usecases.report import (
    MOST_SESSIONS,
    USUAL_THRESHOLDS,
    inert,
    load_plotly,
    thinned,
    without_front_matter,
    write_page,
)
from handoff_cli.usecases.review import Resumed, drift_since

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from handoff_cli.fleet.sessions import FleetSession
    from handoff_cli.state.store import Place

WATCH_SECONDS, LEAST_WATCH_SECONDS = 2.0, 0.2
"""How often a watch looks again anyway, and at most."""

_LAST_ENTRIES = 10
_DOCTOR_SECONDS = 3


class Initialised(Record):
    """What ``fleet init`` did: the database (its URL without secrets), the schema's version before and now.

    ``roles_problem`` is what kept the roles from being made, None where they are there.
    """

    url: str
    before: int
    version: int
    roles_problem: str | None = None


def init(place: Place) -> Initialised:
    """Make the schema in the fleet's database, or bring it up to date.

    Raises:
        InputError: no database is set, it cannot be reached, or it refuses.
        StateError: settings that cannot be read.
    """
    with _database(place) as database:
        return Initialised(database.url, *init_schema(database))


def status(place: Place, since: str | None = None) -> list[FleetSession]:
    """Return all sessions of all machines that we may see, the one seen last first; errors as ``init``."""
    with _database(place) as database:
        return sessions.list_sessions(database, since)


def watch(place: Place, since: str | None = None) -> Iterator[list[FleetSession]]:
    """Yield what ``status`` returns, at once and whenever something has changed; errors as ``init``."""
    with _database(place) as database, _database(place) as listening:
        for _ in sessions.changes(listening, WATCH_SECONDS, LEAST_WATCH_SECONDS):
            yield sessions.list_sessions(database, since)


def show(place: Place, name: str) -> tuple[FleetSession, list[dict[str, Any]]]:
    """Return the session ``name`` (``MACHINE/SESSION``) and the last lines of its ledger; errors as ``init``."""
    with _database(place) as database:
        found = sessions.find_session(database, name)
        return found, sessions.read_entries(database, found, _LAST_ENTRIES)


def resume(place: Place, name: str) -> Resumed:
    """Return the handoff of the session ``name``; it is laid beside our own, and the next session goes on from it.

    Raises:
        InputError: as ``init``; there is no such session, or it has no handoff.
        StateError: it cannot be written.
    """
    with _database(place) as database:
        found = sessions.find_session(database, name)
        text = sessions.read_document(database, found)
    if not (is_identifier(found.machine_id) and is_identifier(found.session)):
        raise InputError(f"{found.name} is no name that handoff gives", "somebody else wrote it into the database")
    if text is None:
        raise InputError(f"{found.name} has no handoff", "handoff fleet status shows which have")
    path = lay_down(place, found.machine_id, found.session, text)
    return Resumed(path, text, drift_since(place, text))


def write_fleet_report(place: Place, path: str, since: str | None = None) -> int:
    """Write the report on the fleet's newest sessions to the file ``path``; return how many it shows.

    Raises:
        InputError: as ``init``; there is none, the extra ``report`` is not installed, or ``path`` cannot be written.
    """
    plotly = load_plotly()
    with _database(place) as database:
        found = sessions.list_sessions(database, since)
        shown = [_reported(database, it) for it in found[:MOST_SESSIONS]]
    left_out = f", the newest {MOST_SESSIONS} of {len(found)} sessions" if len(found) > MOST_SESSIONS else ""
    about = f"{database.url}{left_out}, written {utc_iso(time.time())} by handoff {VERSION}"
    return write_page(inert({"about": about, "sessions": shown}), plotly, path)


def _reported(database: Database, it: FleetSession) -> dict[str, Any]:
    """Return a session as the page shows it."""
    entries = sessions.read_entries(database, it)
    document = sessions.read_document(database, it) or ""
    limits = Thresholds(it.usable_tokens or 1, it.usable_tokens or 1, *USUAL_THRESHOLDS)
    points, compactions = _points(entries)
    return {
        "id": it.name,
        "title": it.title or it.name,
        "project": f"{it.project} on {it.machine}",
        "agent": it.agent,
        "model": it.model,
        "tokens": it.total_tokens,
        "share": it.usable_percentage,
        "level": it.level,
        "method": it.method,
        "usable": it.usable_tokens,
        "window": it.usable_tokens,
        "warning": round(it.usable_tokens * limits.warning),
        "critical": round(it.usable_tokens * limits.critical),
        "updated": it.seen_at,
        "points": [{"time": at, "tokens": tokens} for at, tokens in thinned(points)],
        "compactions": compactions,
        "handoffs": [],
        "filling": [],
        "tables": [],
        "document": render_markdown(without_front_matter(document)) if document else "",
        "notes": [f"sent by {it.owner}, last seen {it.seen_at} by the server's clock"],
    }


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


def metrics(place: Place) -> tuple[list[FleetSession], list[sessions.Counted]]:
    """Return what is measured: the sessions, and what was counted by machine, agent and model; errors as ``init``."""
    with _database(place) as database:
        return sessions.list_sessions(database), sessions.counts(database)


class Health(Record):
    """How the fleet's database is, for ``doctor``: its URL without secrets, its schema, what is not there yet.

    ``problem`` says why it cannot be used, ``failures`` how often sending failed since it last worked.
    """

    url: str
    schema: int
    unsent: int
    unsent_sessions: int
    failures: int
    problem: str | None = None
    advice: str | None = None


def health(place: Place) -> Health:
    """Return how the fleet's database is; waits a few seconds for it at most.

    Raises:
        InputError: none is set.
        StateError: settings or ledgers cannot be read.
    """
    left, of = unsent(place)
    database = Database(fleet_url(store.read(place).settings), connect_seconds=_DOCTOR_SECONDS)
    found = Health(database.url, 0, left, of, failures(place))
    try:
        with database:
            return found.replace(schema=schema_version(database))
    except HandoffError as error:
        return found.replace(problem=error.message, advice=error.hint)


def _database(place: Place) -> Database:
    return Database(fleet_url(store.read(place).settings))
