"""Words that only say how the work at hand is to go on are no work."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.requests.narrowing import narrows, only_limits, protests


@pytest.mark.parametrize(
    "words",
    [
        "We don't need to paint the door",
        "you won't need the ladder.",
        "no need to count the hens",
        "skip the barn",
        "We are using nails now",
        "we switched to nails already",
    ],
)
def test_a_few_words_that_take_something_off_the_work_or_say_what_it_goes_by_only_limit_it(words):
    assert narrows(words)
    assert only_limits(Request(1, words))


@pytest.mark.parametrize(
    "words",
    [
        "We don't need to paint the door, just take it off",
        "We don't need you to be polite",
        "we don't need the ladder. Count the hens",
        "do we need to paint the door?",
        "We are using nails",
        "we need nails now",
        "skip the barn, then count the hens",
    ],
)
def test_words_that_order_something_besides_or_ask_are_work(words):
    assert not only_limits(Request(1, words))


def test_a_no_that_asks_why_protests_and_a_plain_question_does_not():
    assert protests("No, why paint the door if it hangs?")
    assert not protests("Why does the door hang?")
    assert not protests("No. Why does it hang? Look at the hinges and mend them.")
