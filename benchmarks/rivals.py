"""The nearest peers, each on what both can do: counting, a status line, a handoff from a transcript of 4 MB.

``python -m benchmarks.rivals`` from the environment ``handoff`` is installed in; a peer that cannot be installed is
skipped with a word. The last row is the whole of a crossing: read, decide, write the document.

ccusage's status line adds up the cost of the day out of every transcript of the day, ours says how full the window is;
both print the tokens in the window. ccusage repeats its last answer for a second, as long as the transcript is
unchanged, so it is measured three times: reading 100 MB that have grown since, reading 100 KB, and repeating itself.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from benchmarks.pairs import Command, Pair, bare, compare, report, runs_asked
from benchmarks.peers import Peer, ccusage, claude_handoff, token_counter, ttok
from benchmarks.projects import KB, MB, PROMPT, Crossing, Followed, Project

_NOTHING_READ = ("$0.00 today", "$-0.00 today", "No active block")


def counting(project: Project, runs: int) -> dict[str, Pair]:
    """Return a 2 KB prompt, tracked and counted, against two token counters."""
    found = {}
    for label, verb, peer in (
        ("track against ttok", "track", ttok()),
        ("count against token-counter-cli", "count", token_counter()),
    ):
        if peer is not None:
            theirs = Command(peer.argv, PROMPT.encode(), str(project.folder), peer.environ)
            found[label] = compare(project.run(verb, text=PROMPT), theirs, runs)
    return found


def status_line(folder: Path, runs: int, peer: Peer | None) -> dict[str, Pair]:
    """Return our status line against ccusage's, given the same input and the same transcript."""
    if peer is None:
        return {}
    large, small = Followed(folder / "large", 100 * MB), Followed(folder / "small", 100 * KB)

    def theirs(project: Followed, *options: str) -> Command:
        stdin = json.dumps({**project.facts(), **project.statusline_input()}).encode()
        command = Command((*peer.argv, "statusline", "--offline", *options), stdin, None, project.environ)
        check_it_reads(command)
        return command

    return {
        "statusline against ccusage, reading": compare(large.statusline(), theirs(large), runs, before=large.grow),
        "statusline against ccusage, reading 100 KB": compare(small.statusline(), theirs(small, "--no-cache"), runs),
        "statusline against ccusage, repeating": compare(small.statusline(), theirs(small), runs),
    }


def check_it_reads(command: Command) -> None:
    """Raise RuntimeError unless ccusage's status line, run by ``command``, shows what only the transcript can tell."""
    done = subprocess.run(
        command.argv, input=command.stdin, capture_output=True, env=command.environ, timeout=60, check=True
    )
    said = done.stdout.decode()
    if " today" not in said or "90,000" not in said or any(it in said for it in _NOTHING_READ):
        raise RuntimeError(f"ccusage has not read the transcript: {said}")


def documents(folder: Path, runs: int, peer: Peer | None) -> dict[str, Pair]:
    """Return the handoff of a transcript against claude-handoff's, and a whole crossing against a bare interpreter."""
    found = {}
    project = Crossing(folder / "crossing")
    if peer is not None:
        target = str(project.folder / "theirs.md")
        theirs = Command((*peer.argv, str(project.transcript), "-o", target), environ=project.environ)
        found["handoff of 4 MB against claude-handoff"] = compare(project.handoff(), theirs, runs)
    found["crossing"] = compare(project.sync(), bare(), runs, before=project.forget)
    if not (project.folder / ".agent-handoffs" / "CURRENT_SESSION.md").exists():
        raise RuntimeError("the crossing has written no document")
    return found


def main() -> None:
    """Measure and report."""
    runs = runs_asked(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rows = {
            **counting(Project(folder / "piped"), runs),
            **status_line(folder, runs, ccusage()),
            **documents(folder, runs, claude_handoff()),
        }
    report("rivals", rows)


if __name__ == "__main__":
    main()
