"""An open to-do says which file was edited for it since the list was written, where nobody ticked anything."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Message, Todo, ToolCall
from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.files.texts import Printed
from handoff_cli.documents.extract.progress.open_todos import (
    _FILE,
    edited_todos,
    named_todos,
    names_told,
    todos_asked_for,
    todos_left,
)
from handoff_cli.documents.extract.story import Left
from handoff_cli.documents.parts.unfinished import open_todo, todo_ahead
from tests.documents.sessions import ran, story_of, told
from tests.growth import assert_linear, calls_in

LISTED = ToolCall("t", "TodoWrite", "", 10, None, "ok", None)


def session(*edits: str, todos=(), words="go on", **fields):
    """A session whose list of to-dos was written before these files were edited."""
    return told(
        ("user", "mend the ferry"),
        ("assistant", "I listed it."),
        ("user", words),
        todos=tuple(Todo(it, "pending") for it in todos),
        tool_calls=(LISTED,),
        edits=tuple(Edit(path, 20 + at, "modified", "a", "b") for at, path in enumerate(edits)),
        **fields,
    )


@pytest.mark.parametrize(
    ("todo", "path"),
    [
        ("tides: reuse the table", "src/tides.py"),
        ("Test for missed sailings", "tests/test_sailings.py"),
        ("Bench for the tides", "benches/tides.rs"),
    ],
)
def test_the_file_that_it_names_was_edited(todo, path):
    found = session(path, todos=[todo], commands=(ran(f"echo {todo.lower()}", position=30),))
    assert edited_todos(found) == ((todo, path.rpartition("/")[2]),)


@pytest.mark.parametrize(
    ("todo", "path"),
    [
        ("tides: reuse the table", "src/ports.py"),  # another file
        ("Test for missed tides", "src/tides.py"),  # the code, not its test
        ("Check the tides table", "src/tides.py"),  # no edit checks anything
        ("date of the tides", "src/DateRangePickerField.ts"),  # one word of four
    ],
)
def test_what_else_was_edited_tells_nothing_of_it(todo, path):
    found = session(path, todos=[todo], commands=(ran(f"echo {todo.lower()}", position=30),))
    assert edited_todos(found) == ()


def test_a_list_in_which_one_was_begun_is_kept_by_its_marks():
    found = session("src/tides.py", todos=["tides: reuse the table"], commands=(ran("echo reuse table", position=30),))
    begun = (*found.todos, Todo("ports", "in_progress"))
    assert edited_todos(found)
    assert not edited_todos(found.replace(todos=begun))


def test_the_next_to_take_stands_below_those_that_files_were_edited_for():
    todos = tuple(Todo(it, "pending") for it in ("find the tide", "tides: reuse the table", "ask the port"))
    left = Left(todos=todos, edited_todos=(("tides: reuse the table", "tides.py"),))
    assert todo_ahead(story_of(left=left)).text == "ask the port"
    assert todo_ahead(story_of(left=left.replace(todos=todos[:2]))).text == "find the tide"
    lead, _ = open_todo(story_of(left=left.replace(todos=todos[1:2])))
    assert lead.startswith("See whether this to-do is done, `tides.py` was edited for it since")


def test_an_open_to_do_is_asked_for_by_a_request_before_the_latest_that_has_half_of_its_words():
    todos = (Todo("Playwright test in WebKit", "pending"), Todo("size of the bundle", "pending"))
    listed = ToolCall("1", "TodoWrite", "", 15)
    words = ("start", "now the Playwright test in WebKit, please", "what is the size of the bundle now?")
    session = told(*(("user", it) for it in words), todos=todos, tool_calls=(listed,))
    requests = tuple(Request(at, it, position=at * 10) for at, it in enumerate(words, 1))
    assert todos_asked_for(session, requests) == (("Playwright test in WebKit", 2),)
    assert todos_asked_for(session.replace(tool_calls=()), requests) == ()


def test_an_open_to_do_that_the_user_says_to_leave_is_left_and_not_asked_for():
    todos = (Todo("remove the unused variable `env`", "pending"), Todo("size of the bundle", "pending"))
    listed = ToolCall("1", "TodoWrite", "", 15)
    words = ("start", "Leave the `env` variable alone, it is not unused. Go on.", "what next?")
    session = told(*(("user", it) for it in words), todos=todos, tool_calls=(listed,))
    requests = tuple(Request(at, it, position=at * 10) for at, it in enumerate(words, 1))
    assert todos_left(session, requests) == ((todos[0].text, 2),)
    assert todos_asked_for(session, requests) == ()


SAYS = "`test_upload_refuses_large_files` in test_upload.py only prints it, `refuse_large_files` does it."


@pytest.mark.parametrize(
    ("todo", "named"),
    [
        ("Update the test to assert that large files are refused", "test_upload_refuses_large_files (test_upload.py)"),
        ("Refuse large files", "refuse_large_files (upload.py:7)"),
        ("Update `check_size` to refuse large files", ""),
        ("Write the release notes", ""),
        ("Run the tests", ""),
    ],
)
def test_an_open_to_do_that_names_no_code_gets_the_name_that_the_agents_words_have_for_it(todo, named):
    session = told(("user", "do it"), ("assistant", SAYS), todos=(Todo(todo, "pending"),))
    printed = [Printed(12, (("/p/upload.py", 7, "def refuse_large_files(size):"),))]
    assert dict(named_todos(session, printed)).get(todo, "") == named
    done = session.replace(todos=(Todo(todo, "completed"),))
    assert named_todos(done, printed) == ()


def test_the_next_action_has_the_name_of_the_to_do_it_takes():
    todo = Todo("Refuse large files", "pending")
    story = story_of(todos=(todo,), named_todos=((todo.text, "refuse_large_files (upload.py:7)"),))
    step = "Take the first open to-do: Refuse large files. By the agent, that is `refuse_large_files (upload.py:7)`."
    assert open_todo(story) == (step, False)


@pytest.mark.parametrize("path", ["src/a.py", "../src/a.py", "./a.py", ".ci/a.yml", "/src/a.tar.gz"])
def test_a_name_is_told_with_the_whole_path_beside_it(path):
    assert names_told([Message("assistant", f"I see `read_rows` in {path}.", 1)]) == {"read_rows": path}


@pytest.mark.parametrize("piece", ["a", "a.", "/", ".", ".1", "a/"])
def test_names_are_looked_for_in_time_that_grows_as_the_words_do(piece):
    assert_linear(lambda size: _FILE.search(f"{piece * size}("), 6_000)


def test_many_to_dos_are_set_against_names_whose_words_are_known_once():
    said = [("assistant", " ".join(f"`parse_{at}_row_{it}`." for it in range(150))) for at in range(60)]

    def named(size):
        todos = tuple(Todo(f"count the rows of part {it}", "pending") for it in range(size))
        return lambda: named_todos(told(("user", "go"), *said, todos=todos), ())

    one, ten = calls_in(named(1)), calls_in(named(10))
    assert ten < one * 5
