"""What CI said when it was looked at last, whatever the exit code of the look."""

from __future__ import annotations

import time

import pytest

from handoff_cli.core.transcript import Edit, Lookup
from handoff_cli.documents.extract.commands.checks import runs_of as checks
from handoff_cli.documents.extract.runs.pipelines import pipeline, report_read
from tests.documents.sessions import ran, told

CHECKS = "build\tpass\t2m10s\thttps://ci.example/1\ne2e (ubuntu)\tfail\t4m41s\thttps://ci.example/2\n"
RUN = "X main deploy · 77\n\nJOBS\n✓ lint in 41s (ID 1)\nX unit in 2m3s (ID 2)\n  X Run pytest\n"
LOG = "e2e\tRun npm test\t2026-01-15T15:21:08.1Z   1) receipts\ne2e\tRun npm test\t2026-01-15T15:21:08.2Z Error: doc.x is not a function\n"


def looked(command, output, position=10, outcome="ok"):
    return ran(command, outcome, position, output if outcome == "failed" else None, None, output)


@pytest.mark.parametrize(
    ("command", "output", "jobs"),
    [
        ("gh pr checks 7 --watch", CHECKS, ("e2e (ubuntu)",)),
        ("gh run view 12", RUN, ("unit",)),
        ("cd shop && gh run watch 12", RUN, ("unit",)),
        ("glab ci status", "(success) • 00m10s\tbuild\tcompile\n(failed) • 01m02s\ttest\tunit\n", ("unit",)),
    ],
)
@pytest.mark.parametrize("outcome", ["ok", "failed"])
def test_the_jobs_that_a_look_names_as_failed_are_told(command, output, jobs, outcome):
    found = pipeline((looked(command, output, outcome=outcome),))
    assert (found.jobs, found.command, found.pushed) == (jobs, command, False)


def test_a_later_green_look_by_any_of_its_commands_ends_it_and_one_at_what_still_runs_does_not():
    red = looked("gh pr checks 7", CHECKS)
    assert pipeline((red, looked("gh run watch 13", "✓ main deploy · 78\nJOBS\n✓ unit in 2m3s\n", 20))) is None
    assert pipeline((red, looked("gh pr checks 7", "build\tpending\t0\t\n", 20, "failed"))).jobs == ("e2e (ubuntu)",)


def test_the_log_of_a_job_read_since_tells_why_and_a_push_makes_it_old():
    red, log = looked("gh pr checks 7", CHECKS), looked("gh run view 12 --log-failed | tail -20", LOG, 20)
    assert pipeline((red, log)).why == "Error: doc.x is not a function"
    assert pipeline((red, log, looked("git push", "", 30))).pushed
    assert not pipeline((red, log, looked("git push", "rejected", 30, "failed"))).pushed
    assert not pipeline((looked("git push", "", 5), red, log)).pushed


@pytest.mark.parametrize("command", ["gh pr view 7", "gh pr list", "cat checks.txt", "gh run list"])
def test_what_asks_for_no_jobs_tells_of_none(command):
    assert pipeline((looked(command, CHECKS),)) is None


@pytest.mark.parametrize("text", [" " * 20_000, "(failed) " + ". " * 10_000, "a\tb\t" + "Z" * 20_000, "a  " * 6_000])
def test_hostile_output_takes_no_more_than_its_length(text):
    begun = time.perf_counter()
    pipeline((looked("gh pr checks 7", text), looked("gh run view 12 --log", text, 20)))
    assert time.perf_counter() - begun < 1


def read(path, answer, position=10):
    return Lookup("read", path, position, answer)


REPORT = '1: <html>\n2: <td class="failures">\n3: 11:45 INFO starting\n4: 11:46 Error: port 99 is taken\n5: </html>\n'


@pytest.mark.parametrize(
    ("path", "is_told"),
    [
        ("/p/build/reports/tests/kiln/index.html", True),
        ("/p/target/surefire-reports/kiln.txt", True),
        ("/p/kiln.log", True),
        ("/p/docs/reports/kiln.md", False),
        ("/p/src/reports/kiln.ts", False),
        ("/p/src/reports/Kiln.java", False),
        ("/p/reports/2025.html", False),
        ("/p/target/surefire-reports/TEST-com.kiln.Oven.xml", True),
        ("/p/src/kiln.html", False),
    ],
)
def test_what_a_report_says_that_was_read_is_told_without_its_markup(path, is_told):
    found = report_read(told(("user", "go"), lookups=(read(path, REPORT),)), ())
    assert found == (("/".join(path.split("/")[-2:]), "11:46 Error: port 99 is taken") if is_told else ())


def test_a_report_tells_no_more_once_tests_passed_or_code_was_edited():
    looks = (read("/p/kiln.log", REPORT),)
    passed = checks((ran("pytest", "ok", 20, None, None, "3 passed"),))
    code, text = (Edit(it, 20, "modified", "a", "b") for it in ("/p/kiln.py", "/p/kiln.md"))
    assert report_read(told(("user", "go"), lookups=looks), passed) == ()
    assert report_read(told(("user", "go"), lookups=looks, edits=(code,)), ()) == ()
    assert report_read(told(("user", "go"), lookups=looks, edits=(text,)), ())[0] == "p/kiln.log"
