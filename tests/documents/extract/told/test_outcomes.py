"""What the tools show that came of each request: the files edited in its turn, and how the checks of it ended."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, FileTouch, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.facts import Finding, Turn
from handoff_cli.documents.extract.language.words import sentences
from handoff_cli.documents.extract.told.errors_back import ErrorsBack
from handoff_cli.documents.extract.told.outcomes import with_outcomes as outcomes
from handoff_cli.documents.extract.told.turns import turns_of
from tests.documents.sessions import ran, told


def with_outcomes(turns, transcript, runs):
    return outcomes(turns, transcript, runs, ErrorsBack(transcript.messages))


def test_each_turn_has_its_own_edits_and_checks():
    edits = (
        *(Edit("src/rows.py", position, "modified", "a", "b", outcome="ok") for position in (11, 12)),
        *(Edit(f"src/page_{n}.py", 13, "modified", "a", "b", outcome="ok") for n in range(4)),
        Edit("src/lock.py", 14, "modified", "a", "b", outcome="failed"),
    )
    commands = (
        ran("pytest -q", "failed", 14, "1 failed", 1, "FAILED tests/test_rows.py::test_a\n1 failed"),
        ran("pytest -q", position=15, output="3 passed"),
        ran("ruff check .", position=16, output="All checks passed!"),
    )
    transcript = told(("user", "mend it"), ("user", "why?"), edits=edits, commands=commands)
    first, second = with_outcomes(turns_of(transcript), transcript, runs_of(commands))
    assert first.done == "edited rows.py, page_0.py, page_1.py and 2 more; tests, lint passed"
    assert second.done == ""


def test_what_a_turn_only_deleted_was_not_edited_in_it():
    def edit(path, position, action="modified"):
        return Edit(path, position, action, "a", "b", outcome="ok")

    edits = (edit("plan.md", 11), edit("plan.md", 25, "deleted"), edit("rows.py", 26), edit("old.py", 27, "deleted"))
    gone = tuple(FileTouch(it, "deleted", 1) for it in ("plan.md", "old.py"))
    transcript = told(("user", "plan it"), ("user", "no plan"), edits=edits, files=gone)
    turns = with_outcomes(turns_of(transcript), transcript, ())
    assert [it.done for it in turns] == ["edited plan.md (deleted since)", "edited rows.py; deleted plan.md, old.py"]


def test_a_turn_in_which_nothing_was_called_is_idle_unless_something_later_comes_back_to_it():
    said = ("assistant", "I have `read_rows`, `write_rows` and `drop_rows`.")
    looked = tuple(ToolCall(str(n), "Read", "rows.py", 5) for n in range(2))
    for later, idle in (("mend the lock", True), ("so drop_rows and write_rows are slow", False)):
        transcript = told(("user", "show tools"), said, ("user", later))
        assert not with_outcomes(turns_of(transcript), transcript, ())[0].idle  # talk without tools
        transcript = transcript.replace(tool_calls=looked)
        assert [it.idle for it in with_outcomes(turns_of(transcript), transcript, ())] == [idle, False]
    rows = ("assistant", "It writes every ordered article once more into the second table, by mistake and slowly.")
    later = (("user", "mend the lock"), ("assistant", " ".join(f"Worker{n} waits for the lock." for n in range(30))))
    used = tuple(ToolCall(str(n), "Bash", "ls", 15) for n in range(2))
    transcript = told(("user", "show tools"), rows, *later, tool_calls=used)
    assert with_outcomes(turns_of(transcript), transcript, ())[0].idle  # it called, changed nothing, and was left
    committed = (ran('git commit -m "Write every ordered article once"', position=15),)
    transcript = told(("user", "commit"), rows, *later, tool_calls=used, commands=committed)
    assert not with_outcomes(turns_of(transcript), transcript, ())[0].idle
    transcript = told(("user", "show tools"), said, ("user", "mend the lock"), tool_calls=used)
    assert not any(it.idle for it in with_outcomes(turns_of(transcript), transcript, ()))


def test_a_turn_that_accounts_for_several_files_edited_before_is_not_idle():
    edits = tuple(Edit(it, 11, "modified", "", "", outcome="ok") for it in ("load.yml", "rows.py"))
    looked = tuple(ToolCall(str(n), "Edit", it.path, 11) for n, it in enumerate(edits * 2))
    for told_of, idle in (
        ("In load.yml the block `wide_row` is broken, rows.py reads it.", False),
        ("`wide_row` is.", True),
    ):
        said = (("user", "mend it"), ("user", "sum it up"), ("assistant", told_of), ("user", "now push all of that"))
        transcript = told(*said, edits=edits, tool_calls=looked)
        assert with_outcomes(turns_of(transcript), transcript, ())[1].idle is idle


def test_a_turn_whose_proposals_the_next_request_picks_from_is_not_idle():
    said = ("assistant", "I have `read_rows`, `write_rows` and `drop_rows`.")
    looked = tuple(ToolCall(str(n), "Read", "rows.py", 5) for n in range(2))
    transcript = told(("user", "options?"), said, ("user", "do 2"), tool_calls=looked)
    turns, back = turns_of(transcript), ErrorsBack(transcript.messages)
    assert outcomes(turns, transcript, (), back)[0].idle
    assert not outcomes(turns, transcript, (), back, {turns[1].position: "it"})[0].idle


def test_what_was_told_of_documents_that_are_all_gone_is_idle():
    said = (("user", "plan it"), ("assistant", "The plan saves 70 % of the calls."), ("user", "no, one file"))
    edits = (Edit("plan.md", 11, "created", "", "# Plan", outcome="ok"),)
    gone = told(*said, edits=edits, files=(FileTouch("plan.md", "deleted", 2),))
    first, _ = with_outcomes(turns_of(gone), gone, ())
    assert (first.done, first.idle) == ("edited plan.md (deleted since)", True)
    later = (*said[:2], ("user", "no, the plan that saves calls of one file"))
    code = told(*later, edits=(edits[0].replace(path="plan.py"),), files=(FileTouch("plan.py", "deleted", 2),))
    assert not with_outcomes(turns_of(code), code, ())[0].idle


def test_what_a_later_check_showed_not_to_be_so_is_not_told():
    """It should work and failed; it failed and passed since. A cause is kept."""
    words = "The lock should be fixed now. The importer is broken. The lock is broken because two runs share a file."
    red = ran("pytest -q", "failed", 31, "1 failed", 1, "FAILED tests/test_rows.py::test_a\n1 failed")
    turn = Turn(10, tuple(Finding(it, "said", 20) for it in sentences(words)))

    def told_after(*runs):
        transcript = told(("user", "mend it"), ("assistant", words), commands=runs)
        return [it.text for it in with_outcomes((turn,), transcript, runs_of(runs))[0].told]

    first, broken, cause = sentences(words)
    for design in ("This builds on the lock.", "Each run should pass the owner on.", "See how this works."):
        kept = Turn(10, (Finding(design, "said", 20),))
        after = with_outcomes((kept,), told(("user", "x")), runs_of((red,)))
        assert [it.text for it in after[0].told] == [design]
    assert told_after() == [first, broken, cause]
    assert told_after(red) == [broken, cause]
    assert told_after(ran("pytest -q", position=32, output="3 passed")) == [first, cause]


def test_a_claim_that_the_user_denies_next_is_not_told_and_a_cause_is():
    said = "The menu is `null` because the script runs first, before the page has built any of its elements. The menu is now fixed: `defer` makes it run after the page."
    told_of = {}
    for answer in ("still the same error", "great, now the footer"):
        transcript = told(("user", "menu stays shut"), ("assistant", said), ("user", answer))
        told_of[answer] = " ".join(it.text for it in with_outcomes(turns_of(transcript), transcript, ())[0].told)
    assert "is now fixed" in told_of["great, now the footer"]
    assert "is now fixed" not in told_of["still the same error"]
    assert "script runs first" in told_of["still the same error"]


def test_an_option_that_the_user_did_not_take_is_no_outcome():
    words = (
        "The limit means decoded bytes now, because the test counts them. How shall we proceed?\n\n"
        "1. Keep the limit at 256 MB, now of decoded bytes\n2. Keep only the last 32 tiles decoded, because it is cheap"
    )
    transcript = told(("user", "why is it red?"), ("assistant", words), ("user", "2, the box has 2 GB"))
    start = transcript.messages[0].position
    told_of = (words.partition(" How")[0], words.split("\n")[-2], words.rsplit("\n", maxsplit=1)[-1][3:])
    turns = (
        Turn(start, tuple(Finding(it, "said", start + 1, 5.0) for it in told_of)),
        Turn(transcript.messages[2].position, ()),
    )
    picks = {transcript.messages[2].position: told_of[2]}
    first, _ = outcomes(turns, transcript, (), ErrorsBack(transcript.messages), picks)
    assert [it.text for it in first.told] == [told_of[0], told_of[2]]


def test_of_a_turn_of_which_nothing_else_is_worth_telling_its_last_words_are_what_came_of_it():
    words = (
        ("user", "roll it out"),
        ("assistant", "Rolled out. Receipts are drawn in 40 ms again."),
        ("user", "now B"),
    )
    transcript = told(*words)
    turns = (Turn(10, ()), Turn(30, ()))
    first, last = with_outcomes(turns, transcript, ())
    assert [it.text for it in first.told] == ["Rolled out. Receipts are drawn in 40 ms again."]
    assert last.told == ()
    (refused, _) = with_outcomes((Turn(10, (), refused=True), turns[1]), transcript, ())
    assert refused.told == ()


def test_that_something_was_not_committed_yet_is_not_told_once_a_commit_followed():
    said = "The cause is the lock: `held` returned before the wait (off main, uncommitted), not committed so far."
    for commits, left in ((ran("git commit -m Hold", position=35, output="[main 4f1c2ab] Hold"),), False), ((), True):
        story = extract(told(("user", "why?"), ("assistant", said), ("user", "commit it"), commands=commits))
        text = " ".join(it.text for turn in story.told.turns for it in turn.told)
        assert ("(off main, uncommitted)" in text, "not committed" in text) == (left, left)
        assert left or "before the wait (off main)." in text


def test_that_something_was_not_pushed_yet_is_not_told_once_the_user_pushes():
    said = "The cause is the lock: committed as `c27a90b`, tree clean, two commits ahead, not pushed."
    for reply, left in (("y, i push both to see ci", False), ("and the tests?", True)):
        story = extract(told(("user", "why?"), ("assistant", said), ("user", reply), ("assistant", "Yes.")))
        text = " ".join(it.text for turn in story.told.turns for it in turn.told)
        assert ("not pushed" in text) is left
        assert "tree clean" in text


def test_a_check_that_passed_before_a_file_was_first_edited_says_so_and_one_that_is_over_is_none():
    def done(*edits, output="src/rows.cpp:3:9: error: 'held' was not declared"):
        commands = (
            ran("cmake --build out 2>&1 | grep error", "failed", 14, output=output),
            ran("cmake --build out 2>&1 | tail -1 && ctest --test-dir out", position=16, output="100% tests passed"),
        )
        made = tuple(Edit(path, position, "modified", "a", "b", outcome="ok") for path, position in edits)
        transcript = told(("user", "mend it"), ("user", "why?"), edits=made, commands=commands)
        return with_outcomes(turns_of(transcript), transcript, runs_of(commands))[0].done

    rows = ("src/rows.cpp", 15)
    assert done(rows) == "edited rows.cpp; tests passed"
    assert done(rows, ("src/rows.cpp", 18), ("notes.md", 18)) == "edited rows.cpp, notes.md; tests passed"
    late = "edited rows.cpp, lock.cpp; tests passed before the edit of lock.cpp"
    assert done(rows, ("src/lock.cpp", 18)) == late


def test_a_list_of_changes_is_no_outcome_once_edits_have_every_file_and_name_in_it():
    plan = "The changes needed are: Add `fetch_rows()` in `git_rows.py`; Modify `check_rows()` in `resume.py`."
    first = Edit("/p/git_rows.py", 31, "created", "", "def fetch_rows():\n    pull()", outcome="ok")
    both = (first, Edit("/p/resume.py", 32, "modified", "ask()", "fetch_rows()", "check_rows", "ok"))

    def outcome(*edits):
        transcript = told(("user", "fetch them"), ("assistant", plan), edits=edits)
        turn = Turn(10, (Finding(plan, "said", 20, 2.0),))
        return with_outcomes((turn,), transcript, ())[0].told

    assert not outcome(*both)
    assert outcome(first)
    assert outcome(*(it.replace(position=15) for it in both))
