"""What answers a question: the message that says it at once, though the work went on, and though more was asked."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.told.answered import answering
from handoff_cli.documents.extract.told.turns import turns_of
from tests.documents.sessions import told

WORK = "The root cause is `open_valve`, which never closes the outer one because the lock is held."


def firsts(*messages, **fields):
    """Return what is told first of each turn."""
    return [turn.told[0].text if turn.told else "" for turn in turns_of(told(*messages, **fields))]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (
            "they say it's the pump. can you rule it out?",
            "Ruled out as far as pressure goes: it stayed at 4 bar all night.",
        ),
        (
            "can you trust the meter then? I heard of drift",
            "You remember rightly: after a reset it shows what was left in it.",
        ),
        ("¿por qué falla la bomba? ¿es cosa nuestra?", "No es nuestro: la tubería la puso el vecino el lunes pasado."),
        (
            "the neighbour says it's the old seal. True?",
            "No, for two reasons. The seal was changed in May, and it holds 6 bar.",
        ),
        (
            "nice. could we raise the limit? and look at the log",
            "It held 4 bar in 94 % of the cases. So no, 6 is no stopgap.",
        ),
    ],
)
def test_a_question_is_answered_by_the_message_that_says_it_at_once_though_work_went_on(asked, answer):
    told_first = firsts(("user", asked), ("assistant", answer), ("assistant", WORK), ("user", "go on"))[0]
    assert told_first.startswith(answer[:40])


def test_what_came_of_the_work_that_went_on_stands_beside_the_answer():
    session = told(
        ("user", "is it the pump?"),
        ("assistant", "Ruled out: the pressure stayed at 4 bar all night, and the pump is new."),
        ("assistant", WORK),
        ("user", "go on"),
    )
    assert WORK in [it.text for it in turns_of(session)[0].told[:2]]


def test_an_answer_stands_though_the_user_objects_to_what_followed_it():
    said = (
        ("user", "is it the pump?"),
        ("assistant", "Not ours: the pump belongs to the neighbour, who moved it in May."),
    )
    asked = firsts(*said, ("assistant", WORK), ("user", "no, that's wrong"))
    assert asked[0].startswith("Not ours")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("mend the valve", "No, wait: the outer valve has to be closed before the inner one is opened."),
        ("is it the pump?", "The pump runs at 4 bar, and I look at the valve in the outer ring next."),
        (
            "see https://example.org/?pump=1&valve=2 first",
            "Ruled out: the pressure stayed at 4 bar for all of the night.",
        ),
    ],
)
def test_nothing_is_answered_where_nothing_was_asked_or_no_verdict_given(asked, answer):
    assert answering(asked, [(1, answer, "said")]) == -1


def test_a_question_amid_a_request_for_which_files_were_edited_is_answered_by_what_came_of_it():
    said = (
        ("user", "could it be the seal? mend it please"),
        ("assistant", "Yes, the seal: it lets 2 bar through, always."),
        ("assistant", WORK),
    )
    edit = Edit("/p/a.go", 25, "modified", "a", "b")
    assert firsts(*said, ("user", "go on"), edits=(edit,))[0] == WORK


def test_an_answer_that_begins_with_no_takes_no_cause_back_and_neither_does_what_there_is_none_of():
    answer = "No, because `open_valve` was never called, for two reasons that the log shows."
    cause = "The cause is `close_valve`, which holds the lock. No alarm was found in the log of that night."
    first, second = firsts(("user", "is it open?"), ("assistant", answer), ("user", "why?"), ("assistant", cause))
    assert first == answer
    assert second.startswith("The cause is `close_valve`, which holds the lock.")
