"""Anthropic's shapes: a request, bare messages, a response, lines."""

from __future__ import annotations

import pytest

from tests.transcripts import rows as r

MESSAGES = [
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
FORMS = {
    "list": MESSAGES,
    "request": {"model": "claude-opus-5", "system": [{"type": "text", "text": "be good"}], "messages": MESSAGES},
    "lines": r.jsonl(*MESSAGES),
    "requests": r.jsonl({"system": "x", "messages": MESSAGES[:1]}, {"system": "be good", "messages": MESSAGES}),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_same_conversation(read, texts, form):
    """Words, tools and their results."""
    found = read(FORMS[form])
    assert (found.format, found.usage) == ("anthropic_messages", None)
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "looking")]
    assert [(c.text, c.outcome) for c in found.commands] == [("ls", "ok")]
    counted = [text for role, text in texts(FORMS[form]) if role != "system"]
    assert counted == ["hi", "looking", "bash", '{"command":"ls"}', "a.py"]


def test_system_prompt_and_tools_are_counted(texts):
    """They fill the window as well."""
    found = texts({"system": "be good", "tools": [{"name": "t", "input_schema": {}}], "messages": MESSAGES[:1]})
    assert found == [("system", "be good"), ("system", '{"name":"t","input_schema":{}}'), ("user", "hi")]


def test_usage_of_a_response_is_exact(read):
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
