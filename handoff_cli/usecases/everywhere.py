"""The sessions of every agent on this machine, told from the ends of their logs: nothing is read whole."""

from __future__ import annotations

import os
import time

from handoff_cli.agents import AGENTS
from handoff_cli.agents.ends import glance
from handoff_cli.agents.search import Search
from handoff_cli.constants import HANDOFF_FILE
from handoff_cli.core.session import Session
from handoff_cli.core.settings import Settings
from handoff_cli.core.text import printable, shorten, utc_iso
from handoff_cli.core.usage import share
from handoff_cli.state.folder import find_folder, session_folder
from handoff_cli.usecases.place import session_name
from handoff_cli.usecases.status import window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypedDict

    from handoff_cli.agents import Agent
    from handoff_cli.agents.ends import Glance
    from handoff_cli.agents.search import Log

    class FoundSession(TypedDict):
        """One row of ``handoff sessions --all-projects --json``.

        ``project`` is the folder the session was begun in, None where its log does not tell. ``title`` is its first
        request. ``total_tokens`` is what the context held as the log's end tells it, by ``method``; None where it does
        not, and then the shares are None too. ``handoff`` is the path of the document that stands for it.
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


TITLE_CHARS = 120
_SMALLER_WINDOW = 200_000
"""What tells which of a model's windows a session has, where only what it held can."""


def list_everywhere(environ: Mapping[str, str], agents: tuple[Agent, ...] = AGENTS) -> list[FoundSession]:
    """Return the sessions of ``agents`` on this machine, the newest first; a log that cannot be read has no figures."""
    now = time.time()
    windows = _Windows(environ)
    return [_row(log, glance(log), windows, now) for log in Search(None, None, environ).logs(*agents)]


class _Windows:
    """The windows of sessions; those of one agent, model and version are looked up once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._known: dict[tuple[object, ...], tuple[int, int]] = {}

    def of(self, agent: str, found: Glance) -> tuple[int, int]:
        """Return the context window and the usable part of it, in tokens."""
        key = (agent, found.model, found.version, found.window, (found.tokens or 0) > _SMALLER_WINDOW)
        if key not in self._known:
            session = Session(
                id="",
                started_at="",
                updated_at="",
                agent=agent,
                agent_version=found.version,
                reported_window=found.window,
                total_tokens=found.tokens or 0,
                peak_tokens=found.tokens or 0,
            )
            limits = window_of(Settings(), session, found.model, self._environ).thresholds
            self._known[key] = (limits.context_window_limit, limits.usable_tokens)
        return self._known[key]


def _row(log: Log, found: Glance, windows: _Windows, now: float) -> FoundSession:
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
        "handoff": standing_handoff(log),
    }


def standing_handoff(log: Log) -> str | None:
    """Return the path of the document of the session of ``log``, else of its project's, None where none stands."""
    if not os.path.isdir(log.folder):
        return None
    project = find_folder(log.folder)
    folders = [session_folder(project, session_name(log.session))] if log.session else []
    paths = (os.path.join(folder, HANDOFF_FILE) for folder in (*folders, project))
    return next((path for path in paths if os.path.isfile(path)), None)
