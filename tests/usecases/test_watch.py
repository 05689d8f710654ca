import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

import handoff_cli
from handoff_cli.core.text import utc_iso
from handoff_cli.errors import LockTimeoutError
from handoff_cli.state.folder import session_folder
from handoff_cli.usecases.watch import RECENT_SECONDS, Moved, Watch, WatchEverywhere
from tests.agents.homes import furnished
from tests.usecases.agents_at_work import Claude


@pytest.fixture
def agent(project):
    home = project.parent / "home"
    made = Claude(project, home, "5e551011-0000-4000-8000-00000000000a")
    folder = home / ".claude" / "projects" / re.sub(r"[^A-Za-z0-9]", "-", str(project))
    folder.mkdir(parents=True)
    made.transcript = made.transcript.rename(folder / made.transcript.name)
    return made


@pytest.fixture
def spawn_open(project):
    """Start command lines in processes of their own that go on; whatever is left of them ends with the test."""
    environ = {**os.environ, "PYTHONPATH": str(Path(handoff_cli.__file__).parents[1])}
    with ExitStack() as running:

        def start(*argv):
            command = [sys.executable, "-m", "handoff_cli", *argv]
            pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            process = running.enter_context(subprocess.Popen(command, env=environ, **pipes))
            running.callback(process.kill)
            return process

        yield start


def test_a_growing_transcript_is_followed_and_its_crossing_told_once(place, agent):
    watch = Watch(place)
    agent.response(50_000)
    assert watch.look() == [Moved()]
    assert [(row.name, row.status["total_tokens"]) for row in watch.rows()] == [(agent.session, 50_000)]
    assert watch.look() == []
    agent.response(140_000)
    assert watch.look() == [Moved("warning", str(agent.document))]
    assert agent.document.exists()
    agent.response(141_000)
    assert [seen.crossed for seen in watch.look()] == [None]


def test_a_transcript_that_has_rested_for_long_is_left_alone(place, agent):
    agent.response(140_000)
    old = agent.transcript.stat().st_mtime - 2 * RECENT_SECONDS
    os.utime(agent.transcript, (old, old))
    assert Watch(place).look() == []


def test_the_command_looks_once_and_says_what_it_saw(handoff, agent):
    agent.response(140_000)
    code, out, err = handoff("watch", "--once")
    assert code == 0
    assert agent.session in out
    assert "83.8% warning" in out
    assert "140,000/167,000" in out
    assert "warning threshold reached" in err
    assert "\a" not in err


def test_a_full_window_is_told_in_its_own_words(handoff, agent):
    agent.response(167_000)
    assert "handoff: the usable window is full: handoff written to" in handoff("watch", "--once")[2]


def test_a_handoff_that_could_not_be_written_lies_nowhere(handoff, agent):
    agent.document.mkdir(parents=True)
    agent.response(140_000)
    err = handoff("watch", "--once")[2]
    assert "handoff was not written" in err
    assert err.endswith("handoff: warning threshold reached\n")


def test_a_session_whose_state_is_spoiled_stops_nobody_and_is_told_once(place, project, agent):
    state = session_folder(place.project, agent.session) + "/token_usage.json"
    os.makedirs(os.path.dirname(state))
    Path(state).write_text("{")
    other = Claude(project, project.parent / "home", "5e551011-0000-4000-8000-00000000000b")
    other.transcript = other.transcript.rename(agent.transcript.with_name(other.transcript.name))
    watch = Watch(place)
    for made in (agent, other):
        made.response(50_000)
    told = [warning for seen in watch.look() for warning in seen.warnings]
    assert [state in line for line in told] == [True]
    assert {row.name for row in watch.rows() if row.status} == {other.session}
    agent.response(60_000)
    assert watch.look() == []


def test_growth_that_met_a_held_lock_is_brought_up_to_date_at_the_next_look(place, agent, monkeypatch):
    from handoff_cli.usecases import watch as module

    tries = []

    def held_once(*args):
        tries.append(args)
        if len(tries) == 1:
            raise LockTimeoutError("held", "wait")
        return sync(*args)

    sync = module.sync
    monkeypatch.setattr(module, "sync", held_once)
    watch = Watch(place)
    agent.response(140_000)
    assert [seen.warnings for seen in watch.look()] == [("held",)]
    assert [seen.crossed for seen in watch.look()] == ["warning"]


def test_other_agents_can_be_left_out(handoff, agent):
    agent.response(140_000)
    assert "no session yet" in handoff("watch", "--once", "--agent", "aider")[1]


def test_a_change_of_a_transcript_or_of_the_state_is_seen_before_the_interval_ends(place, agent, handoff):
    watch = Watch(place)
    changes = watch.changes(60)
    next(changes)
    agent.response(50_000)
    watch.look()
    for change in (lambda: agent.response(60_000), lambda: handoff("-q", "track", stdin="hello")):
        timer = threading.Timer(0.2, change)
        timer.start()
        next(changes)
        timer.join()
        watch.look()
    assert {row.status["total_tokens"] for row in watch.rows()} == {60_000, 1}


def test_rows_tell_growth_what_happened_and_the_document(place, agent, handoff):
    for _ in range(4):
        assert handoff("-q", "track", "--tokens", "20000", "-d", "a piece")[0] == 0
    (row,) = Watch(place).rows()
    assert row.figures == (20_000, 40_000, 60_000, 80_000)
    assert (row.line, row.turns_left) == ("warning", 1)
    assert row.event == "tracked a piece"
    assert row.document_time is None
    assert handoff("-q", "track", "--tokens", "30000")[0] == 0
    (row,) = Watch(place).rows()
    assert row.line == "critical"
    assert row.document_time is not None


def test_only_sessions_that_changed_are_read_again(place, handoff, monkeypatch):
    from handoff_cli.state import store

    handoff("-q", "track", stdin="hello")
    handoff("-q", "--session", "b", "track", stdin="hello")
    watch = Watch(place)
    watch.rows()
    reads = []
    monkeypatch.setattr(store, "read", lambda place, read=store.read: reads.append(place.folder) or read(place))
    watch.rows()
    assert reads == []
    handoff("-q", "--session", "b", "track", stdin="more")
    reads.clear()
    watch.rows()
    assert [os.path.basename(folder) for folder in reads] == ["b"]


def test_a_state_that_cannot_be_read_is_a_row_with_its_problem(place, project, handoff):
    handoff("-q", "track", stdin="hello")
    (project / ".agent-handoffs" / "token_usage.json").write_text("{")
    (row,) = Watch(place).rows()
    assert row.status is None
    assert "token_usage.json" in row.problem


def test_piped_each_change_is_a_line_and_an_interrupt_ends_it_cleanly(project, spawn_open):
    watching = spawn_open("watch", "--interval", "60")
    assert b"watching" in watching.stderr.readline()
    assert spawn_open("-q", "track", "--tokens", "1000").wait(60) == 0
    assert watching.stdout.readline().rstrip().endswith(b"0.8% 1,000/128,000 ok")
    watching.send_signal(signal.SIGINT)
    assert watching.wait(30) == 0


def test_every_agent_is_followed_also_in_databases(place, project):
    """What one of them cannot be understood in is told once, and stops nobody."""
    ids = furnished(project.parent / "home", project)
    broken = next((project.parent / "home").rglob("ki-1/agents/main/wire.jsonl"))
    broken.write_text("{}\n")
    database = next((project.parent / "home").rglob("sessions.db"))
    watch = Watch(place)
    seen = watch.look()
    problems = [problem for it in seen for problem in it.warnings if "holds nothing" in problem]
    assert [problem.startswith(str(broken)) for problem in problems] == [True]
    names = {row.name for row in watch.rows()}
    assert names == set(ids.values()) - {ids["kimi"], ids["goose"]}
    broken.write_text("{ }\n{}\n")
    assert watch.look() == []

    def write(column, value):
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute(f"UPDATE sessions SET {column} = ? WHERE id = ?", (value, ids["goose"]))

    write("updated_at", utc_iso(time.time()))
    assert watch.look() == [Moved()]
    assert ids["goose"] in {row.name for row in watch.rows()}
    waiting = watch.changes(60)
    next(waiting)
    timer = threading.Timer(0.5, write, ("total_tokens", 16_000))
    timer.start()
    began = time.monotonic()
    next(waiting)
    timer.join()
    assert time.monotonic() - began < 30


def test_every_projects_sessions_are_shown_from_their_logs_and_nothing_is_recorded(place, agent, handoff):
    watch = WatchEverywhere(os.environ)
    for tokens in (50_000, 60_000, 70_000, 80_000):
        agent.response(tokens)
        (row,) = watch.rows()
        os.utime(agent.transcript, (time.time(), time.time() + tokens))
    assert row.status["total_tokens"] == 80_000
    assert (row.status["agent"], row.status["level"], row.line) == ("claude", "ok", "warning")
    assert row.turns_left == 5
    assert watch.look() == []
    assert not os.path.exists(place.folder)
    assert "80,000/167,000" in handoff("watch", "--all-projects", "--once")[1]
    (shown,) = [json.loads(line) for line in handoff("watch", "--all-projects", "--once", "--json")[1].splitlines()]
    assert shown["status"]["session_id"] == agent.transcript.stem
    assert shown["status"]["total_tokens"] == 80_000
    assert shown["status"]["context_window_limit"] == 200_000
    assert shown["status"]["updated_at"] == watch.rows()[0].time
