"""A session as the text people pipe: a copy of Claude Code's screen, a log with names before turns, a Markdown export.

Each rendering does what the tools of its kind do: the screen breaks lines at its width, hangs them below bullets, cuts
commands after two lines and results after three; the log writes commands after a dollar sign and cuts long outputs in
the middle; the export writes the input of tools as JSON and their results in fenced blocks below a turn of the user's.
"""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from handoff_cli.transcripts.events import Called, Compacted, Returned, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from handoff_cli.transcripts.events import Event

WIDTH = 110
RESULT_LINES = 3
COMMAND_CHARS = 160
LOG_LINES = 30
SHOWN = {"Edit": "Update", "MultiEdit": "Update", "Grep": "Search", "Glob": "Search", "WebFetch": "Fetch"}
BOXES = {"pending": "☐", "in_progress": "☐", "completed": "☒"}
MARKS = {"pending": "[ ]", "in_progress": "[~]", "completed": "[x]"}
LISTS = {"TodoWrite", "update_plan", "write_todos"}


def turns(events: Iterable[Event]) -> Iterator[tuple[str, Any, Any]]:
    """Yield ``(kind, what, answer)``: ``user``, ``assistant`` with words, ``tool`` with the call and its answer."""
    waiting: dict[str, tuple[Called, list[Returned]]] = {}
    order: list[tuple[str, Any, Any]] = []
    for event in events:
        if isinstance(event, Said) and event.visible and event.role in {"user", "assistant"}:
            words = (event.text if event.words is None else event.words).strip()
            if words:
                order.append((event.role, words, None))
        elif isinstance(event, Called):
            answers: list[Returned] = []
            waiting[event.id] = (event, answers)
            order.append(("tool", event, answers))
        elif isinstance(event, Returned) and event.id in waiting:
            waiting[event.id][1].append(event)
        elif isinstance(event, Compacted):
            order.append(("compacted", None, None))
    for kind, what, answer in order:
        yield kind, what, (answer[-1] if answer else None) if kind == "tool" else None


def given(call: Called) -> dict[str, Any]:
    """Return the input of a call as an object."""
    value = call.input
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = {"command": value}
    return value if isinstance(value, dict) else {}


def command_of(fields: dict[str, Any]) -> str | None:
    """Return the shell command in the input of a call, if it has one."""
    run = fields.get("command", fields.get("cmd"))
    return run[-1] if isinstance(run, list) and run else run if isinstance(run, str) else None


def todos_of(fields: dict[str, Any]) -> list[tuple[str, str]]:
    """Return ``(text, status)`` of the to-dos in the input of a call."""
    listed = fields.get("todos", fields.get("plan")) or []
    if not isinstance(listed, list):
        return []
    return [
        (str(it.get("content") or it.get("step") or it.get("description")), str(it.get("status", "pending")))
        for it in listed
        if isinstance(it, dict)
    ]


def path_of(fields: dict[str, Any]) -> str:
    """Return the path in the input of a call, empty where it has none."""
    return next(
        (str(fields[key]) for key in ("file_path", "notebook_path", "path", "absolute_path") if fields.get(key)), ""
    )


def is_failed(answer: Returned | None) -> bool:
    """Return whether an answer says that the call failed."""
    return answer is not None and bool(answer.failed or answer.exit_code)


def wrapped(text: str, first: str, rest: str, width: int = WIDTH) -> list[str]:
    """Return the lines in which a screen shows ``text``: broken at its width, ``first`` before them, then ``rest``."""
    lines: list[str] = []
    for line in text.split("\n"):
        lead = rest if lines else first
        lines += textwrap.wrap(
            line, width, initial_indent=lead, subsequent_indent=rest, replace_whitespace=False, drop_whitespace=True
        ) or [lead.rstrip()]
    return lines


def screen(events: Iterable[Event]) -> str:
    """Return the session as it is copied off Claude Code's screen."""
    lines = ["╭" + "─" * 50 + "╮", "│ ✻ Welcome to Claude Code!" + " " * 24 + "│", "╰" + "─" * 50 + "╯", ""]
    for kind, what, answer in turns(events):
        if kind == "user":
            lines += [*wrapped(what, "> ", "  "), ""]
        elif kind == "assistant":
            lines += [*wrapped(what, "⏺ ", "  "), ""]
        elif kind == "compacted":
            lines += ["═" * 40 + " Conversation compacted · ctrl+o for history " + "═" * 20, ""]
        else:
            lines += [*_screen_call(what, answer), ""]
    return "\n".join([*lines, "✻ Crunched for 5m 12s", "", "─" * WIDTH, "> ", "─" * WIDTH, "  ? for shortcuts"]) + "\n"


def _screen_call(call: Called, answer: Returned | None) -> list[str]:  # noqa: PLR0911 (one tool after the other)
    fields = given(call)
    run, todos = command_of(fields), todos_of(fields)
    if call.name in LISTS and todos:
        boxes = [
            line for text, status in todos for line in wrapped(text, f"{BOXES.get(status, '☐')} ", "  ", WIDTH - 5)
        ]
        return ["⏺ Update Todos", *(f"  ⎿  {line}" if not at else f"     {line}" for at, line in enumerate(boxes))]
    if run is not None:
        shown = "\n".join(run.split("\n")[:2])
        cut = len(shown) > COMMAND_CHARS or shown != run
        head = wrapped(f"Bash({shown[:COMMAND_CHARS].rstrip()}{'…' if cut else ''})", "⏺ ", "      ")
        return head + _screen_result((answer.text if answer else "") or "(No content)", answer)
    path = "" if call.name in {"Grep", "Glob"} else path_of(fields)
    shown = path or ", ".join(f"{key}: {json.dumps(value)}" for key, value in fields.items())[:COMMAND_CHARS]
    head = wrapped(f"{SHOWN.get(call.name, call.name)}({shown})", "⏺ ", "      ")
    if is_failed(answer):
        return head + _screen_result(answer.text if answer else "", answer)
    if call.name in {"Edit", "MultiEdit"}:
        old, new = str(fields.get("old_string", "")).split("\n"), str(fields.get("new_string", "")).split("\n")
        diff = [f"       {at + 10} -  {line}"[:WIDTH] for at, line in enumerate(old[:8])]
        diff += [f"       {at + 10} +  {line}"[:WIDTH] for at, line in enumerate(new[:8])]
        return [*head, f"  ⎿  Updated {path} with {len(new)} additions and {len(old)} removals", *diff]
    if call.name == "Write":
        content = str(fields.get("content", "")).split("\n")
        more = [f"     … +{len(content) - 10} lines (ctrl+o to expand)"] if len(content) > 10 else []  # noqa: PLR2004
        return [
            *head,
            f"  ⎿  Wrote {len(content)} lines to {path}",
            *(f"     {line}"[:WIDTH] for line in content[:10]),
            *more,
        ]
    if call.name == "Read":
        return [*head, f"  ⎿  Read {(answer.text if answer else '').count(chr(10)) + 1} lines (ctrl+o to expand)"]
    return head + _screen_result(answer.text if answer else "", answer)


def _screen_result(text: str, answer: Returned | None) -> list[str]:
    if answer is None:
        return []
    if is_failed(answer) and text.startswith("The user doesn't want"):
        return ["  ⎿  Interrupted · What should Claude do instead?"]
    lines = text.strip().split("\n")
    if is_failed(answer):
        code = f"Exit code {answer.exit_code or 1}"
        lines = [
            f"Error: {lines[0] if lines[0].startswith('Exit code') else code}",
            *(lines[1:] if lines[0].startswith("Exit code") else lines),
        ]
    kept = lines[: RESULT_LINES + 7 * is_failed(answer)]
    more = [f"     … +{len(lines) - len(kept)} lines (ctrl+o to expand)"] if len(lines) > len(kept) else []
    shown = [part for line in kept for part in (textwrap.wrap(line, WIDTH - 5, replace_whitespace=False) or [""])]
    return [*(f"  ⎿  {line}" if not at else f"     {line}".rstrip() for at, line in enumerate(shown)), *more]


def log(events: Iterable[Event]) -> str:
    """Return the session as a log with a name before each turn."""
    lines: list[str] = []
    last = ""
    for kind, what, answer in turns(events):
        if kind in {"user", "assistant"}:
            lines += ["", f"{kind.capitalize()}: {what}"]
        elif kind == "tool":
            lines += ([""] if last == "tool" else ["", "Assistant:"] if last == "user" else [""]) + _log_call(
                what, answer
            )
        last = kind
    return "\n".join(lines).strip() + "\n"


def _log_call(call: Called, answer: Returned | None) -> list[str]:
    fields = given(call)
    run, todos, path = command_of(fields), todos_of(fields), path_of(fields)
    if call.name in LISTS and todos:
        return [f"- {MARKS.get(status, '[ ]')} {text}" for text, status in todos]
    if run is not None:
        output = (answer.text if answer else "").strip().split("\n")
        if len(output) > LOG_LINES:
            output = [*output[: LOG_LINES // 2], f"[... {len(output) - LOG_LINES} lines]", *output[-LOG_LINES // 2 :]]
        if answer and is_failed(answer) and not output[0].startswith("Exit code"):
            output.append(f"Exit code: {answer.exit_code or 1}")
        return [f"$ {run}", *output]
    if path and call.name in {"Edit", "MultiEdit", "Write", "NotebookEdit", "replace", "write_file"}:
        done = "Wrote" if call.name in {"Write", "write_file"} else "Edited"
        return [f"{done} {path}"] if not is_failed(answer) else [f"Could not edit {path}"]
    return [f"Read {path}"] if path else [f"[{call.name}] {json.dumps(fields)[:200]}"]


def export(events: Iterable[Event]) -> str:
    """Return the session as a Markdown export."""
    parts = ["# Claude conversation\n\nExported from a session.\n\n---\n"]
    for kind, what, answer in turns(events):
        if kind == "user":
            parts.append(f"## 👤 User\n\n{what}\n\n---\n")
        elif kind == "assistant":
            parts.append(f"## 🤖 Claude\n\n{what}\n\n---\n")
        elif kind == "tool":
            fields = json.dumps(given(what), indent=2, ensure_ascii=False)
            parts.append(f"## 🤖 Claude\n\n\n🔧 Using tool: {what.name}\nInput: {fields}\n\n\n---\n")
            if answer is not None and answer.text:
                text = (
                    answer.text
                    if not is_failed(answer) or answer.text.startswith(("Exit", "Error", "The user"))
                    else f"Error: {answer.text}"
                )
                parts.append(f"## 👤 User\n\n\n📊 **Tool Result:**\n```\n{text[:2000]}\n```\n\n\n---\n")
    return "\n".join(parts)


FORMS: dict[str, Callable[[Iterable[Event]], str]] = {"screen": screen, "log": log, "export": export}
