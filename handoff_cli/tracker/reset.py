"""Beginning a new session."""

from __future__ import annotations

from handoff_cli.constants import HANDOFF_LOCK_FILE
from handoff_cli.core.record import Record
from handoff_cli.state import switch
from handoff_cli.state.lock import FolderLock
from handoff_cli.state.store import Place, opened


class ResetResult(Record):
    """The session ended and the one begun, by id; ``archive`` is where the first was moved to, None if discarded."""

    ended: str
    begun: str
    archive: str | None
    warnings: tuple[str, ...] = ()


def reset(place: Place, *, discard: bool = False) -> ResetResult:
    """End the session at ``place`` and begin a new one that remembers it; settings stay.

    State, ledger and handoff move to ``archive/<UTC time>-<session id>/`` unless ``discard``.

    Raises:
        StateError: something could not be read or written; the session is then still the old one.
        LockTimeoutError: another writer held the session too long.
    """
    with (
        opened(place) as store,
        FolderLock(place.folder, store.settings.lock_timeout_seconds, HANDOFF_LOCK_FILE),
    ):
        ended = store.session.id
        archive = switch.reset(store, keep=not discard)
        return ResetResult(ended, store.session.id, archive, store.warnings)
