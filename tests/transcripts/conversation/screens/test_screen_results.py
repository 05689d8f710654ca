"""What stands below the signs on Claude Code's screen: results, decisions of the user's, a stop."""

from __future__ import annotations

import pytest


def test_a_result_whose_call_was_cut_off_still_names_its_file(read):
    """The piece before ended between the two."""
    found = read("  ⎿  Updated src/late.py with 2 additions\n\n⏺ Bash(ls)\n  ⎿  a\n\n⏺ Done.\n")
    assert [(it.path, it.action) for it in found.files] == [("src/late.py", "modified")]


def test_what_the_user_answered_to_questions(read):
    """Question and answer, apart from requests."""
    text = "⏺ User answered Claude's questions:\n  ⎿  · Which database? → PostgreSQL\n     · Keep the log? → yes\n\n⏺ Good.\n"
    assert [(it.question, it.answer) for it in read(text).answers] == [
        ("Which database?", "PostgreSQL"),
        ("Keep the log?", "yes"),
    ]


@pytest.mark.parametrize(
    ("run", "output", "outcome"),
    [
        ("./gradlew test", "BUILD FAILED in 1s", "failed"),
        ("ctest", "The following tests FAILED:\n\t  3 - ring (Failed)", "failed"),
        ("npx jest", "Tests:       1 failed, 9 passed, 10 total", "failed"),
        ("npx jest", "Tests:       9 passed, 9 total", "ok"),
        ("npx tsc --noEmit", "(No content)", "ok"),
        ("npm test", "(No content)", "ended"),
        ("npx tsc --noEmit", "src/a.ts(1,2): error TS2304: Cannot find name 'x'.", "ended"),
    ],
)
def test_a_result_without_an_error_mark_did_not_succeed_by_that(read, run, output, outcome):
    """A copy keeps no exit codes: what was printed tells how a command ended, or nothing does."""
    first, *rest = output.split("\n")
    below = "".join(f"     {line}\n" for line in rest)
    found = read(f"> make it green\n\n⏺ Bash({run})\n  ⎿  {first}\n{below}\n⏺ I see.\n")
    assert [it.outcome for it in found.commands] == [outcome]


def test_a_stop_is_nobodys_words_and_leaves_the_request_open(read):
    """What the program says of itself is neither an answer nor a to-do."""
    found = read("> write it\n\n⏺ I'd start with the parser.\n\n  ⎿  Interrupted · What should Claude do instead?\n")
    assert [(it.text, it.stopped) for it in found.messages] == [
        ("write it", False),
        ("I'd start with the parser.", True),
    ]


@pytest.mark.parametrize("stop", ["Interrupted by user", "API Error: Operation aborted by user"])
def test_a_stop_below_a_result_stops_the_turn_and_leaves_the_result(read, stop):
    found = read(f"> look\n\n⏺ Bash(./look.sh)\n  ⎿  3 rows\n  ⎿  {stop}\n")
    (command,) = found.commands
    assert (command.output, command.outcome) == ("3 rows", "ended")
    assert found.stopped_at >= command.position


def test_an_output_is_whole_where_a_screen_broke_it_amid_words_and_tells_that_its_end_is_hidden(read):
    rows = [
        "> count them",
        "",
        *["⏺ All of the words on this line are here so that it is as wide as the screen.", ""] * 12,
        "⏺ Bash(make count)",
        "  ⎿  starting",
        "     WARNING: what is logged before the beginning of the run is always wr",
        "     itten to the errors",
        "     … +21 lines (ctrl+o to expand)",
        "",
        "⏺ Task(Count the others)",
        "  ⎿  Done (4 tool uses · 44.0k tokens · 3m 51s)",
        "  (ctrl+o to expand)",
        "",
        "⏺ Counted.",
    ]
    found = read("\n".join(rows) + "\n")
    written = "WARNING: what is logged before the beginning of the run is always written to the errors"
    assert found.commands[0].output.split("\n") == ["starting", written, "… +21 lines"]
    assert "expand" not in "".join(str(it) for it in (*found.lookups, *found.tool_calls, *found.messages))


def test_a_plan_that_was_approved_is_the_plan_and_a_menu_for_leave_is_nobodys_words(read):
    found = read(
        "❯ move the settings\n\n⏺ User approved Claude's plan\n  ⎿  Plan saved to: ~/.claude/plans/otter.md · /plan to edit\n"
        "     Move the settings\n\n     1. Create store.ts\n     2. Keep the selectors\n     3. Remove the reducer\n\n"
        "⏺ Write(store.ts)\n  ⎿  Wrote 48 lines to store.ts\n\n⏺ I begin with the selectors.\n\n"
        "╭──────────────────────────────────────╮\n│ Do you want to make this edit?       │\n│ ❯ 1. Yes                             │\n"
        "│   2. Yes, allow all edits            │\n│   3. No, and tell Claude             │\n"
        "╰──────────────────────────────────────╯\n\n❯ no overloads\n"
    )
    assert (found.plan_file, found.plan.split("\n")[0]) == ("~/.claude/plans/otter.md", "Move the settings")
    assert "3. Remove the reducer" in found.plan
    assert [it.text for it in found.messages if it.role == "user"] == ["move the settings", "no overloads"]
    assert "allow all edits" not in "".join(it.text for it in found.messages)


def test_a_screen_that_shows_a_code_of_what_failed_shows_one_of_each(read):
    """What is hidden of a later output may be all that tells how it ended: no code stands above it."""
    run = "⏺ Bash(pytest tests/test_cart.py -v)\n  ⎿  {}===== test session starts =====\n     … +68 lines (ctrl+o to expand)\n\n"
    found = read(
        f"> make it green\n\n{run.format('')}{run.format('Error: Exit code 1' + chr(10) + '     ')}{run.format('')}"
    )
    assert [it.outcome for it in found.commands] == ["ended", "failed", "ok"]


def test_a_plan_that_was_approved_is_as_it_was_shown_where_nothing_stands_below_it(read):
    found = read(
        "❯ move the settings\n\n⏺ Here is Claude's plan:\n╭──────────────────────────╮\n│ 1. Create store.ts       │\n"
        "│ 2. Remove the reducer    │\n╰──────────────────────────╯\n\n⏺ User approved Claude's plan\n"
        "  ⎿  Plan saved to: ~/.claude/plans/otter.md · /plan to edit\n\n⏺ Write(store.ts)\n  ⎿  Wrote 48 lines to store.ts\n"
    )
    assert (found.plan_file, found.plan) == ("~/.claude/plans/otter.md", "1. Create store.ts\n2. Remove the reducer")
