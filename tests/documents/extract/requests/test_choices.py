"""What waits for the user's word at the end of a transcript."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message, ToolCall, Transcript
from handoff_cli.documents.extract.requests.choices import left_out, open_question, options
from tests.documents.sessions import told

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
        ("It was `rows?.length ? rows : []` before. It is a plain list now.", None),
        ("The pattern is `a? b` now. All 12 tests pass.", None),
        ("Shall I drop `rows`? it has no reader.", "Shall I drop `rows`? it has no reader."),
        ("All is done.\n- ask Nadja: who runs the rebuild?", None),
        (
            "Would you like me to:\n1. **Revise** the plan?\n2. Keep it?",
            "Would you like me to: (1) Revise the plan? (2) Keep it?",
        ),
        ("Which one do you want?\n- the cache\n- the index", "Which one do you want? (1) the cache (2) the index"),
        (
            f"Two decisions are yours:\n1. A or B, {'as above ' * 30}\n2. {'The note is long. ' * 9}May I draft it?",
            f"Two decisions are yours: (1) A or B, {'as above ' * 15}as… (2) May I draft it?",
        ),
        (
            (
                "It is a draft. I need two decisions from you:\n\n**A. The rules**\n\n| 1 | 41 |\n\nI recommend 1.\n\n"
                "**B. The spy** works already. Shall I write it in?\n\nThe worktree is still there."
            ),
            "I need two decisions from you: (A) The rules (B) The spy works already. Shall I write it in?",
        ),
        ("I need two decisions from you:\n\nA. The rules\n\nB. The spy\n\nBoth are written.", None),
        ("Two questions were open:\n1. the cache is warm now\n2. the index is built", None),
        ("It has two parts:\n- the cache\n- the index", None),
        ("Done. Is there anything else I can help you with?", None),
        (
            "It is pushed. Shall the old files go in this PR or later? docs-all takes them from the tags.",
            "Shall the old files go in this PR or later? docs-all takes them from the tags.",
        ),
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


HOW = "The default must be chosen again. How shall we proceed?\n\n1. Keep the limit at 256 MB\n2. Raise it to 1 GB"


def test_a_question_before_a_list_lays_out_options():
    assert options(ending(HOW)) == ("1: Keep the limit at 256 MB", "2: Raise it to 1 GB")
    assert options(ending(f"{HOW}\n\nWhich do you prefer?"))[:1] == ("1: Keep the limit at 256 MB",)
    assert options(ending("What did I change?\nThe limit.\n- It is 1 GB")) == ()


def test_options_that_the_user_did_not_take_are_left_out_and_none_where_nothing_of_them_was_meant():
    assert left_out(HOW, "Raise it to 1 GB") == ("Keep the limit at 256 MB",)
    assert left_out(HOW, "the other way") == ()
    assert left_out("I found:\n1. The limit is too low\n2. Rows are read twice", "Rows are read twice") == ()
