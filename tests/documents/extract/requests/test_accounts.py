"""What an agent's account of a compaction gives: the goal, and points in order that say things once."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, Message, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.language.shortened import brief_point
from handoff_cli.documents.extract.requests.accounts import JOINED_CHARS, account_of, goal_of, orders_at_work
from handoff_cli.documents.extract.requests.withdrawn import called_off
from handoff_cli.documents.parts.story import pieces_of_story
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


def test_what_the_user_called_off_since_is_no_goal():
    account = "1. Primary Request and Intent:\n   - Make the import fast\n   - Switch it by Flagship, shop by shop\n"
    assert goal_of(account, {"flagship"}) == "- Make the import fast"
    assert goal_of(account, {"flag"}) == "- Make the import fast\n- Switch it by Flagship, shop by shop"
    assert goal_of("Switch it by Flagship, and make it fast for everybody", {"flagship"}) == ""
    others = ("mend it; forget password page must open there", "forget everything", "Forget whether it is fast")
    assert not called_off([Message("user", text, at) for at, text in enumerate(others, 1)], 0)
    said = (
        "yes. and forget Flagship, a variable will do",
        "don't forget Deploying",
        "forget about it",
        "Vergiss den Cache",
    )
    users = [Message("user", text, at) for at, text in enumerate(said, 1)]
    assert called_off(users, 0) == {"flagship", "cache"}
    assert called_off(users, 1) == {"cache"}


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


def test_what_a_called_command_forbids_in_capitals_is_told_while_it_is_at_work():
    text = "# Make a plan\n\nRead the code first.\n\n**NEVER CODE!** Just write the plan.\n\nSay `DON'T` in words."
    orders = (Message("user", text, 5),)
    assert orders_at_work(told(("user", "/plan a lock"), orders=orders)) == ()
    transcript = told(("user", "/plan a lock"), orders=(orders[0].replace(position=15),))
    assert orders_at_work(transcript) == ("NEVER CODE! Just write the plan.",)
    later = [("user", f"and {n}") for n in range(9)]
    assert orders_at_work(told(("user", "/plan a lock"), *later, orders=(orders[0].replace(position=15),))) == ()


def test_the_steps_that_a_called_skill_numbers_are_told_until_the_next_request():
    """What it says comes after the work at hand, such as a reply to a review, stands nowhere else."""
    text = "# Reviews\n\n## 1. Fetch threads\n\nAll.\n\n## 2. Commit **first**\n\n## Step 3: Reply\n\n## Mistakes\n\n## 9. Odd"
    orders = (Message("user", text, 15),)
    steps = "Its steps (Reviews): (1) Fetch threads; (2) Commit first; (3) Reply"
    assert orders_at_work(told(("user", "/reviews"), orders=orders)) == (steps,)
    assert orders_at_work(told(("user", "/reviews"), ("assistant", "ok"), ("user", "and now?"), orders=orders)) == ()
    few = (orders[0].replace(text=text.partition("## Step 3")[0]),)
    assert orders_at_work(told(("user", "/reviews"), orders=few)) == ()


def test_a_called_command_is_told_where_nobody_typed_anything():
    """A session that begins with a command, and holds nothing else yet."""
    assert orders_at_work(told(orders=(Message("user", "NEVER push.", 5),))) == ("NEVER push.",)


def test_parts_of_a_command_are_its_steps_too():
    """A gate that is run in three parts, of which two are done, goes on with the third."""
    text = (
        "Read the brief.\n\n## Part 1 \u2014 Review\n\nAsk.\n\n## Part 2 \u2014 Walkthrough\n\n## Part 3 \u2014 Verdict"
    )
    found = orders_at_work(told(("user", "/gate"), orders=(Message("user", text, 15),)))
    assert found == ("Its steps: (1) Review; (2) Walkthrough; (3) Verdict",)


def test_the_steps_of_a_skill_are_taken_for_done_after_many_calls():
    text = "## 1. Look\n\n## 2. Ask\n\n## 3. Report"
    orders = (Message("user", text, 15),)
    for count, found in ((30, ("Its steps: (1) Look; (2) Ask; (3) Report",)), (31, ())):
        calls = tuple(ToolCall(str(n), "Bash", "{}", 16 + n, None, "ok") for n in range(count))
        assert orders_at_work(told(("user", "/gate"), orders=orders, tool_calls=calls)) == found


def test_an_account_that_says_next_to_nothing_tells_no_goal():
    assert goal_of("no summary") == ""
    assert goal_of("修正每晚的导入任务，使它每个文件只读一次，不要线程。")
    assert goal_of("The importer reads price lists twice, and the user wants it to read each once.")


def test_orders_to_hand_over_are_no_aim_of_work_of_which_nothing_was_left():
    account = (
        '1. Primary Request and Intent:\n- Mend the lock of the rows\n- Then the user requested: "commit this"\n'
        '- The user requested: "push the rows to the other table"\n\n7. Pending Tasks:\n{}\n'
    )
    kept = goal_of(account.format("- Push it"))
    assert 'requested: "commit this"' in kept
    over = goal_of(account.format("- None, all is done"))
    assert over == kept.replace('- Then the user requested: "commit this"\n', "")


def test_a_problem_that_the_account_itself_calls_none_is_told_with_that_and_another_status_is_not():
    account = (
        "4. Problem Solving:\n"
        "### Problem 1: the lock was lost after midnight\n- **Root cause**: the day is part of its name\n"
        "- **Status**: Implemented and tested by the suite\n"
        "### Problem 2: the warning comes amid the work\n- **Root cause**: rows are only counted when saved\n"
        "- **Timeline**:\n  - T0: the other session opens, and has no rows\n  - T1: it saves the rows that it has\n"
        "- **Status**: Explained (not a bug, working as designed)\n"
    )
    problems = [it for it in account_of(account) if it.text.startswith("Problem")]
    assert problems[0].worth > problems[1].worth + 1
    first, second = (it.text for it in problems)
    assert "Status" not in first
    assert second.endswith(
        "→ Root cause: rows are only counted when saved → Status: Explained (not a bug, working as designed)"
    )
    assert brief_point(second, 60).endswith("→ Status: Explained (not a bug, working as designed)")


def test_what_a_previous_conversation_was_about_is_the_goal():
    account = (
        "# Summary\n\n## 1. Previous Conversation\nThe user wants a parser.\n\n## 2. Current Work\nIt reads rows.\n"
    )
    assert goal_of(account) == "The user wants a parser."


def test_a_request_that_only_calls_a_command_tells_what_its_text_is_for():
    text = "# Tidy: names and sums\n\nLook at all changed files.\nMend what is found.\n\n## Phase 1: Look\n"
    orders = (Message("user", text, 11),)
    story = extract(told(("user", "/tidy"), ("assistant", "I look."), ("user", "and push"), orders=orders))
    first, last = story.requests
    assert first.calls_for == "Tidy: names and sums: Look at all changed files. Mend what is found."
    assert last.calls_for == ""
    assert "/tidy (it calls for: Tidy: names and sums" in "".join(it.forms[0] for it in pieces_of_story(story))
    assert extract(told(("user", "/tidy"))).requests[0].calls_for == ""
