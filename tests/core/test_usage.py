import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.usage import LEVELS, METHODS, Thresholds, crossed, level_of, weakest

THRESHOLDS = Thresholds(context_window_limit=1000, usable_tokens=100, warning=0.8, critical=0.95)


@pytest.mark.parametrize(
    ("tokens", "level"),
    [(0, "ok"), (79, "ok"), (80, "warning"), (94, "warning"), (95, "critical"), (99, "critical"), (100, "over")],
)
def test_levels_begin_at_their_share_of_the_usable_window(tokens, level):
    assert level_of(tokens, THRESHOLDS) == level


@given(st.lists(st.integers(0, 50), max_size=40))
def test_while_usage_only_grows_each_level_is_crossed_at_most_once(pieces):
    total, level, seen = 0, "ok", []
    for piece in pieces:
        total += piece
        after = level_of(total, THRESHOLDS)
        if newly := crossed(level, after):
            seen.append(newly)
        level = after
    assert seen == sorted(set(seen), key=LEVELS.index)
    assert (level != "ok") == bool(seen)


def test_falling_below_is_no_crossing_and_rearms():
    assert crossed("warning", "ok") is None
    assert crossed("ok", "warning") == "warning"
    assert crossed("ok", "over") == "over"
    assert crossed("over", "over") is None


@given(st.lists(st.sampled_from(METHODS), min_size=1))
def test_a_sum_is_as_good_as_its_worst_part(methods):
    assert weakest(*methods) == max(methods, key=METHODS.index)
