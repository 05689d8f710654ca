"""Pages on which the time stands below what the user said, the first of it below titles and no name."""

from __future__ import annotations

PAGE = """\
Tinker
Threads
Colors of the lamp
Old lamp

Please dim the lamp at night. Keep the switch as it is.
Mar 3, 2:15 PM

I look at the lamp first.
$ wc -l lamp.ml
12 lamp.ml

You
Put it in night.ml, no timer.
Mar 3, 2:21 PM

Nota
It is in night.ml.

You
And the stairs.

Only the upper ones.
Mar 3, 2:40 PM

Nota
They are dim.
"""


def test_what_stands_above_the_first_time_was_asked_and_what_follows_a_time_is_the_agents(said):
    """Titles are nobody's words, nor is the name of the agent."""
    assert [it for it in said(PAGE) if it[0] == "user"] == [
        ("user", "Please dim the lamp at night. Keep the switch as it is."),
        ("user", "Put it in night.ml, no timer."),
        ("user", "And the stairs.\n\nOnly the upper ones."),
    ]
    assert said(PAGE)[-1] == ("assistant", "They are dim.")
    assert not any("Tinker" in words or "Nota" in words for _, words in said(PAGE))


def test_a_page_with_times_below_names_is_read_as_before(said):
    """There the time is no end."""
    text = "You\nMar 3, 2:15 PM\n\nDim the lamp, please.\n\nChatGPT\nMar 3, 2:16 PM\n\nIt is dim.\n\n"
    assert said(text * 2)[:2] == [("user", "Dim the lamp, please."), ("assistant", "It is dim.")]
