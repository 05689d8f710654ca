"""Of what tools print on failing, the names and the reasons are found; what passed names nothing."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.outputs import failures_in, verdict

RED = {
    "pytest": (
        """
tests/test_lock.py F.                                        [100%]
=================================== FAILURES ===================================
    def test_held():
>       assert run() == 3
E       assert 0 == 3
=========================== short test summary info ============================
FAILED tests/test_lock.py::test_held - assert 0 == 3
FAILED tests/test_lock.py::test_rows[a b] - ValueError: no rows
ERROR tests/test_db.py - ModuleNotFoundError: No module named 'db'
==================== 2 failed, 1 passed, 1 error in 0.12s ======================
""",
        [
            ("tests/test_lock.py::test_held", "assert 0 == 3"),
            ("tests/test_lock.py::test_rows[a b]", "ValueError: no rows"),
            ("tests/test_db.py", "ModuleNotFoundError: No module named 'db'"),
        ],
    ),
    "unittest": (
        """
FAIL: test_held (test_lock.LockTest)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "test_lock.py", line 9, in test_held
    self.assertEqual(run(), 3)
AssertionError: 0 != 3

----------------------------------------------------------------------
Ran 4 tests in 0.003s

FAILED (failures=1)
""",
        [("test_held (test_lock.LockTest)", "self.assertEqual(run(), 3)")],
    ),
    "go test": (
        """
--- FAIL: TestLock (0.00s)
    --- FAIL: TestLock/held (0.00s)
        lock_test.go:12: got 0, want 3
FAIL
FAIL	example.com/app/lock	0.010s
FAIL	example.com/app/db [build failed]
""",
        [("TestLock/held", "lock_test.go:12: got 0, want 3"), ("example.com/app/db", "[build failed]")],
    ),
    "go build": (
        "# example.com/app\n./main.go:7:2: undefined: lock\n./main.go:9:5: too many arguments in call to run\n",
        [("./main.go:7:2", "undefined: lock"), ("./main.go:9:5", "too many arguments in call to run")],
    ),
    "cargo test": (
        """
test lock::tests::held ... FAILED
test lock::tests::free ... ok

failures:
    lock::tests::held

test result: FAILED. 1 passed; 1 failed; 0 ignored
""",
        [("lock::tests::held", None)],
    ),
    "cargo build": (
        (
            "error[E0425]: cannot find value `lock` in this scope\n --> src/main.rs:7:5\n  |\n"
            'error: could not compile `app` (bin "app") due to 1 previous error\n'
        ),
        [("src/main.rs:7:5", "cannot find value `lock` in this scope")],
    ),
    "jest": (
        """
 FAIL  src/lock.test.ts
  ● lock › is held

    expect(received).toBe(expected) // Object.is equality

    Expected: 3
    Received: 0

Tests:       1 failed, 2 passed, 3 total
""",
        [("lock › is held", "expect(received).toBe(expected) // Object.is equality")],
    ),
    "vitest": (
        """
 ❯ src/lock.test.ts (2 tests | 1 failed) 5ms
 FAIL  src/lock.test.ts > lock > is held
AssertionError: expected +0 to be 3 // Object.is equality

 Test Files  1 failed (1)
      Tests  1 failed | 1 passed (2)
""",
        [("src/lock.test.ts > lock > is held", "AssertionError: expected +0 to be 3 // Object.is equality")],
    ),
    "mocha": (
        """
  1 passing (5ms)
  1 failing

  1) lock
       is held:
     AssertionError [ERR_ASSERTION]: 0 == 3
""",
        [("lock is held", "AssertionError [ERR_ASSERTION]: 0 == 3")],
    ),
    "rspec": (
        (
            "Failures:\n\n  1) Lock is held\n     Failure/Error: expect(run).to eq(3)\n\n2 examples, 1 failure\n\n"
            "rspec ./spec/lock_spec.rb:4 # Lock is held\n"
        ),
        [("./spec/lock_spec.rb:4", "Lock is held")],
    ),
    "phpunit": (
        (
            "There was 1 failure:\n\n1) App\\LockTest::testHeld\nFailed asserting that 0 matches expected 3.\n\n"
            "FAILURES!\nTests: 2, Assertions: 2, Failures: 1.\n"
        ),
        [("App\\LockTest::testHeld", "Failed asserting that 0 matches expected 3.")],
    ),
    "maven": (
        """
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! - in app.LockTest
[ERROR] app.LockTest.held  Time elapsed: 0.01 s  <<< FAILURE!
[ERROR] Failures:
[ERROR]   LockTest.held:9 expected: <3> but was: <0>
[INFO] BUILD FAILURE
""",
        [("LockTest.held", "expected: <3> but was: <0>")],
    ),
    "gradle": (
        (
            "LockTest > held() FAILED\n    org.opentest4j.AssertionFailedError: expected: <3> but was: <0>\n\n"
            "2 tests completed, 1 failed\n\nBUILD FAILED in 2s\n"
        ),
        [("LockTest > held()", "org.opentest4j.AssertionFailedError: expected: <3> but was: <0>")],
    ),
    "dotnet test": (
        (
            "  Failed App.Tests.LockTests.Held [12 ms]\n  Error Message:\n   Assert.Equal() Failure: Values differ\n"
            "Failed!  - Failed:     1, Passed:     1, Skipped:     0, Total:     2\n"
        ),
        [("App.Tests.LockTests.Held", None)],
    ),
    "dotnet build": (
        "/p/Lock.cs(7,5): error CS0103: The name 'lock' does not exist [/p/App.csproj]\nBuild FAILED.\n",
        [("/p/Lock.cs(7,5)", "CS0103: The name 'lock' does not exist [/p/App.csproj]")],
    ),
    "tsc": (
        "src/lock.ts(7,5): error TS2304: Cannot find name 'lock'.\n",
        [("src/lock.ts(7,5)", "TS2304: Cannot find name 'lock'.")],
    ),
    "tsc pretty": (
        "src/lock.ts:7:5 - error TS2304: Cannot find name 'lock'.\n\nFound 1 error in src/lock.ts:7\n",
        [("src/lock.ts:7:5", "TS2304: Cannot find name 'lock'.")],
    ),
    "eslint": (
        (
            "\n/p/src/lock.js\n  7:5   error    'lock' is not defined  no-undef\n  9:1   warning  Unexpected console  no-console\n\n"
            "✖ 2 problems (1 error, 1 warning)\n"
        ),
        [("/p/src/lock.js:7:5", "'lock' is not defined")],
    ),
    "ruff": (
        "lock.py:7:5: F821 Undefined name `lock`\nFound 1 error.\n",
        [("lock.py:7:5", "F821 Undefined name `lock`")],
    ),
    "ruff in full": (
        "F821 Undefined name `lock`\n --> lock.py:7:5\n  |\n7 |     lock\n\nFound 1 error.\n",
        [("lock.py:7:5", "F821 Undefined name `lock`")],
    ),
    "mypy": (
        'lock.py:7: error: Name "lock" is not defined  [name-defined]\nFound 1 error in 1 file (checked 3 source files)\n',
        [("lock.py:7", 'Name "lock" is not defined  [name-defined]')],
    ),
    "gcc": (
        "lock.c: In function 'main':\nlock.c:7:5: error: 'lock' undeclared (first use in this function)\n",
        [("lock.c:7:5", "'lock' undeclared (first use in this function)")],
    ),
    "clang": (
        "lock.cpp:7:5: fatal error: 'lock.h' file not found\n1 error generated.\n",
        [("lock.cpp:7:5", "'lock.h' file not found")],
    ),
    "golangci-lint": (
        "cmd/lock.go:7:5: Error return value is not checked (errcheck)\n",
        [("cmd/lock.go:7:5", "Error return value is not checked (errcheck)")],
    ),
    "make": ("make: *** [Makefile:4: lock.o] Error 1\n", [("Makefile:4: lock.o] Error 1", None)]),
}


@pytest.mark.parametrize("tool", RED)
def test_names_and_reasons_of_what_failed(tool):
    output, expected = RED[tool]
    found = failures_in(output)
    assert [it.name for it in found] == [name for name, _ in expected]
    for it, (_, why) in zip(found, expected, strict=True):
        assert why is None or it.why == why


@pytest.mark.parametrize(
    ("tool", "output"),
    [
        (tool, red[0])
        for tool, red in RED.items()
        if tool not in ("go build", "clang", "gcc", "golangci-lint", "make", "tsc")
    ],
)
def test_red_output_says_so(tool, output):
    assert verdict(output) == "failed", tool


GREEN = {
    "pytest": "============ 5 passed, 1 warning in 0.10s ============\n",
    "unittest": "Ran 4 tests in 0.003s\n\nOK\n",
    "go": "ok  \texample.com/app/lock\t0.010s\n",
    "cargo": "test result: ok. 2 passed; 0 failed; 0 ignored\n",
    "jest": "Tests:       3 passed, 3 total\n",
    "vitest": " Test Files  1 passed (1)\n      Tests  2 passed (2)\n",
    "mocha": "  3 passing (5ms)\n",
    "rspec": "2 examples, 0 failures\n",
    "phpunit": "OK (2 tests, 2 assertions)\n",
    "maven": "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0\n[INFO] BUILD SUCCESS\n",
    "gradle": "BUILD SUCCESSFUL in 2s\n",
    "dotnet": "Passed!  - Failed:     0, Passed:     2, Skipped:     0, Total:     2\n",
    "ruff": "All checks passed!\n",
    "mypy": "Success: no issues found in 3 source files\n",
}


@pytest.mark.parametrize("tool", GREEN)
def test_green_output_says_so_and_names_nothing(tool):
    assert verdict(GREEN[tool]) == "ok"
    assert failures_in(GREEN[tool]) == ()


@pytest.mark.parametrize(
    "output", ["", "hello", "1) first\n2) second", "error handling was added", "src/a.py\nsrc/b.py"]
)
def test_other_output_says_nothing(output):
    assert verdict(output) is None
    assert failures_in(output) == ()


def test_long_output_is_read_in_little_time():
    assert len(failures_in("word " * 200_000 + "\n" + "a.py:1:1: F821 x\n" * 20_000)) == 1
