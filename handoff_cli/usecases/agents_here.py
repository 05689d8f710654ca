"""Which agents are on this machine: their programs, where their logs lie, their newest session here, our hooks."""

from __future__ import annotations

import os

from handoff_cli.agents import AGENTS
from handoff_cli.agents.search import Search
from handoff_cli.core.text import utc_iso
from handoff_cli.errors import HandoffError
from handoff_cli.transcripts.source import split_session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypedDict

    from handoff_cli.agents import Agent
    from handoff_cli.agents.search import Log

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


def list_agents(project: str, environ: Mapping[str, str]) -> list[AgentHere]:
    """Return every agent handoff knows, those on this machine first; ``project`` is the folder of the project."""
    rows = [_row(agent, project, environ) for agent in AGENTS]
    return sorted(rows, key=lambda row: not row["here"])


def _row(agent: Agent, project: str, environ: Mapping[str, str]) -> AgentHere:
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
