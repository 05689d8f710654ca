"""GitHub Copilot CLI (docs.github.com, hooks reference). Its hooks' input names neither event nor transcript.

The log is ``~/.copilot/session-state/<session>/events.jsonl``, lines of ``{"type", "data", "timestamp"}``. Responses
record their output only. The size of the context is told by the session's own events, where they are kept:
``session.usage_info``, ``session.compaction_complete``, ``session.truncation`` and ``session.shutdown``.
Checked on a census of event types of 1.0.77.
"""

from __future__ import annotations

import json
import os

from handoff_cli.agents.hooks import Event as HookEvent
from handoff_cli.agents.hooks import Reply, text_of
from handoff_cli.agents.windows import UsableRule
from handoff_cli.transcripts.events import Called, Compacted, Outdated, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.values import as_dict, as_str, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.agents.settings import Scope, Target
    from handoff_cli.agents.settings.obstacles import Around, Obstacle
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "copilot"

OPENING = ("copilot", "-i", "{prompt}")  # copilot --help: --interactive, start a session and run the prompt
WINDOWS = (
    ("claude-opus-4-6 claude-opus-4-7", 144_000, "litellm, github_copilot"),
    ("gpt-5", 272_000, "litellm, github_copilot"),
)
USABLE = (UsableRule("github/copilot-cli#1761", share=0.95),)

KINDS = {
    "sessionStart": "start",
    "userPromptSubmitted": "prompt",
    "postToolUse": "tool",
    "agentStop": "stop",
    "preCompact": "compacting",
    "sessionEnd": "end",
}
LISTENING = ("sessionStart", "postToolUse")

RULE = "current tokens, as the session reports them"
_TYPES = ('"session.start"', '"user.message"', '"assistant.message"', '"assistant.turn_start"', '"session.resume"')


def logs(search: Search) -> Iterator[Log]:
    """Yield the logs of all projects, each in a folder called as its session."""
    from handoff_cli.agents.search import files, folders, made

    for folder in folders(os.path.join(search.root("COPILOT_HOME", ".copilot"), "session-state")):
        for log in made("copilot", "copilot_cli", files(folder, r"events\.jsonl")):
            yield log.replace(session=os.path.basename(folder))


def folder_of(log: Log) -> str:
    """Return where the session was begun."""
    from handoff_cli.agents.search import cwd_in, head_of

    return cwd_in(head_of(log.path))


def event_of(payload: Mapping[str, Any], name: str, environ: Mapping[str, str]) -> HookEvent | None:
    """Return what the hook's input says; the event's ``name`` stands in the command line."""
    if name not in KINDS:
        return None
    session = text_of(payload, "sessionId", "session_id")
    root = environ.get("COPILOT_HOME") or os.path.join(os.path.expanduser("~"), ".copilot")
    log = os.path.join(root, "session-state", os.path.basename(session), "events.jsonl")
    return HookEvent(
        kind=KINDS[name],
        name=name,
        session=session,
        transcript=text_of(payload, "transcriptPath") or (log if session and os.path.isfile(log) else None),
        project=text_of(payload, "cwd") or None,
        source=text_of(payload, "source", "trigger", "reason"),
    )


def answer(event: HookEvent, reply: Reply) -> str:
    """Return the hook's output: JSON where it is read, else nothing."""
    if reply.context and event.name in LISTENING:
        return json.dumps({"additionalContext": reply.context})
    return ""


def obstacles(around: Around) -> Iterator[Obstacle]:
    """Yield what keeps hooks from running (docs.github.com, Copilot hooks reference)."""
    from handoff_cli.agents.settings.obstacles import Switch, switched_off

    home = around.root("COPILOT_HOME", ".copilot")
    files = [
        os.path.join(home, name) for name in ("settings.json", "config.json", os.path.join("hooks", "handoff.json"))
    ]
    below = (("copilot", "settings.json"), ("copilot", "settings.local.json"), ("hooks", "handoff.json"))
    files += [os.path.join(around.project, ".github", *names) for names in below]
    yield from switched_off(files, Switch("disableAllHooks", True))


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change: a file of hooks of our own, which Copilot reads beside others."""
    from handoff_cli.agents.claude_code import mcp_entry
    from handoff_cli.agents.settings import Target
    from handoff_cli.agents.settings.json import Entry

    home = scope.environ.get("COPILOT_HOME") or os.path.join(scope.root, ".copilot")
    folder = os.path.join(home, "hooks") if scope.user else os.path.join(scope.root, ".github", "hooks")
    entries = [Entry(("version",), 1, "default"), *(Entry(("hooks", name), _handler(name)) for name in KINDS)]
    found = [Target(os.path.join(folder, "handoff.json"), "json", tuple(entries))]
    if scope.mcp:
        path = os.path.join(home, "mcp-config.json") if scope.user else os.path.join(scope.root, ".mcp.json")
        found.append(Target(path, "json", (mcp_entry(),)))
    return found


def _handler(name: str) -> dict[str, Any]:
    from handoff_cli.agents.settings import command

    words = ("hook", "copilot", name)
    return {
        "type": "command",
        "bash": command.shell(*words),
        "powershell": command.powershell(*words),
        "timeoutSec": 30,
    }


def sniff(head: str) -> float:
    """Events named ``session.start`` and the like, with their data."""
    found = head.startswith("{") and '"data"' in head and any(mark in head for mark in _TYPES)
    return 0.95 if found else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the session; what a subagent said is not in its context."""
    for row in source.rows():
        data, time = as_dict(row.get("data")), time_of(row.get("timestamp"))
        kind = as_str(row.get("type"))
        if data.get("parentToolCallId"):
            continue
        if kind.startswith("session."):
            yield from _session(kind, data, time)
        elif kind in ("user.message", "assistant.message", "system.message"):
            yield from _message(kind.partition(".")[0], data, time)
        elif kind == "tool.execution_start":
            yield Called(as_str(data.get("toolCallId")), as_str(data.get("toolName")), data.get("arguments"), time)
        elif kind == "tool.execution_complete":
            success = data.get("success")
            text = text_in(as_dict(data.get("result")).get("content")) or as_str(
                as_dict(data.get("error")).get("message")
            )
            failed = not success if isinstance(success, bool) else None
            yield Returned(as_str(data.get("toolCallId")), text, failed, None, time)
        elif kind == "assistant.turn_end":
            yield Turned(time)


def _session(kind: str, data: dict[str, Any], time: str | None) -> Iterator[Event]:
    model = as_str(data.get("selectedModel")) or as_str(data.get("newModel")) or as_str(data.get("currentModel"))
    window = tokens_of(data.get("tokenLimit"))
    yield Seen(model, as_str(data.get("copilotVersion")), as_str(data.get("sessionId")), window or None, time)
    if kind == "session.compaction_complete" and data.get("success") is not False:
        after = tokens_of(data.get("postCompactionTokens"))
        yield Compacted(None, tokens_of(data.get("preCompactionTokens")), after, time)
        summary = as_str(data.get("summaryContent"))
        if summary:
            yield Said("user", summary, time, visible=False)
    elif kind in ("session.usage_info", "session.shutdown"):
        tokens = tokens_of(data.get("currentTokens"))
        if tokens is not None:
            yield Used(tokens, RULE, None, window or None, time)


def _message(role: str, data: dict[str, Any], time: str | None) -> Iterator[Event]:
    if role == "assistant":
        yield Seen(model=as_str(data.get("model")), time=time)
        yield Outdated(time)
    yield Said(role, as_str(data.get("content")), time, visible=role != "system")
