"""The list of to-dos as the calls leave it, whichever agent's they are."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.todo_list import TodoList, reason_given


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("manage_todo_list", {"todoList": [{"id": 1, "title": "write it", "status": "not-started"}]}),
        ("Checklist", {"checklist": "- [ ] write it"}),
        ("TodoWrite", {"todos": "1. [pending] write it"}),
        ("TodoList", {"todos": [{"title": "write it", "status": "pending"}]}),
    ],
)
def test_todos_of_each_tool(name, arguments):
    """As a list of objects or as text; a call that only asks for the list leaves it."""
    todos = TodoList()
    todos.called(name, arguments)
    todos.called(name, {"operation": "read"})
    assert [(todo.text, todo.status) for todo in todos.items()] == [("write it", "pending")]


def test_why_the_list_is_as_it_is_is_told_by_the_call_that_writes_it():
    why = "I take `90` for a share of the window."
    assert reason_given("update_plan", {"explanation": why, "plan": []}) == why
    assert reason_given("update_plan", {"plan": []}) == ""
    assert reason_given("exec_command", {"explanation": why}) == ""
