"""A pattern that is compiled late does what a compiled one does."""

from __future__ import annotations

import re

import pytest

from handoff_cli.core.patterns import lazily


def test_it_finds_what_a_compiled_pattern_finds_and_is_compiled_once(monkeypatch):
    made = []
    monkeypatch.setattr(re, "compile", lambda *args, compiled=re.compile: made.append(args) or compiled(*args))
    late, now = lazily(r"(\w)b", re.IGNORECASE), re.Pattern
    assert made == []
    assert isinstance(re.compile(late.pattern), now)
    made.clear()
    assert late.search("xAB")[1] == "A"
    assert late.findall("ab cB") == ["a", "c"]
    assert late.sub("-", "ab") == "-"
    assert late.match("b") is None
    assert len(made) == 1


def test_a_wrong_pattern_is_told_at_its_first_use():
    with pytest.raises(re.error):
        lazily("(").search("x")
