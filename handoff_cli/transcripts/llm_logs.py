"""``llm logs --json`` (simonw/llm): one row per call, each with the whole context's input tokens."""

from __future__ import annotations

from handoff_cli.transcripts.events import Said, Seen, Turned, Used
from handoff_cli.transcripts.values import as_str, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = None

RULE = "input tokens of the newest call of the newest conversation"


def sniff(head: str) -> float:
    """Rows with a prompt, a response and the conversation they belong to."""
    marks = ('"conversation_id"', '"prompt"', '"response"')
    return 0.95 if head[:1] == "[" and all(mark in head for mark in marks) else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the calls of the conversation that has the newest one."""
    calls = [(as_str(row.get("datetime_utc")), _conversation(row)) for row in _rows(source)]
    newest = max(calls, key=lambda call: call[0])[1] if calls else ""
    for row in _rows(source):
        if _conversation(row) == newest:
            yield from _call(row)


def _rows(source: Source) -> Iterator[dict[str, Any]]:
    return (value for _, value in source.members() if isinstance(value, dict))


def _conversation(row: dict[str, Any]) -> str:
    return as_str(row.get("conversation_id"))


def _call(row: dict[str, Any]) -> Iterator[Event]:
    time = time_of(row.get("datetime_utc"))
    yield Seen(as_str(row.get("model")), None, _conversation(row), None, time)
    yield Said("system", as_str(row.get("system")), time, visible=False)
    yield Said("user", as_str(row.get("prompt")), time)
    yield Said("assistant", as_str(row.get("response")), time)
    tokens = tokens_of(row.get("input_tokens"))
    if tokens is not None:
        yield Used(tokens, RULE, None, None, time)
    yield Turned(time)
