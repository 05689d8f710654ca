"""What sub-agents and pages told is told on where the work came back to it: with file and lines, denials too."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Lookup, Message
from handoff_cli.documents.extract.told.learnt import learnt, reports
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

ANSWER = """Now I have it all.

- `src/rows.py:41` - reads the rows of a page without a limit
- `src/other.py` - writes the report of the month

| File | Purpose | Lines |
|------|---------|-------|
| `src/lock.py` | takes the lock of the import | 12-20 |

- No index on `row_id` exists, whatever the table is called
"""


def found(*spoken, **fields):
    lookups = (Lookup("agent", "Find readers", 12, ANSWER),)
    return learnt(told(("user", "why?"), lookups=lookups, **fields), spoken)


def test_facts_are_told_that_the_agent_came_back_to_with_their_place():
    edits = (Edit("src/rows.py", 20, "modified", "a", "limit = row_id  # see rows.py"),)
    assert [it.text for it in found("I mend lock.py now.", edits=edits)] == [
        "src/rows.py:41: reads the rows of a page without a limit",
        "src/lock.py:12-20: takes the lock of the import",
        "No index on `row_id` exists, whatever the table is called",
    ]


@pytest.mark.parametrize("file", ["src/Cart.svelte", "src/pages/+page.astro", "till.gleam", "api.graphql", "a.py"])
def test_the_place_of_a_fact_has_its_file_whole_however_its_name_ends(file):
    answer = f"- `{file}:34-39` reads the rows of a page without a limit"
    lookups = (Lookup("agent", "Find readers", 12, answer),)
    assert [it.text for it in learnt(told(("user", "why?"), lookups=lookups), ())] == [
        f"{file}:34-39: reads the rows of a page without a limit"
    ]


def test_what_names_no_line_is_told_only_where_the_work_came_back_to_it():
    went_on = {"commands": (ran("ls", position=20),)}
    facts = found("I write the letter now.", **went_on)
    assert not any("other.py" in it.text or "letter" in it.text for it in facts)


def test_of_a_report_after_which_nothing_was_said_or_done_all_facts_are_told():
    assert any("other.py" in it.text for it in found())
    heard = told(
        ("user", "why?"), ("assistant", "Two readers."), lookups=(Lookup("agent", "Find readers", 12, ANSWER),)
    )
    assert not any("other.py" in it.text for it in learnt(heard, ()))


def test_the_source_is_named():
    assert {it.source for it in found("I mend lock.py now.")} == {"sub-agent: Find readers"}


def test_what_the_last_answer_demands_is_told():
    lookups = (
        Lookup(
            "agent", "Review", 13, "It is fine.\n- Remove the cache of rows, nobody reads it\n- the day is a Monday"
        ),
    )
    facts = learnt(told(("user", "why?"), lookups=lookups), ())
    assert [it.text for it in facts] == ["Remove the cache of rows, nobody reads it"]


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ("The plan is rewritten with all reviewer feedback incorporated.", True),
        ("I've addressed all of the review's comments.", True),
        ("All 4 findings are fixed now, the tests pass.", True),
        ("All critical findings are fixed.", False),
        ("All findings will be addressed in the next step.", False),
        ("I fixed all findings but the last.", False),
        ("The findings are on my list.", False),
    ],
)
def test_what_was_demanded_is_not_told_any_more_once_all_of_it_is_met_by_the_agents_words(said, met):
    answer = "It is fine.\n- Remove the cache of rows, nobody reads it\n- `src/rows.py:41` - reads rows without a limit"
    review = Lookup("agent", "Review", 13, answer)
    later = Message("assistant", said, 20)
    told_of = told(("user", "why?"), lookups=(review,))
    facts = [it.text for it in learnt(told_of.replace(messages=(*told_of.messages, later)), ("rows.py",))]
    assert ("Remove the cache of rows, nobody reads it" in facts) is not met
    assert "src/rows.py:41: reads rows without a limit" in facts


def test_of_a_long_report_more_is_told_than_has_room_at_first():
    answer = "\n".join(f"- No row {n} of the import is locked, whatever the day is" for n in range(30))
    facts = learnt(told(("user", "why?"), lookups=(Lookup("agent", "Review", 13, answer),)), ())
    assert len(facts) == 24


REVIEW = """I have it all now. Here is my review.

## Review of the branch

The removal is right. Two issues need a fix before the merge.

### Critical Issues (block merge)

**1. The migration drops three indexes and never makes them again**

Each query on `rows.day` reads the whole table from then on.

**Fix**: Take the `drop_index()` calls out of `upgrade()`.

### Minor Issues

**2. The script refuses `postgres://` addresses**

MINOR: The name of the test says nothing.
"""


def reported(*answers, since=10):
    lookups = tuple(Lookup("agent", f"Task {n}", 10 + n, it) for n, it in enumerate(answers, 1))
    return reports(told(("user", "go on"), lookups=lookups), since)


def test_a_report_tells_how_its_task_ended_with_its_tests_and_commits():
    done = "Perfect! Here is a summary:\n\nTask 1 is complete.\n\n- 41/41 tests passed\n- Committed as `a1b2c3d`"
    assert [(it.task, it.verdict, it.proof) for it in reported(done, "## Check\n\n\u2705 APPROVED")] == [
        ("Task 1", "Task 1 is complete.", "41/41 tests passed, commit a1b2c3d"),
        ("Task 2", "APPROVED", ""),
    ]


def test_of_a_list_that_answers_all_items_are_told_and_not_one_of_them():
    places = (
        "`lock.py:3` takes one lock for all keys.",
        "`db.py:9` waits for the pool.",
        "`log.py:7` drops, so it never waits.",
    )
    answer = "It can wait in three places:\n\n" + "\n".join(f"{at}. {it}" for at, it in enumerate(places, 1))
    (report,) = reported(answer)
    assert (report.verdict, report.did) == ("It can wait in three places", tuple(it.rstrip(".") for it in places))
    (report,) = reported(answer.replace("It can wait in three places:", "Ergebnis:"))
    assert (report.verdict, len(report.did)) == ("Ergebnis: `lock.py:3` takes one lock for all keys", 2)
    (report,) = reported(f"{answer}\n\nThe pool is the root cause of it.")
    assert report.verdict == "The pool is the root cause of it."


def test_of_several_lists_the_one_that_holds_the_verdict_is_the_answer():
    first = ("`lock.py:3` on all keys", "`db.py:9` on the pool", "Clocks, mails, pages: none, all of them never wait.")
    second = ("`log.py:7` and `log.py:9`", "`old.py:1`")
    listed = ["\n".join(f"- {it}" for it in items) for items in (first, second)]
    (report,) = reported(f"Waits of the workers:\n{listed[0]}\n\nDeep imports:\n{listed[1]}")
    assert (report.verdict, report.did) == ("Waits of the workers", tuple(it.rstrip(".") for it in first))


def test_the_last_report_tells_what_it_asks_to_be_changed_the_gravest_first_with_the_fix():
    first, last = reported(REVIEW, REVIEW)
    assert first.demands == ()
    assert last.verdict == "Two issues need a fix before the merge."
    dropped = "The migration drops three indexes and never makes them again."
    assert last.demands == (
        f"Critical Issues (block merge): {dropped} Fix: Take the `drop_index()` calls out of `upgrade()`.",
        "Minor Issues: The script refuses `postgres://` addresses",
        "MINOR: The name of the test says nothing.",
    )


def test_what_a_report_sums_up_at_its_end_is_told_once():
    said = "Finding: MINOR. Add a length check at insert.\n\nTalk.\n\n- MINOR: Add a length check at insert (25 words)"
    assert [it.demands for it in reported(said)] == [("MINOR: Add a length check at insert (25 words)",)]


def test_a_report_tells_what_was_changed_and_which_files_it_names():
    said = (
        "Task 1 is complete.\n\n- Removed the `lock` flag from `/home/who/shop/app/models.py`\n- Ran all tests\n"
        "- `app/rows.py` \u2014 reads by pages\n- Issue 2 (minor): Renamed `hold`, see pkg.go.dev\n- Updated:\n1. **Wrong rows in the mocks** \u2014 they had no id"
    )
    (report,) = reported(said)
    assert report.did == (
        "Removed the `lock` flag from `app/models.py`",
        "`app/rows.py` \u2014 reads by pages",
        "Issue 2 (minor): Renamed `hold`, see pkg.go.dev",
        "Wrong rows in the mocks \u2014 they had no id",
    )
    assert report.files == ("app/models.py", "app/rows.py")
    assert report.demands == ()


def test_a_row_of_a_table_does_not_tell_how_a_report_ends():
    said = "| event | who |\n|---|---|\n| Reserved / Released is done | stock, and orders too |\n\nAll is read: six register late."
    assert [it.verdict for it in reported(said)] == ["All is read: six register late."]


def test_reports_from_before_the_request_are_told_as_that_and_those_that_say_nothing_are_left_out():
    assert [it.late for it in reported("Task 1 is complete.", "Task 2 is complete.", since=11)] == [False, True]
    assert reported("Let me look.") == ()


def test_what_an_earlier_compaction_tells_of_is_no_report_any_more():
    lookups = tuple(Lookup("agent", f"Task {n}", 10 * n, f"Task {n} is complete.") for n in (1, 3))
    account = (Message("user", "Summary: all of task 1.", 20),)
    found = reports(told(("user", "go"), lookups=lookups, summaries=account), 0)
    assert [it.task for it in found] == ["Task 3"]


@pytest.mark.parametrize(
    ("said", "proof"),
    [
        ("3 of 10 tests passed", "3 of 10 tests passed"),
        ("Before: 40 tests passed. After: 12 failed.", ""),
        ("2 failed before. Now 1,204 passed", "1,204 passed"),
        ("The regression came with commit `abc1234`", ""),
        ("- `abc1234 fix: free the lock`", "commit abc1234"),
        ("**Commit:** `abc1234`", "commit abc1234"),
    ],
)
def test_only_what_a_report_says_of_its_own_work_is_its_proof(said, proof):
    assert reported(f"Task 1 is complete.\n\n{said}")[0].proof == proof


def test_figures_without_an_end_take_no_square_time():
    assert_linear(lambda size: reported("1," * size), 4_000)


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        (
            "- `src/page.tsx` (212 lines): draws the rows by `rows()`",
            "src/page.tsx: (212 lines): draws the rows by `rows()`",
        ),
        ("- `src/page.tsx`: draws the rows (and waits for them)", "src/page.tsx: draws the rows (and waits for them)"),
        ("- `src/page.tsx` (lines 12-20) draws all of the rows", "src/page.tsx:12-20: draws all of the rows"),
    ],
)
def test_what_is_said_behind_a_place_keeps_its_brackets(line, fact):
    session = told(("user", "why?"), lookups=(Lookup("agent", "Find rows", 12, f"{line}\n"),))
    assert [it.text for it in learnt(session, ())] == [fact]


def test_what_a_report_did_is_not_told_again_where_it_is_its_verdict():
    (report,) = reported("- `page.tsx`: draws the rows of a month by a query\n")
    assert report.verdict
    assert report.did == ()


RECEIPT = "Spawned successfully.\nagent_id: reader@shop\nname: reader\nThe agent is now running."


def test_a_receipt_of_a_sub_agent_that_was_started_is_no_report():
    assert reported(RECEIPT) == ()
    lookups = (Lookup("agent", "Read the shop", 12, RECEIPT),)
    assert learnt(told(("user", "why?"), lookups=lookups), ("the reader runs",)) == ()


def test_a_heading_or_that_there_is_a_report_or_a_list_of_files_is_not_how_a_report_ended():
    filler = "".join(f"- The row {n} is read from the page of the month\n" for n in range(9))
    said = "## Summary: Rows and Root Cause Analysis\n\nI've analyzed the loader.\n\n- `src/a.py` (2 issues)\n\n"
    assert reported(f"{said}{filler}") == ()
    (it,) = reported(f"{said}{filler}\nThe core issue: the loader writes dicts, the page expects plain rows.")
    assert it.verdict == "The core issue: the loader writes dicts, the page expects plain rows."


def test_an_item_of_a_list_of_conditions_is_no_fact_and_no_verdict():
    said = "The guard answers 503 if:\n- the `SHOP_KEY` variable is missing or empty\n\nAll 4 checks passed."
    (it,) = reported(said)
    assert "SHOP_KEY" not in it.verdict
    lookups = (Lookup("agent", "Read the guard", 12, said),)
    assert learnt(told(("user", "why?"), lookups=lookups), ("SHOP_KEY",)) == ()


def test_only_tests_that_passed_are_proof():
    (it,) = reported("All 3 steps are done: 13 props passed to the rail.")
    assert it.proof == ""


def test_a_place_alone_is_demanded_of_nobody():
    (it,) = reported("All tests are done.\n\nProblem location: line 186")
    assert it.demands == ()


def test_advice_is_told_only_until_the_agent_went_on():
    lookups = (Lookup("fetch", "https://a.example/b", 12, "- Recommended approach: ignore what `rows.py` warns of."),)
    asked = told(("user", "why?"), lookups=lookups)
    assert learnt(asked, ("I close the rows of rows.py.",))
    assert learnt(told(("user", "why?"), ("assistant", "I close them."), lookups=lookups), ("It is in rows.py.",)) == ()


def test_a_long_report_without_a_verdict_is_told_by_what_it_marks():
    filler = "\n".join(f"The module part{at} reads the rows of a page from the table of the shop." for at in range(12))
    (it,) = reported(f"{filler}\n\n**Important:** the notes are NOT copied into the sandbox of a worker.\n\n{filler}")
    assert it.verdict == "Important: the notes are NOT copied into the sandbox of a worker."
