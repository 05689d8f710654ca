"""What goes from ledgers to a fleet's database arrives exactly once, whoever dies when: on a real server."""

import json
import os
import random
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest

import handoff_cli
from handoff_cli.errors import LockTimeoutError, NotAcknowledgedError
from handoff_cli.fleet import database as fleet_database
from handoff_cli.fleet.database import AwayError
from handoff_cli.state.store import Place
from handoff_cli.usecases import outbox
from handoff_cli.usecases.hook_memory import last_lines
from handoff_cli.usecases.log import read_log
from handoff_cli.usecases.outbox import deliver, is_due, unsent
from handoff_cli.usecases.pieces import CountRequest, TextSource
from handoff_cli.usecases.track import track
from tests.conftest import FIGURES
from tests.postgres import GIVEN, Proxy, kill_and_revive, run_sql, start_server, url_of

ROOT = str(Path(handoff_cli.__file__).parents[1])
ENTRIES = (
    "select session, e.sequence, text from handoff.entry e join handoff.session s on s.id = session_id order by 1, 2"
)


@pytest.fixture
def fleet(project, database, monkeypatch):
    """The place of the project, whose fleet is the database."""
    folder = str(project / ".agent-handoffs")
    return Place(folder, folder, {**os.environ, "HANDOFF_FLEET_URL": database})


def tracked(place, *descriptions):
    for it in descriptions:
        track(place, [TextSource(it, f"the text of {it}")], CountRequest(it))


def in_ledgers(place):
    """Every line of every ledger of the project's own session, as the database is to have it."""
    found = [line.entry for line in read_log(place, archived=True)]
    return sorted((it["session"], it["sequence"], it.get("description", it.get("text"))) for it in found)


def check_same(place, url):
    assert run_sql(url, ENTRIES) == in_ledgers(place)


def test_a_change_is_sent_once_and_only_what_is_new(fleet, database):
    tracked(fleet, "a", "b")
    assert is_due(fleet)
    assert unsent(fleet) == (3, 1)
    sent = deliver(fleet)
    assert (sent.entries, sent.sessions) == (3, 1)
    assert not is_due(fleet)
    assert unsent(fleet) == (0, 0)
    assert deliver(fleet).entries == 0
    tracked(fleet, "c")
    assert deliver(fleet).entries == 1
    check_same(fleet, database)


@pytest.mark.parametrize(
    "said",
    [
        None,
        b"",
        b"[1]",
        b'{"sessions": {"x": 3, "y": {"folder": ".", "bytes": -4, "ledger": "z"}}}',
        b'{"database": "DATABASE", "failures": "x", "sessions": {"SESSION": {"folder": ".", "bytes": 17}}}',
        b'{"database": "DATABASE", "failures": [], "sessions": {"SESSION": {"folder": ".", "bytes": 999999999}}}',
    ],
)
def test_a_memory_that_is_lost_or_a_strangers_costs_sending_again_and_nothing_else(fleet, database, said):
    tracked(fleet, "a", "b")
    deliver(fleet)
    path = Path(fleet.project) / "fleet.json"
    (session,) = json.loads(path.read_bytes())["sessions"]
    (name,) = run_sql(database, "select id::text from handoff.fleet")[0]
    if said is None:
        path.unlink()
    else:
        path.write_bytes(said.replace(b"DATABASE", name.encode()).replace(b"SESSION", session.encode()))
    tracked(fleet, "c")
    assert deliver(fleet).entries == 4
    check_same(fleet, database)


def test_another_database_gets_all_of_it(fleet, database, empty_database):
    tracked(fleet, "a")
    deliver(fleet)
    run_sql(database, "update handoff.fleet set id = gen_random_uuid()", "delete from handoff.session")
    tracked(fleet, "b")
    assert deliver(fleet).entries == 3
    check_same(fleet, database)


def test_two_histories_under_one_number_are_both_kept(fleet, database):
    """A disk put back to what it was goes on otherwise: what differs is another line, whatever its number."""
    tracked(fleet, "a")
    files = {path: path.read_bytes() for path in Path(fleet.project).iterdir() if path.is_file()}
    tracked(fleet, "b")
    deliver(fleet)
    for path, data in files.items():
        path.write_bytes(data)
    tracked(fleet, "other")
    (Path(fleet.project) / "fleet.json").unlink()
    deliver(fleet)
    assert [text for _, number, text in run_sql(database, ENTRIES) if number == 2] == ["b", "other"]


def test_sessions_that_ended_go_along_wherever_they_lie(fleet, database, handoff):
    tracked(fleet, "a")
    deliver(fleet)
    tracked(fleet, "b")
    handoff("-q", "reset")
    tracked(fleet, "c")
    handoff("--session", "further", "-q", "track", "-d", "d", stdin="d")
    handoff("--session", "further", "-q", "reset")
    assert deliver(fleet).sessions == 4
    states = run_sql(database, "select state, count(*) from handoff.session group by 1 order by 1")
    assert states == [("archived", 2), ("running", 2)]
    name = next((Path(fleet.project) / "archive").iterdir()).name
    assert handoff("-q", "sessions", "restore", name)[0] == 0
    deliver(fleet)
    states = run_sql(database, "select title, state from handoff.session where title <> '' order by 1")
    assert states == [("a", "running"), ("c", "archived"), ("d", "archived")]
    assert len(run_sql(database, ENTRIES)) == 3 + 2 + 2 + 1


def test_what_was_thrown_away_is_gone_there_and_no_more_is_sent_of_it(fleet, database, handoff):
    tracked(fleet, "a")
    deliver(fleet)
    tracked(fleet, "never sent")
    handoff("-q", "reset", "--discard", "--yes")
    deliver(fleet)
    assert run_sql(database, "select state from handoff.session where title = 'a'") == [("gone",)]
    assert "never sent" not in {text for _, _, text in run_sql(database, ENTRIES)}


def test_the_state_in_the_database_is_what_status_says(fleet, database, handoff):
    tracked(fleet, "a", "b")
    handoff("-q", "handoff", "--next", "profile it")
    deliver(fleet)
    status = json.loads(handoff("status", "--json")[1])
    columns = "total_tokens, usable_tokens, share, level, checkpoints, session, title, trend, document_at is not null"
    (row,) = run_sql(database, f"select {columns} from handoff.session")
    keys = ("total_tokens", "usable_tokens", "usable_percentage", "level", "checkpoint_count", "session_id")
    assert row[:6] == tuple(status[key] for key in keys)
    assert row[6:] == ("a", [4, 8], True)
    assert "profile it" in run_sql(database, "select text from handoff.document")[0][0]


def test_an_older_state_does_not_take_the_place_of_a_newer(fleet, database):
    tracked(fleet, "a")
    before = {path: path.read_bytes() for path in Path(fleet.project).iterdir() if path.is_file()}
    tracked(fleet, "b")
    deliver(fleet)
    for path, data in before.items():
        path.write_bytes(data)
    (Path(fleet.project) / "fleet.json").unlink()
    deliver(fleet)
    assert run_sql(database, "select sequence, checkpoints from handoff.session") == [(2, 2)]


def test_secrets_stay_here(fleet, database, handoff):
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    tracked(fleet, f"push with {token}")
    handoff("-q", "note", "fine", "--ref", f"{token}:1")
    handoff("-q", "handoff")
    document = Path(fleet.project) / "CURRENT_SESSION.md"
    document.write_text(document.read_text() + f"\nthe token is {token}\n")
    deliver(fleet)
    kept = run_sql(database, "select e::text from handoff.entry e union all select s::text from handoff.session s")
    kept += run_sql(database, "select text from handoff.document")
    assert token not in str(kept)
    assert "REDACTED" in str(kept)


def test_no_line_that_a_ledger_takes_is_refused(fleet, database, handoff):
    """A change that no server takes would hold up all that come after it."""
    tracked(fleet, "a\0b\ud800c" + "x" * 600)
    ledger = Path(fleet.project) / "checkpoints.jsonl"
    from handoff_cli.state.ledger import decode_entry, encode_entry

    entry = decode_entry(ledger.read_bytes().splitlines()[1])
    worst = {
        **entry,
        "time": "9999-99-99T99:99:99Z",
        "tokens": 1 << 53,
        "low": 0,
        "high": 1 << 53,
        "method": "estimated",
        "source": "\ud800\0" * 5000,
        "description": "é" * 10_000,
        "kind": "checkpoint",
    }
    unknown = {
        "kind": "k" * 9000,
        "time": entry["time"],
        "session": entry["session"],
        "text": {"x": 1},
        "tokens": "many",
    }
    unknown |= {"rule": "\0", "ref": {"\0": ["\0"]}, "window": 1 << 70, "method": 3}
    body = encode_entry({**unknown, "sequence": 4, "odd": 0})[:-24].replace(
        b'"odd":0', b'"odd":[NaN,' + b"[" * 90 + b"]" * 91
    )
    with ledger.open("ab") as file:
        file.write(encode_entry({**worst, "sequence": 2}) + encode_entry({**unknown, "sequence": 3}))
        file.write(body + b',"checksum":"%08x"}\r\n' % zlib.crc32(body))
    assert deliver(fleet).entries == 5


def test_a_session_that_is_refused_does_not_hold_up_the_others(fleet, database, handoff, monkeypatch):
    for name in ("first", "second", "third"):
        handoff("--session", name, "-q", "track", "-d", name, stdin=name)
    state_of = outbox.state_of

    def worse(place, *rest):
        state = state_of(place, *rest)
        return {**state, "level": "x" * 31} if state["title"] == "second" else state

    monkeypatch.setattr(outbox, "state_of", worse)
    code, _, err = handoff("fleet", "sync")
    assert (code, "refuses" in err) == (1, True)
    assert run_sql(database, "select title from handoff.session order by 1") == [("first",), ("third",)]
    monkeypatch.setattr(outbox, "state_of", state_of)
    assert deliver(fleet).sessions == 1


def test_what_cannot_be_read_is_left_out_and_the_rest_is_sent(fleet, database, handoff):
    handoff("--session", "good", "-q", "track", stdin="good")
    handoff("--session", "bad", "-q", "track", stdin="bad")
    (Path(fleet.project) / "sessions" / "bad" / "token_usage.json").write_text("no JSON")
    sent = deliver(fleet)
    assert sent.sessions == 1
    assert [line.partition(":")[0] for line in sent.warnings] == ["left out"]


@pytest.fixture
def proxy(database, monkeypatch, fleet):
    if GIVEN:
        pytest.skip("the proxy is made for the server of our own")
    made = Proxy(database)
    monkeypatch.setenv("HANDOFF_FLEET_URL", made.url)
    fleet.environ["HANDOFF_FLEET_URL"] = made.url
    yield made
    made.close()


def test_a_network_cut_anywhere_loses_and_doubles_nothing(fleet, database, proxy, monkeypatch):
    monkeypatch.setattr(outbox, "_BATCH_ENTRIES", 4)
    tracked(fleet, *(f"piece {number}" for number in range(12)))
    cuts = 0
    proxy.budget = 200
    while True:
        limit = 200 + 350 * (cuts + 1)
        try:
            deliver(fleet)
            break
        except AwayError:
            cuts += 1
            proxy.budget = limit
    assert cuts > 4
    check_same(fleet, database)
    FIGURES.append(f"the network was cut {cuts} times while {len(in_ledgers(fleet))} changes went to the database")


def test_a_network_that_swallows_everything_is_given_up(fleet, database, proxy, monkeypatch):
    monkeypatch.setattr(fleet_database, "WAIT_SECONDS", 0.3)
    tracked(fleet, "a")

    def swallow(*_):
        proxy.swallows = True
        return "", None

    monkeypatch.setattr(outbox, "told_of", swallow)
    with pytest.raises(AwayError):
        deliver(fleet)


def test_a_database_that_is_away_is_tried_later_and_named_once(fleet, database, proxy, handoff):
    tracked(fleet, "a")
    proxy.close()
    for _ in range(3):
        assert handoff("fleet", "sync", "--background")[0] == 1
    assert len(last_lines(10)) == 1
    assert "what is unsent is kept and tried again" in last_lines(1)[0]
    assert not is_due(fleet)
    rests = outbox._Outbox(fleet)
    now = time.time()
    assert [rests.rests(now + seconds) for seconds in (0, 30, 45)] == [True, True, False]
    code, out, _ = handoff("doctor")
    assert code == 1
    assert "cannot be reached" in out
    assert "2 not sent yet, of sessions: 1; handoff fleet sync sends them" in out
    fleet.environ["HANDOFF_FLEET_URL"] = os.environ["HANDOFF_FLEET_URL"] = database
    assert handoff("fleet", "sync")[0] == 0
    assert outbox.failures(fleet) == 0
    assert "reachable, schema 1\n  fleet: outbox: all is sent" in handoff("doctor")[1]
    check_same(fleet, database)


def test_a_database_that_refuses_is_named_once_too(fleet, empty_database, handoff, monkeypatch):
    tracked(fleet, "a")
    monkeypatch.setenv("HANDOFF_FLEET_URL", empty_database)
    for _ in range(3):
        assert handoff("fleet", "sync", "--background")[0] == 1
    assert len(last_lines(10)) == 1


def test_where_there_is_no_session_there_is_nothing_to_send(database, handoff, project):
    code, _, err = handoff("fleet", "sync")
    assert (code, err.partition(" to ")[0]) == (0, "handoff: sent 0 changes of 0 sessions")
    assert not (project / ".agent-handoffs").exists()


def test_track_waits_for_nothing_unless_told_to(fleet, database, handoff, monkeypatch):
    monkeypatch.setenv("HANDOFF_FLEET_URL", "postgresql://127.0.0.1:1/away")
    assert handoff("track", stdin="a")[0] == 0
    monkeypatch.setenv("HANDOFF_FLEET_WAIT", "true")
    code, out, err = handoff("track", "-d", "b", stdin="b of some more words")
    assert code == 1
    assert "+" in out
    assert "recorded here, but the fleet's database does not have it" in err
    code, _, err = handoff("track", "-d", "b", stdin="b of some more words")
    assert code == 1
    monkeypatch.setenv("HANDOFF_FLEET_URL", database)
    assert handoff("track", "-d", "c", stdin="c")[0] == 0
    check_same(fleet, database)
    monkeypatch.delenv("HANDOFF_FLEET_URL")
    code, _, err = handoff("track", stdin="d")
    assert (code, "no fleet_url is set" in err) == (1, True)


def test_through_python_what_is_not_acknowledged_raises(fleet, monkeypatch):
    monkeypatch.setenv("HANDOFF_FLEET_URL", "postgresql://127.0.0.1:1/away")
    monkeypatch.setenv("HANDOFF_FLEET_WAIT", "1")
    with pytest.raises(NotAcknowledgedError) as caught:
        handoff_cli.track_tokens("hello")
    assert caught.value.result.recorded


def test_who_sends_at_the_same_time_waits_and_finds_it_done(fleet, database, monkeypatch):
    tracked(fleet, "a")
    monkeypatch.setattr(outbox, "_LOCK_SECONDS", 0.05)
    from handoff_cli.state.folder import FolderLock

    with FolderLock(fleet.project, 0, ".fleet.lock"), pytest.raises(LockTimeoutError):
        deliver(fleet)
    monkeypatch.undo()
    threads = [threading.Thread(target=deliver, args=(fleet,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_same(fleet, database)


def test_killed_between_any_two_steps_it_sends_the_rest(fleet, database, monkeypatch):
    """The process ends at each point where something outside changes: before and after each commit and each note."""
    from handoff_cli.fleet import sessions

    monkeypatch.setattr(outbox, "_BATCH_ENTRIES", 2)
    tracked(fleet, *"abcde")
    put, save = sessions.put, outbox._Outbox._save
    step = 0
    while True:
        step += 1
        child = os.fork()
        if not child:
            left = [step]

            def dying(call, left=left):
                def run(*arguments):
                    for after in (False, True):
                        left[0] -= 1
                        if not left[0]:
                            os._exit(7)
                        if not after:
                            found = call(*arguments)
                    return found

                return run

            monkeypatch.setattr(sessions, "put", dying(put))
            monkeypatch.setattr(outbox._Outbox, "_save", dying(save))
            try:
                deliver(fleet)
            finally:
                os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            break
        (Path(fleet.project) / "fleet.json").unlink(missing_ok=True) if step % 3 == 0 else None
    assert step > 4
    deliver(fleet)
    check_same(fleet, database)


class Writers:
    """Processes that track and wait for the database, each in a project of its own; they say what was acknowledged."""

    CODE = (
        "import os, sys, time; from handoff_cli import track_tokens\n"
        "from handoff_cli.errors import HandoffError\n"
        "number = 0\n"
        "while os.getppid() == int(sys.argv[3]):\n"
        "    number += 1; name = f'{sys.argv[1]} {number}'\n"
        "    try: track_tokens(name, name, directory=sys.argv[2])\n"
        "    except HandoffError: time.sleep(0.1); continue\n"
        "    print(name, flush=True)\n"
    )

    def __init__(self, folder, url, count):
        self.folder = folder
        self.environ = {**os.environ, "HANDOFF_FLEET_URL": url, "HANDOFF_FLEET_WAIT": "1", "PYTHONPATH": ROOT}
        self.environ["XDG_CONFIG_HOME"] = str(folder / "config")
        self.started = 0
        self.running = []
        self.acknowledged = []
        self.folders = [folder / f"project {number}" for number in range(count)]
        for it in self.folders:
            it.mkdir()
            self.start(it)

    def start(self, folder):
        self.started += 1
        command = [sys.executable, "-c", self.CODE, f"writer {self.started}", str(folder), str(os.getpid())]
        self.running.append((subprocess.Popen(command, env=self.environ, stdout=subprocess.PIPE, text=True), folder))

    def kill(self, index):
        """Kill one with -9 and start another in its place."""
        process, folder = self.running.pop(index)
        process.kill()
        # A line that the kill cut short was not acknowledged.
        self.acknowledged += [line[:-1] for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
        return folder

    def end(self):
        while self.running:
            self.kill(0)


@pytest.fixture
def writers(own_server, tmp_path):
    """Three of them, who wait for a server with our tables."""
    from handoff_cli.fleet.database import FleetDatabase, init_schema

    url = url_of(own_server, "postgres")
    with FleetDatabase(url) as opened:
        init_schema(opened)
    (tmp_path / "writers").mkdir()
    made = Writers(tmp_path / "writers", url, 3)
    yield made
    made.end()


@pytest.fixture
def own_server(tmp_path_factory):
    """A server that this test may kill."""
    if GIVEN:
        pytest.skip("HANDOFF_TEST_POSTGRES is nobody's to kill")
    server = start_server(str(tmp_path_factory.mktemp("own")))
    yield server
    server.cleanup()


CHECKPOINTS = "select text from handoff.entry where kind = 'checkpoint' order by 1"


def test_server_and_writers_killed_every_acknowledged_checkpoint_arrives_exactly_once(own_server, writers):
    url = url_of(own_server, "postgres")
    chance = random.Random(19)

    def wait_for_more(number):
        """Wait until so many more have come: only then is there something to lose."""
        before, deadline = len(run_sql(url, CHECKPOINTS)), time.monotonic() + 20
        while len(run_sql(url, CHECKPOINTS)) < before + number and time.monotonic() < deadline:
            time.sleep(0.1)

    for _ in range(2):
        wait_for_more(12)
        writers.start(writers.kill(chance.randrange(3)))
        kill_and_revive(own_server)
    wait_for_more(6)
    writers.end()
    there = [text for (text,) in run_sql(url, CHECKPOINTS)]
    assert len(writers.acknowledged) > 8
    assert set(writers.acknowledged) <= set(there)
    assert len(there) == len(set(there))
    here = []
    for folder in writers.folders:
        project = str(folder / ".agent-handoffs")
        place = Place(project, project, writers.environ)
        deliver(place)
        here += [line.entry["description"] for line in read_log(place) if line.entry["kind"] == "checkpoint"]
    assert [text for (text,) in run_sql(url, CHECKPOINTS)] == sorted(here)
    FIGURES.append(
        f"{len(writers.acknowledged)} acknowledged checkpoints of {len(here)} arrived once; "
        f"server killed 2 times, writers {writers.started} times"
    )
