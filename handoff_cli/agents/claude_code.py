"""Claude Code (code.claude.com/docs: hooks, statusline, settings)."""

from __future__ import annotations

import os

from handoff_cli.agents import command
from handoff_cli.agents.events import Event, Reply, claude_shaped, claude_shaped_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.agents.targets import Scope, Target

NAME = "claude"
TITLE = "Claude Code"
FORMAT = "claude-code"

KINDS = {
    "SessionStart": "start",
    "UserPromptSubmit": "prompt",
    "PostToolUse": "tool",
    "Stop": "stop",
    "PreCompact": "compacting",
    "PostCompact": "compacted",
    "SessionEnd": "end",
}
LISTENING = ("SessionStart", "UserPromptSubmit", "PostToolUse")
"""Stop would read context too, but takes it as a reason to go on with the turn."""

_TIMEOUTS_SECONDS = {"PreCompact": 60, "SessionEnd": 2}
_TIMEOUT_SECONDS = 20


def event_of(payload: Mapping[str, Any], _name: str, environ: Mapping[str, str]) -> Event | None:
    """Return what the hook's input says, None where it is nothing for us."""
    # The working directory follows the agent's cd; the project stays.
    return claude_shaped(payload, KINDS, environ.get("CLAUDE_PROJECT_DIR"))


def answer(event: Event, reply: Reply) -> str:
    """Return the hook's output: JSON, or nothing. What is said before a compaction or at the end is discarded."""
    if event.kind in ("compacting", "compacted", "end"):
        return ""
    return claude_shaped_answer(event, reply, LISTENING)


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change: the user's own, or the project's local ones, which are not committed.

    The commands hold this machine's paths, so they have no place in the settings a team shares.
    """
    from handoff_cli.agents.targets import Target

    if scope.user:
        folder = scope.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(scope.root, ".claude")
        settings = os.path.join(folder, "settings.json")
    else:
        settings = os.path.join(scope.root, ".claude", "settings.local.json")
    found = [Target(settings, "json", tuple(_entries()))]
    if scope.mcp:
        name = ".claude.json" if scope.user else ".mcp.json"
        found.append(Target(os.path.join(scope.root, name), "json", (mcp_entry(),)))
    return found


def plugin_hooks() -> dict[str, list[dict[str, Any]]]:
    """Return the hooks by event as a plugin holds them: run by name, for Codex or Claude Code, whichever calls."""
    return {name: [_group(name, "handoff hook plugin")] for name in KINDS}


def _group(name: str, line: str) -> dict[str, Any]:
    timeout = _TIMEOUTS_SECONDS.get(name, _TIMEOUT_SECONDS)
    return {"hooks": [{"type": "command", "command": line, "timeout": timeout}]}


def _entries() -> list[Any]:
    from handoff_cli.agents.settings_json import Entry

    found = [Entry(("hooks", name), _group(name, command.shell("hook", "claude-code"))) for name in KINDS]
    line = {"type": "command", "command": command.shell("statusline"), "padding": 0}
    return [*found, Entry(("statusLine",), line, "member")]


def mcp_entry() -> Any:
    """Return the entry of our MCP server, as ``mcpServers`` holds it in several agents' settings."""
    from handoff_cli.agents.settings_json import Entry

    program, *arguments = command.argv("mcp")
    return Entry(("mcpServers", "handoff"), {"command": program, "args": arguments}, "member")
