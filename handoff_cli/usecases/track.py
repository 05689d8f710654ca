"""Tracking: count pieces of a conversation, record them, and write the handoff when a threshold is reached.

A file that only grows can be followed: each growth is a checkpoint. What has been counted of it is remembered in the
ledger, in the checkpoint itself, so that the two can never disagree, and a later run goes on where this one stopped.
"""

from __future__ import annotations

import os
import time

from handoff_cli.constants import LEDGER_FILE, MAX_DESCRIPTION_CHARS, MAX_SOURCE_CHARS, MAX_TOKENS
from handoff_cli.core.session import Session, apply, next_entry
from handoff_cli.core.text import shorten, utc_iso
from handoff_cli.core.usage import LEVELS, crossed
from handoff_cli.errors import InputError, InterruptedTrackError, NotAcknowledgedError, UsageError
from handoff_cli.redaction import redact
from handoff_cli.state import store
from handoff_cli.state.kept import Keeper
from handoff_cli.state.seen import SeenTexts
from handoff_cli.tokens.count import Scale
from handoff_cli.usecases.pieces import CountedPiece, count_pieces
from handoff_cli.usecases.record import Recorded, record
from handoff_cli.usecases.status import describe, model_in_force, with_level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from handoff_cli.core.session import Entry
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place
    from handoff_cli.tokens.stream import FileState
    from handoff_cli.usecases.pieces import CountRequest, TextSource


_PAUSE_SECONDS = 0.5
_LINE_BYTES = 1 << 16


class TrackResult(Recorded):
    """What a ``track`` did; ``added`` are the recorded pieces (of a dry run: those that would be), if any.

    ``known`` are those that add nothing: all of their text was counted before.
    """

    added: tuple[CountedPiece, ...] = ()
    known: tuple[CountedPiece, ...] = ()


def track(place: Place, sources: Sequence[TextSource], request: CountRequest) -> TrackResult:
    """Count ``sources``, record each as a checkpoint, and write the handoff when the usage is past a threshold.

    All are counted before the first is recorded, so input that cannot be read records nothing.

    Raises:
        InputError: a source cannot be read.
        UnknownEncodingError: the encoding asked for is not at hand.
        UsageError: a model's id that can be none, or tokens that are negative or absurd.
        InterruptedTrackError: interrupted; its message says what was recorded.
        NotAcknowledgedError: as ``record_pieces``.
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
            seen=None if request.once is None else SeenTexts(place.folder, view.session),
        )
        pieces, notes = count_pieces(sources, request, model, encoding, request.model or view.settings.model)
    except KeyboardInterrupt:
        raise InterruptedTrackError("interrupted: nothing was recorded") from None
    new = tuple(piece for piece in pieces if piece.is_new)
    known = tuple(piece for piece in pieces if not piece.is_new)
    if request.dry_run or not new:
        result = _rehearsed(place, view, new, notes).replace(known=known)
        # What is known may be what the last call waited for in vain.
        waits = view.settings.fleet_wait and not request.dry_run
        return _acknowledged(place, result) if waits else result
    return record_pieces(place, new, notes, known)


def record_pieces(
    place: Place, pieces: Sequence[CountedPiece], notes: tuple[str, ...] = (), known: tuple[CountedPiece, ...] = ()
) -> TrackResult:
    """Record counted ``pieces``, all or none, and write the handoff when the usage is past a threshold.

    ``notes`` and ``known`` go into the result.

    Raises:
        NotAcknowledgedError: ``fleet_wait`` is set, and the fleet's database does not have them.
        InterruptedTrackError: interrupted; the ledger tells what was recorded.
        StateError, LockTimeoutError: as ``track``.
    """
    waits = False

    def entries(session: Session, settings: Settings) -> list[Entry]:
        nonlocal waits
        waits = settings.fleet_wait
        return _entries(pieces, session, settings, place.environ)[0]

    try:
        recorded = record(place, entries)
    except KeyboardInterrupt:
        raise InterruptedTrackError("interrupted while recording", "handoff log shows what was recorded") from None
    warnings = (*notes, *recorded.warnings)
    result = TrackResult(**{**recorded.to_dict(), "warnings": warnings}, added=tuple(pieces), known=known)
    return _acknowledged(place, result) if waits else result


def _acknowledged(place: Place, result: TrackResult) -> TrackResult:
    """Return ``result`` once the fleet's database has it too."""
    from handoff_cli.usecases.outbox import acknowledge

    try:
        acknowledge(place)
    except NotAcknowledgedError as error:
        error.result = result
        raise
    return result


def kept_bytes(settings: Settings, request: CountRequest) -> int:
    """Return the most to be kept of a piece, bytes as stored; 0 where nothing is."""
    wanted = request.keep and settings.keep_text and not request.dry_run
    return settings.keep_text_bytes if wanted else 0


def _rehearsed(place: Place, view: store.View, pieces: tuple[CountedPiece, ...], notes: tuple[str, ...]) -> TrackResult:
    """Return what recording ``pieces`` would do, without writing anything."""
    now = utc_iso(time.time())
    session = view.session or Session(id="", started_at=now, updated_at=now)
    before = session.level
    _, session = _entries(pieces, session, view.settings, place.environ)
    if pieces:
        view = view.replace(session=session)
    status, newly = describe(place, view), crossed(before, session.level)
    return TrackResult(status, newly, recorded=False, warnings=notes, counts_anew=True, added=pieces)


def _entries(
    pieces: Sequence[CountedPiece], session: Session, settings: Settings, environ: Mapping[str, str]
) -> tuple[list[Entry], Session]:
    """Return the ledger entries of ``pieces`` and the session after them; each one's level depends on those before."""
    entries = []
    for piece in pieces:
        entries.append(next_entry(session, _entry(piece, session, settings, environ)))
        session = apply(session, entries[-1])
        if session.high_tokens > MAX_TOKENS:
            raise UsageError(f"the session would hold more than {MAX_TOKENS} tokens", "handoff reset begins a new one")
    return entries, session


def _entry(piece: CountedPiece, session: Session, settings: Settings, environ: Mapping[str, str]) -> Entry:
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


def follow(
    place: Place, path: str, request: CountRequest, wait: Callable[[float], object] = time.sleep
) -> Iterator[TrackResult]:
    """Yield a result each time the file at ``path`` has grown and the growth was recorded; never ends by itself.

    The sum of what is recorded is the count of the whole file, exact whatever the sizes of the growths. A file that was
    cut short or replaced is counted anew, on top; one that vanishes is waited for.

    Args:
        place: The session to record in.
        path: The file; it must exist at first.
        request: Description, model and encoding; the rest is not used.
        wait: Called with seconds between two looks at the file.

    Raises:
        InputError: the file cannot be read, or is none that can grow.
        UsageError: it was followed in another encoding before.
        StateError, LockTimeoutError: as ``track``.
    """
    from handoff_cli.tokens.stream import recount

    view = store.read(place)
    model = model_in_force(view.settings, view.session, request.model)
    own = view.settings.calibrations
    scale = Scale(model, request.encoding or view.settings.encoding, safe=request.safe, calibrations=own)
    path = os.path.abspath(path)
    if os.path.lexists(path) and not os.path.isfile(path):
        raise InputError(f"{path} is no regular file", "pipe what it gives into handoff track")
    source = shorten(redact(path), MAX_SOURCE_CHARS)
    state, recorded, kept = _remembered(place, path)
    if state and state.encoding != scale.encoding:
        raise UsageError(f"{path} was followed in {state.encoding}", f"go on with --encoding {state.encoding}")
    first = True
    while True:
        try:
            count, new = recount(path, state, scale.encoding)
        except InputError:
            if first or os.path.exists(path):
                raise
            wait(_PAUSE_SECONDS)
            continue
        first = False
        if not new.continued:
            recorded = kept = 0
        # Text that comes can join with what was the end into fewer tokens; the next growth evens that out.
        if count > recorded:
            described = shorten(redact(request.description or ""), MAX_DESCRIPTION_CHARS)
            text, kept = _whole_lines(path, kept, new.size, kept_bytes(view.settings, request))
            memory = {"path": path, "recorded": count, "kept": kept, **new.to_dict()}
            piece = CountedPiece(source, described, scale.count(count - recorded), follow=memory, text=text)
            recorded = count
            yield record_pieces(place, [piece])
        state = new
        wait(_PAUSE_SECONDS)


def _whole_lines(path: str, start: int, end: int, limit: int) -> tuple[Keeper | None, int]:
    """Return what is to be kept of the file from byte ``start`` to ``end``, and where the next growth begins.

    A line that is not at its end waits for the rest: a secret in two halves would not be known as one.
    """
    if not limit:
        return None, end
    from handoff_cli.tokens.decode import LONGEST_MARK, StreamDecoder, mark_of

    keeper, decoder = Keeper(limit), StreamDecoder()
    with open(path, "rb") as file:
        mark, newline = mark_of(file.read(LONGEST_MARK))
        end = _end_of_lines(file, start, end - end % len(newline), newline)
        if start:
            decoder.decode(mark)
        file.seek(start)
        while start < end and (block := file.read(min(_LINE_BYTES, end - start))):
            start += len(block)
            keeper.feed(decoder.decode(block))
    keeper.feed(decoder.decode(b"", final=True))
    return keeper, end


def _end_of_lines(file: BinaryIO, start: int, end: int, newline: bytes) -> int:
    """Return where the last whole line before byte ``end`` ends, ``end`` where none does behind ``start``."""
    width = len(newline)
    begin = max(start, end - _LINE_BYTES)
    file.seek(begin)
    data = file.read(end - begin)
    at = data.rfind(newline)
    while at > 0 and at % width:  # the halves of two characters
        at = data.rfind(newline, 0, at + width - 1)
    return begin + at + width if at >= 0 else end


def _remembered(place: Place, path: str) -> tuple[FileState | None, int, int]:
    """Return how far the running session has followed ``path``, the tokens recorded and the bytes kept of it."""
    from handoff_cli.state.ledger import read_lines
    from handoff_cli.tokens.stream import FileState

    session = store.read(place).session
    last: Entry | None = None
    for line in read_lines(os.path.join(place.folder, LEDGER_FILE), member="follow"):
        entry = line.entry
        memory = entry.get("follow") if entry and session and entry["session"] == session.id else None
        if isinstance(memory, dict) and memory.get("path") == path:
            last = memory
    if last is None:
        return None, 0, 0
    try:
        state = FileState(**{name: last[name] for name in FileState._fields})
        kept = last.get("kept", state.size)
        figures = [last["recorded"], kept, *(value for name, value in state.to_dict().items() if name != "encoding")]
    except KeyError as missing:
        raise InputError(f"what the ledger remembers of {path} lacks {missing}", "handoff reset begins anew") from None
    if not all(isinstance(figure, int) and figure >= 0 for figure in figures):
        raise InputError(f"what the ledger remembers of {path} is no count", "handoff reset begins anew")
    return state, last["recorded"], kept
