"""Many writers at once: processes, sessions, threads, and processes that are killed at any moment."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from handoff_cli import get_token_status, track_tokens
from handoff_cli.documents.front_matter import written_for
from handoff_cli.state.store import Place, opened
from handoff_cli.usecases.log import read_log
from tests.conftest import FIGURES
from tests.state.processes import Runner, at_once

WRITERS = 50
SESSIONS = 8
WRITERS_PER_SESSION = 4
THREADS = 8
TRACKS_PER_THREAD = 6
KILLS = 80
TEXT = "hello world"
TOKENS = 2


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setenv("HANDOFF_LOCK_TIMEOUT_SECONDS", "60")


@pytest.fixture
def runner(tmp_path):
    return Runner(tmp_path)


def entries(place, *, archived=False):
    lines = list(read_log(place, archived=archived))
    assert [line.problem for line in lines if line.problem] == []
    return [line.entry for line in lines]


def check_numbers(found):
    """Each session's sequence numbers are 0, 1, 2, ... as they stand in its ledger."""
    by_session = {}
    for entry in found:
        by_session.setdefault(entry["session"], []).append(entry["sequence"])
    for numbers in by_session.values():
        assert numbers == list(range(len(numbers)))


def tracks(count, *words):
    return [((*words, "track", "--json", "-d", f"piece {number}"), TEXT) for number in range(count)]


@pytest.mark.long
def test_fifty_processes_at_once_lose_nothing_and_cross_each_threshold_once(project, place, runner, handoff):
    limit = WRITERS * TOKENS
    handoff("config", "set", "context_window_limit", str(limit))
    ended = at_once(runner, tracks(WRITERS))
    assert [code for code, _ in ended] == [0] * WRITERS
    found = entries(place)
    check_numbers(found)
    assert {entry["description"] for entry in found[1:]} == {f"piece {number}" for number in range(WRITERS)}
    status = json.loads(handoff("status", "--json")[1])
    assert (status["total_tokens"], status["checkpoint_count"]) == (limit, WRITERS)
    crossed = [json.loads(out)["crossed"] for _, out in ended]
    assert sorted(level for level in crossed if level) == ["critical", "over", "warning"]
    document = Path(status["handoff_file"]).read_text()
    assert written_for(document) == (status["session_id"], WRITERS)
    assert document.endswith("\n")
    FIGURES.append(f"writers: {WRITERS} processes at once in one session, {len(found) - 1} checkpoints kept")


@pytest.mark.long
def test_eight_sessions_of_one_project_at_once_do_not_mix(project, place, runner):
    names = [f"s{number}" for number in range(SESSIONS)]
    commands = [command for name in names for command in tracks(WRITERS_PER_SESSION, "--session", name)]
    random.Random(8).shuffle(commands)
    assert [code for code, _ in at_once(runner, commands)] == [0] * len(commands)
    for name in names:
        found = entries(place.replace(folder=os.path.join(place.folder, "sessions", name)))
        check_numbers(found)
        assert sorted(entry["description"] for entry in found[1:]) == [f"piece {n}" for n in range(WRITERS_PER_SESSION)]
    FIGURES.append(f"writers: {len(commands)} processes at once in {SESSIONS} sessions of one project")


def test_threads_through_the_api_lose_nothing_and_cross_once(project, place, handoff):
    handoff("config", "set", "context_window_limit", str(THREADS * TRACKS_PER_THREAD * TOKENS * 10 // 9))
    crossed = []

    def work(number):
        crossed.extend(track_tokens(TEXT, f"{number} {turn}")["crossed"] for turn in range(TRACKS_PER_THREAD))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = THREADS * TRACKS_PER_THREAD
    assert get_token_status()["total_tokens"] == count * TOKENS
    found = entries(place)
    check_numbers(found)
    assert len({entry["description"] for entry in found[1:]}) == count
    assert [level for level in crossed if level] == ["warning"]
    FIGURES.append(f"writers: {THREADS} threads through the API, {count} checkpoints")


@pytest.mark.long
def test_a_storm_of_kills_loses_nothing_that_was_acknowledged(memory_project, runner, handoff):
    """Writers and resets are killed at random moments; acknowledged ones are all there, killed ones whole or not."""
    chance = random.Random(9)
    acknowledged, tried, children = set(), {}, {}
    kills = number = 0
    while kills < KILLS:
        while len(children) < 3:
            number += 1
            argv = ("reset",) if number % 12 == 0 else ("track", "--json", "-d", f"piece {number}")
            child = runner.start(*argv, stdin=TEXT)
            children[child] = tried[number] = (number, argv[0])
        time.sleep(chance.random() * 0.008)
        child = chance.choice(list(children)[-2:])
        if chance.random() < 0.8:
            os.kill(child, signal.SIGKILL)
        number_of_it, verb = children.pop(child)
        code, _ = runner.wait(child)
        assert code in (0, -signal.SIGKILL)
        kills += code != 0
        if code == 0 and verb == "track":
            acknowledged.add(f"piece {number_of_it}")
    for child, (number_of_it, verb) in children.items():
        assert runner.wait(child)[0] == 0
        acknowledged |= {f"piece {number_of_it}"} if verb == "track" else set()
    path = str(memory_project / ".agent-handoffs")
    place = Place(path, path, {})
    with opened(place):
        pass
    found = entries(place, archived=True)
    check_numbers(found)
    pieces = [entry["description"] for entry in found if entry["kind"] == "checkpoint"]
    assert len(pieces) == len(set(pieces))
    assert acknowledged <= set(pieces) <= {f"piece {number}" for number, verb in tried.values() if verb == "track"}
    sessions = json.loads(handoff("sessions", "--json")[1])
    assert sum(row["total_tokens"] for row in sessions) == TOKENS * len(pieces)
    FIGURES.append(f"kills: {kills} processes killed, {len(acknowledged)} acknowledged, {len(pieces)} found, none lost")


def test_true_processes_killed_at_any_time_leave_whole_changes(project, place, handoff):
    """As above with interpreters of their own, killed from start to end of a run."""
    root = str(Path(sys.modules["handoff_cli"].__file__).parents[1])
    command = [sys.executable, "-m", "handoff_cli", "-q", "track", "-d", "x"]
    survived = 0
    for number in range(12):
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
        )
        process.stdin.write(TEXT.encode())
        process.stdin.close()
        time.sleep(number * 0.008)
        process.kill()
        survived += process.wait() == 0
        assert process.stderr.read() == b""
        process.stderr.close()
    code, out, err = handoff("track", "--json", "-d", "last", stdin=TEXT)
    status = json.loads(out)
    assert (code, [line for line in err.splitlines() if "unfinished last line" not in line]) == (0, [])
    assert status["checkpoint_count"] > survived
    assert status["total_tokens"] == TOKENS * status["checkpoint_count"]
    check_numbers(entries(place))


def test_readers_during_writes_and_resets_never_see_half_a_state(project, place, runner, handoff):
    """What a reader sees is always the sum of whole changes, without a warning, while sessions are switched."""
    handoff("track", stdin=TEXT)
    for name in "abc":
        Path(name).write_text(TEXT)
    done = os.path.join(str(project), "done")
    writer = os.fork()
    if not writer:
        code = 1
        try:
            for turn in range(30):
                handoff("reset") if turn % 5 == 4 else handoff("track", "a", "b", "c")
            code = 0
        finally:
            Path(done).touch()
            os._exit(code)
    views = 0
    while not os.path.exists(done):
        code, out, err = handoff("status", "--json")
        status = json.loads(out)
        assert (code, err, status["warnings"]) == (0, "", [])
        assert status["total_tokens"] == TOKENS * status["checkpoint_count"]
        assert status["checkpoint_count"] in (*range(0, 16, 3), 1, 4, 7, 10, 13)
        views += 1
    assert os.waitstatus_to_exitcode(os.waitpid(writer, 0)[1]) == 0
    assert views > 20
    FIGURES.append(f"readers: {views} views while sessions were written and reset, all whole")
