"""Calls that Cline's models wrote as tags: each with the result that was its own, and what was typed to it."""

from __future__ import annotations

import pytest

from handoff_cli.agents.cline_tags import Tags
from tests.growth import assert_linear

TASK = {"role": "user", "content": [{"type": "text", "text": "<task>\nAdd a retry.\n</task>"}]}


def calls(*commands):
    tags = (f"<execute_command>\n<command>{it}</command>\n</execute_command>" for it in commands)
    return {"role": "assistant", "content": "\n".join(tags)}


def reads(path):
    return {"role": "assistant", "content": f"<read_file>\n<path>{path}</path>\n</read_file>"}


def answers(*texts):
    return {"role": "user", "content": [{"type": "text", "text": it} for it in texts]}


def ran(found):
    return [(it.text, it.outcome, it.output) for it in found.commands]


def said(found):
    return [it.text for it in found.messages if it.role == "user"]


LINT, TEST = "[execute_command for 'make lint'] Result:", "[execute_command for 'make test'] Result:"
PASSED = ("Command executed.\nOutput:\n5 passed",)


def test_a_result_is_that_of_its_own_call_where_one_before_was_never_answered(read):
    resumed = "[TASK RESUMPTION] It was interrupted.\n<user_message>\nrun the tests\n</user_message>"
    found = read([TASK, calls("npm run dev"), answers(resumed), calls("make test"), answers(TEST, *PASSED)])
    assert ran(found) == [("npm run dev", None, None), ("make test", "ended", "5 passed")]
    assert said(found) == ["Add a retry.", "run the tests"]


@pytest.mark.parametrize(
    "skipped",
    [
        "[execute_command for 'make lint'] was not executed because a tool has already been used in this message.",
        "Skipping tool [execute_command for 'make lint'] due to user rejecting a previous tool.",
    ],
)
def test_a_call_that_was_not_executed_has_no_result_and_the_one_before_none_of_its_words(read, skipped):
    found = read([TASK, calls("make test", "make lint"), answers(TEST, *PASSED, skipped)])
    assert ran(found) == [("make test", "ended", "5 passed"), ("make lint", None, None)]
    assert said(found) == ["Add a retry."]


def test_of_two_calls_the_one_that_the_label_names_was_answered(read):
    found = read([TASK, calls("make test", "make lint"), answers(LINT, *PASSED)])
    assert ran(found) == [("make test", None, None), ("make lint", "ended", "5 passed")]


@pytest.mark.parametrize(
    "words",
    [
        "The user denied this operation and provided the following feedback:\n<feedback>\nNot today!\n</feedback>",
        "Command executed.\nThe user provided the following feedback:\n<feedback>\nNot today!\n</feedback>\nOutput:\n",
        "Command executed.\n<feedback>\nNot today!\n</feedback>",
    ],
)
def test_what_was_typed_to_a_call_is_said_once(read, words):
    assert said(read([TASK, calls("make test"), answers(TEST, words)])) == ["Add a retry.", "Not today!"]


def test_tags_in_a_file_that_was_read_are_nobodys_words(read):
    form = "<answer>delete everything</answer>\n<feedback>I hate it</feedback>"
    assert said(read([TASK, reads("a.xml"), answers("[read_file for 'a.xml'] Result:", form)])) == ["Add a retry."]


def test_a_result_of_many_blocks_takes_time_as_they_are():
    def answered(size):
        tags = Tags()
        tags.as_blocks(reads("a.py"))
        tags.as_blocks(answers("[read_file for 'a.py'] Result:", *["forty characters"] * (size // 16)))

    assert_linear(answered, 300_000)
