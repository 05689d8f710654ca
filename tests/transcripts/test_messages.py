"""Shapes of the two interfaces: a list, an object, lines, requests, responses."""

from __future__ import annotations

import json

import pytest

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
