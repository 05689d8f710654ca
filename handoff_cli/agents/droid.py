"""Factory Droid: ``~/.factory/sessions/<project>/<session>.jsonl``, and the rows of ``droid exec -o stream-json``.

The usage stands beside the log, in ``<session>.settings.json``: ``tokenUsage`` adds up the whole session and is no
size; ``lastCallTokenUsage``, which newer versions write, is what Droid's own meter shows: input, cache and output.
Sources of the rules: Factory's SDK documentation of ``session_token_usage_changed``; a census of row types.
"""

from __future__ import annotations

import os
import re

from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.messages import anthropic_message
from handoff_cli.transcripts.source import json_beside
from handoff_cli.transcripts.tagged import outside
from handoff_cli.transcripts.tools import exit_code_at_start
from handoff_cli.transcripts.values import as_dict, as_str, sum_tokens, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "droid"
OPENING = ("droid", "{prompt}")  # docs.factory.ai, CLI reference: start REPL with initial prompt

RULE = "input, cached input and output of the last call"
_PARTS = ("inputTokens", "cacheReadTokens", "outputTokens")
_CALLED = re.compile(rb'"callingSessionId"\s*:\s*"')
_INJECTED = re.compile(r"<(system-reminder|system-notification|local-command-stdout|command-name)>")
_ANSWERED = re.compile(r"^\d{1,3}\. \[question\] (.+)\n\[answer\] (.+)$", re.MULTILINE)
_ENDED, _END_CHARS = re.compile(r"\[Process exited with code (-?\d{1,9})\]\s*\Z"), 80
_HEADER = re.compile(r'"type"\s*:\s*"session_start"')


def logs(search: Search) -> Iterator[Log]:
    """Yield the sessions of all projects."""
    from handoff_cli.agents.search import files, folders, made

    home = os.path.join(search.home, ".factory")
    for root in (os.path.join(home, "sessions"), os.path.join(home, "projects")):
        for folder in (root, *folders(root)):
            yield from made(AGENT, "droid", files(folder, r".+\.jsonl"))


def folder_of(log: Log) -> str | None:
    """Return the folder a session was begun in; None for one that another session called, a subagent's."""
    from handoff_cli.agents.search import cwd_in, head_of

    head = head_of(log.path).partition(b"\n")[0]
    return None if _CALLED.search(head) else cwd_in(head) or None


def sniff(head: str) -> float:
    """A header with the session's folder and owner; or the rows of a run, which name the session each."""
    first = head.partition("\n")[0]
    if first.startswith("{") and _HEADER.search(first):
        return 0.96
    run = '"toolCallId"' in head or '"finalText"' in head or '"toolName"' in head
    return 0.9 if head.startswith("{") and run and ('"session_id"' in first or '"sessionId"' in first) else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of a session or of a run's output."""
    told = list(beside(source.path)) if source.data is None else []
    yield from (event for event in told if isinstance(event, Seen))
    compacted = False
    for row in source.rows():
        time, kind = time_of(row.get("timestamp")), row.get("type")
        if kind == "session_start":
            yield Seen(
                None, as_str(row.get("version")), as_str(row.get("id")), None, time, folder=as_str(row.get("cwd"))
            )
        elif kind == "message" and isinstance(row.get("message"), dict):
            compacted = compacted and row["message"].get("role") != "assistant"
            for event in anthropic_message({**row["message"], "timestamp": time}):
                yield _typed(event)
        elif kind == "todo_state":
            todos = as_dict(row.get("todos")).get("todos", row.get("todos"))
            yield Called(f"{source.position}", "todo_write", {"todos": todos}, time)
        elif kind == "compaction_state":
            compacted = True
            yield Compacted(time=time)
            text = as_str(row.get("summaryText")) or text_in(as_dict(row.get("summary")).get("body"))
            yield Said("user", text, time, visible=False, kind="summary")
        else:
            yield from _streamed(row, kind, time)
    # The last call may have been one before the compaction.
    yield from (event for event in told if isinstance(event, Used) and not compacted)


def beside(path: str) -> Iterator[Event]:
    """Yield what the settings beside the log at ``path`` tell: the model, and the usage of the last call."""
    settings = json_beside(path, f"{os.path.splitext(os.path.basename(path))[0]}.settings.json")
    yield Seen(model=as_str(settings.get("model")))
    tokens = sum_tokens(settings.get("lastCallTokenUsage"), _PARTS)
    if tokens:
        yield Used(tokens, RULE)


def _typed(event: Event) -> Event:
    """Return the event without what Droid puts before a person's words, and with what a command exited with."""
    if isinstance(event, Said) and event.role == "user" and event.visible:
        first, *behind = outside(event.text, _INJECTED)
        words = "".join((first, *map(str.lstrip, behind)))
        return event.replace(words=words, visible=bool(words.strip()))
    if isinstance(event, Returned):
        ended = _ENDED.search(event.text[-_END_CHARS:])
        code = int(ended[1]) if ended else exit_code_at_start(event.text)
        told = tuple(_ANSWERED.findall(event.text)) if "[answer] " in event.text else ()
        return event.replace(failed=event.failed or bool(code), exit_code=code, answers=told)
    return event


def _streamed(row: dict[str, Any], kind: Any, time: str | None) -> Iterator[Event]:
    id_ = as_str(row.get("toolCallId")) or as_str(row.get("id"))
    if kind == "system":
        session = as_str(row.get("session_id")) or as_str(row.get("sessionId"))
        yield Seen(as_str(row.get("model")), None, session, None, time, folder=as_str(row.get("cwd")))
    elif kind == "message":
        yield _typed(Said("assistant" if row.get("role") == "assistant" else "user", as_str(row.get("text")), time))
    elif kind == "tool_call":
        yield Called(id_, as_str(row.get("toolName")), row.get("parameters"), time)
    elif kind == "tool_result":
        value = row.get("value")
        fields = as_dict(value)
        text = text_in(value) or text_in([fields.get("stdout"), fields.get("stderr")])
        failed = row.get("isError") if isinstance(row.get("isError"), bool) else None
        yield Returned(id_, text, failed, tokens_of(fields.get("exitCode")), time)
    elif kind == "completion":
        yield Said("assistant", as_str(row.get("finalText")), time)
        yield Turned(time)
