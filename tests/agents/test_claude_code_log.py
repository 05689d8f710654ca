"""Claude Code's rows: which count, which are words of a person, what the tools did."""

from __future__ import annotations

import pytest

from handoff_cli.agents.readers import latest_usage
from handoff_cli.core.transcript import Commit, FileTouch, Todo
from tests.transcripts import rows as r


def test_context_is_the_prompt_side_of_the_last_main_chain_response(read):
    """Subagents, synthetic rows, API errors and rows without usage leave it alone; rows of a response count once."""
    found = read(
        r.jsonl(
            r.claude_response(90_000, id_="a"),
            r.claude_response(
                50_000, id_="b", usage={"input_tokens": 1, "cache_read_input_tokens": 49_999, "output_tokens": 8}
            ),
            r.claude_response(50_000, id_="b"),
            r.claude_response(120_000, id_="c", sidechain=True),
            r.claude_response(150_000, id_="d", model="<synthetic>"),
            r.claude_response(150_000, id_="e", isApiErrorMessage=True),
            r.claude("assistant", message={"id": "f", "usage": None, "content": []}),
            r.claude("user", message={}, toolUseResult={"usage": {"input_tokens": 99}, "totalTokens": 99}),
            r.claude("progress", data={"message": {"message": {"usage": {"input_tokens": 99}}}}),
        )
    )
    assert (found.usage.tokens, found.usage.method, found.peak, found.responses) == (50_000, "exact", 90_000, 2)
    assert found.agent == "claude"


def test_compaction_clears_the_context_until_the_next_response(read):
    """Its figure before is recorded, the one after is the next response's."""
    rows = [r.claude_response(160_000), r.claude_compact(167_100)]
    found = read(r.jsonl(*rows))
    assert found.usage is None
    assert (found.compactions[0].position, found.compactions[0].before, found.compactions[0].after) == (
        2,
        167_100,
        None,
    )
    found = read(r.jsonl(*rows, r.claude_response(30_000, id_="b")))
    assert (found.usage.tokens, found.peak, found.compactions[0].after) == (30_000, 160_000, 30_000)


def test_what_a_compaction_records_is_the_conversation_alone(read):
    """Instructions and tools come on top, about as much as the first response was sent; nothing of it is exact."""
    row = r.claude(
        "system",
        subtype="compact_boundary",
        compactMetadata={"trigger": "auto", "preTokens": 160_000, "postTokens": 9_000},
    )
    rows = [r.claude_response(20_000), r.claude_response(160_000, id_="b"), row]
    usage = read(r.jsonl(*rows)).usage
    assert (usage.tokens, usage.method, usage.rule) == (29_000, "estimated", "recorded by the compaction itself")
    assert (usage.low, usage.high) == (9_000, 49_000)
    found = read(r.jsonl(*rows, r.claude_response(25_000, id_="c")))
    assert (found.usage.method, found.compactions[0].after) == ("exact", 25_000)


def test_of_several_requests_in_one_response_the_last_is_the_context(read):
    """With the advisor, ``usage`` is the sum of all of them, and no larger window is meant."""
    requests = [
        {
            "type": "message",
            "input_tokens": 2,
            "cache_read_input_tokens": 108_000,
            "cache_creation_input_tokens": 1_500,
        },
        {"type": "advisor_message", "input_tokens": 110_200},
        {"type": "message", "input_tokens": 2, "cache_read_input_tokens": 109_500, "cache_creation_input_tokens": 700},
    ]
    summed = {"input_tokens": 4, "cache_read_input_tokens": 217_500, "cache_creation_input_tokens": 2_200}
    found = read(r.jsonl(r.claude_response(0, usage={**summed, "iterations": requests}, model="claude-sonnet-4-5")))
    assert (found.usage.tokens, found.peak, found.model) == (110_202, 110_202, "claude-sonnet-4-5")
    found = read(r.jsonl(r.claude_response(0, usage={**summed, "iterations": []})))
    assert found.usage.tokens == 219_704


def test_a_response_of_zeros_is_no_figure(read):
    """One that was cut off, or came through a gateway that does not count."""
    zeros = {"input_tokens": 0, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    found = read(r.jsonl(r.claude_response(50_000), r.claude_response(0, usage=zeros, id_="b")))
    assert (found.usage.tokens, found.responses) == (50_000, 1)
    assert read(r.jsonl(r.claude_response(0, usage=zeros))).usage is None


IDENTITY = r.claude("attachment", attachment={"type": "model", "identity": {"modelId": "claude-opus-4-6[1m]"}})
REQUEST = {"type": "api-request", "params": {"model": "claude-opus-4-6", "betas": ["x-1", "context-1m-2025-08-07"]}}


@pytest.mark.parametrize("told", [IDENTITY, REQUEST, r.claude_response(210_000, id_="a")])
def test_the_larger_window_is_told_by_the_model_as_it_was_asked_for(read, told, tmp_path):
    """By the row about the model, by the request's beta, or by a context that only it holds; of that model alone."""
    rows = [told, r.claude_response(150_000, id_="b")]
    assert read(r.jsonl(*rows)).model == "claude-opus-4-6[1m]"
    path = tmp_path / "t.jsonl"
    path.write_text(r.jsonl(rows[0]) + r.jsonl(r.claude_response(210_000, id_="x")))
    _, state = latest_usage(str(path))
    path.write_text(path.read_text() + r.jsonl(rows[1]))
    assert latest_usage(str(path), state)[1].model == "claude-opus-4-6[1m]"
    smaller = r.claude_response(100_000, id_="c", model="claude-haiku-4-5")
    assert read(r.jsonl(*rows, smaller)).model == "claude-haiku-4-5"
    path.write_text(path.read_text() + r.jsonl(smaller))
    assert latest_usage(str(path), state)[1].model == "claude-haiku-4-5"


@pytest.mark.parametrize(
    "said",
    [
        "<ide_opened_file>The user opened a.py in the IDE.</ide_opened_file>\nFix it",
        "Fix it\n<system-reminder>\nbe terse\n</system-reminder>",
        "<ide_selection>The user selected lines 3 to 9:\ndef f():\n</ide_selection>\nFix it",
    ],
)
def test_what_the_editor_adds_is_not_said_by_the_user(read, said):
    """Beside the words, or in a block of its own."""
    assert [it.text for it in read(r.jsonl(r.claude_user(said))).messages] == ["Fix it"]
    block, _, _ = said.partition("\n") if said.startswith("<ide_opened") else (said, "", "")
    content = [{"type": "text", "text": block}, {"type": "text", "text": "Fix it"}]
    assert {it.text for it in read(r.jsonl(r.claude_user(content))).messages} == {"Fix it"}
    quoted = "Explain <system-reminder> to me"
    assert [it.text for it in read(r.jsonl(r.claude_user(quoted))).messages] == [quoted]


def test_a_turn_ends_once_whichever_row_says_so(read):
    """2.1.332 writes how long it took, and a summary only where hooks ran."""
    took, hooks = (r.claude("system", subtype=name) for name in ("turn_duration", "stop_hook_summary"))
    rows = [r.claude_user("go"), r.claude_response(9_000), took, r.claude_user("on"), r.claude_response(9_500, id_="b")]
    assert read(r.jsonl(*rows, hooks, took)).turns == 2


def test_a_log_whose_first_row_follows_one_that_is_missing_begins_amid_the_work(read):
    rows = [r.claude_user("go", uuid="u1", parentUuid="u0"), r.claude_response(9_000, uuid="a1", parentUuid="u1")]
    assert read(r.jsonl(*rows)).begins_amid
    assert not read(r.jsonl({**rows[0], "parentUuid": None}, rows[1])).begins_amid


def test_what_the_agent_wrote_down_for_a_person_who_was_away_ends_its_turn_and_is_no_message(read):
    """It is written minutes after a turn; a turn that is taken back takes it along."""
    told = "Goal: import the prices. Next: your go. (disable recaps in /config)"
    away = r.claude("system", subtype="away_summary", content=told, uuid="s1", parentUuid="a1")
    rows = [r.claude_user("go", uuid="u1"), r.claude_response(9_000, uuid="a1", parentUuid="u1"), away]
    transcript = read(r.jsonl(*rows))
    assert [it.text for it in transcript.recaps] == ["Goal: import the prices. Next: your go."]
    assert transcript.turns == 1
    assert not any("Goal" in it.text for it in transcript.messages)
    again = r.claude_user("no, by day", uuid="u2", parentUuid=None)
    assert not read(r.jsonl(*rows, again)).recaps


def test_what_failed_as_the_agent_stopped_is_a_command_and_so_is_its_next_run(read):
    def stopped(uuid, *errors):
        hooks = [{"command": "go run ./cmd/app hook"}]
        return r.claude("system", subtype="stop_hook_summary", uuid=uuid, hookInfos=hooks, hookErrors=list(errors))

    error = "Failed with non-blocking status code: a.go:3:1: undefined: x"
    rows = [stopped("1"), stopped("2", error), stopped("3"), stopped("4")]
    ran = read(r.jsonl(r.claude_user("go"), r.claude_response(9_000), *rows)).commands
    assert [(it.text, it.outcome) for it in ran] == [
        ("go run ./cmd/app hook", "failed"),
        ("go run ./cmd/app hook", "ok"),
    ]
    assert ran[0].output == "a.go:3:1: undefined: x"
    asked = r.claude_response(9_000, [{"type": "text", "text": "Shall I?"}])
    assert read(r.jsonl(r.claude_user("go"), asked, rows[1])).messages[-1].ended


def test_microcompaction_and_a_subagents_compaction_are_none(read):
    """Both leave the context as it is."""
    micro = r.claude("system", subtype="microcompact_boundary", microcompactMetadata={"preTokens": 58_573})
    found = read(r.jsonl(r.claude_response(135_000), micro, r.claude_compact(sidechain=True)))
    assert (found.usage.tokens, found.compactions) == (135_000, ())


@pytest.mark.parametrize(
    "hidden",
    [
        r.claude_user("meta", isMeta=True),
        r.claude_user("This session is being continued", isCompactSummary=True),
        r.claude_user("<command-name>/clear</command-name>"),
        r.claude_user("<local-command-stdout>Bye</local-command-stdout>"),
        r.claude_user("[Request interrupted by user for tool use]"),
        r.claude_user("from a subagent", sidechain=True),
    ],
)
def test_only_a_persons_own_words_are_messages(read, hidden):
    """The rest is in the context, but nobody said it."""
    found = read(
        r.jsonl(hidden, r.claude_user("fix the\nlogin"), r.claude_user([{"type": "text", "text": "and test"}]))
    )
    assert [message.text for message in found.messages] == ["fix the\nlogin", "and test"]


def test_a_subagents_own_log_is_read_but_its_usage_is_no_sessions(read):
    """Whoever names it wants what was done in it; a log that only holds a subagent's rows among its own stays as it is."""
    own = (
        r.claude_user("review the parser", sidechain=True, agentId="a1"),
        r.claude_response(57_000, [{"type": "text", "text": "It drops the last row."}], sidechain=True, agentId="a1"),
    )
    found = read(r.jsonl(*own))
    assert [message.text for message in found.messages] == ["review the parser", "It drops the last row."]
    assert (found.usage, found.responses) == (None, 0)
    assert [message.text for message in read(r.jsonl(r.claude_user("go"), *own)).messages] == ["go"]


def test_what_a_called_command_orders_is_kept_and_no_words_of_the_program(read):
    """Its text comes as a row that nobody typed."""
    caveat = r.claude_user("<local-command-caveat>no words</local-command-caveat>", isMeta=True)
    found = read(r.jsonl(caveat, r.claude_user("# Plan\n\nNEVER CODE!", isMeta=True), r.claude_user("go")))
    assert [it.text for it in found.orders] == ["# Plan\n\nNEVER CODE!"]


def slash(name, words):
    return r.claude_user(f"<command-message>{name}</command-message>\n<command-name>/{name}</command-name>\n{words}")


def test_a_slash_command_that_is_a_prompt_is_said_with_what_was_typed_after_it_unless_it_is_about_the_agent(read):
    rows = r.jsonl(
        slash("plan-it", "<command-args>add a cache\nto the API </command-args>"),
        slash("compact", "<command-args>keep the plan</command-args>"),
        slash("gate-review", "<command-args></command-args>"),
        r.claude_user("<command-message>init is analyzing…</command-message>\n  <command-name>init</command-name>"),
        r.claude_user("<command-name>/stats</command-name>\n  <command-message>stats</command-message>"),
        slash("btw", "<command-args>what is rust</command-args>"),
        r.claude_user("why does <command-args>x</command-args> stand there?"),
    )
    assert [it.text for it in read(rows).messages] == [
        "/plan-it add a cache\nto the API",
        "/gate-review",
        "/init",
        "why does <command-args>x</command-args> stand there?",
    ]


def test_what_tells_of_a_call_in_the_background_is_nobodys_whatever_its_tag_is_called(read):
    told = "<job-done>\n<tool-use-id>toolu_1</tool-use-id>\n<status>failed</status>\n</job-done>"
    event = "<watched>\n<id>b1</id>\n<summary>Monitor: test run</summary>\n<event>[timed out]</event>\n</watched>"
    assert not read(r.jsonl(r.claude_user(told), r.claude_user(event))).messages
    for said in (
        "Unknown skill: deploy\nwhy do I get this?",
        "<order>\n<summary>x</summary>\n<status>y</status>\n</order>",
    ):
        assert [it.text for it in read(r.jsonl(r.claude_user(said))).messages] == [said]
    assert not read(r.jsonl(r.claude_user("Unknown command: /moddel. Did you mean /model?"))).messages
    page = "<details>\n<summary>Why does this page not open?</summary>\n</details>"
    assert [it.text for it in read(r.jsonl(r.claude_user(page))).messages] == [page]


def queued(operation, words=None, **fields):
    said = {"content": words} if words else {}
    return {"type": "queue-operation", "operation": operation, "sessionId": "s-1", **said, **fields}


def attached(words, **fields):
    return r.claude("attachment", attachment={"type": "queued_command", "prompt": words, **fields})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([queued("enqueue", "no, the other table"), queued("remove")], ["no, the other table"]),
        ([queued("enqueue", "a"), queued("enqueue", "b"), queued("remove", "b"), queued("remove")], ["b", "a"]),
        ([queued("enqueue", "go on"), queued("remove"), queued("enqueue", "go on"), queued("remove")], ["go on"] * 2),
        ([queued("enqueue", "a"), queued("dequeue"), r.claude_user("a")], ["a"]),
        ([queued("enqueue", "a"), queued("popAll"), queued("remove")], []),
        ([queued("enqueue", "not yet heard")], ["not yet heard"]),
        ([queued("enqueue", "a"), queued("enqueue", "b"), queued("remove", "a"), r.claude_user("c")], ["a", "c"]),
        ([queued("enqueue", "<task-notification>x"), queued("enqueue", "a"), queued("remove")], ["a"]),
        ([queued("enqueue", "a"), queued("remove"), queued("dequeue"), r.claude_user("a")], ["a"]),
        ([queued("enqueue", "a"), queued("remove", "a", reason="cancelled")], []),
        ([queued("enqueue", "a"), queued("remove", "a", reason="absorbed_mid_turn"), attached("a")], ["a"]),
        ([queued("enqueue", "a"), attached("a", commandMode="prompt"), queued("remove", "a")], ["a"]),
        ([attached([{"type": "text", "text": "look at this"}, {"type": "image", "source": {}}])], ["look at this"]),
        ([attached("a", origin={"kind": "human"}), attached("b", origin={"kind": "peer"})], ["a"]),
        ([attached("done", commandMode="task-notification")], []),
        ([queued("enqueue", "<task-notification>x"), queued("remove")], []),
        (
            [queued("enqueue", "/compact now"), queued("remove"), queued("enqueue", "/fix it"), queued("remove")],
            ["/fix it"],
        ),
        ([queued("remove"), queued("dequeue"), queued("enqueue", 5), attached(None), queued("remove")], []),
    ],
)
def test_what_the_user_typed_while_the_agent_worked_is_said_once(read, rows, said):
    found = read(r.jsonl(r.claude_user("start"), *rows, r.claude_response(20)))
    assert [it.text for it in found.messages if it.role == "user"] == ["start", *said]


@pytest.mark.parametrize(
    ("name", "arguments"), [("Bash", {"command": "ssh prod"}), ("Edit", {"file_path": "a"}), ("ExitPlanMode", {})]
)
def test_what_the_user_said_on_refusing_any_call_is_the_users_message(read, name, arguments):
    refusal = (
        "The user doesn't want to proceed with this tool use. The tool use was rejected. To tell you how to proceed, "
        "the user said:\nuse the staging host\nand wait"
        "\n\nNote: The user's next message may contain a correction or preference. Pay close attention"
    )
    rows = (
        r.claude_user("deploy"),
        r.claude_response(20, [r.tool_use("t", name, **arguments)]),
        r.claude_result("t", refusal, is_error=True),
    )
    assert [it.text for it in read(r.jsonl(*rows)).messages if it.role == "user"] == [
        "deploy",
        "use the staging host\nand wait",
    ]
    quoted = (*rows[:2], r.claude_result("t", f"grep: {refusal}", is_error=True))
    assert [it.text for it in read(r.jsonl(*quoted)).messages if it.role == "user"] == ["deploy"]


def test_questions_that_the_user_wants_to_clarify_first_are_open_and_the_words_that_tell_it_nobodys(read):
    held = (
        "The user doesn't want to proceed with this tool use. The tool use was rejected. To tell you how to proceed, "
        "the user said:\nThe user wants to clarify these questions.\n    This means they may have questions for you."
    )
    asked = r.tool_use("t", "AskUserQuestion", questions=[{"question": "Which table?"}])
    rows = (r.claude_user("import it"), r.claude_response(20, [asked]), r.claude_result("t", held, is_error=True))
    found = read(r.jsonl(*rows))
    assert [it.text for it in found.messages if it.role == "user"] == ["import it"]
    assert [it.outcome for it in found.tool_calls] == [None]


ANSWERED = 'Your questions have been answered: "Which table?"="prices", "Threads?"="no". You can now continue.'


@pytest.mark.parametrize(
    ("text", "result", "answers"),
    [
        (ANSWERED, {}, [("Which table?", "prices"), ("Threads?", "no")]),
        (ANSWERED.replace("Your questions have been", "User has"), {}, []),
        ('User has answered your questions: "A?"="B".', {}, [("A?", "B")]),
        (
            'odd "words"="x"',
            {"answers": {'Which "db"?': 'use "pg", then. Yes', "n": 5}},
            [('Which "db"?', 'use "pg", then. Yes')],
        ),
        ('it says "A?"="B"', {}, []),
        (ANSWERED, {"answers": "none"}, [("Which table?", "prices"), ("Threads?", "no")]),
    ],
)
def test_answers_to_the_agents_questions_are_told_apart(read, text, result, answers):
    rows = (
        r.claude_response(20, [r.tool_use("q", "AskUserQuestion", questions=[])]),
        r.claude_result("q", text, result=result),
    )
    assert [(it.question, it.answer) for it in read(r.jsonl(*rows)).answers] == answers


def test_an_option_that_was_chosen_comes_with_what_was_said_of_it(read):
    questions = [{"question": "Next?", "options": [{"label": "Review", "description": "by two people"}]}]
    rows = (
        r.claude_response(20, [r.tool_use("q", "AskUserQuestion", questions=questions)]),
        r.claude_result("q", "ok", result={"questions": questions, "answers": {"Next?": "Review"}}),
    )
    assert [it.answer for it in read(r.jsonl(*rows)).answers] == ["Review (by two people)"]


def test_what_is_said_is_kept_word_for_word_and_of_a_pasted_book_its_ends(read):
    """20,000 characters of a request are quoted, 18,000 of a reply; a cut falls between words."""
    reply = f"{'word ' * 4_000}\n\nThe lock is at fault."
    found = read(
        r.jsonl(
            r.claude_user("x" * 20_000),
            r.claude_user(f"{'book ' * 4_100}\nwhat is it about?"),
            r.claude_response(20, [{"type": "text", "text": reply}]),
        )
    )
    assert found.messages[0].text == "x" * 20_000
    for message, begins, ends in (
        (1, "book ", "book \nwhat is it about?"),
        (2, "word ", "word \n\nThe lock is at fault."),
    ):
        told = found.messages[message].text
        assert told.startswith(begins * 400)
        assert told.endswith(ends)
        assert " characters] …" in told


def test_tools_tell_files_commands_todos_and_commits(read):
    """What was answered counts; what failed touched nothing."""
    calls = [
        r.tool_use("1", "Read", file_path="/p/a.py"),
        r.tool_use("2", "Write", file_path="/p/new.py", content="x"),
        r.tool_use("3", "Write", file_path="/p/old.py", content="x"),
        r.tool_use("4", "Edit", file_path="/p/a.py", old_string="a", new_string="b"),
        r.tool_use("5", "Edit", file_path="/p/missing.py", old_string="a", new_string="b"),
        r.tool_use("6", "Bash", command="pytest -q"),
        r.tool_use("7", "Bash", command="git add -A && git commit -m fix"),
        r.tool_use(
            "8", "TodoWrite", todos=[{"content": "one", "status": "completed"}, {"content": "two", "status": "pending"}]
        ),
        r.tool_use("9", "Read", file_path="/p/unanswered.py"),
    ]
    results = [
        r.claude_result("1", "     1→x"),
        r.claude_result("2", "File created", result={"type": "create"}),
        r.claude_result("3", "updated", result={"type": "update"}),
        r.claude_result("4", "updated"),
        r.claude_result("5", "<tool_use_error>String not found</tool_use_error>", is_error=True),
        r.claude_result("6", "Exit code 1\nE   assert 1 == 2", is_error=True),
        r.claude_result(
            "7", "[main 1a2b3c4] fix the login\n 1 file changed", result={"stdout": "…", "interrupted": False}
        ),
        r.claude_result("8", "Todos have been modified"),
    ]
    found = read(r.jsonl(r.claude_response(1_000, calls), *results))
    assert found.files == (
        FileTouch("/p/a.py", "read", 1),
        FileTouch("/p/a.py", "modified", 1),
        FileTouch("/p/new.py", "created", 1),
        FileTouch("/p/old.py", "modified", 1),
    )
    failed, committed = found.commands
    assert (failed.text, failed.exit_code, failed.outcome) == ("pytest -q", 1, "failed")
    assert "assert 1 == 2" in failed.error
    assert (committed.exit_code, committed.outcome, committed.error) == (0, "ok", None)
    assert found.commits == (Commit("1a2b3c4", "fix the login"),)
    assert found.todos == (Todo("one", "completed"), Todo("two", "pending"))
    assert [call.outcome for call in found.tool_calls] == ["ok"] * 4 + ["failed", "failed", "ok", "ok", None]


def test_tasks_are_followed_one_by_one(read):
    """The newer list is written task by task; the answer tells the number."""
    rows = [
        r.claude_response(
            1_000, [r.tool_use("1", "TaskCreate", subject="one"), r.tool_use("2", "TaskCreate", subject="two")]
        ),
        r.claude_result("1", "Task #1 created successfully: one"),
        r.claude_result("2", "Task #2 created successfully: two"),
        r.claude_response(1_000, [r.tool_use("3", "TaskUpdate", taskId="2", status="in_progress")]),
        r.claude_response(1_000, [r.tool_use("4", "TaskUpdate", taskId="1", status="deleted")]),
    ]
    assert read(r.jsonl(*rows)).todos == (Todo("two", "in_progress"),)


def test_models_versions_sessions_and_time_range(read):
    """All that were seen, the last model being the model."""
    found = read(
        r.jsonl(
            r.claude_response(1_000, model="claude-opus-4-5", version="2.1.7", timestamp="2026-01-01T00:00:00Z"),
            r.claude_response(1_000, id_="b", sessionId="s-2", version="2.1.12", timestamp="2026-01-02T00:00:00Z"),
        )
    )
    assert (found.model, found.models) == ("claude-opus-4-6", ("claude-opus-4-5", "claude-opus-4-6"))
    assert (found.versions, found.session_ids) == (("2.1.7", "2.1.12"), ("s-1", "s-2"))
    assert (found.start, found.end) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")


def test_malformed_and_unknown_lines_are_skipped_and_counted(read):
    """Torn and foreign rows harm nothing."""
    found = read(
        r.jsonl(r.claude_user("hi"), '{"torn\n', "{} {}\n", "[1]\n", "\n", {"type": "new-kind"}, r.claude_response(77))
    )
    assert (found.usage.tokens, found.malformed, found.warnings) == (77, 2, ("2 malformed lines skipped",))


def test_texts_to_count_begin_after_the_last_compaction(texts):
    """Everything since, tools' texts too, whole and in order; nothing from before, nothing of subagents."""
    long = "z" * 50_000
    found = texts(
        r.jsonl(
            r.claude_user("before"),
            r.claude_compact(),
            r.claude_user("the summary", isCompactSummary=True),
            r.claude_user("aside", sidechain=True),
            r.claude_response(9, [{"type": "text", "text": "on it"}, r.tool_use("1", "Read", file_path="/a")]),
            r.claude_result("1", long),
        )
    )
    assert found == [
        ("user", "the summary"),
        ("assistant", "on it"),
        ("assistant", "Read"),
        ("assistant", '{"file_path":"/a"}'),
        ("tool", long),
    ]


def test_words_beside_an_image_of_many_megabytes_are_kept(read):
    """The image is dropped, the row is not."""
    image = {"type": "image", "source": {"type": "base64", "data": "iVBOR/+" * (3 << 20)}}
    found = read(r.jsonl(r.claude_user([image, {"type": "text", "text": "what is this?"}]), r.claude_response(5_000)))
    assert [message.text for message in found.messages] == ["what is this?"]
    assert (found.usage.tokens, found.malformed) == (5_000, 0)


def test_a_command_in_the_background_ended_as_a_later_look_at_it_tells(read):
    """Until then nothing is known of its end."""
    started = "Command running in background with ID: b1f2. Output is being written to: /tmp/b1f2.output"
    end = "<status>completed</status>\n\n<exit_code>1</exit_code>\n\n<stdout>\n1 failed\n</stdout>"
    rows = (
        r.claude_response(20, [r.tool_use("a", "Bash", command="pytest", run_in_background=True)]),
        r.claude_result("a", started, result={"stdout": "", "backgroundTaskId": "b1f2"}),
        r.claude_response(30, [r.tool_use("b", "BashOutput", bash_id="b1f2")]),
        r.claude_result("b", "<status>running</status>"),
        r.claude_response(40, [r.tool_use("c", "TaskOutput", task_id="b1f2")]),
        r.claude_result("c", end),
    )
    (before,) = read(r.jsonl(*rows[:4])).commands
    (after,) = read(r.jsonl(*rows)).commands
    assert (before.outcome, before.exit_code) == (None, None)
    assert (after.outcome, after.exit_code, after.output) == ("failed", 1, "1 failed")


@pytest.mark.parametrize(
    ("status", "summary", "ended"),
    [
        ("completed", 'Background command "x" completed (exit code 0)', ("ok", 0)),
        ("failed", 'Background command "x" failed (exit code 2)', ("failed", 2)),
        ("killed", 'Background command "x" was stopped', ("failed", 137)),
        ("running", "still at it", (None, None)),
    ],
)
@pytest.mark.parametrize(
    "notice",
    [
        r.claude_user,
        lambda text: {"type": "queue-operation", "operation": "enqueue", "content": text},
        lambda text: {
            "type": "attachment",
            "attachment": {"type": "queued_command", "prompt": text, "commandMode": "task-notification"},
        },
    ],
    ids=["message", "queue", "attachment"],
)
def test_a_command_in_the_background_ended_as_a_notice_tells_which_is_no_request(read, notice, status, summary, ended):
    """What it printed is not in the notice: that it began stays what is known of that."""
    started = "Command running in background with ID: b1f2. Output is being written to: /tmp/b1f2.output"
    told = f"<task-id>b1f2</task-id>\n<status>{status}</status>\n<summary>{summary}</summary>"
    found = read(
        r.jsonl(
            r.claude_user("go"),
            r.claude_response(20, [r.tool_use("a", "Bash", command="pytest", run_in_background=True)]),
            r.claude_result("a", started, result={"stdout": "", "backgroundTaskId": "b1f2"}),
            notice(f"<task-notification>\n{told}\n</task-notification>"),
        )
    )
    (command,) = found.commands
    assert (command.outcome, command.exit_code) == ended
    assert command.output == started
    assert [it.text for it in found.messages if it.role == "user"] == ["go"]


AGENT_BEGAN = "Async agent launched successfully.\nagentId: a1f2 (internal ID)\nYou will be notified."


def agent_rows(*ends):
    began = r.tool_use("a", "Task", description="Find the locks", prompt="Return the places.")
    return r.jsonl(r.claude_user("go"), r.claude_response(20, [began]), r.claude_result("a", AGENT_BEGAN), *ends)


@pytest.mark.parametrize(
    "notice", [r.claude_user, lambda text: {"type": "queue-operation", "operation": "enqueue", "content": text}]
)
def test_a_sub_agent_in_the_background_reports_by_a_notice_that_comes_twice(read, notice):
    head = "<task-notification>\n<task-id>a1f2</task-id>\n<status>completed</status>"
    report = "Two places lock.\n<status>failed</status> is what the second writes."
    told = notice(f"{head}\n<summary>Agent x completed</summary>\n<result>{report}</result>\n</task-notification>")
    found = read(agent_rows(told, told))
    assert [(it.asked, it.answer) for it in found.lookups] == [
        ("Find the locks", AGENT_BEGAN),
        ("Find the locks", report),
    ]
    assert found.lookups[1].position > found.lookups[0].position
    assert [it.text for it in found.messages if it.role == "user"] == ["go"]


def test_a_sub_agent_in_the_background_reports_to_who_looks_at_it_once_it_is_done(read):
    looks = [
        (r.claude_response(30, [r.tool_use(id_, "TaskOutput", task_id="a1f2")]), r.claude_result(id_, text))
        for id_, text in (
            ("b", "<status>running</status>"),
            ("c", "<status>completed</status>\n\n<output>\nTwo places lock.\n</output>"),
        )
    ]
    (_, report) = [it for it in read(agent_rows(*looks[0], *looks[1])).lookups if it.kind == "agent"]
    assert report.answer == "Two places lock."
    assert len([it for it in read(agent_rows(*looks[0])).lookups if it.kind == "agent"]) == 1


def test_a_sub_agent_without_an_answer_is_told_with_what_it_is_to_bring_back(read):
    asked = r.tool_use("a", "Task", description="Find the locks", prompt="Look in src. Try all.\nReturn each place.")
    rows = (r.claude_user("go"), r.claude_response(20, [asked]))
    assert [it.summary for it in read(r.jsonl(*rows)).tool_calls] == ["Find the locks: Return each place"]
    (answered,) = read(r.jsonl(*rows, r.claude_result("a", "Two places."))).tool_calls
    assert "Return each place" not in answered.summary or answered.summary.startswith("{")


def test_a_sub_agent_that_was_stopped_is_a_call_that_failed(read):
    head = "<task-notification>\n<task-id>a1f2</task-id>\n<status>killed</status>"
    found = read(agent_rows(r.claude_user(f"{head}\n<summary>Agent x was stopped</summary>\n</task-notification>")))
    assert [it.outcome for it in found.tool_calls] == ["ok", "failed"]


def test_the_branch_is_that_of_the_last_row_that_names_one(read):
    rows = [r.claude_user("go", gitBranch="main"), r.claude_user("on", gitBranch="fix"), r.claude_user("and on")]
    assert read(r.jsonl(*rows)).branch == "fix"


def test_a_command_that_the_user_ran_in_the_prompt_is_a_command_and_no_request(read):
    typed = r.claude_user("<bash-input>pytest -q</bash-input>", uuid="u7")
    gave = "<bash-stdout>FAILED test_a.py::test_b - assert 1 == 2</bash-stdout><bash-stderr>warning: x</bash-stderr>"
    printed = r.claude_user(gave, uuid="u8", parentUuid="u7")
    found = read(r.jsonl(r.claude_user("go"), r.claude_response(9_000, id_="a"), typed, printed))
    assert [it.text for it in found.messages if it.role == "user"] == ["go"]
    assert [it.text for it in found.commands] == ["pytest -q"]
    assert found.commands[0].output == "FAILED test_a.py::test_b - assert 1 == 2\nwarning: x"
    assert [it.name for it in found.tool_calls] == ["usershell"]
    bare = read(r.jsonl(r.claude_user("<bash-input>ls</bash-input>")))
    assert [(it.text, it.outcome) for it in bare.commands] == [("ls", None)]


def test_where_the_user_stopped_the_agent_is_known_and_is_no_word_of_theirs(read):
    rows = (r.claude_user("make it faster"), r.claude_user("[Request interrupted by user]"))
    found = read(r.jsonl(*rows))
    assert found.stopped_at > found.messages[0].position
    assert [it.text for it in found.messages] == ["make it faster"]


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("cat > tests/a.py <<'E'\none\nE", "/p/shop/tests/a.py"),
        ("cd tests && cat > a.py <<'E'\none\nE", "/p/shop/tests/a.py"),
        ("cat > ../other/a.py <<'E'\none\nE", "/p/other/a.py"),
        ("cat > ~/a.py <<'E'\none\nE", "~/a.py"),
        ("cd /q && make; cd lib && cat > a.py <<'E'\none\nE", "/q/lib/a.py"),
    ],
)
def test_what_a_command_writes_lies_where_it_went_from_the_folder_of_its_row(read, command, path):
    call = r.claude_response(20, [r.tool_use("t", "Bash", command=command)], cwd="/p/shop")
    found = read(r.jsonl(call, r.claude_result("t", "ok")))
    assert [it.path for it in found.edits] == [path]


def test_a_command_tells_the_folder_of_its_row(read):
    call = r.claude_response(20, [r.tool_use("t", "Bash", command="make")], cwd="/p/shop")
    assert [it.folder for it in read(r.jsonl(call, r.claude_result("t", "ok"))).commands] == ["/p/shop"]


def test_words_that_waited_are_known_by_the_place_at_which_they_were_typed(read):
    """Whether the agent saw them amid its turn, or they began one of their own."""
    seen = (queued("enqueue", "and the docs"), r.claude_response(20), queued("remove"), r.claude_response(30))
    own = (queued("enqueue", "and the docs"), r.claude_response(20), queued("dequeue"), r.claude_user("and the docs"))
    for rows in (seen, own):
        start, waited = [it for it in read(r.jsonl(r.claude_user("start"), *rows)).messages if it.role == "user"]
        assert (start.typed, waited.text) == (0, "and the docs")
        assert start.position < waited.typed < waited.position


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        ((queued("enqueue", "/memory Always sort the rows."), queued("remove")), ["/memory Always sort the rows."]),
        ((r.claude_user("# Always sort the rows."),), ["# Always sort the rows."]),
        ((r.claude_user("<user-memory-input>Always sort the rows.</user-memory-input>"),), ["# Always sort the rows."]),
        ((r.claude_user("# The plan\n\nSort the rows."),), []),
        ((queued("enqueue", "/memory"), queued("remove")), []),
        ((queued("enqueue", "/compact the rows of all"), queued("remove")), []),
    ],
)
def test_what_the_user_puts_into_the_agents_memory_is_a_rule(read, rows, rules):
    found = read(r.jsonl(r.claude_user("start"), *rows, r.claude_response(20)))
    assert [it.text for it in found.orders] == rules
