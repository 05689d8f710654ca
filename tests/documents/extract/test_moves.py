"""What became of definitions: moved, renamed, removed."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, FileText
from handoff_cli.documents.extract.moves import moves

LOAD = "def load_rows(path):\n    return open(path).read()\n"


def change(path, old, new, position):
    return Edit(path, position, "modified", old, new)


def told(*edits, texts=()):
    return [(it.kind, it.names, it.path, it.to) for it in moves(edits, texts)]


def test_what_left_one_file_and_came_to_another_was_moved() -> None:
    out, into = change("a.py", LOAD, "", 10), change("b.py", "", LOAD, 20)
    assert told(out, into) == [("moved", ("load_rows",), "a.py", "b.py")]
    assert told(into, out) == [("moved", ("load_rows",), "a.py", "b.py")]


def test_what_was_made_here_and_moved_on_stands_where_it_is_now() -> None:
    edits = (change("a.py", "", LOAD, 10), change("b.py", "", LOAD, 20), change("a.py", LOAD, "", 30))
    assert told(*edits) == [("moved", ("load_rows",), "a.py", "b.py")]


def test_another_name_for_the_same_body_is_a_new_name() -> None:
    edit = change("a.py", LOAD, LOAD.replace("load_rows", "rows_of"), 10)
    assert told(edit) == [("renamed", ("load_rows",), "a.py", "rows_of")]


def test_what_went_is_removed_but_not_what_came_only_to_go() -> None:
    assert told(change("a.py", LOAD, "", 10)) == [("removed", ("load_rows",), "a.py", "")]
    assert told(change("a.py", "", LOAD, 10), change("a.py", LOAD, "", 20)) == []


def test_what_a_file_still_has_was_not_taken_out() -> None:
    assert told(change("a.py", LOAD, "", 10), texts=(FileText("a.py", 10, LOAD),)) == []
