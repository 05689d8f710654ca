"""Write made-up Claude Code transcripts that strain a handoff: long requests, many of them, hundreds of files.

Usage: synthetic_sessions.py FOLDER, then recall.py FOLDER
"""

from __future__ import annotations

import json
import random
import sys
from itertools import count
from pathlib import Path
from typing import Any

WORDS = [
    "the",
    "parser",
    "should",
    "keep",
    "every",
    "column",
    "order",
    "invoice",
    "retries",
    "only",
    "cache",
    "because",
    "users",
    "reported",
    "that",
    "export",
    "import",
    "page",
    "token",
    "limit",
    "window",
    "please",
    "do",
    "not",
    "change",
    "tests",
    "config",
    "schema",
    "rename",
    "module",
    "before",
    "release",
    "instead",
    "of",
    "branch",
    "payment",
    "webhook",
    "signature",
    "verify",
    "latency",
    "budget",
    "queue",
    "worker",
    "fails",
    "timeout",
    "database",
    "index",
    "migration",
    "rollback",
]

SESSIONS = {
    "ordinary": {"requests": 25, "request_words": 20, "files": 25, "checks": 6, "failing": 4, "todos": 6, "commits": 5},
    "busy": {"requests": 40, "request_words": 22, "files": 60, "checks": 10, "failing": 8, "todos": 10, "commits": 10},
    "long-requests": {"requests": 8, "request_words": 2500, "files": 20, "checks": 4, "failing": 3, "todos": 5, "commits": 3},
    "many-requests": {"requests": 60, "request_words": 12, "files": 15, "checks": 5, "failing": 3, "todos": 4, "commits": 4},
    "many-files": {"requests": 12, "request_words": 18, "files": 300, "checks": 5, "failing": 3, "todos": 5, "commits": 8},
    "no-checks": {"requests": 5, "request_words": 60, "files": 4, "checks": 0, "failing": 0, "todos": 0, "commits": 0},
}  # fmt: skip


class Session:
    """Rows of one transcript; equal seeds give equal rows."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self.rows: list[dict[str, Any]] = []
        self._numbers = count(1)

    def words(self, number: int) -> str:
        return " ".join(self.random.choices(WORDS, k=number))

    def say(self, text: str) -> None:
        self._add("user", text)

    def answer(self, text: str) -> None:
        self._add("assistant", [{"type": "text", "text": text}])

    def call(self, name: str, arguments: dict[str, Any], result: str = "done", *, failed: bool = False) -> None:
        number = f"toolu_{next(self._numbers):06}"
        self._add("assistant", [{"type": "tool_use", "id": number, "name": name, "input": arguments}])
        block = {"type": "tool_result", "tool_use_id": number, "content": result, "is_error": failed}
        self._add("user", [block], toolUseResult={} if failed else {"stdout": result, "interrupted": False})

    def _add(self, role: str, content: Any, **more: Any) -> None:
        number = next(self._numbers)
        message: dict[str, Any] = {"role": role, "content": content}
        if role == "assistant":
            usage = {"input_tokens": 5, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 100 * number}
            message |= {"id": f"msg_{number}", "model": "claude-sonnet-4-5", "usage": usage}
        time = f"2026-01-02T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
        self.rows.append(
            {"type": role, "sessionId": "s-1", "parentUuid": None, "uuid": str(number), "version": "2.1.42"}
            | {"isSidechain": False, "timestamp": time, "cwd": "/home/dev/shop", "message": message, **more}
        )


def session(name: str) -> list[dict[str, Any]]:
    """Return the rows of the session ``name`` of ``SESSIONS``."""
    shape = SESSIONS[name]
    made = Session(name)
    folders = [f"src/{a}/{b}" for a in ("api", "core", "jobs", "web") for b in ("models", "views", "tests", "utils")]
    paths = [
        f"/home/dev/shop/{made.random.choice(folders)}/{made.random.choice(WORDS)}_{index}.py"
        for index in range(shape["files"])
    ]
    todos = [{"content": made.words(7), "status": "pending"} for _ in range(shape["todos"])]
    for index in range(shape["requests"]):
        made.say(made.words(max(3, round(shape["request_words"] * made.random.uniform(0.3, 1.7)))))
        for path in paths[index :: shape["requests"]]:
            for _ in range(made.random.randint(1, 4)):
                made.call("Edit", {"file_path": path, "old_string": "a", "new_string": "b"})
        for number in range(index, shape["commits"], shape["requests"]):
            subject = made.words(6)
            made.call(
                "Bash",
                {"command": f'git commit -m "{subject}"'},
                f"[main {number + 0xABC0000:07x}] {subject}\n 1 file changed",
            )
        made.answer(made.words(40) + ".")
    for number in range(shape["checks"]):
        made.call("Bash", {"command": f"pytest tests/unit/test_{made.random.choice(WORDS)}_{number}.py -q"}, "5 passed")
    for number in range(shape["failing"]):
        error = f"Exit code 1\nFAILED test_{number}\nE   AssertionError: {made.words(12)}"
        made.call(
            "Bash", {"command": f"./scripts/{made.random.choice(WORDS)}_{number}.sh --strict"}, error, failed=True
        )
    if todos:
        made.call("TodoWrite", {"todos": todos})
    made.answer(made.words(60) + ".")
    return made.rows


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in SESSIONS:
        lines = [json.dumps(row) + "\n" for row in session(name)]
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
