"""Of what a terminal was given a line keeps what stood on the screen at last."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.copies.shown import cleaned
from tests.growth import assert_linear

AT = "\x1b[40;1H\x1b[J"
BELOW = "\x1b[42;1H  \u23ce send   \u2303C quit"
SYNC, SHOW = "\x1b[?2026h", "\x1b[?2026l"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (f"{SYNC}{AT}\u203a men{BELOW}{SHOW}{SYNC}{AT}\u203a mend it{BELOW}\x1b[40;9H{SHOW}", ""),
        (f"{SYNC}{AT}\u203a m{BELOW}\x1b[40;3H{SHOW}\u2022 I look.", "\u2022 I look."),
        (f"{AT}\u203a Ask anything{BELOW}\x1b[<1u", ""),
        ("\x1b[3;1Ha line at its place", "a line at its place"),
        ("no place [1;2H of a screen", "no place [1;2H of a screen"),
    ],
)
def test_what_is_painted_at_places_and_painted_over_was_never_a_line(given, shown):
    assert cleaned(given) == shown


def test_a_line_that_is_painted_without_end_takes_no_more_than_its_length():
    assert_linear(lambda size: cleaned("\x1b[1;1Hx" * size), 2_000)
