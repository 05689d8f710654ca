"""Every name of every kind of tool means the same wherever it is asked what a tool is."""

from __future__ import annotations

import pytest

from handoff_cli.core import tool_names
from handoff_cli.core.transcript import ToolCall
from handoff_cli.documents.extract.runs.underway import is_quiet, list_kept_at, under_way
from handoff_cli.transcripts.conversation.marks.inputs import NAMES, input_of, plain_name
from handoff_cli.transcripts.events import Called
from handoff_cli.transcripts.filling import Measuring
from handoff_cli.transcripts.todo_list import TodoList
from handoff_cli.transcripts.tools import Asked
from tests.documents.sessions import ran, told


def pending(name, summary="x"):
    """Return what is told of a call that nothing answered."""
    calls = tuple(ToolCall(str(at), name, summary, at, None, outcome) for at, outcome in ((20, "ok"), (30, None)))
    runs = (ran(summary, None, 30),) if name in tool_names.SHELLS else ()
    return [it.kind for it in under_way(told(("user", "go"), tool_calls=calls, commands=runs), 10)]


def each(*kinds):
    return [name for kind in kinds for name in sorted(kind)]


@pytest.mark.parametrize("name", each(tool_names.WHOLE_LISTS))
def test_a_tool_that_writes_the_list_writes_it_in_every_log_and_is_never_pending(name):
    todos = TodoList()
    todos.called(name, {"todos": [{"content": "Mend the lock", "status": "pending"}]})
    assert [it.text for it in todos.items()] == ["Mend the lock"]
    assert Asked(name, {"todos": []}).lookup() is None
    assert pending(name) == []
    assert list_kept_at(told(tool_calls=(ToolCall("1", name, "x", 7, None, "ok"),))) == 7


@pytest.mark.parametrize("name", [*each(tool_names.TASKS, tool_names.PLANNERS), "TodoRead", "my__todo_add"])
def test_a_tool_that_does_nothing_to_the_project_is_quiet_and_no_look(name):
    assert is_quiet(ToolCall("1", name, "x", 1, None, "ok"))
    assert pending(name) == (["plan"] if name in tool_names.PLANNERS else [])
    assert Asked(name, {"text": "x"}).lookup() is None


@pytest.mark.parametrize("name", each(tool_names.ASKERS))
def test_a_tool_that_asks_the_user_is_a_question_under_all_of_its_names(name):
    assert pending(name, '{"question": "Which lock?"}') == ["question"]
    assert Asked(name, {"question": "Which lock?"}).lookup() is None


@pytest.mark.parametrize("name", [it for it in NAMES if NAMES[it] == "AskUserQuestion"])
def test_what_screens_call_a_tool_that_asks_is_a_name_of_one(name):
    assert plain_name(name) in tool_names.ASKERS
    assert name in tool_names.ASKERS


@pytest.mark.parametrize("name", each(tool_names.SUB_AGENTS))
def test_a_sub_agent_is_one_to_whoever_asks(name):
    assert pending(name, '{"prompt": "find the lock"}') == ["agent"]
    assert Asked(name, {"prompt": "find the lock"}).lookup() == ("agent", "find the lock")
    measuring = Measuring("a.jsonl", "text", None, lambda _text, _model: 10)
    measuring.see(Called("1", name, {"description": "find the lock"}), 1)
    assert [it.subagent for it in measuring.result().parts] == ["find the lock"]


@pytest.mark.parametrize("name", each(tool_names.SHELLS - {tool_names.HOOK, tool_names.BY_USER}))
def test_a_shell_runs_its_command_in_logs_and_on_screens(name):
    assert Asked(name, {"command": "make it"}).run == "make it"
    assert input_of(name, "make it") == {"command": "make it"}
    assert pending(name, "make it") == ["command"]


@pytest.mark.parametrize(
    "name", each(tool_names.WRITERS, tool_names.CREATORS, tool_names.CHANGERS, tool_names.DELETERS, tool_names.EDITORS)
)
def test_a_tool_that_changes_a_file_is_an_edit_while_it_is_under_way(name):
    assert [action for _, action in Asked(name, {"path": "a.py"}).touches] not in ([], ["read"])
    assert pending(name, "/p/a.py") == ["edit"]


@pytest.mark.parametrize("name", each(tool_names.READERS, tool_names.SEARCHERS, tool_names.FETCHERS))
def test_a_tool_that_looks_is_no_edit(name):
    assert Asked(name, {"path": "a.py"}).lookup()[0] in ("read", "search", "fetch")
    assert pending(name, "/p/a.py") == ["look"]


def test_each_name_has_one_kind():
    kinds = (
        *(tool_names.READERS, tool_names.WRITERS, tool_names.CREATORS, tool_names.CHANGERS, tool_names.DELETERS),
        *(tool_names.EDITORS, tool_names.PATCHERS, tool_names.SHELLS, tool_names.SEARCHERS, tool_names.FETCHERS),
        *(tool_names.SUB_AGENTS, tool_names.WHOLE_LISTS, tool_names.TASKS, tool_names.ASKERS, tool_names.PLANNERS),
    )
    assert len(frozenset().union(*kinds)) == sum(map(len, kinds))
    assert all(name == name.lower() for kind in kinds for name in kind)
