"""Which command is the check by the user's word."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract.commands.runners import Runner, named_in, runner_told


@pytest.mark.parametrize(
    ("words", "runner"),
    [
        ("btw tests always with `make check`, not pytest directly", Runner("make check", "pytest", True)),
        ("run them with ./ci.sh", Runner("./ci.sh", "", True)),
        ("please run the tests via make unit", Runner("make unit", "", True)),
        ("Tests immer mit `make t`, nicht mit pytest", Runner("make t", "pytest", True)),
        ("los tests siempre con `make t`", Runner("make t", "", True)),
        ("les tests toujours avec `make t`, pas pytest", Runner("make t", "pytest", True)),
        ("测试请用 `make t`", Runner("make t", "", True)),
        ("never use jest, run the tests with npm test", Runner("npm test", "jest", True)),
        ("use `just lint`, not ruff", Runner("just lint", "ruff")),
        ("use pnpm, not npm", Runner("pnpm", "npm")),
        ("use Decimal, not float", None),
        ("the tests always fail with `make t`", None),
        ("do the tests run with `make t`?", None),
        ("I tested it with `make run`", None),
        ("the tests pass with `make t`", None),
        ("use the main branch, not test", None),
    ],
)
def test_the_check_that_a_sentence_orders_is_known_with_the_one_it_replaces(words, runner):
    assert named_in(words) == runner


@pytest.mark.parametrize(
    ("runner", "command", "kind", "named"),
    [
        (Runner("make t", "pytest", True), "pytest -q tests/test_a.py", "test", "make t"),
        (Runner("make t", "", True), "go test ./...", "test", "make t"),
        (Runner("make t", "", True), "ruff check .", "lint", "ruff check ."),
        (Runner("make t", "", True), "make t ARGS=-x", "test", "make t ARGS=-x"),
        (Runner("pnpm", "npm"), "npm run test", "test", "pnpm run test"),
        (Runner("just lint", "ruff"), "ruff check .", "lint", "just lint"),
        (Runner("just lint", "ruff"), "pytest", "test", "pytest"),
    ],
)
def test_it_is_named_in_place_of_a_check_of_its_kind(runner, command, kind, named):
    assert runner.instead_of(command, kind) == named


def test_the_last_word_of_the_user_counts_and_none_of_the_agent():
    said = (
        ("user", "tests always with make a"),
        ("user", "tests only via make b"),
        ("assistant", "use make c, not make b"),
    )
    told = runner_told([Message(role, text, at) for at, (role, text) in enumerate(said)])
    assert told == Runner("make b", "", True)
