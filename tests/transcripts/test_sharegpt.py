"""ShareGPT: turns with ``from`` and ``value``."""

from __future__ import annotations

import pytest

from tests.transcripts import rows as r

TURNS = [
    {"from": "human", "value": "hi"},
    {"from": "function_call", "value": '{"name": "shell", "arguments": {"command": "ls"}}'},
    {"from": "observation", "value": "a.py"},
    {"from": "gpt", "value": "one file"},
]


@pytest.mark.parametrize("as_lines", [False, True])
def test_last_conversation_is_the_context(read, texts, as_lines):
    """With its system prompt; the warning tells of the others."""
    rows = [{"conversations": [{"from": "human", "value": "older"}]}, {"conversations": TURNS, "system": "be good"}]
    content = r.jsonl(*rows) if as_lines else rows
    found = read(content)
    assert found.format == "sharegpt"
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "one file")]
    assert [command.text for command in found.commands] == ["ls"]
    assert found.warnings == ("2 sessions in one file: the last is read",)
    assert [text for _, text in texts(content)] == ["be good", "hi", "shell", '{"command":"ls"}', "a.py", "one file"]


def test_a_single_conversation(read):
    """An object instead of a list."""
    assert [m.text for m in read({"conversations": TURNS}).messages] == ["hi", "one file"]
