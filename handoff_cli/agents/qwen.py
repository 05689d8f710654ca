"""Qwen Code: ``~/.qwen/projects/<project>/chats/<session>.jsonl``, rows in a tree, Gemini's parts in them; exports.

A rewind begins a new branch; ``usageMetadata`` and ``contextWindowSize`` come with each response.
What ``/export`` writes has a message of its own for each call, with its answer in it, and no tree.
Source of the rules: QwenLM/qwen-code, ``chatRecordingService.ts``, ``ui/utils/export``. Checked on a log of 0.24.4.
"""

from __future__ import annotations

import os

from handoff_cli.agents.windows import UsableRule
from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.gemini_words import printed_by_shell
from handoff_cli.transcripts.source import standing_rows
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
    """Rows that name their session and parent as Claude Code's do, but whose messages are made of parts; an export."""
    if _EXPORTED.match(head):
        return 0.97
    if not head.startswith("{") or '"sessionId"' not in head or '"parentUuid"' not in head:
        return 0.0
    return 0.97 if _PARTS.search(head) or '"systemPayload"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the branch that stands, without those of subagents, or of an export."""
    if found := _EXPORTED.match(source.head()):
        yield from _exported(source.rows() if found[1] else (as_dict(value) for _, value in source.members()))
        return
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


_EXPORTED = lazily(
    r'\{\s*"(?:type"\s*:\s*"(session_metadata)"|sessionId"\s*:\s*"[^"]{1,100}",\s*"startTime"\s*:\s*"[^"]{1,60}",\s*"messages")'
)
"""How what ``/export jsonl`` and ``/export json`` write begins."""


def _exported(rows: Iterable[dict[str, Any]]) -> Iterator[Event]:
    for row in rows:
        time, kind = time_of(row.get("timestamp")), row.get("type")
        session, branch, folder = (as_str(row.get(it)) for it in ("sessionId", "gitBranch", "cwd"))
        yield Seen(as_str(row.get("model")), None, session, None, time, branch=branch, folder=folder)
        message = as_dict(row.get("message"))
        if kind in ("user", "assistant"):
            thought = "reasoning" * (message.get("role") == "thinking")
            yield Said(kind, text_in(message.get("parts")), time, visible=not thought, kind=thought)
        if tokens := tokens_of(as_dict(row.get("usageMetadata")).get("promptTokenCount")):
            yield Used(tokens, RULE, as_str(row.get("uuid")) or None, None, time)
        if call := as_dict(row.get("toolCall")):
            yield from _exported_call(call, time)


def _exported_call(call: dict[str, Any], time: str | None) -> Iterator[Event]:
    """Yield a call and its answer; of an older export its title alone tells what was given."""
    from handoff_cli.transcripts.tools import exit_code_at_end  # not where only the usage is read

    id_, (name, _, about) = as_str(call.get("toolCallId")), as_str(call.get("title")).partition(": ")
    yield Called(id_, name, call.get("rawInput") or _given(name, about), time)
    shown = [as_dict(it) for it in as_list(call.get("content"))]
    text = "\n".join(text_in(it.get("content")) for it in shown)
    code = exit_code_at_end(text)
    failed = call.get("status") == "failed" or bool(code)
    yield Returned(id_, printed_by_shell(text), failed, code, time, text.startswith(_CREATED), ended=True)


def _given(name: str, about: str) -> dict[str, str]:
    """Return what a call was given by what is said about it: the command, the file."""
    if name == "Shell":
        return {"command": _DESCRIPTION.sub("", about)}
    return {"file_path": about.removeprefix("Writing to ").partition(": ")[0]} if about else {}


_DESCRIPTION = lazily(r"(?: \[in [^\]\n]{1,400}\])?(?: \[background\])?(?: \([^\n]{0,400}\))?\Z")


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
