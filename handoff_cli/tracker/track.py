"""Tracking: count pieces of a conversation, record them, and write the handoff when a threshold is reached."""

from __future__ import annotations

import time

from handoff_cli.constants import MAX_TOKENS
from handoff_cli.core.clock import utc_iso
from handoff_cli.core.record import Record
from handoff_cli.core.session import Session, apply, next_entry
from handoff_cli.core.usage import LEVELS, crossed, level_of
from handoff_cli.errors import HandoffError, InterruptedByUserError, UsageError
from handoff_cli.state import store
from handoff_cli.tracker.pieces import Piece, count_pieces
from handoff_cli.tracker.status import describe, window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.session import Entry
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place
    from handoff_cli.tracker.pieces import Request
    from handoff_cli.tracker.sources import Source
    from handoff_cli.tracker.status import TokenStatus


class TrackResult(Record):
    """What a ``track`` did.

    ``status`` is the session afterwards, ``added`` the recorded pieces (empty where the input was empty), ``crossed``
    the level newly reached by them (None: none was), ``recorded`` False for a dry run. ``handoff`` is the path of the
    document when it was written, ``document`` its text; ``warnings`` are lines for a person.
    """

    status: TokenStatus
    added: tuple[Piece, ...]
    crossed: str | None
    recorded: bool
    handoff: str | None = None
    document: str | None = None
    warnings: tuple[str, ...] = ()


def track(place: Place, sources: Sequence[Source], request: Request) -> TrackResult:
    """Count ``sources``, record each as a checkpoint, and write the handoff when the usage is past a threshold.

    All are counted before the first is recorded, so input that cannot be read records nothing.

    Raises:
        InputError: a source cannot be read.
        UnknownEncodingError: the encoding asked for is not at hand.
        InterruptedByUserError: interrupted while counting; nothing was recorded.
        StateError: state that cannot be read or written.
        LockTimeoutError: another writer held the session too long.
    """
    view = store.read(place)
    model = request.model or view.settings.model or (view.session.model if view.session else None)
    encoding = request.encoding or view.settings.encoding
    try:
        pieces, notes = count_pieces(sources, request, model, encoding)
    except KeyboardInterrupt:
        raise InterruptedByUserError("interrupted: nothing was recorded") from None
    if request.dry_run or not pieces:
        return _rehearsed(place, view, pieces, notes)
    return record(place, pieces, notes)


def record(place: Place, pieces: Sequence[Piece], notes: tuple[str, ...] = ()) -> TrackResult:
    """Record counted ``pieces``, all or none, and write the handoff when the usage is past a threshold.

    Raises:
        InterruptedByUserError: interrupted; the ledger tells what was recorded.
        StateError, LockTimeoutError: as ``track``.
    """
    try:
        result, session = _recorded(place, pieces, notes)
    except KeyboardInterrupt:
        raise InterruptedByUserError("interrupted while recording", "handoff log shows what was recorded") from None
    return _with_document(place, result, session.checkpoint_count) if session.level != LEVELS[0] else result


def _recorded(place: Place, pieces: Sequence[Piece], notes: tuple[str, ...]) -> tuple[TrackResult, Session]:
    with store.opened(place) as session_store:
        before = session_store.session.level
        session = session_store.append(*_entries(pieces, session_store.session, session_store.settings)[0])
        view = store.View(session_store.settings, session, session_store.warnings)
        newly = crossed(before, session.level)
        return TrackResult(describe(place, view), tuple(pieces), newly, recorded=True, warnings=notes), session


def _with_document(place: Place, result: TrackResult, checkpoints: int) -> TrackResult:
    from handoff_cli.tracker.handoff import write_handoff

    try:
        written = write_handoff(place, reason="threshold", at_least=checkpoints)
    except HandoffError as error:
        # The checkpoint stands; a failure now would make people track the same text again.
        unwritten = f"recorded, but the handoff was not written: {error.message}"
        return result.replace(warnings=(*result.warnings, unwritten))
    status: TokenStatus = {**result.status, "handoff_file": written.path}
    warnings = (*result.warnings, *written.warnings)
    return result.replace(status=status, handoff=written.path, document=written.text, warnings=warnings)


def _rehearsed(place: Place, view: store.View, pieces: tuple[Piece, ...], notes: tuple[str, ...]) -> TrackResult:
    """Return what recording ``pieces`` would do, without writing anything."""
    now = utc_iso(time.time())
    session = view.session or Session(id="", started_at=now, updated_at=now)
    before = session.level
    _, session = _entries(pieces, session, view.settings)
    if pieces:
        view = view.replace(session=session)
    return TrackResult(describe(place, view), pieces, crossed(before, session.level), recorded=False, warnings=notes)


def _entries(pieces: Sequence[Piece], session: Session, settings: Settings) -> tuple[list[Entry], Session]:
    """Return the ledger entries of ``pieces`` and the session after them; each one's level depends on those before."""
    entries = []
    for piece in pieces:
        entries.append(next_entry(session, _entry(piece, session, settings)))
        session = apply(session, entries[-1])
        if session.high_tokens > MAX_TOKENS:
            raise UsageError(f"the session would hold more than {MAX_TOKENS} tokens", "handoff reset begins a new one")
    return entries, session


def _entry(piece: Piece, session: Session, settings: Settings) -> Entry:
    count = piece.count
    model = count.model or session.model
    level = level_of(session.total_tokens + count.tokens, window_of(settings, model, session).thresholds)
    entry = {
        "kind": "checkpoint",
        "time": utc_iso(time.time()),
        "source": piece.source,
        "description": piece.description,
        "tokens": count.tokens,
        "low": count.low,
        "high": count.high,
        "method": count.method,
        "model": model,
        "encoding": count.encoding,
        "level": level,
        "crossed": crossed(session.level, level),
    }
    return entry if piece.follow is None else {**entry, "follow": piece.follow}
