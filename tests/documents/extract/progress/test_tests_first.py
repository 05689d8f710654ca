"""Tests come before their code by the agent's words, while nothing but tests was edited."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.progress.tests_first import said_tests_first
from tests.documents.sessions import edit, told

FIRST = "I'll write the failing tests of the cart, then mend it."


def first(said, *paths):
    edits = tuple(edit(25 + at, "", "b", path) for at, path in enumerate(paths))
    return said_tests_first(told(("user", "mend the cart"), ("assistant", said), edits=edits), 10)


@pytest.mark.parametrize("said", [FIRST, "Tests first, as the guide says.", "I go by TDD here."])
def test_words_by_which_tests_come_first_are_found_while_only_tests_are_edited(said):
    assert first(f"The cart adds twice. {said} Now the first one.", "/p/test_cart.py") == said
    assert first(said, "/p/test_cart.py", "/p/cart.py") == ""
    assert first(said) == ""


@pytest.mark.parametrize("said", ["The failing tests are of the cart.", "I run the tests of the cart first of all."])
def test_tests_that_fail_or_are_run_are_none_that_come_before_the_code(said):
    assert first(said, "/p/test_cart.py") == ""


def test_what_was_said_before_the_latest_request_is_of_other_work():
    edits = (edit(45, "", "b", "/p/test_cart.py"),)
    said = (("user", "mend the cart"), ("assistant", FIRST), ("user", "and the till"), ("assistant", "I test it."))
    assert said_tests_first(told(*said, edits=edits), 30) == ""


@pytest.mark.parametrize(
    "said",
    [
        "Let me run the existing tests first.",
        "I'll add a log and run the tests first.",
        "No TDD here, the code is mended already.",
        "TDD isn't needed for that.",
        "I write no failing test of it.",
    ],
)
def test_words_that_only_run_tests_or_turn_the_way_down_do_not_put_them_first(said):
    assert first(said, "/p/test_cart.py") == ""
