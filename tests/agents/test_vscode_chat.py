"""A chat of VS Code is a document, or one with the changes made to it since."""

from __future__ import annotations

import json
import re

import pytest

from tests.agents.made_up import VSCODE, VSCODE_LOG, VSCODE_REQUEST, jsonl


def test_the_log_of_changes_gives_what_the_document_would(read):
    """Set, added to, cut and added to, deleted."""
    document, log = (re.sub(r"position=\d+", "", str(read(told).replace(format=""))) for told in (VSCODE, VSCODE_LOG))
    assert log == document


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
    told = [[it.text for it in read(log).messages] for log in (VSCODE_LOG, VSCODE_LOG + jsonl(change))]
    assert told[0] == told[1]


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


def test_a_request_that_was_undone_never_happened(read):
    """It goes when the next one is sent; one that stays in part does not."""
    session = json.loads(VSCODE)
    later = {**VSCODE_REQUEST, "requestId": "r2", "message": {"text": "more"}}
    session["requests"].append({**later, "shouldBeRemovedOnSend": {"requestId": "r2"}})
    assert read(session).messages == read(VSCODE).messages
    session["requests"][-1]["shouldBeRemovedOnSend"]["afterUndoStop"] = "u1"
    assert [message.text for message in read(session).messages if message.role == "user"][-1] == "more"


def test_what_the_editor_asks_by_itself_is_not_the_persons(read):
    session = json.loads(VSCODE)
    session["requests"].append({**VSCODE_REQUEST, "message": {"text": "done?"}, "isSystemInitiated": True})
    assert "done?" not in [message.text for message in read(session).messages]


def test_a_summary_stands_for_what_was_before(read):
    """The chat itself stays whole."""
    session = json.loads(VSCODE)
    metadata = {**VSCODE_REQUEST["result"]["metadata"], "summary": {"toolCallRoundId": "x", "text": "in short"}}
    session["requests"].append({**VSCODE_REQUEST, "requestId": "r2", "result": {"metadata": metadata}})
    found = read(session)
    assert (len(found.compactions), found.usage.tokens) == (1, 15_021)
    del metadata["promptTokens"]
    assert read(session).usage is None
