"""Which project and session a call means."""

from __future__ import annotations

import os

from handoff_cli.constants import ENV_DIR, ENV_SESSION
from handoff_cli.state.folder import find_folder, session_folder
from handoff_cli.state.store import Place


def locate(directory: str | None = None, session: str | None = None) -> Place:
    """Return the place of the session meant: by argument, else by ``HANDOFF_DIR`` / ``HANDOFF_SESSION``, else found.

    Args:
        directory: The project's folder or its ``.agent-handoffs``; None searches from the working directory upwards.
        session: The name of a further session; None is the project's own.

    Raises:
        InputError: ``directory`` is not a folder.
        UsageError: a session name that is not allowed.
    """
    project = find_folder(os.getcwd(), directory or os.environ.get(ENV_DIR) or None)
    return Place(project, session_folder(project, session or os.environ.get(ENV_SESSION) or None), os.environ)
