"""What the parts of a document tell of a transcript, and what they leave to others."""

from __future__ import annotations

import re

import pytest

from handoff_cli.core.transcript import FileTouch, Message, Todo, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import BackgroundRun, LastCommit, Made, Outside, Report, Request
from handoff_cli.documents.extract.failed import Attempt, Lesson, LiveFailure, PutOff, Refused, Tried
from handoff_cli.documents.parts.failing import failures
from handoff_cli.documents.parts.pieces import FAILURES, FINDINGS, MUST, QUESTIONS, RULED_OUT, SOON, STANDING
from handoff_cli.documents.parts.story import pieces_of_story
from handoff_cli.documents.parts.unfinished import todo_ahead
from tests.documents.sessions import ran, story_of, told

HELD = Tried("lock.py", "hold", "flock", "lockf", "test_two: assert 0 == 3")


def reports_of(*told_of):
    return [it for it in pieces_of_story(story_of(reports=told_of)) if "report" in it.kind]


def ruled_out(**fields):
    return [piece.forms[-1] for piece in pieces_of_story(story_of(**fields)) if piece.part == RULED_OUT]


def test_what_was_tried_and_replaced_stands_with_what_failed_on_it():
    (line,) = ruled_out(tried=(HELD,))
    assert line == "lock.py: hold: flock → test_two: assert 0 == 3 → lockf"


def test_what_still_fails_is_not_ruled_out():
    """It stands under what is open."""
    open_now = LiveFailure("test_two", "assert 0 == 3", "pytest", "test", 40)
    assert ruled_out(tried=(HELD,), failures=(open_now,)) == []


def test_words_that_name_a_file_which_is_gone_now_are_marked_as_overtaken():
    said = "Move `check` to `lock/validators.py`. Want me to do it?"
    gone = (FileTouch("/p/lock/validators.py", "deleted", 1),)
    asked = (("user", "where?"), ("assistant", said), ("user", "yes"))
    labels = [it.block for it in pieces_of_story(extract(told(*asked, files=gone)))]
    assert any("overtaken since: validators.py" in it for it in labels)
    assert not any("overtaken" in it.block for it in pieces_of_story(extract(told(*asked))))


def test_a_proposal_stands_with_the_number_of_the_request_that_turned_it_down_where_there_is_one():
    no = Refused("one table for all", "no, the ledger has it", proposed=True)
    requests = (Request(1, "track it"), Request(2, "no, the ledger has it\nsee its head"), Request(3, "go on"))
    (piece,) = (it for it in pieces_of_story(story_of(requests=requests, refused=(no,))) if it.part == RULED_OUT)
    assert piece.forms[0] == "one table for all → request 2"
    long = requests[1].replace(text=requests[1].text + " and the rest of what we know of it" * 12)
    story = story_of(requests=(requests[0], long, requests[2]), refused=(no,))
    (piece,) = (it for it in pieces_of_story(story) if it.part == RULED_OUT)
    assert piece.forms[0] == "one table for all → request 2, “no, the ledger has it”", "the story has not all of it"
    (alone,) = ruled_out(requests=requests[:1], refused=(no,))
    assert alone == "one table for all → “no, the ledger has it”"


def test_an_old_list_tells_what_is_open_early_and_what_is_done_on_a_line():
    todos = (Todo("one", "completed"), Todo("two", "completed"), Todo("three", "pending"))
    for stale in (False, True):
        told_ = [it for it in pieces_of_story(story_of(todos=todos, stale_todos=stale)) if "to-do" in it.kind]
        assert [it.forms[0] for it in told_] == ["[x] one; two", "[ ] three"]
        assert told_[1].orders[0] == MUST < 0 < told_[0].orders[0]


def test_of_an_old_list_what_seems_done_is_not_always_told():
    todos = (Todo("one", "pending"), Todo("two", "pending"))
    story = story_of(todos=todos, stale_todos=True, planned=(Todo("one", "completed"),))
    orders = {it.forms[0]: it.orders[0] for it in pieces_of_story(story) if it.kind == "to-do"}
    assert orders["[ ] two"] == MUST < orders["[ ] one"]


def test_a_red_test_is_told_at_once_beside_what_does_not_build_and_forms_of_one_command_are_one_block():
    vet = LiveFailure("a.go:7:2", "undefined: held", "go vet ./lock", "lint", 40)
    held, free = (LiveFailure(f"Test{it}", "got 0", f"go test ./lock | tail -{it}", "test", it) for it in (30, 20))
    pieces = [it for it in pieces_of_story(story_of(failures=(vet, held, free))) if it.kind == "live failure"]
    assert [it.orders[0] for it in pieces] == [MUST, MUST]
    assert pieces[1].forms[0] == "go test ./lock | tail -30\n  Test30: got 0\n  Test20: got 0"


def test_what_was_tried_for_a_test_of_an_earlier_run_is_told_while_it_is_open():
    now = LiveFailure("b.py:7", "no name", "pytest", "test", 60)
    then = LiveFailure("test_two", "assert 0 == 3", "pytest", "test", 40, edited=True)
    assert len(ruled_out(tried=(HELD,), failures=(now, then))) == 1


def test_what_was_changed_outside_stands_in_the_state_and_not_again_among_the_commands():
    up = Outside("docker compose up -d web", "Container web Started", stale=True)
    story = story_of(
        outside=(up,), again=(("docker compose up -d web 2>&1 | tail -3", 1, "Started"), ("./fit", 2, "loss=1"))
    )
    forms = [piece.forms[0] for piece in pieces_of_story(story)]
    assert "docker compose up -d web → Container web Started (started before the last edits)" in forms
    assert "$ ./fit ×2 → loss=1" in forms
    assert not any("tail -3" in it for it in forms)


def test_words_that_only_announced_what_was_done_since_are_not_told():
    def last_words(said, **step):
        story = story_of(requests=(Request(1, "go"),), state="progress", last_words=said, **step)
        return [it for it in pieces_of_story(story) if it.kind == "last words"]

    announced = "Good catch! Let me run the tests of the cart again."
    assert not last_words(announced, calls_since=3)
    assert last_words(announced, calls_since=3, announced="run the tests of the cart again")  # not seen done
    assert last_words(announced, calls_since=0)
    assert not last_words("Now let's run the tests of the cart.", calls_since=1)
    assert last_words("It adds up twice.", calls_since=1)
    assert last_words(announced, calls_since=1, about="Let me mend the cart.")  # what is ahead may be it
    assert last_words(f"{announced} The cart adds up the rows twice, as `load` keeps them.", calls_since=3)


def test_an_answer_that_is_all_that_was_asked_for_is_told_before_parts_get_their_shares():
    """It is the product of the session: of a reply that edits came with, the edits tell."""
    answer = "\n".join(f"{at}. Step {at} of the talk shows the screen number {at} to the board." for at in range(1, 60))
    for acted in (False, True):
        (said,) = (
            it
            for it in pieces_of_story(story_of(state="answered", last_words=answer, acted=acted))
            if answer in it.forms
        )
        soon = [len(form) for form, order in zip(said.forms, said.orders, strict=True) if order < 0]
        assert (max(soon) > 2_500) is not acted


def test_a_no_that_is_the_latest_request_is_not_quoted_again_and_of_an_edit_and_its_proposal_one_is_told():
    no = Refused("one table for all", "no, the ledger has it", proposed=True)
    edit = Refused("Edit ledger.py: rows → table", "no, the ledger has it")
    requests = (Request(1, "track it"), Request(2, "no, the ledger has it"))
    assert ruled_out(requests=requests, refused=(no, edit)) == ["one table for all → the latest request"]
    run = Refused("make migrate", "no, the ledger has it")
    assert ruled_out(requests=requests, refused=(run,)) == ["make migrate → the latest request"]
    again = (*requests, Request(3, "no, the ledger has it, as I said"))
    assert not ruled_out(requests=again, refused=(run,))  # it stands with the request that said so


def test_what_was_tried_for_an_earlier_request_comes_behind_what_was_found():
    requests = (Request(1, "hold the lock", position=10), Request(2, "why is it slow?", position=30))

    def order(position, **fields):
        told = pieces_of_story(story_of(tried=(HELD.replace(position=position),), requests=requests, **fields))
        return next(it.orders[0] for it in told if it.kind == "attempt")

    assert order(40) == MUST
    assert order(20) > 0
    assert order(20, amid=requests[0]) == MUST  # that one is still at work


def test_reports_of_sub_agents_stand_with_the_state_and_the_last_with_what_it_asks():
    """Work that was handed over leaves no edits in the log."""
    first = Report("Task 1", "Done.", "9 passed", (), ("Added the lock",), ("app/lock.py",))
    pieces = reports_of(first, Report("Review", "Two issues.", "", ("MINOR: Name the test.",)))
    assert [it.forms[0] for it in pieces] == [
        "Task 1: Done; 9 passed",
        "Review: Two issues",
        "  - MINOR: Name the test.",
        "lock.py",
    ]
    assert pieces[0].forms[1] == "Task 1: Done; 9 passed (Added the lock)"
    assert {it.orders[0] for it in pieces[:3]} == {MUST}
    (three,) = reports_of(Report("Task 1", "Done.", "", (), ("Added a", "Added b", "Added c")))
    assert three.forms == (
        "Task 1: Done",
        "Task 1: Done (Added a; Added b; …)",
        "Task 1: Done (Added a; Added b; Added c)",
    )


def test_tools_that_do_not_run_and_the_folder_of_commands_stand_in_the_state():
    def state(**fields):
        return [it.forms[0] for it in pieces_of_story(story_of(**fields)) if it.part == STANDING]

    assert "Glob could not be started here; use the shell. [from transcript]" in state(dead_tools=("Glob",))
    assert "Glob and Grep could not be started here; use the shell. [from transcript]" in state(
        dead_tools=("Glob", "Grep")
    )
    told_of = "Commands run in `/srv/shop`; the folder persists between calls. [from transcript]"
    assert told_of in state(folder="/srv/shop")


def test_what_was_reported_before_the_request_comes_later_and_what_only_approves_later_still():
    did = ("Added the lock",)
    told_of = [Report(f"Task {n}", "Done.", "", (), did * (n > 1), (), n > 2) for n in range(6)]
    orders = {it.forms[0]: it.orders[0] for it in reports_of(*told_of)}
    assert orders["Task 5: Done"] == MUST < orders["Task 2: Done"] < 0 < orders["Task 0: Done"]
    before = [it.block for it in reports_of(*told_of) if "before this request" in it.block]
    assert len(before) == 3


def test_what_did_not_work_is_told_at_once_but_in_a_long_session_after_what_came_of_the_requests():
    no = Refused("sqlite3 app.db", "prod, not local")
    few, many = (tuple(Request(n, f"request {n}") for n in range(1, count)) for count in (4, 30))
    for requests, at_once in ((few, True), (many, False)):
        pieces = pieces_of_story(story_of(requests=requests, refused=(no,)))
        assert [it.orders[0] == MUST for it in pieces if it.part == RULED_OUT] == [at_once]


def test_what_the_last_steps_tell_of_a_failure_and_what_did_instead_is_not_told_again_at_once():
    lesson = Lesson("gh pr diff 7 -- a.go", "accepts 1 arg", "gh api pulls/7/files")
    failed = Attempt("gh pr diff 7 -- a.go", "accepts 1 arg", 1)

    def orders(*happened):
        pieces = pieces_of_story(story_of(lessons=(lesson,), failing=(failed,), happened=happened))
        return {it.block or it.forms[0]: it.orders[0] for it in pieces if it.part == RULED_OUT}

    (order,) = orders("read a.go").values()
    assert order == MUST
    told = orders("ran gh pr diff 7 -- a.go: failed: accepts 1 arg", "ran gh api pulls/7/files")
    assert told == {
        "Does not work here → what did instead:": 1.0,
        "Ended in an error besides: `gh pr diff 7 -- a.go`: `accepts 1 arg`.": MUST,
    }


def test_of_commands_that_failed_and_by_which_nothing_is_known_to_be_open_the_names_and_the_first_they_said_stand():
    failing = tuple(Attempt(f"{it} {'x' * 60}", "no file", 1, minor=True) for it in ("cat b", "ls c", "ls d", "ls e"))
    (told,) = (it.forms for it in pieces_of_story(story_of(failing=failing)) if "besides" in it.forms[0])
    assert re.fullmatch(
        r"Ended in an error besides: `cat b x+`: `no file`; `ls c x+`: `no file`; `ls d x+`: `no file`\.", told[0]
    )
    named = "; ".join(f"`{it.command}`: `no file`" for it in failing[:3])
    assert told[1] == f"Ended in an error besides: {named}."


def test_of_the_lines_of_an_error_the_first_that_says_something_stands_without_folders():
    for error, said in (
        ("Failures: | 1) rows are read | expected 2", "1) rows are read"),
        ("exit code 1 | /srv/shop/app/rows.py: no such file", "rows.py: no such file"),
        ("exit code 1", ""),
        (None, ""),
    ):
        attempt = Attempt("cat b", error, 1, minor=True)
        (told,) = (it.forms[0] for it in pieces_of_story(story_of(failing=(attempt,))) if "besides" in it.forms[0])
        assert told == f"Ended in an error besides: `cat b`{f': `{said}`' if said else ''}."


def test_names_out_of_a_patch_come_after_what_came_of_the_requests():
    for said, at_once in (("It reads twice, since the lock is gone.", True), ("patch of a.go: +3 −1; in load", False)):
        pieces = pieces_of_story(story_of(requests=(Request(1, "compare"),), fetched=(("$ gh api pulls/7", said),)))
        assert [it.orders[0] == MUST for it in pieces if "Printed" in it.block] == [at_once]


def test_of_many_reports_each_says_how_it_ended_before_anything_else_is_told():
    told_of = tuple(
        Report(f"Task {n}", f"Task {n} is complete, and the rest of the import too. " * 4, "", (), ("Added it",))
        for n in range(6)
    )
    pieces = [it for it in pieces_of_story(story_of(reports=told_of)) if it.kind == "report"]
    assert [it.orders[0] == MUST for it in pieces] == [False] * 3 + [True] * 3
    assert all(it.orders[0] < -0.9 and len(it.forms[0]) < 120 < len(it.forms[-1]) for it in pieces)


def test_a_list_that_is_done_stands_early_while_its_request_is_at_work():
    todos = (Todo("Take the lock", "completed"), Todo("Free it", "completed"))
    for state, early in (("progress", True), ("answered", False)):
        pieces = pieces_of_story(story_of(todos=todos, state=state))
        assert [it.orders[0] < 0 for it in pieces if it.kind == "finished to-do"] == [early]


def test_where_the_first_request_is_done_the_account_tells_what_the_work_is_for():
    asked = tuple(Request(n, it) for n, it in enumerate(("mend the button", "move to postgres", "and the jobs"), 1))
    for commit, at_once in ((Made("a1b2c3d", "Mend it"), True), (None, False)):
        pieces = pieces_of_story(story_of(requests=asked, goal="Move the shop to postgres.", of_first=commit))
        account = next(it for it in pieces if "by the agent's account" in it.block)
        assert (account.orders[0] == MUST) is at_once


def test_a_step_in_few_words_keeps_what_came_of_it():
    step = f"ran make all: FAILED: test_of_the_last_day, {'a_test_with_a_long_name ' * 8}".rstrip()
    pieces = pieces_of_story(story_of(requests=(Request(1, "go"),), happened=(step,)))
    (piece,) = (it for it in pieces if it.block.startswith("Last steps"))
    assert piece.forms[0].startswith("ran make all: FAILED: test_of_the_last_day")
    assert piece.forms[1] == step


def test_what_a_command_gave_stands_apart_from_it():
    step = f"ran git log --oneline -3 → e8ec608b {'fix the format of the rows ' * 4}".rstrip()
    (piece,) = (it for it in pieces_of_story(story_of(happened=(step,))) if it.block.startswith("Last steps"))
    assert piece.forms[0].startswith("ran git log --oneline -3 → e8ec608b fix")


def test_of_a_long_edit_the_last_step_tells_what_stands_there_now_and_the_fuller_form_both():
    for old, shown in (("x", "load: x → return rows"), (f"f({'a_long_row, ' * 9})", "load: → return rows")):
        step = f"edited a.go: load: {old} → return rows"
        pieces = pieces_of_story(story_of(requests=(Request(1, "go"),), happened=(step,)))
        (piece,) = (it for it in pieces if it.block.startswith("Last steps"))
        assert piece.forms[0] == f"edited a.go: {shown}"
        assert piece.forms[-1] == step


def test_of_an_edit_with_a_run_behind_it_the_step_keeps_what_the_run_gave():
    step = f"edited a.go: load: {'a_row, ' * 12}→ return rows; ran ./count.sh --all --of-the-year → (2025, 11, 14) of (2025, 12, 1)"
    (piece,) = (it for it in pieces_of_story(story_of(happened=(step,))) if it.block.startswith("Last steps"))
    assert piece.forms[0].startswith("edited a.go: load: ")
    assert piece.forms[0].endswith(" → (2025, 11, 14) of (2025, 12, 1)")
    assert len(piece.forms[0]) <= 112


def test_of_a_check_that_fails_now_the_step_says_only_that():
    """What failed stands below with its reason."""
    live = LiveFailure("tests/test_lock.py::test_held", "assert 0 == 3", "pytest -q", "test", 4)
    step = "ran pytest -q: FAILED: tests/test_lock.py::test_held"
    for red, shown in (((live,), "ran pytest -q: FAILED"), ((), step)):
        pieces = pieces_of_story(story_of(requests=(Request(1, "go"),), happened=(step,), failures=red))
        assert [it.forms[0] for it in pieces if it.block.startswith("Last steps")] == [shown]


def test_what_the_last_command_printed_stands_whole_until_something_is_said_of_it():
    """It may be what the next step hangs on: nobody has read it yet."""
    output = "2026-10 paid 91.46, wanted 91.45\n2026-07 sent 34.31, wanted 34.32\n34 rows"
    run = ran("python3 check_rows.py", "ok", 4, output=output)
    for said, there in ((), True), ((Message("assistant", "Five rows differ.", 5),), False):
        asked = (Message("user", "check each row", 1), Message("assistant", "Now the rows.", 3))
        call = ToolCall("1", "Bash", "python3 check_rows.py", 4, outcome="ok")
        story = extract(told(commands=(run,), tool_calls=(call,)).replace(messages=(*asked, *said)))
        pieces = [it for it in pieces_of_story(story) if it.block.startswith("What the last call showed")]
        assert [(it.forms[0], it.orders[0]) for it in pieces] == [(output, MUST)] * there


def test_what_the_last_command_printed_is_not_told_again_where_the_last_step_tells_all_of_it():
    for step, blocks in (("ran ./list.sh → a.json | b.json", 0), ("ran ./list.sh → a.json", 1)):
        story = story_of(happened=(step,), printed="a.json\nb.json")
        assert sum(it.block.startswith("What the last call showed") for it in pieces_of_story(story)) == blocks


def test_the_agents_recap_stands_in_the_state_and_says_when_a_request_came_after_it():
    recap = Message("assistant", "Goal: import the prices. Next: the test of the last day.", 3)
    for asked, label in ((1, "The agent's recap for the user [UNVERIFIED]:"), (5, "before the latest request")):
        story = extract(
            told(("user", "import them"), recaps=(recap,)).replace(messages=(Message("user", "go", asked),))
        )
        (piece,) = (it for it in pieces_of_story(story) if "recap" in it.block)
        assert label in piece.block
        assert piece.orders[0] == MUST
        assert piece.forms[0] == recap.text


def test_edits_that_no_check_saw_come_late_where_they_were_committed_or_stand_as_not_committed():
    line = "run since: terraform plan → Plan: 0 to add"
    unchecked = ("/p/main.tf", "/p/b.tf")
    kinds = (
        (None, MUST, "main.tf, b.tf"),
        (("/p/main.tf",), SOON, "main.tf"),
        (("/p/notes.md",), SOON, "main.tf, b.tf"),
    )
    for late, order, names in kinds:
        touched = tuple(FileTouch(it, "modified", 1) for it in late or ())
        last = LastCommit("1a2b3c4", "", True, tuple(late or ()), "", touched) if late else None
        story = story_of(unchecked=unchecked, exercised=(line,), last_commit=last)
        orders = {it.forms[0]: it.orders[0] for it in pieces_of_story(story)}
        assert (orders[line], orders[names]) == (order, order)


def test_a_push_of_the_last_commit_took_those_before_it_along():
    commits = (Made("1a2b3c4", "Mend it"), Made("5d6e7f8", "Test it"))
    for pushed, told_ in ((True, "(on main, pushed, as those below)"), (False, "(on main, no push seen since)")):
        story = story_of(commits=commits, last_commit=LastCommit("1a2b3c4", "main", pushed, ()))
        lines = [it.forms[0] for it in pieces_of_story(story) if it.kind == "commit"]
        assert lines == [f"1a2b3c4 Mend it {told_}", "5d6e7f8 Test it"]
    story = story_of(commits=commits[:1], last_commit=LastCommit("1a2b3c4", "lock", True, (), "lock-2"))
    assert "1a2b3c4 Mend it (on lock, pushed as lock-2)" in [it.forms[0] for it in pieces_of_story(story)]


def test_a_cause_that_several_failures_have_in_common_is_told_once():
    red = LiveFailure("test_a", "1 == 2", "pytest", "test", 9, cause="The lock is held.")
    (piece,) = failures(story_of(failures=(red, red.replace(name="test_b"))))
    assert piece.forms[-1].count("The lock is held") == 1


def put_off_lines(**fields):
    return [it.forms[-1] for it in pieces_of_story(story_of(**fields)) if it.kind == "matter put off"]


def test_what_was_put_off_is_a_decision_and_no_failed_approach():
    found = pieces_of_story(story_of(put_off=("Renaming is for a follow-up.",)))
    assert [it.part for it in found if it.kind == "matter put off"] == [FINDINGS]


def test_what_was_put_off_is_not_told_again_where_the_story_has_the_whole_request():
    words = "the cleanup gets its own ticket"
    requests = (Request(1, "track it"), Request(2, f"ok. {words}"), Request(3, "go on"))
    put_off = (PutOff(2, words),)
    assert put_off_lines(requests=requests, put_off_by_user=put_off) == []
    more = "so that nobody waits for it, " * 20
    for text, shown in ((f"ok. {words}, {more}", []), (f"{more}{words}, {more}", [f"request 2: {words}"])):
        long = requests[1].replace(text=text)  # both its ends stand in the story
        assert put_off_lines(requests=(requests[0], long, requests[2]), put_off_by_user=put_off) == shown


def test_a_to_do_that_is_named_after_a_file_says_that_it_was_committed():
    """Nobody ticked it: what git has tells more than the list."""
    todos = (Todo("compact: mixed versions", "in_progress"), Todo("scrub", "in_progress"))
    files = (FileTouch("/p/src/compact.rs", "modified", 2), FileTouch("/p/src/scrub.rs", "created", 1))
    commit = LastCommit("0fa3d18", late=(FileTouch("/p/src/scrub.rs", "created", 1),))
    lines = [it.forms[0] for it in pieces_of_story(story_of(todos=todos, files=files, last_commit=commit))]
    assert "[~] compact: mixed versions (likely done: compact.rs was committed)" in lines
    assert "[~] scrub" in lines


def test_a_look_that_the_next_action_goes_on_from_is_not_told_again():
    look = "Let me check how the cart is used."
    told = {"state": "progress", "last_words": look, "announced": look, "about": look, "looked": look, "calls_since": 1}
    for more, shown in (({}, False), ({"remaining": ("mend the cart",)}, True)):
        pieces = pieces_of_story(story_of(requests=(Request(1, "go"),), **told, **more))
        assert any(it.kind == "last words" for it in pieces) is shown


def test_what_runs_in_the_background_stands_in_the_state_with_what_it_wrote_last():
    runs = (BackgroundRun("make train > a.out", "b1", "step 4"), BackgroundRun("make serve"))
    lines = [it.forms[0] for it in pieces_of_story(story_of(running=runs)) if it.part == STANDING]
    assert lines == ["make train > a.out (task b1) → seen last: step 4", "make serve"]


def test_words_that_end_with_a_question_come_early_in_full_as_the_user_is_to_decide_on_them():
    words = "The cause is clear. " + "It has many parts, each of its own. " * 40 + "A or B?"
    for question, early in ((None, False), ("A or B?", True)):
        story = story_of(state="answered", last_words=words, question=question, acted=True)
        (piece,) = (it for it in pieces_of_story(story) if it.kind == "last words")
        fullest = max(len(form) for form, order in zip(piece.forms, piece.orders, strict=True) if order < SOON)
        assert (fullest > 1_300) is early


def test_a_cause_that_stands_in_the_last_words_is_not_told_again_with_what_fails():
    cause = "The lock is held by the statement, so nothing is protected at all"
    red = LiveFailure("test_two", "handled 40, want 20", "pytest", "test", 40, cause=cause)
    for last, times in (("", 1), (f"{cause}. I use a lease.", 0)):
        story = story_of(state="progress", failures=(red,), last_words=last, requests=(Request(1, "go"),))
        told = [it.forms[0] for it in pieces_of_story(story) if it.part == FAILURES]
        assert sum(cause in it for it in told) == times


def test_no_name_of_a_test_and_nothing_that_chooses_one_is_cut_where_a_check_failed_before_it_passed():
    name, check = (
        "TestRateOfTheLastDayOfAMonthThatIsOverAlready",
        "go test ./internal/rates/... -run TestRateOfTheLastDay -v",
    )
    red = Attempt(check, f"--- FAIL: {name} (0.0s)", 1, minor=True, overcome=True)
    (piece,) = (it for it in pieces_of_story(story_of(failing=(red,))) if "passed" in it.forms[0])
    assert piece.forms[0] == f"Failed before it passed: `{check}`."
    assert f"`{name} (0.0s)`" in piece.forms[-1]


def test_a_to_do_that_was_not_begun_by_the_list_tells_which_files_of_it_were_edited():
    todos = (Todo("Web: NoteCell and Drawer send changes", "pending"), Todo("e2e: two planners", "pending"))
    late = (FileTouch("/p/web/NoteCell.tsx", "modified", 1), FileTouch("/p/web/Drawer.tsx", "modified", 2))
    commit = LastCommit("0fa3d18", late=late)
    lines = [it.forms[0] for it in pieces_of_story(story_of(todos=todos, last_commit=commit)) if it.kind == "to-do"]
    assert lines[0].endswith("(edited, not committed: NoteCell.tsx, Drawer.tsx)")
    assert lines[1] == "[ ] e2e: two planners"


def test_a_check_that_passed_later_is_told_by_its_command_alone_before_other_commands_that_failed():
    red = Attempt("pytest tests/rows", "FAILED test_rows", 1, minor=True, overcome=True)
    other = Attempt("cat b", "no file", 1, minor=True)
    (piece,) = (it for it in pieces_of_story(story_of(failing=(other, red))) if "passed" in it.forms[0])
    assert piece.forms == (
        "Failed before it passed: `pytest tests/rows`. Ended in an error besides: `cat b`: `no file`.",
        "Failed before it passed: `pytest tests/rows`: `FAILED test_rows`. Ended in an error besides: `cat b`: `no file`.",
    )


def test_what_another_form_of_the_command_did_later_is_told_as_got_past_with_what_it_said():
    past = Attempt("alembic upgrade head", "FAILED: two heads", 1, minor=True, overcome=True, position=3)
    cycle = Attempt("go run main.go", "imports lock", 1, minor=True, overcome=True, position=2)
    told = next(it.forms[0] for it in pieces_of_story(story_of(failing=(past, cycle))) if "alembic" in it.forms[0])
    assert told == (
        "Failed, got past since: `alembic upgrade head`: `FAILED: two heads`."
        " Ended in an error besides: `go run main.go`: `imports lock`."
    )


def test_what_had_to_fail_stands_by_its_command_alone_with_why_it_had_to():
    failing = (
        Attempt("pytest tests/a.py", "FAILED test_a", minor=True, overcome=True, reason="meant", position=3),
        Attempt("go test ./rows", "directory not found", minor=True, reason="astray", position=5),
        Attempt("cat b", "no file", minor=True, position=4),
    )
    told = next(it.forms[0] for it in pieces_of_story(story_of(failing=failing)) if "pytest" in it.forms[0])
    assert told == (
        "Ended in an error besides: `cat b`: `no file`. Red before the code was written, as meant: `pytest tests/a.py`."
        " Run from the wrong folder: `go test ./rows`."
    )


@pytest.mark.parametrize(
    ("latest", "made", "says"),
    [
        ("Write the script for the move.", (), "The agent asked back"),
        ("Write the script for the move.", ("move.sh",), "The agent stopped at a question"),
        ("Why does the script fail?", (), "The agent stopped at a question"),
    ],
)
def test_a_turn_that_ends_in_a_question_is_not_said_to_answer(latest, made, says):
    story = story_of(state="answered", requests=(Request(1, latest),), question="At night, or now?", made=made)
    (standing,) = (it.forms[0] for it in pieces_of_story(story) if "waited for the user" in it.forms[0])
    assert standing.startswith(says)
    told = "".join(it.forms[0] for it in pieces_of_story(story_of(story, question="")))
    assert "The latest request was answered" in told


def test_how_many_tests_failed_and_passed_stands_with_the_command_that_is_red():
    red = LiveFailure("test_two", "handled 40, want 20", "pytest -q", "test", 40, counts="1 failed, 8 passed")
    (told,) = (it.forms[0] for it in pieces_of_story(story_of(failures=(red,))) if it.part == FAILURES)
    assert told == "pytest -q: 1 failed, 8 passed\n  test_two: handled 40, want 20"


def test_an_open_to_do_that_a_request_since_asked_for_says_so():
    todos = (Todo("Playwright test in WebKit", "pending"), Todo("size of the bundle", "pending"))
    story = story_of(todos=todos, stale_todos=True, asked_todos=(("Playwright test in WebKit", 8),))
    lines = [it.forms[0] for it in pieces_of_story(story) if it.kind == "to-do"]
    assert lines == ["[ ] Playwright test in WebKit (asked for since, by request 8)", "[ ] size of the bundle"]


def test_a_to_do_that_is_to_be_left_says_so_and_is_not_ahead():
    todos = (Todo("remove `env`", "pending"), Todo("size of the bundle", "pending"))
    story = story_of(todos=todos, left_todos=(("remove `env`", 2),))
    lines = [it.forms[0] for it in pieces_of_story(story) if it.kind == "to-do"]
    assert lines == ["[ ] remove `env` (to be left, by request 2)", "[ ] size of the bundle"]
    assert todo_ahead(story) == todos[1]


def test_work_that_was_offered_and_passed_over_is_an_open_question_told_once():
    offer = "Want me to sort the rows?"
    for words, asked in ((None, [offer]), (f"It counts now. {offer}", [])):
        pieces = pieces_of_story(story_of(requests=(Request(1, "go"),), offered=offer, last_words=words))
        assert [it.forms[0] for it in pieces if it.part == QUESTIONS] == asked


def test_last_words_that_end_with_a_step_stand_with_what_was_edited_or_read_since():
    def label(said, begun):
        step = {"last_words": said, "announced": said, "begun": begun, "calls_since": 1}
        story = story_of(requests=(Request(1, "go"),), state="progress", **step)
        return next(it.block.partition("\n")[0] for it in pieces_of_story(story) if it.kind == "last words")

    assert "The agent's last words; since then it edited cart.py [" in label("Now update the cart.", "edited cart.py")
    assert "; since then it read cart.py [" in label("It adds twice. Let me check the cart.", "read cart.py")
    for said, begun in (
        ("The cart adds up the rows twice.", "edited cart.py"),
        ("Now let's run the tests.", "ran make test"),
        ("Now update the cart.", ""),
    ):
        assert "since then" not in label(said, begun)


def test_a_hook_that_failed_is_no_approach_and_the_way_by_which_imports_came_no_error():
    chain = "package main |  imports shop/lock from main.go |  imports shop/row from lock.go: import cycle not allowed"
    hook = Attempt("go run ${CLAUDE_PROJECT_DIR}/main.go stop", chain, 1, minor=True)
    (told,) = (it.forms for it in pieces_of_story(story_of(failing=(hook,))) if "hook" in it.forms[0])
    assert told[0].startswith("Failed as the agent ran it as a hook: `go run ${CLAUDE_PROJECT_DIR}/main.go stop`: `")
    assert "import cycle" in told[1]
    assert "imports shop/lock from main.go`" not in told[1]


def test_words_that_are_all_that_came_of_the_latest_request_stand_in_more_of_them_amid_the_work():
    words = "\n".join(f"{n}) Add tests/test_{n}.py for shop {n} of the town, and the rates of it" for n in range(1, 12))
    for calls, whole in ((0, True), (2, False)):
        story = story_of(requests=(Request(1, "test it"),), state="progress", last_words=words, calls_since=calls)
        (piece,) = (it for it in pieces_of_story(story) if it.kind == "last words")
        assert ("tests/test_9.py" in piece.forms[0]) is whole


def test_while_sub_agents_run_no_to_do_is_ahead_but_one_that_was_begun():
    """Nobody knows which of the others are theirs."""
    todos = (Todo("read the model", "pending"), Todo("design the blocks", "pending"))
    theirs = (BackgroundRun("sub-agent reader: read the model"),)
    assert todo_ahead(story_of(todos=todos, running=(BackgroundRun("make serve"),))) == todos[0]
    assert todo_ahead(story_of(todos=todos, running=theirs)) is None
    begun = todos[1].replace(status="in_progress")
    assert todo_ahead(story_of(todos=(todos[0], begun), running=theirs)) == begun
