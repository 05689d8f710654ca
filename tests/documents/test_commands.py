"""Which commands are the project's checks, and which lines of an error tell what is wrong."""

from __future__ import annotations

import pytest

from handoff_cli.documents.commands import is_check, is_piped, telling_lines, untrimmed


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
