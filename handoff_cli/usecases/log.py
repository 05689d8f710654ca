"""Reading the ledger as a stream: every checkpoint there ever was, newest last."""

from __future__ import annotations

import os
from collections import deque
from heapq import heappop, heappush
from itertools import chain

from handoff_cli.constants import LEDGER_FILE
from handoff_cli.core.record import Record
from handoff_cli.core.text import printable, utc_iso
from handoff_cli.documents.facts import redacted
from handoff_cli.errors import InputError, StateError, UsageError
from handoff_cli.state import snapshot, store
from handoff_cli.state.folder import archive_names, archive_path
from handoff_cli.state.kept_reading import kept_pieces
from handoff_cli.state.ledger import read_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.session import Entry
    from handoff_cli.state.kept_reading import KeptPiece
    from handoff_cli.state.store import Place

_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_EXAMPLES = "give a date, a date and time (UTC), or how long ago: 2026-11-23, 2026-11-23T05:42, 2h, 3d"


class LogLine(Record):
    """A line of a ledger: its ``entry``, or the ``problem`` that made it unreadable, as a line for a person.

    ``time`` (UTC, ISO 8601) is the entry's, and for an unreadable line that of the one before it.
    """

    time: str
    entry: Entry | None
    problem: str = ""


def read_log(place: Place, *, since: str | None = None, archived: bool = False) -> Iterator[LogLine]:
    """Yield the ledger's lines of the session at ``place``, oldest first; memory stays flat however many there are.

    Args:
        place: Which session.
        since: Leave out what is older than this UTC time (ISO 8601, as ``parse_since`` returns it).
        archived: Include the archived sessions of the same folder, all in order of time.

    Raises:
        StateError: a ledger cannot be read, or a newer version wrote it.
    """
    store.settle(place)
    for line in _merged(place, archived=archived):
        if line.problem or since is None or line.time >= since:
            yield line


def read_texts(place: Place, numbers: Sequence[int] = ()) -> Iterator[KeptPiece]:
    """Yield the texts that were kept of the session at ``place``, in order: all, or those of checkpoints ``numbers``.

    Secrets are looked for again: the text may have been kept by a version that knew fewer.

    Raises:
        InputError: of one of ``numbers`` nothing was kept.
        StateError: the ledger or the kept text cannot be read.
    """
    store.settle(place)
    missing = set(numbers)
    for piece in kept_pieces(place.folder):
        if not numbers or piece.sequence in missing:
            missing.discard(piece.sequence)
            yield redacted(piece)
    if missing:
        raise InputError(f"of checkpoint {min(missing)} no text was kept", "handoff log lists the checkpoints")


def last_text(place: Place) -> KeptPiece | None:
    """Return the newest text kept of the session at ``place``, None where none was; errors as ``read_texts``."""
    store.settle(place)
    last = deque(kept_pieces(place.folder), maxlen=1)
    return redacted(last[0]) if last else None


def parse_since(text: str, now: float, option: str = "--since") -> str:
    """Return the UTC time (ISO 8601) that ``text`` means at ``now`` (Unix seconds): a date, a time or a duration.

    ``option`` is named where it is none.

    Raises:
        UsageError: it is none of them.
    """
    number, unit = text[:-1], text[-1:]
    if unit in _UNIT_SECONDS and number.isascii() and number.isdecimal() and len(number) < 10:  # noqa: PLR2004 - years
        return utc_iso(max(0.0, now - int(number) * _UNIT_SECONDS[unit]))
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{option} '{printable(text)}' is no time", _EXAMPLES) from None
    return utc_iso(moment.timestamp())


def _merged(place: Place, *, archived: bool) -> Iterator[LogLine]:
    """Merge the ledgers by time; an archived one is opened only when its turn comes, so few are open at once."""
    waiting = sorted(_ledgers(place, archived=archived), key=lambda begins_and_lines: begins_and_lines[0], reverse=True)
    heap: list[tuple[str, int, LogLine, Iterator[LogLine]]] = []
    while waiting or heap:
        while waiting and (not heap or waiting[-1][0] <= heap[0][0]):
            _push(heap, -len(waiting), waiting.pop()[1])
        if heap:
            _, turn, line, rest = heappop(heap)
            yield line
            _push(heap, turn, rest)


def _push(heap: list[tuple[str, int, LogLine, Iterator[LogLine]]], turn: int, lines: Iterator[LogLine]) -> None:
    line = next(lines, None)
    if line is not None:
        heappush(heap, (line.time, turn, line, lines))


def _ledgers(place: Place, *, archived: bool) -> list[tuple[str, Iterator[LogLine]]]:
    """Return (time it begins, lines) of each ledger to be read."""
    while True:
        runs = _session(place.folder)
        running = _opened(place.folder)
        names = archive_names(place.folder) if archived else []
        # Had the running session been archived in between, it would be missing here or be read twice.
        if runs == _session(place.folder):
            break
    folders = [archive_path(place.folder, name) for name in names]
    return [(runs[0], running), *((_session(folder)[0], _lines(folder)) for folder in folders)]


def _opened(folder: str) -> Iterator[LogLine]:
    lines = _lines(folder)
    first = next(lines, None)
    return lines if first is None else chain([first], lines)


def _session(folder: str) -> tuple[str, str]:
    """Return when the session in ``folder`` began, and its id; both empty where nobody knows."""
    try:
        current = snapshot.load(folder)
    except StateError:
        current = None
    return (current.session.started_at, current.session.id) if current and current.session else ("", "")


def _lines(folder: str) -> Iterator[LogLine]:
    path = os.path.join(folder, LEDGER_FILE)
    time = ""
    for line in read_lines(path):
        if line.entry is not None:
            # The clock may have been set back; the order of the ledger is what happened.
            time = max(time, line.entry["time"])
            yield LogLine(time, line.entry)
        else:
            yield LogLine(time, None, f"{path}, line {line.number:,}: skipped, {line.problem}")
