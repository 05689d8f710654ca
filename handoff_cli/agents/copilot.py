"""GitHub Copilot CLI (docs.github.com, Copilot CLI hooks reference). Its input names neither event nor transcript."""

from __future__ import annotations

import json
import os

from handoff_cli.agents import command
from handoff_cli.agents.events import Event, Reply, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.agents.targets import Scope, Target

NAME = "copilot"
TITLE = "GitHub Copilot CLI"
FORMAT = "copilot-cli"

KINDS = {
    "sessionStart": "start",
    "userPromptSubmitted": "prompt",
    "postToolUse": "tool",
    "agentStop": "stop",
    "preCompact": "compacting",
    "sessionEnd": "end",
}
LISTENING = ("sessionStart", "postToolUse")


def event_of(payload: Mapping[str, Any], name: str, environ: Mapping[str, str]) -> Event | None:
    """Return what the hook's input says; the event's ``name`` stands in the command line."""
    if name not in KINDS:
        return None
    session = text_of(payload, "sessionId", "session_id")
    root = environ.get("COPILOT_HOME") or os.path.join(os.path.expanduser("~"), ".copilot")
    log = os.path.join(root, "session-state", os.path.basename(session), "events.jsonl")
    return Event(
        kind=KINDS[name],
        name=name,
        session=session,
        transcript=text_of(payload, "transcriptPath") or (log if session and os.path.isfile(log) else None),
        project=text_of(payload, "cwd") or None,
        source=text_of(payload, "source", "trigger", "reason"),
    )


def answer(event: Event, reply: Reply) -> str:
    """Return the hook's output: JSON where it is read, else nothing."""
    if reply.context and event.name in LISTENING:
        return json.dumps({"additionalContext": reply.context})
    return ""


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change: a file of hooks of our own, which Copilot reads beside others."""
    from handoff_cli.agents.claude_code import mcp_entry
    from handoff_cli.agents.settings_json import Entry
    from handoff_cli.agents.targets import Target

    home = scope.environ.get("COPILOT_HOME") or os.path.join(scope.root, ".copilot")
    folder = os.path.join(home, "hooks") if scope.user else os.path.join(scope.root, ".github", "hooks")
    entries = [Entry(("version",), 1, "default"), *(Entry(("hooks", name), _handler(name)) for name in KINDS)]
    found = [Target(os.path.join(folder, "handoff.json"), "json", tuple(entries))]
    if scope.mcp:
        path = os.path.join(home, "mcp-config.json") if scope.user else os.path.join(scope.root, ".mcp.json")
        found.append(Target(path, "json", (mcp_entry(),)))
    return found


def _handler(name: str) -> dict[str, Any]:
    words = ("hook", "copilot", name)
    return {
        "type": "command",
        "bash": command.shell(*words),
        "powershell": command.powershell(*words),
        "timeoutSec": 30,
    }
