"""A long text is shortened to the lines and sentences that tell, in its words and order, each with what it is under."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.documents.extract.language.abridged import abridged, with_end
from tests.growth import assert_linear, calls_in

LONG = (
    "# \U0001f680 What I found\n\n**The root cause** is that `load_rows` is called for every single page.\n\n"
    + "\n".join(f"- page {n} was read and looked at, nothing special there" for n in range(30))
    + "\n\n---\n\nThe fix is to call `load_rows` once, because the pages share one cursor.\n"
)


def test_a_long_text_keeps_in_its_order_what_tells_without_marks_of_markdown():
    kept = abridged(LONG, 260)
    assert len(kept) <= 270
    assert kept.index("The root cause is that `load_rows`") < kept.index("The fix is to call `load_rows` once")
    assert "…" in kept
    assert not {"#", "**", "---", "\U0001f680"} & {it for it in ("#", "**", "---", "\U0001f680") if it in kept}


def test_options_and_the_question_are_kept_whatever_is_cut():
    filler = "\n".join(f"The part {n} is due to the old parser." for n in range(30))
    kept = abridged(f"## Option 1: the `rows`\n{filler}\n## Option 2: the `pages`\n{filler}\nWhich one?", 300)
    assert "Option 1: the `rows`" in kept
    assert "Option 2: the `pages`" in kept
    assert kept.endswith("Which one?")


def test_with_its_tail_first_the_end_of_a_thought_is_kept():
    text = "\n".join(f"The step {n} needs the lock because of row {n} in it." for n in range(40))
    assert "step 39 " in abridged(text, 200, tail=True)
    assert "step 0 " not in abridged(text, 200, tail=True)


@given(st.text(alphabet="ab .\n-*:`#?T", max_size=300), st.integers(20, 120))
def test_shortened_text_is_no_longer_than_asked_for_by_more_than_its_marks(text, size):
    kept = abridged(text, size)
    assert len(kept) <= size + kept.count("…") * 2


def test_a_numbered_list_stands_from_its_first_item_on():
    items = "\n".join(f"{n}. `row_{n}` stays, because the state of it was never deleted." for n in range(1, 7))
    text = "It was long ago.\n" + "Some words that tell nothing of it stand here for long.\n" * 8 + items
    told = abridged(text, 200, tail=True)
    numbers = [line[0] for line in told.split("\n") if line[:1].isdigit()]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert "6" in numbers


def test_a_list_far_longer_than_its_room_is_cut():
    text = "\n".join(f"{n}. `row_{n}` stays, because the state of it was never deleted." for n in range(1, 90))
    assert len(abridged(text, 400)) <= 800


def test_an_item_stands_with_its_heading_and_the_items_it_lies_in():
    """Else a proposal reads as a fact."""
    filler = "\n".join(f"- row {n} of the table was read and looked at, and it is as it was" for n in range(20))
    text = f"What was read\n{filler}\nProposed\n- In the loader:\n    - the bug is that `load_rows` never closes its cursor\n"
    kept = abridged(f"{text}\nWhat else\n{filler}", 260)
    assert "Proposed\n- In the loader:\n    - the bug is that" in kept


def test_a_line_that_names_a_place_in_a_file_goes_before_its_like():
    lines = [f"- The value of the {n} row is read by the page of it" for n in ("first", "second", "third", "fourth")]
    lines[2] += " in rows.py:41"
    text = "Rows\n" + "\n".join(lines * 3)
    assert "rows.py:41" in abridged(text, 120)


def test_lists_within_lists_are_shortened_in_linear_time():
    assert_linear(lambda size: abridged("\n".join(f"{' ' * (n % 90)}- item {n}" for n in range(size)), 400), 2_000)


def test_the_parts_that_tell_most_are_not_looked_for_among_all_of_them_again_and_again():
    """Calls, counted: few more of them, however many of the lines have room."""
    text = "a:\n" * 4_000
    assert calls_in(lambda: abridged(text, 2_000)) < 1.5 * calls_in(lambda: abridged(text, 20))


def test_of_a_thought_the_paragraph_it_ends_with_counts_more_than_the_options_it_weighed_and_than_torn_sentences():
    weighed = "Option 1 seems cleanest - passing the `rows` makes the dependency explicit and keeps it testable. "
    torn = "is whether this commit should get the `rows` in the end at all, as it has none of its own. "
    last = "For the live case I can read the `rows` directly, and leave the other one for a change of its own."
    filler = "\n".join(f"The part {n} of it is called by the old parser, which is slow." for n in range(9))
    text = f"{filler}\n{weighed}{torn}\n{filler}\n{last}"
    kept = abridged(text, 220, tail=True)
    assert kept.endswith(last)
    assert "Option 1" not in kept
    assert "is whether" not in kept


def test_what_a_list_of_what_was_done_says_to_be_undone_is_kept_and_its_signs_stay():
    done = "\n".join(f"the table {n} has its column and its index \u2713" for n in range(30))
    kept = abridged(f"State of the branch:\n{done}\nreading the answer: not done\nIt goes on tomorrow.", 200)
    assert "reading the answer: not done" in kept
    assert "its index \u2713" in kept


def test_of_notes_the_last_paragraphs_stand_whole_in_up_to_half_of_the_room():
    notes = "\n\n".join(f"Page {n} was read because `load_{n}` had failed." for n in range(60))
    kept = with_end(f"{notes}\n\nWe stop here.\n\nTomorrow the cursor comes first.", 400)
    assert kept.endswith("We stop here.\nTomorrow the cursor comes first.")
    assert "Page 0 was read" in kept
    assert len(kept) <= 420
    assert with_end("one line", 400) == "one line"
