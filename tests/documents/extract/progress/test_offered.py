"""An offer stands open that the user passed over, until it is taken up, refused, done or old."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, ToolCall
from handoff_cli.documents.extract.progress.offered import open_offer
from tests.documents.sessions import told

OFFER = "Both parse the row. I could share `parse_row` between them. Would you like me to do this refactoring?"
OTHER = "I had an error in the export yesterday, the file had no last line; can you check where the lines are counted, please?"


def talk(*later, offer=OFFER, **fields):
    return told(("user", "is it twice in the code?"), ("assistant", offer), *(("user", it) for it in later), **fields)


def test_an_offer_that_the_user_open_offer_stands_with_the_sentence_it_points_back_to():
    expected = "I could share `parse_row` between them. Would you like me to do this refactoring?"
    assert open_offer(talk(OTHER)) == expected
    alone = "It is done twice. Would you prefer I share the code of the rows? It is no hurry."
    assert open_offer(talk(OTHER, offer=alone)) == "Would you prefer I share the code of the rows?"


def test_an_offer_behind_a_sentence_that_points_back_as_well_stands_with_the_list_that_this_is_of():
    steps = "The loop should:\n1. Collect the rows\n2. Write them once\n\n"
    offer = f"It writes four times. {steps}This would change `write_rows`. Shall I implement this fix?"
    assert open_offer(talk(OTHER, offer=offer)) == (
        "The loop should: Collect the rows; Write them once. This would change `write_rows`. Shall I implement this fix?"
    )


def test_an_offer_stands_with_the_list_it_leans_on_and_with_what_the_user_put_before_it():
    leans = "The loop should:\n1. Read all rows\n2. Write them once\n\nThis needs a lock. Would you like me to do this?"
    expected = "The loop should: Read all rows; Write them once. This needs a lock. Would you like me to do this?"
    assert open_offer(talk(OTHER, offer=leans)) == expected
    assert open_offer(talk(f"{OTHER} Let's start there first", offer=leans)) == (
        f"{expected} → the user put something else first: Let's start there first"
    )
    assert open_offer(talk(f"{OTHER} Start with the first row", offer=leans)) == expected


@pytest.mark.parametrize(
    "reply",
    [
        "yes, " + OTHER,
        "no, " + OTHER,
        "what does the first do?",
        "Is it worth that? " + OTHER,
        OTHER + " And do the refactoring of the first.",
    ],
)
def test_a_reply_that_takes_it_refuses_it_or_speaks_of_it_leaves_none(reply):
    assert open_offer(talk(reply)) == ""


def test_a_later_request_or_an_edit_takes_it_up_and_a_few_requests_make_it_old():
    assert open_offer(talk(OTHER, "now do the refactoring")) == ""
    assert open_offer(talk(OTHER, edits=(Edit("a.py", 40, "modified", "", "def parse_row(): pass"),))) == ""
    assert open_offer(talk(OTHER, edits=(Edit("a.py", 40, "modified", "", "def count(): pass"),)))
    assert open_offer(talk(OTHER, "and the head?", "and the foot?"))
    assert open_offer(talk(OTHER, "and the head?", "and the foot?", "and the rest?")) == ""


def test_an_offer_that_the_agent_worked_on_after_and_a_plain_question_are_none():
    assert open_offer(talk(OTHER, tool_calls=(ToolCall("1", "Bash", "ls", 25),))) == ""
    for none in (
        "There are two. Which one of the two do you mean?",
        "It is done. Shall I go on?",
        "May I be wrong, say so.",
    ):
        assert open_offer(talk(OTHER, offer=none)) == ""
