"""Reading conversations: sources of bytes, the events readers make of them, what events add up to; message formats.

A message format is a module here with ``AGENT = None``, ``sniff(head)`` and ``events(source)``, and a name in
``FORMATS``. The readers of agents' logs stand with the agents; ``agents.readers`` joins both.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMATS = ("llm_logs", "langchain", "sharegpt", "chat_exports", "anthropic_messages", "openai_chat", "text")
"""The message formats, the more particular first: of equally sure readers the first is taken."""


def load_format(name: str) -> Any:
    """Return the reader of the message format ``name``, one of ``FORMATS``."""
    from importlib import import_module

    return import_module(f"{__name__}.{'conversation' if name == 'text' else name}")
