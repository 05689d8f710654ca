"""The agent's own to-do list as it stands: written whole by most tools, task by task by some."""

from __future__ import annotations

import re
from collections import deque

from handoff_cli.core.transcript import Todo
from handoff_cli.transcripts.values import as_dict, as_list, as_str, cut, object_of, text_or_none

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_TODOS = 500
MAX_UNDONE = 100
MAX_NAMED = 5_000
TODO_CHARS = 500

_WHOLE_LISTS = frozenset((
    *("todowrite", "todo_write", "write_todos", "update_plan", "update_todo_list", "todo", "todolist", "settodolist"),
    *("manage_todo_list", "checklist", "todo__todo_write"),
))  # fmt: skip
_LISTS = ("todos", "plan", "todoList", "checklist", "content")
_STATUSES = {"in-progress": "in_progress", "done": "completed", "complete": "completed", "not-started": "pending"}
_BOXES = {" ": "pending", "x": "completed", "X": "completed", "-": "in_progress", "~": "in_progress"}
_BOX = re.compile(r"^\s*(?:[-*] |\d+[.)] )?\[([ xX~-]|pending|in_progress|completed)\] (.+)$", re.MULTILINE)
_NEW_TASK = re.compile(r"[Tt]ask #?(\w+)")


class TodoList:
    """Follows the calls that write the list; ``items`` is the list as it stands."""

    def __init__(self) -> None:
        self._whole: list[Todo] = []
        self._tasks: dict[str, Todo] = {}
        self._named: dict[str, None] = {}
        self._before: deque[tuple[int, list[Todo], dict[str, Todo]]] = deque(maxlen=MAX_UNDONE)

    def called(self, name: str, arguments: Any, position: int = 0) -> Todo | None:
        """Take in a call; returns the new task, if it makes one whose number only the answer will tell."""
        tool, fields = name.lower(), object_of(arguments)
        if tool in _WHOLE_LISTS or tool == "taskupdate":
            self._before.append((position, self._whole, dict(self._tasks)))
        if tool in _WHOLE_LISTS:
            told = next((fields[key] for key in _LISTS if key in fields), None)
            if told is not None:  # without a list it is asked for, not written
                self._whole = list(_todos(told))[:MAX_TODOS]
                self._name(*self._whole)
        elif tool == "taskcreate" and text_or_none(fields.get("subject")):
            return Todo(cut(fields["subject"], TODO_CHARS), "pending")
        elif tool == "taskupdate":
            self._update(str(fields.get("taskId")), fields)
        return None

    def answered(self, task: Todo, answer: str, position: int = 0) -> None:
        """Take in the answer that tells the number of a new ``task``."""
        number = _NEW_TASK.search(answer[:TODO_CHARS])
        self._before.append((position, self._whole, dict(self._tasks)))
        if number and len(self._tasks) < MAX_TODOS:
            self._tasks.setdefault(number[1], task)
            self._name(task)

    def undo(self, position: int) -> None:
        """Take back what was done to the list after ``position``."""
        while self._before and self._before[-1][0] > position:
            _, self._whole, self._tasks = self._before.pop()

    def items(self) -> tuple[Todo, ...]:
        """Return the list as it stands."""
        return (*self._whole, *self._tasks.values())

    def named(self) -> tuple[str, ...]:
        """Return the texts of all to-dos that were ever in the list."""
        return tuple(self._named)

    def _name(self, *todos: Todo) -> None:
        if len(self._named) < MAX_NAMED:
            self._named.update(dict.fromkeys(todo.text for todo in todos))

    def _update(self, number: str, fields: dict[str, Any]) -> None:
        task = self._tasks.get(number)
        if task is None:
            return
        if fields.get("status") == "deleted":
            del self._tasks[number]
            return
        subject = text_or_none(fields.get("subject")) or task.text
        self._tasks[number] = Todo(cut(subject, TODO_CHARS), _status(fields.get("status")) or task.status)
        self._name(self._tasks[number])


def _todos(entries: Any) -> list[Todo]:
    if isinstance(entries, str):
        return [Todo(cut(text.strip(), TODO_CHARS), _BOXES.get(box, box)) for box, text in _BOX.findall(entries)]
    found = []
    for entry in map(as_dict, as_list(entries)):
        keys = ("content", "step", "title", "description", "text")
        text = next((entry[key] for key in keys if as_str(entry.get(key))), None)
        if text:
            found.append(Todo(cut(text, TODO_CHARS), _status(entry.get("status")) or "pending"))
    return found


def _status(value: Any) -> str | None:
    status = as_str(value).lower().replace(" ", "_")
    return _STATUSES.get(status, status)[:20] or None
