"""What the labels in a reply stand for: the reader of the reply alone does not have the list."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.language.picks import labels_in, options_in, picked, takes_back
from tests.documents.sessions import told
from tests.growth import assert_linear

QUESTIONS = """Two things before the model:

1. The link alone, or with a PIN?
2. May guardians share too? I'd say only full ones."""
LISTED = """Found three more:

1. `orders.py:31` is open to all
2. `notes.py:9`: same
3. `push.py:22`: low

Fix 1 here too?"""
INLINE = "Still open: **a** a stateless token or **b** a table with digests."
NESTED = """Decide please:

1. The doubled hour: **a)** first pass, **b)** second, **c)** guess it
2. A time that does not exist: 1 h ahead?
3. A column for the day?"""


STEPS = "1. Use Redis; run the tests before\n2. Wait"
WAYS = "Two ways:\n\n1. Strict, with a new `--all`; `--since` goes away\n2. As it is"


@pytest.mark.parametrize(
    ("reply", "texts", "meant"),
    [
        ("B. A would break the links that are out", (INLINE,), "a table with digests"),
        ("a. b only hides it until a row is lost", (INLINE,), "a stateless token"),
        ("2, and one that is held answers 409 with Retry-After: 1. Keep the log", (LISTED,), "`notes.py:9`: same"),
        ("a. b nobody here wants to mend", (INLINE,), "a stateless token"),
        ("b just this once", (INLINE,), "a table with digests"),
        ("b only as a first step", (INLINE,), "a table with digests"),
        ("a and b, only if it is cheap", (INLINE,), "a: a stateless token; b: a table with digests"),
        (
            "yes to both. and no plain text",
            (QUESTIONS,),
            "1: The link alone, or with a PIN?; 2: May guardians share too? I'd say only full ones.",
        ),
        (
            "1 yes same commit. 2+3 own ticket, later",
            (LISTED,),
            "1: `orders.py:31` is open to all; 2: `notes.py:9`: same; 3: `push.py:22`: low",
        ),
        ("a, less tables. 7 days", (INLINE,), "a stateless token"),
        (
            "stop. she wants them listed, so b, throw a away pls",
            ("Building the page now.", INLINE),
            "a table with digests",
        ),
        (
            "1 a, c is overkill. yes to both others",
            (NESTED,),
            "a: first pass; 2: A time that does not exist: 1 h ahead?; 3: A column for the day?",
        ),
        ("a, less tables. b kommt nicht in frage, zu viel Aufwand", (INLINE,), "a stateless token"),
        ("1, but keep the old flag, --since stays", (WAYS,), "Strict, with a new `--all`"),
        (
            "1",
            (f"{WAYS}\n3. As 2".replace("goes away", f"goes away; {'the rest of it too ' * 9}"),),
            WAYS.split("\n")[2][3:],
        ),
        ("1, and soon", (WAYS,), "Strict, with a new `--all`; `--since` goes away"),
        ("1, but update the --since docs as well", (WAYS,), "Strict, with a new `--all`; `--since` goes away"),
        ("1, but not before the tests pass", (STEPS,), "Use Redis; run the tests before"),
        ("ok no way. revert, do 2", ("It takes 13 minutes now.", LISTED), "`notes.py:9`: same"),
        ("yes to both", (LISTED,), ""),
        ("3 customers called today", ("Done.", LISTED), ""),
        ("looks fine. 2 customers called today", (LISTED,), ""),
        ("take a look at it", (INLINE,), ""),
        ("9 is fine", (LISTED,), ""),
        ("looks good", (LISTED,), ""),
    ],
)
def test_each_label_of_a_reply_stands_for_its_item(reply, texts, meant):
    assert picked(reply, texts).text == meant


@pytest.mark.parametrize("joins", ["and", "und", "et", "y"])
def test_labels_are_joined_by_words_of_several_languages_of_which_none_is_a_label(joins):
    assert labels_in(f"1, 3 {joins} 4, in this order")[0] == ["1", "3", "4"]
    assert labels_in(f"b {joins} c")[0] == ["b", "c"]


def test_what_several_labels_stand_for_is_told_in_few_characters_each():
    text = "\n".join(f"{number}. {'word ' * 60}" for number in range(1, 5))
    assert len(picked("1+2+3+4", (text,)).text) <= 220


def test_labels_pick_from_the_plan_that_was_laid_before_the_user():
    plan = "1. **Rename in code**: all of it\n2. **Database**: the tables\n3. **Texts**: two languages"
    planned = ToolCall("p", "ExitPlanMode", "", 15, outcome="failed")
    said = (
        ("user", "plan first"),
        ("user", "1 and 3 yes. 2 no"),
        ("assistant", "I go on."),
        ("user", "and the tests?"),
    )
    story = extract(told(*said, tool_calls=(planned,), plan=plan))
    assert story.requests[1].meant.startswith("1: Rename in code: all of it; 3: Texts: two languages")


def test_of_two_lists_the_last_has_its_labels():
    assert options_in("1. one\n2. two\n\nBetter:\n\n1. three")["1"] == "three"


@pytest.mark.parametrize(
    ("first", "later", "back"),
    [
        ("a, less tables", "stop. so b, throw a away", True),
        ("b", "damn. take it back, do a", True),
        ("b", "ok b it is, take it back if it fails", False),
        ("a", "b as well, later", False),
    ],
)
def test_another_pick_among_the_same_options_takes_the_first_back_where_it_says_so(first, later, back):
    assert takes_back(later, picked(later, ("Fine.", INLINE)), picked(first, (INLINE,))) is back
    assert not takes_back(later, picked(later, (NESTED,)), picked(first, (INLINE,)))


@pytest.mark.parametrize(
    "unit", ["1", "a ", "**a** ", "1. ", "(a) ", "yes to both ", "do 1 + ", "1: **b** x\n", ", a and "]
)
def test_labels_and_options_are_found_in_no_more_than_the_length_of_what_is_said(unit):
    assert_linear(lambda size: picked(unit * (size // len(unit)), (unit * (size // len(unit)),)), 10_000)
