"""What kinds of secrets a text may hold is told of a long one as of a short one."""

import re

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.redaction import (
    COMMAND_WORDS,
    NAME_WORDS,
    NAMES_ABROAD,
    SHAPE_WORDS,
    kinds_in,
)
from handoff_cli.redaction.gates import any_word_of

WORDS = (*NAME_WORDS, *NAMES_ABROAD, *COMMAND_WORDS, *SHAPE_WORDS)
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(["https://a@b", "Xy7Zp0Qr4Lm2", "éa", "\x1b", " ", "A", "1"]),
    st.text(max_size=4),
)


@given(st.lists(PIECES, max_size=4).map("".join))
def test_a_long_text_may_hold_what_a_short_one_may_hold(text):
    short = f"{text}\nok\nof it\n"
    assert kinds_in(short + "of it\n" * 1_000) == kinds_in(short)


@given(st.lists(st.text("ab.(", min_size=1, max_size=4), min_size=1, max_size=8), st.text("abc.(", max_size=12))
def test_a_pattern_of_words_finds_each_of_them_and_nothing_else(words, text):
    assert bool(re.search(any_word_of(words), text)) == any(word in text for word in words)
