"""What waits for the user's word at the end of a transcript."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message, ToolCall, Transcript
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.choices import chosen_item, open_question, options
from tests.documents.sessions import told
from tests.growth import assert_linear

OPTIONS = """\
Where should `find()` live?

**Option 1: `session/` package** BEST FIT
- It owns the life of a session

**Option 2: `strategy/` package** (current)
- Works, but it is not of one strategy

**Recommendation:** Move it to `session/`.
"""


def ending(text, *calls):
    said = (Message("user", "where does it belong?", 1), Message("assistant", text, 2))
    return Transcript("claude_code", messages=said, tool_calls=calls)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("All is done. Shall I push it?", "Shall I push it?"),
        ("Shall I push it? It changes two files.", "Shall I push it? It changes two files."),
        ("All is done.", None),
        ("All is done.\n- ask Nadja: who runs the rebuild?", None),
        (
            "Would you like me to:\n1. **Revise** the plan?\n2. Keep it?",
            "Would you like me to: (1) Revise the plan? (2) Keep it?",
        ),
        ("Which one do you want?\n- the cache\n- the index", "Which one do you want? (1) the cache (2) the index"),
        ("It has two parts:\n- the cache\n- the index", None),
        ("Done. Is there anything else I can help you with?", None),
    ],
)
def test_a_question_that_the_agent_ended_with_is_open_and_a_list_of_them_is_one(text, asked):
    assert open_question(ending(text)) == asked


def test_work_or_words_of_the_users_after_it_close_a_question():
    asked = ending("Shall I push it?", ToolCall("1", "Bash", "git push", 3))
    assert open_question(asked) is None
    answered = ending("Shall I push it?")
    assert open_question(answered.replace(messages=(*answered.messages, Message("user", "yes", 3)))) is None


def test_a_question_that_is_an_example_waits_for_nobody():
    for line, asked in (("* Example: Is the row of this run, or an old one?", False), ("* Is it an old row?", True)):
        transcript = told(("user", "audit it"), ("assistant", f"Some data may be missing.\n{line}"))
        assert bool(open_question(transcript)) is asked


def test_options_are_told_by_their_heads_and_with_what_is_recommended():
    assert options(ending(OPTIONS)) == (
        "Option 1: `session/` package BEST FIT",
        "Option 2: `strategy/` package (current)",
        "Recommendation: Move it to `session/`.",
    )


def test_what_is_recommended_may_stand_below_a_heading():
    text = OPTIONS.replace("**Recommendation:** Move", "## My recommendation\n\nMove")
    assert options(ending(text))[-1] == "Recommendation: Move it to `session/`."


def test_one_option_alone_leaves_nothing_to_choose():
    assert options(ending("**Option 1: keep it**\n\nRecommendation: keep it.")) == ()
    assert options(ending("All is done.")) == ()


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ("- A: fill it in `load()`\n- **B**: hash the file", ("A: fill it in `load()`", "B: hash the file")),
        ("1. fill it in\n2. hash the file", ("1: fill it in", "2: hash the file")),
        ("a) fill it in\nb) hash the file", ("a: fill it in", "b: hash the file")),
        ("* fill it in\n* hash the file", ("1: fill it in", "2: hash the file")),
        ("- only one", ()),
    ],
)
def test_ways_that_are_announced_are_options_with_what_the_agent_would_take(ways, expected):
    words = f"Old rows have no key. Two ways:\n{ways}\nI'd go with the first. Which one? The suite was not run since."
    found = options(told(("user", "what of old rows?"), ("assistant", words)))
    assert found == ((*expected, "I'd go with the first.") if expected else ())
    assert open_question(told(("user", "what of old rows?"), ("assistant", words))).startswith("Which one?")


def test_a_list_of_what_was_done_is_none_of_options():
    words = "Three things changed:\n- the key\n- the hash\n- the test\nShall I push?"
    assert options(told(("user", "go"), ("assistant", words))) == ()


def test_a_long_line_that_speaks_of_ways_again_and_again_is_read_once():
    """It would be read to its end from each of them, for hours."""
    words = f"{'two ways ' * 200_000}of it\n- one\n- two\nWhich?"
    assert options(told(("user", "go"), ("assistant", words))) == ()


LETTERS = (
    "Options:\n\nA. Show next only.\nB. Cache the total.\nC. Keep OFFSET for\n   the first pages.\n\nI'd go with C."
)
NUMBERS = "Two ways:\n1. Round at the end.\n2. Count in cents.\n\nWhich one?"
INLINE = "It is stuck. Options: (a) helm rollback 41, which clears it; (b) delete the secret. I'd do (a)."
BULLETS = "I can either\n- treat an error as none, or\n- only ask JPEG.\n\nI would do the first."


@pytest.mark.parametrize(
    ("reply", "text", "item"),
    [
        ("C it is, but limit it to 10 pages and write the controller", LETTERS, "Keep OFFSET for the first pages."),
        ("b is fine. take a backup first", LETTERS, "Cache the total."),
        ("2, but no new dependency", NUMBERS, "Count in cents."),
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


LETTERS = "Two ways:\n\n- **A)** roll it back, then insert.\n- **B)** a savepoint.\n\nBoth need the column."
ON_A_LINE = "I would fix 1 now. For 5 there are two ways: A) an archive (clean), B) refuse a dirty tree."


@pytest.mark.parametrize(
    ("reply", "text", "item"),
    [
        ("A. und ja, in 006", LETTERS, "roll it back, then insert."),
        ("B reicht. zu 7: nicht cp", LETTERS, "a savepoint."),
        ("B reicht. zu 7: nicht cp", ON_A_LINE, "refuse a dirty tree."),
        ("A, but keep the log", ON_A_LINE, "an archive (clean)"),
        ("A file is missing", LETTERS, ""),
        ("A test fails", ON_A_LINE, ""),
    ],
)
def test_items_with_letters_behind_bullets_or_on_one_line_are_taken_too(reply, text, item):
    assert chosen_item(reply, text) == item


@pytest.mark.parametrize("reply", ["1 and 2, please", "1, 2", "1 y 2", "option 1, 2 and 3", "Not 1. 2, please"])
def test_a_reply_that_names_several_items_takes_no_one_of_them(reply):
    assert chosen_item(reply, NUMBERS) == ""


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
