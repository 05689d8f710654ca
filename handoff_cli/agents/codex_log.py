"""Codex CLI: ``~/.codex/sessions/YYYY/MM/DD/rollout-*.jsonl``, lines of ``{"timestamp", "type", "payload"}``.

Checked on rollouts of 0.40 to 0.128 and a census of line types up to 0.146.
"""

from __future__ import annotations

import re

from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.tools import exit_code_at_start
from handoff_cli.transcripts.values import (
    as_dict,
    as_list,
    as_str,
    compact_json,
    object_of,
    text_in,
    time_of,
    tokens_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "codex"

RULE = "total tokens of the last token count"
_INJECTED = (
    "<environment_context>",
    "<user_instructions>",
    "<permissions",
    "# AGENTS.md instructions",
    "<INSTRUCTIONS>",
)
_INJECTED_TAG = re.compile(r"\s*<(\w+)>.*</\1>\s*", re.DOTALL)
_STILL_RUNNING = re.compile(r"Process running with session ID (\d+)")
_MAX_BACKGROUND = 200


def sniff(head: str) -> float:
    """Rows with a payload under Codex's own types."""
    if not head.startswith("{") or '"payload"' not in head:
        return 0.0
    types = ("session_meta", "response_item", "event_msg", "turn_context", "compacted", "world_state")
    return 0.95 if any(f'"{name}"' in head for name in types) else 0.0


TELLING = (b"token_count", b"compacted")


def model_of(row: dict[str, Any]) -> str:
    """Return the model a row names, empty where it names none."""
    return as_str(as_dict(row.get("payload")).get("model")) if row.get("type") == "turn_context" else ""


def usage_of(row: dict[str, Any]) -> Used | Compacted | None:
    """Return what a row says of the context: its usage, that it was compacted, or None.

    ``total_token_usage`` adds up the whole session and is no size; ``info`` is null on rows about rate limits only.
    """
    payload, time = as_dict(row.get("payload")), time_of(row.get("timestamp"))
    kind = payload.get("type") if row.get("type") == "event_msg" else None
    if row.get("type") == "compacted" or kind == "context_compacted":
        return Compacted(time=time)
    if kind != "token_count":
        return None
    info = as_dict(payload.get("info"))
    tokens = tokens_of(as_dict(info.get("last_token_usage")).get("total_tokens"))
    return None if tokens is None else Used(tokens, RULE, None, tokens_of(info.get("model_context_window")), time)


def events(source: Source) -> Iterator[Event]:
    """Yield the events of a rollout, each thing once although Codex writes much of it twice."""
    reader = _Rollout()
    for row in source.rows():
        payload, time = as_dict(row.get("payload")), time_of(row.get("timestamp"))
        kind = row.get("type")
        if kind == "session_meta":
            yield from _session(payload, time)
        elif kind == "turn_context":
            yield Seen(model=as_str(payload.get("model")), time=time)
        elif kind == "response_item":
            yield from reader.item(payload, time)
        elif kind in ("event_msg", "compacted"):
            yield from reader.event(row, payload, time)


def _session(payload: dict[str, Any], time: str | None) -> Iterator[Event]:
    session = as_str(payload.get("id")) or as_str(payload.get("session_id"))
    yield Seen(version=as_str(payload.get("cli_version")), session_id=session, time=time)
    instructions = text_in(payload.get("base_instructions")) or as_str(payload.get("instructions"))
    tools = payload.get("dynamic_tools")
    for text in (instructions, compact_json(tools) if tools else ""):
        if text:
            yield Said("system", text, time, visible=False)


class _Rollout:
    """Remembers what was said last, to drop its second writing, and which background command a poll belongs to."""

    def __init__(self) -> None:
        self.last_said: tuple[str, str] | None = None
        self.compacted = False
        self.background: dict[str, str] = {}
        self.polls: dict[str, str] = {}

    def event(self, row: dict[str, Any], payload: dict[str, Any], time: str | None) -> Iterator[Event]:
        found, kind = usage_of(row), payload.get("type")
        if isinstance(found, Compacted):
            yield from self._compaction(found, payload)
        elif found:
            self.compacted = False
            yield found
        elif kind in ("user_message", "agent_message"):
            yield from self._say(
                "user" if kind == "user_message" else "assistant", as_str(payload.get("message")), time
            )
        elif kind == "exec_command_end":
            text = as_str(payload.get("aggregated_output")) or as_str(payload.get("stderr"))
            yield Returned(
                as_str(payload.get("call_id")), text, None, _exit_code(payload.get("exit_code")), time, repeated=True
            )
        elif kind == "task_started":
            yield Seen(window=tokens_of(payload.get("model_context_window")), time=time)
        elif kind in ("task_complete", "turn_aborted"):
            yield Turned(time)

    def _compaction(self, found: Compacted, payload: dict[str, Any]) -> Iterator[Event]:
        """Yield one compaction for its two rows, and what stands in the place of the conversation."""
        if not self.compacted:
            yield found
        self.compacted = True
        for text in (as_str(payload.get("message")), text_in(payload.get("replacement_history"))):
            if text:
                yield Said("user", text, found.time, visible=False, kind="summary")

    def item(self, payload: dict[str, Any], time: str | None) -> Iterator[Event]:
        kind, call = payload.get("type"), as_str(payload.get("call_id"))
        if kind == "message":
            yield from self._message(payload, time)
        elif kind == "reasoning":
            yield Said("assistant", text_in(payload.get("summary")), time, visible=False, kind="reasoning")
        elif kind in ("function_call", "custom_tool_call", "local_shell_call"):
            self.last_said = None
            arguments = payload.get("arguments", payload.get("input", payload.get("action")))
            name = as_str(payload.get("name")) or kind.removesuffix("_call")
            self._remember_poll(name, call, arguments)
            yield Called(call, name, arguments, time)
        elif kind in ("function_call_output", "custom_tool_call_output", "local_shell_call_output"):
            yield from self._output(call, payload.get("output"), time)

    def _message(self, payload: dict[str, Any], time: str | None) -> Iterator[Event]:
        role = as_str(payload.get("role"))
        for part in as_list(payload.get("content")):
            text = text_in(part)
            if role == "assistant" or (role == "user" and not _is_injected(text)):
                yield from self._say(role, text, time)
            elif text:
                yield Said("user" if role == "user" else "system", text, time, visible=False)

    def _say(self, role: str, text: str, time: str | None) -> Iterator[Event]:
        if (role, text) != self.last_said and text:
            yield Said(role, text, time)
        self.last_said = (role, text)

    def _remember_poll(self, name: str, call: str, arguments: Any) -> None:
        if name == "write_stdin":
            started_by = self.background.get(str(object_of(arguments).get("session_id")))
            if started_by and len(self.polls) < _MAX_BACKGROUND:
                self.polls[call] = started_by

    def _output(self, call: str, output: Any, time: str | None) -> Iterator[Event]:
        fields = object_of(output)
        text = text_in(fields.get("output", fields.get("content"))) or text_in(output)
        code = _exit_code(as_dict(fields.get("metadata")).get("exit_code"))
        code = exit_code_at_start(text) if code is None else code
        running = _STILL_RUNNING.search(text[:500])
        if running:
            self.background[running[1]] = call
            if len(self.background) > _MAX_BACKGROUND:
                del self.background[next(iter(self.background))]
        success = fields.get("success")
        failed = not success if isinstance(success, bool) else None if code is None else code != 0
        yield Returned(call, text, failed, code, time)
        first = self.polls.pop(call, None)
        if first:
            yield Returned(first, text, None, code, time, repeated=True)


def _exit_code(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_injected(text: str) -> bool:
    return text.lstrip().startswith(_INJECTED) or bool(_INJECTED_TAG.fullmatch(text))
