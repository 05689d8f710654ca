"""Grok Build: ``~/.grok/sessions/<percent-encoded folder>/<session>/``, of which ``chat_history.jsonl`` is read.

The size of the context stands beside it, in ``signals.json``; ``summary.json`` tells the folder and subagents.
Checked on a log of July 2026.
"""

from __future__ import annotations

import os

from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.source import json_beside
from handoff_cli.transcripts.tagged import elements
from handoff_cli.transcripts.tools import exit_code_at_end
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "grok"
OPENING = ("grok", "{prompt}")  # grok --help: [PROMPT], the initial prompt of an interactive session

RULE = "context tokens, as signals.json of the session reports them"
_BY_PERSON = (None, "", "interjection")
_MAX_COMPACTIONS = 1000
_EXIT = lazily(r"\A[Ee]xit(?: [Cc]ode)?: (?:(-?\d{1,10})|killed \([^)\n]{1,40}\))(?: \[[^\n]{1,400})?(?:\n|\Z)")
"""What may stand above what a command printed: how it ended, and what is cut off or where all of it is."""

_TYPED = lazily(r"<(user_query)>")
_INJECTED = ("<user_info>", "<system-reminder>")


def logs(search: Search) -> Iterator[Log]:
    """Yield the sessions, which lie in a folder per project, named after it."""
    from urllib.parse import unquote

    from handoff_cli.agents.search import files, folders, made

    for project in folders(os.path.join(search.root("GROK_HOME", ".grok"), "sessions")):
        for session in folders(project):
            for log in made(AGENT, "grok", files(session, r"chat_history\.jsonl")):
                if json_beside(log.path, "summary.json").get("session_kind") != "subagent":
                    folder = unquote(os.path.basename(project))
                    yield log.replace(session=os.path.basename(session), folder=folder if os.path.isabs(folder) else "")


def folder_of(log: Log) -> str | None:
    """Return the folder a session was begun in, for a name too long to be a folder's."""
    info = as_dict(json_beside(log.path, "summary.json").get("info"))
    return as_str(info.get("cwd")) or None


def sniff(head: str) -> float:
    """Rows of a type with their content beside it, and what only Grok Build adds."""
    if not head.startswith('{"type"') or '"content"' not in head:
        return 0.0
    marks = ('"synthetic_reason"', '"prompt_index"', '"model_fingerprint"', '"model_id"')
    return 0.95 if any(mark in head for mark in marks) else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the conversation as it stands: after a compaction the file begins anew with the summary."""
    told = list(beside(source.path)) if source.data is None else []
    yield from (event for event in told if not isinstance(event, Used))
    for row in source.rows():
        yield from _row(row)
    yield from (event for event in told if isinstance(event, Used))


def beside(path: str) -> Iterator[Event]:
    """Yield what the files beside the conversation at ``path`` tell: the session, its compactions, its context now."""
    signals, summary = json_beside(path, "signals.json"), json_beside(path, "summary.json")
    updated = as_str(summary.get("updated_at")) or None
    info, branch = as_dict(summary.get("info")), as_str(summary.get("head_branch"))
    session, folder = as_str(info.get("id")), as_str(info.get("cwd"))
    yield Seen(as_str(summary.get("current_model_id")), None, session, None, updated, branch=branch, folder=folder)
    for _ in range(min(tokens_of(signals.get("compactionCount")) or 0, _MAX_COMPACTIONS)):
        yield Compacted()
    tokens = tokens_of(signals.get("contextTokensUsed"))
    if tokens:
        yield Used(tokens, RULE, None, tokens_of(signals.get("contextWindowTokens")) or None, updated)


def _row(row: dict[str, Any]) -> Iterator[Event]:
    kind, content = row.get("type"), row.get("content")
    if kind == "user":
        text = text_in(content)
        words = _typed_in(text)
        if row.get("prior_turn_interrupt"):
            yield Turned(stopped=True)
        yield Said("user", text, visible=row.get("synthetic_reason") in _BY_PERSON and words != "", words=words)
    elif kind == "system":
        yield Said("system", text_in(content), visible=False)
    elif kind == "reasoning":
        yield Said("assistant", text_in(row.get("summary")), visible=False, kind="reasoning")
    elif kind == "assistant":
        yield Seen(model=as_str(row.get("model_id")))
        yield Said("assistant", text_in(content))
        calls = as_list(row.get("tool_calls"))
        yield from () if calls else (Turned(),)
        for call in map(as_dict, calls):
            yield Called(as_str(call.get("id")), as_str(call.get("name")), call.get("arguments"))
    elif kind == "tool_result":
        text = text_in(content)
        told = _EXIT.match(text)
        code = int(told[1]) if told and told[1] else None if told else exit_code_at_end(text)
        failed = row.get("is_error") is True or (told is not None and code is None) or None
        text = text[told.end() :] if told and code is not None else text
        yield Returned(as_str(row.get("tool_call_id")), text, failed, code, ended=True)
    elif kind == "backend_tool_call":
        yield from _searched(as_dict(row.get("kind")))


def _typed_in(text: str) -> str | None:
    """Return what the user typed of a prompt that Grok Build wraps, empty where it wrote all of it; None: not wrapped.

    It tells the model around the words that they came while it was at work, or after it was stopped.
    """
    if text.lstrip().startswith(_INJECTED):
        return ""
    return next((words for _, words in elements(text, _TYPED)), None) if "<user_query>" in text else None


def _searched(call: dict[str, Any]) -> Iterator[Event]:
    """Yield a search that the model's own servers ran: what it found is not in the log."""
    action = as_dict(call.get("action"))
    asked = as_str(action.get("query")) or as_str(action.get("url"))
    yield Called(as_str(call.get("id")), as_str(call.get("tool_type")), {"query": asked})
    if call.get("status") == "completed":
        yield Returned(as_str(call.get("id")), "", failed=False)
