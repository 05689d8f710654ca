"""What no commit took: files left out of it by name, and what git listed last."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import REFUSED, Commit, Edit, FileTouch, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.progress.work_tree import last_commit, listed_besides, loose_before, not_committed
from handoff_cli.documents.extract.runs.commits import commits_by_log
from handoff_cli.documents.parts import _tree
from tests.documents.sessions import edited, ran, told

STATUS = " M src/a.py\nM  src/b.py\n?? db/migrations/0001/\nR  old.md -> docs/new.md\n"
LONG = (
    'On branch fix\nChanges not staged for commit:\n  (use "git add <file>...")\n\tmodified:   src/a.py\n\n'
    'Untracked files:\n  (use "git add <file>...")\n\tdb/migrations/0001/\n\nno changes added to commit\n'
)


def left(*commands, paths=("/p/src/a.py", "/p/src/b.py"), commits=(20,), late=()):
    edits = [Edit(it, at, "modified", "a", "b") for at, it in enumerate(paths, 1)]
    edits += [Edit(it, 90, "modified", "a", "b") for it in late]
    loose = not_committed(edits, commands, commits)
    return [it.path.removeprefix("/p/") for it in loose.edits], [it.removeprefix("/p/") for it in loose.others]


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("git add src/a.py && git commit -m x", ["src/b.py"]),
        ("git add src/a.py src/b.py && git commit -qm 'src/c.py too'", []),
        ("cd src && git add a.py && git commit -m x", ["src/b.py"]),
        ("git commit -m x -- src/b.py", ["src/a.py"]),
        ("git add 'src/*.py' && git commit -m x", []),
        ("git add src && git commit -m x", []),
        ("git add ../src/b.py && git commit -m 'x y'", ["src/a.py"]),
        ("git add src/a.py && git commit -am x", []),
        ("git add -A && git commit -m x", []),
        ("git add . && git commit -m x", []),
        ("git commit -m x", []),
        ("git add -p && git commit -m x", []),
        ("git -C /p add src/a.py && git -C /p commit -m x", ["src/b.py"]),
        (
            'git add src/a.py && git commit -m "$(cat <<\'E\'\nfix: keep "docs: Add x"\n\nMore of it\nE\n)"',
            ["src/b.py"],
        ),
        ("git add \"src/a.py\" src/'b.py' && git commit --amend -m x", []),
        ('git add src/a.py && git commit -m "-a is no option here"', ["src/b.py"]),
    ],
)
def test_a_commit_takes_what_was_added_by_name_and_all_where_nothing_tells(text, files):
    assert left(ran(text, position=20)) == (files, [])


def test_what_was_changed_back_is_not_left():
    there = Edit("/p/a.c", 30, "modified", "close(port)", "wait(port); close(port)")
    back = there.replace(position=31, old=there.new, new=there.old)
    assert not_committed([there], [], []).edits == (there,)
    assert not_committed([there, back], [], []).edits == ()


def test_what_was_added_by_an_earlier_command_counts_and_what_was_edited_since_is_left():
    commands = ran("git add src/a.py", position=10), ran("git commit -m x", position=20)
    assert left(*commands) == (["src/b.py"], [])
    assert left(*commands, late=("/p/src/a.py",)) == (["src/b.py", "src/a.py"], [])
    again = ran("git add -A && git commit -m y", position=30)
    assert left(*commands, again, commits=(20, 30)) == ([], [])


@pytest.mark.parametrize("text", ["git status -s", "git commit -qm x && git status -sb", "git status --porcelain"])
def test_what_git_lists_last_is_left_also_what_nothing_edited(text):
    status = ran(text, position=20, output=f"## fix...origin/fix\n{STATUS}")
    others = ["db/migrations/0001", "docs/new.md"]
    assert left(status, commits=()) == (["src/a.py", "src/b.py"], others)
    shown = ran("git status", position=20, output=LONG)
    assert left(shown, commits=()) == (["src/a.py"], ["db/migrations/0001"])


@pytest.mark.parametrize("text", ["git status -s | head -3", "git status -s src/lib", "echo git status"])
def test_a_list_that_may_lack_files_tells_nothing(text):
    assert left(ran(text, position=20, output=" M src/a.py\n"), commits=()) == (["src/a.py", "src/b.py"], [])


def test_a_clean_work_tree_leaves_nothing():
    assert left(ran("git status", position=20, output="nothing to commit, working tree clean"), commits=()) == ([], [])


@pytest.mark.parametrize(("push", "pushed"), [("git push", True), ("git push --dry-run", False), ("git status", False)])
def test_the_last_commit_is_told_with_its_branch_whether_it_was_pushed_and_what_came_after(push, pushed):
    commits = (Commit("ab12cd3", "Hold the lock"),)
    commands = (
        ran("git commit -qm x && git log -1", output="[fix-lock ab12cd3] Hold the lock\n 1 file changed"),
        ran(push, position=20),
        ran("git log", position=40, output="ab12cd3 Hold the lock"),
    )
    probe = (edited("/p/try.py", 31).replace(action=it) for it in ("created", "deleted"))
    edits = (edited("/p/main.py", 30), *probe)
    transcript = told(("user", "go"), commits=commits, commands=commands, edits=edits)
    last = last_commit(transcript, commits_by_log(transcript))
    assert last
    assert (last.hash, last.branch, last.pushed, last.since) == ("ab12cd3", "fix-lock", pushed, ("main.py",))
    assert last.late == (FileTouch("/p/main.py", "modified", 1),)
    unnamed = ToolCall("1", "Edit", "of a file that the copy does not name", 35, outcome="ok")
    assert not last.blind
    assert last_commit(transcript.replace(tool_calls=(unnamed,)), commits_by_log(transcript)).blind  # type: ignore[union-attr]
    unseen = told(("user", "go"), commits=commits)
    assert last_commit(unseen, commits_by_log(unseen)) is None


@pytest.mark.parametrize(
    "push",
    [
        ran("git push", "rejected", 20, error=f"{REFUSED}. No."),
        ran("git push origin main", None, 20, error=f"{REFUSED}. No."),
        ran("git push; git status", position=20, output="error: failed to push some refs to 'x'\nOn branch main"),
        ran("git push | tail -1", position=20, output=" ! [rejected]        main -> main (fetch first)"),
        ran("grep -rn 'git push' .", position=20, output="a:1: git push"),
        ran("git stash push -q a.py && make test; git stash pop", position=20, output="ok"),
    ],
)
def test_a_push_that_was_refused_or_turned_down_or_only_spoken_of_pushed_nothing(push):
    commands = ran("git commit -m x", output="[main ab12cd3] Hold"), push
    transcript = told(("user", "go"), commits=(Commit("ab12cd3", "Hold"),), commands=commands)
    last = last_commit(transcript, commits_by_log(transcript))
    assert last
    assert not last.pushed


@pytest.mark.parametrize(
    ("text", "output", "there"),
    [
        ("git fetch -q && git branch -r --contains ab12cd3", "  origin/fix-lock\n", True),
        ("git status", "On branch fix-lock\nYour branch is up to date with 'origin/fix-lock'.\n", True),
        ("git status -sb", "## fix-lock...origin/fix-lock\n M a.py", True),
        ("git status -sb", "## fix-lock...origin/fix-lock [ahead 1]\n", False),
        ("git branch -r --contains ab12cd3", "", False),
        ("git branch -r", "  origin/main\n", False),
    ],
)
def test_a_commit_that_a_remote_has_by_gits_word_was_pushed(text, output, there):
    commands = ran("git commit -m x", output="[fix-lock ab12cd3] Hold"), ran(text, position=20, output=output)
    transcript = told(("user", "go"), commits=(Commit("ab12cd3", "Hold"),), commands=commands)
    assert last_commit(transcript, commits_by_log(transcript)).pushed is there


def test_a_push_to_a_branch_of_another_name_is_told_with_it():
    for target, other in (("fix-lock", ""), ("fix-lock-2", "fix-lock-2")):
        output = f"To github.com:acme/shop.git\n * [new branch]      fix-lock -> {target}"
        commands = ran("git commit -m x", output="[fix-lock ab12cd3] Hold"), ran("git push", position=20, output=output)
        transcript = told(("user", "go"), commits=(Commit("ab12cd3", "Hold"),), commands=commands)
        last = last_commit(transcript, commits_by_log(transcript))
        assert last
        assert (last.pushed, last.target) == (True, other)


@pytest.mark.parametrize(("line", "pushed"), [("git add . && git com…", True), ("git push --dry-run", False)])
def test_a_push_is_seen_by_the_lines_of_gits_own_where_the_command_line_is_cut(line, pushed):
    output = "To https://example.org/shop.git\n   1a2b3c4..ab12cd3  main -> main"
    commands = ran("git commit -m x", output="[main ab12cd3] Hold"), ran(line, position=20, output=output)
    transcript = told(("user", "go"), commits=(Commit("ab12cd3", "Hold"),), commands=commands)
    last = last_commit(transcript, commits_by_log(transcript))
    assert last
    assert last.pushed == pushed


def test_the_first_file_that_git_status_lists_counts_where_its_blank_was_lost():
    """What a command printed is kept without what is around it."""
    edits = (Edit("/p/build.gradle.kts", 30, "modified", "a", "b", outcome="ok"),)
    edits += (Edit("/p/test/a.kt", 31, "created", "", "x", outcome="ok"),)
    commit = ran("git commit -am x", "ok", 20, output="[fix 1a2b3c4] x\n 1 file changed")
    status = ran("git status -s && git log --oneline", "ok", 40, output="M build.gradle.kts\n?? test/\n1a2b3c4 x")
    made = {"commands": (commit, status), "commits": (Commit("1a2b3c4", "x"),)}
    story = extract(told(("user", "go"), **made, edits=edits))
    assert {it.path for it in story.changed.last_commit.late} == {"/p/build.gradle.kts", "/p/test/a.kt"}


def test_what_the_user_says_was_pushed_is_pushed():
    commit = ran("git commit -am x", "ok", 15, output="[fix 1a2b3c4] x\n 1 file changed")
    for words, pushed in (("pushed, its built", True), ("ok, pushed. go on", True), ("i push myself", False)):
        talk = (("user", "go"), ("assistant", "Please push."), ("user", words))
        story = extract(told(*talk, commands=(commit,), commits=(Commit("1a2b3c4", "x"),)))
        assert story.changed.last_commit.pushed is pushed


def test_where_no_commit_was_made_what_git_lists_beside_the_edits_stands_as_not_committed():
    """A log that begins amid the work, or what others edited: no edit tells of it."""
    listing = ran("git status --short", output=" M src/a.py\n M src/rows.py\n?? src/till/", position=30)
    work = told(("user", "go on"), edits=(edited("/p/src/a.py", 20),), commands=(listing,))
    assert listed_besides(work) == ("src/rows.py", "src/till")
    (piece,) = (it for it in _tree(extract(work)) if "Not committed by git's last word" in it.block)
    assert "rows.py" in piece.forms[-1]
    assert "a.py" not in piece.forms[-1]
    for later in ("git commit -qam x", "git stash", "git restore src/rows.py", "git clean -fdq", "git switch till"):
        assert listed_besides(work.replace(commands=(listing, ran(later, output="ok", position=40)))) == ()
    elsewhere = ran("cd ../sdk && git status --short", output=" M wip.py", position=40)
    assert listed_besides(work.replace(commands=(elsewhere,))) == ()
    top = listing.replace(output=" M a.py\n M tests/a.py")
    edits = (edited("/p/tests/a.py", 20),)
    assert listed_besides(work.replace(commands=(top,), edits=edits)) == ("a.py",)


COUNTED = " src/a.py | 12 ++--\n 18 files changed, 1593 insertions(+), 984 deletions(-)"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("git diff HEAD --stat", True),
        ("git diff --stat | tail -1", True),
        ("git diff main --stat", False),
        ("git diff --cached --stat", False),
        ("git diff HEAD --stat src/", False),
    ],
)
def test_what_was_not_committed_before_the_first_edit_is_told_by_gits_count_of_all(text, known):
    counts, edit = ran(text, position=3, output=COUNTED), edited("docs/plan.md", 9)
    session = told(("user", "push it"), commands=(counts,), edits=(edit,))
    line = "18 files were changed and not committed before the edits here (+1,593 \u2212984)"
    assert loose_before(session) == line * known
    assert (line in " ".join(piece.forms[0] for piece in _tree(extract(session)))) is known
    assert loose_before(session.replace(edits=())) == line.replace(" before the edits here", "") * known


def test_a_count_after_an_edit_or_before_a_commit_tells_nothing_of_what_was_there_before():
    counts, commit = ran("git diff --stat", position=3, output=COUNTED), ran("git commit -am x", position=5)
    assert not loose_before(told(commands=(counts,), edits=(edited("src/a.py", 2),)))
    assert not loose_before(told(commands=(counts, commit), edits=(edited("src/a.py", 9),)))
    assert loose_before(told(commands=(counts.replace(output=" 1 file changed, 2 insertions(+)"),))) == (
        "1 file was changed and not committed (+2)"
    )
