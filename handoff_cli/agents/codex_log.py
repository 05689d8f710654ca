"""Codex CLI: ``~/.codex/sessions/YYYY/MM/DD/rollout-*.jsonl``, lines of ``{"timestamp", "type", "payload"}``.

Checked on rollouts of 0.40 to 0.128, a census of line types up to 0.146, and rollouts that 0.171 wrote for a scripted
model. Much is written twice. In code mode the model calls one tool, ``exec``, with a program; what the program does is
in ``item_completed`` events, which in the older mode repeat the calls under their own ids.
"""

from __future__ import annotations

from handoff_cli.agents.codex import AGENT, TELLING, model_of, sniff, usage_of
from handoff_cli.agents.codex_agents import NOTICE, SubAgents
from handoff_cli.agents.codex_program import CALLS, Programs, leave_in, plan_in
from handoff_cli.core.patterns import lazily
from handoff_cli.core.transcript import TAKEN_BACK
from handoff_cli.transcripts.events import Called, Compacted, Returned, Rewound, Said, Seen, Turned, Used
from handoff_cli.transcripts.source import Source
from handoff_cli.transcripts.tail import at_most
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
    from handoff_cli.transcripts.tail import Tail, TailState

__all__ = ["AGENT", "TELLING", "completed", "events", "model_of", "sniff", "usage_of"]

USAGE_COMES_LATE = True
_ROLLED_BACK = b"thread_rolled_back"
_WINDOW_BYTES = 1 << 16
_WHOLE_BYTES = 1 << 22
"""A rollout up to here is read whole where turns were taken back since its last figure."""

_SUMMARY_HEAD = lazily(r"\AAnother language model started to solve this problem[^\n]*\n")
"""What Codex tells the model of a summary, before it."""

_INJECTED = (
    *("<environment_context>", "<user_instructions>", "<permissions", "<INSTRUCTIONS>", "<image name="),
    "# AGENTS.md instructions",
)
_INJECTED_TAG = lazily(r"(?s)\s*<([\w-]+)(?: [^>\n]*)?>.*</\1>\s*")
_EDITOR = "# Context from my IDE setup:"
_REQUEST = lazily(r"(?m)^## My request for [^\n]{1,40}:[ \t]*\n")
_STILL_RUNNING = lazily(r"Process running with session ID (\d+)")
_SPEAKERS = {"user_message": "user", "UserMessage": "user", "agent_message": "assistant", "AgentMessage": "assistant"}
_PROGRAM = "exec"
_MAX_BACKGROUND, _MAX_CALLS = 200, 2_000


def events(source: Source) -> Iterator[Event]:
    """Yield the events of a rollout, each thing once although Codex writes much of it twice."""
    reader = _Rollout(source)
    for row in source.rows():
        yield from reader.row(row)
    yield from reader.rest()
    yield from reader.programs.rest()


class _Rollout:
    """Remembers what rows before said, to drop its second writing and to tell what belongs together.

    The last words and usage wait for the row after: of a request for a summary, which a compaction follows, neither
    is part of the conversation.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.last_said: tuple[str, str] | None = None
        self.waiting: list[Event] = []
        self.compacted = self.counted = False
        self.reported: int | None = None
        self.usage: Used | None = None
        self.instructions: list[str] | None = None
        self.prompts: list[tuple[int, Used | None]] = []
        self.calls: dict[str, None] = {}
        self.background: dict[str, str] = {}
        self.polls: dict[str, str] = {}
        self.agents = SubAgents()
        self.programs = Programs()

    def row(self, row: dict[str, Any]) -> Iterator[Event]:
        """Yield the events of one row."""
        for event in self._events(row):
            if isinstance(event, Used | Compacted):
                self.usage = event if isinstance(event, Used) else None
            if isinstance(event, Compacted):
                self.prompts = [(position, None) for position, _ in self.prompts]
            yield event

    def _events(self, row: dict[str, Any]) -> Iterator[Event]:
        payload, time, kind = as_dict(row.get("payload")), time_of(row.get("timestamp")), row.get("type")
        used = usage_of(row)
        if isinstance(used, Compacted):
            yield from self._compaction(used, payload)
        elif used:
            yield from self._used(used, row)
        elif kind == "response_item" and payload.get("type") == "message" and payload.get("role") == "assistant":
            yield from self.rest()
            self.waiting = list(self._message(payload, time))
        elif kind in ("session_meta", "turn_context", "response_item", "event_msg"):
            yield from self.rest()
            yield from getattr(self, f"_{kind}")(payload, time)

    def rest(self) -> Iterator[Event]:
        """Yield what waited."""
        waiting, self.waiting = self.waiting, []
        for event in waiting:
            self.reported = event.tokens if isinstance(event, Used) else self.reported
            yield event

    def _used(self, used: Used, row: dict[str, Any]) -> Iterator[Event]:
        """Take in a usage: where responses are recorded, the counts that repeat them only tell the window."""
        if row.get("type") == "token_usage_record":
            self.counted, self.compacted = True, False
            self.waiting.append(used)
        elif used.responded and self.counted:
            self.waiting.append(Seen(window=used.window, time=used.time))
        else:
            self.compacted, self.reported = False, used.tokens if used.responded else self.reported
            yield from self.rest()
            yield used

    def _compaction(self, found: Compacted, payload: dict[str, Any]) -> Iterator[Event]:
        """Yield one compaction for its two rows, and what stands in the place of the conversation."""
        asked_for_summary = any(isinstance(event, Used) for event in self.waiting)
        waiting, self.waiting = self.waiting, []
        for event in waiting:
            if not asked_for_summary or isinstance(event, Seen):
                yield event
        if not self.compacted:
            yield found.replace(before=self.reported)
            yield from self._instructions(found.time)
        self.compacted = True
        # What takes the conversation's place begins with Codex's own instructions: no account of what was done.
        for kind, text in (
            ("summary", as_str(payload.get("message"))),
            ("", text_in(payload.get("replacement_history"))),
        ):
            if text:
                yield Said("user", text, found.time, visible=False, words=_SUMMARY_HEAD.sub("", text), kind=kind)

    def _instructions(self, time: str | None) -> Iterator[Event]:
        """Yield the instructions, which stay in the context; of a part of the file they stand in its first row."""
        if self.instructions is None:
            first = next(Source(self.source.path, self.source.data).rows(), {})
            meta = as_dict(first.get("payload")) if first.get("type") == "session_meta" else {}
            self.instructions = _instructions_in(meta)
        for text in self.instructions:
            yield Said("system", text, time, visible=False)

    def _session_meta(self, payload: dict[str, Any], time: str | None) -> Iterator[Event]:
        session = as_str(payload.get("id")) or as_str(payload.get("session_id"))
        branch = as_str(as_dict(payload.get("git")).get("branch"))
        version, folder = as_str(payload.get("cli_version")), as_str(payload.get("cwd"))
        yield Seen(version=version, session_id=session, time=time, branch=branch, folder=folder)
        if self.instructions is None:
            self.instructions = _instructions_in(payload)
            yield from self._instructions(time)

    def _turn_context(self, payload: dict[str, Any], time: str | None) -> Iterator[Event]:
        mode = as_dict(payload.get("collaboration_mode")).get("mode")
        planning = mode == "plan" if isinstance(mode, str) else None
        yield Seen(model=as_str(payload.get("model")), time=time, plan_mode=planning)

    def _event_msg(self, payload: dict[str, Any], time: str | None) -> Iterator[Event]:
        kind = as_str(payload.get("type"))
        if kind in _SPEAKERS:
            yield from self._say(_SPEAKERS[kind], as_str(payload.get("message")), time)
        elif kind == "exec_command_end":
            text = as_str(payload.get("aggregated_output")) or as_str(payload.get("stderr"))
            code = _exit_code(payload.get("exit_code"))
            yield Returned(as_str(payload.get("call_id")), text, None, code, time, repeated=True)
        elif kind == "item_completed":
            yield from self._item(as_dict(payload.get("item")), time)
        elif kind == "task_started":
            yield Seen(window=tokens_of(payload.get("model_context_window")) or None, time=time)
        elif kind in ("task_complete", "turn_aborted"):
            yield Turned(time, stopped=payload.get("reason") == "interrupted")
        elif kind == "thread_rolled_back":
            yield from self._rolled_back(tokens_of(payload.get("num_turns")) or 0, time)

    def _rolled_back(self, turns: int, time: str | None) -> Iterator[Event]:
        """Take the last ``turns`` back: the context holds what it held when the first of them began."""
        standing = None
        if turns and self.prompts:
            position, standing = self.prompts[-min(turns, len(self.prompts))]
            del self.prompts[-turns:]
            self.last_said = None
            yield Rewound(position - 1, time)
        if turns and standing:
            yield standing.replace(time=time, responded=False)
        elif turns and self.usage and self.usage.method == "exact":
            most = self.usage.tokens
            yield Used(most, TAKEN_BACK, None, None, time, "estimated", responded=False, low=0, high=most)

    def _item(self, item: dict[str, Any], time: str | None) -> Iterator[Event]:
        """Yield what a program of code mode did; in the older mode the answer to a call that is known."""
        kind, id_ = as_str(item.get("type")), as_str(item.get("id"))
        if kind in _SPEAKERS:
            yield from self._say(_SPEAKERS[kind], text_in(item.get("content")), time)
            return
        if kind == "Plan":
            yield Called(id_, "plan_mode_respond", {"response": as_str(item.get("text"))}, time, nested=True)
            yield Returned(id_, "", failed=False, time=time, repeated=True)
            return
        called = CALLS[kind](item) if kind in CALLS else None
        if called is None:
            return
        self.programs.did()
        if id_ not in self.calls:
            tool, asked = called
            if kind == "CommandExecution":
                asked |= leave_in(self.programs.source, asked["command"])
            folder = as_str(item.get("cwd")).removeprefix("file://")
            yield Called(id_, tool, asked, time, nested=True, folder=folder)
        status, code = item.get("status"), _exit_code(item.get("exit_code"))
        failed = status in ("failed", "declined") or bool(item.get("error"))
        failed = failed or as_dict(item.get("result")).get("isError") is True
        output = as_str(item.get("aggregated_output")) or "\n".join(
            filter(None, (as_str(item.get("stdout")), as_str(item.get("stderr")), text_in(item.get("result"))))
        )
        if status != "in_progress":
            yield Returned(id_, output, failed, code, time, repeated=True)

    def _response_item(self, payload: dict[str, Any], time: str | None) -> Iterator[Event]:
        kind, call = payload.get("type"), as_str(payload.get("call_id"))
        if kind == "message":
            yield from self._message(payload, time)
        elif kind == "reasoning":
            yield Said("assistant", text_in(payload.get("summary")), time, visible=False, kind="reasoning")
        elif kind == "additional_tools":
            yield Said("system", compact_json(payload.get("tools")), time, visible=False)
        elif kind in ("function_call", "custom_tool_call", "local_shell_call"):
            yield from self._call(kind, call, payload, time)
        elif kind == "web_search_call":
            action = as_dict(payload.get("action"))
            asked = as_str(action.get("query")) or as_str(action.get("url"))
            yield Called(as_str(payload.get("id")), "web_search", {"query": asked}, time)
            yield Returned(as_str(payload.get("id")), "", payload.get("status") == "failed", time=time)
        elif kind == "agent_message":
            yield from self.agents.said(as_str(payload.get("author")), text_in(payload.get("content")), time)
        elif kind in ("function_call_output", "custom_tool_call_output", "local_shell_call_output"):
            yield from self._output(call, payload.get("output"), time)

    def _call(self, kind: str, call: str, payload: dict[str, Any], time: str | None) -> Iterator[Event]:
        self.last_said = None
        self.calls[call] = None
        if len(self.calls) > _MAX_CALLS:
            del self.calls[next(iter(self.calls))]
        arguments = payload.get("arguments", payload.get("input", payload.get("action")))
        name = as_str(payload.get("name")) or kind.removesuffix("_call")
        self._remember_poll(name, call, arguments)
        self.agents.called(call, name, arguments)
        if kind == "custom_tool_call" and name == _PROGRAM:
            from handoff_cli.core.tool_names import PROGRAM  # not where only the usage is read

            self.programs.called(call, as_str(arguments))
            yield Called(call, PROGRAM, arguments, time)
            if plan := plan_in(as_str(arguments)):
                yield Called(f"{call}-plan", "update_plan", {"plan": plan}, time, nested=True)
                yield Returned(f"{call}-plan", "", failed=False, time=time, repeated=True)
        else:
            yield Called(call, name, arguments, time)

    def _message(self, payload: dict[str, Any], time: str | None) -> Iterator[Event]:
        role = as_str(payload.get("role"))
        kinds = as_list(as_dict(payload.get("internal_chat_message_metadata_passthrough")).get("content_item_kinds"))
        for number, part in enumerate(as_list(payload.get("content"))):
            text = text_in(part)
            kind = as_str(kinds[number]) if number < len(kinds) else ""
            typed = kind.startswith("user.") if "." in kind else not _is_injected(text)
            if role == "assistant" or (role == "user" and typed):
                yield from self._say(role, text, time)
            elif text:
                yield Said("user" if role == "user" else "system", text, time, visible=False)
                if role == "user" and text.startswith("<user_shell_command>"):
                    yield from _run_by_user(f"typed-{self.source.position}", text, time)
                elif role == "user" and text.startswith(NOTICE):
                    yield from self.agents.noticed(text, time)

    def _say(self, role: str, text: str, time: str | None) -> Iterator[Event]:
        if (role, text) != self.last_said and text:
            words = _typed_beside(text) if role == "user" else None
            if role == "user" and words != "":
                self.prompts.append((self.source.position, self.usage))
            yield Said(role, text, time, visible=words != "", words=words)
        self.last_said = (role, text)

    def _remember_poll(self, name: str, call: str, arguments: Any) -> None:
        if name == "write_stdin":
            started_by = self.background.get(str(object_of(arguments).get("session_id")))
            if started_by and len(self.polls) < _MAX_BACKGROUND:
                self.polls[call] = started_by

    def _output(self, call: str, output: Any, time: str | None) -> Iterator[Event]:
        from handoff_cli.transcripts.tools import exit_code_at_start  # not where only the usage is read

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
        yield from self.agents.answered(Returned(call, text, failed, code, time))
        yield from self.programs.answered(call, text)
        first = self.polls.pop(call, None)
        if first:
            yield Returned(first, text, None, code, time, repeated=True)


def _run_by_user(id_: str, text: str, time: str | None) -> Iterator[Event]:
    """Yield the call and the answer of a command that the user ran in the prompt: the context has both as words."""
    from handoff_cli.core.tool_names import BY_USER  # not where only the usage is read
    from handoff_cli.transcripts.tools import exit_code_at_start

    begins, end = text.find("<command>"), text.rfind("</result>")
    answered = _ANSWERED.search(text, begins, end) if 0 <= begins < end else None
    if answered:
        command = text[begins : answered.start()].removeprefix("<command>")
        result = text[answered.end() :].partition("</result>")[0].strip()
        yield Called(id_, BY_USER, {"command": command.strip()}, time, nested=True)
        yield Returned(id_, result, None, exit_code_at_start(result), time, repeated=True, ended=True)


_ANSWERED = lazily(r"</command>\s*<result>")


def completed(tail: Tail, found: TailState) -> TailState:
    """Return ``found``, read from the end, with the window that was reported before: a compaction leaves it out.

    A figure of a turn that was taken back since gives way to that of the turn that stands.
    """
    if found.tokens and found.method == "exact" and tail.last((*TELLING, _ROLLED_BACK), _is_back, tail.new.size):
        found = _standing(tail, found)
    if found.window is not None:
        return found
    known = tail.last((b"model_context_window",), _window_in, _WINDOW_BYTES)
    return found.replace(window=known or (tail.old.window if tail.old else None))


def _is_back(row: dict[str, Any]) -> bool | None:
    """Return whether a row takes turns back (True) or tells the usage anew (False); None where it does neither."""
    payload = as_dict(row.get("payload"))
    if row.get("type") == "event_msg" and payload.get("type") == "thread_rolled_back":
        return bool(tokens_of(payload.get("num_turns"))) or None
    return None if usage_of(row) is None else False


def _standing(tail: Tail, found: TailState) -> TailState:
    """Return ``found`` with the figure of the turn that stands; of a long rollout its own is an upper bound."""
    if tail.new.size > _WHOLE_BYTES:
        return at_most(found)
    used = [it for it in events(Source(tail.source.path, tail.source.data)) if isinstance(it, Used)]
    told = {name: getattr(used[-1], name) for name in ("tokens", "method", "rule", "low", "high")} if used else {}
    return found.replace(**told)


def _window_in(row: dict[str, Any]) -> int | None:
    payload = as_dict(row.get("payload"))
    told = payload.get("model_context_window", as_dict(payload.get("info")).get("model_context_window"))
    return tokens_of(told) or None


def _instructions_in(meta: dict[str, Any]) -> list[str]:
    """Return the instructions and tools that a session begins with and keeps."""
    instructions = text_in(meta.get("base_instructions")) or as_str(meta.get("instructions"))
    tools = meta.get("dynamic_tools")
    return [text for text in (instructions, compact_json(tools) if tools else "") if text]


def _exit_code(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_injected(text: str) -> bool:
    return text.lstrip().startswith(_INJECTED) or bool(_INJECTED_TAG.fullmatch(text))


def _typed_beside(text: str) -> str | None:
    """Return the request in a prompt that the editor wrote into, None where it did not."""
    if not text.lstrip().startswith(_EDITOR):
        return None
    request = _REQUEST.search(text)
    return text[request.end() :].strip() if request else ""
