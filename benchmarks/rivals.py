"""The nearest peers, each on what both can do: counting, a status line, a handoff from a transcript of 4 MB.

``python -m benchmarks.rivals`` from the environment ``handoff`` is installed in; a peer that cannot be installed is
skipped with a word. The last row is the whole of a crossing: read, decide, write the document.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from benchmarks.commands import PROMPT
from benchmarks.hooks import SESSION, response
from benchmarks.pairs import RUNS, Command, Pair, bare, compare, handoff, report
from benchmarks.peers import Peer, ccusage, claude_handoff, token_counter, ttok

TRANSCRIPT_BYTES = 4 << 20
CROSSING = "a crossing, document from 4 MB"
TARGETS = {"track against ttok": 1 / 8, "statusline against ccusage's native binary": 2.0}
CROSSING_MILLISECONDS = 600


def write_transcript(path: Path) -> None:
    """Write a session of ``TRANSCRIPT_BYTES``: requests, edits, a failing test, and usage past the threshold."""
    base = {"sessionId": SESSION, "parentUuid": None, "isSidechain": False, "cwd": str(path.parent)}
    rows: list[dict[str, object]] = []
    for number in range(400):
        request = {"role": "user", "content": f"Please mend case {number} of the importer, and keep the file format."}
        edit = {"file_path": f"src/part{number % 30}.py", "old_string": "a" * 400, "new_string": "b" * 400}
        blocks = [
            {"type": "tool_use", "id": f"edit{number}", "name": "Edit", "input": edit},
            {"type": "tool_use", "id": f"test{number}", "name": "Bash", "input": {"command": "python -m pytest -q"}},
        ]
        answer = [{"type": "tool_result", "tool_use_id": f"test{number}", "is_error": True, "content": "E" * 6000}]
        usage = {"input_tokens": 5, "cache_creation_input_tokens": 100, "cache_read_input_tokens": 400 * (number + 1)}
        reply = {"id": f"m{number}", "model": "claude-opus-4-5", "role": "assistant", "content": blocks, "usage": usage}
        rows += [
            {**base, "type": "user", "message": request},
            {**base, "type": "assistant", "version": "2.1.42", "requestId": f"r{number}", "message": reply},
            {**base, "type": "user", "message": {"role": "user", "content": answer}},
        ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        while file.tell() < TRANSCRIPT_BYTES:
            file.write(response(file.tell() % 1000 + 159_000))


def counting(project: str, runs: int) -> dict[str, Pair]:
    """Return a 2 KB prompt, tracked and counted, against two token counters."""
    found = {}
    for label, verb, peer in (
        ("track against ttok", ("track",), ttok()),
        ("count against token-counter-cli", ("count",), token_counter()),
    ):
        if peer is not None:
            ours = handoff(*verb, cwd=project, stdin=PROMPT.encode())
            found[label] = compare(ours, Command(peer.argv, PROMPT.encode(), project, peer.environ), runs)
    return found


def status_line(project: str, transcript: Path, runs: int, peer: Peer | None) -> dict[str, Pair]:
    """Return the status line against ccusage's, given the same input and the same transcript."""
    if peer is None:
        return {}
    cost = dict.fromkeys(("total_duration_ms", "total_api_duration_ms", "total_lines_added", "total_lines_removed"), 0)
    facts = {
        "session_id": SESSION,
        "transcript_path": str(transcript),
        "cwd": project,
        "model": {"id": "claude-opus-4-5", "display_name": "Opus"},
        "workspace": {"current_dir": project, "project_dir": project},
        "version": "2.1.90",
        "cost": {"total_cost_usd": 0.1, **cost},
        "context_window": {
            "total_input_tokens": 90_000,
            "total_output_tokens": 10,
            "context_window_size": 200_000,
            "current_usage": {"input_tokens": 90_000, "output_tokens": 10},
        },
    }
    stdin, home = json.dumps(facts).encode(), {"HOME": project}
    theirs = Command((*peer.argv, "statusline", "--offline"), stdin, project, home)
    ours = handoff("statusline", stdin=stdin, cwd=project, environ=home)
    return {"statusline against ccusage's native binary": compare(ours, theirs, runs)}


def documents(project: Path, transcript: Path, runs: int, peer: Peer | None) -> dict[str, Pair]:
    """Return the handoff of a transcript against claude-handoff's, and a whole crossing against a bare interpreter."""
    found = {}
    if peer is not None:
        theirs = Command(
            (*peer.argv, str(transcript), "-o", str(project / "theirs.md")), environ={"HOME": str(project)}
        )
        ours = handoff("handoff", "--transcript", str(transcript), "-o", str(project / "ours.md"), cwd=str(project))
        found["handoff of 4 MB against claude-handoff"] = compare(ours, theirs, runs)
    crossing = handoff("--quiet", "sync", "--transcript", str(transcript), cwd=str(project))

    def forget() -> None:
        shutil.rmtree(project / ".agent-handoffs", ignore_errors=True)

    found[CROSSING] = compare(crossing, bare(), runs, before=forget)
    return found


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="pairs per row")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / ".git").mkdir()
        # Where Claude Code keeps it, so that a peer that looks for it by itself finds the same.
        transcript = project / ".claude" / "projects" / "importer" / f"{SESSION}.jsonl"
        transcript.parent.mkdir(parents=True)
        write_transcript(transcript)
        rows = {
            **counting(folder, runs),
            **status_line(folder, transcript, runs, ccusage()),
            **documents(project, transcript, runs, claude_handoff()),
        }
    report("rivals", rows, TARGETS)
    milliseconds = rows[CROSSING].a.milliseconds
    verdict = "met" if milliseconds <= CROSSING_MILLISECONDS else "MISSED"
    print(f"{CROSSING}: {milliseconds:.0f} ms, target {CROSSING_MILLISECONDS} ms {verdict}")


if __name__ == "__main__":
    main()
