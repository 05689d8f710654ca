"""What the work began with, where no request shown tells what it is for."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract import extract
from handoff_cli.documents.priorities import begun_with
from tests.documents.sessions import told


def test_the_work_begins_with_the_cause_that_was_found_just_before():
    said = (
        ("user", "why twice?"),
        ("assistant", "All rows are sent twice because `send_rows` is called by both hooks of the import."),
        ("user", "fix it"),
        ("assistant", "I've fixed the double send by calling `send_rows` from one hook only."),
        ("user", "thanks, what next?"),
    )
    edits = (Edit("rows.py", 35, "modified", "a = 1", "a = 2", outcome="ok"),)
    assert begun_with(extract(told(*said, edits=edits)).told.turns).split("\n") == [said[1][1], said[3][1]]


def test_the_work_begins_with_what_was_done_first_however_that_is_told():
    said = (
        ("user", "keep a history of the rows"),
        ("assistant", "Done: `load` writes each row to `shop.rows_hist` and closes the one before."),
        ("user", "not by the clock"),
        ("assistant", "Changed: `close_rows` takes the time of the row itself."),
        ("user", "next"),
    )
    edits = tuple(Edit("rows.py", at, "modified", "a = 1", "a = 2", outcome="ok") for at in (15, 35))
    assert begun_with(extract(told(*said, edits=edits)).told.turns) == said[1][1]
