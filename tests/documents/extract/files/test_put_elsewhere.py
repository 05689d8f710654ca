"""Documents that are to stand elsewhere: what they say stands, though their file does not."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.files.put_elsewhere import only_its_place, to_go_elsewhere
from tests.documents.sessions import told

WRITTEN = Edit("IDS-DESIGN.md", 15, "created", "", "# Ids\n\nThey stay.\n")
GONE = Edit("IDS-DESIGN.md", 35, "deleted", "", "")
SAID = (("user", "design the ids"), ("assistant", "It stands."), ("user", "put it into the existing plan"))
LATER = (*SAID, ("assistant", "I put it into the plan as its first phase."), ("user", "no, that phase is done"))


@pytest.mark.parametrize("said", [SAID, LATER])
def test_a_document_deleted_to_stand_elsewhere_counts_until_it_is_put_there(said):
    """It may be deleted for the request that the latest one cut into."""
    assert to_go_elsewhere(told(*said, edits=(WRITTEN, GONE))) == "IDS-DESIGN.md"


@pytest.mark.parametrize(
    "edits",
    [
        (WRITTEN, GONE, Edit("PLAN.md", 45, "modified", "", "## Ids\n")),
        (WRITTEN, Edit("PLAN.md", 33, "modified", "", "## Ids\n"), GONE),
        (WRITTEN,),
        (),
    ],
)
def test_one_that_was_put_there_before_or_after_does_not(edits):
    assert to_go_elsewhere(told(*LATER, edits=edits)) == ""


def test_nor_does_one_that_was_deleted_for_good():
    assert to_go_elsewhere(told(*SAID[:2], ("user", "we need none, delete it"), edits=(WRITTEN, GONE))) == ""


DESIGN = "I've written the whole design: `IDS-DESIGN.md`"


@pytest.mark.parametrize(
    ("offer", "words", "expected"),
    [
        (DESIGN, "don't create separate documents. put it into the plan", True),
        (DESIGN, "no, merge it into the existing one", True),
        (DESIGN, "No separate document please. And no ids of letters, merge it into the plan.", False),
        ("Shall I add Redis and describe it in `README.md`?", "No Redis, and no new files.", False),
        (DESIGN, "no, ids must not change at midnight", False),
        ("I'd add a second loader for rows", "no, no new files for that", False),
    ],
)
def test_a_no_to_a_document_of_its_own_is_none_to_what_it_says(offer, words, expected):
    assert only_its_place(offer, words) is expected


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("no own file please. add the ids to the plan", True),
        ("drop the separate file and move its content to the readme", True),
        ("we don't need the separate file. integrate into the existing plan", True),
        ("delete it. then add an index to the rows in schema.sql", False),
        ("delete it, and put a section on rows in the plan", False),
        ("it is obsolete, remove it. put it in the list of what is gone", False),
    ],
)
def test_a_deleted_document_is_to_be_put_elsewhere_where_the_user_names_it_and_does_not_throw_it_away(words, there):
    said = (*SAID[:2], ("user", words))
    assert to_go_elsewhere(told(*said, edits=(WRITTEN, GONE))) == "IDS-DESIGN.md" * there


def test_where_the_user_wants_no_document_of_its_own_the_agent_may_say_where_it_goes():
    said = (*SAID[:2], ("user", "no separate documents!"), ("assistant", "I'll integrate the design into the plan."))
    assert to_go_elsewhere(told(*said, edits=(WRITTEN, GONE))) == "IDS-DESIGN.md"


def test_what_the_agent_offers_to_add_somewhere_is_no_deleted_document():
    said = (*SAID[:2], ("user", "delete it"), ("assistant", "Done. I can add it to the changelog with the reason."))
    assert to_go_elsewhere(told(*said, edits=(WRITTEN, GONE))) == ""
