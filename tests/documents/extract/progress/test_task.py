"""What the next step needs to know of the work at hand: places, files to write, the opinion given."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Lookup, Message, ToolCall, Transcript
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.progress.task import task_of
from handoff_cli.documents.parts.pieces import STANDING, written
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import ran, told


def of(transcript):
    return task_of(transcript, max(it.position for it in transcript.messages if it.role == "user"))


def read(path, text, position=15):
    return Lookup("read", path, position, text)


def test_what_stays_between_the_new_lines_of_an_edit_under_way_is_told_too():
    old = "if first:\n    take(all)\nelse:\n    find(old_id)\nreturn"
    new = "if not last:\n    take(all)\nelse:\n    find(last)\nreturn"
    calls = (ToolCall("1", "Read", "a.py", 20, outcome="ok"), ToolCall("2", "Edit", "/p/a.py", 30))
    wanted = (Edit("/p/a.py", 30, "modified", old, new),)
    story = extract(told(("user", "use the last"), tool_calls=calls, wanted=wanted))
    assert story.task.wanted[0].text == "if not last:\n    take(all)\nelse:\n    find(last)"


def test_a_comment_of_a_review_tells_its_place():
    fetched = '[{"diff_hunk": "@@ x", "path": "src/hooks.go", "body": "check the overlap", "line": 610}]'
    transcript = told(("user", "look"), commands=(ran("gh api repos/o/r/pulls/85/comments", output=fetched),))
    assert of(transcript).places == ("hooks.go:610",)


def test_a_file_the_request_wants_is_to_be_written_until_it_is():
    words = "Read all reports. Then create a summary document as `./docs/SUMMARY.md` with tables."
    reads = (ran("cat docs/a.md", position=15), ran("cat docs/b.md", position=16))
    task = of(told(("user", words), commands=reads))
    assert (task.to_write, task.read) == (("docs/SUMMARY.md",), ("a.md", "b.md"))
    written = told(("user", words), commands=reads, edits=(Edit("/p/docs/SUMMARY.md", 20, "created", "", "# S"),))
    assert (of(written).to_write, of(written).read) == ((), ())
    looped = ran('for f in docs/kinds/*.md; do echo "== $f"; cat "$f"; done', position=17)
    listing = "docs/a.md\ndocs/SUMMARY.md\ndocs/OLD-SUMMARY.md\ndocs/NEW-SUMMARY.md\ndocs/SUMMARY.txt\ndocs/b.md"
    wants = told(("user", words.replace("SUMMARY", "NEW-SUMMARY")), commands=(ran("rg --files docs", output=listing),))
    assert of(wants).called_alike == ("docs/OLD-SUMMARY.md",)
    seen = (*wants.commands, ran("cat docs/OLD-SUMMARY.md", position=16))
    assert of(wants.replace(commands=seen)).called_alike == ()
    guide = ran("cat ~/.agent/skills/plans/SKILL.md", position=18)
    assert of(told(("user", words), commands=(*reads, looped, guide))).read == ("a.md", "b.md", "kinds/*.md")


def test_files_called_alike_that_were_read_in_any_way_and_at_any_time_are_not_told_as_unread():
    listing = ran("ls docs/*.md", output="docs/A-SUMMARY.md\ndocs/B-SUMMARY.md", position=25)
    said = (("user", "look"), ("assistant", "It has a head."), ("user", "Write the summary to docs/NEW-SUMMARY.md"))
    edits = (Edit("/p/docs/a.md", 45, "modified", "a", "b"),)

    def unread(*commands, lookups=()):
        return of(told(*said, commands=(listing, *commands), lookups=lookups, edits=edits)).called_alike

    assert unread() == ("docs/A-SUMMARY.md", "docs/B-SUMMARY.md")
    assert unread(lookups=(read("/p/docs/A-SUMMARY.md:1", "# A"),)) == ("docs/B-SUMMARY.md",)
    assert unread(ran("head -n 20 docs/A-SUMMARY.md", position=35)) == ("docs/B-SUMMARY.md",)
    assert unread(ran("ls docs/A-SUMMARY.md && cat docs/intro.md docs/B-SUMMARY.md")) == ("docs/A-SUMMARY.md",)
    assert unread(ran('for f in docs/*-SUMMARY.md; do cat "$f"; done')) == ()


def test_parts_of_a_document_edited_before_a_correction_stand_as_they_were_until_edited_again():
    def edit(part, position):
        return Edit("/p/plan.md", position, "modified", f"## {part}\nold", f"## {part}\nnew")

    edits = (edit("Types", 15), edit("Tests", 16), edit("Types", 35))
    said = (("user", "write the plan"), ("assistant", "Done."), ("user", "no, use the id we have"))
    assert of(told(*said, edits=edits)).not_since == ("Tests",)
    assert of(told(*said, edits=edits)).since == ("Types",)
    assert of(told(*said[:2], ("user", "thanks"), edits=edits[:2])).not_since == ()
    assert of(told(*said[:2], ("user", "no, is it not the id we have?"), edits=edits[:2])).not_since == ()
    wanted = (edits[1].replace(position=40),)
    assert of(told(*said, edits=edits[:2], wanted=wanted)).not_since == ("Types",)
    renamed = Edit(edits[0].path, 45, "modified", "## Tests\nold", "## Checks\nnew")
    assert "Tests" not in of(told(*said, edits=(*edits, renamed))).not_since


def test_the_first_words_that_say_something_are_the_reply():
    said = "It is not different for that one: the check is shared, and both call it with the message alone. " * 2
    spoken = told(("user", "why?"), ("assistant", "Let me see."), ("assistant", said), ("assistant", f"Now {said}"))
    assert of(spoken).reply.startswith("It is not different")


def test_the_opinion_given_since_the_request_is_told_with_its_reason():
    transcript = told(
        ("user", "do you agree?"),
        ("assistant", "Looking. I agree with the review. The lock is missing. Let me add it."),
    )
    assert of(transcript).verdict == "I agree with the review. The lock is missing."


def test_the_tree_is_clean_by_gits_word_until_something_is_edited_or_committed():
    status = ran("git status", position=20, output="nothing to commit, working tree clean")
    assert of(told(("user", "go"), commands=(status,))).clean is True
    later = ran("git reset --hard x", position=30)
    assert of(told(("user", "go"), commands=(status, later))).clean is None
    edits = (Edit("/p/a", 30, "modified", "a", "b"),)
    assert of(told(("user", "go"), commands=(status,), edits=edits)).clean is None


def test_the_branch_is_the_logs_unless_git_printed_another_one_here():
    switched = ran("git switch -c fix", position=20, output="Switched to a new branch 'fix'")
    assert of(told(("user", "go"), commands=(switched,))).branch == "fix"
    assert of(told(("user", "go"), commands=(switched,), branch="fix")).branch == "fix"
    status = ran("git status", position=20, output="On branch fix\nnothing to commit")
    assert of(told(("user", "go"), commands=(status,), branch="main")).branch == ""
    assert of(told(("user", "go"), branch="HEAD")).branch == ""
    elsewhere = switched.replace(text="cd /other && git switch -c fix")
    assert of(told(("user", "go"), commands=(elsewhere,), branch="main")).branch == "main"


def test_the_branch_of_a_work_tree_that_was_added_is_the_one_the_work_goes_on_in():
    added = ran(
        "git worktree add /p/.worktrees/lock -b lock 2>&1", position=20, output="Preparing worktree (new branch 'lock')"
    )
    assert of(told(("user", "go"), commands=(added,), branch="main", branch_at=1)).branch == "lock"


@pytest.mark.parametrize(
    ("command", "outcome", "branch"),
    [
        ("git checkout -q -b fix/lock && git add lock && git push -q -u origin fix/lock", "ok", "fix/lock"),
        ("git switch -q -c fix/lock origin/main", "ok", "fix/lock"),
        ("git switch -q main", "ok", "main"),
        ("git checkout -b fix/lock", "failed", "hold"),
        ("git checkout -q -b fix/lock; git push", "ok", "hold"),
        ("git switch --detach 4f1c2ab", "ok", "hold"),
        ("echo 'git checkout -b fix/lock'", "ok", "hold"),
    ],
)
def test_a_branch_that_was_taken_without_a_word_is_the_one_where_the_log_told_its_own_before(command, outcome, branch):
    taken = ran(command, outcome, 20, output="")
    assert of(told(("user", "go"), commands=(taken,), branch="hold", branch_at=1)).branch == branch
    assert of(told(("user", "go"), commands=(taken,), branch="hold", branch_at=30)).branch == "hold"
    committed = ran("git commit -m x", position=25, output=f"[{branch} 4f1c2ab] x")
    assert of(told(("user", "go"), commands=(taken, committed), branch="hold", branch_at=1)).branch == branch


def test_what_is_left_open_is_what_the_last_words_say_is_not_done():
    ended = told(("user", "fix add"), ("assistant", "Fixed. The changelog is still open. Shall I write it?"))
    assert of(ended).left_open == "The changelog is still open."
    assert of(told(("user", "fix add"), ("assistant", "Fixed, and all tests pass."))).left_open == ""
    assert of(told(("user", "fix add"), ("assistant", "It may be the cache. Not verified yet."))).left_open == ""
    begun = "Stored the currency. The alert is not wired into `page.ts` yet."
    assert of(told(("user", "fix add"), ("assistant", begun))).left_open == "The alert is not wired into `page.ts` yet."
    rest = "In progress: convert the threshold when it is checked."
    assert of(told(("user", "fix add"), ("assistant", rest))).left_open == rest
    answer = "Tables with two heads are not supported by the parser yet."
    assert of(told(("user", "why?"), ("assistant", answer))).left_open == ""


def test_what_the_last_words_say_remains_comes_next_until_an_edit_follows():
    ended = told(("user", "lend tiles"), ("assistant", "The import is in. What remains is the caller, `lod.rs:52`."))
    assert of(ended).to_come == of(ended).left_open == "What remains is the caller, `lod.rs:52`."
    assert of(ended.replace(edits=(Edit("/p/lod.rs", 99, "modified", "a", "b"),))).to_come == ""
    assert of(told(("user", "why?"), ("assistant", "The cache remains as it was."))).to_come == ""


@pytest.mark.parametrize(
    "left",
    [
        "Falta añadir la variable en `dns.tf`.",
        "Il reste à écrire le test de `lock.rs`.",
        "Jetzt fehlen nur noch die Aufrufer in `lock.rs`.",
        "还需要修改 `lock.rs` 的调用方。",
        "Осталось исправить `lock.rs`.",
    ],
)
def test_what_remains_is_known_in_other_languages(left):
    assert of(told(("user", "lend tiles"), ("assistant", f"OK, `lod.rs`.\n\n{left}"))).to_come == left


def test_an_edit_under_way_is_told_by_what_it_writes():
    wanted = (Edit("/p/lock.py", 30, "modified", "def hold():\n    pass", "def hold():\n    return take('lock')"),)
    calls = (ToolCall("1", "Read", "lock.py", 20, outcome="ok"), ToolCall("2", "Edit", "/p/lock.py", 30))
    story = extract(told(("user", "hold the lock"), tool_calls=calls, wanted=wanted))
    assert [(it.path, it.text.strip()) for it in story.task.wanted] == [("/p/lock.py", "return take('lock')")]
    shown = written(STANDING, [(it, it.forms[0]) for it in pieces_of_story(story)])
    assert "New lines of the edit of lock.py that is under way:" in shown
    assert of(told(("user", "hold the lock"), tool_calls=calls[1:], wanted=wanted)).wanted == ()


@pytest.mark.parametrize(
    ("step", "meant"),
    [
        ("Let me fix it and update the test to assert that.", " (test_upload_refuses, test_upload.py)"),
        ("Let me update the tests of the upload.", ""),
        ("Let me update the test `test_other_thing` too.", ""),
        ("Let me fix the upload.", ""),
    ],
)
def test_of_the_test_that_a_step_speaks_of_the_one_named_last_is_told(step, meant):
    says = "`test_upload_refuses` in test_upload.py only prints it, as `refuse_large_files` does."
    session = told(("user", "go on"), ("assistant", says), ("assistant", step))
    assert of(session).set_out == step.removeprefix("Let me ").removesuffix(".") + meant


def test_an_edit_that_was_set_out_for_stands_until_an_edit_follows_or_words_let_it_be():
    session = told(("user", "see the review"), ("assistant", "I agree. Let me implement the Overlap check."))
    session = session.replace(tool_calls=(ToolCall("1", "Read", "a.go", 50),))
    assert of(session).set_out == "implement the Overlap check"
    assert of(session.replace(edits=(Edit("/p/a.go", 60, "modified", "a", "b"),))).set_out == ""
    unnamed = (ToolCall("2", "Edit", "of a file that the copy does not name", 60, outcome="ok"),)
    assert of(session.replace(tool_calls=unnamed)).set_out == ""
    let_be = session.replace(reasonings=(Message("assistant", "The caller has it. That's fine.", 60),))
    assert of(let_be).set_out == ""
    assert of(told(("user", "go on"), ("assistant", "Let me look at the caller."))).set_out == ""


def test_an_empty_transcript_tells_nothing():
    nothing = Transcript("claude_code", messages=(Message("user", "go", 1),))
    assert of(nothing).replace(clean=None) == type(of(nothing))()


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("All tasks are done. Now running the last review before finishing the branch.", "finishing the branch"),
        ("Let me read the rows before changing them.", ""),
        ("The lock was taken before reading the file.", ""),
        ("I'll look once more before going on.", ""),
    ],
)
def test_what_the_agent_named_as_coming_after_its_step_is_known(said, after):
    assert of(told(("user", "go"), ("assistant", said))).after_it == after


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        ("Done: import.py keeps the offset. The test test_resume fails: KeyError offset.", True),
        ("The import is in place. CI is red for the old Python.", True),
        ("The test fails because the offset is missing. Fixed it, all pass now.", False),
        ("test_resume fails as expected, the code comes next time.", False),
        ("The tests pass. No test fails any more.", False),
        ("Without the lock the build fails, so it stays.", False),
    ],
)
def test_a_check_that_fails_by_the_last_words_is_open_unless_these_call_it_mended(said, is_open):
    story = extract(told(("user", "keep the offset"), ("assistant", said)))
    assert ("fails" in story.task.left_open or "red" in story.task.left_open) == is_open


def test_of_several_files_that_are_to_be_changed_the_one_that_nothing_since_names_is_left():
    asked = ("user", "to 0.5.0 please. Update package.json and notes.md please.")
    done = extract(told(asked, ("assistant", "I've updated `package.json` and `notes.md`.")))
    half = extract(told(asked, ("assistant", "I've updated `package.json` to 0.5.0.")))
    none = extract(told(asked, ("assistant", "Which version is it now?")))
    assert [it.task.to_write for it in (done, half, none)] == [(), ("notes.md",), ()]


def test_what_a_long_thought_weighs_and_drops_lets_no_edit_be():
    weighed = "It adds an unnecessary dependency there. " + "The rows are read by each page of the list. " * 20
    transcript = told(
        ("user", "see whether you agree"), ("assistant", "I agree. Let me implement the fix and its test.")
    )
    later = transcript.replace(reasonings=(Message("assistant", weighed, 25),))
    assert extract(later).task.set_out == "implement the fix and its test"
    last = transcript.replace(reasonings=(Message("assistant", f"{weighed}That is already handled.", 25),))
    assert extract(last).task.set_out == ""
