"""What ``handoff track`` costs with a long history behind it, beside the same command on a fresh session.

Whole processes, in pairs that take turns, so that a busy machine spoils both alike. Run: python benchmarks/history.py
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handoff_cli.core.session import apply, next_entry, start_entry, started  # noqa: E402 - the path comes first
from handoff_cli.state import snapshot  # noqa: E402
from handoff_cli.state.ledger import encode_entry  # noqa: E402

_START = start_entry("20260101-00000000", "2026-01-01T00:00:00Z", previous=None)
_CHECKPOINT = {
    "kind": "checkpoint",
    "time": "2026-01-01T00:00:01Z",
    "source": "stdin",
    "description": "a line of the conversation, as long as they are",
    "tokens": 1,
    "low": 1,
    "high": 1,
    "method": "counted",
    "model": None,
    "encoding": "o200k_base",
    "level": "ok",
    "crossed": None,
}


def make_history(project: Path, checkpoints: int) -> None:
    """Lay down a session of ``checkpoints`` checkpoints in ``project``, as that many ``track`` commands would have."""
    folder = project / ".agent-handoffs"
    folder.mkdir(parents=True)
    session = started(_START)
    with (folder / "checkpoints.jsonl").open("wb") as file:
        size = file.write(encode_entry(_START))
        for _ in range(checkpoints):
            entry = next_entry(session, _CHECKPOINT)
            session = apply(session, entry)
            size += file.write(encode_entry(entry))
    state = snapshot.with_session(snapshot.empty(str(folder)), session.replace(ledger_bytes=size))
    (folder / "token_usage.json").write_text(state.text)


def _measure(project: Path, words: list[str]) -> tuple[float, int]:
    """Run a command and return its wall time in milliseconds and its peak memory in KiB."""
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environ["PYTHONPATH"] = str(ROOT)
    begin = time.perf_counter()
    child = os.fork()
    if not child:
        os.chdir(project)
        text = os.open("text", os.O_RDONLY)
        os.dup2(text, 0)
        os.execve(sys.executable, [sys.executable, "-m", "handoff_cli", *words], environ)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{words} ended with {status}")
    return (time.perf_counter() - begin) * 1000, usage.ru_maxrss


def main() -> None:
    """Measure and print; with ``--output`` also write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoints", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results" / "history.json")
    options = parser.parse_args()
    runs: dict[str, list[tuple[float, int]]] = {"empty": [], "history": []}
    with tempfile.TemporaryDirectory() as scratch:
        for name, count in (("empty", 0), ("history", options.checkpoints)):
            project = Path(scratch, name)
            make_history(project, count)
            (project / "text").write_text("a line of the conversation\n")
            _measure(project, ["-q", "track"])
        for _ in range(options.pairs):
            for name, found in runs.items():
                found.append(_measure(Path(scratch, name), ["-q", "track"]))
    ratios = [history[0] / empty[0] for empty, history in zip(runs["empty"], runs["history"], strict=True)]
    result = {
        "command": "handoff -q track",
        "checkpoints": options.checkpoints,
        "pairs": options.pairs,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "empty_ms": round(statistics.median(run[0] for run in runs["empty"]), 2),
        "history_ms": round(statistics.median(run[0] for run in runs["history"]), 2),
        "median_ratio": round(statistics.median(ratios), 3),
        "empty_peak_kib": round(statistics.median(run[1] for run in runs["empty"])),
        "history_peak_kib": round(statistics.median(run[1] for run in runs["history"])),
    }
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(f"{json.dumps(result, indent=2)}\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
