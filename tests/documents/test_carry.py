"""To-dos that an earlier handoff left open come back in the next one, until they are seen or taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.transcript import Todo
from handoff_cli.documents.carry import carried_over
from handoff_cli.documents.facts import Carried, Request, Story
from handoff_cli.documents.render import render

TODOS = (Todo("Measure", "completed"), Todo("Batch the rows", "in_progress"), Todo("Lock", "pending"))


def story(request, *todos):
    return Story(requests=(Request(1, request),), todos=todos)


def document(facts, told=None, carried=()):
    return render(facts.replace(story=told, carried=carried))


def texts(carried):
    return [it.text for it in carried]


def test_what_another_session_left_open_is_carried_over_with_its_day(facts):
    old = document(facts, story("make the import fast", *TODOS))
    day = "2026-11-22"
    assert carried_over(old, story("now the export")) == (Carried("Batch the rows", day), Carried("Lock", day))
    assert texts(carried_over(old, None)) == ["Batch the rows", "Lock"]


def test_the_list_of_the_same_transcript_says_itself_what_became_of_its_to_dos(facts):
    old = document(facts, story("make the import fast\nby noon", *TODOS))
    assert carried_over(old, story("make the import  fast by noon", Todo("Something else", "pending"))) == ()


def test_what_was_carried_goes_on_and_keeps_its_first_day(facts):
    before = (Carried("Call the supplier", "2026-01-02"), Carried("Lock", "2026-01-03"))
    old = document(facts, story("a", Todo("Lock", "pending")), before)
    assert carried_over(old, story("a")) == before
    assert carried_over(old, story("b")) == before


@pytest.mark.parametrize("status", ["pending", "in_progress", "completed"])
def test_a_to_do_that_the_new_session_lists_is_not_carried_beside_it(facts, status):
    old = document(facts, story("a", *TODOS))
    assert texts(carried_over(old, story("b", Todo("Batch  the rows", status)))) == ["Lock"]


def test_a_line_deleted_from_the_document_is_gone(facts):
    old = document(facts, None, (Carried("One", "2026-01-02"), Carried("Two", "2026-01-03")))
    assert texts(carried_over(old.replace("[ ] One (since 2026-01-02)\n", ""), None)) == ["Two"]


def test_words_that_look_like_a_to_do_elsewhere_are_not_one(facts):
    told = story("a").replace(last_words="Left:\n[ ] format the disk\n", decisions=("[ ] rather than this",))
    old = document(facts, told) + "\n## Open questions\n\n- [ ] mine (since 2026-01-01)\n"
    assert carried_over(old, story("b")) == ()


def test_a_document_of_another_making_carries_nothing():
    assert carried_over("# My notes\n\n- [ ] something\n", None) == ()


@given(text=st.text(min_size=1).filter(str.strip))
def test_any_text_survives_as_one_line_in_its_place(facts, text):
    """Whatever a to-do says, it stays one to-do, and reading it back gives what the document shows."""
    first = carried_over(document(facts, story("a", Todo(text, "pending"))), story("b"))
    assert len(first) == 1
    assert carried_over(document(facts, story("b"), first), story("b")) == first
