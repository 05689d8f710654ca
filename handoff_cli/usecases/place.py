"""Which project and session a call means."""

from __future__ import annotations

import os

from handoff_cli.constants import ENV_DIR, ENV_SESSION, MAX_CONTEXT_WINDOW
from handoff_cli.errors import InputError, UsageError
from handoff_cli.state.folder import find_folder, session_folder
from handoff_cli.state.store import Place


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
