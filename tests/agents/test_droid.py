"""Factory Droid writes the usage beside its log, and sums that are no size."""

from __future__ import annotations

import json

from handoff_cli.agents.readers import read_transcript
from tests.agents.made_up import DROID, DROID_SETTINGS, droid, jsonl, text


def written(tmp_path, settings, log=DROID):
    (tmp_path / "s.jsonl").write_text(log)
    (tmp_path / "s.settings.json").write_text(json.dumps(settings))
    return read_transcript(str(tmp_path / "s.jsonl"))


def test_the_last_calls_usage_is_the_context(tmp_path):
    """Input, cache and output, as Droid's own meter adds them up."""
    found = written(tmp_path, DROID_SETTINGS)
    assert (found.usage.tokens, found.usage.method, found.model) == (15_065, "exact", "claude-opus-4-5")


def test_the_last_call_before_a_compaction_is_no_figure(tmp_path):
    """The settings keep it until the next one."""
    compacted = DROID + jsonl({"type": "compaction_state", "summaryText": "so far"}, droid("user", text("Go on"), 9))
    assert written(tmp_path, DROID_SETTINGS, compacted).usage is None
    answered = compacted + jsonl(droid("assistant", text("Gone on."), 10))
    assert written(tmp_path, DROID_SETTINGS, answered).usage.tokens == 15_065


def test_the_sums_of_the_session_are_no_size(tmp_path):
    """Older versions write nothing else."""
    assert written(tmp_path, {"tokenUsage": {"inputTokens": 90_000}}).usage is None


def test_todos_and_a_compaction(read, texts):
    """The list comes as numbered lines; the summary takes the place of what was said."""
    found = read(DROID)
    assert [(todo.text, todo.status) for todo in found.todos] == [("mend", "completed"), ("changelog", "pending")]
    log = DROID + jsonl({"type": "compaction_state", "summaryText": "so far"}, droid("user", text("Go on"), 9))
    assert len(read(log).compactions) == 1
    assert texts(log) == [("user", "so far"), ("user", "Go on")]


def test_the_rows_of_a_run(read):
    """``droid exec --output-format stream-json`` writes another shape."""
    found = read(jsonl(
        {"type": "system", "subtype": "init", "session_id": "s-2", "model": "small-1", "cwd": "/srv/app"},
        {"type": "message", "session_id": "s-2", "role": "user", "text": "<system-reminder>x</system-reminder>Go"},
        {"type": "tool_call", "session_id": "s-2", "toolCallId": "c1", "toolName": "Execute", "parameters": {"command": "ls"}},
        {"type": "tool_result", "session_id": "s-2", "toolCallId": "c1", "value": {"stdout": "a\n", "exitCode": 2}},
        {"type": "completion", "session_id": "s-2", "finalText": "Done", "usage": {"input_tokens": 90_000}},
    ))  # fmt: skip
    assert [message.text for message in found.messages] == ["Go", "Done"]
    assert (found.commands[0].exit_code, found.usage, found.model) == (2, None, "small-1")
