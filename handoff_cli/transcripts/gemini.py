"""Gemini CLI: ``~/.gemini/tmp/<project>/chats/session-*``, one JSON document, or an append log of JSON lines.

In the log a message is written again under its id as it grows, ``{"$set": {...}}`` changes the metadata (and may bring
all messages anew) and ``{"$rewindTo": id}`` takes back that message and all after it.
Source of the rules: google-gemini/gemini-cli, ``chatRecordingService.ts``.
"""

from __future__ import annotations

from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Used
from handoff_cli.transcripts.tools import exit_code_at_end
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "gemini"

RULE = "input tokens of the last response"
_CREATED_CHARS = 200


def sniff(head: str) -> float:
    """A session of a project, or rows of the log."""
    if not head.startswith("{"):
        return 0.0
    if '"projectHash"' in head and '"sessionId"' in head:
        return 0.96
    return 0.9 if '"$set"' in head or '"$rewindTo"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the messages that stand at the end, in the order they first came."""
    if source.is_jsonl():
        yield from _log(source)
        return
    for key, value in source.members():
        if key == "messages":
            yield from _message(as_dict(value))
        else:
            yield from _seen({key or "": value})


def usage_of(row: dict[str, Any]) -> Used | None:
    """Return the usage of a message: its input tokens, in which cached ones are included."""
    tokens = tokens_of(as_dict(row.get("tokens")).get("input"))
    if row.get("type") != "gemini" or tokens is None:
        return None
    return Used(tokens, RULE, None, None, time_of(row.get("timestamp")))


def _log(source: Source) -> Iterator[Event]:
    """Yield what stands, at the place of its last writing; the log is read twice, so that nothing need be held."""
    standing: dict[str, tuple[int, int]] = {}
    for row in source.rows():
        standing = apply(standing, row, source.position)
    places = set(standing.values())
    for row in source.rows():
        yield from _seen(as_dict(row.get("$set")) or row)
        for index, message in enumerate(messages_in(row)):
            if (source.position, index) in places:
                yield from _message(message)


def apply(standing: dict[str, tuple[int, int]], row: dict[str, Any], line: int) -> dict[str, tuple[int, int]]:
    """Return where each standing message was last written, as (line, index), once ``row`` at ``line`` is applied."""
    to = row.get("$rewindTo")
    if isinstance(to, str):
        kept = list(standing).index(to) if to in standing else 0
        return dict(list(standing.items())[:kept])
    if replaces_all(row):
        standing = {}
    for index, message in enumerate(messages_in(row)):
        standing[message["id"]] = (line, index)
    return standing


def replaces_all(row: dict[str, Any]) -> bool:
    """Tell whether ``row`` brings all messages anew, as at the start, on compression and on an aborted turn."""
    return not _is_message(row) and isinstance(as_dict(row.get("$set", row)).get("messages"), list)


def messages_in(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages a row of the log writes: itself, or those it brings anew."""
    if isinstance(row.get("$rewindTo"), str):
        return []
    brought = [row] if _is_message(row) else as_list(as_dict(row.get("$set", row)).get("messages"))
    return [message for message in map(as_dict, brought) if _is_message(message)]


def _is_message(row: dict[str, Any]) -> bool:
    return isinstance(row.get("id"), str)


def _seen(row: dict[str, Any]) -> Iterator[Event]:
    session, start = as_str(row.get("sessionId")), time_of(row.get("startTime"))
    if session or start:
        yield Seen(session_id=session, time=start)


def _message(message: dict[str, Any]) -> Iterator[Event]:
    time, kind = time_of(message.get("timestamp")), message.get("type")
    if kind == "user":
        yield Said("user", text_in(message.get("content")), time)
    if kind != "gemini":
        return
    yield Seen(model=as_str(message.get("model")), time=time)
    used = usage_of(message)
    if used:
        yield used
    yield Said("assistant", text_in(message.get("content")), time)
    for call in map(as_dict, as_list(message.get("toolCalls"))):
        yield from _call(call)


def _call(call: dict[str, Any]) -> Iterator[Event]:
    time, id_ = time_of(call.get("timestamp")), as_str(call.get("id"))
    yield Called(id_, as_str(call.get("name")), call.get("args"), time)
    answers = [as_dict(as_dict(part).get("functionResponse")).get("response") for part in as_list(call.get("result"))]
    text = "\n".join(text_in(answer) or as_str(as_dict(answer).get("error")) for answer in answers)
    status = call.get("status")
    if status in ("success", "error", "cancelled"):
        created = "Successfully created" in text[:_CREATED_CHARS]
        yield Returned(id_, text, status != "success", exit_code_at_end(text), time, created)
