"""Figures in bold are what the agent measured, in any language; numbers of items and small counts are none."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.language.stressed import STRESSED, stressed_figures, stressed_statements
from tests.documents.sessions import told


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Cambio 1: **19m51s**, la copia.", ("19m51s",)),
        ("Se queda en **9.8 s** y **12 %** menos.", ("9.8 s", "12 %")),
        ("Il reste **742 doublons**.", ("742 doublons",)),
        ("Mean: **\u22120.0479**, so far.", ("\u22120.0479",)),
        ("**unos 120 ms** cada vez", ("unos 120 ms",)),
        ("**1. The cache** and **Option 2: the index**", ()),
        ("**2 new files**, **Phase 4.1 - the sync**, **never**", ()),
        ("19m51s without a mark", ()),
    ],
)
def test_figures_in_bold_are_told_apart_from_numbers_that_count_items(text, figures):
    assert stressed_figures(text) == figures


def test_what_was_measured_in_a_turn_is_told_though_no_word_of_it_concludes():
    said = (
        ("user", "mide cada cambio"),
        ("assistant", "Cambio 1 (`8e2f0c4`, copia de noche): **19m51s**, seis trabajos. Sigo con los otros."),
        ("assistant", "Los otros cambios van bien, y el resultado de cada trabajo queda en la tabla de la p\xe1gina."),
        ("user", "bien, sigue"),
        ("assistant", "Sigo."),
    )
    tell = [it.text for turn in extract(told(*said)).told.turns for it in turn.told]
    assert any("19m51s" in it for it in tell)
    plain = [(role, text.replace("**", "")) for role, text in said]
    tell = [it.text for turn in extract(told(*plain)).told.turns for it in turn.told]
    assert not any("19m51s" in it for it in tell)


def test_a_statement_in_bold_at_the_beginning_of_a_line_is_told_apart_from_labels():
    text = "**The lock fix is the real fix** \u2014 it holds.\n**This is it:** x\n**Two rows**\nHere **a row is the same**."
    assert stressed_statements(text) == ("The lock fix is the real fix",)


def test_a_statement_in_bold_is_told_before_what_only_goes_with_it():
    weak = "The notes in `prompts.md` are there in case `take_lock` fails in a worker of the older release."
    said = (
        ("user", "fix it"),
        ("assistant", f"**The lock fix is the real fix** \u2014 the workers wait. {weak}"),
        ("user", "good"),
        ("assistant", "I go on."),
    )
    first = extract(told(*said)).told.turns[0].told[0]
    assert first.text.startswith("The lock fix is the real fix")
    plain = extract(told(*((role, text.replace("**", "")) for role, text in said))).told.turns[0].told
    (other,) = [it for it in plain if it.text.startswith("The lock fix")]
    assert first.worth == pytest.approx(other.worth + 2 * STRESSED)
