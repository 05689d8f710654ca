"""Recording entries, and what follows when a threshold is reached: the one way usage enters a session."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.core.session import apply, next_entry
from handoff_cli.core.usage import LEVELS, crossed, level_of
from handoff_cli.errors import HandoffError
from handoff_cli.state import store
from handoff_cli.usecases.status import describe, model_in_force, window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from handoff_cli.core.session import Entry, Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.status import TokenStatus


class Recorded(Record):
    """What recording did.

    ``status`` is the session afterwards, ``crossed`` the level newly reached (None: none was), ``recorded`` whether
    anything was. ``handoff`` is the path of the document when it was written, ``document`` its text; ``warnings`` are
    lines for a person.
    """

    status: TokenStatus
    crossed: str | None
    recorded: bool
    handoff: str | None = None
    document: str | None = None
    warnings: tuple[str, ...] = ()


def record(
    place: Place, entries: Callable[[Session, Settings], list[Entry]], *, document_covers: bool = False
) -> Recorded:
    """Record what ``entries`` makes of the session as it then is, and write the handoff above a threshold.

    Args:
        place: Which session.
        entries: Called under the lock; an empty list records nothing.
        document_covers: A document that covers as many checkpoints is left alone: of many writers, one writes for all.

    Raises:
        StateError: state that cannot be read or written.
        LockTimeoutError: another writer held the session too long.
    """
    with store.opened(place) as session_store:
        before = session_store.session.level
        if new := entries(session_store.session, session_store.settings):
            session_store.append(*new)
        session = session_store.session
        view = store.View(session_store.settings, session, session_store.warnings)
        result = Recorded(describe(place, view), crossed(before, session.level), recorded=bool(new))
    if not new or session.level == LEVELS[0]:
        return result
    return _with_document(place, result, session.checkpoint_count if document_covers else 0)


def _with_document(place: Place, result: Recorded, checkpoints: int) -> Recorded:
    from handoff_cli.usecases.handoff import write_handoff

    try:
        written = write_handoff(place, reason="threshold", at_least=checkpoints)
    except HandoffError as error:
        # What was recorded stands; a failure now would make people track the same text again.
        return result.replace(warnings=(f"recorded, but the handoff was not written: {error.message}",))
    status: TokenStatus = {**result.status, "handoff_file": written.path}
    return result.replace(status=status, handoff=written.path, document=written.text, warnings=written.warnings)


def with_level(entry: Entry, session: Session, settings: Settings, environ: Mapping[str, str]) -> Entry:
    """Return ``entry`` with the level that ``session`` is at after it, and the level it newly reaches, if any."""
    after = apply(session, next_entry(session, entry))
    thresholds = window_of(settings, after, model_in_force(settings, after), environ).thresholds
    level = level_of(after.total_tokens, thresholds)
    return {**entry, "level": level, "crossed": crossed(session.level, level)}
