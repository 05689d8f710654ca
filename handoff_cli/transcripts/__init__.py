"""Reading conversations: sources of bytes, the events readers make of them, what events add up to; message formats.

A message format is a ``Format`` under its name in a module here, and a name in ``FORMATS``. The readers
of agents' logs stand with the agents; ``agents.readers`` joins both.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

FORMATS = {
    **dict.fromkeys(("llm_logs", "langchain", "sharegpt", "chat_exports", "kiro_saves"), "exports"),
    **dict.fromkeys(("codex_stream", "gemini_stream", "cursor_stream", "answers"), "streams"),
    **dict.fromkeys(("anthropic_messages", "gemini_messages", "openai_chat"), "messages"),
    "any_json": "any_json",
    "text": "conversation",
}
"""The message formats and their modules, the more particular first: of equally sure readers the first is taken."""


class Format:
    """The reader of a message format, which is no agent's: how sure it is of a text by its head, and its events."""

    AGENT = None

    def __init__(self, sniff: Callable[[str], float], events: Callable[[Source], Iterator[Event]]) -> None:
        self.sniff = sniff
        self.events = events


def load_format(name: str) -> Any:
    """Return the reader of the message format ``name``, one of ``FORMATS``."""
    module = f"{__name__}.{FORMATS[name]}"
    __import__(module)  # importlib is one more to load
    return sys.modules[module] if name == "text" else getattr(sys.modules[module], name)
