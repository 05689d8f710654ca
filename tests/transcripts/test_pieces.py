"""Pieces of a text are read as one: what was cut within a line is whole again where that is evident."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.pieces import Pieces


def lines(*pieces):
    """The lines of pieces, those with which a piece begins marked."""
    source = Pieces("pieces", lambda: [(piece, True) for piece in pieces])
    return [("| " if source.begins_piece else "") + line.decode() for line in source.lines()]


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("Summary\nall plots use d", "ata of 2010\nEnd", "all plots use data of 2010"),
        ("Fine\n\n**[2025-07-25 13:32:3", "9]**\n", "**[2025-07-25 13:32:39]**"),
        ("Tasks\n- add tests (Stage 6: ", "Response Parser)\n", "- add tests (Stage 6: Response Parser)"),
        ("It said\nuse `Read", "er.open` here\n", "use `Reader.open` here"),
        ("Look\n```json\n{\n  ", '  "a": 1\n}\n```\n', '    "a": 1'),
        ("Look\n```json\n{\n", '  "a": 1\n}\n```\n', '|   "a": 1'),
        ("One\nBash Check ", "log for errors\n", "Bash Check log for errors"),
        ("One\nthe first", ", then the second\n", "the first, then the second"),
    ],
)
def test_a_line_cut_in_two(one, other, joined):
    """A line goes on in the next piece where that begins amid a word, a sentence, a block or a mark."""
    assert joined in lines(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("User: a", "Assistant: b"),
        ("fix the login", "use the new page"),
        ("User: fix it\nand test", "Assistant: done\n"),
        ("User: fix it\nand test.", "then deploy\n"),
        ("Look\n```\nprinted", "User: thanks\n"),
        ("One\ntwo\n", "three\n"),
        ("One\ntwo", "\nthree\n"),
    ],
)
def test_pieces_that_begin_anew(one, other):
    """Messages that were given one by one stay apart, though nothing ends their lines."""
    assert f"| {other.split(chr(10))[0]}" in lines(one, other)


def test_more_than_two_pieces():
    """A line may go on over several pieces."""
    assert lines("One\nthe long", "est of w", "ords\nEnd") == ["| One", "the longest of words", "End"]
