"""Kilo Code since 7, which keeps opencode's store: ``~/.local/share/kilo/kilo.db``; ``opencode`` reads it.

Its older extension of the editor is one of Cline's family: see ``cline``.
"""

from __future__ import annotations

from handoff_cli.agents import opencode, opencode_log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.agents.search import Log, Search

USABLE = opencode.USABLE
"""It compacts by the same code."""
OPENING = ("kilo", "--prompt", "{prompt}")  # kilo.ai/docs/code-with-ai/platforms/cli-reference


def logs(search: Search) -> Iterator[Log]:
    """Yield the sessions of all projects."""
    from handoff_cli.agents.search import files

    root = search.environ.get("KILO_DATA_DIR") or search.data_root("kilo")
    for path, _ in files(root, r"kilo.*\.db"):
        yield from opencode_log.sessions_in(path, "kilo", "opencode")


def folder_of(log: Log) -> str | None:
    """Return the folder of a session; the database tells it with each."""
    return log.folder or None
