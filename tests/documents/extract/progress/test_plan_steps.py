"""The plan that the work goes by: which of its steps events since show done, which are open, and of which nobody knows."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Lookup, Message, ToolCall
from handoff_cli.documents.extract.progress.plan_steps import plan_at_work
from tests.documents.sessions import edited, ran, told

FIXES = """# Tidy the till

## Context

1. The till is slow
2. Its sums are counted twice
3. Nobody reads its log

## Fixes

### 1. `list(rows).length` -> `rows.size`
**File**: `src/lib/Cart.svelte:101`
**Why**: It makes a list of all rows.

### 2. Duplicate `shorten()` functions
**Files**: `Cart.svelte:34-39`, `Shelf.svelte:12-17`
**Action**: Add `shortenText(text)` to `src/lib/text.js`, import it in both.

### 3. Duplicate check of the drawer
**File**: `src/routes/+page.svelte:97-104` and `455-462`
**Action**: Keep `drawerIsThere`, remove the one in onMount.

### 4. Word list in `labelOf()`
**File**: `src/lib/Cart.svelte:59`
**Action**: Remove it, `rows.has()` tells.

### 5. `readAll()` joins strings in a loop
**File**: `src/lib/reader.js:12-14`
**Action**: Collect into an array.

### Skipped findings (not worth it now)

- **Many props**: a group of them would be one more name.
- **Sort order**: one line, twice.

## Verification

1. `pnpm check` (types)
2. `node scripts/count.mjs --all`
"""


def approved(*edits, plan=FIXES, said=(), outcome="ok", **more):
    return told(
        ("user", "tidy the till"),
        plan=plan,
        plan_file="/p/plan.md",
        tool_calls=(ToolCall("1", "ExitPlanMode", "", 15, None, outcome),),
        edits=tuple(edits),
        **more,
    ).replace(messages=(Message("user", "tidy the till", 10), *said))


def states(transcript):
    plan = plan_at_work(transcript)
    return {it.number: it.state for it in plan.steps} if plan else {}


CART, SHELF = "/p/src/lib/Cart.svelte", "/p/src/lib/Shelf.svelte"


def test_a_step_is_done_where_an_edit_of_its_file_changed_lines_with_its_code_and_open_where_none_of_its_files_was():
    counts = edited(CART, 20, "<b>{list(rows).length}</b>", "<b>{rows.size}</b>")
    assert states(approved(counts)) == {1: "done", 2: "", 3: "open", 4: "", 5: "open"}
    assert states(approved()) == dict.fromkeys(range(1, 6), "open")


def test_a_line_that_an_edit_left_as_it_was_and_a_name_in_another_file_show_no_step_done():
    line = "import { readAll } from './reader.js';"
    beside = edited(SHELF, 20, line, f"{line}\nimport {{ open }} from './door.js';")
    assert states(approved(beside))[5] == "open"
    assert states(approved(edited("/p/src/lib/reader.js", 20, line, f"{line}\nx = 1")))[5] == ""
    assert states(approved(edited("/p/src/lib/reader.js", 20, "function readAll(a) {", "function readAll(a, b) {")))[
        5
    ] == ("done")


def test_a_step_of_several_files_is_done_once_all_of_them_were_edited_and_no_step_by_a_later_one():
    cart = edited(CART, 20, "function shorten(text, n) {", "const it = shortenText(text);")
    shelf = edited(SHELF, 22, "function shorten(text) {", "const it = shortenText(text);")
    assert states(approved(cart))[2] == ""
    both = states(approved(cart, shelf))
    assert both == {1: "", 2: "done", 3: "open", 4: "", 5: "open"}


def test_a_step_that_the_agent_set_out_to_do_by_name_is_done_by_the_edit_of_its_file_at_once():
    words = edited(CART, 22, "if (/a|b/.test(it)) {\nreturn 'cut';\n}", "")
    said = (Message("assistant", "Now remove the word list from `labelOf()`.", 21),)
    assert states(approved(words, said=said))[4] == "done"
    looks = (Message("assistant", "Let me read `labelOf()` first.", 21),)
    assert states(approved(words, said=looks))[4] == ""
    later = (*said, Message("assistant", "First the sums.", 21))
    assert states(approved(words, said=later))[4] == ""


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Step 4 is done.", "done"),
        ("Fixes 1-4 are implemented.", "done"),
        ("All five fixes applied.", "done"),
        ("Now applying all five fixes.", ""),
        ("Once all fixes are applied I run the check.", ""),
        ("Step 4 is not done yet.", ""),
        ("Step 14 is done.", ""),
    ],
)
def test_the_agents_plain_words_show_a_step_done(words, state):
    said = (Message("assistant", words, 30),)
    assert states(approved(edited(CART, 20, "a", "b"), said=said))[4] == state


def test_all_that_the_agent_says_is_done_leaves_open_what_was_not_touched():
    said = (Message("assistant", "All fixes are applied.", 30),)
    assert states(approved(edited(CART, 20, "a", "b"), said=said))[5] == "open"


def test_nothing_is_open_where_sub_agents_worked_or_a_command_may_have_changed_the_file():
    handed = (Lookup("agent", "do the fixes", 20, "Done."),)
    assert set(states(approved(lookups=handed)).values()) == {""}
    assert states(approved(commands=(ran("sed -i s/a/b/ src/lib/reader.js", "ok", 20),)))[5] == ""
    assert states(approved(commands=(ran("cat src/lib/reader.js", "ok", 20),)))[5] == "open"


def test_the_code_in_a_block_of_a_step_shows_it_done_and_the_file_may_stand_above():
    plan = (
        "## Changes in `src/index.ts`\n\n### 1. Clone it\n```ts\nconst folder = '/home/it';\nawait git.clone(repo);\n```\n"
        "### 2. Run it there\n```ts\nawait run(command, folder, env);\n```\n### 3. Say what to do\nIn words.\n"
    )
    said = (("user", f"Implement the following plan:\n\n{plan}"),)
    edit = edited("/p/src/index.ts", 20, "await run(command);", "  await run(command, folder, env);")
    assert states(told(*said, edits=(edit,))) == {1: "", 2: "done", 3: ""}
    assert states(told(*said)) == {}


def test_a_plan_that_was_turned_down_or_is_old_is_none():
    counts = edited(CART, 20, "<b>{list(rows).length}</b>", "<b>{rows.size}</b>")
    assert plan_at_work(approved(counts, outcome="failed")) is None
    later = tuple(Message("user", f"and this: {at}", at) for at in (20, 30, 40, 50))
    assert plan_at_work(approved(said=later)) is None
    assert plan_at_work(approved(said=later[:2])).approved
    assert plan_at_work(approved(plan_mode=True)) is None


def test_the_checks_of_a_plan_are_left_until_they_ran_and_what_it_skips_is_ruled_out():
    plan = plan_at_work(approved())
    assert plan.checks == ("pnpm check", "node scripts/count.mjs --all")
    assert plan.ruled_out == (
        "Many props: a group of them would be one more name.",
        "Sort order: one line, twice.",
    )
    some = plan_at_work(approved(commands=(ran("pnpm check 2>&1 | tail", "failed", 20),)))
    assert some.checks == ("node scripts/count.mjs --all",)
    assert plan_at_work(approved(commands=(ran("node scripts/other.mjs", "ok", 20),))).checks == plan.checks


def test_a_step_keeps_its_number_its_places_and_what_is_to_be_done():
    step = plan_at_work(approved()).steps[2]
    assert (step.number, step.title) == (3, "Duplicate check of the drawer")
    assert step.places == ("src/routes/+page.svelte:97-104", "455-462")
    assert step.action == "Keep `drawerIsThere`, remove the one in onMount."


def test_an_expression_with_dots_is_no_file_of_a_step():
    plan = "1. Use `rows.size` for `rows.length`\n2. Ask `process.env` once\n3. Write `till.log`"
    assert set(states(approved(plan=plan)).values()) == {""}


def test_of_several_lists_with_numbers_none_is_taken_for_the_steps():
    lists = "## The till\n1. a b\n2. c d\n3. e f\n\n## The shelf\n1. g h\n2. i j\n3. k l\n"
    assert plan_at_work(approved(plan=lists)).steps == ()


PLAN = "Do this:\n\n### Step 1: Add `hold_lock` to lock.py\n\n### Step 2: Update queue.py\n\n### Step 3: Run the tests"


def test_a_plan_of_the_users_counts_once_a_step_is_done_and_a_run_shows_one_done():
    transcript = told(("user", PLAN), edits=(edited("/p/lock.py", 20, new="def hold_lock(): ..."),))
    assert states(transcript) == {1: "done", 2: "open", 3: "open"}
    assert states(transcript.replace(edits=())) == {}
    assert states(transcript.replace(commands=(ran("pytest -q", "ok", 25),)))[3] == "done"


def test_a_step_is_not_done_by_a_command_that_was_not_let_run_and_one_to_answer_is_by_the_last_words():
    plan = "1. Add `hold_lock` to lock.py\n2. Run this: make load N=4000\n3. Reply with what you changed"
    blocked = ran("make load N=4000", "failed", 25, "Permission to use Bash with command make load has been denied.")
    edit = edited("/p/lock.py", 5, new="def hold_lock(): ...")
    said = told(("user", plan), ("assistant", "The load was not let run."), edits=(edit,))
    calls = (ToolCall("1", "Bash", "make load", 8, None, "failed"),)
    said = said.replace(
        messages=tuple(it.replace(position=place) for it, place in zip(said.messages, (1, 30), strict=True))
    )
    at_end = said.replace(commands=(blocked,), tool_calls=calls)
    assert states(at_end) == {1: "done", 2: "open", 3: "done"}
    failed = at_end.replace(commands=(ran("make load N=4000", "failed", 25, "3 of 4000 lost"),))
    assert states(failed)[2] == "done"


PROPOSAL = (
    "Two ways: Option A or B.\n\n**Best solution: a lock file**\n\n1. Add `lock.py` with `HoldFile`\n"
    "2. Call it in `main.py`\n3. Keep the exit code\n4. Tell `HoldFile.owner` in `queue.py`\n\nShall I?"
)
LOCK = Edit("/p/lock.py", 40, "created", "", "class HoldFile: ...")


def test_the_steps_of_a_proposal_the_user_agreed_to_are_told_but_for_what_is_to_be_kept():
    said = (("user", "refuse to run twice"), ("assistant", PROPOSAL), ("user", "yes"))
    assert states(told(*said, edits=(LOCK,))) == {1: "done", 2: "open", 4: "open"}
    assert states(told(*said)) == {}
    choice = PROPOSAL.replace("**Best solution: a lock file**", "Which one?")
    assert states(told(said[0], ("assistant", choice), said[2], edits=(LOCK,))) == {}


def test_what_is_written_into_the_plan_itself_does_none_of_its_steps():
    """The headings of a plan that is the work, for others to read, are no steps of it."""
    plan = "# Lock the queue\n## 1. Causes\n## 2. Add `hold_lock`\n## 3. Dates"
    asked = told(("user", "write docs/plans/lock.md")).replace(plan=plan, plan_file="/p/docs/plans/lock.md")
    written = edited("/p/docs/plans/lock.md", 20, new=f"{plan}\nhold_lock")
    assert plan_at_work(asked.replace(edits=(written,))) is None
    done = asked.replace(edits=(written, edited("/p/lock.py", 30, new="def hold_lock(): ...")))
    assert states(done) == {1: "", 2: "done", 3: ""}
    noted = edited("/p/plan.md", 20, new="def hold_lock(): ...")
    assert set(states(approved(noted, plan=plan)).values()) == {""}


def test_items_that_explain_what_was_made_or_have_a_tick_are_no_steps_of_a_plan():
    made = (
        "This does it:\n\n1. We keep the lock in `lock.py`\n2. We call `hold` in `main.py`\n3. I've kept the exit code"
    )
    for text in (made, PROPOSAL.replace(". ", ". ✅ ")):
        said = (("user", "refuse to run twice"), ("assistant", text), ("user", "yes"))
        assert states(told(*said, edits=(LOCK,))) == {}


def test_a_step_of_a_plan_that_is_for_later_or_changes_nothing_is_neither_done_nor_left():
    plan = "1. Write `rows.py`\n2. Later, another release: drop `old.py`\n3. See `till.py`\n   No changes needed\n"
    made = Edit("/p/rows.py", 20, "created", "", "x")
    assert states(approved(made, plan=plan)) == {1: "done"}


def test_steps_are_left_to_a_to_do_list_that_was_kept_since():
    calls = (ToolCall("1", "ExitPlanMode", "", 15, None, "ok"), ToolCall("2", "TodoWrite", "", 16, None, "ok"))
    plan = plan_at_work(approved().replace(tool_calls=calls))
    assert (plan.steps, plan.checks[:1]) == ((), ("pnpm check",))


def test_code_that_two_steps_of_a_file_have_shows_neither_of_them_done():
    plan = (
        "1. Call `holdRows` in `src/till.py` before `openDrawer`\n2. Drop `holdRows` from `src/till.py`, keep `shutDrawer`\n"
        "3. Call `holdRows` in `src/shelf.py`\n"
    )
    both = edited("/p/src/till.py", 20, "a()", "holdRows()")
    assert states(approved(both, plan=plan)) == {1: "", 2: "", 3: "open"}
    assert states(approved(both, edited("/p/src/till.py", 21, "b()", "openDrawer()"), plan=plan))[1] == "done"
    assert states(approved(edited("/p/src/shelf.py", 20, "a()", "holdRows()"), plan=plan))[3] == "done"


def test_half_of_the_code_of_a_step_is_needed_to_show_it_done():
    plan = "1. In `src/till.py`: `holdRows`, `openDrawer`, `shutDrawer`\n2. Say it\n3. Run the tests"
    assert states(approved(edited("/p/src/till.py", 20, "a()", "holdRows()"), plan=plan))[1] == ""
    assert states(approved(edited("/p/src/till.py", 20, "a()", "holdRows(openDrawer)"), plan=plan))[1] == "done"


def test_one_everyday_word_of_a_step_shows_nothing_and_two_do():
    plan = "1. In `src/till.py`: `false` for `openDrawer`\n2. In `src/shelf.py`: `click` and `keyup`\n3. Run the tests"
    words = edited("/p/src/till.py", 20, "a()", "b(false)"), edited("/p/src/shelf.py", 20, "a()", "b('click', 'keyup')")
    assert states(approved(*words, plan=plan)) == {1: "", 2: "done", 3: "open"}


def test_a_list_of_what_is_so_is_no_list_of_steps():
    lists = "## Context\n1. It is slow\n2. It is old\n3. It is red\n\n## Steps\n1. Tell it\n2. Sell it\n3. Push it\n"
    plan = plan_at_work(approved(plan=lists))
    assert [it.title for it in plan.steps] == ["Tell it", "Sell it", "Push it"]


TILL = """# Tidy the till

### 1. Install `paydesk`
**File**: `src/setup.js`
**Action**: Run `installTool("paydesk")`.

### 2. Pass `TILL_TOKEN` on
**File**: `src/setup.js`
**Action**: Give `TILL_TOKEN` to `openShop()`.

### 3. Count with `sumOf()`
**File**: `src/count.js`
**Action**: Use `sumOf()`.
"""


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("i get an error in the shop, paydesk is not there",), ""),
        (("i get an error in the shop, the drawer is open",), "done"),
        (("paydesk does not work", "it works now, thanks"), "done"),
        (("use paydesk for the cards too",), "done"),
    ],
)
def test_a_step_whose_code_the_user_reports_to_fail_is_not_told_as_done(words, state):
    made = edited("/p/src/setup.js", 20, "", 'installTool("paydesk"); openShop(TILL_TOKEN)')
    said = [Message("user", text, 30 + at) for at, text in enumerate(words)]
    assert states(approved(made, plan=TILL, said=said))[1] == state


def test_a_step_whose_code_a_later_run_fails_on_is_not_told_as_done_until_it_passes():
    made = edited("/p/src/setup.js", 20, "", 'installTool("paydesk"); openShop(TILL_TOKEN)')
    failed = ran("paydesk login --shop 3", "failed", 30)
    assert states(approved(made, plan=TILL, commands=(failed,)))[1] == ""
    assert states(approved(made, plan=TILL, commands=(failed, failed.replace(position=40, outcome="ok"))))[1] == "done"
