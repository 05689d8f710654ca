"""Gates find all words that they ask for, in short texts and in long ones."""

import pytest

from handoff_cli.redaction import gate_words, gates, search
from handoff_cli.redaction.layers import Layer

WORDS = {
    "abroad": gate_words.STEMS_ABROAD,
    "sentences": gate_words.STEMS,
    "lists": gate_words.LISTS,
    "heads": gate_words.HEADS,
    "tables": gate_words.TABLES,
}


@pytest.mark.parametrize("more", ["", "of it\n" * 1_000, "of it\n" * 12_000])
@pytest.mark.parametrize("gate", WORDS)
def test_each_word_is_found_by_the_gate_that_asks_for_it(gate, more):
    search._learn_words()  # as every search of a long text does
    for word in filter(str.isascii, WORDS[gate]):
        assert word in gates._words_for(gate, Layer(f"{more}{word}"))
    assert not gates._words_for(gate, Layer(f"{more}plain text"))
