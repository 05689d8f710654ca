"""What a page shows below the last words."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.reading.page_end import words_end


@pytest.mark.parametrize(
    "end",
    [
        ["Ready for review 🎉", "View branch", "Talk to Tealeaf", "Tealeaf can make mistakes so double-check it."],
        ["", "Ask Tealeaf to…", "Shell", "Browser"],
        ["Type a message...", "Plan", "Act"],
    ],
)
def test_the_field_for_the_next_message_and_buttons_around_it_are_nobodys_words(end):
    """They stand below all that is said."""
    assert words_end(["The timer stops early.", *end]) == 1


@pytest.mark.parametrize(
    "said",
    [
        ["Reply with A or B", "A", "B"],
        ["- mend the timer", "- ask Mira"],
        ["BUILD FAILED"],
        ["Ask Mira to…", "and then we will see what is left of the plan."],
        [],
    ],
)
def test_last_words_are_kept(said):
    """However short they are."""
    assert words_end(said) == len(said)
