"""What git took back is not told as made or edited, but as tried, with the reason that was given."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Commit, Edit, FileTouch, Message, Transcript
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.runs.taken_back import taken_back
from tests.documents.sessions import ran

ONE, TWO = Commit("1111111", "Add a cache"), Commit("2222222", "Cache pages for an hour")
HEAD_ONE = "HEAD is now at 1111111 Add a cache"


def edit(position, path="/p/cache.py", action="modified"):
    return Edit(path, position, action, f"old_name_{position}()", f"new_name_{position}()", "load", "ok")


def commit(it, position):
    return ran(
        f"git commit -m '{it.subject}'", position=position, output=f"[main {it.hash}] {it.subject}\n 1 file changed"
    )


EDITS = edit(5), edit(15)


def session(*after, words="", edits=EDITS, commits=(ONE, TWO)):
    """Edits at 5 and 15, committed at 10 and 20, what follows at 30 and later."""
    made = [commit(it, place) for it, place in zip(commits, (10, 20), strict=False)]
    said = (Message("user", "Cache the pages.", 1), *([Message("user", words, 25)] if words else []))
    files = (FileTouch("/p/cache.py", "modified", len(edits)),)
    return Transcript(
        "claude_code", messages=said, commands=(*made, *after), edits=tuple(edits), commits=commits, files=files
    )


def left(transcript):
    now = taken_back(transcript).now
    return [it.hash for it in now.commits], [it.position for it in now.edits]


@pytest.mark.parametrize(
    ("run", "output", "commits", "edits"),
    [
        ("git reset --hard HEAD~1", HEAD_ONE, ["1111111"], [5]),
        ("git reset --hard HEAD^", HEAD_ONE, ["1111111"], [5]),
        ("git fetch && git reset --hard 1111111", HEAD_ONE, ["1111111"], [5]),
        ("git reset --hard HEAD~2", "HEAD is now at 0000000 Before", [], []),
        ("git reset --hard 0000000", "HEAD is now at 0000000 Before", [], []),
        ("git reset --hard origin/main", HEAD_ONE, ["1111111"], [5]),
        ("git reset --hard origin/main", "HEAD is now at 9999999 Merge", ["1111111", "2222222"], [5, 15]),
        ("git reset --hard", "HEAD is now at 2222222 Cache pages", ["1111111", "2222222"], [5, 15]),
        ("git reset --soft HEAD~1", "", ["1111111"], [5, 15]),
        ("git reset HEAD cache.py", "", ["1111111", "2222222"], [5, 15]),
        ("git revert --no-edit 2222222", '[main 3333333] Revert "Cache pages"', ["1111111"], [5]),
        ("git revert --no-edit 1111111", '[main 3333333] Revert "Add a cache"', ["2222222"], [15]),
        ("git revert HEAD", '[main 3333333] Revert "Cache pages"', ["1111111"], [5]),
        ("git checkout -- cache.py", "", ["1111111", "2222222"], [5, 15]),
        ("git checkout HEAD~1 -- cache.py", "", ["1111111", "2222222"], [5]),
        ("echo 'git reset --hard HEAD~1'", HEAD_ONE, ["1111111", "2222222"], [5, 15]),
    ],
)
def test_what_is_left(run, output, commits, edits):
    """Commits after the one that is gone back to are gone, with their edits; a file is as the commit has it."""
    assert left(session(ran(run, position=30, output=output))) == (commits, edits)


@pytest.mark.parametrize(
    "run",
    ["git checkout -- cache.py", "git restore cache.py", "git checkout .", "git restore .", "git checkout cache.py"],
)
def test_edits_that_were_not_committed(run):
    """A file that is restored has lost what was edited since the last commit, and other files have not."""
    edits = (edit(5), edit(22), edit(23, "/p/page.py"))
    expected = [5] if run.endswith(".") else [5, 23]
    assert left(session(ran(run, position=30), edits=edits)) == (["1111111", "2222222"], expected)


@pytest.mark.parametrize(
    ("run", "output", "edits"),
    [
        ("git checkout pages", "Updated 2 paths from the index", [5, 15, 24]),
        ("git checkout -- pages", "", [5, 15, 24]),
        ("git restore ./pages", "", [5, 15, 24]),
        ("git checkout pages", "Switched to branch 'pages'", [5, 15, 22, 23, 24]),
        ("git checkout p/pages && git status -s", "", [5, 15, 24]),
        ("git checkout -b p/pages", "", [5, 15, 22, 23, 24]),
        ("git checkout p/pages", "Switched to branch 'p/pages'", [5, 15, 22, 23, 24]),
    ],
)
def test_a_folder_is_restored(run, output, edits):
    """What lies in a folder that is named is restored; a bare name may be a branch's, a path of files is none."""
    late = (edit(22, "/p/pages/one.py"), edit(23, "/p/pages/two.py"), edit(24, "/p/all_pages/three.py"))
    assert left(session(ran(run, position=30, output=output), edits=(*EDITS, *late)))[1] == edits


@pytest.mark.parametrize(
    ("run", "edits"),
    [
        ("git mv a b && rm -rf pages", [5, 15, 22, 25]),
        ("rm -r -f 'pages/' old", [5, 15, 22, 25]),
        ("rm pages", [5, 15, 22, 23, 24, 25]),
        ("rm -rf /tmp/pages", [5, 15, 22, 23, 24, 25]),
    ],
)
def test_a_new_folder_is_removed(run, edits):
    """What the session made in a folder and removed with it is not there; what was there before is not told so."""
    late = (
        *(edit(22, "/p/pages/old.py"), edit(23, "/p/pages/new.py", "created"), edit(24, "/p/pages/new.py")),
        edit(25, "/p/new.py", "created"),
    )
    assert left(session(ran(run, position=30), edits=(*EDITS, *late)))[1] == edits


def test_a_folder_for_a_while_goes_with_all_that_was_written_there():
    """Nothing there was anybody's before; it is no attempt that was taken back, and one beside it stays."""
    late = (edit(22, "/tmp/leak/repro.mjs"), edit(23, "/tmp/leaks.txt"))
    told = session(ran("rm -r /tmp/leak; git status", position=30), edits=(*EDITS, *late))
    assert left(told)[1] == [5, 15, 23]
    assert extract(told).dead_ends.tried == ()


def test_new_files_stay():
    """A reset leaves a file alone that no commit has."""
    edits = (edit(5), edit(22), edit(23, "/p/new.py", "created"))
    run = ran("git reset --hard HEAD", position=30, output="HEAD is now at 2222222 Cache pages")
    assert left(session(run, edits=edits))[1] == [5, 23]


@pytest.mark.parametrize("outcome", ["failed", None])
def test_one_that_failed_takes_nothing(outcome):
    """A reset that failed, or of which nothing is known, took nothing."""
    run = ran("git reset --hard HEAD~1", outcome, 30)
    assert left(session(run)) == (["1111111", "2222222"], [5, 15])


@pytest.mark.parametrize(
    ("output", "edits"),
    [
        ("FAILED test_cache.py::test_hour - assert 1 == 2\n1 failed", []),
        ("error: pathspec 'cache.py' did not match any file(s) known to git", [5, 15]),
        ("", [5, 15]),
    ],
)
def test_tests_that_fail_behind_it_leave_it_taken_back(output, edits):
    """Git itself says why it did nothing."""
    run = ran("git checkout -- cache.py && pytest -q", "failed", 30, output=output)
    assert left(session(run, commits=()))[1] == edits


def test_what_was_made_after_it_stands():
    """What was edited and committed after a reset is there."""
    reset = ran("git reset --hard HEAD~1", position=30, output=HEAD_ONE)
    again = Commit("4444444", "Cache pages for a minute")
    told = session(reset, commit(again, 40), edits=(edit(5), edit(15), edit(35)), commits=(ONE, TWO, again))
    assert left(told) == (["1111111", "4444444"], [5, 35])


def test_it_was_tried():
    """What was taken back is told with the words of the user's before, else with the command that did it."""
    reset = ran("git reset --hard HEAD~1", position=30, output=HEAD_ONE)
    story = extract(session(reset, words="Pages are stale for an hour now, take it back."))
    (first,) = story.dead_ends.tried
    assert (first.path, first.what) == ("2222222", "Cache pages for an hour")
    assert first.why == "the user: Pages are stale for an hour now, take it back."
    assert [it.hash for it in story.changed.commits] == ["1111111"]
    assert extract(session(reset)).dead_ends.tried[0].why == "git reset --hard HEAD~1"


def test_of_a_command_the_step_is_told_that_took_it_back_and_of_the_user_the_words_that_object():
    back = ran("git status -s; git checkout cache.py; rm -rf /tmp/log", position=30)
    assert extract(session(back, edits=(edit(22),))).dead_ends.tried[0].why == "git checkout cache.py"
    no = session(back, edits=(edit(22),), words="No, not in the cache, put it in a file of its own.")
    assert extract(no).dead_ends.tried[0].why == "the user: No, not in the cache, put it in a file of its own."


def test_what_the_agent_says_of_it_right_after_tells_why_where_nothing_else_was_taken_back():
    after = Message("assistant", "The cache is no help and I took it back: a page takes as long.", 31)
    back = ran("git checkout cache.py", position=30)
    told = session(back, edits=(edit(22),))
    told = told.replace(messages=(*told.messages, after))
    said = "the agent: The cache is no help and I took it back: a page takes as long."
    assert extract(told).dead_ends.tried[0].why == said
    both = session(ran("git checkout page.py", position=29), back, edits=(edit(22), edit(23, "/p/page.py")))
    both = both.replace(messages=(*both.messages, after))
    assert extract(both).dead_ends.tried[0].why == "git checkout cache.py"


def test_edits_are_told_where_no_commit_has_them():
    """Edits that were never committed are told by what they changed."""
    story = extract(session(ran("git checkout -- cache.py", position=30), edits=(edit(5), edit(22))))
    (first,) = story.dead_ends.tried
    assert (first.path, first.why) == ("/p/cache.py", "git checkout -- cache.py")
    assert "new_name_22" in first.what


def test_files_that_nothing_is_left_of():
    """A file of which all edits were taken back is none that was changed."""
    reset = ran("git reset --hard HEAD~2", position=30, output="HEAD is now at 0000000 Before")
    assert not taken_back(session(reset)).now.files


def test_an_amended_commit_counts_once():
    """A commit that was amended is one step for a reset, not two."""
    amended = ran("git commit --amend --no-edit", position=25, output="[main 5555555] Cache pages for an hour")
    reset = ran("git reset --hard HEAD~1", position=30, output=HEAD_ONE)
    assert left(session(amended, reset, commits=(ONE, TWO)))[1] == [5]


def test_what_a_command_changed_and_took_back_itself_is_gone():
    run = ran("sed -i s/a/b/ /p/cache.py && make && git checkout -q cache.py", position=30)
    assert left(session(run, edits=(*EDITS, edit(30))))[1] == [5, 15]
    other = ran("git checkout -q cache.py && sed -i s/a/b/ /p/cache.py", position=30)
    assert left(session(other, edits=(*EDITS, edit(30))))[1] == [5, 15, 30]


def test_a_commit_of_which_git_said_nothing_is_taken_back_as_others_are():
    quiet = ran("git commit -qm 'Count the hits'", position=22, output="")
    reset = ran("git reset --soft HEAD~1", position=30, output="")
    found = extract(session(quiet, reset))
    assert [it.subject for it in found.changed.commits] == [TWO.subject, ONE.subject]
    assert [(it.path, it.what) for it in found.dead_ends.tried] == [("commit", "Count the hits")]
    restored = ran("git checkout -- cache.py", position=30, output="")
    kept = session(quiet, restored, edits=(*EDITS, edit(21)))
    assert left(kept)[1] == [5, 15, 21], "what it has committed stays"


@pytest.mark.parametrize(
    ("words", "stand"),
    [
        ("that broke the lock. i undid your changes, try again", [5]),
        ("I've reverted all of your edits, read the file first", [5]),
        ("i undid your changes to the readme, the rest is fine", [5, 15, 16]),
        ("did I undo your changes?", [5, 15, 16]),
        ("What happens if I reverted all your changes?", [5, 15, 16]),
        ("Before I reverted your changes the test passed, now I applied them again", [5, 15, 16]),
        ("I undid your changes by accident, they are back", [5, 15, 16]),
        ("I discarded the last changes, only of the lock file", [5, 15, 16]),
        ("I reverted the order of the rows in the spec", [5, 15, 16]),
    ],
)
def test_what_the_user_says_to_have_undone_is_what_the_last_turn_edited(words, stand):
    said = (Message("user", "Cache the pages.", 1), Message("user", "For an hour", 11), Message("user", words, 25))
    edits = (*EDITS, edit(16, "/p/lock.py"))
    back = taken_back(Transcript("claude_code", messages=said, edits=edits))
    assert [it.position for it in back.now.edits] == stand
    assert [(it.path, it.why) for it in back.tried] == [
        (f"/p/{name}.py", f"the user: {words}") for name in ("lock", "cache") if stand == [5]
    ]


def test_what_is_undone_while_the_edits_lie_in_a_stash_takes_none_of_them_back():
    """A stash of the last edit: a checkout meanwhile is of what was tried without it."""
    whole = "git stash push -q cache.py && ./bench.sh\nsed -i s/a/b/ cache.py; ./bench.sh\ngit checkout cache.py && git stash pop"
    steps = [
        ran(it, position=30 + at) for at, it in enumerate(("git stash", "git checkout -- cache.py", "git stash pop"))
    ]
    for after in ([ran(whole, position=30)], steps):
        assert left(session(*after, commits=(ONE,))) == (["1111111"], [5, 15])


def test_what_is_undone_after_the_stash_was_taken_back_or_that_no_stash_has_is_undone():
    for stash in ("git stash -q && ./bench.sh; git stash pop", "git stash push -m 'wip' other.py"):
        steps = [ran(stash, position=30), ran("git checkout -- cache.py", position=31)]
        assert left(session(*steps, commits=(ONE,))) == (["1111111"], [5])


@pytest.mark.parametrize(
    ("run", "output", "words", "edits"),
    [
        ("git diff -- p/cache.py", None, "", ()),
        ("git diff --stat HEAD -- p/cache.py", None, "", ()),
        ("git diff -- p/cache.py", "@@ -1 +1 @@", "", (5,)),
        ("git diff -- p/page.py", None, "", (5,)),
        ("git diff --cached -- p/cache.py", None, "", (5,)),
        ("git diff", None, "", (5,)),
        ("git diff -- p/cache.py", None, "I have committed it.", (5,)),
        ("git add -A", None, "", (5,)),
    ],
)
def test_a_file_that_git_shows_no_change_of_is_as_it_was(run, output, words, edits):
    seen = ran(run, position=30, output=output), ran("git diff -- q/other.py", position=31)
    shown = extract(session(*seen, words=words, edits=EDITS[:1], commits=()))
    assert tuple(it.count for it in shown.changed.edits) == (1,) * len(edits)
    assert shown.dead_ends.tried == ()


def test_what_was_added_or_is_new_may_be_kept_though_git_shows_no_change():
    shows = ran("git diff -- p/cache.py", position=30)
    added = ran("git add p/cache.py", position=28)
    assert left(session(added, shows, edits=EDITS[:1], commits=())) == ([], [5])
    new = (edit(5, action="created"),)
    assert left(session(shows, edits=new, commits=())) == ([], [5])
