"""OpenClaw, which keeps pi's log: ``~/.openclaw/agents/<agent>/sessions/<session>.jsonl``; ``pi`` reads it.

``sessions.json`` beside the logs tells which of them are subagents'. ``OPENCLAW_STATE_DIR`` moves the folder.
Source of the rules: openclaw/openclaw, ``session-management-compaction.md``.
"""

from __future__ import annotations

import os

from handoff_cli.agents.windows import UsableRule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.agents.search import Log, Search

OPENING = ("openclaw", "chat", "--message", "{prompt}")  # docs.openclaw.ai/cli/tui
USABLE = (UsableRule("openclaw/openclaw: the least reserve before it compacts", reserve=20_000),)

_NAME = r"[^.]+\.jsonl"
"""A session's own name has no further point: checkpoints and what was deleted have."""


def logs(search: Search) -> Iterator[Log]:
    """Yield the sessions of each of its agents, without those of subagents."""
    from handoff_cli.agents.search import files, folders, made
    from handoff_cli.transcripts.source import json_in

    for agent in folders(os.path.join(search.root("OPENCLAW_STATE_DIR", ".openclaw"), "agents")):
        folder = os.path.join(agent, "sessions")
        known = json_in(os.path.join(folder, "sessions.json"))
        subagents = {
            entry.get("sessionId") for key, entry in known.items() if ":subagent:" in key and isinstance(entry, dict)
        }
        for log in made("openclaw", "pi", files(folder, _NAME)):
            if log.session not in subagents:
                yield log


def folder_of(log: Log) -> str | None:
    """Return the folder a session was begun in: its header tells."""
    from handoff_cli.agents.pi import folder_of as header

    return header(log)
