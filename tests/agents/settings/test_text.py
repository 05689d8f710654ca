from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.agents.settings import text as settings_text

texts = st.text("ab \n#!/", max_size=30).map(lambda text: text + "\n")


@given(texts, st.booleans())
def test_putting_in_and_taking_out_leaves_the_text_as_it_was(text, after_first):
    new = settings_text.merged(text, "run me", after_first_line=after_first)
    assert settings_text.has_block(new)
    assert settings_text.removed(new) == text


@given(texts, st.booleans())
def test_a_second_time_changes_nothing_and_other_lines_take_the_place_of_ours(text, after_first):
    once = settings_text.merged(text, "run me", after_first_line=after_first)
    assert settings_text.merged(once, "run me", after_first_line=after_first) == once
    assert settings_text.merged(once, "other", after_first_line=after_first).count("run me") == 0
