"""Aider: one log of all sessions, in the project's own folder; read as markdown of its own kind."""

from __future__ import annotations

import os
import re

from handoff_cli.transcripts.aider import AGENT, events, sniff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.agents.search import Log, Search

OPENING = ("aider", "--read", "{file}")
"""Aider takes no first prompt and stays (aider --help: --message answers and exits); a file it can be given."""

__all__ = ["AGENT", "events", "logs", "sniff"]


def logs(search: Search) -> Iterator[Log]:
    """Yield the project's log, where ``AIDER_CHAT_HISTORY_FILE`` does not name one outside of it."""
    from handoff_cli.agents.search import files, made

    named = search.environ.get("AIDER_CHAT_HISTORY_FILE")
    for project in (*search.names[:1], *search.above):
        folder, name = os.path.split(os.path.join(project, named or ".aider.chat.history.md"))
        if named is None or search.holds(folder):
            yield from made(AGENT, "aider", files(folder, re.escape(name)), project)
