"""GitHub Copilot CLI: ``~/.copilot/session-state/<session>/events.jsonl``, lines of ``{"type", "data", "timestamp"}``.

Responses record their output only. The size of the context is told by the session's own events, where they are kept:
``session.usage_info``, ``session.compaction_complete``, ``session.truncation`` and ``session.shutdown``.
Checked on a census of event types of 1.0.77.
"""

from __future__ import annotations

from handoff_cli.transcripts.events import Called, Compacted, Outdated, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.values import as_dict, as_str, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "copilot"

RULE = "current tokens, as the session reports them"
_TYPES = ('"session.start"', '"user.message"', '"assistant.message"', '"assistant.turn_start"', '"session.resume"')


def sniff(head: str) -> float:
    """Events named ``session.start`` and the like, with their data."""
    found = head.startswith("{") and '"data"' in head and any(mark in head for mark in _TYPES)
    return 0.95 if found else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the session; what a subagent said is not in its context."""
    for row in source.rows():
        data, time = as_dict(row.get("data")), time_of(row.get("timestamp"))
        kind = as_str(row.get("type"))
        if data.get("parentToolCallId"):
            continue
        if kind.startswith("session."):
            yield from _session(kind, data, time)
        elif kind in ("user.message", "assistant.message", "system.message"):
            yield from _message(kind.partition(".")[0], data, time)
        elif kind == "tool.execution_start":
            yield Called(as_str(data.get("toolCallId")), as_str(data.get("toolName")), data.get("arguments"), time)
        elif kind == "tool.execution_complete":
            success = data.get("success")
            text = text_in(as_dict(data.get("result")).get("content")) or as_str(
                as_dict(data.get("error")).get("message")
            )
            failed = not success if isinstance(success, bool) else None
            yield Returned(as_str(data.get("toolCallId")), text, failed, None, time)
        elif kind == "assistant.turn_end":
            yield Turned(time)


def _session(kind: str, data: dict[str, Any], time: str | None) -> Iterator[Event]:
    model = as_str(data.get("selectedModel")) or as_str(data.get("newModel")) or as_str(data.get("currentModel"))
    window = tokens_of(data.get("tokenLimit"))
    yield Seen(model, as_str(data.get("copilotVersion")), as_str(data.get("sessionId")), window or None, time)
    if kind == "session.compaction_complete" and data.get("success") is not False:
        after = tokens_of(data.get("postCompactionTokens"))
        yield Compacted(None, tokens_of(data.get("preCompactionTokens")), after, time)
        summary = as_str(data.get("summaryContent"))
        if summary:
            yield Said("user", summary, time, visible=False)
    elif kind in ("session.usage_info", "session.shutdown"):
        tokens = tokens_of(data.get("currentTokens"))
        if tokens is not None:
            yield Used(tokens, RULE, None, window or None, time)


def _message(role: str, data: dict[str, Any], time: str | None) -> Iterator[Event]:
    if role == "assistant":
        yield Seen(model=as_str(data.get("model")), time=time)
        yield Outdated(time)
    yield Said(role, as_str(data.get("content")), time, visible=role != "system")
