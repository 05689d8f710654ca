"""Opening a session to read or to write: snapshot, ledger tail and lock put together.

Writing order: lock, append to the ledger and sync it, replace the snapshot. A crash between the two leaves the ledger
ahead; whoever comes next folds its tail in. Readers take no lock.
"""

from __future__ import annotations

import os
import time
import zlib

from handoff_cli.constants import LEDGER_FILE, MAX_SESSION_NAME_CHARS, MAX_STATE_BYTES
from handoff_cli.core.clock import utc_compact, utc_iso
from handoff_cli.core.entries import check_entry
from handoff_cli.core.record import Record
from handoff_cli.core.session import Session, apply, next_entry, start_entry, started
from handoff_cli.core.settings import Settings, merge_settings
from handoff_cli.errors import InputError, LockTimeoutError, StateError
from handoff_cli.state import ledger, snapshot
from handoff_cli.state.environment import settings_from_environment
from handoff_cli.state.files import read_bytes, replace_file, sync_folder
from handoff_cli.state.folder import archive_path, check_folders, is_interrupted, prepare_folder, sync_folders
from handoff_cli.state.lock import FolderLock
from handoff_cli.state.replay import replay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from handoff_cli.core.calibration import Calibration
    from handoff_cli.core.session import Entry
    from handoff_cli.state.snapshot import Snapshot

_READ_ATTEMPTS = 20


class Place(Record):
    """Which session is meant: its ``folder``, the ``project`` folder whose settings hold for it, and the environment.

    ``folder`` is the project folder itself, or one below its ``sessions/``. ``HANDOFF_<SETTING>`` variables in
    ``environ`` win over files, and ``options``, settings by the option that gave them, over both.
    """

    project: str
    folder: str
    environ: Mapping[str, str]
    options: Mapping[str, Mapping[str, object]] = {}


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
    check_folders(place.project, place.folder)
    for _ in range(_READ_ATTEMPTS):
        current = snapshot.load(place.folder)
        tail = replay(place.folder, current, locked=False)
        # State and ledger are replaced one after the other: what looks odd may be one of before and one of after.
        if not tail.warnings or _text(snapshot.load(place.folder)) == _text(current):
            break
    files = _files(place, current)
    return View(_settings(place, files), tail.session, (*_doubts(files), *tail.warnings))


class opened:  # noqa: N801 - reads as what it does; contextlib costs time on the hot path
    """Open the session at ``place`` for writing, making what is missing; holds its lock until the block ends.

    Raises:
        StateError: state that cannot be read, understood or written.
        LockTimeoutError: another writer did not let go within ``lock_timeout_seconds``.
    """

    __slots__ = ("_lock", "_place")

    def __init__(self, place: Place) -> None:
        self._place = place

    def __enter__(self) -> Store:
        place = self._place
        check_folders(place.project, place.folder)
        prepare_folder(place.project, place.folder)
        self._lock = FolderLock(place.folder, 0)
        try:
            self._lock.__enter__()
        except LockTimeoutError:
            # How long to wait is in a file, which is not worth reading as long as nobody else is at work.
            timeout_seconds = _settings(place, _files(place, snapshot.load(place.folder))).lock_timeout_seconds
            self._lock = FolderLock(place.folder, timeout_seconds)
            self._lock.__enter__()
        try:
            if is_interrupted(place.folder):
                from handoff_cli.state import archive

                archive.finish(place.folder)
            return Store(place)
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.__exit__(kind, error, trace)


def settle(place: Place) -> None:
    """Finish a change of sessions that a crash cut short at ``place``; ordinarily there is nothing to do.

    Raises:
        StateError, LockTimeoutError: as ``opened``.
    """
    check_folders(place.project, place.folder)
    if is_interrupted(place.folder):
        with opened(place):
            pass


class Store:
    """A session under its lock: ``settings``, ``session`` and ``warnings`` as in ``View``, but there always is one."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._ledger = os.path.join(place.folder, LEDGER_FILE)
        loaded = snapshot.load(place.folder)
        files = _files(place, loaded)
        self.settings = _settings(place, files)
        self._snapshot = loaded or snapshot.empty(place.folder)
        tail = replay(place.folder, loaded, locked=True)
        self.warnings = (*_doubts(files), *tail.warnings)
        self.session = tail.session or self._start()

    @property
    def own_settings(self) -> dict[str, object]:
        """The settings written in this session's own state file, by key."""
        return self._snapshot.settings

    def append(self, *entries: Entry) -> Session:
        """Record ``entries`` durably, all or none (they are numbered here); returns the session after them.

        They count once they are in the ledger: a state file that cannot be brought up to date is a warning.

        Raises:
            StateError: they could not be written; nothing was recorded.
            ValueError: one that no reader would take; nothing was recorded.
        """
        session = self.session
        numbered = []
        for entry in entries:
            numbered.append(next_entry(session, entry))
            check_entry(numbered[-1])
            session = apply(session, numbered[-1])
        size = ledger.append(self._ledger, numbered)
        self.session = session.replace(ledger_bytes=size)
        try:
            self._save(snapshot.with_session(self._snapshot, self.session))
        except StateError as error:
            self.warnings += (f"recorded in the ledger, but {error.message}",)
        return self.session

    def ensure_saved(self) -> None:
        """Write the state file if there is none yet, so that people find something to edit."""
        if not os.path.lexists(self._snapshot.path):
            self._save(snapshot.with_session(self._snapshot, self.session))

    def set_setting(self, key: str, value: object) -> None:
        """Write the setting ``key`` into this session's state file; None removes it."""
        self._save(snapshot.with_setting(self._snapshot, key, value))
        sync_folder(self._place.folder)

    def calibrate(self, calibrations: Mapping[str, Calibration]) -> None:
        """Write the user's own factors, by model, into this session's state file, beside those of other models."""
        merged = {**self._snapshot.calibrations, **calibrations}
        self._save(snapshot.with_calibrations(self._snapshot, merged))
        sync_folder(self._place.folder)

    def reset(self, *, keep: bool = True) -> str | None:
        """Begin a new session and return the path of the archived one, None when ``keep`` is False (thrown away)."""
        now = time.time()
        name = self._archive_name(now) if keep else None
        start = start_entry(new_session_id(now), utc_iso(now), previous=self.session)
        from handoff_cli.state import archive

        self._switched(archive.reset(self._place.folder, self._saved(), start, name))
        return archive_path(self._place.folder, name) if name else None

    def restore(self, name: str) -> str:
        """Go on with the archived session ``name`` and return the path where the one that ran until now is archived.

        Raises:
            InputError: it runs already.
            StateError: something could not be read or written, or there is none; the old one then still runs.
        """
        source = archive_path(self._place.folder, name)
        archived = snapshot.load(source) or snapshot.empty(source)
        tail = replay(source, archived, locked=True)
        if tail.session and tail.session.id == self.session.id:
            raise InputError(f"session {tail.session.id} is the one that runs", "there is nothing to restore")
        self.warnings += tail.warnings
        target = self._archive_name(time.time())
        begun = archived.replace(session=tail.session)
        from handoff_cli.state import archive

        self._switched(archive.restore(self._place.folder, self._saved(), name, begun, target))
        return archive_path(self._place.folder, target)

    def _archive_name(self, now: float) -> str:
        return f"{utc_compact(now)}-{self.session.id[:MAX_SESSION_NAME_CHARS]}"

    def _saved(self) -> Snapshot:
        """Return the state after making sure that the file holds all of it: readers rely on it during a change."""
        self._save(snapshot.with_session(self._snapshot, self.session))
        return self._snapshot

    def _switched(self, outcome: tuple[Snapshot, tuple[str, ...]]) -> None:
        self._snapshot, warnings = outcome
        self.warnings += warnings
        self.session = self._snapshot.session or self.session

    def _start(self) -> Session:
        now = time.time()
        entry = start_entry(new_session_id(now), utc_iso(now), previous=None)
        sync_folders(self._place.project, self._place.folder)
        size = ledger.append(self._ledger, [entry])
        return started(entry).replace(ledger_bytes=size)

    def _save(self, changed: Snapshot) -> None:
        data = changed.text.encode()
        if len(data) > MAX_STATE_BYTES:
            raise StateError(
                f"{changed.path} would grow to {len(data):,} bytes, at most {MAX_STATE_BYTES:,} are read",
                "take out of it what is not handoff's",
            )
        if changed.older is not None:
            self._back_up(changed.path, changed.older)
        new = not os.path.lexists(changed.path)
        replace_file(changed.path, data)
        if new:
            sync_folder(self._place.folder)
        self._snapshot = changed.replace(older=None)

    def _back_up(self, path: str, version: int) -> None:
        """Keep the file of an older schema beside its successor, under a name its content decides."""
        data = read_bytes(path, MAX_STATE_BYTES) or b""
        backup = f"{path}.v{version}-{zlib.crc32(data):08x}.bak"
        if not os.path.lexists(backup):
            replace_file(backup, data)
            sync_folder(self._place.folder)


def new_session_id(now: float) -> str:
    """Return a new session id: the UTC date of ``now`` (Unix seconds) and 32 random bits, fit for a file name."""
    return f"{utc_compact(now)[:8]}-{os.urandom(4).hex()}"


def _text(current: Snapshot | None) -> str | None:
    return current.text if current else None


def _files(place: Place, current: Snapshot | None) -> list[Snapshot]:
    """Return the state files whose settings hold at ``place``, the project's before ``current``, the session's own."""
    project = snapshot.load(place.project) if place.folder != place.project else None
    return [loaded for loaded in (project, current) if loaded]


def _doubts(files: list[Snapshot]) -> tuple[str, ...]:
    return tuple(line for loaded in files for line in loaded.warnings)


def _settings(place: Place, files: list[Snapshot]) -> Settings:
    layers = [(loaded.path, loaded.settings) for loaded in files]
    settings = merge_settings([*layers, *settings_from_environment(place.environ), *place.options.items()])
    own = {name: found for loaded in files for name, found in loaded.calibrations.items()}
    return settings.replace(calibrations=own) if own else settings
