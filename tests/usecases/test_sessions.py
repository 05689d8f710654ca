"""``handoff sessions``: what runs, what was archived, and bringing an archived one back."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from handoff_cli.constants import HANDOFF_FILE, STATE_FILE
from handoff_cli.usecases.sessions import kept_handoffs
from handoff_cli.usecases.sessions import reset as reset_session

FOLDER = Path(".agent-handoffs")


def rows(handoff, *argv):
    code, out, _ = handoff("sessions", "--json", *argv)
    assert code == 0
    return json.loads(out)


def reset(handoff, *argv):
    return os.path.basename(handoff(*argv, "reset")[1].splitlines()[0].split(" archived in ")[1])


def test_nothing_is_listed_where_nothing_ran(handoff, project):
    assert rows(handoff) == []
    assert not FOLDER.exists()


def test_running_and_archived_sessions_are_listed_with_usage_times_and_predecessor(handoff):
    handoff("track", "--tokens", "64000")
    archive = reset(handoff)
    handoff("track", "--tokens", "5")
    handoff("--session", "b", "track", "--tokens", "7")
    archived, running, other = rows(handoff)
    assert (archived["archive"], archived["total_tokens"], archived["usable_percentage"]) == (archive, 64_000, 0.5)
    assert (running["archive"], running["total_tokens"]) == (None, 5)
    assert running["previous_session"] == archived["session_id"]
    assert (other["session"], other["total_tokens"]) == ("b", 7)
    assert rows(handoff, "--session", "b") == [other]
    text = handoff("sessions")[1]
    assert f"{archive}  archived\n    64,000 tokens, 50.0% ok, 1 checkpoint" in text


def test_one_that_cannot_be_read_does_not_hide_the_others(handoff):
    handoff("track", "--tokens", "1")
    archive = reset(handoff)
    (FOLDER / "archive" / archive / STATE_FILE).write_text("{")
    broken, running = rows(handoff)
    assert "cannot understand" in broken["problem"]
    assert running["problem"] is None
    assert "cannot understand" in handoff("sessions")[1]


def test_an_archived_session_can_be_shown(handoff):
    handoff("track", "--tokens", "9", "-d", "the nine")
    archive = reset(handoff)
    assert json.loads(handoff("sessions", "show", archive, "--json")[1])["total_tokens"] == 9
    assert "the nine" in handoff("sessions", "show", archive)[1]
    code, _, err = handoff("sessions", "show", "nothing")
    assert (code, err) == (1, "handoff: there is no archived session nothing; handoff sessions lists them\n")


def test_restoring_swaps_sessions_with_their_documents_and_keeps_settings(handoff):
    handoff("track", "--tokens", "9")
    handoff("handoff", "--goal", "the first goal")
    archive = reset(handoff)
    handoff("config", "set", "model", "gpt-4o")
    handoff("track", "--tokens", "5")
    code, out, err = handoff("sessions", "restore", archive)
    assert (code, err) == (0, "")
    status = json.loads(handoff("status", "--json")[1])
    assert (status["total_tokens"], status["model"]) == (9, "gpt-4o")
    assert "the first goal" in (FOLDER / HANDOFF_FILE).read_text()
    archived, running = rows(handoff)
    assert (archived["total_tokens"], running["total_tokens"]) == (5, 9)
    assert not (FOLDER / "archive" / archive).exists()
    back = os.path.basename(out.splitlines()[0].split(" archived in ")[1])
    handoff("sessions", "restore", back)
    assert json.loads(handoff("track", "--json", "--tokens", "1")[1])["total_tokens"] == 6
    assert not (FOLDER / HANDOFF_FILE).exists()


def test_without_a_name_the_one_archived_last_is_meant(handoff):
    for argv in (["sessions", "show"], ["sessions", "restore"]):
        code, out, err = handoff(*argv)
        assert (code, out, err.count("\n"), "no session was archived yet" in err) == (0, "", 1, True)
        assert handoff(*argv, "--json")[:2] == (0, "null\n")
    for tokens in ("10", "20"):
        handoff("track", "--tokens", tokens)
        reset(handoff)
    assert json.loads(handoff("sessions", "show", "--json")[1])["total_tokens"] == 20
    assert handoff("sessions", "restore")[0] == 0
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 20


def test_restoring_leaves_no_archive_of_a_session_that_held_nothing(handoff):
    """Else the next restore without a name would go back to the empty one."""
    handoff("track", stdin="one two")
    handoff("note", "stays")
    handoff("reset")
    _, out, _ = handoff("sessions", "restore", "--json")
    assert json.loads(out)["archive"] is None
    assert "archived" not in handoff("sessions")[1]
    assert "stays" in handoff("notes")[1]
    assert handoff("sessions", "restore")[1:] == (
        "",
        "handoff: no session was archived yet: handoff reset archives the one that runs\n",
    )
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 2


def test_a_session_whose_state_is_lost_is_restored_from_its_ledger(handoff):
    handoff("track", "--tokens", "9")
    archive = reset(handoff)
    (FOLDER / "archive" / archive / STATE_FILE).unlink()
    assert handoff("sessions", "restore", archive)[0] == 0
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 9


def test_further_sessions_have_archives_of_their_own(handoff):
    handoff("--session", "b", "track", "--tokens", "3")
    archive = reset(handoff, "--session", "b")
    code, _, err = handoff("sessions", "restore", archive)
    assert (code, "--session b" in err) == (1, True)
    assert handoff("--session", "b", "sessions", "restore", archive)[0] == 0
    assert [row["total_tokens"] for row in rows(handoff) if row["archive"] is None] == [3]


def archives(project):
    folder = project / ".agent-handoffs" / "archive"
    return sorted(os.listdir(folder)) if folder.exists() else []


def session_id(handoff):
    return json.loads(handoff("status", "--json")[1])["session_id"]


@pytest.mark.parametrize("argv", [("reset",), ("reset", "--discard", "--yes")])
def test_where_nothing_ever_was_nothing_is_made(project, handoff, argv):
    code, out, err = handoff(*argv)
    assert (code, out) == (0, "")
    assert err.startswith("handoff: nothing to reset: ")
    assert err.count("\n") == 1
    assert not (project / ".agent-handoffs").exists()


def test_an_untouched_session_goes_on_with_its_settings_and_leaves_no_archive(project, handoff):
    handoff("init")
    handoff("config", "set", "warning_threshold", "0.5")
    before = session_id(handoff)
    assert handoff("-q", "reset") == (0, "", "")
    assert (session_id(handoff), archives(project)) == (before, [])
    assert handoff("config", "get", "warning_threshold")[1] == "0.5\n"


def test_a_second_reset_archives_nothing_and_keeps_notes_open(project, handoff):
    handoff("track", stdin="hello")
    handoff("note", "the parser stays")
    handoff("reset")
    before = session_id(handoff)
    assert handoff("reset")[:2] == (0, "")
    assert handoff("reset", "--discard", "--yes")[:2] == (0, "")
    assert (session_id(handoff), len(archives(project))) == (before, 1)
    assert handoff("notes")[1] == "1 decision: the parser stays\n"


@pytest.mark.parametrize("argv", [("note", "the parser stays"), ("handoff",), ("track", "--tokens", "0")])
def test_a_note_a_handoff_or_a_checkpoint_is_enough_to_archive(project, handoff, argv):
    handoff(*argv)
    assert " archived in " in handoff("reset")[1]
    assert len(archives(project)) == 1


def test_a_closed_note_too_is_something_to_keep(project, handoff):
    handoff("note", "the parser stays")
    handoff("note", "--done", "1")
    handoff("reset")
    assert len(archives(project)) == 1


def test_a_ledger_with_a_damaged_line_is_still_moved_aside(project, handoff):
    handoff("init")
    with (project / ".agent-handoffs" / "checkpoints.jsonl").open("a") as file:
        file.write("not a line of ours\n")
    assert " archived in " in handoff("reset")[1]


def test_half_a_line_is_nothing_to_archive_and_is_reported(project, handoff):
    handoff("init")
    with (project / ".agent-handoffs" / "checkpoints.jsonl").open("a") as file:
        file.write('{"v":1,"kind":"che')
    code, out, err = handoff("reset")
    assert (code, out, archives(project)) == (0, "", [])
    assert "unfinished last line" in err


def test_the_result_says_that_nothing_ended(place):
    result = reset_session(place)
    assert (result.ended, result.begun, result.archive) == (None, None, None)


def git(folder, *words):
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", *words], cwd=folder, check=True, capture_output=True)  # fmt: skip


@pytest.fixture
def worktree(project):
    if shutil.which("git") is None:
        pytest.skip("needs git")
    shutil.rmtree(project / ".git")
    git(project, "init", "-q", ".")
    git(project, "commit", "-q", "--allow-empty", "-m", "x")
    git(project, "worktree", "add", "-q", "trees/feat", "-b", "feat")
    return project / "trees" / "feat"


def test_it_is_kept_for_the_main_checkout_and_shown_there(handoff, project, worktree):
    for words in ((), ("--session", "side")):
        assert handoff("--dir", str(worktree), *words, "handoff", "--goal", f"the feature {words}")[0] == 0
    git(project, "worktree", "remove", "--force", "trees/feat")
    assert "the feature ('--session'" in handoff("resume")[1]
    (row,) = json.loads(handoff("sessions", "--json")[1])
    assert (row["worktree"], row["level"], row["archive"]) == ("feat", "ok", None)
    assert "feat  handoff of a worktree" in handoff("sessions")[1]


def test_the_main_checkout_s_own_counts_while_the_worktree_is_there_and_where_it_is_newer(handoff, project, worktree):
    handoff("handoff", "--goal", "the main thing")
    handoff("--dir", str(worktree), "handoff", "--goal", "the feature")
    assert "the main thing" in handoff("resume")[1]
    git(project, "worktree", "remove", "--force", "trees/feat")
    kept = project / ".agent-handoffs" / "worktrees" / "feat" / "CURRENT_SESSION.md"
    own = project / ".agent-handoffs" / "CURRENT_SESSION.md"
    kept.write_text(kept.read_text().replace('created: "20', 'created: "30'))
    assert "the feature" in handoff("resume")[1]
    own.write_text(own.read_text().replace('created: "20', 'created: "40'))
    assert "the main thing" in handoff("resume")[1]


def test_a_git_file_that_lies_leads_nowhere(handoff, project, tmp_path):
    """A project from somebody else may name any folder; only git's own note of the worktree, there, makes it one."""
    victim = tmp_path / "victim"
    data = victim / ".git" / "worktrees" / "feat"
    data.mkdir(parents=True)
    (data / "gitdir").write_text(f"{tmp_path}/elsewhere/.git\n")
    if shutil.which("git") is None:
        pytest.skip("needs git")
    shutil.rmtree(project / ".git")
    (project / ".git").write_text(f"gitdir: {data}\n")
    assert handoff("handoff", "--goal", "x")[0] == 0
    assert not (victim / ".agent-handoffs").exists()


def test_a_main_checkout_that_cannot_be_written_is_a_warning(handoff, project, worktree):
    (project / ".agent-handoffs").write_text("in the way")
    code, _, err = handoff("--dir", str(worktree), "handoff", "--goal", "the feature")
    assert code == 0
    assert "not kept for the main checkout" in err


def test_what_is_no_handoff_is_not_listed(place, project):
    folder = project / ".agent-handoffs" / "worktrees"
    (folder / "empty").mkdir(parents=True)
    (folder / "file").write_text("x")
    with pytest.raises(Exception, match="not a folder"):
        kept_handoffs(place.project)
    (folder / "file").unlink()
    assert kept_handoffs(place.project) == []


def test_a_session_that_nobody_began_is_told_as_such(handoff):
    """A name that was mistyped is no session with room left."""
    handoff("--session", "alpha", "track", "--tokens", "5")
    assert handoff("--session", "alhpa", "status")[1].startswith("session alhpa  not started\n")
    assert handoff("--session", "alpha", "status")[1].startswith("session alpha\n")
