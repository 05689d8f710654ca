"""Which earlier request the latest belongs to: one that was at work when it came is told beside it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import ToolCall
from handoff_cli.documents.at_work import interrupted
from handoff_cli.documents.extract import extract
from handoff_cli.documents.pieces import GOAL, written
from handoff_cli.documents.story import pieces_of_story
from tests.documents.sessions import told

ASKED, STEP, LATE = ("user", "Bound the queue"), ("assistant", "Now the bound."), ("user", "the head is lost then?")


def called(position, name="Edit"):
    return ToolCall("1", name, "queue.rs", position, None, "ok")


def test_a_request_that_stopped_the_agent_stands_with_what_it_was_at():
    story = extract(told(("user", "Mend the watcher"), ASKED, STEP, LATE, tool_calls=(called(35),)))
    assert story.amid
    assert story.amid.text == ASKED[1]
    assert interrupted(story) == ["It came while the agent was at work at: Bound the queue."]
    assert "It came while the agent was at work at this request:" in written(
        GOAL, [(it, it.forms[-1]) for it in pieces_of_story(story)]
    )


def test_words_that_were_queued_before_anything_was_done_stand_with_the_request_before():
    story = extract(told(("user", "Mend the watcher"), STEP, ASKED, LATE, STEP, tool_calls=(called(45),)))
    assert story.amid
    assert story.amid.text == ASKED[1]


def test_an_agent_that_had_ended_its_turn_was_not_cut_into_by_what_ran_since():
    made = told(("user", "Mend the watcher"), ASKED, STEP, LATE, tool_calls=(called(35),))
    ended = made.replace(messages=tuple(it.replace(ended=it.text == STEP[1]) for it in made.messages))
    assert extract(ended).amid is None


@pytest.mark.parametrize("calls", [(), (called(25),), (called(35, "TodoWrite"),)])
def test_an_agent_that_said_something_after_its_last_call_had_answered(calls):
    assert extract(told(("user", "Mend the watcher"), ASKED, STEP, LATE, tool_calls=calls)).amid is None
