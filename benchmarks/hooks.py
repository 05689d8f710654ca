"""What a hook and a status line cost against a bare interpreter, on a transcript of 100 MB.

``python -m benchmarks.hooks`` from the environment ``handoff`` is installed in. Each hook of the second row finds a new
response at the end of the transcript, as after every tool call.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from itertools import count
from pathlib import Path

from benchmarks.pairs import RUNS, Command, Pair, bare, compare, report

MEGABYTES = 100
SESSION = "5e551011-0000-4000-8000-000000000001"
TARGETS = {
    "hook, nothing new": 3.5,
    "hook, a new response each time": 3.5,
    "hook, a prompt": 3.5,
    "statusline": 3.5,
}
_FILLER = "x" * 2000


def response(number: int) -> str:
    """Return a row of Claude Code's transcript, of a response that found some tokens in the window."""
    usage = {"input_tokens": 3, "cache_creation_input_tokens": 700, "cache_read_input_tokens": 20_000 + number}
    message = {"id": f"msg_{number}", "model": "claude-opus-4-5", "role": "assistant", "usage": usage, "content": []}
    row = {"type": "assistant", "sessionId": SESSION, "parentUuid": None, "isSidechain": False, "version": "2.1.42"}
    return json.dumps({**row, "requestId": f"req_{number}", "message": message}) + "\n"


def write_transcript(path: Path) -> None:
    """Write a transcript of ``MEGABYTES``: responses, and between them what tools answered."""
    result = {"type": "user", "sessionId": SESSION, "parentUuid": None, "isSidechain": False}
    answer = json.dumps(
        {**result, "message": {"role": "user", "content": [{"type": "tool_result", "content": _FILLER}]}}
    )
    block = "".join(f"{answer}\n{response(number)}" for number in range(200))
    with path.open("w") as file:
        while file.tell() < MEGABYTES << 20:
            file.write(block)


def rows(project: Path, runs: int) -> dict[str, Pair]:
    """Return the measurements, by their labels; ``project`` is a folder of their own."""
    transcript = project / f"{SESSION}.jsonl"
    write_transcript(transcript)
    facts = {"session_id": SESSION, "transcript_path": str(transcript), "cwd": str(project)}
    window = {"context_window_size": 200_000, "current_usage": {"input_tokens": 90_000}}
    model = {"id": "claude-opus-4-5", "display_name": "Opus"}

    numbers = count(1000)

    def command(*verb: str, **more: object) -> Command:
        argv = (sys.executable, "-m", "handoff_cli", *verb)  # as install writes it
        return Command(argv, json.dumps({**facts, **more}).encode(), str(project), {"HOME": str(project)})

    def grow() -> None:
        with transcript.open("a") as file:
            file.write(response(next(numbers)))

    hook = command("hook", "claude-code", hook_event_name="PostToolUse", tool_name="Read")
    prompt = command("hook", "claude-code", hook_event_name="UserPromptSubmit", prompt="go on")
    line = command("statusline", model=model, version="2.1.90", context_window=window)
    return {
        "hook, nothing new": compare(hook, bare(), runs),
        "hook, a new response each time": compare(hook, bare(), runs, before=grow),
        "hook, a prompt": compare(prompt, bare(), runs),
        "statusline": compare(line, bare(), runs),
    }


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="pairs per row")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / ".git").mkdir()
        report("hooks", rows(project, arguments.runs), TARGETS)


if __name__ == "__main__":
    main()
