"""Finding a project's transcripts: each agent's own folder and its environment variables.

Only file names, and the first bytes of files that do not name their project in their path, are looked at. Links to
files are not followed, so nothing outside of the agents' own folders is read.
"""

from __future__ import annotations

import os
import re

from handoff_cli.core.record import Record
from handoff_cli.transcripts.source import HEAD_BYTES, decode
from handoff_cli.transcripts.values import as_dict, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MAX_LOOKED_INTO = 200
"""Of an agent that keeps all projects together, this many of the newest files are looked into."""

_CWD = re.compile(rb'"(?:cwd|directory|workspace)"\s*:\s*("(?:[^"\\]|\\.){1,4096}")')
_CLINE_CWD = re.compile(rb"# Current (?:Working|Workspace) Directory \(([^)\"]{1,4096})\)")
_CODEX_SUBAGENT = re.compile(rb'"source"\s*:\s*\{\s*"subagent"')
_OTHER = re.compile(r"[^A-Za-z0-9]")
_SLUG_CHARS = 200
_EXTENSIONS = ("saoudrizwan.claude-dev", "rooveterinaryinc.roo-cline", "kilocode.kilo-code")
_EDITORS = ("Code", "Code - Insiders", "VSCodium", "Cursor", "Windsurf")


class Candidate(Record):
    """A transcript of the project: its agent, format and path; ``modified`` in seconds since 1970."""

    agent: str
    format: str
    path: str
    modified: float


def candidates(
    project: str, home: str, environ: Mapping[str, str], agent: str | None = None, since: float = 0.0
) -> list[Candidate]:
    """Return the transcripts of a project, newest first.

    Args:
        project: The project's folder; sessions begun in folders below it count where the transcript tells.
        home: The user's home folder.
        environ: The environment, for the agents' own variables.
        agent: Only this agent's; None for all.
        since: Only those changed after this time, in seconds since 1970; others are not even looked into.
    """
    place = _Place(project, home, environ, since)
    finders = [finder for name, finder in _FINDERS.items() if agent in (None, name)]
    found = [candidate for finder in finders for candidate in finder(place) if candidate.modified > since]
    return sorted(found, key=lambda candidate: candidate.modified, reverse=True)


class _Place:
    """The project under the names an agent may know it by, and the folders of this user."""

    def __init__(self, project: str, home: str, environ: Mapping[str, str], since: float) -> None:
        self.since = since
        self.names = tuple(dict.fromkeys((os.path.abspath(project), os.path.realpath(project))))
        self.home = home
        self.environ = environ

    def root(self, variable: str, *below_home: str) -> str:
        """Return the folder that ``variable`` names, else the one below home."""
        named = self.environ.get(variable)
        return os.path.abspath(named) if named else os.path.join(self.home, *below_home)

    def holds(self, folder: str) -> bool:
        """Tell whether ``folder`` is the project or lies in it."""
        path = os.path.normpath(folder)
        return any(path == name or path.startswith(name.rstrip(os.sep) + os.sep) for name in self.names)


def _claude(place: _Place) -> Iterator[Candidate]:
    roots = [place.root("CLAUDE_CONFIG_DIR", ".claude")]
    if not place.environ.get("CLAUDE_CONFIG_DIR"):
        roots.append(os.path.join(place.home, ".config", "claude"))
    slugs = {_OTHER.sub("-", name) for name in place.names}
    renamed = _OTHER.sub("-", place.environ.get("CLAUDE_CODE_PROJECT_DIR_NAME", ""))
    for root in roots:
        for folder in _folders(os.path.join(root, "projects")):
            name = os.path.basename(folder)
            if name == renamed or any(_is_slug(name, slug) for slug in slugs):
                yield from _made("claude", "claude_code", _files(folder, r"(?!agent-).+\.jsonl"))


def _is_slug(name: str, slug: str) -> bool:
    """A name of more than 200 characters is cut there and told apart by a hash."""
    return name == slug or (len(slug) > _SLUG_CHARS and name.startswith(slug[:_SLUG_CHARS] + "-"))


def _codex(place: _Place) -> Iterator[Candidate]:
    root = place.root("CODEX_HOME", ".codex")
    days = [
        day
        for year in _folders(os.path.join(root, "sessions"), newest_name_first=True)
        for month in _folders(year, newest_name_first=True)
        for day in _folders(month, newest_name_first=True)
    ]
    files = (
        file for day in [*days, os.path.join(root, "archived_sessions")] for file in _files(day, r"rollout-.+\.jsonl")
    )
    yield from _looked_into(place, "codex", "codex", files, _codex_folder)


def _gemini(place: _Place) -> Iterator[Candidate]:
    from hashlib import sha256

    root = os.path.join(place.root("GEMINI_CLI_HOME"), ".gemini")
    listed = as_dict(as_dict(decode(_head(os.path.join(root, "projects.json")))).get("projects"))
    names = {sha256(name.encode("utf-8", "surrogateescape")).hexdigest() for name in place.names}
    names |= {as_str(listed.get(name)) for name in place.names}
    for folder in _folders(os.path.join(root, "tmp")):
        owner = _head(os.path.join(folder, ".project_root")).decode("utf-8", "surrogateescape").strip()
        if os.path.basename(folder) in names or owner in place.names:
            yield from _made("gemini", "gemini", _files(os.path.join(folder, "chats"), r"session-.+\.jsonl?"))


def _opencode(place: _Place) -> Iterator[Candidate]:
    data = place.environ.get("XDG_DATA_HOME") or os.path.join(place.home, ".local", "share")
    root = place.environ.get("OPENCODE_DATA_DIR") or os.path.join(data, "opencode")
    databases = _files(root, r"opencode.*\.db")
    yield from _looked_into(place, "opencode", "opencode", databases, _newest_directory)
    storage = os.path.join(root, "storage", "session")
    sessions = (file for folder in _folders(storage) for file in _files(folder, r"ses_.+\.json"))
    yield from _looked_into(place, "opencode", "opencode", sessions, _cwd_in_head)


def _aider(place: _Place) -> Iterator[Candidate]:
    named = place.environ.get("AIDER_CHAT_HISTORY_FILE")
    folder, name = os.path.split(os.path.join(place.names[0], named or ".aider.chat.history.md"))
    if named is None or place.holds(folder):
        yield from _made("aider", "aider", _files(folder, re.escape(name)))


def _cline(place: _Place) -> Iterator[Candidate]:
    settings = (
        os.path.join(place.home, ".config"),
        os.path.join(place.home, "Library", "Application Support"),
        place.root("APPDATA", "AppData", "Roaming"),
    )
    storages = [os.path.join(folder, editor, "User", "globalStorage") for folder in settings for editor in _EDITORS]
    roots = [os.path.join(storage, extension) for storage in storages for extension in _EXTENSIONS]
    roots.append(place.root("CLINE_DIR", ".cline", "data"))
    files = (
        file
        for root in roots
        for task in _folders(os.path.join(root, "tasks"))
        for file in _files(task, r"ui_messages\.json")
    )
    yield from _looked_into(place, "cline", "cline", files, _cline_workspace)


def _copilot(place: _Place) -> Iterator[Candidate]:
    root = os.path.join(place.root("COPILOT_HOME", ".copilot"), "session-state")
    files = (file for folder in _folders(root) for file in _files(folder, r"events\.jsonl"))
    yield from _looked_into(place, "copilot", "copilot_cli", files, _cwd_in_head)


_FINDERS: dict[str, Callable[[_Place], Iterator[Candidate]]] = {
    "claude": _claude,
    "codex": _codex,
    "gemini": _gemini,
    "opencode": _opencode,
    "aider": _aider,
    "cline": _cline,
    "copilot": _copilot,
}


def _made(agent: str, format_: str, files: Iterator[tuple[str, float]]) -> Iterator[Candidate]:
    return (Candidate(agent, format_, path, modified) for path, modified in files)


def _looked_into(
    place: _Place,
    agent: str,
    format_: str,
    files: Iterator[tuple[str, float]],
    folder_of: Callable[[str], str],
) -> Iterator[Candidate]:
    newer = [file for file in files if file[1] > place.since]
    newest = sorted(newer, key=lambda file: file[1], reverse=True)[:MAX_LOOKED_INTO]
    return _made(agent, format_, (file for file in newest if place.holds(folder_of(file[0]))))


def _cwd_in_head(path: str) -> str:
    found = _CWD.search(_head(path))
    return as_str(decode(found[1])) if found else ""


def _codex_folder(path: str) -> str:
    """A subagent writes a rollout of its own, which is not the session's."""
    return "" if _CODEX_SUBAGENT.search(_head(path).partition(b"\n")[0]) else _cwd_in_head(path)


def _cline_workspace(path: str) -> str:
    """The task's messages as sent tell the folder; Roo keeps it in a file of its own as well."""
    folder = os.path.dirname(path)
    found = _CLINE_CWD.search(_head(os.path.join(folder, "api_conversation_history.json")))
    workspace = _cwd_in_head(os.path.join(folder, "history_item.json"))
    return workspace or (found[1].decode("utf-8", "replace") if found else "")


def _newest_directory(path: str) -> str:
    """Return where the session last written to was begun: that is the one the reader reads."""
    import sqlite3
    from urllib.parse import quote

    question = (
        "SELECT session.directory FROM message JOIN session ON session.id = message.session_id "
        "ORDER BY message.time_created DESC, message.id DESC LIMIT 1"
    )
    try:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=1.0)
        try:
            row = connection.execute(question).fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return ""
    return as_str(row[0]) if row else ""


def _head(path: str) -> bytes:
    try:
        if os.path.islink(path):
            return b""
        with open(path, "rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError:
        return b""


def _folders(path: str, *, newest_name_first: bool = False) -> list[str]:
    try:
        with os.scandir(path) as entries:
            found = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return sorted(found, reverse=newest_name_first)


def _files(folder: str, pattern: str) -> Iterator[tuple[str, float]]:
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
