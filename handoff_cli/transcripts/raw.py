"""Chat messages as the file has them, names, tool calls and images included: for the rules that count each of them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.source import Source

RAW_FORMATS = ("openai_chat", "anthropic_messages")


class Conversation:
    """The last conversation of a file of OpenAI or Anthropic messages: its ``messages`` and ``tools`` as written.

    ``skipped`` is how many elements of its lists are no message.
    """

    def __init__(self, source: Source) -> None:
        self.messages: list[dict[str, Any]] = []
        self.tools: list[dict[str, Any]] = []
        self.skipped = 0
        for key, value in _members(source):
            if key is None and isinstance(value, dict) and "messages" in value:
                self.messages, self.tools, self.skipped = [], [], 0
                for name in ("system", "tools", "functions", "messages"):
                    for element in _elements(value.get(name)):
                        self._take(name, element)
            else:
                self._take(key, value)

    def _take(self, key: str | None, value: Any) -> None:
        if key == "system":
            # Anthropic keeps the system prompt beside the messages: blocks of text, or one string.
            self.messages.append({"role": "system", "content": [value] if isinstance(value, dict) else value})
        elif key in ("tools", "functions") and isinstance(value, dict):
            self.tools.append(value)
        elif key in (None, "messages", "input") and isinstance(value, dict) and "role" in value:
            self.messages.append(value)
        elif key in (None, "messages", "input"):
            self.skipped += 1


def _members(source: Source) -> Iterator[tuple[str | None, Any]]:
    if source.is_jsonl():
        for row in source.rows():
            yield None, row
    else:
        yield from source.members()


def _elements(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
