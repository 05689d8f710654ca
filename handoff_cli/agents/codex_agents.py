"""What Codex's sub-agents report: the call that starts one only tells its name, what it said comes later.

A ``wait`` answers with the states of agents (multi-agent version 1), and a message tells that one is done; in version 2
it brings the report. Sources of the rules: openai/codex, ``AgentStatus``, ``SubagentNotification``, ``AgentMessage``.
"""

from __future__ import annotations

from handoff_cli.transcripts.events import Called, Returned, Said
from handoff_cli.transcripts.values import UNDECODABLE, as_dict, as_str, decode, object_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event

NOTICE, _END = "<subagent_notification>", "</subagent_notification>"
_LAST, _REPORT = "Message Type: FINAL_ANSWER\n", "\nPayload:"
_STARTS, _WAITS = ("spawn_agent",), ("wait", "wait_agent")
_NAMES = ("agent_id", "agent_path", "task_name")
_MOST = 200


class SubAgents:
    """Follows the calls that start sub-agents, and what each reports: at first as the answer to that call."""

    def __init__(self) -> None:
        self._calls: dict[str, tuple[str, Any]] = {}
        self._started: dict[str, tuple[str, Any]] = {}
        self._reported: dict[str, list[str]] = {}

    def called(self, call: str, name: str, arguments: Any) -> None:
        """Take in a call of a tool."""
        if name in (*_STARTS, *_WAITS) and len(self._calls) < _MOST:
            self._calls[call] = name, arguments

    def answered(self, event: Returned) -> Iterator[Event]:
        """Yield what an answer tells: that a sub-agent was started is none yet, a wait may tell those of several."""
        name, arguments = self._calls.pop(event.id, ("", None))
        fields = object_of(event.text) if name else {}
        agent = next((as_str(fields[it]) for it in _NAMES if as_str(fields.get(it))), "")
        if name in _STARTS and agent:
            self._started[agent] = event.id, arguments
            yield Said("tool", event.text, event.time, visible=False)
            return
        yield event
        for agent, status in as_dict(fields.get("status")).items() if name in _WAITS else ():
            yield from self._reports(agent, as_dict(status), event.time)

    def noticed(self, text: str, time: str | None) -> Iterator[Event]:
        """Yield what the message ``text`` tells that a sub-agent reported."""
        told = decode(text.removeprefix(NOTICE).rpartition(_END)[0])
        fields = as_dict(None if told is UNDECODABLE else told)
        agent = next((as_str(fields[it]) for it in _NAMES if as_str(fields.get(it))), "")
        yield from self._reports(agent, as_dict(fields.get("status")), time)

    def said(self, agent: str, text: str, time: str | None) -> Iterator[Event]:
        """Yield what ``agent`` reported at its end, a ``text`` that is a message to the agent that started it."""
        yield Said("user", text, time, visible=False)
        if text.startswith(_LAST) and (report := text.partition(_REPORT)[2]):
            yield from self._reports(agent, {"completed": report.strip()}, time)

    def _reports(self, agent: str, status: dict[str, Any], time: str | None) -> Iterator[Event]:
        report = as_str(status.get("completed")) or as_str(status.get("errored"))
        before = self._reported.setdefault(agent, []) if agent in self._started else [report]
        if not report or report in before:
            return
        call, arguments = self._started[agent]
        if before:  # asked for more
            call = f"{call}-{len(before)}"
            yield Called(call, _STARTS[0], arguments, time, nested=True)
        before.append(report)
        yield Returned(call, report, bool(status.get("errored")), time=time, repeated=True)
