"""Opening a session to read or to write: snapshot, ledger tail and lock put together.

Writing order: lock, append to the ledger and sync it, replace the snapshot. A crash between the two leaves the ledger
ahead; whoever comes next folds its tail in. Readers take no lock.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager

from handoff_cli.constants import LEDGER_FILE
from handoff_cli.core.clock import utc_compact, utc_iso
from handoff_cli.core.record import Record
from handoff_cli.core.session import Session, apply, start_entry, started
from handoff_cli.core.settings import Settings, merge_settings
from handoff_cli.state import archive, ledger, snapshot
from handoff_cli.state.environment import settings_from_environment
from handoff_cli.state.files import replace_file, reported, sync_folder
from handoff_cli.state.folder import check_folder, prepare_folder
from handoff_cli.state.lock import FolderLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handoff_cli.core.session import Entry
    from handoff_cli.state.ledger import Line
    from handoff_cli.state.snapshot import Snapshot

_READ_ATTEMPTS = 20


class Place(Record):
    """Which session is meant: its ``folder``, the ``project`` folder whose settings hold for it, and the environment.

    ``folder`` is the project folder itself, or one below its ``sessions/``. ``HANDOFF_<SETTING>`` variables in
    ``environ`` win over files.
    """

    project: str
    folder: str
    environ: Mapping[str, str]


class View(Record):
    """What a reader sees of a session at one moment.

    ``session`` is None where nothing was tracked yet; ``warnings`` are lines for a person about what had to be
    skipped or set aside.
    """

    settings: Settings
    session: Session | None
    warnings: tuple[str, ...] = ()


def read(place: Place) -> View:
    """Return the session at ``place`` without taking its lock or writing anything.

    Raises:
        StateError: state that cannot be read or understood.
    """
    check_folder(place.project)
    path = os.path.join(place.folder, LEDGER_FILE)
    for _ in range(_READ_ATTEMPTS):
        current = snapshot.load(place.folder)
        tail = _replay(path, current.session if current else None, locked=False)
        # A reset replaces state and ledger one after the other: what was read belongs together if the state stayed.
        if not tail.shrunk or _text(snapshot.load(place.folder)) == _text(current):
            break
    return View(_settings(place, current), tail.session, tail.warnings)


@contextmanager
def opened(place: Place) -> Iterator[Store]:
    """Open the session at ``place`` for writing, making what is missing; holds its lock until the block ends.

    Raises:
        StateError: state that cannot be read, understood or written.
        LockTimeoutError: another writer did not let go within ``lock_timeout_seconds``.
    """
    check_folder(place.project)
    timeout_seconds = _settings(place, snapshot.load(place.folder)).lock_timeout_seconds
    prepare_folder(place.project, place.folder)
    with FolderLock(place.folder, timeout_seconds):
        archive.finish_reset(place.folder)
        yield Store(place)


class Store:
    """A session under its lock: ``settings``, ``session`` and ``warnings`` as in ``View``, but there always is one."""

    def __init__(self, place: Place) -> None:
        self._folder = place.folder
        self._ledger = os.path.join(place.folder, LEDGER_FILE)
        loaded = snapshot.load(place.folder)
        self.settings = _settings(place, loaded)
        self._snapshot = loaded or snapshot.empty(place.folder)
        tail = _replay(self._ledger, self._snapshot.session, locked=True)
        self.warnings = tail.warnings
        self.session = tail.session or self._start()

    @property
    def own_settings(self) -> dict[str, object]:
        """The settings written in this session's own state file, by key."""
        return self._snapshot.settings

    def append(self, entry: Entry) -> Session:
        """Record ``entry`` (its sequence number and session are filled in), durably; returns the session after it.

        Raises:
            StateError: it could not be written; nothing was recorded.
        """
        numbered = {"kind": entry["kind"], "sequence": self.session.sequence + 1, "session": self.session.id, **entry}
        size = ledger.append(self._ledger, numbered)
        self.session = apply(self.session, numbered).replace(ledger_bytes=size)
        self._save(snapshot.with_session(self._snapshot, self.session))
        return self.session

    def ensure_saved(self) -> None:
        """Write the state file if there is none yet, so that people find something to edit."""
        if not os.path.lexists(self._snapshot.path):
            self._save(snapshot.with_session(self._snapshot, self.session))

    def set_setting(self, key: str, value: object) -> None:
        """Write the setting ``key`` into this session's state file; None removes it."""
        self._save(snapshot.with_setting(self._snapshot, key, value))

    def reset(self, *, keep: bool = True) -> str | None:
        """Begin a new session and return the path of the archived one, None when ``keep`` is False (thrown away)."""
        now = time.time()
        name = f"{utc_compact(now)}-{self.session.id}" if keep else None
        start = start_entry(new_session_id(now), utc_iso(now), previous=self.session.id)
        current = snapshot.with_session(self._snapshot, self.session)
        self._snapshot = archive.reset(self._folder, current, start, name)
        self.session = started(start)
        return archive.path_of(self._folder, name) if name else None

    def _start(self) -> Session:
        now = time.time()
        entry = start_entry(new_session_id(now), utc_iso(now), previous=None)
        size = ledger.append(self._ledger, entry)
        return started(entry).replace(ledger_bytes=size)

    def _save(self, changed: Snapshot) -> None:
        new = not os.path.lexists(changed.path)
        replace_file(changed.path, changed.text.encode())
        if new:
            with reported("write", changed.path):
                sync_folder(self._folder)
        self._snapshot = changed


def new_session_id(now: float) -> str:
    """Return a new session id: the UTC date of ``now`` (Unix seconds) and 32 random bits, fit for a file name."""
    return f"{utc_compact(now)[:8]}-{os.urandom(4).hex()}"


class _Tail(Record):
    session: Session | None
    warnings: tuple[str, ...] = ()
    shrunk: bool = False


def _replay(path: str, session: Session | None, *, locked: bool) -> _Tail:
    """Fold what the ledger at ``path`` holds beyond ``session`` into it.

    Under the lock an unfinished last line is nobody's work in progress any more and is set aside.
    """
    size = ledger.ledger_size(path)
    done = session.ledger_bytes if session else 0
    if size == done:
        return _Tail(session)
    if session and size < done:
        lost = f"{path} is shorter than it was: {done - size:,} bytes are gone; the totals are kept"
        return _Tail(session.replace(ledger_bytes=size), (lost,), shrunk=True)
    warnings: list[str] = []
    for line in ledger.read_lines(path, done):
        if not line.complete:
            if locked:
                warnings.append(_set_aside(path, line))
            break
        if line.entry is None:
            warnings.append(f"{path}: the line at byte {line.offset:,} was skipped: {line.problem}")
        elif session:
            session = apply(session, line.entry)
        elif line.entry["kind"] == "session":
            session = started(line.entry)
        done = line.offset + line.size
    return _Tail(session.replace(ledger_bytes=done) if session else None, tuple(warnings))


def _set_aside(path: str, line: Line) -> str:
    aside = f"{path}.torn"
    ledger.set_aside(path, line.offset, aside)
    return f"{path}: an unfinished last line ({line.size:,} bytes) was moved to {aside}"


def _text(current: Snapshot | None) -> str | None:
    return current.text if current else None


def _settings(place: Place, current: Snapshot | None) -> Settings:
    layers = []
    if place.folder != place.project and (project := snapshot.load(place.project)):
        layers.append((project.path, project.settings))
    if current:
        layers.append((current.path, current.settings))
    return merge_settings([*layers, *settings_from_environment(place.environ)])
