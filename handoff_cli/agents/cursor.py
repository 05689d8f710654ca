"""Cursor: its hooks (cursor.com/docs/agent/hooks), and where the logs of its agent and its editor lie.

Its transcripts record no usage; the event before a compaction does, and so does the editor's database.
"""

from __future__ import annotations

import json
import os
import re

from handoff_cli.agents.hooks import Event, Reply, count_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.agents.settings import Scope, Target

OPENING = ("cursor-agent", "{prompt}")  # cursor.com/docs/cli: the prompt of an interactive session

KINDS = {
    "sessionStart": "start",
    "beforeSubmitPrompt": "prompt",
    "postToolUse": "tool",
    "stop": "stop",
    "preCompact": "compacting",
    "sessionEnd": "end",
}
LISTENING = ("sessionStart", "postToolUse")
_OTHER = re.compile(r"[^A-Za-z0-9]+")


def logs(search: Search) -> Iterator[Log]:
    """Yield the transcripts of the agent and the chats of the editor, subagents left out."""
    yield from _transcripts(search)
    for user in search.editor_folders("Cursor"):
        yield from _chats(search, user)


def folder_of(_log: Log) -> str | None:
    """Return nothing: where the path does not tell the folder, no row does."""
    return ""


def _transcripts(search: Search) -> Iterator[Log]:
    """Yield the transcripts; a file beside them tells the folder, else only its name with every sign a dash."""
    from handoff_cli.agents.search import files, folders, made
    from handoff_cli.transcripts.source import json_in
    from handoff_cli.transcripts.values import as_str

    slugs = {_OTHER.sub("-", name).strip("-") for name in (*search.names, *search.above)}
    for project in folders(os.path.join(search.root("CURSOR_CONFIG_DIR", ".cursor"), "projects")):
        trusted = as_str(json_in(os.path.join(project, ".workspace-trusted")).get("workspacePath"))
        likely = os.path.basename(project) in slugs
        if trusted or likely or not slugs:
            root = os.path.join(project, "agent-transcripts")
            for folder in (root, *folders(root)):
                yield from made("cursor", "cursor", files(folder, r".+\.jsonl"), trusted, likely=likely)


def _chats(search: Search, user: str) -> Iterator[Log]:
    """Yield the chats in the database of an editor that keeps its things in ``user``."""
    from handoff_cli.agents.cursor_log import chats, workspaces
    from handoff_cli.agents.search import Log
    from handoff_cli.errors import InputError
    from handoff_cli.transcripts.database import Database

    path = os.path.join(user, "globalStorage", "state.vscdb")
    known = workspaces(os.path.join(user, "workspaceStorage"), search.holds) if os.path.isfile(path) else {}
    if not any(search.holds(folder) for folder in known.values()):
        return
    try:
        with Database(path) as database:
            for id_, changed, workspace in chats(database):
                folder = known.get(workspace) or known.get(id_, "")
                yield Log("cursor", "cursor", f"{path}#{id_}", changed, id_, folder)
    except InputError:
        return


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
    from handoff_cli.agents.settings import SettingsEntry, Target, command_line, mcp_entry

    folder = os.path.join(scope.root, ".cursor")
    entries = [SettingsEntry(("hooks", name), {"command": command_line("hook", "cursor")}) for name in KINDS]
    found = [Target(os.path.join(folder, "hooks.json"), "json", (SettingsEntry(("version",), 1, "default"), *entries))]
    if scope.mcp:
        found.append(Target(os.path.join(folder, "mcp.json"), "json", (mcp_entry(),)))
    return found
