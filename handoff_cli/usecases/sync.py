"""Bringing a session's usage up to date from the agent's own transcript."""

from __future__ import annotations

import os

from handoff_cli.errors import HandoffError, InputError
from handoff_cli.state import store
from handoff_cli.usecases.news import entries_of, request_of, view_now, with_what_was_told
from handoff_cli.usecases.place import has_hooks
from handoff_cli.usecases.reading import SyncRequest, read_news
from handoff_cli.usecases.record import Recorded, record
from handoff_cli.usecases.status import describe, get_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.session import Entry, Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place
    from handoff_cli.transcripts.tail import TailState
    from handoff_cli.usecases.estimate import Progress
    from handoff_cli.usecases.status import TokenStatus

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
    tail, news = read_news(place, view, _of_own_log(place, view.session, request), progress)
    if news is None:
        return _result(Recorded(describe(place, view), None, recorded=False), tail)
    reading = with_what_was_told(news, place)

    def entries(session: Session, settings: Settings) -> list[Entry]:
        entries = entries_of(reading, session, settings, place.environ)
        return [{**entry, "turn": request.turn} for entry in entries]

    recorded = record(place, entries, only_crossings=only_crossings)
    first = view.session is None or view.session.transcript != tail.path
    if reading.method == "estimated" and first and not only_crossings:  # a hook has nobody to tell, and usage will come
        recorded = recorded.replace(warnings=(*recorded.warnings, _NO_USAGE))
    return _result(recorded, tail, reading.compactions)


def _of_own_log(place: Place, session: Session | None, request: SyncRequest) -> SyncRequest:
    """Return ``request`` for the log of the session whose hooks run at ``place``, where no other is named.

    Another log of the project is another session's, though it may be the only one that is there yet.
    """
    if request.transcript is not None or request.agent is not None or not has_hooks(place.folder):
        return request
    own = request_of(place, session)
    if own is None:
        name = os.path.basename(place.folder)
        raise InputError(f"session {name} has no log yet", "name one: handoff sync --transcript FILE")
    return request.replace(
        transcript=own.transcript, agent=own.agent, format=request.format or own.format, certain=True
    )


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


def status_now(place: Place) -> TokenStatus:
    """Return the status of the session at ``place``, once the log that its agent keeps of it was read.

    Where hooks bring the session up to date they tell of a crossing too, so what the log says is shown, not recorded.

    Raises:
        StateError: state that cannot be read or understood.
    """
    if not has_hooks(place.folder) and place.log:
        sync_own_log(place)
        return get_status(place)
    return describe(place, view_now(place))
