"""A test that is red without this work, by the agent's words, is told with them, and nobody is sent to mend it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.failed import LiveFailure
from handoff_cli.documents.extract.unrelated import unrelated
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

RED = "FAILED tests/test_clock.py::test_summer_time - assert 1 == 2\n1 failed, 9 passed in 1s\n"


@pytest.mark.parametrize(
    ("said", "asked", "left"),
    [
        ("`test_summer_time` fails on main as well, since the zone data moved.", "go on", 1),
        ("test_summer_time is a pre-existing failure, unrelated to this.", "go on", 1),
        ("Is test_summer_time pre-existing?", "go on", 0),
        ("Let me check whether test_summer_time fails on main.", "go on", 0),
        ("test_summer_time fails on main as well.", "fix the failing tests too", 0),
        ("The clock test fails on main as well.", "go on", 0),
    ],
)
def test_the_agent_says_that_a_test_is_red_without_this_work(said, asked, left):
    messages = ("user", "Tidy up."), ("assistant", said), ("user", asked)
    found = extract(told(*messages, commands=(ran("pytest -q", "failed", 15, output=RED),)))
    assert len(found.runs.left_red) == left
    assert all(it.unrelated for it in found.runs.left_red)


def test_what_the_account_of_a_compaction_says_of_a_test_counts():
    account = Message("user", "test_summer_time fails on main, not ours.", 5)
    transcript = told(("user", "go on"), commands=(ran("pytest -q", "failed", 15, output=RED),), summaries=(account,))
    (red,) = extract(transcript).runs.left_red
    assert red.left == "test_summer_time fails on main, not ours."


def test_many_words_and_failures_cost_no_more_than_their_length():
    failures = [LiveFailure(f"tests/t.py::test_login_{it}", "x", "pytest", "test", 1) for it in range(40)]
    said = ("assistant", "test_login fails on main, not ours, pre-existing. " * 40)
    assert_linear(lambda size: unrelated(failures, told(("user", "go"), *[said] * size)), 20)
