"""Code that a linter changed by the agent's words stands as the linter left it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileText, Message
from handoff_cli.documents.extract.files.linted import with_linted
from tests.documents.sessions import told

SAID = "The linter changed `Errorf(gone)` to `New(gone)`. That is fine."


MADE = Edit("a.go", 20, "modified", "return nil", "return Errorf(gone)")


def linted(text=SAID, role="assistant", edits=(MADE,)):
    texts = (FileText("a.go", 20, "f()\nreturn Errorf(gone)"), FileText("b.go", 20, "Errorf(gone)"))
    now = with_linted(told(edits=edits, texts=texts, reasonings=(Message(role, text, 30),)))
    return [it.new for it in now.edits], [it.text for it in now.texts]


def test_the_last_edit_that_brought_it_and_its_file_have_what_the_linter_made_of_it():
    assert linted() == (["return New(gone)"], ["f()\nreturn New(gone)", "Errorf(gone)"])
    before = Edit("b.go", 10, "modified", "", "Errorf(gone)")
    last = Edit("a.go", 20, "modified", "", "return Errorf(gone)")
    assert linted(edits=(before, last))[0] == ["Errorf(gone)", "return New(gone)"]


@pytest.mark.parametrize(
    "text",
    [
        "I changed `Errorf(gone)` to `New(gone)`.",
        "The linter wants it otherwise: should I change `Errorf(gone)` to `New(gone)`?",
        "The linter changed `other(gone)` to `New(gone)`.",
        "If the linter changed `Errorf(gone)` to `New(gone)` we would see it.",
    ],
)
def test_what_somebody_else_changed_or_is_to_change_stays(text):
    assert linted(text)[0] == ["return Errorf(gone)"]


def test_what_the_user_says_and_what_an_edit_took_out_or_brought_later_stays():
    assert linted(role="user")[0] == ["return Errorf(gone)"]
    out = Edit("a.go", 25, "modified", "return Errorf(gone)", "return 1")
    late = Edit("a.go", 40, "modified", "", "Errorf(gone)")
    first = Edit("a.go", 20, "modified", "", "return Errorf(gone)")
    assert linted(edits=(first, out))[0] == ["return Errorf(gone)", "return 1"]
    assert linted(edits=(late,))[0] == ["Errorf(gone)"]


def test_a_text_of_before_the_edit_stays_as_it_was():
    texts = (FileText("a.go", 5, "Errorf(gone) of old"),)
    now = with_linted(told(edits=(MADE,), texts=texts, reasonings=(Message("assistant", SAID, 30),)))
    assert now.texts == texts


def test_what_it_changed_is_no_part_of_a_longer_word():
    edit = Edit("a.py", 20, "modified", "", "# listing\nlist(rows)")
    assert linted("The linter changed `list` to `iter`.", edits=(edit,))[0] == ["# listing\niter(rows)"]
