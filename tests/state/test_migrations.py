"""Older files are brought forward with a copy beside them; newer ones are refused and left as they are."""

import json
from pathlib import Path

import pytest

from handoff_cli.constants import LEDGER_FILE, SCHEMA_VERSION, STATE_FILE
from handoff_cli.core import json_edits, jsonc
from handoff_cli.state import migrations, snapshot
from handoff_cli.state.ledger import encode_entry
from tests.core.test_session import checkpoint

SEED = '{\n  // ours\n  "context_window_limit": 64000,\n  "warning_threshold": 0.7, // earlier\n  "squad": {"a": [1]},\n}\n'


@pytest.fixture
def state(project):
    path = project / ".agent-handoffs" / STATE_FILE
    path.parent.mkdir()
    return path


def backups(state):
    return list(state.parent.glob("*.bak"))


def test_there_is_a_step_for_every_older_version():
    assert len(migrations.STEPS) == SCHEMA_VERSION


def test_the_seed_shape_becomes_the_present_one_with_a_copy_beside_it(state, handoff):
    state.write_text(SEED)
    assert json.loads(handoff("status", "--json")[1])["context_window_limit"] == 64_000
    assert (state.read_text(), backups(state)) == (SEED, [])
    assert handoff("-q", "track", stdin="hello world") == (0, "", "")
    text = state.read_text()
    assert ("// ours" in text, "// earlier" in text) == (True, True)
    members = {member.key: member.value for member in jsonc.members(text)}
    assert (members["state"]["schema_version"], members["squad"]) == (SCHEMA_VERSION, {"a": [1]})
    assert list(members) == ["context_window_limit", "warning_threshold", "squad", "state"]
    assert [path.read_text() for path in backups(state)] == [SEED]
    handoff("-q", "track", stdin="hello world")
    assert len(backups(state)) == 1


FIRST = """\
{
  "checksum": "0b1c2d3e",
  "model": "gpt-4o", // ours
  "session": {
    "id": "20260101-0a1b2c3d", "started_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:05Z",
    "previous": null, "model": "gpt-4o", "encoding": "o200k_base", "total_tokens": 7, "low_tokens": 7, "high_tokens": 7,
    "method": "counted", "level": "ok", "checkpoint_count": 1, "sequence": 1, "ledger_bytes": 0, "agent": null,
    "agent_version": null, "reported_window": null, "transcript": null, "usage_rule": null, "peak_tokens": 0,
    "compaction_count": 0, "tail": null, "estimate": null, "notes": [], "notes_made": 0, "recent": [], "crc32": "CRC"
  },
  /* theirs */ "squad": "blue",
  "calibration": {"gpt-4o": {"encoding": "o200k_base", "factor": 1.1, "low": 1.0, "high": 1.2, "samples": 5,
    "tokens": 100, "date": "2026-01-01"}},
  "schema_version": 1
}
"""
"""A file of version 1 with comments, a key of its owner's and a calibration; ``CRC`` is its session's checksum."""


def test_version_1_had_its_state_among_the_settings(state, handoff):
    """Its session, calibration, comments, order and unknown keys come along; the state goes below the settings."""
    session = {member.key: member.value for member in jsonc.members(FIRST)}["session"]
    text = FIRST.replace("CRC", snapshot.session_checksum(session))
    state.write_text(text)
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 7
    assert (state.read_text(), backups(state)) == (text, [])
    code, out, err = handoff("track", "--json", stdin="hello world")
    assert (code, err, json.loads(out)["total_tokens"]) == (0, "", 9)
    after = state.read_text()
    members = {member.key: member.value for member in jsonc.members(after)}
    assert list(members) == ["model", "squad", "state"]
    assert ('"model": "gpt-4o", // ours' in after, '/* theirs */ "squad": "blue"' in after) == (True, True)
    assert members["state"]["calibration"]["gpt-4o"]["factor"] == 1.1
    assert members["state"]["session"]["id"] == "20260101-0a1b2c3d"
    assert [path.read_text() for path in backups(state)] == [text]


def test_a_later_version_finds_its_way_from_every_earlier_one(state, handoff, monkeypatch):
    """As a version 3 would that renames a key: the session of version 2, comments and unknown keys come along."""
    state.write_text(SEED)
    handoff("-q", "track", stdin="hello world")
    first = state.read_text()

    def rename(text):
        value = {member.key: member.value for member in jsonc.members(text)}["squad"]
        return json_edits.with_member(json_edits.without_member(text, "squad"), "crew", value)

    monkeypatch.setattr(snapshot, "_understood", {})  # what this process read as version 2
    for module in (migrations, snapshot):
        monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, rename))
    out = handoff("track", "--json", stdin="hello world")[1]
    assert json.loads(out)["total_tokens"] == 4
    members = {member.key: member.value for member in jsonc.members(state.read_text())}
    assert (members["state"]["schema_version"], members["crew"], "squad" in members) == (3, {"a": [1]}, False)
    assert "// ours" in state.read_text()
    assert sorted(path.read_text() for path in backups(state)) == sorted([SEED, first])


def test_a_mistake_in_an_older_file_is_named_by_its_own_line(state, handoff):
    state.write_text('{\n  "warning_threshold": 7\n}')
    code, _, err = handoff("track", stdin="x")
    assert (code, "line 2: warning_threshold is 7" in err) == (3, True)
    assert backups(state) == []


@pytest.mark.parametrize("argv", [("track",), ("status",), ("config", "set", "model", "m"), ("reset",)])
def test_a_newer_state_is_refused_untouched(state, handoff, argv):
    for text in ('{"schema_version": 3, "new": true}', '{"state": {"schema_version": 3}, "new": true}'):
        state.write_text(text)
        code, _, err = handoff(*argv, stdin="x")
        assert (code, "newer handoff" in err) == (3, True)
        assert state.read_text() == text


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
