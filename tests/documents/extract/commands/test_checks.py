"""Which commands are the project's checks, how they ended, and what of it still fails."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.commands.checks import (
    _WRAPS,
    is_check,
    is_narrow,
    is_piped,
    kinds_of,
    rerun,
    runs_of,
    untrimmed,
    was_wrong,
)
from tests.documents.sessions import ran
from tests.growth import assert_linear

RED = "FAILED test_a.py::test_one - assert 1 == 2\nFAILED test_a.py::test_two - x\n2 failed, 3 passed in 1s"
GREEN = "5 passed in 1s"


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
        *(
            "go test ./...",
            "cargo clippy",
            "CI=1 make test-unit",
            "make",
            "make -j8 2>&1",
            "make -s -j 4",
            "make bin/server 2>&1",
            "./gradlew :app:test",
            "./gradlew spotlessCheck",
            "mise run test:ci",
        ),
        *(
            "npx tsc --noEmit",
            "bundle exec rspec",
            "dotnet test",
            "./scripts/run_tests.sh",
            "tools/remote_test.sh asan -R Unpack",
            "bash scripts/check-services.sh staging",
            "Rscript -e 'testthat::test_dir(\"tests\")'",
            "time ruff check .",
            "tox -e py",
        ),
        *(
            "mvn clean test",
            "mvn -q -pl core test",
            "./gradlew clean build",
            "xcodebuild -scheme App test",
            "uvx ruff check",
        ),
        *("for i in $(seq 9); do npx jest -t slow || break; done", "if true; then pytest; fi"),
        *("hatch run test", "php bin/phpunit", "cargo xtask lint", "Invoke-Pester -Path tests"),
        *("rspec --dry-run packs; rspec spec", "bin/packwerk check"),
        *("dbt build --target dev", "dbt --quiet compile", "cargo nextest run -p ring"),
        *("yarn jest src/a.test.ts", "pnpm run vitest", "bun tsc --noEmit"),
        *("mix precommit", "npm run precommit", "just pre-commit"),
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
        *("bundle exec rspec --dry-run packs | tail -3", "cat .rspec; rspec --dry-run", "npm test -- --dry-run"),
        *("poe pre-commit install", "mise run pre-commit uninstall"),
        *("dotnet new xunit -o test", "mvn clean && cat test", "composer require test"),
    ],
)
def test_no_checks(command):
    assert not is_check(command)


def test_a_pipe_hides_the_exit_code_and_trimming_does_not_make_another_command():
    assert is_piped("pytest 2>&1 | tail -5")
    assert not is_piped("pytest || true")
    assert not is_piped("grep 'a|b' x")
    assert untrimmed("pytest -q 2>&1 | tail -20") == untrimmed("pytest -q")


@pytest.mark.parametrize(
    ("command", "said", "kind"),
    [
        ("go vet ./...", "# app/lock\nvet: lock/a.go:14:13: l.Hold undefined", "build"),
        ("cargo clippy", "error[E0061]: this function takes 1 argument\n  --> src/a.rs:4:5", "build"),
        ("golangci-lint run", "lock/a.go:14:13: undefined: Hold (typecheck)", "build"),
        ("go vet ./...", "# app/lock\nlock/a.go:14:13: result of fmt.Sprint call not used", "lint"),
        ("golangci-lint run", "lock/a.go:14:13: `Hold` is unused (unused)", "lint"),
    ],
)
def test_a_linter_that_says_what_the_compiler_does_found_what_does_not_build(command, said, kind):
    (run,) = runs_of((ran(command, "failed", error=said, output=said),))
    assert run.kind == kind


def test_the_kinds_of_checks():
    assert [
        kinds_of(it) for it in ("go test ./...", "mise run lint", "npx tsc", "cargo build", "ruff format --check")
    ] == [
        *[("test",), ("lint",), ("types",), ("build",), ("lint",)],
    ]
    assert [kinds_of(it) for it in ("dbt build", "dbt compile")] == [("test",), ("build",)]
    assert kinds_of("mix precommit") == kinds_of("make check") == ("format", "types", "lint", "test", "build")
    assert kinds_of("mise run lint && mise run test") == ("lint", "test")
    assert kinds_of("./gradlew :app:integrationTest --tests '*JobIT'") == ("test",)


def test_failures_are_named_even_behind_a_pipe():
    (run,) = runs_of([ran("pytest -q | tail -5", "ok", 1, output=RED)])
    assert (run.outcome, [it.name for it in run.failures]) == ("failed", ["test_a.py::test_one", "test_a.py::test_two"])


def test_maven_in_quiet_says_what_failed_by_its_last_lines():
    output = "[ERROR] Tests run: 31, Failures: 1, Errors: 0, Skipped: 0\n[ERROR] ReaderTest.two:77 expected: <2> but was: <3>"
    (run,) = runs_of([ran("mvn -q -pl core test", None, 1, output=output)])
    assert (run.kind, run.outcome, run.failures[0].name) == ("test", "failed", "ReaderTest.two")


def outcome(command, ended, output):
    return runs_of([ran(command, ended, output=output)])[0].outcome


def test_a_silent_program_that_printed_nothing_into_a_pipe_passed():
    assert outcome("go build ./... 2>&1 | head -20", "ok", "") == "ok"
    assert outcome("npx tsc --noEmit 2>&1 | grep -i error", "failed", "") == "ok"
    assert outcome("npx tsc --noEmit 2>&1 | grep lock.ts", "failed", "") is None
    assert outcome("pytest -q | tail -5", "ok", "") is None


def test_what_a_command_line_prints_of_the_end_of_a_check_is_believed():
    assert outcome("pytest -q > log; echo exit=$?", "ok", "exit=1") == "failed"
    assert outcome("pytest -q > log; echo $?", "ok", "0") == "ok"
    assert outcome("tsc -p . && echo fine", "ok", "fine") == "ok"
    assert outcome("make lint || echo broken", "ok", "broken") == "failed"


def test_a_loop_of_checks_failed_where_it_says_so_of_a_round():
    loop = "for i in $(seq 1 200); do cargo test -q drains >/tmp/out.$i 2>&1 || echo fail $i; done"
    assert outcome(loop, "ok", "fail 61\nfail 140") == "failed"
    assert outcome(loop, "ok", "") == "ok"
    assert outcome('for p in a b; do make -C $p test || echo "broken: $p"; done', "ok", "ok\nbroken: b") == "failed"


def test_what_comes_after_a_green_check_does_not_make_it_red():
    assert outcome("pytest && git push", "failed", "5 passed in 1s\nerror: failed to push some refs") == "ok"
    assert outcome("pytest && mylint && make lint", "failed", "5 passed in 1s\noh no") == "failed"


def test_a_line_that_ends_in_the_state_of_the_tree_does_not_make_a_broken_build_green():
    """Its exit code is another command's; a search prints places in files that are no errors."""
    broken = "# lab/store\nstore/open.go:14:9: undefined: ErrClosed"
    assert outcome("go build ./... ; git status -s", "ok", f"{broken}\n M store/open.go") == "failed"
    assert outcome("go build ./... ; git status -s", "ok", " M store/open.go") == "ok"
    assert outcome("go build ./... ; grep -rn ErrClosed store", "ok", broken) == "ok"


def test_a_target_that_ran_tests_counts_beside_a_check_of_another_kind():
    """``make itest`` tells nothing by its name; what it printed does."""
    red = "--- FAIL: TestOpen (0.01s)\n    open_test.go:9: locked\nFAIL\nFAIL\tlab/store\t0.020s"
    (run,) = runs_of([ran("cat >> a_test.go <<'E'\nx\nE\ngofmt -l test; make itest", "failed", 1, output=red)])
    assert (run.kind, run.command, run.failures[0].name) == ("test", "gofmt -l test; make itest", "TestOpen")
    assert runs_of([ran("gofmt -l test; make docs", "ok", 1, output="ok")])[0].kinds == ("format",)


def test_what_only_prepares_a_check_is_no_part_of_it():
    """A branch is taken, and packages are installed, once."""
    run = ran("git checkout -q -b review && npm ci --quiet && npm test -- --ci | tail -3", "ok", 1, output=GREEN)
    assert runs_of([run])[0].command == "npm test -- --ci | tail -3"
    assert runs_of([ran("npm ci && npm run seed; npm test", "ok", 1)])[0].command == "npm run seed; npm test"


@pytest.mark.parametrize(
    "command", ["go run ./cmd/app", "cargo run -q", "dotnet run", "./gradlew bootRun", "npx tsx a.ts"]
)
def test_a_program_that_does_not_compile_is_a_failed_build_until_it_runs(command):
    broken = ran(command, "failed", 5, output="cmd/app/main.go:19:10: undefined: errors")
    assert [(it.outcome, it.kinds) for it in runs_of([broken])] == [("failed", ("build",))]
    mended = runs_of([broken, ran(command, "ok", 9)])
    assert [it.outcome for it in mended] == ["failed", "ok"]
    assert runs_of([ran(command, "ok", 9), ran(command, "failed", 12, output="cannot reach the server")]) == []


@pytest.mark.parametrize(
    "command",
    ["python3 test_calc.py", "node lib/queue.test.js", "ruby spec/queue_spec.rb", "python -B tests/test_a.py"],
)
def test_a_file_of_tests_that_is_run_by_itself_is_a_check(command):
    assert kinds_of(command) == ("test",)
    assert is_check(command)


@pytest.mark.parametrize(
    ("command", "check"),
    [
        ("rm -rf out && pytest -q", "pytest -q"),
        ("cd api && sed -i 's/a/b/' a.py && pytest -q; rm -f a.log", "cd api && pytest -q"),
        ("cat > test_a.py <<'E'\nassert 1\nE\nexport A=1; pytest test_a.py", "export A=1; pytest test_a.py"),
        *[
            (it, it)
            for it in ("sed -i s/a/b/ a.py && pytest; git checkout a.py", "cp a b && sed -i s/a/b/ a && pytest")
        ],
    ],
)
def test_a_check_beside_changes_of_files_is_the_check_alone_unless_they_are_taken_back(command, check):
    assert runs_of([ran(command, output=GREEN)])[0].command == check


def test_builds_of_firmware_are_checks_with_their_verdicts():
    red = "main/power.c:86:24: error: implicit declaration of function 'f'\nninja: build stopped: subcommand failed."
    runs = runs_of([ran("idf.py -p COM3 build", output=red, outcome=None), ran("pio run", output="x", position=20)])
    assert [(it.kind, it.outcome) for it in runs] == [("build", "failed"), ("build", "ok")]
    assert runs[0].failures[0].name == "main/power.c:86:24"


@pytest.mark.parametrize(
    "line",
    [
        "git pull && pytest -q",
        "npm ci && mkdir -p out && pytest -q",
        "pytest -q && git commit -am 'Hold'",
    ],
)
def test_a_check_stands_without_what_prepares_it_and_what_is_done_once_it_passed(line):
    assert [it.command for it in runs_of([ran(line, output="3 passed in 0.1s")])] == ["pytest -q"]


@pytest.mark.parametrize(
    ("text", "output", "told"),
    [
        (
            "make t 2>&1 | tail -5",
            "FAILED tests/test_a.py::test_two - assert 0\n1 failed, 4 passed in 0.31s",
            "make t 2>&1 | tail -5",
        ),
        ("sed -i s/a/b/ x.py; make t T=x", "....\n4 passed in 0.31s", "make t T=x"),
        ("scripts/ci.sh", "Ran 12 tests in 0.4s\n\nOK", "scripts/ci.sh"),
        ("npm run u", "Tests:       3 passed, 3 total", "npm run u"),
        ("just go", "ok  \texample.org/a\t0.3s", "just go"),
    ],
)
def test_a_target_or_script_that_prints_what_a_runner_counts_is_a_run_of_tests(text, output, told):
    (run,) = runs_of([ran(text, "ok", 3, output=output)])
    assert run.kind == "test"
    assert run.command == told
    assert run.outcome == ("failed" if "failed" in output else "ok")


@pytest.mark.parametrize("text", ["cat ci.log", "git commit -m 'Mend it'", "gh run view 12", "make t"])
def test_a_log_that_counts_tests_and_a_target_that_counts_none_are_no_run_of_them(text):
    output = "built in 2 s" if text == "make t" else "....\n4 passed in 0.31s"
    assert runs_of([ran(text, "ok", 3, output=output)]) == []


@pytest.mark.parametrize("blank", ["\n", " \n", "\t"])
def test_what_wraps_a_check_is_looked_for_below_many_empty_lines_in_linear_time(blank):
    assert_linear(lambda size: _WRAPS.search(f"x{blank * size}x"), 4_000)
    assert _WRAPS.search(f"x{blank * 9}\nmake test")


@pytest.mark.parametrize(
    ("text", "output", "counts"),
    [
        ("cargo test jobs & sleep 8; gdb -p $!", "#5 resolve at src/resolve.rs:41", False),
        ("(pytest -q tests/test_leak.py >/tmp/o &) ; sleep 5; psql -c 'select 1'", "(1 row)", False),
        ("npm run dev & sleep 3; npx vitest run", "Tests  3 passed (3)", True),
        ("pytest -q & wait", "3 passed in 0.1s", True),
        ("pytest -q 2>&1 && echo done", "done", True),
    ],
)
def test_a_check_that_is_left_to_run_while_others_look_at_it_is_no_run(text, output, counts):
    assert bool(runs_of([ran(text, output=output)])) is counts


@pytest.mark.parametrize(
    ("command", "again"),
    [
        ("cd services/api && pytest -q 2>&1 | tail -5", "cd services/api && pytest -q"),
        ("cd /srv/shop && pytest -q 2>&1 | tail -5", "pytest -q"),
        ("cd ../shop && pytest -q", "pytest -q"),
        ("pytest -q | tail -5", "pytest -q"),
    ],
)
def test_a_check_is_to_be_run_again_in_the_folder_of_the_project_that_it_went_to(command, again):
    assert rerun(command) == again


@pytest.mark.parametrize(
    ("command", "printed", "runs"),
    [
        ("mise run test:web 2>&1 | tail -40", "[test:web] $ go test ./web/...\nok", "go test ./web/..."),
        ("cd web && npm test", "> web@1.0.0 test\n> vitest run src\n\n1 passed", "cd web && vitest run src"),
        ("npm --prefix web test", "> web@1.0.0 test\n> vitest run src", ""),
        ("make fmt && make test", "[test] $ go test ./web/...", ""),
        ("mise run test", "[test] $ go test ./web/...\n[test] $ go test ./api/...", ""),
        ("pytest -q", "> assert held == 1", ""),
    ],
)
def test_of_a_task_that_says_what_it_runs_that_is_known(command, printed, runs):
    (run,) = runs_of([ran(command, "ok", output=printed)])
    assert (run.ran, run.does) == (runs, runs or run.command)


@pytest.mark.parametrize(
    ("script", "narrow"),
    [
        ("vitest run --config vitest.config.ts", False),
        ("jest -c jest.config.js", False),
        ("mocha 'test/**/*.spec.js'", False),
        ("node --test test/*.test.js", False),
        ("jest -c jest.config.js src/row.test.js", True),
        ("rspec -c spec/row_spec.rb", True),
    ],
)
def test_a_task_whose_script_names_its_settings_or_a_pattern_of_files_checks_no_part(script, narrow):
    (run,) = runs_of([ran("npm test", "ok", output=f"> web@1.0.0 test\n> {script}")])
    assert (run.ran, run.narrow) == (script, narrow)


def test_a_runner_that_python_starts_as_a_module_is_narrow_by_its_own_words_alone():
    assert not is_narrow("python -m pytest -q")
    assert is_narrow("python -m pytest -m slow")
    assert is_narrow("python -m pytest tests/test_a.py")


@pytest.mark.parametrize(
    "said", ["No test files found, exiting with code 1", "===== no tests ran in 0.01s =====", "No tests found"]
)
def test_a_run_that_had_no_tests_to_run_tells_nothing_of_the_project(said):
    assert was_wrong(said)
    assert not was_wrong("1 failed, 2 passed")


@pytest.mark.parametrize(
    "command",
    ["./gradlew :apps:kiln:compileTestJava", "gradle clean assemble", "./mvnw clean compile", "mvn test-compile"],
)
def test_what_compiles_on_the_jvm_is_a_build(command):
    assert is_check(command)
    assert kinds_of(command) == ("build",)
