"""What a command changes by the means of the shell is an edit like any other."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.by_shell import changes_by_shell


@pytest.mark.parametrize(
    ("command", "changed"),
    [
        ("sed -i '' 's/old/new/g' a.py b.py", ["a.py", "b.py"]),
        (
            "cd src && for f in a/claude.go gemini.go; do sed -i 's/old/new/' \"$f\"; done",
            ["src/a/claude.go", "src/gemini.go"],
        ),
        ("for it in a.go b.go\ndo\n  sed -i '' 's/old/new/g' ${it}\n  # old.Name to new.Name\ndone", ["a.go", "b.go"]),
        ("for f in src/*.go; do sed -i 's/old/new/' $f; done", []),
        ("for f in $(git ls-files); do sed -i 's/old/new/' $f; done", []),
        ("for f in a.go; do sed -i 's/old/new/' $other; done", []),
    ],
)
def test_words_replaced_in_files_that_are_named_are_edits_of_each(command, changed):
    """Those of a loop too; which files a pattern or another command gives is not in sight."""
    assert list(changes_by_shell(command)) == [(path, "modified", "old", "new") for path in changed]
