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


def test_entries_that_are_merged_into_the_list_change_theirs():
    """By their number, which may stand for the text; others are added, and those deleted go (Cursor, Grok, Copilot)."""
    todos = TodoList()
    first = [{"id": "1", "content": "read it", "status": "in_progress"}, {"id": "2", "content": "mend it"}]
    todos.called("TodoWrite", {"todos": first, "merge": False})
    changed = [{"id": "1", "status": "completed"}, {"id": "2", "content": "mend both"}, {"id": 3, "content": "test it"}]
    todos.called("TodoWrite", {"todos": [*changed, {"id": "9", "status": "completed"}], "merge": True})
    told = [("read it", "completed"), ("mend both", "pending"), ("test it", "pending")]
    assert [(todo.text, todo.status) for todo in todos.items()] == told
    todos.called("TodoWrite", {"todos": [{"id": "3", "status": "deleted"}], "merge": True})
    assert [todo.text for todo in todos.items()] == ["read it", "mend both"]
    todos.called("TodoWrite", {"todos": [{"id": "1", "content": "new"}]})
    assert [todo.text for todo in todos.items()] == ["new"]


def test_a_merge_that_was_taken_back_leaves_the_list_as_it_was():
    todos = TodoList()
    todos.called("TodoWrite", {"todos": [{"id": "1", "content": "read it"}]}, 1)
    todos.called("TodoWrite", {"todos": [{"id": "1", "status": "completed"}], "merge": True}, 5)
    todos.undo(3)
    assert [(todo.text, todo.status) for todo in todos.items()] == [("read it", "pending")]


def test_a_box_with_a_slash_is_under_way():
    """As Antigravity draws it."""
    todos = TodoList()
    todos.called("todo_write", {"todos": "- [/] mend it\n- [>] no box"})
    assert [(todo.text, todo.status) for todo in todos.items()] == [("mend it", "in_progress")]


def test_how_tasks_stand_by_their_list_is_how_they_stand():
    """A team works on them beside the session, which changes none of them itself."""
    todos = TodoList()
    todos.answered(todos.called("TaskCreate", {"subject": "read it"}), "Task #1 created successfully: read it")
    listed = (
        "#1 [completed] read it (reader)\n#2 [in_progress] mend it\n#3 [pending] test it [blocked by #1, #2]\nno task"
    )
    todos.answered(todos.called("TaskList", {}, 3), listed, 4)
    told = [("read it", "completed"), ("mend it", "in_progress"), ("test it", "pending")]
    assert [(todo.text, todo.status) for todo in todos.items()] == told
    todos.undo(2)
    assert [(todo.text, todo.status) for todo in todos.items()] == [("read it", "pending")]
    todos.answered(todos.called("TaskCreate", {"subject": "mend it (twice)"}, 5), "Task #2 created", 6)
    todos.answered(todos.called("TaskList", {}, 7), "#2 [pending] mend it (twice)", 8)
    assert todos.items()[-1].text == "mend it (twice)", "what stands in brackets is no name of who works on it"
