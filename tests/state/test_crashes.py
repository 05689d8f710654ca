"""Kills, full disks, broken disks and short writes at every system call that touches the folder.

Whatever happens: the whole change is there or none of it, the next command works, and what was acknowledged stays.
"""

import gc
import os
import re
import shutil
from collections import Counter
from typing import NamedTuple

import pytest

from handoff_cli.state.store import Place
from handoff_cli.tracker.config import list_settings
from handoff_cli.tracker.log import read_log
from handoff_cli.tracker.sessions import list_sessions
from handoff_cli.tracker.status import get_status
from tests.conftest import FIGURES
from tests.state import faults
from tests.state.faults import KILLED, Faults, faults_at, run

ARCHIVED = "20261118T110640Z-20261118-0708090a"
"""The archive's name of a session that began and ended at ``faults.NOW``."""


class Case(NamedTuple):
    """A command to be spoiled: what was run before it, its words, its input."""

    argv: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    stdin: str = ""


TRACK = ("-q", "track", "-d", "piece")
CASES = {
    "track, first": Case(TRACK, stdin="hello world"),
    "track": Case(TRACK, (TRACK,), "hello world"),
    "track three files": Case(("-q", "track", "a.txt", "b.txt", "c.txt"), (TRACK,)),
    "track past a threshold": Case(TRACK, (TRACK, ("config", "set", "context_window_limit", "4")), "hello world"),
    "track in a further session": Case(("--session", "b", *TRACK), (TRACK,), "hello world"),
    "config set, first": Case(("config", "set", "warning_threshold", "0.5")),
    "config set": Case(("config", "set", "warning_threshold", "0.5"), (TRACK,)),
    "config unset": Case(("config", "unset", "model"), (TRACK, ("config", "set", "model", "gpt-4o"))),
    "reset": Case(("reset",), (TRACK, ("handoff",))),
    "reset --discard": Case(("reset", "--discard", "--yes"), (TRACK, ("handoff",))),
    "sessions restore": Case(("sessions", "restore", "ARCHIVED"), (TRACK, ("handoff",), ("reset",), TRACK, TRACK)),
}
"""A new command is one more line."""

LITTER = re.compile(r"^\.\.gitignore\.\d+-[0-9a-f]+\.new$|^\.\.reset\.new$")
"""Half-made files of which nothing depends; the second goes with the next reset."""


class Bench:
    """A project whose folder is put back to where a case starts before every run."""

    def __init__(self, project, tmp_path, case: Case) -> None:
        self.folder = str(project / ".agent-handoffs")
        self.place = Place(self.folder, self.folder, {})
        self.scratch = str(tmp_path)
        self._start = str(tmp_path / "start")
        for name in ("a.txt", "b.txt", "c.txt"):
            (project / name).write_text(f"hello {name}")
        os.makedirs(self.folder) if case.before else None
        for number, argv in enumerate(case.before):
            self.command(argv, f"before {number}", seed=40 + number)
        archive = os.path.join(self.folder, "archive")
        names = os.listdir(archive) if os.path.isdir(archive) else [""]
        self.argv = tuple(names[0] if word == "ARCHIVED" else word for word in case.argv)
        self.stdin = case.stdin
        if case.before:
            shutil.copytree(self.folder, self._start)

    def put_back(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if os.path.isdir(self._start):
            shutil.copytree(self._start, self.folder)

    def command(self, argv, stdin, seed):
        """Run a command unspoiled and insist that it works; ``seed`` decides the ids it gives."""
        outcome = run(argv, stdin, Faults(self.folder, seed=seed), self.scratch)
        assert outcome.code == 0, outcome
        return outcome

    def spoiled(self, ordinal=-1, fault=""):
        return run(self.argv, self.stdin, Faults(self.folder, ordinal, fault), self.scratch)

    def place_of(self, session):
        return self.place.replace(folder=os.path.join(self.folder, "sessions", session)) if session else self.place

    def observe(self):
        """Return all a user can see: sessions, their entries, settings."""
        sessions = [
            {key: row[key] for key in ("session", "session_id", "previous_session", "total_tokens", "checkpoint_count")}
            | {"archived": bool(row["archive"]), "problem": row["problem"]}
            for row in list_sessions(self.place)
        ]
        owners = dict.fromkeys(row["session"] for row in sessions)
        lines = [line for owner in owners for line in read_log(self.place_of(owner), archived=True)]
        assert [line.problem for line in lines if line.problem and "unfinished" not in line.problem] == []
        entries = [line.entry for line in lines if line.entry]
        entries = [(entry["session"], entry["sequence"], entry.get("tokens", 0)) for entry in entries]
        _check_numbers(sessions, entries)
        settings = {setting.key: setting.value for setting in list_settings(self.place)}
        return sessions, sorted(entries), settings


def _check_numbers(sessions, entries):
    """Sequence numbers have no gap and no double, and totals are the sums of what is in the ledger."""
    for row in sessions:
        assert row["problem"] is None
        mine = [entry for entry in entries if entry[0] == row["session_id"]]
        assert [sequence for _, sequence, _ in mine] == list(range(len(mine)))
        assert row["total_tokens"] == sum(tokens for *_, tokens in mine)
        assert row["checkpoint_count"] == max(0, len(mine) - 1)


def _plain(observed):
    """Return an observation without sessions in which nothing happened: the next command begins one by itself."""
    sessions, entries, settings = observed
    empty = {row["session_id"] for row in sessions if not row["checkpoint_count"] and not row["previous_session"]}
    return (
        [row for row in sessions if row["session_id"] not in empty],
        [entry for entry in entries if entry[0] not in empty],
        settings,
    )


def _check(bench, outcome, before, after, where):
    lines = outcome.err.splitlines()
    assert outcome.code in (0, 3, KILLED), (where, outcome)
    assert "Traceback" not in outcome.err, where
    if outcome.code == 3:
        assert len(lines) == 1, (where, lines)
    elif outcome.code == 0:
        expected = ("handoff: warning:", "handoff: warning threshold", "handoff: over threshold", "handoff: above")
        assert all(line.startswith(expected) for line in lines), (where, lines)
    seen_by_reader = get_status(bench.place)["total_tokens"]
    found = _plain(bench.observe())
    assert found in (before, after), (where, outcome)
    if outcome.code == 0:
        assert found == after, f"{where}: acknowledged and lost"
    running = {row["session"]: row["total_tokens"] for row in found[0] if not row["archived"]}
    assert seen_by_reader == running.get(None, 0), where
    session = "b" if "b" in bench.argv else None
    bench.command(("--session", session, *TRACK) if session else TRACK, "the next command", seed=90)
    again = bench.observe()
    grown = {row["session"]: row["total_tokens"] for row in again[0] if not row["archived"]}
    assert grown[session] == running.get(session, 0) + 3, where
    left = [name for _, _, names in os.walk(bench.folder) for name in names if name.endswith(".new")]
    assert [name for name in left if not LITTER.match(name)] == [], where
    assert not os.path.exists(os.path.join(bench.folder, ".reset")), where


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_any_fault_at_any_call_leaves_the_whole_change_or_none(memory_project, name):
    bench = Bench(memory_project, memory_project.parent, CASES[name])
    bench.put_back()
    before = _plain(bench.observe()) if CASES[name].before else ([], [], bench.observe()[2])
    bench.put_back()
    clean = bench.spoiled()
    assert clean.code == 0, clean
    after = _plain(bench.observe())
    assert before != after
    gc.collect()
    gc.freeze()
    runs = kills = 0
    for point in clean.points:
        for fault in (*faults_at(point), *faults.LASTING):
            bench.put_back()
            runs += 1
            kills += "kill" in fault
            _check(bench, bench.spoiled(point.ordinal, fault), before, after, (name, point, fault))
    gc.unfreeze()
    calls = ", ".join(f"{count} {call}" for call, count in Counter(point.call for point in clean.points).items())
    FIGURES.append(f"faults in {name}: {runs:,} runs, {kills:,} of them kills, at {len(clean.points)} calls: {calls}")
