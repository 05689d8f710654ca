"""Bringing a session's usage up to date from the agent's own transcript."""

from __future__ import annotations

import os
import time

from handoff_cli.constants import MAX_TOKENS
from handoff_cli.core.clock import utc_iso
from handoff_cli.core.record import Record
from handoff_cli.core.session import apply, next_entry
from handoff_cli.core.text import printable
from handoff_cli.core.usage import crossed, level_of
from handoff_cli.errors import InputError, UsageError
from handoff_cli.state import store
from handoff_cli.tracker.recording import Recorded, record
from handoff_cli.tracker.status import describe, window_of
from handoff_cli.transcripts.tail import TailState, latest_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from handoff_cli.core.session import Entry, Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place, View
    from handoff_cli.transcripts.model import ContextUsage

AGENTS = ("claude", "codex", "gemini", "opencode", "aider", "cline", "copilot")
"""The agents whose transcripts are found by themselves."""


class SyncRequest(Record):
    """What to read; None leaves it to what is remembered, found on disk or told by the content.

    ``agent`` is one of ``AGENTS``, ``transcript`` a path, ``format`` one of ``transcripts.READERS``, ``model`` the id of
    the model whose window and tokens are meant.
    """

    agent: str | None = None
    transcript: str | None = None
    format: str | None = None
    model: str | None = None


class SyncResult(Recorded):
    """What a ``sync`` did: ``transcript`` was read as ``format``; ``recorded`` is False where nothing had changed."""

    transcript: str = ""
    format: str = ""


class Reading(Record):
    """What a transcript says of the context now; times of day and levels come when it is recorded."""

    agent: str | None
    tail: TailState
    tokens: int
    low: int
    high: int
    method: str
    rule: str
    model: str | None
    encoding: str
    window: int | None
    compactions: int
    estimate: dict[str, object] | None


def sync(
    place: Place, request: SyncRequest, progress: Callable[[int, int], None] | None = None
) -> SyncResult:
    """Set the session's usage to what the agent's transcript says now, and write the handoff above a threshold.

    A transcript that was read before is read from where that ended; with nothing new in it, nothing is written.

    Args:
        place: Which session.
        request: Which transcript, and how to read it.
        progress: Called now and then with the bytes read and the bytes there are, where much must be read.

    Raises:
        InputError: no transcript is found, or it cannot be read or understood.
        UsageError: no such agent or format.
        StateError: state that cannot be read or written.
        LockTimeoutError: another writer held the session too long.
    """
    _check(request)
    view = store.read(place)
    path, format_, agent = _choose(place, view.session, request)
    old = _last_reading(view.session, path)
    usage, tail = latest_usage(path, old, format_)
    if view.session and not _has_news(view.session, old, tail, request):
        return _result(Recorded(describe(place, view), None, recorded=False), tail)
    reading = _read(view, usage, tail, old, agent, request, progress)

    def entries(session: Session, settings: Settings) -> list[Entry]:
        return _entries(reading, session, settings, place)

    return _result(record(place, entries), tail)


def _check(request: SyncRequest) -> None:
    if request.agent is not None and request.agent not in AGENTS:
        raise UsageError(f"there is no agent {printable(request.agent)!r}", f"agents: {', '.join(AGENTS)}")
    if request.format is not None:
        from handoff_cli.tracker.formats import check_format

        check_format(request.format)


def _result(recorded: Recorded, tail: TailState) -> SyncResult:
    return SyncResult(**recorded.to_dict(), transcript=tail.path, format=tail.format)


def _choose(place: Place, session: Session | None, request: SyncRequest) -> tuple[str, str | None, str | None]:
    """Return path, format and agent (None: not known yet) of the transcript to read.

    The one read last is kept as long as it grows; once it rests, a newer one of the project's takes its place.
    """
    format_ = None if request.format in (None, "auto") else request.format
    if request.transcript is not None:
        return os.path.abspath(request.transcript), format_, request.agent
    known = session.transcript if session and request.agent in (None, session.agent) else None
    old = _last_reading(session, known) if known else None
    if session and known and old and _modified(known) > old.modified_ns:
        return known, format_, session.agent
    newest = _newest(place, request.agent)
    if session and known and _modified(known) >= newest[0]:
        return known, format_, session.agent
    if newest[1] is None:
        whose = request.agent or "agent"
        project = os.path.dirname(place.project)
        raise InputError(f"no {whose} transcript of {project} was found", "name one: handoff sync --transcript FILE")
    return newest[1].path, format_ or newest[1].format, newest[1].agent
