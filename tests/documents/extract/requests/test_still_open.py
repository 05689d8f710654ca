"""What the agent named as still to do and edited since is marked in its words."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.requests.still_open import StillOpen
from tests.documents.sessions import told
from tests.growth import assert_linear

EDITS = tuple(
    Edit(f"/p/{name}", at, "modified", "a", "b")
    for at, name in ((5, "sender.py"), (15, "spool.py"), (25, "batcher.py"))
)


@pytest.mark.parametrize(
    ("said", "marked"),
    [
        ("Spool, batcher and sender are still to do.", "[edited since: spool.py, batcher.py]"),
        ("The reader is done. `spool.py` is not converted yet.", "[edited since: spool.py]"),
        ("Noch offen: batcher und sender.", "[edited since: batcher.py]"),
        ("Faltan spool y sender.", "[edited since: spool.py]"),
        ("The spool is converted; sender is still to do.", ""),
        ("The spool holds the rows.", ""),
    ],
)
def test_a_sentence_that_has_a_file_open_which_was_edited_since_says_so(said, marked):
    assert StillOpen(EDITS).marked(said, 10) == f"{said} {marked}".rstrip()


def test_items_below_such_a_line_are_marked_each():
    said = "Still to do:\n- spool: rows\n- sender\n\nThe batcher is fine."
    assert StillOpen(EDITS).marked(said, 10) == said.replace("rows", "rows [edited since: spool.py]")


def test_it_stands_in_what_the_latest_request_answers():
    said = (("user", "convert them"), ("assistant", "The spool is still to do."), ("user", "ok go on"))
    late = Edit("/p/spool.py", 45, "modified", "a", "b")
    assert extract(told(*said, edits=(late,))).referent == "The spool is still to do. [edited since: spool.py]"


def test_it_takes_linear_time():
    opened = StillOpen(EDITS)
    assert_linear(lambda size: opened.marked("still to do: spool. " * (size // 20), 10), 40_000)
