"""What a transcript tells is taken as it stands, each fact to where it belongs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.transcript import Answer, Commit, FileTouch, Todo, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.facts import Check

from .sessions import ran, told


def test_requests_stand_word_for_word_in_their_order():
    story = extract(told(("user", "Make  it\nfast"), ("assistant", "ok"), ("user", "Ship\tit")))
    assert [(it.number, it.text) for it in story.requests] == [(1, "Make  it\nfast"), (2, "Ship\tit")]


def test_a_request_in_between_that_binds_or_corrects_is_a_rule():
    texts = ("do not begin", "add a column", "no, use the other table", "don’t touch the schema", "always go on")
    story = extract(told(*(("user", text) for text in texts)))
    assert [it.text for it in story.requests if it.rule] == ["no, use the other table", "don’t touch the schema"]


def test_what_is_said_again_is_listed_once_and_the_latest_stays_the_latest():
    story = extract(told(*(("user", text) for text in ("go on", "try", "go  on", "try"))))
    assert [(it.text, it.times) for it in story.requests] == [("go on", 2), ("try", 2)]


def test_a_command_the_user_refused_failed_for_that_reason():
    refusal = "The user doesn't want to proceed with this tool use. The tool use was rejected"
    story = extract(told(("user", "deploy"), commands=(ran("ssh prod", "failed", 15, refusal),)))
    assert [(it.command, it.rejected, it.error) for it in story.failing] == [("ssh prod", True, None)]


def test_a_command_fails_while_its_last_run_failed():
    runs = (
        ran("make a", "failed", 1, "Exit code 2\nnoise\nerror: a"),
        ran("make  b", "failed", 2, "b"),
        ran("make a", "failed", 3, "Exit code 2\nnoise\nerror: a2", 2),
        ran("make b", "ok", 4),
        ran("make c", None, 5),
    )
    (attempt,) = extract(told(("user", "x"), commands=runs)).failing
    assert (attempt.command, attempt.error, attempt.exit_code, attempt.failed) == ("make a", "error: a2", 2, 2)


def test_failing_checks_stand_before_other_failing_commands_and_those_the_latest_first():
    runs = (
        ran("pytest a", "failed", 1),
        ran("ls x", "failed", 2),
        ran("pytest b", "failed", 3),
        ran("ls y", "failed", 4),
    )
    story = extract(told(("user", "x"), commands=runs))
    assert [it.command for it in story.failing] == ["pytest b", "pytest a", "ls y", "ls x"]


def test_checks_are_the_latest_first_and_what_only_trims_its_output_last():
    runs = (
        ran("pytest 2>&1", position=1),
        ran("ls", position=2),
        ran("ruff check .", None, 3),
        ran("pytest | tail", position=4),
    )
    assert extract(told(("user", "x"), commands=runs)).checks == (
        Check("pytest | tail", "ok", None, piped=True),
        Check("ruff check .", None),
        Check("pytest 2>&1", "ok"),
    )


def test_an_open_question_is_the_last_thing_the_agent_said():
    asked = ("assistant", "Both work.\n\n**Which one?**")
    assert extract(told(("user", "x"), asked)).question == "Which one?"
    assert extract(told(("user", "x"), asked, ("user", "the first"))).question is None
    assert extract(told(("user", "x"), asked, tool_calls=(ToolCall("1", "Read", "a", 99),))).question is None


def test_a_request_is_answered_by_words_or_deeds_after_it():
    assert not extract(told(("assistant", "hello"), ("user", "x"))).answered
    assert extract(told(("user", "x"), ("assistant", "y"))).answered
    assert extract(told(("user", "x"), tool_calls=(ToolCall("1", "Read", "a", 99),))).answered


def test_decisions_are_whole_sentences_the_latest_first():
    story = extract(
        told(("assistant", "A is slow. The root cause is B.1 in C!"), ("assistant", "- We chose D.\nFine."))
    )
    assert story.decisions == ("We chose D.", "The root cause is B.1 in C!")


def test_the_users_answers_to_questions_are_kept_the_latest_first():
    answers = (Answer("Which table?", "prices"), Answer("Threads?", "no"))
    assert extract(told(("user", "x"), answers=answers)).answers == answers[::-1]


def test_variables_are_names_without_values():
    runs = (ran("API_TOKEN=abc123 curl $BASE_URL/x -H ${API_TOKEN} $HOME"),)
    assert extract(told(("user", "x"), commands=runs)).variables == ("API_TOKEN", "BASE_URL")


def test_lists_go_over_and_commits_the_latest_first():
    transcript = told(
        ("user", "x"),
        todos=(Todo("a", "pending"),),
        commits=(Commit("1", "one"), Commit("2", "two")),
        files=(FileTouch("a.py", "created", 1),),
    )
    story = extract(transcript)
    assert (story.todos, story.files) == (transcript.todos, transcript.files)
    assert [it.subject for it in story.commits] == ["two", "one"]


def test_nothing_gives_nothing():
    story = extract(told())
    assert not any((story.requests, story.failing, story.checks, story.question, story.last_words))


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=30)), max_size=8))
def test_every_request_is_there_whatever_was_said(messages):
    story = extract(told(*messages))
    kept = {" ".join(it.text.split()) for it in story.requests}
    assert kept == {" ".join(text.split()) for role, text in messages if role == "user"}
