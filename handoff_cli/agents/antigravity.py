"""Antigravity CLI: ``brain/<session>/.system_generated/logs/transcript_full.jsonl``, one step per line.

No usage is written: the context is estimated from the text. A tool's answer is a step of its own without the call's
id: answers come in the order of the calls. Checked on a census of step types of June 2026.
"""

from __future__ import annotations

import os
import re
from collections import deque

from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen
from handoff_cli.transcripts.hits import as_printed
from handoff_cli.transcripts.tagged import elements
from handoff_cli.transcripts.tools import exit_code_at_start
from handoff_cli.transcripts.values import UNDECODABLE, as_dict, as_list, as_str, decode, time_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "antigravity"
OPENING = ("agy", "--prompt-interactive", "{prompt}")  # agy --help: run a first prompt and go on

_TYPED = re.compile(r"<(USER_REQUEST)>")
_MODEL = re.compile(r"`Model Selection` from .{0,80}? to ([^\n(]{1,60}[^\n( ])")
_SUCCEEDED, _FAILED = "The command completed successfully", "The command failed"
_STOPPED = "Command cancelled by user"
_CREATED = re.compile(r"^Created file file://", re.MULTILINE)
_TOOL_NAMES = {"RUN_COMMAND": "run_command", "VIEW_FILE": "view_file", "CODE_ACTION": "replace_file_content"}
_VIEWED = re.compile(r"`?file://([^\s`]+)")
_TIMES = re.compile(r"\A(?:(?:Created|Completed) At: [^\n]{0,80}\n)+\s{0,40}")
"""What stands above an answer."""

_TASKS = re.compile(r"[/\\]brain[/\\][^/\\]{1,100}[/\\]task\.md\Z")
_COMMENT = re.compile(r" *<!--[^\n]{0,200}?-->")
_MAX_WAITING = 200
_CWD = re.compile(rb'"Cwd"\s*:\s*"(?:\\")?([^"\\]{1,4096})')


def logs(search: Search) -> Iterator[Log]:
    """Yield the conversations; of a project's last one a file of the cache tells the folder."""
    from handoff_cli.agents.search import files, folders, made
    from handoff_cli.transcripts.source import json_in

    root = os.path.join(search.root("GEMINI_CLI_HOME"), ".gemini", "antigravity-cli")
    last = json_in(os.path.join(root, "cache", "last_conversations.json"))
    projects = {id_: folder for folder, id_ in last.items() if isinstance(id_, str)}
    for conversation in folders(os.path.join(root, "brain")):
        session = os.path.basename(conversation)
        found = sorted(files(os.path.join(conversation, ".system_generated", "logs"), r"transcript(_full)?\.jsonl"))
        for log in made(AGENT, "antigravity", iter(found[-1:])):
            yield log.replace(session=session, folder=projects.get(session, ""))


def folder_of(log: Log) -> str | None:
    """Return the folder in which the conversation's first command ran, None where none did."""
    from handoff_cli.agents.search import head_of

    found = _CWD.search(head_of(log.path))
    return found[1].decode("utf-8", "replace") if found else None


def sniff(head: str) -> float:
    """Rows that are numbered steps with a source."""
    return 0.95 if head.startswith("{") and '"step_index"' in head and '"source"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the steps."""
    waiting: deque[str] = deque(maxlen=_MAX_WAITING)
    tasks = _Tasks()
    for row in source.rows():
        time, kind = time_of(row.get("created_at")), as_str(row.get("type"))
        text = _TIMES.sub("", as_str(row.get("content")))
        if kind == "USER_INPUT":
            yield from _user(text, time, by_person=row.get("source") == "USER_EXPLICIT")
        elif kind == "PLANNER_RESPONSE":
            yield Said("assistant", as_str(row.get("thinking")), time, visible=False, kind="reasoning")
            yield Said("assistant", text, time)
            for number, call in enumerate(map(as_dict, as_list(row.get("tool_calls")))):
                waiting.append(f"{source.position}-{number}")
                arguments = _arguments(call.get("args"))
                folder = as_str(arguments.get("Cwd"))
                yield Seen(folder=folder)
                name, arguments = tasks.called(as_str(call.get("name")), arguments)
                yield Called(waiting[-1], name, arguments, time, folder=folder)
        elif kind == "CHECKPOINT":
            yield Compacted(time=time)
            yield Said("user", text, time, visible=False, kind="summary")
        elif row.get("source") == "MODEL":
            id_ = waiting.popleft() if waiting else f"{source.position}"
            if id_ == f"{source.position}":
                yield Called(id_, _TOOL_NAMES.get(kind, kind.lower()), _shown(text), time)
            yield _returned(id_, kind, text, as_str(row.get("status")), time)
        else:
            yield Said("system", text, time, visible=False)


class _Tasks:
    """Follows the list of to-dos, which Antigravity keeps in a file of its own beside the log."""

    def __init__(self) -> None:
        self._text = ""

    def called(self, name: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the call ``name`` with its ``arguments``, as one that writes a list where it writes that file."""
        if not _TASKS.search(as_str(arguments.get("TargetFile"))):
            return name, arguments
        if "CodeContent" in arguments:
            self._text = as_str(arguments["CodeContent"])
        for it in map(as_dict, as_list(arguments.get("ReplacementChunks")) or [arguments]):
            old, new = as_str(it.get("TargetContent")), as_str(it.get("ReplacementContent"))
            self._text = self._text.replace(old, new, 1) if old else self._text
        return "todo_write", {"todos": _COMMENT.sub("", self._text)}


def _user(text: str, time: str | None, *, by_person: bool) -> Iterator[Event]:
    model = _MODEL.search(text)
    if model:
        yield Seen(model=model[1].lower().replace(" ", "-"), time=time)
    typed = "\n".join(request for _, request in elements(text, _TYPED))
    yield Said("user", text, time, visible=by_person, words=typed or None)


def _arguments(arguments: Any) -> dict[str, Any]:
    """Return the arguments of a call, each of which is written as JSON text."""
    found = {}
    for name, value in as_dict(arguments).items():
        decoded = decode(value) if isinstance(value, str) else value
        found[name] = value if decoded is UNDECODABLE else decoded
    return found


def _shown(text: str) -> dict[str, str]:
    """Return as arguments the file that an answer names, where the call itself was not written."""
    file = _VIEWED.search(text[:1000])
    return {"path": file[1]} if file else {}


def _returned(id_: str, kind: str, text: str, status: str, time: str | None) -> Returned:
    stopped = status in ("CANCELED", "CANCELLED")
    failed: bool | None = stopped or status == "ERROR"
    code = None
    if kind == "RUN_COMMAND" and not failed:
        code = 0 if _SUCCEEDED in text[:500] else exit_code_at_start(text)
        failed = True if _FAILED in text[:500] else None if code is None else code != 0
    text = as_printed(text) if kind == "GREP_SEARCH" else text or _STOPPED * stopped
    return Returned(id_, text, failed, code, time, bool(_CREATED.search(text[:1000])))
