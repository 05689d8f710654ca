"""Which command lines only look, for every part of the document that asks."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.command_lines import only_looks
from handoff_cli.documents.extract.reruns import commands_in_hand
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

LOOKS = (
    *("git blame a.py", "ps aux", "fd lock src", "git -C . status", "git --no-pager diff --stat", "git branch -a"),
    *("cd src && ls -la", "cat a.py | head -5", "sed -n 1,9p a.py", "git remote -v", "env"),
    *("cd /p; for f in *.py; do echo $f; head -3 $f; done", "if [ -f a ]; then cat a; fi", "ls a 2>&1 || true"),
    *("git show a:b | sed -n 1,9p | sort | uniq -c", "cat a.json | python3 -c 'import sys'", "ls\n# the log\ncat log"),
    *('grep "a && rm b" c', "ls | xargs grep x"),
    *("find . -name 'a*'", "find . -exec grep -l x {} +", "for f in a b; do cat $f | wc -l; done", "pgrep -f serve"),
)
CHANGES = (
    *("git branch new", "git branch -D old", "git remote add up u", "env A=1 make", "find . -name x -delete"),
    *(
        "cat a.py > b.py",
        "cat a.py && rm -rf b",
        "ls; make",
        "ls\nmake",
        "cat a.sql | psql shop",
        "ls | xargs rm",
        "cat a && python3 -c 'import b'",
        "cd src",
        "make",
        "gh api -X POST repos/a/b",
        "for f in a b; do rm $f; done",
        "git stash",
        "lsof_all.sh",
    ),
)


@pytest.mark.parametrize("command", LOOKS)
def test_a_look_is_one_and_never_in_hand(command):
    assert only_looks(command)
    assert commands_in_hand([ran(command, position=at) for at in range(3)]) == ()


@pytest.mark.parametrize("command", CHANGES)
def test_what_changes_something_or_runs_another_program_is_no_look(command):
    assert not only_looks(command)


def test_a_look_at_what_lies_outside_stays_in_hand():
    assert only_looks("gh pr view 3")
    assert commands_in_hand([ran("gh pr view 3", position=at) for at in range(2)]) == (("gh pr view 3", 2, ""),)


@pytest.mark.parametrize("step", ["git -C . ", "<<A\n", "git stash ", "git "])
def test_a_command_line_without_end_takes_no_more_than_its_length(step):
    """Else each of its steps would be read to the end of the line."""

    def extracted(size):
        return extract(told(("user", "go"), commands=(ran(step * (size // len(step))),)))

    assert extracted(12_000).requests
    assert_linear(extracted, 12_000)
