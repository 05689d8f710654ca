"""Shapes of the two interfaces: a list, an object, lines, requests, responses."""

from __future__ import annotations

import json

import pytest

from handoff_cli.core.transcript import REFUSED
from tests.transcripts import rows as r

OPENAI_CALL = {"id": "c1", "type": "function", "function": {"name": "read_file", "arguments": '{"path": "a.py"}'}}
OPENAI = [
    {"role": "system", "content": "be good"},
    {"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": "data:"}}]},
    {"role": "assistant", "content": None, "tool_calls": [OPENAI_CALL]},
    {"role": "tool", "tool_call_id": "c1", "content": "print()"},
    {"role": "assistant", "content": "done"},
]
OPENAI_FORMS = {
    "list": OPENAI,
    "object": {"model": "gpt-5", "messages": OPENAI},
    "pretty": json.dumps({"messages": OPENAI}, indent=2),
    "lines": r.jsonl(*OPENAI),
    "conversations": r.jsonl({"messages": [{"role": "user", "content": "older"}]}, {"messages": OPENAI}),
}


@pytest.mark.parametrize("form", OPENAI_FORMS)
def test_each_form_gives_the_same_conversation_of_openai(read, texts, form):
    """Words, tools and the texts to count; no usage where none is recorded."""
    found = read(OPENAI_FORMS[form])
    assert (found.format, found.agent, found.usage) == ("openai_chat", None, None)
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "done")]
    assert [(call.name, call.summary) for call in found.tool_calls] == [("read_file", "a.py")]
    assert [(touch.path, touch.action) for touch in found.files] == [("a.py", "read")]
    expected = ["be good", "hi", "read_file", '{"path": "a.py"}', "print()", "done"]
    assert [text for _, text in texts(OPENAI_FORMS[form])] == expected


def test_usage_of_a_response_is_exact_of_openai(read):
    """Chat completions and Responses alike: the prompt's tokens."""
    chat = {
        "object": "chat.completion",
        "model": "gpt-5",
        "choices": [{"message": {"role": "assistant", "content": "hi"}}],
        "usage": {"prompt_tokens": 129, "completion_tokens": 5},
    }
    found = read(chat)
    assert (found.format, found.usage.tokens, found.usage.method, found.model) == ("openai_chat", 129, "exact", "gpt-5")
    items = [
        {"type": "function_call", "call_id": "1", "name": "shell", "arguments": '{"command": ["ls"]}'},
        {"type": "function_call_output", "call_id": "1", "output": "a"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "one file"}]},
    ]
    found = read({"object": "response", "instructions": "be good", "output": items, "usage": {"input_tokens": 70}})
    assert (found.usage.tokens, found.messages[0].text, found.commands[0].text) == (70, "one file", "ls")


def test_old_function_calls(read):
    """They have no id."""
    rows = [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
    ]
    assert [call.name for call in read(rows).tool_calls] == ["f"]


ANTHROPIC = [
    {"role": "user", "content": "hi"},
    {"role": "assistant", "content": [{"type": "text", "text": "looking"}, r.tool_use("t1", "bash", command="ls")]},
    {
        "role": "user",
        "content": [
            {
                "type": "tool_result",
                "tool_use_id": "t1",
                "content": [{"type": "text", "text": "a.py"}],
                "is_error": False,
            }
        ],
    },
]
ANTHROPIC_FORMS = {
    "list": ANTHROPIC,
    "request": {"model": "claude-opus-5", "system": [{"type": "text", "text": "be good"}], "messages": ANTHROPIC},
    "lines": r.jsonl(*ANTHROPIC),
    "requests": r.jsonl({"system": "x", "messages": ANTHROPIC[:1]}, {"system": "be good", "messages": ANTHROPIC}),
}


@pytest.mark.parametrize("form", ANTHROPIC_FORMS)
def test_each_form_gives_the_same_conversation_of_anthropic(read, texts, form):
    """Words, tools and their results."""
    found = read(ANTHROPIC_FORMS[form])
    assert (found.format, found.usage) == ("anthropic_messages", None)
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "looking")]
    assert [(c.text, c.outcome) for c in found.commands] == [("ls", "ok")]
    counted = [text for role, text in texts(ANTHROPIC_FORMS[form]) if role != "system"]
    assert counted == ["hi", "looking", "bash", '{"command":"ls"}', "a.py"]


def test_system_prompt_and_tools_are_counted(texts):
    """They fill the window as well."""
    found = texts({"system": "be good", "tools": [{"name": "t", "input_schema": {}}], "messages": ANTHROPIC[:1]})
    assert found == [("system", "be good"), ("system", '{"name":"t","input_schema":{}}'), ("user", "hi")]


def test_usage_of_a_response_is_exact_of_anthropic(read):
    """What was read from and written to the cache is in the context as well."""
    response = {
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-5",
        "content": [{"type": "text", "text": "hi"}],
        "stop_reason": "end_turn",
        "usage": {
            "input_tokens": 3,
            "cache_creation_input_tokens": 20,
            "cache_read_input_tokens": 100,
            "output_tokens": 9,
        },
    }
    found = read(response)
    assert (found.format, found.usage.tokens, found.model, found.messages[0].text) == (
        "anthropic_messages",
        123,
        "claude-opus-5",
        "hi",
    )


GEMINI = [
    {"role": "user", "parts": [{"text": "run the tests"}]},
    {"role": "model", "parts": [{"text": "hm", "thought": True}, {"text": "Running."}]},
    {"role": "model", "parts": [{"functionCall": {"name": "run_shell_command", "args": {"command": "pytest"}}}]},
    {
        "role": "user",
        "parts": [{"functionResponse": {"name": "run_shell_command", "response": {"output": "1 failed"}}}],
    },
    {"role": "model", "parts": [{"functionCall": {"name": "write_file", "args": {"file_path": "a.py"}}}]},
    {"role": "user", "parts": [{"functionResponse": {"name": "write_file", "response": {"error": "read-only"}}}]},
]


@pytest.mark.parametrize("form", [GEMINI, {"contents": GEMINI, "systemInstruction": {"parts": [{"text": "be good"}]}}])
def test_each_form_gives_the_same_conversation_of_gemini(read, form):
    """A request, or the list alone as a saved chat is; answers go to the calls of their name."""
    found = read(form)
    assert found.format == "gemini_messages"
    assert [(it.role, it.text) for it in found.messages] == [("user", "run the tests"), ("assistant", "Running.")]
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest", "failed")]
    assert found.files == ()


def test_a_response_that_reached_the_limit_of_its_output_is_cut_off(read):
    anthropic = {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "Two ways: fir"}]}
    openai = {"message": {"role": "assistant", "content": "Two ways: fir"}}
    cut = [
        {**anthropic, "stop_reason": "max_tokens"},
        {"object": "chat.completion", "choices": [{**openai, "finish_reason": "length"}]},
        r.jsonl({"role": "user", "content": "which?"}, {**anthropic, "stop_reason": "max_tokens"}),
    ]
    whole = [{**cut[0], "stop_reason": "end_turn"}, {**cut[1], "choices": [{**openai, "finish_reason": "stop"}]}]
    assert [read(it).messages[-1].cut for it in (*cut, *whole)] == [True, True, True, False, False]


def test_rows_that_claude_streams(read):
    """A message in each; those of subagents are not in the context."""
    call = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "make"}}
    answer = {"type": "tool_result", "tool_use_id": "t1", "content": "Error 2", "is_error": True}
    found = read(
        r.jsonl(
            {"type": "system", "subtype": "init", "session_id": "s1", "tools": ["Bash"], "model": "claude-x"},
            {"type": "user", "message": {"role": "user", "content": [{"type": "text", "text": "build it"}]}},
            {"type": "assistant", "message": {"role": "assistant", "content": [call]}, "parent_tool_use_id": None},
            {"type": "user", "message": {"role": "user", "content": [answer]}},
            {"type": "assistant", "message": {"role": "assistant", "content": "aside"}, "parent_tool_use_id": "t9"},
            {"type": "result", "result": "done", "session_id": "s1"},
        )
    )
    assert [(it.role, it.text) for it in found.messages] == [("user", "build it")]
    assert [(it.text, it.outcome) for it in found.commands] == [("make", "failed")]
    assert (found.model, found.session_ids) == ("claude-x", ("s1",))


def test_a_command_ends_as_its_answer_says_of_openai(read):
    """Messages have no field for it."""
    call = {"id": "c1", "type": "function", "function": {"name": "bash", "arguments": '{"command": "pytest"}'}}
    answer = {"role": "tool", "tool_call_id": "c1", "content": "Exit code 1\n1 failed"}
    found = read([{"role": "user", "content": "go"}, {"role": "assistant", "tool_calls": [call]}, answer])
    assert [(it.outcome, it.exit_code) for it in found.commands] == [("failed", 1)]


def asked(name, given, answer, **more):
    call = {"id": "c1", "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
    return [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": answer, **more},
    ]


@pytest.mark.parametrize("key", ["command", "cmd", "script"])
def test_a_tool_that_is_given_a_command_runs_it_whatever_it_is_called(read, key):
    """Who sends messages to a model names its tools; an exit code that the answer ends with counts."""
    found = read(asked("run_in_box", {key: "npx jest"}, "compiled\n[exit code: 1]"))
    assert [(it.text, it.outcome, it.exit_code) for it in found.commands] == [("npx jest", "failed", 1)]


def test_an_argument_that_is_a_patch_edits_files_whatever_the_tool_is_called(read):
    patch = "*** Begin Patch\n*** Update File: src/a.ts\n@@\n-a\n+b\n*** End Patch"
    found = read(asked("change_files", {"diff_text": patch}, "Success."))
    assert [(it.path, it.old, it.new) for it in found.edits] == [("src/a.ts", "a", "b")]


def test_an_editor_of_another_name_is_no_shell(read):
    given = {"command": "str_replace", "path": "a.py", "old_str": "x", "new_str": "y"}
    found = read(asked("file_tool", given, "The file was edited."))
    assert ([it.path for it in found.edits], found.commands) == (["a.py"], ())


def test_a_result_of_anthropics_without_a_mark_is_judged_by_what_it_says(read):
    """One that has the mark is as it says."""
    call = {"type": "tool_use", "id": "t1", "name": "bash", "input": {"command": "mix test"}}
    for mark, outcome in (({}, "failed"), ({"is_error": False}, "ok")):
        answer = {"type": "tool_result", "tool_use_id": "t1", "content": "12 tests, 1 failure", **mark}
        rows = [{"role": "assistant", "content": [call]}, {"role": "user", "content": [answer]}]
        assert [it.outcome for it in read([{"role": "user", "content": "go"}, *rows]).commands] == [outcome]


def chat(name, arguments, answer, **more):
    """A request, a call and its answer, as a chat completion has them."""
    call = {"id": "1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": "", "tool_calls": [call], **more},
        {"role": "tool", "tool_call_id": "1", "content": answer if isinstance(answer, str) else json.dumps(answer)},
    ]


@pytest.mark.parametrize(
    ("answer", "printed", "code"),
    [
        ({"output": "1 failed\n7 passed", "exit_code": 1, "error": None}, "1 failed\n7 passed", 1),
        ({"stdout": "7 passed\n", "stderr": "warning: old", "returncode": 0}, "7 passed\nwarning: old", 0),
        ({"exitCode": 2, "stderr": "no"}, "no", 2),
        ({"output": "1 failed", "metadata": {"exit_code": 1}}, "1 failed", 1),
    ],
)
def test_an_object_that_holds_what_a_command_printed_and_its_code_is_read(read, answer, printed, code):
    """As tools of one's own give it: as text it would be one line, in which nothing is found."""
    (command,) = read({"messages": chat("terminal", {"command": "make"}, answer)}).commands
    assert (command.output, command.exit_code, command.outcome) == (printed, code, "failed" if code else "ok")


@pytest.mark.parametrize("answer", ['{"exit_code": 1}', '{"output": "x"}', "{'output': 'x', 'exit_code': 1}", "{"])
def test_any_other_object_is_what_the_command_printed(read, answer):
    (command,) = read({"messages": chat("terminal", {"command": "cat a.json"}, answer)}).commands
    assert command.output == answer


def test_a_command_that_was_not_allowed_was_refused(read):
    """Where an object says so."""
    answer = {"output": "", "exit_code": -1, "error": "BLOCKED: User denied this command", "status": "blocked"}
    (command,) = read({"messages": chat("terminal", {"command": "rm -rf build"}, answer)}).commands
    assert command.error.startswith(REFUSED)


@pytest.mark.parametrize("answer", [{"results": [{"summary": "In a.py:3."}]}, {"response": "In a.py:3."}, "In a.py:3."])
def test_what_a_sub_agent_reported_in_an_object(read, answer):
    found = read({"messages": chat("delegate_task", {"goal": "Find it"}, answer)})
    assert [(it.kind, it.asked, it.answer) for it in found.lookups] == [("agent", "Find it", "In a.py:3.")]


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
def test_thoughts_beside_a_message(read, texts, name):
    """They are not sent again."""
    rows = {"messages": chat("terminal", {"command": "make"}, "ok", **{name: "The lock leaks."})}
    assert [it.text for it in read(rows).reasonings] == ["The lock leaks."]
    assert not any("leaks" in text for _, text in texts(rows))
