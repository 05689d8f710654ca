import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.text import (
    printable,
    printable_block,
    shell_word,
    shorten,
    utc_compact,
    utc_iso,
    validate_session_name,
)
from handoff_cli.errors import UsageError


@given(st.text())
def test_nothing_printable_can_act_on_a_terminal(text):
    assert printable(text).isprintable()


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters="<")))
def test_ordinary_text_stays_as_it_is(text):
    """A tag of an agent's program is none: what may begin one is left to the tests of these."""
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


@pytest.mark.parametrize("name", ["a", "feature-1", "A.b_c", "x" * 64, "0f3c"])
def test_names_fit_for_a_folder_are_allowed(name):
    assert validate_session_name(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".a", "-a", "a/b", "a\\b", "a\nb", "é", "x" * 65, "a b", "a.", "\x00", "CON:"]
)
def test_names_that_could_leave_the_folder_are_refused(name):
    with pytest.raises(UsageError):
        validate_session_name(name)


@given(st.text(alphabet="aB1_@%+=:,./-'\" $é\n", max_size=8))
def test_a_word_of_a_shell_is_what_shlex_makes_of_it(word):
    assert shell_word(word) == shlex.quote(word)


@given(st.floats() | st.integers(-(2**70), 2**70))
def test_any_time_is_one_of_the_years_with_four_digits(seconds):
    """As a clock that is wrong, or a file's time, which may be any 64 bits."""
    assert "1970-01-01T00:00:00Z" <= utc_iso(seconds) <= "9999-12-31T23:59:59Z"
    assert len(utc_iso(seconds)) == 20
    assert len(utc_compact(seconds)) == 16
