"""Usage as the agent itself reports it, from the tail of its transcript or from the event, put into the session."""

from __future__ import annotations

import os
import time

from handoff_cli.constants import DEFAULT_ENCODING
from handoff_cli.core.clock import utc_iso
from handoff_cli.core.record import Record
from handoff_cli.core.usable import usable_tokens
from handoff_cli.core.usage import LEVELS, crossed, level_of
from handoff_cli.state import store
from handoff_cli.tracker.memory import load_agent, load_memory, save_memory
from handoff_cli.tracker.status import window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from handoff_cli.agents.events import Event
    from handoff_cli.core.models import ModelInfo
    from handoff_cli.core.session import Entry, Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place, Store
    from handoff_cli.transcripts.tail import TailState

_COMPACTED = "compacted; the next response reports the usage"


class Reading(Record):
    """What the agent says is in the window: ``tokens`` (None: compacted, nothing reported since) and how it is known.

    ``window`` is the context window in tokens where the agent names it; ``tail`` how far its transcript was read.
    """

    tokens: int | None
    method: str
    rule: str
    model: str | None
    version: str | None
    window: int | None
    tail: TailState | None


def sync(place: Place, agent: Any, event: Event) -> str | None:
    """Bring the session at ``place`` up to what its agent reports; return the level newly reached, None if none was.

    Nothing is written, and no lock taken, where nothing has changed.

    Raises:
        InputError: the transcript cannot be read.
        StateError, LockTimeoutError: as ``store.opened``.
    """
    memory = load_memory(place.folder)
    reading = _read(agent, event, memory)
    if reading is None or (reading.tail is not None and reading.tail.to_dict() == memory.get("tail")):
        return None
    with store.opened(place) as session_store:
        memory = load_memory(place.folder)
        # The transcript is written behind the agent's back: for a moment it may still tell of before the compaction.
        outdated = reading.tokens is not None and reading.tokens == memory.get("before")
        newly = None if outdated else _record(session_store, reading, agent, place)
        tail = reading.tail.to_dict() if reading.tail else memory.get("tail")
        save_memory(place.folder, {**memory, "tail": tail, **({} if outdated else {"before": None})})
    return newly


def compacted(place: Place, agent: Any, event: Event) -> None:
    """Note that the agent has compacted: the usage is unknown, and the thresholds are armed again. Errors as sync."""
    with store.opened(place) as session_store:
        memory = load_memory(place.folder)
        before = session_store.session.total_tokens
        if session_store.session.agent is None or (before == 0 and memory.get("before") is not None):
            return
        _record(session_store, Reading(None, "estimated", "", event.model, None, event.window, None), agent, place)
        save_memory(place.folder, {**memory, "before": before})


def remember(place: Place, change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Replace what the session's hooks remember by ``change`` of it, under the lock; return what it was before."""
    with store.opened(place):
        memory = load_memory(place.folder)
        save_memory(place.folder, change(memory))
    return memory


def _read(agent: Any, event: Event, memory: dict[str, Any]) -> Reading | None:
    if event.tokens is not None:
        rule = "reported with the event"
        return Reading(event.tokens, "exact", rule, event.model, None, event.window, None)
    if agent.FORMAT is None or not _has_content(event.transcript):
        return None
    from handoff_cli.transcripts.tail import TailState, latest_usage

    usage, tail = latest_usage(event.transcript, TailState.from_dict(memory.get("tail")), agent.FORMAT)
    model, version = tail.model or event.model, tail.version or None
    if usage is None or not usage.tokens:
        return Reading(None, "estimated", "", model, version, event.window, tail) if tail.compacted else None
    return Reading(usage.tokens, usage.method, usage.rule, model, version, usage.window or event.window, tail)


def _has_content(path: str | None) -> bool:
    """Return whether there is something in the transcript yet: a session's first event comes before its first line."""
    return path is not None and os.path.isfile(path) and os.path.getsize(path) > 0


def _record(session_store: Store, reading: Reading, agent: Any, place: Place) -> str | None:
    session, settings = session_store.session, session_store.settings
    entry = _entry(session, settings, reading, agent, load_agent(place.folder), place)
    same = ("model", "window", "usable", "agent")
    if entry["tokens"] == session.total_tokens and all(entry[name] == getattr(session, name) for name in same):
        return None
    session_store.append(entry)
    newly: str | None = entry["crossed"]
    return newly


def _entry(
    session: Session, settings: Settings, reading: Reading, agent: Any, told: dict[str, Any], place: Place
) -> Entry:
    model = reading.model or _text(told.get("model")) or session.model
    tokens = reading.tokens or 0
    known = _known(model)
    reported = reading.window or _count(told.get("window"))
    found = agent.window_of(tokens, model, reported, _supposed(known, session, model), place.environ)
    window = usable = None
    if found is not None:
        window, compacts_at, share = found
        version = reading.version or _text(told.get("version"))
        usable = round(compacts_at * share) if share else usable_tokens(agent.USABLE, version, compacts_at).tokens
    after = session.replace(agent=agent.NAME, window=window, usable=usable)
    level = level_of(tokens, window_of(settings, model, after).thresholds)
    compacted_now = reading.tokens is None
    return {
        "kind": "usage",
        "time": utc_iso(time.time()),
        "tokens": tokens,
        "low": tokens,
        "high": session.total_tokens if compacted_now else tokens,
        "method": reading.method,
        "model": model,
        "encoding": known.encoding if known else session.encoding or DEFAULT_ENCODING,
        "agent": agent.NAME,
        "window": window,
        "usable": usable,
        "rule": _COMPACTED if compacted_now else reading.rule,
        "source": "hook",
        "level": LEVELS[0] if compacted_now else level,
        "crossed": None if compacted_now else crossed(session.level, level),
    }


def _supposed(known: ModelInfo | None, session: Session, model: str | None) -> int | None:
    """Return the window (tokens) where the agent does not name it: the one seen in use with this model, or its own."""
    if session.window and (session.model == model or known is None):
        return session.window
    return known.window if known else None


def _known(model: str | None) -> ModelInfo | None:
    if model is None:
        return None
    from handoff_cli.core.models import find_model

    return find_model(model)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _count(value: object) -> int | None:
    return value if type(value) is int and value > 0 else None
