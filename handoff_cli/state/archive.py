"""Ending the running session and beginning another, as one step for whoever reads, and ending what a crash cut short.

The state file says which session runs, so replacing it is the moment of the change. A journal says what goes with it:
which files of the ended session move into the archive, and which of an archived one move back. Before that moment the
next writer undoes what was prepared; after it, the next writer does what is left. While a journal stands, the state
file on disk is complete and readers believe it alone.
"""

from __future__ import annotations

import json
import os
import time

from handoff_cli.constants import (
    HANDOFF_FILE,
    JOURNAL_FILE,
    KEPT_FOLDER,
    LEDGER_FILE,
    MAX_SESSION_NAME_CHARS,
    STATE_FILE,
)
from handoff_cli.core.record import Record
from handoff_cli.core.session import check_entry, start_entry, started
from handoff_cli.core.text import is_identifier, utc_compact, utc_iso
from handoff_cli.errors import InputError, StateError
from handoff_cli.state import snapshot
from handoff_cli.state.files import (
    is_folder,
    make_folder,
    move_file,
    read_bytes,
    remove_file,
    remove_folder,
    remove_if_empty,
    replace_file,
    sync_folder,
)
from handoff_cli.state.folder import archive_path, is_interrupted, new_session_id
from handoff_cli.state.ledger import encode_entry, replay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.session import Entry, Session
    from handoff_cli.state.snapshot import Snapshot
    from handoff_cli.state.store import Store

_JOURNAL_LIMIT = 1 << 14
_MOVED_FILES = (LEDGER_FILE, HANDOFF_FILE, KEPT_FOLDER)


class Changeover(Record):
    """What is to happen, as the journal keeps it.

    ``begins`` is the id of the session that runs afterwards: a new one that ``start`` opens, or the archived session
    ``restored`` (its name), whose files are ``taken``. The ended one's files ``kept`` go to the archive as
    ``archived``; None throws it away.
    """

    begins: str
    archived: str | None
    kept: list[str]
    start: Entry | None = None
    restored: str | None = None
    taken: list[str] = []  # noqa: RUF012 - never changed


def reset(store: Store, *, keep: bool = True, carry_next: bool = False) -> str | None:
    """Begin a new session and return the path of the archived one, None when ``keep`` is False (thrown away).

    Settings stay, and so do open notes but for the next step, unless ``carry_next``.

    Raises:
        StateError: something could not be written; the session is then still the old one.
    """
    folder, now = store.place.folder, time.time()
    name = _archive_name(store.session, now) if keep else None
    start = start_entry(new_session_id(now), utc_iso(now), previous=store.session, carry_next=carry_next)
    current = store.saved()
    change = Changeover(begins=start["session"], archived=name, kept=_present(folder), start=start)
    new = snapshot.without_session(current).replace(session=started(start))
    begun = snapshot.with_session(store.showing_defaults(new), started(start))
    store.go_on_with(*_perform(folder, change, current, begun))
    return archive_path(folder, name) if name else None


def restore(store: Store, name: str, *, keep: bool = True) -> str | None:
    """Go on with the archived session ``name`` and return the path where the one that ran until now is archived.

    The settings of the running session stay in force. None is returned when ``keep`` is False (it is thrown away).

    Raises:
        InputError: it runs already.
        StateError: something could not be read or written, or there is none; the old one then still runs.
    """
    folder = store.place.folder
    source = archive_path(folder, name)
    archived = snapshot.load(source) or snapshot.empty(source)
    tail = replay(source, archived, locked=True)
    if tail.session and tail.session.id == store.session.id:
        raise InputError(f"session {tail.session.id} is the one that runs", "there is nothing to restore")
    store.warnings += tail.warnings
    target = _archive_name(store.session, time.time()) if keep else None
    current = store.saved()
    if tail.session is None:
        raise StateError(f"{source} holds no session", "handoff sessions lists those that do")
    change = Changeover(
        begins=tail.session.id, archived=target, kept=_present(folder), restored=name, taken=_present(source)
    )
    begun = snapshot.with_session(current.replace(extra=archived.extra), tail.session)
    store.go_on_with(*_perform(folder, change, current, begun))
    return archive_path(folder, target) if target else None


def finish(folder: str) -> None:
    """Finish or undo a change that was interrupted; the caller holds the lock. Nothing to do in the ordinary case.

    Raises:
        StateError: the journal or the state cannot be read, or a file cannot be written.
    """
    if not is_interrupted(folder):
        return
    change = _read_journal(os.path.join(folder, JOURNAL_FILE))
    current = snapshot.load(folder)
    runs = current is not None and current.session is not None and current.session.id == change.begins
    if runs or (change.archived and _present(archive_path(folder, change.archived))):
        _finish(folder, change)
    else:
        _undo(folder, change)


def _perform(folder: str, change: Changeover, ended: Snapshot, begun: Snapshot) -> tuple[Snapshot, tuple[str, ...]]:
    for path in (
        os.path.dirname(archive_path(folder, change.archived or change.begins)),
        os.path.join(folder, KEPT_FOLDER),
    ):
        is_folder(path)
    replace_file(os.path.join(folder, JOURNAL_FILE), json.dumps(change.to_dict()).encode("ascii"))
    sync_folder(folder)
    if change.archived is not None:
        target = archive_path(folder, change.archived)
        make_folder(target)
        replace_file(os.path.join(target, STATE_FILE), ended.text.encode())
        sync_folder(target)
    replace_file(os.path.join(folder, STATE_FILE), begun.text.encode())
    try:
        sync_folder(folder)
        _finish(folder, change)
    except StateError as error:
        return begun, (f"{error.message}; the next command finishes the rest",)
    return begun, ()


def _finish(folder: str, change: Changeover) -> None:
    """Move the files; whichever of these steps were done already do nothing when done again."""
    sync_folder(folder)
    if change.archived is not None:
        target = archive_path(folder, change.archived)
        for file in change.kept:
            if not os.path.lexists(os.path.join(target, file)):
                move_file(os.path.join(folder, file), os.path.join(target, file))
        sync_folder(target)
    for file in _MOVED_FILES:
        path = os.path.join(folder, file)
        if file not in change.taken:
            remove_folder(path) if file == KEPT_FOLDER else remove_file(path)
        elif change.restored is not None:
            source = os.path.join(archive_path(folder, change.restored), file)
            if file == KEPT_FOLDER and os.path.lexists(source):
                # After a power cut the name may be back of what is in the archive by now.
                remove_folder(path)
            move_file(source, path)
    if change.start is not None:
        replace_file(os.path.join(folder, LEDGER_FILE), encode_entry(change.start))
    sync_folder(folder)
    if change.restored is not None:
        _remove_folder(archive_path(folder, change.restored))
    remove_file(os.path.join(folder, JOURNAL_FILE))


def _undo(folder: str, change: Changeover) -> None:
    if change.archived is not None:
        _remove_folder(archive_path(folder, change.archived))
    remove_file(os.path.join(folder, JOURNAL_FILE))


def _remove_folder(path: str) -> None:
    """Remove an archived session's folder, whose ledger and document are elsewhere; what else lies there stays."""
    if not is_folder(path):
        return
    for file in (STATE_FILE, f".{STATE_FILE}.new"):
        remove_file(os.path.join(path, file))
    remove_if_empty(path)


def _present(folder: str) -> list[str]:
    return [file for file in _MOVED_FILES if os.path.lexists(os.path.join(folder, file))]


def _read_journal(path: str) -> Changeover:
    """Return the journal's change; it names session folders and files of known names only, so it leads nowhere else."""
    try:
        change = Changeover(**json.loads(read_bytes(path, _JOURNAL_LIMIT) or b""))
        if change.start is not None:
            check_entry(change.start)
        names = [name for name in (change.begins, change.archived, change.restored) if name is not None]
        if not all(map(is_identifier, names)) or not {*change.kept, *change.taken} <= {*_MOVED_FILES}:
            raise ValueError  # noqa: TRY301 - one message for every kind of nonsense
    except (ValueError, TypeError, RecursionError):
        raise StateError(f"cannot understand {path}", "an interrupted reset left it; move it away") from None
    return change


def _archive_name(session: Session, now: float) -> str:
    return f"{utc_compact(now)}-{session.id[:MAX_SESSION_NAME_CHARS]}"
