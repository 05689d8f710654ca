"""All items of a list that a yes takes stand; where some of another were left out, it says so."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.requests.agreed_list import agreed_items
from handoff_cli.documents.extract.requests.referents import condensed

ITEMS = [
    f"- put the {it} of the {number} pumps back into its place" for number, it in enumerate(("cap", "rod", "cup") * 2)
]
ACCOUNT = "\n".join(
    (
        "The pumps are dry because the last change took parts out of them. " * 3,
        "**1. pumps.yml** - the change took out:",
        *ITEMS,
        "**2. The well** - nothing to do. " + "It is as deep as it was before the change. " * 4,
        "- one rope of the well is old, and was old before",
        "- one bucket of it is older, and was never new",
        "Want me to put the parts back into pumps.yml?",
    )
)


def test_every_item_of_the_list_that_is_agreed_to_stands():
    told = condensed(ACCOUNT, "yes", 700)
    assert [it for it in ITEMS if it in told] == ITEMS
    assert len([it for it in ITEMS if it in condensed(ACCOUNT, "what about the well?", 400)]) < len(ITEMS)


def test_items_that_are_left_out_are_counted():
    told = condensed(ACCOUNT, "what about the cap of the pumps and its place?", 500)
    kept = sum(it in told for it in ITEMS)
    assert 0 < kept < len(ITEMS)
    assert f"({len(ITEMS) - kept} more)" in told


@pytest.mark.parametrize(
    ("lines", "items"),
    [
        (["1. pumps.yml lacks", "- a cap", "- a rod", "2. the well", "Put them into pumps.yml?"], (1, 2)),
        (["In `dry_run`:", "1. a cap", "2. a rod", "Shall I set dry_run?"], (1, 2)),
        (["The pumps lack:", "- a cap", "- a rod", "Shall I?"], ()),
        (["pumps.yml lacks:", "- a cap", "I put it into pumps.yml."], ()),
        ([], ()),
    ],
)
def test_the_list_is_the_one_below_the_line_that_names_what_is_asked_about(lines, items):
    assert agreed_items(lines) == items
