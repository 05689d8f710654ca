"""What the agent took for the cause is told as what it turned out to be: a guess, no dismissal, half a cure."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Message, Transcript
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.told.fell_short import fell_short
from handoff_cli.documents.extract.told.turns import turns_of
from tests.documents.sessions import ran

CAUSE = "The loader opens a handle for each page and never closes it. This is the root cause of the leak."
LEFT = "Down from 40 to 12 in the full run. Progress, but still many remaining."


def session(*said, edits=(35,), runs=(37,)):
    """``said`` are the agent's words at 20, 30 and so on, after a request at 10; a tuple gives the speaker too."""
    told = [it if isinstance(it, tuple) else ("assistant", it) for it in said]
    return Transcript(
        "claude_code",
        messages=(
            Message("user", "find out why handles leak", 10),
            *(Message(role, text, 20 + 10 * at) for at, (role, text) in enumerate(told)),
        ),
        edits=tuple(Edit("/p/loader.py", at, "modified", "open()", "close()", None, "ok") for at in edits),
        commands=tuple(ran("pytest", "ok", at, output="12") for at in runs),
    )


def outcomes(transcript):
    return [it.text for turn in turns_of(transcript) for it in turn.told]


def test_a_cause_whose_fix_left_some_of_the_trouble_stands_with_the_words_that_say_so():
    (told,) = [it for it in outcomes(session("I look.", CAUSE, LEFT)) if "root cause" in it]
    assert told.endswith(f"\u2192 mended since, not enough: {LEFT}")


@pytest.mark.parametrize(
    "fields",
    [{"edits": ()}, {"edits": (55,)}, {"runs": (25,)}],
    ids=["nothing was mended", "it was mended later", "nothing ran since"],
)
def test_a_cause_is_not_marked_where_nothing_shows_that_its_fix_was_not_enough(fields):
    assert "mended since" not in "".join(outcomes(session("I look.", CAUSE, LEFT, **fields)))


@pytest.mark.parametrize(
    "words",
    [
        "All is green: no errors remain in the full run now.",
        "Do some of the warnings persist in the full run of yours?",
        "If the errors persist, the second cache is to be looked at next.",
        "The settings persist the choice of the user, as was asked for.",
    ],
)
def test_words_that_only_sound_like_it_do_not_say_that_a_fix_was_not_enough(words):
    assert "mended since" not in "".join(outcomes(session("I look.", CAUSE, words)))


def test_of_several_causes_before_a_fix_that_was_not_enough_the_last_is_told():
    first = "Now the real problem is the pool: it never gives a handle back to the loader."
    told = "".join(outcomes(session(first, CAUSE, LEFT)))
    assert "root cause" in told
    assert "the pool" not in told
    assert "the pool" in "".join(outcomes(session(first, CAUSE, "All 40 handles are closed now.")))


def test_that_a_fix_was_not_enough_is_told_among_what_did_not_do():
    words = "The leaks persist \u2014 closing the page alone isn't enough."
    transcript = session("I look.", CAUSE, words, "Let me look at the pool.")
    assert fell_short(transcript, 10) == (words,)
    assert fell_short(session("I look.", CAUSE, words), 10) == ()  # the last words stand for themselves
    assert extract(transcript).told.turns


GUESS = "The pool may not close its handles, so the loader never gets one back from it."


def test_a_guess_is_not_told_once_the_cause_was_found_in_the_same_turn():
    found = "Found it: the loader opens a handle for each page and never closes one."
    assert GUESS in outcomes(session(GUESS, "I look.", edits=()))
    assert GUESS not in outcomes(session(GUESS, found, edits=()))


DISMISSED = "The missing rows are a pre-existing issue, unrelated to the changes I made to the loader."


@pytest.mark.parametrize(
    ("asked", "then", "stands"),
    [
        ("what happened to the rows?", "Found it \u2014 the loader drops the last page of them.", False),
        ("what happened to the rows?", "I look at the rows.", True),
        ("now write the docs", "Found it \u2014 the docs live in another folder.", True),
    ],
)
def test_what_was_dismissed_is_not_told_once_the_user_asked_again_and_the_cause_was_found(asked, then, stands):
    told = "".join(outcomes(session(DISMISSED, ("user", asked), then, edits=())))
    assert ("pre-existing" in told) is stands


def test_waiting_for_something_is_no_outcome():
    for words, stands in (
        ("Waiting for the search to complete before I put together the list.", False),
        ("The search is complete, and the list of them lies in the table.", True),
    ):
        turns = extract(session(words, ("user", "go on"), "I go on.", edits=())).told.turns
        assert bool(turns[0].told) is stands


def test_an_explanation_whose_fix_was_not_enough_is_told_as_that():
    explained = session(f"{CAUSE} The close belongs into the loader.", "I mend it.", LEFT, "Let me look.", edits=(35,))
    assert extract(explained).told.overtaken == (True, False, True)
    assert extract(explained.replace(edits=())).told.overtaken == (False, False)


def test_what_was_not_seen_is_no_outcome_where_the_agent_went_on_to_look_for_it():
    unseen = "I don't see a folder for the pages here."
    for then, stands in (("Let me look at what the loader calls them.", False), ("They lie in the table.", True)):
        turns = extract(session(f"{unseen} {then}", ("user", "go on"), "I go on.", edits=())).told.turns
        assert (unseen in "".join(it.text for it in turns[0].told)) is stands


def test_a_cure_that_was_not_enough_is_told_as_one_no_more():
    cure = "The solution is to close each handle in `load_pages` before the next page is read."
    assert cure in "".join(outcomes(session(cure, "I mend it.", "All 40 handles are closed now.")))
    assert cure not in "".join(outcomes(session(cure, "I mend it.", LEFT)))
