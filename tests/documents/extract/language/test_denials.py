"""Words that say that what was tried did not do are told from questions, orders and suppositions, in many languages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.documents.extract.language.denials import (
    _DENIES,
    _MAY_DENY,
    claims,
    confirms,
    denies,
    error_in,
    says_changed,
)
from tests.growth import assert_linear


@pytest.mark.parametrize(
    "words",
    [
        "I removed it nothing changed",
        "still the same error",
        "Same error:\nTypeError: x is null",
        "that did not fix it",
        "I did what you said and it still crashes",
        "nope, doesn't work",
        "why is it still failing?",
        "no luck",
        "改成你上面说的\uff0c一样是有问题的",
        "还是报错",
        "没用\uff0c问题还在",
        "まだエラーが出ます",
        "同じエラーです",
        "何も変わりません",
        "ainda d\xe1 o mesmo erro",
        "n\xe3o funcionou",
        "sigue sin funcionar",
        "sigue dando el mismo error",
        "immer noch der gleiche Fehler",
        "geht leider nicht",
        "toujours la m\xeame erreur",
        "\xe7a ne marche toujours pas",
        "\u0432\u0441\u0451 \u0435\u0449\u0451 \u0442\u0430 \u0436\u0435 \u043e\u0448\u0438\u0431\u043a\u0430",
        "\u043d\u0435 \u043f\u043e\u043c\u043e\u0433\u043b\u043e",
        "여전히 같은 오류가 나요",
    ],
)
def test_who_says_that_it_did_not_do_denies_it(words):
    assert denies(words)


@pytest.mark.parametrize(
    "words",
    [
        "is it still failing?",
        "if it still fails, revert",
        "make sure nothing changed",
        "handle the same error in b.py",
        "add a test that still fails without the fix",
        "I still got 2 commits, so focus on that",
        "don't change anything yet",
        "header row must stay exactly the same",
        "it should still work",
        "nothing changed in the API, go on",
        "For the old export nothing changes, drafts stay in there.",
        "用A还是卡片?",
        "没用到这个函数",
        "仕様は変わらないようにしてください",
        "continua com o plano",
        "sigue con el plan",
        "we still have no tests",
        "I get the same results locally, great.",
        "this doesn't change anything in the API, so go ahead",
        "the same problem exists in b.py, fix it there too",
        "The old command did not work on Windows, port it",
        "Write a test that shows it still fails without the patch",
        "It's not working hours now",
        "es geht nicht um Tests",
        "没有解决方案就跳过",
        "I tried that in 2023, no luck, but try",
        "I tried it once before, nothing happened",
    ],
)
def test_who_asks_orders_or_supposes_denies_nothing(words):
    assert not denies(words)


@pytest.mark.parametrize(
    "words",
    [
        "works now",
        "that fixed it, thanks",
        "好了\uff0c可以了",
        "直りました",
        "agora funciona",
        "ya funciona",
        "jetzt geht es",
        "\xe7a marche",
        "\u0437\u0430\u0440\u0430\u0431\u043e\u0442\u0430\u043b\u043e",
    ],
)
def test_who_says_that_it_works_confirms_it(words):
    assert confirms(words)


@pytest.mark.parametrize(
    "words",
    [
        *("does it work now?", "nothing works now", "it worked before", "make it work", "once it is fixed, push"),
        *("it works fine locally but fails on CI", "all works fine except the login", "fixed in upstream, bump it"),
    ],
)
def test_who_asks_or_tells_of_before_confirms_nothing(words):
    assert not confirms(words)


def test_the_error_is_the_line_that_names_one_with_the_place_before_it():
    assert (
        error_in("I get\nvm12:1 Uncaught TypeError: x is null\n at <anonymous>")
        == "vm12:1 Uncaught TypeError: x is null"
    )
    assert (
        error_in("it says java.lang.NullPointerException: row was null")
        == "java.lang.NullPointerException: row was null"
    )
    assert not error_in("the Error page: make it blue")


def test_what_claims_to_be_mended_is_told_from_a_cause():
    assert claims("The menu is fixed now.")
    assert claims("我之前的修改已经解决了问题")
    assert not claims("The menu is null because the page loads it late.")


@pytest.mark.parametrize("piece", ["still ", "同じ", "it did not ", "Error: ", "a.", "还是"])
def test_words_of_any_length_are_read_in_linear_time(piece):
    assert_linear(lambda size: (denies(piece * size), error_in(piece * size), claims(piece * size)), 4_000)


@given(st.from_regex(re.compile(_DENIES._late.pattern)).map(str.lower))
def test_no_form_of_denial_is_passed_over_by_the_quick_look(words):
    assert _MAY_DENY.search(words) or not _DENIES.search(words)


@pytest.mark.parametrize(
    ("sentence", "so"),
    [
        ("I changed the fake in `tests/fakes.py:12` so that it raises first.", True),
        ("The fake counted too early, so I've moved the count below the raise.", True),
        ("We have just rewritten the loop.", True),
        ("I'll let the fake raise before it counts.", False),
        ("If I changed the fake, the other test would fail.", False),
        ("The file was updated by the release.", False),
    ],
)
def test_what_the_agent_says_it_changed_is_told_from_plans_and_from_what_others_changed(sentence, so):
    assert says_changed(sentence) is so
