"""``handoff log``: every checkpoint, newest last, from one ledger or all of a session folder's."""

import json
from pathlib import Path

import pytest

from handoff_cli.constants import LEDGER_FILE
from handoff_cli.errors import UsageError
from handoff_cli.usecases.log import parse_since

LEDGER = Path(".agent-handoffs", LEDGER_FILE)


@pytest.fixture
def clock(monkeypatch):
    """Set the time, in hours since 2026-01-01 UTC."""
    return lambda hour: monkeypatch.setattr("time.time", lambda: 1_767_225_600.0 + hour * 3600)


def tokens(out):
    return [entry["tokens"] for entry in map(json.loads, out.splitlines()) if entry["kind"] == "checkpoint"]


def test_the_log_is_json_lines_newest_last(handoff):
    for count in (3, 1, 2):
        handoff("track", "--tokens", str(count))
    code, out, err = handoff("log", "--json")
    assert (code, err, tokens(out)) == (0, "", [3, 1, 2])
    lines = handoff("log")[1].splitlines()
    assert [line.split()[2] for line in lines] == ["0", "1", "2", "3"]
    assert "session" in lines[0]


def test_since_leaves_out_what_is_older(handoff, clock):
    for hour in range(4):
        clock(hour)
        handoff("track", "--tokens", str(hour))
    assert tokens(handoff("log", "--json", "--since", "1h")[1]) == [2, 3]
    assert tokens(handoff("log", "--json", "--since", "2026-01-01T03:00")[1]) == [3]
    assert tokens(handoff("log", "--json", "--since", "2026-01-02")[1]) == []


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("90s", "2026-01-02T23:58:30Z"),
        ("2h", "2026-01-02T22:00:00Z"),
        ("1w", "2025-12-27T00:00:00Z"),
        ("999999999w", "1970-01-01T00:00:00Z"),
        ("2026-01-01", "2026-01-01T00:00:00Z"),
        ("2026-01-01T05:42+02:00", "2026-01-01T03:42:00Z"),
        ("0999-01-01", "1970-01-01T00:00:00Z"),
    ],
)
def test_what_since_understands(text, time):
    assert parse_since(text, 1_767_398_400.0) == time


@pytest.mark.parametrize("text", ["", "h", "-1h", "1.5h", "yesterday", "2026-13-01", "²h", "0001-01-01T00:00+23:00"])
def test_what_since_refuses(text):
    with pytest.raises(UsageError, match="is no time"):
        parse_since(text, 1_767_398_400.0)


def test_damaged_lines_are_reported_with_their_number_and_the_rest_printed(handoff):
    for count in (3, 1, 2):
        handoff("track", "--tokens", str(count))
    LEDGER.write_bytes(LEDGER.read_bytes().replace(b'"tokens":1', b'"tokens":9') + b'{"torn')
    code, out, err = handoff("log", "--json")
    assert (code, tokens(out)) == (0, [3, 2])
    first, second = err.splitlines()
    assert "line 3: skipped, its checksum does not match" in first
    assert "line 5: skipped, unfinished, 6 bytes" in second


def test_all_merges_archived_sessions_by_time_even_when_one_was_restored(handoff, clock):
    for hour, count in ((0, 1), (1, 2)):
        clock(hour)
        handoff("track", "--tokens", str(count))
    clock(2)
    archive = handoff("reset")[1].splitlines()[0].rpartition("/")[2]
    clock(3)
    handoff("track", "--tokens", "3")
    clock(4)
    handoff("sessions", "restore", archive)
    clock(5)
    handoff("track", "--tokens", "4")
    assert tokens(handoff("log", "--json")[1]) == [1, 2, 4]
    assert tokens(handoff("log", "--json", "--all")[1]) == [1, 2, 3, 4]
    assert tokens(handoff("log", "--json", "--all", "--since", "2h")[1]) == [3, 4]


def test_each_session_has_its_own_log(handoff):
    handoff("track", "--tokens", "1")
    handoff("--session", "b", "track", "--tokens", "2")
    assert tokens(handoff("log", "--json", "--session", "b")[1]) == [2]
    code, out, err = handoff("log", "--session", "c")
    assert (code, out, err.count("\n"), "nothing was recorded in this session yet" in err) == (0, "", 1, True)
    named = ("--session", "b", "log")
    assert handoff(*named, "--since", "2100-01-01")[2] == "handoff: nothing was recorded since 2100-01-01T00:00:00Z\n"
    assert handoff(*named, "9") == (1, "", "handoff: there is no checkpoint 9; handoff log lists them\n")


def test_times_say_that_they_are_utc_and_notes_what_they_say(handoff, clock):
    clock(0)
    handoff("note", "retries stay off", "-k", "constraint")
    handoff("note", "--done", "1")
    lines = handoff("log")[1].splitlines()
    assert lines[1:] == [
        "2026-01-01 00:00:00Z     1  note 1 constraint: retries stay off",
        "2026-01-01 00:00:00Z     2  note 1 closed",
    ]
