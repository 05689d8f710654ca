"""Answers of calls that are objects in JSON."""

from __future__ import annotations

import json

import pytest

from handoff_cli.transcripts.objects import error_in, told_in


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


@pytest.mark.parametrize(("kind", "answer"), [("tool", '{"content": "x"}'), ("", '{"text": "x"}'), ("read", "plain")])
def test_what_no_known_tool_answers_stays(kind, answer):
    assert told_in(kind, answer) == answer


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
