"""How a call ended, going by what it answered."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.outcomes import code_on, outcome_of


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
    ],
)
def test_silence_is_success_of_programs_that_are_silent_then(run, output, failed):
    """What another printed without saying how it ended tells nothing."""
    assert outcome_of(run, output)[0] is failed
