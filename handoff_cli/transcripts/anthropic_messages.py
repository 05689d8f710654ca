"""Anthropic messages: requests ``{"system", "tools", "messages"}``, bare messages and responses, as JSON or JSONL."""

from __future__ import annotations

from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Started, Used
from handoff_cli.transcripts.source import in_order
from handoff_cli.transcripts.values import as_dict, as_str, compact_json, sum_tokens, text_in, time_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = None

RULE = "input + cache creation + cache read of the last response"
_PROMPT_KEYS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
_OWN = ('"tool_use"', '"tool_result"', '"input_schema"', '"stop_reason"', '"cache_control"', '"thinking"')
_FOREIGN = ('"tool_calls"', '"choices"', '"developer"')


def sniff(head: str) -> float:
    """Messages with a role and blocks only Anthropic has, or a system prompt beside the messages."""
    if head[:1] not in ("{", "[") or '"role"' not in head or '"content"' not in head:
        return 0.0
    beside = head.startswith("{") and '"messages"' in head and '"system":' in head
    own = beside or any(mark in head for mark in _OWN)
    return 0.8 if own and not any(mark in head for mark in _FOREIGN) else 0.1


def events(source: Source) -> Iterator[Event]:
    """Yield the events of messages; a bare response is one message."""
    return in_order(source, _events(source))


def _events(source: Source) -> Iterator[Event]:
    if not source.is_jsonl():
        role = ""
        for key, value in source.members():
            role = as_str(value) if key == "role" else role
            yield from _member(key, value, role)
        return
    for row in source.rows():
        if "role" in row:
            yield from message(row)
            continue
        if "messages" in row:
            yield Started()
        for key, value in row.items():
            for element in value if isinstance(value, list) else (value,):
                yield from _member(key, element, "")


def _member(key: str | None, value: Any, role: str) -> Iterator[Event]:
    if key in (None, "messages") and isinstance(value, dict):
        yield from message(value)
    elif key == "content":
        yield from block(value, role or "assistant", None)
    elif key == "system":
        yield Said("system", text_in(value), visible=False)
    elif key == "tools":
        yield Said("system", compact_json(value), visible=False)
    elif key == "model":
        yield Seen(model=as_str(value))
    elif key == "usage":
        yield from _usage(value)


def message(value: dict[str, Any]) -> Iterator[Event]:
    """Yield the events of one message."""
    role, content = value.get("role"), value.get("content")
    role = role if role in ("assistant", "system") else "user"
    time = time_of(value.get("timestamp", value.get("ts")))
    if as_str(value.get("model")):
        yield Seen(model=as_str(value.get("model")), time=time)
    for part in content if isinstance(content, list) else (content,):
        yield from block(part, role, time)
    yield from _usage(value.get("usage"))


def block(part: Any, role: str, time: str | None) -> Iterator[Event]:
    """Yield the event of one content block; images have none."""
    if isinstance(part, str):
        yield Said(role, part, time, visible=role != "system")
        return
    fields = as_dict(part)
    kind = fields.get("type")
    if kind in ("tool_use", "server_tool_use"):
        yield Called(as_str(fields.get("id")), as_str(fields.get("name")), fields.get("input"), time)
    elif kind == "tool_result":
        failed = fields.get("is_error") is True
        yield Returned(as_str(fields.get("tool_use_id")), text_in(fields.get("content")), failed, None, time)
    elif kind == "text":
        yield Said(role, as_str(fields.get("text")), time, visible=role != "system")
    elif kind == "thinking":
        yield Said(role, as_str(fields.get("thinking")), time, visible=False, kind="reasoning")
    elif kind == "document":
        yield Said(role, text_in(as_dict(fields.get("source")).get("data")), time, visible=False)


def _usage(usage: Any) -> Iterator[Event]:
    tokens = sum_tokens(usage, _PROMPT_KEYS)
    if tokens is not None:
        yield Used(tokens, RULE)
