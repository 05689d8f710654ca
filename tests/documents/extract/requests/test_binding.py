"""Which words of a user's hold on, and which only order the step they stand in."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.requests.binding import binds
from handoff_cli.documents.extract.requests.lasting import lasting


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


@pytest.mark.parametrize(
    "words",
    [
        "fine. and no new packages, ever",
        "the old flags stay as they are, two teams call them",
        "ok. keep the public names",
        "from now on run the linter first",
        "commit. and never push to main",
        "auf den server gehst du NIE",
        "das format bleibt wie es ist",
        "n'utilise pas de threads",
    ],
)
def test_what_says_that_it_stays_so_holds_on(words):
    assert binds(words)
    assert lasting(words)


def test_what_must_be_binds_in_german_though_it_need_not_hold_on():
    assert binds("die liste muss auch leere zeilen haben")
