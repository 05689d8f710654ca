"""What an agent's account of a compaction gives: the goal, and points in order that say things once."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.accounts import JOINED_CHARS, account_of, goal_of
from tests.documents.sessions import told

ACCOUNT = """Analysis:
Let me think about it.

Summary:
1. Primary Request and Intent:
   Make the nightly import fast, without threads.

2. Errors and fixes:
   - **Lock swallowed**: `main_loop` caught the error of `open_lock`; fixed by raising it.
   - Fixed: `main_loop` caught the error of `open_lock` and swallowed the lock's error.

3. All user messages:
   - "make it fast as soon as you can please"

4. Pending Tasks:
   - Let `LockHeld` through in `main_loop` and add a test.
"""


def test_an_account_of_a_compaction_gives_the_goal_and_its_points_in_order_once_each():
    assert goal_of(ACCOUNT) == "Make the nightly import fast, without threads."
    points = account_of(ACCOUNT)
    assert [it.text[:20] for it in points] == [
        *("Make the nightly imp", "Lock swallowed: `mai", '"make it fast as soo', "Let `LockHeld` throu")
    ]
    assert max(points, key=lambda it: it.worth).text.startswith("Let `LockHeld` through")


def test_what_was_pending_at_a_compaction_is_not_told_where_requests_came_after():
    points = account_of(ACCOUNT, stale=True)
    assert not any("LockHeld" in it.text for it in points)
    assert max(points, key=lambda it: it.worth).text.startswith("Lock swallowed")


def test_headings_without_numbers_are_sections_too():
    points = account_of(
        "## Problem Solving\nThe rows were read twice by `load_rows`.\n## Pending Tasks\nShip all of it to the users now."
    )
    assert max(points, key=lambda it: it.worth).text.startswith("Ship all of it")


def test_what_failed_why_and_what_mended_it_are_one_point():
    points = account_of(
        "4. Errors and fixes:\n"
        "### Error 1: two tests were red after the move\n"
        "- **Root cause**: `open_lock` was called too early\n"
        "- **Fix**: called it after\n"
        "### Error 2: the linter found an unused import there\n"
        "- **Fix**: took it out again\n"
    )
    assert [it.text for it in points] == [
        "Error 1: two tests were red after the move → Root cause: `open_lock` was called too early → Fix: called it after",
        "Error 2: the linter found an unused import there → Fix: took it out again",
    ]


def test_points_that_are_joined_stay_short():
    long = "- **Fix**: " + "one more thing that was changed in it, " * 9
    points = account_of("4. Errors and fixes:\n- The test of `load_rows` was red since the move\n" + f"{long}\n" * 3)
    assert max(len(it.text) for it in points) <= JOINED_CHARS


def test_what_was_pending_is_not_told_once_files_were_edited_since():
    pending = "4. Pending Tasks:\n- Let `LockHeld` through in `main_loop` and add a test."
    transcript = told(("user", "go"), summaries=(Message("user", pending, 20),), tool_calls=(), edits=())
    edits = tuple(Edit("a.py", 30 + n, "modified", f"a_{n}", f"b_{n}") for n in range(4))
    assert [it.text[:17] for it in extract(transcript).told.account] == ["Let `LockHeld` th"]
    assert extract(transcript.replace(edits=edits)).told.account == ()
