"""Gemini CLI (google-gemini/gemini-cli): ``docs/hooks/reference.md`` and ``chatRecordingService.ts``.

A chat is ``~/.gemini/tmp/<project>/chats/session-*``: one JSON document, or a log of JSON lines, in which a message is
written again under its id as it grows, ``{"$set": {...}}`` changes the metadata (and may bring all messages anew) and
``{"$rewindTo": id}`` takes back that message and all after it. A compression brings all messages anew, a
``<state_snapshot>`` among them: what lay before has left the context, not the conversation. Checked with 0.61.
"""

from __future__ import annotations

import os
import re

from handoff_cli.agents.hooks import Event as HookEvent
from handoff_cli.agents.hooks import Reply, claude_shaped, claude_shaped_answer
from handoff_cli.agents.windows import UsableRule
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.gemini_words import SET_UP, printed_by_shell
from handoff_cli.transcripts.values import as_dict, as_list, as_str, decode, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.agents.settings import Around, Obstacle, Scope, Target
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source
    from handoff_cli.transcripts.tail import Tail, TailState

AGENT = "gemini"

OPENING = ("gemini", "-i", "{prompt}")  # gemini --help: --prompt-interactive, execute the prompt and go on
WINDOWS = (("unknown", 1_048_576, "google-gemini/gemini-cli, tokenLimits.ts"),)
USABLE = (UsableRule("google-gemini/gemini-cli, DEFAULT_COMPRESSION_TOKEN_THRESHOLD", share=0.5),)

KINDS = {
    "SessionStart": "start",
    "BeforeAgent": "prompt",
    "AfterTool": "tool",
    "AfterAgent": "stop",
    "SessionEnd": "end",
}
LISTENING = ("SessionStart", "BeforeAgent", "AfterTool")
"""PreCompress is no compaction: it fires before every request. That the chat was compressed, its file tells."""

_TIMEOUT_MILLISECONDS = 30_000

RULE = "input tokens of the last response"
_CREATED_CHARS = 200
_WORKS_IN = r"(?m)^(?:- \*\*Workspace Directories:\*\*\n  - |.*I'm currently working in the directory: )(\S.*)$"
"""How the first message tells where the agent works."""
_OWNER = ".project_root"  # the file that names the project, beside the folder of its chats
_SNAPSHOT = "<state_snapshot>"
_SNAPSHOT_TAGS = r"</?state_snapshot>"
_INJECTED = ("<session_context>", "<hook_context>", _SNAPSHOT, "System: Please continue.", SET_UP)
_FILES, _END_OF_FILES = "--- Content from referenced files ---", "--- End of content ---"
_STOPPED = "Request cancelled."  # Gemini CLI writes so down when the user presses Esc
_UNTRUSTED = r"(?s)<untrusted_context>\n?(.*?)\n?</untrusted_context>\s*(.*)"
_SUBAGENT = rb'"kind"\s*:\s*"subagent"'


def logs(search: Search) -> Iterator[Log]:
    """Yield the chats in the folders of the project's hash or name; subagents' lie in folders below."""
    from hashlib import sha256

    from handoff_cli.agents.search import files, folders, head_of, made

    root = os.path.join(search.root("GEMINI_CLI_HOME"), ".gemini")
    listed = as_dict(as_dict(decode(head_of(os.path.join(root, "projects.json")))).get("projects"))
    known = {as_str(name): path for path, name in listed.items()}
    known |= {
        sha256(name.encode("utf-8", "surrogateescape")).hexdigest(): name for name in (*search.names, *search.above)
    }
    for folder in folders(os.path.join(root, "tmp")):
        owner = head_of(os.path.join(folder, _OWNER)).decode("utf-8", "surrogateescape").strip()
        project = owner or known.get(os.path.basename(folder), "")
        if search.holds(project):
            chats = files(os.path.join(folder, "chats"), r"session-.+\.jsonl?")
            for log in made("gemini", "gemini", chats, likely=True):
                yield log.replace(beside=project)


def folder_of(log: Log) -> str | None:
    """Return where the chat was, None for a subagent's, which may lie beside the session's."""
    return None if is_subagents(log.path) else log.beside


def is_subagents(path: str) -> bool:
    """Return whether the chat at ``path`` is a subagent's."""
    from handoff_cli.agents.search import head_of

    return bool(re.search(_SUBAGENT, head_of(path)))


def event_of(payload: Mapping[str, Any], _name: str, environ: Mapping[str, str]) -> HookEvent | None:
    """Return what the hook's input says, None where it is nothing for us."""
    return claude_shaped(payload, KINDS, environ.get("GEMINI_PROJECT_DIR"))


def answer(event: HookEvent, reply: Reply) -> str:
    """Return the hook's output: JSON, or nothing; any other text would be an error."""
    return claude_shaped_answer(event, reply, LISTENING)


def obstacles(around: Around) -> Iterator[Obstacle]:
    """Yield what keeps hooks from running (geminicli.com/docs: hooks, trusted folders)."""
    from handoff_cli.agents.settings import Obstacle, Switch, machine_file, member, read_settings, switched_off

    folder = os.path.join(around.root("GEMINI_CLI_HOME", ""), ".gemini")
    system = around.environ.get("GEMINI_CLI_SYSTEM_SETTINGS_PATH") or machine_file(
        "/etc/gemini-cli/settings.json",
        "/Library/Application Support/GeminiCli/settings.json",
        r"C:\ProgramData\gemini-cli\settings.json",
    )
    own = os.path.join(folder, "settings.json")
    files = (own, os.path.join(around.project, ".gemini", "settings.json"), system)
    off = [Switch(path, False) for path in ("hooksConfig.enabled", "hooks.enabled", "tools.enableHooks")]
    yield from switched_off(files, *off, *(Switch(f"{it}.disabled", "handoff") for it in ("hooksConfig", "hooks")))
    trust = read_settings(os.path.join(folder, "trustedFolders.json"))
    refused = isinstance(trust, dict) and trust.get(around.project) == "DO_NOT_TRUST"
    if refused and member(read_settings(own), "security.folderTrust.enabled") is True:
        yield Obstacle(f"Gemini CLI does not trust {around.project}", "trust it: type /permissions in Gemini CLI")


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change."""
    from handoff_cli.agents.settings import SettingsEntry, Target, command_line, mcp_entry

    home = scope.environ.get("GEMINI_CLI_HOME") if scope.user else None
    line = command_line("hook", "gemini")
    handler = {"name": "handoff", "type": "command", "command": line, "timeout": _TIMEOUT_MILLISECONDS}
    entries = [SettingsEntry(("hooks", name), {"hooks": [handler]}) for name in KINDS]
    path = os.path.join(home or scope.root, ".gemini", "settings.json")
    return [Target(path, "json", (*entries, *([mcp_entry()] if scope.mcp else [])))]


def sniff(head: str) -> float:
    """A session of a project, or rows of the log."""
    if not head.startswith("{"):
        return 0.0
    if '"projectHash"' in head and '"sessionId"' in head:
        return 0.96
    return 0.9 if '"$set"' in head or '"$rewindTo"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the messages that stand at the end, in the order they first came."""
    yield from _beside(source)
    if source.is_jsonl():
        yield from _log(source)
        return
    for key, value in source.members():
        if key == "messages":
            message = as_dict(value)
            if _is_snapshot(message):
                yield Compacted(time=time_of(message.get("timestamp")))
            yield from _message(message)
        else:
            yield from _seen({key or "": value})


def _beside(source: Source) -> Iterator[Event]:
    """Yield where the agent works, which the folder of the project's chats tells: an older chat does not."""
    if source.data is None and source.path:
        from handoff_cli.agents.search import head_of

        folder = os.path.dirname(os.path.dirname(os.path.abspath(source.path)))
        owner = head_of(os.path.join(folder, _OWNER)).decode("utf-8", "surrogateescape").strip()
        yield from [Seen(folder=owner)] if owner else ()


def usage_of(row: dict[str, Any]) -> Used | None:
    """Return the usage of a message: its input tokens, in which cached ones are included."""
    tokens = tokens_of(as_dict(row.get("tokens")).get("input"))
    if row.get("type") != "gemini" or not tokens:
        return None
    return Used(tokens, RULE, None, None, time_of(row.get("timestamp")))


def _log(source: Source) -> Iterator[Event]:
    """Yield what stands, at the place of its last writing; the log is read twice, so that nothing need be held."""
    chat = Chat()
    for row in source.rows():
        chat.apply(row, source.position)
    places = chat.places()
    for row in source.rows():
        yield from _seen(as_dict(row.get("$set")) or row)
        compressed = source.position in chat.compressed
        if compressed:
            yield Compacted(time=_time_of_snapshot(row))
        for index, message in enumerate(messages_in(row)):
            if (source.position, index) in places:
                yield from _again(message) if compressed else _message(message)


class Chat:
    """The messages that stand, by the rows that wrote them; a place is (line, index in the row).

    ``compressed`` are the lines at which the context was replaced by a snapshot: what stood before stays.
    """

    def __init__(self) -> None:
        self.standing: dict[str, tuple[int, int]] = {}
        self.before: set[tuple[int, int]] = set()
        self.compressed: set[int] = set()

    def apply(self, row: dict[str, Any], line: int) -> None:
        """Take in the ``row`` at ``line``."""
        to = row.get("$rewindTo")
        if isinstance(to, str):
            kept = list(self.standing).index(to) if to in self.standing else 0
            self.standing = dict(list(self.standing.items())[:kept])
            return
        if replaces_all(row):
            if any(_is_snapshot(message) and message["id"] not in self.standing for message in messages_in(row)):
                self.before.update(self.standing.values())
                self.compressed.add(line)
            self.standing = {}
        for index, message in enumerate(messages_in(row)):
            self.standing[message["id"]] = (line, index)

    def places(self) -> set[tuple[int, int]]:
        """Return where the messages of the whole conversation were last written."""
        return self.before.union(self.standing.values())


def _is_snapshot(message: dict[str, Any]) -> bool:
    return message.get("type") == "user" and text_in(message.get("content")).lstrip().startswith(_SNAPSHOT)


def _time_of_snapshot(row: dict[str, Any]) -> str | None:
    return next((time_of(it.get("timestamp")) for it in messages_in(row) if _is_snapshot(it)), None)


def replaces_all(row: dict[str, Any]) -> bool:
    """Tell whether ``row`` brings all messages anew, as at the start, on compression and on an aborted turn."""
    return not _is_message(row) and isinstance(as_dict(row.get("$set", row)).get("messages"), list)


def messages_in(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages a row of the log writes: itself, or those it brings anew."""
    if isinstance(row.get("$rewindTo"), str):
        return []
    brought = [row] if _is_message(row) else as_list(as_dict(row.get("$set", row)).get("messages"))
    return [message for message in map(as_dict, brought) if _is_message(message)]


def _is_message(row: dict[str, Any]) -> bool:
    return isinstance(row.get("id"), str)


def _seen(row: dict[str, Any]) -> Iterator[Event]:
    session, start = as_str(row.get("sessionId")), time_of(row.get("startTime"))
    if session or start:
        yield Seen(session_id=session, time=start)


def _again(message: dict[str, Any]) -> Iterator[Event]:
    """Yield what a compression leaves in the context: a summary, and messages that were told before."""
    kind = "summary" if _is_snapshot(message) else ""
    role = "assistant" if message.get("type") == "gemini" else "user"
    answers = [_answer(call)[0] for call in map(as_dict, as_list(message.get("toolCalls")))]
    text = "\n".join(filter(None, (text_in(message.get("content")), *answers)))
    if message.get("type") in ("user", "gemini") and text:
        words = re.sub(_SNAPSHOT_TAGS, "", text).strip() if kind else None
        yield Said(role, text, time_of(message.get("timestamp")), visible=False, words=words, kind=kind)


def _message(message: dict[str, Any]) -> Iterator[Event]:
    time, kind = time_of(message.get("timestamp")), message.get("type")
    if kind == "user":
        words = _typed(message)
        summary = "summary" if _is_snapshot(message) else ""
        text = text_in(message.get("content"))
        if words == "" and (place := re.search(_WORKS_IN, text)):
            yield Seen(folder=place[1], time=time)
        words = re.sub(_SNAPSHOT_TAGS, "", text).strip() if summary else words
        yield Said("user", text, time, visible=not summary and words != "", words=words, kind=summary)
    if kind == "info" and text_in(message.get("content")) == _STOPPED:
        yield Turned(time, stopped=True)
    if kind != "gemini":
        return
    yield Seen(model=as_str(message.get("model")), time=time)
    used = usage_of(message)
    if used:
        yield used
    for thought in map(as_dict, as_list(message.get("thoughts"))):
        told = as_str(thought.get("description")) or as_str(thought.get("subject"))  # which is a title, mostly
        if told:  # what it thought is not sent again
            yield Said("assistant", "", time, visible=False, words=told, kind="reasoning")
    yield Said("assistant", text_in(message.get("content")), time)
    for call in map(as_dict, as_list(message.get("toolCalls"))):
        yield from _call(call)


def _typed(message: dict[str, Any]) -> str | None:
    """Return what the user typed where the message holds more than that: surroundings, a hook's words, files."""
    shown, content = message.get("displayContent"), message.get("content")
    if shown is not None:
        return text_in(shown)
    typed, files = [], False
    for part in content if isinstance(content, list) else [content]:
        text = text_in(part)
        files = (files or _FILES in text) and _END_OF_FILES not in text
        if not files and _END_OF_FILES not in text and not text.lstrip().startswith(_INJECTED):
            typed.append(text)
    whole = text_in(content)
    words = "\n".join(filter(None, typed))
    return None if words == whole else words


def _answer(call: dict[str, Any]) -> tuple[str, str]:
    """Return what a tool answered, and what hooks added to it."""
    answers = [as_dict(as_dict(part).get("functionResponse")).get("response") for part in as_list(call.get("result"))]
    text = "\n".join(text_in(answer) or as_str(as_dict(answer).get("error")) for answer in answers)
    wrapped = re.match(_UNTRUSTED, text)
    return (wrapped[1], wrapped[2]) if wrapped else (text, "")


def _call(call: dict[str, Any]) -> Iterator[Event]:
    from handoff_cli.transcripts.tools import exit_code_at_end  # not where only the usage is read

    time, id_ = time_of(call.get("timestamp")), as_str(call.get("id"))
    yield Called(id_, as_str(call.get("name")), call.get("args"), time)
    text, added = _answer(call)
    status = call.get("status")
    if status in ("success", "error", "cancelled"):
        created = "Successfully created" in text[:_CREATED_CHARS]
        code, before = exit_code_at_end(text), as_str(as_dict(call.get("resultDisplay")).get("originalContent"))
        yield Returned(id_, printed_by_shell(text), status != "success", code, time, created, before=before)
    if added:
        yield Said("user", added, time, visible=False)


def telling(tail: Tail, row: dict[str, Any]) -> TailState | None:
    """Return what a row of the log says of the context, read from the end: see ``transcripts.tail``.

    A message counts as it was last written; a rewind takes back what cannot be told from behind.
    """
    if isinstance(row.get("$rewindTo"), str):
        return _read_forwards(tail)
    for message in reversed(messages_in(row)):
        id_ = message["id"]
        used = None if id_ in tail.superseded else usage_of(message)
        tail.superseded.add(id_)
        if used:
            return tail.told(used, message)
        if replaces_all(row) and _is_snapshot(message):
            return tail.told(Compacted(), {})
    return tail.new if replaces_all(row) else None


def _read_forwards(tail: Tail) -> TailState:
    chat = Chat()
    told: dict[tuple[int, int], TailState] = {}
    for row in tail.source.rows():
        line = tail.source.position
        chat.apply(row, line)
        if line in chat.compressed:
            told[line, -1] = tail.told(Compacted(), {})
            chat.standing[f"compressed at {line}"] = (line, -1)
        for index, message in enumerate(messages_in(row)):
            used = usage_of(message)
            if used and line not in chat.compressed:
                told[line, index] = tail.told(used, message)
    return told.get(max(set(told).intersection(chat.standing.values()), default=(0, 0)), tail.new)
