"""What the user said of items and designs that the agent laid out, each with its item."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract.requests.laid_out import verdicts

LIST = "Found:\n\n1. the lock leaks\n2. two retries\n3. no timeout\n4. old logs stay\n\nWhich ones?"
TABLE = "| # | where | what |\n|---|---|---|\n| 1 | `a.py` | lock leaks |\n| 2 | `b.py` | two retries |\n\nWhich?"
DESIGNS = "Two ways:\n\n- **A. One table.** Simple, but slow.\n- **B. Two tables.** A join, and no lock.\n\nI'd take B."


def said(*texts):
    roles = ("assistant", "user")
    return [(it.what, it.how) for it in verdicts([Message(roles[at % 2], it, at) for at, it in enumerate(texts)])]


@pytest.mark.parametrize(
    ("reply", "aside"),
    [
        ("1 first. 3 is by design, leave it", [("3. no timeout", "left alone")]),
        ("2 please, 4 maybe later", [("4. old logs stay", "later")]),
        ("3, 4 i don't care", [("4. old logs stay", "left alone"), ("3. no timeout", "left alone")]),
        ("do 1, skip 2", [("2. two retries", "left alone")]),
        ("1 jetzt, 2 sp\xe4ter, 3 ist egal", [("3. no timeout", "left alone"), ("2. two retries", "later")]),
        ("1 and 2 please", []),
        ("7 later", []),
        ("3 is a real problem later in the run", []),
        ("can 4 wait till later?", []),
    ],
)
def test_items_that_the_user_leaves_alone_or_puts_off_stand_with_what_they_are(reply, aside):
    assert said(LIST, reply) == aside


def test_rows_of_a_table_are_items():
    assert said(TABLE, "2 is by design") == [("2. `b.py`: two retries", "left alone")]


@pytest.mark.parametrize("reply", ["B", "ok now B. no new files", "go with B please"])
def test_a_design_that_is_taken_by_its_letter_stands_with_its_reason_and_the_other_as_not_taken(reply):
    later = (DESIGNS, "first list the callers", "There are three.", reply)
    assert said(*later) == [
        ("B. Two tables. A join, and no lock.", "taken"),
        ("A. One table. Simple, but slow.", "not taken"),
    ]


@pytest.mark.parametrize("reply", ["B?", "why B", "C", "A lock is missing in there", "Because of the lock"])
def test_a_letter_that_takes_no_design_is_none(reply):
    assert said(DESIGNS, reply) == []


def test_the_design_that_was_taken_last_counts():
    assert said(DESIGNS, "B", "Begun.", "hm, actually A") == [
        ("B. Two tables. A join, and no lock.", "not taken"),
        ("A. One table. Simple, but slow.", "taken"),
    ]
