"""What the agent told in a turn is told no more once an edit may have done it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.overtaken import is_to_do
from tests.documents.sessions import told

_WARNED = "If `load_rows` imports `open_store`, we get a circular dependency, because the store imports it."
_EDIT = Edit("rows.py", 40, "modified", "a", "b")


def outcomes(*thoughts, edits=(_EDIT,)):
    said = tuple(Message("assistant", text, 20 + number) for number, text in enumerate(thoughts))
    return [it.text for it in extract(told(("user", "move it"), reasonings=said, edits=edits)).told.turns[0].told]


@pytest.mark.parametrize(
    "way_round",
    [
        "So the cleanest solution is to move `load_rows` beside `open_store`.",
        "Then `load_rows` doesn't need to know `open_store` at all.",
    ],
)
def test_a_warning_is_past_once_a_way_round_it_was_found_and_edited(way_round):
    assert _WARNED not in outcomes(_WARNED, way_round)
    assert _WARNED in outcomes(_WARNED, way_round, edits=())


@pytest.mark.parametrize("other", ["So the cleanest solution is to move `save_rows`.", "Both names are taken now."])
def test_a_warning_stands_that_nothing_answers(other):
    assert _WARNED in outcomes(_WARNED, other)
    assert _WARNED in outcomes("So the cleanest solution is to move `load_rows` to `open_store`.", _WARNED)


def test_what_is_to_be_done_is_told_apart_from_what_is_so():
    assert is_to_do("The caller also needs to be changed.")
    assert not is_to_do("The rows are sorted by the index.")
