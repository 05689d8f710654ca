"""What was measured: the runs whose figures somebody came back to, with the lines that have them."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, ToolCall
from handoff_cli.documents.extract.runs.measured import measured
from tests.documents.sessions import ran, told

SAID = (("user", "which is better?"), ("assistant", "The small model has 0.871."), ("user", "take it"))
TABLE = "model   acc     f1\nsmall   0.8710  0.8402\nlarge   0.8655  0.8390\n\nreal 0m3.1s\n"


def of(command, output, *said, position=15, asked=1_000, **fields):
    calls = (ToolCall("1", "Bash", command, position, None, "ok"), ToolCall("2", "Read", "a.py", 90, None, "ok"))
    commands = (ran(command, position=position, output=output),)
    return measured(told(*(said or SAID), commands=commands, tool_calls=calls, **fields), asked)


def test_figures_that_were_spoken_of_later_stand_with_their_run_and_the_head_of_their_table():
    (found,) = of("python score.py --all", TABLE)
    assert found.command == "python score.py --all"
    assert found.gave == "model acc f1 | small 0.8710 0.8402 | large 0.8655 0.8390"
    assert found.told == "model acc f1 | small 0.8710 0.8402 | …"


def test_of_a_long_command_the_query_stands_that_names_the_columns():
    query = "select count(*), sum(paid), round(avg(paid), 4) from bills"
    long = f"{'TABLES=one,two,three ' * 9}python report.py --sql '{query}'"
    for command, told_as in ((long, f"{long[:30]}\u2026 {query}"), ("python score.py --all", "python score.py --all")):
        assert [it.command for it in of(command, "(49731, 611, 0.871)")] == [told_as]


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("python score.py", "small 0.999 0.998"),
        ("pytest -q", "1 failed in 0.871 s"),
        ("pip list", "small 0.871"),
        ("cat notes.md", "small 0.871"),
        ("./deploy.sh", "version 1.0.871 of 2026-01-08 at 12:08:71"),
        ("./deploy.sh", "\n".join(f"step {number} took 0.871 s" for number in range(99))),
    ],
)
def test_what_nobody_came_back_to_and_what_is_no_measurement_is_not_told(command, output):
    assert of(command, output) == ()


def test_a_benchmark_and_what_ran_for_the_latest_request_are_told_though_nobody_spoke_of_them():
    assert (
        of("cargo bench --bench get", "get/hit  time: [409.1 ns 412.3 ns]")[0].told
        == "get/hit time: [409.1 ns 412.3 ns]"
    )
    assert of("python score.py", "small 0.999", asked=10)[0].told == "small 0.999"


def test_a_benchmark_behind_tests_that_count_themselves_gave_the_figures_without_their_line():
    bench = "go test ./hub && go test -run x -bench Broadcast ./hub > /tmp/b && benchstat /tmp/a /tmp/b"
    (found,) = of(bench, "ok  \tshop/hub\t4.406s\nBroadcast-16  1.834m  1.879m  +2.45%")
    assert found.gave == "Broadcast-16 1.834m 1.879m +2.45%"
    assert of("go test ./hub && ./total", "ok  \tshop/hub\t4.406s\nsmall 0.871") == ()


def test_the_last_run_of_a_command_counts_and_says_when_code_was_edited_since():
    commands = tuple(ran("python score.py", position=at, output=f"acc={0.8 + at / 100:.3f}") for at in (3, 5))
    transcript = told(("user", "go"), ("assistant", "0.830, then 0.850"), commands=commands)
    assert [it.told for it in measured(transcript, 1)] == ["acc=0.850"]
    edited = transcript.replace(edits=(Edit("/p/model.py", 9, "modified", "a", "b"),))
    assert [it.old for it in measured(edited, 1)] == [True]


def test_the_last_run_of_a_command_is_told_where_only_an_earlier_one_was_spoken_of():
    """It measures the same; what was never spoken of is told for no run of it."""
    runs = [ran("node sprite.mjs", position=at, output=f"europe {size} kB") for at, size in ((15, 166), (25, 117))]
    for said, told_of in (("Europe alone is 166 kB.", ("europe 117 kB",)), ("It is too much.", ())):
        found = measured(told(("user", "go"), ("assistant", said), commands=tuple(runs)), 1_000)
        assert tuple(it.gave for it in found) == told_of


def test_behind_a_check_only_what_ran_last_gave_the_figures():
    assert of("ruff check . && python score.py", "acc=0.871")[0].command == "python score.py"
    assert of("git stash -q && python score.py", "acc=0.871")[0].command == "git stash -q && python score.py"


def test_what_a_later_run_of_the_same_command_printed_otherwise_makes_the_figures_old():
    first, then = "parsed 78.2 %\nfailed: 8337\n", "scanned 9\nparsed it\nfailed some\nleft some 98.5 %\n"
    said = (("user", "split it"), ("assistant", "78.2 % parsed, 8337 failed."), ("user", "more"))
    runs = tuple(ran("python split.py", position=at, output=out) for at, out in ((15, first), (25, then)))
    assert measured(told(*said, commands=runs[:1]), 1_000)
    assert measured(told(*said, commands=runs), 1_000) == ()
