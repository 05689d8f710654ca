"""Token counting: equal to tiktoken, offline, cold in milliseconds.

Names are loaded when first used, so that counting a prompt does not pay for reading a conversation.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.tokens.count import TextCounter, TokenCount, count_tokens
    from handoff_cli.tokens.decode import StreamDecoder
    from handoff_cli.tokens.incremental import FileState, recount
    from handoff_cli.tokens.messages import MessageCount, count_messages
    from handoff_cli.tokens.stream import StreamCounter

__all__ = [
    "FileState",
    "MessageCount",
    "StreamCounter",
    "StreamDecoder",
    "TextCounter",
    "TokenCount",
    "count_messages",
    "count_tokens",
    "recount",
]

_HOMES = {
    "FileState": "incremental",
    "MessageCount": "messages",
    "StreamCounter": "stream",
    "StreamDecoder": "decode",
    "TextCounter": "count",
    "TokenCount": "count",
    "count_messages": "messages",
    "count_tokens": "count",
    "recount": "incremental",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
