"""With why a test failed stands where in the project that was raised, unless the test itself found it."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.commands.outputs import failures_in
from tests.growth import assert_linear

JEST = """
 FAIL  src/lock.test.ts
  ● lock › is held
    ReferenceError: Clock is not defined

      36 |   hold() {
    > 38 |     return Clock.now();

      at now (node_modules/fast/index.js:3:1)
      at Lock.hold (src/lock.ts:38:12)
      at Object.<anonymous> (src/lock.test.ts:9:8)
  ● lock › is free
    TypeError: lock.free is not a function
      at Object.<anonymous> (src/lock.test.ts:21:8)

Tests:       2 failed, 1 passed, 3 total
"""
VITEST = """
 FAIL  src/lock.test.ts > lock > is held
ReferenceError: Clock is not defined
 ❯ Lock.hold src/lock.ts:38:12
 ❯ src/lock.test.ts:9:8

 Test Files  1 failed (1)
"""
MOCHA = """
  1 passing (4ms)
  1 failing

  1) lock
       is held:
     ReferenceError: Clock is not defined
      at Lock.hold (src/lock.js:38:12)
      at Context.<anonymous> (test/lock.js:9:8)
"""
PYTEST = """
=================================== FAILURES ===================================
______________________________ TestLock.test_held ______________________________

    def test_held(self):
>       Lock().hold()

tests/test_lock.py:9:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _
    def hold(self):
>       return clock.now()
E       NameError: name 'clock' is not defined

src/lock.py:38: NameError
__________________________________ test_free ___________________________________
>       assert 0 == 3
E       assert 0 == 3

tests/test_lock.py:21: AssertionError
=========================== short test summary info ============================
FAILED tests/test_lock.py::TestLock::test_held - NameError: name 'clock' is not defined
FAILED tests/test_lock.py::test_free - assert 0 == 3
2 failed, 1 passed in 0.1s
"""
SHORT_PYTEST = """
___________________________________ test_held __________________________________
tests/test_lock.py:9: in test_held
    Lock().hold()
src/lock.py:38: in hold
    return json.loads(text)
/usr/lib/python3.12/json/__init__.py:346: in loads
    return _default_decoder.decode(s)
E   json.decoder.JSONDecodeError: Expecting value
=========================== short test summary info ============================
FAILED tests/test_lock.py::test_held - json.decoder.JSONDecodeError: Expecting value
1 failed in 0.1s
"""
UNITTEST = """
ERROR: test_held (tests.test_lock.LockTest.test_held)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/srv/app/tests/test_lock.py", line 9, in test_held
    Lock().hold()
  File "/srv/app/store/lock.py", line 38, in hold
    return clock.now()
NameError: name 'clock' is not defined

Ran 1 test in 0.001s

FAILED (errors=1)
"""
PHPUNIT = """
There was 1 error:

1) Tests\\LockTest::test_held
Error: Call to undefined method Clock::now()

/srv/app/src/Lock.php:38
/srv/app/tests/LockTest.php:9

ERRORS!
Tests: 1, Assertions: 0, Errors: 1.
"""
PEST = """
   FAILED  Tests\\Feature\\LockTest > is held          BadMethodCallException
  Call to undefined method Clock::now()

  at app/Models/Lock.php:38
     36▕     public function hold()

  Tests:    1 failed (0 assertions)
"""
JUNIT = """
LockTest > isHeld() FAILED
    java.lang.NullPointerException: the clock is missing, an exception
        at java.base/java.util.Objects.requireNonNull(Objects.java:233)
        at org.fast.Clock.now(Clock.java:12)
        at com.acme.store.Lock.hold(Lock.java:38)
        at com.acme.store.LockTest.isHeld(LockTest.java:9)

3 tests completed, 1 failed
"""
DOTNET = """
  Failed Store.LockTests.IsHeld [12 ms]
  Error Message:
   System.NullReferenceException : Object reference not set, an error
  Stack Trace:
     at Store.Lock.Hold() in /srv/app/Store/Lock.cs:line 38
   at Store.LockTests.IsHeld() in /srv/app/Store.Tests/LockTests.cs:line 9

Failed!  - Failed:     1, Passed:     0
"""
GO = """
--- FAIL: TestHeld (0.00s)
panic: assignment to entry in nil map [recovered]
\tpanic: assignment to entry in nil map

goroutine 7 [running]:
testing.tRunner.func1.2({0x1, 0x2})
\t/usr/local/go/src/testing/testing.go:1545 +0x238
panic({0x1?, 0x2?})
\t/usr/local/go/src/runtime/panic.go:914 +0x21f
store.(*Lock).Hold(...)
\t/srv/app/store/lock.go:38
store.TestHeld(0xc0)
\t/srv/app/store/lock_test.go:9 +0x1f
FAIL\tstore\t0.003s
"""
EXUNIT = """
  1) test is held (LockTest)
     test/lock_test.exs:9
     ** (UndefinedFunctionError) function Clock.now/0 is undefined
     code: Lock.hold()
     stacktrace:
       (clock 1.2.0) deps/clock/lib/clock.ex:3: Clock.now/0
       (store 0.1.0) lib/lock.ex:38: Lock.hold/0
       test/lock_test.exs:12: (test)
"""


@pytest.mark.parametrize(
    ("output", "places"),
    [
        (JEST, ["src/lock.ts:38", ""]),
        (VITEST, ["src/lock.ts:38"]),
        (MOCHA, ["src/lock.js:38"]),
        (PYTEST, ["src/lock.py:38", ""]),
        (SHORT_PYTEST, ["src/lock.py:38"]),
        (UNITTEST, ["app/store/lock.py:38"]),
        (PHPUNIT, ["app/src/Lock.php:38"]),
        (PEST, ["app/Models/Lock.php:38"]),
        (JUNIT, ["Lock.java:38"]),
        (DOTNET, ["app/Store/Lock.cs:38"]),
        (GO, ["app/store/lock.go:38"]),
        (EXUNIT, ["lib/lock.ex:38"]),
    ],
)
def test_the_place_of_the_first_own_frame_stands_with_the_reason_where_it_is_not_the_tests(output, places):
    told = [it.why.rpartition(" at ") for it in failures_in(output)]
    assert [place if said else "" for said, _, place in told] == places


def test_a_reason_that_names_a_place_itself_needs_no_other():
    said = JEST.replace("Clock is not defined", "Clock is not defined in src/clock.ts:4")
    assert failures_in(said)[0].why == "ReferenceError: Clock is not defined in src/clock.ts:4"


@pytest.mark.parametrize("piece", ["at a (", "      at x", 'File "', "\u276f a ", "(a ", "____ a", "package:a", "# a:"])
def test_frames_without_end_are_read_in_linear_time(piece):
    lines = "  ● lock › is held\n    Error: x\n{}\n"
    assert_linear(lambda size: failures_in(lines.format((piece * (900 // len(piece)) + "\n") * (size // 900))), 9_000)
