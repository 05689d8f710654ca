"""The example of docs/handoff-document.md: the handoff of ``demo/session.jsonl``, made by the tool itself."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from unittest import mock

from handoff_cli.core.transcript import Commit
from handoff_cli.documents.facts import ChangedFile, GitFacts
from handoff_cli.usecases.handoff import compose_handoff
from handoff_cli.usecases.notes import add_note
from handoff_cli.usecases.place import locate

ROOT = Path(__file__).resolve().parents[1]
TRANSCRIPT = "scripts/demo/session.jsonl"
TIME = 1_768_466_400.0
GIT = GitFacts(
    branch="faster-import",
    head="4f1c2ab",
    upstream="origin/faster-import",
    ahead=1,
    behind=0,
    changed=(
        ChangedFile("jobs/import_prices.py", "modified", lines_added=14, lines_removed=2),
        ChangedFile("fixtures/tiny.csv", "untracked"),
    ),
    commits=(Commit("4f1c2ab", "Copy supplier prices in one go"), Commit("90be77d", "Read the CSV as a stream")),
)


def document() -> str:
    """Return the example document; the same sources always give the same bytes."""
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "prices"
        (project / ".git").mkdir(parents=True)  # a project of its own, whatever lies above it
        here = os.getcwd()
        os.chdir(ROOT)
        try:
            with (
                mock.patch("time.time", return_value=TIME),
                mock.patch("handoff_cli.usecases.gather.start_gathering", return_value=lambda: GIT),
                mock.patch("os.urandom", lambda size: bytes(range(size))),
                mock.patch.dict(os.environ, {"HANDOFF_DIR": "", "HANDOFF_SESSION": ""}),
            ):
                place = locate(str(project))
                add_note(place, "Exit code 3 means the lock is held: cron then stays silent", "decision")
                add_note(place, "Does the mirror in Oslo run the same cron line?", "question", "deploy/crontab:7")
                return compose_handoff(place, reason="manual", transcript=TRANSCRIPT).text
        finally:
            os.chdir(here)


def parts() -> dict[str, str]:
    """Return the document cut at its headings: ``front matter``, ``start``, then one part per heading."""
    text = document()
    end = text.index("\n---\n") + len("\n---\n")
    found = {"front matter": text[:end]}
    name = "start"
    for line in text[end:].splitlines(keepends=True):
        if line.startswith("## "):
            name = line[3:].strip()
        found[name] = found.get(name, "") + line
    return found
