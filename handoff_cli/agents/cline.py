"""Cline, Roo and Kilo: ``tasks/<id>/ui_messages.json`` and ``api_conversation_history.json`` in the editor's storage.

The first holds the usage of each request, as JSON inside ``text``; the second the Anthropic messages as sent.
"""

from __future__ import annotations

import os
import re

from handoff_cli.agents.windows import UsableRule
from handoff_cli.transcripts import anthropic_messages
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.values import as_dict, as_str, object_of, sum_tokens, time_of, tokens_of

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
_CWD = re.compile(rb"# Current (?:Working|Workspace) Directory \(([^)\"]{1,4096})\)")

RULE = "tokens in + out + cache reads + cache writes of the last request"
_PARTS = ("tokensIn", "tokensOut", "cacheReads", "cacheWrites")
_TYPED = re.compile(r"<(task|user_message|feedback|answer)>\n?(.*?)\n?</\1>", re.DOTALL)
_INJECTED = ("<environment_details>", "[", "# task_progress", "<explicit_instructions")


def logs(search: Search) -> Iterator[Log]:
    """Yield the tasks of all projects, in the storage of each editor and in Cline's own."""
    from handoff_cli.agents.search import files, folders, made

    users = search.editor_folders(*_EDITORS)
    roots = [os.path.join(user, "globalStorage", extension) for user in users for extension in _EXTENSIONS]
    for root in (*roots, search.root("CLINE_DIR", ".cline", "data")):
        for task in folders(os.path.join(root, "tasks")):
            for log in made("cline", "cline", files(task, r"ui_messages\.json")):
                yield log.replace(session=os.path.basename(task))


def folder_of(log: Log) -> str:
    """Return the task's folder: the messages as sent tell it; Roo keeps it in a file of its own as well."""
    from handoff_cli.agents.search import cwd_in, head_of

    folder = os.path.dirname(log.path)
    found = _CWD.search(head_of(os.path.join(folder, "api_conversation_history.json")))
    workspace = cwd_in(head_of(os.path.join(folder, "history_item.json")))
    return workspace or (found[1].decode("utf-8", "replace") if found else "")


def sniff(head: str) -> float:
    """The editor's ``say`` and ``ask`` rows, or messages with the environment it adds to each."""
    if head[:1] != "[":
        return 0.0
    if '"ts"' in head and ('"say"' in head or '"ask"' in head):
        return 0.9
    return 0.85 if '"role"' in head and ("<environment_details>" in head or "<task>" in head) else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of either file."""
    answered = 0
    for _, value in source.members():
        row = as_dict(value)
        if "role" in row:
            yield from _sent(row)
        else:
            answered += 1
            yield from _shown(row, f"shown-{answered}")


def _sent(row: dict[str, Any]) -> Iterator[Event]:
    for event in anthropic_messages.message(row):
        if not isinstance(event, Said) or event.role != "user" or not event.visible:
            yield event
            continue
        typed = [text for _, text in _TYPED.findall(event.text)]
        if typed:
            yield event.replace(words="\n".join(text.strip() for text in typed))
        else:
            yield event.replace(visible=not event.text.lstrip().startswith(_INJECTED))


def _shown(row: dict[str, Any], id_: str) -> Iterator[Event]:
    time, text = time_of(row.get("ts")), as_str(row.get("text"))
    kind = as_str(row.get("say")) or as_str(row.get("ask"))
    if kind == "api_req_started":
        yield from _usage(object_of(text), time)
    elif kind in ("task", "user_feedback") or (kind == "text" and id_ == "shown-1"):
        yield Said("user", text, time)
    elif kind in ("text", "completion_result", "plan_mode_respond", "followup"):
        yield Said("assistant", text, time)
        if kind != "text":
            yield Turned(time)
    elif kind == "tool":
        called = object_of(text)
        yield Called(id_, as_str(called.get("tool")), called, time)
        yield Returned(id_, as_str(called.get("content")), failed=False, time=time)
    elif kind == "command":
        yield Called(id_, "command", {"command": text}, time)
    elif kind == "condense_context":
        condensed = as_dict(row.get("contextCondense"))
        before, after = (tokens_of(condensed.get(key)) for key in ("prevContextTokens", "newContextTokens"))
        yield Compacted(None, before, after, time)
        yield Said("user", as_str(condensed.get("summary")), time, visible=False)
    model = as_str(as_dict(row.get("modelInfo")).get("modelId"))
    if model:
        yield Seen(model=model, time=time)


def _usage(request: dict[str, Any], time: str | None) -> Iterator[Event]:
    """A request that is under way has no figures yet, one that was cancelled has zeros."""
    tokens = sum_tokens(request, _PARTS)
    if tokens:
        yield Used(tokens, RULE, None, None, time)
