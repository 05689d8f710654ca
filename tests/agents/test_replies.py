"""What the user answers to an agent's questions, and says by turning a call down or stopping it, in each agent's log."""

from __future__ import annotations

import json

import pytest

from handoff_cli.core.transcript import REFUSED
from tests.agents.made_up import (
    ANTIGRAVITY,
    CLINE_SESSION,
    CONTINUE,
    DROID,
    PI,
    cline_call,
    cline_said,
    continue_call,
    droid,
    jsonl,
    pi_said,
    step,
    text,
)

OPTIONS = [{"label": "One", "description": "the short way"}, {"label": "Two", "description": "the long way"}]


def of_continue(answer, status="done", name="AskQuestion", **given):
    chat, given = json.loads(CONTINUE), given or {"question": "Which?", "options": ["One", "Two"]}
    item = continue_call("c9", name, given, answer, status)
    item["toolCallStates"][0]["parsedArgs"] = given
    chat["history"].append(item)
    return chat


def of_cline(name, given, content):
    session = json.loads(CLINE_SESSION)
    answer = {"type": "tool_result", "tool_use_id": "c9", "content": content}
    session["messages"] += [cline_said(cline_call("c9", name, **given), used=15_100), cline_said(answer)]
    return session


def of_droid(answer, name="AskUser", **given):
    call = {"type": "tool_use", "id": "c9", "name": name, "input": given}
    result = {"type": "tool_result", "tool_use_id": "c9", "content": answer, "is_error": False}
    return DROID + jsonl(droid("assistant", [call], 9), droid("user", [result], 10))


def of_messages(answer, name="clarify", **given):
    function = {"name": name, "arguments": json.dumps(given or {"question": "Which?"})}
    return jsonl(
        {"role": "user", "content": "Go"},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "c9", "type": "function", "function": function}]},
        {"role": "tool", "tool_call_id": "c9", "content": answer if isinstance(answer, str) else json.dumps(answer)},
    )


@pytest.mark.parametrize(
    ("log", "answer"),
    [
        (of_continue('User selected option 2: "Two"'), "Two"),
        (of_continue('User provided custom answer: "say "both" to it"'), 'say "both" to it'),
        (of_cline("ask_question", {"question": "Which?", "options": ["One"]}, "neither"), "neither"),
        (of_droid("1. [question] Which?\n[answer] Two"), "Two"),
        (of_messages({"question": "Which?", "choices_offered": ["One"], "user_response": "One"}), "One"),
        (of_messages({"responses": [{"question": "Which?", "user_response": ["One", "Two"]}]}), "One\nTwo"),
    ],
)
def test_an_answer_is_told_by_its_question(read, log, answer):
    assert [(it.question, it.answer) for it in read(log).answers] == [("Which?", answer)]


@pytest.mark.parametrize(
    "log",
    [
        of_continue("The user declined to answer your question."),
        of_continue('User answered: "1"', name="Bash", command="ask"),
        of_droid("Which?\n[answer] none"),
        of_messages({"question": "Which?", "user_response": ""}),
        of_messages("Which?"),
    ],
)
def test_where_nobody_answered_a_question_nothing_is_told(read, log):
    assert read(log).answers == ()


DENIED = "Encountered error in step execution: user denied permission for command(make)"
SAID_SO = f"\n\t\t{DENIED}. The following instruction was provided by the user as an alternative: not now"


def of_antigravity(answer, status="ERROR", name="run_command", **given):
    args = {key: json.dumps(value) for key, value in (given or {"CommandLine": "make"}).items()}
    kind = "RUN_COMMAND" if name == "run_command" else "CODE_ACTION"
    rows = step(9, "PLANNER_RESPONSE", tool_calls=[{"name": name, "args": args}]), step(10, kind, answer, status=status)
    return ANTIGRAVITY + jsonl(*rows)


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (of_antigravity(SAID_SO), "not now"),
        (of_antigravity(DENIED), ""),
        (of_continue("Permission denied by user", "canceled", "Bash", command="make"), ""),
        (of_cline("run_commands", {"commands": ["make"]}, '{"error": "Tool \\"run_commands\\" was not approved"}'), ""),
        (
            of_messages({"output": "", "exit_code": -1, "error": "BLOCKED: User denied."}, "terminal", command="make"),
            "",
        ),
    ],
)
def test_a_command_that_was_turned_down_is_told_so_with_what_was_said(read, log, words):
    found = read(log)
    assert (found.commands[-1].outcome, found.commands[-1].error[: len(REFUSED)]) == ("failed", REFUSED)
    assert [it.text for it in found.messages if it.role == "user"][1:] == [words] * bool(words)


def test_an_edit_that_was_turned_down_was_not_made(read):
    """Hermes says so in an object."""
    answer = {"success": False, "error": "BLOCKED: User denied. Do NOT retry."}
    found = read(of_messages(answer, "patch", mode="replace", path="a.py", old_string="a", new_string="b"))
    assert (found.edits, found.files, [it.path for it in found.declined]) == ((), (), ["a.py"])


@pytest.mark.parametrize(
    "log",
    [
        of_antigravity("", "CANCELED"),
        PI + jsonl(
            pi_said(9, "assistant", [{"type": "toolCall", "id": "c9", "name": "bash", "arguments": {"command": "make"}}]),
            pi_said(10, "toolResult", text("half\n\nCommand aborted"), toolCallId="c9", isError=True),
            pi_said(11, "assistant", [], stopReason="aborted"),
        ),
    ],
)  # fmt: skip
def test_a_command_that_was_stopped_failed(read, log):
    assert read(log).commands[-1].outcome == "failed"


def test_who_stops_pi_is_waited_for(read):
    found = read(PI + jsonl(pi_said(9, "assistant", text("I"), stopReason="aborted")))
    assert (found.messages[-1].stopped, found.turns) == (True, read(PI).turns)


def test_antigravity_keeps_the_list_of_to_dos_in_a_file_of_its_own(read):
    """Which is no file of the project, and changed in place."""
    file = "/home/o/.gemini/antigravity-cli/brain/ag-1/task.md"
    listed = "# Tasks\n\n- [x] look\n- [/] mend it <!-- id: 1 -->\n- [ ] test it\n"
    written = of_antigravity("Created file", "DONE", "write_to_file", TargetFile=file, CodeContent=listed)
    found = read(written)
    told = [("look", "completed"), ("mend it", "in_progress"), ("test it", "pending")]
    assert [(it.text, it.status) for it in found.todos] == told
    assert found.files == read(ANTIGRAVITY).files
    change = {"TargetFile": json.dumps(file), "TargetContent": '"[/]"', "ReplacementContent": '"[x]"'}
    later = step(11, "PLANNER_RESPONSE", tool_calls=[{"name": "replace_file_content", "args": change}])
    assert [it.status for it in read(written + jsonl(later)).todos] == ["completed", "completed", "pending"]


def test_a_task_file_of_the_project_is_a_file(read):
    log = of_antigravity("Created file", "DONE", "write_to_file", TargetFile="/srv/app/task.md", CodeContent="- [ ] a")
    found = read(log)
    assert (found.todos, found.files[-1].path) == ((), "/srv/app/task.md")


@pytest.mark.parametrize(("code", "outcome"), [(0, "ok"), (3, "failed")])
def test_antigravity_tells_the_code_above_an_output_by_turns(read, code, outcome):
    answer = f"\n\t\t\t\tThe command exited with code {code}.\n\t\t\t\tOutput:\n\t\t\t\tend\n  2"
    command = read(of_antigravity(answer, "DONE")).commands[-1]
    assert (command.output, command.exit_code, command.outcome) == ("end\n  2", code, outcome)


def test_droid_tells_the_code_below_an_output_too(read):
    """What a file says of codes further up tells nothing."""
    command = read(of_droid("no\n\n\n[Process exited with code 2]", "Execute", command="make")).commands[-1]
    assert (command.output, command.exit_code, command.outcome) == ("no", 2, "failed")
    long = f"{'x' * 400}\n[Process exited with code 2]\n{'x' * 400}"
    assert read(of_droid(long, "Read", file_path="a.log")).tool_calls[-1].outcome == "ok"


def test_continue_keeps_thoughts_beside_the_answer(read):
    chat = json.loads(CONTINUE)
    chat["history"][-1]["reasoning"] = {"active": False, "text": "The sign is wrong."}
    assert [it.text for it in read(chat).reasonings] == ["The sign is wrong."]
