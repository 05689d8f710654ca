"""Of thousands of lines of data in a row both ends are read, and all that tells a failure or begins something."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.copies.stretches import FIRST_LINES, LAST_LINES, without_middles
from handoff_cli.transcripts.source import Source

MANY = FIRST_LINES + LAST_LINES + 500


def read(lines):
    source = Source("text", b"")
    given = [(number, line, False) for number, line in enumerate(lines, 1)]
    return [it[1] for it in without_middles(source, given)], source.passed_over


@pytest.mark.parametrize(
    "line", [b"a b %d", b"- [x] done %d", b"k_1: %d", b"| a | %d |", b"[REDACTED:token] %d", b"x=1, y %d"]
)
def test_of_a_long_stretch_the_middle_is_passed_over_and_counted(line):
    lines = [line % number for number in range(MANY)]
    told, passed = read(lines)
    assert told == [*lines[:FIRST_LINES], *lines[-LAST_LINES:]]
    assert passed == 500


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"User: and now?",
        b"> go on",
        b"# Next",
        b"12:04 ok",
        b"[12:04] <ann> hi",
        b"you: go",
        b"ann: go on",
        b"\xe2\x8f\xba Ran it",
    ],
)
def test_what_may_begin_a_turn_or_a_paragraph_ends_a_stretch(line):
    lines = [line if number % (FIRST_LINES + LAST_LINES) == 0 else b"a b" for number in range(2 * MANY)]
    assert read(lines) == (lines, 0)


def test_the_blank_lines_that_something_withheld_left_end_no_stretch():
    lines = [b"a b", b"[REDACTED:key]", b"", b""] * MANY
    told, passed = read(lines)
    assert (len(told), passed) == (FIRST_LINES + LAST_LINES, len(lines) - FIRST_LINES - LAST_LINES)


def test_a_failure_is_read_with_what_stands_below_it_wherever_it_stands():
    lines = [b"ok %d" % number for number in range(2 * MANY)]
    lines[MANY] = b"test_rows failed"
    told, _ = read(lines)
    at = told.index(b"test_rows failed")
    assert told[at : at + 4] == lines[MANY : MANY + 4]


def test_a_conversation_is_the_same_with_and_without_a_dump_amid_it(said):
    dump = "\n".join(f"row {number} 3f2a" for number in range(MANY))
    text = "User: look\n\nAssistant: I see\n{}\n\nUser: stop\n\nAssistant: Done.\n"
    roles = [role for role, _ in said(text.format(dump))]
    assert roles == [role for role, _ in said(text.format("row 1 3f2a"))]
    assert said(text.format(dump))[-1] == ("assistant", "Done.")
