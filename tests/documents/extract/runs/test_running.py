"""What runs beside the work is told until its end is seen, with what it wrote last."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Lookup, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import BackgroundRun
from tests.documents.sessions import ran, told

BEGUN = "Command running in background with ID: b3f. Output is being written to: /tmp/tasks/b3f.output"


def running(*commands, calls=()):
    return extract(told(("user", "train both"), commands=commands, tool_calls=calls)).runs.running


def begun(text, position=20):
    return ran(text, None, position, output=BEGUN)


def test_a_run_in_the_background_is_told_with_its_task_until_it_ended_or_was_stopped():
    assert running(begun("make train")) == (BackgroundRun("make train", "b3f"),)
    assert running(ran("make train", "ok", 20, output=BEGUN)) == ()
    assert running(begun("make train"), calls=(ToolCall("1", "KillShell", "b3f", 30),)) == ()
    assert running(ran("make train", "ok", 20, output="step 1")) == ()


@pytest.mark.parametrize(
    ("look", "output", "seen"),
    [
        ("tail -n1 runs/a.out", "step 400 loss 1.4", "step 400 loss 1.4"),
        ("cat runs/a.out", "step 100\nstep 200", "step 200"),
        ("sleep 5; tail -qn1 runs/a.out runs/b.out", "of a\nof b", "of a"),
        ("tail -n1 runs/b.out; tail -n1 runs/a.out", "of b\nof a", "of a"),
        ("tail -n2 runs/a.out runs/b.out", "x\ny\nz", ""),
        ("tail -5 /tmp/tasks/b3f.output", "epoch 2", "epoch 2"),
        ("tail -1 runs/b.out", "of b", ""),
    ],
)
def test_of_what_it_writes_the_last_line_is_told_that_a_look_showed(look, output, seen):
    """Of a look at several files only a line that is surely of this one."""
    (found,) = running(begun("make train > runs/a.out 2>&1"), ran(look, "ok", 40, output=output))
    assert (found.task, found.seen) == ("b3f", seen)


def test_of_what_runs_on_in_a_terminal_the_last_line_is_told_that_it_printed():
    """Above it stands that it runs on; the file that other agents write to is no output."""
    (found,) = running(
        ran("npm start", None, 20, output="Command is still running in terminal.\nbundling\n\non 8080\n")
    )
    assert found == BackgroundRun("npm start", "", "on 8080")
    (quiet,) = running(ran("npm start", None, 20, output="Command is still running in terminal from '/app'."))
    assert quiet.seen == ""


RECEIPT = "Spawned successfully.\nagent_id: {0}@shop\nname: {0}\nThe agent is now running."


def test_a_sub_agent_that_was_started_runs_until_it_answered_or_was_said_to_be_done():
    def at_work(*said, answer=""):
        asked = [Lookup("agent", "Read the shop", 12, RECEIPT.format("reader"))]
        asked += [Lookup("agent", "Read the shop", 14, answer)] * bool(answer)
        return extract(told(("user", "read it"), *said, lookups=tuple(asked))).runs.running

    runs = (BackgroundRun("sub-agent reader: Read the shop"),)
    assert at_work() == runs
    assert at_work(("assistant", "The reader is at it.")) == runs
    assert at_work(("assistant", "The reader reported: all is well.")) == ()
    assert at_work(("assistant", "Task 3 (reading) is done.")) == runs
    assert at_work(("assistant", "Task 3 (readers) is done.")) == ()
    assert at_work(answer="All rows are read.") == ()


def test_a_sub_agent_runs_no_more_once_it_reported_or_was_stopped_and_anew_where_it_was_started_again():
    receipt = "Async agent launched successfully.\nagentId: a1f"
    began = Lookup("agent", "find locks", 20, receipt)
    for ended, calls in (
        ((began, Lookup("agent", "find locks", 30, "Two places.")), ()),
        ((began,), (ToolCall("1", "Task", '{"description":"find locks","prompt":"x"}', 30, None, "failed"),)),
    ):
        over = told(("user", "go"), lookups=ended, tool_calls=calls)
        assert extract(over).runs.running == ()
        again = over.replace(lookups=(*ended, Lookup("agent", "find locks", 40, receipt)))
        assert [it.command for it in extract(again).runs.running] == ["sub-agent find locks"]
