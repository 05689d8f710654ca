"""Cline, Roo and Kilo before 7. Cline 3 of the command line and 4: ``~/.cline/data/sessions/<id>/<id>.messages.json``.

Before, and in Roo and Kilo: ``tasks/<id>/ui_messages.json`` and ``api_conversation_history.json`` in the editor's
storage. The first holds the usage of each request, as JSON inside ``text``; the second the Anthropic messages as sent.

A session's messages stay whole when it is compacted: ``<id>.compaction.json`` says how many of them its summary stands
for (cline/cline, sdk/packages/core). Sub-agents' messages lie in the folder of the session that called them.
"""

from __future__ import annotations

import os

from handoff_cli.agents.cline_tags import Tags
from handoff_cli.agents.windows import UsableRule
from handoff_cli.core.patterns import lazily
from handoff_cli.core.tool_names import ASKERS
from handoff_cli.transcripts.by_question import replies
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.hits import as_printed
from handoff_cli.transcripts.messages import anthropic_message
from handoff_cli.transcripts.source import json_in
from handoff_cli.transcripts.tagged import elements
from handoff_cli.transcripts.tools import exit_code_at_start
from handoff_cli.transcripts.values import as_dict, as_list, as_str, object_of, sum_tokens, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "cline"

_SOURCE = "cline/cline, context-window-utils.ts"
OPENING = ("cline", "-i", "{prompt}")  # cline --help: interactive mode with an initial task
USABLE = (
    UsableRule(_SOURCE, smallest=64_000, largest=64_000, reserve=27_000),
    UsableRule(_SOURCE, smallest=128_000, largest=128_000, reserve=30_000),
    UsableRule(_SOURCE, smallest=200_000, reserve=40_000),
    UsableRule(_SOURCE, share=0.8),
)

_EXTENSIONS = ("saoudrizwan.claude-dev", "rooveterinaryinc.roo-cline", "kilocode.kilo-code")
_EDITORS = ("Code", "Code - Insiders", "VSCodium", "Cursor", "Windsurf")
_CWD = lazily(rb"# Current (?:Working|Workspace) Directory \(([^)\"]{1,4096})\)")

RULE = "tokens in + out + cache reads + cache writes of the last request"
WHOLE_RULE = "tokens in, cache included, + out of the last request"
SESSION_RULE = "input tokens of the last response, cache included"
_CACHED = ("cacheReads", "cacheWrites")
_TYPED = lazily(r"<(task|user_message|feedback|answer|user_input)(?: [^>]{0,200})?>")
_INJECTED = (
    *("<environment_details>", "[", "# task_progress", "<explicit_instructions"),
    *("<mode_notice", "<file_content", "<system"),
)
_MESSAGES = ".messages.json"
_EXIT_CODE = lazily(r"exited with code (\d{1,10})")
_CREATED = "File created successfully"
LAST = rb'"inputTokens"\s*:\s*(\d{1,12})'


def logs(search: Search) -> Iterator[Log]:
    """Yield the tasks of all projects, in the storage of each editor and in Cline's own."""
    from handoff_cli.agents.search import files, folders, made

    users = search.editor_folders(*_EDITORS)
    roots = [os.path.join(user, "globalStorage", extension) for user in users for extension in _EXTENSIONS]
    for root in (*roots, search.root("CLINE_DIR", ".cline", "data")):
        for task in folders(os.path.join(root, "tasks")):
            for log in made("cline", "cline", files(task, r"ui_messages\.json")):
                yield log.replace(session=os.path.basename(task))
    from re import escape

    data = search.environ.get("CLINE_DATA_DIR") or search.root("CLINE_DIR", ".cline", "data")
    for folder in folders(search.environ.get("CLINE_SESSION_DATA_DIR") or os.path.join(data, "sessions")):
        id_ = os.path.basename(folder)
        for log in made("cline", "cline", files(folder, escape(id_) + _MESSAGES.replace(".", "\\."))):
            yield log.replace(session=id_)


def folder_of(log: Log) -> str:
    """Return the task's folder: the messages as sent tell it; Roo keeps it in a file of its own as well."""
    from handoff_cli.agents.search import cwd_in, head_of

    if log.path.endswith(_MESSAGES):
        told = json_in(log.path.removesuffix(_MESSAGES) + ".json")
        return as_str(told.get("cwd")) or as_str(told.get("workspace_root"))
    folder = os.path.dirname(log.path)
    found = _CWD.search(head_of(os.path.join(folder, "api_conversation_history.json")))
    workspace = cwd_in(head_of(os.path.join(folder, "history_item.json")))
    return workspace or (found[1].decode("utf-8", "replace") if found else "")


def sniff(head: str) -> float:
    """The editor's ``say`` and ``ask`` rows, or messages with the environment it adds to each; or a session."""
    if head[:1] != "[":
        told = '"messages"' in head and ("<user_input" in head or ('"metrics"' in head and '"modelInfo"' in head))
        return 0.95 if head[:1] == "{" and '"role"' in head and told else 0.0
    if '"ts"' in head and ('"say"' in head or '"ask"' in head):
        return 0.9
    return 0.85 if '"role"' in head and ("<environment_details>" in head or "<task>" in head) else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of either file of a task, or those of a session."""
    told = 0
    asked: dict[str, Any] = {}
    tags = Tags()
    shown = _Shown(whole=any(extension in source.path for extension in _EXTENSIONS[1:]))
    compacted = json_in(source.path.removesuffix(_MESSAGES) + ".compaction.json") if source.data is None else {}
    yield from _beside(source)
    for key, value in source.members():
        row = as_dict(value)
        if key == "messages":
            told += 1
            yield from _told(row, asked)
            if told == compacted.get("source_message_count"):
                yield from _summary(as_list(compacted.get("messages")))
        elif key == "origin":
            yield Seen(version=as_str(row.get("version")), session_id=as_str(row.get("sessionId")))
        elif key == "system_prompt":
            yield Said("system", as_str(value), visible=False)
        elif "role" in row:
            yield from _sent(tags.as_blocks(row))
        elif key is None:
            yield from shown.events(row)


def _beside(source: Source) -> Iterator[Event]:
    """Yield where a session works, which the file beside its messages tells, and git's branch there."""
    if source.data is None and source.path.endswith(_MESSAGES):
        session = json_in(source.path.removesuffix(_MESSAGES) + ".json")
        branch = as_str(as_dict(as_dict(session.get("metadata")).get("git")).get("branch"))
        yield Seen(branch=branch, folder=as_str(session.get("cwd")) or as_str(session.get("workspace_root")))


def _told(row: dict[str, Any], asked: dict[str, Any]) -> Iterator[Event]:
    """Yield the events of a session's message; of calls that ask the user something ``asked`` holds what they ask."""
    time, metrics = time_of(row.get("ts")), as_dict(row.get("metrics"))
    if model := as_str(as_dict(row.get("modelInfo")).get("id")):
        yield Seen(model=model, time=time)
    if _is_summary(row):
        yield from _summary([row])
        return
    blocks = [as_dict(block) for block in as_list(row.get("content"))]
    answers = {as_str(block.get("tool_use_id")): block for block in blocks}
    for event in _sent(row):
        if isinstance(event, Called) and event.name.lower() in ASKERS:
            asked[event.id] = event.input
        yield _answered(event, as_dict(answers.get(event.id)), asked) if isinstance(event, Returned) else event
    if tokens := tokens_of(metrics.get("inputTokens")):
        yield Used(tokens, SESSION_RULE, None, None, time)
    if row.get("role") == "assistant" and not any(block.get("type") == "tool_use" for block in blocks):
        yield Turned(time)


def _is_summary(message: dict[str, Any]) -> bool:
    return as_dict(message.get("metadata")).get("kind") == "compaction_summary"


def _summary(messages: list[Any]) -> Iterator[Event]:
    """Yield what stands for the messages so far: the summary among what was kept, which is known already."""
    summary = next((message for message in map(as_dict, messages) if _is_summary(message)), {})
    before = tokens_of(as_dict(summary.get("metadata")).get("tokensBefore"))
    yield Compacted(None, before, None, time_of(summary.get("ts")))
    yield Said("user", text_in(summary.get("content")), visible=False, kind="summary")


def _answered(event: Returned, block: dict[str, Any], asked: dict[str, Any]) -> Returned:
    """Return ``event`` with what the answers say: a tool may have been asked for several things at once."""
    if event.id in asked:
        return event.replace(answers=replies([asked[event.id]], [event.text]))
    content = block.get("content")
    answers = [as_dict(answer) for answer in (content if isinstance(content, list) else [object_of(content)])]
    if answers and "finishReason" in answers[0]:  # a sub-agent's
        return event.replace(text=as_str(answers[0].get("text")))
    if refusal := as_str(answers[0].get("error")) if answers and "success" not in answers[0] else "":
        return event.replace(text=refusal)
    answers = [answer for answer in answers if "success" in answer]
    if not answers:
        return event
    text = "\n".join(text_in(answer.get("result")) or as_str(answer.get("error")) for answer in answers)
    text = as_printed(text) if block.get("name") == "search_codebase" else text
    failed = next((answer for answer in answers if answer["success"] is False), None)
    code = _EXIT_CODE.search(as_str(failed.get("error"))) if failed else None
    return event.replace(
        text=text,
        failed=failed is not None,
        exit_code=int(code[1]) if code else None,
        created=text.startswith(_CREATED),
    )


def _sent(row: dict[str, Any]) -> Iterator[Event]:
    for event in anthropic_message(row, None):
        if isinstance(event, Called):
            yield event
            yield from _progress(event.id, as_dict(event.input).get("task_progress"), event.time)
            continue
        if isinstance(event, Returned):
            yield _ended(event)
            continue
        if not isinstance(event, Said) or event.role != "user" or not event.visible:
            yield event
            continue
        typed = [text for _, text in elements(event.text, _TYPED)]
        if typed:
            yield event.replace(words="\n".join(text.strip() for text in typed))
        else:
            yield event.replace(visible=not event.text.lstrip().startswith(_INJECTED))


def _progress(id_: str, told: Any, time: str | None) -> Iterator[Event]:
    """Yield the list of to-dos that stands beside other things."""
    if as_str(told):
        yield Called(f"{id_}-todos", "update_todo_list", {"todos": told}, time, nested=True)
        yield Returned(f"{id_}-todos", "", failed=False, time=time, repeated=True)


def _ended(event: Returned) -> Returned:
    """Return an answer with how the call ended: in words alone, of a command mostly in none (Roo: with the code)."""
    told = object_of(event.text) if event.text.startswith(_TOLD_AS_JSON) else {}
    if told.get("status") in ("denied", "error"):
        words = " ".join(f"{name}: {text}" for name in ("feedback", "error") if (text := as_str(told.get(name))))
        return event.replace(text=f"{as_str(told.get('message'))} {words}".strip(), failed=True)
    code = exit_code_at_start(event.text)
    failed = event.failed if code is None else code != 0
    return event.replace(
        failed=True if event.text.startswith(_BROKE) else failed, exit_code=code, ended=event.text.startswith(_RAN)
    )


_TOLD_AS_JSON, _RAN, _BROKE = '{"status"', "Command executed", "The tool execution failed"


class _Shown:
    """Reads what the editor shows; what a command prints comes in rows of its own."""

    def __init__(self, *, whole: bool) -> None:
        self.whole = whole
        self.rows = 0
        self.command = ""
        self.output: list[str] = []

    def events(self, row: dict[str, Any]) -> Iterator[Event]:
        """Yield the events of the next row."""
        self.rows += 1
        id_, time, text = f"shown-{self.rows}", time_of(row.get("ts")), as_str(row.get("text"))
        kind = as_str(row.get("say")) or as_str(row.get("ask"))
        if kind == "command":
            self.command, self.output = id_, []
        elif kind == "command_output" and self.command:
            self.output = [*self.output[-_MOST_ROWS:], text]
            yield Returned(self.command, "\n".join(self.output), ended=True, time=time, repeated=len(self.output) > 1)
        elif kind == "api_req_started":
            yield from _usage(object_of(text), time, whole=self.whole)
        elif kind == "task_progress":
            yield from _progress(id_, text, time)
        yield from _shown(row, id_)


_MOST_ROWS = 400


_SIDES = lazily(r"\s*(?:-{3,}|<{3,}) SEARCH>?\n")


def _shown(row: dict[str, Any], id_: str) -> Iterator[Event]:
    time, text = time_of(row.get("ts")), as_str(row.get("text"))
    kind = as_str(row.get("say")) or as_str(row.get("ask"))
    if kind in ("task", "user_feedback") or (kind == "text" and id_ == "shown-1"):
        yield Said("user", text, time)
    elif kind == "reasoning":
        yield Said("assistant", text, time, visible=False, kind="reasoning")
    elif kind in ("text", "completion_result", "plan_mode_respond", "followup"):
        yield Said("assistant", text, time)
        if kind != "text":
            yield Turned(time)
    elif kind == "tool":
        called = object_of(text)
        if _SIDES.match(as_str(called.get("content"))):  # Cline has there what Roo calls the diff
            called["diff"] = called.pop("content")
        yield Called(id_, as_str(called.get("tool")), called, time)
        yield Returned(id_, as_str(called.get("content")), failed=False, time=time)
    elif kind == "command":
        yield Called(id_, "command", {"command": text}, time)
    elif kind == "condense_context":
        condensed = as_dict(row.get("contextCondense"))
        before, after = (tokens_of(condensed.get(key)) for key in ("prevContextTokens", "newContextTokens"))
        yield Compacted(None, before, after, time)
        yield Said("user", as_str(condensed.get("summary")), time, visible=False, kind="summary")
    model = as_str(as_dict(row.get("modelInfo")).get("modelId"))
    if model:
        yield Seen(model=model, time=time)


def _usage(request: dict[str, Any], time: str | None, *, whole: bool) -> Iterator[Event]:
    """A request that is under way has no figures yet, one that was cancelled has zeros.

    Cline's tokens in leave out what the cache gave; those of Roo, which names a protocol, and of Kilo have it by now.
    """
    sent, cached = sum_tokens(request, ("tokensIn", "tokensOut")) or 0, sum_tokens(request, _CACHED) or 0
    whole = (whole or "apiProtocol" in request) and (tokens_of(request.get("tokensIn")) or 0) >= cached
    if tokens := sent if whole else sent + cached:
        yield Used(tokens, WHOLE_RULE if whole else RULE, None, None, time)
