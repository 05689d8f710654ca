"""The shapes that scanners publish: each rule finds made-up tokens of its own shape, behind its keywords."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from handoff_cli.redaction import redact
from handoff_cli.redaction.index import Index
from handoff_cli.redaction.published import all_rules, hits
from handoff_cli.redaction.published_keywords import FORMS, KEYWORDS, OF_SEVERAL_WORDS
from scripts.build_secret_rules import is_of_several_words

SEEDS = range(1)
RULES = all_rules()
ROWS = [
    (word, [int(number) for number in numbers.split(",")])
    for word, _, numbers in (row.partition("\t") for row in KEYWORDS.strip("\n").splitlines())
]


def made_up():
    """The generator beside this file, which pytest's importlib mode leaves off the path."""
    spec = importlib.util.spec_from_file_location("made_up", Path(__file__).parent / "made_up.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.text_of


text_of = made_up()


def keywords_of(number):
    return [keyword for keyword, numbers in ROWS if number in numbers]


def texts(*forms):
    """(rule, keywords, a text of its shape) for every rule of ``forms`` and each seed."""
    keywords = {}
    for keyword, numbers in ROWS:
        for number in numbers:
            keywords.setdefault(number, []).append(keyword)
    for number, (form, kind, pattern) in enumerate(RULES):
        if form in forms:
            for seed in SEEDS:
                yield kind, keywords[number], text_of(pattern, Random(f"{number} {seed}"))


def test_every_rule_has_a_keyword_a_kind_and_a_pattern():
    assert {number for _, numbers in ROWS for number in numbers} == set(range(len(RULES)))
    assert all(keyword == keyword.lower() and len(keyword) > 1 for keyword, _ in ROWS)
    for form, kind, pattern in RULES:
        assert form in {"exact", "prefix", "token", "named", "search"}
        assert re.fullmatch("[a-z]+(-[a-z]+)*", kind)
        re.compile(pattern)


def test_the_tables_say_of_literals_and_rules_what_they_are():
    ends = [*(first for first, _ in FORMS[1:]), len(RULES)]
    for (first, form), end in zip(FORMS, ends, strict=True):
        assert {rule[0] for rule in RULES[first:end]} == {form}
    several = {n for n, (form, _, pattern) in enumerate(RULES) if form == "token" and is_of_several_words(pattern)}
    assert several == OF_SEVERAL_WORDS


def test_every_keyword_is_found_through_its_beginning():
    for word, numbers in ROWS:
        assert (word, numbers) in hits(Index(word))


def test_a_rule_is_only_asked_behind_a_keyword_that_every_match_holds():
    for kind, keywords, text in texts("exact", "prefix", "token"):
        assert any(keyword in text.lower() for keyword in keywords), (kind, text)


AROUND = ["use {} here", '"{}",', "\x1b[32m{}\x1b[0m", r"line\n{}\nline", "x={}"]


@pytest.mark.parametrize("first", range(len(AROUND)))
def test_a_token_of_a_published_shape_is_found_wherever_it_stands(first):
    """Of each shape in two of the places, in turn."""
    missed = []
    total = 0
    around = AROUND[first]
    for number, (kind, _, text) in enumerate(texts("exact", "prefix", "token"), first):
        if any(char.isspace() for char in text) or number % len(AROUND) > 1:
            continue
        total += 1
        if text in redact(around.format(text)):
            missed.append((kind, text))
    print(f"{around!r}: {1 - len(missed) / total:.4f} of {total}")
    assert len(missed) <= total * 0.02, missed


def test_a_value_is_found_by_the_published_name_beside_it():
    missed = []
    total = 0
    for kind, names, value in texts("named"):
        name = max(names, key=len)
        for line in (f"{name}_api_key={value}", f'"{name}Token": "{value}"', f"{name}.secret: {value}"):
            total += 1
            if value in redact(line):
                missed.append((kind, line))
    print(f"by name: {1 - len(missed) / total:.4f} of {total}")
    assert len(missed) <= total * 0.05, missed[:40]


def test_a_rule_is_only_asked_for_in_a_text_with_a_keyword_and_what_may_be_a_token_and_never_by_its_text():
    code = (
        "import sys; from handoff_cli.redaction import redact; from handoff_cli.core.patterns import _named\n"
        "redact('password: ' + 'Tr0ub4dor&3')\n"
        "redact('a pul' + 'umi token for the stack')\n"
        "redact('zerobounce key 12')\n"
        "assert not _named\n"
        "redact('zerobounce key 12ab34cd56ef')\n"
        "assert _named\n"
        "from handoff_cli.core.patterns import ENGINES, engine\n"
        "assert not engine or engine.MAGIC not in ENGINES or 'handoff_cli.redaction.published_rules' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == 0, done.stderr
