"""Bytes of every file flipped, cut and doubled: nothing readable is lost, no traceback, no wrong total."""

import json
import random
import shutil
from collections import Counter

import pytest

from handoff_cli.constants import HANDOFF_FILE, LEDGER_FILE, STATE_FILE
from tests.conftest import FIGURES

CASES_PER_FILE = 200
PIECES = (2, 3, 5, 7, 11)


@pytest.fixture
def start(memory_project, handoff):
    """A folder with five checkpoints of telling sizes, a handoff, and an archived session; returns a copy of it."""
    handoff("track", "--tokens", "1000")
    handoff("reset")
    handoff("config", "set", "model", "gpt-4o")
    for tokens in PIECES:
        handoff("track", "--tokens", str(tokens), "-d", f"piece of {tokens}")
    handoff("handoff")
    copy = memory_project.parent / "start"
    shutil.copytree(memory_project / ".agent-handoffs", copy)
    return copy


def spoil(data, chance):
    """Return ``data`` with something done to it, and what."""
    where = chance.randrange(len(data))
    how = chance.choice(
        ("flip", "flip", "digit", "digit", "flips", "cut", "cut out", "double", "zero", "cut and append")
    )
    spoiled = bytearray(data)
    end = where + chance.randrange(1, 40)
    if how == "flip":
        spoiled[where] ^= 1 << chance.randrange(8)
    elif how == "digit":
        digits = [place for place, byte in enumerate(data) if chr(byte).isdigit()]
        spoiled[chance.choice(digits or [where])] = ord(chance.choice("0123456789"))
    elif how == "flips":
        for _ in range(chance.randrange(2, 6)):
            spoiled[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    elif how == "cut":
        del spoiled[where:]
    elif how == "cut out":
        del spoiled[where:end]
    elif how == "double":
        spoiled[where:where] = data[where:end]
    elif how == "zero":
        spoiled[where:end] = bytes(len(spoiled[where:end]))
    else:
        spoiled[where:] = data[:where]
    return bytes(spoiled), how


def readable(folder):
    """Return the tokens in each ledger line that stands in the folder's ledgers and what was set aside."""
    texts = [path.read_bytes() for path in folder.rglob(f"{LEDGER_FILE}*")]
    return {line for text in texts for line in text.split(b"\n") if line.endswith(b'"}')}


@pytest.mark.long
@pytest.mark.parametrize("name", [STATE_FILE, LEDGER_FILE, HANDOFF_FILE, ".lock", "both"])
def test_spoiled_bytes_lose_nothing_that_could_be_read(memory_project, handoff, start, name):
    folder = memory_project / ".agent-handoffs"
    chance = random.Random(name)
    codes: Counter = Counter()
    for case in range(CASES_PER_FILE):
        shutil.rmtree(folder)
        shutil.copytree(start, folder)
        names = (STATE_FILE, LEDGER_FILE) if name == "both" else (name,)
        tried = []
        for file in names:
            spoiled, how = spoil((start / file).read_bytes(), chance)
            (folder / file).write_bytes(spoiled)
            tried.append((file, how))
        before = readable(folder)
        seen = _check_readers(handoff, tried)
        code, out, err = handoff("track", "--json", "--tokens", "100", "-d", "new")
        where = (name, case, tried, err)
        assert code in (0, 3), where
        codes[code] += 1
        if code == 3:
            assert err.count("\n") == 1, where
            assert (folder / names[0]).read_bytes() == (
                spoiled if len(names) == 1 else (folder / names[0]).read_bytes()
            )
        else:
            status = json.loads(out)
            assert status["total_tokens"] == seen + 100, where
            assert "new" in {checkpoint["description"] for checkpoint in status["checkpoints"]}, where
        assert before <= readable(folder), where
        if name != "both":
            _check_total(seen, name, folder, where)
    FIGURES.append(f"fuzz of {name}: {CASES_PER_FILE} cases, {codes[0]} read, {codes[3]} refused, none lost or wrong")


def _check_readers(handoff, tried):
    """Every reader works or refuses in one line; returns the total shown, None where it was refused."""
    for argv in (("log", "--json"), ("sessions", "--json")):
        code, _, err = handoff(*argv)
        assert code in (0, 3), (argv, tried, err)
    code, out, err = handoff("status", "--json")
    assert code in (0, 3), (tried, err)
    return json.loads(out)["total_tokens"] if code == 0 else None


def _check_total(seen, name, folder, where):
    """With one file spoiled the other still tells the total, unless what is left is refused."""
    if seen is None:
        return
    assert seen == sum(PIECES), where


@pytest.mark.long
def test_a_lost_state_is_rebuilt_from_whatever_of_the_ledger_can_be_read(memory_project, handoff, start):
    """With the state gone the ledger alone counts: the total is the sum of its readable lines, never another."""
    folder = memory_project / ".agent-handoffs"
    chance = random.Random(4)
    for case in range(CASES_PER_FILE):
        shutil.rmtree(folder)
        shutil.copytree(start, folder)
        (folder / STATE_FILE).unlink()
        spoiled, how = spoil((start / LEDGER_FILE).read_bytes(), chance)
        (folder / LEDGER_FILE).write_bytes(spoiled)
        code, out, _ = handoff("log", "--json")
        log = [json.loads(line) for line in out.splitlines()]
        expected = {entry["sequence"]: entry["tokens"] for entry in log if entry["kind"] == "checkpoint"}
        status = json.loads(handoff("status", "--json")[1])
        assert code == 0
        assert status["total_tokens"] == sum(expected.values()), (case, how)
        assert (
            json.loads(handoff("track", "--json", "--tokens", "100")[1])["total_tokens"] == sum(expected.values()) + 100
        )
    FIGURES.append(
        f"fuzz of a ledger without its state: {CASES_PER_FILE} cases, every total the sum of what can be read"
    )
