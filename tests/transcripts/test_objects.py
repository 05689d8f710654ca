"""Answers of calls that are objects in JSON."""

from __future__ import annotations

import json

import pytest

from handoff_cli.transcripts.objects import error_in, is_data, told_in


@pytest.mark.parametrize(
    ("kind", "answer", "told"),
    [
        ("agent", {"results": [{"summary": "It is the sign."}, {"summary": "Nothing else."}]}, "It is the sign.\n\nNothing else."),
        ("read", {"content": "     1|def add", "total_lines": 1}, "     1|def add"),
        ("fetch", {"results": [{"url": "https://x.org", "content": "Use 3.", "error": None}]}, "Use 3."),
        ("fetch", {"success": True, "data": {"web": [{"title": "x", "description": "Use 3."}]}}, "Use 3."),
    ],
)  # fmt: skip
def test_what_was_looked_up_is_told_without_the_object(kind, answer, told):
    assert told_in(kind, json.dumps(answer)) == told


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("tool", '{"content": "x"}'),
        ("read", '{"name": "x", "description": "y"}'),
        ("", '{"text": "x"}'),
        ("read", "plain"),
    ],
)
def test_what_no_known_tool_answers_stays(kind, answer):
    assert told_in(kind, answer) == answer


@pytest.mark.parametrize(
    ("kind", "asked", "answer", "expected"),
    [
        ("read", "a/declined.json", {"success": False, "error": "card declined"}, True),
        ("read", "a/text.JSON:3", {"text": "x", "retries": 5}, True),
        ("read", "a.json", {"content": "1|{}", "total_lines": 1}, False),
        ("read", "a.py", {"success": False, "error": "no such file"}, False),
        ("fetch", "https://x.org/a.json", {"content": "x"}, False),
    ],
)
def test_what_a_file_holds_that_is_an_object_is_none_of_the_tools(kind, asked, answer, expected):
    assert is_data(kind, asked, json.dumps(answer)) is expected


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"success": False, "error": "no such file"}, "no such file"),
        ({"status": "blocked", "error": "denied"}, "denied"),
        ({"success": True, "error": "one of two"}, ""),
        ({"error": None, "output": "x"}, ""),
    ],
)
def test_an_error_counts_where_the_object_says_that_it_failed(answer, error):
    assert error_in(json.dumps(answer)) == error
    assert error_in(f"log: {json.dumps(answer)}") == ""
