"""What is in hand, and what was fetched."""

from __future__ import annotations

from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.failed import Check
from handoff_cli.documents.in_use import fetched, in_hand
from handoff_cli.documents.pieces import hand_lines
from tests.documents.sessions import story_of


def test_what_somebody_wrote_ends_with_a_sentence_and_printed_lines_with_a_line() -> None:
    said = "The rows are read twice here. " * 4 + "Keep those of the first call, please."
    for text, end in ((said, "twice here."), (" | ".join(["one row of many"] * 20), "many | …")):
        piece = next(iter(fetched(story_of(fetched=(("gh api x", text * 8),), acted=True))))
        assert piece.forms[0].endswith(end), piece.forms[0]


def test_a_name_or_two_that_belong_to_no_file_are_no_list_of_names_in_hand():
    assert hand_lines((("", "ON_ERROR_STOP"), ("", "lock_timeout")), 9) == ""
    assert hand_lines((("/p/lock.py", "hold"), ("", "lock_timeout")), 9) == "lock.py: hold\nNames besides: lock_timeout"


def test_lines_where_names_are_defined_are_explained_where_there_are_any():
    def labels(*hand):
        return {it.block for it in in_hand(story_of(hand=hand))}

    assert labels(("/p/lock.py", "hold"), ("/p/lock.py", "take")) == {"In use lately:"}
    assert labels(("/p/lock.py", "hold:9"), ("/p/lock.py", "take")) == {"In use lately (`name:line`: defined there):"}


def test_what_the_last_command_printed_is_not_told_as_fetched_too():
    printed = "rows: 12\nError: no table prices"
    for result, times in (("rows: 12 | Error: no table prices", 0), ("rows: 12 | kept: 3", 1)):
        story = story_of(fetched=(("./count.sh", result),), printed=printed)
        assert len(list(fetched(story))) == times


def test_what_a_fetched_text_proposes_stands_below_it_without_its_comments():
    proposed = "Take the lock first.\n# as in store.py\nwith lock:\n" + "    step()\n" * 40
    piece = next(iter(fetched(story_of(fetched=(("gh pr view 3", proposed),), acted=True))))
    said, *code = piece.forms[-1].split("\n")
    assert said.endswith("→ Take the lock first.")
    assert (code[0], code[-1], len(code)) == ("with lock:", "…", 31)


def test_of_several_runs_the_last_is_told_and_a_red_one_that_a_later_check_took_in_is_no_open_verdict():
    def told_of(check, times, *others):
        again = (f"cd /shop && {check.command}", times, "")
        (piece,) = in_hand(story_of(checks=(check, *others), again=(again,)))
        return piece.forms[0].partition(check.command)[2]

    lint = Check("make lint", "failed", 1, kind="lint", edited=2)
    assert told_of(lint, 1) == ": failed, 2 files edited since"
    few = Check("pytest tests/test_a.py", "ok", kind="test", edited=1)
    every = Check("pytest", "ok", kind="test")
    assert told_of(few, 1) == ": passed, 1 file edited since"
    assert told_of(few, 1, every) == ": passed"
    assert told_of(few, 1, every.replace(edited=1)) == ": passed, 1 file edited since"
    assert told_of(lint.replace(outcome="ok"), 3) == " \u00d73, the last: passed, 2 files edited since"
    assert told_of(lint.replace(overcome=True), 1) == ": failed, passed since within another check"


def test_what_was_read_for_a_request_to_compare_comes_soon_and_late_for_another():
    def orders(request):
        read = tuple((f"$ gh api files/{at}", "patch of a.go: +1 | b") for at in range(3))
        return [it.orders[0] for it in fetched(story_of(requests=(Request(1, request),), fetched=read))]

    assert len(set(orders("compare it to #343"))) == 1
    assert orders("and the others?")[2] > orders("compare it to #343")[2]


def test_a_command_that_was_run_again_and_again_comes_right_after_the_first_names():
    story = story_of(again=(("make seed", 3, ""), ("make rows", 2, "")))
    orders = {it.forms[0]: it.orders[0] for it in in_hand(story) if it.kind == "command"}
    (often, seldom) = orders.values()
    assert often < -0.55 < 0 < seldom
