"""Moving a finished session aside, as one step for whoever reads, and finishing what a crash interrupted.

A reset leaves a journal, copies the session into the archive, and then replaces the state file: that replacement is
the moment of the change. Before it, the next writer takes the copy back; after it, the next writer does what is left.
"""

from __future__ import annotations

import json
import os

from handoff_cli.constants import ARCHIVE_FOLDER, HANDOFF_FILE, LEDGER_FILE, STATE_FILE
from handoff_cli.core.session import started
from handoff_cli.errors import StateError
from handoff_cli.state import ledger, snapshot
from handoff_cli.state.files import (
    make_folder,
    open_regular,
    read_bytes,
    remove_file,
    replace_file,
    reported,
    sync_folder,
    write_all,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.session import Entry
    from handoff_cli.state.snapshot import Snapshot

_JOURNAL_FILE = ".reset"
_JOURNAL_LIMIT = 1 << 14
_BLOCK_BYTES = 1 << 20


def reset(folder: str, current: Snapshot, start: Entry, archive_name: str | None) -> Snapshot:
    """Archive the session in ``folder`` and begin the one that ``start`` opens; returns the new snapshot.

    The caller holds the folder's lock and has folded the whole ledger into ``current``. Settings stay.

    Args:
        folder: The session folder.
        current: Its snapshot.
        start: The ledger entry that opens the next session.
        archive_name: Name of the new folder below ``archive/``; None throws the session away.

    Raises:
        StateError: something could not be written; the session is then still the old one.
    """
    journal = {"archive": archive_name, "start": start}
    replace_file(os.path.join(folder, _JOURNAL_FILE), json.dumps(journal).encode("ascii"))
    with reported("write", folder):
        sync_folder(folder)
    if archive_name is not None:
        _copy_to_archive(folder, archive_name, current)
    fresh = snapshot.with_session(current, started(start))
    replace_file(os.path.join(folder, STATE_FILE), fresh.text.encode())
    with reported("write", folder):
        sync_folder(folder)
    _finish(folder, start)
    return fresh


def finish_reset(folder: str) -> None:
    """Finish or undo a reset that was interrupted; the caller holds the lock. Nothing to do in the ordinary case.

    Raises:
        StateError: the journal or the state cannot be read, or a file cannot be written.
    """
    path = os.path.join(folder, _JOURNAL_FILE)
    if not os.path.lexists(path):
        return
    try:
        journal = json.loads(read_bytes(path, _JOURNAL_LIMIT) or b"")
        archive_name, start = journal["archive"], journal["start"]
        next_id = start["session"]
    except (ValueError, KeyError, TypeError):
        raise StateError(f"cannot understand {path}", "an interrupted reset left it; move it away") from None
    current = snapshot.load(folder)
    if current and current.session and current.session.id == next_id:
        _finish(folder, start)
    else:
        if archive_name is not None:
            _remove_copy(path_of(folder, archive_name))
        remove_file(path)


def path_of(folder: str, archive_name: str) -> str:
    """Return the path of the archived session ``archive_name`` of the session folder ``folder``."""
    return os.path.join(folder, ARCHIVE_FOLDER, os.path.basename(archive_name))


def _copy_to_archive(folder: str, name: str, current: Snapshot) -> None:
    target = path_of(folder, name)
    make_folder(target)
    for file in (LEDGER_FILE, HANDOFF_FILE):
        _copy(os.path.join(folder, file), os.path.join(target, file))
    replace_file(os.path.join(target, STATE_FILE), current.text.encode())
    with reported("write", target):
        sync_folder(target)


def _copy(source: str, target: str) -> None:
    try:
        reading = open_regular(source, os.O_RDONLY)
    except FileNotFoundError:
        return
    with reported("copy", source):
        try:
            writing = open_regular(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            try:
                while block := os.read(reading, _BLOCK_BYTES):
                    write_all(writing, block)
                os.fsync(writing)
            finally:
                os.close(writing)
        finally:
            os.close(reading)


def _finish(folder: str, start: Entry) -> None:
    replace_file(os.path.join(folder, LEDGER_FILE), ledger.encode_entry(start))
    remove_file(os.path.join(folder, HANDOFF_FILE))
    with reported("write", folder):
        sync_folder(folder)
    remove_file(os.path.join(folder, _JOURNAL_FILE))


def _remove_copy(target: str) -> None:
    for file in (LEDGER_FILE, HANDOFF_FILE, STATE_FILE, f".{STATE_FILE}.new"):
        remove_file(os.path.join(target, file))
    with reported("remove", target):
        try:
            os.rmdir(target)
        except FileNotFoundError:
            return
