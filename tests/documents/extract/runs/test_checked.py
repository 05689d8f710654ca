"""The checks as they were last run, and what was edited since."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.runs.checked import last_checks, unchecked
from tests.documents.sessions import edited, ran, told

RED = "FAILED test_a.py::test_one - assert 1 == 2\nFAILED test_a.py::test_two - x\n2 failed, 3 passed in 1s"
GREEN = "5 passed in 1s"


def test_a_check_is_the_same_whether_its_passing_commits_or_not():
    runs = runs_of(
        [ran("pytest -q", "failed", 1, output=RED), ran("pytest -q && git add -A && git commit -m x", "ok", 2)]
    )
    assert [it.command for it in runs] == ["pytest -q", "pytest -q"]
    (check,) = last_checks(runs, [])
    assert check.outcome == "ok"
    assert runs_of([ran("git commit -am x; pytest -q", "ok", 3)])[0].command == "git commit -am x; pytest -q"


def test_a_red_check_is_overcome_once_a_later_run_passed_all_that_it_checks():
    runs = [ran("make lint", "failed", 1, "a.py:1:1: E501"), ran("make fmt && make lint", "ok", 5)]
    assert {it.command: it.overcome for it in last_checks(runs_of(runs), [])} == {
        "make fmt && make lint": False,
        "make lint": True,
    }


def test_a_red_check_of_a_part_is_overcome_once_all_its_steps_passed_in_another_line():
    red = ran("pnpm --filter web test", "failed", 1, "a.test.ts > held")
    for then, overcome in (
        ("pnpm --filter web test && pnpm --filter api test", True),
        ("pnpm --filter api test && pnpm --filter db test", False),
        ("pnpm --filter web test; pnpm --filter api test", False),
    ):
        found = {it.command: it.overcome for it in last_checks(runs_of([red, ran(then, "ok", 5)]), [])}
        assert found[red.text] is overcome, then


def test_a_check_that_a_loop_ran_again_is_the_same_check():
    runs = runs_of(
        [
            ran("pytest -q tests/web", "failed", 1, output=RED),
            ran("for i in 1 2 3; do pytest -q tests/web; done; git status", "ok", 5, output=GREEN),
        ]
    )
    (check,) = last_checks(runs, [edited("/p/web.py", 3)])
    assert (check.outcome, check.edited) == ("ok", 0)


def test_checks_are_the_latest_first_and_what_only_trims_its_output_last():
    runs = [
        ran("pytest 2>&1", position=1),
        ran("ls", position=2),
        ran("ruff check .", None, 3),
        ran("pytest | tail", position=4),
    ]
    found = last_checks(runs_of(runs), [edited("a.py", 3)])
    assert [(it.command, it.outcome, it.kind, it.edited) for it in found] == [
        ("pytest | tail", None, "test", 0),
        ("ruff check .", None, "lint", 0),
        ("pytest 2>&1", "ok", "test", 1),
    ]


def test_a_check_whose_output_was_cut_otherwise_is_told_by_its_last_run_alone():
    runs = [
        ran("./prepare.sh; make test 2>&1 | grep -E '^(FAIL|OK)' | head -5; cp a.db b.db", None, 1, output="OK"),
        ran("cd api && make test", None, 2, output="OK"),
        ran("make test | tail -40", None, 3, output=RED),
    ]
    found = [(it.command, it.outcome) for it in last_checks(runs_of(runs), [])]
    assert found == [("make test | tail -40", "failed"), ("cd api && make test", "ok")]


def test_a_chain_that_failed_in_its_tests_got_past_what_came_before_them():
    runs = runs_of(
        (
            ran("make lint 2>&1", "ok", 10, output="0 issues"),
            ran("make lint && make test 2>&1 | tail -5", "failed", 30, output=RED),
        )
    )
    lint = next(it for it in last_checks(runs, (edited("/p/a.py", 20),)) if it.kind == "lint")
    assert (lint.command, lint.outcome, lint.edited) == ("make lint 2>&1", "ok", 0)
    stopped = runs_of(
        (ran("make lint", "ok", 10), ran("make lint && make test", "failed", 30, output="a.py:1:1: F401 x"))
    )
    assert [it.edited for it in last_checks(stopped, (edited("/p/a.py", 20),)) if it.command == "make lint"] == [1]


def test_a_check_tells_which_files_were_edited_since_and_what_its_task_runs():
    output = "[test] $ go test ./...\nok  \tshop/rates\t0.4s"
    (check,) = last_checks(
        runs_of([ran("mise run test | tail -50", "ok", 1, output=output)]),
        [edited("a.go", 20), edited("b.go", 21), edited("a.go", 22)],
    )
    assert (check.since, check.edited, check.does) == (("a.go", "b.go"), 2, "go test ./...")


def test_what_was_edited_after_the_last_check_is_unchecked_but_for_prose():
    edits = [edited(it, at) for at, it in enumerate(("a.py", "b.py", "README.md", "c.py", ".gitignore"), 4)]
    green = runs_of([ran("pytest", position=4, output=GREEN)])
    assert unchecked(green, edits) == ("c.py", "b.py")
    probe = (edited("try.py", 9).replace(action="created"), edited("try.py", 10).replace(action="deleted"))
    assert unchecked(green, [*edits, *probe]) == ("c.py", "b.py")
    assert unchecked(green, [*edits, probe[1]]) == ("try.py", "c.py", "b.py")
    trial = edits[-1].replace(path="/p/scratch/remap.py", position=98)
    assert unchecked(green, [*edits, trial]) == ("c.py", "b.py")


def test_prose_that_was_edited_since_makes_no_test_old_but_what_reads_it():
    edits = [edited("docs/plan.md", 20), edited("notes.txt", 21)]
    assert [it.edited for it in last_checks(runs_of([ran("pytest -q", "ok", 1)]), edits)] == [0]
    assert [it.edited for it in last_checks(runs_of([ran("npm run lint", "ok", 1)]), edits)] == [2]
    for read in ("tests/in.txt", "CMakeLists.txt", "requirements.txt"):
        assert [it.edited for it in last_checks(runs_of([ran("pytest -q", "ok", 1)]), [edited(read, 20)])] == [1]


@pytest.mark.parametrize(
    ("later", "over"),
    [
        ("cmake --build out 2>&1 | tail -1 && ctest --test-dir out", True),
        ("npm run lint", False),
    ],
)
def test_a_red_check_is_over_once_a_run_of_another_form_clears_all_that_it_found(later, over):
    found = "/p/src/a.cpp:3:9: error: 'held' was not declared in this scope"
    red = ran("cmake --build out 2>&1 | grep error", "failed", 10, output=found)
    checks = last_checks(
        runs_of((red, ran(later, "ok", 30, output="100% tests passed, 0 tests failed out of 3"))),
        (edited("/p/src/a.cpp", 40),),
    )
    assert next(it for it in checks if it.outcome == "failed").overcome is over


def test_a_run_of_a_part_alone_leaves_the_red_run_of_all():
    red = ran("pytest", "failed", 10, output="FAILED tests/test_a.py::test_one - assert 1 == 2\n1 failed in 0.1s")
    checks = last_checks(runs_of((red, ran("pytest tests/test_a.py", "ok", 30))), (edited("/p/a.py", 40),))
    assert next(it for it in checks if it.outcome == "failed").overcome is False


def test_a_check_that_ran_again_among_others_is_told_by_that_run():
    for ended in (ran("mypy", "failed", 1, "a.py:1: error: x\nFound 1 error in 1 file"), ran("mypy", "ok", 1)):
        for then, overcome in (
            ("mypy; pytest -q 2>&1 | tail -9", True),
            ("pytest -q && mypy; pytest -q", False),
            ("cd web; mypy; pytest -q", False),
        ):
            runs = runs_of([ended, ran(then, "failed", 5, output=RED)])
            found = {it.command: it.overcome for it in last_checks(runs, [])}
            assert found["mypy"] is overcome, then


def test_a_check_whose_runner_counted_what_failed_was_not_wrong_itself():
    said = "FAIL src/a.test.ts\n  Cannot find module './b' from 'a.ts'\n\nTest Suites: 4 failed, 4 total\nTests:       0 total"
    (run,) = runs_of([ran("yarn test", "failed", 1, said, 1, said)])
    assert run.outcome == "failed"
    (lost,) = runs_of([ran("yarn test", "failed", 1, "Error: Cannot find module 'jest'", 1)])
    assert lost.outcome is None


def test_a_check_whose_list_was_cut_off_has_failed_as_often_as_it_counts():
    output = "FAILED test_a.py::test_one - assert 1 == 2\n4 failed, 101 passed in 3s"
    (check,) = last_checks(runs_of([ran("pytest -q", "failed", 1, output=output)]), [])
    assert check.failed == 4


def test_a_check_is_told_by_its_last_known_end_and_what_was_edited_since_that():
    first = ran("pytest -q > /tmp/run.txt && wc -l /tmp/run.txt", "ok", 1, output=GREEN)
    second = ran("pytest -q | tail -3", "ok", 8, output=GREEN)
    counts = ran("pytest -q | grep -c leaks", "ok", 9, output="66")
    checks = last_checks(runs_of([first, second, counts]), [edited("a.py", 5)])
    assert [(it.outcome, it.edited) for it in checks[:2]] == [(None, 0), ("ok", 0)]
    assert [(it.outcome, it.edited) for it in checks[2:]] == [("ok", 1)]


def test_where_a_check_ran_is_told_from_where_the_session_began_unless_it_goes_there_itself():
    runs = [ran(text, position=at).replace(folder=folder) for at, (text, folder) in enumerate((
        ("gleam test", "/p/shop/api"), ("cd /p/shop/web && npm test", "/p/shop/api"), ("make lint", "/p/shop"), ("pytest", "/q")
    ), 1)]  # fmt: skip
    found = {it.command: it.below for it in last_checks(runs_of(runs), [], "/p/shop")}
    assert found == {"gleam test": "api", "cd /p/shop/web && npm test": "", "make lint": "", "pytest": ""}


def test_the_story_has_where_a_check_ran_from_where_the_session_began():
    run = ran("gleam test", position=20, output="3 passed, no failures").replace(folder="/p/shop/api")
    said = told(("user", "mend it"), commands=(run,)).replace(folder="/p/shop")
    assert [it.below for it in extract(said).runs.checks] == ["api"]
