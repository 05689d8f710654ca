"""A document fits its budget, uses it, says what that cost, and loses the least important first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_cli.constants import DOCUMENT_CHARS
from handoff_cli.core.session import Note
from handoff_cli.core.transcript import Message, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Finding, Request, Turn
from handoff_cli.documents.fit import Taken, _closest, _few_of_each, _of_no_request, _steps, _taken, fitted
from handoff_cli.documents.parts import pieces_of
from handoff_cli.documents.parts.pieces import FINDINGS, MUST, SHARES, SPARE, STANDING, TITLES, quoted
from handoff_cli.documents.render import Renderer
from handoff_cli.tokens.count import count_tokens
from handoff_cli.usecases.handoff import Size

from .sessions import large, ran, story_of

RENDERER = Renderer()


def count(text):
    return count_tokens(text).tokens


def document(facts, budget=2_000, own_chars=0):
    def write(taken):
        text = RENDERER.render(facts, taken)
        return text, count(text)

    return fitted(facts, write, Size().of, budget, own_chars)


def told(facts, **sizes):
    return facts.replace(story=extract(large(**sizes)))


SIZES = st.builds(
    dict,
    requests=st.integers(0, 60),
    request_chars=st.integers(10, 6_000),
    files=st.integers(0, 400),
    failing=st.integers(0, 30),
    checks=st.integers(0, 20),
    todos=st.integers(0, 30),
    commits=st.integers(0, 40),
)


@settings(max_examples=25, deadline=None)
@given(SIZES)
def test_no_session_is_too_large_for_the_budget(facts, sizes):
    fit = document(told(facts, **sizes))
    assert fit.tokens == count(fit.text) <= 2_000
    assert len(fit.text) <= DOCUMENT_CHARS


def test_what_fits_is_all_there_and_nothing_is_said_of_cuts(facts):
    small = told(facts, requests=4, files=5, failing=2, checks=2, todos=3, commits=2)
    fit = document(small, 4_000)
    assert fit.taken.whole
    assert "Left out" not in fit.text
    assert document(small, 0).text == fit.text


def test_a_second_try_that_came_out_too_large_is_not_the_last(facts):
    """What stands around the pieces may cost more than was foreseen from a smaller document."""
    full = told(facts, requests=30, request_chars=900, todos=20, failing=6)
    asked = []

    def write(taken):
        text = RENDERER.render(full, taken)
        asked.append(len(taken.chosen))
        cheap = len(asked) == 1
        return text, round(count(text) * (0.6 if cheap else 1.0))

    fit = fitted(full, write, Size().of, 2_000)
    assert len(asked) > 2
    assert 1_800 < fit.tokens == count(fit.text) <= 2_000


def test_where_there_is_more_to_say_the_budget_is_used(facts):
    for sizes in ({"requests": 30, "request_chars": 900}, {"files": 200, "commits": 60}, {"failing": 30, "todos": 60}):
        assert 1_850 < document(told(facts, **sizes)).tokens <= 2_000


def test_a_document_that_is_cut_is_written_and_counted_twice(facts):
    written = []

    def write(taken):
        text = RENDERER.render(facts, taken)
        written.append(text)
        return text, count(text)

    facts = told(facts, requests=30, request_chars=900, files=200)
    fitted(facts, write, Size().of, 2_000)
    assert len(written) == len(set(written)) <= 2


def test_what_was_cut_is_said_with_numbers_and_the_command_that_shows_it(facts):
    story = told(facts, requests=40, request_chars=900, files=200, checks=20, commits=60)
    fit = document(story.replace(everything="handoff handoff --budget 0"))
    said = re.search(
        r"^Left out for the budget: (.*)\. All of it: `handoff handoff --budget 0`$", fit.text, re.MULTILINE
    )
    assert said
    assert re.fullmatch(r"\d+ pieces", said[1])


def test_of_every_request_of_which_something_came_at_least_the_beginning_is_kept(facts):
    story = told(facts, requests=22, request_chars=5_000, files=30, failing=8, checks=10)
    turns = tuple(turn.replace(done="edited rows.py") for turn in story.story.told.turns)
    story = story.replace(story=story_of(story.story, turns=turns))
    text = document(story).text
    assert all(request.text[:60] in text for request in story.story.requests)
    assert all(attempt.command in text for attempt in story.story.runs.failing[:3])


@pytest.mark.parametrize("budget", [900, 2_000])
def test_what_must_not_be_cut_is_there_whatever_else_there_is(facts, budget):
    """The latest request with its end, what happened after the last words, the live failures, the last words."""
    transcript = large(requests=12, request_chars=3_000, files=100, failing=20, commits=30)
    failed = ran("pytest -q", "failed", 8_000, output="FAILED test_lock.py::test_held - assert 0 == 3\n1 failed")
    ending = Message("user", "Now the lock. " + "so " * 900 + "and exit with code 3!", 7_000)
    said = Message("assistant", "Here is why: it is a race of two processes.", 7_500)
    transcript = transcript.replace(
        messages=(*transcript.messages, ending, said),
        commands=(*transcript.commands, failed),
        tool_calls=(*transcript.tool_calls, ToolCall("9", "Bash", "pytest -q", 8_000)),
    )
    text = document(facts.replace(story=extract(transcript)), budget).text
    for words in (
        "Now the lock.",
        "and exit with code 3!",
        "a race of two processes",
        "test_lock.py::test_held",
        "ran pytest -q: FAILED",
    ):
        assert words in text


def test_a_larger_budget_keeps_no_less(facts):
    story = told(facts, requests=30, request_chars=600, files=150, failing=20, checks=20, commits=30)
    sizes = [len(document(story, budget).text) for budget in (1_000, 2_000, 4_000, 8_000)]
    assert sizes == sorted(sizes)
    assert count(document(story, 4_000).text) <= 4_000


def test_of_many_files_the_most_changed_are_named_and_the_others_counted_by_folder(facts):
    whole = told(facts, requests=3, files=300)
    listed = document(whole).text.partition("## Files\n")[2].partition("\n## ")[0]
    edits = {it.path.rpartition("/")[2]: it.count for it in whole.story.changed.files}
    named = re.findall(r"module_\d+\.py", listed)
    assert 5 <= len(named) < 300
    assert min(edits[name] for name in named) >= max(count for name, count in edits.items() if name not in named)
    counted = re.findall(r"(\d+) more|/ (\d+)", listed)
    assert sum(int(more or other) for more, other in counted) == 300 - len(named)


def test_of_sixty_files_every_name_stays(facts):
    assert document(told(facts, requests=15, files=60)).text.count("module_") >= 60


def test_notes_come_first_but_leave_the_facts_half(facts):
    notes = tuple(Note(n, "2026-01-01T00:00:00Z", "decision", f"n{n} " * 200, None) for n in range(8))
    fit = document(told(facts, requests=20).replace(notes=notes))
    assert "n7 n7" in fit.text
    assert "n0 n0" not in fit.text
    notes, others = fit.taken.left_out
    assert notes.endswith(" notes")
    assert re.fullmatch(r"\d+ other pieces?", others)
    assert "request 19 asks" in fit.text


def test_own_text_is_not_cut_and_leaves_the_facts_two_fifths(facts):
    assert document(told(facts), own_chars=40_000).tokens > 700


def test_the_coming_task_decides_what_is_kept(facts):
    words = ("import", "export", "login", "cache")
    told_of = tuple(
        Finding(f"The plan for the {w} is to keep {w} " + f"in the {w}_{w} table " * 12, "said") for w in words
    )
    calm = facts.replace(notes=(), checkpoints=())
    without = story_of(turns=(Turn(1, told_of[:2] + told_of[3:]),))
    story = story_of(turns=(Turn(1, told_of[::-1]),))
    assert "login_login" not in document(calm.replace(story=without), 700).text
    assert "login_login" in document(calm.replace(coming="fix the login page", story=story), 700).text


def test_a_short_request_that_answers_nothing_has_little_of_the_words_before_it(facts):
    tools = "Here are:\n" + "\n".join(f"- tool{n}: searches and opens the pages of book {n}" for n in range(60))

    def before(latest):
        story = story_of(requests=(Request(1, latest),), referent=tools)
        return (
            document(facts.replace(story=story, notes=()), 900).text.partition("of the agent's:")[2].partition("## ")[0]
        )

    assert len(before("set the limit to 90")) < 700 < len(before("drop those"))


@pytest.mark.parametrize("budget", [300, 500])
def test_a_budget_too_small_for_anything_still_says_what_is_next_and_for_what(facts, budget):
    text = document(told(facts), budget).text
    assert "# Handoff: demo" in text
    assert "## Next action\n\n" in text
    assert "## Goal\n\n" in text


def test_every_part_has_a_heading_and_a_share():
    assert list(TITLES) == list(SHARES)


@settings(max_examples=15, deadline=None)
@given(SIZES)
def test_pieces_grow_and_have_an_order_for_each_form(facts, sizes):
    for piece in pieces_of(told(facts, **sizes)):
        assert len(piece.forms) == len(piece.orders) > 0
        assert list(piece.orders) == sorted(piece.orders)
        assert all(order >= MUST for order in piece.orders)
        assert piece.part in TITLES


def test_a_request_is_quoted_with_its_beginning_and_its_end(facts):
    story = story_of(requests=(Request(1, "start " + "middle " * 800 + "the end"),))
    text = document(facts.replace(story=story), 800).text
    assert "start middle" in text
    assert "the end" in text
    assert re.search(r"… \[[\d,]+ characters\] …", text)


@pytest.mark.parametrize("requests", [3, 9, 17, 25])
def test_a_document_that_had_to_be_cut_leaves_little_of_its_budget(facts, requests):
    fit = document(told(facts, requests=requests, request_chars=700, files=90, checks=12, commits=30))
    assert not fit.taken.whole
    assert 1_880 <= fit.tokens <= 2_000


def test_what_binds_most_comes_before_the_parts_in_front_of_it_where_room_lacks(facts):
    """What always stands may be too much for a document: an order says of what least is lost."""
    rest, thought = quoted(STANDING, "Steps:", (MUST, "step " * 400)), quoted(FINDINGS, "Thought:", (MUST - 0.2, "why"))
    taken = _taken(facts, [rest, thought], sorted(_steps([rest, thought], lambda _: 0.0), key=lambda it: it.rank), 60)
    assert [form for _, form in taken.chosen] == ["why"]


def test_what_only_fills_spare_room_comes_behind_all_other_parts():
    spare = quoted(FINDINGS, "Compared:", (SPARE, "row " * 40))
    late = quoted(STANDING, "Steps:", (200.0, "step " * 400))
    pieces = [spare, late, quoted(FINDINGS, "The story:", (300.0, "why " * 800))]
    for relevance in (0.0, 0.4):
        steps = sorted(_steps(pieces, lambda _, share=relevance: share), key=lambda it: it.rank)
        assert steps[-1].place == 0


def test_what_came_of_a_request_that_is_left_out_does_not_stand_below_another():
    def piece(kind):
        return quoted(FINDINGS, "The story:", (0.5, kind), kind=kind)

    pieces = [*map(piece, ("finding", "request", "finding", "request", "finding", "outcome", "request", "outcome"))]
    assert _of_no_request(pieces, dict.fromkeys((0, 1, 2, 4, 5, 6, 7), 0)) == [4, 5]


@given(st.integers(1, 60), st.integers(1, 200))
def test_a_choice_that_is_too_dear_by_little_is_not_given_up_for_almost_nothing(over, step):
    """What is chosen grows by whole pieces: a slightly smaller allowance may choose the same again."""
    room, frame = 1_700, 300

    def take(allowance):
        return Taken((), (), whole=False) if allowance < 1 else Taken((), (str(int(allowance // step)),), whole=False)

    def foreseen(taken):
        steps = int(taken.left_out[0]) if taken.left_out else 0
        return frame + steps * step + over * (steps * step >= room - step)

    best = _closest(take, foreseen, room, frame, room + frame + over)
    assert best.left_out
    assert frame + room * 0.8 - 2 * step <= foreseen(best) <= room + frame


def test_of_one_file_a_few_names_in_hand_are_told_and_of_all_documents_fewer():
    hand = tuple((f"/p/{path}", f"{path[0]}_name_{n}") for n in range(9) for path in ("rows.py", "a.md", "b.md"))
    told = _few_of_each((*hand, ("", "lonely_name")))
    assert [sum(path == it for path, _ in told) for it in ("/p/rows.py", "/p/a.md", "/p/b.md", "")] == [6, 2, 2, 1]
    assert told[:3] == hand[:3]
