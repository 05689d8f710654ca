"""A chat of VS Code is a document, or one with the changes made to it since."""

from __future__ import annotations

import json

import pytest

from tests.agents.made_up import VSCODE, VSCODE_LOG, VSCODE_REQUEST, jsonl


def test_the_log_of_changes_gives_what_the_document_would(read):
    """Set, added to, cut and added to, deleted."""
    document, log = read(VSCODE), read(VSCODE_LOG)
    places = {"messages": log.messages, "tool_calls": log.tool_calls, "commands": log.commands, "lookups": log.lookups}
    assert log.replace(format="") == document.replace(format="", **places)
    assert [command.text for command in log.commands] == [command.text for command in document.commands]
    assert [message.text for message in log.messages] == [message.text for message in document.messages]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": 1, "k": ["requests", 9, "result"], "v": {}},
        {"kind": 1, "k": ["requests", True], "v": {}},
        {"kind": 2, "k": ["requests"], "v": "no list"},
        {"kind": 2, "k": ["customTitle", 0, "x"], "v": [1]},
        {"kind": 3, "k": [{}], "v": None},
        {"kind": 7, "k": ["requests"], "v": []},
    ],
)
def test_a_change_of_what_is_not_there_changes_nothing(read, change):
    """Strangers write these files."""
    assert read(VSCODE_LOG + jsonl(change)).messages == read(VSCODE_LOG).messages


def test_todos_and_the_turns(read):
    """The list is part of the tool's own data."""
    found = read(VSCODE)
    assert [(todo.text, todo.status) for todo in found.todos] == [("changelog", "pending")]
    assert (found.turns, found.responses) == (1, 1)


def test_a_request_that_is_under_way_has_no_figure(read):
    """The one before it has."""
    session = json.loads(VSCODE)
    session["requests"].append({**VSCODE_REQUEST, "requestId": "r2", "result": None, "response": []})
    found = read(session)
    assert (found.usage.tokens, found.turns) == (15_021, 1)
