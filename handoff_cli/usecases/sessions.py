"""The sessions of a project: those that run and those that were archived; beginning a new one, restoring an old one.

Removing a git worktree deletes the folder its handoff is in. So a copy of each worktree's newest one lies in the main
checkout's ``.agent-handoffs/worktrees/<name>/``.
"""

from __future__ import annotations

import os

from handoff_cli.constants import (
    FOLDER_NAME,
    HANDOFF_FILE,
    HANDOFF_LOCK_FILE,
    LEDGER_FILE,
    MAX_HANDOFF_BYTES,
    SESSIONS_FOLDER,
    WORKTREES_FOLDER,
)
from handoff_cli.core.record import Record
from handoff_cli.core.text import is_identifier
from handoff_cli.documents.front_matter import front_matter_values
from handoff_cli.errors import InputError, StateError
from handoff_cli.state import archive, store
from handoff_cli.state.files import is_folder, make_folder, read_bytes, replace_file
from handoff_cli.state.folder import (
    FolderLock,
    archive_names,
    archive_path,
    check_folders,
    prepare_folder,
    session_folder,
    session_names,
)
from handoff_cli.state.ledger import read_lines
from handoff_cli.transcripts.source import plain
from handoff_cli.usecases.news import view_now
from handoff_cli.usecases.status import describe, get_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    from handoff_cli.core.session import Session
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.status import TokenStatus

    class SessionStatus(TypedDict):
        """One row of ``handoff sessions --json``; tokens and times as in ``TokenStatus``.

        ``session`` is the further session it belongs to (None: the project's own), ``archive`` the name it is archived
        under (None: it runs), ``worktree`` the git worktree whose handoff is kept here (None: it is of this checkout).
        Where it cannot be read, ``problem`` says why and the figures are None.
        """

        session: str | None
        archive: str | None
        worktree: str | None
        session_id: str | None
        previous_session: str | None
        started_at: str | None
        updated_at: str | None
        total_tokens: int | None
        method: str | None
        usable_percentage: float | None
        level: str | None
        checkpoint_count: int | None
        folder: str
        problem: str | None


_MAX_BYTES = 4096
_POINTER = b"gitdir:"


class ResetResult(Record):
    """The session ended and the one begun, by id; ``archive`` is where the first was moved to, None if discarded.

    Where there was nothing to end, ``ended`` and ``begun`` are None.
    """

    ended: str | None
    begun: str | None
    archive: str | None
    warnings: tuple[str, ...] = ()


class RestoreResult(Record):
    """The session that runs again and the one that ran until now, by id; ``archive`` is where that was moved to.

    It is None where that session held nothing.
    """

    restored: str
    ended: str
    archive: str | None
    warnings: tuple[str, ...] = ()


_SHOWN = (
    "session_id",
    "previous_session",
    "started_at",
    "updated_at",
    "total_tokens",
    "method",
    "usable_percentage",
    "level",
    "checkpoint_count",
)


def list_sessions(place: Place) -> list[SessionStatus]:
    """Return the sessions of the project, each running one after those archived from it.

    A ``place`` that is a further session's lists that one and its archive alone.

    Raises:
        StateError: the folders cannot be read. A single session that cannot be is listed with its problem.
    """
    check_folders(place.project, place.folder)
    places = [place]
    if place.folder == place.project:
        parent = os.path.join(place.project, SESSIONS_FOLDER)
        places += [place.replace(folder=os.path.join(parent, name)) for name in session_names(place.project)]
    rows = [row for each in places for row in _rows(each)]
    return [*rows, *map(_kept_row, kept_handoffs(place.project))] if place.folder == place.project else rows


def newest_archived(place: Place) -> str | None:
    """Return the name of the session at ``place`` that was archived last, None where none was."""

    def when(name: str) -> tuple[str, int]:
        # A name begins with the second of its archiving; two of one second are told apart by their folders.
        return name.partition("-")[0], os.stat(archive_path(place.folder, name)).st_mtime_ns

    return max(archive_names(place.folder), key=when, default=None)


def show_session(place: Place, name: str) -> TokenStatus:
    """Return the status of the session archived as ``name`` from the one at ``place``.

    Raises:
        InputError: there is none of that name.
        StateError: it cannot be read.
    """
    status = get_status(place.replace(folder=_archived_folder(place, name)))
    return {**status, "session": _name(place)}


def restore_session(place: Place, name: str) -> RestoreResult:
    """Go on with the session archived as ``name``; the one that runs at ``place`` is archived first. Settings stay.

    One that holds nothing is not archived, as by ``reset``: else the session archived last would be an empty one.

    Raises:
        InputError: there is none of that name, or it runs already.
        StateError: something could not be read or written; the session is then still the old one.
        LockTimeoutError: another writer held the session too long.
    """
    _archived_folder(place, name)
    with (
        store.opened(place) as session_store,
        FolderLock(place.folder, session_store.settings.lock_timeout_seconds, HANDOFF_LOCK_FILE),
    ):
        ended = session_store.session
        archived = archive.restore(session_store, name, keep=not _is_untouched(place, ended))
        return RestoreResult(session_store.session.id, ended.id, archived, session_store.warnings)


def reset(place: Place, *, discard: bool = False, carry_next: bool = False) -> ResetResult:
    """End the session at ``place`` and begin a new one that remembers it; settings stay, and notes stay open.

    The next step was for the session that ends; it goes over only with ``carry_next``.

    State, ledger and handoff move to ``archive/<UTC time>-<session id>/`` unless ``discard``. A session with neither
    an entry nor a handoff goes on as it is: its archive would hold nothing.

    Raises:
        StateError: something could not be read or written; the session is then still the old one.
        LockTimeoutError: another writer held the session too long.
    """
    store.settle(place)
    view = store.read(place)
    if _is_untouched(place, view.session):
        return ResetResult(None, None, None, view.warnings)
    with (
        store.opened(place) as session_store,
        FolderLock(place.folder, session_store.settings.lock_timeout_seconds, HANDOFF_LOCK_FILE),
    ):
        ended = session_store.session
        # Another one may have reset it since, and what was there may have been half a line.
        if _is_untouched(place, ended):
            return ResetResult(None, None, None, session_store.warnings)
        archived = archive.reset(session_store, keep=not discard, carry_next=carry_next)
        return ResetResult(ended.id, session_store.session.id, archived, session_store.warnings)


def _archived_folder(place: Place, name: str) -> str:
    store.settle(place)
    folder = archive_path(place.folder, name)
    if not is_folder(folder):
        folders = ((it, session_folder(place.project, it)) for it in session_names(place.project))
        owner = next((it for it, other in folders if is_folder(archive_path(other, name))), None)
        hint = f"it is of session {owner}: name it with --session {owner}" if owner else "handoff sessions lists them"
        raise InputError(f"there is no archived session {name}", hint)
    return folder


def _rows(place: Place) -> list[SessionStatus]:
    store.settle(place)
    archived = [
        _row(place, place.replace(folder=archive_path(place.folder, name)), name)
        for name in archive_names(place.folder)
    ]
    running = _row(place, place, None)
    return [*archived, running] if running["session_id"] or running["problem"] else archived


def _row(owner: Place, place: Place, archive: str | None) -> SessionStatus:
    figures: dict[str, object] = dict.fromkeys(_SHOWN)
    problem = None
    try:
        status = get_status(place) if archive else describe(place, view_now(place))
        figures = {key: status[key] for key in _SHOWN}  # type: ignore[literal-required]
    except StateError as error:
        problem = error.message
    named = {"session": _name(owner), "archive": archive, "worktree": None}
    return {**named, **figures, "folder": place.folder, "problem": problem}  # type: ignore[typeddict-item]


def _kept_row(kept: Kept) -> SessionStatus:
    """Return the row of a worktree's session, as its handoff tells it."""
    facts = front_matter_values(kept.text)
    told = facts.get("usage")
    usage = told if isinstance(told, dict) else {}
    percent = usage.get("usable_percent")
    return {
        "session": None,
        "archive": None,
        "worktree": kept.name,
        "session_id": facts.get("session"),
        "previous_session": facts.get("previous"),
        "started_at": None,
        "updated_at": facts.get("created"),
        "total_tokens": usage.get("tokens"),
        "method": usage.get("method"),
        "usable_percentage": percent / 100 if isinstance(percent, int | float) else None,
        "level": usage.get("level"),
        "checkpoint_count": usage.get("checkpoints"),
        "folder": os.path.dirname(kept.path),
        "problem": None if isinstance(percent, int | float) else f"its handoff tells no figures: {kept.path}",
    }


def _name(place: Place) -> str | None:
    """Return the name of the further session at ``place``, None for the project's own."""
    return os.path.basename(place.folder) if place.folder != place.project else None


def _is_untouched(place: Place, session: Session | None) -> bool:
    """Return whether there is nothing to archive: no document, and in the ledger at most the session's beginning."""
    if os.path.lexists(os.path.join(place.folder, HANDOFF_FILE)) or (session and session.sequence):
        return False
    lines = read_lines(os.path.join(place.folder, LEDGER_FILE))
    return next(lines, None) is None or next(lines, None) is None


class Kept(Record):
    """A handoff kept for the main checkout: its worktree's ``name``, its ``path`` and ``text``.

    ``gone`` tells that the worktree is not there any more.
    """

    name: str
    path: str
    text: str
    gone: bool


def keep_for_main(project: str, text: str) -> None:
    """Keep the handoff ``text`` of the project folder ``project`` for the main checkout, if this is a worktree of one.

    Raises:
        StateError: it cannot be written.
    """
    worktree = os.path.dirname(project)
    data = _git_folder(worktree)
    main = _main_checkout(worktree, data) if data else None
    if main is None:
        return
    folder = os.path.join(main, FOLDER_NAME)
    prepare_folder(folder, folder)
    for below in (WORKTREES_FOLDER, os.path.basename(data)):
        folder = os.path.join(folder, below)
        make_folder(folder)
    replace_file(os.path.join(folder, HANDOFF_FILE), text.encode("utf-8", "surrogateescape"))


def kept_handoffs(project: str) -> list[Kept]:
    """Return the handoffs of worktrees kept in the project folder ``project``, by name.

    Raises:
        StateError: they cannot be read.
    """
    parent = os.path.join(project, WORKTREES_FOLDER)
    if not is_folder(parent):
        return []
    found = []
    for name in sorted(filter(is_identifier, os.listdir(parent))):
        path = os.path.join(parent, name, HANDOFF_FILE)
        if is_folder(os.path.dirname(path)) and (data := read_bytes(path, MAX_HANDOFF_BYTES)) is not None:
            gone = not os.path.isdir(os.path.join(os.path.dirname(project), ".git", "worktrees", name))
            found.append(Kept(name, path, data.decode("utf-8", "replace"), gone))
    return found


def _git_folder(worktree: str) -> str:
    """Return git's own folder of ``worktree``, empty where that is no linked worktree."""
    pointer = os.path.join(worktree, ".git")
    try:
        if not os.path.isfile(pointer):
            return ""
        with open(pointer, "rb", opener=plain) as file:
            text = file.read(_MAX_BYTES)
    except OSError:
        return ""
    found = os.path.join(worktree, os.fsdecode(text.removeprefix(_POINTER).strip()))
    return os.path.normpath(found) if text.startswith(_POINTER) else ""


def _main_checkout(worktree: str, data: str) -> str | None:
    """Return the main checkout of a worktree whose folder in git is ``data``; a file that lies leads nowhere.

    git notes in ``<main>/.git/worktrees/<name>/gitdir`` where the worktree is: both must name each other.
    """
    common, kind = os.path.split(os.path.dirname(data))
    if kind != "worktrees" or os.path.basename(common) != ".git" or not is_identifier(os.path.basename(data)):
        return None
    try:
        with open(os.path.join(data, "gitdir"), "rb", opener=plain) as file:
            back = os.fsdecode(file.read(_MAX_BYTES).strip())
    except OSError:
        return None
    here = os.path.realpath(os.path.join(worktree, ".git"))
    return os.path.dirname(common) if os.path.realpath(os.path.join(data, back)) == here else None
