"""ShareGPT: ``[{"conversations": [{"from": "human", "value": "…"}], "system": "…"}]``, or one per line."""

from __future__ import annotations

from handoff_cli.transcripts.events import Called, Returned, Said, Started
from handoff_cli.transcripts.source import in_order
from handoff_cli.transcripts.values import as_dict, as_list, as_str, compact_json, object_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = None

_ROLES = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant", "system": "system"}


def sniff(head: str) -> float:
    """Turns with ``from`` and ``value``."""
    turns = head[:1] in ("[", "{") and '"from"' in head and '"value"' in head
    return (0.9 if '"conversations"' in head else 0.5) if turns else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the turns; of several conversations the last is the context."""
    return in_order(source, _events(source))


def _events(source: Source) -> Iterator[Event]:
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
    elif who in _ROLES:
        yield Said(_ROLES[who], text, visible=who != "system")
