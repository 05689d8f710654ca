"""Bringing a session up to what its ledger says: the state may be behind it, lost, or changed by somebody."""

from __future__ import annotations

import os

from handoff_cli.constants import LEDGER_FILE, MAX_TAIL_BYTES
from handoff_cli.core.record import Record
from handoff_cli.core.session import Session, apply, started
from handoff_cli.errors import StateError
from handoff_cli.state.folder import is_interrupted
from handoff_cli.state.ledger import ledger_size
from handoff_cli.state.ledger_lines import line_number, read_lines, set_aside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.state.snapshot import Snapshot


class Replayed(Record):
    """A session with its ledger's tail folded in (None: neither state nor ledger has one), and lines for a person."""

    session: Session | None
    warnings: tuple[str, ...] = ()


def replay(folder: str, current: Snapshot | None, *, locked: bool) -> Replayed:
    """Return the session of ``current`` (the state file in ``folder``) after what the ledger holds beyond it.

    Args:
        folder: The session folder.
        current: Its state; None where it has none: the ledger then tells all.
        locked: Whether the caller holds the lock. An unfinished change at the end is then nobody's work in progress
            any more, and is set aside.

    Raises:
        StateError: the ledger cannot be read, a newer version wrote it, or its tail is larger than 1 GiB.
    """
    path = os.path.join(folder, LEDGER_FILE)
    size = ledger_size(path)
    session = current.session if current else None
    if current and session and not current.trusted:
        rebuilt = _fold(path, None, 0, size, locked=locked)
        if rebuilt.session:
            changed = f"{current.path}: its session was changed by somebody; what the ledger says counts"
            same = rebuilt.session == session
            return rebuilt if same else rebuilt.replace(warnings=(changed, *rebuilt.warnings))
    done = session.ledger_bytes if session else 0
    if size == done or (session and not locked and is_interrupted(folder)):
        return Replayed(session)
    if session and size < done:
        lost = f"{path} is shorter than it was: {done - size:,} bytes are gone; the totals are kept"
        return Replayed(session.replace(ledger_bytes=size), (lost,))
    return _fold(path, session, done, size, locked=locked)


def _fold(path: str, session: Session | None, done: int, size: int, *, locked: bool) -> Replayed:
    if size - done > MAX_TAIL_BYTES:
        raise StateError(f"{path} is too large: {size:,} bytes", "move it away; the totals are kept")
    warnings: list[str] = []
    for line in read_lines(path, done):
        if not line.complete:
            break
        if line.entry:
            session = apply(session or started(line.entry), line.entry)
        else:
            number = line_number(path, line.offset)
            warnings.append(f"{path}, line {number:,}: skipped, {line.problem}")
        done = line.offset + line.size
    if locked and done < size:
        aside = f"{path}.torn"
        moved = set_aside(path, done, aside)
        warnings.append(f"{path}: an unfinished last line ({moved:,} bytes) was moved to {aside}")
    return Replayed(session.replace(ledger_bytes=done) if session else None, tuple(warnings))
