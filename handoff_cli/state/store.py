"""Opening a session to read or to write: snapshot, ledger tail and lock put together.

Writing order: lock, append to the ledger and sync it, replace the snapshot. A crash between the two leaves the ledger
ahead; whoever comes next folds its tail in. Readers take no lock.
"""

from __future__ import annotations

import os
import time

from handoff_cli.constants import LEDGER_FILE, MAX_STATE_BYTES
from handoff_cli.core.record import Record
from handoff_cli.core.session import Session, apply, check_entry, next_entry, start_entry, started
from handoff_cli.core.settings import Settings, merge_settings, settings_of_environment
from handoff_cli.core.text import utc_iso
from handoff_cli.errors import LockTimeoutError, StateError
from handoff_cli.state import snapshot
from handoff_cli.state.files import replace_file, size_of, sync_folder
from handoff_cli.state.folder import (
    FolderLock,
    check_folders,
    is_interrupted,
    new_session_id,
    prepare_folder,
    sync_folders,
    user_settings_path,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from handoff_cli.core.session import Entry
    from handoff_cli.models.lookup import Calibration
    from handoff_cli.state.kept import Keeper
    from handoff_cli.state.snapshot import Snapshot

_READ_ATTEMPTS = 20


class Place(Record):
    """Which session is meant: its ``folder``, the ``project`` folder whose settings hold for it, and the environment.

    ``folder`` is the project folder itself, or one below its ``sessions/``. ``HANDOFF_<SETTING>`` variables in
    ``environ`` win over files, and ``options``, settings by the option that gave them, over both. ``chosen`` says why
    this session is meant where nobody named one and there was a choice. ``log`` is the log that the agent at work
    keeps of it, where no hook of the agent's has been here: who asks how full the window is reads it first.
    """

    project: str
    folder: str
    environ: Mapping[str, str]
    options: Mapping[str, Mapping[str, object]] = {}
    chosen: str = ""
    log: str = ""


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
        session, warnings = _brought_up_to_date(place.folder, current, locked=False)
        # State and ledger are replaced one after the other: what looks odd may be one of before and one of after.
        if not warnings or _text(snapshot.load(place.folder)) == _text(current):
            break
    files = _files(place, current)
    return View(_settings(place, files), session, (*_doubts(files), *warnings))


def settings_at(place: Place) -> Settings:
    """Return the settings in force at ``place``, without a look at its session.

    Raises:
        StateError: a file of settings or a variable that cannot be understood.
    """
    check_folders(place.project, place.folder)
    return _settings(place, _files(place, snapshot.load(place.folder)))


def renewed(place: Place, view: View) -> View:
    """Return ``view`` where the session at ``place`` has not moved on since, else what ``read`` sees now."""
    seen = view.session.ledger_bytes if view.session else 0
    return view if size_of(os.path.join(place.folder, LEDGER_FILE)) == seen else read(place)


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


class Store:
    """The session at ``place`` under its lock: ``settings``, ``session`` and ``warnings`` as in ``View``.

    There always is a session. ``go_on_with`` takes another one in its place.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self._ledger = os.path.join(place.folder, LEDGER_FILE)
        loaded = snapshot.load(place.folder)
        files = _files(place, loaded)
        self.settings = _settings(place, files)
        self._defaults = _user_settings(place)
        self._snapshot = loaded or snapshot.empty(place.folder)
        session, warnings = _brought_up_to_date(place.folder, loaded, locked=True)
        self.warnings = (*_doubts(files), *warnings)
        self.session = session or self._start()

    @property
    def own_settings(self) -> dict[str, object]:
        """The settings written in this session's own state file, by key."""
        return self._snapshot.settings

    def append(self, *entries: Entry, texts: Sequence[Keeper | None] = ()) -> Session:
        """Record ``entries`` durably, all or none (they are numbered here); returns the session after them.

        ``texts`` are what is to be kept with each, None for nothing. They count once they are in the ledger: a state
        file that cannot be brought up to date is a warning.

        Raises:
            StateError: they could not be written; nothing was recorded.
            ValueError: one that no reader would take; nothing was recorded.
        """
        from handoff_cli.state import ledger

        if any(texts):
            entries = self._with_texts(entries, texts)
        session = self.session
        numbered = []
        for entry in entries:
            numbered.append(next_entry(session, entry))
            check_entry(numbered[-1])
            session = apply(session, numbered[-1])
        size = ledger.append(self._ledger, numbered)
        self.session = session.replace(ledger_bytes=size)
        try:
            self._save(self._with(self.session))
            if any(texts):
                from handoff_cli.state import kept

                kept.trim(self.place.folder, self.session.kept_end, self.settings.keep_text_bytes)
        except StateError as error:
            self.warnings += (f"recorded in the ledger, but {error.message}",)
        return self.session

    def _with_texts(self, entries: tuple[Entry, ...], texts: Sequence[Keeper | None]) -> tuple[Entry, ...]:
        from handoff_cli.state import kept

        found = [text for text in texts if text is not None]
        where = iter(kept.append(self.place.folder, self.session.kept_end, found, self.settings.keep_text_bytes))
        return tuple(
            entry if text is None else {**entry, "kept": next(where)}
            for entry, text in zip(entries, texts, strict=True)
        )

    def saved(self) -> Snapshot:
        """Return the state after making sure that the file holds all of it: readers rely on it during a change."""
        self._save(self._with(self.session))
        return self._snapshot

    def go_on_with(self, changed: Snapshot, warnings: tuple[str, ...]) -> None:
        """Take ``changed``, which is in the file, for the state from now on."""
        self._snapshot = changed
        self.warnings += warnings
        self.session = changed.session or self.session

    def ensure_saved(self) -> None:
        """Write the state file if there is none yet, so that people find something to edit."""
        if not os.path.lexists(self._snapshot.path):
            self.saved()

    def showing_defaults(self, changed: Snapshot) -> Snapshot:
        """Return ``changed`` with the settings its file shows, though nobody set them, as they now are in force.

        A new file of the project's own session shows those that matter; in a further session the project's hold.
        """
        session = changed.session
        new = changed.text == snapshot.EMPTY and self.place.folder == self.place.project
        if session is None or not (new or changed.shown):
            return changed
        base = merge_settings([("", self._defaults)])
        values = {key: getattr(base, key) for key in _SHOWN}
        values["context_window_limit"] = base.context_window_limit or _window(
            self.settings, session, self.place.environ
        )
        return snapshot.with_shown(changed, values, new=new)

    def _with(self, session: Session) -> Snapshot:
        return snapshot.with_session(self.showing_defaults(self._snapshot.replace(session=session)), session)

    def set_setting(self, key: str, value: object) -> None:
        """Write the setting ``key`` into this session's state file; None removes it."""
        shown = self._snapshot if os.path.lexists(self._snapshot.path) else self._with(self.session)
        self._save(snapshot.with_setting(shown, key, value))
        sync_folder(self.place.folder)

    def calibrate(self, calibrations: Mapping[str, Calibration]) -> None:
        """Write the user's own factors, by model, into this session's state file, beside those of other models."""
        merged = {**self._snapshot.calibrations, **calibrations}
        self._save(snapshot.with_calibrations(self._snapshot, merged))
        sync_folder(self.place.folder)

    def _start(self) -> Session:
        from handoff_cli.state import ledger

        now = time.time()
        entry = start_entry(new_session_id(now), utc_iso(now), previous=None)
        sync_folders(self.place.project, self.place.folder)
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
            snapshot.back_up(changed.path, changed.older)
        new = not os.path.lexists(changed.path)
        replace_file(changed.path, data)
        if new:
            sync_folder(self.place.folder)
        self._snapshot = changed.replace(older=None)


def settle(place: Place) -> None:
    """Finish a change of sessions that a crash cut short at ``place``; ordinarily there is nothing to do.

    Raises:
        StateError, LockTimeoutError: as ``opened``.
    """
    check_folders(place.project, place.folder)
    if is_interrupted(place.folder):
        with opened(place):
            pass


def _brought_up_to_date(
    folder: str, current: Snapshot | None, *, locked: bool
) -> tuple[Session | None, tuple[str, ...]]:
    """Return what ``replay`` does; ordinarily the state is as far as its ledger, and there is nothing to replay."""
    session = current.session if current else None
    if session is None or (current and current.trusted):
        known = session.ledger_bytes if session else 0
        if size_of(os.path.join(folder, LEDGER_FILE)) == known:
            return session, ()
    from handoff_cli.state.ledger import replay  # who only looks at a state as it was left needs nothing of it

    replayed = replay(folder, current, locked=locked)
    return replayed.session, replayed.warnings


def _text(current: Snapshot | None) -> str | None:
    return current.text if current else None


def _files(place: Place, current: Snapshot | None) -> list[Snapshot]:
    """Return the files whose settings hold at ``place``: the user's, the project's, ``current``, the session's own."""
    project = snapshot.load(place.project) if place.folder != place.project else None
    return [loaded for loaded in (snapshot.load_file(user_settings_path(place.environ)), project, current) if loaded]


def _user_settings(place: Place) -> Mapping[str, object]:
    user = snapshot.load_file(user_settings_path(place.environ))
    return user.settings if user else {}


_SHOWN = ("context_window_limit", "warning_threshold", "critical_threshold", "keep_text", "keep_text_bytes")
"""The settings a new file begins with."""


def _window(settings: Settings, session: Session, environ: Mapping[str, str]) -> int:
    """Return the window that holds for ``session`` where nobody sets one, tokens."""
    from handoff_cli.agents.windows import window_in_force

    known = None
    if model := settings.model or session.model:
        from handoff_cli.models.lookup import find_model

        known = find_model(model)
    nobody = settings.replace(context_window_limit=None)
    return window_in_force(nobody, session, known, environ).thresholds.context_window_limit


def _doubts(files: list[Snapshot]) -> tuple[str, ...]:
    return tuple(line for loaded in files for line in loaded.warnings)


def _settings(place: Place, files: list[Snapshot]) -> Settings:
    layers: list[tuple[str, Mapping[str, object]]] = [(loaded.path, loaded.settings) for loaded in files]
    layers += settings_of_environment(place.environ)
    settings = merge_settings([*layers, *place.options.items()])
    own = {name: found for loaded in files for name, found in loaded.calibrations.items()}
    return settings.replace(calibrations=own) if own else settings
