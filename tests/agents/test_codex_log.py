"""Codex's rollouts: the last count, never the sum; each thing once although it is written twice."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.readers import iter_texts, latest_usage, read_transcript
from handoff_cli.core.transcript import REFUSED, FileTouch, Todo
from handoff_cli.errors import InputError
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


REPORTED = {"completed": "It is in a.py:3."}


def started(name):
    return [
        call("s", "spawn_agent", '{"agent_type": "explorer", "message": "Find it"}'),
        output("s", json.dumps({name: "a-1", "nickname": "Ada"})),
    ]


def noticed(**status):
    told = json.dumps({"agent_path": "a-1", "status": status})
    return said("user", f"<subagent_notification>\n{told}\n</subagent_notification>")


def sent(kind, words):
    text = f"Message Type: {kind}\nTask name: /root\nSender: a-1\nPayload:\n{words}"
    return r.codex(
        "response_item", type="agent_message", author="a-1", recipient="/root",
        content=[{"type": "input_text", "text": text}],
    )  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [
            *started("agent_id"),
            call("w", "wait", '{"ids": ["a-1"]}'),
            output("w", json.dumps({"status": {"a-1": REPORTED}, "timed_out": False})),
            noticed(**REPORTED),
        ],
        [
            *started("task_name"),
            call("w", "wait_agent", "{}"),
            output("w", '{"timed_out": false}'),
            noticed(**REPORTED),
        ],
        [*started("task_name"), sent("FINAL_ANSWER", "It is in a.py:3.")],
    ],
)
def test_what_a_sub_agent_reports_answers_the_call_that_started_it(read, texts, rows):
    """It comes with a wait, a notice or a message; that the agent was started is no answer, though in the context."""
    found = read(r.jsonl(META, said("user", "go"), *rows))
    assert [(it.kind, it.asked, it.answer) for it in found.lookups] == [("agent", "Find it", "It is in a.py:3.")]
    assert [it.text for it in found.messages] == ["go"]
    assert any("nickname" in text for _, text in texts(r.jsonl(META, said("user", "go"), *rows)))


def test_a_sub_agent_that_was_asked_for_more_reports_again(read):
    rows = [*started("agent_id"), noticed(**REPORTED), noticed(completed="And in b.py:4."), noticed(running=None)]
    found = read(r.jsonl(META, said("user", "go"), *rows))
    assert [it.answer for it in found.lookups] == ["It is in a.py:3.", "And in b.py:4."]


def test_a_sub_agent_that_has_not_reported_has_not_answered(read):
    found = read(
        r.jsonl(META, said("user", "go"), *started("agent_id"), noticed(pending_init=None), sent("MESSAGE", "?"))
    )
    assert (found.lookups, [it.outcome for it in found.tool_calls]) == ((), [None])


def test_what_a_program_itself_printed_is_nothing_that_was_looked_up(read):
    """What the calls in it did is told as theirs."""
    program = r.codex("response_item", type="custom_tool_call", call_id="1", name="exec", input="text(await tools.x())")
    done = r.codex("response_item", type="custom_tool_call_output", call_id="1", output="Script completed")
    assert read(r.jsonl(META, said("user", "go"), program, done)).lookups == ()


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


def item(kind, id_, **fields):
    return r.codex("event_msg", type="item_completed", item={"type": kind, "id": id_, **fields})


def record(tokens, id_):
    usage = {"input_tokens": tokens, "output_tokens": 0, "total_tokens": tokens}
    return r.codex("token_usage_record", response_id=id_, usage=usage)


def program(source, id_="p1"):
    return r.codex("response_item", type="custom_tool_call", name="exec", call_id=id_, input=source)


def shell(command):
    return ["/bin/bash", "-lc", command]


CODE_MODE = [
    r.codex("session_meta", id="c", cli_version="0.171.0"),
    program("await tools.exec_command({cmd: 'make test'}); await tools.apply_patch(`...`)"),
    item(
        "CommandExecution", "e1", command=shell("make test"), status="failed", exit_code=2, aggregated_output="1 failed"
    ),
    item("CommandExecution", "e2", command=shell("pytest -q"), status="completed", exit_code=0, aggregated_output="ok"),
    item(
        "FileChange",
        "e3",
        status="completed",
        changes={
            "/p/new.py": {"type": "add", "content": "x = 1\n"},
            "/p/old.py": {"type": "update", "unified_diff": "@@ -1 +1 @@\n-a\n+b\n", "move_path": None},
            "/p/gone.py": {"type": "delete"},
        },
    ),
    r.codex(
        "response_item", type="custom_tool_call_output", call_id="p1", output=[{"type": "input_text", "text": "ok"}]
    ),
]


def test_what_a_program_of_code_mode_does_is_in_the_items(read, texts):
    """The program itself is neither command nor change; what its calls printed is not in the context but by it."""
    found = read(r.jsonl(*CODE_MODE))
    assert [(it.text, it.exit_code, it.outcome) for it in found.commands] == [
        ("make test", 2, "failed"),
        ("pytest -q", 0, "ok"),
    ]
    touched = {(it.path, it.action) for it in found.files}
    assert touched == {("/p/new.py", "created"), ("/p/old.py", "modified"), ("/p/gone.py", "deleted")}
    assert [text for role, text in texts(r.jsonl(*CODE_MODE)) if role == "tool"] == ["ok"]


def test_an_item_of_the_older_mode_answers_the_call_it_repeats(read):
    """Both have the same id."""
    call = r.codex("response_item", type="function_call", name="exec_command", call_id="k", arguments='{"cmd": "ls x"}')
    done = item("CommandExecution", "k", command=shell("ls x"), status="failed", exit_code=2, aggregated_output="no x")
    found = read(r.jsonl(CODE_MODE[0], call, done))
    assert [(it.text, it.exit_code, it.error) for it in found.commands] == [("ls x", 2, "no x")]


def test_a_change_that_was_declined_is_none(read):
    row = item("FileChange", "e", status="declined", changes={"/p/a.py": {"type": "delete"}})
    assert read(r.jsonl(CODE_MODE[0], row)).files == ()


def test_the_plan_of_a_program_is_the_list_of_todos(read):
    source = """await tools.update_plan({plan: [{step: 'Fix \\'add\\'', status: 'completed'}, {step: "Log", status: "pending"}]})"""
    found = read(r.jsonl(CODE_MODE[0], program(source)))
    assert [(it.text, it.status) for it in found.todos] == [("Fix 'add'", "completed"), ("Log", "pending")]


def test_responses_are_told_apart_by_their_records(read):
    """Counts repeat them; a request for a summary, which a compaction follows, is none of the conversation's."""
    words = r.codex("response_item", type="message", role="assistant", content=[{"type": "output_text", "text": "Sum"}])
    rows = [
        CODE_MODE[0],
        *(record(12_000, "a"), r.codex_tokens(12_000)),
        *(record(250_000, "b"), r.codex_tokens(250_000), r.codex_tokens(250_000)),
        *(words, record(251_000, "c"), r.codex_tokens(251_000)),
        r.codex("compacted", message="Sum"),
    ]
    found = read(r.jsonl(*rows))
    assert (found.responses, found.peak, found.messages) == (2, 250_000, ())
    assert found.compactions[0].before == 250_000
    assert read(r.jsonl(*rows[:-1])).responses == 3


def test_codex_own_guess_is_no_figure_of_the_api(read):
    """After a compaction it writes a count whose parts are all zero."""
    parts = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 6_858}
    info = {"last_token_usage": parts, "total_token_usage": {"total_tokens": 9}, "model_context_window": 258_400}
    guess = r.codex("event_msg", type="token_count", info=info)
    found = read(r.jsonl(CODE_MODE[0], r.codex_tokens(240_000), r.codex("compacted", message="Sum"), guess))
    assert (found.usage.tokens, found.usage.method, found.usage.low) == (6_858, "estimated", 6_858)
    assert found.usage.high > 9_100
    assert (found.responses, found.peak, found.window) == (1, 240_000, 258_400)


def test_the_window_and_the_instructions_survive_a_compaction(texts, tmp_path):
    meta = r.codex("session_meta", id="c", cli_version="0.171.0", base_instructions={"text": "Be careful."})
    rows = [meta, r.codex_tokens(240_000, window=258_400), r.codex("compacted", message="Sum")]
    assert [text for _, text in texts(r.jsonl(*rows))] == ["Be careful.", "Sum"]
    path = tmp_path / "t.jsonl"
    path.write_text(r.jsonl(*rows[:2]))
    _, state = latest_usage(str(path))
    path.write_text(r.jsonl(*rows))
    _, after = latest_usage(str(path), state)
    assert (after.tokens, after.window) == (None, 258_400)
    assert latest_usage(str(path))[1].window == 258_400


def test_turns_that_were_rolled_back_never_happened(read):
    say = lambda text: r.codex("event_msg", type="user_message", message=text)  # noqa: E731
    rows = [CODE_MODE[0], say("one"), say("two"), say("three")]
    for turns, left in ((1, ["one", "two"]), (2, ["one"]), (9, [])):
        found = read(r.jsonl(*rows, r.codex("event_msg", type="thread_rolled_back", num_turns=turns)))
        assert [it.text for it in found.messages] == left


@pytest.mark.parametrize(("reason", "stopped"), [("interrupted", True), ("review_ended", False)])
def test_a_turn_that_the_user_interrupted_did_not_come_to_its_end(read, reason, stopped):
    aborted = r.codex("event_msg", type="turn_aborted", reason=reason)
    found = read(r.jsonl(META, said("user", "mend it"), said("assistant", "I look at the lock."), aborted))
    assert [it.stopped for it in found.messages] == [False, stopped]


def test_the_usage_of_a_turn_that_was_taken_back_is_only_a_bound(read, tmp_path):
    """Until the next response; read whole, from the end, or going on from an earlier reading."""
    back = r.codex("event_msg", type="thread_rolled_back", num_turns=1)
    asked = r.codex("event_msg", type="user_message", message="one")
    rows = [CODE_MODE[0], asked, r.codex_tokens(90_000), back, asked]
    path = tmp_path / "t.jsonl"
    path.write_text(r.jsonl(*rows[:3]))
    usage, state = latest_usage(str(path))
    assert (usage.tokens, usage.method) == (90_000, "exact")
    path.write_text(r.jsonl(*rows))
    on, state = latest_usage(str(path), state)
    for found in (on, latest_usage(str(path))[0], read(r.jsonl(*rows)).usage):
        assert (found.tokens, found.method, found.low, found.high) == (90_000, "estimated", 0, 90_000)
    path.write_text(r.jsonl(*rows, asked))
    assert latest_usage(str(path), state)[0] == on
    path.write_text(r.jsonl(*rows, asked, r.codex_tokens(40_000)))
    found, _ = latest_usage(str(path), state)
    assert (found.tokens, found.method) == (40_000, "exact")


def test_after_turns_were_taken_back_the_usage_is_that_of_the_turn_that_stands(read, tmp_path):
    """Of a long rollout, which is not read whole for it, an upper bound; nor does a compaction leave a figure behind."""
    say = [r.codex("event_msg", type="user_message", message=text) for text in ("one", "two", "three")]
    back = [r.codex("event_msg", type="thread_rolled_back", num_turns=turns) for turns in (1, 2)]
    rows = [
        CODE_MODE[0],
        say[0],
        r.codex_tokens(20_000),
        say[1],
        r.codex_tokens(60_000),
        say[2],
        r.codex_tokens(90_000),
    ]
    path = tmp_path / "t.jsonl"
    path.write_text(r.jsonl(*rows))
    _, before = latest_usage(str(path))
    for turns, tokens in ((0, 60_000), (1, 20_000)):
        path.write_text(r.jsonl(*rows, back[turns]))
        for found in (read(path.read_text()).usage, *(latest_usage(str(path), it)[0] for it in (before, None))):
            assert (found.tokens, found.method) == (tokens, "exact")
    padding = r.codex("response_item", type="reasoning", summary=[{"text": "x" * (5 << 20)}])
    path.write_text(r.jsonl(rows[0], padding, *rows[1:], back[0]))
    assert latest_usage(str(path))[0].method == "estimated"
    compacted = [*rows[:4], r.codex("compacted", message="so far"), r.codex_tokens(9_000), back[0]]
    path.write_text(r.jsonl(*compacted))
    for found in (read(path.read_text()).usage, latest_usage(str(path))[0]):
        assert (found.tokens, found.method) == (9_000, "estimated")


def test_what_is_injected_is_told_by_the_kinds_of_the_parts(read):
    """Where they are written; else by how it begins."""
    kinds = {"content_item_kinds": ["hooks.additional_context", "user.text"]}
    parts = [{"type": "input_text", "text": text} for text in ("The window is full.", "<b>Fix</b>")]
    row = r.codex(
        "response_item", type="message", role="user", content=parts, internal_chat_message_metadata_passthrough=kinds
    )
    assert [it.text for it in read(r.jsonl(CODE_MODE[0], row)).messages] == ["<b>Fix</b>"]


def test_the_request_stands_below_what_the_editor_adds(read):
    prompt = "# Context from my IDE setup:\n\n## Active file: a.py\n\n## My request for Codex:\nFix it\n"
    row = r.codex("event_msg", type="user_message", message=prompt)
    assert [it.text for it in read(r.jsonl(CODE_MODE[0], row)).messages] == ["Fix it"]
    alone = r.codex("event_msg", type="user_message", message="# Context from my IDE setup:\n\n## Open tabs:\n")
    assert read(r.jsonl(CODE_MODE[0], alone)).messages == ()


@pytest.mark.parametrize(("magic", "program"), [(b"\x28\xb5\x2f\xfd", "zstd"), (b"\x1f\x8b\x08", "gzip")])
def test_a_compressed_rollout_is_refused_in_words(tmp_path, magic, program):
    path = tmp_path / "rollout-1.jsonl.zst"
    path.write_bytes(magic + b"\x04\x58abcdefgh")
    with pytest.raises(InputError, match=f"compressed by {program}"):
        read_transcript(str(path))


def test_what_codex_tells_the_model_at_a_compaction_is_no_account_of_the_agent_s():
    """Its own instructions come first in what takes the conversation's place, and a sentence of its before the summary."""
    head = "Another language model started to solve this problem and wrote a summary. Here it is:\n"
    history = [
        {
            "type": "message",
            "role": "developer",
            "content": [{"type": "input_text", "text": "<skills>use them</skills>"}],
        },
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": f"{head}The parser is done."}]},
    ]
    row = r.codex("compacted", message=f"{head}The parser is done.", replacement_history=history)
    data = r.jsonl(META, r.codex_tokens(240_000), row).encode()
    found = read_transcript("x.jsonl", data=data)
    assert [it.text for it in found.summaries] == ["The parser is done."]
    assert any("use them" in text for _, text in iter_texts("x.jsonl", data=data)), "it counts nevertheless"


def test_the_branch_stands_in_what_git_is_said_to_be(read):
    assert read(r.jsonl(META, said("user", "go"))).branch is None
    meta = r.codex("session_meta", id="c-1", git={"branch": "fix/lock", "commit_hash": "a1"})
    assert read(r.jsonl(meta, said("user", "go"))).branch == "fix/lock"


def asked(id_, command, **more):
    return call(id_, "exec_command", json.dumps({"cmd": command, **more}))


def test_a_command_tells_the_reason_with_which_leave_was_asked_to_run_it_outside_of_the_sandbox(read):
    rows = [
        asked("a", "npm install"),
        asked("b", "npm install", sandbox_permissions="require_escalated", justification="To fetch\npackages?"),
        asked("c", "npm test", with_escalated_permissions=True),
    ]
    assert [it.outside for it in read(r.jsonl(CODE_MODE[0], *rows)).commands] == [None, "To fetch packages?", ""]


def test_a_program_of_code_mode_asks_for_its_commands(read):
    program = 'await tools.exec_command({cmd: "npm i", sandbox_permissions: "require_escalated", justification: "To \\"get\\" it"})'
    rows = [
        r.codex("response_item", type="custom_tool_call", name="exec", call_id="p", input=program),
        item("CommandExecution", "x1", command=shell("npm i"), status="completed", exit_code=0),
        item("CommandExecution", "x2", command=shell("ls"), status="completed", exit_code=0),
    ]
    found = read(r.jsonl(CODE_MODE[0], *rows)).commands
    assert [(it.text, it.outside) for it in found] == [("npm i", 'To "get" it'), ("ls", None)]


def test_what_the_user_did_not_let_run_was_refused(read):
    rows = asked("a", "git push"), output("a", "exec command rejected by user")
    (run,) = read(r.jsonl(CODE_MODE[0], *rows)).commands
    assert (run.outcome, run.error) == ("failed", f"{REFUSED}. exec command rejected by user")


def test_a_command_that_was_rejected_as_too_risky_failed(read):
    rows = (
        asked("a", "rm -rf /"),
        output("a", "This action was rejected due to unacceptable risk.\nReason: it removes all."),
    )
    (run,) = read(r.jsonl(CODE_MODE[0], *rows)).commands
    assert (run.outcome, run.error.partition("\n")[0]) == (
        "failed",
        "This action was rejected due to unacceptable risk.",
    )


def test_a_command_that_the_user_ran_in_the_prompt_is_a_command_and_no_request(read):
    ran = (
        "<command>\npytest -q\n</command>\n<result>\nExit code: 1\nDuration: 0.3 seconds\nOutput:\n1 failed\n</result>"
    )
    words = f"<user_shell_command>\n{ran}\n</user_shell_command>"
    found = read(r.jsonl(META, said("user", "go"), said("user", words)))
    assert [it.text for it in found.messages] == ["go"]
    assert [(it.text, it.exit_code, it.outcome) for it in found.commands] == [("pytest -q", 1, "failed")]
    assert [it.name for it in found.tool_calls] == ["usershell"]


def test_a_page_that_was_opened_is_told_by_its_address(read):
    action = {"type": "open_page", "url": "https://docs.test/a"}
    row = r.codex("response_item", type="web_search_call", status="completed", action=action)
    assert [(it.kind, it.asked) for it in read(r.jsonl(META, row)).lookups] == [("fetch", "https://docs.test/a")]


def test_a_program_s_command_writes_below_the_folder_it_ran_in(read):
    """Which the item names as an address."""
    ran = shell("sed -i 's/one/two/' a.py")
    done = item("CommandExecution", "e1", command=ran, cwd="file:///p/web", status="completed", exit_code=0)
    assert [it.path for it in read(r.jsonl(META, program("await tools.exec_command(...)"), done)).edits] == [
        "/p/web/a.py"
    ]


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([], None),
        (
            [
                r.codex(
                    "response_item", type="custom_tool_call_output", call_id="p1", output="aborted by user after 5.2s"
                )
            ],
            "failed",
        ),
    ],
)
def test_a_program_that_did_not_come_to_tell_what_it_did_was_at_its_command(read, rows, outcome):
    """Where it has one; of what it told, it was at none."""
    source = (
        """const r = await tools.exec_command({cmd: "make \\"all\\"\\nmake test", workdir: "/p"}); text(r.output);"""
    )
    (run,) = read(r.jsonl(META, program(source), *rows)).commands
    assert (run.text, run.outcome) == ('make "all"\nmake test', outcome)
    assert read(r.jsonl(META, program(f"{source} {source}"), *rows)).commands == ()
    done = item("CommandExecution", "e1", command=shell("make test"), status="completed", exit_code=0)
    assert [it.text for it in read(r.jsonl(META, program(source), done, *rows)).commands] == ["make test"]


def test_a_sub_agent_is_told_by_its_task_s_name_where_the_order_is_encrypted(read):
    order = json.dumps({"task_name": "find_the_leak", "message": "gAAAAABqAZLpDBVX3heq9f5RwzU7", "fork_turns": "none"})
    rows = [call("s", "spawn_agent", order), output("s", '{"task_name": "a-1"}'), sent("FINAL_ANSWER", "In a.py:3.")]
    assert [(it.asked, it.answer) for it in read(r.jsonl(META, *rows)).lookups] == [("find_the_leak", "In a.py:3.")]
