"""Which command lines only look, for every part of the document that asks."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.checks import is_check, kinds_of, runs_of
from handoff_cli.documents.extract.commands.command_lines import (
    REMOVES,
    UNDOES,
    besides_files,
    checked_at,
    gone_to,
    line_of,
    masked,
    of_another_tree,
    only_looks,
    steps_in,
    with_servers_answers,
    without_folder,
)
from handoff_cli.documents.extract.runs.reruns import commands_in_hand
from handoff_cli.transcripts.by_shell import changes_by_shell
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

LOOKS = (
    "Get-Content src/rows.ts",
    "Get-ChildItem -Force",
    'cmd /c findstr /n "load" src/rows.ts',
    *("git blame a.py", "ps aux", "fd lock src", "git -C . status", "git --no-pager diff --stat", "git branch -a"),
    *("cd src && ls -la", "cat a.py | head -5", "sed -n 1,9p a.py", "git remote -v", "env"),
    *("cd /p; for f in *.py; do echo $f; head -3 $f; done", "if [ -f a ]; then cat a; fi", "ls a 2>&1 || true"),
    *("git show a:b | sed -n 1,9p | sort | uniq -c", "cat a.json | python3 -c 'import sys'", "ls\n# the log\ncat log"),
    *('grep "a && rm b" c', "ls | xargs grep x"),
    *("find . -name 'a*'", "find . -exec grep -l x {} +", "for f in a b; do cat $f | wc -l; done", "pgrep -f serve"),
)
CHANGES = (
    *("git branch new", "git branch -D old", "git remote add up u", "env A=1 make", "find . -name x -delete"),
    *(
        "cat a.py > b.py",
        "cat a.py && rm -rf b",
        "ls; make",
        "ls\nmake",
        "cat a.sql | psql shop",
        "ls | xargs rm",
        "cat a && python3 -c 'import b'",
        "cd src",
        "make",
        "gh api -X POST repos/a/b",
        "for f in a b; do rm $f; done",
        "git stash",
        "lsof_all.sh",
        "cmd /c del a.txt",
        "Get-ContentOf a",
    ),
)


@pytest.mark.parametrize("command", LOOKS)
def test_a_look_is_one_and_never_in_hand(command):
    assert only_looks(command)
    assert commands_in_hand([ran(command, position=at) for at in range(3)]) == ()


@pytest.mark.parametrize("command", CHANGES)
def test_what_changes_something_or_runs_another_program_is_no_look(command):
    assert not only_looks(command)


def test_a_look_at_what_lies_outside_stays_in_hand():
    assert only_looks("gh pr view 3")
    assert commands_in_hand([ran("gh pr view 3", position=at) for at in range(2)]) == (("gh pr view 3", 2, ""),)


@pytest.mark.parametrize("step", ["git -C . ", "<<A\n", "git stash ", "git "])
def test_a_command_line_without_end_takes_no_more_than_its_length(step):
    """Else each of its steps would be read to the end of the line."""

    def extracted(size):
        return extract(told(("user", "go"), commands=(ran(step * (size // len(step))),)))

    assert extracted(12_000).requests
    assert_linear(extracted, 12_000)


@pytest.mark.parametrize(
    ("lines", "others"),
    [
        (["git stash -q && pytest -q 2>&1 | tail -3; git stash pop -q"], [0]),
        (["git stash push src/lock.py -q; pytest -q; git stash pop; git status --short"], [0]),
        (["git stash -q && pytest -q; git stash pop -q; sed -n 18,27p test_a.py; git log | head -3"], [0]),
        (["git stash", "pytest -q", "git stash pop && pytest -q"], [1]),
        (["git -C sub stash save wip", "pytest -q", "git -C sub stash pop"], [1, 2]),
        (["git bisect start HEAD v1", "pytest -q", "git bisect bad", "pytest -q", "git bisect reset"], [1, 2, 3, 4]),
        (["git stash", "pytest -q"], []),
        (["git stash list", "pytest -q", "git stash pop"], []),
        (["pytest -q", "git stash pop"], []),
        (["git stash push --keep-index", "pytest -q", "git stash pop"], []),
        (["git stash -k", "pytest -q", "git stash pop"], []),
        (["git stash pop; git stash", "pytest -q", "git stash pop"], [1, 2]),
        (["git stash push -m 'till git stash pop'"], []),
    ],
)
def test_between_putting_the_work_away_and_taking_it_back(lines, others):
    """What never came back may be meant to be gone: it is no control."""
    assert sorted(of_another_tree([ran(line, position=place) for place, line in enumerate(lines)])) == others


def test_a_stash_that_would_not_come_back_leaves_the_work_away():
    away = [ran("git stash"), ran("git stash pop", "failed"), ran("pytest -q"), ran("git stash pop")]
    assert sorted(of_another_tree(away)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("edited", "others"), [((), [1, 2]), ((1,), []), ((0, 3), []), ((9,), [1, 2]), ((-1, 4), [1, 2])]
)
def test_what_ran_while_files_were_edited_is_of_the_work(edited, others):
    """Edits before the work was put away and after it came back are no such ones."""
    lines = [ran("git stash", position=0), ran("pytest -q", position=1), ran("git stash pop", position=3)]
    assert sorted(of_another_tree(lines, edited)) == others


def test_many_stashes_and_edits_cost_no_more_than_their_number():
    def work(many):
        lines = [ran(f"git stash{' pop' * (place % 2)}", position=place) for place in range(many)]
        return of_another_tree(lines, range(many))

    assert_linear(work, 2_000)
    assert_linear(lambda size: of_another_tree([ran("git stash; git -c a stash -" * size)]), 2_000)


def test_it_is_no_run_of_a_check():
    red = "FAILED tests/test_lock.py::test_held - assert 0 == 3\n1 failed"
    control = ran("git stash -q; pytest -q; git stash pop -q", position=12, output=red)
    assert [it.position for it in runs_of([ran("pytest -q", position=11, output="1 passed"), control])] == [11]


ASKS = "curl -s -X POST http://localhost:8080/rest/resources/9/test"
SENDS = "curl -s -X POST http://localhost:8080/rest/resources"
RED = "<status>fatal_error</status>\n<message>No such column: id</message>"


def test_a_servers_error_is_a_failure_until_the_same_request_passes():
    red = ran(SENDS, position=12, output=RED)
    (failure,) = extract(told(("user", "join them"), commands=(red,))).runs.failing
    assert "fatal_error" in failure.error
    green = ran(SENDS, position=15, output="<status>success</status>")
    assert all(it.minor for it in extract(told(("user", "join them"), commands=(red, green))).runs.failing)


def test_an_address_that_ends_in_the_name_of_a_check_is_one_until_the_same_address_passes():
    """Also behind a pipe; what another check passes says nothing of it."""
    red = ran(f'{ASKS} 2>&1 | grep -E "status"', position=12, output=RED)
    other = ran("curl -s http://localhost:8080/health", position=13, output='{"status": "up"}')
    tests = ran("pytest", position=14, output="3 passed")
    (failure,) = extract(told(("user", "join them"), commands=(red, other, tests))).runs.failures
    assert "fatal_error" in failure.why
    green = ran(ASKS, position=15, output="<status>success</status>")
    assert not extract(told(("user", "join them"), commands=(red, green))).runs.failures


@pytest.mark.parametrize(
    "command", ["cat docs/health", "curl -s http://localhost/healthy", "curl -o /tmp/test http://a.b/c"]
)
def test_other_addresses_are_no_checks(command):
    assert not checked_at(command)


def test_other_commands_and_answers_stay_as_they_are():
    transcript = told(commands=(ran("cat a.xml", output=RED), ran(ASKS, output="<status>success</status>"), ran(ASKS)))
    assert with_servers_answers(transcript) is transcript


@pytest.mark.parametrize(
    ("command", "does"),
    [
        ("sed 's/@a/a/' x.erb > y.erb\necho '<%= y %>' > x.erb\nrspec x_spec.rb", "rspec x_spec.rb"),
        ("cp a.yml b.yml && yq -i '.a = 1' b.yml && make test", "make test"),
        ("rm -f a.log && A=1 python a.py", "A=1 python a.py"),
        ("cd api && rm -f a.db; npm test && rm b.log", "cd api && npm test"),
        ("for f in a.py b.py; do sed -i 's/a/b/' $f; done && make check", "make check"),
        ("mkdir -p out\necho 'a && b' > out/a.txt\n./load.sh", "./load.sh"),
        ("rm a.py && git add -A && git commit -m x", "git add -A && git commit -m x"),
        ("python - <<'E'\nopen('a.py', 'w')\nE\npython - <<'E'\nprint(1)\nE", "python - <<'E'\nprint(1)\nE"),
        ("cd api && export A=1 && ./load.sh && rm b.log", "cd api && export A=1 && ./load.sh"),
        ("rm a.py; A=1; ./load.sh", "A=1; ./load.sh"),
        ("git mv a.py b.py && rm c.py && ./load.sh", "git mv a.py b.py && rm c.py && ./load.sh"),
        ("cd 'the api' && rm a.log && npm test", "cd 'the api' && npm test"),
        (
            "cd $(git rev-parse --show-toplevel) && rm a.log && npm test",
            "cd $(git rev-parse --show-toplevel) && npm test",
        ),
        ("A=1; rm a.py", ""),
        ("rm a.py b.py", ""),
        ("cd src && sed -i 's/a/b/' a.py && grep -n b a.py", ""),
        ("python -c \"open('a.py', 'w').write('x')\" && cat a.py", ""),
        ("cat <<EOF > a.py\nmake\nEOF", ""),
    ],
)
def test_what_a_command_line_does_besides_changing_files(command, does):
    assert besides_files(command) == does


def test_what_is_done_besides_is_found_in_linear_time():
    assert_linear(lambda size: besides_files("rm a.py && python -c '' ;" * (size // 30)), 60_000)


@pytest.mark.parametrize(
    "of", [UNDOES.search, REMOVES.search, is_check, kinds_of, lambda run: [*changes_by_shell(run)]]
)
@pytest.mark.parametrize("empty", ["\n", " \n", "; \n"])
def test_what_begins_below_many_empty_lines_is_found_in_linear_time(of, empty):
    assert_linear(lambda size: of(f"git {empty * size}rm x"), 4_000)


@pytest.mark.parametrize("empty", ["", "\n", "\n\n", " \n \r\n\t"])
def test_a_step_below_empty_lines_is_found_as_one_below_none(empty):
    command = f"cd a;{empty} git reset --hard\n{empty}rm -rf b"
    assert [it.groups() for it in UNDOES.finditer(command)] == [("reset", " --hard")]
    assert [it[1] for it in REMOVES.finditer(command)] == ["b"]
    assert list(changes_by_shell(f"cd a\n{empty}rm b.py")) == [("a/b.py", "deleted", "", "")]
    assert is_check(f"cd a\n{empty}pytest")


@pytest.mark.parametrize(
    ("words", "fails"),
    [
        ("✅ The route exists.", False),
        ("It answers as expected, on to the form.", False),
        ("Die Route antwortet wie erwartet.", False),
        ("✅ Found the problem: the column is missing.", True),
        ("It does not answer as expected.", True),
        ("Let me look at the column.", True),
    ],
)
def test_a_servers_error_that_the_agent_finds_as_it_should_be_is_no_failure(words, fails):
    asked = (("user", "join them"), ("assistant", words))
    transcript = told(*asked, commands=(ran(SENDS, position=15, output='{"error": "no column"}'),))
    assert bool(extract(transcript).runs.failing) == fails


def test_a_command_that_goes_on_in_the_next_line_is_told_on_one():
    begun = "cd /srv/shop && \\\n  make rows && \\\n  ./rows --dry-run"
    assert line_of(ran(begun)) == "make rows && ./rows --dry-run"
    assert without_folder(begun).startswith("make rows")


@pytest.mark.parametrize(
    ("command", "folder", "does"),
    [
        ("cd api && cd 'the rows'; make", "api/the rows", "make"),
        ("cd api && cd /srv && make", "/srv", "make"),
        ("cd api;make && make check", "api", "make && make check"),
        ('cd "$HOME/the api" && make', "$HOME/the api", "make"),
        ("cd $(git rev-parse --show-toplevel) && make", "", "make"),
        ("cdk deploy; make", "", "cdk deploy; make"),
        ("make", "", "make"),
    ],
)
def test_the_folder_a_command_goes_to_first_and_what_it_does_there(command, folder, does):
    assert (gone_to(command), without_folder(command)) == (folder, does)


def test_how_a_command_begins_is_found_in_linear_time():
    for piece in ("cd a && ", "cd $", "cd 'a", 'cd "a" ', " ", "cd a&", "\\ "):
        assert_linear(lambda size, piece=piece: gone_to(f"cd a;{piece * size}"), 4_000)


@pytest.mark.parametrize(
    ("added", "then", "elsewhere"),
    [
        ("git worktree add -q /tmp/ob-main main", "cd /tmp/ob-main && pytest -q", True),
        ("git worktree add /tmp/old 1a2b3c4d", "make -C /tmp/old test", True),
        ("git worktree add --detach ../base origin/main", "cd ../base; cargo test", True),
        ("git worktree add -b fix ../fix main", "cd ../fix && pytest -q", False),
        ("git worktree add ../feature feature", "cd ../feature && pytest -q", False),
        ("git worktree add /tmp/ob-main main", "pytest -q", False),
    ],
)
def test_what_runs_in_a_work_tree_of_another_state_tells_nothing_of_the_work(added, then, elsewhere):
    assert (1 in of_another_tree([ran(added), ran(then)])) is elsewhere
    assert (0 in of_another_tree([ran(f"{added} && {then}")])) is elsewhere


def test_of_sql_in_a_here_document_the_line_that_does_something_is_told():
    text = "psql -h db <<'SQL'\nset statement_timeout = 0;\ncreate index concurrently by_ref on rows (ref);\nSQL"
    assert line_of(ran(text)) == "psql -h db <<SQL create index concurrently by_ref on rows (ref);…"


def test_what_ends_the_command_of_find_begins_no_step():
    line = "find src -exec grep -l lock {} \\; && make"
    assert [line[slice(*at)].strip() for at in steps_in(masked(line))] == ["find src -exec grep -l lock {} \\;", "make"]
