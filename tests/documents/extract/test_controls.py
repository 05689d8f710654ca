"""A check that was run with the work put away tells nothing of the work."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.checks import runs_of
from handoff_cli.documents.extract.controls import of_another_tree
from tests.documents.sessions import ran


@pytest.mark.parametrize(
    ("lines", "others"),
    [
        (["git stash -q && pytest -q 2>&1 | tail -3; git stash pop -q"], [0]),
        (["git stash push src/lock.py -q; pytest -q; git stash pop; git status --short"], [0]),
        (["git stash", "pytest -q", "git stash pop && pytest -q"], [1]),
        (["git -C sub stash save wip", "pytest -q", "git -C sub stash pop"], [1, 2]),
        (["git bisect start HEAD v1", "pytest -q", "git bisect bad", "pytest -q", "git bisect reset"], [1, 2, 3, 4]),
        (["git stash", "pytest -q"], []),
        (["git stash list", "pytest -q", "git stash pop"], []),
        (["pytest -q", "git stash pop"], []),
    ],
)
def test_between_putting_the_work_away_and_taking_it_back(lines, others):
    """What never came back may be meant to be gone: it is no control."""
    assert sorted(of_another_tree([ran(line, position=place) for place, line in enumerate(lines)])) == others


def test_a_stash_that_would_not_come_back_leaves_the_work_away():
    away = [ran("git stash"), ran("git stash pop", "failed"), ran("pytest -q"), ran("git stash pop")]
    assert sorted(of_another_tree(away)) == [1, 2, 3]


def test_it_is_no_run_of_a_check():
    red = "FAILED tests/test_lock.py::test_held - assert 0 == 3\n1 failed"
    control = ran("git stash -q; pytest -q; git stash pop -q", position=12, output=red)
    assert [it.position for it in runs_of([ran("pytest -q", position=11, output="1 passed"), control])] == [11]
