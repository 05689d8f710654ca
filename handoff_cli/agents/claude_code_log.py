"""Claude Code: ``~/.claude/projects/<project>/<session>.jsonl``, one JSON object per line.

The format is internal to Claude Code and changes; the rules here were checked on 546 transcripts of 2.0.64 to 2.1.42,
a census of line types up to 2.1.220, and logs that 2.1.332 wrote for a scripted model. One response is written as
several rows with the same usage.
"""

from __future__ import annotations

from handoff_cli.agents.claude_code import AGENT, Models, asked_for, is_prompt, sniff, with_rest, with_window
from handoff_cli.core.transcript import AFTER_COMPACTION
from handoff_cli.core.usage import PROMPT_PARTS
from handoff_cli.transcripts.events import (
    Called,
    Compacted,
    Outdated,
    Recapped,
    Returned,
    Rewound,
    Said,
    Seen,
    Turned,
    Used,
    cut_off,
    recap_of,
)
from handoff_cli.transcripts.source import lines_backwards
from handoff_cli.transcripts.values import as_dict, as_list, as_str, objects_on, sum_tokens, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source
    from handoff_cli.transcripts.tail import Tail, TailState

__all__ = ["AGENT", "TELLING", "completed", "events", "sniff", "usage_of"]

RULE = "input + cache creation + cache read of the last response"
AT_FIRST_RULE = "at most: every turn was taken back, and so much was sent for the first response"
_USER, _ANSWER = b'"user"', b'"tool_result"'
_LOOKED_BACK_BYTES, _LOOKED_ON_BYTES, _BRANCHED_BYTES = 1 << 16, 1 << 20, 1 << 25

TELLING = (b'"usage"', b"compact_boundary")


def usage_of(row: dict[str, Any]) -> Used | Compacted | None:
    """Return what a row says of the context: its usage, that it was compacted, or None.

    Synthetic rows, API errors and responses cut off carry zeros; usage nested deeper than ``message`` belongs to
    subagents. Of several requests in one response (``iterations``, with the advisor) the usage is the sum, and what the
    last of them was sent is the context.
    """
    if row.get("isSidechain") is True:
        return None
    if row.get("type") == "assistant":
        return _used(row, as_dict(row.get("message")), time_of(row.get("timestamp")))
    return _compacted(row) if row.get("type") == "system" and row.get("subtype") == "compact_boundary" else None


def _used(row: dict[str, Any], message: dict[str, Any], time: str | None) -> Used | None:
    if message.get("model") == "<synthetic>" or row.get("isApiErrorMessage") is True or row.get("isSidechain") is True:
        return None
    usage = message.get("usage")
    if not isinstance(usage, dict):
        return None
    tokens = None
    if iterations := usage.get("iterations"):
        requests = [part for part in map(as_dict, as_list(iterations)) if part.get("type") == "message"]
        tokens = sum_tokens(requests[-1], PROMPT_PARTS) if requests else None
    tokens = tokens or sum_tokens(usage, PROMPT_PARTS)
    if not tokens:
        return None
    response, request = message.get("id"), row.get("requestId")
    if type(response) is not str or type(request) is not str:
        response, request = as_str(response), as_str(request)
    return Used(tokens, RULE, (response, request) if response or request else None, None, time)


def _compacted(row: dict[str, Any]) -> Compacted:
    meta = as_dict(row.get("compactMetadata"))
    before, after = tokens_of(meta.get("preTokens")), tokens_of(meta.get("postTokens"))
    return Compacted(as_str(meta.get("trigger")) or None, before, after, time_of(row.get("timestamp")))


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the main chain: rows of subagents (sidechains) are not in its context.

    A log that begins with a subagent's row is that subagent's own: its rows are the chain, but their usage is no
    session's.
    """
    log, own, first = _Log(), None, source.part is None
    for row in source.rows():
        if first and "uuid" in row:
            first = False
            if row.get("parentUuid"):
                yield Seen(begins_amid=True)
        if own is None and "isSidechain" in row:
            own = row["isSidechain"] is True and bool(as_str(row.get("agentId")))
        if row.get("isSidechain") is True and not own:
            yield from log.beside(row)
        else:
            yield from log.events(row, source.position)
    yield from log.waiting()


class _Log:
    """What rows before tell of the one that is read: prompts waiting, the chain of parents, models, the first usage."""

    def __init__(self) -> None:
        # Not where only the usage is read.
        from handoff_cli.agents import claude_code_messages
        from handoff_cli.agents.claude_code_chain import Branch, Queue
        from handoff_cli.transcripts.background import Background

        self._queue, self._branch, self._models, self._background = Queue(), Branch(), Models(), Background()
        self._messages = claude_code_messages
        self._first: int | None = None
        self._used: Used | None = None
        self._turned = True
        self._compacted = self._hook_failed = False
        self._seen: tuple[str | None, str, str, bool | None, str] = (None, "", "", None, "")
        self._told: tuple[Any, ...] = ()
        self._beside: tuple[str, str] = ("", "")
        self._prompt = 0
        self._absorbed: set[str] = set()

    def beside(self, row: dict[str, Any]) -> Iterator[Event]:
        """Yield what a subagent's row tells of the session, where the last one told something else."""
        told = as_str(row.get("version")), as_str(row.get("sessionId"))
        if told[0] and told != self._beside:
            self._beside = told
            yield Seen(version=told[0], session_id=told[1])

    def waiting(self) -> Iterator[Event]:
        """Yield what the user typed last and the agent had not heard when the log ends."""
        words, typed = self._queue.left_since(self._prompt)
        if words:
            yield Said("user", words, typed=typed)

    def events(self, row: dict[str, Any], position: int) -> list[Event]:
        """Return the events of a row of the main chain."""
        kind, time = row.get("type"), time_of(row.get("timestamp"))
        if kind == "assistant":
            self._absorbed.clear()
            message = as_dict(row.get("message"))
            if own := _used(row, message, time):
                self._first = own.tokens if self._first is None else self._first
                self._used, self._branch.rooted = own, bool(row.get("parentUuid")) and not self._compacted
            self._turned = False
            before = self._left(row, position, own, time) if "uuid" in row else []
            return self._assistant(row, message, own, time, before)
        compacted = usage_of(row) if kind == "system" else None
        if isinstance(compacted, Compacted):
            compacted = with_rest(compacted, self._first)
            self._compacted, self._branch.rooted, self._used = True, False, _left_by(compacted)
        events = self._left(row, position, None, time) if "uuid" in row else []
        if kind == "user":
            self._prompt = position if is_prompt(row) else self._prompt
            return self._user(row, time, events)
        if kind == "system":
            return self._news(row, None, time, list(self._system(row, compacted)), events)
        self._models.see(row)
        waited = text_in(as_dict(row.get("attachment")).get("prompt")) or as_str(row.get("content"))
        events += self._background.noticed(waited, time)  # it came while the agent was at work
        if words := self._queue.said_in(row, position):
            shown = self._messages.is_shown(words)
            if rule := self._messages.rule_in(words):
                events.append(Said("user", "", time, False, rule, "orders"))
            events.append(Said("user", words, time, visible=shown, typed=self._queue.typed_at(words)))
            self._absorbed.add(words)
        return events

    def _assistant(
        self, row: dict[str, Any], message: dict[str, Any], told: Used | None, time: str | None, before: list[Event]
    ) -> list[Event]:
        model = as_str(message.get("model"))
        real = told is not None or (model != "<synthetic>" and row.get("isApiErrorMessage") is not True)
        name = self._models.name(model, told.tokens if told else 0) if real else None
        events: list[Event] = [told] if told else []
        if content := message.get("content"):
            for event in self._messages.blocks_of(content, time, real=real, folder=as_str(row.get("cwd"))):
                if isinstance(event, Called):
                    self._background.called(event)
                events.append(event)
            if real:
                events += cut_off(message.get("stop_reason"))
        return self._news(row, name, time, events, before)

    def _user(self, row: dict[str, Any], time: str | None, before: list[Event]) -> list[Event]:
        events: list[Event] = []
        for event in self._messages.said_by_user(row, time):
            if isinstance(event, Returned):
                events += self._background.answered(event)
            elif isinstance(event, Said) and event.text.strip() in self._absorbed:
                continue  # the turn ended as it was heard, and the next begins with it
            else:
                events.append(event)
            if isinstance(event, Said):
                if typed := self._queue.typed_at(event.text):
                    events[-1] = event.replace(typed=typed)
                events += self._background.noticed(event.text, time)
        return self._news(row, None, time, events, before)

    def _news(
        self, row: dict[str, Any], model: str | None, time: str | None, events: list[Event], before: list[Event]
    ) -> list[Event]:
        """Return ``before`` and the ``events`` of a row, between them its circumstances: new ones, or all it tells."""
        known = self._seen
        told = row.get("version"), row.get("sessionId"), row.get("permissionMode"), row.get("gitBranch")
        if told != self._told or not events or (model and model != known[0]):  # nearly every row repeats the last
            self._told = told
            version, session, mode, branch = told
            planning = mode == "plan" if isinstance(mode, str) else known[3]
            seen = (model or known[0], as_str(version), as_str(session), planning, as_str(branch) or known[4])
            if seen != known or not events:
                self._seen = seen
                before.append(Seen(*seen[:3], None, time, planning, branch=seen[4], folder=as_str(row.get("cwd"))))
        return before + events if before else events

    def _left(self, row: dict[str, Any], position: int, own: Used | None, time: str | None) -> list[Event]:
        """Return the events of what ``row``, with the usage ``own``, took back; none where it goes on."""
        left = self._branch.left_at(row, position, own, self._used)
        return list(self._taken_back(*left, time)) if left else []

    def _taken_back(self, position: int, used: Used | None, time: str | None) -> Iterator[Event]:
        yield Rewound(position, time)
        if used is None and self._first and not self._compacted:
            used = Used(self._first, AT_FIRST_RULE, None, None, time, "estimated", low=0, high=self._first)
        self._used = used
        self._branch.hold(used)
        yield used.replace(responded=False, time=time) if used else Outdated(time)

    def _system(self, row: dict[str, Any], told: Used | Compacted | None) -> Iterator[Event]:
        if told:
            yield told
        if row.get("subtype") in ("stop_hook_summary", "turn_duration", "away_summary") and not self._turned:
            self._turned = True
            yield Turned(time_of(row.get("timestamp")))
        if row.get("subtype") == "stop_hook_summary":
            yield from self._hooks(row)
        if row.get("subtype") == "away_summary":
            yield Recapped(recap_of(as_str(row.get("content"))), time_of(row.get("timestamp")))

    def _hooks(self, row: dict[str, Any]) -> Iterator[Event]:
        """Yield what ran by itself as the agent stopped, where it failed, or did so the time before."""
        errors = [as_str(it).removeprefix(_HOOK_FAILED) for it in as_list(row.get("hookErrors"))]
        if not errors and not self._hook_failed:
            return
        self._hook_failed = bool(errors)
        commands = (as_str(as_dict(it).get("command")) for it in as_list(row.get("hookInfos")))
        id_, time = f"hook-{as_str(row.get('uuid'))}", time_of(row.get("timestamp"))
        yield Called(id_, "StopHook", {"command": " ; ".join(filter(None, commands))}, time)
        yield Returned(id_, "\n".join(errors), bool(errors), int(bool(errors)), time)


_HOOK_FAILED = "Failed with non-blocking status code: "


def _left_by(compacted: Compacted) -> Used | None:
    left = compacted.remaining()
    return Used(left.tokens, left.rule, method=left.method, low=left.low, high=left.high) if left else None


def completed(tail: Tail, found: TailState) -> TailState:
    """Return ``found``, read from the end, with the window in its model's name and what a compaction leaves out."""
    found = _standing(tail, found)
    model = found.model
    if model and "[" not in model:
        asked = tail.last((b'"modelId"', b"context-1m"), _large_one, _LOOKED_BACK_BYTES)
        before = tail.old.model if tail.old else ""
        known = next((name for name in (asked, before) if name and name.partition("[")[0] == model), model)
        model = with_window(known, found.tokens or 0)
    if found.rule != AFTER_COMPACTION or found.method != "exact" or found.tokens is None:
        return found.replace(model=model)
    first = tail.first((b'"usage"',), _tokens_in, _LOOKED_ON_BYTES)
    before_tokens = tail.event.before if isinstance(tail.event, Compacted) else None
    rest = with_rest(Compacted(None, before_tokens, found.tokens), first).remaining()
    return found.replace(model=model, **rest.to_dict()) if rest else found.replace(model=model)


def _standing(tail: Tail, found: TailState) -> TailState:
    """Return ``found``, or the figure that stands where a prompt has taken the response back that it is of.

    The log is read back from that prompt, by the parents of rows, to the last response it descends from.
    """
    prompt = None if found.tokens is None else _last_prompt(tail)
    if prompt is None:
        return found
    wanted, rooted = [as_str(prompt["uuid"])], None
    start = max(0, tail.new.size - _BRANCHED_BYTES)
    for row in _rows_back(tail, start, lambda line: any(name.encode(errors="replace") in line for name in wanted)):
        event = usage_of(row)
        if row.get("uuid") in wanted:
            wanted[:] = filter(None, [as_str(row.get("parentUuid"))])
            if event:
                return tail.told(event, row)
        elif isinstance(event, Compacted):
            return found
        elif event and rooted is None:
            rooted = bool(row.get("parentUuid"))
        if rooted is not None and not wanted:
            break
    if wanted and start:
        from handoff_cli.transcripts.tail import at_most  # whoever reads an end has it loaded

        return at_most(found)
    first = tail.first((b'"usage"',), _tokens_in, _LOOKED_ON_BYTES) if rooted and not wanted else None
    return found.replace(tokens=first, method="estimated", rule=AT_FIRST_RULE, low=0, high=first) if first else found


def _last_prompt(tail: Tail) -> dict[str, Any] | None:
    """Return the prompt that was written last, if no response followed and the last reading did not know it."""
    for row in _rows_back(tail, tail.told_at, lambda line: _USER in line and _ANSWER not in line):
        if usage_of(row):
            return None
        if as_str(row.get("uuid")) and is_prompt(row):
            return row
    return None


def _rows_back(tail: Tail, start: int, takes: Callable[[bytes], bool]) -> Iterator[dict[str, Any]]:
    """Yield the rows of the main chain from the end back to ``start``: those that tell the usage and that it takes."""
    for _, line in lines_backwards(tail.stream, start, tail.new.size):
        if any(mark in line for mark in TELLING) or takes(line):
            yield from (row for row in reversed(objects_on(line)) if row.get("isSidechain") is not True)


def _large_one(row: dict[str, Any]) -> str | None:
    asked = asked_for(row)
    return asked if asked and (asked.endswith("]") or row.get("type") == "attachment") else None


def _tokens_in(row: dict[str, Any]) -> int | None:
    tokens: int | None = getattr(usage_of(row), "tokens", None)
    return tokens
