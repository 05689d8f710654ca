"""Kills, full disks, broken disks and short writes at every system call that touches the folder.

Whatever happens: the whole change is there or none of it, the next command works, and what was acknowledged stays.
"""

import os
import re
import shutil
from collections import Counter
from typing import NamedTuple

import pytest

from handoff_cli.state.kept_reading import kept_pieces
from handoff_cli.state.store import Place
from handoff_cli.usecases.log import read_log
from handoff_cli.usecases.sessions import list_sessions
from handoff_cli.usecases.settings import list_settings
from handoff_cli.usecases.status import get_status
from handoff_cli.usecases.track import follow
from tests.conftest import FIGURES
from tests.state import faults
from tests.state.faults import KILLED, Faults, Kills, Outcome, faults_at, run
from tests.state.powercut import VARIANTS, Disk, put
from tests.transcripts import rows as r

ARCHIVED = "20261118T110640Z-20261118-0708090a"
"""The archive's name of a session that began and ended at ``faults.NOW``."""


@pytest.fixture(autouse=True)
def _followed_once(monkeypatch):
    """Whoever follows a file is interrupted at the first pause: a run ends."""

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(follow, "__defaults__", (interrupted,))


class Case(NamedTuple):
    """A command to be spoiled: what was run before it, its words, its input; ``files`` get bytes put at their end."""

    argv: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    stdin: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


TRACK = ("-q", "track", "-d", "piece")
CASES = {
    "track, first": Case(TRACK, stdin="hello world"),
    "track": Case(TRACK, (TRACK,), "hello world"),
    "track three files": Case(("-q", "track", "a.txt", "b.txt", "c.txt"), (TRACK,)),
    "track past a threshold": Case(TRACK, (TRACK, ("config", "set", "context_window_limit", "4")), "hello world"),
    "track and keep nothing": Case(TRACK, (TRACK, ("config", "set", "keep_text", "false")), "hello world"),
    "track in a further session": Case(("--session", "b", *TRACK), (TRACK,), "hello world"),
    "track behind a torn line, where a longer process id stood": Case(
        TRACK, (TRACK,), "hello world", (("checkpoints.jsonl", b'{"v":1,"kind":"che'), (".lock", b"9\n"))
    ),
    "track with a state of the seed's": Case(
        TRACK, (), "hello world", (("token_usage.json", b'{"context_window_limit": 9000, // ours\n}'),)
    ),
    "track --follow": Case(("-q", "track", "-d", "piece", "--follow", "a.txt"), (TRACK,)),
    "sync": Case(("-q", "sync", "--transcript", "t.jsonl"), (TRACK,)),
    "sync, after one": Case(
        ("-q", "sync", "--transcript", "t.jsonl"), (("sync", "--transcript", "older.jsonl"), TRACK)
    ),
    "note": Case(("note", "the parser stays"), (TRACK,)),
    "note --done": Case(("note", "--done", "1"), (TRACK, ("note", "the parser stays"))),
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
        older = r.jsonl(r.codex("turn_context", model="gpt-5.5"), r.codex_tokens(10_000))
        (project / "older.jsonl").write_text(older)
        (project / "t.jsonl").write_text(older + r.jsonl(r.codex_tokens(11_000)))
        os.makedirs(self.folder) if case.before or case.files else None
        for number, argv in enumerate(case.before):
            self.command(argv, f"before {number}", seed=40 + number)
        for name, data in case.files:
            with open(os.path.join(self.folder, name), "ab") as file:
                file.write(data)
        archive = os.path.join(self.folder, "archive")
        names = os.listdir(archive) if os.path.isdir(archive) else [""]
        self.argv = tuple(names[0] if word == "ARCHIVED" else word for word in case.argv)
        self.stdin = case.stdin
        self.copy_to(self._start)

    def copy_to(self, place) -> None:
        if os.path.isdir(self.folder):
            shutil.copytree(self.folder, place)

    def put_back(self, place=None) -> None:
        """Make the folder what it was at the start, or what was copied to ``place``; what is as it was is let alone."""
        place = place or self._start
        wanted, found = tree_of(place), tree_of(self.folder)
        for path in sorted((path for path in found if differ(path, wanted, found)), reverse=True):
            remove = os.rmdir if found[path] is None else os.unlink
            remove(self.folder + path)
        for path in sorted(path for path in wanted if differ(path, wanted, found)):
            if wanted[path] is None:
                os.mkdir(self.folder + path, 0o700)
            else:
                shutil.copy2(place + path, self.folder + path)

    def command(self, argv, stdin, seed):
        """Run a command unspoiled and insist that it works; ``seed`` decides the ids it gives."""
        outcome = run(argv, stdin, Faults(self.folder, seed=seed), self.scratch)
        assert outcome.code == 0, outcome
        return outcome

    def spoiled(self, point=None, fault=""):
        return run(self.argv, self.stdin, Faults(self.folder, point, fault), self.scratch)

    def place_of(self, session):
        return self.place.replace(folder=os.path.join(self.folder, "sessions", session)) if session else self.place

    def observe(self):
        """Return all a user can see: sessions, their entries, settings, and the texts that were kept."""
        rows = list_sessions(self.place)
        sessions = [
            {key: row[key] for key in ("session", "session_id", "previous_session", "total_tokens", "checkpoint_count")}
            | {"archived": bool(row["archive"]), "problem": row["problem"]}
            for row in rows
        ]
        owners = dict.fromkeys(row["session"] for row in sessions)
        lines = [line for owner in owners for line in read_log(self.place_of(owner), archived=True)]
        assert [line.problem for line in lines if line.problem and "unfinished" not in line.problem] == []
        entries = [line.entry for line in lines if line.entry]
        entries = [(it["session"], it["sequence"], it["kind"], it.get("tokens", 0)) for it in entries]
        _check_numbers(sessions, entries)
        settings = {setting.key: setting.value for setting in list_settings(self.place)}
        texts = [(row["session_id"], piece) for row in rows for piece in kept_pieces(row["folder"])]
        assert [piece for _, piece in texts if piece.left_out or not piece.parts] == []
        return sessions, sorted(entries), settings, sorted((owner, it.sequence, it.text) for owner, it in texts)


def tree_of(top):
    """Return all that is on the disk at ``top``: each file with its bytes, each folder with None, by the path from there."""
    found = {}
    for folder, _, files in os.walk(top):
        inside = folder.removeprefix(top)
        found[inside] = None
        for name in files:
            with open(os.path.join(folder, name), "rb") as file:
                found[f"{inside}/{name}"] = file.read()
    return found


def differ(path, one, other):
    return path not in one or path not in other or one[path] != other[path]


def _check_numbers(sessions, entries):
    """Sequence numbers have no gap and no double, and totals are what the ledger says: its sum since the last usage."""
    for row in sessions:
        assert row["problem"] is None
        mine = [entry for entry in entries if entry[0] == row["session_id"]]
        assert [sequence for _, sequence, *_ in mine] == list(range(len(mine)))
        assert row["total_tokens"] == total_of(mine)
        assert row["checkpoint_count"] == sum(kind == "checkpoint" for _, _, kind, _ in mine)


def total_of(entries):
    """Return what a window holds after ``entries``: a usage takes the place of what was before it."""
    usages = [number for number, (_, _, kind, _) in enumerate(entries) if kind == "usage"]
    return sum(tokens for *_, tokens in entries[usages[-1] if usages else 0 :])


def _plain(observed):
    """Return an observation without sessions in which nothing happened: the next command begins one by itself."""
    sessions, entries, settings, texts = observed
    empty = {row["session_id"] for row in sessions if not row["checkpoint_count"] and not row["previous_session"]}
    return (
        [row for row in sessions if row["session_id"] not in empty],
        [entry for entry in entries if entry[0] not in empty],
        settings,
        texts,
    )


def _check_words(outcome, where):
    lines = outcome.err.splitlines()
    assert outcome.code in (0, 3, KILLED), (where, outcome)
    assert "Traceback" not in outcome.err, where
    if outcome.code == 3:
        assert len(lines) == 1, (where, lines)
    elif outcome.code == 0:
        expected = ("handoff: warning:", "handoff: warning threshold", "handoff: over threshold", "handoff: above")
        assert all(line.startswith(expected) for line in lines), (where, lines)


def _check(bench, outcome, before, after, where):
    """Check what is on the disk against what the command said; both alone decide, so the same need be checked once."""
    seen_by_reader = get_status(bench.place)["total_tokens"]
    found = _plain(bench.observe())
    assert found in (before, after), (where, outcome)
    if outcome.code == 0:
        assert found == after, f"{where}: acknowledged and lost"
    if outcome.code == 3 and "track" in bench.argv and "nor take back" not in outcome.err:
        assert found == before, f"{where}: refused, yet done"
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


def show_kills(bench, show):
    """Run the command once, calling ``show(point, fault)`` where a kill would leave what is then on the disk."""
    bench.put_back()
    kills = Kills(bench.folder, show)
    outcome = run(bench.argv, bench.stdin, kills, bench.scratch)
    assert outcome.code == 0, outcome
    return kills


@pytest.mark.long
def test_a_process_that_is_killed_leaves_what_was_done_up_to_there(memory_project):
    """Really killed, at every call of a command: what the kills of the test below rest on."""
    bench = Bench(memory_project, memory_project.parent, CASES["track, first"])
    shown = {}
    kills = show_kills(bench, lambda *where: shown.update({where: frozenset(tree_of(bench.folder).items())}))
    for (point, fault), tree in shown.items():
        bench.put_back()
        assert bench.spoiled(point, fault).code == KILLED
        assert frozenset(tree_of(bench.folder).items()) == tree, (point, fault)
    assert kills.shown == len(shown) > 50


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_any_fault_at_any_call_leaves_the_whole_change_or_none(memory_project, name):
    bench = Bench(memory_project, memory_project.parent, CASES[name])
    bench.put_back()
    before = _plain(bench.observe())
    clean = bench.spoiled()
    assert clean.code == 0, clean
    after = _plain(bench.observe())
    assert before != after
    left = {}

    def keep(*where):
        end = frozenset(tree_of(bench.folder).items())
        if end not in left:
            left[end] = where, os.path.join(bench.scratch, f"left{len(left)}")
            bench.copy_to(left[end][1])

    kills = show_kills(bench, keep)
    assert kills.points == clean.points
    for where, place in left.values():
        bench.put_back(place)
        _check(bench, Outcome(KILLED, "", "", []), before, after, (name, *where))
    runs, checked = kills.shown, set()
    for point in clean.points:
        for fault in (*faults_at(point), *faults.LASTING):
            if "kill" in fault:
                continue
            bench.put_back()
            runs += 1
            outcome, where = bench.spoiled(point, fault), (name, point, fault)
            _check_words(outcome, where)
            end = (outcome.code, "nor take back" in outcome.err, frozenset(tree_of(bench.folder).items()))
            if end not in checked:
                checked.add(end)
                _check(bench, outcome, before, after, where)
    calls = ", ".join(f"{count} {call}" for call, count in Counter(point.call for point in clean.points).items())
    ends = f"{len(checked) + len(left):,} different ends"
    FIGURES.append(
        f"faults in {name}: {runs:,} runs, {kills.shown:,} of them kills, {ends}, at {len(clean.points)} calls: {calls}"
    )


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_a_power_cut_at_any_call_leaves_the_whole_change_or_none(memory_project, name):
    """A disk may forget names, contents or both where they were not synced; acknowledged, everything is on it."""
    bench = Bench(memory_project, memory_project.parent, CASES[name])
    before = _plain(bench.observe())
    disk = Disk(str(memory_project))
    outcome = run(bench.argv, bench.stdin, disk, bench.scratch)
    assert outcome.code == 0
    after = _plain(bench.observe())
    acknowledged = [tree for _, tree in disk.trees[-len(VARIANTS) :]]
    seen = []
    for where, tree in disk.trees:
        if tree in seen and tree not in acknowledged:
            continue
        seen.append(tree)
        for path in memory_project.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        put(tree, memory_project)
        code = KILLED if tree not in acknowledged else 0
        _check(bench, outcome._replace(code=code, err=""), before, after, (name, where))
    FIGURES.append(f"power cuts in {name}: {len(seen)} different disks after {len(disk.points)} calls")


def test_a_folder_left_unsynced_by_a_crash_is_synced_before_anything_is_acknowledged(memory_project):
    """The command that made the folder died before it could sync its name; the next one must not rely on that."""
    bench = Bench(memory_project, memory_project.parent, CASES["track, first"])
    disk = Disk(str(memory_project))
    with disk:
        os.makedirs(os.path.join(bench.folder, "sessions", "b"))
    argv = ("--session", "b", *TRACK)
    assert run(argv, "hello world", disk, bench.scratch).code == 0
    _, nothing_unsynced = disk.trees[-len(VARIANTS)]
    assert {".agent-handoffs", ".agent-handoffs/sessions/b/checkpoints.jsonl"} <= nothing_unsynced.keys()
