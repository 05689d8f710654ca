"""What is piped again is told once: a file that has grown, its end, messages that have become more."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.agents import readers
from handoff_cli.transcripts.conversation.marks.again import told_once
from tests.growth import assert_linear

TALK = [
    "User: make the parser read offsets, and leave the old format alone",
    "",
    "Assistant: I read the parser first.",
    "",
    "Edited src/parser.py",
    "",
    "User: and add a test",
    "Assistant: It is in tests/test_offsets.py.",
]
MORE = ["User: now the changelog", "Assistant: Done."]


def lines_of(*pieces):
    return [(0, line.encode(), not at) for piece in pieces for at, line in enumerate(piece)]


@pytest.mark.parametrize("again", [TALK, TALK[-5:], TALK[-7:]])
def test_lines_that_the_text_ended_with_are_told_once(again):
    told = list(told_once(lines_of(TALK, [*again, *MORE])))
    assert [it[1].decode() for it in told] == [*TALK, *MORE]
    assert sum(it[2] for it in told) == 1, "what follows goes on amid the text"


@pytest.mark.parametrize("again", [TALK[-2:], TALK[:5], ["", "", "", "", ""], [*TALK[-6:-1], "other"]])
def test_lines_that_are_the_same_by_chance_are_told_again(again):
    """A few, some amid the text, or such as say nothing."""
    before = [*TALK, *[""] * 5] if not any(again) else TALK
    assert [it[1].decode() for it in told_once(lines_of(before, again))] == [*before, *again]


def test_a_small_text_that_has_grown_is_told_once():
    assert [it[1].decode() for it in told_once(lines_of(TALK[:3], TALK))] == TALK


@given(st.lists(st.sampled_from("ab"), max_size=12), st.lists(st.sampled_from("ab"), min_size=1, max_size=12))
def test_of_lines_that_are_much_alike_as_many_as_the_text_ended_with_are_told_once(before, piece):
    before, piece = ([f"{name} is a long enough line to be known again" for name in it] for it in (before, piece))
    same = max(number for number in range(len(piece) + 1) if before[len(before) - number :] == piece[:number])
    told_again = piece[same:] if same >= (2 if same == len(before) else 5) else piece
    assert [it[1].decode() for it in told_once(lines_of(before, piece))] == [*before, *told_again]


@pytest.mark.parametrize("last", ["yes", "no"])
def test_a_line_again_and_again_is_followed_in_linear_time(last):
    """The square would look at each line told for each line of the piece."""
    assert_linear(lambda size: [*told_once(lines_of(["yes"] * size, [*["yes"] * (size // 2), last]))], 5_000)


def read_pieces(*texts):
    return readers.read_pieces("pieces", lambda: ((text, True) for text in texts))


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("wrapped", [True, False])
def test_messages_that_have_become_more_are_told_once(indent, wrapped):
    said = [{"role": role, "content": f"words of number {at}"} for at, role in enumerate(("user", "assistant") * 3)]
    texts = [json.dumps({"messages": it} if wrapped else it, indent=indent) + "\n" for it in (said[:4], said)]
    assert [it.text for it in read_pieces(*texts).messages] == [it["content"] for it in said]
