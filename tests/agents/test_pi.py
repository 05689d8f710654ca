"""pi's log is a tree; a compaction keeps the end of what was said."""

from __future__ import annotations

from tests.agents.made_up import PI, jsonl, pi_row, pi_said, pi_used, text


def test_what_was_taken_back_is_gone(read, texts):
    """The last row's way to the root is the conversation."""
    log = PI + jsonl(
        pi_said(9, "user", text("Something else"), parent=2), pi_said(10, "assistant", text("Else."), **pi_used(12_500))
    )
    found = read(log)
    assert [message.text for message in found.messages if message.role == "user"][-1] == "Something else"
    assert (found.usage.tokens, found.tool_calls) == (12_500, ())
    assert not any("def add" in piece for _, piece in texts(log))


def test_a_compaction_keeps_what_follows_its_first_entry(read, texts):
    """For counting; it is not said a second time."""
    log = PI + jsonl(pi_row(9, "compaction", summary="all of it", firstKeptEntryId="e8", tokensBefore=15_065))
    found = read(log)
    assert found.usage is None
    assert [(it.before, it.after) for it in found.compactions] == [(15_065, None)]
    assert [message.text for message in found.messages].count("Mended.") == 1
    assert texts(log) == [("user", "all of it"), ("assistant", "Mended.")]


def test_a_response_that_was_broken_off_is_no_figure(read):
    """It reports zeros, or half of it."""
    broken = {**pi_used(3), "stopReason": "aborted"}
    assert read(PI + jsonl(pi_said(9, "assistant", text("I"), **broken))).usage.tokens == 15_065


def test_an_answer_that_reached_the_limit_of_the_output_is_cut_off(read):
    cut = read(PI + jsonl(pi_said(9, "assistant", text("Two ways: fir"), stopReason="length"))).messages[-1]
    assert (cut.cut, cut.ended) == (True, False)


def test_a_parent_that_is_in_no_row_is_no_break(read):
    """OpenClaw names calls as parents; the row before is meant."""
    log = PI.replace('"parentId": "e3"', '"parentId": "c1"')
    assert read(log).messages == read(PI).messages


def test_what_a_person_ran_is_a_command(read):
    """With its exit code; it is nobody's request."""
    row = pi_row(9, "message", message={"role": "bashExecution", "command": "make", "output": "no rule", "exitCode": 2})
    command = read(PI + jsonl(row)).commands[-1]
    assert (command.text, command.exit_code, command.outcome) == ("make", 2, "failed")
