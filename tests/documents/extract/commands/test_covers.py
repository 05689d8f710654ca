"""Which passing check shows that what an earlier one found is gone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_cli.documents.extract.commands.checks import Run, kinds_of
from handoff_cli.documents.extract.commands.covers import checks_file, clears, may_check, reach_of, replaces
from handoff_cli.documents.extract.commands.outputs import Failure

CYCLE = ("lock, lock.go imports store, store.go imports lock", "import cycle not allowed")
UNIT, HELD = ("tests/unit/test_a.py::test_one", "x"), ("TestHold", "got 0")
TYPES = ("web/src/a.ts(3,4)", "TS2304: Cannot find name 'lock'.")


def run(command, outcome="ok", *failures):
    return Run(kinds_of(command), command, 1, outcome, tuple(failures))


@pytest.mark.parametrize(
    ("red", "found", "green", "gone"),
    [
        ("go build ./lock", CYCLE, "go build ./store", True),
        ("go build ./lock", CYCLE, "go vet ./queue", False),
        ("go build ./lock", CYCLE, "go run cmd/shop/main.go", True),
        ("go build ./lock", CYCLE, "go test ./app/... -run TestOther", False),
        ("go test ./...", ("app/lock/a.go:7:2", "undefined: held"), "go test ./app/lock -run TestOther", True),
        ("go test ./...", ("app/lock/a.go:7:2", "undefined: held"), "go build ./app/queue/...", False),
        ("go test ./lock -run TestHold", HELD, "cd lock && go test", True),
        ("go test ./lock -run TestHold", HELD, "cd queue && go test ./...", False),
        ("go test ./...", HELD, "go test ./lock -run 'TestHold|TestFree'", True),
        (
            "go test -run 'TestA|TestB' ./lock",
            ("app/lock", "panic"),
            "go test -count=9 -run 'TestA|TestB' ./lock",
            True,
        ),
        ("go test -run 'TestA|TestB' ./lock", ("app/lock", "panic"), "go test -run TestA ./lock", False),
        ("go test ./...", HELD, "mise run test:ci 2>&1 | tail -20", True),
        ("mvn test", ("HoldTest.free", "got 0"), "mvn test -Dtest='Hold*,Free*'", True),
        ("mvn test", ("HoldTest.free", "got 0"), "mvn test -Dtest='Free*'", False),
        ("cargo test -p lock", ("crates/held/src/a.rs:9:2", "mismatched types"), "cargo test -p lock", True),
        ("cargo test -p lock held", ("crates/held/src/a.rs:9:2", "mismatched types"), "cargo test -p lock", True),
        ("cargo test -p lock held", ("crates/held/src/a.rs:9:2", "mismatched types"), "cargo test -p queue", False),
        ("go vet ./... && go test ./lock", HELD, "go vet ./lock", False),
        ("go vet ./... && go test ./lock", HELD, "go vet ./... && go test ./...", True),
        ("ruff format --check . && pytest", ("src/a.py", ""), "ruff format --check .", True),
        ("ruff check . && pytest", UNIT, "ruff check .", False),
        ("ruff check . && pytest", UNIT, "pytest tests", True),
        ("npm run build && npm test", ("a.test.ts > held", ""), "npm run build", False),
        ("go test ./...", HELD, "go test ./lock -run '^$'", False),
        ("cargo test", ("tests::held", ""), "cargo test --no-run", False),
        ("cargo test", ("tests::held", ""), "cargo check --tests", False),
        ("pytest", UNIT, "pytest --collect-only -q", False),
        ("golangci-lint run", ("app/a.go:7:5", "x is unused (unused)"), "go build ./...", False),
        ("pytest", UNIT, "pytest tests/unit", True),
        ("pytest", UNIT, "python -m pytest tests/unit/test_a.py -q 2>&1 | tail -3", True),
        ("pytest", UNIT, "pytest tests/e2e", False),
        ("pytest", UNIT, "npm test", False),
        ("pytest", UNIT, "make test", True),
        ("pytest", UNIT, "cd web && pytest -q --tb short", False),
        ("cd web && pytest", UNIT, "cd web && pytest -q", True),
        ("ruff check .", ("src/a.py:1:1", "F401 unused"), "ruff check src/b.py", False),
        ("ruff check .", ("src/a.py:1:1", "F401 unused"), "ruff check src --fix", True),
        ("tsc --noEmit", TYPES, "npx tsc -p web/tsconfig.json", True),
        ("tsc --noEmit", TYPES, "npx tsc -p api/tsconfig.json", False),
        ("tsc --noEmit", TYPES, "npx tsc --noEmit 2>&1 | head -5", True),
        ("tsc --noEmit", TYPES, "jscodeshift -t scripts/to_locks.ts web && npx tsc --noEmit", True),
        ("cargo test -p store", ("tests::held", ""), "cargo test -p queue", False),
        ("cargo test -p store", ("tests::held", ""), "cargo test --workspace", True),
        ("pnpm test", ("packages/web/a.test.ts > held", ""), "pnpm --filter web test", True),
        ("pnpm test", ("packages/web/a.test.ts > held", ""), "pnpm --filter api test", False),
        ("pnpm --filter web test", ("src/a.test.ts > held", ""), "pnpm --filter web test --run", True),
        ("nx run-many -t test", ("libs/web/a.test.ts > held", ""), "nx run-many -t test --skip-nx-cache", True),
        ("cd /p/web && npm test", ("a.test.ts > held", ""), "cd /p/api && npm test", False),
        ("cd /p/web && npm test", ("a.test.ts > held", ""), "cd /p/web && npm run test:unit", True),
    ],
)
def test_a_check_clears_what_it_would_have_found_again(red, found, green, gone):
    failure = Failure(*found)
    assert clears(run(green), run(red, "failed", failure), failure) is gone


def test_a_red_run_takes_the_place_of_what_it_reaches_unless_it_ends_early():
    held, other = Failure(*UNIT), Failure("tests/unit/test_b.py::test_two", "y")
    before = run("pytest", "failed", held)
    assert replaces(run("pytest -q", "failed", other), before, held)
    assert not replaces(run("pytest -x -q", "failed", other), before, held)
    assert not replaces(run("pytest tests/e2e", "failed", Failure("tests/e2e/test_c.py::test_x", "z")), before, held)


def test_a_red_run_that_came_to_no_test_says_nothing_of_those_that_failed():
    held = Failure("lock::tests::held", "0 == 3")
    before = run("cargo test -p shop", "failed", held)
    broken, other = Failure("src/lock.rs:7:2", "mismatched types"), Failure("lock::tests::free", "x")
    assert not replaces(run("cargo test -p shop", "failed", broken), before, held)
    assert not replaces(run("cargo test -p shop", "failed", Failure("", "timed out")), before, held)
    assert replaces(run("cargo test -p shop", "failed", other), before, held)
    chain = run("cargo clippy && cargo test", "failed", held)
    assert not replaces(run("cargo clippy", "failed", broken), chain, held)


def test_tests_that_fail_show_that_what_they_test_was_built():
    held = Failure("lock::tests::held", "0 == 3")
    broken, elsewhere = (Failure(f"{path}:7:2", "mismatched types") for path in ("src/lock.rs", "crates/store/a.rs"))
    assert replaces(run("cargo test -p shop", "failed", held), run("cargo build", "failed", broken), broken)
    assert not replaces(run("cargo test -p shop", "failed", held), run("cargo build", "failed", elsewhere), elsewhere)
    assert not replaces(run("cargo test", "failed", elsewhere), run("cargo build", "failed", broken), broken)


def test_a_check_looks_at_a_file_by_its_folder_its_tools_and_its_targets():
    assert checks_file("npm test", "/p/web/src/a.ts")
    assert checks_file("cd web && npm test", "/p/web/src/a.ts")
    assert not checks_file("cd api && npm test", "/p/web/src/a.ts")
    assert not checks_file("pytest", "/p/web/src/a.ts")
    assert not checks_file("pytest tests/unit", "/p/tests/e2e/test_a.py")


def test_a_package_of_go_is_its_own_folder_alone_and_options_with_a_value_are_no_targets():
    assert reach_of("cd app && go test -count=1 -run TestA ./lock").targets == ("lock/*",)
    assert reach_of("cd app && go test").targets == ("app/*",)
    assert reach_of("go test ./... -p 4 -timeout 30s").targets == ()
    assert reach_of("cargo test --workspace --all-features").targets == ()
    assert reach_of("cargo test -p store").targets == ("*/store",)
    assert reach_of("pytest -n 4 -k held --tb short tests 2>&1 | tail -5").targets == ("tests/...",)


WORDS = """cd web && ; | go test ./... ./a -run 'TestA|B' npm -p cargo pytest tests/a.py::b -k 2>&1 " \\ $X * .. / make tsc -C = A=1"""
COMMANDS = st.lists(st.sampled_from(WORDS.split(" ")), max_size=9).map(" ".join)


@given(red=COMMANDS, green=COMMANDS, name=st.text(max_size=20) | st.sampled_from(("a/b.go:1:2", "T > x", "a.py::b")))
@settings(max_examples=60)
def test_any_command_can_be_asked_and_the_same_one_clears_what_it_found(red, green, name):
    failure = Failure(name, "x")
    assert clears(run(red), run(red, "failed", failure), failure)
    assert clears(run(green), run(red, "failed", failure), failure) in (True, False)
    assert replaces(run(green, "failed", failure), run(red, "failed", failure), failure) in (True, False)
    assert checks_file(green, "/p/a.go") in (True, False)


def test_a_task_reaches_what_it_says_it_runs():
    red = run("go test -run TestHold ./lock", "failed", Failure(*HELD))
    suite = run("mise run test:web")
    assert clears(suite, red, red.failures[0])
    assert not clears(suite.replace(ran="go test ./web/..."), red, red.failures[0])


@pytest.mark.parametrize(
    ("command", "path", "may"),
    [
        ("pytest tests/ -x", "src/a.py", True),
        ("pytest api/tests/ -x", "/p/api/src/a.py", True),
        ("pytest api/tests/ -x", "/p/web/src/a.py", False),
        ("pytest tests/unit/test_a.py", "src/b.py", True),
        ("python -m unittest test_a", "b.py", True),
        ("npx jest src/cart/Button.test.tsx", "src/cart/Button.tsx", True),
        ("npx jest src/cart/Button.test.tsx", "src/api/client.ts", False),
        ("ruff check src/a.py", "src/b.py", False),
        ("mypy src", "src/a/b.py", True),
        ("go test -run TestHold", "/p/lock/a.go", True),
        ("go test ./internal/...", "cmd/run.go", False),
        ("npm test", "src/a.ts", True),
    ],
)
def test_tests_may_look_at_all_beside_their_folder_and_other_checks_at_their_targets(command, path, may):
    assert may_check(command, path) is may
