"""What is in hand, and what was fetched."""

from __future__ import annotations

from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.failed import Check
from handoff_cli.documents.parts.in_use import fetched, in_hand
from handoff_cli.documents.parts.pieces import hand_lines
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


def test_what_stands_whole_among_the_last_steps_is_not_told_as_printed_too():
    for command, step in (("$ ./count.sh", "ran ./count.sh"), ("js Count it", "js Count it")):
        for result, times in (("rows: 12", 0), ("rows: 12, kept: 3", 1)):
            story = story_of(fetched=((command, result),), happened=(f"{step} → rows: 12",))
            assert len(list(fetched(story))) == times


def test_what_a_search_for_a_question_found_comes_at_once_and_another_grows():
    found = "\n".join(f"a.py:{at}: row" for at in range(8))
    for text, forms in (("Which files have rows?", [9]), ("Rename the rows of each file.", [7, 9])):
        asked = (Request(1, text),)
        (piece,) = in_hand(story_of(searched=(("row", found),), requests=asked, state="progress"))
        assert [len(it.split("\n")) for it in piece.forms] == forms
        assert (piece.orders[0] < 0) == (len(forms) == 1)


def test_what_a_fetched_text_proposes_stands_below_it_without_its_comments():
    proposed = "Take the lock first.\n# as in store.py\nwith lock:\n" + "    step()\n" * 40
    piece = next(iter(fetched(story_of(fetched=(("gh pr view 3", proposed),), acted=True))))
    said, *code = piece.forms[-1].split("\n")
    assert said.endswith("→ Take the lock first.")
    assert (code[0], code[-1], len(code)) == ("with lock:", "…", 31)


def test_a_check_is_no_command_in_hand_since_another_part_tells_how_it_ended():
    again = (("cd /shop && make lint 2>&1 | tail -5", 3, ""), ("make seed", 2, "12 rows"))
    (piece,) = in_hand(story_of(checks=(Check("make lint", "failed", 1, kind="lint"),), again=again))
    assert piece.forms[0] == "$ make seed \u00d72 → 12 rows"


def test_what_was_read_for_a_request_to_compare_comes_soon_and_late_for_another():
    def orders(request):
        read = tuple((f"$ gh api files/{at}", "patch of a.go: +1 | b") for at in range(3))
        return [it.orders[0] for it in fetched(story_of(requests=(Request(1, request),), fetched=read))]

    assert max(orders("compare it to #343")) < orders("and the others?")[1]
    assert orders("and the others?")[2] > orders("compare it to #343")[2]


def test_a_command_that_was_run_again_and_again_comes_right_after_the_first_names():
    story = story_of(again=(("make seed", 3, ""), ("make rows", 2, "")))
    orders = {it.forms[0]: it.orders[0] for it in in_hand(story) if it.kind == "command"}
    (often, seldom) = orders.values()
    assert often < -0.55 < 0 < seldom
