"""Who of several does the work: whom others call upon, and who tells of what they did."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.marks.deeds import Doing, called_upon, doer, is_called, tells_of_work
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@otto please rename it", "Otto Falk"),
        ("thanks, Otto, but the rows are gone", "otto"),
        ("Okay, Otto: do it", "Otto"),
        ("(cc @build-buddy)", "build-buddy"),
    ],
)
def test_who_is_meant_by_the_whole_name_or_its_first_word(text, name):
    assert is_called(name, called_upon(text))


@pytest.mark.parametrize("text", ["otto wrote it", "mail otto@example.org", "see rows@2.1/otto"])
def test_who_is_only_named_is_not_called_upon(text):
    assert not is_called("otto", called_upon(text))


@pytest.mark.parametrize(
    "line",
    [
        "Done, see rows.py",
        "I added a test.",
        "Changed rows.py.",
        "Ich habe rows.py gelesen.",
        "J'ai corrigé le test",
        "$ make test",
        "x (commit 1a2b3c4)",
    ],
)
def test_a_line_tells_of_work_in_several_languages_or_shows_it(line):
    assert tells_of_work(line)


@pytest.mark.parametrize(
    "line",
    [
        "I think so",
        "what is done?",
        "the commit is gone",
        "it costs $ 5",
        "I need a fix for this soon.",
        "I wanted to ask",
        "I noticed that it fails",
        "I tried that, no luck",
        "I've used 2.3",
        "Changed my mind",
    ],
)
def test_other_lines_tell_of_none(line):
    assert not tells_of_work(line)


def test_who_works_tells_of_it_far_more_often_than_others_and_did_not_open_the_talk_uncalled():
    asks, works = Doing(turns=4, called=0, deeds=1), Doing(turns=4, called=1, deeds=3)
    assert doer({"ada": asks, "otto": works}, "ada") == "otto"
    assert doer({"ada": works, "otto": works}, "ada") == ""
    assert doer({"ada": works.replace(called=0), "otto": asks}, "ada") == ""
    assert doer({"otto": works.replace(deeds=1)}, "ada") == ""


@pytest.mark.parametrize("part", ["Ich habe ge", "Done, ", "commit 1a2b3c", "@a.", "Otto, ", "I have "])
def test_a_long_line_is_looked_at_in_linear_time(part):
    assert_linear(
        lambda size: (called_upon(part * (size // len(part))), tells_of_work(part * (size // len(part)))), 60_000
    )
