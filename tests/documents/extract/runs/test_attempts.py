"""Which commands that ended in an error are open, slips, or got past since."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.failed import MEANT
from handoff_cli.documents.extract.runs.attempts import _error_of, other_failures
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

RED = "FAILED test_a.py::test_one - assert 1 == 2\nFAILED test_a.py::test_two - x\n2 failed, 3 passed in 1s"
GREEN = "5 passed in 1s"


def others(transcript):
    return other_failures(runs_of(transcript.commands), transcript)


def test_a_command_fails_while_its_last_run_failed():
    runs = (
        ran("make a", "failed", 1, "Exit code 2\nnoise\nerror: a"),
        ran("make  b", "failed", 2, "b"),
        ran("make a", "failed", 3, "Exit code 2\nnoise\nerror: a2", 2),
        ran("make b", "ok", 4),
        ran("make c", None, 5),
    )
    (attempt,) = others(told(("user", "x"), commands=runs))
    assert (attempt.command, attempt.error, attempt.exit_code, attempt.failed) == ("make a", "error: a2", 2, 2)


def test_a_command_the_user_refused_failed_for_that_reason():
    refusal = "The user doesn't want to proceed with this tool use. The tool use was rejected"
    (attempt,) = others(told(("user", "deploy"), commands=(ran("ssh prod", "failed", 15, refusal),)))
    assert (attempt.command, attempt.rejected, attempt.error) == ("ssh prod", True, None)


def test_look_ups_and_checks_that_passed_in_another_form_leave_nothing_open():
    runs = [
        ran("cat a.txt", "failed", 8, "cat: a.txt: No such file", 1, "cat: a.txt: No such file"),
        ran("cd src && grep -n x a.py", "failed", 9, "Exit code 1", 1),
        ran("grep -n x a.py", "failed", 10, exit_code=1),
        ran("pytest tests/a.py", "failed", 11, output="FAILED tests/a.py::test_one - x\n1 failed"),
        ran("pytest", "ok", 12, output=GREEN),
        ran("./deploy.sh", "failed", 13, "Exit code 1\nerror: no host"),
    ]
    assert [(it.command, it.minor) for it in others(told(commands=tuple(runs)))] == [
        ("./deploy.sh", False),
        ("pytest tests/a.py", True),
        ("cat a.txt", True),
    ], "what was looked for and not found is no failure"


@pytest.mark.parametrize(
    ("line", "fails"),
    [
        ("env | grep SHOP; ls ~/.shop; cat ~/.shop/a.toml 2>/dev/null", False),
        ("env | grep SHOP; ls ~/.shop; cat ~/.shop/a.toml", True),
        ("./deploy.sh; cat ~/.shop/a.toml 2>/dev/null", True),
    ],
)
def test_a_look_that_was_not_to_say_what_is_not_there_is_no_failure(line, fails):
    run = ran(line, "failed", 8, "Exit code 1\nSHOP=/opt/shop\na.lock", 1)
    assert bool(others(told(commands=(run,)))) is fails


def test_a_command_is_over_once_what_it_runs_succeeded():
    runs = (ran("git push", "failed", 11, "no upstream"), ran("git push -u origin x", "ok", 12))
    assert [it.minor for it in others(told(commands=runs))] == [True]


@pytest.mark.parametrize(
    ("line", "later", "over"),
    [
        ("sed -i s/a/b/ app.conf; ./smoke web", "./smoke web", True),
        ("sed -i s/a/b/ app.conf && ./smoke web 2>&1 | tail -3", "mv a b && ./smoke web 2>&1 | tail -1", True),
        ("npm run pack && git push; git status -s", "git push", True),
        ("sed -i s/a/b/ app.conf; ./smoke web", "sed -i s/a/b/ app.conf", False),
        ("./smoke web && ./publish", "./smoke web", False),
        ("for i in 1 2; do ./smoke $i; done", "./smoke 1", False),
    ],
)
def test_of_a_line_of_several_steps_the_last_that_does_something_tells_whether_it_is_over(line, later, over):
    runs = (ran(line, "failed", 11, "AssertionError: 500 is not 200"), ran(later, "ok", 12))
    assert [it.minor for it in others(told(commands=runs))] == [over]


def test_a_command_is_late_after_the_latest_request():
    runs = (ran("./a.sh", "failed", 5, "x"), ran("./b.sh", "failed", 15, "y"))
    assert [(it.command, it.late) for it in others(told(("user", "x"), commands=runs))] == [
        ("./b.sh", True),
        ("./a.sh", False),
    ]


def test_a_command_is_not_over_because_its_program_did_something_else():
    failed = ("docker compose up -d", "pip install psycopg", "git push origin main")
    passed = ("docker compose down", "pip install httpx -q", "git push -u origin HEAD")
    runs = [ran(text, "failed", number + 11, "error: x") for number, text in enumerate(failed)]
    runs += [ran(text, "ok", number + 21) for number, text in enumerate(passed)]
    assert {it.command: it.minor for it in others(told(commands=tuple(runs)))} == {
        "docker compose up -d": False,
        "pip install psycopg": False,
        "git push origin main": True,
    }
    again = ran("docker compose up -d --wait", "ok", 31)
    assert [it.minor for it in others(told(commands=(runs[0], again)))] == [True]


def test_a_script_in_the_line_itself_leaves_nothing_open_and_a_query_does():
    runs = (
        ran("python3 -c 'import x'", "failed", 11, "ModuleNotFoundError: x"),
        ran("psql -c 'select 1'", "failed", 12, "no server"),
    )
    assert [(it.command, it.minor) for it in others(told(commands=runs))] == [
        ("psql -c 'select 1'", False),
        ("python3 -c 'import x'", True),
    ]


def test_a_command_is_over_once_it_passed_within_a_chain():
    runs = (ran("npm version minor", "failed", 11, "not clean"), ran("git stash && npm version minor", "ok", 12))
    assert [it.minor for it in others(told(commands=runs))] == [True]


def test_a_run_of_tests_that_were_just_written_is_no_failure_but_one_of_a_test_that_passed_before_is():
    red, green = ran("pytest", "failed", 10, output=RED), ran("pytest -q", "ok", 20, output=GREEN)
    both = Edit("/p/test_a.py", 5, "modified", "", "def test_one():\ndef test_two():")
    code = Edit("/p/one.py", 15, "modified", "1", "2")
    assert [it.reason for it in others(told(commands=(red, green), edits=(both, code)))] == [MEANT]
    tried = Edit("/p/one.py", 4, "modified", "0", "1")  # the test shows that this did not do
    assert [it.reason for it in others(told(commands=(red, green), edits=(tried, both, code)))] == [""]
    kept = ran("git commit -qam lock", "ok", 4)
    done = tried.replace(position=3)
    assert [it.reason for it in others(told(commands=(kept, red, green), edits=(done, both, code)))] == [MEANT]
    more = Edit("/p/two.py", 14, "created", "", "x")  # what comes first need not be what was wrong
    assert [it.reason for it in others(told(commands=(red, green), edits=(tried, both, more, code)))] == [""]
    one = both.replace(new="def test_one():")
    assert [(it.minor, it.reason) for it in others(told(commands=(red, green), edits=(one, code)))] == [(True, "")]
    before = ran("pytest -q", "ok", 7, output=GREEN)
    late = others(told(commands=(before, red, green), edits=(both, code)))
    assert [(it.minor, it.reason) for it in late] == [(True, "")]


def test_a_check_is_over_only_once_a_run_passed_that_covers_it():
    first = ran("pytest tests/a.py", "failed", 1, output="FAILED tests/a.py::test_one - x\n1 failed")
    red = ran("pytest", "failed", 2, output="FAILED tests/a.py::test_one - x\n1 failed, 3 passed")
    lint = ran("ruff check .", "ok", 3, output="All checks passed!")
    assert [(it.command, it.minor) for it in others(told(commands=(first, red, lint)))] == [("pytest", False)]
    chain = ran("ruff check . && pytest", "failed", 1, output="FAILED tests/a.py::test_one - x\n1 failed")
    assert [(it.command, it.minor) for it in others(told(commands=(chain, lint)))] == [
        ("ruff check . && pytest", False)
    ]
    green = ran("pytest", "ok", 4, output=GREEN)
    assert [(it.command, it.minor) for it in others(told(commands=(first, lint, green)))] == [
        ("pytest tests/a.py", True)
    ]


@pytest.mark.parametrize(
    ("line", "none"),
    [
        ("./leak.sh 30 2>&1 | grep -c 'lost'", True),
        ("./leak.sh | rg --count lost", True),
        ("ssh one \"log -b | grep -c 'spool slow'\"; ssh two \"log -b | grep -c 'spool slow'\"", True),
        ("ssh one \"log -b | grep 'spool slow'; reload\"", False),
        ("./leak.sh 30 | grep lost; ./leak.sh", False),
        ("./leak.sh -c", False),
    ],
)
def test_a_search_that_counted_none_is_no_failure(line, none):
    """Nor are several of them, here or on other machines."""
    for output in ("0", "0\n0"):
        failed = ran(line, "failed", 8, f"Exit code 1\n{output}", 1, output)
        assert (others(told(("user", "x"), commands=(failed,))) == ()) is none


def test_a_check_whose_tests_were_put_off_since_did_not_pass():
    red = ran("bin/rspec spec/a_spec.rb", "failed", 1, output="rspec ./spec/a_spec.rb:3 # A one\n3 examples, 1 failure")
    later = ran("bin/rspec spec", "ok", 4, output="3 examples, 0 failures, 1 pending")
    assert others(told(commands=(red, later))) == ()
    passed = later.replace(output="3 examples, 0 failures")
    assert [(it.command, it.overcome) for it in others(told(commands=(red, passed)))] == [(red.text, True)]


def test_a_check_that_could_not_run_did_not_pass_by_that():
    """It is told while nothing of its kind ran since: then that run tells how it is, or passed what this one checks."""
    lost = ran("pytest -q", "failed", 1, "Exit code 4\nno tests found in a.cfg", 4)
    lint = ran("ruff check .", "ok", 2, output="All checks passed!")
    assert [(it.command, it.overcome) for it in others(told(commands=(lost, lint)))] == [("pytest -q", False)]
    red = ran("pytest -q tests", "failed", 3, output=RED)
    assert "pytest -q" not in [it.command for it in others(told(commands=(lost, lint, red)))]
    green = ran("pytest", "ok", 3, output=GREEN)
    assert [(it.command, it.overcome) for it in others(told(commands=(lost, green)))] == [("pytest -q", True)]


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("ssh box 'which memlab node; node -v'", True),
        ("tmux ls; tail -2 job.log", True),
        ("command -v rg && rg --version | head -1", True),
        ("which node && ./deploy.sh", False),
        ("ssh box './load.sh; which node'", False),
        ("cat which.txt", False),
    ],
)
def test_what_asks_whether_something_is_there_did_not_fail_where_it_is_not(line, answers):
    failed = ran(line, "failed", 8, "Exit code 1\nERROR: of a log", 1, "ERROR: of a log")
    assert (others(told(("user", "x"), commands=(failed,))) == ()) is answers
    assert others(told(("user", "x"), commands=(failed.replace(exit_code=127),)))


def test_the_error_of_a_line_is_what_the_program_at_its_end_says_by_its_name():
    said = "Exit code 1\n-rw-r--r-- 1 a a 18 old.bin\nerror: of another\ncmp: EOF on old.bin after byte 18, in line 1"
    (attempt,) = others(told(commands=(ran("ls -l; make old; cmp old.bin new.bin", "failed", 2, said, 1),)))
    assert attempt.error == "cmp: EOF on old.bin after byte 18, in line 1"
    (other,) = others(told(commands=(ran("cmp a b; ./load.sh", "failed", 2, said, 1),)))
    assert other.error.startswith("error: of another")
    assert_linear(lambda size: _error_of(f"x;{'a' * size}|y", "error: z"), 20_000)


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("diff a.txt b.txt", True),
        ("cd lib && diff <(find . -type f | sort) <(cd ../old && find . -type f | sort)", True),
        ("cmp a.bin b.bin", True),
        ("test -f a.txt", True),
        ("pip show rows 2>&1", True),
        ("make b.txt; diff a.txt b.txt", False),
        ("diff a.txt b.txt | ./load.sh", False),
    ],
)
def test_a_comparison_that_says_no_did_not_fail(line, answers):
    failed = ran(line, "failed", 8, "Exit code 1\n1c1\n< a\n> b", 1, "1c1\n< a\n> b")
    assert (others(told(("user", "x"), commands=(failed,))) == ()) is answers
    assert others(told(("user", "x"), commands=(failed.replace(exit_code=2, output="diff: x: No such file"),)))


def test_a_call_that_was_dropped_beside_another_did_not_fail():
    said = "<tool_use_error>Sibling tool call errored</tool_use_error>"
    assert others(told(("user", "x"), commands=(ran("./load.sh", "failed", 8, said, None, said),))) == ()


def test_of_an_error_that_was_cut_the_words_of_the_exception_are_told():
    cut = "Traceback (most recent call last):\n    raise ValueError(… [90 more characters]"
    said = "Traceback (most recent call last):\n    raise ValueError(\nValueError: SHOP_KEY is not set"
    (attempt,) = others(told(("user", "x"), commands=(ran("./load.py", "failed", 8, cut, 1, said),)))
    assert attempt.error == "ValueError: SHOP_KEY is not set"


def test_where_several_were_asked_for_a_program_that_the_last_is_not_there_is_an_answer():
    output = "Exit code 127\n/opt/bin/loom"
    for line, fails in (
        ("which loom 2>/dev/null; npm list -g loom 2>/dev/null | grep loom; pip show loom 2>/dev/null", 0),
        ("which loom; loom build", 1),
    ):
        assert len(others(told(("user", "x"), commands=(ran(line, "failed", 1, output, 127),)))) == fails
