"""What waits for the user's word at the end of a transcript."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message, ToolCall, Transcript
from handoff_cli.documents.extract.choices import open_question, options

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
