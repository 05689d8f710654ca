"""Cline and Roo: what the editor shows, and what was sent."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.readers import read_transcript
from handoff_cli.core.transcript import REFUSED, FileTouch
from tests.agents.made_up import CLINE_SESSION, SAID, cline_call, cline_said


def shown(say, text, **fields):
    return {"ts": 1_700_000_000_000, "type": "say", "say": say, "text": text, **fields}


def request(tokens_in, reads):
    return json.dumps(
        {"request": "…", "tokensIn": tokens_in, "tokensOut": 5, "cacheReads": reads, "cacheWrites": 10, "cost": 0.1}
    )


def test_shown_messages_give_usage_words_files_and_commands(read):
    """The last request with figures counts; one under way has none yet."""
    rows = [
        shown("text", "fix it"),
        shown("api_req_started", request(100, 1_000)),
        shown("text", "I will"),
        shown("tool", json.dumps({"tool": "newFileCreated", "path": "a.py", "content": "x"})),
        {"ts": 1_700_000_001_000, "type": "ask", "ask": "command", "text": "make"},
        shown("user_feedback", "also this"),
        shown("api_req_started", request(50, 3_000)),
        shown("api_req_started", json.dumps({"request": "…"})),
        shown("completion_result", "done"),
    ]
    found = read(rows)
    assert (found.format, found.agent, found.usage.tokens, found.peak, found.turns) == (
        "cline",
        "cline",
        3_065,
        3_065,
        1,
    )
    said = [("user", "fix it"), ("assistant", "I will"), ("user", "also this"), ("assistant", "done")]
    assert [(m.role, m.text) for m in found.messages] == said
    assert found.files == (FileTouch("a.py", "created", 1),)
    assert [command.text for command in found.commands] == ["make"]
    assert found.start == "2023-11-14T22:13:20Z"


def test_condensing_is_a_compaction(read):
    """Roo records both sizes."""
    condensed = shown(
        "condense_context",
        None,
        contextCondense={"prevContextTokens": 90_000, "newContextTokens": 9_000, "summary": "short"},
    )
    found = read([shown("text", "go"), shown("api_req_started", request(1, 1)), condensed])
    assert [(c.before, c.after) for c in found.compactions] == [(90_000, 9_000)]
    assert found.usage.tokens == 9_000


def test_sent_messages_give_what_the_person_typed(read):
    """Out of the envelope the editor puts around it."""
    sent = [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "<task>\nfix it\n</task>"},
                {
                    "type": "text",
                    "text": "<environment_details>\n# Current Working Directory (/p)\n</environment_details>",
                },
            ],
        },
        {"role": "assistant", "content": [{"type": "text", "text": "I will"}]},
    ]
    found = read(sent)
    assert (found.format, [(m.role, m.text) for m in found.messages]) == (
        "cline",
        [("user", "fix it"), ("assistant", "I will")],
    )


@pytest.mark.parametrize(
    ("folder", "protocol", "used"),
    [
        ("rooveterinaryinc.roo-cline", {}, 20_005),
        ("kilocode.kilo-code", {}, 20_005),
        ("saoudrizwan.claude-dev", {}, 38_015),
        ("anywhere", {"apiProtocol": "anthropic"}, 20_005),
    ],
)
def test_what_came_from_the_cache_counts_once(tmp_path, folder, protocol, used):
    """Roo's and Kilo's tokens in are the whole prompt; Cline's are what the cache did not give."""
    path = tmp_path / folder / "tasks" / "1" / "ui_messages.json"
    path.parent.mkdir(parents=True)
    figures = {**json.loads(request(20_000, 18_000)), **protocol}
    path.write_text(json.dumps([shown("text", "go"), shown("api_req_started", json.dumps(figures))]))
    assert read_transcript(str(path)).usage.tokens == used


def test_tokens_in_that_are_less_than_the_cache_gave_are_not_the_whole(read):
    """Roo's were not either, at first."""
    figures = {**json.loads(request(100, 18_000)), "apiProtocol": "anthropic"}
    assert read([shown("text", "go"), shown("api_req_started", json.dumps(figures))]).usage.tokens == 18_115


def test_a_session_was_compacted(tmp_path):
    """Its messages stay; a file beside it tells how many of them the summary stands for."""
    path = tmp_path / "1.messages.json"
    path.write_text(CLINE_SESSION)
    meta = {"kind": "compaction_summary", "tokensBefore": 14_500}
    summary = {"role": "user", "content": "Context summary:\n\nshort", "metadata": meta}
    kept = {"version": 1, "source_message_count": 8, "messages": [summary, cline_said({"type": "text", "text": SAID})]}
    (tmp_path / "1.compaction.json").write_text(json.dumps(kept))
    found = read_transcript(str(path))
    assert [(it.before, it.after) for it in found.compactions] == [(14_500, None)]
    assert found.usage is None
    kept["source_message_count"] = 7
    (tmp_path / "1.compaction.json").write_text(json.dumps(kept))
    found = read_transcript(str(path))
    assert (found.usage.tokens, len(found.compactions)) == (15_021, 1)
    assert [message.text for message in found.messages if message.role == "assistant"] == [SAID]


def test_what_is_told_in_a_session_without_the_mark_of_a_person(read):
    """Files that were attached, and notices."""
    blocks = [{"type": "text", "text": text} for text in ("<file_content path='a'>x</file_content>", "<mode_notice/>")]
    typed = {"type": "text", "text": "<user_input>go</user_input>"}
    found = read({"messages": [cline_said(*blocks, typed), cline_said({"type": "text", "text": "ok"}, used=5)]})
    assert [(m.role, m.text) for m in found.messages] == [("user", "go"), ("assistant", "ok")]


def test_one_of_several_commands_failed(read):
    """The call has then."""
    answers = [
        {"query": "a", "result": "fine", "success": True},
        {"query": "b", "result": "", "error": "Command exited with code 2", "success": False},
    ]
    result = {"type": "tool_result", "tool_use_id": "c", "content": answers}
    call = cline_said(cline_call("c", "run_commands", commands=["a", "b"]), used=5)
    (command,) = read({"messages": [call, cline_said(result)]}).commands
    assert (command.exit_code, command.outcome) == (2, "failed")


def test_a_new_file(read):
    """The answer says so; it comes as text."""
    text = json.dumps({"query": "q", "result": "File created successfully at: b.py", "success": True})
    result = {"type": "tool_result", "tool_use_id": "c", "content": text}
    found = read({"messages": [cline_said(cline_call("c", "editor", path="b.py"), used=5), cline_said(result)]})
    assert [(file.path, file.action) for file in found.files] == [("b.py", "created")]


def test_what_a_command_printed_comes_in_rows_of_its_own(read):
    """How it ended nobody writes down; output of none is nobody's."""
    output = [shown("command_output", it) for it in ("1 failed", "in 0.2s")]
    found = read([shown("text", "go"), output[0], {**shown("", "make"), "type": "ask", "ask": "command"}, *output])
    assert [(it.text, it.output, it.outcome) for it in found.commands] == [("make", "1 failed\nin 0.2s", "ended")]


def test_thoughts_and_todos_that_are_shown(read):
    """Roo's list is a tool's."""
    todos = json.dumps({"tool": "updateTodoList", "todos": [{"id": "1", "content": "test it", "status": "pending"}]})
    found = read([shown("text", "go"), shown("reasoning", "It leaks."), shown("task_progress", "- [x] mend it")])
    assert [it.text for it in found.reasonings] == ["It leaks."]
    assert [(it.text, it.status) for it in found.todos] == [("mend it", "completed")]
    assert [it.text for it in read([shown("text", "go"), shown("tool", todos)]).todos] == ["test it"]


def test_a_difference_that_is_shown_is_an_edit(read):
    blocks = {"appliedDiff": "<<<<<<< SEARCH\n:start_line:9\n-------\nx = 1\n=======\nx = 2\n>>>>>>> REPLACE"}
    blocks["editedExistingFile"] = "------- SEARCH\nx = 1\n=======\nx = 2\n+++++++ REPLACE"
    for tool, diff in blocks.items():
        found = read([shown("text", "go"), shown("tool", json.dumps({"tool": tool, "path": "a.py", "diff": diff}))])
        assert [(it.old, it.new) for it in found.edits] == [("x = 1", "x = 2")]


def sent(name, answer, **given):
    """Messages as they were sent: a call, and what it answered."""
    typed = {"type": "text", "text": "<task>\ngo\n</task>"}
    call = {"type": "tool_use", "id": "1", "name": name, "input": given}
    result = {"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text", "text": answer}]}
    return [{"role": role, "content": [it]} for role, it in (("user", typed), ("assistant", call), ("user", result))]


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [
        ("Command executed.\nOutput:\nexit code 7", "ended", None),
        ("Command failed with exit code 2.\nOutput:\nno", "failed", 2),
        ("Command executed in terminal.\nExit code: 0\nOutput:\nfine", "ok", 0),
        ("The user denied this operation.", "failed", None),
        ('{"status":"denied","message":"The user denied this operation."}', "failed", None),
        ("The tool execution failed with the following error:\n<error>\nno\n</error>", "failed", None),
    ],
)
def test_how_a_command_that_was_sent_ended(read, answer, outcome, code):
    """In words alone."""
    (command,) = read(sent("execute_command", answer, command="make")).commands
    assert (command.outcome, command.exit_code) == (outcome, code)


def test_what_the_user_said_on_denying_a_call(read):
    words = "The user denied this operation and provided the following feedback:\n<feedback>\nleave it\n</feedback>"
    as_json = json.dumps({"status": "denied", "message": "The user denied this operation.", "feedback": "leave it"})
    for answer in (words, as_json.replace('": ', '":')):
        found = read(sent("execute_command", answer, command="make"))
        assert found.commands[0].error.startswith(REFUSED)
        assert [it.text for it in found.messages] == ["go", "leave it"]


def test_todos_stand_beside_what_a_call_asks(read):
    """They are none of what is in the context twice."""
    found = read(sent("execute_command", "Command executed.", command="make", task_progress="- [x] one\n- [ ] two"))
    assert [(it.text, it.status) for it in found.todos] == [("one", "completed"), ("two", "pending")]
    assert [it.name for it in found.tool_calls if it.name == "execute_command"] == ["execute_command"]


def test_a_sub_agents_report(read):
    """It comes with what it cost."""
    told = json.dumps({"text": "In a.py:3.", "iterations": 3, "finishReason": "completed"})
    call = cline_said(cline_call("c", "spawn_agent", systemPrompt="You look", task="Find it"), used=5)
    answer = cline_said({"type": "tool_result", "tool_use_id": "c", "content": told})
    found = read({"messages": [call, answer]})
    assert [(it.kind, it.asked, it.answer) for it in found.lookups] == [("agent", "Find it", "In a.py:3.")]


def test_of_an_edit_that_is_shown_as_what_to_search_both_sides_are_told(read):
    """Cline has them where a new file has its content."""
    told = {"tool": "editedExistingFile", "path": "a.py"}
    sides = "------- SEARCH\nlevel = 9\n=======\nlevel = 5\n+++++++ REPLACE"
    found = read([shown("text", "dim it"), shown("tool", json.dumps({**told, "content": sides}))])
    assert [(it.old, it.new) for it in found.edits] == [("level = 9", "level = 5")]
    found = read([shown("text", "dim it"), shown("tool", json.dumps({**told, "content": "level = 5"}))])
    assert [(it.old, it.new) for it in found.edits] == [("", "level = 5")]
