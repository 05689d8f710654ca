"""A table is read row by row, and what comes again in it is judged once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.redaction import redact, tables
from handoff_cli.redaction.layers import Layer
from handoff_cli.redaction.tables import _cells, _tables, head_going_on
from tests.redaction.test_every_day import calls_of


def test_rows_and_cells_that_come_again_are_taken_apart_and_judged_once():
    text = "user,password\n" + "kim,Teal_Sedge60\nbo,moss7pebble\n" * 400
    assert calls_of({"_cells", "_may_be_kept"}, text) < 40
    assert redact(text).count("[REDACTED:password]") == 800


def test_whether_rows_go_on_is_told_without_the_cells_of_each(monkeypatch):
    looked = list[str]()
    monkeypatch.setattr(tables, "_cells", lambda row, mark: looked.append(row) or _cells(row, mark))
    rows = "".join(f"kim{number},plum{number}tree\n" for number in range(900))
    head = "user,password\n"
    assert head_going_on(head + rows) == (head, "")
    assert len(looked) < 20


def test_of_equal_cells_those_of_another_table_are_judged_by_its_own_head():
    named, unnamed = "user\tpassword\nkim\tswordfish\n", "color\tpassword\nred\tswordfish\n"
    assert redact(f"{named}\n\n{unnamed}") == f"{named}\n\n{unnamed}".replace("swordfish", "[REDACTED:password]", 1)


@pytest.mark.parametrize("mark", [",", ";", "\t", " | ", "   "])
@given(
    cells=st.lists(st.sampled_from(["kim", '"a,b;c"', '"', "", "a b", "---", "\n", "\n\n", "plum7tree"]), max_size=40)
)
def test_the_end_of_the_last_row_is_told_as_reading_all_rows_tells_it(mark, cells):
    text = f"user{mark}password\n" + mark.join(cells).replace(f"{mark}\n", "\n").replace(f"\n{mark}", "\n")
    for start, _, _, rows in _tables(Layer(text)):
        below = [at + cells[-1][1] for at, cells in rows]
        (again,) = [more for at, _, _, more in _tables(Layer(text)) if at == start]
        assert again.last_end() == max(below, default=-1)
