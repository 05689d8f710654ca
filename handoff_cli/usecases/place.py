"""Which project and session a call means."""

from __future__ import annotations

import os

from handoff_cli.constants import ENV_DIR, ENV_SESSION, LEDGER_FILE, MAX_CONTEXT_WINDOW, MAX_SESSION_NAME_CHARS
from handoff_cli.core.text import is_identifier
from handoff_cli.errors import InputError, UsageError
from handoff_cli.state.folder import find_folder, session_folder
from handoff_cli.state.store import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_CHECKSUM_CHARS = 9


def locate(directory: str | None = None, session: str | None = None, window: int | None = None) -> Place:
    """Return the place of the session meant: by argument, else by ``HANDOFF_DIR`` / ``HANDOFF_SESSION``, else found.

    Args:
        directory: The project's folder or its ``.agent-handoffs``; None searches from the working directory upwards.
        session: The name of a further session; None is the project's own.
        window: The context window in tokens for this call, whatever is set; None leaves it.

    Raises:
        InputError: ``directory`` is not a folder.
        UsageError: an empty name, or a session name or window that is not allowed.
    """
    for option, value in (("--dir", directory), ("--session", session)):
        if value == "":
            raise UsageError(f"{option} is empty", "name one, or leave the option out")
    explicit = directory or os.environ.get(ENV_DIR) or None
    project = find_folder(_here() if explicit is None else "", explicit)
    folder = session_folder(project, session or os.environ.get(ENV_SESSION) or None)
    return Place(project, folder, os.environ, _options(window))


def place_of(agent_id: str, project: str | None, environ: Mapping[str, str]) -> Place:
    """Return the place of the session that an agent calls ``agent_id``: each has a folder of its own in the project.

    Args:
        agent_id: The agent's own id of the session.
        project: The folder the agent works in, as far as it told; the working directory where it is not there.
        environ: The environment.
    """
    # A folder that is not there must not come to be because an agent names it.
    start = project if project and os.path.isdir(project) else os.getcwd()
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


def newest_place(place: Place) -> Place:
    """Return the place of the session of ``place``'s project whose ledger was written to last.

    It is the project's own session where none has been at work yet.
    """
    from handoff_cli.state.folder import session_names

    folders = [place.project, *(session_folder(place.project, name) for name in session_names(place.project))]
    return Place(place.project, max(folders, key=_last_written), place.environ)


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
