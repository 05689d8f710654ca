"""Continue: ``~/.continue/sessions/<session>.json``, one JSON document; ``CONTINUE_GLOBAL_DIR`` moves the folder.

Each answer has the usage of its request in OpenAI's words. Checked on a session of the command line 1.5.47.
"""

from __future__ import annotations

import os
import re

from handoff_cli.transcripts.by_question import replies
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.hits import as_printed
from handoff_cli.transcripts.values import as_dict, as_list, as_str, decode, path_of, text_in, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.by_question import Replies
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "continue"
OPENING = ("cn", "{prompt}")  # cn --help: [prompt], the first message of the session

RULE = "prompt tokens of the last response"
LAST = rb'"prompt_tokens"\s*:\s*(\d{1,12})'
_WORKSPACE = re.compile(rb'"workspaceDirectory"\s*:\s*("(?:[^"\\]|\\.){1,4096}")')
_EXIT_CODE = re.compile(r"\(?exit code:? (\d{1,10})\)?")
_CREATED, _FOUND = "Successfully created file", "Search results for pattern "
_READ = re.compile(r"\AContent of [^\n]{1,4096}:\n")
"""What stands above the text of a file that was read."""

_ANSWER = re.compile(r'(?s)\AUser (?:selected option \d{1,4}|provided custom answer|answered): "(.*)"\Z')
_MAX_NODES = 10_000


def logs(search: Search) -> Iterator[Log]:
    """Yield the sessions of all projects."""
    from handoff_cli.agents.search import files, made

    root = search.root("CONTINUE_GLOBAL_DIR", ".continue")
    return made(AGENT, "continue_dev", files(os.path.join(root, "sessions"), r"(?!sessions\.json).+\.json"))


def folder_of(log: Log) -> str | None:
    """Return the folder of the session's workspace, which the editor writes as an address."""
    from handoff_cli.agents.search import head_of

    found = _WORKSPACE.search(head_of(log.path))
    named = as_str(decode(found[1])) if found else ""
    return path_of(named) or named or None


def sniff(head: str) -> float:
    """A session with its workspace and history."""
    named = '"workspaceDirectory"' in head and '"sessionId"' in head
    return 0.95 if head.startswith("{") and named and '"history"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the history."""
    for key, value in source.members():
        if key == "sessionId":
            yield Seen(session_id=as_str(value))
        elif key == "workspaceDirectory":
            yield Seen(folder=path_of(as_str(value)) or as_str(value))
        elif key == "history":
            yield from _item(as_dict(value))


def _item(item: dict[str, Any]) -> Iterator[Event]:
    message = as_dict(item.get("message"))
    role, text = message.get("role"), text_in(message.get("content"))
    if role == "system":
        yield Said("system", text, visible=False)
    elif role == "user":
        yield Said("user", text, words=_typed(item.get("editorState")) or None)
    elif role == "assistant":
        yield from _assistant(item, message, text)
    elif role == "thinking":
        yield Said("assistant", text, visible=False, kind="reasoning")
    if summary := as_str(item.get("conversationSummary")):
        yield Compacted()
        yield Said("user", summary, visible=False, kind="summary")


def _typed(state: Any) -> str:
    """Return what stood in the editor: a text, or nodes of a document, in which a mention has a label."""
    if isinstance(state, str):
        return state
    parts: list[str] = []
    nodes = [state]
    while nodes and len(parts) < _MAX_NODES:
        node = as_dict(nodes.pop())
        parts.append(as_str(node.get("text")) or as_str(as_dict(node.get("attrs")).get("label")))
        parts.append("\n" * (node.get("type") == "paragraph" and bool(nodes)))
        nodes += reversed(as_list(node.get("content")))
    return "".join(parts).strip()


def _assistant(item: dict[str, Any], message: dict[str, Any], text: str) -> Iterator[Event]:
    yield Said("assistant", text_in(as_dict(item.get("reasoning")).get("text")), visible=False, kind="reasoning")
    yield Said("assistant", text)
    calls = as_list(message.get("toolCalls"))
    for call in map(as_dict, calls):
        function = as_dict(call.get("function"))
        yield Called(as_str(call.get("id")), as_str(function.get("name")), function.get("arguments"))
    for state in map(as_dict, as_list(item.get("toolCallStates"))):
        status, answer = state.get("status"), _READ.sub("", text_in(state.get("output")))
        answer = as_printed(answer) if answer.startswith(_FOUND) else answer
        if status in ("done", "errored", "canceled"):
            failed = status != "done"
            code = _EXIT_CODE.search(answer[:200]) if failed else None
            yield Returned(
                as_str(state.get("toolCallId")),
                answer,
                failed,
                int(code[1]) if code else None,
                created=answer.startswith(_CREATED),
                answers=_answers(as_dict(state.get("parsedArgs")), answer),
            )
    usage = as_dict(message.get("usage"))
    tokens = tokens_of(usage.get("prompt_tokens"))
    yield Seen(model=as_str(usage.get("model")))
    if tokens:
        yield Used(tokens, RULE)
    if text and not calls:
        yield Turned()


def _answers(asked: dict[str, Any], answer: str) -> Replies:
    """Return what the user answered to the question of a call, where it asked one."""
    told = _ANSWER.match(answer) if "question" in asked else None
    return replies([asked], [told[1]]) if told else ()
