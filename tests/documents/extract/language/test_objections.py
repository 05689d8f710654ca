"""Words that say that something is not so are told from those that ask or agree, and from what they are not about."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.language.objections import (
    concedes,
    denied,
    disputes,
    followed_it,
    is_not_it,
    objects,
    offer_in,
    passes_over,
)


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("I'm pretty sure the branches were deleted", True),
        ("are you sure? it was green", True),
        ("that's not true, the row was written", True),
        ("no, keep the old one", True),
        ("so how could it still be there?", True),
        ("3 不对吧,里面已经有检查了", True),
        ("不对称加密怎么用?", False),
        ("what did she change if it doesn't fix the cause?", False),
        ("make sure that the rows are written", False),
        ("yes, do that", False),
        ("don't go over 60 requests, we pay for each", False),
        ("don't forget the docs", False),
        ("don't add the path, people get twice as many then", True),
        ("right, do not put it there, ever: we had that bug", False),
    ],
)
def test_words_that_say_that_something_is_not_so_are_told_from_others(words, so):
    assert disputes(words) is so


def test_who_praises_that_something_is_not_overdone_objects_to_nothing():
    assert objects("this is overcomplicated, one table will do")
    assert not objects("All are sound: the orphans are handled without overcomplicating the usual case")


def test_words_deny_what_they_share_most_of_or_all_names_of_and_nothing_that_stands_everywhere():
    words = "I'm sure the shadow branches were deleted after the commit"
    assert denied(words, "The shadow branches survive: nothing deletes them.", frozenset())
    assert not denied(words, "The shadow branches survive: nothing deletes them.", frozenset({"shadow", "branch"}))
    assert not denied(words, "Each commit is condensed.", frozenset())
    assert denied("no, set userId from sessionId", "No `userId` is needed, `sessionId` says it.", frozenset())


def test_who_turns_a_proposal_down_says_nothing_against_the_cause_that_was_found():
    cause = "The real problem is that whole sessions are marked, so that rows sent later are never read again."
    assert not denied("it's a bad idea, since all rows of sessions are read again every time", cause, frozenset())
    assert denied("I'm quite sure that rows of sessions marked are read again", cause, frozenset())


def test_a_no_that_gives_the_same_fact_as_its_reason_does_not_deny_it():
    words = "no! the module of the nodes is shared with production, add a variable with its default"
    assert not denied(words, "The nodes come from a shared module, which production uses too.", frozenset())
    assert denied(
        "are you sure the nodes come from a shared module?", "The nodes come from a shared module.", frozenset()
    )


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("You're absolutely right! Let me check the real file.", True),
        ("Ah, you\u2019re right — it is JSON.", True),
        ("I misread the schema: there is one row a user.", True),
        ("Du hast recht, das Feld gibt es schon.", True),
        ("您说得对,第 3 条撤回。", True),
        ("You're right to ask: nothing handles it yet.", False),
        ("Right, the tests are next.", False),
        ("The user is right about most of it", False),
    ],
)
def test_an_agent_that_says_its_user_was_right_is_told_from_one_that_only_agrees(words, so):
    assert concedes(words) is so


def test_who_did_what_was_told_turned_down_a_part_at_most():
    assert followed_it("no pinning. did both. the plan now: ...")
    assert followed_it("No Redis please, I added the first")
    assert followed_it("ok, 8 queries now. A colleague would store the status twice: I'd rather not.")
    assert not followed_it("ok, but not like that")
    assert not followed_it("no, that is wrong")
    assert not followed_it("no, I did that, it still fails")


def test_what_was_named_is_what_a_reply_agrees_to_not_what_was_advised_against():
    text = (
        "The other way costs money per message, and hands out the numbers. I'd advise against it with your history. "
        "A compromise would be a share button, with which you paste the text by hand."
    )
    assert offer_in(text, "yes the share button, good idea").startswith("A compromise")
    assert offer_in("It costs money per message. I'd advise against it, with your history of complaints.", "yes") == ""


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        (
            "Two shops use the same rate of the tax; the table keeps the last one. I could let the newest win.",
            "I could",
        ),
        ("Die Steuer wird zu früh gerundet und ist falsch.\n\nIch würde dafür das Paket money nehmen.", "Ich würde"),
        ("La taxe est arrondie trop tôt dans la boucle. Je propose de supprimer la table.", "Je propose"),
    ],
)
def test_a_short_offer_that_ends_a_message_is_what_a_no_answers_whatever_it_shares_words_with(text, offer):
    """What only tells how things are is no offer, nor is a few words of one."""
    assert offer_in(text, "No! the same rate of a tax must be rejected, never the last one of the table").startswith(
        offer
    )
    assert offer_in("The tax is rounded too early in the loop of the rows. I'll do.", "no, never round") == ""


def test_the_clean_fix_that_the_agent_names_is_what_a_yes_answers():
    text = (
        "In lock mode the batch session keeps the row locked until the batch ends.\n\n"
        "The clean fix is to start the beat only in lease mode. I haven't changed that yet."
    )
    assert offer_in(text, "yes only in lease mode").startswith("The clean fix is to start the beat")


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("That can't be it. I measured without it.", True),
        ("there are none in this level, so that wasn't it", True),
        ("fine, but not the finding", True),
        ("No. It only prints. Put it back.", True),
        ("Nein, genau das macht es kaputt.", True),
        ("Non, ce n'est pas ça : annule.", True),
        ("entonces no era eso", True),
        ("is it not the same as before?", False),
        ("Link the PR, not the issue, in the changelog", False),
        ("fix the cause, not the problem we see", False),
        ("that isn't it ready yet", False),
        ("it is not the cause that worries me but the date. put it back into the list", False),
        ("no new packages. put it into the list", False),
        ("put it back into the list", False),
    ],
)
def test_words_that_say_that_what_was_found_is_not_it_are_told_from_others(words, so):
    assert is_not_it(words) is so


@pytest.mark.parametrize(
    ("words", "over"),
    [
        ("not feeling that one - what about the longer list?", True),
        ("nah, not those", True),
        ("I don't like any of it", True),
        ("not that the bucket leaks, but it does", False),
        ("no more ropes please", False),
        ("Is it not into the well?", False),
    ],
)
def test_words_that_pass_over_what_was_shown_say_so_at_once(words, over):
    assert passes_over(words) is over
