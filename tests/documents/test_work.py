"""The parts that tell what was made: moves first, then files, documents and code, nothing twice."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, FileText, FileTouch
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import CodePiece, Report, Request, WrittenDocument
from handoff_cli.documents.extract.failed import Check
from handoff_cli.documents.pieces import MUST, hand_lines
from handoff_cli.documents.work import _by_items, fetched, in_hand, made
from tests.documents.sessions import story_of, told

LOAD, SAVE = "def load_rows():\n    return 1\n", "def save_rows():\n    return 2\n"
PIECE = CodePiece(
    "/p/rows.py",
    "load",
    4,
    6,
    "def load()",
    "",
    "def load():\n    a = 1\n    return a",
    "def load():\n    a = 1",
    worth=5.0,
)


def text_of(story):
    return "\n".join(piece.forms[-1] for piece in made(story))


def test_what_was_moved_stands_first_a_line_for_each_file_it_left():
    edits = (
        Edit("/p/app/rows.py", 11, "modified", LOAD, ""),
        Edit("/p/app/rows.py", 12, "modified", SAVE, ""),
        Edit("/p/io/load.py", 13, "modified", "", LOAD),
        Edit("/p/io/save.py", 14, "modified", "", SAVE),
    )
    text = text_of(extract(told(("user", "move them"), edits=edits)))
    assert text.startswith("moved app/rows.py → io/save.py: save_rows; → io/load.py: load_rows")


def test_what_is_new_is_told_with_its_signature_and_what_its_comment_says():
    new = '\n\n@cached\ndef load_rows(path: str) -> list[str]:\n    """Return the rows of the file. It is read once."""\n    return []\n'
    other = "\n\ndef save_rows(rows: list[str]) -> None:\n    print(rows)\n    print(1)\n    print(2)\n"
    edits = (
        Edit("/p/a.py", 11, "modified", "A = 1", f"A = 1{new}"),
        Edit("/p/b.py", 12, "modified", "B = 1", f"B = 1{other}"),
    )
    texts = (FileText("/p/a.py", 11, f"A = 1{new}"), FileText("/p/b.py", 12, f"B = 1{other}"))
    text = text_of(extract(told(("user", "write `save_rows`"), edits=edits, texts=texts)))
    assert "a.py: + def load_rows(path: str) -> list[str]: Return the rows of the file" in text


def test_code_stands_with_its_lines_and_how_certain_it_is():
    assert "rows.py:4-6\ndef load():" in text_of(story_of(code=(PIECE,)))
    assert "rows.py:4-6 (by its last edit)\n" in text_of(story_of(code=(PIECE.replace(exact=False),)))
    assert "rows.py:4-6 (a formatter ran since)\n" in text_of(story_of(code=(PIECE.replace(formatted=True),)))


def test_what_goes_on_in_the_file_of_code_that_was_read_comes_soon_and_a_few_lines_stand_without_gaps():
    read = PIECE.replace(made=False, worth=4.7, text="a = 1\nb = 2\nc = 3" + "\nd = 4" * 100, key="a = 1\n…\nc = 3")
    other = read.replace(path="/p/kinds.py", worth=4.4)
    end = read.replace(first=40, last=42, worth=4.6, text="try_all()\nundo()\nend()", key="try_all()\n…\nend()")
    first, second, third = made(story_of(code=(read, other, end)))
    assert third.forms == ("/p/rows.py:40-42\ntry_all()\nundo()\nend()",)
    assert third.orders[0] == first.orders[0] < second.orders[0]
    assert next(made(story_of(code=(read,)))).forms[0].endswith("a = 1\n…\nc = 3")
    less = list(made(story_of(code=(read, other, end.replace(worth=4.2)))))[2]
    assert less.orders[0] > second.orders[0]


def test_code_that_a_document_shows_is_not_shown_again():
    shown = WrittenDocument("/p/plan.md", True, 9, "## Load\ndef load():\n    a = 1\n    return a", "## Load")
    assert "rows.py" not in text_of(story_of(code=(PIECE,), documents=(shown,)))


def test_what_somebody_wrote_ends_with_a_sentence_and_printed_lines_with_a_line() -> None:
    said = "The rows are read twice here. " * 4 + "Keep those of the first call, please."
    for text, end in ((said, "twice here."), (" | ".join(["one row of many"] * 20), "many | …")):
        piece = next(iter(fetched(story_of(fetched=(("gh api x", text * 8),), acted=True))))
        assert piece.forms[0].endswith(end), piece.forms[0]


def test_a_document_that_was_written_comes_first_where_the_work_at_hand_wrote_it_or_the_user_objects_to_it():
    """Else it may be one of long ago, also where the work at hand edits other files."""
    document = WrittenDocument("design.md", False, 300, "# Design\n1. Cases; 2. Limits", "# Design")
    story = story_of(requests=(Request(1, "don't overcomplicate"),), documents=(document,), state="progress")

    def comes_first(told):
        return next(it for it in made(told) if "Documents written" in it.block).orders[0] == MUST

    assert comes_first(story_of(story, documents=(document.replace(late=True),)))
    assert comes_first(story_of(story, objected_to="design.md: + Cases (+387)"))
    assert not comes_first(story_of(story, acted=True))


def test_code_that_the_step_ahead_points_at_is_told_before_what_came_of_earlier_requests():
    """What was made stands among the edits as well; of what was only read nothing else tells."""
    pointed = PIECE.replace(made=False, worth=5.0)
    (first,) = made(story_of(code=(pointed,)))
    assert MUST < first.orders[0] < -0.9
    (own,) = made(story_of(code=(pointed.replace(made=True),)))
    assert own.orders[0] > first.orders[0]


def test_what_was_written_into_a_file_that_is_gone_is_no_change():
    edits = (Edit("/p/claim.lua", 11, "created", "", "return redis.call('SET', KEYS[1])"),)
    for action, told_of in (("created", True), ("deleted", False)):
        files = (FileTouch("/p/claim.lua", action, 1),)
        story = extract(told(("user", "claim it"), edits=edits, files=files))
        assert any("redis.call" in form for it in made(story) for form in it.forms) is told_of


def test_a_name_or_two_that_belong_to_no_file_are_no_list_of_names_in_hand():
    assert hand_lines((("", "ON_ERROR_STOP"), ("", "lock_timeout")), 9) == ""
    assert hand_lines((("/p/lock.py", "hold"), ("", "lock_timeout")), 9) == "lock.py: hold\nNames besides: lock_timeout"


def test_lines_where_names_are_defined_are_explained_where_there_are_any():
    def labels(*hand):
        return {it.block for it in in_hand(story_of(hand=hand))}

    assert labels(("/p/lock.py", "hold"), ("/p/lock.py", "take")) == {"In use lately:"}
    assert labels(("/p/lock.py", "hold:9"), ("/p/lock.py", "take")) == {"In use lately (`name:line`: defined there):"}


def test_what_a_fetched_text_proposes_stands_below_it_without_its_comments():
    proposed = "Take the lock first.\n# as in store.py\nwith lock:\n" + "    step()\n" * 40
    piece = next(iter(fetched(story_of(fetched=(("gh pr view 3", proposed),), acted=True))))
    said, *code = piece.forms[-1].split("\n")
    assert said.endswith("→ Take the lock first.")
    assert (code[0], code[-1], len(code)) == ("with lock:", "…", 31)


def test_of_several_runs_the_last_is_told_and_a_red_one_that_a_later_check_took_in_is_no_open_verdict():
    def told_of(check, times):
        again = (f"cd /shop && {check.command}", times, "")
        (piece,) = in_hand(story_of(checks=(check,), again=(again,)))
        return piece.forms[0].partition("make lint")[2]

    lint = Check("make lint", "failed", 1, kind="lint", edited=2)
    assert told_of(lint, 1) == ": failed, 2 files edited since"
    assert told_of(lint.replace(outcome="ok"), 3) == " \u00d73, the last: passed, 2 files edited since"
    assert told_of(lint.replace(overcome=True), 1) == ": failed, passed since within another check"


def test_what_was_read_for_a_request_to_compare_comes_soon_and_late_for_another():
    def orders(request):
        read = tuple((f"$ gh api files/{at}", "patch of a.go: +1 | b") for at in range(3))
        return [it.orders[0] for it in fetched(story_of(requests=(Request(1, request),), fetched=read))]

    assert len(set(orders("compare it to #343"))) == 1
    assert orders("and the others?")[2] > orders("compare it to #343")[2]


def test_edits_from_before_a_request_that_sub_agents_worked_at_come_late():
    edits = (Edit("/p/app/rows.py", 11, "modified", "a = 1", "a = 2"),)
    story = extract(told(("user", "mend a"), ("assistant", "done"), ("user", "the jobs"), edits=edits))
    orders = [
        next(it.orders[0] for it in made(story_of(story, reports=reports)) if it.kind == "edited file")
        for reports in ((), (Report("Jobs", "Task 1 is complete."),))
    ]
    assert orders[0] == MUST < orders[1]


def test_a_change_of_code_with_semicolons_keeps_what_it_became_however_short_it_is_told():
    old = "err := strategy.InitializeSession(entireSessionID, agentType); err != nil {"
    text = f"hooks.go: handleBefore: {old} → {old.replace('agentType', 'agentType, transcriptPath')}"
    told = _by_items(text, 100)
    assert " → " in told
    assert len(told) <= 104
    assert (
        _by_items("hooks.go: + load (+4); + save (+9); also in " + "read " * 30, 60)
        == "hooks.go: + load (+4); + save (+9)"
    )
