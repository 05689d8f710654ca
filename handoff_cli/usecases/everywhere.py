"""This machine: which agents are on it, and the sessions of each, told from the ends of their logs alone."""

from __future__ import annotations

import os
import time

from handoff_cli.agents import AGENTS
from handoff_cli.agents.glance import glance
from handoff_cli.agents.search import Search
from handoff_cli.constants import HANDOFF_FILE, STATE_FILE
from handoff_cli.core.session import WindowFacts
from handoff_cli.core.settings import Settings
from handoff_cli.core.text import printable, shorten, utc_iso
from handoff_cli.core.usage import share
from handoff_cli.errors import HandoffError
from handoff_cli.state import store
from handoff_cli.state.folder import find_folder, session_folder
from handoff_cli.state.store import Place
from handoff_cli.transcripts.source import plain, split_session
from handoff_cli.usecases.place import session_name
from handoff_cli.usecases.status import window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypedDict

    from handoff_cli.agents import Agent
    from handoff_cli.agents.glance import Glance
    from handoff_cli.agents.search import Log
    from handoff_cli.core.session import Session

    class FoundSession(TypedDict):
        """One row of ``handoff sessions --all-projects --json``.

        ``project`` is the folder the session was begun in, None where its log does not tell. ``title`` is its first
        request. ``total_tokens`` is what the context held as the log's end tells it, by ``method``, else as it was
        recorded last; None where neither tells, and then the shares are None too. ``handoff`` is the path of the
        document that stands for it.
        """

        agent: str
        session: str
        project: str | None
        transcript: str
        updated_at: str
        age_seconds: int
        title: str | None
        model: str | None
        total_tokens: int | None
        method: str | None
        context_window_limit: int | None
        usable_tokens: int | None
        usable_percentage: float | None
        handoff: str | None

    class SessionHere(TypedDict):
        """An agent's newest session in this project: its id, its log and when that was changed (UTC)."""

        session: str
        transcript: str
        updated_at: str

    class AgentHere(TypedDict):
        """One row of ``handoff agents --json``.

        ``here`` says that the agent's program or a log of its was found. ``program`` is the program's path on PATH,
        None where it is not there or the agent has none. ``logs`` are the folders its logs lie in and ``sessions`` how
        many there are, of all projects. ``hooks`` says whether handoff is in its settings, None where it has no
        hooks for it.
        """

        agent: str
        title: str
        here: bool
        program: str | None
        logs: list[str]
        sessions: int
        newest: SessionHere | None
        hooks: bool | None


TITLE_CHARS = 120
_HEAD_CHARS = 2_000
_SMALLER_WINDOW = 200_000
"""What tells which of a model's windows a session has, where only what it held can."""


def list_everywhere(environ: Mapping[str, str]) -> list[FoundSession]:
    """Return every agent's sessions on this machine, the newest first; a log that cannot be read has no figures."""
    return list(Everywhere(environ).rows())


class Everywhere:
    """The sessions of a machine, each read again only when its log has changed."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._glances: dict[str, tuple[float, Glance]] = {}

    def rows(self, agents: tuple[Agent, ...] = AGENTS, since: float = 0.0) -> Iterator[FoundSession]:
        """Yield the sessions of ``agents``, the newest first, of logs written to after ``since`` (Unix seconds)."""
        now, windows, ours = time.time(), _Windows(self._environ), _Ours(self._environ)
        for log in Search(None, None, self._environ).logs(*agents):
            if log.modified <= since:
                return
            known = self._glances.get(log.path)
            if known is None or known[0] != log.modified:
                known = self._glances[log.path] = (log.modified, glance(log))
            yield _row(log, ours.filled(log, known[1]), windows, ours.document(log), now)


class _Windows:
    """The windows of sessions; those of one agent, model and version are looked up once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._known: dict[tuple[object, ...], tuple[int, int]] = {}

    def of(self, agent: str, found: Glance) -> tuple[int, int]:
        """Return the context window and the usable part of it, in tokens."""
        key = (agent, found.model, found.version, found.window, (found.tokens or 0) > _SMALLER_WINDOW)
        if key not in self._known:
            facts = WindowFacts(agent, found.version, found.window, found.model, found.tokens or 0)
            limits = window_of(Settings(), facts, found.model, self._environ).thresholds
            self._known[key] = (limits.context_window_limit, limits.usable_tokens)
        return self._known[key]


def _row(log: Log, found: Glance, windows: _Windows, handoff: str | None, now: float) -> FoundSession:
    window, usable = windows.of(log.agent, found) if found.tokens else (None, None)
    return {
        "agent": log.agent,
        "session": log.session,
        "project": log.folder or None,
        "transcript": log.path,
        "updated_at": utc_iso(log.modified),
        "age_seconds": max(int(now - log.modified), 0),
        "title": shorten(printable(found.title), TITLE_CHARS) if found.title else None,
        "model": found.model,
        "total_tokens": found.tokens,
        "method": found.method if found.tokens else None,
        "context_window_limit": window,
        "usable_tokens": usable,
        "usable_percentage": share(found.tokens, usable) if found.tokens and usable else None,
        "handoff": handoff,
    }


class _Ours:
    """What handoff keeps of sessions; each project is asked once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._projects: dict[str, tuple[str, str | None]] = {}

    def document(self, log: Log) -> str | None:
        """Return the path of the document of the session of ``log``, None where none stands.

        It lies in the session's own folder, or is the project's where that session was brought up to date from the log.
        """
        paths = (os.path.join(folder, HANDOFF_FILE) for folder in self._folders(log))
        return next((path for path in paths if os.path.isfile(path)), None)

    def filled(self, log: Log, found: Glance) -> Glance:
        """Return ``found`` with the figure that was recorded, where the log's ends tell none and nothing came since."""
        if found.tokens:
            return found
        for folder in self._folders(log):
            session = self._session(folder) if os.path.isfile(os.path.join(folder, STATE_FILE)) else None
            if session and session.transcript == log.path and session.updated_at >= utc_iso(log.modified):
                window = found.window or session.reported_window
                model = found.model or session.model
                return found.replace(tokens=session.total_tokens, method=session.method, window=window, model=model)
        return found

    def _folders(self, log: Log) -> list[str]:
        if not os.path.isdir(log.folder):
            return []
        if log.folder not in self._projects:
            project = find_folder(log.folder)
            self._projects[log.folder] = project, self._log_of(project)
        project, own = self._projects[log.folder]
        folders = [session_folder(project, session_name(log.session))] if log.session else []
        return [*folders, project] if own == log.path else folders

    def _session(self, folder: str) -> Session | None:
        try:
            return store.read(Place(folder, folder, self._environ)).session
        except HandoffError:
            return None

    def _log_of(self, project: str) -> str | None:
        """Return the log that the project's own session is of, where the project's document is that session's."""
        try:
            path = os.path.join(project, HANDOFF_FILE)
            with open(path, encoding="utf-8", errors="replace", opener=plain) as stream:
                head = stream.read(_HEAD_CHARS)
        except OSError:
            return None
        session = self._session(project)
        return session.transcript if session and f'\nsession: "{session.id}"\n' in head else None


def list_agents(project: str, environ: Mapping[str, str]) -> list[AgentHere]:
    """Return every agent handoff knows, those on this machine first; ``project`` is the folder of the project."""
    rows = [_agent_row(agent, project, environ) for agent in AGENTS]
    return sorted(rows, key=lambda row: not row["here"])


def _agent_row(agent: Agent, project: str, environ: Mapping[str, str]) -> AgentHere:
    from handoff_cli.usecases.go_on import installed

    module = agent.load()
    found: list[Log] = list(module.logs(Search(None, None, environ))) if agent.searched else []
    here = next(Search(project, None, environ).logs(agent), None) if agent.searched else None
    program = installed(agent, environ)
    return {
        "agent": agent.name,
        "title": agent.title,
        "here": bool(program or found or here),
        "program": program,
        "logs": _folders_of(found or ([here] if here else []), environ),
        "sessions": len(found),
        "newest": _session(here) if here else None,
        "hooks": _has_hooks(agent, environ) if agent.hooks else None,
    }


def _folders_of(found: list[Log], environ: Mapping[str, str]) -> list[str]:
    """Return the folders that hold all the logs, one for each place below the home that an agent keeps some in."""
    home = Search(None, None, environ).home
    places: dict[str, list[str]] = {}
    for log in found:
        folder = os.path.dirname(split_session(log.path)[0])
        below = os.path.relpath(folder, home) if folder.startswith(os.path.join(home, "")) else folder
        places.setdefault(os.sep.join(below.split(os.sep)[:2]), []).append(folder)
    return sorted(os.path.commonpath(folders) for folders in places.values())


def _session(log: Log) -> SessionHere:
    return {"session": log.session, "transcript": log.path, "updated_at": utc_iso(log.modified)}


def _has_hooks(agent: Agent, environ: Mapping[str, str]) -> bool:
    """Tell whether handoff is installed for this user or this project; settings that cannot be read hold nothing."""
    from handoff_cli.usecases.install import is_installed, scope_of

    for user in (True, False):
        try:
            if is_installed(agent.name, scope_of(agent.name, user=user, mcp=True, environ=environ)):
                return True
        except HandoffError:
            continue
    return False
