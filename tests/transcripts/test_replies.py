"""What the user answered to a tool's questions, by the form of each agent's answer."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.events import Called, Returned
from handoff_cli.transcripts.replies import replies
from handoff_cli.transcripts.tool_calls import FollowedCall

OPTIONS = [{"label": "SQLite", "description": "one file"}, {"label": "Postgres", "description": ""}]
STORE = {"id": "store", "header": "Store", "question": "Which store?", "options": OPTIONS}
PORT = {"id": "port", "header": "Port", "question": "Which port?", "options": []}


@pytest.mark.parametrize(
    "answer",
    [
        '{"answers": {"Which store?": "SQLite", "Which port?": "8080, as now"}}',
        '{"answers": {"0": "SQLite", "1": "8080, as now"}}',
        '{"answers": {"store": {"answers": ["SQLite"]}, "port": {"answers": ["8080, as now"]}}}',
        "User has provided the following answers:\n\n**Store**: SQLite\n**Port**: 8080, as now",
        'User has answered your questions: "Which store?"="SQLite", "Which port?"="8080, as now". Go on.',
    ],
)
def test_each_question_has_its_answer(answer):
    """With what the agent said of the option that was chosen."""
    told = [("Which store?", "SQLite (one file)"), ("Which port?", "8080, as now")]
    assert list(replies({"questions": [STORE, PORT]}, answer)) == told


@pytest.mark.parametrize("answer", ["User selected: SQLite", "User responded: SQLite"])
def test_one_question_may_be_answered_without_naming_it(answer):
    assert list(replies({"question": "Which store?", "choices": ["SQLite"]}, answer)) == [("Which store?", "SQLite")]
    assert list(replies({"questions": [STORE, PORT]}, answer)) == []


@pytest.mark.parametrize(
    "answer",
    ["", '{"answers": {}, "note": "User dismissed the question without answering."}', "The user is away.", "[]"],
)
def test_what_is_no_answer_is_none(answer):
    assert list(replies({"questions": [STORE]}, answer)) == []


def test_only_a_tool_that_asks_is_answered_and_what_the_log_has_apart_counts():
    given, answer = {"questions": [STORE]}, '{"answers": {"Which store?": "Postgres"}}'
    asks, runs = (FollowedCall(Called("1", it, given), 1) for it in ("AskUserQuestion", "Bash"))
    assert list(asks.replies(Returned("1", answer))) == [("Which store?", "Postgres")]
    assert list(runs.replies(Returned("1", answer))) == []
    apart = (("Which store?", "none"),)
    assert asks.replies(Returned("1", answer, answers=apart)) == apart


def test_an_option_that_the_log_has_apart_comes_with_what_was_said_of_it_too():
    asks = FollowedCall(Called("1", "AskUserQuestion", {"questions": [STORE]}), 1)
    told = asks.replies(Returned("1", "", answers=(("Which store?", "SQLite"),)))
    assert told == (("Which store?", "SQLite (one file)"),)
