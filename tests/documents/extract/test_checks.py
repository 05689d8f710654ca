"""Which commands are the project's checks, how they ended, and what of it still fails."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.checks import (
    is_check,
    is_piped,
    kind_of,
    last_checks,
    live_failures,
    other_failures,
    repaired,
    runs_of,
    telling_lines,
    unchecked,
    untrimmed,
    variables_in,
)
from tests.documents.sessions import ran, told

RED = "FAILED test_a.py::test_one - assert 1 == 2\nFAILED test_a.py::test_two - x\n2 failed, 3 passed in 1s"
GREEN = "5 passed in 1s"


def live(*runs, edits=()):
    return [it.name for it in live_failures(runs_of(runs), edits)]


def edited(path, position):
    return Edit(path, position, "modified", "a", "b")


@pytest.mark.parametrize(
    "command",
    [
        *(
            "pytest -q",
            "python -m pytest tests",
            "uv run pytest",
            "cd api && npm test",
            "npm run lint:fix",
            "yarn build",
        ),
        *("go test ./...", "cargo clippy", "CI=1 make test-unit", "make", "./gradlew :app:test", "mise run test:ci"),
        *(
            "npx tsc --noEmit",
            "bundle exec rspec",
            "dotnet test",
            "./scripts/run_tests.sh",
            "time ruff check .",
            "tox -e py",
        ),
        *("ls\npytest", "(cd a; mypy .)", "pnpm typecheck", "docker ps; golangci-lint run"),
    ],
)
def test_checks(command):
    assert is_check(command)


@pytest.mark.parametrize(
    "command",
    [
        *(
            "ls",
            "git commit -m 'run pytest'",
            'echo "make test"',
            "cat pytest.ini",
            "grep -r pytest .",
            "pip install pytest",
        ),
        *("git log --grep=test", "cat <<EOF\npytest\nEOF", "npm install", "make install", "vim tests/lint.py"),
    ],
)
def test_no_checks(command):
    assert not is_check(command)


def test_of_an_error_the_telling_lines_are_kept_whole_and_in_order():
    error = "Exit code 1\nrunning 4 files\nerror[E1]: no such field\n  --> src/a.rs:3\nerror: aborting\n" + "x" * 400
    assert telling_lines(error, 60) == "error[E1]: no such field | error: aborting"
    assert telling_lines(error, 30) == "error[E1]: no such field"


def test_an_error_without_a_telling_line_is_kept_from_its_start_and_an_empty_one_is_empty():
    assert telling_lines("Exit code 3\n\nsegv at 0x0\ncore dumped", 300) == "segv at 0x0 | core dumped"
    assert telling_lines("Exit code 1\n\n---\n", 300) == ""


def test_a_pipe_hides_the_exit_code_and_trimming_does_not_make_another_command():
    assert is_piped("pytest 2>&1 | tail -5")
    assert not is_piped("pytest || true")
    assert not is_piped("grep 'a|b' x")
    assert untrimmed("pytest -q 2>&1 | tail -20") == untrimmed("pytest -q")


def test_the_kinds_of_checks():
    assert [
        kind_of(it) for it in ("go test ./...", "mise run lint", "npx tsc", "cargo build", "ruff format --check")
    ] == [
        *("test", "lint", "types", "build", "lint"),
    ]
    assert kind_of("mise run lint && mise run test") == "test"


def test_failures_are_named_even_behind_a_pipe():
    (run,) = runs_of([ran("pytest -q | tail -5", "ok", 1, output=RED)])
    assert (run.outcome, [it.name for it in run.failures]) == ("failed", ["test_a.py::test_one", "test_a.py::test_two"])


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


def test_a_later_red_run_takes_the_place_of_the_one_before():
    later = ran("pytest", "failed", 2, output="FAILED test_a.py::test_two - y\n1 failed, 4 passed")
    assert live(ran("pytest", "failed", 1, output=RED), later) == ["test_a.py::test_two"]


def test_a_command_that_was_wrong_itself_is_no_failure_of_the_project():
    wrong = ran(
        "go test ./session",
        "failed",
        1,
        "stat /p/session: directory not found",
        output="directory not found\nFAIL ./session [setup failed]",
    )
    assert live(wrong) == []


def test_failures_say_whether_files_were_edited_since():
    runs = runs_of([ran("pytest", "failed", 5, output=RED)])
    assert [it.edited for it in live_failures(runs, [edited("a.py", 3)])] == [False, False]
    assert [it.edited for it in live_failures(runs, [edited("a.py", 9)])] == [True, True]


def test_what_was_edited_after_the_last_check_is_unchecked_but_for_prose():
    edits = [edited("a.py", 1), edited("b.py", 6), edited("README.md", 7), edited("c.py", 8)]
    assert unchecked(runs_of([ran("pytest", position=5, output=GREEN)]), edits) == ("c.py", "b.py")


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


def test_a_command_fails_while_its_last_run_failed():
    runs = (
        ran("make a", "failed", 1, "Exit code 2\nnoise\nerror: a"),
        ran("make  b", "failed", 2, "b"),
        ran("make a", "failed", 3, "Exit code 2\nnoise\nerror: a2", 2),
        ran("make b", "ok", 4),
        ran("make c", None, 5),
    )
    (attempt,) = other_failures(told(("user", "x"), commands=runs))
    assert (attempt.command, attempt.error, attempt.exit_code, attempt.failed) == ("make a", "error: a2", 2, 2)


def test_a_command_the_user_refused_failed_for_that_reason():
    refusal = "The user doesn't want to proceed with this tool use. The tool use was rejected"
    (attempt,) = other_failures(told(("user", "deploy"), commands=(ran("ssh prod", "failed", 15, refusal),)))
    assert (attempt.command, attempt.rejected, attempt.error) == ("ssh prod", True, None)


def test_variables_are_names_without_values():
    runs = (ran("API_TOKEN=abc123 curl $BASE_URL/x -H ${API_TOKEN} $HOME"),)
    assert variables_in(runs) == ("API_TOKEN", "BASE_URL")


def test_what_an_edit_mended_is_told_with_the_edit():
    edits = (edited("/p/README.md", 15), Edit("/p/src/one.py", 16, "modified", "return 1", "return 2"))
    found = repaired(runs_of([ran("pytest", "failed", 10, output=RED), ran("pytest", "ok", 20, output=GREEN)]), edits)
    assert [(it.name, it.why, it.by) for it in found] == [
        ("test_a.py::test_one", "assert 1 == 2", "one.py: return 1 → return 2")
    ]


def test_a_failure_of_a_test_that_was_written_first_is_not_told_as_mended():
    edits = (Edit("/p/test_a.py", 5, "modified", "", "def test_one():\ndef test_two():"), edited("/p/one.py", 15))
    assert not repaired(
        runs_of([ran("pytest", "failed", 10, output=RED), ran("pytest", "ok", 20, output=GREEN)]), edits
    )


def test_a_failure_knows_whether_the_file_it_names_was_edited():
    runs = runs_of([ran("ruff check .", "failed", 10, output="src/a.py:1:1: F401 unused\nsrc/ba.py:2:1: F401 unused")])
    assert [(it.edited, it.touched) for it in live_failures(runs, (edited("/p/src/a.py", 12),))] == [
        (True, True),
        (True, False),
    ]


def test_look_ups_and_checks_that_passed_in_another_form_leave_nothing_open():
    runs = [
        ran("grep -n x a.py", "failed", 10, exit_code=1),
        ran("pytest tests/a.py", "failed", 11, output="FAILED tests/a.py::test_one - x\n1 failed"),
        ran("pytest", "ok", 12, output=GREEN),
        ran("./deploy.sh", "failed", 13, "Exit code 1\nerror: no host"),
    ]
    assert [(it.command, it.minor) for it in other_failures(told(commands=tuple(runs)))] == [
        ("./deploy.sh", False),
        ("pytest tests/a.py", True),
        ("grep -n x a.py", True),
    ]
