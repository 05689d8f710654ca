"""What of all that was told counts less: reports that a plan replaced."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, Lookup, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.told.shared import not_replaced, without_course
from tests.documents.sessions import told

REPORT = "The core issue: nothing holds the rows in `row_map`, so `find_row` looks through all of them each time."


def session(outcome="ok", at=20, plan="# Plan\n\nOnly the names."):
    lookups = (Lookup("agent", "Review it", 12, REPORT), Lookup("read", "/p/rows.py", 13, "x = 1"))
    call = ToolCall("1", "ExitPlanMode", "", at, None, outcome)
    return told(("user", "tidy it"), lookups=lookups, tool_calls=(call,), plan=plan)


def test_a_plan_that_was_approved_later_replaces_what_was_reported_before_it():
    assert [it.kind for it in not_replaced(session())] == ["read"]
    for other in (session("failed"), session(at=11), session(plan=None)):
        assert [it.kind for it in not_replaced(other)] == ["agent", "read"]


def test_a_report_that_a_plan_replaced_stands_nowhere_in_the_story():
    def all_told(transcript):
        told_of = extract(transcript).told
        turns = [it.text for turn in told_of.turns for it in turn.told]
        return "\n".join((*turns, *(it.text for it in told_of.learnt), *(it.verdict for it in told_of.reports)))

    assert "row_map" in all_told(session("failed"))
    assert "row_map" not in all_told(session())


COURSE = "**What happens at runtime:**\n1. The worker asks for a lock\n2. The lock fails since nobody frees it\n\nThe lock is old."


def test_what_happens_step_by_step_is_told_no_more_once_it_was_changed():
    assert without_course(COURSE, 20, 10) == COURSE
    assert without_course(COURSE, 20, 30) == "The lock is old."
    made = Edit("/p/a.py", 45, "modified", "a", "b", None, "ok")
    talk = told(("user", "why?"), ("assistant", COURSE), ("user", "mend it"), ("assistant", "It is mended."))
    for edits, stands in (((), True), ((made,), False)):
        found = extract(talk.replace(edits=edits)).told
        text = "".join(it.text for it in (*found.said, *(one for turn in found.turns for one in turn.told)))
        assert ("nobody frees" in text) is stands
