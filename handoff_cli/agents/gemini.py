"""Gemini CLI (google-gemini/gemini-cli): ``docs/hooks/reference.md`` and ``chatRecordingService.ts``.

A chat is ``~/.gemini/tmp/<project>/chats/session-*``: one JSON document, or a log of JSON lines, in which a message is
written again under its id as it grows, ``{"$set": {...}}`` changes the metadata (and may bring all messages anew) and
``{"$rewindTo": id}`` takes back that message and all after it.
"""

from __future__ import annotations

import os

from handoff_cli.agents.hooks import Event as HookEvent
from handoff_cli.agents.hooks import Reply, claude_shaped, claude_shaped_answer
from handoff_cli.agents.windows import UsableRule
from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Used
from handoff_cli.transcripts.tools import exit_code_at_end
from handoff_cli.transcripts.values import as_dict, as_list, as_str, decode, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.agents.settings import Scope, Target
    from handoff_cli.agents.settings.obstacles import Around, Obstacle
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source
    from handoff_cli.transcripts.tail import Tail, TailState

AGENT = "gemini"

WINDOWS = (("unknown", 1_048_576, "google-gemini/gemini-cli, tokenLimits.ts"),)
USABLE = (UsableRule("google-gemini/gemini-cli, DEFAULT_COMPRESSION_TOKEN_THRESHOLD", share=0.5),)

KINDS = {
    "SessionStart": "start",
    "BeforeAgent": "prompt",
    "AfterTool": "tool",
    "AfterAgent": "stop",
    "SessionEnd": "end",
}
LISTENING = ("SessionStart", "BeforeAgent", "AfterTool")
"""PreCompress is no compaction: it fires before every request. That the chat was compressed, its file tells."""

_TIMEOUT_MILLISECONDS = 30_000

RULE = "input tokens of the last response"
_CREATED_CHARS = 200


def logs(search: Search) -> Iterator[Log]:
    """Yield the chats in the folders of the project's hash or name; subagents' lie in folders below."""
    from hashlib import sha256

    from handoff_cli.agents.search import files, folders, head_of, made

    root = os.path.join(search.root("GEMINI_CLI_HOME"), ".gemini")
    listed = as_dict(as_dict(decode(head_of(os.path.join(root, "projects.json")))).get("projects"))
    known = {as_str(name): path for path, name in listed.items()}
    known |= {sha256(name.encode("utf-8", "surrogateescape")).hexdigest(): name for name in search.names}
    for folder in folders(os.path.join(root, "tmp")):
        owner = head_of(os.path.join(folder, ".project_root")).decode("utf-8", "surrogateescape").strip()
        project = owner or known.get(os.path.basename(folder), "")
        if not search.names or project in search.names:
            yield from made("gemini", "gemini", files(os.path.join(folder, "chats"), r"session-.+\.jsonl?"), project)


def folder_of(_log: Log) -> str:
    """Return nothing: the chat does not tell where it was."""
    return ""


def event_of(payload: Mapping[str, Any], _name: str, environ: Mapping[str, str]) -> HookEvent | None:
    """Return what the hook's input says, None where it is nothing for us."""
    return claude_shaped(payload, KINDS, environ.get("GEMINI_PROJECT_DIR"))


def answer(event: HookEvent, reply: Reply) -> str:
    """Return the hook's output: JSON, or nothing; any other text would be an error."""
    return claude_shaped_answer(event, reply, LISTENING)


def obstacles(around: Around) -> Iterator[Obstacle]:
    """Yield what keeps hooks from running (geminicli.com/docs: hooks, trusted folders)."""
    from handoff_cli.agents.settings.obstacles import (
        Obstacle,
        Switch,
        machine_file,
        member,
        read_settings,
        switched_off,
    )

    folder = os.path.join(around.root("GEMINI_CLI_HOME", ""), ".gemini")
    system = around.environ.get("GEMINI_CLI_SYSTEM_SETTINGS_PATH") or machine_file(
        "/etc/gemini-cli/settings.json",
        "/Library/Application Support/GeminiCli/settings.json",
        r"C:\ProgramData\gemini-cli\settings.json",
    )
    own = os.path.join(folder, "settings.json")
    files = (own, os.path.join(around.project, ".gemini", "settings.json"), system)
    off = [Switch(path, False) for path in ("hooksConfig.enabled", "hooks.enabled", "tools.enableHooks")]
    yield from switched_off(files, *off, *(Switch(f"{it}.disabled", "handoff") for it in ("hooksConfig", "hooks")))
    trust = read_settings(os.path.join(folder, "trustedFolders.json"))
    refused = isinstance(trust, dict) and trust.get(around.project) == "DO_NOT_TRUST"
    if refused and member(read_settings(own), "security.folderTrust.enabled") is True:
        yield Obstacle(f"Gemini CLI does not trust {around.project}", "trust it: type /permissions in Gemini CLI")


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change."""
    from handoff_cli.agents.claude_code import mcp_entry
    from handoff_cli.agents.settings import Target, command
    from handoff_cli.agents.settings.json import Entry

    home = scope.environ.get("GEMINI_CLI_HOME") if scope.user else None
    line = command.shell("hook", "gemini")
    handler = {"name": "handoff", "type": "command", "command": line, "timeout": _TIMEOUT_MILLISECONDS}
    entries = [Entry(("hooks", name), {"hooks": [handler]}) for name in KINDS]
    path = os.path.join(home or scope.root, ".gemini", "settings.json")
    return [Target(path, "json", (*entries, *([mcp_entry()] if scope.mcp else [])))]


def sniff(head: str) -> float:
    """A session of a project, or rows of the log."""
    if not head.startswith("{"):
        return 0.0
    if '"projectHash"' in head and '"sessionId"' in head:
        return 0.96
    return 0.9 if '"$set"' in head or '"$rewindTo"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the messages that stand at the end, in the order they first came."""
    if source.is_jsonl():
        yield from _log(source)
        return
    for key, value in source.members():
        if key == "messages":
            yield from _message(as_dict(value))
        else:
            yield from _seen({key or "": value})


def usage_of(row: dict[str, Any]) -> Used | None:
    """Return the usage of a message: its input tokens, in which cached ones are included."""
    tokens = tokens_of(as_dict(row.get("tokens")).get("input"))
    if row.get("type") != "gemini" or tokens is None:
        return None
    return Used(tokens, RULE, None, None, time_of(row.get("timestamp")))


def _log(source: Source) -> Iterator[Event]:
    """Yield what stands, at the place of its last writing; the log is read twice, so that nothing need be held."""
    standing: dict[str, tuple[int, int]] = {}
    for row in source.rows():
        standing = apply(standing, row, source.position)
    places = set(standing.values())
    for row in source.rows():
        yield from _seen(as_dict(row.get("$set")) or row)
        for index, message in enumerate(messages_in(row)):
            if (source.position, index) in places:
                yield from _message(message)


def apply(standing: dict[str, tuple[int, int]], row: dict[str, Any], line: int) -> dict[str, tuple[int, int]]:
    """Return where each standing message was last written, as (line, index), once ``row`` at ``line`` is applied."""
    to = row.get("$rewindTo")
    if isinstance(to, str):
        kept = list(standing).index(to) if to in standing else 0
        return dict(list(standing.items())[:kept])
    if replaces_all(row):
        standing = {}
    for index, message in enumerate(messages_in(row)):
        standing[message["id"]] = (line, index)
    return standing


def replaces_all(row: dict[str, Any]) -> bool:
    """Tell whether ``row`` brings all messages anew, as at the start, on compression and on an aborted turn."""
    return not _is_message(row) and isinstance(as_dict(row.get("$set", row)).get("messages"), list)


def messages_in(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages a row of the log writes: itself, or those it brings anew."""
    if isinstance(row.get("$rewindTo"), str):
        return []
    brought = [row] if _is_message(row) else as_list(as_dict(row.get("$set", row)).get("messages"))
    return [message for message in map(as_dict, brought) if _is_message(message)]


def _is_message(row: dict[str, Any]) -> bool:
    return isinstance(row.get("id"), str)


def _seen(row: dict[str, Any]) -> Iterator[Event]:
    session, start = as_str(row.get("sessionId")), time_of(row.get("startTime"))
    if session or start:
        yield Seen(session_id=session, time=start)


def _message(message: dict[str, Any]) -> Iterator[Event]:
    time, kind = time_of(message.get("timestamp")), message.get("type")
    if kind == "user":
        yield Said("user", text_in(message.get("content")), time)
    if kind != "gemini":
        return
    yield Seen(model=as_str(message.get("model")), time=time)
    used = usage_of(message)
    if used:
        yield used
    yield Said("assistant", text_in(message.get("content")), time)
    for call in map(as_dict, as_list(message.get("toolCalls"))):
        yield from _call(call)


def _call(call: dict[str, Any]) -> Iterator[Event]:
    time, id_ = time_of(call.get("timestamp")), as_str(call.get("id"))
    yield Called(id_, as_str(call.get("name")), call.get("args"), time)
    answers = [as_dict(as_dict(part).get("functionResponse")).get("response") for part in as_list(call.get("result"))]
    text = "\n".join(text_in(answer) or as_str(as_dict(answer).get("error")) for answer in answers)
    status = call.get("status")
    if status in ("success", "error", "cancelled"):
        created = "Successfully created" in text[:_CREATED_CHARS]
        yield Returned(id_, text, status != "success", exit_code_at_end(text), time, created)


def telling(tail: Tail, row: dict[str, Any]) -> TailState | None:
    """Return what a row of the log says of the context, read from the end: see ``transcripts.tail``.

    A message counts as it was last written; a rewind takes back what cannot be told from behind.
    """
    if isinstance(row.get("$rewindTo"), str):
        return _read_forwards(tail)
    for message in reversed(messages_in(row)):
        id_ = message["id"]
        used = None if id_ in tail.superseded else usage_of(message)
        tail.superseded.add(id_)
        if used:
            return tail.told(used, message)
    return tail.new if replaces_all(row) else None


def _read_forwards(tail: Tail) -> TailState:
    standing: dict[str, tuple[int, int]] = {}
    told: dict[tuple[int, int], TailState] = {}
    for row in tail.source.rows():
        standing = apply(standing, row, tail.source.position)
        for index, message in enumerate(messages_in(row)):
            used = usage_of(message)
            if used:
                told[tail.source.position, index] = tail.told(used, message)
    return told.get(max(set(told).intersection(standing.values()), default=(0, 0)), tail.new)
