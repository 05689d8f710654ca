"""What still fails, what was mended by which edit, and which other commands ended in an error."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.runs.failures import live_failures, repaired, short_name
from tests.documents.sessions import edited, ran, told

RED = "FAILED test_a.py::test_one - assert 1 == 2\nFAILED test_a.py::test_two - x\n2 failed, 3 passed in 1s"
GREEN = "5 passed in 1s"


def live(*runs, edits=()):
    return [it.name for it in live_failures(runs_of(runs), edits)]


def test_a_failure_is_gone_once_the_same_check_passes():
    red, green = (
        ran("pytest -q", "failed", 1, output=RED),
        ran("cd app && pytest -q 2>&1 | tail", "ok", 2, output=GREEN),
    )
    assert live(red) == ["test_a.py::test_one", "test_a.py::test_two"]
    assert live(red, green) == []


def test_a_failure_is_gone_once_a_wider_check_of_its_kind_passes():
    red = ran("go test ./a -run TestOne", "failed", 1, output="--- FAIL: TestOne (0.1s)\nFAIL")
    assert live(red, ran("mise run test", "ok", 2, output="ok  \tx/a")) == []
    assert live(red, ran("mise run lint", "ok", 2, output="0 issues")) == ["TestOne"]


def test_a_narrow_check_clears_what_it_names_and_no_more():
    red = ran("pytest", "failed", 1, output=RED)
    assert live(red, ran("pytest -k test_one", "ok", 2, output="1 passed")) == ["test_a.py::test_two"]
    assert len(live(red, ran("pytest tests/test_other.py", "ok", 2, output="1 passed"))) == 2


def test_a_run_of_chosen_tests_clears_each_it_chose_and_one_of_a_folder_what_failed_below_it():
    red = "--- FAIL: TestHold (0.0s)\n--- FAIL: TestFree (0.0s)\nFAIL"
    first = ran('go test ./lock/... -run "TestHold|TestFree"', "failed", 1, output=red)
    chosen = ran('go test ./lock/... -run "TestHold|TestOther"', "ok", 2, output="ok  \tapp/lock")
    assert live(first, chosen) == ["TestFree"]
    assert live(first, ran("go test ./lock/... -count=1", "ok", 2, output="ok  \tapp/lock")) == []
    assert len(live(first, ran("go test ./queue/...", "ok", 2, output="ok  \tapp/queue"))) == 2
    below = ran(
        "pytest tests/unit/test_a.py", "failed", 1, output="FAILED tests/unit/test_a.py::test_one - x\n1 failed"
    )
    assert live(below, ran("pytest tests/unit/", "ok", 2, output="5 passed")) == []


def test_a_test_of_go_is_gone_once_its_package_passed_whatever_ran_it_first():
    output = "--- FAIL: TestHold (0.0s)\n    lock_test.go:7: got 0\nFAIL\nFAIL\tshop/lock\t0.01s\nmake: *** [Makefile:4: test] Error 1"
    red = ran("make test", "failed", 1, output=output)
    assert live(red) == ["TestHold"]
    assert live(red, ran("go test ./lock", "ok", 2, output="ok  \tshop/lock")) == []
    assert live(red, ran("go test ./store", "ok", 2, output="ok  \tshop/store")) == ["TestHold"]


def test_a_later_red_run_takes_the_place_of_the_one_before():
    later = ran("pytest", "failed", 2, output="FAILED test_a.py::test_two - y\n1 failed, 4 passed")
    assert live(ran("pytest", "failed", 1, output=RED), later) == ["test_a.py::test_two"]


def test_a_red_run_that_counts_more_than_it_names_clears_none_of_those_before():
    """The others were cut off: nobody can say which of them fail still."""
    cut = "FAILED test_a.py::test_two - x\n2 failed, 3 passed in 1s"
    runs = runs_of([ran("pytest -q", "failed", 1, output=RED), ran("pytest -q | tail -2", "ok", 5, output=cut)])
    assert {it.name for it in live_failures(runs, [])} == {"test_a.py::test_one", "test_a.py::test_two"}
    assert repaired(runs, [edited("a.py", 3)]) == ()


def test_a_command_that_was_wrong_itself_is_no_failure_of_the_project():
    wrong = ran(
        "go test ./session",
        "failed",
        1,
        "stat /p/session: directory not found",
        output="directory not found\nFAIL ./session [setup failed]",
    )
    assert live(wrong) == []


@pytest.mark.parametrize(
    ("command", "output", "name"),
    [
        (
            "go test ./...",
            "--- FAIL: TestWalk (0.0s)\n    walk_test.go:8: lstat /tmp/b: no such file or directory\nFAIL\n",
            "TestWalk",
        ),
        (
            "npx vitest run",
            " FAIL  test/read.test.ts > reads a folder\nError: ENOENT: no such file or directory, open 'b'\n",
            "test/read.test.ts > reads a folder",
        ),
        ("npx tsc", "src/a.ts(3,1): error TS2307: Cannot find module './b'.\n", "src/a.ts(3,1)"),
    ],
)
def test_a_test_that_fails_with_the_words_of_a_wrong_command_is_a_failure(command, output, name):
    assert live(ran(command, "failed", 1, output, output=output)) == [name]


def test_failures_say_whether_files_were_edited_since():
    runs = runs_of([ran("pytest", "failed", 5, output=RED)])
    assert [it.edited for it in live_failures(runs, [edited("a.py", 3)])] == [False, False]
    assert [it.edited for it in live_failures(runs, [edited("a.py", 9)])] == [True, True]


def test_what_an_edit_mended_is_told_with_the_edit():
    edits = (edited("/p/README.md", 15), Edit("/p/src/one.py", 16, "modified", "return 1", "return 2"))
    found = repaired(runs_of([ran("pytest", "failed", 10, output=RED), ran("pytest", "ok", 20, output=GREEN)]), edits)
    assert [(it.name, it.why, it.by) for it in found] == [
        ("test_a.py::test_one", "assert 1 == 2", "one.py: return 1 → return 2")
    ]


def test_no_edit_of_another_family_of_tools_mended_it():
    edits = (edited("/p/tests/one.py", 14), Edit("/p/web/One.vue", 16, "modified", "", "test_one()"))
    found = repaired(runs_of([ran("pytest", "failed", 10, output=RED), ran("pytest", "ok", 20, output=GREEN)]), edits)
    assert [it.by.partition(":")[0] for it in found] == ["one.py"]


NAMED_BY_UNITTEST = "FAIL: test_kept ({}test_store.StoreTest.test_kept)\n{}\n\nFAILED (failures=1)"
WHY = "Traceback\n  File \"/p/tests/test_store.py\", line 4\nAssertionError: 'kept' not found in ''"


@pytest.mark.parametrize(
    ("edits", "by"),
    [
        (
            [Edit("/p/a.py", 12, "modified", "a", "b"), Edit("/p/out.py", 13, "modified", "x", "print('kept')")],
            "out.py",
        ),
        ([Edit("/p/a.py", 12, "modified", "a", "b"), Edit("/p/c.py", 13, "modified", "c", "d")], ""),
        (
            [
                Edit("/p/out.py", 12, "modified", "x", "print('kept')"),
                Edit("/p/a.py", 13, "modified", "kept()\na", "kept()\nb"),
            ],
            "out.py",
        ),
        (
            [Edit("/p/a.py", 12, "modified", "kept()\na", "kept()\nb"), Edit("/p/c.py", 13, "modified", "c", "d")],
            "a.py",
        ),
        ([Edit("/p/tests/test_store.py", 12, "modified", "1", "2", "test_other"), edited("/p/a.py", 13)], "a.py"),
        (
            [Edit("/p/tests/test_store.py", 12, "modified", "1", "2", "test_kept"), edited("/p/a.py", 13)],
            "test_store.py",
        ),
    ],
)
def test_of_several_edits_that_one_mended_which_is_of_the_test_or_shares_its_words_else_none(edits, by):
    runs = [ran("make test", "failed", 10, output=NAMED_BY_UNITTEST.format("tests.", WHY)), ran("make test", "ok", 20)]
    assert [it.by.partition(":")[0] for it in repaired(runs_of(runs), edits)] == [by] * bool(by)


def test_a_test_that_a_later_run_calls_by_a_longer_name_and_finds_red_is_not_mended():
    runs = [
        ran("make test", "failed", 10, output=NAMED_BY_UNITTEST.format("", WHY)),
        ran("make test | tail", "failed", 20, output=NAMED_BY_UNITTEST.format("tests.", WHY)),
    ]
    assert not repaired(runs_of(runs), [edited("/p/a.py", 15)])


def test_prose_mends_nothing():
    runs = runs_of([ran("pytest", "failed", 10, output=RED), ran("pytest", "ok", 20, output=GREEN)])
    edits = (Edit("/p/one.py", 15, "modified", "return 1", "return 2"), edited("/p/NOTES.md", 16))
    assert [it.by for it in repaired(runs, edits)] == ["one.py: return 1 → return 2"]


def test_a_failure_of_a_test_that_was_written_first_is_not_told_as_mended():
    edits = (Edit("/p/test_a.py", 5, "modified", "", "def test_one():\ndef test_two():"), edited("/p/one.py", 15))
    assert not repaired(
        runs_of([ran("pytest", "failed", 10, output=RED), ran("pytest", "ok", 20, output=GREEN)]), edits
    )


def test_a_case_that_was_written_into_a_test_is_red_by_intent_until_it_passes():
    case = Edit("/p/rate_test.go", 5, "modified", "", '{name: "last day", want: 3},')
    red = (
        "--- FAIL: TestRate (0.0s)\n    --- FAIL: TestRate/last_day (0.0s)\n        rate_test.go:9: got 2, want 3\nFAIL"
    )
    mend = Edit("/p/rate.go", 15, "modified", "return 2", "return 3")
    first, green = ran("go test ./...", "failed", 10, output=red), ran("go test ./...", "ok", 20, output="ok \tp\t0.1s")
    assert not repaired(runs_of([first, green]), (case, mend))
    broke_it = runs_of([ran("go test ./...", "ok", 8, output="ok \tp\t0.1s"), first, green])
    assert [it.by for it in repaired(broke_it, (case, mend))] == ["rate.go: return 2 → return 3"]
    longer = case.replace(new='{name: "last day_of_year", want: 3},')
    assert [it.by for it in repaired(runs_of([first, green]), (longer, mend))] == ["rate.go: return 2 → return 3"]


def test_what_mended_a_failure_is_what_all_edits_of_these_lines_came_to():
    path, where = "/p/src/rate.py", "rate"
    edits = (
        Edit(path, 15, "modified", "    return old\n", "    check = held\n    return new\n", where),
        Edit(path, 16, "modified", "", "import held\n"),
        Edit(path, 17, "modified", "    check = held\n    return new\n", "    return new + 1\n", where),
    )
    (found,) = repaired(
        runs_of([ran("pytest", "failed", 10, output=RED), ran("pytest", "ok", 20, output=GREEN)]), edits
    )
    assert "check" not in found.by
    assert "rate: return old → return new + 1" in found.by


def test_a_failure_knows_whether_the_file_it_names_was_edited():
    runs = runs_of([ran("ruff check .", "failed", 10, output="src/a.py:1:1: F401 unused\nsrc/ba.py:2:1: F401 unused")])
    assert [(it.edited, it.touched) for it in live_failures(runs, (edited("/p/src/a.py", 12),))] == [
        (True, True),
        (True, False),
    ]


def test_a_command_that_ran_several_checks_clears_them_all():
    red = ran("mise run lint | tail -20", "ok", 1, output="cmd/a.go:7:5: unused (unused)\n1 issues:\n")
    assert live(red) == ["cmd/a.go:7:5"]
    assert live(red, ran("mise run test && mise run lint | tail", "ok", 2, output="ok  \tx/a\n0 issues.")) == []


def test_what_does_not_compile_is_gone_once_it_is_built_whichever_tool_told_of_it():
    red = ran(
        "go test ./...", "failed", 1, output="# x/a\na/one.go:7:2: undefined: lock\nFAIL\tx/a [build failed]\nFAIL"
    )
    assert live(red) == ["a/one.go:7:2"], "the place tells why the package was not built"
    assert live(red, ran("go build ./... 2>&1 | head -20", "ok", 2, output="")) == []
    assert live(red, ran("go vet ./a", "ok", 2, output="")) == []
    assert live(red, ran("go vet ./b", "ok", 2, output="")) == ["a/one.go:7:2"]


def test_a_red_run_that_names_nothing_keeps_what_was_named_and_tells_what_was_printed():
    red = ran("pytest", "failed", 1, output=RED)
    timeout = ran("pytest -x tests", "failed", 2, "Exit code 143\nCommand timed out after 2m", output="")
    assert live(red, timeout) == ["", "test_a.py::test_one", "test_a.py::test_two"]
    assert live_failures(runs_of([timeout]), ())[0].why == "Command timed out after 2m"


def test_of_a_task_that_checks_everything_each_failure_is_cleared_by_its_own_kind_of_check():
    red = ran("make check", "failed", 1, output=f"src/a.py:7: error: x  [attr]\n{RED}")
    assert len(live(red)) == 3
    assert live(red, ran("pytest", "ok", 2, output=GREEN)) == ["src/a.py:7"]
    assert len(live(red, ran("mypy", "ok", 2, output="Success: no issues found in 3 source files"))) == 2
    assert live(red, ran("make check", "ok", 2, output=GREEN)) == []
    assert live(ran("pytest", "failed", 1, output=RED), ran("npm run ci", "ok", 2, output=GREEN)) == []


def test_a_long_name_of_a_test_says_its_file_and_which_test_it_is():
    name = "src/agents/plugins/tests/long-name-of-a-plugin.test.ts > Plugin of the shop > Config > sets the threshold"
    assert short_name(name) == "long-name-of-a-plugin.test.ts > … > sets the threshold"
    assert short_name("tests/test_a.py::test_b") == "tests/test_a.py::test_b"


def test_a_cycle_of_imports_holds_until_an_edit_takes_one_of_them_out():
    cycle = "package shop/lock\n\timports shop/store from lock.go\n\timports shop/lock from store.go: import cycle not allowed"
    runs = runs_of((ran("go build ./...", "failed", 20, output=cycle),))
    other = Edit("/p/store/store.go", 30, "modified", "x := 1", "x := 2")
    (left,) = live_failures(runs, (other,))
    assert (left.why, left.edited, left.holds) == ("import cycle not allowed", True, True)
    taken = other.replace(old='import (\n\t"shop/lock"\n)', new="")
    (left,) = live_failures(runs, (other, taken))
    assert not left.holds


def test_a_cycle_that_became_another_and_names_left_over_are_not_told_as_mended():
    cycle = (
        "package shop/{0}\n\timports shop/store from {0}.go\n\timports shop/{0} from store.go: import cycle not allowed"
    )
    first, other = (
        ran("go build ./store", "failed", n, output=cycle.format(name)) for n, name in ((1, "lock"), (9, "row"))
    )
    assert repaired(runs_of([first, other]), (edited("/p/store/store.go", 5),)) == ()
    unused = ran("go vet ./...", "failed", 1, output='lock/lock.go:4:2: "os" imported and not used')
    assert repaired(runs_of([unused, ran("go vet ./...", "ok", 9)]), (edited("/p/lock/lock.go", 5),)) == ()


def test_a_failure_is_open_again_once_the_edit_that_mended_it_is_taken_back():
    red = ran("pytest", "failed", 1, output="FAILED test_a.py::test_one - assert 1 == 2\n1 failed, 4 passed in 1s")
    guard = Edit("/p/a.py", 2, "modified", "while full:", "while full and many:")
    green = ran("pytest", "ok", 3, output=GREEN)
    back = Edit("/p/a.py", 4, "modified", "x = 1\nwhile full and many:", "x = 1\nwhile full:")
    runs = runs_of([red, green])
    assert not live_failures(runs, [guard])
    assert [(it.name, it.undone) for it in live_failures(runs, [guard, back])] == [("test_a.py::test_one", True)]
    assert repaired(runs, [guard])
    assert not repaired(runs, [guard, back]), "an edit that was taken back mended nothing"
    assert not live(red, green, ran("pytest", "ok", 5, output=GREEN), edits=[guard, back])
    printed = Edit("/p/a.py", 2, "modified", "", "print(full)")
    mend = Edit("/p/a.py", 2, "modified", "if many:", "if few:")
    gone = Edit("/p/a.py", 4, "modified", "print(full)", "")
    assert not live(red, green, edits=[mend, printed, gone]), "another edit holds"


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("All 12 tests pass now.", True),
        ("The stress test is green, 20 of 20. One other test is red now: TestClose.", False),
        ("TestStress passes now, TestClose still fails.", False),
        ("Still red, as it must be. TestStress is green.", False),
        ("TestStress_Often is green.", False),
    ],
)
def test_that_another_test_passes_says_nothing_of_the_one_that_is_red(said, passes):
    red = ran(
        "go test ./...",
        "failed",
        12,
        output="--- FAIL: TestClose (0.02s)\n    close_test.go:44: aborted\nFAIL\tx\t0.1s",
    )
    transcript = told(("user", "mend it"), commands=(red,))
    words = Message("assistant", said, 13)
    (failure,) = extract(transcript.replace(messages=(*transcript.messages, words))).runs.failures
    assert bool(failure.passed) is passes


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("stimmt, das NOT NULL fehlte. behoben, jetzt 38 von 38 gr\xfcn", True),
        ("fixed in 5e1c0aa, 38 of 38 green", True),
        ("37 of 38 green", False),
        ("bleibt rot. 38 von 38 gr\xfcn war gestern", False),
    ],
)
def test_what_one_of_several_people_says_of_passing_counts(said, passes):
    red = ran("pytest", "failed", 12, output="FAILED test_a.py::test_one - assert 1 == 2\n1 failed, 37 passed in 1s")
    transcript = told(("user", "mend it"), commands=(red,))
    words = Message("user", said, 13, by="ada")
    (failure,) = extract(transcript.replace(messages=(*transcript.messages, words))).runs.failures
    assert bool(failure.passed) is passes
