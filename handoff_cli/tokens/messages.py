"""Tokens of a conversation: its text, and what the chat format adds around it, by family of model.

OpenAI's rules are those of the OpenAI Cookbook, ``examples/How_to_count_tokens_with_tiktoken.ipynb``; for messages and
flat tool definitions it shows them equal to the API's own figures. Anthropic publishes none: the frame of a message
is that measured by ctok. What no rule covers is named in the notes, never silently left out.

What an image costs follows the formulas its vendor publishes; its size is read from the first bytes of the file.
OpenAI (platform.openai.com/docs/guides/images-vision): low detail is a fixed price; else the image is fitted into
2048 x 2048, its short side brought down to 768, and each 512-pixel tile costs the same. Anthropic
(docs.anthropic.com/en/docs/vision): fitted to a long side of 1568 pixels, width x height / 750, about 1600 at most.
"""

from __future__ import annotations

from math import ceil

from handoff_cli.core.record import Record
from handoff_cli.core.usage import weakest
from handoff_cli.models.lookup import bare_name, find_model
from handoff_cli.tokens.count import CTOK_FRAMES, TextCounter, TokenCount, claude_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from handoff_cli.models.lookup import Calibration, ModelInfo

    Message = Mapping[str, Any]

_REPLY = 3
_TOOL_END = 12
_PROPERTIES, _PROPERTY, _ENUM, _ENUM_ITEM = 3, 3, -3, 3

_TILE_PRICES = (
    # beginning of the id, price of the image, price of a tile
    ("gpt-4o-mini", 2833, 5667),
    ("gpt-4o", 85, 170),
    ("chatgpt-4o", 85, 170),
    ("gpt-4.1-mini", None, None),  # priced by patches, at rates that have changed since
    ("gpt-4.1-nano", None, None),
    ("gpt-4.1", 85, 170),
    ("gpt-4.5", 85, 170),
    ("gpt-4-turbo", 85, 170),
    ("o1", 75, 150),
    ("o3", 75, 150),
)
_FIT, _SHORT_SIDE, _TILE = 2048, 768, 512
_CLAUDE_LONG_SIDE, _CLAUDE_PIXELS, _CLAUDE_MOST = 1568, 750, 1600

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_HEAD = 1 << 16


class MessageCount(Record):
    """The tokens of a conversation.

    Attributes:
        tokens: Text and overhead.
        method: As in ``TokenCount``; ``estimated`` as soon as anything rests on a rule that is not the model's own.
        encoding: The encoding that counted the text.
        low: The least the true figure will probably be, in tokens.
        high: The most it will probably be, in tokens.
        notes: What was not counted, or counted by a borrowed rule.
    """

    tokens: int
    method: str
    encoding: str
    low: int
    high: int
    notes: tuple[str, ...]


def count_messages(
    messages: Iterable[Message],
    model: str | None = None,
    encoding: str | None = None,
    *,
    tools: Iterable[Message] = (),
    safe: bool = False,
    calibrations: Mapping[str, Calibration] | None = None,
) -> MessageCount:
    """Return the tokens of ``messages`` as a prompt for ``model``.

    Args:
        messages: OpenAI's shape (``role``, ``content`` as text, parts or None, ``name``, ``tool_calls``); the content
            blocks of Anthropic's are understood too.
        model: The id of a model; OpenAI's rules are used where none is named.
        encoding: A tiktoken encoding; goes before the model's.
        tools: Tool definitions, OpenAI's or Anthropic's.
        safe: Give the upper end of an estimate as the figure.
        calibrations: The user's own factors by model, as ``count.Scale`` takes them.

    Raises:
        UnknownEncodingError: No such encoding, or its vocabulary is not on this machine.
    """
    conversation = _Conversation(model, encoding, calibrations)
    for message in messages:
        conversation.add(message)
    conversation.add_tools(list(tools))
    return conversation.result(safe=safe)


def message_overhead(role: str, model: str | None = None, encoding: str | None = None) -> TokenCount:
    """Return what the chat format adds to a text that is one message of ``role``: its frame and the role itself.

    Raises:
        UnknownEncodingError: No such encoding, or its vocabulary is not on this machine.
    """
    counter = TextCounter(model, encoding)
    counter.feed(role)
    per_message, _, _ = _frame(find_model(model) if model else None)
    return counter.result().plus(per_message)


class _Conversation:
    def __init__(self, model: str | None, encoding: str | None, calibrations: Mapping[str, Calibration] | None) -> None:
        self._info = find_model(model) if model else None
        self._new_counter: Callable[[], TextCounter] = lambda: TextCounter(model, encoding, calibrations=calibrations)
        self._encoding = self._new_counter().encoding
        self._per_message, self._per_name, self._overhead = _frame(self._info)
        self._methods = ["counted"]
        self._sums = [0, 0, 0]
        self._notes: dict[str, None] = {}
        if self._info and not self._info.counted:
            self._methods.append("estimated")
            if not self._info.family.startswith("claude"):
                self._note(f"the message frame of the {self._info.family} family is not published: OpenAI's was used")

    def add(self, message: Message) -> None:
        self._overhead += self._per_message
        for key, value in message.items():
            if key == "content":
                self._content(value)
            elif key in ("tool_calls", "function_call"):
                self._calls(value if isinstance(value, list) else [value])
            elif isinstance(value, str):
                self._text(value)
                self._overhead += self._per_name if key == "name" else 0
            elif value is not None:
                self._note(f"{key} was not counted")

    def add_tools(self, tools: list[Message]) -> None:
        if not tools:
            return
        if self._info is None or self._info.family == "openai":
            for tool in tools:
                self._openai_tool(tool.get("function", tool) if isinstance(tool, dict) else tool)
            self._overhead += _TOOL_END
        else:
            for tool in tools:
                self._text(_json(tool))
            self._note("tool definitions were counted as their JSON; what the vendor puts around them was not")

    def result(self, *, safe: bool) -> MessageCount:
        tokens, low, high = (figure + self._overhead for figure in self._sums)
        return MessageCount(
            high if safe else tokens, weakest(*self._methods), self._encoding, low, high, tuple(self._notes)
        )

    def _text(self, text: str) -> None:
        counter = self._new_counter()
        counter.feed(text)
        count = counter.result()
        self._methods.append(count.method)
        self._sums = [a + b for a, b in zip(self._sums, (count.tokens, count.low, count.high), strict=True)]

    def _note(self, note: str) -> None:
        self._notes[note] = None

    def _content(self, content: Any) -> None:
        if isinstance(content, str):
            self._text(content)
        elif isinstance(content, list):
            for part in content:
                self._part(part if isinstance(part, dict) else {"type": "text", "text": str(part)})
        elif content is not None:
            self._note("content that is neither text nor a list was not counted")

    def _part(self, part: Message) -> None:
        kind = str(part.get("type"))
        if kind in ("image_url", "input_image", "image"):
            self._image(part)
        elif kind == "tool_use":
            self._calls([{"name": part.get("name"), "arguments": _json(part.get("input"))}])
        elif kind == "tool_result":
            self._content(part.get("content"))
        elif isinstance(text := part.get("text", part.get(kind)), str):
            self._text(text)
        else:
            self._note(f"{kind} parts were not counted")

    def _image(self, part: Message) -> None:
        image: Any = part.get("image_url")
        image = image if isinstance(image, dict) else {"url": image, **part}
        source = part.get("source")
        inline = source.get("data") if isinstance(source, dict) else None
        size = size_of_base64(str(inline)) if inline else size_of_url(str(image.get("url")))
        tokens = image_tokens(self._info, size, str(image.get("detail", "auto")))
        if tokens is None:
            self._note("images without a published formula or a readable size were not counted")
        else:
            self._overhead += tokens

    def _calls(self, calls: list[Any]) -> None:
        for call in calls:
            function = _object(call.get("function", call)) if isinstance(call, dict) else {}
            for key in ("name", "arguments"):
                if isinstance(function.get(key), str):
                    self._text(function[key])
        self._methods.append("estimated")
        self._note("tool calls were counted as name and arguments; the frame around them is not published")

    def _openai_tool(self, function: Any) -> None:
        if not isinstance(function, dict):
            self._note("tool definitions that are no objects were not counted")
            return
        self._overhead += 10 if self._encoding == "cl100k_base" else 7
        self._text(f"{function.get('name', '')}:{_no_full_stop(function.get('description'))}")
        properties = _object(_object(function.get("parameters", function.get("input_schema"))).get("properties"))
        self._overhead += _PROPERTIES if properties else 0
        for name, schema in properties.items():
            self._overhead += _PROPERTY
            if not isinstance(schema, dict):
                self._text(f"{name}:{_json(schema)}")
                continue
            if isinstance(schema.get("enum"), list):
                self._overhead += _ENUM
                for item in schema["enum"]:
                    self._overhead += _ENUM_ITEM
                    self._text(str(item))
            self._text(f"{name}:{schema.get('type', '')}:{_no_full_stop(schema.get('description'))}")
            if inner := {key: schema[key] for key in schema.keys() - {"type", "description", "enum"}}:
                self._text(_json(inner))
                self._methods.append("estimated")
                self._note("nested tool parameters were counted as their JSON; no rule for them is published")


def _frame(info: ModelInfo | None) -> tuple[int, int, int]:
    """Return tokens per message, per name and per conversation."""
    if info and info.family.startswith("claude"):
        return CTOK_FRAMES[claude_version(info)], 0, 0
    if info and info.pattern == "gpt-3.5-turbo-0301":
        return 4, -1, _REPLY
    return 3, 1, _REPLY


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _no_full_stop(description: Any) -> str:
    return str(description or "").removesuffix(".")


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def image_tokens(model: ModelInfo | None, size: tuple[int, int] | None, detail: str) -> int | None:
    """Return the tokens of an image; None where there is no formula for ``model`` or the size is needed but unknown.

    Args:
        model: The model that will see it.
        size: Width and height in pixels.
        detail: ``low``, ``high`` or ``auto`` (read as ``high``, as OpenAI does for all but small images).
    """
    if model is None:
        return None
    if model.family.startswith("claude"):
        return _claude(*size) if size else None
    name = bare_name(model.model)
    base, tile = next(((base, tile) for start, base, tile in _TILE_PRICES if name.startswith(start)), (None, None))
    if base is None or tile is None or not (size or detail == "low"):
        return None
    return base if detail == "low" or size is None else base + tile * _tiles(*size)


def image_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, GIF or JPEG; None for anything else, or if it is damaged."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:  # noqa: PLR2004 (signature, chunk head, two numbers)
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:  # noqa: PLR2004 (signature, two numbers)
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def size_of_url(url: str) -> tuple[int, int] | None:
    """Return the size of an image given as a ``data:`` URL; None for any other address (nothing is fetched)."""
    head, found, body = url.partition(";base64,")
    return size_of_base64(body) if found and head.startswith("data:") else None


def size_of_base64(body: str) -> tuple[int, int] | None:
    """Return the size of an image in base64; looks no further than its first 48 KiB."""
    from binascii import Error, a2b_base64

    try:
        return image_size(a2b_base64(body[:_HEAD]))
    except (Error, ValueError):
        return None


def _tiles(width: int, height: int) -> int:
    scale = min(1.0, _FIT / max(width, height, 1))
    scale *= min(1.0, _SHORT_SIDE / max(min(width, height) * scale, 1))
    return ceil(width * scale / _TILE) * ceil(height * scale / _TILE)


def _claude(width: int, height: int) -> int:
    scale = min(1.0, _CLAUDE_LONG_SIDE / max(width, height, 1))
    return min(ceil(width * scale * height * scale / _CLAUDE_PIXELS), _CLAUDE_MOST)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 (every JPEG segment begins so)
        if data[at + 1] in _JPEG_FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
