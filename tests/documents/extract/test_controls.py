"""A check that was run with the work put away tells nothing of the work."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.checks import runs_of
from handoff_cli.documents.extract.controls import of_another_tree
from tests.documents.sessions import ran
from tests.growth import assert_linear


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
        (["git stash push --keep-index", "pytest -q", "git stash pop"], []),
        (["git stash -k", "pytest -q", "git stash pop"], []),
        (["git stash pop; git stash", "pytest -q", "git stash pop"], [1, 2]),
        (["git stash push -m 'till git stash pop'"], []),
    ],
)
def test_between_putting_the_work_away_and_taking_it_back(lines, others):
    """What never came back may be meant to be gone: it is no control."""
    assert sorted(of_another_tree([ran(line, position=place) for place, line in enumerate(lines)])) == others


def test_a_stash_that_would_not_come_back_leaves_the_work_away():
    away = [ran("git stash"), ran("git stash pop", "failed"), ran("pytest -q"), ran("git stash pop")]
    assert sorted(of_another_tree(away)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("edited", "others"), [((), [1, 2]), ((1,), []), ((0, 3), []), ((9,), [1, 2]), ((-1, 4), [1, 2])]
)
def test_what_ran_while_files_were_edited_is_of_the_work(edited, others):
    """Edits before the work was put away and after it came back are no such ones."""
    lines = [ran("git stash", position=0), ran("pytest -q", position=1), ran("git stash pop", position=3)]
    assert sorted(of_another_tree(lines, edited)) == others


def test_many_stashes_and_edits_cost_no_more_than_their_number():
    def work(many):
        lines = [ran(f"git stash{' pop' * (place % 2)}", position=place) for place in range(many)]
        return of_another_tree(lines, range(many))

    assert_linear(work, 2_000)
    assert_linear(lambda size: of_another_tree([ran("git stash; git -c a stash -" * size)]), 2_000)


def test_it_is_no_run_of_a_check():
    red = "FAILED tests/test_lock.py::test_held - assert 0 == 3\n1 failed"
    control = ran("git stash -q; pytest -q; git stash pop -q", position=12, output=red)
    assert [it.position for it in runs_of([ran("pytest -q", position=11, output="1 passed"), control])] == [11]
