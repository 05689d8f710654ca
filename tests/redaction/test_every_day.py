r"""Forms in which people, programs and files put passwords, and lines that only look so, written beside the rules.

In ``forms_of_every_day.txt`` ``{}`` is the password, ``\n`` a line's end. ``innocent_lines.txt`` are lines of code, documentation, logs
and ids; ``innocent_kinds.txt`` has calls, options, types, ids, messages and names of algorithms beside a word for a
password, in 30 languages of programs, settings and people; ``innocent_templates.txt`` has names of secrets in its first line, and below it how code and settings write them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hostile_texts import DISTINCT, distinct_text
from handoff_cli.redaction import abroad, commands, names, redact, shape_rules, tellers
from handoff_cli.redaction.search import replace_secrets

HERE = Path(__file__).parent


def lines_of(name):
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [line.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r").replace("\0", "\\") for line in lines]  # fmt: skip


FORMS = lines_of("forms_of_every_day.txt")


@pytest.mark.parametrize(
    ("password", "least"),
    [("Teal!Sedge60", 0.98), ("Teal_Sedge60", 0.95), ("k7Tz9mQx2Lw", 0.95), ("moss#pebble8", 0.95), ("tealsedge60", 0.84), ("5%barF@z^9", 0.98), ("Sägewerk-2022", 0.84), ("openup4me", 0.84)],
)  # fmt: skip
def test_the_more_a_password_looks_like_one_the_less_must_be_said_of_it(password, least):
    missed = [form for form in FORMS if password in redact(form.replace("{}", password))]
    assert len(FORMS) > 900
    assert len(missed) <= (1 - least) * len(FORMS), missed


def test_what_the_door_lets_pass_a_search_for_everything_does_not_find_either():
    words = ("Teal_Sedge60", "moss#pebble8", "tealsedge60")
    texts = [form.replace("{}", words[number % len(words)]) for number, form in enumerate(FORMS)]
    assert [text for text in texts if redact(text) != replace_secrets(text)] == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from((*FORMS[::7], "plain words", "def f(x2): return x2", "\n")), max_size=4), st.sampled_from(("Teal_Sedge60", "moss#pebble8", "a")))  # fmt: skip
def test_forms_beside_each_other_are_found_through_the_door_as_without_it_and_once_for_all(forms, word):
    text = "\n".join(forms).replace("{}", word)
    once = redact(text)
    assert once == replace_secrets(text)
    assert redact(once) == once
    assert once.count("\n") == text.count("\n")


def test_nearly_no_line_that_only_looks_so_is_changed():
    (head, *templates) = lines_of("innocent_templates.txt")
    made = [
        template.replace("{{", "\1").replace("}}", "\2").replace("{n}", name).replace("{N}", name.upper()).replace("\1", "{").replace("\2", "}")
        for name in head.split()[::3]
        for template in templates
    ]  # fmt: skip
    lines = [*lines_of("innocent_lines.txt"), *made]
    changed = [line for line in lines if redact(line) != line]
    assert len(lines) > 4000
    assert len(changed) <= 0.005 * len(lines), changed


def test_no_line_of_a_kind_that_only_speaks_of_secrets_is_changed():
    lines = (HERE / "innocent_kinds.txt").read_text("utf-8").splitlines()
    assert len(lines) > 900
    assert [line for line in lines if redact(line) != line] == []


def steps_for(text):
    """Return how many calls redacting ``text`` takes, of Python's functions and of those in C."""
    steps = 0

    def count(_frame, event, _arg):
        nonlocal steps
        steps += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        redact(text)
    finally:
        sys.setprofile(None)
    return steps


BEGINNINGS = [
    *(f"{words[0]} " for words, *_ in commands.PROGRAMS[::5]),
    *(f"{gates[0]}" for _, gates, *_ in shape_rules.RULES[::4]),
    *(f"{word.strip('^$')} Teal_Sedge60 " for word in (*tellers.CALLED[::9], *tellers.PEOPLE[::9], *tellers.KEYS[::3])),
    *(f"{name}= " for name, _ in names._NAMES[::5]),
    *(f"{word} aB1 " for word in abroad.ABROAD[::25]),
    *(f"{form.replace('{}', 'Teal_Sedge60')}\n" for form in FORMS[::120]),
]
LONG = 17_000  # a short text takes another way


@pytest.mark.parametrize("unit", BEGINNINGS)
def test_what_patterns_begin_with_costs_a_bounded_number_of_steps_again_and_again(unit, soon_long):
    redact(unit * 2)
    assert steps_for((unit * soon_long)[:soon_long]) < 20 * soon_long


@pytest.mark.parametrize("family", [*DISTINCT][::2])
def test_values_no_two_of_which_are_alike_cost_a_bounded_number_of_steps(family):
    """Three times the text takes three times the steps, and few of them for each character."""
    few, many = distinct_text(family, LONG // 3), distinct_text(family, LONG)
    redact(few[: LONG // 12] + " " * LONG)
    steps = steps_for(many)
    assert steps < 36 * len(many)
    assert steps < 6 * max(steps_for(few), LONG // 3)


def calls_of(names, text):
    """Return how often redacting ``text`` calls functions of these ``names``."""
    calls = 0

    def count(frame, event, _arg):
        nonlocal calls
        calls += event == "call" and frame.f_code.co_name in names

    sys.setprofile(count)
    try:
        redact(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("family", ["lines of letters, digits, - and _", "lines of letters and digits", "a list of YAML", "settings", "lines of base64", "addresses"])  # fmt: skip
def test_few_values_are_judged_where_nothing_speaks_of_secrets(family):
    text = distinct_text(family, 3 * LONG).replace("pw", "pq").replace("pW", "pq").replace("Pw", "pq")
    assert calls_of({"_looks_chosen", "is_token", "_is_secret", "tell"}, text) < len(text.split()) * 0.25 + 100
