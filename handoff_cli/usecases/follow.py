"""Following a file that only grows: each growth is a checkpoint, and a later run goes on where this one stopped.

What has been counted is remembered in the ledger, in the checkpoint itself, so that the two can never disagree.
"""

from __future__ import annotations

import os
import time

from handoff_cli.constants import LEDGER_FILE, MAX_DESCRIPTION_CHARS, MAX_SOURCE_CHARS
from handoff_cli.core.text import shorten
from handoff_cli.errors import InputError, UsageError
from handoff_cli.redaction import redact
from handoff_cli.state import store
from handoff_cli.state.kept import Keeper
from handoff_cli.state.ledger import read_lines
from handoff_cli.tokens.count import Scale
from handoff_cli.tokens.decode import StreamDecoder
from handoff_cli.tokens.incremental import FileState, recount
from handoff_cli.usecases.pieces import Piece
from handoff_cli.usecases.status import model_in_force
from handoff_cli.usecases.track import kept_bytes, record_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoff_cli.core.session import Entry
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.pieces import Request
    from handoff_cli.usecases.track import TrackResult

_PAUSE_SECONDS = 0.5
_LINE_BYTES = 1 << 16


def follow(
    place: Place, path: str, request: Request, wait: Callable[[float], object] = time.sleep
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
    view = store.read(place)
    model = model_in_force(view.settings, view.session, request.model)
    own = view.settings.calibrations
    scale = Scale(model, request.encoding or view.settings.encoding, safe=request.safe, calibrations=own)
    path = os.path.abspath(path)
    if os.path.lexists(path) and not os.path.isfile(path):
        raise InputError(f"{path} is no regular file", "pipe what it gives into handoff track")
    source = shorten(redact(path), MAX_SOURCE_CHARS)
    state, recorded = _remembered(place, path)
    if state and state.encoding != scale.encoding:
        raise UsageError(f"{path} was followed in {state.encoding}", f"go on with --encoding {state.encoding}")
    first = True
    kept = state.size if state else 0
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
            memory = {"path": path, "recorded": count, **new.to_dict()}
            described = shorten(redact(request.description or ""), MAX_DESCRIPTION_CHARS)
            text, kept = _whole_lines(path, kept, new.size, kept_bytes(view.settings, request))
            piece = Piece(source, described, scale.count(count - recorded), follow=memory, text=text)
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
    keeper, decoder = Keeper(limit), StreamDecoder()
    with open(path, "rb") as file:
        file.seek(max(start, end - _LINE_BYTES))
        last_line = file.read(end - file.tell()).rfind(b"\n") + 1
        end = max(start, end - _LINE_BYTES) + last_line if last_line else end
        file.seek(start)
        while start < end and (block := file.read(min(_LINE_BYTES, end - start))):
            start += len(block)
            keeper.feed(decoder.decode(block))
    keeper.feed(decoder.decode(b"", final=True))
    return keeper, end


def _remembered(place: Place, path: str) -> tuple[FileState | None, int]:
    """Return how far the running session has followed ``path``, and the tokens recorded of it."""
    session = store.read(place).session
    last: Entry | None = None
    for line in read_lines(os.path.join(place.folder, LEDGER_FILE)):
        entry = line.entry
        memory = entry.get("follow") if entry and session and entry["session"] == session.id else None
        if isinstance(memory, dict) and memory.get("path") == path:
            last = memory
    if last is None:
        return None, 0
    try:
        state = FileState(**{name: last[name] for name in FileState._fields})
        figures = [last["recorded"], *(value for name, value in state.to_dict().items() if name != "encoding")]
    except KeyError as missing:
        raise InputError(f"what the ledger remembers of {path} lacks {missing}", "handoff reset begins anew") from None
    if not all(isinstance(figure, int) and figure >= 0 for figure in figures):
        raise InputError(f"what the ledger remembers of {path} is no count", "handoff reset begins anew")
    return state, last["recorded"]
