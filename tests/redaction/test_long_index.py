"""What a long text tells of hundreds of literals by one look is what a search for each of them finds."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.redaction import layers, lines, long_index, names, search, shapes
from handoff_cli.redaction.index import Index
from handoff_cli.redaction.layers import Layer
from handoff_cli.redaction.long_index import LongIndex
from handoff_cli.redaction.published import ROWS

LITERALS = ("key", "ghp_", "password", "log in", "identify", " -p", "sk-", "goog", "u:", "not asked for by anybody")
PIECES = (*LITERALS, "passw", "pas", " ", "\n", "gooogoog", "[redacted:xxxx]", "x" * 9, "kekey")
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@pytest.fixture(autouse=True)
def learnt():
    search._learn_words()
    assert set(LITERALS[:8]) <= {*long_index._learnt[0][0]}, "these are what searches ask for"


def beside_each_other(text, literal):
    found, at = [], text.find(literal)
    while at >= 0:
        found.append(at)
        at = text.find(literal, at + len(literal))
    return found


@given(TEXTS, st.sampled_from(["", "." * 4_000]))
def test_a_literal_is_where_a_search_finds_it_whether_rare_or_all_over_the_text(text, more):
    index = LongIndex(text + more)
    for literal in LITERALS:
        assert index.hold(literal) == (literal in text)
        assert index.places(literal) == beside_each_other(text, literal)
    assert index.among(LITERALS) == [literal for literal in LITERALS if literal in text]
    assert sorted(index.led(ROWS)) == sorted(Index(text + more).led(ROWS))


class Text(str):
    """A text that knows what was looked for in all of it."""

    __slots__ = ("searched",)

    def __contains__(self, literal):
        self.searched = [*getattr(self, "searched", ()), literal]
        return str.__contains__(self, literal)


def test_a_word_that_a_search_asks_for_is_not_looked_for_in_all_of_a_text():
    text = Text("the text of a build says nothing\n" * 999)
    index = LongIndex(text)
    words = (*names.OF_LISTS, *shapes.SESSION_COOKIE_GATES, *lines.CONTEXT_WORDS)
    assert not any(map(index.hold, words))
    assert all(len(word) < 3 for word in text.searched), "shorter ones are in no run"


def test_two_signs_of_which_one_is_nowhere_are_not_looked_for_beside_each_other():
    text = Text("the text of a build says nothing\n" * 999)
    assert not any(map(LongIndex(text).hold, ("o.", "b_", ":a")))
    assert not {"o.", "b_", ":a"}.intersection(text.searched)


@given(TEXTS, st.data())
def test_what_is_known_of_a_text_is_moved_to_one_that_was_changed_in_places(text, data):
    text = text.ljust(2_000, ".")
    places = sorted(data.draw(st.sets(st.integers(0, len(text) - 8), max_size=4)))
    changes, pieces, done = list[tuple[int, int, int]](), list[str](), 0
    for at in places:
        if at >= done:
            made = data.draw(st.sampled_from(PIECES))
            changes.append((at, at + 7, len(made)))
            pieces += text[done:at], made
            done = at + 7
    changed = "".join([*pieces, text[done:]])
    index = LongIndex(text)
    index.hold("key")
    after = index.after(changed, changes)
    assert {literal: after.places(literal) for literal in LITERALS} == {
        literal: beside_each_other(changed, literal) for literal in LITERALS
    }


def test_of_a_text_in_which_the_same_was_changed_all_over_only_that_is_looked_at():
    lines, made = 400, "[key]"
    text = "kim,Tealsedge60\n" * lines
    index = LongIndex(text)
    index.hold("key")
    changes = [(number * 16 + 4, number * 16 + 15, len(made)) for number in range(lines)]
    after = index.after(f"kim,{made}\n" * lines, changes)
    assert after._starts is not None, "it is not looked at anew"
    assert after.places("key") == [number * 10 + 5 for number in range(lines)]


def test_a_view_of_what_was_replaced_is_looked_at_only_there():
    chance = Random(2)
    lines = "".join(f"{chance.random()} {'words of a build'}\n" for _ in range(5_000))
    text = f"{lines}password: Tr0ub4dor&3\n{lines}"
    assert len(text) > layers.LONG_TEXT
    before = Layer.of(text)
    before.index.hold("password")
    at = text.index("Tr0ub4dor&3")
    after = Layer.of(before.replaced([(at, at + 11, "password")]))
    looked = list[int]()
    look = LongIndex._look
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LongIndex, "_look", lambda self, *args: looked.append(args[2] - args[1]) or look(self, *args))
        after.follow(before)
        assert after.index.places("password") == [len(lines)]
    assert sum(looked) < 40
