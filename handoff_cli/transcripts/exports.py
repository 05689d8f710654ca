"""Conversations that other programs export: chats on the web, ``llm logs``, LangChain's messages, ShareGPT, Kiro.

An export of a chat on the web holds all conversations of an account; the one that changed last is the context.
ChatGPT's ``conversations.json`` keeps a tree of messages, of which the branch that ends in ``current_node`` was last
shown; shapes of it and of Claude's as exported in 2024 to 2026. ``llm logs --json`` (simonw/llm) has one row per call,
each with the whole context's input tokens. LangChain writes ``message_to_dict`` (``{"type", "data"}``) and ``dumpd``
(``{"lc", "id", "kwargs"}``), as langchain-core 1.8 does. ShareGPT is ``[{"conversations": [{"from": "human", "value":
"…"}], "system": "…"}]``, or one per line. ``/save`` of Amazon Q's command line, and of Kiro's after it, has an element
for each turn of the model's, with what it answers (aws/amazon-q-developer-cli, ``conversation.rs`` and ``message.rs``).
"""

from __future__ import annotations

from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts import Format
from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Started, Turned, Used
from handoff_cli.transcripts.messages import block
from handoff_cli.transcripts.source import in_order
from handoff_cli.transcripts.tools import known_by_arguments
from handoff_cli.transcripts.values import (
    as_dict,
    as_list,
    as_str,
    compact_json,
    object_of,
    text_in,
    time_of,
    tokens_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

_MOST_MESSAGES = 100_000
_MEMBERS = ("mapping", "current_node", "conversation_id", "uuid", "id")
_LLM_RULE = "input tokens of the newest call of the newest conversation"
_LANGCHAIN_RULE = "input tokens of the last message with usage metadata"
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
_LANGCHAIN_ROLES = {"human": "user", "user": "user", "ai": "assistant", "assistant": "assistant", "system": "system"}
_SHAREGPT_ROLES = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant", "system": "system"}


def _is_chat_export(head: str) -> float:
    """Conversations with a ``mapping`` of messages, or with ``chat_messages`` of a ``sender``."""
    if head[:1] not in ("[", "{"):
        return 0.0
    tree = '"mapping"' in head and ('"message"' in head or '"current_node"' in head)
    return 0.95 if tree or ('"chat_messages"' in head and '"sender"' in head) else 0.0


def _chat_export(source: Source) -> Iterator[Event]:
    """Yield the events of the conversation that changed last."""
    newest: dict[str, Any] | None = None
    changed = ""
    lone: dict[str, Any] = {}
    for key, value in source.members():
        if key is None and isinstance(value, dict):
            when = as_str(time_of(value.get("updated_at") or value.get("update_time") or value.get("create_time")))
            if newest is None or when >= changed:
                newest, changed = value, when
        elif key == "chat_messages":
            lone.setdefault(key, []).append(value)
        elif key in _MEMBERS:
            lone[key] = value
    yield from _conversation(lone if newest is None else newest)


def _conversation(value: dict[str, Any]) -> Iterator[Event]:
    session = as_str(value.get("conversation_id")) or as_str(value.get("id")) or as_str(value.get("uuid"))
    yield Seen(session_id=session or None)
    if "chat_messages" in value:
        for message in as_list(value["chat_messages"]):
            yield from _claude(as_dict(message))
        return
    for message in _branch(as_dict(value.get("mapping")), as_str(value.get("current_node"))):
        yield from _chatgpt(message)


def _branch(nodes: dict[str, Any], last: str) -> list[dict[str, Any]]:
    """Return the messages from the root of the tree to the node ``last``; without one, to the node named last."""
    at: str | None = last if last in nodes else next(reversed(nodes), None)
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    while at is not None and at in nodes and at not in seen and len(found) < _MOST_MESSAGES:
        seen.add(at)
        node = as_dict(nodes[at])
        found.append(as_dict(node.get("message")))
        at = as_str(node.get("parent")) or None
    return found[::-1]


def _chatgpt(message: dict[str, Any]) -> Iterator[Event]:
    role = as_str(as_dict(message.get("author")).get("role"))
    content, time = as_dict(message.get("content")), time_of(message.get("create_time"))
    kind = as_str(content.get("content_type"))
    text = text_in(content.get("parts")) or text_in(content.get("text"))
    number = as_str(message.get("id"))
    if model := as_str(as_dict(message.get("metadata")).get("model_slug")):
        yield Seen(model=model, time=time)
    if role == "tool":
        yield Returned(as_str(as_dict(message.get("metadata")).get("parent_id")), text, time=time)
    elif kind == "code" and role == "assistant":
        yield Called(number, as_str(message.get("recipient")) or "code", text, time)
    elif kind in ("thoughts", "reasoning_recap"):
        yield Said("assistant", text or text_in(content.get("thoughts")), time, visible=False, kind="reasoning")
    elif role in ("user", "assistant") and text:
        hidden = as_dict(message.get("metadata")).get("is_visually_hidden_from_conversation") is True
        yield Said(role, text, time, visible=not hidden and kind != "user_editable_context")


def _claude(message: dict[str, Any]) -> Iterator[Event]:
    role = "user" if message.get("sender") == "human" else "assistant"
    time = time_of(message.get("created_at"))
    parts = [part for part in map(as_dict, as_list(message.get("content"))) if part.get("type")]
    for part in parts or (as_str(message.get("text")),):
        yield from block(part, role, time)
    for attached in map(as_dict, as_list(message.get("attachments"))):
        yield Said(role, as_str(attached.get("extracted_content")), time, visible=False)


def _is_llm(head: str) -> float:
    """Rows with a prompt, a response and the conversation they belong to."""
    marks = ('"conversation_id"', '"prompt"', '"response"')
    return 0.95 if head[:1] == "[" and all(mark in head for mark in marks) else 0.0


def _llm(source: Source) -> Iterator[Event]:
    """Yield the calls of the conversation that has the newest one."""
    calls = [(as_str(row.get("datetime_utc")), _llm_conversation(row)) for row in _llm_calls(source)]
    newest = max(calls, key=lambda call: call[0])[1] if calls else ""
    for row in _llm_calls(source):
        if _llm_conversation(row) == newest:
            yield from _llm_call(row)


def _llm_calls(source: Source) -> Iterator[dict[str, Any]]:
    return (value for _, value in source.members() if isinstance(value, dict))


def _llm_conversation(row: dict[str, Any]) -> str:
    return as_str(row.get("conversation_id"))


def _llm_call(row: dict[str, Any]) -> Iterator[Event]:
    time = time_of(row.get("datetime_utc"))
    yield Seen(as_str(row.get("model")), None, _llm_conversation(row), None, time)
    yield Said("system", as_str(row.get("system")), time, visible=False)
    yield Said("user", as_str(row.get("prompt")), time)
    yield Said("assistant", as_str(row.get("response")), time)
    tokens = tokens_of(row.get("input_tokens"))
    if tokens is not None:
        yield Used(tokens, _LLM_RULE, None, None, time)
    yield Turned(time)


def _is_langchain(head: str) -> float:
    """Messages of a LangChain type with their data, or constructors of its classes."""
    if head[:1] not in ("[", "{"):
        return 0.0
    if '"lc"' in head and '"kwargs"' in head:
        return 0.9
    typed = any(f'"type": "{kind}"' in head or f'"type":"{kind}"' in head for kind in _KINDS)
    return 0.85 if typed and '"data"' in head and '"content"' in head else 0.0


def _langchain(source: Source) -> Iterator[Event]:
    """Yield the events of the messages, bare, under ``messages``, or one per line."""
    rows = source.rows() if source.is_jsonl() else (value for _, value in source.members() if isinstance(value, dict))
    for row in rows:
        yield from _langchain_message(row)


def _langchain_message(row: dict[str, Any]) -> Iterator[Event]:
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
    elif kind in _LANGCHAIN_ROLES:
        yield Said(_LANGCHAIN_ROLES[kind], text, visible=kind != "system")
    if kind == "ai":
        yield from _langchain_response(data)


def _langchain_response(data: dict[str, Any]) -> Iterator[Event]:
    meta = as_dict(data.get("response_metadata"))
    model = as_str(meta.get("model_name")) or as_str(meta.get("model"))
    if model:
        yield Seen(model=model)
    tokens = tokens_of(as_dict(data.get("usage_metadata")).get("input_tokens"))
    if tokens is not None:
        yield Used(tokens, _LANGCHAIN_RULE)
    for call in map(as_dict, as_list(data.get("tool_calls"))):
        yield Called(as_str(call.get("id")), as_str(call.get("name")), call.get("args"))


def _is_sharegpt(head: str) -> float:
    """Turns with ``from`` and ``value``."""
    turns = head[:1] in ("[", "{") and '"from"' in head and '"value"' in head
    return (0.9 if '"conversations"' in head else 0.5) if turns else 0.0


def _sharegpt(source: Source) -> Iterator[Event]:
    """Yield the turns; of several conversations the last is the context."""
    if source.is_jsonl():
        for row in source.rows():
            yield from _element(row)
        return
    for key, value in source.members():
        if key is None:
            yield from _element(as_dict(value))
        elif key == "conversations":
            yield from _turn(as_dict(value))
        elif key in ("system", "tools"):
            yield Said("system", compact_json(value), visible=False)


def _element(row: dict[str, Any]) -> Iterator[Event]:
    if "from" in row:
        yield from _turn(row)
        return
    yield Started()
    for key in ("system", "tools"):
        if row.get(key):
            yield Said("system", compact_json(row[key]), visible=False)
    for turn in as_list(row.get("conversations")):
        yield from _turn(as_dict(turn))


def _turn(turn: dict[str, Any]) -> Iterator[Event]:
    who, text = as_str(turn.get("from")), as_str(turn.get("value"))
    if who == "function_call":
        called = object_of(text)
        yield Called("", as_str(called.get("name")), called.get("arguments", text))
    elif who in ("observation", "tool", "function_response"):
        yield Returned("", text)
    elif who in _SHAREGPT_ROLES:
        yield Said(_SHAREGPT_ROLES[who], text, visible=who != "system")


def _is_kiro(head: str) -> float:
    """A conversation whose history is pairs of a user's and an assistant's turn."""
    told = head[:1] == "{" and '"conversation_id"' in head and '"history"' in head
    return 0.95 if told and any(it in head for it in ('"Prompt"', '"ToolUse"', '"ToolUseResults"')) else 0.0


def _kiro(source: Source) -> Iterator[Event]:
    """Yield the events of turns: each says something, or has what the tools of the last one answered."""
    for key, value in source.members():
        if key == "conversation_id":
            yield Seen(session_id=as_str(value))
        elif key == "model_info":
            yield Seen(as_str(as_dict(value).get("model_id")))
        elif key == "history":
            turn = as_dict(value)
            user, answer = as_dict(turn.get("user")), as_dict(turn.get("assistant"))
            time, content = time_of(user.get("timestamp")), as_dict(user.get("content"))
            yield Said("user", as_str(as_dict(content.get("Prompt")).get("prompt")), time)
            yield from _kiro_results(content, time)
            said = as_dict(answer.get("Response")) or as_dict(answer.get("ToolUse"))
            yield Said("assistant", as_str(said.get("content")), time)
            for call in map(as_dict, as_list(said.get("tool_uses"))):
                name, given = as_str(call.get("name")), call.get("args")
                if files := as_list(as_dict(given).get("operations")):  # of fs_read
                    name, given = "read_files", {"files": files}
                yield Called(as_str(call.get("id")), name, given, time, like=known_by_arguments(name, given))
            if "Response" in answer:
                yield Turned(time)


def _kiro_results(content: dict[str, Any], time: str | None) -> Iterator[Event]:
    """Yield what tools answered, and that the user refused, where one did and said something instead."""
    cancelled = as_dict(content.get("CancelledToolUses"))
    results = as_dict(content.get("ToolUseResults")) or cancelled
    for result in map(as_dict, as_list(results.get("tool_use_results"))):
        shown = [as_dict(it) for it in as_list(result.get("content"))]
        told = next((as_dict(it.get("Json")) for it in shown if "Json" in it), {})
        words = (*(as_str(it.get("Text")) for it in shown), as_str(told.get("stdout")), as_str(told.get("stderr")))
        code = told.get("exit_status")
        text = REFUSED if cancelled else "\n".join(filter(None, words)) or (compact_json(told) if told else "")
        ended = int(code) if isinstance(code, str) and code.isdecimal() else None
        failed = bool(ended) or result.get("status") == "Error"
        yield Returned(as_str(result.get("tool_use_id")), text, failed, ended, time, ended=True)
    yield Said("user", as_str(cancelled.get("prompt")), time)


llm_logs = Format(_is_llm, lambda source: in_order(source, _llm(source)))
langchain = Format(_is_langchain, lambda source: in_order(source, _langchain(source)))
kiro_saves = Format(_is_kiro, lambda source: in_order(source, _kiro(source)))
sharegpt = Format(_is_sharegpt, lambda source: in_order(source, _sharegpt(source)))
chat_exports = Format(_is_chat_export, lambda source: in_order(source, _chat_export(source)))
