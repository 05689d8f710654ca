"""How many facts of a session its handoff keeps, and at what size, beside a plain tail of the same size.

The facts are taken from the raw JSON here, by rules of their own that share nothing with ``handoff_cli``: requests,
files edited, open to-dos, the last runs of check commands, commands still failing, commits. Each transcript is cut at
every compaction and at its end; ``handoff handoff --transcript CUT --stdout`` writes the document of each cut.

A fact is kept when its words stand in the document, white space aside: the first 100 characters of a request, the name
of a file, the first 60 characters of a to-do or command, a commit's hash. A failing command counts only under "Failed
approaches".

Usage: recall.py [FOLDER OF TRANSCRIPTS | SYNTHETIC ...] [--budget N]; without a folder: HANDOFF_SAMPLES.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from handoff_cli import count_tokens

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
LAST_CHECKS = 5
EDITS = {"Edit", "Write", "MultiEdit", "NotebookEdit", "write_file", "replace"}
NOT_TYPED = (
    "<command-", "<local-command", "<bash-", "<system-reminder", "<task-notification", "Caveat: The messages below",
    "[Request interrupted", "<environment_context", "<user_instructions", "<permissions", "# AGENTS.md", "<INSTRUCTIONS",
)  # fmt: skip


class Facts:
    """What the raw rows of one cut say."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.files: dict[str, None] = {}
        self.todos: list[tuple[str, str]] = []
        self.tasks: dict[str, tuple[str, str]] = {}
        self.runs: dict[str, bool] = {}
        self.commits: list[str] = []
        self._edits: dict[str, list[str]] = {}
        self._commands: dict[str, str] = {}
        self._tasks: dict[str, str] = {}

    def say(self, text: str) -> None:
        text = text.strip()
        if text and not text.startswith(NOT_TYPED) and (not self.requests or self.requests[-1] != text):
            self.requests.append(text)

    def call(self, number: str, name: str, args: dict[str, Any]) -> None:
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
        todos = [*self.todos, *self.tasks.values()]
        return {
            "first request": self.requests[:1],
            "last request": self.requests[-1:],
            "every request": self.requests,
            "files": list(self.files),
            "open todos": [text for text, status in todos if status not in {"completed", "deleted"}],
            "last checks": [run for run in self.runs if CHECK.search(run)][-LAST_CHECKS:],
            "failing": [run for run, failed in self.runs.items() if failed],
            "commits": list(dict.fromkeys(self.commits)),
        }


def text_of(content: Any) -> str:
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
    content = (row.get("message") or {}).get("content")
    if row.get("isSidechain") or row.get("type") not in {"user", "assistant"}:
        return
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
    for block in blocks:
        if block.get("type") == "tool_use":
            facts.call(block["id"], block["name"], block.get("input") or {})
        elif block.get("type") == "tool_result":
            facts.answer(block["tool_use_id"], text_of(block.get("content")), bool(block.get("is_error")))
        elif (
            block.get("type") == "text"
            and row["type"] == "user"
            and not row.get("isMeta")
            and not row.get("isCompactSummary")
        ):
            facts.say(block["text"])


def take_codex(facts: Facts, row: dict[str, Any]) -> None:
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
    if row.get("type") == "user":
        facts.say(text_of(row.get("content")))
    for call in row.get("toolCalls") or ():
        facts.call(call["id"], call["name"], call.get("args") or {})
        shown = json.dumps(call.get("result"))
        code = re.search(r"Exit Code: (-?\d+)", shown)
        failed = call.get("status") in {"error", "cancelled"} or bool(code and code[1] != "0")
        facts.answer(call["id"], shown, failed)


def is_compaction(row: dict[str, Any]) -> bool:
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
    rows = [_row(line) for line in lines]
    ends = [index for index, row in enumerate(rows) if is_compaction(row)] + [len(rows)]
    found = []
    for end in ends:
        facts = Facts()
        for row in rows[:end]:
            (take_codex if "payload" in row else take_claude if "message" in row else take_gemini)(facts, row)
        if facts.requests:
            found.append((b"".join(lines[:end]), facts))
    return found


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def document(data: bytes, suffix: str, budget: int) -> str:
    """Return the handoff of the transcript ``data``, made in a folder that knows of nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"cut{suffix}")
        path.write_bytes(data)
        command = [sys.executable, "-m", "handoff_cli", "--dir", folder]
        command += ["handoff", "--transcript", str(path), "--stdout", "--budget", str(budget)]
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        done = subprocess.run(command, capture_output=True, check=True, env=environ, cwd=folder)
        if sorted(os.listdir(folder)) != [path.name]:
            raise SystemExit(f"state was left behind: {os.listdir(folder)}")
        return done.stdout.decode()


def tail(data: bytes, suffix: str, budget: int) -> str:
    """Return about the last ``budget`` tokens of what was said and done, as plain text."""
    rows = json.loads(data)["messages"] if suffix == ".json" else [_row(line) for line in data.splitlines()[-400:]]
    text = "\n".join(_strings(rows))[-60_000:]
    while (tokens := count_tokens(text).tokens) > budget:
        text = text[-(len(text) * budget // tokens) :] if tokens > budget * 1.02 else text[20:]
    return text


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if " " in value or "/" in value else []
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _strings(item)]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def is_kept(category: str, fact: str, text: str) -> bool:
    if category == "files":
        return fact.replace("\\", "/").rpartition("/")[2] in text
    if category == "commits":
        return fact[:7] in text
    return squeezed(fact)[: 100 if "request" in category else 60].rstrip() in text


def score(facts: Facts, text: str) -> dict[str, tuple[int, int]]:
    found = squeezed(text)
    failed = found.partition("## Failed approaches")[2].partition(" ## ")[0] or (
        "" if "## Failed" in found or "# Handoff" in found else found
    )
    return {
        category: (sum(is_kept(category, it, failed if category == "failing" else found) for it in facts_), len(facts_))
        for category, facts_ in facts.by_category().items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", default=[os.environ.get("HANDOFF_SAMPLES", "")])
    parser.add_argument("--budget", type=int, default=2_000)
    parser.add_argument("--missing", action="store_true", help="print the facts that are not kept")
    options = parser.parse_args()
    totals: dict[str, dict[str, list[int]]] = {name: defaultdict(lambda: [0, 0]) for name in ("handoff", "tail")}
    sizes: list[int] = []
    print(f"{'transcript':44} {'cut':>3} {'facts':>6} {'handoff':>8} {'tail':>7} {'tokens':>7} {'chars':>6}")
    paths = sorted(path for folder in options.folders for path in Path(folder).rglob("*.json*"))
    for path in paths:
        for number, (data, facts) in enumerate(cuts(path), 1):
            text = document(data, path.suffix, options.budget)
            sizes.append(count_tokens(text).tokens)
            scores = {"handoff": score(facts, text), "tail": score(facts, tail(data, path.suffix, options.budget))}
            for name, result in scores.items():
                for category, (kept, known) in result.items():
                    totals[name][category][0] += kept
                    totals[name][category][1] += known
            shares = {name: _share(result.values()) for name, result in scores.items()}
            known = sum(known for _, known in scores["handoff"].values())
            print(
                f"{path.name[:44]:44} {number:3} {known:6} {shares['handoff']:>8} {shares['tail']:>7} {sizes[-1]:7} {len(text):6}"
            )
            if options.missing:
                _print_missing(facts, text)
    print(f"\n{'category':16} {'facts':>6} {'handoff':>8} {'tail':>7}")
    for category in CATEGORIES:
        both = [_share([tuple(totals[name][category])]) for name in totals]
        print(f"{category:16} {totals['handoff'][category][1]:6} {both[0]:>8} {both[1]:>7}")
    overall = {name: _share(map(tuple, result.values())) for name, result in totals.items()}
    print(
        f"{'all':16} {sum(it[1] for it in totals['handoff'].values()):6} {overall['handoff']:>8} {overall['tail']:>7}"
    )
    print(f"documents: {len(sizes)}, tokens at most {max(sizes):,}, mean {sum(sizes) // len(sizes):,}")


def _share(counts: Any) -> str:
    pairs = list(counts)
    known = sum(pair[1] for pair in pairs)
    return f"{100 * sum(pair[0] for pair in pairs) / known:.1f} %" if known else "-"


def _print_missing(facts: Facts, text: str) -> None:
    for category, its in facts.by_category().items():
        for fact in its:
            if score(_only(category, fact), text)[category][0] == 0:
                print(f"    lost {category}: {squeezed(fact)[:150]}")


def _only(category: str, fact: str) -> Any:
    class One:
        def by_category(self) -> dict[str, list[str]]:
            return {category: [fact]}

    return One()


if __name__ == "__main__":
    main()
