"""Claude Code: ``~/.claude/projects/<project>/<session>.jsonl``, one JSON object per line.

The format is internal to Claude Code and changes; the rules here were checked on 546 transcripts of 2.0.64 to 2.1.42
and a census of line types up to 2.1.220. One response is written as several rows with the same usage.
"""

from __future__ import annotations

import re

from handoff_cli.transcripts.events import Called, Compacted, Returned, Rewound, Said, Seen, Turned, Used
from handoff_cli.transcripts.tools import exit_code_at_start
from handoff_cli.transcripts.values import as_dict, as_list, as_str, sum_tokens, text_in, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "claude"

RULE = "input + cache creation + cache read of the last response"
_PROMPT_KEYS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
_ENVELOPES = (
    "<command-",
    "<local-command-",
    "<bash-",
    "<system-reminder>",
    "<task-notification>",
    "Caveat: The messages below",
)
_COMMAND_NAME = r"(?s)<command-name>(.*?)</command-name>"  # compiled where one is met: hooks read rows without any
_COMMAND_WORDS = r"(?s)<command-args>(.*?)</command-args>"
_OWN_COMMANDS = frozenset((
    "add-dir", "agents", "branch", "btw", "bug", "clear", "color", "compact", "config", "context", "copy", "cost",
    "effort", "exit", "export", "fast", "feedback", "fork", "ide", "login", "logout", "mcp", "memory", "model",
    "output-style", "permissions", "plugin", "rename", "resume", "rewind", "sandbox", "status", "statusline", "tag",
    "tasks", "theme", "usage", "vim",
))  # fmt: skip
"""Commands about Claude Code itself: what is typed after them asks nothing of the agent."""
_ANSWERED = ("User has answered your questions:", "Your questions have been answered:")
_REPLY = r'"([^"]+)"="([^"]*)"'
_ANSWER_CHARS = 16_000
_ABSORBED = "absorbed_mid_turn"
_INTERRUPTED = "[Request interrupted by user"
_MARKS = ('"sessionId"', '"isSidechain"', '"parentUuid"', '"leafUuid"', '"summary"', '"file-history-snapshot"')


def sniff(head: str) -> float:
    """Rows that name their session and their parent row are Claude Code's."""
    if not head.startswith("{"):
        return 0.0
    found = sum(mark in head for mark in _MARKS)
    return 0.95 if found > 1 and '"type"' in head and '"projectHash"' not in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the main chain; rows of subagents (sidechains) are not in its context."""
    queue, branch = _Queue(), _Branch()
    for row in source.rows():
        if row.get("isSidechain") is True:
            if version := as_str(row.get("version")):
                yield Seen(version=version, session_id=as_str(row.get("sessionId")))
            continue
        kind = row.get("type")
        back_to = branch.left_at(row, source.position)
        if back_to is not None:
            yield Rewound(back_to, time_of(row.get("timestamp")))
        if kind == "assistant":
            yield from _assistant(row)
        elif kind == "user":
            yield from _user(row)
        elif kind == "system":
            yield from _system(row)
        elif words := queue.said_in(row):
            yield Said(
                "user", words, time_of(row.get("timestamp")), visible=not (_is_envelope(words) or _is_own(words))
            )


class _Queue:
    """What the user typed while the agent worked: seen by it in the middle of a turn, and then never a ``user`` row.

    Up to 2.1.42 the log has only ``queue-operation`` rows for it: ``enqueue`` with the words, then ``dequeue`` (a
    ``user`` row follows), ``popAll`` (taken back) or ``remove`` (seen). Later versions also write an attachment
    ``queued_command``, where prompts of a machine have another ``commandMode`` or ``origin``.
    """

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._unpaired: dict[str, list[str]] = {"attachment": [], "queue-operation": []}

    def said_in(self, row: dict[str, Any]) -> str:
        """Return the user's words that reached the agent with ``row``, empty where it is another kind of row."""
        if row.get("type") == "queue-operation":
            return self._once(self._operated(row), "queue-operation", "attachment")
        attachment = as_dict(row.get("attachment"))
        by_person = as_dict(attachment.get("origin")).get("kind", "human") == "human"
        if attachment.get("type") != "queued_command" or attachment.get("commandMode", "prompt") != "prompt":
            return ""
        return self._once(text_in(attachment.get("prompt")), "attachment", "queue-operation") if by_person else ""

    def _operated(self, row: dict[str, Any]) -> str:
        operation, words = row.get("operation"), as_str(row.get("content"))
        if operation == "enqueue":
            self._waiting.append(words)
        elif operation == "popAll":
            self._waiting.clear()
        elif operation in {"dequeue", "remove"}:
            place = self._waiting.index(words) if words in self._waiting else 0
            taken = self._waiting.pop(place) if self._waiting else ""
            if operation == "remove" and row.get("reason", _ABSORBED) == _ABSORBED:
                return words or taken
        return ""

    def _once(self, words: str, record: str, other: str) -> str:
        """Return ``words`` unless the other record of the same message brought them before."""
        words = words.strip()
        if words in self._unpaired[other]:
            self._unpaired[other].remove(words)
            return ""
        if words:
            self._unpaired[record].append(words)
        return words


class _Branch:
    """Follows the parents of rows: after going back (rewind), the next prompt has an earlier row as its parent."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, int, bool]] = {}
        self._tip = ""

    def left_at(self, row: dict[str, Any], position: int) -> int | None:
        """Return the position after which all was taken back by the prompt ``row``; None where ``row`` goes on."""
        own, parent = as_str(row.get("uuid")), as_str(row.get("parentUuid"))
        if not own:
            return None
        if row.get("subtype") == "compact_boundary":
            self._rows.clear()
        prompt = row.get("type") == "user" and row.get("isMeta") is not True and "toolUseResult" not in row
        back_to = None
        if prompt and parent != self._tip and parent in self._rows and self._passes_prompt(parent):
            back_to = self._rows[parent][1]
        self._rows[own] = (parent, position, prompt)
        self._tip = own
        return back_to

    def _passes_prompt(self, ancestor: str) -> bool:
        """Return whether the way from the last row up to ``ancestor`` holds a prompt of the user's."""
        at, passed = self._tip, False
        for _ in range(len(self._rows)):
            if at == ancestor or at not in self._rows:
                break
            passed = passed or self._rows[at][2]
            at = self._rows[at][0]
        return passed and at == ancestor


TELLING = (b'"usage"', b"compact_boundary")


def usage_of(row: dict[str, Any]) -> Used | Compacted | None:
    """Return what a row says of the context: its usage, that it was compacted, or None.

    Synthetic rows and API errors carry zeros; usage nested deeper than ``message`` belongs to subagents.
    """
    if row.get("isSidechain") is True:
        return None
    if row.get("type") == "system" and row.get("subtype") == "compact_boundary":
        meta = as_dict(row.get("compactMetadata"))
        trigger, before, after = (
            meta.get("trigger"),
            tokens_of(meta.get("preTokens")),
            tokens_of(meta.get("postTokens")),
        )
        return Compacted(as_str(trigger) or None, before, after, time_of(row.get("timestamp")))
    message = row.get("message")
    if row.get("type") != "assistant" or not isinstance(message, dict):
        return None
    if message.get("model") == "<synthetic>" or row.get("isApiErrorMessage") is True:
        return None
    tokens = sum_tokens(message.get("usage"), _PROMPT_KEYS)
    if tokens is None:
        return None
    key = (as_str(message.get("id")), as_str(row.get("requestId")))
    return Used(tokens, RULE, key if any(key) else None, None, time_of(row.get("timestamp")))


def _seen(row: dict[str, Any], model: str | None = None) -> Seen:
    version, session = as_str(row.get("version")), as_str(row.get("sessionId"))
    mode = row.get("permissionMode")
    planning = mode == "plan" if isinstance(mode, str) else None
    return Seen(model, version, session, None, time_of(row.get("timestamp")), planning)


def _assistant(row: dict[str, Any]) -> Iterator[Event]:
    message, time = as_dict(row.get("message")), time_of(row.get("timestamp"))
    real = message.get("model") != "<synthetic>" and row.get("isApiErrorMessage") is not True
    yield _seen(row, as_str(message.get("model")) if real else None)
    used = usage_of(row)
    if used:
        yield used
    content = message.get("content")
    for block in [{"type": "text", "text": content}] if isinstance(content, str) else map(as_dict, as_list(content)):
        if block.get("type") == "text" and real:
            yield Said("assistant", as_str(block.get("text")), time)
        elif block.get("type") == "thinking":
            yield Said("assistant", as_str(block.get("thinking")), time, visible=False, kind="reasoning")
        elif block.get("type") == "tool_use":
            yield Called(as_str(block.get("id")), as_str(block.get("name")), block.get("input"), time)


def _user(row: dict[str, Any]) -> Iterator[Event]:
    yield _seen(row)
    time = time_of(row.get("timestamp"))
    content = as_dict(row.get("message")).get("content")
    texts = [content] if isinstance(content, str) else []
    for block in map(as_dict, as_list(content)):
        if block.get("type") == "tool_result":
            yield _returned(block, as_dict(row.get("toolUseResult")), time)
        elif block.get("type") == "text":
            texts.append(as_str(block.get("text")))
    typed = row.get("isMeta") is not True and row.get("isCompactSummary") is not True
    for text in texts:
        words = _typed_after_command(text)
        shown = typed and (bool(words) or not _is_envelope(text))
        summary = "summary" if row.get("isCompactSummary") is True else ""
        yield Said("user", text, time, visible=shown, words=words, kind=summary)


def _typed_after_command(text: str) -> str | None:
    """Return a slash command with what the user typed after it, None where ``text`` is no such command."""
    if not text.lstrip().startswith("<command-"):
        return None
    parts = (re.search(tag, text) for tag in (_COMMAND_NAME, _COMMAND_WORDS))
    name, words = (found[1].strip() if found else "" for found in parts)
    return f"{name} {words}" if words and not _is_own(f"/{name.lstrip('/')}") else None


def _is_own(text: str) -> bool:
    """Return whether ``text`` is a command about Claude Code itself."""
    return text.startswith("/") and text[1:].partition(" ")[0].strip() in _OWN_COMMANDS


def _is_envelope(text: str) -> bool:
    start = text.lstrip()
    return start.startswith(_ENVELOPES) or start.startswith(_INTERRUPTED)


def _returned(block: dict[str, Any], result: dict[str, Any], time: str | None) -> Returned:
    text, failed = text_in(block.get("content")), block.get("is_error") is True
    created, answers = result.get("type") == "create", tuple(_answers(text, result))
    exit_code = _exit_code(text, failed, result)
    before = as_str(result.get("originalFile"))
    return Returned(
        as_str(block.get("tool_use_id")), text, failed, exit_code, time, created, answers=answers, before=before
    )


def _answers(text: str, result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the user's answers by the question: as the log has them apart, else as the answer's text words them."""
    replies = as_dict(result.get("answers"))
    if replies:
        yield from ((question, answer) for question, answer in replies.items() if isinstance(answer, str))
    elif text.startswith(_ANSWERED):
        yield from re.findall(_REPLY, text[:_ANSWER_CHARS])


def _exit_code(text: str, failed: bool, result: dict[str, Any]) -> int | None:
    """Return what a command exited with: Claude Code writes it only on failing."""
    if failed:
        return exit_code_at_start(text) if text.startswith("Exit code") else None
    finished = "stdout" in result and not result.get("backgroundTaskId") and not result.get("interrupted")
    return 0 if finished else None


def _system(row: dict[str, Any]) -> Iterator[Event]:
    yield _seen(row)
    event = usage_of(row)
    if event:
        yield event
    if row.get("subtype") == "stop_hook_summary":
        yield Turned(time_of(row.get("timestamp")))
