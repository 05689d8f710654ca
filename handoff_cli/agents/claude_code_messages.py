"""What the rows of messages in Claude Code's log say: words of both, calls and results, and what nobody typed."""

from __future__ import annotations

from itertools import islice

from handoff_cli.core.patterns import lazily
from handoff_cli.core.tool_names import BY_USER
from handoff_cli.transcripts.events import Called, Returned, Said, Turned
from handoff_cli.transcripts.tagged import elements, outside
from handoff_cli.transcripts.tools import exit_code_at_start, is_own_command
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event

_INTERRUPTED = "[Request interrupted by user"
_ENVELOPES = (
    _INTERRUPTED,
    "<command-",
    "<local-command-",
    "<bash-",
    "<system-reminder>",
    "<task-notification>",
    "<teammate-message",
    "<agent-message",
    "<cross-session-message",
    "<mcp-resource-update",
    "<mcp-polling-update",
    "<fork-boilerplate>",
    "<user-prompt-submit-hook>",
    "[SYSTEM NOTIFICATION",
    "Stop hook feedback:",
    "Caveat: The messages below",
)
_BEGIN_ENVELOPES = {"U", *(it[0] for it in _ENVELOPES)}
"""The signs that these begin with, and ``_UNKNOWN`` and ``_OF_A_CALL``."""
_BY_MACHINE = ("notification", "message", "hook", "agent", "teammate", "cron", "system")
"""How kinds of origin end that nobody typed; a row of a person's says ``human``, an older one nothing."""
_COMMAND = lazily(r"<(command-name|command-args)>")
_ANSWERED = ("User has answered your questions:", "Your questions have been answered:")
_REPLY = lazily(r'"([^"]+)"="([^"]*)"')
_ANSWER_CHARS = 16_000
_INJECTED = lazily(r"<(ide_\w{1,40}|system-reminder)>")
"""What the editor and Claude Code put beside the words of the user."""


def blocks_of(content: Any, time: str | None, *, real: bool, folder: str = "") -> Iterator[Event]:
    """Yield what a message of the agent says and calls; what is not ``real`` is Claude Code's own, and says nothing.

    Commands run in ``folder``, empty where the row does not tell.
    """
    for block in [{"type": "text", "text": content}] if isinstance(content, str) else as_list(content):
        kind = block.get("type") if isinstance(block, dict) else None
        if kind == "text" and real:
            yield Said("assistant", as_str(block.get("text")), time)
        elif kind == "thinking":
            yield Said("assistant", as_str(block.get("thinking")), time, False, None, "reasoning")
        elif kind == "tool_use":
            yield Called(as_str(block.get("id")), as_str(block.get("name")), block.get("input"), time, folder=folder)


def said_by_user(row: dict[str, Any], time: str | None) -> list[Event]:
    """Return what a row of the user's, written at ``time``, says and answers."""
    content = as_dict(row.get("message")).get("content")
    texts: list[str] = []
    events: list[Event] = []
    if isinstance(content, str):
        texts.append(content)
    else:
        for block in as_list(content):
            kind = block.get("type") if isinstance(block, dict) else None
            if kind == "tool_result":
                events.append(_returned(block, as_dict(row.get("toolUseResult")), time))
            elif kind == "text":
                texts.append(as_str(block.get("text")))
    if not texts:
        return events
    origin = as_dict(row.get("origin"))
    by_machine = bool(origin) and (as_str(origin.get("kind")).endswith(_BY_MACHINE) or "senderTaskId" in origin)
    summary = row.get("isCompactSummary") is True
    typed = row.get("isMeta") is not True and not summary and not by_machine
    for text in texts:
        words = _typed_after_command(text) or _typed_beside(text)
        shown = typed and (bool(words) if words is not None else not _is_envelope(text))
        ordered = row.get("isMeta") is True and not (summary or by_machine or _is_envelope(text))
        if typed and (rule := rule_in(text)):
            events.append(Said("user", "", time, False, rule, "orders"))
        events.append(Said("user", text, time, shown, words, "summary" if summary else "orders" if ordered else ""))
        if text.startswith(_INTERRUPTED) and typed:
            events.append(Turned(time, stopped=True))
        if text.startswith("<bash-") and typed:
            events += _run_by_user(row, text, time)
    return events


def _run_by_user(row: dict[str, Any], text: str, time: str | None) -> Iterator[Event]:
    """Yield the call, or the answer in the row below it, of a command the user ran in the prompt, a row's ``text``.

    The context has both as words of the row.
    """
    for _, typed in islice(elements(text, _BASH_INPUT), 1):
        yield Called(f"typed-{as_str(row.get('uuid'))}", BY_USER, {"command": typed.strip()}, time, nested=True)
    if printed := [found for _, found in elements(text, _BASH_OUTPUT)]:
        said = "\n".join(filter(None, (it.strip("\n") for it in printed)))
        above = f"typed-{as_str(row.get('parentUuid'))}"
        yield Returned(above, said, time=time, repeated=True, ended=True)


_BASH_INPUT = lazily(r"<(bash-input)>")
_BASH_OUTPUT = lazily(r"<(bash-std(?:out|err))>")


def _typed_after_command(text: str) -> str | None:
    """Return a slash command with what the user typed after it, None where ``text`` is none that is work for the agent.

    Claude Code names the message first of a command that is a prompt, and the command first of one that it carries out.
    """
    start = text.lstrip()
    if not start.startswith("<command-"):
        return None
    parts = dict[str, str]()
    for tag, inside in elements(text, _COMMAND):
        parts.setdefault(tag[1], inside.strip())
    name, words = parts.get("command-name", ""), parts.get("command-args", "")
    command = f"/{name.lstrip('/')}"
    asks = bool(words) or start.startswith("<command-message>")
    return f"{command} {words}".rstrip() if name and asks and not is_own_command(command) else None


def _typed_beside(text: str) -> str | None:
    """Return what is left of ``text`` without what the editor put into it, None where that put nothing there."""
    if "<ide_" not in text and "<system-reminder>" not in text:
        return None
    words = "".join(outside(text, _INJECTED)).strip()
    return None if words == text.strip() else "" if _is_envelope(words) else words


def is_shown(words: str) -> bool:
    """Return whether ``words`` that were queued or typed are a person's: no envelope of the program, no own command."""
    return not (_is_envelope(words) or is_own_command(words))


def rule_in(words: str) -> str:
    """Return the rule that ``words`` put into the agent's memory, behind the sign for it; empty for others."""
    parts = dict(_MEMORY.findall(words)) if words.lstrip().startswith("<") else {}
    if kept := parts.get("user-memory-input"):
        words = f"# {kept.strip().removeprefix('#').strip()}"
    elif parts:
        words = f"{parts.get('command-name', '').strip()} {parts.get('command-args', '').strip()}"
    found = _RULE.fullmatch(words.strip())
    return f"{found[1]} {found[2]}" if found else ""


_MEMORY = lazily(r"<(command-name|command-args|user-memory-input)>([^<]*)</\1>")
_RULE = lazily(r"(/memory|#) ?(?![#!])\s*([^\n]{8,600})")


def _is_envelope(text: str) -> bool:
    start = text.lstrip()
    if start[:1] not in _BEGIN_ENVELOPES:
        return False
    return start.startswith(_ENVELOPES) or bool(_UNKNOWN.match(start) or _is_of_a_call(start))


_UNKNOWN = lazily(r"Unknown (?:slash command|command|skill): [^\n]*(?:\n\s*)?\Z")
"""What Claude Code says of a command that it does not know."""


def _is_of_a_call(text: str) -> bool:
    """Return whether ``text`` tells of a call in the background or of what it prints, whatever its tag is called."""
    found = _OF_A_CALL.match(text)
    return found is not None and text.rstrip().endswith(f"</{found[1]}>")


_OF_A_CALL = lazily(
    r"(?s)<([^>\n]{1,60})>\s.{0,400}?"
    r"(?:<tool-use-id>|<summary>(?:Background|Monitor|Agent|Task|Command)\b.{0,400}?<(?:status|event)>)"
)


def _returned(block: dict[str, Any], result: dict[str, Any], time: str | None) -> Returned:
    text, failed = text_in(block.get("content")), block.get("is_error") is True
    created, before = result.get("type") == "create", as_str(result.get("originalFile"))
    answers = tuple(_answers(text, result)) if "answers" in result or text.startswith(_ANSWERED) else ()
    exit_code = _exit_code(text, failed, result)
    return Returned(as_str(block.get("tool_use_id")), text, failed, exit_code, time, created, False, answers, before)


def _answers(text: str, result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the user's answers by the question: as the log has them apart, else as the answer's text words them.

    An option that was chosen comes with what the agent said of it.
    """
    replies = as_dict(result.get("answers"))
    if replies:
        questions = map(as_dict, as_list(result.get("questions")))
        options = [as_dict(option) for it in questions for option in as_list(it.get("options"))]
        said = {as_str(it.get("label")): as_str(it.get("description")) for it in options}
        for question, answer in replies.items():
            if isinstance(answer, str):
                yield question, f"{answer} ({said[answer]})" if said.get(answer) else answer
    elif text.startswith(_ANSWERED):
        yield from _REPLY.findall(text[:_ANSWER_CHARS])


def _exit_code(text: str, failed: bool, result: dict[str, Any]) -> int | None:
    """Return what a command exited with: Claude Code writes it only on failing."""
    if failed:
        return exit_code_at_start(text) if text.startswith("Exit code") else None
    finished = "stdout" in result and not result.get("backgroundTaskId") and not result.get("interrupted")
    return 0 if finished else None
