"""Finding the logs that agents keep of a project, or of all of them: each agent's own folder and its variables.

File names are looked at, and the beginnings of files whose path does not tell the project. Links to files are not
followed, so nothing outside of the agents' own folders is read.
"""

from __future__ import annotations

import os
import re

from handoff_cli.agents import AGENTS, Agent
from handoff_cli.constants import FOLDER_NAME
from handoff_cli.core.record import Record
from handoff_cli.transcripts.source import HEAD_BYTES, plain
from handoff_cli.transcripts.values import as_str, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SERVERS = {
    "Code": ".vscode-server",
    "Code - Insiders": ".vscode-server-insiders",
    "VSCodium": ".vscodium-server",
    "Cursor": ".cursor-server",
    "Windsurf": ".windsurf-server",
}
"""Where an editor that is shown on another machine keeps its things on this one, below the home."""
MAX_LOOKED_INTO = 200
"""Of an agent whose paths do not tell the project, this many of the newest logs are looked into to find one's."""

_CWD = re.compile(rb'"(?:cwd|directory|workspace)"\s*:\s*("(?:[^"\\]|\\.){1,4096}")')


class Log(Record):
    """A session's log: its ``agent``, its ``path``, when it was ``modified`` in seconds since 1970.

    In a database of many sessions the path is ``<database>#<session>``. ``session`` is the id by which the agent's
    hooks call the session, as far as the path tells. ``folder`` is where the session works, empty where that has to
    be read from the log; ``likely`` says that by its path it is one of the project's, should the log not tell, and
    ``beside`` is the folder that something beside the log names.
    """

    agent: str
    format: str
    path: str
    modified: float
    session: str = ""
    folder: str = ""
    likely: bool = False
    beside: str = ""


class Search:
    """What is searched for: the logs of ``project`` (None: of all), changed after ``since`` (seconds since 1970).

    ``names`` are the paths an agent may know the project by, none for all projects. Sessions begun in folders below
    it count, and where only ``part`` of the project is meant, a folder in it, those begun above that, too: ``above``.
    ``home`` is the user's folder and ``environ`` the environment, for the agents' own variables.
    """

    def __init__(
        self,
        project: str | None,
        home: str | None = None,
        environ: Mapping[str, str] = os.environ,
        since: float = 0.0,
        part: str | None = None,
    ) -> None:
        meant = part or project
        self.names = tuple(dict.fromkeys((os.path.abspath(meant), os.path.realpath(meant)))) if meant else ()
        self.above = tuple(_up_to(self.names, project)) if part and project else ()
        self.home = os.path.expanduser("~") if home is None else home
        self.environ = environ
        self.since = since

    def root(self, variable: str, *below_home: str) -> str:
        """Return the folder that ``variable`` names, else the one below home."""
        named = self.environ.get(variable)
        return os.path.abspath(named) if named else os.path.join(self.home, *below_home)

    def data_root(self, name: str) -> str:
        """Return the folder of a program ``name`` where it keeps its data by the rules of XDG."""
        return os.path.join(self.root("XDG_DATA_HOME", ".local", "share"), name)

    def editor_folders(self, *editors: str) -> list[str]:
        """Return where ``editors``, by their folders' names, may keep what is the user's, on any system."""
        settings = (
            self.root("XDG_CONFIG_HOME", ".config"),
            os.path.join(self.home, "Library", "Application Support"),
            self.root("APPDATA", "AppData", "Roaming"),
        )
        servers = [
            os.path.join(self.home, _SERVERS[editor], "data", "User") for editor in editors if editor in _SERVERS
        ]
        return [os.path.join(folder, editor, "User") for folder in settings for editor in editors] + servers

    def holds(self, folder: str) -> bool:
        """Tell whether ``folder`` is the project, lies in it or above the part of it; all projects hold any.

        What lies in a repository or project within the project is that one's.
        """
        path = os.path.normpath(folder)
        if not self.names or path in self.above:
            return True
        top = next((it for it in self.names if path == it or path.startswith(it.rstrip(os.sep) + os.sep)), None)
        while top and path != top:
            if any(os.path.lexists(os.path.join(path, mark)) for mark in (".git", FOLDER_NAME)):
                return False
            path = os.path.dirname(path)
        return top is not None

    def session(self, agent: Agent, session: str) -> Log | None:
        """Return the log of the session that ``agent`` calls ``session``, in whichever project it is."""
        everywhere = Search(None, self.home, self.environ)
        found = [log for log in _logs_of(agent, everywhere) if log.session == session]
        return max(found, key=lambda log: log.modified, default=None)

    def logs(self, *agents: Agent) -> Iterator[Log]:
        """Yield the logs of the project, the newest first, of ``agents`` (none named: of all); looked into as needed.

        Logs that are no session of their own, as those of subagents, are left out.
        """
        by_name = {agent.name: agent for agent in agents or AGENTS if agent.searched}
        found = [log for agent in by_name.values() for log in _logs_of(agent, self) if log.modified > self.since]
        looked_into = dict.fromkeys(by_name, 0)
        for log in sorted(found, key=lambda log: log.modified, reverse=True):
            folder: str | None = log.folder
            if not folder and (not self.names or looked_into[log.agent] < MAX_LOOKED_INTO):
                looked_into[log.agent] += 1
                folder = by_name[log.agent].load().folder_of(log)
            if folder is not None and (self.holds(folder) if folder else log.likely or not self.names):
                yield log.replace(folder=folder)


def _up_to(folders: tuple[str, ...], project: str) -> Iterator[str]:
    """Yield the folders above each of ``folders``, up to the ``project``."""
    tops = (os.path.abspath(project), os.path.realpath(project))
    for folder in folders:
        here = folder
        while here not in tops and len(here) > len(min(tops, key=len)):
            here = os.path.dirname(here)
            yield here


def _logs_of(agent: Agent, search: Search) -> Iterator[Log]:
    found: Iterator[Log] = agent.load().logs(search)
    return found


def made(
    agent: str, format_: str, files: Iterator[tuple[str, float]], folder: str = "", *, likely: bool = False
) -> Iterator[Log]:
    """Yield a log for each of ``files``, its session called as the file without its ending."""
    for path, modified in files:
        session = os.path.splitext(os.path.basename(path))[0]
        yield Log(agent, format_, path, modified, session, folder, likely)


def cwd_in(head: bytes) -> str:
    """Return the first folder that the beginning of a log names as its working directory, empty where none is."""
    found = _CWD.search(head)
    return as_str(decode(found[1])) if found else ""


def head_of(path: str) -> bytes:
    """Return the first 64 KiB of a file, nothing of a link or of one that cannot be read."""
    try:
        if os.path.islink(path):
            return b""
        with open(path, "rb", opener=plain) as stream:
            return stream.read(HEAD_BYTES)
    except OSError:
        return b""


def folders(path: str, *, newest_name_first: bool = False) -> list[str]:
    """Return the folders in the folder ``path``, by name, links left out."""
    try:
        with os.scandir(path) as entries:
            found = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return sorted(found, reverse=newest_name_first)


def files(folder: str, pattern: str) -> Iterator[tuple[str, float]]:
    """Yield ``(path, modified)`` of the plain files whose whole name matches, skipping empty ones."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if re.fullmatch(pattern, entry.name) and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    if status.st_size:
                        yield entry.path, status.st_mtime
    except OSError:
        return
