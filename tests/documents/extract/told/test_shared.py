"""What of all that was told counts less: reports that a plan replaced."""

from __future__ import annotations

from handoff_cli.core.transcript import Lookup, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.told.shared import not_replaced
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
