"""A piece of code in few lines: what is left out must not change what it says."""

from __future__ import annotations

from handoff_cli.documents.extract.files.excerpts import Excerpt

LATEST = """\
def latest(folder, prefix):
    found = []
    for entry in folder:
        if entry.startswith(prefix):
            found.append(entry)
    log.debug("one")
    log.debug("two")
    if not found:
        return None
    log.debug("three")
    log.debug("four")
    found.sort()
    log.debug("five")
    log.debug("six")
    best = found[-1]
    return parsed(best)
"""


def few(text, matter=(), at=0, few_lines=6):
    """The excerpt of ``text``, which defines something in the line ``at``, in about ``few_lines``."""
    lines = tuple(text.rstrip("\n").split("\n"))
    span = (0, at, len(lines))
    shown = Excerpt(lines, span, dict.fromkeys(matter, 1.0), {}, defined=True).shown(few_lines)
    return [it.strip() for it in shown]


def test_where_the_last_of_a_list_is_taken_its_sorting_and_the_way_out_of_an_empty_one_stay() -> None:
    shown = few(LATEST, (14,))
    assert shown[shown.index("if not found:") + 1] == "return None"
    assert shown.index("found.sort()") < shown.index("best = found[-1]")
    assert 'log.debug("five")' not in shown


def test_a_list_of_which_no_end_is_taken_does_not_bring_its_sorting() -> None:
    shown = few(LATEST.replace("best = found[-1]", "best = joined(found)"), (14,))
    assert "best = joined(found)" in shown
    assert "found.sort()" not in shown


def test_the_same_holds_in_other_languages() -> None:
    for sort, test, take in (
        ("sort.Strings(found)", "if len(found) == 0 {", "best := found[len(found)-1]"),
        ("found.sort();", "if (!found.length) {", "const best = found[0];"),
        ("found.sort!", "if found.empty?", "best = found.first"),
    ):
        text = LATEST.replace("found.sort()", sort).replace("if not found:", test).replace("best = found[-1]", take)
        shown = few(text, (14,))
        assert {sort, test, take} <= {*shown}


NEWS = """\
// hasNews tells whether a feed has anything to show.
//
// Nobody is asked twice about the same feed, see the notes on polling.
// Returns true if:
//  1. the feed has grown since it was read last, AND
//  2. one of its new entries is no repeat
// Slow feeds are read behind a timer, and the timer is shared by all.
func hasNews(feed *Feed) bool {
	log.Debug("one")
	size := feed.Measure()
	log.Debug("two")
	log.Debug("three")
	if size <= feed.Seen {
		return false
	}
	log.Debug("four")
	log.Debug("five")
	log.Debug("six")
	log.Debug("seven")
	log.Debug("eight")
	entries := feed.After(feed.Seen)
	return len(entries) > 0
}
"""


def test_a_comment_that_ends_in_a_colon_stands_with_its_whole_list_or_not_at_all() -> None:
    heading, *items = "// Returns true if:", "//  1. the feed has grown since it was read last, AND"
    items.append("//  2. one of its new entries is no repeat")
    assert {heading, *items} <= {*few(NEWS, at=7, few_lines=10)}
    assert {heading, *items}.isdisjoint(few(NEWS, at=7, few_lines=4))


def test_a_line_that_only_looks_like_an_item_needs_no_list() -> None:
    alone = "// Returns true if one of its entries is new."
    text = NEWS.replace("// Returns true if:", alone).replace("//  1.", "// 1)").replace("//  2. one", "// One")
    assert alone in few(text, at=7, few_lines=8)


def test_a_value_that_only_a_way_out_asks_for_keeps_that() -> None:
    shown = few(NEWS, (9,), at=7, few_lines=5)
    assert shown[shown.index("if size <= feed.Seen {") + 1] == "return false"


def test_a_way_out_for_an_error_is_not_kept_for_what_it_asks() -> None:
    text = NEWS.replace("size := feed.Measure()", "err := feed.Measure()").replace("size <= feed.Seen", "err != nil")
    assert "if err != nil {" not in few(text, (9,), at=7, few_lines=5)


def test_of_a_docstring_no_line_but_the_first_takes_the_room_of_code() -> None:
    """It has the names that the code has; a text that is a value is code."""
    described = '    """Find the latest.\n\n    Args:\n        folder: latest folder found.\n        prefix: found prefix.\n    """\n'
    text = LATEST.replace("    found = []\n", f"{described}    found = []\n")
    shown = few(text, (4, 5), few_lines=9)
    assert not {"Args:", "folder: latest folder found.", "prefix: found prefix."} & {*shown}
    value = few(text.replace('    """Find', '    query = """Find'), (4, 5), few_lines=9)
    assert "folder: latest folder found." in value
