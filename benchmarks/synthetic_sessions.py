"""Write made-up Claude Code transcripts that strain a handoff: long requests, many of them, hundreds of files.

Usage: python -m benchmarks.synthetic_sessions FOLDER, then python -m benchmarks.recall FOLDER
"""

from __future__ import annotations

import json
import random
import sys
from itertools import count
from pathlib import Path
from typing import Any

WORDS = (
    *("the", "parser", "should", "keep", "every", "column", "order", "invoice", "retries", "only", "cache", "because"),
    *("users", "reported", "that", "export", "import", "page", "token", "limit", "window", "please", "do", "not"),
    *("change", "tests", "config", "schema", "rename", "module", "before", "release", "instead", "of", "branch"),
    *("payment", "webhook", "signature", "verify", "latency", "budget", "queue", "worker", "fails", "timeout"),
    *("database", "index", "migration", "rollback"),
)

_SHAPE = ("requests", "request_words", "files", "checks", "failing", "todos", "commits")
SESSIONS = {
    name: dict(zip(_SHAPE, numbers, strict=True))
    for name, numbers in {
        "ordinary": (25, 20, 25, 6, 4, 6, 5),
        "busy": (40, 22, 60, 10, 8, 10, 10),
        "long-requests": (8, 2500, 20, 4, 3, 5, 3),
        "many-requests": (60, 12, 15, 5, 3, 4, 4),
        "many-files": (12, 18, 300, 5, 3, 5, 8),
        "no-checks": (5, 60, 4, 0, 0, 0, 0),
    }.items()
}


class Session:
    """Rows of one transcript; equal seeds give equal rows."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self.rows: list[dict[str, Any]] = []
        self._numbers = count(1)

    def words(self, number: int) -> str:
        """Return ``number`` random words."""
        return " ".join(self.random.choices(WORDS, k=number))

    def say(self, text: str) -> None:
        """Add what the user says."""
        self._add("user", text)

    def answer(self, text: str) -> None:
        """Add what the agent says."""
        self._add("assistant", [{"type": "text", "text": text}])

    def call(self, name: str, arguments: dict[str, Any], result: str = "done", *, failed: bool = False) -> None:
        """Add the call of a tool and its answer."""
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


def write_all(folder: Path) -> None:
    """Write every session of ``SESSIONS`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SESSIONS:
        lines = [json.dumps(row) + "\n" for row in session(name)]
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
