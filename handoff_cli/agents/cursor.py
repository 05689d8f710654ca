"""Cursor (cursor.com/docs/agent/hooks). Its transcripts record no usage; the event before a compaction does."""

from __future__ import annotations

import json
import os

from handoff_cli.agents.hooks import Event, Reply, count_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.agents.settings import Scope, Target

KINDS = {
    "sessionStart": "start",
    "beforeSubmitPrompt": "prompt",
    "postToolUse": "tool",
    "stop": "stop",
    "preCompact": "compacting",
    "sessionEnd": "end",
}
LISTENING = ("sessionStart", "postToolUse")


def event_of(payload: Mapping[str, Any], _name: str, environ: Mapping[str, str]) -> Event | None:
    """Return what the hook's input says, None where it is nothing for us."""
    name = text_of(payload, "hook_event_name")
    if name not in KINDS:
        return None
    roots = payload.get("workspace_roots")
    root = roots[0] if isinstance(roots, list) and roots and isinstance(roots[0], str) else None
    return Event(
        kind=KINDS[name],
        name=name,
        session=text_of(payload, "conversation_id", "session_id"),
        transcript=None,
        project=environ.get("CURSOR_PROJECT_DIR") or root or text_of(payload, "cwd") or None,
        source=text_of(payload, "trigger", "reason"),
        model=text_of(payload, "model") or None,
        tokens=count_of(payload, "context_tokens"),
        window=count_of(payload, "context_window_size"),
    )


def answer(event: Event, reply: Reply) -> str:
    """Return the hook's output: JSON, or nothing. A prompt is always let through."""
    if event.kind == "prompt":
        return '{"continue": true}'
    if reply.context and event.name in LISTENING:
        return json.dumps({"additional_context": reply.context})
    return json.dumps({"user_message": reply.message}) if reply.message and event.kind == "compacting" else ""


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change."""
    from handoff_cli.agents.claude_code import mcp_entry
    from handoff_cli.agents.settings import Target, command
    from handoff_cli.agents.settings.json import Entry

    folder = os.path.join(scope.root, ".cursor")
    entries = [Entry(("hooks", name), {"command": command.shell("hook", "cursor")}) for name in KINDS]
    found = [Target(os.path.join(folder, "hooks.json"), "json", (Entry(("version",), 1, "default"), *entries))]
    if scope.mcp:
        found.append(Target(os.path.join(folder, "mcp.json"), "json", (mcp_entry(),)))
    return found
