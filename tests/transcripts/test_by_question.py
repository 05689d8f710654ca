"""The user's replies by the questions, where a log has both apart."""

from __future__ import annotations

from handoff_cli.transcripts.by_question import explained, replies

QUESTIONS = [
    {"question": "Which?", "options": [{"label": "One", "description": "the short way"}, {"label": "Two"}]},
    {"question": "When?", "options": ["now"]},
]


def test_an_option_comes_with_what_was_said_of_it():
    """Of several the same; what is none of them is the user's own words."""
    assert replies(QUESTIONS, [["One", "Two"], ["in May"]]) == (
        ("Which?", "One (the short way), Two"), ("When?", "in May"),
    )  # fmt: skip


def test_what_was_not_answered_is_left_out():
    assert replies(QUESTIONS, [[], "now"]) == (("When?", "now"),)
    assert replies(QUESTIONS, []) == replies(None, ["now"]) == replies([{"prompt": "x"}], ["now"]) == ()


def test_an_answer_that_comes_with_its_question_says_what_the_option_chosen_stands_for():
    """Of an answer in the user's own words, or to a question that is not known, nothing is added."""
    told = (("Which?", "One"), ("When?", "in May"), ("Where?", "One"))
    assert explained({"questions": QUESTIONS}, told) == (("Which?", "One (the short way)"), *told[1:])
    many = [{"question": "Which?", "options": [{"label": "One", "description": "a way " * 100}]}]
    assert len(explained({"questions": many}, told[:1])[0][1]) < 200
