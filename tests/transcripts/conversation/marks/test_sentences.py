"""Whether a line is said, or printed by a program."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.marks.sentences import is_printed


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("exit 1", True),
        ("Exit code: 2", True),
        ("(exit status 1)", True),
        ("exited with code 3", True),
        ("Exit codes must never be swallowed in this project.", False),
        ("Exit the loop once a row is missing, please.", False),
    ],
)
def test_how_a_program_ended_is_printed_and_what_is_said_of_that_is_not(line, expected):
    assert is_printed(line) is expected
