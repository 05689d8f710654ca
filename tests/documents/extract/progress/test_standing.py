"""Where the work stands: the last steps in a line each, files and names in hand, and the one thing to do next."""

from __future__ import annotations

import pytest

from handoff_cli.core.session import Note
from handoff_cli.core.transcript import Answer, Edit, FileTouch, Lookup, Message, Todo, ToolCall, Transcript
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.progress.standing import done_since, happened, place_at_hand, state_of
from handoff_cli.documents.extract.progress.stops import is_stopped
from handoff_cli.documents.extract.story import PARTS, Story
from handoff_cli.documents.fit import everything
from handoff_cli.documents.parts.next_action import next_action
from handoff_cli.documents.parts.pieces import STANDING, written
from tests.documents.sessions import call, edited, ran, told

RED = "FAILED test_lock.py::test_held - assert 0 == 3\n1 failed"


def test_the_last_steps_tell_edits_runs_and_searches():
    story = extract(
        told(
            ("user", "go"),
            edits=(Edit("/p/a.py", 11, "modified", "x = 1", "x = 2", "main", "ok"),),
            lookups=(Lookup("search", "lock in src", 12, "src/a.py:3: lock()\nsrc/b.py:4: lock()"),),
            commands=(
                ran("cd /p && pytest -q", "failed", 13, output=RED),
                ran("git push", position=14, output="Everything up-to-date"),
            ),
            tool_calls=(
                *(call(11, "Edit", "/p/a.py"), call(12, "Grep", "lock"), call(13, summary="cd /p && pytest -q")),
                *(call(14, summary="git push"), call(15, "TodoWrite", "..."), call(16, "Deploy", "prod", None)),
            ),
        )
    )
    assert story.runs.happened == (
        "edited a.py: main: x = 1 → x = 2",
        "searched lock in src → src/a.py:3: lock() and 1 lines more",
        "ran pytest -q: FAILED: test_lock.py::test_held",
        "ran git push → Everything up-to-date",
        "Deploy prod (no result recorded)",
    )


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("cat src/a.py", "read a.py"),
        ("cd /p && sed -n '1,40p' src/a.py", "read a.py"),
        ("sed -n '40,90p' src/a.py", "read a.py:40"),
        ("nl -ba shop/index.ts", "read shop/index.ts"),
        ("cat docs/the\\ plan.md", "read the plan.md"),
        ("cat 'docs/the plan.md'", "read the plan.md"),
        ("cat a.py b.py", "ran cat a.py b.py → x = 1 | y = 2 | z = 3"),
        ("cat a.py | head -3", "ran cat a.py | head -3 → x = 1 | y = 2 | z = 3"),
        ("cat a.py && make", "ran cat a.py && make → x = 1 | y = 2 | z = 3"),
    ],
)
def test_a_command_that_only_prints_a_file_read_it(command, line):
    run = ran(command, position=11, output="x = 1\ny = 2\nz = 3")
    assert happened(told(("user", "go"), commands=(run,), tool_calls=(call(11, summary=command),)), ()) == (line,)


def test_a_search_of_the_web_is_told_apart_from_a_page_that_was_fetched():
    asked = ("rows of a shop", "https://a.example/rows", "Next.js rows of a shop", "http://localhost:3000/rows")
    looked = tuple(Lookup("fetch", it, at) for at, it in enumerate(asked, 11))
    calls = tuple(call(at, "web_fetch", it) for at, it in enumerate(asked, 11))
    assert happened(told(("user", "go"), lookups=looked, tool_calls=calls), ()) == (
        "searched the web for rows of a shop",
        "fetched https://a.example/rows",
        "searched the web for Next.js rows of a shop",
        "fetched http://localhost:3000/rows",
    )


def test_a_print_of_a_file_that_failed_or_has_no_result_is_told_as_what_was_run():
    for outcome in ("failed", None):
        run = ran("cat src/a.py", outcome, 11)
        calls = (call(11, summary="cat src/a.py", outcome=outcome),)
        (line,) = happened(told(("user", "go"), commands=(run,), tool_calls=calls), ())
        assert line.startswith("ran cat src/a.py")


@pytest.mark.parametrize(
    ("name", "new", "shown"),
    [
        ("a.go", 'a\n\t"os"\n\t"example.org/shop/paths"', '+ "os" "example.org/shop/paths" (+2) (import)'),
        ("a.py", "a\nimport os", "+ import os (import)"),
        ("a.py", "a\nimport os\nos.sync()", "+ import os os.sync() (+2)"),
        ("a.py", 'a\n    "prod"', '+ "prod"'),
        ("a.sol", "a\nrequire(amount > 0)", "+ require(amount > 0)"),
        ("a.lua", 'a\nrequire("rows")', '+ require("rows") (import)'),
    ],
)
def test_an_edit_of_imports_alone_is_told_as_that_and_a_quoted_word_or_a_demand_is_none(name, new, shown):
    edit = Edit(f"/p/{name}", 11, "modified", "a", new, outcome="ok")
    (line,) = happened(told(("user", "go"), edits=(edit,), tool_calls=(call(11, "Edit", f"/p/{name}"),)), ())
    assert line == f"edited {name}: {shown}"


def test_calls_of_which_only_the_tool_is_known_are_told_where_that_tells_something():
    names = ("read", "bash", "write", "edit", "skill", "task", "Deploy")
    calls = [call(10 + number, name, "") for number, name in enumerate(names)]
    lines = happened(told(("user", "go"), tool_calls=(*calls, call(20, "read", "", "failed"))), ())
    assert lines == ("edited a file that is not named", "Deploy", "read: failed")


def test_a_check_is_told_by_what_it_ran_and_said_not_by_how_its_output_was_cut():
    shown = "pytest tests 2>&1 | grep -E 'FAILED|passed' | head -40"
    lines = happened(
        told(("user", "go"), commands=(ran(shown, "ok", 3, output="9 passed"),), tool_calls=(call(3, summary=shown),)),
        runs_of([ran(shown, "ok", 3, output="9 passed")]),
    )
    assert lines == ("ran pytest tests: passed",)


def test_a_program_that_called_tools_is_told_by_what_these_did():
    """One of which no call is known stands for itself."""
    calls = (
        call(20, "exec_program", "tools.exec_command(...)"),
        call(21, summary="ls src"),
        call(22, "exec_program", "x"),
    )
    transcript = told(("user", "go"), commands=(ran("ls src", "ok", 21, output="a.py\n"),), tool_calls=calls)
    story = extract(transcript)
    assert story.runs.happened == ("ran ls src → a.py", "exec_program x")
    assert extract(transcript.replace(messages=(*transcript.messages, said_at(19)))).step.calls_since == len(calls) - 1


def said_at(position):
    return Message("assistant", "I look.", position)


@pytest.mark.parametrize(
    ("command", "output", "shown"),
    [
        ("ls -la specs", "total 0\ndrwxr-xr-x 2 a b 64 Jan 1 .\ndrwxr-xr-x 9 a b 12 Jan 1 ..\n", "nothing in it"),
        ("ls -la specs 2>/dev/null || echo none", "total 8\n-rw-r--r-- 1 a b 9 Jan 1 plan.md\n", "plan.md"),
        ("git status --short", " M a.py\n?? b.py\n", "M a.py | ?? b.py"),
        (
            "git log --oneline -3",
            "81aee64 the third of the four\n9d9db08 the second of the four\n7f78b38 the first of the four\n",
            "81aee64 the third of the four and 2 more lines",
        ),
        ("git log -1 --oneline", "81aee64 the third of the four\n", "81aee64 the third of the four"),
        ("git log a..b --oneline", f"81aee64 {'x' * 60}\n9d9db08 y\n", f"81aee64 {'x' * 60} | 9d9db08 y"),
    ],
)
def test_a_short_output_is_told_whole_and_a_listing_by_its_names(command, output, shown):
    calls = (call(20, summary=command),)
    transcript = told(("user", "go"), commands=(ran(command, "ok", 20, output=output),), tool_calls=calls)
    assert extract(transcript).runs.happened == (f"ran {command} → {shown}",)


def test_a_command_that_deletes_a_file_first_is_told_with_its_run():
    command = "rm -f out.csv && pytest -q"
    transcript = told(
        ("user", "go"),
        edits=(Edit("/p/out.csv", 20, "deleted"),),
        commands=(ran(command, "ok", 20, output="3 passed in 0.1s"),),
        tool_calls=(call(20, summary=command),),
    )
    assert extract(transcript).runs.happened == ("deleted out.csv; ran pytest -q: passed",)


@pytest.mark.parametrize(
    ("output", "shown"),
    [("(No content)", ""), ("> shop@1.0.0 build\n> vite build\n", ""), ("> shop@1.0.0 build\n> vite\nok", " → ok")],
)
def test_what_a_runner_or_a_log_adds_to_an_output_is_not_told(output, shown):
    transcript = told(
        ("user", "go"), commands=(ran("./go.sh", "ok", 20, output=output),), tool_calls=(call(20, summary="./go.sh"),)
    )
    assert extract(transcript).runs.happened == (f"ran ./go.sh{shown}",)


def test_files_that_a_search_counted_are_named_with_folders_where_they_share_a_name():
    found = "Found 2 files\nsrc/agents/registry.ts\nsrc/cli/registry.ts"
    lookups = (Lookup("search", "class Registry", 20, found),)
    (line,) = extract(
        told(("user", "go"), lookups=lookups, tool_calls=(call(20, "Grep", "class Registry"),))
    ).runs.happened
    assert line.endswith("→ Found 2 files: agents/registry.ts, cli/registry.ts")


def test_what_another_tool_gave_stands_with_its_call_and_why_a_command_failed_with_the_command():
    asked = '{"title":"Look at the tabs"}'
    transcript = told(
        ("user", "go"),
        tool_calls=(
            call(11, "tabs", asked),
            call(12, summary="ps -e", outcome="failed"),
            call(13, "Bash", "ps -e", None),
        ),
        lookups=(Lookup("tool", f"tabs {asked}", 11, '{"userTabs": []}'),),
        commands=(
            ran("ps -e", "failed", 12, "ps: operation not permitted", 1, "ps: operation not permitted"),
            ran("ps -e", None, 13),
        ),
    )
    assert happened(transcript, ()) == (
        "tabs Look at the tabs \u2192 userTabs: []",
        "ran ps -e: failed: ps: operation not permitted; again (no result recorded)",
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [("/opt/bin/jot\n/opt/bin/jot", " \u2192 /opt/bin/jot"), ("", ": failed")],
)
def test_a_chain_of_look_ups_whose_last_found_nothing_tells_what_the_first_found(said, shown):
    line = "which jot; command -v jot; pip show jot 2>/dev/null"
    probe = ran(line, "failed", 12, f"Exit code 1\n{said}", 1, f"Exit code 1\n{said}")
    asked = told(("user", "go"), tool_calls=(call(12, summary=line, outcome="failed"),), commands=(probe,))
    assert happened(asked, ()) == (f"ran {line}{shown}",)


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Will do: the ring first, then the slot.", "progress"),
        ("Ok, mach ich.", "progress"),
        ("Done: the ring is in.", "answered"),
        ("It will do.", "answered"),
    ],
)
def test_an_order_that_was_only_promised_is_open(words, state):
    """Also where the agent ended its turn, unless it called a tool since."""
    said = (Message("user", "go on with the ring", 10), Message("assistant", words, 20, ended=True))
    assert state_of(Transcript("", messages=said)) == state
    assert state_of(Transcript("", messages=said, tool_calls=(call(15),))) == "answered"


def test_pull_requests_that_were_made_are_named():
    made = ran('gh pr create --title "Hold the lock" --body x', output="https://github.com/acme/app/pull/7")
    assert extract(told(("user", "go"), commands=(made,))).changed.links == (
        'https://github.com/acme/app/pull/7 "Hold the lock"',
    )


def test_a_pull_request_is_a_draft_until_it_is_marked_ready():
    def links(*commands):
        made = [
            ran(it, position=20 + at, output="https://github.com/acme/app/pull/7") for at, it in enumerate(commands)
        ]
        return extract(told(("user", "go"), commands=tuple(made))).changed.links

    for command in ("gh pr create --fill --draft", "gh pr create -d --fill"):
        assert links(command) == ("https://github.com/acme/app/pull/7 (draft)",)
        assert links(command, "gh pr ready 7") == ("https://github.com/acme/app/pull/7",)
        assert links(command, 'echo "server ready"') == ("https://github.com/acme/app/pull/7 (draft)",)
    assert links("gh pr create --fill && git branch -d old") == ("https://github.com/acme/app/pull/7",)
    assert links('glab mr create -d "text" -t "Fix"') == ('https://github.com/acme/app/pull/7 "Fix"',), "-d describes"
    assert links("glab mr create --fill --draft", "glab mr update 7 --ready") == ("https://github.com/acme/app/pull/7",)


def test_names_stand_by_the_file_they_were_edited_in_and_late_ones_first():
    story = extract(
        told(
            ("user", "go"),
            ("assistant", "I use read_rows."),
            commands=(ran("./count.sh read_rows"),),
            edits=(
                Edit("/p/a.py", 5, "modified", "", "old_name()"),
                Edit("/p/b.py", 50, "modified", "", "new_name(open_lock)"),
            ),
        )
    )
    assert {name for path, name in story.in_use.hand[:2] if path == "/p/b.py"} & {"new_name", "open_lock"}
    assert ("", "read_rows") in story.in_use.hand
    assert ("/p/a.py", "old_name") in story.in_use.hand


def test_files_at_hand_are_real_names_of_files():
    text = "See src/lock.py, e.g. the mail of me@example.com, testing.T and 0eb220a6-6207-443b.json"
    assert extract(told(("user", "go"), ("assistant", text))).in_use.nearby == ("src/lock.py",)


def test_commands_in_hand_are_what_one_would_run_again():
    runs = [
        ran(text, position=n)
        for n, text in enumerate(("make run", "ls", "grep -n x a.py", "make run | tail", "git commit -m x"))
    ]
    assert extract(told(("user", "go"), commands=runs)).in_use.again == (("make run | tail", 2, ""),)


def step(facts, *messages, notes=(), **fields):
    found = next_action(facts.replace(story=extract(told(*messages, **fields)), notes=notes))
    return found and (found.text, found.source)


ASK = ("user", "refuse to run twice")


def test_a_note_comes_before_all_else(facts):
    note = Note(1, "2026-01-01T00:00:00Z", "next", "measure it", "a.py:3")
    assert step(facts, ASK, notes=(note,)) == ("measure it (`a.py:3`) (put down 2026-01-01 00:00 UTC)", "noted")


@pytest.mark.parametrize(
    ("messages", "fields", "says"),
    [
        ((ASK,), {}, "Do what the user asked last, nothing was done about it yet: refuse to run twice"),
        ((ASK, ("assistant", "Which lock?")), {}, "Get the user's answer: Which lock?"),
        ((ASK, ("assistant", "It is done.")), {}, "Nothing is open: the agent answered the latest request"),
        (
            (
                ASK,
                ("assistant", "Done."),
                ("user", "I'm off, Jo takes over and rolls it out."),
                ("assistant", "Noted."),
            ),
            {},
            "Do what the latest request leaves to whoever goes on: it stands below, the agent has only answered it.",
        ),
        (
            (
                ASK,
                ("assistant", "Done."),
                ("user", "I have to go now. then: the fresh lock, a metric, the changelog"),
                ("assistant", "Right, the metric is not started."),
            ),
            {},
            "Do what the latest request leaves to whoever goes on: it stands below, the agent has only answered it.",
        ),
        (
            (
                ASK,
                ("assistant", "Done."),
                ("user", "When the leader dies, the follower takes over. Does our election handle two?"),
                ("assistant", "It does."),
            ),
            {},
            "Nothing is open: the agent answered the latest request",
        ),
        (
            (
                ASK,
                ("assistant", "Done."),
                ("user", "I'll ask Jo. So for tomorrow: 1. the fresh lock, 2. the changelog. Not on friday."),
                ("assistant", "Right."),
            ),
            {},
            "Do what the latest request lists as still to do: it stands below, the agent has only answered it.",
        ),
        (
            (ASK, ("assistant", "Done."), ("user", "what is left: is it slow?"), ("assistant", "Nothing.")),
            {},
            "Nothing is open: the agent answered the latest request",
        ),
        (
            (ASK, ("assistant", "Done."), ("user", "The popup takes the screen over."), ("assistant", "It does.")),
            {},
            "Nothing is open: the agent answered the latest request",
        ),
        (
            (ASK, ("assistant", "Done."), ("user", "do I have to go through all locks?"), ("assistant", "You do.")),
            {},
            "Nothing is open: the agent answered the latest request",
        ),
        (
            (ASK, ("assistant", "Done."), ("user", "does the lock take over a name?"), ("assistant", "It does.")),
            {},
            "Nothing is open: the agent answered the latest request",
        ),
        (
            (ASK, ("assistant", "It is done.")),
            {"commands": (ran("./deploy.sh prod", "failed", 15, "Error: Exit code 1\nauth: the token expired", 1),)},
            "The agent answered the latest request (refuse to run twice), but `./deploy.sh prod` ended in an error (auth: the",
        ),
        (
            (ASK, ("assistant", "It is done.")),
            {"commands": (ran("./deploy.sh prod", "failed", 12, "Exit code 1", 1), ran("./deploy.sh prod"))},
            "Nothing is open: the agent answered the latest request",
        ),
        (
            (ASK, ("assistant", "Done. pytest -q: 7 passed.")),
            {"commands": (ran("pytest -q", "failed", 15, output=RED),)},
            "Run `pytest -q` again: it failed last, and no run shows what was said since: ",
        ),
        (
            (ASK, ("assistant", "I changed the fake so that it raises first. Running the tests now.")),
            {"commands": (ran("pytest -q", "failed", 15, output=RED),)},
            "Run `pytest -q` again: it failed last, and no run shows what was said since: I changed the fake so",
        ),
        (
            (ASK, ("assistant", "The fake counts before it raises. I'll let it raise first.")),
            {"commands": (ran("pytest -q", "failed", 15, output=RED),)},
            "Fix `test_lock.py::test_held` (assert 0 == 3).",
        ),
        (
            (ASK, ("assistant", "Once the lock is held all tests should pass.")),
            {"commands": (ran("pytest -q", "failed", 15, output=RED),)},
            "Fix `test_lock.py::test_held` (assert 0 == 3).",
        ),
        (
            (ASK, ("assistant", "So 6 of 7 passed, or 6/7 passed.")),
            {"commands": (ran("pytest -q", "failed", 15, output=RED),)},
            "Fix `test_lock.py::test_held` (assert 0 == 3).",
        ),
        (
            (ASK, ("assistant", "The other 7 tests passed.")),
            {"commands": (ran("pytest -q", "failed", 12, output=RED), ran("pytest -q test_b.py", "ok", 15))},
            "Fix `test_lock.py::test_held` (assert 0 == 3).",
        ),
        (
            (ASK, ("assistant", "It is done.")),
            {"todos": (Todo("write a test", "pending"),)},
            "Take the first open to-do: write a test.",
        ),
        ((ASK,), {"tool_calls": (call(50),)}, "Finish the user's latest request: refuse to run twice."),
        (
            (("user", "why is it slow?"),),
            {"tool_calls": (call(50),)},
            "Answer the user's latest request: why is it slow?",
        ),
        (
            (ASK, ("assistant", "It is done.")),
            {"commands": (ran("pytest -q", "failed", 50, output=RED),)},
            "Fix `test_lock.py::test_held` (assert 0 == 3).",
        ),
        (
            (ASK, ("assistant", "It is done.")),
            {
                "commands": (ran("pytest -q", "ok", 15, output="3 passed"),),
                "edits": (Edit("/p/lock.py", 17, "modified", "a", "b"),),
            },
            "Run `pytest -q`: `lock.py` changed after the last check.",
        ),
        (
            (ASK,),
            {
                "commands": (ran("pytest -q", "failed", 15, output=RED),),
                "edits": (Edit("/p/lock.py", 17, "modified", "a", "b"),),
                "tool_calls": (call(17, "Edit"),),
            },
            "Finish the user's latest request: refuse to run twice. Edited for it so far: `lock.py`.\n- Then: Run `pytest -q` again: it failed, and files were edited since.",
        ),
    ],
)
def test_the_next_action_follows_from_the_state(facts, messages, fields, says):
    text, source = step(facts, *messages, **fields)
    assert text.startswith(says)
    assert source == "from transcript"


def test_a_short_reply_is_told_with_what_it_answers(facts):
    said = ("assistant", "Two ways:\n\n1. A lock file\n2. An advisory lock in the database\n\nWhich one?")
    text, _ = step(facts, ASK, said, ("user", "2 please"), tool_calls=(call(50),))
    assert "request: 2 please, in answer to: An advisory lock in the database." in text
    text, _ = step(facts, ASK, said, ("user", "2 please. But why?"), tool_calls=(call(50),))
    assert "2 please. But why? (it answers: An advisory lock in the database)." in text
    text, _ = step(facts, ASK, said, ("user", "2, but keep the lock file's name"), tool_calls=(call(50),))
    assert "2, but keep the lock file's name (it answers: An advisory lock in the database)." in text


def test_nothing_known_gives_no_action(facts):
    assert step(facts) is None
    assert step(facts, ("assistant", "hello"), reasonings=(Message("assistant", "x", 5),)) is None


def test_a_secret_that_looks_like_a_name_is_none():
    text = "DB_PASSWORD=hunterTwoSecret99x\nopen_lock()"
    story = extract(told(("user", "go"), edits=(Edit("/p/.env", 5, "modified", "", text),)))
    names = {name for _, name in story.in_use.hand}
    assert "open_lock" in names
    assert "hunterTwoSecret99x" not in names


def test_what_was_done_since_the_agents_words_is_told_by_edits_else_by_what_was_read():
    edits = (Edit("/p/a.py", 15, "modified", "a", "b"), Edit("/p/b.py", 25, "modified", "a", "b"))
    lookups = (Lookup("read", "/p/c.py:40", 26),)
    transcript = told(("user", "go"), ("assistant", "I'll mend it."), edits=edits, lookups=lookups)
    assert done_since(transcript, 20) == "edited b.py"
    assert done_since(transcript.replace(edits=()), 20) == "read c.py"
    printed = transcript.replace(
        edits=(), commands=(*transcript.commands, ran("sed -n '40,90p' src/d.py", position=90))
    )
    assert done_since(printed, 20) == "read d.py, c.py"
    assert done_since(transcript, 30) == ""
    removes = ran("rm -f b.csv && ./load.sh", position=26)
    alone = told(("user", "go"), edits=(Edit("b.csv", 26, "deleted"),), commands=(removes,))
    assert done_since(alone, 20) == "ran rm -f b.csv && ./load.sh"
    refused = removes.replace(outcome="failed", error="The user rejected this call")
    said_no = "ran rm -f b.csv && ./load.sh: failed: the user refused it"
    assert done_since(alone.replace(edits=(), commands=(refused,)), 20) == said_no
    assert done_since(alone.replace(commands=()), 20) == "deleted b.csv"
    counts = ran("grep -r load . | wc -l", position=26, output="      23\n")
    assert done_since(alone.replace(edits=(), commands=(counts,)), 20) == "ran grep -r load . | wc -l → 23"
    prints = counts.replace(output="a.py: load(b)")
    assert done_since(alone.replace(edits=(), commands=(prints,)), 20) == "ran grep -r load . | wc -l"
    assert done_since(alone.replace(commands=(), edits=(Edit("b.log", 26, "deleted"),)), 20) == ""


def test_looks_at_a_program_that_runs_are_no_steps():
    polls = tuple(ToolCall(str(n), "write_stdin", '{"session_id":1,"chars":""}', n) for n in range(30, 40))
    calls = (ToolCall("1", "Edit", "a.py", 25), *polls)
    assert happened(told(("user", "go"), tool_calls=calls), []) == ("Edit a.py (no result recorded)",)


def test_where_a_form_has_no_results_of_a_tools_only_the_last_call_waits_for_one():
    """The agent spoke after the others: what came of them, it knew."""
    calls = (ToolCall("1", "Edit", "a.py", 15), ToolCall("2", "Edit", "b.py", 35))
    transcript = told(("user", "go"), ("assistant", "Now the other."), tool_calls=calls)
    assert happened(transcript, []) == ("Edit a.py", "Edit b.py (no result recorded)")
    ended = (ToolCall("0", "Edit", "c.py", 12, outcome="ok"), *calls)
    assert happened(transcript.replace(tool_calls=ended), [])[1] == "Edit a.py (no result recorded)"


def test_a_step_that_only_points_at_code_names_it_by_the_words_before(facts):
    says = "The trailer was added, so `add_trailer` must have worked. Let me look at what that function really does."
    looked = (call(20, "Read"),)
    text, _ = step(facts, ASK, reasonings=(Message("assistant", says, 25),), tool_calls=looked)
    assert text.startswith("Look at what add_trailer really does (the agent's own next step). The trailer was")
    own = says.replace("really does", "does to `commit_row`")
    text, _ = step(facts, ASK, reasonings=(Message("assistant", own, 25),), tool_calls=looked)
    assert "what that function does" in text


def test_a_list_of_how_something_is_orders_nothing(facts):
    """What a model sets in bold above it says so."""
    list_ = "1. Check if the transcript has grown since\n2. Check if the new part has changes of files"
    looked = (call(20, "Read"),)

    def text_of(head):
        thought = Message("assistant", f"The rows are read twice.\n\n**{head}:**\n{list_}", 25)
        return step(facts, ASK, reasonings=(thought,), tool_calls=looked)[0]

    assert "Check if the transcript" not in text_of("The current behavior")
    assert "(1) Check if the transcript has grown since" in text_of("What is left")


def test_a_question_that_was_looked_into_is_no_step_ahead(facts):
    thought = "Let me check:\n1. How `find_all()` works, does it count them?\n2. How `filter_new()` works, why all?"
    read = Lookup("read", "hooks.go:466", 30, "func filter_new(rows []Row) {")
    found = ran("grep -n find_all hooks.go", "ok", 28)
    told_now = {"reasonings": (Message("assistant", thought, 25),), "tool_calls": (call(28), call(30, "Read"))}
    assert "How filter_new() works" in step(facts, ASK, **told_now, commands=(found,))[0]
    (text, *_) = step(facts, ASK, **told_now, commands=(found,), lookups=(read,))
    assert "comes next" not in text
    assert (
        "Go on from what was looked at last (it read hooks.go, nothing was said of it yet): check: How find_all() works"
        in text
    )


def test_what_an_agent_warned_of_comes_before_the_sweep_it_was_at_unless_it_took_it_back(facts):
    taken = Edit("/p/paths.py", 30, "modified", "def session_id(path):\n    return path\n", "")
    used = Lookup("search", "session_id", 20, "a.py:3: session_id(x)\nb.py:4: session_id(y)\nc.py:9: session_id(z)")
    look = Message("assistant", "Hmm, it imports nothing. Let me check what the others import.", 36)
    calls = (call(20, "Grep"), call(30, "Edit"), call(34), call(37))
    for said, warned in (("Oh no! There IS a circular import!", True), ("So there is no circular import.", False)):
        thoughts = (Message("assistant", said, 33), look)
        text = step(facts, ASK, edits=(taken,), lookups=(used,), reasonings=thoughts, tool_calls=calls)[0]
        assert text.startswith("See to this first, the agent had just thought: There IS a circular import!") is warned
        assert "Change the files that still use what was taken out" in text


def test_a_step_is_told_with_the_file_that_was_edited_for_it_and_is_there_yet(facts):
    thought = (Message("assistant", "The lock is held. Let me release it in the end.", 35),)
    calls = {"tool_calls": (call(30, "Edit"),), "reasonings": thought}
    edit = Edit("/p/queue.py", 30, "modified", "a", "b")
    assert "it was last in `queue.py`" in step(facts, ASK, **calls, edits=(edit,))[0]
    gone = (FileTouch("/p/queue.py", "deleted", 1),)
    assert "it was last in" not in step(facts, ASK, **calls, edits=(edit,), files=gone)[0]
    assert "it was last in" not in step(facts, ASK, **calls, lookups=(Lookup("read", "queue.py:3", 30),))[0]


def test_what_later_thoughts_conclude_of_code_stands_with_the_one_that_explains():
    first = "The user had 4 sessions, as two were closed. They are all counted because nothing ends them in the store."
    later = "I see. `close_all()` just calls `save()`. But does it clear the state? Let me check the end."
    thoughts = (Message("assistant", first, 25), Message("assistant", later, 30))
    story = extract(told(ASK, reasonings=thoughts, tool_calls=(call(26), call(31))))
    assert story.told.thought.endswith("`close_all()` just calls `save()`.")
    edited = Edit("/p/a.py", 32, "modified", "a", "b")
    since = extract(told(ASK, reasonings=thoughts, tool_calls=(call(26),), edits=(edited,)))
    assert "close_all" not in since.told.thought


def test_what_an_agent_says_it_sees_in_the_code_stands_with_its_thought_too():
    first = "The user had 4 sessions, as two were closed. They are all counted because nothing ends them in the store."
    listed = "Now I see the flow:\n1. `find_all()` finds all that match the path\n2. It doesn't ask whether they ended"
    seen = "I see that the interface is there but I don't see `by_type`. I see. Let me find it."
    thoughts = [Message("assistant", it, 25 + at) for at, it in enumerate((first, listed, seen))]
    told_last = extract(told(ASK, reasonings=tuple(thoughts), tool_calls=(call(29),))).told.thought
    assert told_last.split("\n")[-2:] == [
        "`find_all()` finds all that match the path; It doesn't ask whether they ended",
        "I see that the interface is there but I don't see `by_type`.",
    ]


def test_the_agent_is_about_to_do_what_its_last_thought_says_until_a_call_follows_it(facts):
    thought = Message("assistant", "The lock is held. Now I need to update the upload to use the queue.", 25)
    said = (ASK, ("assistant", "I need to use the queue. Let me add the import and fix the loop."))
    text, _ = step(facts, *said, reasonings=(thought,))
    assert text.startswith(
        "Update the upload to use the queue (the agent's own next step).\n"
        "- What the agent said comes next: add the import and fix the loop.\n- Finish the user's"
    )
    text, _ = step(facts, *said, reasonings=(thought,), tool_calls=(call(26, "Edit"),))
    assert text.endswith(
        "What the agent said comes next: (1) use the queue; (2) add the import and fix the loop."
        " Its last step, begun and perhaps finished: update the upload to use the queue."
    )


def test_a_step_that_comes_then_is_ahead_of_the_edit_since_and_behind_the_run_that_proves_it(facts):
    red = ran("pytest -q", "failed", 20, output=RED)
    thought = (Message("assistant", "The lock is never held. Then the view: read the rows by page there.", 25),)
    edits = (Edit("/p/queue.py", 30, "modified", "a", "b", None, "ok"),)
    calls = (call(20, summary="pytest -q"), call(30, "Edit"))
    text, _ = step(facts, ASK, commands=(red,), reasonings=thought, edits=edits, tool_calls=calls)
    first, *others = text.split("\n- ")
    assert first == "Run `pytest -q` again: it failed, and files were edited since."
    then = "Since its last thought it edited queue.py. Then, by that: The view: read the rows by page there."
    assert then in others
    for words in ("The view comes next: read the rows by page there.", "Let me read the rows by page there."):
        at_work = (Message("assistant", f"The lock is never held. {words}", 25),)
        text, _ = step(facts, ASK, commands=(red,), reasonings=at_work, edits=edits, tool_calls=calls)
        assert "Then, by that" not in text
        assert not text.startswith("Run ")


def test_a_step_that_the_agent_tells_itself_is_the_next_action(facts):
    words = ("assistant", "The second loop is gone. Now run all tests.")
    text, _ = step(
        facts,
        ("user", "mend the upload"),
        words,
        tool_calls=(call(12),),
        edits=(Edit("up.py", 12, "modified", "a", "b"),),
    )
    assert text.startswith("Run all tests (the agent's own next step")


def test_a_question_that_was_acted_on_is_finished_not_answered(facts):
    ask = ("user", "can we do this by ourselves instead?")
    calls = {"tool_calls": (call(17, "Edit"),)}
    assert step(facts, ask, **calls)[0].startswith("Answer")
    edits = (Edit("/p/lock.py", 17, "modified", "a", "b"),)
    assert step(facts, ask, edits=edits, **calls)[0].startswith("Finish")


def test_a_search_that_printed_nothing_found_nothing():
    commands = (ran("cd /p && grep -n lock a.py", "failed", 15, exit_code=1), ran("rg lock", "ok", 16))
    calls = (
        ToolCall("1", "Bash", "cd /p && grep -n lock a.py", 15, None, "failed"),
        ToolCall("2", "Bash", "rg lock", 16, None, "ok"),
    )
    assert happened(told(("user", "x"), commands=commands, tool_calls=calls), []) == (
        "ran grep -n lock a.py → found nothing",
        "ran rg lock → found nothing",
    )


def in_flight(name, summary, **fields):
    calls = (call(40), call(50, name, summary, None))
    return {"tool_calls": calls, "commands": (ran(summary, None, 50),) if name == "Bash" else (), **fields}


@pytest.mark.parametrize(
    ("name", "summary", "says"),
    [
        ("Bash", "pytest -q", "Run `pytest -q` and read its result: it was started, none is recorded."),
        ("Bash", "./deploy.sh", "See whether `./deploy.sh` went through, or still runs: no result is recorded."),
        (
            "Bash",
            "python3 <<'EOF'\nimport a\na.b()\nEOF",
            "See whether `python3 <<EOF import a…` went through, or still",
        ),
        ("Edit", "/p/lock.py", "See whether the last edit of `lock.py` was made: no result is recorded."),
        ("Task", '{"description": "find it"}', "Get the report of the sub-agent, or start it again: find it (none is"),
        ("AskUserQuestion", '{"question": "Which?"}', "Get the user's answer to the agent's question: Which?"),
        ("ExitPlanMode", "", "Get the user's word on the plan"),
    ],
)
def test_a_call_without_a_result_comes_first(facts, name, summary, says):
    assert step(facts, ASK, **in_flight(name, summary))[0].startswith(says)


def test_a_look_without_a_result_comes_after_what_it_was_for(facts):
    told = step(facts, ASK, **in_flight("Read", "/p/lock.py"))[0].splitlines()
    assert told[0] == "Finish the user's latest request: refuse to run twice."
    assert told[1:] == ["- Look again, no result is recorded: `Read /p/lock.py`."], "the last step is not told twice"
    titled = in_flight("js", '{"title":"Open the shop","code":"if (!tab) {\\n open() }"}')
    assert "`js Open the shop`" in step(facts, ASK, **titled)[0]


def test_a_to_do_of_an_earlier_request_is_not_the_next_action(facts):
    fields = {"todos": (Todo("look at the store", "in_progress"),), "tool_calls": (call(5, "TodoWrite"), call(40))}
    text, _ = step(facts, ASK, **fields)
    assert text.startswith("Finish the user's latest request")
    assert "look at the store" not in text
    said = (ASK, ("assistant", "I made the file."))
    assert step(facts, *said, **{**fields, "tool_calls": (call(5, "TodoWrite"),)})[0].startswith("Nothing is open")


def test_a_message_that_comes_with_calls_announces_them(facts):
    said = (ASK, ("assistant", "Run the tests"))
    text, _ = step(facts, *said, tool_calls=(call(20),), commands=(ran("make it", "ok", 20),))
    assert text.startswith("Finish")


def test_what_was_ordered_in_a_few_words_is_done_once_commands_did_it(facts):
    pushed = (ran("git push", "ok", 20), ran("gh pr create --title x", "ok", 30, output="https://example.org/pull/7"))
    calls = (call(20, summary="git push"), call(30, summary="gh pr create --title x"))
    order = ("user", "push and PR")
    text, _ = step(facts, order, commands=pushed, tool_calls=calls)
    assert (
        text
        == "Nothing is open: the agent answered the latest request (push and PR). It made https://example.org/pull/7. Wait for the user's next."
    )
    text, _ = step(facts, order, commands=pushed[:1], tool_calls=calls[:1])
    assert text.endswith("Ordered and not seen done: pull request.")


def test_a_long_request_is_told_by_what_was_typed_not_by_what_was_pasted(facts):
    pasted = "\n".join(f"+    entry_{number} = load(store, {number})" for number in range(30))
    text, _ = step(facts, ("user", f"{pasted}\n\nis this not done twice now?"), tool_calls=(call(50),))
    assert "request: is this not done twice now?" in text


def test_what_is_open_on_a_list_of_this_request_is_not_answered_unless_the_agent_asks():
    listed = {"todos": (Todo("Load rows", "completed"), Todo("Test the load", "pending"))}
    kept = call(15, name="TodoWrite")
    for said, state in (("The rows load twice.", "progress"), ("They load twice. Which shall go?", "answered")):
        messages = (Message("user", "go", 10), Message("assistant", said, 20))
        assert state_of(told().replace(messages=messages, tool_calls=(kept,), **listed)) == state


def test_words_that_lead_on_to_something_are_no_answer_whatever_the_colon():
    for colon in (":", "\uff1a"):
        said = (Message("user", "go", 10), Message("assistant", f"The list is read twice{colon}", 20))
        assert state_of(told().replace(messages=said)) == "progress"


def test_a_question_that_a_reason_follows_waits_for_the_user():
    said = (
        Message("user", "go", 10),
        Message("assistant", "Two ways. Shall I take the first? It is the shorter.", 20),
    )
    assert extract(told().replace(messages=said)).question == "Shall I take the first? It is the shorter."


def test_what_does_not_compile_is_checked_by_the_build_of_it_all(facts):
    output = "cmd/app/main.go:19:10: undefined: errors\nFAIL app [build failed]"
    red = ran("go test ./cmd/app -run TestMain", "failed", 50, output=output)
    text, _ = step(facts, ASK, commands=(red,), tool_calls=(call(50, summary=red.text),))
    assert "Fix `cmd/app/main.go:19:10` (undefined: errors)." in text
    assert "go build" not in text, "nobody ran one"
    builds = (ran("go vet ./...", "ok", 40), ran("go build -v ./...", "ok", 45))
    text, _ = step(facts, ASK, commands=(*builds, red))
    assert ", then run `go build -v ./...`." in text
    text, _ = step(facts, ASK, commands=(*builds, red.replace(output=output.replace("main.go", "main_test.go"))))
    assert "go build" not in text, "it compiles no tests"
    ran_it = ran("go run ./cmd/app hooks stop", "failed", 50, output=output)
    text, _ = step(facts, ASK, commands=(ran("mise run test", "ok", 40), ran_it))
    assert "Fix `cmd/app/main.go:19:10` (undefined: errors), then run `mise run test`." in text


def test_a_here_document_is_told_by_its_first_line_and_a_family_of_commands_by_their_files(facts):
    commit = "git commit -m \"$(cat <<'EOF'\nHold the lock\n\n- one\n- two\nEOF\n)\""
    shown = [f"gh api repos/acme/app/pulls/343/files --paginate --jq '.[] | {it}'" for it in ('"a/b.go"', '"a/c.go"')]
    runs = [
        ran(text, position=10 + number) for number, text in enumerate((commit, "cat > n.md <<E\n# Title\nx\nE", *shown))
    ]
    story = extract(
        told(("user", "go"), commands=runs, tool_calls=tuple(call(it.position, summary=it.text) for it in runs))
    )
    assert story.runs.happened == (
        'ran git commit -m "Hold the lock…"',
        "ran cat > n.md <<E Title…",
        "ran gh api repos/acme/app/pulls/343/files --paginate --jq … (×2): b.go, c.go",
    )


def test_a_thought_that_only_weighs_is_no_half_an_answer(facts):
    asked = (("user", "should we move it too?"),)
    for thought, told_too in (
        ("So the store is the better place for it.", True),
        ("It has few users, which is fine.", False),
    ):
        thoughts = (Message("assistant", f"{thought} Let me count its users first.", 25),)
        text, _ = step(facts, *asked, reasonings=thoughts, tool_calls=(call(50),))
        assert ("Half an answer" in text) is told_too


def test_a_look_into_what_is_asked_that_names_nothing_is_no_step_where_an_answer_was_reached(facts):
    asked = (("user", "how can the branch still be there?"),)
    for step_told, goes in (("trace through what happened", True), ("trace `make_branch` first", False)):
        thought = f"So the branch is made again with the same name. Let me {step_told}."
        text, _ = step(facts, *asked, reasonings=(Message("assistant", thought, 25),), tool_calls=(call(20),))
        assert text.startswith("Answer the user's latest request") is goes


def test_the_steps_of_a_plan_stand_ticked_in_the_state(facts):
    plan = "Do:\n1. Add `hold_lock` to lock.py\n2. Update queue.py\n3. Run the tests"
    edits = (Edit("/p/lock.py", 20, "modified", "", "def hold_lock(): ..."),)
    story = extract(told(("user", plan), edits=edits, tool_calls=(call(20, "Edit"),)))
    text = written(STANDING, everything(facts.replace(story=story)).chosen)
    assert "done: 1. Add `hold_lock` to lock.py" in text
    assert "open: 2. Update queue.py; 3. Run the tests" in text
    assert (
        "Open in the plan: 2. Update queue.py.\n- Then 3. Run the tests."
        in next_action(facts.replace(story=story)).text
    )


def test_where_the_last_check_passed_and_nothing_is_left_the_user_is_to_be_told(facts):
    said = (ASK, ("assistant", "Let me run the full test suite one more time to confirm it."))
    fields = {
        "edits": (Edit("/p/lock.py", 15, "modified", "a", "b"),),
        "commands": (ran("pytest -q", "ok", 30, output="9 passed"),),
        "tool_calls": (call(15, "Edit"), call(30, summary="pytest -q")),
    }
    text, _ = step(facts, *said, **fields)
    assert text.startswith(
        "Tell the user what was done for the latest request (refuse to run twice): no step is known to"
    )
    assert text.endswith("Do not do it again.")
    text, _ = step(facts, *said, **{**fields, "todos": (Todo("write it down", "pending"),)})
    assert "Take the first open to-do: write it down." in text
    assert "ell the user" not in text


def test_a_call_is_told_by_what_it_asks_and_lacks_a_result_only_where_nothing_ended_after_it():
    calls = (
        call(20, "web_search", '{"query":"\\"lock file\\" stale"}', None),
        call(30, "js", '{"title":"Open the page","code":"go()"}'),
        call(40, "Deploy", "prod", None),
    )
    story = extract(told(("user", "go"), tool_calls=calls))
    assert story.runs.happened == (
        'web_search "lock file" stale',
        "js Open the page",
        "Deploy prod (no result recorded)",
    )


def test_of_a_to_do_in_progress_the_list_tells_where_a_check_fails(facts):
    fields = {
        "commands": (ran("pytest -q", "failed", 50, output=RED),),
        "tool_calls": (call(12, "TodoWrite"), call(50, summary="pytest -q")),
        "todos": (Todo("write it down", "in_progress"), Todo("hold the lock", "pending")),
    }
    text, _ = step(facts, ASK, **fields)
    assert text.startswith("Fix `test_lock.py::test_held`")
    assert "write it down" not in text


def test_what_the_user_chose_is_told_with_the_question(facts):
    asked = call(20, "AskUserQuestion", '{"questions":[{"question":"Which lock is it?"}]}')
    transcript = told(ASK, tool_calls=(asked,), answers=(Answer("Which lock is it?", "the file"),))
    assert extract(transcript).runs.happened == ("asked the user: Which lock is it? → the file",)


def test_words_that_go_on_in_the_middle_of_a_sentence_end_no_turn():
    said = (ASK, ("assistant", "It is new. Since you said \u201clock,\u201d I\u2019m checking the store first."))
    assert extract(told(*said)).state == "progress"
    for words in ("It is done, and nothing else was changed.", "It is done. Let me know if it is too slow."):
        assert extract(told(ASK, ("assistant", words))).state == "answered"


def test_calls_of_one_row_are_told_in_their_order_each_by_what_it_did():
    story = extract(
        told(
            ("user", "add a line"),
            edits=(Edit("notes.md", 20, "modified", "", "one more line", None, "ok"),),
            lookups=(Lookup("read", "notes.md:1", 20, "old"),),
            tool_calls=(call(20, "read_file", "notes.md"), call(20, "write_file", "notes.md")),
        )
    )
    assert story.runs.happened == ("read notes.md:1", "edited notes.md: + one more line")


def test_a_command_that_was_run_again_is_told_once_as_it_ended_last():
    runs = (ran("ps -ef | rg x", "failed", 20), ran("ps -ef | rg x", "ok", 21, output="1 x"))
    calls = tuple(call(it.position, summary=it.text) for it in runs)
    assert extract(told(("user", "go"), commands=runs, tool_calls=calls)).runs.happened == ("ran ps -ef | rg x → 1 x",)


@pytest.mark.parametrize(
    ("asked", "fields", "says"),
    [
        ("add a flag", {}, "Nothing was edited for it yet."),
        ("run it", {}, ""),
        ("fix it and let me know what you think", {}, "The user waits to be told, nothing was told yet."),
        (
            "add a flag",
            {"reasonings": (Message("assistant", "The root cause is that the lock is taken in main().", 20),)},
            "Learnt for it, unverified: The root cause is that the lock is taken in main().",
        ),
    ],
)
def test_the_request_at_work_tells_how_far_it_has_come(facts, asked, fields, says):
    text, _ = step(facts, ("user", asked), tool_calls=(call(15), call(50)), **fields)
    assert says in text
    assert bool(says) or text.startswith("Finish the user's latest request: run it.")


def test_what_cannot_work_as_it_is_goes_with_the_next_action(facts):
    fields = {
        "edits": (Edit("/p/lock.go", 20, "modified", "func HoldFile(path string) error {\n}", ""),),
        "lookups": (Lookup("search", "HoldFile", 30, "a.go:3: HoldFile(x)\nb.go:1: HoldFile(x)\nc.go:1: HoldFile(x)"),),
        "tool_calls": (call(20, "Edit", "/p/lock.go"), call(30, "Grep", "{}")),
    }
    text, _ = step(facts, ASK, **fields)
    users = "(`HoldFile`); these fail until then: `a.go, b.go, c.go`."
    assert text.startswith(f"Change the files that still use what was taken out of `lock.go` {users}")


def test_looks_without_a_result_are_to_be_taken_again(facts):
    runs = tuple(ran(text, None, at) for at, text in ((30, "sed -n 1,9p a.py"), (31, "rg lock src")))
    calls = (call(20), *(call(it.position, summary=it.text, outcome=None) for it in runs))
    text, _ = step(facts, ASK, commands=runs, tool_calls=calls)
    assert "Look again, no result is recorded: `sed -n 1,9p a.py`, `rg lock src`." in text


def test_all_sub_agents_without_a_report_are_named(facts):
    calls = tuple(call(at, "Task", f'{{"description":"Review part {at}"}}', None) for at in (20, 21))
    text, _ = step(facts, ASK, tool_calls=(call(15), *calls))
    assert text.startswith(
        "Get the reports of 2 sub-agents, or start them again, none is recorded: Review part 20; Review part 21."
    )


def test_a_test_that_was_let_fail_first_calls_for_its_code(facts):
    fields = {"commands": (ran("pytest -q", "failed", 50, output=RED),), "tool_calls": (call(50, summary="pytest -q"),)}
    text, _ = step(facts, ASK, ("assistant", "I'll run it to confirm it fails before the code is there."), **fields)
    assert text.startswith("Write the code for `test_lock.py::test_held`, it fails as it was meant to (assert 0 == 3).")


def test_what_was_written_after_the_request_is_not_to_be_done_again(facts):
    fields = {
        "edits": (Edit("notes.md", 20, "modified", "", "one\ntwo\nthree", None, "ok"),),
        "tool_calls": (call(20, "write_file", "notes.md"),),
    }
    text, _ = step(facts, ("user", "add 3 lines"), **fields)
    assert text.startswith(
        "See whether the user's latest request is fulfilled (add 3 lines), then tell the user: `notes.md`"
    )
    for asked, more in (
        ("add 3 lines", {"todos": (Todo("look around", "pending"),)}),
        ("add 3 lines, " + "and tell in each of them what the lock is for " * 3, {}),
        ("the 3 lines you added are redundant", {}),
    ):
        text, _ = step(facts, ("user", asked), **fields, **more)
        assert "Do not do it again" not in text


def test_the_agents_own_step_comes_with_what_it_said_against_it(facts):
    said = (
        ASK,
        ("assistant", "The cause is that lock imports store: if store imports lock too, we get a circular dependency."),
        ("assistant", "Let me add the import of lock to store."),
    )
    text, _ = step(facts, *said)
    assert text.startswith(
        "Add the import of lock to store (the agent's own next step). Said against it before: The cause"
    )


def test_what_the_user_objects_to_is_to_be_reworked_by_what_was_found(facts):
    said = (("user", "write it down"), ("assistant", "Done."), ("user", "that is overcomplicated, look at the store"))
    thought = Message("assistant", "So the root cause is that the store already holds the lock.", 40)
    edit = Edit("plan.md", 25, "modified", "", "## Edge cases\n" + "one more case\n" * 30)
    text, _ = step(facts, *said, edits=(edit,), reasonings=(thought,), tool_calls=(call(35), call(50)))
    assert text.startswith("Rework or take back what the user objects to, in plan.md: + Edge cases")
    assert (
        "To go by, the agent's last thought, unverified: The root cause is that the store already holds the lock."
        in text
    )


def test_a_file_that_the_last_words_only_name_is_no_call_they_announce():
    """In piped talk such a name stands as a call at the place of the words."""
    said = (("user", "it asks for a password"), ("assistant", "Look at `~/.ssh/config`."))
    names = ToolCall("1", "mention", "~/.ssh/config", 2, None, "ok")
    transcript = told(*said)
    at = transcript.messages[-1].position
    assert extract(transcript.replace(tool_calls=(names.replace(position=at),))).state == "answered"


def test_an_agent_that_was_stopped_has_not_answered():
    """Its words stand there, but the request is open."""
    asked, said = Message("user", "make the parser faster", 1), Message("assistant", "The parser reads twice.", 2)
    states = [state_of(Transcript("", messages=(asked, it))) for it in (said, said.replace(stopped=True))]
    assert states == ["answered", "progress"]


def test_an_answer_that_the_limit_of_the_output_cut_off_is_none():
    """Also where the agent then waited."""
    asked, said = Message("user", "which ways are there?", 1), Message("assistant", "Two ways.", 2, ended=True)
    states = [state_of(Transcript("", messages=(asked, it))) for it in (said, said.replace(cut=True))]
    assert states == ["answered", "progress"]


def test_words_that_break_off_are_no_answer():
    asked, said = Message("user", "which ways are there?", 1), Message("assistant", "Two ways, and the", 2)
    assert state_of(Transcript("", messages=(asked, said))) == "progress"


def test_what_the_agent_says_at_the_end_that_it_does_next_is_the_next_action_once(facts):
    edits = (Edit("/p/lock.py", 15, "modified", "a", "b"),)
    for words, told_once in (
        ("The lock is in. While the suite runs, I'll set the timeout back to 30.", "set the timeout back to 30"),
        ("The lock is in. Next I'll time it.", "ime it"),
    ):
        text, _ = step(facts, ASK, ("assistant", words), edits=edits, tool_calls=(call(15, "Edit"),))
        assert "Nothing is open" not in text
        assert text.count(told_once) == 1


def test_commands_alike_that_ended_in_different_ways_stand_each_by_itself():
    """Together they would tell of one end."""
    asks = "curl -s -X POST http://localhost:8080/midpoint/rest/resources"
    red = ran(
        f"{asks}/9/test",
        position=12,
        output="<status>fatal_error</status>",
        outcome="failed",
        error="<status>fatal_error",
    )
    green = ran(asks, position=11, output="HTTP_STATUS:201")
    calls = tuple(ToolCall(str(it.position), "Bash", it.text, it.position, None, it.outcome) for it in (green, red))
    lines = happened(told(("user", "join them"), commands=(green, red), tool_calls=calls), ())
    assert len(lines) == 2
    assert "fatal_error" in lines[1]
    assert "failed" not in lines[0]


def test_what_the_user_ran_is_told_as_theirs_and_is_no_work_of_the_agent(facts):
    calls, commands = (call(12, "usershell", "pytest -q", "ended"),), (ran("pytest -q", "ended", 12, output=RED),)
    transcript = told(("user", "go"), ("assistant", "Done."), tool_calls=calls, commands=commands)
    story = extract(transcript)
    assert story.runs.happened == ("the user ran pytest -q: FAILED: test_lock.py::test_held",)
    assert [it.name for it in story.runs.failures] == ["test_lock.py::test_held"]
    assert state_of(transcript) == "answered"


def test_no_two_parts_of_a_story_have_a_field_of_the_same_name():
    """Templates and JSON have them on one level."""
    fields = [(name,) if not isinstance(it, PARTS) else it._fields for name, it in vars(Story()).items()]
    names = [name for part in fields for name in part]
    assert len(names) == len(set(names)) == len(Story().to_dict())


def test_a_folder_of_which_no_list_is_recorded_is_not_said_to_be_empty():
    for outcome, end in (("ok", " → nothing in it"), (None, " (no result recorded)")):
        run, made = ran("ls docs", outcome, 21), (call(21, summary="ls docs", outcome=outcome),)
        assert extract(told(("user", "go"), commands=(run,), tool_calls=made)).runs.happened == (f"ran ls docs{end}",)


def test_the_log_ends_with_a_stop_only_where_nothing_came_after_it():
    working = told(("user", "go"), tool_calls=(call(15),))
    assert not is_stopped(working)
    assert is_stopped(working.replace(stops=(16,)))
    assert not is_stopped(told(("user", "go"), ("user", "no, the other"), tool_calls=(call(15),), stops=(16,)))


def test_of_what_failed_as_many_names_are_told_as_have_room_and_none_is_cut():
    names = [f"tests/test_rates.py::test_of_the_last_day_of_a_month_{at}" for at in range(3)]
    red = "".join(f"FAILED {it} - assert 1 == 2\n" for it in names) + "3 failed in 1s"
    story = extract(
        told(
            ("user", "mend it"),
            commands=(ran("pytest -q", "failed", 15, output=red),),
            tool_calls=(call(15, summary="pytest -q"),),
        )
    )
    assert story.runs.happened[-1] == f"ran pytest -q: FAILED: {names[0]}, {names[1]} and 1 more"


def test_the_file_at_hand_is_the_one_edited_last_unless_another_was_read_since():
    def place(*read):
        lookups = tuple(Lookup("read", path, 40 + at) for at, path in enumerate(read))
        return place_at_hand(told(("user", "go"), edits=(edited("/p/queue.py", 30),), lookups=lookups), 10)

    assert place() == place("/p/queue.py:7") == "queue.py"
    assert place("/p/lock.py:3") == ""


def _steps_of(*commands):
    calls = [call(it.position, summary=it.text) for it in commands]
    edits = (edited("src/pool.py", 20, "keep()", "close()"),)
    calls = sorted((*calls, call(20, "Edit", "src/pool.py")), key=lambda it: it.position)
    return extract(told(("user", "go"), commands=commands, edits=edits, tool_calls=tuple(calls))).runs.happened


def test_what_counts_is_told_with_what_it_counted_before_the_edits():
    count = "uv run pytest -W default -o 'addopts=' --tb=no -q 2>&1 | grep -c 'never closed'"
    steps = _steps_of(ran(count, position=15, output="100\n"), ran(count, position=25, output="66\n"))
    assert f"ran {count} → 66 (100 before the edits)" in steps
    same = _steps_of(ran(count, position=15, output="66\n"), ran(count, position=25, output="66\n"))
    assert f"ran {count} → 66" in same


def test_an_old_text_of_a_file_that_is_missing_is_told_as_not_written_back():
    missing = ran("cat fixtures/rates.csv", "failed", 12, output="cat: fixtures/rates.csv: No such file or directory")
    old = ran("git show main~1:fixtures/rates.csv", position=25, output="a,b\n1,2\n3,4\n5,6\n")
    assert _steps_of(missing, old)[-1] == f"ran {old.text} → 4 lines, not written back yet"
    back = ran("git checkout main~1 -- fixtures/rates.csv", position=27)
    assert "not written back" not in str(_steps_of(missing, old, back))
    assert "not written back" not in str(_steps_of(old))
