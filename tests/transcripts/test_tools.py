"""What a call does is told from its tool's name, whichever agent's it is."""

from __future__ import annotations

import pytest

from handoff_cli.core.answers import is_blocked, is_cut_off, is_refused, is_stopped
from handoff_cli.transcripts import tools
from handoff_cli.transcripts.events import WRITTEN


@pytest.mark.parametrize(
    ("name", "arguments", "touched"),
    [
        ("Read", {"file_path": "a.py"}, [("a.py", "read")]),
        ("read_files", {"files": [{"path": "a.py"}, {"path": "b.py"}]}, [("a.py", "read"), ("b.py", "read")]),
        ("Write", {"filepath": "a.py", "content": "x"}, [("a.py", WRITTEN)]),
        ("editor", {"path": "a.py", "old_text": "x"}, [("a.py", "written")]),
        ("developer__text_editor", {"command": "write", "path": "a.py"}, [("a.py", WRITTEN)]),
        ("developer__text_editor", {"command": "view", "path": "a.py"}, [("a.py", "read")]),
        ("write_to_file", {"TargetFile": "a.py"}, [("a.py", WRITTEN)]),
        ("edit_file_v2", {"targetFile": "a.py"}, [("a.py", "modified")]),
        ("apply_patch", {"command": "*** Begin Patch\n*** Update File: a.py\n"}, [("a.py", "modified")]),
        ("copilot_applyPatch", {"input": "*** Begin Patch\n*** Add File: a.py\n"}, [("a.py", "created")]),
        ("Task", {"path": "a.py"}, []),
        ("read", {"files": "a.py", "paths": [1]}, []),
    ],
)
def test_files_that_a_call_touches(name, arguments, touched):
    """By the tool's name, whatever it calls the path."""
    assert tools.Asked(name, arguments).touches == touched


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("edit", {"filePath": "a.py", "oldString": "x = 1", "newString": "x = 2"}),  # opencode, Kilo
        ("edit", {"path": "a.py", "before": "x = 1", "after": "x = 2"}),  # goose
        ("MultiEdit", {"file_path": "a.py", "changes": [{"old_str": "x = 1", "new_str": "x = 2"}]}),  # Droid
        ("edit", {"path": "a.py", "edits": [{"oldText": "x = 1", "newText": "x = 2"}]}),  # pi
        ("replace_file_content", {"TargetFile": "a.py", "TargetContent": "x = 1", "ReplacementContent": "x = 2"}),
        (
            "multi_replace_file_content",  # as the one above of Antigravity
            {"TargetFile": "a.py", "ReplacementChunks": [{"TargetContent": "x = 1", "ReplacementContent": "x = 2"}]},
        ),
        (
            "multi_replace_string_in_file",  # VS Code
            {"replacements": [{"filePath": "a.py", "oldString": "x = 1", "newString": "x = 2"}]},
        ),
    ],
)
def test_old_and_new_of_a_change_by_the_arguments_of_each_agents_tool(name, arguments):
    asked = tools.Asked(name, arguments)
    assert asked.edits == [("a.py", "modified", "x = 1", "x = 2")]
    assert asked.touches == [("a.py", "modified")]


def test_a_hunk_that_changes_several_spots_is_a_change_for_each():
    """As agents' patches and unified diffs join what lies near each other; the numbers of lines are no place."""
    hunk = "-a = 1\n+a = 2\n \n \n def load():\n-    return a\n+    return a + 1\n     # end"
    asked = tools.Asked(
        "apply_patch", {"input": f"*** Begin Patch\n*** Update File: a.py\n@@ -1,6 +1,6 @@\n{hunk}\n*** End Patch"}
    )
    between = "\n\n\ndef load():\n"
    assert [(old, new) for _, _, old, new in asked.edits] == [
        (f"a = 1{between.removesuffix(chr(10))}", f"a = 2{between.removesuffix(chr(10))}"),
        (f"{between[1:]}    return a\n    # end", f"{between[1:]}    return a + 1\n    # end"),
    ]
    text = "a = 1\n\n\ndef load():\n    return a\n    # end"
    for _, _, old, new in asked.edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    assert text == "a = 2\n\n\ndef load():\n    return a + 1\n    # end"


def test_lines_that_are_changed_near_each_other_are_one_change():
    patch = "*** Begin Patch\n*** Update File: a.py\n@@ def load():\n-x\n same\n-y\n+z\n*** End Patch"
    assert tools.Asked("apply_patch", {"input": patch}).edits == [
        ("a.py", "modified", "def load():\nx\nsame\ny", "def load():\nsame\nz")
    ]


def test_changes_may_each_name_their_file():
    several = [{"filePath": it, "oldString": "x", "newString": "y"} for it in ("a.py", "b.py")]
    asked = tools.Asked("multi_replace_string_in_file", {"explanation": "rename", "replacements": several})
    assert asked.edits == [(it, "modified", "x", "y") for it in ("a.py", "b.py")]
    assert asked.touches == [("a.py", "modified"), ("b.py", "modified")]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("Write", {"path": "a.py", "contents": "x = 1"}),  # Cursor, Grok
        ("write_to_file", {"TargetFile": "a.py", "CodeContent": "x = 1", "Overwrite": False}),  # Antigravity
    ],
)
def test_the_text_of_a_new_file_by_the_arguments_of_each_agents_tool(name, arguments):
    assert tools.Asked(name, arguments).edits == [("a.py", "written", "", "x = 1")]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("invoke_agent", {"agent_name": "codebase_investigator", "prompt": "Find it"}),  # Gemini CLI
        ("spawn_agent", {"systemPrompt": "You look", "task": "Find it"}),  # Cline
        ("subagent", {"instructions": "Find it"}),  # goose
    ],
)
def test_what_a_sub_agent_was_asked(name, arguments):
    assert tools.Asked(name, arguments).lookup() == ("agent", "Find it")


def test_what_an_editor_changed_is_read_under_any_of_its_names():
    asked = tools.Asked("editor", {"path": "a.py", "old_text": "x = 1", "new_text": "x = 2"})
    assert [it[2:] for it in asked.edits] == [("x = 1", "x = 2")]


@pytest.mark.parametrize(
    ("name", "arguments", "run"),
    [
        ("Execute", {"command": "make test"}, "make test"),
        ("run_command", {"CommandLine": "make test", "Cwd": "/w"}, "make test"),
        ("run_commands", {"commands": ["make", "make test"]}, "make\nmake test"),
        ("Bash", {"cmd": "make test"}, "make test"),
        ("shell", {"command": ["bash", "-lc", "make test"]}, "make test"),
        ("run_commands", {"commands": "make"}, None),
        ("Read", {"command": "make test"}, None),
    ],
)
def test_command_that_a_call_runs(name, arguments, run):
    """One line of shell, however it is handed over."""
    assert tools.Asked(name, arguments).run == run


def test_exit_codes_and_commits_in_an_answer():
    """As the agents word them."""
    assert tools.exit_code_at_end("no such file\n\nCommand exited with code 2") == 2
    assert tools.exit_code_at_start("[Command exited with code 1]\n\n[stderr]") == 1
    assert list(tools.commits_in("git commit -m x", "Output: [main 1a2b3c4] fix it")) == [("1a2b3c4", "fix it")]


@pytest.mark.parametrize(
    ("run", "edits"),
    [
        (r'echo -e "\n# Red\n- Ruby" >> docs/color.md', [("docs/color.md", "modified", "", "# Red\n- Ruby")]),
        ("echo 'x = 1' > a.py && echo done", [("a.py", "written", "", "x = 1")]),
        (r'printf "a\nb" > /tmp/list.txt', [("/tmp/list.txt", "written", "", "a\nb")]),
        ('echo "done" > /dev/null; echo "$A" > "$B"', []),
        ("echo no end >> ", []),
    ],
)
def test_what_a_command_echoes_into_a_file_is_an_edit(run, edits):
    assert tools.Asked("Bash", {"command": run}).edits == edits


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("exec command rejected by user", None),
        ("[Operation Cancelled] Reason: User denied execution.", None),
        (
            "The user denied this operation and provided the following feedback:\n<feedback>\nnot so\n</feedback>",
            "not so",
        ),
        (
            "Error: The user rejected permission to use this specific tool call with the following feedback: use b",
            "use b",
        ),
        ("The user has declined to run this tool. DO NOT attempt to call this tool again.", None),
        ("The tool call is rejected by the user.", None),
        ('Tool "Bash" was not run because the user rejected the approval request.', None),
        ('Tool "Bash" was not run because the user rejected the approval request. Reason: use b', "use b"),
        ("Tool execution rejected by user: use b", "use b"),
        ("Tool execution rejected by user: ", None),
    ],
)
def test_the_words_by_which_agents_tell_that_the_user_said_no(answer, words):
    assert is_refused(answer)
    assert tools.said_on_refusal(answer) == words


@pytest.mark.parametrize("answer", ["", "rejected by upstream", "The user list", "User denied_tools is empty"])
def test_other_answers_are_no_refusals(answer):
    assert not is_refused(answer)
    assert not is_stopped(answer)


def test_a_command_is_cut_off_whose_output_ends_with_saying_so():
    stopped = "[Request interrupted by user for tool use]"
    assert is_cut_off(f"Exit code 137\n12 of 50 done\n{stopped}")
    assert not is_cut_off(f"Exit code 1\n{stopped}: a line of a log\n3 failed")


@pytest.mark.parametrize("answer", ["Error: Tool execution cancelled by user", "Command interrupted by the user"])
def test_a_call_that_the_user_cancelled_was_cut_off(answer):
    assert is_cut_off(answer)
    assert not is_cut_off(f"the log says: {answer}")


def test_a_command_that_the_user_stopped_was_cut_off_behind_what_it_had_printed():
    aborted = "Compiling 4 files\n<error>Command was aborted before completion</error>"
    assert is_cut_off(aborted)
    assert not is_cut_off(f"{aborted}\nin the log of the other run")


@pytest.mark.parametrize("shown", ["⎿ Interrupted by user", "[Request interrupted by user]", "No (tell it what to do)"])
def test_what_a_screen_shows_of_a_call_that_was_stopped_is_no_word_of_a_tool(shown):
    assert is_stopped(shown)
    assert not is_refused(shown)


@pytest.mark.parametrize(
    "answer",
    [
        "Browser Use rejected this action due to browser security policy. Reason: none.",
        "This action was rejected due to unacceptable risk.",
        "Permission to use Bash with command rm -rf build has been denied.",
        "Claude requested permissions to write to /p/a.py, but you haven't granted it yet.",
        "PreToolUse:Bash hook error: [check.sh]: no force pushes",
        "This command requires approval",
        "node runs inline code, which cannot be checked against the read block",
    ],
)
def test_the_words_by_which_a_policy_turns_a_call_down(answer):
    assert is_blocked(answer)
    assert not is_blocked(f"src/a.py:1: {answer}")
