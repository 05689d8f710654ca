"""LangChain messages: ``message_to_dict`` (``{"type", "data"}``) and ``dumpd`` (``{"lc", "id", "kwargs"}``).

A JSON document or one message per line; shapes as written by langchain-core 1.8.
"""

from __future__ import annotations

from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Used
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = None

RULE = "input tokens of the last message with usage metadata"
_KINDS = ("human", "ai", "system", "tool", "function", "chat", "remove")
_CLASSES = {
    "HumanMessage": "human",
    "AIMessage": "ai",
    "AIMessageChunk": "ai",
    "SystemMessage": "system",
    "ToolMessage": "tool",
    "FunctionMessage": "function",
    "ChatMessage": "chat",
}
_ROLES = {"human": "user", "user": "user", "ai": "assistant", "assistant": "assistant", "system": "system"}


def sniff(head: str) -> float:
    """Messages of a LangChain type with their data, or constructors of its classes."""
    if head[:1] not in ("[", "{"):
        return 0.0
    if '"lc"' in head and '"kwargs"' in head:
        return 0.9
    typed = any(f'"type": "{kind}"' in head or f'"type":"{kind}"' in head for kind in _KINDS)
    return 0.85 if typed and '"data"' in head and '"content"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the messages, bare, under ``messages``, or one per line."""
    rows = source.rows() if source.is_jsonl() else (value for _, value in source.members() if isinstance(value, dict))
    for row in rows:
        yield from _message(row)


def _message(row: dict[str, Any]) -> Iterator[Event]:
    if "kwargs" in row:
        kind = _CLASSES.get(as_str((as_list(row.get("id")) or [None])[-1]), "")
        data = as_dict(row["kwargs"])
    else:
        kind, data = as_str(row.get("type")), as_dict(row.get("data"))
    if kind == "chat":
        kind = as_str(data.get("role"))
    text = text_in(data.get("content"))
    if kind in ("tool", "function"):
        status = data.get("status")
        failed = status == "error" if isinstance(status, str) else None
        yield Returned(as_str(data.get("tool_call_id")), text, failed)
    elif kind in _ROLES:
        yield Said(_ROLES[kind], text, visible=kind != "system")
    if kind == "ai":
        yield from _response(data)


def _response(data: dict[str, Any]) -> Iterator[Event]:
    meta = as_dict(data.get("response_metadata"))
    model = as_str(meta.get("model_name")) or as_str(meta.get("model"))
    if model:
        yield Seen(model=model)
    tokens = tokens_of(as_dict(data.get("usage_metadata")).get("input_tokens"))
    if tokens is not None:
        yield Used(tokens, RULE)
    for call in map(as_dict, as_list(data.get("tool_calls"))):
        yield Called(as_str(call.get("id")), as_str(call.get("name")), call.get("args"))
