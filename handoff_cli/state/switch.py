"""Ending the session that runs and going on with another: a new one, or one out of the archive."""

from __future__ import annotations

import time

from handoff_cli.constants import MAX_SESSION_NAME_CHARS
from handoff_cli.core.session import start_entry
from handoff_cli.core.text import utc_compact, utc_iso
from handoff_cli.errors import InputError
from handoff_cli.state import archive, snapshot
from handoff_cli.state.folder import check_folders, is_interrupted
from handoff_cli.state.listing import archive_path
from handoff_cli.state.replay import replay
from handoff_cli.state.store import new_session_id, opened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.session import Session
    from handoff_cli.state.store import Place, Store


def reset(store: Store, *, keep: bool = True) -> str | None:
    """Begin a new session and return the path of the archived one, None when ``keep`` is False (thrown away)."""
    now = time.time()
    name = _archive_name(store.session, now) if keep else None
    start = start_entry(new_session_id(now), utc_iso(now), previous=store.session)
    store.go_on_with(*archive.reset(store.place.folder, store.saved(), start, name))
    return archive_path(store.place.folder, name) if name else None


def restore(store: Store, name: str) -> str:
    """Go on with the archived session ``name`` and return the path where the one that ran until now is archived.

    Raises:
        InputError: it runs already.
        StateError: something could not be read or written, or there is none; the old one then still runs.
    """
    folder = store.place.folder
    source = archive_path(folder, name)
    archived = snapshot.load(source) or snapshot.empty(source)
    tail = replay(source, archived, locked=True)
    if tail.session and tail.session.id == store.session.id:
        raise InputError(f"session {tail.session.id} is the one that runs", "there is nothing to restore")
    store.warnings += tail.warnings
    target = _archive_name(store.session, time.time())
    begun = archived.replace(session=tail.session)
    store.go_on_with(*archive.restore(folder, store.saved(), name, begun, target))
    return archive_path(folder, target)


def settle(place: Place) -> None:
    """Finish a change of sessions that a crash cut short at ``place``; ordinarily there is nothing to do.

    Raises:
        StateError, LockTimeoutError: as ``opened``.
    """
    check_folders(place.project, place.folder)
    if is_interrupted(place.folder):
        with opened(place):
            pass


def _archive_name(session: Session, now: float) -> str:
    return f"{utc_compact(now)}-{session.id[:MAX_SESSION_NAME_CHARS]}"
