"""Ways that the agent tried and that did not do are told by its words, while the request they were tried for is at work."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.fell_short import fell_short
from tests.documents.sessions import told


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("The sed command didn't work because of the calls on two lines.", True),
        ("Now the issue is that the first patch missed two files.", True),
        ("Hmm, my regex did not catch nested brackets.", True),
        ("The parser does not handle nested brackets.", False),
        ("The edit didn't change the order of the rows.", False),
        ("If the script didn't match, say so.", False),
        ("The search didn't find any caller.", False),
    ],
)
def test_a_way_that_did_not_do_it_is_told_from_what_code_does_or_was_found(words, so):
    assert fell_short(told(("user", "rename it"), ("assistant", f"{words} Let me look.")), 10) == (words,) * so


def test_the_latest_stands_first_and_what_was_tried_for_an_earlier_request_is_not_told():
    one, two = "The sed didn't work on two lines.", "My script failed to replace the last one."
    said = (("user", "go"), ("assistant", one), ("user", "again"), ("assistant", two), ("assistant", one))
    assert fell_short(told(*said), 30) == (one, two)
