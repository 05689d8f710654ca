"""The latest request as what is to be finished, answered, or was answered on the way."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.facts import Finding, LastCommit, Request, Task, Turn
from handoff_cli.documents.extract.failed import Check
from handoff_cli.documents.parts.at_work import going_on, with_answered
from tests.documents.sessions import story_of

WHY = "why is this different for the other agent??"


def at_work(question, **told):
    return going_on(story_of(requests=(Request(1, question),), state="progress", **told), question)


def test_a_question_that_was_answered_though_work_went_on_is_not_to_be_answered_again():
    words = "It is not different for that agent: both share the check. Let me write a test first, then fix it."
    told = at_work(WHY, last_words=words, made=("a.go",))
    assert told.startswith("The latest request was a question, answered on the way: It is not different")
    assert "Edited since: `a.go`." in told
    reply = Task(reply="It is not that agent's alone: both share the check. With it, the agent itself commits.")
    assert "answered on the way: It is not that agent's alone" in at_work(WHY, last_words=words, task=reply)
    turn = Turn(1, (Finding("Both share the check, so it differs for no agent at all.", "said"),))
    assert "answered on the way: Both share the check" in at_work(WHY, turns=(turn,))


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("ah and what happens to the mails that wait? there are hundreds", True),
        ("oh, wait, why is it red now", True),
        ("and also add what is missing", False),
    ],
)
def test_words_that_lead_to_a_question_make_no_work_of_it(words, asks):
    assert at_work(words).startswith("Answer") is asks


def test_a_question_that_says_it_is_asked_aside_may_be_of_an_edit_and_say_more():
    words = "No. To add the column rewrites no row of the table. Now the test of the task."
    asked = "side question: will it rewrite the table when we add the column? asking for the ticket"
    story = story_of(requests=(Request(1, "mend it"), Request(2, asked)), state="progress", last_words=words)
    told = going_on(story_of(story, amid=Request(1, "mend it")), asked)
    assert told.startswith("The latest request was a question, answered on the way: No. To add the column rewrites")
    assert told.endswith("The work that it came amid goes on.")
    assert going_on(story, asked).endswith("The work it led to goes on.")
    for other in (asked.removeprefix("side "), "quick question: can you rewrite the table when the column is there?"):
        assert "answered on the way" not in at_work(other, last_words=words)


def test_what_was_ordered_before_is_next_once_a_commit_has_what_the_question_led_to():
    words = "It is not different for that agent: both share the check."
    owed = {"made": ("a.go",), "owed_before": ("push", "pull request")}
    told = at_work(WHY, last_words=words, last_commit=LastCommit("abc1234"), **owed)
    assert told.startswith("Ordered before and not seen done, and next now: push, pull request. The latest request was")
    edited = at_work(WHY, last_words=words, last_commit=LastCommit("abc1234", since=("a.go",)), **owed)
    assert edited.startswith("The latest request was a question, answered on the way")


def test_a_word_to_go_on_is_told_with_the_request_it_goes_on_with():
    first, commit = Request(1, "Move the website to the new generator"), Request(2, "commit")
    requests = (first, Request(2, "continue", bare=True))
    told = story_of(requests=requests, part_of=first, state="progress")
    assert with_answered("continue", told) == "continue, with: Move the website to the new generator."
    ordered = story_of(told, requests=(first, commit.replace(bare=True)))
    assert with_answered("commit", ordered) == "commit"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (WHY, "Let me see which path that agent takes in the hook before I say anything."),
        (WHY, "Is it different for the other agent in the same version as well?"),
        (
            "can you fix what is different for the other agent?",
            "It is different for the other agent because of the check.",
        ),
        ("can we just hold the store row instead?", "The store has no row for it, it holds one for each session."),
        ("please explain the store again?", "The store holds one row for each session, so it is explained by that."),
        (
            "por que isso \xe9 diferente para o outro?",
            "Vamos primeiro mapear o que \xe9 diferente para o outro agente.",
        ),
        (
            "Os scripts do build s\xe3o lentos. Seria bom t\xea-los em C. Cada um um bin\xe1rio. S\xf3 os do build. Pode ser?",
            "O build chama os scripts pelo nome, um bin\xe1rio de cada vez, e o alvo \xe9 outro.",
        ),
    ],
)
def test_a_step_a_question_back_or_an_order_is_no_answer(question, words):
    assert "answered on the way" not in at_work(question, last_words=words)


def test_a_user_who_waits_for_a_word_was_told_nothing_only_where_no_words_came():
    asks = "fix it and let me know what you think"
    assert "nothing was told yet" in at_work(asks)
    assert "told" not in at_work(asks, task=Task(reply="The lock is taken twice, and nobody frees it on an error."))


def test_what_a_request_answers_ends_in_one_full_stop():
    told = with_answered("good. but why?", story_of(gist="I'll take a lock file instead."))
    assert told == "good. but why? (it answers: I'll take a lock file instead)."


def test_a_file_that_is_not_named_may_have_been_edited_for_it():
    """Of a step that names no file nobody can say that it changed nothing."""
    question = "Fix the loop in the parser"
    assert "Nothing was edited for it yet." in at_work(question)
    assert "Nothing was" not in at_work(question, happened=("Edit of a file that the copy does not name",))
    assert "Nothing was" not in at_work(question, last_words="I changed the loop. Running the tests now.")


@pytest.mark.parametrize(
    ("question", "to_edit"),
    [
        ("commit what you have on branch fix/cursor", False),
        ("push feature/add-flag and wait for CI", False),
        ("run update.sh once more", False),
        ("fix the cursor", True),
        ("commit it, then fix.", True),
    ],
)
def test_a_word_in_the_name_of_a_branch_or_a_file_orders_no_edit(question, to_edit):
    assert ("Nothing was edited for it yet." in at_work(question)) is to_edit


def test_what_is_done_but_for_the_check_of_all_is_told_once_that_ran():
    few = Check("pytest tests/test_rates.py", "ok")
    done = {"made": ("rates.py",), "happened": ("ran pytest tests/test_rates.py: passed",)}
    told = at_work("set the rate", checks=(few, Check("pytest", "ok", edited=1, since=("rates.py",))), **done)
    assert told.startswith(
        "Run `pytest`: not run since `rates.py` changed (passed before); then tell the user what was"
    )
    assert "no step is known to be left" in at_work("set the rate", checks=(few, Check("pytest", "ok")), **done)
    going = Task(to_come="I'm doing a last review of the diff.")
    goes_on = at_work("set the rate", checks=(few, Check("pytest", "ok")), task=going, **done)
    assert goes_on.startswith("Finish the user's latest request: set the rate")


@pytest.mark.parametrize(
    ("reached", "acted", "says"),
    [
        ("And the raw body is out, the job has none.", False, "Learnt for it, unverified: The raw body is out"),
        ("First write the check so that this is caught, then report.", True, ""),
        ("First write the check so that this is caught, then report.", False, "unverified: First write the check"),
        ("The check reads the raw body.", True, "Learnt for it, unverified: The check reads"),
    ],
)
def test_what_was_concluded_stands_without_its_link_and_a_step_until_it_is_edited_for(reached, acted, says):
    told = at_work("make the check read the body", reached=reached, acted=acted)
    assert says in told
    assert ("unverified" in told) is bool(says)


def test_a_no_that_asks_why_is_no_question_that_was_answered_on_the_way():
    said = "The door hangs straight by now, the paint on it is dry as well."
    told = [
        going_on(story_of(requests=(Request(1, "mend"), Request(2, words)), state="progress", last_words=said), words)
        for words in ("why paint the door?", "No, why paint the door?")
    ]
    assert ["answered on the way" in it for it in told] == [True, False]
