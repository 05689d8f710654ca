"""Kimi Code: ``~/.kimi-code/sessions/wd_<project>/<session>/agents/main/wire.jsonl``; ``KIMI_CODE_HOME`` moves it.

Each agent of a session has a folder of its own: only ``main`` is the session. ``state.json`` two folders up tells the
project. Source of the rules: MoonshotAI/kimi-code. Checked on logs of protocol 1.1 and 1.4.
"""

from __future__ import annotations

import os

from handoff_cli.agents.windows import UsableRule
from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.events import (
    Called,
    Compacted,
    Outdated,
    Returned,
    Rewound,
    Said,
    Seen,
    Started,
    Turned,
    Used,
    cut_off,
)
from handoff_cli.transcripts.source import json_beside
from handoff_cli.transcripts.tools import exit_code_at_end
from handoff_cli.transcripts.values import as_dict, as_str, sum_tokens, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "kimi"
OPENING = ("kimi",)  # kimi-command.md: no option takes a first prompt and stays; --prompt answers and ends
_SOURCE = "MoonshotAI/kimi-code: compacts at 85 %, or with 50,000 tokens left"
USABLE = (UsableRule(_SOURCE, largest=333_333, reserve=50_000), UsableRule(_SOURCE, share=0.85))

RULE = "input, cached input and output of the last step"
MEASURED = "tokens of the context as Kimi Code measured them"
_PARTS = ("inputOther", "inputCacheRead", "inputCacheCreation", "output")
_STATE = os.path.join("..", "..", "state.json")
_REPORTED = lazily(r"\Aagent_id: [^\n]{0,200}\n(?:[a-z_]{1,40}: [^\n]{0,200}\n){0,6}\n\[summary\]\n")
_GO_ON = "\n\nresume_hint: "
"""What stands above a sub-agent's report, and begins what stands below it."""


def logs(search: Search) -> Iterator[Log]:
    """Yield the main agents of the sessions of all projects."""
    from handoff_cli.agents.search import files, folders, made

    for project in folders(os.path.join(search.root("KIMI_CODE_HOME", ".kimi-code"), "sessions")):
        for session in folders(project):
            for log in made(AGENT, "kimi", files(os.path.join(session, "agents", "main"), r"wire\.jsonl")):
                yield log.replace(session=os.path.basename(session))


def folder_of(log: Log) -> str | None:
    """Return the project's folder: the session's state tells, in older ones a row of the log."""
    from handoff_cli.agents.search import cwd_in, head_of

    return as_str(json_beside(log.path, _STATE).get("workDir")) or cwd_in(head_of(log.path)) or None


def sniff(head: str) -> float:
    """A protocol's version first, then rows of the agent's configuration and context."""
    first = head.partition("\n")[0]
    metadata = first.startswith("{") and '"protocol_version"' in first and '"metadata"' in first
    return 0.95 if metadata or (head.startswith("{") and '"context.append_' in head) else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the main agent."""
    yield from _beside(source)
    window = _Window()
    asked: list[tuple[int, int | None]] = []
    for row in source.rows():
        time, kind = time_of(row.get("time", row.get("created_at"))), row.get("type")
        if kind == "context.append_message":
            if _can_be_undone(as_dict(row.get("message"))):
                asked.append((source.position, window.used))
            yield from _message(as_dict(row.get("message")), time)
        elif kind == "context.append_loop_event":
            for event in _step(as_dict(row.get("event")), time):
                yield window.filled(event) if isinstance(event, Used) else event
        elif kind == "context.undo":
            yield from _undone(asked, tokens_of(row.get("count")) or 0, window, time)
        elif kind in ("context.apply_compaction", "context.clear"):
            asked.clear()
            window.used = None
            yield from _cleared(row, time)
        elif kind == "token_counting.measured" and row.get("agentId", "main") == "main":
            yield from _measured(tokens_of(row.get("tokens")), window, time)
        else:
            yield from _circumstances(row, window, time)


def _beside(source: Source) -> Iterator[Event]:
    """Yield which session it is and where the agent works: the folder of the session tells."""
    folder, name = os.path.split(os.path.abspath(source.path)) if source.data is None else ("", "")
    session, agents = os.path.split(os.path.dirname(folder))
    if name == "wire.jsonl" and agents == "agents":
        work = as_str(json_beside(source.path, _STATE).get("workDir"))
        yield Seen(session_id=os.path.basename(session), folder=work)


def _circumstances(row: dict[str, Any], window: _Window, time: str | None) -> Iterator[Event]:
    if row.get("type") == "llm.request":
        window.asked(as_str(row.get("model")), tokens_of(row.get("maxTokens")))
        yield Seen(model=as_str(row.get("model")), window=window.size or 0, time=time)
    elif row.get("type") == "config.update":
        yield Seen(model=as_str(row.get("modelAlias")).rpartition("/")[2], time=time)
        yield Said("system", as_str(row.get("systemPrompt")), time, visible=False)
    elif row.get("type") == "turn.cancel":
        yield Turned(time, stopped=True)
    elif row.get("type") == "profile.bind":
        yield Seen(time=time, folder=as_str(as_dict(row.get("environmentDisclosure")).get("cwd")))


def _cleared(row: dict[str, Any], time: str | None) -> Iterator[Event]:
    if row.get("type") == "context.clear":
        yield Started(time)
        return
    text = as_str(row.get("contextSummary")) or as_str(row.get("summary"))
    yield Compacted(None, tokens_of(row.get("tokensBefore")) or None, None, time)
    yield Said("user", text, time, visible=False, kind="summary")


class _Window:
    """The window of the model: with each request Kimi Code asks for what is left of it.

    A model with a bound of its own on answers is always asked for the same: so the window is believed once two
    requests that left different room agree on it.
    """

    def __init__(self) -> None:
        self.used: int | None = 0
        self.size: int | None = None
        self._model = ""
        self._rooms: dict[int, int] = {}

    def filled(self, used: Used) -> Used:
        self.used = used.tokens
        return used.replace(window=self.size)

    def asked(self, model: str, room: int | None) -> None:
        if model != self._model:
            self._model, self.size = model, None
            self._rooms.clear()
        if room is None or self.used is None:
            return
        size = room + self.used
        if self._rooms.setdefault(size, room) != room:
            self.size = size
        if len(self._rooms) > 100:  # noqa: PLR2004 (no agreement, no window)
            self._rooms.clear()


def _measured(tokens: int | None, window: _Window, time: str | None) -> Iterator[Event]:
    if tokens:
        yield window.filled(Used(tokens, MEASURED, None, None, time))


def _can_be_undone(message: dict[str, Any]) -> bool:
    """Tell whether ``message`` is what a turn of the person begins with, by its words or by a command of theirs."""
    origin = as_dict(message.get("origin"))
    by_command = origin.get("kind") in ("skill_activation", "plugin_command") and origin.get("trigger") == "user-slash"
    return message.get("role") == "user" and (by_command or origin.get("kind", "user") == "user")


def _undone(asked: list[tuple[int, int | None]], turns: int, window: _Window, time: str | None) -> Iterator[Event]:
    """Take the last ``turns`` back: the context holds what it held when the first of them began."""
    if not turns or not asked:
        return
    position, window.used = asked[-min(turns, len(asked))]
    del asked[-turns:]
    yield Rewound(position - 1, time)
    yield Used(window.used, RULE, None, None, time, responded=False) if window.used else Outdated(time)


def _message(message: dict[str, Any], time: str | None) -> Iterator[Event]:
    role, text = as_str(message.get("role")), text_in(message.get("content"))
    by_person = as_dict(message.get("origin")).get("kind", "user") == "user"
    if role == "user":
        yield Said("user", text, time, visible=by_person)
    elif role in ("assistant", "system"):
        yield Said(role, text, time, visible=role == "assistant")


def _reported(answer: str) -> str:
    """Return a sub-agent's report without what is told around it, any other ``answer`` as it is."""
    above = _REPORTED.match(answer)
    return answer[above.end() :].rpartition(_GO_ON)[0] or answer[above.end() :] if above else answer


def _step(event: dict[str, Any], time: str | None) -> Iterator[Event]:
    kind = event.get("type")
    if kind == "content.part":
        part = as_dict(event.get("part"))
        yield Said("assistant", as_str(part.get("text")), time)
        yield Said("assistant", as_str(part.get("think")), time, visible=False, kind="reasoning")
    elif kind == "tool.call":
        yield Called(as_str(event.get("toolCallId")), as_str(event.get("name")), event.get("args"), time)
    elif kind == "tool.result":
        result = as_dict(event.get("result"))
        text, failed = _reported(text_in(result.get("output"))), result.get("isError") is True
        code = exit_code_at_end(text) if failed else None
        yield Returned(as_str(event.get("toolCallId")), text, failed, code, time)
    elif kind == "step.end":
        tokens = sum_tokens(event.get("usage"), _PARTS)
        if tokens:
            yield Used(tokens, RULE, as_str(event.get("uuid")) or None, None, time)
        yield from cut_off(event.get("finishReason"))
        if event.get("finishReason") == "end_turn":
            yield Turned(time)
