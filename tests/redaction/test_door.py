"""What is worth searching is told of many texts together as it is told of each."""

import re

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.redaction import (
    COMMAND_WORDS,
    NAME_WORDS,
    NAMES_ABROAD,
    SHAPE_WORDS,
    any_word_of,
    may_hold_secret,
    worth_searching,
)

WORDS = (*NAME_WORDS, *NAMES_ABROAD, *COMMAND_WORDS, *SHAPE_WORDS)
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(["https://a@b", "Xy7Zp0Qr4Lm2", "éa", "\x1b", " ", "A", "1"]),
    st.text(max_size=4),
)


@given(st.lists(st.lists(PIECES, max_size=4).map("".join), max_size=6))
def test_many_texts_are_told_apart_as_each_is(texts):
    assert worth_searching(texts) == [text for text in texts if may_hold_secret(text)]


@given(st.lists(st.text("ab.(", min_size=1, max_size=4), min_size=1, max_size=8), st.text("abc.(", max_size=12))
def test_a_pattern_of_words_finds_each_of_them_and_nothing_else(words, text):
    assert bool(re.search(any_word_of(words), text)) == any(word in text for word in words)
