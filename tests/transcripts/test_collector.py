"""What readers yield adds up to what happened: edits with their places, outputs, lookups, plans; rewound turns do not."""

from __future__ import annotations

import pytest

from tests.transcripts import rows as r


def _edited(id_, before, old, new, path="/p/a.py"):
    return (
        r.claude_response(10, [r.tool_use(id_, "Edit", file_path=path, old_string=old, new_string=new)]),
        r.claude_result(id_, "ok", result={"originalFile": before}),
    )


def test_an_edit_names_the_function_it_lies_in(read):
    before = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"
    found = read(r.jsonl(*_edited("t1", before, "    return 2", "    return 3")))
    (edit,) = found.edits
    assert (edit.path, edit.action, edit.old, edit.new, edit.where) == (
        *("/p/a.py", "modified", "    return 2", "    return 3"),
        "two",
    )


def test_an_edit_that_failed_is_none(read):
    call = r.claude_response(10, [r.tool_use("t", "Edit", file_path="/p/a", old_string="a", new_string="b")])
    assert read(r.jsonl(call, r.claude_result("t", "no match", is_error=True))).edits == ()


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("Exit code 1\n1 failed, 3 passed", [("/p/a.py", "ok")]),
        ("Exit code 2\nsed: can't read /p/a.py: No such file or directory", []),
        ("The user doesn't want to proceed with this tool use.", []),
        ("The user doesn't want to take this action right now. STOP what you are doing and wait for the user.", []),
        ("Request interrupted by user", []),
    ],
)
def test_an_edit_of_a_command_that_failed_in_a_later_step_was_made(read, said, made):
    call = r.claude_response(10, [r.tool_use("t", "Bash", command="sed -i 's/a/b/' /p/a.py && pytest && rm /p/c.py")])
    found = read(r.jsonl(call, r.claude_result("t", said, is_error=True)))
    assert [(it.path, it.outcome) for it in found.edits] == made
    assert [it.path for it in found.files] == [path for path, _ in made]
    assert found.commands[0].outcome == "failed"


def test_what_a_generator_made_was_made_though_a_later_step_failed(read):
    run = "cd shop && python manage.py makemigrations -n rate && python manage.py test"
    call = r.claude_response(10, [r.tool_use("t", "Bash", command=run)])
    said = "Migrations for 'rates':\n  rates/migrations/0009_rate.py\n    ~ Alter field rate\nFAILED (failures=1)"
    found = read(r.jsonl(call, r.claude_result("t", said, is_error=True)))
    assert [(it.path, it.action) for it in found.files] == [("shop/rates/migrations/0009_rate.py", "created")]
    assert [(it.path, it.outcome) for it in found.edits] == [("shop/rates/migrations/0009_rate.py", "ok")]
    assert found.commands[0].outcome == "failed"


def test_an_edit_without_a_result_is_wanted_and_not_made(read):
    call = r.claude_response(10, [r.tool_use("t", "Edit", file_path="/p/a", old_string="a", new_string="b")])
    found = read(r.jsonl(call))
    assert (found.edits, [(it.path, it.old, it.new) for it in found.wanted]) == ((), [("/p/a", "a", "b")])
    assert read(r.jsonl(call, r.claude_result("t", "ok"))).wanted == ()
    assert read(r.jsonl(call, r.claude_result("t", "no match", is_error=True))).wanted == ()


def test_a_patch_is_an_edit_for_each_of_its_hunks(read):
    patch = "*** Begin Patch\n*** Update File: a.py\n@@ def one():\n-x\n+y\n@@\n a\n-b\n*** End Patch"
    rows = (
        r.codex("response_item", type="custom_tool_call", call_id="c", name="apply_patch", input=patch),
        r.codex("response_item", type="custom_tool_call_output", call_id="c", output="Success"),
    )
    found = read(r.jsonl(*rows))
    assert [(edit.old, edit.new) for edit in found.edits] == [("def one():\nx", "def one():\ny"), ("a\nb", "a")]


def test_a_commands_output_keeps_its_ends_and_the_failures_between(read):
    output = "first\n" + "x\n" * 9_000 + "--- FAIL: TestLock (0.1s)\n" + "y\n" * 9_000 + "last"
    call = r.claude_response(10, [r.tool_use("t", "Bash", command="go test ./...")])
    kept = read(r.jsonl(call, r.claude_result("t", output))).commands[0].output
    assert kept.startswith("first\n")
    assert kept.endswith("last")
    assert "--- FAIL: TestLock" in kept
    assert len(kept) < 8_000


def test_what_searches_and_sub_agents_brought(read):
    rows = (
        r.claude_response(10, [r.tool_use("t", "Grep", pattern="lock", path="src")]),
        r.claude_result("t", "src/a.py:3: lock()"),
        r.claude_response(10, [r.tool_use("u", "Task", description="Find locks", prompt="...")]),
        r.claude_result("u", "There is one."),
        r.claude_response(10, [r.tool_use("v", "Read", file_path="/p/a.py", offset=40)]),
        r.claude_result("v", "..."),
    )
    assert [(it.kind, it.asked, it.answer) for it in read(r.jsonl(*rows)).lookups] == [
        ("search", "lock in src", "src/a.py:3: lock()"),
        ("agent", "Find locks", "There is one."),
        ("read", "/p/a.py:40", "..."),
    ]


def test_a_call_that_reads_a_file_says_from_which_line(read):
    calls = [r.tool_use("t", "Read", file_path="/p/a.py", offset=40), r.tool_use("u", "Read", file_path="/p/b.py")]
    told = read(r.jsonl(r.claude_response(10, calls))).tool_calls
    assert [it.summary for it in told] == ["/p/a.py:40", "/p/b.py"]


def test_what_any_other_tool_gave_is_kept_but_for_lists_and_questions(read):
    rows = (
        r.claude_response(10, [r.tool_use("t", "mcp__tabs__list", window=1)]),
        r.claude_result("t", "[]"),
        r.claude_response(10, [r.tool_use("u", "TodoWrite", todos=[])]),
        r.claude_result("u", "Todos have been modified"),
        r.claude_response(10, [r.tool_use("v", "Write", file_path="/p/a.py", content="x")]),
        r.claude_result("v", "File created"),
    )
    assert [(it.kind, it.asked, it.answer) for it in read(r.jsonl(*rows)).lookups] == [
        ("tool", 'mcp__tabs__list {"window":1}', "[]")
    ]


def test_of_reads_only_the_last_keep_what_they_showed(read):
    rows = []
    for number in range(20):
        rows.append(r.claude_response(10, [r.tool_use(f"t{number}", "Read", file_path=f"/p/{number}.py")]))
        rows.append(r.claude_result(f"t{number}", f"line of {number}" + "x" * 100_000 * (number == 19)))
    lookups = read(r.jsonl(*rows)).lookups
    assert [it.asked for it in lookups] == [f"/p/{number}.py" for number in range(20)]
    assert [bool(it.answer) for it in lookups] == [False] * 8 + [True] * 12
    assert len(lookups[-1].answer) < 30_000


def test_what_a_guide_showed_is_kept_however_long_ago_it_was_read(read):
    rows = []
    for number, name in enumerate(("CONTRIBUTING.md", *(f"{number}.py" for number in range(20)))):
        rows.append(r.claude_response(10, [r.tool_use(f"t{number}", "Read", file_path=f"/p/{name}")]))
        rows.append(r.claude_result(f"t{number}", f"line of {name}"))
    lookups = read(r.jsonl(*rows)).lookups
    assert [it.answer for it in lookups[:2]] == ["line of CONTRIBUTING.md", ""]
    assert sum(bool(it.answer) for it in lookups) == 13


def test_reasonings_and_the_summary_of_a_compaction(read):
    rows = (
        r.claude_compact(),
        r.claude_user("All that went before", isCompactSummary=True),
        r.claude_response(10, [{"type": "thinking", "thinking": "The cause is the loop."}]),
    )
    found = read(r.jsonl(*rows))
    assert [it.text for it in found.reasonings] == ["The cause is the loop."]
    assert [it.text for it in found.summaries] == ["All that went before"]
    assert found.messages == ()


def test_the_agent_may_only_plan_until_its_plan_is_agreed_to(read):
    rows = (
        r.claude_user("plan it", permissionMode="plan"),
        r.claude_response(10, [r.tool_use("t", "ExitPlanMode", plan="1. Measure")]),
    )
    for answer, may_only_plan in (
        ((), True),
        ((r.claude_result("t", "The user doesn't want to proceed with this tool use.", is_error=True),), True),
        ((r.claude_result("t", "User has approved your plan. You can now start coding."),), False),
    ):
        found = read(r.jsonl(*rows, *answer))
        assert found.plan_mode is may_only_plan
    assert found.plan == "1. Measure"


@pytest.mark.parametrize("asked", [{}, {"plan": "1. Measure"}])
def test_a_plan_is_told_as_it_was_agreed_to_with_its_file(read, asked):
    agreed = (
        "User has approved your plan. You can now start coding.\n\nYour plan has been saved to: /p/it.md\n\n"
        "## Approved Plan (edited by user):\n# Faster\n1. Count"
    )
    call = r.claude_response(10, [r.tool_use("t", "ExitPlanMode", **asked)])
    found = read(r.jsonl(r.claude_user("plan it"), call, r.claude_result("t", agreed)))
    assert (found.plan, found.plan_file) == ("# Faster\n1. Count", "/p/it.md")


def _chained(*rows):
    """The rows, each the child of the one before, unless it names its parent by number."""
    parent = None
    for number, row in enumerate(rows):
        row["uuid"] = f"u{number}"
        row["parentUuid"] = row.pop("back_to", parent)
        parent = row["uuid"]
    return r.jsonl(*rows)


def test_rewound_turns_never_happened(read):
    edit = _edited("t1", "x", "x", "y")
    todo = r.claude_response(10, [r.tool_use("t2", "TodoWrite", todos=[{"content": "wrong", "status": "pending"}])])
    found = read(
        _chained(
            r.claude_user("make it faster"),
            r.claude_response(10, [{"type": "text", "text": "Shall I use threads?"}]),
            r.claude_user("use threads"),
            *edit,
            todo,
            r.claude_result("t2", "ok"),
            {**r.claude_user("no, one process"), "back_to": "u1"},
        )
    )
    assert [it.text for it in found.messages] == ["make it faster", "Shall I use threads?", "no, one process"]
    assert (found.edits, found.files, found.todos, found.tool_calls, found.rewound) == ((), (), (), (), 1)


def test_results_of_calls_made_at_once_are_no_rewind(read):
    found = read(
        _chained(
            r.claude_user("look"),
            r.claude_response(10, [r.tool_use("t1", "Bash", command="a")]),
            r.claude_response(10, [r.tool_use("t2", "Bash", command="b")]),
            {**r.claude_result("t1", "1"), "back_to": "u1"},
            {**r.claude_result("t2", "2"), "back_to": "u2"},
            r.claude_user("go on"),
        )
    )
    assert len(found.commands) == 2
    assert found.rewound == 0


def test_shell_commands_that_write_in_plain_sight_are_edits(read):
    run = (
        "cd /p && cat > a.py <<'EOF'\ndef one():\n    pass\nEOF\nsed -i 's/x/y/' b.py && rm c.py && echo \"$V\" > d.py"
    )
    call = r.claude_response(10, [r.tool_use("t", "Bash", command=run)])
    found = read(r.jsonl(call, r.claude_result("t", "")))
    assert [(it.path, it.action, it.old, it.new) for it in found.edits] == [
        ("/p/a.py", "modified", "", "def one():\n    pass"),
        ("/p/c.py", "deleted", "", ""),
        ("/p/b.py", "modified", "x", "y"),
    ]
    assert [(it.path, it.action) for it in found.files] == [
        ("/p/a.py", "modified"),
        ("/p/c.py", "deleted"),
        ("/p/b.py", "modified"),
    ]


@pytest.mark.parametrize(
    ("removed", "path"),
    [("cmd/remove.go", "/p/cmd/remove.go"), ("remove.go", "remove.go"), ("cmd/other.go", "cmd/other.go")],
)
def test_a_file_that_a_command_names_from_its_folder_is_the_one_that_was_written(read, removed, path):
    """A bare name may be that of a file in another folder."""
    wrote = r.claude_response(10, [r.tool_use("w", "Write", file_path="/p/cmd/remove.go", content="package cmd")])
    call = r.claude_response(10, [r.tool_use("t", "Bash", command=f"rm {removed} && go test ./...")], id_="msg_2")
    found = read(r.jsonl(wrote, r.claude_result("w", "ok"), call, r.claude_result("t", "ok")))
    assert (found.edits[-1].path, found.edits[-1].action) == (path, "deleted")
    assert (found.files[-1].path, found.files[-1].action) == (path, "deleted")


@pytest.mark.parametrize(
    ("commands", "path"),
    [
        (["sed -i 's/one/two/' src/index.ts"], "/p/a/src/index.ts"),
        (["cat > src/index.ts <<'E'\ntwo\nE"], "src/index.ts"),
        (["cd /p/b", "cat > src/index.ts <<'E'\ntwo\nE"], "src/index.ts"),
        (["cd /p/b && ls", "rm src/index.ts"], "src/index.ts"),
        (["cd ../b", "make", "rm src/index.ts"], "src/index.ts"),
        (["make; cd ../b; rm src/index.ts"], "../b/src/index.ts"),
        (["cd /p/a", "cat > src/index.ts <<'E'\ntwo\nE"], "/p/a/src/index.ts"),
        (["cd /p/c && cat > src/index.ts <<'E'\none\nE", "cd /p/a", "rm src/index.ts"], "src/index.ts"),
    ],
)
def test_a_file_that_a_command_names_may_be_that_of_the_folder_it_runs_in(read, commands, path):
    """Of two that end in its path, of one that may be new, and from another folder, nobody knows which it is."""
    rows = [r.claude_response(10, [r.tool_use("w", "Write", file_path="/p/a/src/index.ts", content="one")])]
    rows.append(r.claude_result("w", "ok"))
    for number, run in enumerate(commands):
        rows.append(r.claude_response(10, [r.tool_use(f"t{number}", "Bash", command=run)], id_=f"msg_{number + 2}"))
        rows.append(r.claude_result(f"t{number}", "ok"))
    assert read(r.jsonl(*rows)).edits[-1].path == path


@pytest.mark.parametrize(("words", "edits"), [("two", 1), ("one", 2), ("t.o", 2)])
def test_words_that_a_file_is_known_to_lack_were_replaced_by_nobody(read, words, edits):
    """A pattern that is more than its words may match others."""
    write = r.claude_response(10, [r.tool_use("t1", "Write", file_path="/p/a.py", content="one\n")])
    run = r.claude_response(10, [r.tool_use("t2", "Bash", command=f"sed -i 's/{words}/new/' /p/a.py")])
    found = read(r.jsonl(write, r.claude_result("t1", "File created"), run, r.claude_result("t2", "")))
    assert len(found.edits) == edits
    assert sum(it.count for it in found.files) == edits


def test_a_here_document_that_goes_elsewhere_is_no_edit(read):
    run = "git commit -m \"$(cat <<'EOF'\nwords\nEOF\n)\" && python - <<'EOF'\nprint(1)\nEOF\n"
    call = r.claude_response(10, [r.tool_use("t", "Bash", command=run)])
    assert read(r.jsonl(call, r.claude_result("t", ""))).edits == ()


def test_an_account_of_a_compaction_is_no_request_even_without_its_mark(read):
    text = "This session is being continued from a previous conversation that ran out of context.\nSummary: all of it."
    found = read(r.jsonl(r.claude_user(text), r.claude_user("go on")))
    assert [it.text for it in found.messages] == ["go on"]
    assert [it.text for it in found.summaries] == [text]


def test_a_time_that_no_clock_shows_is_left_out(read):
    found = read(r.jsonl(r.claude_user("hello", timestamp=10**400), r.claude_user("and", timestamp=float("inf"))))
    assert [it.text for it in found.messages] == ["hello", "and"]
    assert found.start is None


@pytest.mark.parametrize(
    ("thought", "kept"),
    [
        ("**Weighing it**\n\nThe lock leaks.\n\n**Next**\nI mend it.", "The lock leaks.\n\nI mend it."),
        ("**Weighing it**", "**Weighing it**"),
        ("**How it is now:**\n1. It leaks.", "**How it is now:**\n1. It leaks."),
        ("**The cause** is **here**", "**The cause** is **here**"),
    ],
)
def test_titles_of_thoughts_are_none_of_what_was_thought(read, thought, kept):
    """As models set them above each part; of one that is all titles they stay."""
    said = r.codex("response_item", type="reasoning", summary=[{"type": "summary_text", "text": thought}])
    found = read(r.jsonl(r.codex("session_meta", id="c-1", cwd="/p"), said))
    assert [it.text for it in found.reasonings] == [kept]


def test_a_long_answer_is_kept_whole_and_of_a_longer_one_both_ends(read):
    """What a long analysis found stands in its middle."""
    whole, longer = ("\n".join(f"Line {n} of what was found." for n in range(lines)) for lines in (600, 2_000))
    for text, kept in ((whole, True), (longer, False)):
        found = read(r.jsonl(r.claude_response(10, [{"type": "text", "text": text}]))).messages[-1].text
        assert (found == text) is kept
        assert found.startswith(text[:10_000])
        assert found.endswith(text[-4_000:])


def test_the_rules_around_what_an_agent_explains_are_none_of_its_words(read):
    """As Claude Code sets them in its explanatory style; any other rule is part of the words."""
    rule = "\u2500" * 20
    said = f"It is the cache.\n\n`\u2605 Insight {rule}`\n- It is never emptied.\n`{rule}`\n\nShall I mend it?"
    assert read(r.jsonl(r.claude_response(10, [{"type": "text", "text": said}]))).messages[0].text == (
        "It is the cache.\n\n\n- It is never emptied.\n\n\nShall I mend it?"
    )
    plain = f"one\n{rule}\ntwo"
    assert read(r.jsonl(r.claude_response(10, [{"type": "text", "text": plain}]))).messages[0].text == plain
