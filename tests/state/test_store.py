import os
import threading
from pathlib import Path

import pytest

from handoff_cli.constants import HANDOFF_FILE, LEDGER_FILE, STATE_FILE
from handoff_cli.errors import LockTimeoutError, StateError
from handoff_cli.state import archive, snapshot
from handoff_cli.state.folder import FolderLock
from handoff_cli.state.ledger import read_lines
from handoff_cli.state.store import Place, opened, read
from tests.core.test_session import checkpoint


def entry(tokens=1):
    value = checkpoint(0, tokens)
    return {key: item for key, item in value.items() if key not in ("sequence", "session")}


def add(place, *tokens):
    with opened(place) as store:
        for count in tokens:
            store.append(entry(count))
        return store.session


def test_reading_an_untouched_project_writes_nothing(project, place):
    view = read(place)
    assert view.session is None
    assert os.listdir(project) == [".git"]


def test_what_was_appended_is_read_back(place):
    written = add(place, 3, 4)
    assert read(place).session == written
    assert (written.total_tokens, written.checkpoint_count, written.sequence) == (7, 2, 2)


def test_a_lost_snapshot_is_rebuilt_from_the_ledger(place):
    written = add(place, 3, 4)
    os.unlink(os.path.join(place.folder, STATE_FILE))
    assert read(place).session == written
    assert add(place, 5).total_tokens == 12


def test_a_snapshot_behind_the_ledger_catches_up(place):
    add(place, 3)
    state = os.path.join(place.folder, STATE_FILE)
    old = Path(state).read_text()
    ahead = add(place, 4)
    Path(state).write_text(old)
    assert read(place).session == ahead
    assert add(place, 5).total_tokens == 12


def test_a_torn_last_line_is_ignored_by_readers_and_set_aside_by_writers(place):
    add(place, 3)
    path = os.path.join(place.folder, LEDGER_FILE)
    with open(path, "ab") as file:
        file.write(b'{"kind":"checkpoint","sequ')
    assert read(place).session.total_tokens == 3
    with opened(place) as store:
        assert "unfinished last line" in store.warnings[0]
        assert store.append(entry(4)).total_tokens == 7
    assert Path(path + ".torn").read_bytes() == b'{"kind":"checkpoint","sequ\n'
    assert all(line.entry for line in read_lines(path))


def test_a_damaged_line_is_reported_and_skipped(place):
    add(place, 3)
    state = os.path.join(place.folder, STATE_FILE)
    old = Path(state).read_text()
    add(place, 4, 5)
    path = os.path.join(place.folder, LEDGER_FILE)
    data = Path(path).read_bytes()
    Path(path).write_bytes(data.replace(b'"tokens":4', b'"tokens":6'))
    Path(state).write_text(old)
    view = read(place)
    assert view.session.total_tokens == 8
    assert "line 3: skipped, its checksum does not match" in view.warnings[0]


def test_a_shortened_ledger_keeps_the_totals_and_is_reported(place):
    add(place, 3, 4)
    path = os.path.join(place.folder, LEDGER_FILE)
    os.truncate(path, 10)
    view = read(place)
    assert view.session.total_tokens == 7
    assert "shorter than it was" in view.warnings[0]


def test_a_corrupt_state_is_never_overwritten(place):
    add(place, 3)
    state = os.path.join(place.folder, STATE_FILE)
    Path(state).write_text('{"session": ')
    with pytest.raises(StateError):
        add(place, 4)
    assert Path(state).read_text() == '{"session": '


def test_a_held_lock_times_out_and_readers_do_not_care(place):
    add(place, 3)
    impatient = place.replace(environ={"HANDOFF_LOCK_TIMEOUT_SECONDS": "0.01"})
    with FolderLock(place.folder, 0):
        with pytest.raises(LockTimeoutError):
            add(impatient, 4)
        assert read(place).session.total_tokens == 3


def test_threads_lose_nothing(place):
    threads = [threading.Thread(target=lambda: [add(place, 1) for _ in range(10)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session = read(place).session
    assert (session.total_tokens, session.checkpoint_count, session.sequence) == (80, 80, 80)
    numbers = [line.entry["sequence"] for line in read_lines(os.path.join(place.folder, LEDGER_FILE))]
    assert numbers == list(range(81))


def test_a_session_of_its_own_has_the_projects_settings_and_its_own_totals(place):
    add(place, 3)
    with opened(place) as store:
        store.set_setting("warning_threshold", 0.5)
    other = Place(place.project, os.path.join(place.project, "sessions", "b"), {})
    assert add(other, 9).total_tokens == 9
    assert read(other).settings.warning_threshold == 0.5
    assert read(place).session.total_tokens == 3
    with opened(other) as store:
        store.set_setting("warning_threshold", 0.6)
    assert read(other).settings.warning_threshold == 0.6
    assert read(place).settings.warning_threshold == 0.5


def test_a_reset_moves_everything_aside_and_keeps_settings(place):
    with opened(place) as store:
        store.set_setting("model", "m")
    ended = add(place, 3)
    Path(os.path.join(place.folder, HANDOFF_FILE)).write_text("# doc\n")
    with opened(place) as store:
        target = archive.reset(store)
        begun = store.session
        assert store.append(entry(5)).total_tokens == 5
    assert begun.previous == ended.id
    assert sorted(os.listdir(target)) == sorted([HANDOFF_FILE, LEDGER_FILE, STATE_FILE])
    assert snapshot.load(target).session == ended
    view = read(place)
    assert (view.session.total_tokens, view.settings.model) == (5, "m")
    assert not os.path.exists(os.path.join(place.folder, HANDOFF_FILE))


def test_a_discarded_session_leaves_no_archive(place):
    add(place, 3)
    with opened(place) as store:
        assert archive.reset(store, keep=False) is None
    assert not os.path.exists(os.path.join(place.folder, "archive"))
    assert read(place).session.total_tokens == 0


@pytest.mark.parametrize("step", range(1, 8))
def test_a_reset_cut_short_at_any_file_is_undone_or_finished_by_the_next_writer(place, monkeypatch, step):
    before = add(place, 3)
    Path(os.path.join(place.folder, HANDOFF_FILE)).write_text("# doc\n")
    steps = 0

    class Killed(BaseException):
        pass

    def dying(function):
        def wrapped(*args, **kwargs):
            nonlocal steps
            steps += 1
            if steps == step:
                raise Killed
            return function(*args, **kwargs)

        return wrapped

    with monkeypatch.context() as patch:
        for name in ("replace_file", "remove_file", "make_folder", "sync_folder"):
            patch.setattr(archive, name, dying(getattr(archive, name)))
        with pytest.raises(Killed), opened(place) as store:
            archive.reset(store)
    seen = read(place).session
    after = add(place, 4)
    archived = os.listdir(os.path.join(place.folder, "archive")) if os.path.exists(place.folder + "/archive") else []
    if seen.id == before.id:
        assert after.total_tokens == 7
        assert archived == []
        assert os.path.exists(os.path.join(place.folder, HANDOFF_FILE))
    else:
        assert (after.total_tokens, after.previous) == (4, before.id)
        assert len(archived) == 1
        assert snapshot.load(os.path.join(place.folder, "archive", archived[0])).session == before
        assert not os.path.exists(os.path.join(place.folder, HANDOFF_FILE))
    assert not os.path.exists(os.path.join(place.folder, ".reset"))


def test_environment_wins_over_files_and_bad_values_are_named(place):
    with opened(place) as store:
        store.set_setting("warning_threshold", 0.5)
    assert read(place.replace(environ={"HANDOFF_WARNING_THRESHOLD": "0.6"})).settings.warning_threshold == 0.6
    with pytest.raises(StateError, match="HANDOFF_WARNING_THRESHOLD is '7'"):
        read(place.replace(environ={"HANDOFF_WARNING_THRESHOLD": "7"}))
