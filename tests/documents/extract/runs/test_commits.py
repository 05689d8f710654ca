"""The commits by the log, those among them of which git said nothing."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import REFUSED, Commit, Edit, Lookup
from handoff_cli.documents.extract.facts import Made, Request
from handoff_cli.documents.extract.runs.commits import Committed, as_commits, commits_by_log, made_before, of_first
from tests.documents.sessions import ran, told


def made(*commands, commits=()):
    found = commits_by_log(told(("user", "go"), commands=commands, commits=commits))
    return [(it.hash, it.subject) for it in found]


HERE_DOCUMENT = 'git commit -q -m "$(cat <<\'EOF\'\nHold the "lock"; then go\n\nWhy: it leaked.\nEOF\n)" && git push -q'


@pytest.mark.parametrize(
    ("command", "subject"),
    [
        ("git add -A && git commit -q -m 'Hold the lock'", "Hold the lock"),
        ("git commit -qam 'hold: no wait' && git push -q && sleep 9 && gh run list | head -2", "hold: no wait"),
        ("cd /p/shop; git -C sub commit -q --message=Hold", "Hold"),
        ("git commit -m 'Hold it' >/dev/null 2>&1 && git push -q 2>&1", "Hold it"),
        (HERE_DOCUMENT, 'Hold the "lock"; then go'),
        ("git commit -q -F - <<'EOF'\nHold; go\n\nWhy: it leaked.\nEOF", "Hold; go"),
        ("git commit -qF .git/note.txt && git push -q", "(its message is in .git/note.txt)"),
    ],
)
def test_a_commit_without_a_word_of_gits_is_one_by_its_own_subject(command, subject):
    assert made(ran(command, output="")) == [("", subject)]


def test_a_message_that_was_written_into_a_file_is_read_there_as_it_was_then():
    edits = [Edit("/p/note.txt", at, "modified", "", text) for at, text in ((5, "\nHold\n\nWhy"), (25, "Free"))]
    commands = [ran("git commit -q --file=note.txt", position=at, output="") for at in (10, 30)]
    found = commits_by_log(told(("user", "go"), commands=commands, edits=tuple(edits)))
    assert [it.subject for it in found] == ["Hold", "Free"]


@pytest.mark.parametrize(
    ("command", "outcome", "printed"),
    [
        ("git commit -q -m 'Hold'", "failed", "lint-staged: 1 error"),
        ("git commit -q -m 'Hold'; git status -s", "ok", "error: hook failed\n M lock.go"),
        ("git commit -q -m 'Hold' | tail -3", "ok", "husky - pre-commit hook exited with code 1"),
        ("git commit -q -m 'Hold' || true", "ok", ""),
        ("git diff --quiet || git commit -q -m 'Hold'", "ok", ""),
        ("git commit -q --dry-run -m 'Hold'", "ok", ""),
        ("echo \"git commit -q -m 'Hold'\"", "ok", ""),
        ("git log --grep 'commit -m x'", "ok", "4f1c2ab Hold"),
        ("git commit -q -m 'Hold'", None, None),
    ],
)
def test_what_may_have_failed_is_no_commit(command, outcome, printed):
    assert made(ran(command, outcome, output=printed)) == []


def test_a_log_of_gits_tells_the_hash_and_shows_that_a_doubtful_one_was_made():
    at_once = ran("git commit -qm 'Hold the lock' && git log --oneline -1", output="4f1c2ab Hold the lock")
    assert made(at_once) == [("4f1c2ab", "Hold the lock")]
    short = ran("git commit -qm 'Free it' && git rev-parse --short HEAD", output="1a2b3c4")
    assert made(at_once, short) == [("4f1c2ab", "Hold the lock"), ("1a2b3c4", "Free it")]
    alone = ran("git checkout -b x && git commit -qm 'Free it' && git log -1 --format=%h", "ended", output="1a2b3c4")
    assert made(alone) == [("1a2b3c4", "Free it")]
    other = ran("git checkout -b x && git commit -qm 'Free it' && git log -1 --format=%s", "ended", output="No hash")
    assert made(other) == [], "nothing shows that it was made"
    doubtful = ran("git commit -qm 'Hold the lock'; git status -s", position=11, output="")
    log = ran("git log --oneline -3", position=12, output="4f1c2ab (HEAD -> main) Hold the lock\n0000aaa Begin")
    assert made(doubtful, log) == [("4f1c2ab", "Hold the lock")]
    refused = ran("git commit -qm 'Hold the lock'", "failed", 10, output="hook: 1 error")
    assert made(refused, doubtful, log) == [("4f1c2ab", "Hold the lock")], "the same once"


def test_commits_stand_in_their_order_whoever_told_of_them():
    told_of = (Commit("4f1c2ab", "Hold"), Commit("5f1c2ab", "Free"))
    commands = (
        ran("git commit -m Hold", position=10, output="[main 4f1c2ab] Hold\n 1 file changed"),
        ran("git commit -qm 'Between'", position=20, output=""),
        ran("git commit -m Free", position=30, output="[main 5f1c2ab] Free"),
    )
    assert made(*commands, commits=told_of) == [("4f1c2ab", "Hold"), ("", "Between"), ("5f1c2ab", "Free")]
    found = commits_by_log(told(("user", "go"), commands=commands, commits=told_of))
    assert [it.hash for it in as_commits(found)] == ["5f1c2ab", "", "4f1c2ab"], "the latest first"


def test_a_commit_that_amends_takes_the_place_of_the_one_before():
    first, again = (
        ran("git commit -qm 'Hold'", position=10, output=""),
        ran("git commit -q --amend --no-edit", position=20, output=""),
    )
    found = commits_by_log(told(("user", "go"), commands=(first, again)))
    assert [(it.subject, it.position) for it in found] == [("Hold", 20)]
    named = ran("git commit -m Hold", position=10, output="[main 4f1c2ab] Hold")
    found = commits_by_log(told(("user", "go"), commands=(named, again), commits=[Commit("4f1c2ab", "Hold")]))
    assert [(it.hash, it.subject, it.position) for it in found] == [("", "Hold", 20)], "its hash is another one"


def test_of_a_command_line_without_end_some_steps_are_looked_at():
    """What comes behind each is read to its end: of a long one that would take hours."""
    assert len(made(ran("git commit -qm 'Hold' && " * 2_000))) < 100


LISTED = "ccccccc Read by pages\nbbbbbbb Free the lock\naaaaaaa Hold the lock\n9999999 Before"


@pytest.mark.parametrize(
    ("command", "handed", "told_of"),
    [
        ("git log --oneline -4", True, ["Hold the lock", "Free the lock", "Read by pages"]),
        ("git log --oneline -4", False, ["Hold the lock"]),
        ("git log --oneline -4 -- src/lock.go", True, ["Hold the lock"]),
        ("git log --oneline origin/main", True, ["Hold the lock"]),
    ],
)
def test_commits_of_sub_agents_are_those_that_a_log_lists_above_the_last_known_one(command, handed, told_of):
    lookups = (Lookup("agent", "Task 2", 20, "Done."),) * handed
    first = ran("git commit -m 'Hold the lock'", position=11, output="[main aaaaaaa] Hold the lock")
    listing = ran(command, position=30, output=LISTED)
    commits = (Commit("aaaaaaa", "Hold the lock"),)
    found = commits_by_log(told(("user", "go"), commands=[first, listing], commits=commits, lookups=lookups))
    assert [it.subject for it in found] == told_of


def test_where_a_log_lists_no_known_commit_those_are_new_that_a_report_names():
    """Older ones of the branch are not of this session."""
    lookups = (Lookup("agent", "Task 1", 20, "Done, see `ccccccc`."),)
    listing = ran("git log main..HEAD --oneline", position=30, output=LISTED)
    found = commits_by_log(told(("user", "go"), commands=[listing], lookups=lookups))
    assert [it.hash for it in found] == ["ccccccc"]


def test_commits_that_came_in_from_elsewhere_are_not_the_sessions():
    lookups = (Lookup("agent", "Look", 12, "Nothing to do."),)
    first = ran("git commit -m 'Hold the lock'", position=11, output="[main aaaaaaa] Hold the lock")
    commands = [first, ran("git pull -q", position=20), ran("git log --oneline -4", position=30, output=LISTED)]
    commits = (Commit("aaaaaaa", "Hold the lock"),)
    found = commits_by_log(told(("user", "go"), commands=commands, commits=commits, lookups=lookups))
    assert [it.subject for it in found] == ["Hold the lock"]


def test_a_commit_that_a_report_only_speaks_of_is_not_made():
    said = "The bug came in with `abc1234` fix: drop the cache, by Bob last year"
    assert commits_by_log(told(("user", "go"), lookups=(Lookup("agent", "Look", 20, said),))) == ()


def test_commits_that_sub_agents_report_stand_with_their_subjects_where_no_log_lists_them():
    said = "- Committed as `fix: free the lock` (commit `bbbbbbb`)\n- ccccccc feat(rows): read by pages (all of them)\n"
    lookups = (Lookup("agent", "Task 1", 20, said),)
    found = commits_by_log(told(("user", "go"), lookups=lookups))
    assert [(it.hash, it.subject) for it in found] == [
        ("bbbbbbb", "fix: free the lock"),
        ("ccccccc", "feat(rows): read by pages (all of them)"),
    ]
    known = (Commit("bbbbbbb", "fix: free the lock"),)
    first = ran("git commit -m x", position=11, output="[main bbbbbbb] fix: free the lock")
    found = commits_by_log(told(("user", "go"), lookups=lookups, commands=[first], commits=known))
    assert [it.hash for it in found] == ["bbbbbbb", "ccccccc"]


@pytest.mark.parametrize(
    ("command", "output", "made_it"),
    [
        ("git add -A && git commit -qm 'Hold' && ./deploy.sh; echo rc=$?; ls", "deployed\nrc=0\na", True),
        ("cd /p && git commit -qam 'Hold'\nls", "a", True),
        (
            "git add a.py && git commit -qm 'Hold' && ./deploy.sh; ls",
            "fatal: pathspec 'a.py' did not match any files\na",
            False,
        ),
        ("git commit -qm 'Hold'; git status", "On branch main\nnothing to commit, working tree clean", False),
        ("make test && git commit -qm 'Hold'; ls", "a", False),
        ("test -f a || git commit -qm 'Hold'; ls", "a", False),
        ("if true; then git commit -qm 'Hold'; fi; ls", "a", False),
        ("git commit -m 'Hold'; ls", "a", False),
    ],
)
def test_a_commit_that_says_nothing_counts_though_more_follows_where_git_did_not_turn_it_down(command, output, made_it):
    assert made(ran(command, output=output)) == ([("", "Hold")] if made_it else [])


@pytest.mark.parametrize(
    ("then", "printed", "made_it"),
    [
        (
            "git fetch -q && git merge origin/main",
            "Auto-merging a.py\nCONFLICT (content): Merge conflict in a.py",
            True,
        ),
        ("git push -q", "To host:shop\n ! [rejected]        main -> main (fetch first)\nerror: failed to push", True),
        ("git push -q", "hook: 1 error", False),
        ("make deploy", "CONFLICT (content): Merge conflict in a.py", False),
        ("git push", "nothing to commit, working tree clean", False),
    ],
)
def test_a_silent_commit_was_made_where_git_tells_how_the_next_step_failed(then, printed, made_it):
    found = made(ran(f"git add -A && git commit -qm 'Hold' && {then}", "failed", error=f"Exit code 1\n{printed}"))
    assert found == ([("", "Hold")] if made_it else [])


def test_a_commit_is_of_the_first_request_where_no_other_ordered_something_before():
    """A word to go on orders nothing else; a commit of which is not known where it was made is of none."""
    asked = (Request(1, "mend it", position=10), Request(2, "go on", bare=True, position=20))
    made = (Committed("1a2b3c4", "Mend it", 25), Committed("2b3c4d5", "Export", 35))
    assert of_first(made, (*asked, Request(3, "now the export", position=30))) == Made("1a2b3c4", "Mend it")
    assert of_first(made[1:], (*asked, Request(3, "now the export", position=30))) is None
    assert of_first((Committed("1a2b3c4", "Mend it"),), asked) is None
    assert of_first(made, ()) is None


def test_a_commit_is_of_the_branch_that_git_names_or_that_was_gone_to_before_it():
    """Also where the same line goes back to the branch of the work behind it, or files are checked out in between."""
    commands = (
        ran("git switch -q -c fix/lock origin/main && git status -sb", position=10),
        ran("git checkout -q app/held.py", position=12),
        ran("git commit -qm 'Hold the lock' && git switch -q feature/queue", position=20, output=""),
        ran("git commit -qm 'Queue it'", position=30, output=""),
        ran("git checkout other", position=34),
        ran("git commit -qm 'Somewhere'", position=36, output=""),
        ran("git commit -m Last", position=40, output="[main 4f1c2ab] Last\n 1 file changed"),
    )
    found = as_commits(commits_by_log(told(("user", "go"), commands=commands, commits=(Commit("4f1c2ab", "Last"),))))
    assert [(it.subject, it.branch) for it in found] == [
        ("Last", "main"),
        ("Somewhere", ""),
        ("Queue it", "feature/queue"),
        ("Hold the lock", "fix/lock"),
    ]


def test_commits_of_the_branch_that_a_log_lists_besides_those_made_here_came_before():
    own = Committed("4f1c2ab", "Hold the lock", 10)
    listing = "4f1c2ab Hold the lock\n58949ab Read the rows once\n"
    log = ran("git log main..HEAD --oneline", position=12, output=listing)
    assert made_before(told(commands=(log,)), (own,)) == (Made("58949ab", "Read the rows once"),)
    whole = ran("git log --oneline -5", position=12, output=listing)  # of others' branches as well
    assert made_before(told(commands=(whole,)), (own,)) == ()
    assert made_before(told(commands=(log,)), ()) == ()
    assert made_before(told(commands=(log, ran("git pull --rebase", position=13))), (own,)) == ()


def test_a_commit_that_the_user_refused_is_none_and_no_amend_takes_its_place():
    one = ran("git commit -qam 'hold: no wait' && git push -q && git status", position=5, output="")
    no = ran("git commit -qam 'hold: again'", "failed", 7, f"{REFUSED}. The tool use was rejected")
    amend = ran("git commit -qa --amend --no-edit && git log --oneline -1", position=9, output="8e2f0c4 hold: no wait")
    assert made(one, no, amend) == [("8e2f0c4", "hold: no wait")]
