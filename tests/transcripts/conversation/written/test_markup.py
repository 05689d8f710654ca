"""Calls and results written as tags, and turns as models are given them."""

from __future__ import annotations

import pytest

CLINE = """\
**User:**

<task>
Add dark mode. Use variables only.
</task>
<environment_details>
# Visible files
secret_of_the_editor.txt
</environment_details>

---

**Assistant:**

<thinking>Where are the colours?</thinking>

I'll read the stylesheet.

<read_file>
<path>web/style.css</path>
</read_file>

---

**User:**

[read_file for 'web/style.css'] Result:

:root { --bg: #fff }

---

**Assistant:**

<execute_command>
<command>npm run build</command>
<requires_approval>false</requires_approval>
</execute_command>

---

**User:**

[execute_command for 'npm run build'] Result:

Command executed with exit code 1.
Output:
Error: unknown variable --bgg

---

**Assistant:**

<replace_in_file>
<path>web/style.css</path>
<diff>
------- SEARCH
--bgg
=======
--bg
+++++++ REPLACE
</diff>
</replace_in_file>

<attempt_completion>
<result>
Dark mode is in.
</result>
</attempt_completion>
"""
INVOKED = """\
User: list the tests
Assistant: Looking.
<function_calls>
<invoke name="Bash">
<parameter name="command">pytest --co -q</parameter>
</invoke>
</function_calls>
<function_results>
ERROR: file or directory not found
</function_results>
"""
GIVEN = """\
User: list the tests
Assistant: Looking.
<tool_call>
{"name": "bash", "arguments": {"command": "pytest --co -q"}}
</tool_call>
<tool_response>
ERROR: file or directory not found
</tool_response>
"""
TURNS = {
    "ChatML": "<|im_start|>user\nfix the test<|im_end|>\n<|im_start|>assistant\nFixed.<|im_end|>\n",
    "Llama": "<|start_header_id|>user<|end_header_id|>\n\nfix the test<|eot_id|>\n"
    "<|start_header_id|>assistant<|end_header_id|>\n\nFixed.<|eot_id|>\n",
    "Gemma": "<start_of_turn>user\nfix the test<end_of_turn>\n<start_of_turn>model\nFixed.<end_of_turn>\n",
    "Phi": "<|user|>\nfix the test<|end|>\n<|assistant|>\nFixed.<|end|>\n",
}


def test_tools_called_in_text(read):
    """What stands in tags are calls, their results are no words of the user's, thoughts and surroundings nobody's."""
    found = read(CLINE)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "Add dark mode. Use variables only."),
        ("assistant", "I'll read the stylesheet."),
        ("assistant", "Dark mode is in."),
    ]
    assert [(it.text, it.outcome, it.exit_code) for it in found.commands] == [("npm run build", "failed", 1)]
    assert [(it.path, it.action) for it in found.files] == [("web/style.css", "read"), ("web/style.css", "modified")]
    assert [(it.old, it.new) for it in found.edits] == [("--bgg", "--bg")]
    assert [it.text for it in found.reasonings] == ["Where are the colours?"]


@pytest.mark.parametrize("text", [INVOKED, GIVEN])
def test_calls_with_parameters_and_as_json(read, text):
    found = read(text)
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest --co -q", "failed")]
    assert [it.text for it in found.messages] == ["list the tests", "Looking."]


@pytest.mark.parametrize("form", TURNS)
def test_turns_as_models_are_given_them(said, form):
    assert said(TURNS[form]) == [("user", "fix the test"), ("assistant", "Fixed.")]


def test_tags_that_are_text(said):
    """An element of another name, one that never closes, and one in a fenced block call nothing."""
    for text in (
        "<div>\n<p>hi</p>\n</div>",
        "<execute_command>\n<command>rm a",
        "```\n<read_file>\n<path>a</path>\n</read_file>\n```",
    ):
        assert said(f"User: x\nAssistant: see\n\n{text}\n")[-1] == ("assistant", f"see\n\n{text}")


def test_a_notice_of_the_program_and_what_it_asks_for_then_are_no_words_of_the_users(said):
    """As exports of Cursor have them where a command in the background has ended."""
    notice = "<timestamp>Monday, 6:43 PM</timestamp>\n<system_notification>\nThe following task has finished.\n<task>\nkind: shell\n</task>\n</system_notification>\n"
    asked = "<user_query>Briefly inform the user about the task result.</user_query>\n"
    text = f"**User**\n\nBuild it\n\n---\n\n**Cursor**\n\nIt runs.\n\n---\n\n**User**\n\n{notice}{asked}\n---\n\n**Cursor**\n\nIt failed.\n"
    assert said(text) == [("user", "Build it"), ("assistant", "It runs."), ("assistant", "It failed.")]


def test_a_result_that_begins_the_text_is_nobodys_request_and_names_what_was_done(read):
    """The call stands before where the text was cut."""
    text = (
        "**User:**\n\n[write_to_file for 'web/app.css'] Result:\n<operation>created</operation>\n\n"
        "<environment_details>\n# Mode\ncode\n</environment_details>\n\n---\n\n**Assistant:**\n\nNow the page.\n\n"
        "<read_file>\n<path>web/index.html</path>\n</read_file>\n\n---\n\n**User:**\n\n"
        "[read_file for 'web/index.html'] Result:\n<html>\n"
    )
    found = read(text)
    assert [it.role for it in found.messages] == ["assistant"]
    assert [it.path for it in found.edits] == ["web/app.css"]


def test_what_the_user_says_within_a_result_is_a_request_and_advice_behind_the_name_of_a_file_is_none(read):
    """As Roo has it: files stand in arguments, feedback in the result of what ended the turn before."""
    text = (
        "**Assistant:**\n\n<attempt_completion>\n<result>\nThe cart is done.\n</result>\n</attempt_completion>\n\n---\n\n"
        "**User:**\n\n[attempt_completion] Result:\nThe user has provided feedback on the results.\n<feedback>\n"
        "Why is the total wrong?\n</feedback>\n<environment_details>\n# Mode\ncode\n</environment_details>\n\n---\n\n"
        "**Assistant:**\n\n<read_file>\n<args>\n<file>\n<path>src/cart.ts</path>\n</file>\n</args>\n</read_file>\n\n---\n\n"
        "**User:**\n\n[read_file for 'src/cart.ts'. Reading several files at once is more efficient.] Result:\n"
        "<files>\n1 | let total\n</files>\n\n---\n\n**Assistant:**\n\nIt is never set.\n\n"
        "<execute_command>\n<command>npm run build</command>\n</execute_command>\n\n---\n\n"
        "**User:**\n\n[execute_command for 'npm run build'] Result:\n"
        "Command executed in terminal  within working directory '/shop'. Exit code: 0\nOutput:\n\n> tsc\n"
    )
    found = read(text)
    assert [(it.role, it.text) for it in found.messages] == [
        ("assistant", "The cart is done."),
        ("user", "Why is the total wrong?"),
        ("assistant", "It is never set."),
    ]
    assert [(it.path, it.action) for it in found.files] == [("src/cart.ts", "read")]
    assert [(it.text, it.outcome) for it in found.commands] == [("npm run build", "ok")]


def test_files_in_the_arguments_of_a_call(read):
    """Each is named; of a single one its change is read too."""
    call = "**Assistant:**\n\n<{0}>\n<args>\n{1}</args>\n</{0}>\n"
    file = "<file>\n<path>{}</path>\n{}</file>\n"
    found = read(call.format("read_file", file.format("a.ts", "") + file.format("b.ts", "")))
    assert [(it.path, it.action) for it in found.files] == [("a.ts", "read"), ("b.ts", "read")]
    diff = "<diff>\n<content>\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n</content>\n</diff>\n"
    found = read(call.format("apply_diff", file.format("a.ts", diff)))
    assert [(it.path, it.old, it.new) for it in found.edits] == [("a.ts", "old", "new")]


def test_what_the_program_says_in_the_users_place_is_no_request(said):
    """But for what the user said with it."""
    told = (
        "[ERROR] You did not use a tool in your previous response! Please retry with a tool use.\n\n"
        "# Reminder: Instructions for Tool Use\n\n<attempt_completion>\n<result>\nI have ...\n</result>\n"
        "</attempt_completion>\n\n(This is an automated message.)\n<environment_details>\n# Mode\n</environment_details>\n"
    )
    resumed = "[TASK RESUMPTION] This task was interrupted just now.\n\nNew instructions:\n<user_message>\nand the docs\n</user_message>\n"
    text = (
        "**User:**\n\n<task>\nmend it\n</task>\n\n---\n\n**Assistant:**\n\nShall I?\n\n---\n\n"
        f"**User:**\n\n{told}\n---\n\n**Assistant:**\n\nMended.\n\n---\n\n**User:**\n\n{resumed}"
    )
    assert said(text) == [
        ("user", "mend it"),
        ("assistant", "Shall I?"),
        ("assistant", "Mended."),
        ("user", "and the docs"),
    ]


def test_calls_and_results_of_an_export_that_only_names_the_tools(read):
    """Fields stand below the name, each over as many lines as it has; a result is headed by the tool, or by none."""
    found = read(
        "**User:**\n\n<user_message>\nmend the timer\n</user_message>\n\n---\n\n**Assistant:**\n\nI look.\n\n"
        "[Tool Use: apply_diff]\nPath: timer/tick.go\nDiff: <<<<<<< SEARCH\nfloor(n)\n=======\nround(n)\n\n>>>>>>> REPLACE\n\n"
        "---\n\n**User:**\n\n[Tool]\nmodified\n\n---\n\n**Assistant:**\n\n[Tool Use: execute_command]\nCommand: go test ./...\n\n"
        "---\n\n**User:**\n\n[execute_command (Error)]\nFAIL\n\n---\n\n**Assistant:**\n\nIt fails.\n"
    )
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "mend the timer"),
        ("assistant", "I look."),
        ("assistant", "It fails."),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("go test ./...", "failed")]
    assert [it.path for it in found.files if it.action == "modified"] == ["timer/tick.go"]


def test_an_edit_whose_result_is_an_error_was_not_made(read):
    """The tool says that it could not apply it."""
    found = read(
        "**User:**\n\n<task>\nmend it\n</task>\n\n---\n\n**Assistant:**\n\n<apply_diff>\n<path>a.go</path>\n<diff>\nx\n</diff>\n"
        "</apply_diff>\n\n---\n\n**User:**\n\n[apply_diff for 'a.go'] Result:\n\n<error>\nUnable to apply diff\n</error>\n\n---\n"
    )
    assert [it.outcome for it in found.tool_calls] == ["failed"]


@pytest.mark.parametrize("fold", ["<details>", "<details><summary>Thought Process</summary>\n"])
def test_what_folds_a_thought_away_is_none_of_it(read, fold):
    text = f"_**User**_\n\ngo\n\n_**Agent**_\n\n<think>{fold}The rate is wrong.</details></think>\n\nDone.\n"
    found = read(text)
    assert [it.text for it in found.reasonings] == ["The rate is wrong."]
    assert [it.text for it in found.messages] == ["go", "Done."]


def test_what_the_program_says_once_more_of_a_refusal_is_no_word_of_the_users(read):
    """As Roo and its kin have it where the user declined a list: the label of the call stands below the feedback too."""
    text = (
        "**User:**\n\n<task>\nadd the totals\n</task>\n\n---\n\n**Assistant:**\n\n"
        "<update_todo_list>\n<todos>\n[ ] draw a chart\n</todos>\n</update_todo_list>\n\n---\n\n**User:**\n\n"
        "[update_todo_list] Result:\nThe user denied this operation and provided the following feedback:\n"
        "<feedback>\nno chart, only the sums\n</feedback>\n[update_todo_list] Result:\nUser declined to update it.\n"
        "<environment_details>\n# Mode\ncode\n</environment_details>\n\n---\n\n**Assistant:**\n\nOnly the sums, then.\n"
    )
    assert [(it.role, it.text) for it in read(text).messages] == [
        ("user", "add the totals"),
        ("user", "no chart, only the sums"),
        ("assistant", "Only the sums, then."),
    ]
