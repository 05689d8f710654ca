"""The plan that the work goes by: its open steps are what is to be done next, and the state says how far it has come."""

from __future__ import annotations

from handoff_cli.core.transcript import Todo
from handoff_cli.documents.extract.facts import (
    Change,
    FileChanges,
    PlanAtWork,
    PlanStep,
    Request,
    WrittenDocument,
)
from handoff_cli.documents.parts.at_work import is_done
from handoff_cli.documents.parts.next_action import next_action
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import story_of

OPEN = PlanStep(3, "Duplicate `check` of the drawer", "open", ("src/till.py:12-14",), "Remove the one in `main`.")
STEPS = (PlanStep(1, "Names", "done"), PlanStep(2, "Sums"), OPEN, PlanStep(4, "Log", "open"))
PLAN = PlanAtWork(20, True, "/p/plan.md", STEPS, ("make check",), ("Threads: one writer is enough.",))


def text_of(facts, *requests, plan=PLAN, **more):
    told, more = requests or (Request(1, "tidy the till", position=10),), {"state": "progress"} | more
    return next_action(facts.replace(story=story_of(requests=told, at_plan=plan, **more))).text


def test_the_first_open_steps_of_the_approved_plan_come_first_with_their_number_place_and_action(facts):
    assert text_of(facts).startswith(
        "Go on with the plan that the user approved, `/p/plan.md`: 3. Duplicate check of the drawer"
        " (`src/till.py:12-14`): Remove the one in main.\n- Then 4. Log.\n- Of its verification not run yet: `make check`."
    )


def test_what_the_user_ordered_for_the_time_after_it_comes_behind_its_steps(facts):
    after = Request(2, "once we are done with the plan, push it", position=30)
    text = text_of(facts, Request(1, "tidy the till", position=10), after, owed=("push",))
    assert text.startswith("Go on with the plan")
    assert text.index("4. Log") < text.index("Ordered and not seen done: push it")


def test_other_work_that_was_asked_for_after_the_plan_comes_first(facts):
    text = text_of(facts, Request(1, "tidy the till", position=10), Request(2, "add a door to it", position=30))
    assert not text.startswith("Go on with the plan")
    assert "Go on with the plan that the user approved" in text


def test_a_word_to_go_on_goes_on_with_the_plan_and_an_order_to_commit_does_not(facts):
    for words, goes_on in (("go on", True), ("commit it", False)):
        latest = Request(2, words, bare=True, position=30)
        text = text_of(facts, Request(1, "tidy the till", position=10), latest)
        assert text.startswith("Go on with the plan") is goes_on


def test_once_the_agent_ended_its_turn_the_open_steps_stand_in_the_state_alone(facts):
    assert "Go on with the plan" not in text_of(facts, state="answered")
    story = story_of(requests=(Request(1, "tidy the till"),), at_plan=PLAN, state="answered")
    told = next(it for it in pieces_of_story(story) if it.forms[0].startswith("open: "))
    assert "4. Log" in [form for order, form in zip(told.orders, told.forms, strict=True) if order < 0][-1]


def test_a_place_that_the_title_of_a_step_has_stands_once(facts):
    step = PlanStep(1, "`src/till.py`", "open", ("src/till.py",), "Call `hold`.")
    text = text_of(facts, plan=PLAN.replace(steps=(step,)))
    assert "approved, `/p/plan.md`: 1. src/till.py: Call hold." in text


def test_of_a_plan_without_open_steps_only_its_checks_are_left(facts):
    text = text_of(facts, plan=PLAN.replace(steps=STEPS[:2]))
    assert "Go on with the plan" not in text
    assert "Of its verification not run yet: `make check`." in text


def test_where_a_to_do_list_tells_the_steps_the_checks_of_the_plan_are_told_beside_it(facts):
    text = text_of(facts, plan=PLAN.replace(steps=()), todos=(Todo("Tidy the sums", "in_progress"),))
    assert text.startswith("Finish the to-do in progress: Tidy the sums.")
    assert "Of its verification not run yet: `make check`." in text


def pieces(**plan):
    return list(pieces_of_story(story_of(requests=(Request(1, "tidy the till"),), at_plan=PLAN.replace(**plan))))


def test_the_state_tells_by_number_what_is_done_open_and_not_known():
    told = [it.forms[0] for it in pieces() if it.kind == "step of the plan"]
    assert told == ["done: 1", "open: 3, 4", "not known: 2"]


def test_a_plan_of_which_nothing_is_open_and_that_nobody_approved_is_told_late():
    (early,), (late,) = (
        [it.orders[0] for it in pieces(approved=approved, steps=STEPS[:1]) if it.kind == "step of the plan"]
        for approved in (True, False)
    )
    assert early < 0 < late


def test_what_the_plan_skips_is_ruled_out():
    told = [it for it in pieces() if it.block == "Left out on purpose, by the approved plan:"]
    assert [it.forms[0] for it in told] == ["Threads: one writer is enough."]


def test_the_work_is_not_done_while_steps_of_the_plan_are_open():
    fields = {"requests": (Request(1, "tidy the till"),), "made": ("till.py",), "happened": ("ran make check: passed",)}
    assert is_done(story_of(**fields, at_plan=PLAN.replace(steps=STEPS[:2])))
    assert not is_done(story_of(**fields, at_plan=PLAN))


def test_the_file_of_the_plan_is_no_work_that_was_done_and_what_it_says_comes_late():
    def told_of(plan, **fields):
        story = story_of(requests=(Request(1, "tidy the till"),), at_plan=plan, **fields)
        return [it for it in pieces_of_story(story) if "plan.md" in it.forms[0]]

    written = (WrittenDocument("/p/plan.md", True, 9, "# Tidy\nAll of it", "# Tidy"),)
    (with_it,), (without,) = (told_of(plan, documents=written) for plan in (PLAN, None))
    assert with_it.orders[0] > without.orders[0]
    edits = (FileChanges("/p/plan.md", True, 1, (Change((), "", "# Tidy the till"),)),)
    assert told_of(None, edits=edits)
    assert not told_of(PLAN, edits=edits)
