"""What is particular to the logs of Amp, Antigravity, Continue and Grok Build."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.readers import read_transcript
from handoff_cli.core.transcript import REFUSED
from tests.agents.made_up import AMP, ANTIGRAVITY, CONTINUE, GROK, amp_result, continue_call, jsonl, step, text


def test_amp_summary_is_a_compaction(read, texts):
    """It comes as an info message; a call that was cancelled has failed."""
    thread = json.loads(AMP)
    summary = {"type": "summary", "summary": {"type": "message", "summary": "so far"}}
    thread["messages"] += [
        {"role": "info", "messageId": 4, "content": [summary]},
        {"role": "user", "messageId": 5, "content": [amp_result("c1", None, "cancelled"), *text("Go on")]},
    ]
    found = read(thread)
    assert (len(found.compactions), found.usage) == (1, None)
    assert texts(json.dumps(thread)) == [("user", "so far"), ("user", "Go on")]


def test_amp_without_a_total_adds_up_the_parts(read):
    """Older threads have only those; output is no part of the prompt."""
    thread = json.loads(AMP)
    usage = {"inputTokens": 20, "cacheCreationInputTokens": 1_000, "cacheReadInputTokens": 14_001, "outputTokens": 44}
    thread["messages"][-1]["usage"] = usage
    assert read(thread).usage.tokens == 15_021


def test_amp_call_that_the_user_did_not_allow(read):
    """With what the user said of it."""
    call = {"type": "tool_use", "id": "c9", "name": "Bash", "input": {"cmd": "rm -rf build"}}
    run = {"status": "rejected-by-user", "reason": "leave it"}
    answer = {"type": "tool_result", "toolUseID": "c9", "run": run}
    thread = json.loads(AMP)
    thread["messages"] += [{"role": "assistant", "content": [call]}, {"role": "user", "content": [answer]}]
    found = read(json.dumps(thread))
    assert found.commands[-1].error.startswith(REFUSED)
    assert found.messages[-1].text == "leave it"


def test_amp_command_that_printed_nothing(read):
    """Its answer is no text of that."""
    thread = json.loads(AMP)
    thread["messages"][2]["content"][1] = amp_result("c2", {"output": "", "exitCode": 0})
    (command,) = read(thread).commands
    assert (command.output, command.outcome) == (None, "ok")


def test_antigravity_answer_without_a_call(read):
    """A trimmed log still tells what was done; a checkpoint is a compaction."""
    log = jsonl(
        step(0, "RUN_COMMAND", "The command completed successfully.\nOutput:\na"),
        step(1, "VIEW_FILE", "File Path: `file:///srv/app/adder.py`\ndef add"),
        step(2, "CHECKPOINT", "so far", "SYSTEM"),
    )
    found = read(log)
    assert [(call.name, call.outcome) for call in found.tool_calls] == [("run_command", "ok"), ("view_file", "ok")]
    assert [(file.path, file.action) for file in found.files] == [("/srv/app/adder.py", "read")]
    assert len(read(ANTIGRAVITY + log).compactions) == 1


def test_antigravity_tells_above_an_answer_when_it_came(read):
    """Which is none of it."""
    call = {"name": "run_command", "args": {"CommandLine": '"make"'}}
    answer = "Created At: 2026-11-01T10:00:00Z\nCompleted At: 2026-11-01T10:00:01Z\n\n\t\tThe command failed with exit code: 2\nOutput:\nno"
    found = read(ANTIGRAVITY + jsonl(step(9, "PLANNER_RESPONSE", tool_calls=[call]), step(10, "RUN_COMMAND", answer)))
    assert (found.commands[-1].output, found.commands[-1].exit_code) == ("no", 2)


def test_continue_summary_is_a_compaction(read):
    """It stands at the item up to which it speaks."""
    session = json.loads(CONTINUE)
    session["history"][-1]["conversationSummary"] = "so far"
    found = read(session)
    assert (len(found.compactions), found.usage) == (1, None)


def test_continue_tells_which_file_was_read_above_it(read):
    """Which is no line of the file."""
    chat = json.loads(CONTINUE)
    chat["history"].insert(3, continue_call("c9", "Read", {"filepath": "b.py"}, "Content of /p/b.py:\ndef two(): ..."))
    assert [it.answer for it in read(chat).lookups if it.asked == "b.py"] == ["def two(): ..."]


@pytest.mark.parametrize(
    ("answer", "outcome", "printed"),
    [("exit: 1\nno\n", "failed", "no"), ("exit: 0\nfine", "ok", "fine"), ("fine", "ended", "fine")],
)
def test_grok_tells_above_an_output_how_the_command_ended(read, answer, outcome, printed):
    """Or nowhere; its shell has two names."""
    call = {"id": "c9", "name": "run_terminal_command", "arguments": '{"command":"make"}'}
    rows = [
        {"type": "assistant", "content": "", "model_id": "grok-4.5", "tool_calls": [call]},
        {"type": "tool_result", "tool_call_id": "c9", "content": answer},
    ]
    command = read(GROK + jsonl(*rows)).commands[-1]
    assert (command.text, command.outcome, command.output) == ("make", outcome, printed)


def test_grok_counts_compactions_beside_the_log(tmp_path):
    """After one the log begins anew with the summary, so what it holds is the context."""
    (tmp_path / "chat_history.jsonl").write_text(GROK)
    (tmp_path / "signals.json").write_text(json.dumps({"compactionCount": 3, "contextTokensUsed": 40_000}))
    found = read_transcript(str(tmp_path / "chat_history.jsonl"))
    assert (len(found.compactions), found.usage.tokens, len(found.messages)) == (3, 40_000, 2)


def test_grok_files_beside_it_may_hold_anything(tmp_path):
    """Then the log alone counts."""
    (tmp_path / "chat_history.jsonl").write_text(GROK)
    for value in ("torn", "[]", '{"contextTokensUsed": "many", "compactionCount": -1}', '{"contextTokensUsed": 0}'):
        (tmp_path / "signals.json").write_text(value)
        assert read_transcript(str(tmp_path / "chat_history.jsonl")).usage is None


def grok_user(words, **fields):
    return {"type": "user", "content": text(words), **fields}


def test_grok_wraps_what_the_user_typed_and_writes_prompts_of_its_own(read):
    """It stands as it was typed; what is not wrapped is the user's as it is."""
    rows = [
        grok_user("<user_info>\nOS Version: linux\n</user_info>"),
        grok_user("<user_query>\nMend it\nwell\n</user_query>"),
        grok_user("The user sent a message while you were working:\n<user_query>\nand test it\n</user_query>"),
        grok_user("<system-reminder>\nA task ended.\n</system-reminder>"),
        grok_user("What does <user_query> mean?"),
    ]
    said = [it.text for it in read(GROK + jsonl(*rows)).messages if it.role == "user"]
    assert said[1:] == ["Mend it\nwell", "and test it", "What does <user_query> mean?"]


def test_grok_tells_with_the_next_prompt_that_the_user_stopped_the_turn(read):
    words = "The user interrupted the previous turn:\n<user_query>\nno\n</user_query>\nMake sure to complete it."
    found = read(GROK + jsonl(grok_user(words, prior_turn_interrupt="mid_turn_abort")))
    assert (found.messages[-1].text, found.stopped_at > 0) == ("no", True)
    assert read(GROK).stopped_at == 0


@pytest.mark.parametrize(
    ("answer", "code", "output"),
    [
        ("exit: 1 [truncated: showing first/last 9 KB of 20 KB - full output at: /t/o]\nno", 1, "no"),
        ("exit: killed (timeout)\nno", None, "exit: killed (timeout)\nno"),
    ],
)
def test_grok_tells_above_an_output_what_was_cut_off_or_who_ended_it(read, answer, code, output):
    call = {"id": "c9", "name": "run_terminal_command", "arguments": '{"command":"make"}'}
    rows = [
        {"type": "assistant", "content": "", "tool_calls": [call]},
        {"type": "tool_result", "tool_call_id": "c9", "content": answer},
    ]
    run = read(GROK + jsonl(*rows)).commands[-1]
    assert (run.outcome, run.exit_code, run.output) == ("failed", code, output)


def test_grok_searches_on_its_own_servers(read):
    kind = {"tool_type": "web_search", "action": {"type": "search", "query": "python print"}, "id": "ws_1"}
    for status, outcome in (("completed", "ok"), ("in_progress", None)):
        call = read(GROK + jsonl({"type": "backend_tool_call", "kind": {**kind, "status": status}})).tool_calls[-1]
        assert (call.name, call.outcome) == ("web_search", outcome)


def test_grok_tells_beside_the_log_where_it_works(tmp_path):
    (tmp_path / "chat_history.jsonl").write_text(GROK)
    told = {"info": {"id": "g", "cwd": "/srv/app"}, "head_branch": "fix"}
    (tmp_path / "summary.json").write_text(json.dumps(told))
    found = read_transcript(str(tmp_path / "chat_history.jsonl"))
    assert (found.folder, found.branch) == ("/srv/app", "fix")
