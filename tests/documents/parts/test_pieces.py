"""A piece of text grows: each form is longer than the one before, and comes no earlier."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.documents.parts.pieces import FINDINGS, quoted


@given(st.lists(st.tuples(st.floats(-1, 40), st.text("ab ", max_size=12)), min_size=1, max_size=6))
def test_of_the_forms_of_a_piece_each_is_longer_and_none_comes_before_a_shorter_one(steps):
    piece = quoted(FINDINGS, "Story:", *steps)
    assert sorted(set(map(len, piece.forms))) == [len(it) for it in piece.forms]
    assert list(piece.orders) == sorted(piece.orders)
    assert piece.forms[0] == steps[0][1]
    assert max(len(text) for _, text in steps) == len(piece.forms[-1]), "nothing of the whole is lost"
