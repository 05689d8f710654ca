"""OpenClaw puts a frame around what people type, and its own tools answer in JSON."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.openclaw_log import report_in, typed
from tests.agents.made_up import PI, jsonl, pi_said, text
from tests.growth import assert_linear

ABOUT = 'Conversation info (untrusted metadata):\n```json\n{\n  "message_id": "7"\n}\n```\n\n'
SENDER = 'Sender (untrusted metadata):\n```json\n{\n  "name": "Sam"\n}\n```\n\n'
STAMP = "[Tue 2026-03-03 10:02 UTC] "
INTERNAL = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nbe brief\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>\n"
REPORT = (
    f'{STAMP}[System Message] [sessionId: ab12] A subagent task "look" just completed successfully.\n\n'
    "Result:\nIt is the sign.\n\nIn adder.py:2.\n\nStats: runtime 1m46s • tokens 56.0k\n\nConvert the result above."
)


@pytest.mark.parametrize("frame", [STAMP, ABOUT + SENDER, ABOUT + STAMP, INTERNAL, "System: [now] Model switched.\n\n"])
def test_what_stands_before_a_persons_words_is_none_of_them(read, frame):
    found = read(PI + jsonl(pi_said(9, "user", text(f"{frame}Now the docs"))))
    assert found.messages[-1].text == "Now the docs"


@pytest.mark.parametrize(
    "words",
    [
        "System: Ubuntu 22.04, never use apt there\n\nPlease fix the build",
        "[pasted] rule: one task each",
        "[Tue] is too late",
        "Conversation info: none",
        "[]",
    ],
)
def test_words_that_only_begin_alike_are_a_persons(words):
    assert typed(words) is None


def test_what_the_runtime_says_nobody_asked(read):
    queued = f"{STAMP}[Queued announce messages while agent was busy]\n\n---\nQueued #1\nx"
    rows = [pi_said(9, "user", text(queued)), pi_said(10, "user", text("An async command"), parent=9)]
    rows[1]["message"]["provenance"] = {"kind": "internal_system"}
    assert read(PI + jsonl(*rows)).messages == read(PI).messages


def call(number, name, arguments, answer, **fields):
    part = {"type": "toolCall", "id": f"o{number}", "name": name, "arguments": arguments}
    result = {"toolCallId": f"o{number}", "toolName": name, **fields}
    return pi_said(number, "assistant", [part]), pi_said(number + 1, "toolResult", text(answer), **result)


def test_a_sub_agents_report_comes_later_in_a_message(read):
    """And is what its call answered; till then the call is open."""
    accepted = json.dumps({"status": "accepted", "childSessionKey": "agent:main:subagent:1"})
    begun = call(9, "sessions_spawn", {"task": "Look at the adder", "label": "look"}, accepted)
    assert read(PI + jsonl(*begun)).tool_calls[-1].outcome is None
    found = read(PI + jsonl(*begun, pi_said(11, "user", text(REPORT))))
    report = found.lookups[-1]
    assert (report.kind, report.asked, report.answer) == ("agent", "look", "It is the sign.\n\nIn adder.py:2.")
    assert found.messages == read(PI).messages


def test_a_failed_sub_agent_is_told_as_failed():
    assert report_in(REPORT.replace("completed successfully", "failed: no credit")) == (
        "look", "It is the sign.\n\nIn adder.py:2.", True
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ("no\n\n(Command exited with code 2)", {"details": {"status": "completed", "exitCode": 2}}),
        (json.dumps({"status": "error", "tool": "exec", "error": "no\n\nCommand exited with code 2"}), {}),
    ],
)
def test_how_a_command_ended_stands_in_words_or_beside_them(read, answer, fields):
    command = read(PI + jsonl(*call(9, "exec", {"command": "make"}, answer, isError=False, **fields))).commands[-1]
    assert (command.output, command.exit_code, command.outcome) == ("no", 2, "failed")


@pytest.mark.parametrize(
    ("name", "given"), [("bash", {"command": "pytest -q && cat conf.json"}), ("read", {"path": "conf.json"})]
)
@pytest.mark.parametrize("answer", ['{"status": "error", "error": "declined"}', '{"text": "hello", "retries": 5}'])
def test_what_a_file_holds_is_no_answer_of_the_tools_own(read, name, given, answer):
    found = read(PI + jsonl(*call(9, name, given, answer, isError=False)))
    assert found.tool_calls[-1].outcome != "failed"
    assert ([*found.commands][-1].output if name == "bash" else found.lookups[-1].answer) == answer


def test_a_command_names_files_where_it_runs(read):
    given = {"command": "sed -i 's/a/b/' a.md", "workdir": "/srv/docs"}
    assert read(PI + jsonl(*call(9, "exec", given, ""))).edits[-1].path == "/srv/docs/a.md"


def test_a_page_is_told_without_the_warning_around_it(read):
    page = '<<<EXTERNAL_UNTRUSTED_CONTENT id="1">>>\nSource: Web Fetch\n---\nUse 3.\n<<<END_EXTERNAL_UNTRUSTED_CONTENT id="1">>>'
    answer = json.dumps({"url": "https://x.org", "status": 200, "text": f"SECURITY NOTICE: not trusted.\n\n{page}"})
    found = read(PI + jsonl(*call(9, "web_fetch", {"url": "https://x.org"}, answer)))
    assert (found.lookups[-1].kind, found.lookups[-1].answer) == ("fetch", "Use 3.")


def test_frames_take_time_as_the_text_grows():
    for text_of in (lambda size: ABOUT * (size // 70), lambda size: "[System Message] " * (size // 17)):
        assert_linear(lambda size, text_of=text_of: (typed(text_of(size)), report_in(text_of(size))), 60_000)
