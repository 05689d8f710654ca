"""Recordings of a terminal are read as what it showed."""

from __future__ import annotations

import json

import pytest

HEADS = [{"version": 2, "width": 80, "height": 24}, {"version": 3, "term": {"cols": 80, "rows": 24}}]


def _recorded(head, *printed):
    rows = (head, *([at / 2, "o", it] for at, it in enumerate(printed)))
    return "".join(json.dumps(it) + "\n" for it in rows)


@pytest.mark.parametrize("head", HEADS)
def test_what_was_printed_in_parts_and_drawn_anew_is_read_as_it_stayed(read, head):
    shown = (
        "> load a",
        "ll rows\r\n\r\n",
        "\x1b[1m⏺\x1b[0m Bash(make load)\r\n",
        "  ⎿  Running…\r\n",
        "\x1b[1A\x1b[2K",
    )
    found = read(
        _recorded(head, *shown, "  ⎿  Error: Exit code 2\r\n     no route\r\n\r\n", "⏺ The route is missing.\r\n")
    )
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "load all rows"),
        ("assistant", "The route is missing."),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("make load", "failed")]


def test_a_recording_goes_on_in_the_next_piece_and_what_was_typed_is_not_shown_twice(read):
    first = _recorded(HEADS[0], "> load all rows\r\n\r\n⏺ I load ")
    more = '[9, "i", "x"]\n[9.5, "o", "them.\\r\\n"]\n'
    assert [(it.role, it.text) for it in read(first, more).messages] == [
        ("user", "load all rows"),
        ("assistant", "I load them."),
    ]


def test_rows_of_numbers_are_no_recording(said):
    assert "version" in said('{"version": 2, "rows": 3}\n[1, "o", "x"]\n')[0][1]


def test_a_recording_that_is_one_object(read, said):
    shown = [[0.3, "$ mak"], [0.1, "e test\r\n1 fai"], [0.2, "led\r\n$ exit\r\n"]]
    found = read(json.dumps({"version": 1, "width": 80, "height": 24, "env": {}, "stdout": shown}))
    assert [it.text for it in found.commands] == ["make test"]
    assert "stdout" in said(json.dumps({"version": 1, "width": 80, "stdout": {"a": []}}))[0][1]
