"""Which words of a user's hold on, and which only order the step they stand in."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.binding import lasts


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
