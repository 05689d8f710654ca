"""Following the sessions of a project: agents' transcripts as they grow, what is tracked, and crossings."""

from __future__ import annotations

import os
import time

from handoff_cli.agents import AGENTS, find_agent
from handoff_cli.agents.search import Search
from handoff_cli.constants import (
    DEFAULT_CRITICAL_THRESHOLD,
    DEFAULT_WARNING_THRESHOLD,
    HANDOFF_FILE,
    RECENT_TURNS,
    STATE_FILE,
)
from handoff_cli.core.record import Record
from handoff_cli.core.usage import growth_per_step, steps_left, usual_level
from handoff_cli.errors import HandoffError, InputError, StateError
from handoff_cli.state import store
from handoff_cli.state.folder import session_folder, session_names
from handoff_cli.transcripts.source import split_session
from handoff_cli.usecases.everywhere import Everywhere
from handoff_cli.usecases.place import session_name
from handoff_cli.usecases.reading import SyncRequest
from handoff_cli.usecases.status import describe
from handoff_cli.usecases.sync import sync

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handoff_cli.agents.search import Log
    from handoff_cli.core.session import Session
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.everywhere import FoundSession
    from handoff_cli.usecases.status import SessionFigures

RECENT_SECONDS = 600
"""A transcript that has rested for longer when the watch begins belongs to a session that is over."""

POLL_SECONDS = 0.5
"""How often the files that are known are asked whether they changed: a change is seen within a second."""


_SHOWN_SECONDS = 86_400


class Moved(Record):
    """What became of a session that has moved, as ``Recorded`` has it; or the problem it could not be read for."""

    crossed: str | None = None
    handoff: str | None = None
    warnings: tuple[str, ...] = ()


class Watched(Record):
    """A session as the live view shows it.

    ``figures`` are the usage at the ends of the last turns, in tokens; ``turns_left`` of them fit before ``line``, the
    next threshold (None: unknown). ``event`` is what happened last, ``time`` when (UTC, ISO 8601); ``document_time`` is
    when the handoff was written (Unix seconds, None: there is none). ``problem`` says why it cannot be read.
    """

    name: str
    status: SessionFigures | None
    figures: tuple[int, ...] = ()
    line: str = ""
    turns_left: int | None = None
    event: str = ""
    time: str = ""
    document_time: float | None = None
    problem: str = ""


class _Follower:
    """Files that are asked again and again whether they changed."""

    def changes(self, seconds: float) -> Iterator[None]:
        """Yield when it is worth to look again: on a change of a known file, and every ``seconds``."""
        while True:
            yield None
            until, before = time.monotonic() + seconds, self._stamps()
            while (left := until - time.monotonic()) > 0 and self._stamps() == before:
                time.sleep(min(POLL_SECONDS, left))

    def _stamps(self) -> list[tuple[int, int]]:
        """Return what tells whether a file has changed, of each that is known."""
        raise NotImplementedError


class Watch(_Follower):
    """The sessions of the project at ``place``, each remembered as it was seen last.

    Args:
        place: Which project.
        agent: Only this agent's transcripts (its name); None: all.
    """

    def __init__(self, place: Place, agent: str | None = None) -> None:
        self._place = place
        self._agent = agent
        self._seen: dict[str, float] = {}
        self._told: dict[str, str] = {}
        self._known: list[Log] = []
        self._rows: dict[str, tuple[object, Watched]] = {}
        self._began = time.time()

    def look(self) -> list[Moved]:
        """Bring every session whose transcript has grown up to date and return them, those untouched left out."""
        return [seen for candidate in self._grown() if (seen := self._follow(candidate)) is not None]

    def send(self) -> None:
        """Let what is new go to the fleet's database, where there is one; nobody waits for it."""
        settings = store.read(self._place).settings
        if settings.fleet_url is not None:
            from handoff_cli.usecases.outbox import deliver_in_background

            deliver_in_background(self._place, settings)

    def rows(self) -> list[Watched]:
        """Return all sessions of the project, the one that moved last first; only those that changed are read."""
        project = self._place.project
        folders = {"": project, **{name: session_folder(project, name) for name in session_names(project)}}
        rows = [self._row(name, folder) for name, folder in folders.items()]
        return sorted((row for row in rows if row is not None), key=lambda row: row.time, reverse=True)

    def where(self) -> str:
        """Return what is watched, in words."""
        whose = find_agent(self._agent).title if self._agent else "every agent"
        return f"{os.path.dirname(self._place.project)}: transcripts of {whose}, and what is tracked"

    def _stamps(self) -> list[tuple[int, int]]:
        project = self._place.project
        folders = [project, *(session_folder(project, name) for name in session_names(project))]
        states = [os.path.join(folder, name) for folder in folders for name in (STATE_FILE, HANDOFF_FILE)]
        logs = [split_session(log.path)[0] for log in self._known]
        begun = sorted({os.path.dirname(log) for log in logs})
        beside = sorted({f"{log}-wal" for log in logs})
        return [_stamp(path) for path in (*states, *begun, *logs, *beside)]

    def _row(self, name: str, folder: str) -> Watched | None:
        stamp = (_stamp(os.path.join(folder, STATE_FILE)), _stamp(os.path.join(folder, HANDOFF_FILE)))
        known = self._rows.get(folder)
        if known is None or known[0] != stamp:
            row = _read_row(self._place.replace(folder=folder), name)
            if row is None:
                return None
            known = self._rows[folder] = (stamp, row)
        return known[1]

    def _grown(self) -> list[Log]:
        agents = [find_agent(self._agent)] if self._agent else []
        grown = []
        self._known = []
        for candidate in Search(os.path.dirname(self._place.project), environ=self._place.environ).logs(*agents):
            before = self._seen.get(candidate.path)
            if before is None and candidate.modified < self._began - RECENT_SECONDS:
                continue
            self._known.append(candidate)
            if before != candidate.modified:
                grown.append(candidate)
                self._seen[candidate.path] = candidate.modified
        return grown

    def _follow(self, candidate: Log) -> Moved | None:
        """Bring the session up to date; what stands in the way is a problem told once, and the others go on.

        What may pass, such as a lock held too long, is tried again at the next look.
        """
        place = self._place.replace(folder=session_folder(self._place.project, session_name(candidate.session)))
        request = SyncRequest(candidate.agent, candidate.path, candidate.format.replace("_", "-"), certain=True)
        try:
            result = sync(place, request)
        except HandoffError as error:
            if not isinstance(error, InputError):
                self._seen.pop(candidate.path, None)
            if error.message in self._told.values():
                return None
            self._told[candidate.path] = error.message
            return Moved(warnings=(error.message,))
        self._told.pop(candidate.path, None)
        return Moved(result.crossed, result.handoff, result.warnings) if result.recorded else None


class WatchEverywhere(_Follower):
    """The sessions of every agent on this machine that moved lately, as the ends of their logs tell them.

    Nothing is recorded: that is done where a session's project is watched, or by its hooks.
    """

    def __init__(self, environ: Mapping[str, str], agent: str | None = None) -> None:
        self._environ = environ
        self._agents = (find_agent(agent),) if agent else AGENTS
        self._found = Everywhere(environ)
        self._figures: dict[str, tuple[int, ...]] = {}
        self._paths: list[str] = []

    def look(self) -> list[Moved]:
        """Return nothing: no session is brought up to date."""
        return []

    def send(self) -> None:
        """Send nothing: that is done where a session's project is watched, or by its hooks."""

    def rows(self) -> list[Watched]:
        """Return the sessions that moved within the last day, the newest first."""
        found = list(self._found.rows(self._agents, time.time() - _SHOWN_SECONDS))
        self._paths = [split_session(row["transcript"])[0] for row in found]
        return [self._row(row) for row in found]

    def where(self) -> str:
        """Return what is watched, in words."""
        return f"this machine: sessions of {', '.join(agent.title for agent in self._agents)}"

    def _stamps(self) -> list[tuple[int, int]]:
        return [_stamp(path) for path in self._paths]

    def _row(self, found: FoundSession) -> Watched:
        tokens, usable = found["total_tokens"], found["usable_tokens"]
        name = f"{os.path.basename(found['project'] or '')} {found['session']}".strip()
        if tokens is None or not usable:
            problem = f"{found['agent']}: how full it is stands in no end of its log"
            return Watched(name, None, time=found["updated_at"], problem=problem)
        known = self._figures.get(found["transcript"], ())
        if known[-1:] != (tokens,):
            known = self._figures[found["transcript"]] = (*known, tokens)[-RECENT_TURNS:]
        growth = growth_per_step(known)
        shown: SessionFigures = {
            "session_id": found["session"],
            "known": True,
            "agent": found["agent"],
            "transcript": found["transcript"],
            "model": found["model"],
            "total_tokens": tokens,
            "context_window_limit": found["context_window_limit"] or usable,
            "usable_tokens": usable,
            "usable_percentage": tokens / usable,
            "warning_threshold": DEFAULT_WARNING_THRESHOLD,
            "critical_threshold": DEFAULT_CRITICAL_THRESHOLD,
            "level": usual_level(tokens, usable),
            "method": found["method"] or "estimated",
            "tokens_per_turn": round(growth) if growth else None,
            "updated_at": found["updated_at"],
        }
        line, at = _next_line(shown)
        document = _mtime(found["handoff"]) if found["handoff"] else None
        event = found["title"] or "no request yet"
        return Watched(name, shown, known, line, steps_left(tokens, at, growth), event, found["updated_at"], document)


def _read_row(place: Place, name: str) -> Watched | None:
    """Return the session at ``place`` as a row, None where nothing has happened in it."""
    try:
        view = store.read(place)
    except StateError as error:
        return Watched(name, None, problem=error.message)
    session = view.session
    if session is None or not (session.checkpoint_count or session.usage_rule):
        return None
    status = describe(place, view)
    line, tokens = _next_line(status)
    growth = growth_per_step([turn.tokens for turn in session.turns])
    document_time = _mtime(os.path.join(place.folder, HANDOFF_FILE))
    return Watched(
        name=name or session.id,
        status=status,
        figures=tuple(turn.tokens for turn in session.turns),
        line=line,
        turns_left=steps_left(status["total_tokens"], tokens, growth),
        event=_event(session),
        time=session.updated_at,
        document_time=document_time,
    )


def _next_line(status: SessionFigures) -> tuple[str, int]:
    """Return the threshold that comes next, in a word and in tokens."""
    usable = status["usable_tokens"]
    lines = {
        "ok": ("warning", round(usable * status["warning_threshold"])),
        "warning": ("critical", round(usable * status["critical_threshold"])),
    }
    return lines.get(status["level"], ("full", usable))


def _event(session: Session) -> str:
    last = session.recent[-1] if session.recent else None
    if last is not None and (session.usage_rule is None or last.time == session.updated_at):
        return f"tracked {last.description or last.source}"
    return f"{session.agent or 'the agent'} reported its usage"


def _mtime(path: str) -> float | None:
    try:
        return os.path.getmtime(path)
    except OSError:
        return None


def _stamp(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
