"""Which request the latest belongs to."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Commit, Edit, Todo, ToolCall
from handoff_cli.documents.extract import extract
from tests.documents.sessions import ran, told


def test_what_agrees_and_then_says_what_to_do_next_is_what_a_reply_belongs_to():
    goes_on = "Okay, let's move forward with implementing the original task"
    said = (("user", "look at the status line"), ("assistant", "Done."), ("user", goes_on))
    part = extract(told(*said, ("assistant", "How?\n1. alone\n2. with agents"), ("user", "1"))).part_of
    assert part
    assert part.text == goes_on


@pytest.mark.parametrize(
    ("latest", "belongs"), [("yes, do that", True), ("commit", True), ("write the same for the export job", False)]
)
def test_a_request_that_only_agrees_belongs_to_the_one_before(latest, belongs):
    said = (("user", "refuse to run twice"), ("assistant", "Shall I?"), ("user", latest))
    part = extract(told(*said)).part_of
    assert (part.text if part else None) == ("refuse to run twice" if belongs else None)


@pytest.mark.parametrize(
    ("aside", "skipped"),
    [
        ("why do we need the lock, isn't the rename enough?", True),
        ("warum braucht das eine Sperre?", True),
        ("leave the name of the lock, another branch uses it", True),
        ("before you go on: is the lock in the metrics? ops has a dashboard on it, don't rename it", True),
        ("nice. side question: would a second lock make it worse?", True),
        ("before you go on, rename the lock", False),
        ("can you make the lock a file?", False),
        ("why is it red? mend the parser", False),
        ("keep the lock and add a timeout", False),
    ],
)
def test_a_question_that_was_answered_amid_work_is_not_what_is_gone_on_with(aside, skipped):
    order = "write the export under a lock, one file per day, and rename it at the end of the run"
    said = (("user", "list the jobs"), ("assistant", "Three."), ("user", order), ("assistant", "Begun."))
    said = (*said, ("user", aside), ("assistant", "Two processes may run."), ("user", "ok go on"))
    begun = Edit("/p/export.py", 35, "modified", "a", "b")
    part = extract(told(*said, edits=(begun,))).part_of
    assert part
    assert part.text == (order if skipped else aside)
    unbegun = extract(told(*said)).part_of
    assert unbegun
    assert unbegun.text == aside


def test_a_question_of_which_edits_came_is_what_is_gone_on_with():
    said = (("user", "write the export under a lock"), ("assistant", "Begun."))
    said = (*said, ("user", "why is there no test?"), ("assistant", "Added two."), ("user", "ok go on"))
    edits = tuple(Edit("/p/export.py", position, "modified", "a", "b") for position in (15, 35))
    assert [part.text for part in (extract(told(*said, edits=edits)).part_of,) if part] == ["why is there no test?"]


@pytest.mark.parametrize(("latest", "old"), [("leave the name of the lock", False), ("then write the docs", True)])
def test_words_that_only_limit_the_work_make_no_list_an_old_one(latest, old):
    said = (("user", "write the export under a lock"), ("assistant", "Begun."), ("user", latest))
    kept = ToolCall("1", "TodoWrite", "", 15)
    story = extract(told(*said, tool_calls=(kept,), todos=(Todo("write the lock", "in_progress"),)))
    assert story.left.stale_todos is old


@pytest.mark.parametrize(
    ("kept_at", "first", "belongs"),
    [
        (38, "completed", False),
        (15, "completed", True),  # the list was not taken on since the commit
        (38, "pending", True),  # nothing of it is done
    ],
)
def test_a_refused_call_belongs_to_no_request_that_was_done_before_the_list_went_on(kept_at, first, belongs):
    """What was asked was committed, and the agent was at another entry of its list then."""
    no = "The user doesn't want to proceed with this tool use. The user said:\nnever below raw"
    said = (("user", "rework the model in steps"), ("assistant", "Drop the gaps?"), ("user", "yes, drop all of them"))
    story = extract(
        told(
            *(*said, ("user", "never below raw"), ("assistant", "Below out then.")),
            tool_calls=(
                ToolCall("1", "TodoWrite", "", kept_at),
                ToolCall("2", "Bash", "cp a raw/b", 39, outcome="failed", error=no),
            ),
            commands=(ran("git commit -qam gaps", output="[model 77d3aa1] gaps", position=35),),
            commits=(Commit("77d3aa1", "gaps"),),
            edits=(Edit("/p/gaps.sql", 33, "modified", "a", "b"),),
            todos=(Todo("gaps", first), Todo("label", "in_progress")),
        )
    )
    assert story.requests[-1].refuses
    assert bool(story.part_of) is belongs


@pytest.mark.parametrize(
    ("latest", "belongs"),
    [
        ("how are the agents doing?", True),
        ("any news from the reviewers?", True),
        ("status?", True),
        ("are they done yet?", True),
        ("how is the lock doing its work?", False),
        ("status of the lock is wrong, mend it", False),
    ],
)
def test_a_question_how_far_the_work_is_belongs_to_the_request_before(latest, belongs):
    said = (
        ("user", "let three agents look into the lock"),
        ("assistant", "Two are at work. Shall I wait?"),
        ("user", latest),
    )
    story = extract(told(*said))
    assert bool(story.part_of) is belongs
    assert not (belongs and story.gist)
