"""What did not hold is told with the check that failed on it and what took its place."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.runs.tried import MOST_TRIED, tried
from tests.documents.sessions import ran, told

RED = "FAILED tests/test_lock.py::test_twice - assert 0 == 3\n1 failed, 3 passed in 0.1s"


def edit(position, old, new, path="/p/lock.py"):
    return Edit(path, position, "modified", old, new, "held", "ok")


def red(position, command="pytest -q", output=RED):
    return ran(command, "failed", position, "Exit code 1", 1, output)


FIRST = edit(10, "return lock.owner", "return lock.owner or default_owner()")
SECOND = edit(30, "return lock.owner or default_owner()", "raise LockHeld(lock.owner)")


def found(edits, *commands):
    return [(it.path, it.where, it.what, it.instead, it.why) for it in tried(edits, runs_of(commands))]


def test_an_edit_that_a_later_one_replaced_after_a_check_had_failed():
    assert found((FIRST, SECOND), red(20)) == [
        (
            "/p/lock.py",
            "held",
            "return lock.owner or default_owner()",
            "raise LockHeld(lock.owner)",
            "tests/test_lock.py::test_twice: assert 0 == 3",
        )
    ]


def test_a_later_edit_of_a_part_of_a_line_replaces_it_and_one_of_a_short_or_kept_part_does_not():
    part = edit(30, "lock.owner or default_owner()", "lock.owner or raised(lock)")
    assert [it[3] for it in found((FIRST, part), red(20))] == ["lock.owner or raised(lock)"]
    for old, new in (("lock.owner", "lock.name"), ("or default_owner()", "or default_owner(), 1")):
        assert not found((FIRST, edit(30, old, new)), red(20))


def test_what_a_later_edit_brought_and_took_out_again_is_none_of_the_first():
    written = edit(10, "", "def held():\n    take(lock)\n    return owner_now\n")
    locked = edit(30, "    take(lock)\n", "    if closed_now:\n        return owner_now\n    take(lock)\n")
    opened = edit(40, "    if closed_now:\n        return owner_now\n", "")
    assert found((written, locked, opened), red(20)) == []
    assert found((written, opened), red(20))


def test_a_run_that_passed_between_does_not_hide_it():
    assert len(found((FIRST, SECOND), ran("pytest tests/a.py", position=15), red(20))) == 1


def test_what_was_seen_mended_before_the_replacement_is_no_attempt():
    other = edit(22, "owner = None", "owner = default_owner()", "/p/owner.py")
    assert found((FIRST, other, SECOND), red(20), ran("pytest -q", position=25)) == []


def test_what_failed_in_another_file_and_was_mended_there_has_nothing_to_do_with_a_later_edit():
    broken = "src/owner.py:6:9: error: lock.owner is no str  [default_owner]"
    there = edit(25, "owner = lock.owner", "owner = str(lock.owner)", "/p/src/owner.py")
    for edits, many in (((FIRST, there, SECOND), 0), ((FIRST, SECOND), 1)):
        assert len(found(edits, red(20, "mypy lock.py", broken))) == many


@pytest.mark.parametrize(
    ("finding", "many"),
    [
        ('lock.py:3: error: Skipping analyzing "shop.store": module has no stubs  [import-untyped]', 0),
        ('lock.py:9: error: "Lock" has no attribute "default_owner"  [attr-defined]', 1),
        ("lock.py:9: error: Missing return statement  [return]", 1),
    ],
)
def test_what_is_found_at_a_place_and_quotes_only_names_that_the_edit_has_not_is_of_other_lines(finding, many):
    assert len(found((FIRST, SECOND), red(20, "mypy lock.py", finding))) == many


@pytest.mark.parametrize(
    ("words", "many"), [("No, no default owner, raise it.", 0), ("No, it still fails.", 1), ("please fix it", 1)]
)
def test_what_the_user_turned_down_was_not_replaced_because_of_the_red_run_before_that(words, many):
    said = (Message("user", words, 25),)
    assert len(tried((FIRST, SECOND), runs_of((red(20),)), None, said)) == many
    session = told(("user", "go"), commands=(red(20),), edits=(FIRST, SECOND))
    assert len(extract(session.replace(messages=(Message("user", "go", 1), *said))).dead_ends.tried) == many


@pytest.mark.parametrize(
    ("edits", "commands"),
    [
        ((FIRST, SECOND), ()),
        ((FIRST, SECOND), (ran("pytest -q", position=20),)),
        ((FIRST, SECOND), (red(40),)),
        ((FIRST, edit(30, "x = 1 # elsewhere", "x = 2 # elsewhere")), (red(20),)),
        ((FIRST, edit(30, SECOND.old, SECOND.new, "/p/other.py")), (red(20),)),
        ((edit(10, "", "def test_it(): held()", "/p/test_lock.py"), SECOND), (red(20),)),
        ((FIRST, SECOND), (red(20, "ruff check .", "lock.py:1:1: F401 unused\nFound 1 error."),)),
    ],
    ids=["no run", "passed", "failed after", "other lines", "other file", "a test first", "a linter"],
)
def test_what_is_no_attempt(edits, commands):
    assert found(edits, *commands) == []


@pytest.mark.parametrize(
    ("path", "where", "printed", "named"),
    [
        ("/p/billing/0043_backfill.py", "forwards", "FAILED tests/test_rows.py::test_sum - assert 1 == 2", False),
        ("/p/billing/rows.py", "total", "FAILED tests/test_rows.py::test_sum - assert 1 == 2", True),
        ("/p/billing/plan.py", "total", "FAILED tests/test_rows.py::test_sum - assert total(2) == 2", True),
        ("/p/lock/hold.go", "Hold", "--- FAIL: TestHold (0.0s)\nFAIL\tshop/lock\t0.1s", True),
        ("/p/queue/push.go", "Push", "--- FAIL: TestHold (0.0s)\nFAIL\tshop/lock\t0.1s", False),
        ("/p/src/tile.rs", "size", "error[E0502]: cannot borrow\n --> src/tile.rs:7:2", True),
    ],
)
def test_a_run_that_names_neither_the_file_nor_a_symbol_nor_a_test_of_it_failed_on_something_else(
    path, where, printed, named
):
    program = "go test ./..." if path.endswith("go") else "cargo test" if path.endswith("rs") else "pytest"
    edits = [it.replace(path=path, where=where) for it in (FIRST, SECOND)]
    assert bool(found(edits, red(20, program, f"{printed}\n1 failed"))) is named


def several(*tests):
    return "\n".join((*(f"FAILED tests/test_lock.py::{it}" for it in tests), f"{len(tests)} failed in 0.1s"))


RANGE = edit(10, "return free", "held = (first, last.tostring()),\nwait = minutes", "/p/lock.py")
SPAN = edit(30, "held = (first, last.tostring()),", "held = inclusive_span(self)", "/p/lock.py")


@pytest.mark.parametrize(
    ("tests", "which"),
    [
        (("test_waits_minutes - assert 4 == 3", "test_first_and_last_inclusive - x"), 1),
        (("test_first_and_last_inclusive - x", "test_waits_minutes - assert 4 == 3"), 0),
        (("test_other[1] - x", "test_first_and_last[1] - x", "test_first_and_last[2] - y"), 1),
        (("test_waits_minutes - assert 4 == 3", "test_other - x"), None),
        (("test_first - x", "test_last - x"), None),
        (("test_twice[1] - x", "test_twice[2] - x"), 0),
    ],
)
def test_of_several_tests_the_one_failed_on_an_edit_that_has_most_of_its_words_and_none_where_that_is_not_told(
    tests, which
):
    told = [it[4] for it in found((RANGE, SPAN), red(20, output=several(*tests)))]
    assert told == ([] if which is None else [f"tests/test_lock.py::{tests[which].replace(' - ', ': ')}"])


def test_the_reason_is_what_the_agent_said_before_the_next_run():
    later = "The problem is that `held` asks the owner of the lock, which `default_owner` never sets."
    runs = (red(20), red(26))
    told_late = extract(told(("user", "go"), commands=runs, edits=(FIRST, SECOND)).replace(messages=said(later, 28)))
    assert [it.cause for it in told_late.dead_ends.tried] == [""]
    at_once = extract(told(("user", "go"), commands=runs, edits=(FIRST, SECOND)).replace(messages=said(later, 22)))
    assert [it.cause for it in at_once.dead_ends.tried] == [later]


@pytest.mark.parametrize(
    ("words", "many"),
    [
        ("Both red, as they should be: nothing closes it yet.", 0),
        ("As expected, the lock and the span fail.", 0),
        ("Red. The lock stays shut.", 1),
        ("The test still fails, not as expected: abs is wrong for negatives.", 1),
        ("3 tests failed, none as it should be.", 1),
        ("As expected, the parser now reads it and the other test fails.", 1),
    ],
)
def test_a_run_that_is_red_as_it_was_meant_to_be_fails_on_nothing(words, many):
    session = told(("user", "go"), commands=(red(20),), edits=(FIRST, SECOND))
    assert len(extract(session.replace(messages=said(words, 22))).dead_ends.tried) == many


def said(text, position):
    return (Message("user", "go", 1), Message("assistant", text, position))


def test_the_latest_come_first_and_they_are_few():
    edits, commands = [], []
    for number in range(10):
        one, two, three = (f"value_{number} = attempt_{it}()" for it in range(3))
        edits += [edit(number * 10 + 1, one, two), edit(number * 10 + 3, two, three)]
        commands.append(red(number * 10 + 2))
    told = found(edits, *commands)
    assert len(told) == MOST_TRIED
    assert told[0][2] == "value_9 = attempt_1()"
