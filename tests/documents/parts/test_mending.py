"""What is to be mended, the commonest error first, and what is to be undone, early and not where a to-do has it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Todo
from handoff_cli.documents.extract.commands.checks import SERVER
from handoff_cli.documents.extract.commands.runners import Runner
from handoff_cli.documents.extract.facts import Stashed, Task
from handoff_cli.documents.extract.failed import Check, LiveFailure
from handoff_cli.documents.parts.failing import failures
from handoff_cli.documents.parts.mending import mending, overdue, proof, proof_of_all, run_edited_tests, to_undo
from handoff_cli.documents.parts.pieces import MUST, STANDING
from tests.documents.sessions import story_of

_STORY = story_of(
    stashed=(Stashed((), ("/p/src/rates.py",)),),
    temporary=(("/p/a.py", "load: print('DEBUG')"), ("/p/compose.override.yml", "the whole file, it was created")),
    to_put_back=("One thread now; to be set back to four after the test.",),
)


def lines(story):
    return [piece.forms[0] for piece in to_undo(story)]


def test_stashes_come_first_then_lines_with_their_file_then_what_was_said():
    assert lines(_STORY) == [
        "git stash of rates.py, not popped",
        "a.py: load: print('DEBUG')",
        "compose.override.yml: the whole file, it was created",
        "One thread now; to be set back to four after the test.",
    ]
    assert {(piece.part, piece.orders[0]) for piece in to_undo(_STORY)} == {(STANDING, MUST)}


def test_a_file_that_an_open_to_do_names_comes_late():
    def late(status):
        story = story_of(_STORY, todos=(Todo("delete `compose.override.yml`", status),))
        return [piece.forms[0].partition(":")[0] for piece in to_undo(story) if piece.orders[0] > MUST]

    assert (late("pending"), late("completed")) == (["compose.override.yml"], [])


def failing(*whys):
    made = (LiveFailure(f"a.go:{at}:1", why, "go build ./...", "build", 9) for at, why in enumerate(whys, 1))
    return mending(story_of(failures=tuple(made)), False)


def test_of_several_kinds_of_errors_the_commonest_is_told_and_that_it_is_not_all():
    unused, missing = '"shop/lock" imported and not used', "undefined: Hold"
    assert failing(unused, missing, "undefined: Free") == (
        "Fix `a.go:2:1`, `a.go:3:1` and 1 more (most: undefined: Hold)."
    )
    assert "(the first: " in failing(unused, missing)
    assert "(undefined: Hold)" in failing(missing, "undefined: Free")


def test_the_check_that_the_user_told_to_run_is_named_where_another_would_be():
    runner, check = Runner("make t", "pytest", tests=True), Check("pytest -q", None)
    edited = story_of(checks=(check,), unchecked=("/p/rates.py",))
    assert mending(edited, False).startswith("Run `pytest -q`: ")
    assert mending(story_of(edited, runner=runner), False).startswith("Run `make t`: ")
    red = LiveFailure("test_rates", "assert 1 == 2", "pytest -q", "test", 20)
    assert mending(story_of(failures=(red,), runner=runner), False).endswith(", then run `make t`.")
    assert proof(story_of(checks=(check,), runner=runner), "") == "make t"


FEW = Check("go test -run TestRate ./rates", "ok")


def wide(*since, command="make test", kind="test", outcome="ok"):
    return Check(command, outcome, kind=kind, edited=len(since), since=since)


def test_what_checked_all_code_before_it_was_edited_is_due_though_a_part_passed_since():
    lint = wide("p/rates/rate_test.go", command="make lint", kind="lint")
    step = "Run `make test` and `make lint`: not run since `rate.go`, `rate_test.go` changed (passed before)"
    both = (FEW, wide("p/rates/rate_test.go", "p/rates/rate.go"), lint)
    assert overdue(story_of(checks=both)) == step
    red = (FEW, wide("p/rates/rate.go", outcome="failed"))
    assert overdue(story_of(checks=red)) == "Run `make test`: not run since `rate.go` changed"
    within = (FEW, wide("p/rates/rate.go", command="make test && make lint"), lint)
    assert overdue(story_of(checks=within)).startswith("Run `make test && make lint`: ")


def test_nothing_is_due_where_all_was_checked_since_or_only_tests_that_a_run_since_looked_at_were_edited():
    for checks, is_due in (
        ((FEW, wide()), False),
        ((FEW,), False),
        ((FEW, wide("README.md", command="make lint", kind="lint")), False),
        ((FEW, wide("p/rates/rate_test.go")), False),
        ((FEW, wide("p/store/store_test.go")), True),
        ((FEW, wide("p/rates/rate.ts", command="go test ./...")), False),
        ((FEW, wide("p/rates/rate.go", command="go test ./store/...")), False),
    ):
        assert bool(overdue(story_of(checks=checks))) == is_due, checks


def test_a_suite_by_its_name_or_by_what_it_runs_proves_nothing_where_all_tests_were_run():
    suite, every = wide("a.go", command="mise run test:integration"), wide("a.go", command="mise run test")
    assert proof_of_all(story_of(checks=(suite, every))) == proof(story_of(checks=(suite, every)), "") == every.command
    assert proof_of_all(story_of(checks=(suite,))) == suite.command
    ci = wide("a.go", command="mise run test:ci")
    assert proof_of_all(story_of(checks=(ci, every))) == ci.command
    assert proof_of_all(story_of(checks=(suite.replace(ran="go test ./integration"),))) == ""
    edited = story_of(checks=(suite, every), unchecked=("/p/rates.go",))
    assert mending(edited, False).startswith("Run `mise run test`: ")


def test_what_is_let_be_and_has_no_name_stands_under_its_command():
    red = LiveFailure("", "", "pytest tests -v", "test", 15, left="They are pre-existing.", unrelated=True)
    (piece,) = failures(story_of(left_red=(red,)))
    assert piece.forms == ("pytest tests -v → “They are pre-existing.”",)


def test_what_fails_at_code_that_was_not_edited_since_is_to_be_seen_to_though_other_files_were():
    red = LiveFailure(
        "t.py::a", "no such cursor at app/export.py:29", "pytest -q 2>&1 | tail -5", "test", 4, edited=True
    )
    seen_to = "See to `t.py::a`, the code it fails at was not edited since; then run `pytest -q`."
    for stands, step in ((True, seen_to), (False, "Run `pytest -q` again: it failed, and files were edited since.")):
        assert mending(story_of(failures=(red.replace(stands=stands),)), False) == step


def test_of_tests_that_failed_alike_the_reason_is_told_once_and_the_last_few_are_named():
    why = "InvalidCursorName: no such cursor at app/export.py:29"
    red = [LiveFailure(f"t.py::{it}", why, "pytest -q", "test", 4) for it in "abcde"]
    (piece,) = (it for it in failures(story_of(failures=tuple(red))) if it.kind == "live failure")
    assert piece.forms[0].split("\n")[1:] == [
        f"  t.py::a: {why}",
        *(f"  t.py::{it}: the same" for it in "bcd"),
        "  and t.py::e",
    ]


def test_of_places_that_failed_alike_it_is_told_which_was_edited_since():
    why = "No value passed for parameter 'clock'."
    red = [LiveFailure(f"{it}.kt:1", why, "make", "build", 4, edited=True, touched=it == "b") for it in "ab"]
    (piece,) = (it for it in failures(story_of(failures=tuple(red))) if it.kind == "live failure")
    assert piece.forms[0].endswith("  b.kt:1: the same (its file was edited since)")


def test_of_tests_whose_errors_end_alike_the_end_is_told_once_and_whole():
    end = (
        "failed to read the table: cannot put a list of rows into the field Price.rows.amount, which is of type string"
    )
    ends = {"read_all": f"a_test.go:12: read_all() = {end}", "read_one": f"a_test.go:40: read_one() = {end}"}
    red = [LiveFailure(name, why, "go test ./...", "test", 4) for name, why in ends.items()]
    (piece,) = (it for it in failures(story_of(failures=tuple(red))) if it.kind == "live failure")
    assert piece.forms[0].split("\n")[1:] == [
        f"  read_all: {ends['read_all']}",
        "  read_one: a_test.go:40: read_one(): the same",
    ]
    other = red[1].replace(why="a_test.go:40: read_one() is empty")
    (piece,) = (it for it in failures(story_of(failures=(red[0], other))) if it.kind == "live failure")
    assert piece.forms[0].endswith(f"  read_one: {other.why}")


def test_of_errors_that_end_alike_no_figure_is_told_in_half():
    end = "to be lower than the configured limit of the import queue"
    red = [LiveFailure(f"t_{n}", f"Error: expected {n} {end}", "pytest", "test", 4) for n in (112, 12)]
    (piece,) = (it for it in failures(story_of(failures=tuple(red))) if it.kind == "live failure")
    assert piece.forms[0].split("\n")[2] == "  t_12: Error: expected 12: the same"


def test_of_an_error_with_two_long_sides_the_step_tells_where_these_differ():
    why = f"IllegalStateException: {'Migration did not properly handle it: ' * 3}| expected 'index_a' | found 'idx_a'"
    red = LiveFailure("Test > migrate", why.replace(": | ", ": it | "), "gradlew test", "test", 4)
    assert mending(story_of(failures=(red,)), False) == "Fix `Test > migrate` (expected 'index_a' | found 'idx_a')."


@pytest.mark.parametrize(
    ("temporary", "since", "stands"),
    [
        ((("/p/limit.go", "sweep(17)  // TEMP"),), ("/p/limit.go",), True),
        ((("/p/limit.go", "sweep(17)  // TEMP"),), ("/p/limit.go", "/p/db.go"), False),
        ((), ("/p/limit.go",), False),
    ],
)
def test_what_stands_for_a_while_makes_no_proof_an_old_one(temporary, since, stands):
    bench = Check("go test ./limit -bench Sweep", "ok", edited=len(since), since=since)
    told = proof(story_of(checks=(bench,), made=("limit.go",), temporary=temporary), "")
    assert told == ("" if stands else bench.command)


def test_a_linter_that_failed_before_the_last_edit_is_run_again_rather_than_the_tests_that_passed():
    lint = LiveFailure("a.py:3:1", "unused", "make lint", "lint", 9, edited=True, touched=True)
    tests = Check("make test", "ok", edited=1)
    assert mending(story_of(failures=(lint,), checks=(tests,), unchecked=("/p/a.py",)), False) == (
        "Run `make lint` again: it failed (a.py:3:1: unused), and files were edited since."
    )
    several = mending(story_of(failures=(lint, lint.replace(name="b.py:1:1")), checks=(tests,)), False)
    assert "it failed (first of a.py:3:1: unused)" in several
    red = LiveFailure("test_a", "assert 1 == 2", "make test", "test", 20)
    assert "make lint" not in mending(story_of(failures=(lint, red), checks=(tests,)), False)


def test_tests_that_were_edited_last_and_never_run_are_run_next():
    written = {"state": "progress", "unchecked": ("/p/test_cart.py",), "happened": ("edited test_cart.py: + test_sum",)}
    assert run_edited_tests(story_of(**written)) == "Run the tests just edited in `test_cart.py`."
    first = run_edited_tests(story_of(**written, task=Task(tests_first="I write the failing tests first.")))
    assert first.endswith(
        ": they are to fail until their code is written (the agent: I write the failing tests first)."
    )
    for other in (
        {"unchecked": ("/p/test_cart.py", "/p/cart.py")},
        {"happened": ("edited test_cart.py: + test_sum", "read cart.py")},
        {"about": "Now let me mend the cart."},
        {"checks": (Check("pytest", "ok"),)},
        {"todos": (Todo("Test an empty cart", "in_progress"),)},
        {"state": "answered"},
    ):
        assert run_edited_tests(story_of(**{**written, **other})) == ""


def test_a_test_that_fails_while_tests_come_first_fails_as_it_was_meant_to():
    red = LiveFailure("test_sum", "assert 1 == 2", "pytest", "test", 20)
    assert "as it was meant to" in mending(story_of(failures=(red,), task=Task(tests_first="Tests first.")), False)
    assert "as it was meant to" not in mending(story_of(failures=(red,)), False)


def test_chosen_tests_are_run_in_their_folder_where_the_shell_stands_in_another():
    def step(command, ran_in, stands_in):
        check = Check(command, "ok", edited=1, folder=ran_in)
        return mending(story_of(checks=(check,), unchecked=("/p/a.go",), folder=stands_in), False)

    few = "go test -run TestHold"
    assert step(few, "/p/shop/lock", "/p/shop").startswith("Run `cd lock && go test -run TestHold`: ")
    assert step(few, "/p/shop/lock", "/p/shop/rows").startswith("Run `cd ../lock && go test -run TestHold`: ")
    assert step(few, "/p/my shop", "/p").startswith("Run `cd 'my shop' && go test -run TestHold`: ")
    for same in (
        (few, "C:\\p\\lock", "C:\\p"),
        (few, "/p/shop", "/p/shop"),
        (few, "", "/p/shop"),
        (few, "/p/shop/lock", ""),
    ):
        assert step(*same).startswith(f"Run `{few}`: ")
    assert step("make test", "/p/shop/lock", "/p/shop").startswith("Run `make test`: ")  # it finds its project


def test_the_check_to_run_is_named_with_the_way_from_where_the_session_began():
    check = Check("gleam test", "ok", edited=1, below="api")
    assert mending(story_of(checks=(check,), unchecked=("/p/api/a.gleam",)), False).startswith(
        "Run `cd api && gleam test`: "
    )


def test_a_check_that_does_not_look_at_what_was_edited_last_is_not_the_one_to_run():
    """It would pass and prove nothing."""
    lint, server = (
        Check("ruff check api/run.py", "ok", kind="lint"),
        Check("curl -s localhost:80/health", "ok", kind=SERVER),
    )
    edited = {"unchecked": ("/p/web/main.py",)}
    assert mending(story_of(checks=(server, lint), **edited), False) == (
        "Check `main.py`: edited last, and `ruff check api/run.py` did not look there."
    )
    tests = Check("pytest web/tests -q", "ok", kind="test")
    assert mending(story_of(checks=(server, lint, tests), **edited), False).startswith("Run `pytest web/tests -q`: ")
