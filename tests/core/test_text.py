from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.text import printable, printable_block, shorten


@given(st.text())
def test_nothing_printable_can_act_on_a_terminal(text):
    assert printable(text).isprintable()


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"])))
def test_ordinary_text_stays_as_it_is(text):
    assert printable(text) == text


def test_escapes_and_overrides_are_written_out():
    assert printable("\x1b[31mred\u202e\n\x00\udc80") == "\\x1b[31mred\\u202e\\n\\x00\\udc80"


@given(st.text())
def test_a_block_keeps_its_lines(text):
    assert printable_block(text).count("\n") == text.count("\n")


@given(st.text(), st.integers(1, 20))
def test_a_cut_is_marked_and_never_longer_than_the_limit(text, limit):
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")
