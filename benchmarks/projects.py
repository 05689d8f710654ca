"""Projects to measure in, and the commands that are measured there."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from benchmarks.pairs import Command, handoff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PROMPT = ("User: the import takes 40 minutes, please find out why. Assistant: every row is a transaction. " * 30)[:2048]
ABOUT_CODE = """\
User: the import in `src/importer/rows.py` takes 40 minutes since the password check moved into the loop. I think the \
API key lookup (get_token in auth/session.py) is called per row; see https://docs.example.com/imports/batching.html.
Assistant: I'll look at src/importer/rows.py first.
```python
def import_rows(rows: Iterable[Row], *, token: str | None = None) -> int:
    for row in rows:
        key = lookup_key(row["customer_id"])  # asks the database each time
        if not check_password(row["login"], key):
            raise ImportError(f"row {row['id']}: wrong password for \\"{row['login']}\\"")
```
`lookup_key` asks the database each time — 120,000 rows. Keep the keys in a dict; the token is only for the audit log.
$ python -m pytest tests/importer/test_rows.py -x -q
FAILED tests/importer/test_rows.py::test_wrong_password_stops_the_import - AssertionError: assert 'wrong password' in ''
User: don't change the message, support greps for "wrong password". The token must not be cached: it expires.
"""
ABOUT_CODE = (ABOUT_CODE * 3)[:2000]
"""As people work: paths, code, quotes, and words that secrets stand beside."""
WITH_HASHES = """\
User: what changed between 3f2a9c1b and main? The tests fail since commit 4be7d0f51c2a9e8d7b6a5c4f3e2d1c0b9a8f7e6d.
Assistant: `git log --oneline` shows three commits:
4be7d0f Move the lookup of keys out of the loop
9a1c2d3 Count rows, not batches
$ git diff 77e0b4a..4be7d0f --stat
 src/importer/rows.py | 24 ++++++++++++------------
 index 83db48f..bf269f4 100644
request id 7c9e6679-7425-40de-944b-e07fc1f90ae7 took 1832 ms; sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1
FAILED tests/importer/test_rows.py::test_wrong_password - AssertionError
"""
WITH_HASHES = (WITH_HASHES * 4)[:2000]
"""With words that look generated, as keys do."""
FOREIGN = ("请看一下导入任务为什么这么慢 🚀 и почему? " * 40).encode()[:2048].decode(errors="ignore")
WITH_ADDRESSES = """\
User: see https://docs.python.org/3/library/asyncio-task.html#coroutines and https://github.com/psf/requests/issues/6655.
The page http://localhost:8080/admin/users?page=2&sort=name answers in 4 s, and \
https://grafana.example.com/d/Xy3kD/imports?orgId=1&from=now-6h shows it.
Assistant: https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz is a 404, I wrote to ops@example.com about it.
"""
WITH_ADDRESSES = (WITH_ADDRESSES * 8)[:2000]
WITH_SETTINGS = """\
$ cat .env
APP_ENV=production
DEBUG=false
DATABASE_HOST=db.internal.example
DATABASE_PORT=5432
DATABASE_USER=importer
CACHE_TTL=3600
MAX_TOKENS=4096
SESSION_COOKIE_NAME=sid
AWS_REGION=eu-central-1
API_KEY=${API_KEY}
"""
WITH_SETTINGS = (WITH_SETTINGS * 12)[:2000]
WITH_LOGS = """\
2026-03-04 10:11:12,345 INFO  importer.rows: read 1,000 rows from /data/in/2026-03-04.csv in 1.2 s
2026-03-04 10:11:14,002 WARN  importer.db: slow query (1832 ms): SELECT id, name FROM customers WHERE id IN (...)
2026-03-04 10:11:14,110 INFO  importer.http: GET /api/v2/customers/4711 200 12ms user-agent="curl/8.5.0"
[2026-03-04T10:11:15Z] worker-3 pid=1832 done count=1000 failed=0 eta=00:12:31
"""
WITH_LOGS = (WITH_LOGS * 7)[:2000]
SESSION = "5e551011-0000-4000-8000-000000000001"
KB, MB = 1_000, 1_000_000

_TOOL_OUTPUT = "x" * 2000
_LONG_AGO = timedelta(minutes=10)


class Project:
    """A folder that is a project of its own, and the home of whoever works there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pieces = count(1)
        (folder / ".git").mkdir(parents=True)

    def run(self, *argv: str, text: str = "") -> Command:
        """Return ``handoff`` with ``argv`` in this project, with ``text`` on standard input."""
        return handoff(*argv, stdin=text.encode(), cwd=str(self.folder), environ=self.environ)

    def track(self, text: str) -> Callable[[], Command]:
        """Return what makes ``handoff track`` of ``text`` with a number before it: said twice it would be known."""
        return lambda: self.run("track", text=f"{next(self._pieces)} {text}")

    @property
    def environ(self) -> dict[str, str]:
        """What a command needs to take the folder for its home, and to leave nothing outside it."""
        return {"HOME": str(self.folder), "TMPDIR": str(self.folder)}

    def forget(self) -> None:
        """Remove all that handoff keeps in this project."""
        shutil.rmtree(self.folder / ".agent-handoffs", ignore_errors=True)


class Followed(Project):
    """A project whose agent, Claude Code, has written a transcript of about ``size`` bytes, where it keeps them."""

    def __init__(self, folder: Path, size: int) -> None:
        super().__init__(folder)
        self.transcript = folder / ".claude" / "projects" / "importer" / f"{SESSION}.jsonl"
        self.transcript.parent.mkdir(parents=True)
        self._numbers = count(1)
        with self.transcript.open("w", encoding="utf-8") as file:
            written = 0
            while written < size:
                written += file.write(self._rows_of_a_turn())

    def grow(self) -> None:
        """Append a tool's output and the response to it, as the agent does after every call of a tool."""
        with self.transcript.open("a", encoding="utf-8") as file:
            file.write(self._rows_of_a_turn())

    def hook(self) -> Command:
        """Return the hook after a call of a tool."""
        return self._agents("hook", "claude-code", hook_event_name="PostToolUse", tool_name="Read")

    def prompt(self) -> Command:
        """Return the hook on a prompt."""
        return self._agents("hook", "claude-code", hook_event_name="UserPromptSubmit", prompt="go on")

    def statusline(self) -> Command:
        """Return the status line."""
        return self._agents("statusline", **self.statusline_input())

    def statusline_input(self) -> dict[str, Any]:
        """Return what Claude Code pipes into a status line, beside what it pipes into every hook."""
        tokens = {"input_tokens": 90_000, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
        cost = ("total_duration_ms", "total_api_duration_ms", "total_lines_added", "total_lines_removed")
        return {
            "model": {"id": "claude-opus-4-5", "display_name": "Opus"},
            "workspace": {"current_dir": str(self.folder), "project_dir": str(self.folder)},
            "version": "2.1.90",
            "cost": {"total_cost_usd": 0.1, **dict.fromkeys(cost, 0)},
            "context_window": {
                "total_input_tokens": 90_000,
                "total_output_tokens": 10,
                "context_window_size": 200_000,
                "current_usage": {**tokens, "output_tokens": 10},
            },
        }

    def facts(self) -> dict[str, str]:
        """Return what Claude Code pipes into every hook."""
        return {"session_id": SESSION, "transcript_path": str(self.transcript), "cwd": str(self.folder)}

    def sync(self) -> Command:
        """Return ``handoff sync`` of the transcript."""
        return self.run("--quiet", "sync", "--transcript", str(self.transcript))

    def _agents(self, *verb: str, **more: object) -> Command:
        argv = (sys.executable, "-P", "-m", "handoff_cli", *verb)  # as install writes it
        return Command(argv, json.dumps({**self.facts(), **more}).encode(), str(self.folder), self.environ)

    def _rows_of_a_turn(self) -> str:
        number = next(self._numbers)
        answer = [{"type": "tool_result", "tool_use_id": f"toolu_{number}", "content": _TOOL_OUTPUT}]
        return compact_lines(
            {"type": "user", "message": {"role": "user", "content": answer}},
            {"type": "assistant", **response(number, 20_000 + number)},
        )


class Crossing(Project):
    """A project whose transcript, of 4 MiB, ends past the threshold: requests, edits, a test that fails, and usage."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.transcript = folder / ".claude" / "projects" / "importer" / f"{SESSION}.jsonl"
        self.transcript.parent.mkdir(parents=True)
        rows = [compact_lines(*_work(number)) for number in range(400)]
        with self.transcript.open("w", encoding="utf-8") as file:
            file.writelines(rows)
            numbers = count(400)
            while file.tell() < 4 << 20:
                file.write(compact_lines({"type": "assistant", **response(next(numbers), 160_000)}))

    def sync(self) -> Command:
        """Return the command that reads the transcript, finds the threshold crossed and writes the document."""
        return self.run("--quiet", "sync", "--transcript", str(self.transcript))

    def handoff(self) -> Command:
        """Return the command that writes the document of the transcript."""
        return self.run("handoff", "--transcript", str(self.transcript), "-o", str(self.folder / "ours.md"))


def response(number: int, cached: int, content: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """Return what is particular to the row of response ``number``, which read ``cached`` tokens from the cache."""
    usage = {"input_tokens": 3, "cache_creation_input_tokens": 700, "cache_read_input_tokens": cached}
    model = {"type": "message", "role": "assistant", "model": "claude-opus-4-5-20251101"}
    message = {"id": f"msg_{number}", **model, "content": list(content), "usage": {**usage, "output_tokens": 200}}
    return {"requestId": f"req_{number}", "message": message}


def compact_lines(*rows: dict[str, Any]) -> str:
    """Return ``rows`` as Claude Code writes them: no white space between the tokens of JSON, a time in each."""
    time = (datetime.now(UTC) - _LONG_AGO).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    base = {"parentUuid": None, "isSidechain": False, "sessionId": SESSION, "version": "2.1.90", "timestamp": time}
    return "".join(json.dumps({**base, **row}, separators=(",", ":")) + "\n" for row in rows)


def _work(number: int) -> Iterator[dict[str, Any]]:
    request = f"Please mend case {number} of the importer, and keep the file format."
    edit = {"file_path": f"src/part{number % 30}.py", "old_string": "a" * 400, "new_string": "b" * 400}
    test = {"command": "python -m pytest -q"}
    calls = (
        {"type": "tool_use", "id": f"edit{number}", "name": "Edit", "input": edit},
        {"type": "tool_use", "id": f"test{number}", "name": "Bash", "input": test},
    )
    failure = {"type": "tool_result", "tool_use_id": f"test{number}", "is_error": True, "content": "E" * 6000}
    yield {"type": "user", "message": {"role": "user", "content": request}}
    yield {"type": "assistant", **response(number, 400 * (number + 1), calls)}
    yield {"type": "user", "message": {"role": "user", "content": [failure]}}
