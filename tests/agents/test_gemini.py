"""Gemini CLI's sessions: a JSON document, or a log in which messages are written again and taken back."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents import find_agent
from handoff_cli.agents.readers import latest_usage, read_transcript
from handoff_cli.agents.search import Search
from handoff_cli.core.transcript import REFUSED, FileTouch
from handoff_cli.errors import InputError
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


def test_what_lies_beside_a_log_makes_none_that_holds_nothing_one(tmp_path):
    chats = tmp_path / "home" / "chats"
    chats.mkdir(parents=True)
    (chats.parent / ".project_root").write_text("/p")
    log = chats / "session-1.jsonl"
    log.write_text('{"$set": {}}\n{"$set": {}}\n')
    with pytest.raises(InputError, match="holds nothing"):
        read_transcript(str(log), "gemini")


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


def user(id_, *parts, **fields):
    return r.gemini_message(id_, kind="user", content=[{"text": part} for part in parts], **fields)


CONTEXT = "<session_context>\nThis is the Gemini CLI.\n</session_context>"
HOOK = "<hook_context>This project has a handoff.</hook_context>"
SNAPSHOT = "<state_snapshot><overall_goal>Fix</overall_goal></state_snapshot>"


def test_what_is_injected_is_not_said_by_the_user(read):
    """Surroundings, what hooks add, files that were named; where it is written, what was typed goes before all."""
    found = read(
        r.jsonl(
            r.gemini_start(),
            {"$set": {"messages": [user("c", CONTEXT)]}},
            user("a", "Fix it", HOOK),
            user("b", "Read @a.py", HOOK, displayContent=[{"text": "Read @a.py"}]),
            user("d", "Look at @b.py", "\n--- Content from referenced files ---", "x = 1", "\n--- End of content ---"),
        )
    )
    assert [it.text for it in found.messages] == ["Fix it", "Read @a.py", "Look at @b.py"]


def test_a_command_fails_behind_wrappers(read):
    """What a tool says is wrapped as untrusted, and hooks write behind it."""
    output = (
        f"<untrusted_context>\nOutput: no\nExit Code: 1\nProcess Group PGID: 7\n</untrusted_context>\n\n{HOOK * 20}"
    )
    call = {
        **CALLS[1],
        "result": [{"functionResponse": {"response": {"output": output}}}],
    }
    found = read(r.jsonl(r.gemini_start(), r.gemini_message("a", 9_000, toolCalls=[call])))
    assert [(it.exit_code, it.outcome) for it in found.commands] == [(1, "failed")]
    assert "untrusted" not in found.commands[0].error
    assert "handoff" not in found.commands[0].error


@pytest.mark.parametrize("head", ["Command: ./check a\nDirectory: (root)\n", ""])
@pytest.mark.parametrize(
    ("printed", "error", "told"),
    [("2 pages\nError: none", "(none)", "2 pages\nError: none"), ("(empty)", "spawn EACCES", "Error: spawn EACCES")],
)
def test_what_a_command_printed_stands_without_what_gemini_tells_around_it(read, head, printed, error, told):
    tail = f"Error: {error}\nExit Code: 0\nSignal: 0\nBackground PIDs: (none)\nProcess Group PGID: 26593"
    answer = {"response": {"output": f"{head}Output: {printed}\n{tail}"}}
    call = {**CALLS[1], "result": [{"functionResponse": answer}]}
    found = read(r.jsonl(r.gemini_start(), r.gemini_message("a", 9_000, toolCalls=[call])))
    assert found.commands[0].output == told


COMPRESSED = [
    r.gemini_start(),
    user("u1", "Fix the adder"),
    r.gemini_message("a1", 12_000, toolCalls=CALLS),
    user("u2", "Name it well"),
    r.gemini_message("a2", 13_000),
    {
        "$set": {
            "messages": [
                user("c", CONTEXT),
                user("n1", SNAPSHOT, timestamp="2026-11-20T10:00:06Z"),
                r.gemini_message("n2", content=[{"text": "Got it."}]),
                user("n3", "Name it well"),
                r.gemini_message("n4"),
            ]
        }
    },
]


def test_a_compression_leaves_the_conversation_before_it(read, texts):
    """Its snapshot is a summary, what it keeps is not said twice; the next response tells what is left."""
    found = read(r.jsonl(*COMPRESSED))
    assert [it.text for it in found.messages if it.role == "user"] == ["Fix the adder", "Name it well"]
    assert [it.path for it in found.files] == ["a.md"]
    assert (found.usage, found.compactions[0].before) == (None, 13_000)
    assert [it.text for it in found.summaries] == ["<overall_goal>Fix</overall_goal>"]
    assert [text for _, text in texts(r.jsonl(*COMPRESSED))][1:] == [SNAPSHOT, "Got it.", "Name it well", "hello"]
    found = read(r.jsonl(*COMPRESSED, user("u3", "Third"), r.gemini_message("a3", 5_000)))
    assert (found.usage.tokens, len(found.compactions), found.compactions[0].after) == (5_000, 1, 5_000)


def test_a_turn_taken_back_after_a_compression_is_no_second_one(read):
    """All messages come anew then too, the old snapshot among them."""
    again = {"$set": {"messages": COMPRESSED[-1]["$set"]["messages"]}}
    found = read(r.jsonl(*COMPRESSED, user("u3", "Third"), r.gemini_message("a3", 5_000), again))
    assert len(found.compactions) == 1
    assert [it.text for it in found.messages if it.role == "user"][:2] == ["Fix the adder", "Name it well"]
    assert "Third" not in [it.text for it in found.messages]


def test_compressions_read_from_the_end(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text(r.jsonl(*COMPRESSED))
    usage, state = latest_usage(str(path))
    assert (usage, state.compacted) == (None, True)
    path.write_text(r.jsonl(*COMPRESSED, r.gemini_message("a3", 5_000)))
    assert latest_usage(str(path), state)[0].tokens == 5_000
    path.write_text(r.jsonl(*COMPRESSED, r.gemini_message("a3", 5_000), {"$rewindTo": "a3"}))
    assert latest_usage(str(path))[0] is None


def test_a_subagents_chat_is_no_session(tmp_path):
    chats = tmp_path / ".gemini" / "tmp" / "app" / "chats"
    chats.mkdir(parents=True)
    (chats.parent / ".project_root").write_text("/w/app")
    (chats / "session-1.jsonl").write_text(r.jsonl(r.gemini_start()))
    (chats / "session-2.jsonl").write_text(r.jsonl(r.gemini_start(kind="subagent")))
    found = Search("/w/app", str(tmp_path), {}).logs(find_agent("gemini"))
    assert [log.path for log in found] == [str(chats / "session-1.jsonl")]


def test_a_command_that_the_user_did_not_allow_was_refused(read):
    said = {"functionResponse": {"response": {"error": "[Operation Cancelled] Reason: User denied execution."}}}
    call = {
        "id": "9",
        "name": "run_shell_command",
        "args": {"command": "git push"},
        "status": "cancelled",
        "result": [said],
    }
    (run,) = read(r.jsonl(r.gemini_start(), r.gemini_message("a", 12_000, toolCalls=[call]))).commands
    assert (run.outcome, (run.error or "").startswith(REFUSED)) == ("failed", True)


def test_a_sub_agents_report_is_told_without_how_it_ended(read):
    report = "Subagent 'codebase_investigator' finished.\nTermination Reason: GOAL\nResult:\nIt is in a.py:3."
    call = {
        "id": "1", "name": "invoke_agent", "args": {"agent_name": "codebase_investigator", "prompt": "Find it"},
        "status": "success", "result": [{"functionResponse": {"response": {"output": report}}}],
    }  # fmt: skip
    found = read({**r.gemini_start(), "messages": [r.gemini_message("a", 12_000, toolCalls=[call])]})
    assert [(it.kind, it.asked, it.answer) for it in found.lookups] == [("agent", "Find it", "It is in a.py:3.")]


@pytest.mark.parametrize("as_log", [False, True])
def test_a_call_stands_behind_the_words_of_its_message(read, as_log):
    """Else it would seem to be over with them."""
    message = r.gemini_message("a", 12_000, content="I look", toolCalls=CALLS)
    found = read(r.jsonl(r.gemini_start(), message) if as_log else {**r.gemini_start(), "messages": [message]})
    assert found.messages[0].position < min(it.position for it in found.tool_calls)


def test_a_thought_is_told_without_its_title(read):
    """Unless it is all there is."""
    thoughts = [{"subject": "Weighing It", "description": "The lock leaks."}, {"subject": "Reading a.py"}]
    found = read({**r.gemini_start(), "messages": [r.gemini_message("a", 12_000, thoughts=thoughts)]})
    assert [it.text for it in found.reasonings] == ["The lock leaks.", "Reading a.py"]


def test_where_the_agent_works_is_told_by_the_first_message_or_beside_the_chat(read, tmp_path):
    newer = "<session_context>\nThis is the Gemini CLI.\n- **Workspace Directories:**\n  - /w/app\n</session_context>"
    older = "<session_context>\nI'm currently working in the directory: /w/app\n</session_context>"
    for context in (newer, older):
        assert read(r.jsonl(r.gemini_start(), user("c", context))).folder == "/w/app"
    assert read(r.jsonl(r.gemini_start(), user("c", "I'm currently working in the directory: /w/b"))).folder is None
    chats = tmp_path / "app" / "chats"
    chats.mkdir(parents=True)
    (chats.parent / ".project_root").write_text("/w/app")
    (chats / "session-1.json").write_text(json.dumps({**r.gemini_start(), "messages": [user("a", "Fix it")]}))
    assert read_transcript(str(chats / "session-1.json")).folder == "/w/app"


def test_a_turn_that_the_user_stopped_did_not_come_to_its_end(read):
    """Other notices end none."""
    for notice, stopped in (("Request cancelled.", True), ("Gemini CLI update available!", False)):
        said = r.gemini_message("i", kind="info", content=notice)
        assert bool(read(r.jsonl(r.gemini_start(), user("a", "Fix it"), said)).stopped_at) == stopped


def test_what_is_cut_off_of_a_file_is_not_in_it(read):
    above = "\nIMPORTANT: The file content has been truncated.\nStatus: Showing lines 7-8 of 90 total lines.\n"
    above += "Action: To read more of the file, use start_line: 9.\n\n--- FILE CONTENT (truncated) ---\n"
    call = {
        "id": "1", "name": "read_file", "args": {"file_path": "/w/a.py", "start_line": 7}, "status": "success",
        "result": [{"functionResponse": {"response": {"output": f"{above}def f():"}}}],
    }  # fmt: skip
    found = read({**r.gemini_start(), "messages": [r.gemini_message("a", 12_000, toolCalls=[call])]})
    assert [(it.asked, it.answer) for it in found.lookups] == [("/w/a.py:7", "def f():")]
