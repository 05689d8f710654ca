"""Ways that the agent tried and that did not do are told by its words, while the request they were tried for is at work."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.fell_short import fell_short
from tests.documents.sessions import ran, told
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("The sed command didn't work because of the calls on two lines.", True),
        ("Now the issue is that the first patch missed two files.", True),
        ("Hmm, my regex did not catch nested brackets.", True),
        ("The parser does not handle nested brackets.", False),
        ("The edit didn't change the order of the rows.", False),
        ("If the script didn't match, say so.", False),
        ("The search didn't find any caller.", False),
    ],
)
def test_a_way_that_did_not_do_it_is_told_from_what_code_does_or_was_found(words, so):
    assert fell_short(told(("user", "rename it"), ("assistant", f"{words} Let me look.")), 10) == (words,) * so


def test_the_latest_stands_first_and_what_was_tried_for_an_earlier_request_is_not_told():
    one, two = "The sed didn't work on two lines.", "My script failed to replace the last one."
    said = (("user", "go"), ("assistant", one), ("user", "again"), ("assistant", two), ("assistant", one))
    assert fell_short(told(*said), 30) == (one, two)


def test_a_command_that_ended_well_without_a_word_is_told_where_the_agent_says_that_it_did_nothing():
    sed = "sed -i 's/\\bload\\b/core.load/g' jobs/run.py"
    said = "The sed command earlier put `core.` before it, but it seems like it didn't work properly."
    session = told(
        ("user", "rename it"), ("assistant", "go on"), ("assistant", said), commands=(ran(sed, position=12),)
    )
    assert fell_short(session, 10) == (f"{sed}: {said}",)
    loud = session.replace(commands=(ran(sed, position=12, output="3 files changed"),))
    later = session.replace(commands=(ran(sed, position=40),))
    check = session.replace(commands=(ran("sed -n 1p a.py && pytest -q", position=12),))
    assert fell_short(loud, 10) == fell_short(later, 10) == fell_short(check, 10) == ()
    asks = told(("user", "go"), ("assistant", "a"), ("assistant", "If the sed didn't work, say so."))
    assert fell_short(asks.replace(commands=session.commands), 10) == ()


@pytest.mark.parametrize("command", ["", " ", "cd /x && ", "cd /x; "])
def test_a_command_of_no_words_is_none_that_fell_short(command):
    commands = (ran(command, position=15, output=""),)
    assert fell_short(told(("user", "go"), ("assistant", "That did not work."), commands=commands), 10) == ()


@pytest.mark.parametrize(
    "words", ["A merge in git does not apply the filter of the app.", "A merge in git did not apply the filter."]
)
def test_what_a_program_does_in_general_or_did_elsewhere_says_nothing_of_a_silent_command(words):
    session = told(("user", "go"), ("assistant", "a"), ("assistant", words), commands=(ran("git add -A", position=12),))
    assert fell_short(session, 10) == ()


def test_each_command_is_told_once_and_many_cost_no_more_than_their_length():
    words = "The sed did not match."
    runs = tuple(ran(f"sed -i s/a/b/ f{at}.py", position=11) for at in range(3))
    assert len(fell_short(told(("user", "go"), *[("assistant", words)] * 4, commands=runs), 10)) == 1

    def session(size):
        said = [("assistant", "The awk did not match.")] * size
        return told(("user", "go"), *said, commands=tuple(ran("sed -i s/a/b/ f.py", position=11) for _ in range(size)))

    assert_linear(lambda size: fell_short(session(size), 10), 100)
