"""What kinds of secrets a text may hold is told of a long one as of a short one."""

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.patterns import Rows, runs_of
from handoff_cli.redaction import kinds_in
from handoff_cli.redaction.rows import rows_of
from handoff_cli.redaction.telling import COMMAND_WORDS, NAME_WORDS, NAMES_ABROAD, SHAPE_WORDS

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


@given(st.lists(st.text("abcd. ", min_size=1, max_size=7), max_size=8), st.text("abcd. ", max_size=24))
def test_rows_give_all_literals_that_a_text_may_hold_with_what_they_lead_to(words, text):
    rows = Rows(*rows_of((word, word.upper()) for word in words))
    begun = rows.begun(*runs_of(text.encode()))
    assert {(word, word.upper()) for word in words if word in text} <= {*begun}
    assert sorted(rows.literals()) == sorted(words)
