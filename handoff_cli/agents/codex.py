"""OpenAI Codex CLI: hooks laid out as Claude Code's, in ``hooks.json`` (developers.openai.com/codex/hooks)."""

from __future__ import annotations

import os

from handoff_cli.agents import command
from handoff_cli.agents.events import Event, Reply, claude_shaped, claude_shaped_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.agents.targets import Scope, Target

NAME = "codex"
TITLE = "Codex"
FORMAT = "codex"
ADVICE = "Codex runs new hooks only after you trust them: type /hooks in it"

KINDS = {
    "SessionStart": "start",
    "UserPromptSubmit": "prompt",
    "PostToolUse": "tool",
    "Stop": "stop",
    "PreCompact": "compacting",
    "PostCompact": "compacted",
}
LISTENING = ("SessionStart", "UserPromptSubmit", "PostToolUse")


def event_of(payload: Mapping[str, Any], _name: str, _environ: Mapping[str, str]) -> Event | None:
    """Return what the hook's input says, None where it is nothing for us."""
    return claude_shaped(payload, KINDS, None)


def answer(event: Event, reply: Reply) -> str:
    """Return the hook's output. Codex wants JSON after a turn, and refuses members it does not know."""
    return claude_shaped_answer(event, reply, LISTENING) or ("{}" if event.kind == "stop" else "")


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change. The command stays the same from run to run: Codex asks to trust each new one."""
    from handoff_cli.agents.settings_json import Entry
    from handoff_cli.agents.targets import Target

    home = scope.environ.get("CODEX_HOME") if scope.user else None
    folder = home or os.path.join(scope.root, ".codex")
    handler = {"type": "command", "command": command.shell("hook", "codex"), "timeout": 30}
    entries = tuple(Entry(("hooks", name), {"hooks": [handler]}) for name in KINDS)
    found = [Target(os.path.join(folder, "hooks.json"), "json", entries)]
    if scope.mcp:
        program, *arguments = command.argv("mcp")
        table = (("mcp_servers", "handoff"), {"command": program, "args": arguments})
        found.append(Target(os.path.join(folder, "config.toml"), "toml", table))
    return found
