"""Keeping the documents of sessions that are over: at their end, and once more when a log has caught up with it.

Agents may write down the last response after the hook of the end, and be gone. What their logs say by then comes into
the document when the next session starts, before that one reads it.
"""

from __future__ import annotations

import os

from handoff_cli.agents import AGENTS
from handoff_cli.constants import HANDOFF_FILE, HOOK_MEMORY_FILE, MAX_HANDOFF_BYTES
from handoff_cli.errors import HandoffError
from handoff_cli.state import store
from handoff_cli.state.files import read_bytes
from handoff_cli.state.folder import session_folder, session_names
from handoff_cli.usecases.hook_memory import load_memory, save_memory
from handoff_cli.usecases.news import request_of
from handoff_cli.usecases.place import is_running
from handoff_cli.usecases.record import write_handoff
from handoff_cli.usecases.review import is_worth_keeping, reason_of
from handoff_cli.usecases.status import get_status, is_behind
from handoff_cli.usecases.sync import sync

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.state.store import Place

_LOOKED_AT = 5
"""So many of the sessions that hooks were in last are looked at: others have a document, or nothing worth one."""


def keep_current(place: Place) -> tuple[str, ...]:
    """Bring the session's document up to date, or leave one if the session was worth it; return what went wrong."""
    # Why it was written at first is what makes it worth reading; the end only brings it up to date.
    reason = reason_of(place)
    if not reason and not is_worth_keeping(get_status(place)["usable_percentage"]):
        return ()
    return write_handoff(place, reason=reason or "session end").warnings


def catch_up(place: Place) -> tuple[str, ...]:
    """Bring the documents that other sessions left up to date with their logs; return what went wrong."""
    problems: list[str] = []
    for folder in _left(place.project):
        other = place.replace(folder=folder)
        if folder == place.folder:
            continue
        try:
            problems += _caught_up(other)
        except HandoffError as error:
            problems.append(error.message)
    return tuple(problems)


def _caught_up(place: Place) -> tuple[str, ...]:
    session = store.read(place).session
    behind = session is not None and is_behind(session)
    # Where the agent told its figures itself, the log may not have been found for the facts.
    request = request_of(place, session) if behind or (session and session.transcript is None) else None
    if request is None or request.transcript is None:
        return ()
    stamp = _stamp(request.transcript)
    if stamp == load_memory(place.folder).get("caught_up"):
        return ()
    if behind:
        sync(place, request, only_crossings=True)
    # A log may have grown without a new figure: by an answer, or a command that failed.
    problems = keep_current(place)
    with store.opened(place):
        save_memory(place.folder, {**load_memory(place.folder), "caught_up": stamp})
    return problems


def _left(project: str) -> list[str]:
    """Return the folders of the sessions whose documents the next one may read, the one that was at work last at last.

    That is the session the project's document is of, and those that ended since it was written.
    """
    document = os.path.join(project, HANDOFF_FILE)
    newest, since = read_bytes(document, MAX_HANDOFF_BYTES), _modified(document)
    folders = [session_folder(project, name) for name in session_names(project)]
    times = {folder: _modified(os.path.join(folder, HOOK_MEMORY_FILE)) for folder in folders}
    last = sorted(filter(times.get, folders), key=lambda it: times[it])[-_LOOKED_AT:]
    ended = [folder for folder in last if times[folder] > since and _is_over(folder)]
    owner = [folder for folder in folders if newest and folder not in ended and _document(folder, newest) == newest]
    return [*owner, *ended]


def _is_over(folder: str) -> bool:
    """Return whether nothing is in the way of a document: the session ended, or its agent tells of no ends."""
    name = load_memory(folder).get("agent")
    agent = next((it for it in AGENTS if it.name == name and it.hooks), None)
    tells = agent is None or "end" in agent.load().KINDS.values()
    return not tells or not is_running(folder)


def _document(folder: str, like: bytes) -> bytes | None:
    """Return the document in ``folder`` where it can be the one that is ``like`` it."""
    path = os.path.join(folder, HANDOFF_FILE)
    try:
        same = os.stat(path).st_size == len(like)
    except OSError:
        return None
    return read_bytes(path, MAX_HANDOFF_BYTES) if same else None


def _stamp(path: str) -> list[object]:
    """Return what tells one state of a log from another; in a database others write all the time, so once is enough."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return [path]
    return [status.st_size, status.st_mtime_ns]


def _modified(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
