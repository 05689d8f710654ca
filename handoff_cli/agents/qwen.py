"""Qwen Code: ``~/.qwen/projects/<project>/chats/<session>.jsonl``, rows in a tree, Gemini's parts in them.

A rewind begins a new branch; ``usageMetadata`` and ``contextWindowSize`` come with each response.
Source of the rules: QwenLM/qwen-code, ``chatRecordingService.ts``. Checked on a log of 0.24.4.
"""

from __future__ import annotations

import os

from handoff_cli.agents.gemini import printed_by_shell
from handoff_cli.agents.windows import UsableRule
from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.source import standing_rows
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "qwen"
USABLE = (UsableRule("QwenLM/qwen-code, COMPRESSION_TOKEN_THRESHOLD", share=0.7),)
OPENING = ("qwen", "-i", "{prompt}")  # qwen --help: --prompt-interactive, execute the prompt and go on

_SUMMARY = "<state_snapshot>"
RULE = "prompt tokens of the last response"
_PARTS = lazily(r'"message"\s*:\s*\{\s*"role"\s*:\s*"(?:user|model|system)"\s*,\s*"parts"\s*:')
_TYPED = (None, "mid_turn_user_message")
"""Subtypes of what a person typed; others are notifications and the like."""
_CREATED = "Successfully created"


def logs(search: Search) -> Iterator[Log]:
    """Yield the chats of all projects."""
    from handoff_cli.agents.search import files, folders, made

    root = search.environ.get("QWEN_RUNTIME_DIR") or search.root("QWEN_HOME", ".qwen")
    for project in folders(os.path.join(root, "projects")):
        yield from made(AGENT, "qwen", files(os.path.join(project, "chats"), r".+\.jsonl"))


def folder_of(log: Log) -> str | None:
    """Return the folder a chat was begun in: every row tells."""
    from handoff_cli.agents.search import cwd_in, head_of

    return cwd_in(head_of(log.path)) or None


def sniff(head: str) -> float:
    """Rows that name their session and parent as Claude Code's do, but whose messages are made of parts."""
    if not head.startswith("{") or '"sessionId"' not in head or '"parentUuid"' not in head:
        return 0.0
    return 0.97 if _PARTS.search(head) or '"systemPayload"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the branch that stands, without those of subagents."""
    for row in standing_rows(source, "uuid", "parentUuid", lambda row: row.get("isSidechain") is not True):
        time, kind = time_of(row.get("timestamp")), row.get("type")
        version, session = as_str(row.get("version")), as_str(row.get("sessionId"))
        branch, folder = as_str(row.get("gitBranch")), as_str(row.get("cwd"))
        yield Seen(as_str(row.get("model")), version, session, None, time, branch=branch, folder=folder)
        parts = list(map(as_dict, as_list(as_dict(row.get("message")).get("parts"))))
        if kind == "user":
            yield from _user(row, parts, time)
        elif kind == "assistant":
            yield from _assistant(row, parts, time)
        elif kind == "tool_result":
            yield from _results(row, parts, time)
        elif row.get("subtype") == "chat_compression":
            yield from _compressed(as_dict(row.get("systemPayload")), time)


def _user(row: dict[str, Any], parts: list[dict[str, Any]], time: str | None) -> Iterator[Event]:
    text = "\n".join(as_str(part.get("text")) for part in parts)
    shown = as_str(as_dict(row.get("systemPayload")).get("displayText"))
    by_person = row.get("provenance", "real_user") == "real_user" and row.get("subtype") in _TYPED
    yield Said("user", text, time, visible=by_person, words=shown or as_str(parts[0].get("text") if parts else ""))


def _assistant(row: dict[str, Any], parts: list[dict[str, Any]], time: str | None) -> Iterator[Event]:
    tokens = tokens_of(as_dict(row.get("usageMetadata")).get("promptTokenCount"))
    if tokens:
        yield Used(tokens, RULE, as_str(row.get("uuid")) or None, tokens_of(row.get("contextWindowSize")) or None, time)
    for part in parts:
        call = as_dict(part.get("functionCall"))
        if call:
            yield Called(as_str(call.get("id")), as_str(call.get("name")), call.get("args"), time)
        elif as_str(part.get("text")):
            thought = part.get("thought") is True
            text = as_str(part.get("text"))
            yield Said("assistant", text, time, visible=not thought, kind="reasoning" if thought else "")
    if parts and not any("functionCall" in part for part in parts):
        yield Turned(time)


def _results(row: dict[str, Any], parts: list[dict[str, Any]], time: str | None) -> Iterator[Event]:
    result = as_dict(row.get("toolCallResult"))
    status, shown = result.get("status"), as_dict(result.get("resultDisplay"))
    failed = status in ("error", "cancelled") if isinstance(status, str) else None
    for part in parts:
        answer = as_dict(part.get("functionResponse"))
        response = as_dict(answer.get("response"))
        text = text_in(response.get("output")) or as_str(response.get("error"))
        if answer:
            id_ = as_str(answer.get("id")) or as_str(result.get("callId"))
            code, created, before = (
                tokens_of(shown.get("exitCode")),
                text.startswith(_CREATED),
                shown.get("originalContent"),
            )
            yield Returned(id_, printed_by_shell(text), failed, code, time, created, before=as_str(before))


def _compressed(payload: dict[str, Any], time: str | None) -> Iterator[Event]:
    """What is left is told in Qwen Code's own estimate, which is no figure of a response: only what there was is."""
    yield Compacted(None, tokens_of(as_dict(payload.get("info")).get("originalTokenCount")) or None, None, time)
    for content in map(as_dict, as_list(payload.get("compressedHistory"))):
        role = "assistant" if content.get("role") == "model" else "user"
        text = text_in(content.get("parts"))
        yield Said(role, text, time, visible=False, kind="summary" if _SUMMARY in text else "")
