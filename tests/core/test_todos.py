"""To-dos left open go on to later sessions, each once, until they are seen again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.todos import MAX_EARLIER, OpenTodo, Todos, after
from handoff_cli.core.transcript import Todo

DAY, LATER = "2026-01-02", "2026-01-09"


def looked(before, transcript, *todos, named=(), day=DAY):
    listed = tuple(Todo(*todo) for todo in todos)
    return after(before, transcript, listed, (*named, *(it.text for it in listed)), day)


def carried(todos):
    return [(it.number, it.text) for it in todos.earlier]


def test_what_another_transcript_left_open_is_carried_with_number_status_and_day():
    first = looked(Todos(), "a", ("Measure", "completed"), ("Batch", "in_progress"), ("Lock", "pending"))
    second = looked(first, "b", day=LATER)
    assert second.earlier == (OpenTodo(1, "Batch", "in_progress", DAY), OpenTodo(2, "Lock", "pending", DAY))
    assert looked(second, "c", day=LATER).earlier == second.earlier


def test_the_list_of_the_same_transcript_says_itself_what_became_of_its_to_dos():
    first = looked(Todos(), "a", ("Batch", "pending"), ("Lock", "pending"))
    again = looked(first, "a", ("Lock", "pending"), ("New", "pending"), day=LATER)
    assert again.earlier == ()
    assert [(it.text, it.since) for it in again.own] == [("Lock", DAY), ("New", LATER)]


@pytest.mark.parametrize("wording", ["Batch the rows", "batch  the rows.", "BATCH THE ROWS"])
def test_a_to_do_that_a_later_transcript_ever_named_is_not_carried_beside_it(wording):
    first = looked(Todos(), "a", ("Batch the rows", "pending"), ("Lock", "pending"))
    assert carried(looked(first, "b", named=[wording])) == [(2, "Lock")]


def test_transcripts_that_take_turns_lose_and_double_nothing():
    todos = looked(Todos(), "a", ("One", "pending"))
    todos = looked(todos, "b", ("Two", "pending"))
    todos = looked(todos, "a", ("One", "pending"))
    assert carried(todos) == [(2, "Two")]
    todos = looked(todos, "b", ("Two", "completed"))
    assert [it.text for it in todos.earlier] == ["One"]


def test_without_a_transcript_all_that_was_open_is_carried():
    first = looked(Todos(), "a", ("One", "pending"))
    assert carried(after(first, None, (), (), LATER)) == [(1, "One")]


def test_of_very_many_the_newest_are_kept():
    todos = Todos()
    for number in range(MAX_EARLIER + 20):
        todos = looked(todos, f"t{number}", (f"to-do {number}", "pending"))
    assert len(todos.earlier) == MAX_EARLIER
    assert todos.earlier[-1].text == f"to-do {MAX_EARLIER + 18}"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]),
        st.lists(
            st.tuples(st.sampled_from("vwxyz"), st.sampled_from(["pending", "completed"])), unique_by=lambda it: it[0]
        ),
    )
)


@given(STEPS)
def test_an_open_to_do_is_somewhere_until_some_list_names_it_again(steps):
    """Numbers never come twice, and nothing open vanishes without a transcript that knew of it."""
    todos, given_numbers = Todos(), set()
    for transcript, listed in steps:
        before = {it.text for it in (*todos.own, *todos.earlier)}
        same, todos = transcript == todos.transcript, looked(todos, transcript, *(listed if transcript else ()))
        named = {text for text, _ in listed} if transcript else set()
        now = {it.text for it in (*todos.own, *todos.earlier)}
        assert same or before - named <= now
        numbers = [it.number for it in todos.earlier]
        assert len(set(numbers)) == len(numbers)
        given_numbers |= {*numbers}
        assert max(given_numbers, default=0) <= todos.made
