"""Which project and session a call means: decided here, for every command, tool and hook."""

from __future__ import annotations

import os
import time

from handoff_cli.constants import (
    ENV_DIR,
    ENV_SESSION,
    HOOK_MEMORY_FILE,
    LEDGER_FILE,
    MAX_CONTEXT_WINDOW,
    MAX_SESSION_NAME_CHARS,
    SESSIONS_FOLDER,
)
from handoff_cli.core.text import is_identifier
from handoff_cli.errors import InputError, StateError, UsageError
from handoff_cli.state.folder import find_folder, session_folder, session_names
from handoff_cli.state.store import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_cli.agents import Agent

RESTS_SECONDS = 86_400
"""A session that was not written to for longer is over, whether its agent told of an end or not."""

_NANOSECONDS = 1_000_000_000
_LOOKED_AT = 20
_CHECKSUM_CHARS = 9


def locate(
    directory: str | None = None,
    session: str | None = None,
    window: int | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Place:
    """Return the place of the session named, else of the project's own: where settings and documents are looked for.

    Args:
        directory: The project's folder or its ``.agent-handoffs``; None takes ``HANDOFF_DIR``, else searches from the
            working directory upwards.
        session: The name of a further session; None takes ``HANDOFF_SESSION``.
        window: The context window in tokens for this call, whatever is set; None leaves it.
        environ: The environment.

    Raises:
        InputError: ``directory`` is not a folder.
        UsageError: an empty name, or a session name or window that is not allowed.
    """
    for option, value in (("--dir", directory), ("--session", session)):
        if value == "":
            raise UsageError(f"{option} is empty", "name one, or leave the option out")
    explicit = directory or environ.get(ENV_DIR) or None
    project = find_folder(_here() if explicit is None else "", explicit)
    name = session or environ.get(ENV_SESSION) or None
    return Place(project, session_folder(project, name), environ, _options(window))


def locate_session(
    directory: str | None = None,
    session: str | None = None,
    window: int | None = None,
    environ: Mapping[str, str] = os.environ,
    *,
    to_record: bool = False,
) -> Place:
    """Return the place of the session that is meant; its ``chosen`` says why, where nobody named one.

    In this order: the session named; that of the agent we run in, by its variable; the project's only one that has
    not ended; else the one written to last. What is ``to_record`` goes to the project's own rather than into somebody
    else's: only the first two are asked for. Arguments and errors as ``locate``.
    """
    place = locate(directory, session, window, environ)
    if place.folder != place.project:
        return place
    if (own := _of_the_agent(place)) or to_record or not os.path.isdir(os.path.join(place.project, SESSIONS_FOLDER)):
        return own or place
    folders = [session_folder(place.project, name) for name in session_names(place.project)]
    if _is_begun(place):
        folders.append(place.project)
    if not folders:
        return place
    running = [folder for folder in folders if is_running(folder)]
    chosen = max(running or folders, key=_last_written)
    if len(folders) == 1:
        why = "the project's only session"
    elif len(running) == 1:
        why = f"the only one of {len(folders)} sessions that has not ended"
    else:
        why = f"the one of {len(running or folders)} sessions that was written to last"
    return place.replace(folder=chosen, chosen=why)


def place_of(agent_id: str, project: str | None, environ: Mapping[str, str]) -> Place:
    """Return the place of the session that an agent calls ``agent_id``: each has a folder of its own in the project.

    Args:
        agent_id: The agent's own id of the session.
        project: The folder the agent works in, as far as it told; the working directory where it is not there.
        environ: The environment.
    """
    # A folder that is not there must not come to be because an agent names it.
    start = project if project and os.path.isdir(project) else _here()
    folder = find_folder(start, environ.get(ENV_DIR) or None)
    return Place(folder, session_folder(folder, session_name(agent_id)), environ)


def session_name(agent_id: str) -> str:
    """Return the name (``--session``) of the session an agent calls ``agent_id``: that id, where it can be a name."""
    if is_identifier(agent_id) and len(agent_id) <= MAX_SESSION_NAME_CHARS and not agent_id.endswith("."):
        return agent_id
    import zlib

    safe = "".join(char if char.isascii() and char.isalnum() else "-" for char in agent_id).strip("-")
    checksum = f"-{zlib.crc32(agent_id.encode('utf-8', 'surrogatepass')):08x}"
    return (safe[: MAX_SESSION_NAME_CHARS - _CHECKSUM_CHARS].rstrip("-") or "session") + checksum


def _of_the_agent(place: Place) -> Place | None:
    """Return the place of the session of the agent that runs us, None where it has none in the project.

    An agent may have been started by another, and both variables are set then: the session at work is meant. What an
    agent started, as its MCP server, outlives a session that ends for another (``/clear``): then that one is meant.
    Where no hook has been here yet, the agent's own log of the session tells that it is one of the project's. Of an
    agent that only says that it runs us, the session whose log was written to last is meant.
    """
    from handoff_cli.agents import calling_agents, calling_sessions

    calling, present = calling_sessions(place.environ), calling_agents(place.environ)
    if not calling and not present:
        return None
    places = {
        id_: place.replace(
            folder=session_folder(place.project, session_name(id_)),
            chosen=f"that of the agent this runs in, by {variable}",
        )
        for id_, variable in calling.items()
    }
    known = [it for it in places.values() if os.path.isfile(os.path.join(it.folder, LEDGER_FILE))]
    if not any(has_hooks(it.folder) for it in known):
        logs = _logs_of(place, calling)
        places = {id_: it.replace(log=logs.get(id_, "")) for id_, it in places.items()}
        known = [places[id_] for id_ in places if places[id_] in known or id_ in logs]
    known += [found for agent in present if (found := _by_process(place, agent) or _newest_of(place, agent))]
    if not known:
        return None
    own = max(known, key=lambda it: _last_written(it.folder))
    if _has_ended(own.folder):
        others = (session_folder(place.project, name) for name in session_names(place.project))
        if any(_last_written(it) > _last_written(own.folder) and not _has_ended(it) for it in others):
            return None
    log = own.log or _log_read_last(own)
    if not log:
        log = next((path for id_, path in _logs_of(place, calling).items() if places[id_].folder == own.folder), "")
    return own.replace(log=log)


def has_hooks(folder: str) -> bool:
    """Return whether hooks of an agent bring the session in ``folder`` up to date."""
    return os.path.isfile(os.path.join(folder, HOOK_MEMORY_FILE))


def _logs_of(place: Place, calling: Mapping[str, str]) -> dict[str, str]:
    """Return the path of the log of each of the ``calling`` sessions that works in the project, the newest first."""
    from handoff_cli.agents import AGENTS
    from handoff_cli.agents.search import Search

    here = Search(os.path.dirname(place.project), environ=place.environ)
    agents = {agent.session_variable: agent for agent in AGENTS if agent.session_variable and agent.searched}
    found = [here.session(agents[variable], id_) for id_, variable in calling.items() if variable in agents]
    by_name = {agent.name: agent for agent in agents.values()}
    logs = [
        log for log in found if log and here.holds(log.folder or by_name[log.agent].load().folder_of(log) or os.sep)
    ]
    return {log.session: log.path for log in sorted(logs, key=lambda log: log.modified, reverse=True)}


def _by_process(place: Place, agent: Agent) -> Place | None:
    """Return the place of the session whose hooks the process of ``agent`` runs that runs us, None where none is."""
    from handoff_cli.usecases.hook_memory import load_memory
    from handoff_cli.usecases.processes import runner

    process = runner(agent.presence_variable)
    folders = [session_folder(place.project, name) for name in session_names(place.project)] if process else []
    for folder in sorted(filter(has_hooks, folders), key=_last_written, reverse=True)[:_LOOKED_AT]:
        memory = load_memory(folder)
        within = memory.get("within")
        if memory.get("agent") == agent.name and isinstance(within, list) and process in within:
            return place.replace(folder=folder, chosen=f"that of the {agent.title} that runs this, by its process")
    return None


def _newest_of(place: Place, agent: Agent) -> Place | None:
    """Return the place of the session of ``agent`` whose log of this project was written to last."""
    from handoff_cli.agents.hooks import is_named_by
    from handoff_cli.agents.search import Search

    log = next(Search(os.path.dirname(place.project), environ=place.environ).logs(agent), None)
    if log is None:
        return None
    own = session_name(log.session)
    name = next((it for it in session_names(place.project) if it == own or is_named_by(log.path, it)), own)
    why = f"the one of {agent.title} that was written to last: it runs this, by {agent.presence_variable}"
    return place.replace(folder=session_folder(place.project, name), chosen=why, log=log.path)


def _log_read_last(place: Place) -> str:
    from handoff_cli.state import store

    try:
        session = store.read(place).session
    except StateError:
        return ""
    return (session.transcript if session else None) or ""


def _is_begun(place: Place) -> bool:
    """Return whether anything was recorded in the project's own session: settings alone begin none worth showing."""
    from handoff_cli.state import store

    try:
        session = store.read(place).session
    except StateError:
        return True
    return session is not None and session.sequence > 0


def is_running(folder: str) -> bool:
    """Return whether a session goes on: one that was killed tells of no end, and is over once it has rested."""
    rested = time.time() - _last_written(folder) / _NANOSECONDS
    return rested < RESTS_SECONDS and not _has_ended(folder)


def _has_ended(folder: str) -> bool:
    from handoff_cli.usecases.hook_memory import load_memory

    return load_memory(folder).get("ended") is True


def _here() -> str:
    try:
        return os.getcwd()
    except OSError:
        raise InputError("the working directory is gone", "change to one that exists, or name one with --dir") from None


def _options(window: int | None) -> dict[str, dict[str, object]]:
    if window is None:
        return {}
    if not 0 < window <= MAX_CONTEXT_WINDOW:
        raise UsageError(f"--window {window} is not allowed", f"give tokens, from 1 to {MAX_CONTEXT_WINDOW:,}")
    return {"--window": {"context_window_limit": window}}


def _last_written(folder: str) -> int:
    try:
        return os.stat(os.path.join(folder, LEDGER_FILE)).st_mtime_ns
    except OSError:
        return -1
