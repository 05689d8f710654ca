"""What tools answer to a call that did not run, or was stopped."""

from __future__ import annotations

import pytest

from handoff_cli.core.answers import is_cut_off, is_refused


@pytest.mark.parametrize(
    "answer",
    [
        "Encountered error in step execution: user denied permission for command(make)",
        "exec denied: user denied",
        "Permission denied by user",
        'Tool "run_commands" was not approved',
        'Tool "run_commands" was rejected by the user and not performed (this was not a tool or system failure).',
        "BLOCKED: User denied. Do NOT retry.",
    ],
)
def test_a_no_of_the_user_is_known_in_each_agents_words(answer):
    assert is_refused(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "Encountered error in step execution: no such file",
        "exec denied: allowlist miss",
        "permission denied",
        'Tool "deploy" was not approved by the board',
        "Merged: approved",
    ],
)
def test_another_failure_is_no_no(answer):
    assert not is_refused(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "Command aborted",
        "half\n\nCommand aborted",
        "half\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>",
        "half\n[Command interrupted]",
    ],
)
def test_a_command_that_the_user_stopped_says_so_below_what_it_printed(answer):
    assert is_cut_off(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "Command aborted after 3 tries",
        "half\n\n<shell_metadata>\nshell tool terminated command after exceeding timeout 9 ms\n</shell_metadata>",
    ],
)
def test_one_that_ended_by_itself_was_not_stopped(answer):
    assert not is_cut_off(answer)
