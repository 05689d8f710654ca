"""OpenAI messages: chat completions and the Responses API, requests and responses, as JSON or JSONL.

A JSONL file has one message per line, or one conversation per line (the fine-tuning format).
"""

from __future__ import annotations

from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Started, Used
from handoff_cli.transcripts.source import in_order
from handoff_cli.transcripts.values import as_dict, as_list, as_str, compact_json, sum_tokens, text_in, time_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = None

RULE = "prompt tokens of the last response"
_OWN = ('"tool_calls"', '"tool_call_id"', '"choices"', '"developer"', '"system"', '"output_text"', '"input_text"')
_OWN_RESPONSE = ('"object": "response"', '"object":"response"', '"chat.completion"')


def sniff(head: str) -> float:
    """Messages with a role; surer with the keys only OpenAI has."""
    if head[:1] not in ("{", "["):
        return 0.0
    if any(mark in head for mark in _OWN_RESPONSE):
        return 0.85
    if '"role"' not in head or ('"content"' not in head and '"tool_calls"' not in head):
        return 0.0
    return 0.75 if any(mark in head for mark in _OWN) else 0.6


def events(source: Source) -> Iterator[Event]:
    """Yield the events of messages; of several conversations in one file the last is the context."""
    return in_order(source, _events(source))


def _events(source: Source) -> Iterator[Event]:
    if not source.is_jsonl():
        for key, value in source.members():
            yield from _member(key, value)
        return
    for row in source.rows():
        if "role" in row or "type" in row:
            yield from _item(row)
            continue
        if "messages" in row:
            yield Started()
        for key, value in row.items():
            for element in value if isinstance(value, list) else (value,):
                yield from _member(key, element)


def _member(key: str | None, value: Any) -> Iterator[Event]:
    if key in (None, "messages", "input", "output") and isinstance(value, dict):
        yield from _item(value)
    elif key == "input" and isinstance(value, str):
        yield Said("user", value)
    elif key == "choices":
        yield from _item(as_dict(as_dict(value).get("message")))
    elif key in ("instructions", "tools", "functions") and value:
        yield Said("system", compact_json(value), visible=False)
    elif key == "model":
        yield Seen(model=as_str(value))
    elif key == "usage":
        yield from _usage(value)


def _usage(usage: Any) -> Iterator[Event]:
    tokens = sum_tokens(usage, ("prompt_tokens",))
    tokens = sum_tokens(usage, ("input_tokens",)) if tokens is None else tokens
    if tokens is not None:
        yield Used(tokens, RULE)


def _item(item: dict[str, Any]) -> Iterator[Event]:
    kind, time = item.get("type"), time_of(item.get("timestamp", item.get("created_at")))
    if kind in ("function_call", "custom_tool_call"):
        arguments = item.get("arguments", item.get("input"))
        yield Called(as_str(item.get("call_id")), as_str(item.get("name")), arguments, time)
    elif kind in ("function_call_output", "custom_tool_call_output"):
        yield Returned(as_str(item.get("call_id")), text_in(item.get("output")), time=time)
    elif kind == "reasoning":
        yield Said("assistant", text_in(item.get("summary")), time, visible=False)
    elif "role" in item:
        yield from _message(item, time)


def _message(message: dict[str, Any], time: str | None) -> Iterator[Event]:
    role, text = as_str(message.get("role")), text_in(message.get("content"))
    if role in ("tool", "function"):
        yield Returned(as_str(message.get("tool_call_id")) or as_str(message.get("name")), text, time=time)
    elif role in ("system", "developer"):
        yield Said("system", text, time, visible=False)
    elif role in ("user", "assistant"):
        yield Said(role, text or as_str(message.get("refusal")), time)
    for call in map(as_dict, as_list(message.get("tool_calls"))):
        function = as_dict(call.get("function")) or as_dict(call.get("custom"))
        arguments = function.get("arguments", function.get("input"))
        yield Called(as_str(call.get("id")), as_str(function.get("name")), arguments, time)
    legacy = as_dict(message.get("function_call"))
    if legacy:
        name = as_str(legacy.get("name"))
        yield Called(name, name, legacy.get("arguments"), time)
    yield from _usage(message.get("usage"))
