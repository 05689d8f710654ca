"""Amp: ``~/.local/share/amp/threads/T-<id>.json``, one JSON document with Anthropic's blocks and Amp's own answers.

Each response's ``usage`` holds the whole prompt, ``totalInputTokens``, and what the model takes at most,
``maxInputTokens``.
Sources of the rules: Amp's plugin API (ThreadMessage), ccusage and agentsview, which read the same files.
"""

from __future__ import annotations

import os
import re

from handoff_cli.transcripts.events import Compacted, Returned, Said, Seen, Turned, Used, cut_off
from handoff_cli.transcripts.messages import anthropic_message
from handoff_cli.transcripts.values import (
    as_dict,
    as_list,
    as_str,
    compact_json,
    sum_tokens,
    text_in,
    time_of,
    tokens_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "amp"
OPENING = ("amp",)
OPENING_BY_INPUT = True  # amp --help: "start an interactive session with a user message": echo "..." | amp

RULE = "total input tokens of the last response"
LAST = rb'"totalInputTokens"\s*:\s*(\d{1,12})'
_TREE = re.compile(rb'"trees"\s*:\s*\[\s*\{[^\]]{0,4096}?"uri"\s*:\s*"file://([^"]{1,4096})"')
_PARTS = ("inputTokens", "cacheCreationInputTokens", "cacheReadInputTokens")


def logs(search: Search) -> Iterator[Log]:
    """Yield the threads of all projects."""
    from handoff_cli.agents.search import files, made

    root = search.environ.get("AMP_DATA_DIR") or search.data_root("amp")
    return made(AGENT, "amp", files(os.path.join(root, "threads"), r"T-.+\.json"))


def folder_of(log: Log) -> str | None:
    """Return the first folder of the thread's workspace, which stands at one end of the document or the other."""
    from urllib.parse import unquote

    from handoff_cli.agents.search import head_of
    from handoff_cli.transcripts.source import end_of

    for part in (head_of(log.path), end_of(log.path)):
        found = _TREE.search(part)
        if found:
            return unquote(found[1].decode("utf-8", "replace"))
    return None


def sniff(head: str) -> float:
    """A document whose id is a thread's, or with what only Amp writes into one."""
    if head[:1] != "{" or '"messages"' not in head:
        return 0.0
    marks = ('"agentMode"', '"nextMessageId"', '"messageId"', '"toolUseID"', '"usageLedger"')
    thread = '"T-' in head and '"id"' in head
    return 0.95 if thread and any(mark in head for mark in marks) else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the thread."""
    for key, value in source.members():
        if key == "id":
            yield Seen(session_id=as_str(value))
        elif key == "created":
            yield Seen(time=time_of(value))
        elif key == "env":
            client = as_dict(as_dict(as_dict(value).get("initial")).get("platform"))
            yield Seen(version=as_str(client.get("clientVersion")))
        elif key == "messages":
            yield from _message(as_dict(value))


def _message(message: dict[str, Any]) -> Iterator[Event]:
    usage = as_dict(message.get("usage"))
    sent = as_dict(message.get("meta")).get("sentAt")
    time = time_of(usage.get("timestamp")) or time_of(sent)
    role = message.get("role")
    if role == "info":
        yield from _info(message, time)
        return
    plain = {key: value for key, value in message.items() if key != "usage"}
    for event in anthropic_message({**plain, "timestamp": time}):
        if not isinstance(event, Returned):
            yield event
    for block in map(as_dict, as_list(message.get("content"))):
        if block.get("type") == "tool_result":
            yield _returned(block, time)
    yield from _used(usage, time)
    stopped = as_dict(message.get("state")).get("stopReason")
    yield from cut_off(stopped)
    if stopped == "end_turn":
        yield Turned(time)


def _info(message: dict[str, Any], time: str | None) -> Iterator[Event]:
    for block in map(as_dict, as_list(message.get("content"))):
        if block.get("type") == "summary":
            yield Compacted(time=time)
            yield Said("user", text_in(block.get("summary")), time, visible=False, kind="summary")


def _used(usage: dict[str, Any], time: str | None) -> Iterator[Event]:
    yield Seen(model=as_str(usage.get("model")), time=time)
    tokens = tokens_of(usage.get("totalInputTokens")) or sum_tokens(usage, _PARTS)
    if tokens:
        yield Used(tokens, RULE, None, tokens_of(usage.get("maxInputTokens")) or None, time)


def _returned(block: dict[str, Any], time: str | None) -> Returned:
    """Amp's answers have a state of their own; a command's result holds what it exited with."""
    id_ = as_str(block.get("toolUseID")) or as_str(block.get("tool_use_id"))
    run = as_dict(block.get("run"))
    if not run:
        return Returned(id_, text_in(block.get("content")), block.get("is_error") is True, None, time)
    result, status = run.get("result"), run.get("status")
    if status == "rejected-by-user":
        return Returned(id_, f"Tool execution rejected by user: {as_str(run.get('reason'))}", True, None, time)
    error = as_str(as_dict(run.get("error")).get("message"))
    code = tokens_of(as_dict(result).get("exitCode"))
    failed = status in ("error", "cancelled") or as_dict(result).get("success") is False or bool(code)
    text = as_dict(result).get("output")
    text = text if isinstance(text, str) else text_in(result) or compact_json(result)
    return Returned(id_, error or text, failed, code, time)
