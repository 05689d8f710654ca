"""Calls of tools and their results in JSON of any shape."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.readers import read_pieces

RUN, PRINTED = "make test", "1 failed, 3 passed"
ASKS = {"role": "user", "content": [{"kind": "text", "text": "Run the tests."}]}


def commands(*turns):
    text = json.dumps({"log": [ASKS, *turns]}, indent=1)
    return [(it.text, it.outcome) for it in read_pieces("piped", lambda: [(text, True)]).commands]


@pytest.mark.parametrize(
    "turns",
    [
        [{"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "bash", "input": {"command": RUN}}}]},
         {"role": "user", "content": [{"toolResult": {"toolUseId": "t", "content": [{"text": PRINTED}], "status": "error"}}]}],
        [{"role": "assistant", "parts": [{"type": "tool-bash", "toolCallId": "t", "input": {"command": RUN}, "output": {"stdout": PRINTED, "exitCode": 1}}]}],
        [{"role": "assistant", "parts": [{"toolInvocation": {"toolCallId": "t", "toolName": "sh", "args": {"command": RUN}, "result": PRINTED}}]}],
        [{"role": "assistant", "parts": [{"invocation": {"name": "sh", "args": json.dumps({"command": RUN})}}]},
         {"role": "assistant", "parts": [{"response": {"type": "function_call", "name": "sh", "result": PRINTED}}]}],
        [{"source": "agent", "action": "run", "message": "Running", "id": 7, "args": {"command": RUN}},
         {"source": "agent", "observation": "run", "cause": 7, "content": PRINTED, "extras": {"metadata": {"exit_code": 1}}}],
        [{"role": "assistant", "usedTools": json.dumps([{"tool": "sh", "toolInput": {"command": RUN}, "toolOutput": PRINTED}])}],
        [{"speaker": "bot", "text": "I run them.", "tool_calls": [{"name": "bash", "input": RUN, "output": PRINTED}]}],
        [{"speaker": "tool", "command": RUN, "stdout": PRINTED, "exit_code": 1}],
        [{"type": "tool_use", "part": {"type": "tool", "callID": "c", "tool": "bash", "state": {"input": {"command": RUN}, "output": PRINTED, "metadata": {"exit": 1}}}}],
        [{"role": "tool", "content": [{"kind": "text", "text": f"$ {RUN}\n{PRINTED}"}]}],
        [{"role": "assistant", "content": [{"kind": "text", "text": f"I ran it:\n\n```\n$ {RUN}\n{PRINTED}\n```\n\nOne fails."}]}],
    ],
    ids=["in a member", "part", "invocation", "by name", "action", "tools in text", "text", "command", "state", "prompt", "block"],
)  # fmt: skip
def test_a_call_and_its_result_are_known_by_their_members(turns):
    """In one object or in two, by a number, by the tool's name, or by a prompt in what was shown."""
    assert commands(*turns) == [(RUN, "failed")]


@pytest.mark.parametrize(
    "fields",
    [
        {"tools": [{"name": "sh", "description": "Runs.", "parameters": {"command": {"type": "string"}}}]},
        {"definitions": [{"name": "sh", "description": "Runs.", "input_schema": {"command": RUN}}]},
        {"spans": [{"name": "llm", "input": {"messages": [{"role": "user", "parts": [{"text": "Hi."}]}]}}]},
        {"source": "agent", "action": "message", "args": {"content": "I wait."}},
        {"role": "assistant", "parts": [{"text": "Run this:\n\n```bash\n$ make test\n```"}]},
    ],
    ids=["tools", "schema", "request", "message", "only shown"],
)
def test_what_could_be_called_and_what_is_only_said_is_no_call(fields):
    """Definitions of tools, requests to a model, and a command without what it printed."""
    assert commands({"role": "assistant", "parts": [{"text": "Yes."}]}, fields) == []


@pytest.mark.parametrize("code", ["1" * 5000, "²"], ids=["long", "small"])
def test_a_code_that_is_no_number_tells_nothing(code):
    """Digits that are none, or more than programs end with."""
    turn = {"tool": "sh", "input": {"command": RUN}, "output": PRINTED, "exit_code": code}
    assert [it for it, _ in commands(turn)] == [RUN]


def test_what_the_description_of_a_service_names_is_no_call():
    """It has neither a type nor a number, and of what may be given only the shape; its text is told as it stands."""
    made = {"StartUpload": {"name": "StartUpload", "input": {"shape": "Rows"}, "output": {"shape": "Done"}}}
    text = json.dumps({"operations": made, "notes": "Sends rows.", "shapes": {"Rows": {"type": "map"}}}, indent=1)
    found = read_pieces("piped", lambda: [(text, True)])
    assert not found.tool_calls
    assert "Sends rows." in found.messages[0].text
    drawn = json.dumps([ASKS, {"id": "c", "name": "draw", "input": {"shape": "box"}}], indent=1)
    assert read_pieces("piped", lambda: [(drawn, True)]).tool_calls


def code(role, language, content):
    return {"role": role, "type": "code", "format": language, "content": content}


CONSOLE = {"role": "computer", "type": "console", "format": "output", "content": PRINTED}


def test_code_that_a_user_showed_was_not_run_and_is_said():
    text = json.dumps([code("user", "python", "shutil.rmtree('/data')"), code("assistant", "shell", RUN), CONSOLE])
    found = read_pieces("piped", lambda: [(text, True)])
    assert [(it.text, it.outcome) for it in found.commands] == [(RUN, "failed")]
    assert [(it.role, it.text) for it in found.messages] == [("user", "shutil.rmtree('/data')")]


def test_what_a_console_showed_is_of_the_last_code_and_a_page_is_none():
    turns = (
        code("assistant", "shell", "sleep 9"),
        code("assistant", "html", "<b>hi</b>"),
        code("assistant", "shell", RUN),
    )
    assert commands(*turns, CONSOLE) == [("sleep 9", None), (RUN, "failed")]
