"""A document fits its budget, says what that cost, and loses the least important first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_cli.core.session import Note
from handoff_cli.documents.budget import beginning, take
from handoff_cli.documents.extract import extract
from handoff_cli.documents.facts import Request, Story
from handoff_cli.documents.fit import MAX_CHARS, fitted
from handoff_cli.documents.render import Renderer
from handoff_cli.tokens.count import count_tokens

from .sessions import large

RENDERER = Renderer()


def count(text):
    return count_tokens(text).tokens


def document(facts, budget=2_000):
    def write(view):
        text = RENDERER.render(facts, view)
        return text, count(text)

    return fitted(facts, write, count, budget)


def told(facts, **sizes):
    return facts.replace(story=extract(large(**sizes)))


@settings(max_examples=25, deadline=None)
@given(
    st.builds(
        dict,
        requests=st.integers(0, 60),
        request_chars=st.integers(10, 6_000),
        files=st.integers(0, 400),
        failing=st.integers(0, 30),
        checks=st.integers(0, 20),
        todos=st.integers(0, 30),
        commits=st.integers(0, 40),
    )
)
def test_no_session_is_too_large_for_the_budget(facts, sizes):
    text = document(told(facts, **sizes)).text
    assert count(text) <= 2_000
    assert len(text) <= MAX_CHARS


def test_what_fits_is_all_there_and_nothing_is_said_of_cuts(facts):
    small = told(facts, requests=4, files=5, failing=2, checks=2, todos=3, commits=2)
    fit = document(small)
    assert fit.view.story == small.story
    assert "Left out" not in fit.text
    assert document(small, 0).text == fit.text


def test_what_was_cut_is_said_with_numbers_and_the_command_that_shows_it(facts):
    story = told(facts, requests=30, request_chars=900, files=200, checks=20)
    fit = document(story.replace(everything="handoff handoff --budget 0"))
    said = re.search(
        r"^Left out to stay within the budget: (.*)\. All of it: `handoff handoff --budget 0`$", fit.text, re.MULTILINE
    )
    assert said
    checks = len(story.story.checks) - len(fit.view.story.checks)
    assert f"{checks} checks" in said[1]
    assert re.search(r"parts of \d+ requests", said[1])
    assert re.search(r"\d+ changed files", said[1])


def test_of_every_request_at_least_the_beginning_is_kept_and_every_failing_command(facts):
    story = told(facts, requests=25, request_chars=5_000, files=30, failing=8, checks=10)
    fit = document(story)
    assert len(fit.view.story.requests) == 25
    assert [it.command for it in fit.view.story.failing] == [it.command for it in story.story.failing]
    assert fit.view.story.failing[:3] == story.story.failing[:3]
    for whole, kept in zip(story.story.requests, fit.view.story.requests, strict=True):
        assert whole.text.startswith(kept.text)
        assert kept.left_out == len(whole.text) - len(kept.text)


def test_a_larger_budget_keeps_no_less(facts):
    story = told(facts, requests=30, request_chars=600, files=150, failing=20, checks=20, commits=30)
    sizes = [len(document(story, budget).text) for budget in (1_000, 2_000, 4_000, 8_000)]
    assert sizes == sorted(sizes)
    assert count(document(story, 4_000).text) <= 4_000


def test_nothing_but_requests_and_last_words_is_cut_within(facts):
    story = told(facts, files=300, failing=30, checks=20, todos=40, commits=60)
    fit = document(story)
    for name in ("todos", "commits", "checks", "decisions", "variables"):
        assert set(getattr(fit.view.story, name)) <= set(getattr(story.story, name))
    whole = {attempt.command for attempt in story.story.failing}
    assert {attempt.command for attempt in fit.view.story.failing} <= whole


def test_of_many_files_the_most_changed_are_named_and_the_others_counted_by_folder(facts):
    whole = told(facts, requests=3, files=300)
    fit = document(whole)
    edits = {it.path.rpartition("/")[2]: it.count for it in whole.story.files}
    named = re.findall(r"module_\d+\.py", "\n".join(fit.view.files.changed))
    assert 5 <= len(named) < 300
    assert min(edits[name] for name in named) >= max(count for name, count in edits.items() if name not in named)
    counted = re.findall(r"(\d+) more|/ (\d+)", "\n".join(fit.view.files.changed))
    assert sum(int(more or other) for more, other in counted) == 300 - len(named) == fit.view.files.left_out[0]


def test_where_counts_of_edits_would_cost_names_the_names_stay(facts):
    fit = document(told(facts, requests=20, files=90))
    assert fit.text.count("module_") == 90
    assert "×" not in "\n".join(fit.view.files.changed)


def test_own_text_and_notes_come_first_but_leave_the_facts_two_fifths(facts):
    notes = tuple(Note(n, "2026-01-01T00:00:00Z", "decision", "w " * 400, None) for n in range(8))
    fit = document(told(facts, requests=20).replace(notes=notes))
    assert 0 < len(fit.view.notes) < 8
    assert fit.view.notes[-1] == notes[-1]
    assert any(it.endswith(" notes") for it in fit.view.left_out)
    assert fit.view.story.requests


def test_the_coming_task_decides_what_is_kept():
    story = Story(
        decisions=tuple(f"Use plan {name} for the {name}." for name in ("import", "export", "login", "cache"))
    )
    kept = take(story, 20, count, "fix the login page").story.decisions
    assert "Use plan login for the login." in kept
    assert len(kept) < 4


def test_requests_are_taken_from_the_latest_when_not_even_beginnings_fit():
    story = Story(requests=tuple(Request(n, f"request number {n} of many") for n in range(1, 40)))
    kept = [it.number for it in take(story, 120, count).story.requests]
    assert kept[0] == 1
    assert kept[1:] == list(range(41 - len(kept), 40))


@given(st.text(max_size=300), st.integers(1, 200))
def test_a_beginning_is_one_and_ends_with_a_word(text, size):
    start = beginning(text, size)
    assert text.startswith(start)
    assert len(start) <= max(size, 0) or start == text
    if len(text) > size and " " in text[:size].strip():
        assert start == start.rstrip()


@pytest.mark.parametrize("budget", [300, 500])
def test_a_budget_too_small_for_anything_still_gives_a_document(facts, budget):
    assert "# Handoff: demo" in document(told(facts), budget).text
