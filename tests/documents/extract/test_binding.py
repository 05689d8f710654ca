"""Which words of a user's hold on, and which only order the step they stand in."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.binding import binds, lasts


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("don't touch the schema", True),
        ("no, use the other table", True),
        ("never run it on the server", True),
        ("bitte kein async", True),
        ("you should kill the shell that's running", False),
        ("okay, let's move on to the import, we should look at the lock too", False),
        ("implement all 3, I want to test it before shipping", False),
    ],
)
def test_a_rule_holds_on_and_an_order_of_the_moment_does_not(words, holds):
    assert lasts(words) is holds


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("nobody else needs it. so NOT in load(), the command asks itself", True),
        ("the column is NOT NULL there", False),
        ("NOT FOUND IS ALL IT SAYS", False),
        ("The page is NOT loading on my phone", False),
        ("I ONLY see a blank page", False),
        ("it is not in load() then", False),
    ],
)
def test_what_is_written_in_capitals_limits(words, so):
    assert binds(words) is so
