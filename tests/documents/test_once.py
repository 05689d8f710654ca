"""A document tells each thing once."""

from __future__ import annotations

from handoff_cli.documents.once import told_once
from handoff_cli.documents.pieces import FINDINGS, LAST_WORDS, MUST, STANDING, quoted

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
