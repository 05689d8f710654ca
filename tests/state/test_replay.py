"""The ledger has the last word: states behind it, changed by somebody, or lost are brought to what it says."""

import json
import os
from pathlib import Path

import pytest

from handoff_cli.constants import LEDGER_FILE, STATE_FILE
from handoff_cli.state.ledger import read_lines
from handoff_cli.state.store import opened, read
from tests.core.test_session import checkpoint


@pytest.fixture
def session(place):
    """A session with three checkpoints, the last two of them one change."""
    with opened(place) as store:
        store.append(checkpoint(0, 3))
        return store.append(checkpoint(0, 5), checkpoint(0, 7))


@pytest.fixture
def ledger(place):
    return Path(place.folder, LEDGER_FILE)


@pytest.fixture
def state(place):
    return Path(place.folder, STATE_FILE)


def test_a_total_changed_by_hand_is_taken_from_the_ledger(place, session, state):
    state.write_text(state.read_text().replace('"total_tokens": 15', '"total_tokens": 16'))
    view = read(place)
    assert view.session == session
    assert "changed by somebody" in view.warnings[0]
    with opened(place) as store:
        assert store.append(checkpoint(0, 1)).total_tokens == 16
    assert read(place).warnings == ()


def test_settings_changed_by_hand_leave_the_session_trusted(place, session, state, ledger):
    value = json.loads(state.read_text())
    state.write_text(json.dumps({"model": "mine", **value}, indent=7))
    ledger.unlink()
    view = read(place)
    assert (view.settings.model, view.session.total_tokens) == ("mine", 15)


def test_half_a_change_is_set_aside_whole(place, session, ledger):
    lines = ledger.read_bytes().splitlines(keepends=True)
    os.unlink(Path(place.folder, STATE_FILE))
    ledger.write_bytes(b"".join(lines[:3]))
    assert [line.complete for line in read_lines(str(ledger))] == [True, True, False]
    assert read(place).session.total_tokens == 3
    with opened(place) as store:
        assert store.session.total_tokens == 3
        assert "unfinished last line" in store.warnings[0]
        store.append(checkpoint(0, 1))
    assert Path(f"{ledger}.torn").read_bytes() == lines[2] + b"\n"
    assert [line.entry["sequence"] for line in read_lines(str(ledger))] == [0, 1, 2]


def test_a_change_with_a_damaged_end_keeps_its_beginning(place, session, ledger, state):
    data = ledger.read_bytes()
    ledger.write_bytes(data.replace(b'"tokens":7', b'"tokens":9'))
    state.unlink()
    view = read(place)
    assert view.session.total_tokens == 8
    assert "line 4: skipped" in view.warnings[0]


def test_what_is_appended_behind_a_cut_ledger_can_be_read_again(place, session, ledger, state):
    os.truncate(ledger, ledger.stat().st_size - 10)
    with opened(place) as store:
        assert store.append(checkpoint(0, 1)).total_tokens == 16
    state.unlink()
    assert [line.entry["sequence"] for line in read_lines(str(ledger)) if line.entry][-1] == 4


def test_a_ledger_that_lost_its_first_line_still_tells_its_session(place, session, ledger, state):
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[1:]))
    state.unlink()
    assert (read(place).session.id, read(place).session.total_tokens) == (session.id, 15)
