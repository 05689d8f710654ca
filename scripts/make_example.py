"""Write ``.agent-handoffs.example``: the example conversation tracked past its threshold, by the tool itself.

Clock and randomness stand still, so that the same sources always give the same bytes.

Usage: make_example.py [TARGET]
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
import textwrap
from pathlib import Path
from unittest import mock

from handoff_cli.__main__ import main as handoff
from handoff_cli.usecases.handoff import compose_handoff
from handoff_cli.usecases.place import locate

ROOT = Path(__file__).resolve().parents[1]
START = 1_768_464_000.0
MINUTE = 60.0
LEFT_OUT = {".lock", ".handoff.lock", ".pieces", "handoffs", "todos.json"}


def pieces() -> list[str]:
    """Return the example conversation in the pieces that its lines of dashes make."""
    text = (ROOT / "scripts" / "demo" / "conversation.txt").read_text(encoding="utf-8")
    found: list[str] = [""]
    for line in text.splitlines(keepends=True):
        if line.startswith("-----"):
            found.append("")
        else:
            found[-1] += line
    return found


def make(target: Path) -> None:
    """Make the example folder at ``target``, replacing what is there."""
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "prices"
        (project / ".git").mkdir(parents=True)  # a project of its own, whatever lies above it
        run = ["--dir", str(project), "--quiet"]
        now = START
        with (
            mock.patch("time.time", side_effect=lambda: now),
            mock.patch("os.urandom", lambda size: bytes(range(size))),
            mock.patch("handoff_cli.usecases.gather.start_gathering", return_value=lambda: None),
            mock.patch.dict(os.environ, {"HANDOFF_DIR": "", "HANDOFF_SESSION": ""}),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            succeed(handoff([*run, "init"]))
            succeed(handoff([*run, "config", "set", "context_window_limit", "890"]))
            for piece in pieces():
                now += 7 * MINUTE
                with mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(piece.encode()))):
                    succeed(handoff([*run, "track"]))
            now += MINUTE
            goal = "The supplier price import ends before 6:00, in under five minutes, as one cron job."
            step = "Take pg_try_advisory_lock in jobs/import_prices.py:main() and end with exit code 3 when it is held."
            succeed(handoff([*run, "handoff", "--goal", goal, "--next", step]))
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(project / ".agent-handoffs", target, ignore=lambda _, names: LEFT_OUT.intersection(names))
        (target / ".gitignore").unlink()


def heart() -> str:
    """Return what README shows of the handoff that the example conversation ends in where nobody notes anything."""
    with tempfile.TemporaryDirectory() as scratch:
        conversation = Path(scratch) / "conversation.txt"
        conversation.write_text("".join(pieces()), encoding="utf-8")
        document = compose_handoff(locate(scratch), reason="manual", transcript=str(conversation)).text
    step = document.partition("## Next action\n\n")[2].partition("\n")[0]
    steps = document.partition("Last steps, the latest last:\n\n```\n")[2].partition("\n```")[0]
    wrapped = [part for line in (step, *steps.split("\n")[-3:]) for part in textwrap.wrap(line, 116)]
    return "\n".join(["## Next action", *wrapped])


def succeed(code: int) -> None:
    """Raise SystemExit unless ``code`` is 0."""
    if code:
        raise SystemExit(f"handoff ended with exit code {code}")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".agent-handoffs.example")
