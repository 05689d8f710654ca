"""Claude Code: ``~/.claude/projects/<project>/<session>.jsonl``, one JSON object per line.

The format is internal to Claude Code and changes; the rules here were checked on 546 transcripts of 2.0.64 to 2.1.42,
a census of line types up to 2.1.220, and logs that 2.1.332 wrote for a scripted model. One response is written as
several rows with the same usage.
"""

from __future__ import annotations

import re

from handoff_cli.agents.claude_code import AGENT, TELLING, asked_for, completed, sniff, usage_of, with_rest, with_window
from handoff_cli.transcripts.events import Called, Compacted, Returned, Rewound, Said, Seen, Turned, Used
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in, time_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

__all__ = ["AGENT", "TELLING", "completed", "events", "sniff", "usage_of"]

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
_ANSWERED = ("User has answered your questions:", "Your questions have been answered:")
_REPLY = r'"([^"]+)"="([^"]*)"'
_ANSWER_CHARS = 16_000
_ABSORBED = "absorbed_mid_turn"
_INTERRUPTED = "[Request interrupted by user"
_INJECTED = r"(?s)<(ide_\w+|system-reminder)>.*?</\1>"
"""What the editor and Claude Code put beside the words of the user."""


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the main chain; rows of subagents (sidechains) are not in its context."""
    log = _Log()
    for row in source.rows():
        if row.get("isSidechain") is True:
            if version := as_str(row.get("version")):
                yield Seen(version=version, session_id=as_str(row.get("sessionId")))
        else:
            yield from log.events(row, source.position)


class _Log:
    """What rows before tell of the one that is read: prompts waiting, the chain of parents, models, the first usage."""

    def __init__(self) -> None:
        self._queue, self._branch, self._models = _Queue(), _Branch(), _Models()
        self._first: int | None = None
        self._turned = True

    def events(self, row: dict[str, Any], position: int) -> Iterator[Event]:
        """Yield the events of a row of the main chain."""
        back_to = self._branch.left_at(row, position)
        if back_to is not None:
            yield Rewound(back_to, time_of(row.get("timestamp")))
        self._models.see(row)
        kind = row.get("type")
        if kind == "assistant":
            yield from self._assistant(row)
        elif kind == "user":
            yield from _user(row)
        elif kind == "system":
            yield from self._system(row)
        elif words := self._queue.said_in(row):
            shown = not (_is_envelope(words) or _is_own(words))
            yield Said("user", words, time_of(row.get("timestamp")), visible=shown)

    def _assistant(self, row: dict[str, Any]) -> Iterator[Event]:
        self._turned = False
        used = usage_of(row)
        if isinstance(used, Used):
            self._first = used.tokens if self._first is None else self._first
            self._models.hold(row, used.tokens)
        yield from _assistant(row, used, self._models)

    def _system(self, row: dict[str, Any]) -> Iterator[Event]:
        yield _seen(row)
        compacted = usage_of(row)
        if isinstance(compacted, Compacted):
            yield with_rest(compacted, self._first)
        if row.get("subtype") in ("stop_hook_summary", "turn_duration") and not self._turned:
            self._turned = True
            yield Turned(time_of(row.get("timestamp")))


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


class _Models:
    """The models as they were asked for: the rows of responses leave out ``[1m]``, others have it.

    Up to 2.1.331 no row has it; then a context of more than 200,000 tokens tells.
    """

    def __init__(self) -> None:
        self._asked: dict[str, str] = {}

    def see(self, row: dict[str, Any]) -> None:
        """Take in what ``row`` tells of a model that is asked for."""
        if (asked := asked_for(row)) and (asked.endswith("]") or row.get("type") == "attachment"):
            self._asked[asked.partition("[")[0]] = asked

    def hold(self, row: dict[str, Any], tokens: int) -> None:
        """Take in that the model of ``row`` held ``tokens``."""
        model = as_str(as_dict(row.get("message")).get("model"))
        self._asked[model] = with_window(self.name(model), tokens)

    def name(self, model: str) -> str:
        """Return ``model`` as it was asked for."""
        return self._asked.get(model, model)


def _seen(row: dict[str, Any], model: str | None = None) -> Seen:
    version, session = as_str(row.get("version")), as_str(row.get("sessionId"))
    mode = row.get("permissionMode")
    planning = mode == "plan" if isinstance(mode, str) else None
    return Seen(model, version, session, None, time_of(row.get("timestamp")), planning)


def _assistant(row: dict[str, Any], used: Used | Compacted | None, models: _Models) -> Iterator[Event]:
    message, time = as_dict(row.get("message")), time_of(row.get("timestamp"))
    real = message.get("model") != "<synthetic>" and row.get("isApiErrorMessage") is not True
    yield _seen(row, models.name(as_str(message.get("model"))) if real else None)
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
        words = _typed_after_command(text) or _typed_beside(text)
        shown = typed and (bool(words) if words is not None else not _is_envelope(text))
        summary = "summary" if row.get("isCompactSummary") is True else ""
        yield Said("user", text, time, visible=shown, words=words, kind=summary)


def _typed_after_command(text: str) -> str | None:
    """Return a slash command with what the user typed after it, None where ``text`` is no such command."""
    if not text.lstrip().startswith("<command-"):
        return None
    parts = (re.search(tag, text) for tag in (_COMMAND_NAME, _COMMAND_WORDS))
    name, words = (found[1].strip() if found else "" for found in parts)
    return f"{name} {words}" if words and not _is_own(f"/{name.lstrip('/')}") else None


def _typed_beside(text: str) -> str | None:
    """Return what is left of ``text`` without what the editor put into it, None where that put nothing there."""
    if "<ide_" not in text and "<system-reminder>" not in text:
        return None
    words = re.sub(_INJECTED, "", text).strip()
    return None if words == text.strip() else "" if _is_envelope(words) else words


def _is_own(text: str) -> bool:
    from handoff_cli.transcripts.tools import is_own_command  # not where only the usage is read

    return is_own_command(text)


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
        from handoff_cli.transcripts.tools import exit_code_at_start  # not where only the usage is read

        return exit_code_at_start(text) if text.startswith("Exit code") else None
    finished = "stdout" in result and not result.get("backgroundTaskId") and not result.get("interrupted")
    return 0 if finished else None
