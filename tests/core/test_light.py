"""What stands in for parts of the standard library does what they do."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.light import Counts, lru_cache


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_counts_are_as_a_counter_does(first, then):
    counts, counter = Counts(first), Counter(first)
    counts.update_with(then)
    counter.update(then)
    assert dict(counts) == dict(counter)
    assert counts["never"] == 0
    assert counts.total() == counter.total()
    if counter:
        assert counts.most() == counter.most_common(1)[0]


def test_what_was_asked_before_is_not_made_again_until_others_took_its_place():
    made = []

    @lru_cache(maxsize=2)
    def doubled(number):
        made.append(number)
        return 2 * number

    assert [doubled(it) for it in (1, 2, 1, 3, 2)] == [2, 4, 2, 6, 4]
    assert made == [1, 2, 3, 2]
