"""Which items of the agent's list a reply takes."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.language.chosen import chosen_item
from tests.documents.sessions import told
from tests.growth import assert_linear

LETTERS = (
    "Options:\n\nA. Show next only.\nB. Cache the total.\nC. Keep OFFSET for\n   the first pages.\n\nI'd go with C."
)
NUMBERS = "Two ways:\n1. Round at the end.\n2. Count in cents.\n\nWhich one?"
INLINE = "It is stuck. Options: (a) helm rollback 41, which clears it; (b) delete the secret. I'd do (a)."
NAMED = "Which story?\n\nThere are:\n - 1-1-build.md\n - 1-2-dry.md\n - 2-1-light-the-kiln.md\n\nGive its name."
BULLETS = "I can either\n- treat an error as none, or\n- only ask JPEG.\n\nI would do the first."


@pytest.mark.parametrize(
    ("reply", "text", "item"),
    [
        ("C it is, but limit it to 10 pages and write the controller", LETTERS, "Keep OFFSET for the first pages."),
        ("b is fine. take a backup first", LETTERS, "Cache the total."),
        ("2, but no new dependency", NUMBERS, "Count in cents."),
        ("2 obviously. never round before", NUMBERS, "Count in cents."),
        ("2 yes. and propose the code for it in the review", NUMBERS, "Count in cents."),
        ("1-2 yes. skip the rest, post them as one review", NUMBERS, "Round at the end. / Count in cents."),
        ("ja, 1. aber nicht bei mehr als 500 Seiten", NUMBERS, "Round at the end."),
        ("1でお願いします。", NUMBERS, "Round at the end."),
        ("First one, but log it at debug level", BULLETS, "treat an error as none"),
        ("the second, and add a test", BULLETS, "only ask JPEG."),
        ("I said no rollback. b is ok for me", INLINE, "delete the secret."),
        ("ok (a). but not by mail", INLINE, "helm rollback 41, which clears it"),
        ("la 1, pero solo en el centro", NUMBERS, "Round at the end."),
        ("d'accord, la 2 mais sans le cache", NUMBERS, "Count in cents."),
        ("选 2,先不要提交", NUMBERS, "Count in cents."),
        ("用B方案吧", LETTERS, "Cache the total."),
        ("1. 2 in the next release", NUMBERS, "Round at the end."),
        ("1. and note it in the docs, not in the issue. then the rest", NUMBERS, "Round at the end."),
        ("2", "Ways: **(1)** mend the parser; **(2)** take it out.", "take it out."),
        (
            "C, but short",
            "Options:\n\n**A** direct ones:\n```\nh2\n```\n**B** all\n\nor\n\n**C** one of each",
            "one of each",
        ),
        ("la 2.0 no funciona", NUMBERS, ""),
        ("a, but wait", INLINE, "helm rollback 41, which clears it"),
        ("option 2 tout de suite, l'autre en mars", NUMBERS, "Count in cents."),
        ("ok, option b for now", LETTERS, "Cache the total."),
        ("Done. 2 tests fail now", NUMBERS, ""),
        ("2, please", "Ways:\n1. Round\n   - at the end\n2. Count in cents\n\nWhich?", "Count in cents"),
        ("1, please", "Ways:\n1. Round\n   - at the end\n2. Count in cents\n\nWhich?", "Round - at the end"),
        ("2 tests fail now", NUMBERS, ""),
        ("1.5 seconds is too slow", NUMBERS, ""),
        ("a bug remains", LETTERS, ""),
        ("first, run the tests", BULLETS, ""),
        ("2-1", NUMBERS, ""),
        ("2-1", NAMED, "2-1-light-the-kiln.md"),
        ("1-2", NAMED, "1-2-dry.md"),
        ("2.", NAMED, "1-2-dry.md"),
        ("3, please", NUMBERS, ""),
        ("the last, please", LETTERS, "Keep OFFSET for the first pages."),
        ("1, please", "1. Round. Then sum.\n2. Count.", "Round. Then sum."),
        ("3, please", "1. Round\n2. Count\n3. Wait\n1. Lock\n2. Try", ""),
        ("2, please", "1. Round\n2. Count\n\nFor both:\n- a test", "Count"),
        ("1. yes\n2. no", NUMBERS, ""),
        ("2, please", "I did it.", ""),
        ("b, please", INLINE.replace(" I'd do (a).", " It leaves no trace."), "delete the secret."),
        ("b, please", INLINE.replace("; (b)", ", or (b)"), "delete the secret."),
        ("a, please", INLINE.replace("; (b)", ", or (b)"), "helm rollback 41, which clears it"),
    ],
)
def test_the_item_a_reply_takes(reply, text, item):
    assert chosen_item(reply, text) == item


BULLETED = "Two ways:\n\n- **A)** roll it back, then insert.\n- **B)** a savepoint.\n\nBoth need the column."
ON_A_LINE = "I would fix 1 now. For 5 there are two ways: A) an archive (clean), B) refuse a dirty tree."


@pytest.mark.parametrize(
    ("reply", "text", "item"),
    [
        ("A. und ja, in 006", BULLETED, "roll it back, then insert."),
        ("B reicht. zu 7: nicht cp", BULLETED, "a savepoint."),
        ("B reicht. zu 7: nicht cp", ON_A_LINE, "refuse a dirty tree."),
        ("A, but keep the log", ON_A_LINE, "an archive (clean)"),
        ("b, but keep the old key", BULLETED.replace("A)", "a)").replace("B)", "b)"), "a savepoint."),
        ("A file is missing", BULLETED, ""),
        ("A test fails", ON_A_LINE, ""),
    ],
)
def test_items_with_letters_behind_bullets_or_on_one_line_are_taken_too(reply, text, item):
    assert chosen_item(reply, text) == item


@pytest.mark.parametrize(
    "reply",
    [
        *(
            "1 and 2, please",
            "1, 2",
            "1 y 2",
            "1. and 2",
            "1,2",
            "1+2",
            "1-2",
            "both",
            "do both please",
            "both of them",
        ),
        *("all", "los dos", "beides", "the first and the last", "la 1 et la 2", "1\u548c2"),
    ],
)
def test_of_a_reply_that_takes_several_items_each_is_told(reply):
    assert chosen_item(reply, NUMBERS) == "Round at the end. / Count in cents."


def test_what_is_headed_as_an_option_is_taken_and_not_what_is_listed_below_it():
    text = (
        "## Where should it live?\n\n**Option 1: `session/` package** (best)\n- It knows the ids\n- A natural home\n\n"
        "**Option 2: `strategy/` package**\n- Works, but is wrong\n- Strategies only use ids\n\n**Recommendation:** 1"
    )
    assert chosen_item("yes do option 1", text) == "`session/` package (best)"
    assert chosen_item("2 please", text) == "`strategy/` package"
    steps = "\n\nSteps either way:\n1. Move the file\n2. Run the tests"
    assert chosen_item("option 2", text + steps) == "`strategy/` package"
    assert chosen_item("2 please", text + steps) == "Run the tests"


@pytest.mark.parametrize(
    ("reply", "item"),
    [
        ("A and C", "Show next only. / Keep OFFSET for the first pages."),
        ("the first two", "Show next only. / Cache the total."),
        ("die letzten beiden", "Cache the total. / Keep OFFSET for the first pages."),
        ("all three please", "Show next only. / Cache the total. / Keep OFFSET for the first pages."),
        ("all four", ""),
        ("both", ""),
        ("A and E", ""),
        ("both are wrong", ""),
        ("all good", ""),
        ("all but B", ""),
        ("all but the last", ""),
        ("je prends la C", "Keep OFFSET for the first pages."),
    ],
)
def test_items_are_taken_by_letters_and_by_how_many(reply, item):
    assert chosen_item(reply, LETTERS) == item


@pytest.mark.parametrize(
    "reply", ["2?", "2 ?", "B?", "option 2?", "the second one?", "2, right?", "2. what does it cost?"]
)
def test_a_question_about_an_item_takes_it_not(reply):
    assert chosen_item(reply, NUMBERS) == chosen_item(reply, LETTERS) == ""


@pytest.mark.parametrize(
    "reply", ["1 or 2", "1/2", "option 1, 2 and 3", "Not 1. 2, please", "not 2", "first 2, then 1", "2-3 h"]
)
def test_an_undecided_reply_and_one_that_names_what_is_not_there_take_nothing(reply):
    assert chosen_item(reply, NUMBERS) == ""


@pytest.mark.parametrize("reply", ["1, actually 2", "1... no, wait, 2", "1, sorry, the second one", "1, lieber doch 2"])
def test_a_reply_that_thinks_better_of_it_takes_the_last(reply):
    assert chosen_item(reply, NUMBERS) == "Count in cents."


@pytest.mark.parametrize(
    "reply", ["second", "the 2nd", "2nd one", "le deuxi\xe8me", "la segunda", "i think 2", "2 sounds good", "lieber 2"]
)
def test_an_item_is_taken_by_its_place_and_behind_an_opinion(reply):
    assert chosen_item(reply, NUMBERS) == "Count in cents."


@pytest.mark.parametrize("reply", ["2, no", "2, not 1", "2. Nein, warte", "the second, no, wait", "2 but no: wrong"])
def test_a_no_behind_an_item_takes_it_not(reply):
    assert chosen_item(reply, NUMBERS) == ("Count in cents." if "but" in reply else "")


@pytest.mark.parametrize("reply", ["2, 3 files at most", "2, 5 sec is fine", "2, 30 % of them"])
def test_a_figure_behind_an_item_is_no_other_item(reply):
    assert chosen_item(reply, NUMBERS) == "Count in cents."


def test_a_long_reply_that_takes_an_item_stands_with_it_early_and_last():
    reply = f"2, but {'keep the float path for the dashboard, it only needs approximate numbers, ' * 2}"
    early = told(("user", "mend the sums"), ("assistant", NUMBERS), ("user", reply), ("user", "and the docs"))
    assert extract(early).requests[1].meant == "Count in cents."
    last = extract(told(("user", "mend the sums"), ("assistant", NUMBERS), ("user", reply)))
    assert last.gist == "Count in cents."
    assert last.referent == NUMBERS


def test_an_item_that_the_reply_quotes_is_what_it_means_though_a_later_list_has_its_number():
    text = "So it went:\n\n1. The lock was taken\n2. **The run ended**: the lock file was left there\n\nTwo ways:\n\n1. Wait\n2. Break it"
    quoted = "The run ended: the lock file was left there"
    assert chosen_item(f"2. {quoted}\n\nI'm not so sure of that", text) == quoted
    assert chosen_item("2, but not now", text) == "Break it"
    assert chosen_item("2. Somebody pulled the plug of the whole rack\n\nI saw it", text) == ""


def test_a_long_text_of_lists_costs_no_more_than_its_length():
    assert chosen_item("2, please", "- a\n  b\n" * 3_000) == "a b"
    assert len(chosen_item("1, please", "- a\n" + "  and more\n" * 900 + "- b\n")) < 500
    assert_linear(lambda size: chosen_item("2, please", "- a\n  b\n" * size), 3_000)


@pytest.mark.parametrize("words", ["ok, ", "1 ", "1. ", "the ", "(", "let's "])
def test_a_long_reply_costs_no_more_than_its_length(words):
    assert_linear(lambda size: chosen_item(words * size, NUMBERS), 5_000)
