"""GitHub Copilot CLI (docs.github.com, hooks reference). Its hooks' input names neither event nor transcript.

The log is ``~/.copilot/session-state/<session>/events.jsonl``, lines of ``{"type", "data", "timestamp"}``; a subagent's
have an ``agentId``. Since 1.0.9x ``session.usage_record`` tells the usage of each response; before, responses recorded
their output only, and Copilot's own count of the context stood in ``session.usage_info`` and ``session.shutdown``.
Checked on a census of event types of 1.0.77 and logs that 1.0.102 wrote for a scripted model.
"""

from __future__ import annotations

import os

from handoff_cli.agents.hooks import Event as HookEvent
from handoff_cli.agents.hooks import Reply, count_of, text_of
from handoff_cli.agents.windows import UsableRule
from handoff_cli.core.jsonc import dumps
from handoff_cli.core.transcript import AFTER_COMPACTION, TAKEN_BACK
from handoff_cli.transcripts.events import Called, Compacted, Outdated, Returned, Rewound, Said, Seen, Turned, Used
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.agents.settings import Around, Obstacle, Scope, Target
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source
    from handoff_cli.transcripts.tail import Tail, TailState

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
RECORD_RULE = "input tokens of the last response, cached ones included"
_CONVERSATION = "conversation-agent"
_LOOKED_BACK_BYTES = 1 << 16
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
        transcript=text_of(payload, "transcriptPath") or (log if session else None),
        project=text_of(payload, "cwd") or None,
        source=text_of(payload, "source", "trigger", "reason"),
        # The row of a hook's start has its time, and stands behind what happened before (1.0.102).
        mark=str(count_of(payload, "timestamp") or ""),
    )


def answer(event: HookEvent, reply: Reply) -> str:
    """Return the hook's output: JSON where it is read, else nothing."""
    if reply.context and event.name in LISTENING:
        return dumps({"additionalContext": reply.context})
    return ""


def obstacles(around: Around) -> Iterator[Obstacle]:
    """Yield what keeps hooks from running (docs.github.com, Copilot hooks reference)."""
    from handoff_cli.agents.settings import Switch, switched_off

    home = around.root("COPILOT_HOME", ".copilot")
    files = [
        os.path.join(home, name) for name in ("settings.json", "config.json", os.path.join("hooks", "handoff.json"))
    ]
    below = (("copilot", "settings.json"), ("copilot", "settings.local.json"), ("hooks", "handoff.json"))
    files += [os.path.join(around.project, ".github", *names) for names in below]
    yield from switched_off(files, Switch("disableAllHooks", True))


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change: a file of hooks of our own, which Copilot reads beside others."""
    from handoff_cli.agents.settings import SettingsEntry, Target, mcp_entry

    home = scope.environ.get("COPILOT_HOME") or os.path.join(scope.root, ".copilot")
    folder = os.path.join(home, "hooks") if scope.user else os.path.join(scope.root, ".github", "hooks")
    entries = [
        SettingsEntry(("version",), 1, "default"),
        *(SettingsEntry(("hooks", name), _handler(name)) for name in KINDS),
    ]
    found = [Target(os.path.join(folder, "handoff.json"), "json", tuple(entries))]
    if scope.mcp:
        path = os.path.join(home, "mcp-config.json") if scope.user else os.path.join(scope.root, ".mcp.json")
        found.append(Target(path, "json", (mcp_entry(),)))
    return found


def _handler(name: str) -> dict[str, Any]:
    from handoff_cli.agents.settings import command_line, powershell_line

    words = ("hook", "copilot", name)
    return {
        "type": "command",
        "bash": command_line(*words),
        "powershell": powershell_line(*words),
        "timeoutSec": 30,
    }


def sniff(head: str) -> float:
    """Events named ``session.start`` and the like, with their data."""
    found = head.startswith("{") and '"data"' in head and any(mark in head for mark in _TYPES)
    return 0.95 if found else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the session; what a subagent said is not in its context."""
    log = _Log(source)
    for row in source.rows():
        if not _is_subagents(row):
            yield from log.row(row)


class _Log:
    """What rows before tell of the one that is read: whether responses are recorded, and where each event stands."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.recorded = self.left = False
        self.used: Used | None = None
        self.places: dict[str, int] = {}

    def row(self, row: dict[str, Any]) -> Iterator[Event]:
        """Yield the events of a row of the session's own."""
        data, time, kind = as_dict(row.get("data")), time_of(row.get("timestamp")), as_str(row.get("type"))
        if id_ := as_str(row.get("id")):
            self.places[id_] = self.source.position
        if kind == "session.snapshot_rewind":
            if place := self.places.get(as_str(data.get("upToEventId"))):
                yield Rewound(place, time)
            if self.used:
                most = self.used.tokens
                yield Used(most, TAKEN_BACK, None, None, time, "estimated", responded=False, low=0, high=most)
        elif kind.startswith("session."):
            yield from self._session(kind, row, data, time)
        elif kind in ("user.message", "assistant.message", "system.message"):
            yield from self._message(kind.partition(".")[0], data, time)
        elif kind == "tool.execution_start":
            yield from _called(
                as_str(data.get("toolCallId")), as_str(data.get("toolName")), data.get("arguments"), time
            )
        elif kind == "tool.execution_complete":
            yield _returned(data, time)
        elif kind in ("assistant.turn_end", "abort"):
            yield Turned(time, stopped=kind == "abort")

    def _session(self, kind: str, row: dict[str, Any], data: dict[str, Any], time: str | None) -> Iterator[Event]:
        model = as_str(data.get("selectedModel")) or as_str(data.get("newModel")) or as_str(data.get("currentModel"))
        version, session = as_str(data.get("copilotVersion")), as_str(data.get("sessionId"))
        told = usage_of(row)
        if kind == "session.usage_record" and isinstance(told, Used):
            self.recorded, self.left, self.used = True, False, told
            yield Seen(as_str(as_dict(data.get("usage")).get("model")), time=time)
            yield told
            return
        context, window = as_dict(data.get("context")), tokens_of(data.get("tokenLimit")) or None
        branch, folder = as_str(context.get("branch")) or as_str(data.get("branch")), as_str(context.get("cwd"))
        yield Seen(model, version, session, window, time, branch=branch, folder=folder)
        if isinstance(told, Compacted):
            self.recorded, self.left, self.used = False, told.after is not None, None
            yield told
            if summary := as_str(data.get("summaryContent")):
                yield Said("user", summary, time, visible=False, kind="summary")
        elif told and not self.recorded and not (self.left and kind == _ENDED):
            self.left = False
            yield told

    def _message(self, role: str, data: dict[str, Any], time: str | None) -> Iterator[Event]:
        if role == "assistant":
            yield Seen(model=as_str(data.get("model")), time=time)
            self.left = False
            if not self.recorded:
                yield Outdated(time)
            if thought := as_str(data.get("reasoningText")):
                yield Said("assistant", "", time, visible=False, words=thought, kind="reasoning")
        injected = role == "system" or as_str(data.get("source")) not in ("", "user")
        yield Said(role, as_str(data.get("content")), time, visible=not injected)


def usage_of(row: dict[str, Any]) -> Used | Compacted | None:
    """Return what a row says of the context: the usage of a response, Copilot's own count, or a compaction.

    A response's ``inputTokens`` hold what came from the cache, and ``maxPromptTokens`` is the window. Copilot asks for
    titles and the like too: those requests are of another type.
    """
    data, time, kind = as_dict(row.get("data")), time_of(row.get("timestamp")), row.get("type")
    if _is_subagents(row):
        return None
    if kind == "session.usage_record":
        usage = as_dict(data.get("usage"))
        tokens, window = (tokens_of(usage.get(name)) for name in ("inputTokens", "maxPromptTokens"))
        asked_by = as_str(usage.get("interactionType")) or _CONVERSATION
        if not tokens or asked_by != _CONVERSATION or usage.get("initiator") == "sub-agent":
            return None
        return Used(tokens, RECORD_RULE, as_str(usage.get("apiCallId")) or None, window or None, time)
    if kind == "session.compaction_complete" and data.get("success") is not False:
        before, after = (tokens_of(data.get(f"{name}CompactionTokens")) for name in ("pre", "post"))
        return Compacted(None, before, after, time, counted=True)
    if kind in ("session.usage_info", "session.shutdown"):
        tokens = tokens_of(data.get("currentTokens"))
        window = tokens_of(data.get("tokenLimit"))
        return Used(tokens, RULE, None, window or None, time) if tokens else None
    return None


_BACK = b"session.snapshot_rewind"
_ENDED = "session.shutdown"
TELLING = (b"session.usage_", b"session.shutdown", b"session.compaction_complete", b"assistant.message")


def telling(tail: Tail, row: dict[str, Any]) -> TailState | None:
    """Return what a row says of the context, read from the end: see ``transcripts.tail``.

    The record of a response stands before its message. A message without one makes Copilot's own count before it out
    of date; where responses are recorded, such a count is none of theirs. What it counts at its end is what it counted
    at a compaction before.
    """
    answered = "answered" in tail.superseded
    if row.get("type") == "assistant.message" and not _is_subagents(row):
        tail.superseded.add("answered")
    event = usage_of(row)
    if event is None:
        return None
    if isinstance(event, Used) and event.rule == RECORD_RULE:
        model = as_str(as_dict(as_dict(row.get("data")).get("usage")).get("model"))
        return tail.told(event, row).replace(model=model)
    counted = isinstance(event, Used) and row.get("type") != _ENDED
    if isinstance(event, Compacted) and event.after is not None and "ended" in tail.superseded and not answered:
        tail.guess = tail.told(event, row)
    elif tail.guess is None and not answered:
        tail.guess = tail.told(event, row)
        tail.superseded.update(["ended"] if row.get("type") == _ENDED else [])
    tail.superseded.difference_update(["ended"] if counted else [])
    return (tail.guess or tail.new) if answered or isinstance(event, Compacted) else None


def completed(tail: Tail, found: TailState) -> TailState:
    """Return ``found``, read from the end, with model and version, and without a count that is out of date."""
    from handoff_cli.transcripts.tail import at_most, version_of

    kept = found.rule == AFTER_COMPACTION and "ended" in tail.superseded
    if found.rule != RECORD_RULE and tail.guess:
        found = found if kept else tail.guess
    elif found.rule != RECORD_RULE and "answered" in tail.superseded:
        found = found.replace(tokens=None, rule="")
    if found.rule == RECORD_RULE and tail.last((_BACK, b"usage_record"), _is_back, tail.new.size):
        found = at_most(found)
    if found.window is None:
        told = tail.last((b"maxPromptTokens", b"tokenLimit"), _window_in, _LOOKED_BACK_BYTES)
        found = found.replace(window=told or (tail.old.window if tail.old else None))
    version = found.version or (tail.old.version if tail.old else "") or version_of(tail.stream)
    model = found.model or tail.last((b'"model"', b'Model"'), _model_in, _LOOKED_BACK_BYTES) or ""
    return found.replace(version=version, model=model or (tail.old.model if tail.old else ""))


def _is_back(row: dict[str, Any]) -> bool | None:
    """Return whether a row takes events back (True) or is the record of a response (False); None: neither."""
    if row.get("type") == "session.snapshot_rewind":
        return True
    told = usage_of(row)
    return False if isinstance(told, Used) and told.rule == RECORD_RULE else None


def _window_in(row: dict[str, Any]) -> int | None:
    told = usage_of(row)
    return told.window if isinstance(told, Used) else None


def _model_in(row: dict[str, Any]) -> str | None:
    data = as_dict(row.get("data"))
    if _is_subagents(row):
        return None
    names = (
        "selectedModel",
        "newModel",
        "currentModel",
        *(("model",) if row.get("type") == "assistant.message" else ()),
    )
    return next((as_str(data.get(name)) for name in names if as_str(data.get(name))), None)


def _is_subagents(row: dict[str, Any]) -> bool:
    return bool(row.get("agentId") or as_dict(row.get("data")).get("parentToolCallId"))


def _called(id_: str, name: str, arguments: Any, time: str | None) -> Iterator[Event]:
    """Yield a call. The to-dos stand in a table of the session's: what asks for that is like a tool that lists them."""
    query = as_str(as_dict(arguments).get("query")) if name == "sql" else ""
    if "todo" not in query:
        yield Called(id_, name, arguments, time)
        return
    from handoff_cli.transcripts.copilot_todos import written_in  # not where only the usage is read

    yield Called(id_, name, arguments, time, like="todo_write")
    if todos := list(written_in(query)):
        yield Called(f"{id_}-todos", "todo_write", {"todos": todos, "merge": True}, time, nested=True)
        yield Returned(f"{id_}-todos", "", failed=False, time=time, repeated=True)


def _returned(data: dict[str, Any], time: str | None) -> Returned:
    """Return a tool's answer: a command's failure is in its exit code, though the call succeeded."""
    success = data.get("success")
    text = text_in(as_dict(data.get("result")).get("content")) or as_str(as_dict(data.get("error")).get("message"))
    code = as_dict(data.get("shellExecution")).get("exitCode")
    if not isinstance(code, int) or isinstance(code, bool):
        from handoff_cli.transcripts.tools import exit_code_at_end  # not where only the usage is read

        code = exit_code_at_end(text) if "<shellId:" in text else None
    failed = not success if isinstance(success, bool) else None
    kinds = [as_dict(edit).get("kind") for edit in as_list(data.get("fileEdits"))]
    return Returned(as_str(data.get("toolCallId")), text, failed, code, time, created=kinds == ["create"])
