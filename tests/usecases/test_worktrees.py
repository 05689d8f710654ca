"""A handoff written in a git worktree outlives it: ``git worktree remove`` takes the folder along."""

import json
import shutil
import subprocess

import pytest

from handoff_cli.usecases.worktrees import kept_handoffs

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(folder, *words):
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", *words], cwd=folder, check=True, capture_output=True)  # fmt: skip


@pytest.fixture
def worktree(project):
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
