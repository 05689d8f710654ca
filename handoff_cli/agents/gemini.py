"""Gemini CLI (google-gemini/gemini-cli, docs/hooks/reference.md)."""

from __future__ import annotations

import os

from handoff_cli.agents import command
from handoff_cli.agents.events import Event, Reply, claude_shaped, claude_shaped_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.agents.targets import Scope, Target

NAME = "gemini"
TITLE = "Gemini CLI"
FORMAT = "gemini"

KINDS = {
    "SessionStart": "start",
    "BeforeAgent": "prompt",
    "AfterTool": "tool",
    "AfterAgent": "stop",
    "PreCompress": "compacting",
    "SessionEnd": "end",
}
LISTENING = ("SessionStart", "BeforeAgent", "AfterTool")
_TIMEOUT_MILLISECONDS = 30_000


def event_of(payload: Mapping[str, Any], _name: str, environ: Mapping[str, str]) -> Event | None:
    """Return what the hook's input says, None where it is nothing for us."""
    return claude_shaped(payload, KINDS, environ.get("GEMINI_PROJECT_DIR"))


def answer(event: Event, reply: Reply) -> str:
    """Return the hook's output: JSON, or nothing; any other text would be an error."""
    return claude_shaped_answer(event, reply, LISTENING)


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change."""
    from handoff_cli.agents.claude_code import mcp_entry
    from handoff_cli.agents.settings_json import Entry
    from handoff_cli.agents.targets import Target

    home = scope.environ.get("GEMINI_CLI_HOME") if scope.user else None
    line = command.shell("hook", "gemini")
    handler = {"name": "handoff", "type": "command", "command": line, "timeout": _TIMEOUT_MILLISECONDS}
    entries = [Entry(("hooks", name), {"hooks": [handler]}) for name in KINDS]
    path = os.path.join(home or scope.root, ".gemini", "settings.json")
    return [Target(path, "json", (*entries, *([mcp_entry()] if scope.mcp else [])))]
