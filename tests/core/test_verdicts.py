"""How a check ended is told by what it printed, whatever else stands around it."""

from __future__ import annotations

import pytest

from handoff_cli.core.verdicts import (
    CRASHED,
    NO_TESTS,
    answer_of_server,
    counts_in,
    is_nothing,
    is_silent,
    is_unanswered,
    put_off_in,
    verdict,
)
from tests.growth import assert_linear

LONG = 20_000


@pytest.mark.parametrize(
    "output",
    [
        "2/2 Test #2: ring ....***Failed    1.92 sec",
        "50% tests passed, 1 tests failed out of 2",
        "Errors while running CTest",
        "make: *** [Makefile:4: all] Error 2",
        "gmake[1]: *** [ring.o] Error 1",
        "Latexmk: Errors, so I did not complete making targets",
        "** TEST FAILED **",
        "00:03 +11 -1: Some tests failed.",
        "[error] (Test / test) sbt.TestsFailedException: Tests unsuccessful",
        "sync.sh: exit status 3",
        "job ended, exit code: 1",
        "  1 failed",
        "Tests  9   Passing  8   Failing  1",
        "Failing Tests     2",
        "  ✖  1 of 3 failed (33%)      00:12",
        "12 tests, 1 failure",
        "231 passed, 1 failures",
        "Executed 12 tests, with 2 failures (0 unexpected) in 0.1 seconds",
        "Tests: 9, Assertions: 14, Errors: 2.",
        "Executed 1 out of 1 test: 1 fails locally.",
        "[ FAIL 1 | WARN 0 | SKIP 0 | PASS 4 ]",
        "** (Mix) mix format failed due to --check-formatted.",
        " Test Files  3 passed (3)\n      Tests  12 passed (12)\n     Errors  2 errors   ",
        "Vitest caught 1 unhandled error during the test run.",
        "[ERROR] Tests run: 31, Failures: 0, Errors: 2, Skipped: 0",
        "Tests Passed: 11, Failed: 1, Skipped: 0 NotRun: 0",
        "12 files inspected, 1 offense detected",
        "INFO    - 2/4 native_sim     tests/ring         FAILED Failed (native 0.4s)",
    ],
)
def test_a_summary_that_counts_or_names_failures_is_red(output):
    assert verdict(f"some line\n{output}\n") == "failed"


@pytest.mark.parametrize(
    "output",
    [
        "100% tests passed, 0 tests failed out of 3",
        "** BUILD SUCCEEDED **",
        "12 tests, 0 failures",
        "Tests  9   Passing  9   Failing  0",
        "3 passed, 0 failed",
        "231 passed, no failures",
        "00:03 +12: All tests passed!",
        "Executed 2 out of 2 tests: 2 tests pass.",
        "[INFO] Tests run: 31, Failures: 0, Errors: 0, Skipped: 0",
        "Tests Passed: 12, Failed: 0, Skipped: 0 NotRun: 0",
        "12 files inspected, no offenses detected",
        "# TOTAL: 3\n# PASS:  3\n# FAIL:  0",
        "dist/index.html  0.47 kB\n\u2713 built in 35.90s",
        "webpack 5.91.0 compiled successfully in 812 ms",
        "INFO    - 4 of 4 executed test configurations passed (100.00%)",
    ],
)
def test_a_summary_without_failures_is_green(output):
    assert verdict(f"some line\n{output}\n") == "ok"


@pytest.mark.parametrize(
    "output",
    ["exit status 0", "a job that failed before", "retried 3 failed uploads twice", "INFO - 3 of 4 files passed"],
)
def test_words_that_sum_up_no_check_tell_nothing(output):
    assert verdict(output) is None


@pytest.mark.parametrize(
    ("run", "silent"),
    [
        ("npx tsc --noEmit", True),
        ("go vet ./... && go build ./...", True),
        ("cd web && npx tsc", True),
        ("mvn -q verify", True),
        ("./gradlew test --quiet", True),
        ("mvn verify", False),
        ("npm test", False),
        ("go vet ./... && go test ./...", False),
    ],
)
def test_only_programs_that_are_silent_on_success_pass_by_silence(run, silent):
    assert is_silent(run) is silent


def test_a_result_that_says_that_it_is_empty_is_empty():
    assert all(map(is_nothing, ("", " \n", "(No content)", "(no output)", "Bash completed with no output", "Done")))
    assert not is_nothing("Done in 2s: 3 files")


def test_an_output_of_blank_lines_takes_no_longer_than_its_length():
    """Else each line would look on over all blank ones that follow."""
    for line, end, ended in (("\n", "", None), (" \n", "  3 passed", "ok"), ("\n", "  FAILED tests/test_rows.py\n", "failed")):  # fmt: skip
        assert verdict(line * LONG + end) == ended
        assert_linear(lambda size, line=line, end=end: verdict(line * size + end), LONG)


@pytest.mark.parametrize(
    ("output", "ended"),
    [
        ("../rows.go:3:8: import cycle not allowed", "failed"),
        ("rows.py: 2 errors, 1 warning", "failed"),
        ("\n\n \t\n  2 fail\n", "failed"),
        ("\n\n \t\n  0 fail\n", "ok"),
        ("ran all: 3 passed", "ok"),
        ("rows.py: 0 errors", "ok"),
    ],
)
def test_what_sums_up_a_check_is_found_within_a_line_and_below_blank_ones(output, ended):
    assert verdict(output) == ended


ASKED = "curl -s -X POST http://localhost:8080/rest/resources/9/test"


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("<status>fatal_error</status>\n<message>No such column</message>", "failed"),
        ('{"status": "unhealthy", "checks": []}', "failed"),
        ('{"ok":false,"reason":"quota"}', "failed"),
        ('{"error": {"code": "token_expired"}}', "failed"),
        ('{"time": 1, "status": 500, "path": "/x"}', "failed"),
        ('{"errors": [], "items": [{"error": "old"}]}', None),
        ("curl: (7) Failed to connect to localhost port 8080", "failed"),
        ("wget: can't connect to remote host (172.18.0.4): Connection refused", "failed"),
        ("HTTP/1.1 401 Unauthorized\r\n\r\nHTTP/1.1 200 OK\n", "ok"),
        ("HTTP/2 503\n", "failed"),
        ("\nHTTP_STATUS:201\n", "ok"),
        ("HTTP/1.1 404 Not Found\n", None),
        ('{"error": null, "status": "ok"}', None),
        ('{"error": "Error", "message": "Access token required"}', None),
        ('{"error": "User not found"}', None),
        ('{"error": "Invalid column"}', "failed"),
        ("HTTP/1.1 401 Unauthorized\r\n", None),
        ("<title>Statistics</title>", None),
        ("Read 401 lines of HTTP notes", None),
    ],
)
def test_what_a_server_answers_tells_how_the_request_went(printed, said):
    assert answer_of_server(ASKED, printed) == said
    assert answer_of_server("cat answer.txt", printed) is None


@pytest.mark.parametrize(
    ("header", "said"),
    [("Authorization: Bearer fake-token", None), ("Cookie: sid=test", None), ("Authorization: Bearer $KEY", "failed")],
)
def test_a_server_that_wants_to_know_who_asks_failed_only_who_told_it(header, said):
    assert answer_of_server(f"curl -s http://localhost/test -H '{header}'", '{"error": "Invalid token"}') == said
    assert answer_of_server(f"curl -is http://localhost/test -H '{header}'", "HTTP/1.1 403 Forbidden") == said


@pytest.mark.parametrize(
    ("printed", "said"), [("502", "failed"), ("000", "failed"), ("ok\n200\n", "ok"), ("404", None)]
)
def test_a_status_that_the_command_prints_alone_tells_how_the_request_went(printed, said):
    assert answer_of_server("curl -s -o /dev/null -w '%{http_code}' http://localhost/x", printed) == said
    assert answer_of_server("curl -s http://localhost/x", printed) is None


def test_a_request_of_which_nothing_was_shown_may_have_had_no_answer():
    """Unless it fails without one, or puts it into a file."""
    assert is_unanswered("curl -s localhost:80/health; echo ---; curl -s localhost:81/health", "---\n")
    assert not is_unanswered("curl -s localhost:80/health", "ok")
    assert not is_unanswered("curl -sf localhost:80/health", "")
    assert not is_unanswered("curl -s localhost:80/health > health.json", "")


def test_a_request_without_end_is_looked_at_once():
    """Else it would be read to its end from each word."""
    assert answer_of_server("curl " * LONG, "HTTP/1.1 500") is None
    assert_linear(lambda size: answer_of_server("curl " * size, "HTTP/1.1 500"), LONG // 5)


def test_steps_with_many_blanks_between_are_told_apart_in_linear_time():
    assert_linear(lambda size: is_silent(f"go vet{' ' * size}x"), 4_000)


def test_steps_without_anything_between_are_none_that_prints():
    assert not is_silent("go vet ; \n&& echo x")
    assert is_silent("cd a \n && go vet")


def test_output_of_many_empty_lines_takes_as_long_as_it_is():
    assert_linear(lambda size: verdict("Encountered an error\n" + "\n" * size + "1"), 20_000)


@pytest.mark.parametrize(
    ("output", "counts"),
    [
        ("==== 2 failed, 8 passed in 1.2s ====", "2 failed, 8 passed"),
        (
            "test result: ok. 3 passed; 0 failed; 1 ignored\n\ntest result: FAILED. 2 passed; 2 failed",
            "2 failed, 2 passed",
        ),
        ("test result: FAILED. 2 passed; 2 failed\n\ntest result: ok. 3 passed; 0 failed", "2 failed, 2 passed"),
        ("Test Suites: 1 failed, 1 total\nTests:       2 failed, 8 passed, 10 total", "2 failed, 8 passed"),
        (" Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 12 passed (13)", "1 failed, 12 passed"),
        ("  8 passing (1s)\n  2 failing", "2 failed, 8 passed"),
        ("  2 failed\n    a.spec.ts:3\n  5 passed (3.2s)", "2 failed, 5 passed"),
        ("10 examples, 2 failures", "2 failed"),
        ("the parser failed 2 times", ""),
    ],
)
def test_how_many_tests_failed_and_passed_is_told_as_the_runner_counts_them(output, counts):
    assert counts_in(output) == counts


@pytest.mark.parametrize(
    ("output", "many"),
    [
        ("3 examples, 0 failures, 1 pending", 1),
        ("==== 8 passed, 2 skipped, 1 xfailed in 1.2s ====", 3),
        ("Tests:       1 skipped, 8 passed, 9 total", 1),
        ("  8 passing (1s)\n  2 pending", 2),
        ("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out", 1),
        ("5 passed in 1s", 0),
        ("the parser left 2 pending", 0),
    ],
)
def test_tests_that_were_not_run_or_may_fail_are_counted_as_the_runner_does(output, many):
    assert put_off_in(output) == many


@pytest.mark.parametrize(
    "said", ["No test files found, exiting with code 0", "===== no tests ran in 0.01s =====", "No tests found"]
)
def test_a_runner_that_found_no_tests_put_none_off(said):
    assert put_off_in(f"$ vitest run\n\n{said}\n") == NO_TESTS
    assert put_off_in(f"ok\t[{said}]\n") == 0


@pytest.mark.parametrize("said", ["[gw2] node down: Not properly terminated", "worker 'gw2' crashed while running 'a'"])
def test_a_runner_whose_workers_went_down_may_have_found_some(said):
    assert put_off_in(f"{said}\n\nno tests ran in 5.58s") == CRASHED
    assert put_off_in(f"{said}\n3 failed, 2 passed in 1s") == 0
