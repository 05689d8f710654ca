"""What agents export, save and print of a session as JSON, from a file and by pipe."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.readers import read_pieces, read_transcript
from handoff_cli.core.transcript import REFUSED
from tests.agents.made_up import jsonl

RED = "F.\nFAILED tests/test_lamp.py::test_dim - assert 9 == 5\n1 failed, 1 passed in 0.02s"
SAID = [("user", "Dim the lamp."), ("assistant", "I dim it."), ("assistant", "It still shines.")]
SHELL, EDIT = (
    {"command": "pytest -q"},
    {"file_path": "/p/lamp.py", "old_string": "level = 9", "new_string": "level = 5"},
)


def both(tmp_path, text):
    """What is read of a text in a file, and of the same by pipe."""
    path = tmp_path / "session"
    path.write_text(text)
    return [read_transcript(str(path)), read_pieces("pieces", lambda: [(text, True)])]


def told(found):
    """Who said what, what was edited, and which command ended how."""
    return (
        [(it.role, it.text) for it in found.messages],
        [(it.path, it.action) for it in found.files],
        [(it.text, it.outcome) for it in found.commands],
    )


EDITED, RAN = [("/p/lamp.py", "modified")], [("pytest -q", "failed")]


def goose():
    def shown(text):
        parts = [{"type": "text", "text": text, "annotations": {"audience": [it]}} for it in ("assistant", "user")]
        return {"status": "success", "value": {"content": parts, "isError": False}}

    def call(id_, name, **given):
        value = {"name": name, "arguments": given}
        return {"type": "toolRequest", "id": id_, "toolCall": {"status": "success", "value": value}}

    edit = {"path": "/p/lamp.py", "command": "str_replace", "old_str": "level = 9", "new_str": "level = 5"}
    messages = [
        ("user", {"type": "text", "text": "Dim the lamp."}),
        ("assistant", {"type": "text", "text": "I dim it."}),
        ("assistant", call("c1", "developer__text_editor", **edit)),
        ("user", {"type": "toolResponse", "id": "c1", "toolResult": shown("edited")}),
        ("assistant", call("c2", "developer__shell", **SHELL)),
        ("user", {"type": "toolResponse", "id": "c2", "toolResult": shown(RED)}),
        ("assistant", {"type": "text", "text": "It still shines."}),
    ]
    return {
        "id": "20260609_3",
        "working_dir": "/p",
        "session_type": "user",
        "extension_data": {},
        "total_tokens": 8_123,
        "conversation": [
            {"role": role, "created": 1_781_000_000 + at, "content": [block], "metadata": {"userVisible": True}}
            for at, (role, block) in enumerate(messages)
        ],
        "model_config": {"model_name": "claude-sonnet-4-5", "context_limit": 200_000},
    }


@pytest.mark.parametrize("indent", [None, 2])
def test_goose_exports_the_session_that_its_database_has(tmp_path, indent):
    for found in both(tmp_path, json.dumps(goose(), indent=indent) + "\n"):
        assert told(found) == (SAID, EDITED, [("pytest -q", "ok")])  # it is not told how a command ended
        assert (found.folder, found.session_ids, found.model) == ("/p", ("20260609_3",), "claude-sonnet-4-5")


def test_the_usage_of_an_export_of_gooses_is_that_of_the_session(read):
    assert (read(goose()).usage.tokens, read(goose()).window) == (8_123, 200_000)


@pytest.mark.parametrize("first", [0, 1])
def test_rows_of_gooses_before_it_had_a_database_are_read_with_and_without_the_first(tmp_path, first):
    head = {"working_dir": "/p", "description": "Lamp", "message_count": 7, "total_tokens": 8_123}
    for found in both(tmp_path, jsonl(*[head, *goose()["conversation"]][first:])):
        assert told(found) == (SAID, EDITED, [("pytest -q", "ok")])
        assert found.messages[0].position < found.tool_calls[0].position < found.messages[-1].position


def test_what_goose_shows_the_user_alone_is_not_told_again(read):
    assert read(goose()).commands[0].output == RED


def qwen():
    def row(at, kind, **fields):
        return {"uuid": f"u{at}", "parentUuid": None, "sessionId": "8f", "timestamp": f"2026-06-09T10:0{at}:00Z"} | {
            "type": kind,
            **fields,
        }

    def said(at, role, text):
        return row(at, role, message={"role": role, "parts": [{"text": text}]})

    def call(at, title, given, *shown):
        told = {"toolCallId": f"c{at}", "title": title, "status": "completed", "rawInput": given, "content": [*shown]}
        return row(at, "tool_call", toolCall=told)

    printed = f"Command: pytest -q\nDirectory: (root)\nOutput: {RED}\nError: (none)\nExit Code: 1"
    return [
        said(0, "user", "Dim the lamp."),
        said(1, "assistant", "I dim it."),
        call(
            2, "Edit: lamp.py: level = 9... => level = 5...", EDIT, {"type": "diff", "path": "lamp.py", "newText": "x"}
        ),
        call(3, "Shell: pytest -q", SHELL, {"type": "content", "content": {"type": "text", "text": printed}}),
        said(4, "assistant", "It still shines."),
    ]


QWEN = {"sessionId": "8f", "startTime": "2026-06-09T10:00:00Z", "messages": qwen()}
QWEN_PAGE = f"""<!DOCTYPE html>
<html><head><script>let t = "user: no"; if (t < 3) {{}}</script></head><body><div id="app"></div>
<script id="chat-data" type="application/json">
{json.dumps(QWEN, indent=2)}
</script></body></html>
"""


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(QWEN, indent=2),
        json.dumps(QWEN),
        jsonl({"type": "session_metadata", "cwd": "/p"}, *qwen()),
        QWEN_PAGE,
    ],
    ids=["json", "on one line", "jsonl", "html"],
)
def test_qwens_exports_have_each_call_with_its_answer(tmp_path, text):
    for found in both(tmp_path, text):
        assert told(found) == (SAID, EDITED, RAN)
        assert found.commands[0].output == RED


def test_data_in_a_page_that_is_no_conversation_is_not_told(tmp_path):
    page = QWEN_PAGE.replace(json.dumps(QWEN, indent=2), '{"user": "x", "items": [1]}')
    told_of_it = both(tmp_path, page.replace('<div id="app">', "<p>User: hi</p><p>Assistant: Yes.</p><div>"))
    assert [[it.text for it in found.messages] for found in told_of_it] == [["hi", "Yes."]] * 2


def opencode_run():
    def row(kind, **part):
        return {"type": kind, "timestamp": 1_781_000_000_000, "sessionID": "ses_1", "part": {"id": "p", **part}}

    def tool(id_, name, given, output, **metadata):
        state = {"status": "completed", "input": given, "output": output, "metadata": metadata}
        return row("tool_use", type="tool", callID=id_, tool=name, state=state)

    edit = {"filePath": "/p/lamp.py", "oldString": "level = 9", "newString": "level = 5"}
    return jsonl(
        row("step_start", type="step-start"),
        row("text", type="text", text="I dim it."),
        tool("c1", "edit", edit, "Edit applied."),
        tool("c2", "bash", SHELL, RED, exit=1),
        row("text", type="text", text="It still shines."),
        row("step_finish", type="step-finish", reason="stop"),
    )


def test_what_opencode_run_prints_is_the_agents_though_it_repeats_no_prompt(tmp_path):
    for found in both(tmp_path, opencode_run()):
        assert told(found) == (SAID[1:], EDITED, RAN)
        assert (found.session_ids, found.turns, found.speakers) == (("ses_1",), 1, True)


SET_UP = "This is the Gemini CLI. We are setting up the context for our chat.\nToday is Tuesday."


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("first", [SET_UP, f"<session_context>\n{SET_UP}\n</session_context>"])
def test_a_chat_that_gemini_saved_begins_with_what_nobody_typed(tmp_path, indent, first):
    def content(role, **part):
        return {"role": role, "parts": [part]}

    printed = f"Output: {RED}\nExit Code: 1\nProcess Group PGID: 7"
    history = [
        content("user", text=first),
        content("user", text="Dim the lamp."),
        content("model", functionCall={"name": "run_shell_command", "args": SHELL}),
        content("user", functionResponse={"name": "run_shell_command", "response": {"output": printed}}),
    ]
    for found in both(tmp_path, json.dumps({"history": history, "authType": "oauth"}, indent=indent)):
        assert told(found) == (SAID[:1], [], RAN)
        assert found.commands[0].output == RED


CRUSH = {
    "meta": {"id": "a", "title": "Lamp"},
    "messages": [
        {"id": "1", "role": "user", "parts": [{"type": "text", "text": "Dim the lamp."}]},
        {"id": "2", "role": "assistant", "parts": [{"type": "text", "text": "I dim it."}], "content": []},
        {
            "id": "3",
            "role": "assistant",
            "parts": [{"type": "tool_call", "tool_call_id": "c", "name": "bash", "input": json.dumps(SHELL)}],
        },
        {"id": "4", "role": "tool", "parts": [{"type": "tool_result", "tool_call_id": "c", "content": RED}]},
    ],
}


def test_what_only_looks_like_a_format_is_read_as_any_json(tmp_path):
    """``crush session show --json`` has roles as OpenAI's messages have, and parts that they have not."""
    for found in both(tmp_path, json.dumps(CRUSH, indent=2)):
        assert told(found) == (SAID[:2], [], RAN)


@pytest.mark.parametrize(
    "row", ['{"id": "ses_1", "time": {}, "sessionID": "ses_1"}', '{"projectHash": "a", "sessionId": "b"}']
)
def test_what_an_agents_reader_refuses_stays_refused_where_nobody_speaks_in_it(tmp_path, row):
    (tmp_path / "session").write_text(row)
    kept = read_transcript(str(tmp_path / "session"), "gemini") if "projectHash" in row else None
    assert kept is None or not kept.messages


def test_a_format_that_was_named_is_not_replaced(tmp_path):
    (tmp_path / "session").write_text(json.dumps(CRUSH))
    assert read_transcript(str(tmp_path / "session"), "openai_chat").commands == ()


@pytest.mark.parametrize("indent", [None, 2])
def test_what_came_after_the_latest_request_stands_behind_it_also_by_pipe(tmp_path, indent):
    """Both are in one element, as in a chat of VS Code's."""
    request = {
        "message": {"text": "Dim the lamp."},
        "response": [{"value": "It still shines."}],
        "timestamp": 1_781_000_000_000,
    }
    for found in both(tmp_path, json.dumps({"initialLocation": "panel", "requests": [request]}, indent=indent)):
        user, agent = found.messages
        assert user.position < agent.position


def test_an_edit_that_vs_code_shows_is_told_where_no_round_is(tmp_path):
    shell = {"kind": "terminal", "commandLine": {"original": "pytest -q"}, "terminalCommandOutput": {"text": RED}}
    tool = {"kind": "toolInvocationSerialized", "isComplete": True, "isConfirmed": {"type": 1}}
    response = [
        {**tool, "toolId": "copilot_replaceString", "toolCallId": "c1"},
        {"kind": "textEditGroup", "uri": {"fsPath": "/p/lamp.py"}, "edits": [[{"text": "level = 5", "range": {}}]]},
        {
            **tool,
            "toolId": "run_in_terminal",
            "toolCallId": "c2",
            "toolSpecificData": {**shell, "terminalCommandState": {"exitCode": 1}},
        },
    ]
    request = {"message": {"text": "Dim the lamp."}, "response": response, "result": {}}
    for found in both(tmp_path, json.dumps({"initialLocation": "panel", "requests": [request]})):
        assert told(found) == (SAID[:1], EDITED, RAN)
        assert found.commands[0].output == RED
        assert len(found.tool_calls) == 2


def test_an_edit_that_a_round_tells_is_not_told_again(read):
    call = {"id": "c1", "name": "replace_string_in_file", "arguments": json.dumps({"filePath": "/p/lamp.py", **EDIT})}
    response = [
        {"kind": "toolInvocationSerialized", "toolId": "copilot_replaceString", "toolCallId": "c1", "isComplete": True},
        {"kind": "textEditGroup", "uri": {"fsPath": "/p/lamp.py"}, "edits": [[{"text": "level = 5"}]]},
    ]
    metadata = {"toolCallRounds": [{"toolCalls": [call]}], "toolCallResults": {}}
    request = {"message": {"text": "Dim it."}, "response": response, "result": {"metadata": metadata}}
    assert len(read({"initialLocation": "panel", "requests": [request]}).tool_calls) == 1


KIRO_ENV = {"additional_context": "", "env_context": {}}


def kiro_turn(user, assistant):
    return {"user": {**KIRO_ENV, "content": user}, "assistant": assistant}


def kiro_results(id_, block, status="Success"):
    return {"ToolUseResults": {"tool_use_results": [{"tool_use_id": id_, "content": [block], "status": status}]}}


def kiro_call(id_, name, words="", **given):
    return {"ToolUse": {"content": words, "tool_uses": [{"id": id_, "name": name, "args": given}]}}


KIRO_EDIT = {"command": "str_replace", "path": "/p/lamp.py", "old_str": "level = 9", "new_str": "level = 5"}
KIRO = {
    "conversation_id": "q-1",
    "history": [
        kiro_turn({"Prompt": {"prompt": "Dim the lamp."}}, kiro_call("c1", "fs_write", "I dim it.", **KIRO_EDIT)),
        kiro_turn(kiro_results("c1", {"Text": ""}), kiro_call("c2", "execute_bash", **SHELL)),
        kiro_turn(
            kiro_results("c2", {"Json": {"exit_status": "1", "stdout": RED, "stderr": ""}}),
            {"Response": {"content": "It still shines."}},
        ),
    ],
    "transcript": ["> Dim the lamp.", "I dim it.\n[Tool uses: fs_write]"],
}


def test_what_amazon_q_and_kiro_save(tmp_path):
    for found in both(tmp_path, json.dumps(KIRO, indent=2)):
        assert told(found) == (SAID, EDITED, RAN)
        assert (found.commands[0].exit_code, found.turns) == (1, 1)


def test_what_was_said_to_a_call_that_was_cancelled_is_the_users(read):
    cancelled = {"tool_use_results": [{"tool_use_id": "c2", "content": [{"Text": "cancelled"}], "status": "Error"}]}
    user = {"CancelledToolUses": {"prompt": "Not now.", **cancelled}}
    history = [*KIRO["history"][:2], kiro_turn(user, {"Response": {"content": "Well."}})]
    found = read({**KIRO, "history": history})
    assert [it.text for it in found.messages if it.role == "user"] == ["Dim the lamp.", "Not now."]
    assert found.commands[0].error == REFUSED


def tagged(*blocks):
    return [{"type": "text", "text": it} for it in (*blocks, "<environment_details>\n# Time\n</environment_details>")]


CLINE = [
    {"role": "user", "content": tagged("<task>\nDim the lamp.\n</task>")},
    {
        "role": "assistant",
        "content": "I dim it.\n\n<write_to_file>\n<path>/p/lamp.py</path>\n<content>\nlevel = 5\n</content>\n</write_to_file>",
    },
    {
        "role": "user",
        "content": tagged("[write_to_file for '/p/lamp.py'] Result:", "The content was successfully saved."),
    },
    {"role": "assistant", "content": "<execute_command>\n<command>pytest -q</command>\n</execute_command>"},
    {
        "role": "user",
        "content": tagged(f"[execute_command for 'pytest -q'] Result:\nCommand executed.\nOutput:\n{RED}"),
    },
    {
        "role": "assistant",
        "content": "<attempt_completion>\n<result>\nIt still shines.\n</result>\n</attempt_completion>",
    },
    {
        "role": "user",
        "content": tagged("[attempt_completion] Result:", "The user has feedback:\n<feedback>\nDimmer.\n</feedback>"),
    },
]


def test_calls_that_cline_sent_as_tags_are_calls_and_their_results_nobodys_words(tmp_path):
    for found in both(tmp_path, json.dumps(CLINE)):
        said, files, commands = told(found)
        assert said == [*SAID, ("user", "Dimmer.")]
        assert ([path for path, _ in files], commands) == (["/p/lamp.py"], [("pytest -q", "ended")])
        assert found.commands[0].output.endswith(RED)


def test_what_was_typed_to_a_call_is_said_besides_its_result(read):
    denied = "The user denied this operation.\n<feedback>\nNot that file.\n</feedback>"
    row = {"role": "user", "content": tagged("[write_to_file for '/p/lamp.py'] Result:", denied)}
    found = read([*CLINE[:2], row])
    assert [it.text for it in found.messages if it.role == "user"] == ["Dim the lamp.", "Not that file."]


def test_tags_in_words_of_a_session_that_calls_by_an_interface_call_nothing(read):
    words = "Old ones wrote <execute_command><command>make</command></execute_command>."
    call = {"type": "tool_use", "id": "t1", "name": "read_file", "input": {"path": "a.py"}}
    row = {"role": "assistant", "content": [{"type": "text", "text": words}, call]}
    found = read([CLINE[0], row])
    assert (found.messages[1].text, found.commands) == (words, ())


def test_the_code_that_open_interpreter_ran_is_a_command(tmp_path):
    rows = [
        {"role": "user", "type": "message", "content": "Dim the lamp."},
        {"role": "assistant", "type": "code", "format": "shell", "content": "pytest -q"},
        {"role": "computer", "type": "console", "format": "active_line", "content": "1"},
        {"role": "computer", "type": "console", "format": "output", "content": RED},
        {
            "role": "assistant",
            "type": "code",
            "format": "python",
            "content": "open('/p/lamp.py', 'w').write('level = 5')",
        },
        {"role": "computer", "type": "console", "format": "output", "content": ""},
        {"role": "assistant", "type": "message", "content": "It still shines."},
    ]
    for found in both(tmp_path, json.dumps(rows)):
        said, files, commands = told(found)
        assert (said, [path for path, _ in files]) == ([SAID[0], SAID[2]], ["/p/lamp.py"])
        assert commands[0] == RAN[0]


def test_code_in_a_message_of_another_kind_is_said(read):
    """Where nothing says that it is code, or in what language, nobody ran it."""
    rows = [{"role": "user", "content": "hi"}, {"role": "assistant", "type": "text", "content": "pytest -q"}]
    assert [it.text for it in read(rows).messages] == ["hi", "pytest -q"]
