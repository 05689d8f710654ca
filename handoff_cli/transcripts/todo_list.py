"""The to-do list that some calls write, as it stands."""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.light import deque
from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.core.transcript import Todo
from handoff_cli.transcripts.values import as_dict, as_list, as_str, cut, object_of, text_or_none

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_MAX_TODOS = 500
_MAX_UNDONE = 100
_MAX_NAMED = 5_000
_MAX_NOTED = 100
_TODO_CHARS = 500

_WHOLE_LISTS = tool_names.WHOLE_LISTS | {tool_names.NOTED}
_LISTS = ("todos", "plan", "todoList", "checklist", "content")
_STATUSES = {"in-progress": "in_progress", "done": "completed", "complete": "completed", "not-started": "pending"}
_BOXES = {" ": "pending", "x": "completed", "X": "completed", **dict.fromkeys("-~/", "in_progress")}
_BOX = lazily(r"^\s*(?:[-*] |\d+[.)] )?\[([ xX~/-]|pending|in_progress|completed)\] (.+)$", MULTILINE)
_LISTED_TASK = lazily(
    r"^#(\w+) \[(pending|in_progress|completed)\] (.+?)(?: \([\w@-]+\))?(?: \[blocked by [^\]]+\])?$", MULTILINE
)
"""As Claude Code lists its tasks, each with who works on it and what it waits for."""

_NEW_TASK = lazily(r"[Tt]ask #?(\w+)")


def reason_given(name: str, arguments: Any) -> str:
    """Return why the to-do list is as it is, where the call that writes it says so: often what was decided."""
    return text_or_none(object_of(arguments).get("explanation")) or "" if name.lower() in _WHOLE_LISTS else ""


class TodoList:
    """Follows the calls that write the list; ``items`` is the list as it stands.

    It begins with ``items``, of all that were ``named`` before, and those that were ``noted``.
    """

    def __init__(self, items: tuple[Todo, ...] = (), named: tuple[str, ...] = (), noted: tuple[Todo, ...] = ()) -> None:
        self._whole: list[Todo] = list(items)
        self._tasks: dict[str, Todo] = {}
        self._texts: dict[str, str] = {}
        self._named: dict[str, None] = dict.fromkeys(named)
        self.noted: deque[Todo] = deque(noted, maxlen=_MAX_NOTED)
        self._before: deque[tuple[int, list[Todo], dict[str, Todo]]] = deque(maxlen=_MAX_UNDONE)

    def called(self, name: str, arguments: Any, position: int = 0) -> Todo | None:
        """Take in a call; returns the new task, if it makes one whose number only the answer will tell.

        One without a text stands for all of them: they are asked for, and the answer lists them.
        """
        tool = name.lower()
        if tool == tool_names.ASKED_LIST:
            return Todo("", "")
        if tool not in _WHOLE_LISTS and tool not in tool_names.TASKS:
            return None
        fields = object_of(arguments)
        if tool != "taskcreate":
            self._before.append((position, self._whole, dict(self._tasks)))
        if tool in _WHOLE_LISTS:
            told = next((fields[key] for key in _LISTS if key in fields), None)
            if told is not None:  # without a list it is asked for, not written
                self._write(told, merge=fields.get("merge") is True)
            elif added := _todos(fields.get("added", fields.get("noted"))):
                self.noted.extend(added if "noted" in fields else ())
                self._whole = [*{todo.text: todo for todo in (*self._whole, *added)}.values()][-_MAX_TODOS:]
                self._name(*added)
        elif tool == "taskcreate" and text_or_none(fields.get("subject")):
            return Todo(cut(fields["subject"], _TODO_CHARS), "pending")
        elif tool == "taskupdate":
            self._update(str(fields.get("taskId")), fields)
        return None

    def answered(self, task: Todo, answer: str, position: int = 0) -> None:
        """Take in the answer that tells the number of a new ``task``, or how all of them stand."""
        self._before.append((position, self._whole, dict(self._tasks)))
        if not task.text:
            for number, status, text in _LISTED_TASK.findall(answer):
                known = self._tasks.get(number)
                self._keep(number, Todo(known.text if known else cut(text, _TODO_CHARS), status))
        elif number := _NEW_TASK.search(answer[:_TODO_CHARS]):
            self._keep(number[1], self._tasks.get(number[1], task))

    def _keep(self, number: str, task: Todo) -> None:
        if number in self._tasks or len(self._tasks) < _MAX_TODOS:
            self._tasks[number] = task
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

    def _write(self, told: Any, *, merge: bool) -> None:
        """Take in the list as it stands, or, to ``merge``, what changes it: a number may stand for an entry's text."""
        entries = list(_entries(told))
        whole = {todo.text: todo for todo in self._whole} if merge else {}
        self._texts = self._texts if merge else {}
        for number, text, status in entries:
            before = self._texts.get(number, "")
            if before and text and before != text:
                whole.pop(before, None)
            if text := text or before:
                self._texts |= {number: text} if number else {}
                whole[text] = Todo(text, status or "pending")
        listed = whole.values() if merge else _todos(told)
        self._whole = [todo for todo in listed if todo.status != "deleted"][:_MAX_TODOS]
        self._name(*self._whole)

    def _name(self, *todos: Todo) -> None:
        if len(self._named) < _MAX_NAMED:
            self._named.update(dict.fromkeys(todo.text for todo in todos))

    def _update(self, number: str, fields: dict[str, Any]) -> None:
        task = self._tasks.get(number)
        if task is None:
            return
        if fields.get("status") == "deleted":
            del self._tasks[number]
            return
        subject = text_or_none(fields.get("subject")) or task.text
        self._tasks[number] = Todo(cut(subject, _TODO_CHARS), _status(fields.get("status")) or task.status)
        self._name(self._tasks[number])


def _todos(told: Any) -> list[Todo]:
    return [Todo(text, status or "pending") for _, text, status in _entries(told) if text]


def _entries(told: Any) -> Iterator[tuple[str, str, str | None]]:
    """Yield number, text and status of the entries of a list, each empty where it is not told."""
    if isinstance(told, str):
        yield from (("", cut(text.strip(), _TODO_CHARS), _BOXES.get(box, box)) for box, text in _BOX.findall(told))
        return
    for entry in map(as_dict, as_list(told)):
        keys = ("content", "step", "title", "description", "text")
        text = next((as_str(entry[key]) for key in keys if as_str(entry.get(key))), "")
        number = entry.get("id")
        yield (
            (str(number)[:_TODO_CHARS] if isinstance(number, str | int) else ""),
            cut(text, _TODO_CHARS),
            _status(entry.get("status")),
        )


def _status(value: Any) -> str | None:
    status = as_str(value).lower().replace(" ", "_")
    return _STATUSES.get(status, status)[:20] or None
