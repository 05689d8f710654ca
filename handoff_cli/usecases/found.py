"""Which transcript a session goes by when nobody names one: the one read last, or the project's newest."""

from __future__ import annotations

import os

from handoff_cli.core.record import Record
from handoff_cli.core.text import printable
from handoff_cli.errors import UsageError
from handoff_cli.transcripts.tail import TailState

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.session import Session
    from handoff_cli.state.store import Place

AGENTS = ("claude", "codex", "gemini", "opencode", "aider", "cline", "copilot")
"""The agents whose transcripts are found by themselves."""

_NANOSECONDS = 1_000_000_000


class Found(Record):
    """A transcript: its path, its format (None: its content tells) and its agent."""

    path: str
    format: str | None
    agent: str | None


def check_agent(name: str | None) -> None:
    """Raise UsageError, listing the agents, unless ``name`` is one of ``AGENTS`` or None."""
    if name is not None and name not in AGENTS:
        raise UsageError(f"there is no agent '{printable(name)}'", f"agents: {', '.join(AGENTS)}")


def find_transcript(place: Place, session: Session | None, agent: str | None = None) -> Found | None:
    """Return the transcript of the session at ``place``, None where there is none.

    The one read last is kept as long as it grows; once it rests, a newer one of the project's takes its place.

    Args:
        place: Which session.
        session: What is remembered of it.
        agent: One of ``AGENTS``: only this one's; None for any.
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
    from handoff_cli.transcripts.locate import candidates

    since = (modified or 0) / _NANOSECONDS
    newer = candidates(os.path.dirname(place.project), os.path.expanduser("~"), place.environ, agent, since)
    return Found(newer[0].path, newer[0].format, newer[0].agent) if newer else kept


def last_reading(session: Session | None, path: str | None) -> TailState | None:
    """Return how far the transcript at ``path`` was read, None where it is not the one the session goes by."""
    return TailState.from_dict(session.tail) if session and path and session.transcript == path else None


def _modified(path: str) -> int | None:
    """Return when a file was changed, in nanoseconds since 1970, None where there is none."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None
