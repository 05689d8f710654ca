"""What a session's log says beyond what is recorded: shown to whoever asks, recorded by hooks and ``sync`` alone.

Agents may write a response down after the hook that it ends with, and begin a log after the session's first hooks. So
these remember which session it is and where they were told its log would be, and who asks later reads it there.
"""

from __future__ import annotations

import os
import time

from handoff_cli.agents import AGENTS
from handoff_cli.agents.hooks import is_named_by
from handoff_cli.constants import MAX_CONTEXT_WINDOW, MAX_TOKENS
from handoff_cli.core.session import Session, apply, next_entry
from handoff_cli.core.text import utc_iso
from handoff_cli.core.usage import LEVELS
from handoff_cli.errors import HandoffError, InputError
from handoff_cli.state import store
from handoff_cli.transcripts.tail import unchanged
from handoff_cli.usecases.hook_memory import load_agent, load_memory
from handoff_cli.usecases.reading import SyncRequest, last_reading, read_news
from handoff_cli.usecases.status import may_lag, with_level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_cli.agents import Agent
    from handoff_cli.core.session import Entry
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place, View
    from handoff_cli.usecases.reading import Reading

_MAX_NAME = 100


def view_now(place: Place) -> View:
    """Return the session at ``place`` with what its log says beyond what is recorded; nothing is written.

    Raises:
        StateError: state that cannot be read or understood.
    """
    view = store.read(place)
    return with_news(place, view) if may_lag(place) else view


def with_news(place: Place, view: View) -> View:
    """Return ``view`` with what the session's log says beyond it, as far as it can be read; nothing is written."""
    request = request_of(place, view.session)
    now = utc_iso(time.time())
    session = view.session or Session(id="", started_at=now, updated_at=now)
    try:
        news = read_news(place, view, request)[1] if request else None
        if news is None:
            return view
        for entry in entries_of(with_what_was_told(news, place), session, view.settings, place.environ):
            session = apply(session, next_entry(session, entry))
    except HandoffError:
        return view
    return view.replace(session=session)


def log_now(place: Place, session: Session) -> str | None:
    """Return the log of ``session`` that is known by now, None where there is none."""
    if session.transcript:
        return session.transcript
    request = request_of(place, session)
    return request.transcript if request else None


def request_of(place: Place, known: Session | None) -> SyncRequest | None:
    """Return what is to be read of the session that the hooks at ``place`` keep, None where it has no log yet."""
    memory = load_memory(place.folder)
    name = memory.get("agent") or (known.agent if known else None)
    agent = next((it for it in AGENTS if it.name == name), None)
    id_, told = memory.get("id"), memory.get("log")
    log = place.log or (known.transcript if known else None)
    if not place.log and agent and isinstance(id_, str) and id_:
        log = log_of(place, agent, id_, told if isinstance(told, str) else None)
    by_hand = known and known.checkpoint_count and known.transcript != log and not memory
    if not log or by_hand:  # what was tracked by hand stays: the log's figure would take its place
        return None
    if agent is None or place.log:
        return SyncRequest(transcript=log, certain=True, responses_only=True)
    return SyncRequest(agent.name, log, agent.format, certain=True, responses_only=True)


def log_of(place: Place, agent: Agent, id_: str, told: str | None, *, figures: bool = False) -> str | None:
    """Return the log of the session that ``agent`` calls ``id_``, the one named by that id first; None: none yet.

    Agents name none, or one that is not there, in worktrees; some name another session's, as that of a project whose
    folder is called alike. Only where the file ``told`` does not carry the id is anything searched for, and not where
    the agent tells its ``figures`` itself.
    """
    told = told if _has_content(told) else None
    if not agent.searched or (told and is_named_by(told, id_)):
        return told
    known = store.read(place).session
    log = known.transcript if known else None
    trusted = log is not None and (told is None or is_named_by(log, id_))
    if trusted and (figures or _has_content(log)):
        return log
    from handoff_cli.agents.search import Search

    own = Search(None, environ=place.environ).session(agent, id_)
    return own.path if own else told


def _has_content(path: str | None) -> bool:
    """Return whether there is something in the transcript yet: a session's first event comes before its first line."""
    return path is not None and os.path.isfile(path) and os.path.getsize(path) > 0


def with_what_was_told(reading: Reading, place: Place) -> Reading:
    """Return ``reading`` with the window the status line was told, where the transcript names none."""
    if reading.window:
        return reading
    window = load_agent(place.folder).get("window")
    return reading.replace(window=window) if type(window) is int and window > 0 else reading


def entries_of(reading: Reading, session: Session, settings: Settings, environ: Mapping[str, str]) -> list[Entry]:
    """Return the ledger entry of ``reading``, none where another process has read further meanwhile.

    Raises InputError for one that reports more tokens than a ledger takes.
    """
    other = last_reading(session, reading.tail.path)
    further = other and other.inode == reading.tail.inode and other.modified_ns > reading.tail.modified_ns
    if further and not unchanged(reading.tail, reading.tail.path):  # or a clock was set back, and this is the newest
        return []
    if reading.high > MAX_TOKENS:
        raise InputError(f"{reading.tail.path} reports more than {MAX_TOKENS} tokens", "name another transcript")
    tail = reading.tail
    told = session.transcript is None and session.agent == reading.agent  # with an event, before any log was read
    window = reading.window or (session.reported_window if told else None)
    entry: Entry = {
        "kind": "usage",
        "time": utc_iso(time.time()),
        "source": tail.path,
        "agent": reading.agent,
        "agent_version": tail.version[:_MAX_NAME] or None,
        "tokens": reading.tokens,
        "low": reading.low,
        "high": reading.high,
        "method": reading.method,
        "rule": reading.rule,
        "model": reading.model,
        "encoding": reading.encoding,
        "window": window if window and window <= MAX_CONTEXT_WINDOW else None,
        "compactions": reading.compactions,
        "tail": tail.to_dict(),
        "estimate": reading.estimate,
        "level": LEVELS[0],
    }
    return [with_level(entry, session, settings, environ)]
