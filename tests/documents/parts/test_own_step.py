"""The step that the agent itself said comes next, and whether its last words tell only of that."""

from __future__ import annotations

import pytest

from handoff_cli.documents.parts.own_step import are_carried_out
from tests.documents.sessions import story_of


@pytest.mark.parametrize(
    ("before", "over"),
    [
        ("", True),
        ("All set!", True),
        ("Okay, good.", True),
        ("The lease has lapsed.", False),
        ("Two leaks in cart.py.", False),
    ],
)
def test_last_words_with_a_cause_in_few_words_are_told_and_those_with_a_cry_alone_are_not(before, over):
    look = "Let me check how the cart is used."
    words = f"{before} {look}".strip()
    story = story_of(state="progress", last_words=words, about=look, looked=look, calls_since=1)
    assert are_carried_out(story) is over
