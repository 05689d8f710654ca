"""How a call ended, going by what it answered."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.outcomes import code_on, outcome_of
from tests.growth import assert_linear


@pytest.mark.parametrize("code", [0, 1, 8, 10, 12, 127, 128, 130, 137, 255])
@pytest.mark.parametrize("line", ["Error: Exit code {}", "exited with code {}", "(exit code: {})", "exit status {}"])
def test_an_exit_code_is_read_whole(line, code):
    """Of several digits too: 130 is no success, 128 is not 8."""
    assert code_on(line.format(code)) == code


@pytest.mark.parametrize(
    ("output", "failed"),
    [
        ("--- FAIL: TestPool (0.00s)\n    pool_test.go:9: got 3", True),
        ("FAIL example.com/pool 0.2s", True),
        ("FAIL: 0 of 12\n12 passed", False),
    ],
)
def test_a_failure_of_no_time_is_one(output, failed):
    """A count of none is not; a time below a second is no count."""
    assert outcome_of("go test ./...", output)[0] is failed


@pytest.mark.parametrize(
    ("run", "output", "failed"),
    [
        ("npx tsc --noEmit", "", False),
        ("npx tsc --noEmit", "(No content)", False),
        ("go vet ./...", "(no output)", False),
        ("npm test", "(No content)", None),
        ("npm test", "compiling\nlinking", None),
        ("npm test", "\x1b[32m2 passed\x1b[39m, \x1b[31m1 failed\x1b[39m", True),
        ("flake8 src", "src/fare.py:31:9: unused name", True),
        ("actionlint ci.yml", '.github/workflows/ci.yml:7:14: label "big" is unknown. [runner-label]', True),
        ("gcc -c fare.c", "fare.c:3:4: warning: unused variable", None),
        ("echo src/fare.py:31:9: unused name", "src/fare.py:31:9: unused name", None),
    ],
)
def test_silence_is_success_of_programs_that_are_silent_then(run, output, failed):
    """What another printed without saying how it ended tells nothing."""
    assert outcome_of(run, output)[0] is failed


@pytest.mark.parametrize(
    ("run", "output", "failed"),
    [
        ("docker compose logs web --tail 5", "ERROR no route\nERROR again", None),
        ("cd /srv && cat a.log | grep -E 'error|fail' | tail -3", "error: no route", None),
        ("curl -s http://localhost/log", "error: no route", None),
        ("ssh web 'tail -5 /var/log/a.log'", "fatal: no route", None),
        ("cat a.log", "Error: Exit code 1\ncat: a.log: No such file or directory", True),
        ("docker compose up web", "ERROR: no such service: web", True),
        ("./load.sh; cat a.log", "error: no route", True),
        ("ssh web 'cat a.log; ./load.sh'", "error: no route", True),
    ],
)
def test_the_words_of_a_log_or_an_answer_that_is_only_shown_do_not_fail_the_command(run, output, failed):
    assert outcome_of(run, output)[0] is failed


@pytest.mark.parametrize(
    ("run", "output", "failed"),
    [
        ("psql -f db/2.sql", 'BEGIN\npsql:db/2.sql:12: ERROR:  relation "rows" does not exist\nROLLBACK', True),
        ("psql -f db/2.sql", "psql:db/2.sql:12: NOTICE:  table exists, skipping", None),
        ("kubectl get pods", "Unable to connect to the server: no route", True),
        ("kubectl get pod a", 'Error from server (NotFound): pods "a" not found', True),
        ("sqlplus @a.sql", "ORA-00942: table or view does not exist", True),
        ("php artisan migrate", "SQLSTATE[42S02]: Base table or view not found", True),
        ("rsync -a a web:b", "ssh: Could not resolve hostname web", True),
        ("kubectl get pods", "unable to connect is what the pod says", None),
    ],
)
def test_what_clients_of_a_server_say_of_an_error_fails_them(run, output, failed):
    assert outcome_of(run, output)[0] is failed


def test_a_command_of_many_steps_is_judged_in_linear_time():
    assert_linear(lambda size: outcome_of("cat a.log | " * (size // 12), "error: no"), 60_000)
    assert_linear(lambda size: outcome_of("ssh " + "-p " * (size // 3), "error: no"), 60_000)


def test_node_tells_its_version_below_what_nobody_caught():
    frames = "    at Module._load (node:internal/modules/cjs/loader:13:12)\n\nNode.js v24.1.0"
    assert outcome_of("node index.js", frames)[0] is True
    assert outcome_of("node index.js", "Node.js v24.1.0 is in use")[0] is None


def test_a_code_in_a_column_of_what_is_described_is_no_end_of_the_command():
    pod = "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137"
    assert code_on(pod.rpartition("\n")[2]) is None
    assert code_on("Exit Code: 137") == 137
    assert outcome_of("kubectl describe pod shop | grep -A3 Last", pod) == (None, None)


def test_a_line_about_a_command_may_end_with_its_code():
    assert code_on("Command executed in terminal within working directory '/shop'. Exit code: 3") == 3
    assert code_on("**Process Status**: \u2705 Completed (exit code: 0)") == 0
    assert code_on("Status of the work: done (see exit code 3 below)") is None
    assert code_on("Command executed in terminal, see the docs on exit codes") is None


@pytest.mark.parametrize(
    ("output", "failed"),
    [
        ("node-1   ok      3.2.0\nnode-4   FAILED  image verify", True),
        ("[1/2] pause .......... ok\n[2/2] offsets ........ ERROR: 12 behind", True),
        ("the word FAILED is told in the manual", None),
        (" \u2713 src/rows.test.ts (4)", False),
    ],
)
def test_a_row_of_what_was_done_tells_how_it_ended(output, failed):
    assert outcome_of("./roll.sh", output)[0] is failed


@pytest.mark.parametrize(
    "output",
    [
        "[ERR_SQLITE_ERROR] unable to open database file\n    at run (store.mjs:1:1)",
        " ERR_PNPM_NO_SCRIPT  Missing script: kiln",
        "$ next build\n[ELIFECYCLE] Command failed with exit code 1.",
    ],
)
def test_the_names_of_errors_that_pnpm_begins_a_line_with_fail_a_command(output):
    assert outcome_of("pnpm run build", output)[0] is True


def test_the_signs_that_next_explains_below_its_routes_tell_that_the_build_went_through():
    output = "$ next build\n▲ Next.js 16.0.0\n\u25cb  (Static)  prerendered as static content"
    assert outcome_of("npm run build", output) == (False, None)
