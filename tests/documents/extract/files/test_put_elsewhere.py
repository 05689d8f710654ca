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
        (DESIGN, "no, ids must not change at midnight", False),
        ("I'd add a second loader for rows", "no, no new files for that", False),
    ],
)
def test_a_no_to_a_document_of_its_own_is_none_to_what_it_says(offer, words, expected):
    assert only_its_place(offer, words) is expected
