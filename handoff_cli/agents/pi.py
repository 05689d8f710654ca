"""pi and OpenClaw, which keeps pi's log: a tree of rows, of which the way to the last row is the conversation.

Sources of the rules: badlogic/pi-mono, ``docs/session.md`` and ``compaction.ts``; openclaw/openclaw,
``session-management-compaction.md``. Checked on a log of pi 1.5.0.
"""

from __future__ import annotations

import os

from handoff_cli.agents.openclaw_log import report_in, shown, spawned, typed
from handoff_cli.agents.windows import UsableRule
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used, cut_off
from handoff_cli.transcripts.source import standing_rows
from handoff_cli.transcripts.tools import exit_code_at_end
from handoff_cli.transcripts.values import as_dict, as_list, as_str, sum_tokens, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "pi"
OPENING = ("pi", "{prompt}")  # pi's README: a message on the command line begins an interactive session
USABLE = (UsableRule("badlogic/pi-mono, compaction.ts: the reserve before it compacts", reserve=16_384),)

RULE = "total tokens of the last response"
_PARTS = ("input", "output", "cacheRead", "cacheWrite")
_UNFINISHED = ("aborted", "error")
_SUMMARIES = {"branchSummary": "summary", "compactionSummary": "summary", "custom": "content"}


def logs(search: Search) -> Iterator[Log]:
    """Yield the sessions, which lie in a folder per project; a file's name ends in the session's id."""
    from handoff_cli.agents.search import files, folders, made

    root = os.path.join(search.root("PI_CODING_AGENT_DIR", ".pi", "agent"), "sessions")
    for folder in folders(search.environ.get("PI_CODING_AGENT_SESSION_DIR") or root):
        for log in made(AGENT, "pi", files(folder, r".+\.jsonl")):
            yield log.replace(session=log.session.rpartition("_")[2])


def folder_of(log: Log) -> str | None:
    """Return the folder a session was begun in: its header tells."""
    from handoff_cli.agents.search import cwd_in, head_of

    return cwd_in(head_of(log.path)) or None


def sniff(head: str) -> float:
    """A header with the session's folder, then rows that name the row they follow."""
    first = head.partition("\n")[0]
    header = first.startswith("{") and '"type"' in first and '"session"' in first and '"cwd"' in first
    return 0.95 if header and '"payload"' not in first and '"sessionId"' not in first else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the branch that stands; what a compaction kept is said again, out of sight."""
    kept, sub_agents = _Kept(), _SubAgents()
    for row in standing_rows(source, "id", "parentId"):
        time, kind = time_of(row.get("timestamp")), row.get("type")
        if kind == "session":
            yield Seen(session_id=as_str(row.get("id")), time=time, folder=as_str(row.get("cwd")))
        elif kind == "model_change":
            yield Seen(model=as_str(row.get("modelId")), time=time)
        elif kind == "message":
            told = sub_agents.reporting(_message(as_dict(row.get("message")), time))
            yield from kept.noting(as_str(row.get("id")), told)
        elif kind == "compaction":
            yield Compacted(None, tokens_of(row.get("tokensBefore")) or None, None, time)
            yield Said("user", as_str(row.get("summary")), time, visible=False, kind="summary")
            yield from kept.since(as_str(row.get("firstKeptEntryId")))
        elif kind in ("branch_summary", "custom_message"):
            text = as_str(row.get("summary")) or text_in(row.get("content"))
            yield from kept.noting(as_str(row.get("id")), [Said("user", text, time, visible=False)])


class _SubAgents:
    """The sub-agents of OpenClaw that were begun, by their labels: each reports later, in a message of its own."""

    def __init__(self) -> None:
        self._asked: dict[str, str] = {}
        self._waiting: dict[str, str] = {}

    def reporting(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Called) and event.name == "sessions_spawn":
                asked = as_dict(event.input)
                label = self._asked[event.id] = as_str(asked.get("label")) or as_str(asked.get("task"))
                event = event.replace(input={"description": label, **asked})  # noqa: PLW2901
            elif isinstance(event, Returned) and event.id in self._asked and spawned(event.text):
                self._waiting[self._asked[event.id]] = event.id
                continue
            elif isinstance(event, Said) and not event.visible and (told := report_in(event.text)):
                label, report, failed = told
                yield Returned(self._waiting.pop(label, ""), report, failed, time=event.time, repeated=True)
            yield event


class _Kept:
    """What was said since the last compaction, row by row: the next one keeps the end of it."""

    def __init__(self) -> None:
        self._said: list[tuple[str, Said]] = []

    def noting(self, id_: str, events: Any) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Said):
                self._said.append((id_, event.replace(visible=False)))
            elif isinstance(event, Returned):
                self._said.append((id_, Said("tool", event.text, event.time, visible=False)))
            yield event

    def since(self, id_: str) -> Iterator[Event]:
        ids = [name for name, _ in self._said]
        self._said = self._said[ids.index(id_) :] if id_ in ids else []
        yield from (said for _, said in self._said)


def _message(message: dict[str, Any], time: str | None) -> Iterator[Event]:
    role, content = as_str(message.get("role")), message.get("content")
    if role == "user":
        text = text_in(content)
        words = None if as_dict(message.get("provenance")).get("kind") != "internal_system" else ""
        words = typed(text) if words is None else words
        yield Said("user", text, time, visible=words != "", words=words or None)
    elif role == "assistant":
        yield from _assistant(message, time)
    elif role == "toolResult":
        text, failed, code = shown(text_in(content), message.get("details"), as_str(message.get("toolName")))
        failed = failed or message.get("isError") is True
        code = exit_code_at_end(text) if failed and code is None else code
        yield Returned(as_str(message.get("toolCallId")), text, failed, code, time)
    elif role == "bashExecution":
        id_ = f"bash {time}"
        code = tokens_of(message.get("exitCode"))
        yield Called(id_, "bash", {"command": as_str(message.get("command"))}, time)
        yield Returned(id_, as_str(message.get("output")), None, code, time)
    elif role == "system":
        sections = as_dict(message.get("sections")).values()
        yield Said("system", text_in([content, *sections, message.get("toolsAdded")]), time, visible=False)
    elif role in _SUMMARIES:
        yield Said("user", text_in(message.get(_SUMMARIES[role])), time, visible=False, kind="summary")


def _assistant(message: dict[str, Any], time: str | None) -> Iterator[Event]:
    yield Seen(model=as_str(message.get("model")), time=time)
    for part in map(as_dict, as_list(message.get("content"))):
        kind = part.get("type")
        if kind == "toolCall":
            arguments = part.get("arguments")
            folder = as_str(as_dict(arguments).get("workdir"))  # of OpenClaw's commands
            yield Called(as_str(part.get("id")), as_str(part.get("name")), arguments, time, folder=folder)
        elif kind == "text":
            yield Said("assistant", as_str(part.get("text")), time)
        elif kind == "thinking":
            yield Said("assistant", as_str(part.get("thinking")), time, visible=False, kind="reasoning")
    usage = as_dict(message.get("usage"))
    tokens = tokens_of(usage.get("totalTokens")) or sum_tokens(usage, _PARTS)
    if tokens and message.get("stopReason") not in _UNFINISHED:
        yield Used(tokens, RULE, as_str(message.get("responseId")) or None, None, time)
    yield from cut_off(message.get("stopReason"))
    if message.get("stopReason") in ("stop", "aborted"):
        yield Turned(time, stopped=message["stopReason"] == "aborted")
