"""Which transcript a session goes by when nobody names one: the one read last, or the project's newest."""

from __future__ import annotations

import os

from handoff_cli.core.record import Record
from handoff_cli.transcripts.source import split_session
from handoff_cli.transcripts.tail import TailState

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.session import Session
    from handoff_cli.state.store import Place

_NANOSECONDS = 1_000_000_000


class Found(Record):
    """A transcript: its path, its format (None: its content tells) and its agent."""

    path: str
    format: str | None
    agent: str | None


def find_transcript(place: Place, session: Session | None, agent: str | None = None) -> Found | None:
    """Return the transcript of the session at ``place``, None where there is none.

    The one read last is kept as long as it grows; once it rests, a newer one of the project's takes its place.

    Args:
        place: Which session.
        session: What is remembered of it.
        agent: An agent's name: only its own; None for any.
    """
    known = session.transcript if session and agent in (None, session.agent) else None
    old = last_reading(session, known)
    modified = _modified(known) if known else None
    if session and known and modified is not None:
        kept = Found(known, old.format if old else None, session.agent)
        if old and modified > old.modified_ns:
            return kept
    else:
        kept = None
    from handoff_cli.agents import find_agent
    from handoff_cli.agents.search import Search

    search = Search(os.path.dirname(place.project), environ=place.environ, since=(modified or 0) / _NANOSECONDS)
    newer = next(search.logs(*([find_agent(agent)] if agent else [])), None)
    return Found(newer.path, newer.format, newer.agent) if newer else kept


def last_reading(session: Session | None, path: str | None) -> TailState | None:
    """Return how far the transcript at ``path`` was read, None where it is not the one the session goes by."""
    return TailState.from_dict(session.tail) if session and path and session.transcript == path else None


def _modified(path: str) -> int | None:
    """Return when a file was changed, in nanoseconds since 1970, None where there is none."""
    try:
        return os.stat(split_session(path)[0]).st_mtime_ns
    except OSError:
        return None
