"""A table is read row by row, and what comes again in it is judged once."""

from __future__ import annotations

from handoff_cli.redaction import redact
from tests.redaction.test_every_day import calls_of


def test_rows_and_cells_that_come_again_are_taken_apart_and_judged_once():
    text = "user,password\n" + "kim,Teal_Sedge60\nbo,moss7pebble\n" * 400
    assert calls_of({"_cells", "_may_be_kept"}, text) < 40
    assert redact(text).count("[REDACTED:password]") == 800


def test_of_equal_cells_those_of_another_table_are_judged_by_its_own_head():
    named, unnamed = "user\tpassword\nkim\tswordfish\n", "color\tpassword\nred\tswordfish\n"
    assert redact(f"{named}\n\n{unnamed}") == f"{named}\n\n{unnamed}".replace("swordfish", "[REDACTED:password]", 1)
