"""Usage as the agent itself reports it, from its transcript or from the event, put into the session by a hook."""

from __future__ import annotations

import os
import time

from handoff_cli.constants import DEFAULT_ENCODING
from handoff_cli.core.session import apply, next_entry
from handoff_cli.core.text import utc_iso
from handoff_cli.core.usage import LEVELS, crossed, level_of
from handoff_cli.state import store
from handoff_cli.usecases.memory import load_agent, load_memory, save_memory
from handoff_cli.usecases.status import window_of
from handoff_cli.usecases.sync import SyncRequest, read_news, usage_entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from handoff_cli.agents import Agent
    from handoff_cli.agents.hooks import Event
    from handoff_cli.core.session import Entry, Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.sync import Reading

_COMPACTED = "compacted; the next response reports the usage"
_REPORTED = "reported with the event"


def sync(place: Place, agent: Agent, event: Event) -> str | None:
    """Bring the session at ``place`` up to what its agent reports; return the level newly reached, None if none was.

    Nothing is written, and no lock taken, where nothing has changed.

    Raises:
        InputError: the transcript cannot be read.
        StateError, LockTimeoutError: as ``store.opened``.
    """
    if event.tokens is not None:
        return _append(place, lambda session, settings: [_reported(session, settings, agent, event, place)])
    if not _has_content(event.transcript):
        return None
    return sync_transcript(
        place, SyncRequest(agent=agent.name, transcript=event.transcript, format=agent.format, certain=True)
    )


def sync_transcript(place: Place, request: SyncRequest) -> str | None:
    """Bring the session at ``place`` up to what a transcript says; result and errors as ``sync``."""
    _, reading = read_news(place, store.read(place), request)
    if reading is None:
        return None
    known = _with_what_was_told(reading, place)
    return _append(place, lambda session, settings: usage_entries(known, session, settings, place))


def compacted(place: Place, agent: Agent, event: Event) -> None:
    """Note that the agent has compacted: the usage is unknown, and the thresholds are armed again. Errors as sync."""
    before = store.read(place).session
    if before is None or before.agent is None or before.usage_rule == _COMPACTED:
        return
    _append(place, lambda session, settings: [_compaction(session, settings, agent, event, place)])


def remember(place: Place, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Replace what the session's hooks remember by ``change`` of it, under the lock; errors as ``store.opened``."""
    with store.opened(place):
        save_memory(place.folder, change(load_memory(place.folder)))


def _append(place: Place, entries: Callable[[Session, Settings], list[Entry]]) -> str | None:
    with store.opened(place) as session_store:
        before = session_store.session.level
        if new := entries(session_store.session, session_store.settings):
            session_store.append(*new)
        return crossed(before, session_store.session.level)


def _with_what_was_told(reading: Reading, place: Place) -> Reading:
    """Return ``reading`` with the window the status line was told, where the transcript names none."""
    window = load_agent(place.folder).get("window")
    return reading.replace(window=reading.window or (window if type(window) is int and window > 0 else None))


def _has_content(path: str | None) -> bool:
    """Return whether there is something in the transcript yet: a session's first event comes before its first line."""
    return path is not None and os.path.isfile(path) and os.path.getsize(path) > 0


def _reported(session: Session, settings: Settings, agent: Agent, event: Event, place: Place) -> Entry:
    """Return the entry of the tokens that the event itself tells."""
    tokens = event.tokens or 0
    figures = {"tokens": tokens, "low": tokens, "high": tokens, "method": "exact", "rule": _REPORTED}
    entry = {**_entry(session, agent, event), **figures, "source": "", "piped": True, "tail": None}
    after = apply(session, next_entry(session, entry))
    level = level_of(tokens, window_of(settings, after, after.model, place.environ).thresholds)
    return {**entry, "level": level, "crossed": crossed(session.level, level)}


def _compaction(session: Session, _settings: Settings, agent: Agent, event: Event, _place: Place) -> Entry:
    """Return the entry of a compaction: how much is left is between nothing and what there was."""
    figures = {"tokens": 0, "low": 0, "high": session.total_tokens, "method": "estimated", "rule": _COMPACTED}
    return {**_entry(session, agent, event), **figures}


def _entry(session: Session, agent: Agent, event: Event) -> Entry:
    """Return what is the same in all entries; the transcript is remembered as far as it was read."""
    return {
        "kind": "usage",
        "time": utc_iso(time.time()),
        "source": session.transcript or "",
        "piped": session.transcript is None,
        "agent": agent.name,
        "agent_version": session.agent_version,
        "model": event.model or session.model,
        "encoding": session.encoding or DEFAULT_ENCODING,
        "window": event.window or session.reported_window,
        "compactions": 0,
        "tail": session.tail,
        "estimate": None,
        "level": LEVELS[0],
        "crossed": None,
    }
