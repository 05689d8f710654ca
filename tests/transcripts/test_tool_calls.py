"""What a call printed, whichever agent's it is."""

from __future__ import annotations

import json

import pytest

from handoff_cli.transcripts import tool_calls
from handoff_cli.transcripts.events import Called, Returned
from handoff_cli.transcripts.tool_calls import FollowedCall, printed
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        ("Chunk ID: ab12\nWall time: 0.1 seconds\nProcess exited with code 1\nOriginal token count: 0\nOutput:\n", ""),
        (
            "Chunk ID: ab12\nWall time: 1 seconds\nProcess exited with code 0\nOutput:\na.py:3: x\nOutput: y\n",
            "a.py:3: x\nOutput: y",
        ),
        ("Wall time: 1 hour\nmore", "Wall time: 1 hour\nmore"),
        ("plain\nOutput:\nx", "plain\nOutput:\nx"),
    ],
)
def test_what_codex_writes_above_an_output_is_none_of_it(answer, printed):
    call = FollowedCall(Called("1", "exec_command", {"cmd": "grep -n x a.py"}), 1)
    call.answer(Returned("1", answer, True, 1), lambda *_: False)
    assert (call.output, call.error) == (printed, printed)


def test_what_is_printed_again_is_held_once():
    """As long as it is the same; what printed nothing in between changes nothing."""
    said = "1 failed, 2 passed in 0.3 s"
    calls = [FollowedCall(Called(it, "Bash", {"command": "make test"}), 1) for it in "abcd"]
    last = None
    for call, text in zip(calls, (said, "", said, f"{said} "), strict=True):
        call.answer(Returned(call.id, f"{text}\n" if text else "", True, 1), lambda *_: False)
        last = call.sharing(last)
    assert last is calls[3]
    assert calls[0].output is calls[2].output is calls[3].output == said


@pytest.mark.parametrize(
    "below",
    [
        "\nagentId: a1b2c3 (for resuming to continue this agent's work if needed)",
        (
            "\nagentId: a1b2c3 (use SendMessage with to: 'a1b2c3' to continue this agent)\n"
            "<usage>subagent_tokens: 109996\ntool_uses: 1\nduration_ms: 627</usage>"
        ),
    ],
)
def test_a_sub_agents_report_stands_without_how_to_go_on_with_it(below):
    assert printed(f"The cause is `load_rows`.{below}") == "The cause is `load_rows`."
    assert printed(f"It logs{below}\nand ends.").endswith("and ends.")


@pytest.mark.parametrize(
    "form", ["agentId: a (use {}x\nand more", "agentId: a (use it{}x", "agentId: a (use it\n<usage></usage>{}x"]
)
@pytest.mark.parametrize("blank", [" ", "\n"])
def test_what_looks_like_it_is_looked_at_in_linear_time_however_many_blanks_are_in_it(form, blank):
    assert_linear(lambda size: printed(form.format(blank * size)), 4_000)


def test_a_long_output_of_empty_lines_is_shortened_in_the_time_that_it_is_long():
    assert_linear(lambda size: tool_calls._shortened("\n" * size + "x", 100, 100), 20_000)
    assert_linear(lambda size: tool_calls._ends_in("cd a\n" * (size // 5)), 20_000)


def test_a_failure_that_a_runner_numbers_stays_of_a_long_output():
    shown = tool_calls._shortened("a" * 200 + "\n\n  1) adds up\n\n" + "b" * 200, 100, 100)
    assert "\n1) adds up\n" in shown


@pytest.mark.parametrize(
    "around",
    [
        "Error executing tool Bash: Error (exit code 1): {}",  # Continue
        "Error: Command failed (exit code: 1)\n{}",  # Droid
        "[Command exited with code 1]\n\n[stderr]\n{}",  # Cline
        "Command executed.\nOutput:\n{}",
        "Command failed with exit code 1.\nOutput:\n{}",
        "Command executed in terminal within working directory '/p'. Command execution was not successful.\nExit code: 1\nOutput:\n{}",  # Roo
        "The command failed with exit code: 1\nOutput:\n{}",  # Antigravity
        "{}\n<shellId: 0 completed with exit code 1>",  # Copilot CLI
        "{}\n\n[Process exited with code 1]",  # Droid
        "{}\n\n\nCommand exited with code 1",  # pi
        "{}\nCommand failed with exit code: 1.",  # Kimi Code
    ],
)
def test_how_a_command_ended_is_none_of_what_it_printed(around):
    """So that its first line is one of its own, and its last."""
    told = "--- FAIL: TestOne (0.00s)\n    a_test.go:4: exited with code 1\nFAIL"
    assert printed(around.format(told)) == told
    assert printed(f"> {around.format(told)}!").startswith("> ")


@pytest.mark.parametrize(
    "answer", ["Command executed.", "Command executed.\nOutput:", "The command completed successfully.\nOutput:\n"]
)
def test_of_a_command_that_printed_nothing_there_is_no_output(answer):
    assert printed(answer) == ""


def after(*earlier, home="/p", touched=((1, "/p/README.md", "read"),), **given):
    """Return the files of a command's edits, after ``earlier`` commands, in a session begun in ``home``."""
    before: list[FollowedCall] = []
    for number, command in enumerate(earlier):
        before.append(FollowedCall(Called("1", "Bash", {"command": command}), number, before, home))
    call = FollowedCall(Called("2", "Bash", given), len(before), before, home)
    call.answer(Returned("2", "", False, 0), lambda *_: False, touched)
    return [it[0] for it in call.edits]


WRITES = "sed -i 's/one/two/' src/new.py"


def test_a_file_that_a_command_writes_where_the_session_began_is_called_by_its_whole_path():
    """Where tools call files by whole paths, and no command before went elsewhere."""
    assert after(command=WRITES) == ["/p/src/new.py"]
    assert after(command="sed -i 's/one/two/' ../b/new.py") == ["/b/new.py"]
    assert after(command=WRITES, home="") == ["src/new.py"]
    assert after(command=WRITES, touched=((1, "README.md", "read"),)) == ["src/new.py"]
    assert after("cd web && make", command=WRITES) == ["src/new.py"]


@pytest.mark.parametrize("went", ["cd src && make; cd ..", "(cd src && make)", "cd src/a && make && cd ../.."])
def test_a_command_that_came_back_left_the_next_where_it_was(went):
    assert after(went, command=WRITES) == ["/p/src/new.py"]


@pytest.mark.parametrize("went", ["cd src && make", "cd ../b && make && cd web"])
def test_a_shell_that_writes_below_where_the_one_before_went_began_anew(went):
    writes = (
        "sed -i 's/one/two/' src/new.py" if went.startswith("cd src") else "cd ../b && sed -i 's/one/two/' web/new.py"
    )
    assert after(went, command=writes) == ["/p/src/new.py" if went.startswith("cd src") else "/b/web/new.py"]


def test_a_path_that_climbs_goes_from_the_folder_that_a_call_names():
    """Others stay short there: patches call them so."""
    assert after(command="sed -i 's/one/two/' ../b/new.py", workdir="/p/web") == ["/p/b/new.py"]
    assert after(command=WRITES, workdir="/p/web") == ["src/new.py"]


def test_a_command_that_the_user_stopped_failed_though_nothing_else_says_so():
    """As Codex tells, without an exit code."""
    call = FollowedCall(Called("1", "exec_command", {"cmd": "make"}), 1)
    call.answer(Returned("1", "aborted by user after 5.2s"), lambda *_: False)
    assert (call.outcome, call.error) == ("failed", "aborted by user after 5.2s")
    call = FollowedCall(Called("1", "exec_command", {"cmd": "make"}), 1)
    call.answer(Returned("1", "3 jobs were aborted by user code"), lambda *_: False)
    assert call.outcome is None


@pytest.mark.parametrize(
    "given", [{"offset": 34}, {"line_offset": 34, "n_lines": 9}, {"start_line": 34}, {"view_range": [34, 50]}]
)
def test_a_look_at_a_file_tells_from_which_line_on(given):
    assert FollowedCall(Called("1", "read_file", {"path": "/p/a.py", **given}), 1).lookup == ("read", "/p/a.py:34")
    assert FollowedCall(Called("1", "read_file", {"path": "/p/a.py", "view_range": [1, 50]}), 1).summary == "/p/a.py"


PATCH = "*** Begin Patch\n*** Update File: a.py\n@@\n-one\n+two\n*** End Patch"


@pytest.mark.parametrize(
    "command",
    [
        ["apply_patch", PATCH],
        ["bash", "-lc", f"apply_patch <<'EOF'\n{PATCH}\nEOF"],
        f"apply_patch <<'EOF'\n{PATCH}\nEOF\n",
    ],
)
def test_a_shell_that_only_patches_files_is_a_patcher(command):
    """Whose arguments may come as a text."""
    for given in ({"command": command}, json.dumps({"command": command})):
        call = FollowedCall(Called("1", "shell", given), 1)
        assert (call.name, call.command, call.edits) == ("apply_patch", None, [("a.py", "modified", "one", "two")])


def test_a_command_that_does_more_than_patch_is_one():
    """What it patched was edited all the same."""
    call = FollowedCall(Called("1", "shell", {"command": f"apply_patch <<'EOF'\n{PATCH}\nEOF\npytest -q a.py"}), 1)
    assert (call.name, (call.command or "").endswith("pytest -q a.py"), len(call.edits)) == ("shell", True, 1)
    told = FollowedCall(Called("1", "shell", {"command": "grep -rn '*** Begin Patch' docs"}), 1)
    assert (told.name, told.edits) == ("shell", [])


def test_what_colours_an_output_hides_nothing_in_it():
    """The escapes are no part of what was printed, and no verdict stands behind them unseen."""
    call = FollowedCall(Called("1", "Bash", {"command": "gleam test 2>&1 | tail -3"}), 1)
    call.answer(
        Returned("1", "\x1b[32m.\x1b[39m\n\x1b]8;;a.py\x1b\\2 passed, \x1b[31m1 failed\x1b[39m", False),
        lambda *_: False,
    )
    assert call.output == ".\n2 passed, 1 failed"
