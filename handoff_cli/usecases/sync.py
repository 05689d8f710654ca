"""Bringing a session's usage up to date from the agent's own transcript."""

from __future__ import annotations

import time

from handoff_cli.constants import MAX_CONTEXT_WINDOW, MAX_TOKENS
from handoff_cli.core.session import Session, apply, next_entry
from handoff_cli.core.text import utc_iso
from handoff_cli.core.usage import LEVELS
from handoff_cli.errors import HandoffError, InputError
from handoff_cli.state import store
from handoff_cli.transcripts.tail import unchanged
from handoff_cli.usecases.place import has_hooks
from handoff_cli.usecases.reading import SyncRequest, last_reading, read_news
from handoff_cli.usecases.record import Recorded, record, with_level
from handoff_cli.usecases.status import describe, get_status, may_lag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_cli.core.session import Entry
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place, View
    from handoff_cli.transcripts.tail import TailState
    from handoff_cli.usecases.reading import Progress, Reading
    from handoff_cli.usecases.status import TokenStatus

_MAX_NAME = 100
_NO_USAGE = (
    "this log records no usage: the figure is an estimate of the text in it, without the agent's own instructions"
    " and tools"
)
"""Said once, when such a log is first read."""


class SyncResult(Recorded):
    """What a ``sync`` did: ``transcript`` was read as ``format``; ``recorded`` is False where nothing had changed.

    ``compactions`` is how many there were since the last reading.
    """

    transcript: str = ""
    format: str = ""
    compactions: int = 0


def sync(
    place: Place, request: SyncRequest, progress: Progress | None = None, *, only_crossings: bool = False
) -> SyncResult:
    """Set the session's usage to what the agent's transcript says now, and write the handoff above a threshold.

    A transcript that was read before is read from where that ended; with nothing new in it, nothing is written and no
    lock is taken.

    Args:
        place: Which session.
        request: Which transcript, and how to read it.
        progress: Called now and then with the bytes read and the bytes there are, where much must be read.
        only_crossings: As for ``record``.

    Raises:
        InputError: no transcript is found, or it cannot be read or understood.
        UsageError: no such agent or format.
        StateError: state that cannot be read or written.
        LockTimeoutError: another writer held the session too long.
    """
    view = store.read(place)
    tail, news = read_news(place, view, request, progress)
    if news is None:
        return _result(Recorded(describe(place, view), None, recorded=False), tail)
    reading = _with_what_was_told(news, place)

    def entries(session: Session, settings: Settings) -> list[Entry]:
        entries = _entries(reading, session, settings, place.environ)
        return [{**entry, "turn": request.turn} for entry in entries]

    recorded = record(place, entries, only_crossings=only_crossings)
    first = view.session is None or view.session.transcript != tail.path
    if reading.method == "estimated" and first and not only_crossings:  # a hook has nobody to tell, and usage will come
        recorded = recorded.replace(warnings=(*recorded.warnings, _NO_USAGE))
    return _result(recorded, tail, reading.compactions)


def sync_own_log(place: Place) -> None:
    """Bring the session at ``place`` up to date from the log of its agent, ``place.log``, as far as that can be done.

    What was tracked by hand stays: the log's figure would take its place. Nor does a log, a lock or a disk that stands
    in the way keep anyone from what is known already.
    """
    session = store.read(place).session
    if session is None or session.transcript == place.log or not session.checkpoint_count:
        from contextlib import suppress

        with suppress(HandoffError):
            sync(place, SyncRequest(transcript=place.log))


def _result(recorded: Recorded, tail: TailState, compactions: int = 0) -> SyncResult:
    return SyncResult(**recorded.to_dict(), transcript=tail.path, format=tail.format, compactions=compactions)


def _with_what_was_told(reading: Reading, place: Place) -> Reading:
    """Return ``reading`` with the window the status line was told, where the transcript names none."""
    if reading.window:
        return reading
    from handoff_cli.usecases.hook_memory import load_agent

    window = load_agent(place.folder).get("window")
    return reading.replace(window=window) if type(window) is int and window > 0 else reading


def _entries(reading: Reading, session: Session, settings: Settings, environ: Mapping[str, str]) -> list[Entry]:
    """Return the ledger entry of ``reading``, none where another process has read further meanwhile."""
    other = last_reading(session, reading.tail.path)
    further = other and other.inode == reading.tail.inode and other.modified_ns > reading.tail.modified_ns
    if further and not unchanged(reading.tail, reading.tail.path):  # or a clock was set back, and this is the newest
        return []
    if reading.high > MAX_TOKENS:
        raise InputError(f"{reading.tail.path} reports more than {MAX_TOKENS} tokens", "name another transcript")
    tail = reading.tail
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
        "window": reading.window if reading.window and reading.window <= MAX_CONTEXT_WINDOW else None,
        "compactions": reading.compactions,
        "tail": tail.to_dict(),
        "estimate": reading.estimate,
        "level": LEVELS[0],
    }
    return [with_level(entry, session, settings, environ)]


def status_now(place: Place) -> TokenStatus:
    """Return the status of the session at ``place``, once the log that its agent keeps of it was read.

    Where hooks bring the session up to date they tell of a crossing too, so what the log says is shown, not recorded.

    Raises:
        StateError: state that cannot be read or understood.
    """
    if has_hooks(place.folder):
        return describe(place, with_news(place, store.read(place)) if may_lag(place) else store.read(place))
    if place.log:
        sync_own_log(place)
    return get_status(place)


def with_news(place: Place, view: View) -> View:
    """Return ``view`` with what the session's log says beyond it, as far as it can be read; nothing is written."""
    log = place.log or (view.session.transcript if view.session else None)
    try:
        _, news = read_news(place, view, SyncRequest(transcript=log, certain=True, responses_only=True))
    except HandoffError:
        return view
    now = utc_iso(time.time())
    session = view.session or Session(id="", started_at=now, updated_at=now)
    if news is None:
        return view
    entries = _entries(_with_what_was_told(news, place), session, view.settings, place.environ)
    for entry in entries:
        session = apply(session, next_entry(session, entry))
    return view.replace(session=session)
