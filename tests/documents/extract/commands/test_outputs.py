"""Of what tools print on failing, the names and the reasons are found; what passed names nothing."""

from __future__ import annotations

import pytest

from handoff_cli.core.verdicts import verdict
from handoff_cli.documents.extract.commands.outputs import _EMPTY_OF_MEANING, are_more, failures_in, telling_lines
from tests.growth import assert_linear

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
        [("test_held (test_lock.LockTest)", "AssertionError: 0 != 3 (self.assertEqual(run(), 3))")],
    ),
    "an error by another name": (
        """
FAIL: test_held (test_lock.LockTest)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "test_lock.py", line 9, in test_held
    lock.check(expected=3)
lock.CheckFailure: held by nobody
""",
        [("test_held (test_lock.LockTest)", "lock.CheckFailure: held by nobody (lock.check(expected=3))")],
    ),
    "unittest of Python 3.11": (
        """
ERROR: test_held (tests.test_lock.LockTest.test_held)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/p/tests/test_lock.py", line 9, in test_held
    self.assertEqual(run(), 3)
    ~~~~~~~~~~~~~~~~^^^^^^^^^^
TypeError: run() missing 1 required positional argument: 'path'
""",
        [
            (
                "tests.test_lock.LockTest.test_held",
                "TypeError: run() missing 1 required positional argument: 'path' (self.assertEqual(run(), 3))",
            )
        ],
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
    "go test -v": (
        (
            "=== RUN   TestLock\n    lock_test.go:12: got 0, want 3\nstarting\n--- FAIL: TestLock (0.00s)\n"
            "=== RUN   TestFree\n--- PASS: TestFree (0.00s)\nFAIL\nFAIL\texample.com/app/lock\t0.010s\n"
        ),
        [("TestLock", "lock_test.go:12: got 0, want 3")],
    ),
    "go test -v, at once": (
        (
            "=== RUN   TestLock\n=== RUN   TestLock/held\n=== PAUSE TestLock/held\n=== RUN   TestLock/free\n"
            "=== PAUSE TestLock/free\n=== CONT  TestLock/held\n=== CONT  TestLock/free\n=== NAME  TestLock/held\n"
            "    lock_test.go:12: run() ended too early\n        got: 0\n=== NAME  TestLock/free\n"
            "    lock_test.go:30: cannot open a.lock\n--- FAIL: TestLock (0.0s)\n    --- FAIL: TestLock/held (0.0s)\n"
            "    --- FAIL: TestLock/free (0.0s)\nFAIL\n"
        ),
        [
            ("TestLock/held", "lock_test.go:12: run() ended too early | got: 0"),
            ("TestLock/free", "lock_test.go:30: cannot open a.lock"),
        ],
    ),
    "go test, its end only": (
        "starting\nFAIL\nFAIL\texample.com/app/lock\t13.590s\nok  \texample.com/app/db\t(cached)\nFAIL\n",
        [("example.com/app/lock", "which test is not in what was printed")],
    ),
    "go test, a panic beside the tests": (
        (
            "panic: send on closed channel\n\ngoroutine 34 [running]:\nruntime.throw(0x1)\n"
            "\t/usr/local/go/src/runtime/panic.go:9 +0x1\nexample.com/app/lock.(*Queue).Push(0xc0)\n"
            "\t/src/app/lock/queue.go:49 +0x8c\nFAIL\texample.com/app/lock\t0.2s\nok  \texample.com/app/db\t0.1s\n"
            "FAIL\texample.com/app/web\t0.2s\n"
        ),
        [
            ("example.com/app/lock", "panic: send on closed channel (queue.go:49)"),
            ("example.com/app/web", "which test is not in what was printed"),
        ],
    ),
    "a runner of several tasks": (
        (
            "[lint:go] $ golangci-lint run\n[lint:go] app/lock.go:42:3: error is not wrapped (wrapcheck)\n"
            "[lint:go] 1 issues:\nweb:test: FAILED tests/test_a.py::test_one - assert 0 == 3\n"
            "api-1  | FAILED tests/test_b.py::test_two - assert 1 == 3\n"
        ),
        [
            ("app/lock.go:42:3", "error is not wrapped (wrapcheck)"),
            ("tests/test_a.py::test_one", "assert 0 == 3"),
            ("tests/test_b.py::test_two", "assert 1 == 3"),
        ],
    ),
    "go test -race": (
        (
            "WARNING: DATA RACE\nRead at 0x00c0000a by goroutine 9:\n  shop/cache.(*Cache).Get()\n      /p/cache.go:30 +0x44\n"
            "--- FAIL: TestAll (0.02s)\n    testing.go:1490: race detected during execution of test\nFAIL\n"
        ),
        [
            (
                "TestAll",
                "testing.go:1490: race detected during execution of test | shop/cache.(*Cache).Get() at /p/cache.go:30",
            )
        ],
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
    "cargo test, with what it printed": (
        """
test lock::tests::held ... FAILED
test lock::tests::free ... FAILED

---- lock::tests::held stdout ----

thread 'lock::tests::held' panicked at src/lock.rs:210:9:
assertion `left == right` failed
  left: 3
 right: 4
note: run with `RUST_BACKTRACE=1`

---- lock::tests::free stdout ----
thread 'lock::tests::free' (4711) panicked at 'not free', src/lock.rs:9:5

test result: FAILED. 1 passed; 2 failed; 0 ignored
""",
        [
            ("lock::tests::held", "src/lock.rs:210:9: assertion `left == right` failed, left: 3, right: 4"),
            ("lock::tests::free", "src/lock.rs:9:5: not free"),
        ],
    ),
    "gleam test": (
        "panic src/gleeunit/should.gleam:10\n test: app@lock_test.held_test\n info: False\nshould equal\nTrue\n\n1 passed, 1 failures\n",
        [("app@lock_test.held_test", None)],
    ),
    "cargo test, its last line not pasted": (
        "test lock::held ... FAILED\n\n---- lock::held stdout ----\nthread 'lock::held' panicked at src/lock.rs:9:5:\nnot free\n",
        [("lock::held", "src/lock.rs:9:5: not free")],
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
        [("lock › is held", "Expected: 3 | Received: 0")],
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
    "vitest, cut before it tells the failures again": (
        """
 ❯ src/lock.test.ts (3 tests | 2 failed) 5ms
   ✓ lock > is free
   × lock > is held 12ms
     → expected +0 to be 3 // Object.is equality
   × lock > is freed again
     → expect(element).toHaveFocus()

 Test Files  1 failed (1)
""",
        [
            ("lock > is held", "expected +0 to be 3 // Object.is equality"),
            ("lock > is freed again", "expect(element).toHaveFocus()"),
        ],
    ),
    "vitest, which names them twice": (
        """
 ❯ src/lock.test.ts (1 test | 1 failed) 5ms
   × lock > is held 12ms
     → expected +0 to be 3
 FAIL  src/lock.test.ts > lock > is held
AssertionError: expected +0 to be 3
""",
        [("src/lock.test.ts > lock > is held", "AssertionError: expected +0 to be 3")],
    ),
    "a test of cargo that hangs": (
        """
test pool::is_fair ... ok
test pool::slow has been running for over 60 seconds
test pool::held has been running for over 60 seconds
test pool::slow ... ok
^C
""",
        [("pool::held", "has been running for over 60 seconds")],
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
    "mocha, of nested suites": (
        """
  pool
    when full
      1) "before each" hook for "waits"
      \u2714 is fair
      2) is held

  7 passing (5ms)
  2 failing

  1) pool
       "before each" hook for "waits":
     TypeError: ES Modules cannot be stubbed
      at walk (node_modules/sinon/walk.js:12:15)

  2) pool
       when full
         is held:

      AssertionError: expected 0 to equal 3
      + expected - actual
""",
        [
            ('pool "before each" hook for "waits"', "TypeError: ES Modules cannot be stubbed"),
            ("pool when full is held", "AssertionError: expected 0 to equal 3"),
        ],
    ),
    "rspec": (
        (
            "Failures:\n\n  1) Lock is held\n     Failure/Error: expect(run).to eq(3)\n\n2 examples, 1 failure\n\n"
            "rspec ./spec/lock_spec.rb:4 # Lock is held\n"
        ),
        [("./spec/lock_spec.rb:4", "Lock is held: expect(run).to eq(3)")],
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
    "gradle, with what was expected below": (
        (
            "LockTest > held() FAILED\n    org.opentest4j.AssertionFailedError:\n    expected: 3\n     but was: 0\n"
            "        at LockTest.held(LockTest.kt:24)\n\n2 tests completed, 1 failed\n\nBUILD FAILED in 2s\n"
        ),
        [("LockTest > held()", "org.opentest4j.AssertionFailedError: | expected: 3 | but was: 0")],
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
    "go build, a cycle": (
        (
            "package example.com/app/store\n\timports example.com/app/log from store.go\n"
            "\timports example.com/app/store from log.go: import cycle not allowed\n"
        ),
        [("store, store.go imports log, log.go imports store", "import cycle not allowed")],
    ),
    "go run, a cycle that others lead to": (
        (
            "package command-line-arguments\n\timports example.com/app/cli from main.go\n"
            "\timports example.com/app/store from cli.go\n\timports example.com/app/log from store.go\n"
            "\timports example.com/app/store from log.go: import cycle not allowed\n"
        ),
        [("store, store.go imports log, log.go imports store", "import cycle not allowed")],
    ),
    "go test -v with testify": (
        (
            "=== RUN   TestHold\n    lock_test.go:12: \n        \tError Trace:\t/p/lock_test.go:12\n"
            "        \tError:      \tShould be true\n        \tTest:       \tTestHold\n--- FAIL: TestHold (0.01s)\nFAIL\n"
        ),
        [("TestHold", "Should be true")],
    ),
    "pyright": (
        (
            '/p/lock.py\n  /p/lock.py:7:5 - error: "lock" is not defined (reportUndefinedVariable)\n'
            "1 error, 0 warnings, 0 informations\n"
        ),
        [("/p/lock.py:7:5", '"lock" is not defined (reportUndefinedVariable)')],
    ),
    "bats": (
        (
            " ✓ loads\n ✗ update names what failed\n   (in test file tests/update.bats, line 4)\n"
            '     `[ "$status" -eq 1 ]\' failed\n\n2 tests, 1 failure\n'
        ),
        [("update names what failed", '`[ "$status" -eq 1 ]\' failed')],
    ),
    "bats of which only names and the sum are shown": (
        " ✗ update names what failed\n\n2 tests, 1 failure\n",
        [("update names what failed", None)],
    ),
    "bats by TAP": (
        "1..2\nok 1 loads\nnot ok 2 update names what failed\n# (in test file tests/update.bats, line 4)\n",
        [("update names what failed", None)],
    ),
    "pylint": (
        "************* Module lock\nlock.py:7:5: E0602: Undefined variable 'lock' (undefined-variable)\n",
        [("lock.py:7:5", "E0602: Undefined variable 'lock' (undefined-variable)")],
    ),
    "python": (
        (
            'Traceback (most recent call last):\n  File "/p/run.py", line 3, in <module>\n    go()\n'
            '  File "/p/lock.py", line 7, in go\n    lock\n'
            '  File "/usr/lib/python3.11/json/decoder.py", line 1, in x\n    y\n'
            "NameError: name 'lock' is not defined\n"
        ),
        [("/p/lock.py:7", "NameError: name 'lock' is not defined")],
    ),
    "a program that asserts": (
        (
            'Traceback (most recent call last):\n  File "/p/test_lock.py", line 7, in <module>\n    assert held() == 3\n'
            "           ^^^^^^^^^^^\nAssertionError\n"
        ),
        [("/p/test_lock.py:7", "AssertionError: assert held() == 3")],
    ),
    "bun test": (
        "lock.test.ts:\n(fail) lock > is held [0.12ms]\n\n 1 pass\n 1 fail\n",
        [("lock > is held", None)],
    ),
    "node --test": (
        "TAP version 13\nnot ok 1 - is held\n  ---\n  error: 'Expected 3'\n# pass 0\n# fail 1\n",
        [("is held", "error: 'Expected 3'")],
    ),
    "node --test, lines of an error": (
        "not ok 1 - is held\n  ---\n  error: |-\n    Expected values to be equal:\n\n    1 !== 3\n  code: 'E'\n# fail 1\n",
        [("is held", "Expected values to be equal: | 1 !== 3")],
    ),
    "vite": (
        '✘ [ERROR] Could not resolve "./lock"\n\n    src/main.ts:7:19:\n',
        [("src/main.ts:7:19", 'Could not resolve "./lock"')],
    ),
    "next build": (
        "Failed to compile.\n\n./src/lock.tsx:7:5\nType error: Cannot find name 'lock'.\n",
        [("./src/lock.tsx:7:5", "Type error: Cannot find name 'lock'.")],
    ),
    "kotlinc": (
        "e: file:///p/Lock.kt:7:5 Unresolved reference: lock\nBUILD FAILED in 2s\n",
        [("/p/Lock.kt:7:5", "Unresolved reference: lock")],
    ),
    "pest": (
        """
   FAIL  Tests\\Feature\\LockTest
  ⨯ is held                                                     0.03s
  ✓ is freed again                                              0.01s
  ────────────────────────────────────────────────────────────
   FAILED  Tests\\Feature\\LockTest > is held          BadMethodCallException
  Call to undefined method App\\Models\\Lock::holder()

  at app/Models/Lock.php:30

  Tests:    1 failed, 1 passed (4 assertions)
""",
        [
            (
                "Tests\\Feature\\LockTest > is held",
                "Call to undefined method App\\Models\\Lock::holder() at app/Models/Lock.php:30",
            )
        ],
    ),
    "pest, of which only the end is shown": (
        """
  ⨯ is held
  Failed asserting that 0 is 3.

  Tests:    1 failed, 1 passed (4 assertions)
""",
        [("is held", "Failed asserting that 0 is 3.")],
    ),
    "mix test": (
        (
            "  1) test twice is once (Shop.CartTest)\n     test/cart_test.exs:12\n     ** (Shop.LockError) it is held\n\n"
            "3 tests, 1 failure\n"
        ),
        [("test twice is once (Shop.CartTest)", "** (Shop.LockError) it is held")],
    ),
    "mix": (
        "** (CompileError) lib/lock.ex:7: undefined function held/0\n",
        [("lib/lock.ex:7", "undefined function held/0")],
    ),
    "dart analyze": (
        "  error • Undefined name 'lock' • lib/lock.dart:7:5 • undefined_identifier\n1 issue found.\n",
        [("lib/lock.dart:7:5", "Undefined name 'lock'")],
    ),
    "playwright": (
        "  1) [chromium] › lock.spec.ts:7:5 › is held ───────\n\n    Error: expect(received).toBe(expected)\n\n  1 failed\n",
        [("[chromium] › lock.spec.ts:7:5 › is held", "Error: expect(received).toBe(expected)")],
    ),
    "playwright, of which only the end is shown": (
        "  1 failed\n    [chromium] › lock.spec.ts:7:5 › is held ───────\n  3 passed (8.2s)\n",
        [("[chromium] › lock.spec.ts:7:5 › is held", None)],
    ),
    "playwright, of which one test passed at last and one did not run": (
        (
            "  1 failed\n    [web] › a.spec.ts:7:5 › is held ───\n  1 flaky\n    [web] › a.spec.ts:9:5 › is free ───\n"
            "  1 did not run\n    [web] › a.spec.ts:12:5 › ends ───\n  3 passed (8.2s)\n"
        ),
        [("[web] › a.spec.ts:7:5 › is held", None)],
    ),
    "GUT": (
        (
            "* test_opens\n* test_wraps\n    [Failed]:  [3] expected to equal [4]:  rows\n      at line 31\n"
            "Tests  9   Passing  8   Failing  1\n"
        ),
        [("test_wraps", "[3] expected to equal [4]:  rows")],
    ),
    "twister": (
        (
            "INFO    - 1/2 native_sim  tests/ring  FAILED Failed (native 0.4s)\n"
            "    Assertion failed at tests/ring/src/main.c:77: ring_wraps:\n    (head not equal to 4)  expected 4, got 3\n"
        ),
        [("ring_wraps", "(head not equal to 4)  expected 4, got 3")],
    ),
    "ninja": (
        "src/ring.c:4:2: error: unknown type name 'sise_t'\nninja: build stopped: subcommand failed.\n",
        [("src/ring.c:4:2", "unknown type name 'sise_t'")],
    ),
    "automake": (
        "PASS: test_grid\nFAIL: test_zone\n# TOTAL: 2\n# FAIL:  1\nmake[1]: *** [Makefile:88: check] Error 1\n",
        [("test_zone", None)],
    ),
    "Unity": (
        "tests/test_ring.c:33:test_ring_wraps:FAIL: Expected 0 Was 7\n14 Tests 1 Failures 0 Ignored\nFAIL\n",
        [("tests/test_ring.c:33:test_ring_wraps", "Expected 0 Was 7")],
    ),
    "macros": (
        "tests/test_ring.c:33: FAIL ring_wraps: expected 0, got 7\nmake: *** [Makefile:41: test] Error 1\n",
        [("ring_wraps", "expected 0, got 7")],
    ),
    "Pester": (
        "[-] Sync.writes one line per row 38ms (31ms|7ms)\n Expected 3, but got 2.\nTests Passed: 11, Failed: 1, Skipped: 0\n",
        [("Sync.writes one line per row", "Expected 3, but got 2.")],
    ),
    "rubocop": (
        "app/item.rb:14:81: C: [Correctable] Layout/LineLength: Line is too long. [96/80]\n  scope\n9 files inspected, 1 offense detected\n",
        [("app/item.rb:14:81", "C: [Correctable] Layout/LineLength: Line is too long. [96/80]")],
    ),
    "ctest": (
        "The following tests FAILED:\n\t  3 - lock_held (Failed)\nErrors while running CTest\n",
        [("lock_held", "Failed")],
    ),
    "GoogleTest": (
        """[ RUN      ] Lock.IsHeld
lock_test.cpp:9: Failure
Value of: lock.held()
  Actual: false
Expected: true

[  FAILED  ] Lock.IsHeld (0 ms)
[ RUN      ] Sizes/Ring.Wraps/2
ring_test.cpp:19: Failure
Expected equality of these values:
  ring.size()
    Which is: 1
  8
[  FAILED  ] Sizes/Ring.Wraps/2, where GetParam() = 3 (1 ms)
[  PASSED  ] 4 tests.
[  FAILED  ] 2 tests, listed below:
[  FAILED  ] Lock.IsHeld
[  FAILED  ] Sizes/Ring.Wraps/2, where GetParam() = 3
""",
        [
            ("Lock.IsHeld", "lock_test.cpp:9: Value of: lock.held() | Actual: false | Expected: true"),
            (
                "Sizes/Ring.Wraps/2",
                "ring_test.cpp:19: Expected equality of these values: | ring.size() | Which is: 1 | 8",
            ),
        ],
    ),
    "Catch2": (
        (
            "lock_test.cpp:11\n....\n\nlock_test.cpp:13: FAILED:\n  REQUIRE( held( lock ) )\nwith expansion:\n  false\n\n"
            "test cases: 1 | 1 failed\nassertions: 1 | 1 failed\n"
        ),
        [("lock_test.cpp:13", "REQUIRE( held( lock ) )")],
    ),
    "doctest": (
        (
            "lock_test.cpp:9: ERROR: CHECK( held(lock) ) is NOT correct!\n  values: CHECK( false )\n\n"
            "[doctest] test cases: 1 | 0 passed | 1 failed\n"
        ),
        [("lock_test.cpp:9", "CHECK( held(lock) ) is NOT correct!")],
    ),
    "black": ("would reformat lock.py\n1 file would be reformatted.\n", [("lock.py", None)]),
    "cargo nextest": (
        """
        PASS [   0.204s] ring::slots takes_one
        FAIL [   0.021s] ring::slots keeps_order

--- STDERR:              ring::slots keeps_order ---
thread 'keeps_order' panicked at ring/tests/slots.rs:88:5:
assertion `left == right` failed
  left: 4
 right: 5

     Summary [   0.882s] 48 tests run: 47 passed, 1 failed, 0 skipped
""",
        [
            (
                "ring::slots keeps_order",
                "ring/tests/slots.rs:88:5: assertion `left == right` failed, left: 4, right: 5",
            )
        ],
    ),
    "dbt": (
        """
10:02:33  2 of 4 FAIL 29 unique_sales_id ...................... [FAIL 29 in 1.9s]
10:02:34  3 of 4 PASS not_null_sales_id ....................... [PASS in 1.0s]
10:02:35  4 of 4 ERROR creating sql table model dev.weeks ..... [ERROR in 0.4s]
10:02:38  Failure in test unique_sales_id (models/schema.yml)
10:02:38    Got 29 results, configured to fail if != 0
10:02:38  Done. PASS=2 WARN=0 ERROR=2 SKIP=0 TOTAL=4
""",
        [("unique_sales_id", "FAIL 29"), ("dev.weeks", "ERROR")],
    ),
    "dbt compile": (
        """
10:31:02  Encountered an error:
Compilation Error in model sales (models/sales.sql)
  unexpected '}', expected 'end of print statement'
    line 8
""",
        [("sales", "unexpected '}', expected 'end of print statement'")],
    ),
    "nvcc": (
        'csrc/bind.cu(14): error: identifier "splits" is undefined\nmake: *** [Makefile:22: build] Error 1\n',
        [("csrc/bind.cu(14)", 'identifier "splits" is undefined')],
    ),
    "make": ("make: *** [Makefile:4: lock.o] Error 1\n", [("Makefile:4: lock.o] Error 1", None)]),
    "pytest, its summary cut off": (
        (
            "=================================== FAILURES ===================================\n"
            "____________________ TestFare.test_rounds[eur] ____________________\nsrc/fare.py:9: in total\n    raise\n"
            "tests/test_fare.py:31: in test_rounds\n    total()\nE   ValueError: no rate\n"
            "____________________ test_zone ____________________\ntests/test_zone.py:4: AssertionError\n"
            "E   2 of 3 zones equal\n2 failed, 7 passed in 3.10s\n"
        ),
        [
            ("tests/test_fare.py::TestFare::test_rounds[eur]", "tests/test_fare.py:31: ValueError: no rate"),
            ("tests/test_zone.py::test_zone", "tests/test_zone.py:4: 2 of 3 zones equal"),
        ],
    ),
    "pytest, a file that cannot be read": (
        (
            "==================================== ERRORS ====================================\n"
            "_____________________ ERROR collecting tests/test_a.py ______________________\n"
            "tests/test_a.py:3: in <module>\n    import fares\nE   ModuleNotFoundError: No module named 'fares'\n"
            "1 error in 0.10s\n"
        ),
        [("tests/test_a.py", "tests/test_a.py:3: ModuleNotFoundError: No module named 'fares'")],
    ),
}


@pytest.mark.parametrize("tool", RED)
def test_names_and_reasons_of_what_failed(tool):
    output, expected = RED[tool]
    found = failures_in(output)
    assert [it.name for it in found] == [name for name, _ in expected]
    for it, (_, why) in zip(found, expected, strict=True):
        assert why is None or it.why == why


def test_a_list_of_playwrights_tests_names_none_that_failed():
    listed = "Listing tests:\n  [web] › a.spec.ts:7:5 › is held\n  [web] › a.spec.ts:9:5 › is free\nTotal: 2 tests in 1 file\n"
    assert failures_in(listed) == ()


@pytest.mark.parametrize(
    ("tool", "output"),
    [
        (tool, red[0])
        for tool, red in RED.items()
        if "hangs" not in tool
        and tool not in ("go build", "clang", "gcc", "golangci-lint", "make", "tsc", "pylint", "vite", "mix", "ctest")
    ],
)
def test_red_output_says_so(tool, output):
    assert verdict(output) == "failed", tool


@pytest.mark.parametrize(
    "line",
    [
        "1 failed, 2 passed in 0.2s",
        "Tests  1 failed | 4 passed (5)",
        "2 passed, 1 error",
        "3 passed, 1 skipped, 2 failed in 4.1s",
    ],
)
def test_a_summary_with_failures_is_red_whatever_passed(line):
    assert verdict(f"{line}\n") == "failed"
    assert verdict("3 passed, 1 warning in 0.1s\n") == "ok"


def test_ctest_names_what_failed_while_it_runs():
    output = "2/3 Test #2: ring_full ....***Failed    0.01 sec\n3/3 Test  #3: ring ...***Timeout 1.5 sec"
    assert [(it.name, it.why) for it in failures_in(output)] == [("ring_full", "Failed"), ("ring", "Timeout")]


def test_ctest_tells_of_a_test_what_it_printed_below():
    output = (
        "3/3 Test #3: Lock.IsHeld ....***Failed    0.01 sec\nlock_test.cpp:9: Failure\nValue of: lock.held()\n"
        "  Actual: false\n67% tests passed, 1 tests failed out of 3\n\nThe following tests FAILED:\n"
        "\t  3 - Lock.IsHeld (Failed)\n"
    )
    (failed,) = failures_in(output)
    assert (failed.name, failed.why) == ("Lock.IsHeld", "lock_test.cpp:9: Value of: lock.held() | Actual: false")


GREEN = {
    "GoogleTest": "[==========] 14 tests from 3 test suites ran. (2 ms total)\n[  PASSED  ] 14 tests.\n",
    "pytest": "============ 5 passed, 1 warning in 0.10s ============\n",
    "unittest": "Ran 4 tests in 0.003s\n\nOK\n",
    "go": "ok  \texample.com/app/lock\t0.010s\n",
    "cargo": "test result: ok. 2 passed; 0 failed; 0 ignored\n",
    "jest": "Tests:       3 passed, 3 total\n",
    "vitest": " Test Files  1 passed (1)\n      Tests  2 passed (2)\n",
    "packwerk": "No offenses detected\n",
    "pnpm": "packages/core typecheck: Done\npackages/web typecheck: Done\n",
    "dbt": "10:02:38  Done. PASS=4 WARN=0 ERROR=0 SKIP=0 TOTAL=4\n",
    "mocha": "  3 passing (5ms)\n",
    "rspec": "2 examples, 0 failures\n",
    "phpunit": "OK (2 tests, 2 assertions)\n",
    "maven": "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0\n[INFO] BUILD SUCCESS\n",
    "gradle": "BUILD SUCCESSFUL in 2s\n",
    "dotnet": "Passed!  - Failed:     0, Passed:     2, Skipped:     0, Total:     2\n",
    "ruff": "All checks passed!\n",
    "testthat": "[ FAIL 0 | WARN 0 | SKIP 0 | PASS 5 ]\n",
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


def test_of_an_error_the_telling_lines_are_kept_whole_and_in_order():
    error = "Exit code 1\nrunning 4 files\nerror[E1]: no such field\n  --> src/a.rs:3\nerror: aborting\n" + "x" * 400
    assert telling_lines(error, 60) == "error[E1]: no such field | error: aborting"
    assert telling_lines(error, 30) == "error[E1]: no such field"


def test_why_go_did_not_build_a_package_comes_before_that_it_did_not():
    error = 'Exit code 1\n# example.org/shop\nshop/cart_test.go:4:2: "context" imported and not used\nFAIL\tshop [build failed]'
    assert telling_lines(error, 300).startswith('shop/cart_test.go:4:2: "context" imported and not used | FAIL')


def test_an_error_without_a_telling_line_is_kept_from_its_start_and_an_empty_one_is_empty():
    assert telling_lines("Exit code 3\n\nsegv at 0x0\ncore dumped", 300) == "segv at 0x0 | core dumped"
    assert telling_lines("Exit code 1\n\n---\n", 300) == ""


def test_banners_of_a_virtual_machine_say_nothing_of_what_failed():
    banner = (
        "Error: OpenJDK 64-Bit Server VM warning: Sharing is only\nsupported for boot loader classes\n[INFO] Scanning"
    )
    assert telling_lines(banner, 200) == ""
    assert telling_lines(f"{banner}\n[ERROR] Tests run: 3, Failures: 1\n", 200) == "[ERROR] Tests run: 3, Failures: 1"
    pytest = "==== test session starts ====\nplatform linux -- Python 3.13\n… +190 lines (ctrl+o to see all)"
    assert telling_lines(pytest, 200) == telling_lines("> shop@1.0.0 build\n> tsc\n", 200) == ""
    assert telling_lines(f"{pytest}\nE   assert 1 == 2", 200) == "E   assert 1 == 2"
    assert telling_lines("Error: ========\n[INFO] BUILD FAILURE\n", 200) == "[INFO] BUILD FAILURE"


def test_of_a_servers_error_the_words_are_told_that_say_which_it_is():
    said = '{\n  "error": "Error",\n  "status": 400,\n  "message": "Amount is too small"\n}'
    assert telling_lines(said, 200) == '"message": "Amount is too small"'


def test_of_a_line_of_a_file_in_which_several_things_are_wrong_each_is_told():
    output = (
        "a.py:13:0: E0401: Unable to import 'b' (import-error)\na.py:14:0: E0401: Unable to import 'c' (import-error)\n"
        'a.py:13:0: C0413: Import "b" should be placed at the top (wrong-import-position)\n'
    )
    whys = {it.name: it.why for it in failures_in(output)}
    assert "E0401" in whys["a.py:13:0"]
    assert "; C0413" in whys["a.py:13:0"]
    assert "C0413" not in whys["a.py:14:0"]


@pytest.mark.parametrize("blank", [" ", "\t"])
def test_a_line_of_many_blanks_is_read_in_linear_time(blank):
    assert_linear(lambda size: _EMPTY_OF_MEANING.fullmatch(f"-{blank * size}x"), 3_000)


def test_what_a_database_tells_of_an_error_in_detail_stands_with_it():
    error = "ERROR:  cannot drop table rows\nDETAIL:  view paid depends on table rows\nHINT:  Use DROP ... CASCADE"
    assert telling_lines(error, 300) == "ERROR:  cannot drop table rows | DETAIL:  view paid depends on table rows"


def test_cargo_in_quiet_names_what_failed_in_its_list():
    """Also where only its end is there."""
    listed = "failures:\n    queue::drains\n    src/a.rs - f (line 3)\n\ntest result: FAILED. 86 passed; 2 failed; 0 ignored\n"
    panicked = "---- queue::drains stdout ----\nthread 'queue::drains' panicked at src/q.rs:402:9:\nnot drained\n\n"
    assert [it.name for it in failures_in(f"\n{listed}")] == ["queue::drains", "src/a.rs - f (line 3)"]
    assert (
        failures_in(f"running 88 tests\n..F..F\nfailures:\n\n{panicked}{listed}")[0].why
        == "src/q.rs:402:9: not drained"
    )


@pytest.mark.parametrize(
    ("output", "counted"),
    [
        ("FAILED test_a.py::one - x\n3 failed, 4 passed in 1.2s", 3),
        ("=== 2 failed, 1 passed in 0.1s ===", 2),
        ("Tests:       2 failed, 3 passed, 5 total", 2),
        ("test result: FAILED. 88 passed; 1 failed; 0 ignored", 1),
        ("12 tests completed, 2 failed", 2),
        ("  4 passing (2s)\n  1 failing", 1),
        ("7 examples, 2 failures", 2),
        ("Tests run: 31, Failures: 4, Errors: 0, Skipped: 0", 4),
        ("all good\n0 failed", 0),
        ("3 failed attempts to log in were seen before\nok", None),
    ],
)
def test_how_many_tests_failed_by_what_their_runner_counts(output, counted):
    assert are_more(output, (counted or 0) - 1) is (counted is not None)
    assert not are_more(output, counted or 0)


def test_of_a_failed_test_of_go_the_line_below_tells_why_and_what_is_printed_twice_is_told_once():
    failed = "--- FAIL: TestLease (0.31s)\n    lease_test.go:88: want owner a, got none\n"
    assert telling_lines(f"{failed}{failed}FAIL\tferry/lease\t6.4s\nFAIL", 300) == (
        "--- FAIL: TestLease (0.31s) | lease_test.go:88: want owner a, got none | FAIL\tferry/lease\t6.4s"
    )


def test_lines_that_go_on_with_an_error_say_why_and_what_only_stands_below_does_not():
    goes_on = (
        "Unable to connect to the server: getting credentials\nwith exit code 255\n(The session has expired by now)"
    )
    assert telling_lines(goes_on, 300) == goes_on.replace("\n", " | ")
    assert telling_lines("error: no route\nusing the cache\n(The session has expired by now)", 300) == "error: no route"


def test_of_an_error_of_npms_its_words_are_told_and_not_the_fields_beside_them():
    fields = "npm error code ENOENT\nnpm error syscall open\nnpm error path /srv/package.json\nnpm error errno -2\n"
    words = "npm error enoent Could not read package.json: no such file"
    log = "npm error A complete log of this run can be found in: /srv/1-debug.log"
    assert telling_lines(f"{fields}{words}\n{log}", 200) == words
    led = "installing: npm error code EACCES\nnpm error dest /srv/.cli-q2JHX\nnpm error Error: EACCES: permission denied\n"
    why = "installing: npm error code EACCES | npm error Error: EACCES: permission denied"
    assert telling_lines(f"{led}npm error     at async moveFile (/srv/npm/move-file.js:30:5)", 200) == why
    assert telling_lines("npm error code ELIFECYCLE", 200) == "npm error code ELIFECYCLE"
