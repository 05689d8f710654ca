"""The facts of a session, straight from the raw JSON of its log, by rules that share nothing with ``handoff_cli``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

CATEGORIES = (
    "first request",
    "last request",
    "every request",
    "files",
    "open todos",
    "last checks",
    "failing",
    "commits",
)
CHECK = re.compile(
    r"\b(pytest|go (test|build|vet)|cargo (test|check|build|clippy)|npm (run )?(test|build|lint)|tsc|eslint|jest|vitest"
    r"|ruff|mypy|make (test|check|lint)|mise run (test|lint|build|fmt)|golangci-lint|gradlew? test|mvn test|tox|nox)\b"
)
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
"""A check that is only spoken of, in a commit message or the text of a pull request, was not run."""

LAST_CHECKS = 5
TYPED_AFTER = re.compile(r"<command-name>/?([\w:.-]+)</command-name>.*<command-args>(.+?)</command-args>", re.DOTALL)
OWN_COMMANDS = {"compact", "clear", "model", "config", "resume", "rename", "effort"}
EDITS = {"Edit", "Write", "MultiEdit", "NotebookEdit", "write_file", "replace"}
NOT_TYPED = (
    *("<command-", "<local-command", "<bash-", "<system-reminder", "<task-notification", "<environment_context"),
    *("<user_instructions", "<permissions", "<INSTRUCTIONS", "Caveat:", "[Request", "# AGENTS.md"),
)


class Facts:
    """What the raw rows of one cut say."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.files: dict[str, None] = {}
        self.todos: list[tuple[str, str]] = []
        self.tasks: dict[str, tuple[str, str]] = {}
        self.runs: dict[str, bool] = {}
        self.commits: list[str] = []
        self.queue: list[str] = []
        self._edits: dict[str, list[str]] = {}
        self._commands: dict[str, str] = {}
        self._tasks: dict[str, str] = {}

    def say(self, text: str) -> None:
        """Take in what the user typed."""
        text = text.strip()
        if text.startswith("<command-") and (typed := TYPED_AFTER.search(text)) and typed[1] not in OWN_COMMANDS:
            text = typed[2].strip()
        if text and not text.startswith(NOT_TYPED) and (not self.requests or self.requests[-1] != text):
            self.requests.append(text)

    def typed_ahead(self, operation: str | None, text: str) -> None:
        """Take in what the user typed while the agent worked: said when it left the queue without a row of its own."""
        if operation == "enqueue":
            self.queue.append(text)
        elif operation in {"remove", "dequeue"} and self.queue:
            first = self.queue.pop(0)
            if operation == "remove":
                self.say(first)

    def call(self, number: str, name: str, args: dict[str, Any]) -> None:
        """Take in the call of a tool."""
        if name in EDITS:
            path = args.get("file_path") or args.get("notebook_path") or args.get("absolute_path")
            self._edits[number] = [path] if path else []
        elif name in {"Bash", "run_shell_command", "exec_command", "shell"}:
            command = args.get("command") or args.get("cmd") or ""
            command = command[-1] if isinstance(command, list) else command
            self._commands[number] = command
            if "*** Begin Patch" in command:
                self._edits[number] = re.findall(r"\*\*\* (?:Add|Update) File: (.+)", command)
        elif name in {"TodoWrite", "write_todos", "update_plan"}:
            listed = args.get("todos", args.get("plan")) or []
            if isinstance(listed, list):
                self.todos = [
                    (str(it.get("content") or it.get("step") or it.get("description")), str(it.get("status")))
                    for it in listed
                ]
        elif name == "TaskCreate":
            self._tasks[number] = str(args.get("subject"))
        elif name == "TaskUpdate" and str(args.get("taskId")) in self.tasks:
            task, status = self.tasks[str(args.get("taskId"))]
            self.tasks[str(args.get("taskId"))] = (task, args.get("status") or status)

    def answer(self, number: str, text: str, failed: bool) -> None:
        """Take in what a tool answered."""
        if failed and text.startswith("The user doesn't want to proceed") and "the user said:" in text:
            self.say(text.partition("the user said:")[2])
        if not failed:
            self.files.update(dict.fromkeys(self._edits.pop(number, ())))
        if number in self._tasks and (made := re.search(r"#(\d+)", text)):
            self.tasks[made[1]] = (self._tasks[number], "pending")
        command = self._commands.get(number)
        if command is None:
            return
        self.runs.pop(command, None)
        self.runs[command] = failed
        if "git commit" in command:
            self.commits += re.findall(r"^\[\S+(?: \([^)]*\))? ([0-9a-f]{7,})\]", text, re.MULTILINE)

    def by_category(self) -> dict[str, list[str]]:
        """Return the facts under the names of ``CATEGORIES``."""
        todos = [*self.todos, *self.tasks.values()]
        return {
            "first request": self.requests[:1],
            "last request": self.requests[-1:],
            "every request": self.requests,
            "files": list(self.files),
            "open todos": [text for text, status in todos if status not in {"completed", "deleted"}],
            "last checks": [run for run in self.runs if CHECK.search(QUOTED.sub("", run))][-LAST_CHECKS:],
            "failing": [run for run, failed in self.runs.items() if failed],
            "commits": list(dict.fromkeys(self.commits)),
        }


def text_of(content: Any) -> str:
    """Return the text in the content of a message."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(text_of(part) for part in content)
    return (
        text_of(content.get("text") or content.get("content") or content.get("output") or "")
        if isinstance(content, dict)
        else ""
    )


def take_claude(facts: Facts, row: dict[str, Any]) -> None:
    """Take in a row of Claude Code's."""
    content = (row.get("message") or {}).get("content")
    if row.get("type") == "queue-operation":
        facts.typed_ahead(row.get("operation"), row.get("content") or "")
    if row.get("isSidechain") or row.get("type") not in {"user", "assistant"}:
        return
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
    for block in blocks:
        if block.get("type") == "tool_use":
            facts.call(block.get("id", ""), block["name"], block.get("input") or {})
        elif block.get("type") == "tool_result":
            facts.answer(block.get("tool_use_id", ""), text_of(block.get("content")), bool(block.get("is_error")))
        elif (
            block.get("type") == "text"
            and row["type"] == "user"
            and not row.get("isMeta")
            and not row.get("isCompactSummary")
        ):
            facts.say(block["text"])


def take_codex(facts: Facts, row: dict[str, Any]) -> None:
    """Take in a row of Codex's."""
    payload = row.get("payload") or {}
    kind = payload.get("type")
    if row.get("type") == "event_msg" and kind == "user_message":
        facts.say(payload.get("message") or "")
    elif kind in {"function_call", "custom_tool_call"}:
        raw = payload.get("arguments") or payload.get("input") or "{}"
        try:
            args = json.loads(raw)
        except ValueError:
            args = {"command": raw}
        name = "shell" if payload["name"] == "apply_patch" else payload["name"]
        facts.call(payload["call_id"], name, args if isinstance(args, dict) else {})
    elif kind in {"function_call_output", "custom_tool_call_output"}:
        text = text_of(payload.get("output"))
        code = re.search(r"[Ee]xit(?:ed with)? code:? (\d+)", text[:300]) or re.search(r'"exit_code":\s*(\d+)', text)
        facts.answer(payload["call_id"], text, bool(code and code[1] != "0"))


def take_gemini(facts: Facts, row: dict[str, Any]) -> None:
    """Take in a message of Gemini's."""
    if row.get("type") == "user":
        facts.say(text_of(row.get("content")))
    for call in row.get("toolCalls") or ():
        facts.call(call["id"], call["name"], call.get("args") or {})
        shown = json.dumps(call.get("result"))
        code = re.search(r"Exit Code: (-?\d+)", shown)
        failed = call.get("status") in {"error", "cancelled"} or bool(code and code[1] != "0")
        facts.answer(call["id"], shown, failed)


def is_compaction(row: dict[str, Any]) -> bool:
    """Return whether a row says that the agent compacted its context."""
    return row.get("subtype") == "compact_boundary" or row.get("type") == "compacted"


def cuts(path: Path) -> list[tuple[bytes, Facts]]:
    """Return the transcript cut before each compaction and at its end, with the facts of each cut."""
    raw = path.read_bytes()
    if path.suffix == ".json":
        facts = Facts()
        for row in json.loads(raw)["messages"]:
            take_gemini(facts, row)
        return [(raw, facts)]
    lines = raw.splitlines(keepends=True)
    rows = [row_of(line) for line in lines]
    ends = [index for index, row in enumerate(rows) if is_compaction(row)] + [len(rows)]
    found = []
    for end in ends:
        facts = Facts()
        for row in rows[:end]:
            (
                take_codex
                if "payload" in row
                else take_claude
                if "message" in row or "operation" in row
                else take_gemini
            )(facts, row)
        if facts.requests:
            found.append((b"".join(lines[:end]), facts))
    return found


def row_of(line: bytes) -> dict[str, Any]:
    """Return a line's JSON object, an empty one where it holds none."""
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}
