"""Qwen Code's rows look like Claude Code's and are told apart; rewinds leave dead branches."""

from __future__ import annotations

import pytest

from handoff_cli.agents.readers import sniff_format
from tests.agents.made_up import QWEN, jsonl, qwen_call, qwen_result, qwen_row, qwen_used
from tests.transcripts import rows as r


def test_told_from_claude_code():
    """A Claude Code log that speaks of parts is none of Qwen Code's."""
    call = r.tool_use("1", "Write", content='{"message": {"role": "user", "parts": []}}')
    assert sniff_format(r.jsonl(r.claude_user("hi"), r.claude_response(5, [call]))) == "claude_code"
    assert sniff_format(QWEN) == "qwen"


def test_a_rewind_takes_back(read):
    """What was said after the point rewound to does not stand, nor its usage."""
    log = QWEN + jsonl(
        qwen_row(9, "system", [], parent=1, subtype="rewind"),
        qwen_row(10, "user", [{"text": "Another way"}], subtype="mid_turn_user_message"),
        qwen_row(11, "assistant", [{"text": "So be it."}], **qwen_used(12_345)),
    )
    found = read(log)
    assert [message.text for message in found.messages][1:] == ["Another way", "So be it."]
    assert (found.usage.tokens, found.tool_calls) == (12_345, ())


def test_rows_that_share_a_line_are_read_each(read):
    """Two writers at once leave a line end out."""
    found, whole = read(QWEN.replace("\n{", "{", 3)), read(QWEN)
    assert [it.text for it in found.messages] == [it.text for it in whole.messages]
    assert (found.usage, found.files, found.todos) == (whole.usage, whole.files, whole.todos)
    assert len(found.tool_calls) == len(whole.tool_calls)


def test_a_compression_leaves_no_figure_until_the_next_response(read, texts):
    """What it says is left is an estimate of its own; what stands in the context is counted."""
    payload = {
        "info": {"originalTokenCount": 700_000, "newTokenCount": 90},
        "compressedHistory": [{"role": "user", "parts": [{"text": "<state_snapshot>"}]}],
    }
    log = QWEN + jsonl(qwen_row(9, "system", [], subtype="chat_compression", systemPayload=payload))
    found = read(log)
    assert (found.usage, found.compactions[0].before) == (None, 700_000)
    assert texts(log) == [("user", "<state_snapshot>")]


def test_zeros_are_no_figure(read):
    """A response whose usage is not known has zeros or nothing."""
    log = QWEN + jsonl(
        qwen_row(9, "assistant", [{"text": "ok"}], usageMetadata={"promptTokenCount": 0}, contextWindowSize=0)
    )
    assert (read(log).usage.tokens, read(log).window) == (15_021, 1_000_000)


def test_subagents_are_not_the_session(read):
    """Their rows are marked."""
    log = QWEN + jsonl(qwen_row(9, "assistant", [{"text": "child"}], isSidechain=True, **qwen_used(99)))
    assert read(log).usage.tokens == 15_021


def test_what_a_command_printed_stands_without_what_qwen_tells_around_it(read):
    """As Gemini CLI, which it comes from."""
    told = (
        "Command: make\nDirectory: (root)\nOutput: --- FAIL: TestOne\nFAIL\nError: (none)\nExit Code: 1\nSignal: (none)"
    )
    log = QWEN + jsonl(
        qwen_row(9, "assistant", [qwen_call("c9", "run_shell_command", command="make")], **qwen_used(16_000)),
        qwen_result(10, "c9", status="error", exit_code=1, error=told),
    )
    assert (read(log).commands[-1].output, read(log).commands[-1].exit_code) == ("--- FAIL: TestOne\nFAIL", 1)


def test_the_folder_is_the_one_of_the_rows_and_words_without_a_call_end_the_turn(read):
    calling = qwen_row(9, "assistant", [{"text": "I look"}, qwen_call("c9", "glob", pattern="*")], **qwen_used(16_000))
    assert (read(QWEN).folder, read(QWEN + jsonl(calling)).turns) == ("/srv/app", read(QWEN).turns)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Showing lines 7-8 of 90 total lines.\n\n---\n\n", ""),
        ('Found 2 matches for pattern "x" in path "src":\n---\n', "\n---"),
    ],
)
def test_what_a_tool_found_stands_without_what_is_told_around_it(read, above, below):
    log = QWEN + jsonl(
        qwen_row(9, "assistant", [qwen_call("c9", "read_file", file_path="/srv/b.py")], **qwen_used(16_000)),
        qwen_result(10, "c9", output=f"{above}def f():\n    x{below}"),
    )
    assert read(log).lookups[-1].answer == "def f():\n    x"


def test_an_edit_lies_in_the_function_that_the_file_had_it_in(read):
    before = "def f():\n    return 1\n"
    edit = qwen_call("c9", "edit", file_path="/srv/b.py", old_string="    return 1", new_string="    return 2")
    done = qwen_result(10, "c9", output="The file: /srv/b.py has been updated.")
    done["toolCallResult"]["resultDisplay"] = {"fileName": "b.py", "originalContent": before}
    log = QWEN + jsonl(qwen_row(9, "assistant", [edit], **qwen_used(16_000)), done)
    assert read(log).edits[-1].where == "f"
