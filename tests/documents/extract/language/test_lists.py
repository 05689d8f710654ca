"""What the items of a list are about, in few words."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.language.lists import head_of, heads_of, openings


@pytest.mark.parametrize(
    ("item", "head"),
    [
        ("Partial tapes (2210441): disagree. The rename is the last step", "Partial tapes (2210441): disagree"),
        ("Default of max_age: agree, and it removes every tape", "Default of max_age: agree"),
        ("Second walk: agree in part. It has no order", "Second walk: agree in part"),
        ("`load.go` - fixed", "`load.go` - fixed"),
        (
            "Cold start: 0.84 s \u2192 0.79 s, so \u22120.05 s. The rest is the network",
            "Cold start: 0.84 s \u2192 0.79 s, so \u22120.05 s",
        ),
        ("Lost rows: 41", "Lost rows: 41"),
        ("Lock: 2 of the walkers hold it while they read whole folders from the disk", "Lock"),
        ("Files: load.go, walk.go and prune.go", "Files"),
        ("Walk: reads a folder whole before it calls back", "Walk"),
    ],
)
def test_a_figure_or_a_verdict_of_a_word_or_three_stays_with_what_it_is_of(item, head):
    assert head_of(item) == head


def test_labels_that_come_again_are_no_heads():
    """Of points by their severity each says what it is of."""
    points = ["High: `retry.py:31` has no response after an error", "High: `released_at` is no slot of a connection"]
    assert heads_of(points) == points
    assert heads_of(["One: this is long enough", "Two: and so is that"]) == ["One", "Two"]


def test_labels_that_only_count_are_no_heads():
    items = ["A: the rows are old", "B: the pages are new", "C: both"]
    assert heads_of(items) == items
    told = ["Rows: read before the lock was taken by it", "Pages: read while the lock is held by it"]
    assert heads_of(told) == ["Rows", "Pages"]


def test_an_item_is_not_cut_within_its_brackets():
    said = "the bytes are the same on both sides of the wall"
    for aside, told in (
        (" (the left is cut short by 21 bytes; that end is lost)", f"{said} …"),
        ("; the left is cut", said),
    ):
        assert openings([said + aside + " and more of it follows here", "the frames are whole"], 160)[0] == told


def test_of_items_that_begin_with_a_file_what_was_done_in_it_is_told():
    items = ["`src/shop/rows.py` \u2014 removed the cache", "`src/shop/page.py` \u2014 reads each row once"]
    assert heads_of(items) == items
    said = ["Rows: each of them is read once by now", "Pages: each of them is read once by now"]
    assert heads_of([*items, *said])[-1] == "Pages"
