"""Which thought of the agent's is its last that still says something."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Message, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.files.texts import Printed
from handoff_cli.documents.extract.progress.last_told import doubted, last_thought, read_last
from tests.documents.sessions import edit, ran, told


def test_a_thought_is_not_told_any_more_whose_code_an_edit_took_out():
    said = "The cause is that line 307 reads `func store.check(id)`, which is no valid Go at all."
    transcript = told(("user", "go on"), reasonings=(Message("assistant", said, 12),))
    found_again = last_thought(transcript, 0)
    assert found_again
    assert found_again.text == said
    mended = Edit("store.go", 13, "modified", "func store.check(id) {\n}\n", "", outcome="ok")
    other = mended.replace(old="func check(id) {\n}\n")
    assert last_thought(transcript.replace(edits=(mended,)), 0) is None
    assert last_thought(transcript.replace(edits=(other,)), 0) == found_again


@pytest.mark.parametrize(
    ("said", "ran_since", "told_yet"),
    [
        ("The last case fails because the loop ends at the first row.", ("pytest", "git commit -m 'Mend it'"), False),
        ("The last case fails because the loop ends at the first row.", ("pytest",), True),
        ("The loop ends at the first row because `read` takes one.", ("pytest", "git commit -m 'Mend it'"), True),
    ],
)
def test_an_explanation_of_what_failed_is_over_once_it_passed_and_was_committed(said, ran_since, told_yet):
    said = f"{said} The cause is that `row_cursor` of the import is closed before the second table is read at all."
    commands = tuple(ran(it, position=30 + at, output="3 passed") for at, it in enumerate(ran_since))
    edits = (edit(25, "a", "b"),)
    story = extract(told(("user", "mend the import"), ("assistant", said), commands=commands, edits=edits))
    assert bool(story.told.explained) is told_yet


@pytest.mark.parametrize(
    ("path", "first", "lines", "expected"),
    [
        ("a/job.py", 230, ["    except Error:", "", "        log()", "        return None"],
         "job.py:230-233\nexcept Error:\n    log()\n    return None"),
        ("a/job.md", 230, ["one", "two", "three"], ""),
        ("a/job.py", 0, ["one", "two", "three"], ""),
        ("a/job.py", 1, ["one", "two"], ""),
        ("a/job.py", 1, ["one"] * 25, ""),
    ],
)  # fmt: skip
def test_few_lines_of_code_that_the_last_call_read_are_told_below_their_place(path, first, lines, expected):
    """A document is told by its headings, a long look by the code it is about."""
    shown = Printed(9, tuple((path, first and first + at, line) for at, line in enumerate(lines)))
    transcript = told(("user", "look"), tool_calls=(ToolCall("1", "Read", path, 9, outcome="ok"),))
    assert read_last(transcript, [shown]) == expected
    assert read_last(transcript, [shown.replace(found=True)]) == ""
    assert read_last(transcript, [shown.replace(position=8)]) == ""


@pytest.mark.parametrize(
    ("command", "whole"),
    [
        ("sed -n 3,5p cart.py", True),
        ("cd /p && nl -ba cart.py | sed -n 3,5p", True),
        ("sed -n 3,5p till.py; sed -n 3,5p cart.py", False),
        ("cat till.py cart.py", False),
        ("sed -n 3,4p cart.py", False),
    ],
)
def test_lines_of_a_command_that_may_print_several_files_are_told_as_those_of_none(command, whole):
    shown = Printed(9, tuple(("cart.py", 3 + at, f"row_{at} = {at}") for at in range(3)))
    calls = (ToolCall("1", "Bash", command, 9, outcome="ok"),)
    transcript = told(("user", "look"), tool_calls=calls, commands=(ran(command, position=9),))
    assert bool(read_last(transcript, [shown])) is whole


def test_a_call_without_a_result_read_nothing_and_that_before_it_did():
    shown = Printed(9, tuple(("a/job.py", at, f"x = {at}") for at in range(1, 5)))
    read, cut = ToolCall("1", "Read", "a/job.py", 9, outcome="ok"), ToolCall("2", "Read", "a/job.py:90", 12)
    assert read_last(told(("user", "look"), tool_calls=(read, cut)), [shown]).startswith("job.py:1-4\n")


@pytest.mark.parametrize(
    ("words", "stops"),
    [
        ("Wait \u2014 `drop_rows` only hides them. Let me check the docs.", True),
        ("Actually, `drop_rows` keeps the names.", True),
        ("Wait, the store is slow.", False),
        ("`drop_rows` is in. Next comes the test.", False),
        ("No, `open_rows` was there before.", False),
    ],
)
def test_words_stop_at_the_last_edit_by_a_name_that_it_put_in(words, stops):
    edits = (Edit("a.py", 12, "modified", "open_rows()", "open_rows()\nstore.drop_rows()"),)
    said = told(("user", "empty it"), ("assistant", words), edits=edits)
    assert bool(doubted(said)) is stops
    since = Edit("a.py", said.messages[-1].position + 1, "modified", "store.drop_rows()", "")
    assert doubted(said.replace(edits=(*edits, since))) == ""
