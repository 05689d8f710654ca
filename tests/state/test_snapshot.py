import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.session import Checkpoint, Session
from handoff_cli.errors import StateError
from handoff_cli.state import snapshot
from handoff_cli.state.snapshot import with_setting

tokens = st.integers(0, 2**53)
times = st.just("2026-01-01T00:00:00Z")
checkpoints = st.builds(
    Checkpoint,
    sequence=tokens,
    time=times,
    description=st.text(max_size=20),
    source=st.text(max_size=20),
    tokens=tokens,
    low=tokens,
    high=tokens,
    method=st.sampled_from(["exact", "counted", "estimated"]),
)
sessions = st.builds(
    Session,
    id=st.just("20260101T000000Z-0a1b2c3d"),
    started_at=times,
    updated_at=times,
    previous=st.none() | st.just("before"),
    model=st.none() | st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=20),
    total_tokens=tokens,
    low_tokens=tokens,
    high_tokens=tokens,
    method=st.sampled_from(["exact", "counted", "estimated"]),
    level=st.sampled_from(["ok", "warning", "critical", "over"]),
    checkpoint_count=tokens,
    sequence=tokens,
    ledger_bytes=tokens,
    recent=st.lists(checkpoints, max_size=5).map(tuple),
)


def write(project, text):
    (project / "token_usage.json").write_text(text)
    return str(project)


@given(session=sessions)
def test_a_session_round_trips_through_the_trusted_and_the_validated_reading(tmp_path_factory, session):
    folder = tmp_path_factory.mktemp("state")
    saved = snapshot.with_session(snapshot.empty(str(folder)), session)
    (folder / "token_usage.json").write_text(saved.text)
    assert snapshot.load(str(folder)).session == session
    (folder / "token_usage.json").write_text(saved.text.replace("\n", "\n "))
    assert snapshot.load(str(folder)).session == session


def test_the_file_is_plain_json():
    saved = snapshot.with_session(snapshot.empty("f"), Session("i", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))
    assert json.loads(saved.text)["state"]["session"]["id"] == "i"


def test_the_seed_shape_is_adopted_comments_and_all(project):
    text = '{\n  // ours\n  "context_window_limit": 64000,\n  "warning_threshold": 0.7, // earlier\n}\n'
    loaded = snapshot.load(write(project, text))
    assert loaded.settings == {"context_window_limit": 64000, "warning_threshold": 0.7}
    assert loaded.session is None
    saved = snapshot.with_session(loaded, Session("i", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))
    assert "// ours" in saved.text
    assert "// earlier" in saved.text
    again = snapshot.load(write(project, saved.text))
    assert (again.settings, again.session.id) == (loaded.settings, "i")


def test_unknown_keys_survive_a_rewrite_at_the_top_and_in_the_session(project):
    session = Session("i", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    text = snapshot.with_session(snapshot.empty(str(project)), session).text
    value = json.loads(text)
    value["ours"] = {"a": 1}
    value["state"]["session"]["later"] = [2]
    value["state"]["more"] = {"b": 2}
    loaded = snapshot.load(write(project, json.dumps(value)))
    rewritten = json.loads(snapshot.with_session(loaded, loaded.session).text)
    assert rewritten["ours"] == {"a": 1}
    assert rewritten["state"]["session"]["later"] == [2]
    assert rewritten["state"]["more"] == {"b": 2}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"schema_version": 3}', "newer handoff"),
        ('{"state": {"schema_version": 3}}', "newer handoff"),
        ('{"state": {"schema_version": "1"}}', "schema_version is '1'"),
        ('{"state": []}', "state is []"),
        ('{"state": {"schema_version": 2, "session": []}}', "session is []"),
        ('{"state": {"schema_version": 2, "session": {"id": "../x"}}}', "session.id is '../x'"),
        ('{"schema_version": "1"}', "schema_version is '1'"),
        ('{\n"warning_threshold": 1.5}', "line 2: warning_threshold is 1.5, allowed: a number above 0 and at most 1"),
        ('{"warning_threshold": 0}', "warning_threshold is 0"),
        ('{"context_window_limit": -1}', "a whole number at least 1 and at most 1,000,000,000"),
        ('{"context_window_limit": "all"}', "context_window_limit is 'all'"),
        ('{"context_window_limit": true}', "context_window_limit is True"),
        ('{"context_window_limit": 1e400}', "1e400 is not a number that can be kept"),
        ('{"context_window_limit": 99999999999999999999}', "context_window_limit is 9999"),
        ('{"warning_threshold": 0.9, "critical_threshold": 0.5}', "at least warning_threshold"),
        ('{"encoding": "klingon"}', "one of o200k_base"),
        ('{"schema_version": 1, "session": []}', "session is []"),
        ('{"schema_version": 1, "session": {"id": "../x"}}', "session.id is '../x'"),
        ('{"sess', "line 1"),
        ("\x00\x00\x00\x00", "expected an object"),
    ],
)
def test_what_cannot_be_understood_is_named_and_left_alone(project, text, says):
    folder = write(project, text)
    with pytest.raises(StateError) as caught:
        snapshot.load(folder)
    assert says in caught.value.message
    assert str(project / "token_usage.json") in caught.value.message
    assert (project / "token_usage.json").read_text() == text


def test_bytes_that_are_no_utf8_are_named(project):
    (project / "token_usage.json").write_bytes(b'{"model": "\xff"}')
    with pytest.raises(StateError, match="not UTF-8"):
        snapshot.load(str(project))


def test_a_wrong_checksum_means_validation_not_trust(project):
    session = Session("i", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", total_tokens=5)
    text = snapshot.with_session(snapshot.empty(str(project)), session).text
    with pytest.raises(StateError, match=r"session\.total_tokens is -5"):
        snapshot.load(write(project, text.replace('"total_tokens": 5', '"total_tokens": -5')))


def test_a_setting_can_be_set_and_removed_in_place(project):
    first = snapshot.load(write(project, '{\n  // mine\n  "model": "m"\n}\n'))
    changed = with_setting(first, "warning_threshold", 0.5)
    assert snapshot.load(write(project, changed.text)).settings == {"model": "m", "warning_threshold": 0.5}
    back = with_setting(changed, "warning_threshold", None)
    assert snapshot.load(write(project, back.text)).settings == {"model": "m"}
    assert "// mine" in back.text


def test_the_same_bytes_are_understood_once_and_others_anew(project):
    """A command reads its state before and under the lock; in between somebody else may have written."""
    folder = write(project, '{"schema_version": 1, "model": "a"}')
    first = snapshot.load(folder)
    assert snapshot.load(folder) is first
    write(project, '{"schema_version": 1, "model": "b"}')
    assert snapshot.load(folder).settings == {"model": "b"}
    (project / "token_usage.json").unlink()
    assert snapshot.load(folder) is None


def test_what_is_remembered_of_files_has_a_bound(tmp_path):
    for number in range(3 * snapshot._MOST_UNDERSTOOD):
        (folder := tmp_path / str(number)).mkdir()
        snapshot.load(write(folder, "{}"))
        assert len(snapshot._understood) <= snapshot._MOST_UNDERSTOOD
