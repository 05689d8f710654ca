"""What a short reply means of the message it answers."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.requests.referents import answered_by, gist
from tests.documents.sessions import call, told

WAYS = "Three ways:\n1. Round at the end.\n2. Count in cents.\n3. Keep it.\n\nWhich one?"
FIRST, SECOND, THIRD = "Round at the end.", "Count in cents.", "Keep it."


@pytest.mark.parametrize(
    ("reply", "items"),
    [
        ("1, not 2", [FIRST]),
        ("do 1 and 3, not 2", [FIRST, THIRD]),
        ("1 and 3, no need for 2", [FIRST, THIRD]),
        ("1 yes, 2 no", [FIRST]),
        ("2 is not what I want, 3", [THIRD]),
        ("1: no index on it, 2: with one", [FIRST, SECOND]),
        ("2 can't wait, 1 can", [FIRST, SECOND]),
        ("1 is wrong still, 2 is ok", [FIRST, SECOND]),
    ],
)
def test_a_no_turns_down_the_number_it_belongs_to(reply, items):
    assert gist(WAYS, reply) == " / ".join(items)


def test_an_item_has_its_number_before_a_point_and_no_number_of_things_is_one():
    text = "The way:\n1. Fetch\n2. Heat\n   - 2 pots at most\n   - 1 lid"
    assert gist(text, "2. how do you do that?") == "Heat"
    assert gist("What we have:\n- #2 the pot\n- Option 3 the lid", "2 and 3") == "#2 the pot / Option 3 the lid"


def test_words_that_came_after_the_latest_request_was_typed_are_none_that_it_answers():
    before, since = Message("assistant", "The hens are in the barn.", 20), Message("assistant", "All are fed. Why?", 40)
    latest = Message("user", "why are they in the barn?", 50)
    transcript = told().replace(messages=(Message("user", "feed the hens", 10), before, since, latest))
    assert answered_by(transcript) is since
    waited = transcript.replace(messages=(*transcript.messages[:3], latest.replace(typed=30)))
    assert answered_by(waited) is before


def test_words_that_waited_came_after_none_that_the_agent_had_worked_on_from_unless_they_ask():
    latest = Message("user", "why are the hens in the barn?", 50, typed=30)
    for text, told_of in (("The hens are in the barn.", False), ("The hens are in the barn. Is that right?", True)):
        said = (Message("user", "feed the hens", 10), Message("assistant", text, 20), latest)
        assert bool(extract(told(tool_calls=(call(25),)).replace(messages=said)).referent) is told_of


def test_a_yes_answers_the_plan_that_the_agent_points_back_to_and_not_these_words():
    """They came after a sub-agent's notice, and ask nothing."""
    plan = "Two ways lead there.\n\nShall I take the short one?"
    ready = "It confirms what I summarized above. Ready whenever you give the word."
    talk = told(("user", "plan it"), ("assistant", plan), ("assistant", ready), ("user", "Yes"))
    assert getattr(answered_by(talk), "text", "") == plan
    alone = told(("user", "plan it"), ("assistant", ready), ("user", "Yes"))
    assert getattr(answered_by(alone), "text", "") == ready
