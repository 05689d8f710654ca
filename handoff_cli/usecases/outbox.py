"""The outbox: what the project's ledgers hold beyond what the fleet's database has, sent there.

The ledger is the queue. ``fleet.json`` notes for each session how many bytes of its ledger the database has; it moves
on after the database has said so, and what is sent twice counts once. So nothing is lost and nothing doubled, whoever
is killed when.
"""

from __future__ import annotations

import json
import os
import time

from handoff_cli.constants import FLEET_FILE, FLEET_LOCK_FILE, HANDOFF_FILE, LEDGER_FILE, MAX_HANDOFF_BYTES
from handoff_cli.core.record import Record
from handoff_cli.errors import HandoffError, InputError, NotAcknowledgedError, StateError
from handoff_cli.state import store
from handoff_cli.state.files import open_regular, read_bytes, replace_file, reported, size_of
from handoff_cli.state.folder import FolderLock, archive_names, archive_path, is_archived, session_folder, session_names
from handoff_cli.state.ledger import read_lines
from handoff_cli.usecases.push import run_in_background, told_of
from handoff_cli.usecases.remote import CONTINUES_FILE, MAX_SESSION_BYTES, object_of, this_machine
from handoff_cli.usecases.status import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.core.session import Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.fleet.database import FleetDatabase
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.remote import Machine
    from handoff_cli.usecases.status import TokenStatus

_BATCH_ENTRIES = 5_000
_MAX_BYTES = 1 << 26
_LOCK_SECONDS = 20.0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 10, 600


class Delivered(Record):
    """What was sent: to which database (its URL without secrets), lines of ledgers, and of how many sessions."""

    url: str
    entries: int
    sessions: int
    warnings: tuple[str, ...] = ()


def deliver(place: Place, *, only: str | None = None) -> Delivered:
    """Send what the fleet's database has not yet of the project's sessions, and wait until it has it.

    Args:
        place: The project.
        only: The folder of the one session that is meant; None: all, archived ones too.

    Raises:
        AwayError: the database cannot be reached; what it has stays noted.
        InputError: there is no ``fleet_url``, the extra is not installed, or the database refuses.
        StateError, LockTimeoutError: state cannot be read or written, or somebody else is sending for long.
    """
    from handoff_cli.fleet.database import database_of
    from handoff_cli.fleet.sessions import fleet_id

    database = database_of(store.read(place).settings)
    if not os.path.isdir(place.project):
        return Delivered(database.url, 0, 0)
    for folder in (place.project, *(session_folder(place.project, name) for name in session_names(place.project))):
        store.settle(place.replace(folder=folder))
    with FolderLock(place.project, _LOCK_SECONDS, FLEET_LOCK_FILE):
        outbox = _Outbox(place)
        try:
            with database:
                outbox.begin(fleet_id(database))
                return outbox.send(database, only)
        except InputError:
            outbox.failed()
            raise


def acknowledge(place: Place) -> None:
    """Wait until the fleet's database has all of the session at ``place``.

    Raises:
        NotAcknowledgedError: it does not have it; what was recorded is recorded here.
    """
    try:
        deliver(place, only=place.folder)
    except HandoffError as error:
        why = f"recorded here, but the fleet's database does not have it: {error.message}"
        raise NotAcknowledgedError(why, "handoff fleet sync sends it") from None


def deliver_in_background(place: Place, settings: Settings) -> str | None:
    """Start a process that sends what is new, where there is something and a database; nobody waits for it.

    After a failure it is tried again later and later, at most every ten minutes. Returns what keeps it from running.
    """
    if settings.fleet_url is None or not is_due(place):
        return None
    problem = run_in_background(place, "fleet", "sync", "--background")
    return f"fleet_url: {problem}" if problem else None


def is_due(place: Place) -> bool:
    """Return whether something is new, and the last failure long enough ago: the file system alone is asked."""
    outbox = _Outbox(place)
    return not outbox.rests(time.time()) and any(outbox.changed(folder) for folder in _folders(place))


def unsent(place: Place) -> tuple[int, int]:
    """Return how many lines of the project's ledgers the database is not known to have, and of how many sessions."""
    outbox = _Outbox(place)
    numbers = [number for folder in _folders(place) if (number := outbox.lines_left(folder))]
    return sum(numbers), len(numbers)


def failures(place: Place) -> int:
    """Return how often sending failed since it last worked."""
    return _Outbox(place).failures


class _Outbox:
    """What ``fleet.json`` says of the project at ``place``: by session how far the database has it.

    A session is noted with its ``folder`` below the project, the ``bytes`` of its ledger that are there, the
    ``document`` (change time, size) that is, and its ``state``. The file may be a stranger's: what is no number in it
    counts as nothing, and that costs sending again.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._path = os.path.join(place.project, FLEET_FILE)
        said = object_of(read_bytes(self._path, _MAX_BYTES))
        sessions = said.get("sessions")
        self._database = said.get("database")
        self._sessions: dict[str, dict[str, Any]] = {
            key: it for key, it in (sessions if isinstance(sessions, dict) else {}).items() if isinstance(it, dict)
        }
        self._by_folder = {str(it.get("folder")): it for it in self._sessions.values()}
        self.failures = _whole(said.get("failures"))
        self._failed_at = _whole(said.get("failed_at"))
        self.warnings: list[str] = []
        self.entries = 0

    def rests(self, now: float) -> bool:
        """Return whether the last failure is too recent to try again."""
        pause = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS << min(self.failures - 1, 10)) if self.failures else 0
        return 0 <= now - self._failed_at < pause

    def changed(self, folder: str) -> bool:
        """Return whether the session in ``folder`` has moved since it was sent, asking no more than the file system."""
        known = self._by_folder.get(self._relative(folder), {})
        files = {"ledger": LEDGER_FILE, "document": HANDOFF_FILE}
        now = {key: _stamp(os.path.join(folder, name)) for key, name in files.items()}
        return bool(now["ledger"]) and {key: known.get(key) for key in now} != now

    def lines_left(self, folder: str) -> int:
        """Return how many lines of the ledger in ``folder`` the database is not known to have."""
        path = os.path.join(folder, LEDGER_FILE)
        known = self._by_folder.get(self._relative(folder), {})
        if known.get("ledger") == _stamp(path):
            return 0
        return sum(1 for _ in read_lines(path, _line_start(path, _whole(known.get("bytes")), size_of(path))))

    def begin(self, database: str) -> None:
        """Begin sending to ``database``; what another one has says nothing of it."""
        if database != self._database:
            self._database, self._sessions, self._by_folder = database, {}, {}

    def failed(self) -> None:
        """Note that the database was away, or refused."""
        self.failures += 1
        self._failed_at = int(time.time())
        self._save()

    def send(self, database: FleetDatabase, only: str | None) -> Delivered:
        """Send what is new, a session after the other; one that is refused does not hold up the others.

        Errors as ``deliver``.
        """
        from handoff_cli.fleet.database import AwayError

        machine = this_machine(self._place.environ)
        folders = [only] if only else _folders(self._place)
        sent, refused = 0, None
        for folder in filter(self.changed, folders):
            try:
                sent += self._send_session(database, machine, folder)
            except AwayError:
                raise
            except InputError as error:
                refused = error
        if only is None:
            self._send_gone(database, machine, folders)
        if refused:
            raise refused
        if self.failures:
            self.failures = 0
            self._save()
        return Delivered(database.url, self.entries, sent, tuple(self.warnings))

    def _send_session(self, database: FleetDatabase, machine: Machine, folder: str) -> bool:
        """Send what is new of the session in ``folder``; return whether there is one."""
        from handoff_cli.fleet.sessions import put

        # Looked at before anything is read: what comes meanwhile makes them differ the next time.
        path, document_path = os.path.join(folder, LEDGER_FILE), os.path.join(folder, HANDOFF_FILE)
        ledger, document = _stamp(path), _stamp(document_path)
        try:
            place = self._place.replace(folder=folder)
            view = store.read(place)
            session = view.session
            if session is None:
                return False
            known = self._sessions.get(session.id, {})
            text = _document(document_path) if document != known.get("document") else None
            state = state_of(place, session, describe(place, view), machine)
        except StateError as error:
            self.warnings.append(f"left out: {error.message}")
            return False
        done = _line_start(path, _whole(known.get("bytes")), session.ledger_bytes)
        for rows, reached in _batches(path, session, done):
            is_last = reached == session.ledger_bytes
            put(database, state, rows, text if is_last else None)
            self.entries += len(rows)
            noted = {"ledger": ledger, "document": document} if is_last else {"document": known.get("document")}
            self._note(session.id, {"folder": self._relative(folder), "bytes": reached, **noted})
        return True

    def _send_gone(self, database: FleetDatabase, machine: Machine, seen: list[str]) -> None:
        """Say of the sessions whose ledgers were thrown away that they are gone."""
        from handoff_cli.fleet.sessions import mark_gone

        if _folders(self._place) != seen:
            return  # a session was ended meanwhile: what is missing may have moved
        here = {self._relative(folder) for folder in seen}
        for session, known in list(self._sessions.items()):
            folder = known.get("folder")
            if folder in here and self._by_folder.get(folder) is known:
                continue
            mark_gone(database, machine.id, session)
            del self._sessions[session]
            self._save()

    def _note(self, session: str, known: dict[str, Any]) -> None:
        self._sessions[session] = self._by_folder[known["folder"]] = known
        self._save()

    def _save(self) -> None:
        said = {
            "database": self._database,
            "failures": self.failures,
            "failed_at": self._failed_at,
            "sessions": self._sessions,
        }
        replace_file(self._path, json.dumps(said).encode("ascii"))

    def _relative(self, folder: str) -> str:
        return os.path.relpath(folder, self._place.project).replace(os.sep, "/")


def state_of(place: Place, session: Session, status: TokenStatus, machine: Machine) -> dict[str, Any]:
    """Return the state of the ``session`` at ``place`` as it is sent: what ``status`` says of it, without secrets."""
    from handoff_cli.fleet.sessions import sent_text, sent_time

    mark = object_of(read_bytes(os.path.join(place.project, CONTINUES_FILE), MAX_SESSION_BYTES))
    title, continues = told_of(status, mark)
    return {
        "sequence": session.sequence,
        "started_at": sent_time(session.started_at),
        "updated_at": sent_time(session.updated_at),
        "total_tokens": status["total_tokens"],
        "usable_tokens": status["usable_tokens"],
        "tokens_per_turn": status["tokens_per_turn"],
        "turns_left": status["turns_left"],
        "checkpoints": status["checkpoint_count"],
        "compactions": status["compaction_count"],
        "share": status["usable_percentage"],
        "machine": machine.id,
        "session": session.id,
        "machine_name": machine.name,
        "project": sent_text(os.path.basename(os.path.dirname(place.project)), 300),
        "state": "archived" if is_archived(place.folder) else "running",
        "agent": sent_text(status["agent"], 300),
        "model": sent_text(status["model"], 300),
        "method": status["method"],
        "level": status["level"],
        "title": sent_text(title, 300),
        "continues": sent_text(continues, 300),
        "previous": sent_text(status["previous_session"], 300),
        "trend": [turn.tokens for turn in session.turns],
    }


def _batches(path: str, session: Session, done: int) -> Iterator[tuple[list[dict[str, Any]], int]]:
    """Yield the lines of the ledger from byte ``done`` to where ``session`` ends, and how far they reach."""
    from handoff_cli.fleet.sessions import row_of

    rows: list[dict[str, Any]] = []
    for line in read_lines(path, done):
        if line.offset >= session.ledger_bytes:
            break
        if len(rows) >= _BATCH_ENTRIES:
            yield rows, line.offset
            rows = []
        if line.entry is not None and line.entry["session"] == session.id:
            rows.append(row_of(line.entry, line.checksum))
    yield rows, session.ledger_bytes


def _line_start(path: str, offset: int, end: int) -> int:
    """Return ``offset`` where a line of the ledger begins there, else 0: from its beginning, then."""
    if not 0 < offset <= end:
        return 0
    with reported("read", path), os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
        file.seek(offset - 1)
        return offset if file.read(1) == b"\n" else 0


def _document(path: str) -> str | None:
    data = read_bytes(path, MAX_HANDOFF_BYTES)
    if data is None:
        return None
    from handoff_cli.fleet.sessions import sent_text

    return sent_text(data.decode("utf-8", "replace"), MAX_HANDOFF_BYTES)


def _folders(place: Place) -> list[str]:
    """Return the folders of the project's sessions, those archived from each before it."""
    owners = [place.project, *(session_folder(place.project, name) for name in session_names(place.project))]
    return [
        folder for owner in owners for folder in (*(archive_path(owner, name) for name in archive_names(owner)), owner)
    ]


def _stamp(path: str) -> list[int] | None:
    """Return what tells whether a file has changed: it moves with the file from folder to folder."""
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return [found.st_mtime_ns, found.st_size]


def _whole(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 1 << 62 else 0
