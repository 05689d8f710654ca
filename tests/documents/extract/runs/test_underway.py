"""What is under way: calls without a result, and acts that were ordered or done."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Lookup, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Pending, Request
from handoff_cli.documents.extract.files.texts import printed_in
from handoff_cli.documents.extract.progress.two_at_once import amid
from handoff_cli.documents.extract.runs.underway import (
    acts_done,
    acts_in,
    as_ordered,
    list_kept_at,
    owed,
    under_way,
    with_name,
)
from handoff_cli.documents.parts.at_work import interrupted
from handoff_cli.documents.parts.pieces import GOAL, written
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import call, ran, told


@pytest.mark.parametrize(
    ("words", "act", "clause"),
    [
        ("commit this, push and open a draft PR", "pull request", "open a draft PR"),
        ("commit this, push and open a draft PR", "push", "push"),
        ("please push to the fork without force; then rest", "push", "push to the fork without force"),
        (
            "and squash them into one commit. commit it with the ticket in front",
            "commit",
            "commit it with the ticket in front",
        ),
        ("commit as two (the cart. then the till)", "commit", "commit as two"),
        ("pull request please", "pull request", "pull request"),
        ("I tried to push to main and failed. Mend it and push to feature/hook.", "push", "push"),
        ("push to origin and the mirror.", "push", "push"),
        ("open a PR with the title 'Hook, v2' against release/2.", "pull request", "pull request"),
        ("open a draft PR against main and ask Ann.", "pull request", "open a draft PR against main"),
        (f"push to a place {'that is far away ' * 8}", "push", "push"),
    ],
)
def test_what_was_ordered_is_told_in_the_users_clause(words, act, clause):
    assert as_ordered(words, act) == clause


@pytest.mark.parametrize(
    ("name", "summary", "kind", "text"),
    [
        ("Bash", "pytest -q", "check", "pytest -q"),
        ("Bash", "./deploy.sh", "command", "./deploy.sh"),
        ("Bash", "grep -rn lock src", "look", "Bash grep -rn lock src"),
        ("Edit", "/p/src/lock.py", "edit", "lock.py"),
        ("apply_patch", '{"patch": "*** Update"}', "edit", ""),
        ("Task", '{"description": "find the lock", "prompt": "look"}', "agent", "find the lock"),
        ("AskUserQuestion", '{"questions": [{"question": "Which lock?"}]}', "question", "Which lock?"),
        ("Read", "/p/a.py", "look", "Read /p/a.py"),
    ],
)
def test_a_call_without_a_result_is_under_way(name, summary, kind, text):
    commands = (ran(summary, None, 30),) if name == "Bash" else ()
    transcript = told(("user", "go"), tool_calls=(call(20), call(30, name, summary, None)), commands=commands)
    found = under_way(transcript, 10)
    if name == "Bash" and kind == "look":
        assert [it.kind for it in found] == ["look"]
    else:
        assert [(it.kind, it.text) for it in found] == [(kind, text)]


def test_a_check_whose_output_told_how_it_ended_is_not_under_way():
    calls = (call(20), call(30, "Bash", "pytest -q", None), call(31, "Bash", "./deploy.sh", None))
    transcript = told(
        ("user", "go"), tool_calls=calls, commands=(ran("pytest -q", None, 30), ran("./deploy.sh", None, 31))
    )
    assert [it.text for it in under_way(transcript, 10, frozenset({30}))] == ["./deploy.sh"]


def test_a_command_is_not_under_way_where_the_log_showed_no_results_of_those_before():
    calls = (call(20, "Read", "/p/a.py"), call(30, "Bash", "./deploy.sh", None))
    for outcome, found in ((None, []), ("ok", ["./deploy.sh"])):
        earlier = (ran("make", outcome, 4), ran("make logs", None, 6))
        transcript = told(("user", "go"), tool_calls=calls, commands=(*earlier, ran("./deploy.sh", None, 30)))
        assert [it.text for it in under_way(transcript, 10)] == found


def test_a_plan_that_nobody_answered_is_under_way():
    transcript = told(("user", "go"), tool_calls=(call(20), call(30, "ExitPlanMode", "", None)))
    found = under_way(transcript, 10)
    assert found
    assert found[0].kind == "plan"


def test_a_log_without_results_tells_of_nothing_under_way():
    calls = (call(20, outcome=None), call(30, "Edit", "/p/a.py", None))
    assert under_way(told(("user", "go"), tool_calls=calls), 10) == ()


def test_what_was_begun_before_the_latest_request_or_words_is_not_under_way_but_a_command_may_run_on():
    calls = (call(5, "Edit", "/p/a.py", None), call(12, "Edit", "/p/b.py", None), call(15, "Bash", "npm run dev", None))
    transcript = told(("user", "go"), ("assistant", "It starts."), tool_calls=(call(3), *calls))
    transcript = transcript.replace(commands=(ran("npm run dev", None, 15),))
    assert [it.text for it in under_way(transcript, 10)] == ["npm run dev"]
    said = "Command running in background with ID: b1."
    started = transcript.replace(commands=(ran("npm run dev", None, 15, output=said),))
    assert [it.background for it in under_way(started, 10)] == [said]


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        ("commit and push", {"commit", "push"}),
        ("Fix add, run the tests, commit", {"check", "commit"}),
        ("push and PR", {"push", "pull request"}),
        ("please open a draft pull request", {"pull request"}),
        ("the commit message is wrong", set()),
        ("why did the push fail?", set()),
        ("ok, push", {"push"}),
    ],
)
def test_acts_are_known_by_how_they_are_ordered(words, acts):
    assert acts_in(words) == acts


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        ("show me the diff before you commit anything", set()),
        ("don't push yet", set()),
        ("have to go, commit nothing yet, and run the tests", {"check"}),
        ("once you commit it, tell me", set()),
        ("zeig mir das erst, bevor du push machst", set()),
        ("before you commit, run the tests", {"check"}),
        ("don't forget to commit and push", {"commit", "push"}),
        ("if the tests pass, commit", {"commit"}),
        ("Once it works please commit", {"commit"}),
        ("before the merge also run the tests", {"check"}),
        ("don't stop and commit", {"commit"}),
    ],
)
def test_what_waits_or_is_forbidden_is_not_ordered(words, acts):
    assert acts_in(words) == acts


def test_acts_are_done_by_commands_that_ended_well():
    commands = (ran("git -C /p commit -am x", "ok", 20), ran("git push", "failed", 30), ran("gh pr create", None, 40))
    transcript = told(("user", "go"), commands=commands)
    assert acts_done(transcript, 10) == {"commit"}
    assert acts_done(transcript, 10, begun=True) == {"commit", "pull request"}
    assert acts_done(transcript, 25) == set()


def test_a_loop_that_only_looks_is_a_look():
    for loop, kind in (
        ("for f in *.json; do echo $f; cat $f | jq -r .base ; done", "look"),
        ("for f in *; do rm $f; done", "command"),
    ):
        calls = (ToolCall("1", "Read", "a", 15, outcome="ok"), ToolCall("2", "Bash", loop, 20))
        transcript = told(("user", "go"), tool_calls=calls, commands=(ran(loop, None, 20),))
        assert [it.kind for it in under_way(transcript, 10)] == [kind]


ASKED, STEP, LATE = ("user", "Bound the queue"), ("assistant", "Now the bound."), ("user", "the head is lost then?")


def called(position, name="Edit"):
    return ToolCall("1", name, "queue.rs", position, None, "ok")


def test_a_request_that_stopped_the_agent_stands_with_what_it_was_at():
    story = extract(told(("user", "Mend the watcher"), ASKED, STEP, LATE, tool_calls=(called(35),)))
    assert story.amid
    assert story.amid.text == ASKED[1]
    assert interrupted(story) == ["It came while the agent was at work at: Bound the queue."]
    assert "It came while the agent was at work at this request:" in written(
        GOAL, [(it, it.forms[-1]) for it in pieces_of_story(story)]
    )


def test_words_that_were_queued_before_anything_was_done_stand_with_the_request_before():
    story = extract(told(("user", "Mend the watcher"), STEP, ASKED, LATE, STEP, tool_calls=(called(45),)))
    assert story.amid
    assert story.amid.text == ASKED[1]


def test_an_agent_that_had_ended_its_turn_was_not_cut_into_by_what_ran_since():
    made = told(("user", "Mend the watcher"), ASKED, STEP, LATE, tool_calls=(called(35),))
    ended = made.replace(messages=tuple(it.replace(ended=it.text == STEP[1]) for it in made.messages))
    assert extract(ended).amid is None


def test_a_turn_that_ended_before_the_request_does_not_tell_that_it_was_answered():
    """The agent said nothing at that one before it was stopped."""
    made = told(("user", "Mend the watcher"), STEP, ASKED, LATE, tool_calls=(called(35),))
    ended = made.replace(messages=tuple(it.replace(ended=it.text == STEP[1]) for it in made.messages))
    assert extract(ended).amid.text == ASKED[1]


@pytest.mark.parametrize("praise", ["good, 3:10 now.", "Great work! And", "thanks,"])
def test_praise_looks_back_on_work_that_had_ended(praise):
    late = ("user", f"{praise} {LATE[1]}")
    assert extract(told(("user", "Mend the watcher"), ASKED, STEP, late, tool_calls=(called(35),))).amid is None


@pytest.mark.parametrize("calls", [(), (called(25),), (called(35, "TodoWrite"),)])
def test_an_agent_that_said_something_after_its_last_call_had_answered(calls):
    assert extract(told(("user", "Mend the watcher"), ASKED, STEP, LATE, tool_calls=calls)).amid is None


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("ok, how do the tests work? I might do that PR next week", ()),
        ("looks good. I'll push it myself", ()),
        ("I will review it, then open a PR", ("pull request",)),
        ("I'd like you to open a PR", ("pull request",)),
        ("commit this, I can push later", ("commit",)),
    ],
)
def test_what_the_user_says_they_do_themselves_is_not_owed(words, left):
    assert owed(told(("user", words)), 10) == left


def test_a_read_that_waits_has_the_name_of_what_begins_there():
    grep = Lookup("search", "func", 12, "app/rows.go:204:func PrepareRows(path string) error {")
    printed = printed_in(told(("user", "go"), lookups=(grep,)))
    wait = Pending("look", "Read /srv/shop/app/rows.go:200")
    assert with_name(wait, printed) == Pending("look", "Read rows.go:200 (PrepareRows)")
    assert with_name(Pending("look", "Read /srv/shop/app/rows.go:300"), printed).text == "Read rows.go:300"
    for other in (Pending("look", "Grep PrepareRows"), Pending("command", "make rows:200")):
        assert with_name(other, printed) == other


def test_in_a_text_the_one_command_below_words_that_announce_it_is_no_work_that_was_broken_into():
    said = (("user", "write the test"), ("assistant", "It fails as it should:"), ("user", "ok, keep the last row then"))
    session = told(*said, tool_calls=(ToolCall("1", "Bash", "pytest", 25),))
    requests = (Request(1, said[0][1], position=10), Request(2, said[2][1], position=30))
    assert amid(requests, session) is requests[0]
    assert amid(requests, session.replace(format="text")) is None


def test_what_came_with_a_no_to_a_call_is_not_the_request_at_work():
    """The agent was at work at what was asked before it."""
    asked = (Request(1, "mend it", position=10), Request(2, "show the sum too", position=20))
    no, late = Request(3, "no new packages", position=40, refuses="pip install x"), Request(4, "btw it runs nightly")
    calls = tuple(ToolCall(str(it), "Bash", "x", it, outcome="ok") for it in (25, 45))
    said = (("user", "mend it"), ("user", "show the sum too"), ("assistant", "I read on."), ("user", "no new packages"))
    transcript = told(*said, ("user", "btw it runs nightly"), tool_calls=calls)
    assert amid((*asked, no, late.replace(position=50)), transcript) is asked[1]


def test_a_request_that_was_committed_is_not_said_to_be_at_work():
    said = (
        ("user", "mend it"),
        ("assistant", "I read on."),
        ("user", "split it at the first sign"),
        ("user", "and -f"),
    )
    asked = tuple(Request(n, said[at][1], position=10 * (at + 1)) for n, at in ((1, 0), (2, 2), (3, 3)))
    transcript = told(*said, tool_calls=(call(31), call(37)))
    assert amid(asked, transcript) is asked[1]
    committed = transcript.replace(commands=(ran("git commit -qam 'Split it'", position=33),))
    assert amid(asked, committed) is None


def test_what_the_user_said_of_a_call_since_a_commit_is_what_the_agent_was_at_work_at():
    said = (
        ("user", "mend it"),
        ("assistant", "I read on."),
        ("user", "no, as a task"),
        ("user", "a question: is it quick?"),
    )
    asked = (
        Request(1, said[0][1], position=10),
        Request(2, said[2][1], position=30, refuses="Write move.rb"),
        Request(3, said[3][1], position=40),
    )
    transcript = told(*said, tool_calls=(call(25), call(37)))
    before, since = (transcript.replace(commands=(ran("git commit -qam 'Split it'", position=at),)) for at in (25, 35))
    assert amid(asked, before) is asked[1]
    assert amid(asked, since) is None


def test_a_list_that_was_asked_for_is_known_as_it_stood_then():
    """Others may have worked on its entries."""
    calls = tuple(ToolCall("1", name, "", at) for name, at in (("TaskCreate", 2), ("Read", 5), ("TaskList", 9)))
    assert list_kept_at(told(("user", "x"), tool_calls=calls)) == 9
    assert list_kept_at(told(("user", "x"), tool_calls=calls[:2])) == 2


def test_words_that_waited_came_amid_what_the_agent_was_at_when_they_were_typed():
    said = (("user", "mend the lease"), ("assistant", "Let me look."), ("assistant", "It is mended."), ("user", "why?"))
    transcript = told(*said, tool_calls=(call(22),))
    requests = (Request(1, "mend the lease", position=10), Request(2, "why is it red on the mill?", position=40))
    assert amid(requests, transcript) is None
    asked, looked, mended, latest = transcript.messages
    for last in (mended, mended.replace(ended=True)):
        waited = transcript.replace(messages=(asked, looked, last, latest.replace(typed=25)))
        assert amid(requests, waited) is requests[0]
