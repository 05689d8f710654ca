"""Of a log that is a tree, the way to the last row stands."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.transcripts.branches import standing_rows
from handoff_cli.transcripts.source import Source


def standing(*rows):
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return [row.get("n") for row in standing_rows(Source("log", data), "id", "up")]


def row(name, up, n=None):
    return {"id": name, "up": up, "n": n or name}


def test_dead_branches_are_left_out():
    assert standing(row("a", None), row("b", "a"), row("c", "b"), row("d", "a")) == ["a", "d"]


def test_a_row_written_again_stands_where_it_was_written_last():
    assert standing(row("a", None), row("b", "a", "half"), row("b", "a", "whole")) == ["a", "whole"]


def test_a_header_always_stands_and_a_parent_in_no_row_is_the_row_before():
    assert standing({"id": "h", "n": "h"}, row("a", "h"), row("b", "gone"), row("c", "c")) == ["h", "a", "b", "c"]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | st.sampled_from("abcdefx")), min_size=1, max_size=12))
def test_any_tree_ends_and_holds_its_last_row(pairs):
    """Loops among the parents included."""
    rows = [row(name, up, number + 1) for number, (name, up) in enumerate(pairs)]
    found = standing(*rows)
    assert found[-1] == len(rows)
    assert found == sorted(found)
    assert len({rows[n - 1]["id"] for n in found}) == len(found)
