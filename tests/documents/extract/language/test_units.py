"""Which sentences of a text stand alone, and with what others stand."""

from __future__ import annotations

from handoff_cli.documents.extract.language.units import explains, units


def test_a_sentence_that_leans_on_the_one_before_stands_with_it():
    text = "The loader keeps one handle for each row. This means it runs out of handles. All other rows are fine so far as it seems."
    assert list(units(text)) == [
        "The loader keeps one handle for each row. This means it runs out of handles.",
        "All other rows are fine so far as it seems.",
    ]


LONG = (
    "The loader keeps one handle for each row of the table that it reads from the folder of the shop" + " and more" * 24
)


def test_what_says_something_of_the_sentence_before_without_a_subject_stands_with_it():
    text = "`load_rows` is a function that reads every row of the file. Used when the table is read for the first time."
    assert list(units(text)) == [text]
    assert list(units("The rows are all read by now, it seems. Used rows are kept in a table of their own.")) == [
        "The rows are all read by now, it seems.",
        "Used rows are kept in a table of their own.",
    ]


def test_where_there_is_no_room_it_stands_with_the_name_that_its_item_begins_with():
    text = f"- **`load_rows`** (line 12) - {LONG}. Used when the table is read for the first time."
    assert units(text)[-1] == "`load_rows`: Used when the table is read for the first time."
    assert units(f"- {LONG}. Used when the table is read for the first time.")[-1].startswith("Used when")
    named = f"- **`load_rows`**: {LONG}. It is what calls `load_rows` for the first time."
    assert units(named)[-1].startswith("It is what")


def test_a_sentence_with_a_subject_of_its_own_goes_without_its_but_where_it_stands_alone():
    talk = "Looking at the log - it has the rows of the shop. "
    assert units(f"{talk}But the table shows that they were read.")[-1] == "The table shows that they were read."
    assert units(f"{talk}But it shows that they were read.")[-1] == "But it shows that they were read."
    assert units("But the table shows that they were read.") == ("But the table shows that they were read.",)
    joined = "All rows of the shop are in the log. But the table shows that they were read."
    assert list(units(joined)) == [joined]


def test_a_quote_that_is_all_of_an_item_stands_with_the_line_that_announces_it():
    items = f'1. "Reading the rows of all pages ..."\n2. Then it fails because no page is there\n3. {LONG}'
    told = units(f"The first run of it shows now:\n{items}")
    assert 'The first run of it shows now: "Reading the rows of all pages ...". Then it fails' in told[1]
    assert not any(it.startswith('"') for it in told)
    quoted_in = f'1. "Rows" is what the table is called in it\n2. {LONG}\n3. {LONG}'
    assert any(it.startswith('"Rows" is') for it in units(f"The first run of it shows now:\n{quoted_in}"))


def test_a_cry_over_a_slip_is_no_talk_that_takes_the_subject_away():
    text = "Oops, the rows are in `load.py`, not in `save.py`. That's because the import is still there."
    assert list(units(text)) == [text.removeprefix("Oops, ")]


def test_a_label_that_says_nothing_alone_has_its_heading():
    assert list(units("## Rewind list\n\n**Impact:** Old rows are hidden from the list of rows.\n")) == [
        "Rewind list: Impact: Old rows are hidden from the list of rows."
    ]


def test_a_short_list_stays_with_the_line_that_announces_it_and_code_is_left_out():
    text = "The cause is in three steps:\n- it opens\n- it reads twice\n\nThe fix is made in `close_rows`:\n```\nw\nx\ny\nz\n```\n"
    assert list(units(text)) == [
        "The cause is in three steps: it opens; it reads twice",
        "The fix is made in `close_rows`.",
    ]


def test_a_few_long_items_are_told_up_to_the_end_of_a_clause_and_paragraphs_with_a_label_are_items():
    first = "`Start` does `wg.Add(1)` inside the goroutine. If `Stop` runs first, `Wait` sees 0 and returns at once, long before it drains."
    other = "`lookup` returns a counter with the lock released. The add then goes to a counter of an old map that nobody will ever read."
    for lines in (
        f"- **Early stop**: {first}\n- **Lost adds**: {other}",
        f"**Early stop.** {first}\n\n**Lost adds.** {other}",
    ):
        told = units(f"They are not the same bug, and each has a cause of its own to be mended by itself:\n\n{lines}")
        assert "Early stop" in told[0]
        assert "inside the goroutine; Lost adds" in told[0]
        assert told[0].endswith("with the lock released")
        assert any("nobody will ever read" in it for it in told[1:])


def test_an_item_that_is_cut_in_its_sentence_ends_with_a_mark_and_is_told():
    first = "`Start` does `wg.Add(1)` inside the goroutine. If `Stop` runs first, `Wait` sees 0 and returns at once, long before."
    other = "`lookup` returns a counter while the lock is held by the loader, then adds to a counter of an old map that nobody will ever read again"
    told = units(
        f"They are not the same bug, and each has a cause of its own to be mended by itself:\n- {first}\n- {other}"
    )
    assert told[0].endswith("; `lookup` returns a counter while the lock is held by the loader …")
    assert not units("The rows of the old table are to be read by …")


def test_what_may_be_the_cause_stands_only_below_the_line_that_says_so():
    items = [
        f"{n}. A rule of part {n} that drops the rows which another part of the shop has {'sent ' * 12}"
        for n in range(1, 4)
    ]
    for lead, alone in (("The rows could be missing", True), ("This could be happening for some reasons", False)):
        told = units(f"{lead}:\n" + "\n".join(items))
        assert any(it.startswith("A rule of part 3") for it in told) is alone


def test_a_line_that_leads_in_to_lines_that_are_not_shown_is_left_out():
    block = "```\na\nb\nc\nd\n```"
    text = f"The file `rows.py` has the following lines in its `load` part:\n{block}\nThis drops the rows that no shop has sent."
    assert units(text) == ("This drops the rows that no shop has sent.",)


def test_a_line_of_code_stands_behind_the_colon_that_announces_it():
    text = "The bug is on line 18 in `import.py`:\n\n```python\n  if row.id != own_id:\n```\n\nIt never holds."
    assert units(text)[0].startswith("The bug is on line 18 in `import.py`: `if row.id != own_id:`")


def test_a_short_answer_stands_with_what_follows_and_lists_that_lost_their_lines_are_lists():
    assert list(units("No duplication. There are two functions that differ in what they check out.")) == [
        "No duplication. There are two functions that differ in what they check out."
    ]
    glued = 'The test shows:1. "Fetching the rows of the table"2. Then it fails because the port is closed.'
    assert not any(it.rstrip(".").endswith("2") for it in units(glued))


def test_questions_and_half_sentences_stand_for_nothing():
    assert list(units("Shall I move it to the other package?\n\nShort one.\n\nAnd so it goes on and on...")) == []


def test_an_explanation_is_told_from_an_announcement():
    assert explains("The root cause is `load_rows`: it reads twice. So the fix is to keep the rows between the calls.")
    assert not explains("Now let me look at the next file, and then run the tests of the parser once more.")


def test_what_stands_under_a_heading_of_a_cause_is_that_cause():
    assert units(
        "## The Root Cause\n\n`git reset` leaves the files of the state.\nNobody deletes `rows.json` afterwards."
    ) == (
        "The Root Cause: `git reset` leaves the files of the state.",
        "Nobody deletes `rows.json` afterwards.",
    )
    assert units("## The Real Issue: `git reset` leaves files\n\nHere is how it went on then.")[0] == (
        "The Real Issue: `git reset` leaves files"
    )
    assert units("## Root Cause\n\n**File:** `rows.py` holds the loop of rows")[0].startswith("Root Cause: File:")


def test_a_list_of_headings_is_told_with_its_places_though_not_all_have_room():
    parts = "\n".join(f"## {n}. The loop that reads part {n}\n\n**File:** `part_{n}.py:{n}1`\n" for n in range(1, 9))
    first = units(f"Found 8 places where rows are compared by their full ids:\n\n{parts}")[0]
    assert first.startswith(
        "Found 8 places where rows are compared by their full ids: The loop that reads part 1 (`part_1.py:11`); "
    )
    assert first.endswith("; …")


def test_sentences_of_lines_without_full_stops_are_not_glued_together():
    told = "- `load_rows` reads all of the files because of the lock\n- It reads them twice a day"
    assert units(told) == ("`load_rows` reads all of the files because of the lock. It reads them twice a day",)
    assert units("`load_rows` reads the files of all shops\nand it locks them") == (
        "`load_rows` reads the files of all shops and it locks them",
    )


def test_a_cry_that_something_was_found_says_nothing_and_what_a_wide_colon_announces_stands_with_it():
    said = "I finally found the real cause of it!\n\nThe table is locked because the import never commits its rows."
    assert units(said) == ("The table is locked because the import never commits its rows.",)
    assert "真相大白了，我终于找到了问题的根本原因\uff01" not in units(
        "真相大白了，我终于找到了问题的根本原因\uff01\n\n" + said
    )
    lead = "这说明问题不在配置文件里而在于下面这几个原因中的一个"
    (told,) = units(f"{lead}\uff1a\n- `load` 先于 `open` 执行\n- 缓存没有清理")
    assert told == f"{lead}: `load` 先于 `open` 执行; 缓存没有清理"


def test_praise_before_a_colon_goes_and_what_it_praises_stands():
    text = "Good that you asked: `load` keeps the lock until the statement ends, so it protects nothing. Great: done."
    assert list(units(text)) == ["`load` keeps the lock until the statement ends, so it protects nothing."]


def test_lists_with_headings_of_their_own_are_no_items_of_the_sentence_above():
    text = (
        "It belongs there, but there is a circular dependency problem:\n\n**Current imports:**\n"
        "- `store` imports `paths`\n- `paths` imports nothing\n\n**If we move it:**\n"
        "- `paths` would have to import `store`\n- that closes the circle\n"
    )
    told = list(units(text))
    assert told[0] == "It belongs there, but there is a circular dependency problem."
    assert any("`paths` would have to import `store`" in it for it in told)


def test_what_is_amiss_below_the_heading_of_a_cause_stands_with_its_list_and_that_heading():
    text = (
        "### The Core Issue\n\n**Rows**: Each of them makes a new record:\n- old: skipped\n- new: read\n\n"
        "**Pages**: A page only grows, new rows come to the same one\n- First run: reads all, marks the page\n"
        "- Next run: the page is marked, new rows are never read\n"
    )
    told = list(units(text))
    assert told[-1] == (
        "The Core Issue: Pages: A page only grows, new rows come to the same one. First run: reads all, marks the page."
        " Next run: the page is marked, new rows are never read"
    )
    assert not any(it.startswith("The Core Issue: Rows") for it in told)


def test_what_says_only_that_this_is_the_cause_stands_with_what_it_points_to():
    first = "`draw_rain` runs once per frame, so the number of draws depends on the frame rate."
    then = "Around row 1800 the rain begins, which is where it drifts."
    for pointer in ("That is the cause.", "Das ist die Ursache.", "C'est la cause.", "Esa es la causa."):
        assert units(f"{first} {then} {pointer}")[0].endswith(pointer)
    assert units(f"{first} {then} That is the cause.") == (f"{first} {then} That is the cause.",)
    assert units(f"{first} {then} That is the plan.") == (first, f"{then} That is the plan.")


def test_a_verdict_stands_with_the_heading_above_the_one_it_is_under():
    """Parts may have headings alike; other labels need no more than their own, and a title is of all."""
    told = units(
        "# The loader and the saver\n\nAll that reads and writes rows was looked at for this.\n\n## Part 1: Rows of the table\n\n### The old loader\n\n"
        "**Result**: ✅ perfect, each row is read once\n\n### The new loader\n\n**Problem**: the table is read as a whole at once\n\n"
        "## Part 2: Pages of the table\n\n### The old loader\n\n**Result**: ❌ broken, the last page is never read\n\n"
        "## The new loader\n\n**Result**: ✅ correct, all pages are read now"
    )
    assert [it for it in told if "Result" in it] == [
        "Rows of the table, The old loader: Result: perfect, each row is read once",
        "Pages of the table, The old loader: Result: broken, the last page is never read",
        "The new loader: Result: correct, all pages are read now",
    ]
    assert "The new loader: Problem: the table is read as a whole at once" in told


def test_what_follows_a_hole_in_a_text_stands_under_no_heading_from_before_it():
    text = (
        "### The Core Issue\n\nThe page grows while it is read.\n… [2,682 characters] …\n- Works with pages that grow\n\n"
        "**Cons**:\n- More calls: each run sends all of it\n- More traffic: it could be packed before it is sent\n"
    )
    assert not [it for it in units(text) if it.startswith("The Core Issue") and "calls" in it]


def test_a_label_in_bold_that_heads_a_conclusion_stands_before_its_sentence():
    """Of other labels, and where the sentence has one of its own, it goes without."""
    text = "**Diagnosis:**\nThe cache trusts rows that are far too old.\n\n**Details:**\nThere are two hundred of them in it."
    assert list(units(text)) == [
        "Diagnosis: The cache trusts rows that are far too old.",
        "There are two hundred of them in it.",
    ]
    labelled = (
        "There are two hundred rows in it.\n\n**Takeaway:**\nSummer rows: never keep them for longer than an hour."
    )
    assert list(units(labelled))[1:] == ["Summer rows: never keep them for longer than an hour."]


def test_a_label_in_bold_announces_the_list_below_it():
    text = "**Summary of Rows:**\n*   **Read:** 353\n*   **Kept:** 11.92 (down from 1,000)\n"
    assert list(units(text)) == ["Summary of Rows: Read: 353; Kept: 11.92 (down from 1,000)"]


def test_an_item_below_a_condition_is_not_told_alone():
    items = [f"- the key of shop number {n} is missing or empty{' in each of its tables' * 3}" for n in range(4)]
    told = units("\n".join(["The guard of the login answers with 503 if:", *items]))
    assert all(it.startswith("The guard of the login answers with 503 if") for it in told)


def test_what_announces_a_table_is_not_told_with_what_stands_below_that():
    text = (
        "All of the differences are additions of the shop, none is missing from the backup:\n\n"
        "| File | Change |\n|---|---|\n| `a.py` | new |\n\nSo the errors come from the state of the disk."
    )
    assert not any("backup" in it and "So the errors" in it for it in units(text))


def test_of_several_root_causes_each_stands_with_the_heading_it_is_of():
    one = "### 1. Leak of handles\n\n**Root cause:** the loader never closes a page that it opened."
    two = "### 2. Slow start\n\n**Root cause:** the cache is read twice by the loader of rows."
    assert units(f"{one}\n\n{two}") == (
        "Leak of handles: Root cause: the loader never closes a page that it opened.",
        "Slow start: Root cause: the cache is read twice by the loader of rows.",
    )
    assert units(one) == ("Root cause: the loader never closes a page that it opened.",)


def test_an_action_stands_with_the_heading_it_is_of():
    text = "### 2. Slow start\n\nThe start of the shop takes a minute since the last release.\n\n**Action:** keep the cache of rows as it is now."
    assert "Slow start: Action: keep the cache of rows as it is now." in units(text)
