"""Codex's rollouts: the last count, never the sum; each thing once although it is written twice."""

from __future__ import annotations

from handoff_cli.core.transcript import FileTouch, Todo
from tests.transcripts import rows as r

META = r.codex("session_meta", id="c-1", cwd="/p", cli_version="0.125.0", base_instructions={"text": "be good"})


def call(id_, name, arguments):
    return r.codex("response_item", type="function_call", call_id=id_, name=name, arguments=arguments)


def output(id_, text):
    return r.codex("response_item", type="function_call_output", call_id=id_, output=text)


def said(role, text):
    kind = "input_text" if role == "user" else "output_text"
    return r.codex("response_item", type="message", role=role, content=[{"type": kind, "text": text}])


def test_context_is_the_last_count_that_is_not_null(read):
    """The running total is no size, and rows about rate limits have none."""
    found = read(
        r.jsonl(
            META,
            r.codex_tokens(18_870),
            r.codex_tokens(93_694, total=7_594_021),
            r.codex("event_msg", type="token_count", info=None),
        )
    )
    assert (found.usage.tokens, found.usage.window, found.window, found.peak) == (93_694, 258_400, 258_400, 93_694)
    assert (found.agent, found.versions, found.session_ids, found.responses) == ("codex", ("0.125.0",), ("c-1",), 2)


def test_window_is_known_from_the_start_of_a_task(read):
    """Before any response."""
    found = read(r.jsonl(META, r.codex("event_msg", type="task_started", model_context_window=258_400)))
    assert (found.window, found.usage) == (258_400, None)


def test_one_compaction_though_two_rows_tell_of_it(read):
    """The context before is the last count, the one after the next."""
    rows = [
        META,
        r.codex_tokens(240_000),
        r.codex("compacted", message="short"),
        r.codex("event_msg", type="context_compacted"),
    ]
    found = read(r.jsonl(*rows))
    assert (found.usage, len(found.compactions)) == (None, 1)
    found = read(r.jsonl(*rows, r.codex_tokens(20_000)))
    assert (found.compactions[0].before, found.compactions[0].after, found.usage.tokens) == (240_000, 20_000, 20_000)


def test_messages_once_and_without_what_codex_injects(read):
    """Instructions and surroundings are sent as a user's message, but no user wrote them."""
    found = read(
        r.jsonl(
            META,
            said("user", "# AGENTS.md instructions for /p"),
            said("user", "<environment_context>\n<cwd>/p</cwd>\n</environment_context>"),
            said("user", "show tools"),
            r.codex("event_msg", type="user_message", message="show tools"),
            r.codex("event_msg", type="agent_message", message="Here."),
            said("assistant", "Here."),
            r.codex("event_msg", type="user_message", message="show tools"),
        )
    )
    assert [(m.role, m.text) for m in found.messages] == [
        ("user", "show tools"),
        ("assistant", "Here."),
        ("user", "show tools"),
    ]


def test_commands_files_and_plan(read):
    """Exit codes come with the output, from a poll of a command left running, or with a row of their own."""
    patch = "*** Begin Patch\n*** Update File: a.py\n@@\n*** Add File: b.py\n+x\n*** Delete File: c.py\n*** End Patch"
    found = read(
        r.jsonl(
            META,
            call("1", "exec_command", '{"cmd": "make test"}'),
            output("1", "Wall time: 1.0 seconds\nProcess exited with code 2\nOutput:\nboom: exit code 0"),
            call("2", "exec_command", '{"cmd": "npm test"}'),
            output("2", "Process running with session ID 48230\nOutput:\n"),
            call("3", "write_stdin", '{"session_id": 48230, "chars": ""}'),
            output("3", "Process exited with code 0\nOutput:\nok"),
            call("4", "shell", '{"command": ["bash", "-lc", "ls"]}'),
            r.codex("event_msg", type="exec_command_end", call_id="4", exit_code=1, aggregated_output="denied"),
            r.codex("response_item", type="custom_tool_call", call_id="5", name="apply_patch", input=patch),
            r.codex(
                "response_item",
                type="custom_tool_call_output",
                call_id="5",
                output='{"output":"ok","metadata":{"exit_code":0}}',
            ),
            call("6", "update_plan", '{"plan": [{"step": "one", "status": "in_progress"}]}'),
        )
    )
    outcomes = [(command.text, command.exit_code, command.outcome) for command in found.commands]
    assert outcomes == [("make test", 2, "failed"), ("npm test", 0, "ok"), ("ls", 1, "failed")]
    assert found.files == (
        FileTouch("a.py", "modified", 1),
        FileTouch("b.py", "created", 1),
        FileTouch("c.py", "deleted", 1),
    )
    assert found.todos == (Todo("one", "in_progress"),)


def test_texts_to_count_where_no_count_is_recorded(texts):
    """Instructions, tools' texts and messages, each once."""
    found = texts(
        r.jsonl(
            META,
            said("user", "go"),
            r.codex("event_msg", type="user_message", message="go"),
            call("1", "exec_command", '{"cmd":"ls"}'),
            output("1", "Process exited with code 0\nOutput:\na"),
            r.codex("event_msg", type="exec_command_end", call_id="1", exit_code=0, aggregated_output="a"),
        )
    )
    assert found == [
        ("system", "be good"),
        ("user", "go"),
        ("assistant", "exec_command"),
        ("assistant", '{"cmd":"ls"}'),
        ("tool", "Process exited with code 0\nOutput:\na"),
    ]
