"""Tracking: count pieces of a conversation, record them, and write the handoff when a threshold is reached."""

from __future__ import annotations

import time

from handoff_cli.constants import MAX_TOKENS
from handoff_cli.core.session import Session, apply, next_entry
from handoff_cli.core.text import utc_iso
from handoff_cli.core.usage import LEVELS, crossed
from handoff_cli.errors import InterruptedTrackError, UsageError
from handoff_cli.state import store
from handoff_cli.state.seen import Seen
from handoff_cli.usecases.pieces import Piece, count_pieces
from handoff_cli.usecases.record import Recorded, record, with_level
from handoff_cli.usecases.status import describe, model_in_force

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from handoff_cli.core.session import Entry
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.pieces import Request
    from handoff_cli.usecases.sources import Source


class TrackResult(Recorded):
    """What a ``track`` did; ``added`` are the recorded pieces (of a dry run: those that would be), if any.

    ``known`` are those that add nothing: all of their text was counted before.
    """

    added: tuple[Piece, ...] = ()
    known: tuple[Piece, ...] = ()


def track(place: Place, sources: Sequence[Source], request: Request) -> TrackResult:
    """Count ``sources``, record each as a checkpoint, and write the handoff when the usage is past a threshold.

    All are counted before the first is recorded, so input that cannot be read records nothing.

    Raises:
        InputError: a source cannot be read.
        UnknownEncodingError: the encoding asked for is not at hand.
        UsageError: a model's id that can be none, or tokens that are negative or absurd.
        InterruptedTrackError: interrupted; its message says what was recorded.
        StateError: state that cannot be read or written.
        LockTimeoutError: another writer held the session too long.
    """
    view = store.read(place)
    model = model_in_force(view.settings, view.session, request.model)
    encoding = request.encoding or view.settings.encoding
    try:
        request = request.replace(
            calibrations=view.settings.calibrations,
            keep_bytes=kept_bytes(view.settings, request),
            seen=None if request.once is None else Seen(place.folder, view.session),
        )
        pieces, notes = count_pieces(sources, request, model, encoding, request.model or view.settings.model)
    except KeyboardInterrupt:
        raise InterruptedTrackError("interrupted: nothing was recorded") from None
    new = tuple(piece for piece in pieces if piece.is_new)
    known = tuple(piece for piece in pieces if not piece.is_new)
    recorded = _rehearsed(place, view, new, notes) if request.dry_run or not new else record_pieces(place, new, notes)
    return recorded.replace(known=known)


def record_pieces(place: Place, pieces: Sequence[Piece], notes: tuple[str, ...] = ()) -> TrackResult:
    """Record counted ``pieces``, all or none, and write the handoff when the usage is past a threshold.

    Raises:
        InterruptedTrackError: interrupted; the ledger tells what was recorded.
        StateError, LockTimeoutError: as ``track``.
    """

    def entries(session: Session, settings: Settings) -> list[Entry]:
        return _entries(pieces, session, settings, place.environ)[0]

    try:
        recorded = record(place, entries)
    except KeyboardInterrupt:
        raise InterruptedTrackError("interrupted while recording", "handoff log shows what was recorded") from None
    warnings = (*notes, *recorded.warnings)
    return TrackResult(**{**recorded.to_dict(), "warnings": warnings}, added=tuple(pieces))


def kept_bytes(settings: Settings, request: Request) -> int:
    """Return the most to be kept of a piece, bytes as stored; 0 where nothing is."""
    wanted = request.keep and settings.keep_text and not request.dry_run
    return settings.keep_text_bytes if wanted else 0


def _rehearsed(place: Place, view: store.View, pieces: tuple[Piece, ...], notes: tuple[str, ...]) -> TrackResult:
    """Return what recording ``pieces`` would do, without writing anything."""
    now = utc_iso(time.time())
    session = view.session or Session(id="", started_at=now, updated_at=now)
    before = session.level
    _, session = _entries(pieces, session, view.settings, place.environ)
    if pieces:
        view = view.replace(session=session)
    status, newly = describe(place, view), crossed(before, session.level)
    return TrackResult(status, newly, recorded=False, warnings=notes, added=pieces)


def _entries(
    pieces: Sequence[Piece], session: Session, settings: Settings, environ: Mapping[str, str]
) -> tuple[list[Entry], Session]:
    """Return the ledger entries of ``pieces`` and the session after them; each one's level depends on those before."""
    entries = []
    for piece in pieces:
        entries.append(next_entry(session, _entry(piece, session, settings, environ)))
        session = apply(session, entries[-1])
        if session.high_tokens > MAX_TOKENS:
            raise UsageError(f"the session would hold more than {MAX_TOKENS} tokens", "handoff reset begins a new one")
    return entries, session


def _entry(piece: Piece, session: Session, settings: Settings, environ: Mapping[str, str]) -> Entry:
    count = piece.count
    entry: Entry = {
        "kind": "checkpoint" if piece.usage is None else "usage",
        "time": utc_iso(time.time()),
        "source": piece.source,
        "description": piece.description,
        "tokens": count.tokens,
        "low": count.low,
        "high": count.high,
        "method": count.method,
        "model": count.model or session.model,
        "encoding": count.encoding,
        "level": LEVELS[0],
        **(piece.usage or {}),
    }
    if piece.follow is not None:
        entry["follow"] = piece.follow
    if piece.whole is not None:
        entry["whole"] = piece.whole
    if piece.known is not None:
        entry["goes_on"] = piece.known
    if piece.text is not None:
        entry["keeper"] = piece.text
    return with_level(entry, session, settings, environ)
