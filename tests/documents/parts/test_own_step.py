"""The step that the agent itself said comes next, and whether its last words tell only of that."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.failed import LiveFailure
from handoff_cli.documents.parts.own_step import about_to, are_carried_out, own_step_of
from tests.documents.sessions import story_of


@pytest.mark.parametrize(
    ("before", "over"),
    [
        ("", True),
        ("All set!", True),
        ("Okay, good.", True),
        ("The lease has lapsed.", False),
        ("Two leaks in cart.py.", False),
    ],
)
def test_last_words_with_a_cause_in_few_words_are_told_and_those_with_a_cry_alone_are_not(before, over):
    look = "Let me check how the cart is used."
    words = f"{before} {look}".strip()
    story = story_of(state="progress", last_words=words, about=look, looked=look, calls_since=1)
    assert are_carried_out(story) is over


@pytest.mark.parametrize(
    ("last", "why", "told"),
    [
        (
            "ran git show ab12~1:wells/rope.md → a rope",
            "ENOENT: no such file, open '/p/wells/rope.md'",
            "wells/rope.md",
        ),
        ("ran git show ab12~1:wells/rope.md → a rope", "ENOENT: no such file, open '/p/wells/pail.md'", "it"),
        ("ran git show ab12~1 → a rope", "ENOENT: no such file, open '/p/wells/rope.md'", "it"),
    ],
)
def test_a_file_that_a_step_only_points_at_is_that_of_the_failure_and_of_the_last_command(last, why, told):
    failure = LiveFailure("fills the pail", why, "npm test", "test", 20)
    story = story_of(state="progress", about="Let me restore it.", failures=(failure,), happened=(last,))
    assert own_step_of(story).startswith(f"Restore {told} (")


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("read shop-old/…/cart.py", "): bring the rebate back."),
        ("read shelf.py", "): read the backup's cart.py to bring the rebate back."),
        ("ran ls cart.py", "): read the backup's cart.py to bring the rebate back."),
    ],
)
def test_of_a_look_at_a_file_that_was_read_since_only_what_it_was_for_is_ahead(after, told):
    look = "Let me read the backup's cart.py to bring the rebate back."
    story = story_of(state="progress", last_words=look, looked=look, after=after)
    assert about_to(story, waits=False).endswith(told)
