"""Copilot Chat in VS Code: ``workspaceStorage/<hash>/chatSessions/<session>.json``, since 2026 ``.jsonl``.

The older form is one document; the newer begins with it and adds changes: 1 sets a value, 2 adds to a list, 3 deletes.
``result.metadata`` of a request holds the tokens of its prompt; ``workspace.json`` two folders up tells the project.
Sources of the rules: microsoft/vscode, ``chatSessionOperationLog.ts``; agentsview, which reads the same files.
"""

from __future__ import annotations

import os

from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.source import json_in
from handoff_cli.transcripts.values import as_dict, as_list, as_str, object_of, path_of, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "vscode-chat"
OPENING = ("code", "chat", "--mode", "agent", "{prompt}")  # code chat --help (VS Code 1.102 and later)

RULE = "prompt tokens of the last request"
LAST = rb'"promptTokens"\s*:\s*(\d{1,12})'
EDITORS = ("Code", "Code - Insiders", "VSCodium")
_MAX_ITEMS = 200_000
_SET, _ADD, _DELETE = 1, 2, 3


def sniff(head: str) -> float:
    """A chat session with its requests, or the first line of its log of changes."""
    if not head.startswith("{") or '"requests"' not in head:
        return 0.0
    marks = ('"requesterUsername"', '"responderUsername"', '"creationDate"', '"requestId"', '"initialLocation"')
    return 0.95 if any(mark in head for mark in marks) else 0.0


def logs(search: Search) -> Iterator[Log]:
    """Yield the chats of the workspaces of each editor."""
    from handoff_cli.agents.search import files, folders, made

    for user in search.editor_folders(*EDITORS):
        for storage in folders(os.path.join(user, "workspaceStorage")):
            project = workspace_of(storage)
            chats = files(os.path.join(storage, "chatSessions"), r"[^.].*\.jsonl?")
            yield from made(AGENT, "vscode_chat", chats, project)


def folder_of(_log: Log) -> str | None:
    """Return None: where ``workspace.json`` does not tell the folder, nothing does."""
    return None


def workspace_of(storage: str) -> str:
    """Return the folder that the workspace kept in the folder ``storage`` is of, empty where it is of none."""
    return path_of(as_str(json_in(os.path.join(storage, "workspace.json")).get("folder")))


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the session as it stands."""
    if '"kind"' in source.head()[:20]:
        session = _replayed(source)
        yield Seen(session_id=as_str(session.get("sessionId")))
        for source.position, request in enumerate(as_list(session.get("requests")), 1):
            yield from _request(as_dict(request))
        return
    for key, value in source.members():
        if key == "sessionId":
            yield Seen(session_id=as_str(value))
        elif key == "requests":
            yield from _request(as_dict(value))


def _replayed(source: Source) -> dict[str, Any]:
    """Return the session after all changes."""
    state: Any = {}
    for row in source.rows():
        kind, keys, value = row.get("kind"), as_list(row.get("k")), row.get("v")
        if kind == 0:
            state = as_dict(value)
        elif keys:
            _change(state, kind, keys, value, row.get("i"))
    return as_dict(state)


def _change(state: Any, kind: Any, keys: list[Any], value: Any, at: Any) -> None:
    for key in keys[:-1]:
        state = _child(state, key)
    last = keys[-1]
    if kind == _ADD:
        listed = _child(state, last)
        if listed is None and isinstance(state, dict) and isinstance(last, str):
            listed = state[last] = []
        if isinstance(listed, list) and len(listed) < _MAX_ITEMS:
            if isinstance(at, int) and 0 <= at <= len(listed):
                del listed[at:]
            listed.extend(as_list(value))
    elif isinstance(state, dict) and isinstance(last, str):
        if kind == _DELETE:
            state.pop(last, None)
        elif kind == _SET:
            state[last] = value
    elif kind == _SET and _child(state, last) is not None:
        state[last] = value


def _child(state: Any, key: Any) -> Any:
    if isinstance(state, dict):
        return state.get(key) if isinstance(key, str) else None
    if isinstance(key, str) and key.isascii() and key.isdecimal():
        key = int(key[:9])
    within = isinstance(state, list) and isinstance(key, int) and not isinstance(key, bool) and 0 <= key < len(state)
    return state[key] if within else None


def _request(request: dict[str, Any]) -> Iterator[Event]:
    """Yield what a request and its answer say, nothing of one that was undone: it goes when the next is sent."""
    undone = request.get("shouldBeRemovedOnSend")
    if isinstance(undone, dict) and not undone.get("afterUndoStop"):
        return
    by_person = request.get("isSystemInitiated") is not True and request.get("hiddenFromTranscript") is not True
    time = time_of(request.get("timestamp"))
    metadata = as_dict(as_dict(request.get("result")).get("metadata"))
    model = as_str(metadata.get("resolvedModel")) or as_str(request.get("modelId")).rpartition("/")[2]
    yield Seen(model=model, time=time)
    message = request.get("message")
    yield Said("user", as_str(as_dict(message).get("text")) or text_in(message), time, visible=by_person)
    if summary := as_str(as_dict(metadata.get("summary")).get("text")):
        yield Compacted(time=time)
        yield Said("user", summary, time, visible=False, kind="summary")
    answers = _answers(metadata)
    for number, item in enumerate(map(as_dict, as_list(request.get("response")))):
        kind = item.get("kind")
        if kind == "textEditGroup" and not answers:
            yield from _edited(item, f"{time} {number}", time)
        elif kind == "toolInvocationSerialized" and (answers or item.get("toolId") not in _EDITORS):
            yield from _tool(item, as_str(item.get("toolCallId")) or f"{time} {number}", answers, time)
        elif kind == "thinking":
            yield Said("assistant", text_in(item.get("value")), time, visible=False, kind="reasoning")
        elif kind in (None, "markdownContent"):
            content = item.get("content")
            yield Said("assistant", as_str(item.get("value")) or as_str(as_dict(content).get("value")), time)
    tokens = tokens_of(metadata.get("promptTokens"))
    if tokens:
        yield Used(tokens, RULE, as_str(request.get("requestId")) or None, None, time)
    if request.get("result"):
        yield Turned(time)


_EDITORS = ("copilot_replaceString", "copilot_multiReplaceString", "copilot_insertEdit", "copilot_createFile")
"""Tools of which, where no round tells what they were given, only the edits tell what they did."""


def _edited(item: dict[str, Any], id_: str, time: str | None) -> Iterator[Event]:
    """Yield an edit of a file as the editor shows it: what it put there, not what it took out."""
    uri = as_dict(item.get("uri"))
    edits = [as_dict(edit) for some in as_list(item.get("edits")) for edit in as_list(some)]
    new = "\n".join(text for edit in edits if (text := as_str(edit.get("text"))))
    if path := as_str(uri.get("fsPath")) or as_str(uri.get("path")):
        yield Called(id_, "edit_file", {"file_path": path, "new_string": new}, time)
        yield Returned(id_, "", failed=False, time=time)


def _answers(metadata: dict[str, Any]) -> dict[str, tuple[str, Any, str]]:
    """Return name, arguments and answer of the tools of a request by their call, as its rounds record them."""
    found = {}
    results = as_dict(metadata.get("toolCallResults"))
    for round_ in map(as_dict, as_list(metadata.get("toolCallRounds"))):
        for call in map(as_dict, as_list(round_.get("toolCalls"))):
            id_ = as_str(call.get("id"))
            answer = text_in(as_dict(results.get(id_)).get("content"))
            found[id_.partition("__vscode")[0]] = (as_str(call.get("name")), call.get("arguments"), answer)
    return found


def _tool(
    item: dict[str, Any], id_: str, answers: dict[str, tuple[str, Any, str]], time: str | None
) -> Iterator[Event]:
    data = as_dict(item.get("toolSpecificData"))
    name, arguments, answer = answers.get(id_.partition("__vscode")[0], (as_str(item.get("toolId")), {}, ""))
    known = {**object_of(arguments)}
    line = as_dict(data.get("commandLine"))
    run = as_str(data.get("command")) or as_str(line.get("toolEdited")) or as_str(line.get("original"))
    if run:
        name, known = "run_in_terminal", {**known, "command": run}
    if isinstance(data.get("todoList"), list):
        name, known = "manage_todo_list", {"todoList": data["todoList"]}
    yield Called(id_, name, known, time)
    if item.get("isComplete") is True:
        code = tokens_of(as_dict(data.get("terminalCommandState")).get("exitCode"))
        details = as_dict(item.get("resultDetails"))
        failed = details.get("isError") is True or item.get("isConfirmed") is False or bool(code)
        shown = as_str(as_dict(data.get("terminalCommandOutput")).get("text"))
        yield Returned(id_, answer or text_in(details.get("output")) or shown, failed, code, time)
