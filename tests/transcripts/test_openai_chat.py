"""OpenAI's shapes: a list, an object, lines, responses of both APIs."""

from __future__ import annotations

import json

import pytest

from tests.transcripts import rows as r

CALL = {"id": "c1", "type": "function", "function": {"name": "read_file", "arguments": '{"path": "a.py"}'}}
MESSAGES = [
    {"role": "system", "content": "be good"},
    {"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": "data:"}}]},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "c1", "content": "print()"},
    {"role": "assistant", "content": "done"},
]
FORMS = {
    "list": MESSAGES,
    "object": {"model": "gpt-5", "messages": MESSAGES},
    "pretty": json.dumps({"messages": MESSAGES}, indent=2),
    "lines": r.jsonl(*MESSAGES),
    "conversations": r.jsonl({"messages": [{"role": "user", "content": "older"}]}, {"messages": MESSAGES}),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_same_conversation(read, texts, form):
    """Words, tools and the texts to count; no usage where none is recorded."""
    found = read(FORMS[form])
    assert (found.format, found.agent, found.usage) == ("openai_chat", None, None)
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "done")]
    assert [(call.name, call.summary) for call in found.tool_calls] == [("read_file", "a.py")]
    assert [(touch.path, touch.action) for touch in found.files] == [("a.py", "read")]
    expected = ["be good", "hi", "read_file", '{"path": "a.py"}', "print()", "done"]
    assert [text for _, text in texts(FORMS[form])] == expected


def test_usage_of_a_response_is_exact(read):
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
