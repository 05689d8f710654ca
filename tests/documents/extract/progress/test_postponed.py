"""What the user put off, and for when; the agent's own words are tested beside what is to be put back."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.failed import PutOff
from tests.documents.sessions import told


def put_off(*talk):
    return extract(told(*talk, ("user", "go on with the rest"))).dead_ends.put_off_by_user


@pytest.mark.parametrize(
    "words",
    [
        "schema cleanup = own ticket, not now (DH-1181)",
        "put 6 off until after release 4.12, the lead is ok.",
        "debug.go: separate ticket, not in this branch, leave that file alone",
        "the listener leak: real bug, put it in its own issue later not in this PR",
        "we don't do selections across pages, thats v2",
        "cherry-pick that to its own PR later, not now.",
    ],
)
def test_what_the_user_puts_off_is_told_with_the_number_of_the_request(words):
    said = put_off(("user", "find the leak"), ("assistant", "It is the pool."), ("user", f"good catch. {words}"))
    assert said == (PutOff(2, words),)


def test_a_few_words_stand_with_the_question_that_they_answer_or_the_sentence_that_they_lean_on():
    asked = ("assistant", "A null rate gives a null amount. Fix it here too?")
    assert put_off(("user", "why is it red?"), asked, ("user", "no, own ticket, i open REV-311.")) == (
        PutOff(2, "no, own ticket, i open REV-311.", "asked: Fix it here too?"),
    )
    offered = ("assistant", "It is mended. No test renders the page, tell me if you want one.")
    assert put_off(("user", "why is it red?"), offered, ("user", "yes, but at the very end. go on")) == (
        PutOff(2, "yes, but at the very end.", "asked: No test renders the page, tell me if you want one."),
    )
    leaning = ("user", "store it in the file as an optional section. but LATER, separate PR.")
    assert put_off(("user", "why?"), ("assistant", "It is slow."), leaning) == (
        PutOff(2, "store it in the file as an optional section. but LATER, separate PR."),
    )


@pytest.mark.parametrize(
    "words", ["the bill went up, it started some day in the middle of may", "it happened some day last week, find out"]
)
def test_a_day_in_the_past_puts_nothing_off(words):
    assert put_off(("user", "find the leak"), ("assistant", "It is the pool."), ("user", words)) == ()


@pytest.mark.parametrize(
    ("said", "told_as"),
    [
        ("(Beside it: 5 idle ones are too few. Not the cause; I leave it for later.)", None),
        ("The idle limit of 5 is too small. I will leave that for later as of now.", None),
        ("The pool is fine. I leave the idle limit of 5 for later.", "I leave the idle limit of 5 for later."),
    ],
)
def test_what_the_agent_put_off_stands_with_what_it_is_where_the_sentence_only_points_to_it(said, told_as):
    story = extract(told(("user", "find the leak"), ("assistant", f"It is the sweep.\n\n{said}"), ("user", "go on")))
    assert story.dead_ends.put_off == (told_as or said,)


@pytest.mark.parametrize(
    "words",
    [
        *("should that be a separate ticket?", "do it now", "it is later than 9, stop", "in a second"),
        *("ok, but at the end of the file", "leave the newline that is at the end", "but last time it was green"),
    ],
)
def test_a_question_and_other_words_put_nothing_off(words):
    assert put_off(("user", "find the leak"), ("assistant", "It is the pool."), ("user", words)) == ()


def test_what_is_kept_for_later_use_was_not_put_off():
    words = "The export keeps the raw rows for later analysis by the model."
    story = extract(told(("user", "plan it"), ("assistant", words), ("user", "go on")))
    assert story.dead_ends.put_off == ()


def test_the_latest_request_stands_whole_elsewhere():
    assert (
        extract(told(("user", "go"), ("assistant", "Done."), ("user", "docs later, own PR"))).dead_ends.put_off_by_user
        == ()
    )


def test_an_option_that_the_agent_laid_out_was_not_put_off():
    """The user chose among them."""
    asked = "What should I do with these?\n\n1. Mend them now\n2. List them in the plan for later\n3. Show one"
    story = extract(told(("user", "look at it"), ("assistant", f"It smokes.\n\n{asked}"), ("user", "1")))
    assert story.dead_ends.put_off == ()
