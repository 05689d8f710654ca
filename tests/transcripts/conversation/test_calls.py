"""What stands amid the agent's words and is its own: a change that it proposes, words that a page's buttons have too."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear

DIFF = "```diff\n-def load():\n+@cache\n+def load():\n```\n"
EXPORT = "_**User**_\n\n{}\n\n_**Assistant**_\n\n{}\n\n_**User**_\n\n{}\n"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("How would I cache it? Do not edit yet.", f"You could add a cache in `load.py`:\n{DIFF}Shall I apply it?"),
        ("make it fast", f"Here is a cache for `load.py`:\n{DIFF}It keeps what was read."),
        ("make it fast", f"A cache helps.\n**In `load.py`**\n{DIFF}Would you like me to apply this?"),
        ("make it fast", f"I would add a cache.\n**In `load.py`**\n{DIFF}It keeps what was read."),
    ],
)
def test_a_diff_that_an_answer_only_proposes_is_no_edit(read, asked, answer):
    """A line that leads in to it makes it no step, nor does one where anything around it asks or is in the conditional."""
    found = read(EXPORT.format(asked, answer, "no"))
    assert "Edit" not in [it.name for it in found.tool_calls]
    assert "+@cache" in found.messages[1].text


def test_a_diff_below_words_that_it_was_made_is_an_edit(read):
    found = read(EXPORT.format("make it fast", f"I added a cache to `load.py`:\n{DIFF}It keeps what was read.", "ok"))
    assert "Edit" in [it.name for it in found.tool_calls]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("User: which tab?\nAssistant: Chat\nUser: and the other?\nAssistant:\nVoice\n", "Voice"),
        ("You said:\nwhere is it?\n\nChatGPT said:\nUse this tab:\n\nSearch", "Use this tab:\n\nSearch"),
    ],
)
def test_a_word_that_a_button_has_too_is_told_where_no_page_ends_below_it(said, text, last):
    assert said(text)[-1] == ("assistant", last)


def test_several_buttons_above_what_a_page_ends_with_are_nobodys_words(said):
    page = "You said:\nwhere is it?\n\nChatGPT said:\nIn the cart.\n\nSearch\n\nReason\n\nVoice\n\nChatGPT can make mistakes.\n"
    assert said(page)[-1] == ("assistant", "In the cart.")


def test_a_heading_of_a_session_within_an_answer_is_the_agents(said):
    text = "User: plan it\n\nAssistant: Two evenings:\n\n## Session 3\n\nWe test the cart.\n"
    assert said(text)[-1][1] == "Two evenings:\n\n## Session 3\n\nWe test the cart."


def test_an_answer_with_many_diffs_that_it_proposes_is_read_line_by_line(read):
    diff = f"You could do so:\n{DIFF}"
    assert_linear(lambda size: read(EXPORT.format("how?", diff * (size // len(diff)), "no")), 30_000)
