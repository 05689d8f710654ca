"""Beginning a new session."""

from __future__ import annotations

import os

from handoff_cli.constants import HANDOFF_FILE, HANDOFF_LOCK_FILE, LEDGER_FILE
from handoff_cli.core.record import Record
from handoff_cli.state import archive
from handoff_cli.state.ledger import read_lines
from handoff_cli.state.lock import FolderLock
from handoff_cli.state.store import Place, opened, read, settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.session import Session


class ResetResult(Record):
    """The session ended and the one begun, by id; ``archive`` is where the first was moved to, None if discarded.

    Where there was nothing to end, ``ended`` and ``begun`` are None.
    """

    ended: str | None
    begun: str | None
    archive: str | None
    warnings: tuple[str, ...] = ()


def reset(place: Place, *, discard: bool = False) -> ResetResult:
    """End the session at ``place`` and begin a new one that remembers it; settings stay, and notes stay open.

    State, ledger and handoff move to ``archive/<UTC time>-<session id>/`` unless ``discard``. A session with neither
    an entry nor a handoff goes on as it is: its archive would hold nothing.

    Raises:
        StateError: something could not be read or written; the session is then still the old one.
        LockTimeoutError: another writer held the session too long.
    """
    settle(place)
    view = read(place)
    if _is_untouched(place, view.session):
        return ResetResult(None, None, None, view.warnings)
    with (
        opened(place) as store,
        FolderLock(place.folder, store.settings.lock_timeout_seconds, HANDOFF_LOCK_FILE),
    ):
        ended = store.session
        # Another one may have reset it since, and what was there may have been half a line.
        if _is_untouched(place, ended):
            return ResetResult(None, None, None, store.warnings)
        archived = archive.reset(store, keep=not discard)
        return ResetResult(ended.id, store.session.id, archived, store.warnings)


def _is_untouched(place: Place, session: Session | None) -> bool:
    """Return whether there is nothing to archive: no document, and in the ledger at most the session's beginning."""
    if os.path.lexists(os.path.join(place.folder, HANDOFF_FILE)) or (session and session.sequence):
        return False
    lines = read_lines(os.path.join(place.folder, LEDGER_FILE))
    return next(lines, None) is None or next(lines, None) is None
