"""Stashes that lie there, and what was to be put back, are told until a call takes them back."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Command, Edit, Message, Transcript
from handoff_cli.documents.extract.progress.postponed import put_off_by_agent
from handoff_cli.documents.extract.progress.undo import stashed, to_put_back
from handoff_cli.documents.extract.runs.commits import Committed
from tests.documents.sessions import ran, told

_MADE = Edit("/p/src/rates.py", 12, "modified", "a = 1", "a = 2", None, "ok")


def stashes(*commands, asked="fix the rates"):
    runs = tuple(it if isinstance(it, Command) else ran(it, position=20 + at) for at, it in enumerate(commands))
    found = stashed(told(("user", asked), commands=runs, edits=(_MADE,)))
    return [(it.paths, it.files) for it in found]


def test_a_stash_that_nothing_took_back_is_told_with_the_edits_in_it():
    assert stashes("git stash -q -- src/rates.py && pytest") == [(("src/rates.py",), ("/p/src/rates.py",))]
    assert stashes("git stash; pytest") == [((), ("/p/src/rates.py",))]
    assert stashes("git stash push -- docs") == [(("docs",), ())]


def test_what_was_committed_before_lies_in_no_stash():
    """The stash itself is told: it holds what others changed."""
    transcript = told(("user", "fix"), commands=(ran("git stash", position=20),), edits=(_MADE,))
    before, earlier = Committed("4f1c2ab", "Fix", 15), Committed("4f1c2ab", "Fix", 11)
    assert [it.files for it in stashed(transcript, [before])] == [()]
    assert [it.files for it in stashed(transcript, [earlier])] == [("/p/src/rates.py",)]


@pytest.mark.parametrize(
    "after", ["git stash pop", "git stash apply -q", "git stash drop", "git checkout stash@{0} -- src"]
)
def test_what_takes_a_stash_back_ends_it(after):
    assert stashes("git stash -q", after) == []
    assert stashes(f"git stash -q && pytest; {after}") == []


def test_each_stash_is_taken_back_by_its_number():
    assert [it[0] for it in stashes("git stash -- a.py", "git stash -- b.py", "git stash pop stash@{1}")] == [("b.py",)]


def test_no_stash_was_made_where_there_was_nothing_or_nobody_let_it_run():
    assert stashes(ran("git stash", output="No local changes to save", position=20)) == []
    assert stashes(ran("git stash", "failed", 20, error="The user doesn't want to proceed with this tool use")) == []
    assert stashes("git stash list", "git stash show -p") == []


def test_a_stash_that_could_not_be_taken_back_lies_there():
    conflict = ran("git stash pop", "failed", 30, error="The stash entry is kept in case you need it again.")
    assert len(stashes("git stash", conflict)) == 1


def test_a_stash_that_the_user_ordered_is_theirs():
    assert stashes("git stash", asked="stash my changes, then look at main") == []


def put_back(*said, commands=(), edits=(), lines=()):
    return to_put_back(
        told(("user", "look into the queue"), *(("assistant", it) for it in said), commands=commands, edits=edits),
        lines,
    )


@pytest.mark.parametrize(
    "text",
    [
        "The worker runs with one thread; to be set back to four after the test.",
        "I'll take the flag out again before we merge this.",
        "I temporarily raised the timeout of the queue to 90 seconds.",
        "The retry is disabled in `worker.toml` for now.",
        "The file `queue.local.json` is to be deleted afterwards.",
        "I pin the client to 2.8.0 for now and say so at the end.",
        "Die Prüfung ist vorübergehend aus, sie kommt in `ci.yml` wieder hinein.",
        "Apunto el `source` temporalmente al módulo local.",
    ],
)
def test_what_is_to_be_put_back_is_told(text):
    assert put_back(f"It works. {text}") == (text,)
    chinese = "临时把 worker 的超时改成 90 秒,提交代码之前必须要改回原来的 30 秒。"
    assert put_back(chinese) == (chinese,)


@pytest.mark.parametrize(
    "text",
    [
        "The rows go into a temporary table before they are merged.",
        "The handler sets the status back when the call fails.",
        "Shall I set the worker back to four threads afterwards?",
        "I'll remove the old handler once the new one is called.",
    ],
)
def test_what_only_sounds_so_is_not(text):
    assert put_back(text) == ()


def test_the_user_may_say_so_as_well():
    said = told(("user", "scale it to one, to be set back to three after the demo please"), ("assistant", "Done."))
    assert to_put_back(said) == ("scale it to one, to be set back to three after the demo please",)


def test_a_later_call_that_sets_the_value_anew_ends_it():
    text = "One thread now; to be set back to four after the test."
    one, four = "qctl worker set threads=1", "qctl worker set threads=4"
    made = ran(one, position=15)
    assert put_back(text, commands=(made,)) == (text,)
    assert put_back(text, commands=(made, ran(four, position=25))) == ()
    assert put_back(text, commands=(made, ran(four, "failed", 25))) == (text,)
    assert put_back(text, commands=(made, ran("qctl worker list", position=25))) == (text,)


def test_a_check_that_runs_again_with_another_choice_sets_nothing():
    text = "I pin the client to 2.8.0 for now."
    checks = ran("npm -w web test -- --ci", position=15), ran("npm -w api test -- --ci", position=25)
    assert put_back(text, commands=checks) == (text,)


def test_a_later_edit_that_takes_out_what_the_words_name_ends_it():
    text = "The flag `skip_checks` is to be removed afterwards."
    later = Edit("/p/a.py", 40, "modified", "run(skip_checks=True)", "run()", None, "ok")
    assert put_back(text) == (text,)
    assert put_back(text, "I look.", edits=(later,)) == ()


def test_what_is_to_be_deleted_stands_with_the_file_that_was_written_next():
    text = "A loop in a scratch test will do, and I'll delete it afterwards."
    made = Edit("/p/scratch_test.py", 25, "created", "", "loop()", None, "ok")
    gone = Edit("/p/scratch_test.py", 40, "deleted", "", "", None, "ok")
    assert put_back(text, edits=(made,)) == (f"{text} (scratch_test.py)",)
    assert put_back(text, edits=(made.replace(action="modified"),)) == (text,)
    assert put_back(text, "I look.", edits=(made, gone)) == ()
    named = "`scratch_test.py` loops, and I'll delete it afterwards."
    assert put_back(named, edits=(made,)) == (named,)


def test_a_later_word_that_it_was_done_ends_it():
    text = "The retry limit of `worker.toml` is raised; to be set back to 3 after the test."
    assert put_back(text, "The retry limit of `worker.toml` is back to 3.") == ()
    assert put_back(text, "I'll set the retry limit of `worker.toml` back to 3.") == (text,)


def test_what_the_line_that_was_put_in_tells_already_is_not_told_again():
    text = "I'll skip the test for now and take the marker out again before we merge."
    made = Edit("/p/test_q.py", 25, "modified", "def test_q():", "@skip\ndef test_q():", None, "ok")
    assert put_back(text, edits=(made,), lines=(("/p/test_q.py", "test_q: @skip"),)) == ()
    assert put_off_by_agent(Transcript("claude_code", messages=(Message("assistant", text, 2),))) == ()


def test_an_edit_that_takes_out_the_lines_brought_for_a_while_puts_them_back():
    """In an edit of other lines too."""
    said = ("assistant", "I set one worker for now and put it back later.")
    first, other = Edit("/p/a.py", 15, "modified", "workers = 4", "workers = 1", "", "ok"), ("user", "go on")
    kept = told(("user", "go"), said, other, edits=(first,))
    assert len(to_put_back(kept)) == 1
    after = Edit("/p/a.py", 35, "modified", "x = 2\nworkers = 1", "x = 2\nworkers = 4", "", "ok")
    assert to_put_back(kept.replace(edits=(first, after))) == ()


def test_a_sentence_without_its_subject_is_told_with_the_one_before():
    text = "The nightly job on box 3 is off. Must be put back before the month ends."
    assert put_back(text) == (text,)


def put_off_by(*texts, asked=("fix the overlap check",)):
    users = [Message("user", text, 2 * place) for place, text in enumerate(asked)]
    said = [Message("assistant", text, 2 * place + 1) for place, text in enumerate(texts)]
    return put_off_by_agent(
        Transcript("claude_code", messages=tuple(sorted([*users, *said], key=lambda it: it.position)))
    )


@pytest.mark.parametrize(
    "text",
    [
        "The shadow branch case can be addressed in a follow-up if needed.",
        "I'll leave the parsing of commits for a separate change.",
        "Renaming the package is out of scope here.",
        "Let's keep it in `strategy` for now, since callers import it already.",
        "The migration of old rows is deferred until the schema holds.",
        "The migration of old rows is deferred to a later release of the shop.",
    ],
)
def test_what_is_left_for_later_is_told(text):
    assert put_off_by(f"Done with the check. {text}") == (text,)


def test_what_is_left_for_later_stands_with_what_is_done_for_now():
    now, later = "For now, let me check the names.", "The rows can be checked in a follow-up."
    assert put_off_by(f"I looked. {now} {later}") == (f"{now} {later}",)
    assert put_off_by(f"I looked. The names are checked. {later}") == (later,)


@pytest.mark.parametrize(
    "text",
    [
        "It crashes right after the log says \u201cAtlas is full, deferring growth\u201d for a frame.",
        'The line "postponed to a follow-up PR" comes from the template of the form.',
        "WARN atlas > out of space, deferring growth of the texture to 256 pixels",
        "The event is deferred to the `confirm` step, so the file exists when it runs.",
        "The deferred growth of the texture runs between two frames of the window.",
        "I'll make this a separate commit since it is a different bug.",
        "Another session exists in the same repository, so it warns.",
        "Shall we leave the parsing for a separate change?",
        "Add a deferred func that closes the file.",
        "Each call creates a separate commit on the branch.",
    ],
)
def test_what_only_sounds_put_off_is_not(text):
    assert put_off_by(text) == ()


def test_the_latest_comes_first_and_each_thing_once():
    first, second = (
        "Renaming the package is out of scope here.",
        "The shadow branch case can wait for a follow-up pull request.",
    )
    again = "The shadow branch case is for a follow-up pull request."
    assert put_off_by(first, second, again, asked=("a", "b", "c")) == (again, first)


def test_what_is_done_for_now_stands_with_what_is_put_off():
    later = "The old rows can be migrated in a follow-up."
    for now in ("For now, let me just fix the live rows.", "I'll focus on the live rows."):
        assert put_off_by(f"It locks. {now} {later}") == (f"{now} {later}",)
    assert put_off_by(f"It locks for now and then. {later}") == (later,)


def test_what_was_put_off_some_requests_ago_is_not_told_any_more():
    assert put_off_by("Renaming is out of scope here for good reason.", asked=("a", "b", "c", "d")) == ()
