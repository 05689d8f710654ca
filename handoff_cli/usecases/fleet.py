"""``handoff fleet``: what a team's PostgreSQL database knows of all sessions of all machines."""

from __future__ import annotations

import time

from handoff_cli.core.record import Record
from handoff_cli.core.text import is_identifier
from handoff_cli.errors import HandoffError, InputError
from handoff_cli.fleet import sessions
from handoff_cli.fleet.database import CONNECT_SECONDS, AwayError, database_of, init_schema, schema_version
from handoff_cli.state import store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from handoff_cli.fleet.database import FleetDatabase
    from handoff_cli.fleet.sessions import FleetSession
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.review import Resumed

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
    with open_fleet(place) as database:
        return Initialised(database.url, *init_schema(database))


def status(place: Place, since: str | None = None) -> list[FleetSession]:
    """Return all sessions of all machines that we may see, the one seen last first; errors as ``init``."""
    with open_fleet(place) as database:
        return sessions.list_sessions(database, since)


def watch(place: Place, since: str | None, warn: Callable[[str], None]) -> Iterator[list[FleetSession]]:
    """Yield what ``status`` returns, at once and whenever something has changed.

    A database that goes away meanwhile is waited for; ``warn`` is told once. Errors at the beginning as ``init``.
    """
    is_there = False
    while True:
        try:
            with open_fleet(place) as database, open_fleet(place) as listening:
                for _ in sessions.changes(listening, WATCH_SECONDS, LEAST_WATCH_SECONDS):
                    yield sessions.list_sessions(database, since)
                    is_there = True
        except AwayError as error:
            if not is_there:
                raise
            warn(error.message)
        while not _answers(place):
            time.sleep(WATCH_SECONDS)


def _answers(place: Place) -> bool:
    try:
        with open_fleet(place):
            return True
    except AwayError:
        return False


def show(place: Place, name: str) -> tuple[FleetSession, list[dict[str, Any]]]:
    """Return the session ``name`` (``MACHINE/SESSION``) and the last lines of its ledger; errors as ``init``."""
    with open_fleet(place) as database:
        found = sessions.find_session(database, name)
        return found, sessions.read_entries(database, found, _LAST_ENTRIES)


def resume(place: Place, name: str) -> Resumed:
    """Return the handoff of the session ``name``; it is laid beside our own, and the next session goes on from it.

    Raises:
        InputError: as ``init``; there is no such session, or it has no handoff.
        StateError: it cannot be written.
    """
    from handoff_cli.usecases.remote import lay_down
    from handoff_cli.usecases.review import Resumed, drift_since

    with open_fleet(place) as database:
        found = sessions.find_session(database, name)
        text = sessions.read_document(database, found)
    if not (is_identifier(found.machine_id) and is_identifier(found.session)):
        raise InputError(f"{found.name} is no name that handoff gives", "somebody else wrote it into the database")
    if text is None:
        raise InputError(f"{found.name} has no handoff", "handoff fleet status shows which have")
    path = lay_down(place, found.machine_id, found.session, text)
    return Resumed(path, text, drift_since(place, text))


def metrics(place: Place) -> tuple[list[FleetSession], list[sessions.Counted]]:
    """Return what is measured: the sessions, and what was counted by machine, agent and model; errors as ``init``."""
    with open_fleet(place) as database:
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
    from handoff_cli.usecases.outbox import failures, unsent

    left, of = unsent(place)
    database = open_fleet(place, _DOCTOR_SECONDS)
    found = Health(database.url, 0, left, of, failures(place))
    try:
        with database:
            return found.replace(schema=schema_version(database))
    except HandoffError as error:
        return found.replace(problem=error.message, advice=error.hint)


def open_fleet(place: Place, connect_seconds: int = CONNECT_SECONDS) -> FleetDatabase:
    """Return the fleet's database, to be opened by ``with``; raises InputError where none is set."""
    return database_of(store.read(place).settings, connect_seconds)
