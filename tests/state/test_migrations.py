"""Older files are brought forward with a copy beside them; newer ones are refused and left as they are."""

import json
from pathlib import Path

import pytest

from handoff_cli.constants import LEDGER_FILE, SCHEMA_VERSION, STATE_FILE
from handoff_cli.core import jsonc, jsonc_edit
from handoff_cli.state import foreign, migrations, snapshot
from handoff_cli.state.ledger import encode_entry
from tests.core.test_session import checkpoint

SEED = (
    '{\n  // ours\n  "context_window_limit": 64000,\n  "warning_threshold": 0.7, // earlier\n  "team": {"a": [1]},\n}\n'
)


@pytest.fixture
def state(project):
    path = project / ".agent-handoffs" / STATE_FILE
    path.parent.mkdir()
    return path


def backups(state):
    return list(state.parent.glob("*.bak"))


def test_there_is_a_step_for_every_older_version():
    assert len(migrations.STEPS) == SCHEMA_VERSION


def test_the_seed_shape_becomes_version_1_with_a_copy_beside_it(state, handoff):
    state.write_text(SEED)
    assert json.loads(handoff("status", "--json")[1])["context_window_limit"] == 64_000
    assert (state.read_text(), backups(state)) == (SEED, [])
    assert handoff("-q", "track", stdin="hello world") == (0, "", "")
    text = state.read_text()
    assert ("// ours" in text, "// earlier" in text) == (True, True)
    members = {member.key: member.value for member in jsonc.members(text)}
    assert (members["schema_version"], members["team"]) == (SCHEMA_VERSION, {"a": [1]})
    assert [path.read_text() for path in backups(state)] == [SEED]
    handoff("-q", "track", stdin="hello world")
    assert len(backups(state)) == 1


def test_a_later_version_finds_its_way_from_every_earlier_one(state, handoff, monkeypatch):
    """As a version 2 would that renames a key: the session of version 1, comments and unknown keys come along."""
    state.write_text(SEED)
    handoff("-q", "track", stdin="hello world")
    first = state.read_text()

    def rename(text):
        value = {member.key: member.value for member in jsonc.members(text)}["team"]
        return jsonc_edit.with_member(jsonc_edit.without_member(text, "team"), "crew", value)

    for module in (snapshot, foreign, migrations):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, rename))
    out = handoff("track", "--json", stdin="hello world")[1]
    assert json.loads(out)["total_tokens"] == 4
    members = {member.key: member.value for member in jsonc.members(state.read_text())}
    assert (members["schema_version"], members["crew"], "team" in members) == (2, {"a": [1]}, False)
    assert sorted(path.read_text() for path in backups(state)) == sorted([SEED, first])


def test_a_mistake_in_an_older_file_is_named_by_its_own_line(state, handoff):
    state.write_text('{\n  "warning_threshold": 7\n}')
    code, _, err = handoff("track", stdin="x")
    assert (code, "line 2: warning_threshold is 7" in err) == (3, True)
    assert backups(state) == []


@pytest.mark.parametrize("argv", [("track",), ("status",), ("config", "set", "model", "m"), ("reset",)])
def test_a_newer_state_is_refused_untouched(state, handoff, argv):
    state.write_text('{"schema_version": 2, "new": true}')
    code, _, err = handoff(*argv, stdin="x")
    assert (code, "newer handoff" in err) == (3, True)
    assert state.read_text() == '{"schema_version": 2, "new": true}'


@pytest.mark.parametrize("argv", [("track",), ("status",), ("log",), ("reset",)])
def test_a_newer_ledger_line_is_refused_untouched(state, handoff, argv):
    handoff("-q", "track", stdin="x")
    ledger = Path(state.parent, LEDGER_FILE)
    with ledger.open("ab") as file:
        file.write(encode_entry({**checkpoint(2), "v": 2}))
    before = ledger.read_bytes(), state.read_bytes()
    code, _, err = handoff(*argv, stdin="x")
    assert (code, "line 3 was written by a newer handoff" in err) == (3, True)
    assert (ledger.read_bytes(), state.read_bytes()) == before
