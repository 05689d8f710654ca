"""Files that grow while whoever reads them is killed at random moments: each growth counts once, whoever recorded it."""

import os
import random
import signal
import time

import pytest

from handoff_cli.state import store
from handoff_cli.state.store import Place
from handoff_cli.tokens.count import count_tokens
from handoff_cli.usecases.log import read_log
from handoff_cli.usecases.status import get_status
from tests.conftest import FIGURES
from tests.state.processes import Runner
from tests.transcripts import rows as r

RUNS = 60
PATIENCE_SECONDS = 30


@pytest.fixture
def place(memory_project):
    path = str(memory_project / ".agent-handoffs")
    return Place(path, path, {})


@pytest.fixture
def runner(tmp_path, monkeypatch):
    monkeypatch.setattr("handoff_cli.usecases.track._PAUSE_SECONDS", 0.001)
    monkeypatch.setenv("HANDOFF_LOCK_TIMEOUT_SECONDS", "60")
    return Runner(tmp_path)


def entries(place, kind):
    """Return the session's entries of ``kind``; its sequence numbers have no gap and no double."""
    found = [line.entry for line in read_log(place) if line.entry]
    assert [entry["sequence"] for entry in found] == list(range(len(found)))
    return [entry for entry in found if entry["kind"] == kind]


def wait_for(happened):
    """Wait until something ``happened``, but not for ever: what is asserted afterwards then tells."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened() and time.monotonic() < end:
        time.sleep(0.002)


def killed_at_random(runner, place, chance, argv, grow):
    """Run ``argv`` and kill it, again and again, while the file grows; returns how often the kill came in time.

    The state can be read after every one. Every third time it is not killed before it has recorded something.
    """
    kills = 0
    for number in range(RUNS):
        before = get_status(place)["total_tokens"]
        grow()
        child = runner.start(*argv)
        for _ in range(chance.randrange(1, 3)):
            grow()
            time.sleep(chance.random() * 0.005)
        if number % 3 == 0:
            wait_for(lambda: get_status(place)["total_tokens"] > before)  # noqa: B023 - called at once
            grow()
            time.sleep(chance.random() * 0.005)
        os.kill(child, signal.SIGKILL)
        code, _ = runner.wait(child)
        assert code in (0, -signal.SIGKILL)
        kills += code != 0
        get_status(place)
    with store.opened(place):
        # What a kill left unfinished is set aside by the next writer, which this is.
        pass
    return kills


@pytest.mark.long
def test_a_storm_of_kills_of_a_follower_neither_loses_nor_doubles_a_growth(memory_project, place, runner, handoff):
    chance = random.Random(11)
    path = memory_project / "talk.txt"
    path.write_text("it begins ")
    # What every child needs is loaded before it is forked.
    handoff("track", "--help")
    count_tokens("hello")

    def grow():
        with path.open("a") as file:
            file.write(f"turn {chance.randrange(10**6)} über 数据, ")

    argv = ("-q", "track", "--follow", "talk.txt")
    kills = killed_at_random(runner, place, chance, argv, grow)
    total = count_tokens(path.read_text()).tokens
    last = runner.start(*argv)
    wait_for(lambda: get_status(place)["total_tokens"] >= total)
    os.kill(last, signal.SIGKILL)
    runner.wait(last)
    found = entries(place, "checkpoint")
    assert get_status(place)["total_tokens"] == sum(entry["tokens"] for entry in found) == total
    ends = [entry["follow"]["recorded"] for entry in found]
    assert ends == sorted(set(ends))
    assert kills == RUNS
    assert len(ends) >= RUNS // 3
    FIGURES.append(f"kills: {kills} followers of one file killed, {len(found)} growths, {total} tokens, none lost")


@pytest.mark.long
def test_a_storm_of_kills_of_sync_neither_loses_nor_doubles_a_reading(memory_project, place, runner, handoff):
    chance = random.Random(12)
    path = memory_project / "t.jsonl"
    written = [1_000]
    path.write_text(r.jsonl(r.codex("turn_context", model="gpt-5.5"), r.codex_tokens(1_000)))
    handoff("sync", "--transcript", "t.jsonl")

    def grow():
        written.append(1_000 + 7 * len(written))
        with path.open("a") as file:
            file.write(r.jsonl(r.codex_tokens(written[-1])))

    kills = killed_at_random(runner, place, chance, ("-q", "sync", "--transcript", "t.jsonl"), grow)
    for _ in range(2):
        assert handoff("-q", "sync", "--transcript", "t.jsonl")[0] == 0
    found = [entry["tokens"] for entry in entries(place, "usage")]
    assert found == sorted(set(found))
    assert set(found) <= set(written)
    assert get_status(place)["total_tokens"] == found[-1] == written[-1]
    assert kills > 5
    assert len(found) >= RUNS // 3
    FIGURES.append(f"kills: {kills} runs of sync killed, {len(found)} readings of {len(written)} responses, none twice")
