"""Small logs in the shapes the agents write, made up: each tells the same short story where its agent can tell it.

Somebody asks for a mended adder; the agent reads a file, runs the tests, which fail, and edits. The last response held
15,021 tokens, or 15,065 where the agent counts its answer in.
"""

from __future__ import annotations

import json
import sqlite3

ASKED = "Mend the adder, then run the tests"
SAID = "Mended."
FAILURE = "assert add(1, 2) == 3"


def jsonl(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def text(words):
    return [{"type": "text", "text": words}]


def pi_row(number, kind, parent=None, **fields):
    before = number - 1 if parent is None else parent
    return {
        "type": kind,
        "id": f"e{number}",
        "parentId": f"e{before}" if before else None,
        "timestamp": "2026-11-01T10:00:00Z",
        **fields,
    }


def pi_said(number, role, content, parent=None, **fields):
    return pi_row(number, "message", parent, message={"role": role, "content": content, **fields})


def pi_used(total, model="small-1"):
    return {"model": model, "usage": {"input": 1, "output": 1, "totalTokens": total}, "stopReason": "stop"}


PI = jsonl(
    {"type": "session", "version": 3, "id": "s-1", "timestamp": "2026-11-01T10:00:00Z", "cwd": "/srv/app"},
    pi_row(1, "model_change", modelId="small-1"),
    pi_said(2, "user", text(ASKED)),
    pi_said(
        3,
        "assistant",
        [{"type": "toolCall", "id": "c1", "name": "read", "arguments": {"path": "adder.py"}}],
        **pi_used(12_000),
    ),
    pi_said(4, "toolResult", text("def add"), toolCallId="c1", isError=False),
    pi_said(
        5,
        "assistant",
        [
            {"type": "thinking", "thinking": "the sign"},
            {"type": "toolCall", "id": "c2", "name": "bash", "arguments": {"command": "python test_adder.py"}},
            {"type": "toolCall", "id": "c3", "name": "edit", "arguments": {"path": "adder.py"}},
        ],
        **pi_used(13_000),
    ),
    pi_said(6, "toolResult", text(f"{FAILURE}\n\nCommand exited with code 1"), toolCallId="c2", isError=True),
    pi_said(7, "toolResult", text("Edited"), toolCallId="c3", isError=False),
    pi_said(8, "assistant", text(SAID), **pi_used(15_065)),
)  # fmt: skip


def qwen_row(number, kind, parts, parent=None, **fields):
    before = number - 1 if parent is None else parent
    return {
        "uuid": f"u{number}", "parentUuid": f"u{before}" if before else None, "sessionId": "s-1", "type": kind,
        "timestamp": "2026-11-01T10:00:00Z", "cwd": "/srv/app", "version": "0.24.4",
        "message": {"role": "model" if kind == "assistant" else "user", "parts": parts}, **fields,
    }  # fmt: skip


def qwen_used(tokens):
    return {
        "model": "qwen3-coder-plus",
        "usageMetadata": {"promptTokenCount": tokens, "totalTokenCount": tokens + 44},
        "contextWindowSize": 1_000_000,
    }


def qwen_call(id_, name, **arguments):
    return {"functionCall": {"id": id_, "name": name, "args": arguments}}


def qwen_answer(id_, status="success", exit_code=None, **response):
    display = {} if exit_code is None else {"resultDisplay": {"exitCode": exit_code}}
    part = {"functionResponse": {"id": id_, "name": "t", "response": response}}
    return [part], {"toolCallResult": {"callId": id_, "status": status, **display}}


def qwen_result(number, id_, **answer):
    parts, fields = qwen_answer(id_, **answer)
    return qwen_row(number, "tool_result", parts, **fields)


QWEN = jsonl(
    qwen_row(1, "user", [{"text": ASKED}, {"text": "<context>\nadded by a hook\n</context>"}],
             systemPayload={"displayText": ASKED}),
    qwen_row(2, "assistant", [qwen_call("c1", "read_file", file_path="adder.py")], **qwen_used(12_000)),
    qwen_result(3, "c1", output="def add"),
    qwen_row(4, "assistant", [qwen_call("c2", "run_shell_command", command="python test_adder.py"),
                              qwen_call("c3", "edit", file_path="adder.py")], **qwen_used(13_000)),
    qwen_result(5, "c2", status="error", exit_code=1, error=FAILURE),
    qwen_result(6, "c3", output="edited"),
    qwen_row(7, "user", [{"text": "a watched file changed"}], subtype="notification"),
    qwen_row(8, "assistant", [{"text": "hm", "thought": True}, {"text": SAID}], **qwen_used(15_021)),
)  # fmt: skip


def step(number, kind, content="", source="MODEL", **fields):
    return {
        "step_index": number, "source": source, "type": kind, "status": "DONE",
        "created_at": "2026-11-01T10:00:00Z", "content": content, **fields,
    }  # fmt: skip


ANTIGRAVITY = jsonl(
    step(0, "USER_INPUT", f"<USER_REQUEST>\n{ASKED}\n</USER_REQUEST>\n<USER_SETTINGS_CHANGE>\nThe user changed setting "
         "`Model Selection` from None to Gemini 3.5 Flash (Medium).\n</USER_SETTINGS_CHANGE>", "USER_EXPLICIT"),
    step(1, "PLANNER_RESPONSE", thinking="look", tool_calls=[
        {"name": "view_file", "args": {"AbsolutePath": '"/srv/app/adder.py"'}},
        {"name": "run_command", "args": {"CommandLine": '"python test_adder.py"'}},
        {"name": "replace_file_content", "args": {"TargetFile": '"/srv/app/adder.py"'}},
    ]),
    step(2, "VIEW_FILE", "File Path: `file:///srv/app/adder.py`\ndef add"),
    step(3, "RUN_COMMAND", f"The command failed with exit code: 1\nOutput:\n{FAILURE}"),
    step(4, "CODE_ACTION", "The following changes were made"),
    step(5, "SYSTEM_MESSAGE", "not sent by the user", "SYSTEM"),
    step(6, "PLANNER_RESPONSE", SAID),
)  # fmt: skip

GROK = jsonl(
    {"type": "system", "content": "be good"},
    {"type": "user", "content": text("<user_info>\n</user_info>"), "synthetic_reason": "environment_context"},
    {"type": "user", "content": text(ASKED), "prompt_index": 0},
    {"type": "assistant", "content": "", "model_id": "grok-4.5", "tool_calls": [
        {"id": "c1", "name": "read_file", "arguments": '{"target_file":"adder.py"}'},
        {"id": "c2", "name": "run_terminal_cmd", "arguments": '{"command":"python test_adder.py"}'},
        {"id": "c3", "name": "search_replace", "arguments": '{"file_path":"adder.py"}'},
    ]},
    {"type": "tool_result", "tool_call_id": "c1", "content": "def add"},
    {"type": "tool_result", "tool_call_id": "c2", "content": f"{FAILURE}\nexit code: 1"},
    {"type": "tool_result", "tool_call_id": "c3", "content": "edited"},
    {"type": "reasoning", "summary": [{"type": "summary_text", "text": "good"}]},
    {"type": "assistant", "content": SAID, "model_id": "grok-4.5"},
)  # fmt: skip


def kimi(kind, **event):
    return {"type": "context.append_loop_event", "time": 1_785_612_812_820, "event": {"type": kind, **event}}


def kimi_said(words, role="user", **fields):
    message = {"role": role, "content": text(words), "toolCalls": [], **fields}
    return {"type": "context.append_message", "time": 1_785_612_812_820, "message": message}


def kimi_asked(room):
    return {"type": "llm.request", "model": "kimi-k2.7-code", "maxTokens": room, "time": 1_785_612_812_820}


def kimi_used(other, cached, output, reason="tool_use"):
    usage = {"inputOther": other, "inputCacheRead": cached, "inputCacheCreation": 0, "output": output}
    return kimi("step.end", uuid=f"{other}", usage=usage, finishReason=reason)


KIMI = jsonl(
    {"type": "metadata", "protocol_version": "1.4", "created_at": 1_785_612_803_281},
    {"type": "config.update", "systemPrompt": "be good", "modelAlias": "moonshot-ai/kimi-k2.7-code"},
    {"type": "turn.prompt", "input": text(ASKED), "origin": {"kind": "user"}},
    kimi_said(ASKED, origin={"kind": "user"}),
    kimi_said("<system-reminder>plan</system-reminder>", origin={"kind": "injection"}),
    kimi_asked(262_144),
    kimi("tool.call", toolCallId="c1", name="Read", args={"path": "adder.py"}),
    kimi("tool.result", toolCallId="c1", result={"output": "def add"}),
    kimi("tool.call", toolCallId="c2", name="Bash", args={"command": "python test_adder.py"}),
    kimi("tool.result", toolCallId="c2", result={"output": f"{FAILURE}\nCommand failed with exit code: 1.", "isError": True}),
    kimi("tool.call", toolCallId="c3", name="Edit", args={"path": "adder.py"}),
    kimi("tool.result", toolCallId="c3", result={"output": "edited"}),
    kimi_used(9_000, 3_000, 100),
    kimi_asked(262_144 - 12_100),
    kimi("content.part", part={"type": "think", "think": "good"}),
    kimi("content.part", part={"type": "text", "text": SAID}),
    kimi_used(321, 14_700, 44, "end_turn"),
)  # fmt: skip

CURSOR = jsonl(
    {"role": "user", "message": {"content": text(f"<user_query>\n{ASKED}\n</user_query>")}},
    {"role": "assistant", "message": {"content": [
        {"type": "tool_use", "name": "Read", "input": {"path": "adder.py"}},
        {"type": "tool_use", "name": "Shell", "input": {"command": "python test_adder.py"}},
        {"type": "tool_use", "name": "StrReplace", "input": {"path": "adder.py"}},
    ]}},
    {"role": "assistant", "message": {"content": text("[REDACTED]")}},
    {"role": "assistant", "message": {"content": text(SAID)}},
    {"type": "turn_ended", "status": "success"},
)  # fmt: skip


def droid(role, content, number=1):
    return {"type": "message", "id": f"m{number}", "timestamp": "2026-11-01T10:00:00Z",
            "message": {"role": role, "content": content}}  # fmt: skip


DROID = jsonl(
    {"type": "session_start", "id": "s-1", "title": "adder", "owner": "o", "version": "0.81.0", "cwd": "/srv/app"},
    droid("user", text(f"<system-reminder>\nbe brief\n</system-reminder>\n\n{ASKED}")),
    droid("assistant", [
        {"type": "tool_use", "id": "c1", "name": "Read", "input": {"file_path": "adder.py"}},
        {"type": "tool_use", "id": "c2", "name": "Execute", "input": {"command": "python test_adder.py"}},
        {"type": "tool_use", "id": "c3", "name": "Edit", "input": {"file_path": "adder.py"}},
    ], 2),
    droid("user", [
        {"type": "tool_result", "tool_use_id": "c1", "content": "def add"},
        {"type": "tool_result", "tool_use_id": "c2", "content": f"Error: Command failed (exit code: 1)\n{FAILURE}"},
        {"type": "tool_result", "tool_use_id": "c3", "content": "edited"},
    ], 3),
    {"type": "todo_state", "todos": {"todos": "1. [completed] mend\n2. [pending] changelog"}},
    droid("assistant", text(SAID), 4),
)  # fmt: skip

DROID_SETTINGS = {
    "model": "claude-opus-4-5",
    "tokenUsage": {"inputTokens": 90_000, "outputTokens": 9_000, "cacheReadTokens": 900_000},
    "lastCallTokenUsage": {"inputTokens": 321, "cacheReadTokens": 14_700, "outputTokens": 44},
}


def amp_result(id_, result, status="done"):
    return {"type": "tool_result", "toolUseID": id_, "run": {"status": status, "result": result}}


def amp_used(total):
    return {"model": "claude-opus-4-5", "inputTokens": 21, "cacheReadInputTokens": total - 21, "outputTokens": 44,
            "totalInputTokens": total, "maxInputTokens": 168_000}  # fmt: skip


AMP = json.dumps({
    "v": 9, "id": "T-0a1b2c3d", "created": 1_785_612_803_281, "title": "adder", "agentMode": "smart",
    "env": {"initial": {"trees": [{"displayName": "app", "uri": "file:///srv/app"}],
                        "platform": {"clientVersion": "0.0.9"}}},
    "messages": [
        {"role": "user", "messageId": 0, "content": text(ASKED)},
        {"role": "assistant", "messageId": 1, "state": {"type": "complete", "stopReason": "tool_use"}, "content": [
            {"type": "thinking", "thinking": "look"},
            {"type": "tool_use", "id": "c1", "name": "Read", "input": {"path": "adder.py"}},
            {"type": "tool_use", "id": "c2", "name": "Bash", "input": {"cmd": "python test_adder.py"}},
            {"type": "tool_use", "id": "c3", "name": "edit_file", "input": {"path": "adder.py"}},
        ], "usage": amp_used(12_000)},
        {"role": "user", "messageId": 2, "content": [
            amp_result("c1", {"content": "def add"}),
            amp_result("c2", {"output": FAILURE, "exitCode": 1}),
            amp_result("c3", {"diff": "-a +b"}),
        ]},
        {"role": "assistant", "messageId": 3, "state": {"type": "complete", "stopReason": "end_turn"},
         "content": text(SAID), "usage": amp_used(15_021)},
    ],
    "nextMessageId": 4,
})  # fmt: skip


def continue_call(id_, name, arguments, answer, status="done", usage=None):
    call = {"id": id_, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return {
        "message": {"role": "assistant", "content": "", "toolCalls": [call], "usage": usage},
        "toolCallStates": [{"toolCallId": id_, "status": status, "output": [{"content": answer, "name": "r"}]}],
    }


def continue_used(tokens):
    return {"prompt_tokens": tokens, "completion_tokens": 44, "total_tokens": tokens + 44, "model": "small-1"}


CONTINUE = json.dumps({
    "sessionId": "s-1", "title": "adder", "workspaceDirectory": "/srv/app",
    "history": [
        {"message": {"role": "system", "content": "be good"}},
        {"message": {"role": "user", "content": f"{ASKED}\n\nfile added by the editor"}, "editorState": ASKED},
        continue_call("c1", "Read", {"filepath": "adder.py"}, "def add", usage=continue_used(12_000)),
        continue_call("c2", "Bash", {"command": "python test_adder.py"}, f"Error (exit code 1): {FAILURE}", "errored"),
        continue_call("c3", "Edit", {"file_path": "adder.py"}, "edited"),
        {"message": {"role": "assistant", "content": SAID, "usage": continue_used(15_021)}},
    ],
    "usage": {"promptTokens": 90_000},
})  # fmt: skip


def cline_said(*blocks, used=None):
    metrics = {"modelInfo": {"id": "small-1"}, "metrics": {"inputTokens": used, "cacheReadTokens": 900}} if used else {}
    role = "assistant" if used else "user"
    return {"id": "m", "role": role, "content": list(blocks), "ts": 1_785_612_812_820, **metrics}


def cline_call(id_, name, **given):
    return {"type": "tool_use", "id": id_, "name": name, "input": given}


def cline_answer(id_, result, **more):
    answer = {"query": "q", "result": result, "success": not more, **more}
    return cline_said({"type": "tool_result", "tool_use_id": id_, "content": [answer]})


CLINE_SESSION = json.dumps({
    "version": 1, "agent": "lead", "sessionId": "1785_ab", "origin": {"sessionId": "1785_ab", "version": "3.0.65"},
    "messages": [
        cline_said({"type": "text", "text": f'<user_input mode="act">{ASKED}</user_input>'}),
        cline_said(cline_call("c1", "read_files", files=[{"path": "adder.py"}]), used=12_000),
        cline_answer("c1", "def add"),
        cline_said(cline_call("c2", "run_commands", commands=["python test_adder.py"]), used=13_000),
        cline_answer("c2", FAILURE, error="Command exited with code 1"),
        cline_said(cline_call("c3", "editor", path="adder.py", old_text="-", new_text="+"), used=14_000),
        cline_answer("c3", "Edited adder.py"),
        cline_said({"type": "text", "text": SAID}, used=15_021),
    ],
    "system_prompt": "be good",
})  # fmt: skip


def vscode_tool(id_, tool, **data):
    return {"kind": "toolInvocationSerialized", "toolCallId": id_, "toolId": tool, "isComplete": True,
            "toolSpecificData": data}  # fmt: skip


VSCODE_REQUEST = {
    "requestId": "r1", "timestamp": 1_785_612_803_281, "modelId": "copilot/claude-opus-4.5",
    "message": {"text": ASKED, "parts": []},
    "response": [
        {"kind": "thinking", "value": "look"},
        vscode_tool("c1", "copilot_readFile"),
        vscode_tool("c2", "run_in_terminal", kind="terminal", commandLine={"original": "python test_adder.py"},
                    terminalCommandState={"exitCode": 1}),
        vscode_tool("c3", "copilot_replaceString"),
        vscode_tool("c4", "manage_todo_list", kind="todoList",
                    todoList=[{"id": "1", "title": "changelog", "status": "not-started"}]),
        {"value": SAID},
    ],
    "result": {"metadata": {
        "promptTokens": 15_021, "outputTokens": 44, "resolvedModel": "claude-opus-4-5",
        "toolCallRounds": [{"toolCalls": [
            {"id": "c1__vscode-1", "name": "read_file", "arguments": '{"filePath": "adder.py"}'},
            {"id": "c3__vscode-2", "name": "replace_string_in_file", "arguments": '{"filePath": "adder.py"}'},
        ]}],
        "toolCallResults": {"c1__vscode-1": {"content": [{"value": "def add"}]}},
    }},
}  # fmt: skip

VSCODE = json.dumps({
    "version": 3, "requesterUsername": "o", "responderUsername": "GitHub Copilot", "initialLocation": "panel",
    "sessionId": "s-1", "creationDate": 1_785_612_803_281, "requests": [VSCODE_REQUEST],
})  # fmt: skip

VSCODE_LOG = jsonl(
    {"kind": 0, "v": {"version": 3, "sessionId": "s-1", "creationDate": 1, "requests": []}},
    {"kind": 2, "k": ["requests"], "v": [{"requestId": "r0", "message": {"text": "taken back"}, "response": []}]},
    {"kind": 2, "k": ["requests"], "v": [{**VSCODE_REQUEST, "result": None, "response": []}], "i": 0},
    {"kind": 2, "k": ["requests", 0, "response"], "v": VSCODE_REQUEST["response"]},
    {"kind": 1, "k": ["requests", 0, "result"], "v": VSCODE_REQUEST["result"]},
    {"kind": 3, "k": ["customTitle"]},
)


def goose_database(path, *, compacted=False):
    """Write Goose's database with two sessions, the older one of another project."""
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE sessions (id TEXT PRIMARY KEY, name TEXT, session_type TEXT, working_dir TEXT, created_at TEXT,"
        " updated_at TEXT, total_tokens INTEGER, accumulated_total_tokens INTEGER, model_config_json TEXT,"
        " parent_session_id TEXT);"
        "CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT, session_id TEXT, role TEXT,"
        " content_json TEXT, created_timestamp INTEGER, timestamp TEXT, tokens INTEGER, metadata_json TEXT);"
    )
    config = json.dumps({"model_name": "claude-opus-4-5", "context_limit": 200_000})
    connection.executemany(
        "INSERT INTO sessions VALUES (?, 'n', ?, ?, '2026-11-01 10:00:00', ?, ?, 900000, ?, ?)",
        [
            ("20261101_1", "user", "/srv/other", "2026-11-01 10:00:00", 9_000, config, None),
            ("20261101_2", "user", "/srv/app", "2026-11-01 11:00:00", 15_065, config, None),
            ("20261101_3", "sub_agent", "/srv/app", "2026-11-01 12:00:00", 1, config, "20261101_2"),
        ],
    )
    seen = {} if not compacted else {"userVisible": True, "agentVisible": False}

    def call(id_, name, **arguments):
        value = {"name": name, "arguments": arguments}
        return {"type": "toolRequest", "id": id_, "toolCall": {"status": "success", "value": value}}

    def result(id_, words, **value):
        answer = {"status": "success", "value": {"content": text(words), **value}}
        return {"type": "toolResponse", "id": id_, "toolResult": answer}

    messages = [
        ("user", text(ASKED), seen),
        ("assistant", [
            call("c1", "developer__text_editor", command="view", path="adder.py"),
            call("c2", "developer__shell", command="python test_adder.py"),
            call("c3", "developer__text_editor", command="str_replace", path="adder.py"),
        ], seen),
        ("user", [result("c1", "def add"), result("c2", FAILURE, isError=True), result("c3", "edited")], seen),
        *([("user", text("summary of it all"), {"userVisible": False, "agentVisible": True})] if compacted else []),
        ("assistant", text(SAID), {}),
    ]  # fmt: skip
    for number, (role, content, metadata) in enumerate(messages):
        connection.execute(
            "INSERT INTO messages (session_id, role, content_json, created_timestamp, metadata_json)"
            " VALUES ('20261101_2', ?, ?, ?, ?)",
            (role, json.dumps(content), 1_785_612_803 + number, json.dumps(metadata)),
        )
    connection.commit()
    connection.close()
    return str(path)


def cursor_database(path, workspace="w1"):
    """Write the editor's database with one chat of Cursor and one of a subagent."""

    def bubble(number, kind, words="", **fields):
        value = {"bubbleId": f"b{number}", "type": kind, "text": words, "createdAt": "2026-11-01T10:00:00Z", **fields}
        return f"bubbleId:chat-1:b{number}", value

    def tool(name, arguments, result, status="completed", **fields):
        call = {"name": name, "toolCallId": f"c-{name}", "status": status, "rawArgs": json.dumps(arguments)}
        return {"toolFormerData": {**call, "result": json.dumps(result), **fields}}

    bubbles = [
        bubble(1, 1, ASKED),
        bubble(2, 2, **tool("read_file_v2", {"path": "adder.py"}, {"contents": "def add"})),
        bubble(3, 2, **tool("run_terminal_command_v2", {"command": "python test_adder.py"},
                            {"output": FAILURE, "exitCode": 1})),
        bubble(4, 2, **tool("edit_file_v2", {"path": "adder.py"}, {"output": "edited"})),
        bubble(5, 2, SAID, thinking={"text": "good"}),
    ]  # fmt: skip
    chat = {
        "composerId": "chat-1", "createdAt": 1_785_612_803_281, "lastUpdatedAt": 1_785_612_903_281,
        "modelConfig": {"modelName": "claude-opus-4-5"}, "contextTokensUsed": 15_065, "contextTokenLimit": 200_000,
        "fullConversationHeadersOnly": [{"bubbleId": f"b{number}", "type": 2} for number in range(1, 6)],
        "todos": [{"content": "changelog", "status": "pending"}], "workspaceIdentifier": {"id": workspace},
    }  # fmt: skip
    subagent = {**chat, "composerId": "chat-2", "lastUpdatedAt": 1_785_612_999_999, "subagentInfo": {"type": "x"}}
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)")
    rows = [*bubbles, ("composerData:chat-1", chat), ("composerData:chat-2", subagent)]
    connection.executemany("INSERT INTO cursorDiskKV VALUES (?, ?)", [(key, json.dumps(value)) for key, value in rows])
    connection.execute("INSERT INTO cursorDiskKV VALUES ('composerData:chat-3', 'no JSON')")
    connection.commit()
    connection.close()
    return str(path)


LOGS = {
    "pi": PI,
    "qwen": QWEN,
    "antigravity": ANTIGRAVITY,
    "grok": GROK,
    "kimi": KIMI,
    "cursor": CURSOR,
    "droid": DROID,
    "amp": AMP,
    "continue_dev": CONTINUE,
    "cline": CLINE_SESSION,
    "vscode_chat": VSCODE,
}
"""By format: a log in one file of text."""
