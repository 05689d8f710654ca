"""What no commit took: files left out of it by name, and what git listed last."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.work_tree import not_committed
from tests.documents.sessions import ran

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
    ],
)
def test_a_commit_takes_what_was_added_by_name_and_all_where_nothing_tells(text, files):
    assert left(ran(text, position=20)) == (files, [])


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
