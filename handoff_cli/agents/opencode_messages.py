"""What messages of opencode's tell, and their parts, wherever they are kept."""

from __future__ import annotations

import re

from handoff_cli.core.answers import is_cut_off
from handoff_cli.transcripts.by_question import replies
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used, cut_off
from handoff_cli.transcripts.hits import as_printed
from handoff_cli.transcripts.values import as_dict, as_list, as_str, decode, sum_tokens, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event

RULE = "total tokens of the last response"


def model_of(message: dict[str, Any]) -> str:
    """Return the model of a message, by the name that a version gives it."""
    model = as_dict(message.get("model"))
    return as_str(message.get("modelID")) or as_str(model.get("modelID")) or as_str(model.get("id"))


def is_compaction(message: dict[str, Any]) -> bool:
    """Tell whether ``message`` replaced what was said before it; one that broke off did not."""
    return message.get("type") == "compaction" or (message.get("summary") is True and not message.get("error"))


def used_by(message: dict[str, Any]) -> Used | None:
    """Return the usage of a response, None where it has none, as one that was broken off."""
    tokens = as_dict(message.get("tokens"))
    if "assistant" not in (message.get("role"), message.get("type")) or message.get("summary") is True:
        return None
    cached = sum_tokens(tokens.get("cache"), ("read", "write")) or 0
    total = tokens_of(tokens.get("total")) or (sum_tokens(tokens, ("input", "output")) or 0) + cached
    time = time_of(as_dict(message.get("time")).get("created"))
    return Used(total, RULE, message.get("id"), None, time) if total else None


def events_of(message: dict[str, Any], parts: list[dict[str, Any]]) -> Iterator[Event]:
    """Yield the events of a message and its parts."""
    time = time_of(as_dict(message.get("time")).get("created"))
    role = as_str(message.get("role"))
    if role:
        session = as_str(message.get("sessionID"))
        yield Seen(model_of(message), as_str(message.get("version")), session, None, time)
    summary = message.get("summary") is True
    if is_compaction(message):
        yield Compacted(time=time)
    for part in parts:
        yield from events_of_part(part, role, time, summary=summary)
    if used := used_by(message):
        yield used
    if role == "assistant":
        yield from cut_off(message.get("finish"))
    if role == "assistant" and as_dict(message.get("error")).get("name") == _ABORTED:
        yield Turned(time, stopped=True)
    if role == "assistant" and message.get("finish") == "stop" and not summary:
        yield Turned(time)


_ABORTED = "MessageAbortedError"


def events_of_part(part: dict[str, Any], role: str, time: str | None, *, summary: bool) -> Iterator[Event]:
    """Yield the events of a part of what ``role`` says; ``summary`` tells that it stands for what was before."""
    kind = part.get("type")
    if kind == "text" and role in ("user", "assistant"):
        text = as_str(part.get("text"))
        shown = not summary and part.get("synthetic") is not True and part.get("ignored") is not True
        yield Said(role, text, time, visible=shown, words=_unquoted(text), kind="summary" if summary else "")
    elif kind == "reasoning":
        yield Said("assistant", as_str(part.get("text")), time, visible=False, kind="reasoning")
    elif kind == "tool":
        yield from _tool(as_str(part.get("callID")), as_str(part.get("tool")), as_dict(part.get("state")), time)


def _unquoted(text: str) -> str | None:
    """Return what was typed where ``opencode run`` put it in quotes, None where it did not."""
    value = decode(text) if text.startswith('"') and text.endswith('"') else None
    return value if isinstance(value, str) else None


def _tool(id_: str, name: str, state: dict[str, Any], time: str | None) -> Iterator[Event]:
    yield Called(id_, name, state.get("input"), time)
    if state.get("status") in ("completed", "error"):
        metadata = {**as_dict(state.get("metadata")), **as_dict(state.get("structured"))}
        error = state.get("error")
        text = text_in(state.get("output")) or text_in(state.get("content"))
        text = text or as_str(error) or as_str(as_dict(error).get("message"))
        around = {"task": _AROUND_REPORT, "read": _AROUND_FILE}.get(name)
        text = around.sub("", text) if around else as_printed(text) if name == "grep" else text
        code = metadata.get("exit")
        exit_code = code if isinstance(code, int) and not isinstance(code, bool) else None
        told = replies(as_dict(state.get("input")).get("questions"), as_list(metadata.get("answers")))
        failed, created = state["status"] == "error" or is_cut_off(text), metadata.get("exists") is False
        yield Returned(id_, text, failed, exit_code, time, created, answers=told)


_AROUND_REPORT = re.compile(
    r"\A(?:<task [^>\n]{0,400}>\n)?(?:task_id: [^\n]{0,200}\n\n)?<task_result>\n?|\n?</task_result>(?:\n</task>)?\s*\Z"
    r"|\s{0,8}<task_metadata>[^<]{0,400}</task_metadata>\s{0,8}\Z"
)
"""What stands around a sub-agent's report."""

_AROUND_FILE = re.compile(
    r"\A(?:<path>[^<]{1,4096}</path>\n<type>file</type>\n<content>|<file>)\n"
    r"|\n\n\((?:End of file|File has more lines|Showing lines|Output capped)[^\n]{0,300}\)\n</(?:content|file)>\s*\Z"
)
"""What stands around the numbered lines of a file that was read."""


def events_of_second(message: dict[str, Any]) -> Iterator[Event]:
    """Yield the events of a message of version 2, whose parts stand in it."""
    time, kind = time_of(as_dict(message.get("time")).get("created")), as_str(message.get("type"))
    yield Seen(model_of(message) or None, None, as_str(message.get("sessionID")), None, time)
    if kind == "compaction":
        yield Compacted(as_str(message.get("reason")) or None, time=time)
        yield Said("user", as_str(message.get("summary")), time, visible=False, kind="summary")
    elif kind == "shell":
        id_ = as_str(message.get("callID")) or as_str(message.get("id"))
        yield Called(id_, "bash", {"command": as_str(message.get("command"))}, time)
        yield Returned(id_, as_str(message.get("output")), None, None, time)
    elif kind in ("user", "synthetic", "system"):
        text = as_str(message.get("text"))
        yield Said("system" if kind == "system" else "user", text, time, visible=kind == "user", words=_unquoted(text))
    for part in map(as_dict, as_list(message.get("content"))) if kind == "assistant" else ():
        if part.get("type") == "tool":
            id_ = as_str(part.get("callID")) or as_str(part.get("id"))
            name = as_str(part.get("name")) or as_str(part.get("tool"))
            yield from _tool(id_, name, as_dict(part.get("state")), time)
        else:
            yield from events_of_part(part, "assistant", time, summary=False)
    if used := used_by(message):
        yield used
    if kind == "assistant":
        yield from cut_off(message.get("finish"))
    if kind == "assistant" and message.get("finish") == "stop":
        yield Turned(time)
