"""Exports of chats on the web: ChatGPT's ``conversations.json`` and Claude's, whole or one conversation of them.

An export holds all conversations of an account; the one that changed last is the context. ChatGPT keeps a tree of
messages, of which the branch that ends in ``current_node`` was last shown. Shapes as exported in 2024 to 2026.
"""

from __future__ import annotations

from handoff_cli.transcripts.events import Called, Returned, Said, Seen
from handoff_cli.transcripts.source import in_order
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in, time_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = None

_MOST_MESSAGES = 100_000
_MEMBERS = ("mapping", "current_node", "conversation_id", "uuid", "id")


def sniff(head: str) -> float:
    """Conversations with a ``mapping`` of messages, or with ``chat_messages`` of a ``sender``."""
    if head[:1] not in ("[", "{"):
        return 0.0
    tree = '"mapping"' in head and ('"message"' in head or '"current_node"' in head)
    return 0.95 if tree or ('"chat_messages"' in head and '"sender"' in head) else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the conversation that changed last."""
    return in_order(source, _events(source))


def _events(source: Source) -> Iterator[Event]:
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
    if not parts:
        yield Said(role, as_str(message.get("text")), time)
    for part in parts:
        kind = part.get("type")
        if kind == "text":
            yield Said(role, as_str(part.get("text")), time)
        elif kind == "thinking":
            yield Said(role, as_str(part.get("thinking")), time, visible=False, kind="reasoning")
        elif kind == "tool_use":
            yield Called(as_str(part.get("id")), as_str(part.get("name")), part.get("input"), time)
        elif kind == "tool_result":
            failed = part.get("is_error") is True
            yield Returned(as_str(part.get("tool_use_id")), text_in(part.get("content")), failed, None, time)
    for attached in map(as_dict, as_list(message.get("attachments"))):
        yield Said(role, as_str(attached.get("extracted_content")), time, visible=False)
