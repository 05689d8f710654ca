"""The quick look at what stands around a word for a password lets all through that a sentence calls one."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction import gates, redact, sentences
from handoff_cli.redaction.layers import Layer

HERE = Path(__file__).parent
FILES = ("forms_of_plain_words", "forms_of_every_day", "contexts_tuned", "innocent_sentences", "innocent_kinds")
SENTENCES = [
    line.replace("\\n", "\n").replace("\\t", "\t").replace("{2}", "marmalade").replace("{}", "swordfish")
    for name in FILES
    for line in (HERE / f"{name}.txt").read_text("utf-8").splitlines()
]


def test_what_the_quick_look_rules_out_no_sentence_tells():
    """Of the texts that have a word for a password; other finders have those like ``pass=``."""
    views = [view for view in map(Layer, SENTENCES) if compiled(gates._SPEAKS).search(view.folded)]
    told = [view for view in views if [*sentences.told_by_sentences(view)]]
    assert len(told) > 250
    assert [view.text for view in told if not gates.told_by_sentences(view)] == []


@pytest.mark.parametrize(
    "text", ["password\u2192swordfish", "password \u2192 swordfish", "use swordfish as the password "]
)
def test_a_word_is_told_in_a_short_text_as_in_a_long_one(text):
    assert "swordfish" not in redact(text)
    assert "swordfish" not in redact(text + "\nof it" * 2_000)
