"""From a scanner's rule to ours: what kind it becomes, by which keywords it is found, and that it has an end."""

from __future__ import annotations

import re

import pytest

from scripts.build_secret_rules import Rule, built, in_python

GAP = r"(?:.|[\n\r]){0,32}?"


def made(pattern, name="Acme API Key", keywords=()):
    return built(Rule("kingfisher.acme.1", name, pattern, keywords))


@pytest.mark.parametrize(
    ("pattern", "form", "keywords"),
    [
        (r"(?x) \b ( acme_[a-f0-9]{32} ) \b  # the key", "exact", ("acme_",)),
        (r"\b(acme_(?:live|test)_[A-Za-z0-9]{20,40})\b", "prefix", ("acme_live_", "acme_test_")),
        (r"\b([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)\b", "token", ("_mmk",)),
        (rf"(?xi) \b acme {GAP} (?:key|token) {GAP} \b ( [a-f0-9]{{32}} ) \b", "named", ("acme",)),
        (r"https://acme\.io/v3/([0-9a-f]{32})\b", "search", ("https://acme.io/v3/",)),
    ],
)
def test_a_rule_is_told_by_what_its_pattern_holds(pattern, form, keywords):
    rule = made(pattern)
    assert rule is not None
    assert (rule.form, rule.keywords, rule.kind) == (form, keywords, "acme-secret")
    re.compile(rule.pattern)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (r"\b(acme_[a-f0-9]{32})\b", "Acme public ID"),
        (r"\b(acme://[a-z]+:[a-z]+@acme\.example)", "Acme URI credentials"),
        (r"\b(ac[0-9]{3})\b", "Acme API Key"),
    ],
)
def test_what_is_no_secret_or_tells_too_little_is_left_out(pattern, name):
    assert made(pattern, name) is None


def test_nothing_is_without_an_end():
    rule = made(r"\b(acme_[a-f0-9]+\.[a-z]{8,})\b")
    assert rule is not None
    assert rule.pattern == r"acme_[a-f0-9]{1,512}\.[a-z]{8,512}"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("(?i)a[[:xdigit:]]b", ("a[A-Fa-f0-9]b", "i")),
        ("(?x) a b  # c\n [ #] \\ ", ("ab[ #]\\ ", "")),
        ("a(b(?i)c)d", ("a(b(?i:c))d", "")),
        ("(?<name>a)", ("(?P<name>a)", "")),
    ],
)
def test_the_dialect_of_a_scanner_becomes_pythons(pattern, expected):
    assert in_python(pattern) == expected
