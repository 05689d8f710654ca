"""LangChain's two ways to write a message."""

from __future__ import annotations

import pytest

from tests.transcripts import rows as r

AI = {
    "content": "looking",
    "tool_calls": [{"name": "bash", "args": {"command": "ls"}, "id": "1"}],
    "usage_metadata": {"input_tokens": 40, "output_tokens": 3, "total_tokens": 43},
    "response_metadata": {"model_name": "gpt-5"},
}
PAIRS = [
    ("system", {"content": "be good"}),
    ("human", {"content": "hi"}),
    ("ai", AI),
    ("tool", {"content": "denied", "tool_call_id": "1", "status": "error"}),
]
CLASSES = {"system": "SystemMessage", "human": "HumanMessage", "ai": "AIMessage", "tool": "ToolMessage"}
TYPED = [{"type": kind, "data": data} for kind, data in PAIRS]
DUMPED = [
    {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", CLASSES[kind]], "kwargs": data}
    for kind, data in PAIRS
]


@pytest.mark.parametrize("content", [TYPED, DUMPED, {"messages": TYPED}, r.jsonl(*TYPED), r.jsonl(*DUMPED)])
def test_each_form_gives_the_same(read, content):
    """Words, usage, model, tools and their outcome."""
    found = read(content)
    assert (found.format, found.model, found.usage.tokens, found.usage.method) == ("langchain", "gpt-5", 40, "exact")
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "looking")]
    assert [(c.text, c.outcome, c.error) for c in found.commands] == [("ls", "failed", "denied")]
