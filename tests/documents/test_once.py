"""A document tells each thing once."""

from __future__ import annotations

from handoff_cli.documents.once import told_once
from handoff_cli.documents.pieces import FINDINGS, LAST_WORDS, MUST, NEXT, STANDING, THOUGHT, quoted

SAID = "The valve sticks at 40 °C since the spring is too soft. Next I'll order the harder one."


def piece(kind, text, part=FINDINGS):
    return quoted(part, "", (MUST, text), kind=kind), text


def test_what_stands_in_the_last_words_is_no_finding_beside_them_and_its_request_needs_no_line():
    words = piece(LAST_WORDS, SAID, STANDING)
    asked, here = (
        piece("request", "2: (the latest request, above)"),
        piece("finding", f"  → {SAID.partition(' Next')[0]}"),
    )
    other = piece("finding", "  → The pump was never switched off in that night, by its own log.")
    assert told_once([words, asked, here]) == [words]
    assert told_once([words, asked, here, other]) == [words, asked, other]
    assert told_once([asked, here]) == [asked, here]


def test_a_line_of_the_last_thought_that_the_next_action_tells_is_not_told_again():
    drawn = "The valve sticks since `cold_spring` is too soft for it, and nothing else"
    step = piece("", f"Answer the user. Half an answer: {drawn.replace('`', '')}.", NEXT)
    thought = "It was cold.\nSo:\n- {}\nThe pump ran."
    (_, form) = told_once([step, piece(THOUGHT, thought.format(drawn))])[1]
    assert form == "It was cold.\nThe pump ran."
    other = thought.format(drawn.replace("soft", "hard"))
    assert told_once([step, piece(THOUGHT, other)])[1][1] == other
