"""Whether an announced change is made: by the edits after it, and at the line that the words name."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Command, Edit, Lookup, Message, ToolCall
from handoff_cli.documents.extract.files.texts import Printed
from handoff_cli.documents.extract.progress.carried_out import (
    after_look,
    asked_not_written,
    edited_already,
    is_carried_out,
    not_edited,
    not_written,
    sections_shown,
    shown_since,
    uses_shown,
)
from tests.documents.sessions import ran, told


def edited(path="/shop/queue.py", position=30, old="return drain()", new="return drain(queue)"):
    return Edit(path, position, "modified", old, new)


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("Let me also fix the drain at lines 14-17 where the queue is empty.", True),
        ("Let me add a timeout to the client of the queue.", False),
        ("Let me add a timeout to queue.py.", False),
        ("Let me fix queue.py.", True),
        ("Let me fix it there too.", True),
        ("Now let me update `drain` in queue.py.", True),
        ("Let me look at the queue first.", True),
        ("Now update the drain of the queue.", True),
        ("I should add the drain of the queue after phase 4 that drains it.", True),
        ("I should add the queue to 4 drains of it.", False),
        ("Let me fix both paths of the queue.", False),
        ("Let me update all callers of `drain`.", False),
        ("Let me update worker.py.", False),
        ("Now fix queue's `holdAll()` to drain it.", True),
        ("Now fix worker's `holdAll()` to drain it.", False),
        ("Now fix `holdAll()` to drain it.", False),
        ("Now I need to rename `hold_lock`.", False),
        ("I'll fix the queue and run the tests.", False),
        ("The queue is empty.", False),
    ],
)
def test_one_change_is_made_once_an_edit_after_it_has_what_it_speaks_of(words, made):
    assert is_carried_out(words, 20, told(edits=(edited(),))) is made
    assert not is_carried_out(words, 40, told(edits=(edited(),)))


@pytest.mark.parametrize(
    ("words", "command", "made"),
    [
        ("I'll make this a separate commit since it's a different bug.", "git commit -m 'Mend the drain'", True),
        ("Now let me amend the commit and push.", "git commit --amend --no-edit && git push", True),
        ("Now let me amend the commit and push.", "git commit --amend --no-edit", False),
        ("Let me open the PR.", "git push", False),
        ("Let me open the PR.", "gh pr create --fill", True),
        ("I'll make this a separate commit.", "git status", False),
        ("Now I'll commit this and then update the README.", "git commit -m 'Mend the drain'", False),
        ("I'll put the drain into one commit and the tap into another commit.", "git commit -m 'Drain'", False),
        ("Let me add the commit hook.", "git commit -m 'Mend the drain'", False),
    ],
)
def test_a_commit_push_or_pull_request_is_made_once_its_command_went_through(words, command, made):
    assert is_carried_out(words, 20, told(commands=(ran(command, position=30),))) is made
    assert not is_carried_out(words, 20, told(commands=(ran(command, "failed", 30),)))
    assert not is_carried_out(words, 40, told(commands=(ran(command, position=30),)))


def test_a_change_of_two_places_takes_two_edits_and_one_under_way_is_not_made():
    both = "Let me fix both calls of drain in the queue."
    twice = told(edits=(edited(), edited(position=40, old="b", new="c")))
    assert is_carried_out(both, 20, twice)
    waits = ToolCall("1", "Edit", "/shop/queue.py", 50)
    assert not is_carried_out(both, 20, twice.replace(tool_calls=(waits,)))


FILE = "import os\ndef run(queue):\n    return drain()\n"


def read(text=FILE, position=5):
    return Printed(position, tuple(("/shop/queue.py", at, line) for at, line in enumerate(text.split("\n"), 1)))


def test_a_line_that_is_to_be_changed_and_was_written_before_is_told_as_it_stands():
    words = "There's another call site at line 3 that needs to be updated."
    session = told(edits=(edited(),))
    assert edited_already(words, session, [read()], 10) == "queue.py:3 return drain(queue)"
    assert edited_already(words.replace("3", "2"), session, [read()], 10) == ""
    assert edited_already(words.replace("line 3", "line 3 of worker.py"), session, [read()], 10) == ""
    assert edited_already("It is called at line 3.", session, [read()], 10) == ""
    assert edited_already(words, session, [read()], 50) == "", "what was edited for an earlier request says nothing"


def test_a_name_that_was_announced_and_no_file_has_is_not_written_where_edits_since_have_others():
    words = "I'll keep a running `column` that an `advance(c)` helper moves, and drop `line_start`."
    session = told(("user", "mend it"), ("assistant", words), edits=(edited(old="line_start: int", new="column: int"),))
    said = session.messages[1]
    assert not_written(words, said, session) == ("advance",)
    had = edited(position=5, new="def advance(c):")
    assert not_written(words, said, session.replace(edits=(had, *session.edits))) == ()
    assert not_written(words, said, session.replace(edits=())) == ()
    read = Lookup("read", "queue.py", 7, "def advance(c):")
    assert not_written(words, said, session.replace(lookups=(read,))) == ()


@pytest.mark.parametrize(
    ("request_words", "left"),
    [
        ("idle in seconds, key oldest_idle_s, and keep drain_all", ("oldest_idle_s",)),
        ("only rhf dirtyFields, with `Touched` too", ("dirtyFields", "Touched")),
        ("put --dry-run in", ("--dry-run",)),
        ("see https://example.org/a_b/c_d and src/old_name.py", ()),
        ("what about drain_all", ()),
    ],
)
def test_names_of_code_in_a_request_that_nothing_seen_has_are_not_written_once_files_were_edited_for_it(
    request_words, left
):
    session = told(("user", request_words), edits=(edited(new="drain_all(queue)"),))
    assert asked_not_written(session, [], 10) == left
    assert asked_not_written(session, [], 30) == ()
    assert asked_not_written(session, [read(f"# {request_words}")], 10) == ()
    long = told(("user", f"{request_words}{' and more' * 200}"), edits=session.edits)
    assert asked_not_written(long, [], 10) == ()
    run = session.replace(commands=(Command(f"make {request_words}", 5),))
    assert asked_not_written(run, [], 10) == ()


def test_of_the_files_a_step_names_those_that_no_edit_has_yet_are_left():
    step = "Now let me update queue.py and worker.py, since store.py has it."
    said = Message("assistant", step, 20)
    assert not_edited(step, said, told(edits=(edited(),))) == ("worker.py",)
    assert not_edited(step, said, told(edits=(edited(), edited("/shop/worker.py")))) == ()
    assert not_edited(step, said, told(edits=(edited(position=10),))) == ()  # it was not begun
    looks = step.replace("update", "read")
    assert not_edited(looks, said, told(edits=(edited(),))) == ()


def test_a_name_is_written_that_an_edit_spells_in_its_own_way():
    session = told(("user", "track the queue_uid and its max_depth"), edits=(edited(new="queueId?: string;"),))
    assert asked_not_written(session, [], 10) == ("max_depth",)


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ("Let me check what `drain_all` does.", ("drain_all (queue.py:7)",)),
        ("Let me look at `drain_all()` and `hold_lock`.", ("drain_all (queue.py:7)", "hold_lock (lock.py:2)")),
        ("Let me check `drain_all` and `let_go`.", ()),
        ("Let me check where `drain_all` is called.", ()),
        ("Let me check the queue.", ()),
    ],
)
def test_a_look_at_code_is_over_once_its_definition_was_shown(step, shown):
    read = (("/shop/queue.py", 7, "def drain_all(queue):"), ("/shop/queue.py", 8, "    let_go()"))
    printed = [Printed(12, read), Printed(14, (("/shop/lock.py", 2, "def hold_lock():"),))]
    assert shown_since(step, 10, printed) == shown
    assert shown_since(step, 20, printed) == ()


def test_of_what_was_shown_the_lines_stand_that_use_what_a_step_asks_about():
    """What only names it, defines it or was shown before is none of them."""
    lines = ("def drain_all(queue):", "# drain_all(queue) is slow", "rows = drain_all(queue)", "one, rows_left = 1, 2")
    lines = (*lines, "if rows_left == 2:", "rows_left += 1", "log(rows_left)", "rows = drain_all_of(other)")
    shown = [Printed(12, tuple(("/shop/queue.py", number, line) for number, line in enumerate(lines, 40)))]
    step = "Let me find where `drain_all` is called and how `rows_left` comes about."
    assert uses_shown(step, 10, shown) == (
        "queue.py:42: rows = drain_all(queue)",
        "queue.py:43: one, rows_left = 1, 2",
        "queue.py:45: rows_left += 1",
    )
    assert uses_shown(step, 20, shown) == ()
    assert uses_shown("Let me read `drain_all` and `rows_left`.", 10, shown) == ()
    many = [Printed(12, tuple(("/a.py", at, f"drain_all({at})") for at in range(1, 90)))]
    assert uses_shown(step, 10, many) == ("a.py:1: drain_all(1)", "a.py:2: drain_all(2)", "a.py:3: drain_all(3)")


def test_where_a_step_puts_a_section_by_another_those_that_were_shown_stand_with_their_lines():
    lines = ("## Phase 4: The lock", "### Rows", "- done", "---", "## Phase 5: The queue", "#### Later")
    shown = [Printed(12, tuple(("/shop/plan.md", number, line) for number, line in enumerate(lines, 930)))]
    step = "Let me update plan.md to add this as a section after Phase 4."
    assert sections_shown(step, 10, shown) == (
        "plan.md:930: ## Phase 4: The lock",
        "plan.md:934: ## Phase 5: The queue",
    )
    titled = ("# Plan", "```sh", "# install the tools", "```", "## Setup", "## Use")
    shown_with_title = [Printed(12, tuple(("/shop/plan.md", number, line) for number, line in enumerate(titled, 1)))]
    assert sections_shown(step, 10, shown_with_title) == ("plan.md:5: ## Setup", "plan.md:6: ## Use")
    assert sections_shown(step, 20, shown) == ()
    assert sections_shown("Let me read what plan.md says after Phase 4.", 10, shown) == ()
    assert sections_shown(step, 10, [Printed(12, (("/shop/queue.py", 7, "# after Phase 4"),))]) == ()


def test_what_was_to_be_verified_is_once_a_check_ended_after_the_edit():
    words = "Let me also verify that an empty queue is drained."
    said = (("user", "fix it"), ("assistant", f"All tests pass. {words}"))
    for place, outcome, done in ((40, "failed", True), (40, "ok", True), (40, None, False), (25, "ok", False)):
        session = told(*said, edits=(edited(),), commands=(ran("pytest -q", outcome, place),))
        assert is_carried_out(words, 20, session) is done


@pytest.mark.parametrize(
    ("words", "check", "done"),
    [
        ("Let me confirm that the dialog closes on a key.", "pytest -q", False),
        ("Let me make sure that the migration also runs on Postgres.", "pytest -q", False),
        ("Let me make sure that the migration also runs on Postgres.", "pytest -q tests/postgres", True),
        ("Let me verify that an empty queue is drained.", "ruff check .", False),
        ("Let me verify that the lint is clean.", "ruff check .", True),
        ("Let me make sure that it compiles.", "cargo build", True),
        ("Let me make sure that it runs on Postgres or on Oracle.", "pytest -q tests/postgres", False),
        ("Let me verify that `RowLoader` drains it.", "pytest -q", True),
    ],
)
def test_a_check_verifies_what_it_may_show_and_nothing_elsewhere(words, check, done):
    session = told(("user", "fix it"), ("assistant", words), edits=(edited(),), commands=(ran(check, "ok", 40),))
    assert is_carried_out(words, 20, session) is done


@pytest.mark.parametrize(
    ("step", "looks", "ahead"),
    [
        ("I\u2019m finishing full reads of the other two, then I\u2019ll write `SUMMARY.md`.", 2, True),
        ("I'm finishing full reads of the other two, then I'll write `SUMMARY.md`.", 1, False),
        ("I'm reading 3 more files, and then I'll write it.", 2, False),
        ("Now I'll check the callers, then I'll rename it.", 2, True),
        ("I'm checking whether a migration for it is there, then I'll write it.", 2, False),
        ("I'm running the tests and checking them, then I'll commit.", 2, False),
        ("I'm writing the reader of rows, then I'll rename it.", 2, False),
    ],
)
def test_what_comes_after_a_look_is_the_step_once_the_look_was_taken(step, looks, ahead):
    """As many calls take it as its words count, else two."""
    calls = tuple(ToolCall(str(at), "Read", f"{at}.md", 30 + at, None, "ok") for at in range(looks))
    transcript = told(tool_calls=calls)
    assert (after_look(step, 20, transcript) == step) is not ahead
    assert not ahead or step.endswith(after_look(step, 20, transcript))
    edit = ToolCall("9", "Edit", "a.py", 40, None, "ok")
    assert after_look(step, 20, transcript.replace(tool_calls=(*calls, edit))) == step


def test_names_in_log_lines_of_a_request_are_none_that_an_edit_has_to_write():
    for request, missing in (
        ("It says:\n2026-01-05 10:20:30 WARNING till: NO_SUCH_ROW in it", ()),
        ("And also: ERROR:till:NO_SUCH_ROW in it", ()),
        ("Add a NO_SUCH_ROW to it", ("NO_SUCH_ROW",)),
    ):
        assert asked_not_written(told(("user", request), edits=(edited(),)), (), 10) == missing
