"""Gemini CLI's sessions: a JSON document, or a log in which messages are written again and taken back."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import FileTouch
from tests.transcripts import rows as r

CALLS = [
    {
        "id": "1",
        "name": "write_file",
        "args": {"file_path": "a.md"},
        "status": "success",
        "result": [
            {"functionResponse": {"response": {"output": "Successfully created and wrote to new file: /p/a.md."}}}
        ],
    },
    {
        "id": "2",
        "name": "run_shell_command",
        "args": {"command": "false"},
        "status": "success",
        "result": [
            {"functionResponse": {"response": {"output": "Command: false\nOutput: (empty)\nExit Code: 1\nSignal: 0"}}}
        ],
    },
    {
        "id": "3",
        "name": "read_file",
        "args": {"file_path": "b.md"},
        "status": "error",
        "result": [{"functionResponse": {"response": {"error": "no such file"}}}],
    },
]


@pytest.mark.parametrize("as_log", [False, True])
def test_both_forms_give_the_same(read, as_log):
    """Context, model, messages, files and commands."""
    messages = [
        r.gemini_message("u", kind="user", content=[{"text": "hi"}]),
        r.gemini_message("a", 12_000, model="gemini-3-pro", toolCalls=CALLS),
    ]
    found = read(r.jsonl(r.gemini_start(), *messages) if as_log else {**r.gemini_start(), "messages": messages})
    assert (found.format, found.agent, found.model, found.session_ids) == ("gemini", "gemini", "gemini-3-pro", ("g-1",))
    assert (found.usage.tokens, found.usage.method, found.peak) == (12_000, "exact", 12_000)
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "hello")]
    assert found.files == (FileTouch("a.md", "created", 1),)
    assert [(c.text, c.exit_code, c.outcome) for c in found.commands] == [("false", 1, "failed")]
    assert [call.outcome for call in found.tool_calls] == ["ok", "failed", "failed"]


def test_message_written_again_replaces_itself(read):
    """One message, its last tokens."""
    found = read(
        r.jsonl(r.gemini_start(), r.gemini_message("a", 10, content="h"), r.gemini_message("a", 20, content="hello"))
    )
    assert (found.usage.tokens, found.peak, found.responses, [m.text for m in found.messages]) == (20, 20, 1, ["hello"])


def test_rewind_takes_back_a_message_and_all_after(read):
    """An unknown one takes back everything."""
    rows = [r.gemini_start(), r.gemini_message("a", 10), r.gemini_message("b", 20), r.gemini_message("c", 30)]
    assert read(r.jsonl(*rows, {"$rewindTo": "b"})).usage.tokens == 10
    assert read(r.jsonl(*rows, {"$rewindTo": "gone"})).usage is None


def test_set_messages_replaces_all(read):
    """Metadata alone changes nothing."""
    rows = [r.gemini_start(), r.gemini_message("a", 10_000)]
    assert read(r.jsonl(*rows, {"$set": {"lastUpdated": "now"}})).usage.tokens == 10_000
    brought = {
        "$set": {"messages": [r.gemini_message("s", kind="user", content="summary"), r.gemini_message("b", 700)]}
    }
    found = read(r.jsonl(*rows, brought))
    assert (found.usage.tokens, [m.text for m in found.messages]) == (700, ["summary", "hello"])


def test_notices_and_null_tokens_are_no_usage(read):
    """Only a response of the model counts."""
    found = read(
        r.jsonl(
            r.gemini_start(), r.gemini_message("a", 10), r.gemini_message("b", 99, kind="info"), r.gemini_message("c")
        )
    )
    assert found.usage.tokens == 10
