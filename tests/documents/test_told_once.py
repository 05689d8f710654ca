"""What a document says stands in it once."""

from __future__ import annotations

from handoff_cli.documents.parts.pieces import (
    CODE_AGREED,
    FINDINGS,
    GOAL,
    LAST_WORDS,
    LEARNT,
    MUST,
    NEXT,
    STANDING,
    TELLER,
    THOUGHT,
    Piece,
    quoted,
    stated,
)
from handoff_cli.documents.told_once import told_once

SAID = "The valve sticks at 40 °C since the spring is too soft. Next I'll order the harder one."


def piece(kind, text, part=FINDINGS):
    return quoted(part, "", (MUST, text), kind=kind), text


def test_who_told_something_is_named_only_above_what_was_told():
    one, other = piece(TELLER, "sub-agent: Find locks:"), piece(TELLER, "sub-agent: Find pumps:")
    fact = piece(LEARNT, "  - `lock.py:3` holds it")
    assert told_once([one, other, fact, one]) == [other, fact]
    assert told_once([one, piece("message", SAID)]) == [piece("message", SAID)]


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


def test_what_the_agent_asked_beside_an_answer_is_not_told_again_as_what_came_of_another():
    asked = piece("request", "5: No (asked: Is it for all to see? It decides how the page is worded.)")
    came = piece("finding", "  → It decides how the page is worded."), piece("finding", "  → The page is up.")
    assert told_once([piece("request", "4: put it up"), *came, asked])[1:] == [came[1], asked]


def test_a_line_of_the_last_thought_that_the_next_action_tells_is_not_told_again():
    drawn = "The valve sticks since `cold_spring` is too soft for it, and nothing else"
    step = piece("", f"Answer the user. Half an answer: {drawn.replace('`', '')}.", NEXT)
    thought = "It was cold.\nSo:\n- {}\nThe pump ran."
    (_, form) = told_once([step, piece(THOUGHT, thought.format(drawn))])[1]
    assert form == "It was cold.\nThe pump ran."
    other = thought.format(drawn.replace("soft", "hard"))
    assert told_once([step, piece(THOUGHT, other)])[1][1] == other


def test_short_items_of_the_thought_that_the_next_action_tells_go_with_what_announces_them_alone():
    thought = "It is to be mended now. These are its parts:\n- The spring is too soft\n- The valve is too old\nIt ran."
    step = piece("", "Learnt for it: These are its parts: The spring is too soft; The valve is too old.", NEXT)
    assert told_once([step, piece(THOUGHT, thought)])[1][1] == "It is to be mended now.\nIt ran."


def test_last_words_that_the_next_action_tells_whole_are_not_told_again():
    step = piece("", "Order the harder spring for the valve (the agent's own next step).", NEXT)
    for words, stay in (
        ("Found it! Let me order the harder spring for the valve.", False),
        ("The valve sticks. Let me order the harder spring for the valve.", True),
        ("Let me order the softer spring for the pump.", True),
        ("Good!", True),
    ):
        assert (piece(LAST_WORDS, words, STANDING) in told_once([step, piece(LAST_WORDS, words, STANDING)])) is stay


def test_of_a_line_of_the_thought_the_sentences_that_the_next_action_tells_go_and_no_others():
    told_next = "So batches must take the old rows and settle must skip those without an origin."
    thought = f"I lean to the payee, for it names you on both sides. {told_next}"
    step, last = quoted(NEXT, "", (MUST, told_next)), quoted(FINDINGS, "Thought:", (MUST, thought), kind=THOUGHT)
    ((_, _), (_, shown)) = told_once([(step, told_next), (last, thought)])
    assert shown == "I lean to the payee, for it names you on both sides."


def test_of_a_thought_whose_items_the_next_action_tells_no_bare_numbers_stay():
    item = "Session A on commit X creates the shadow branch entire/X of it"
    step = stated(NEXT, f"Half an answer: {item}.", MUST)
    thought = quoted(
        FINDINGS,
        "What the agent thought last:",
        (MUST, f"Branches go.\nSo:\n1. {item}.\nIt is made anew."),
        kind=THOUGHT,
    )
    (_, told) = told_once([(step, step.forms[0]), (thought, thought.forms[0])])
    assert told[1] == "Branches go.\nIt is made anew."


def test_of_what_only_repeats_a_commit_the_hash_is_told_and_not_even_that_where_the_next_action_has_it():
    commit = piece("commit", "4f1c2ab Hold the lock while the import runs (no push seen since)", STANDING)
    asked, made = (
        piece("request", "2: hold it, then commit"),
        piece("finding", "  → Hold the lock while the import runs"),
    )
    said = piece("finding", "  → Committed as `4f1c2ab`, not pushed.")
    more = piece("finding", "  → Committed as `4f1c2ab`: the second import waits, and 12 tests pass.")
    for told, left in ((made, "  = 4f1c2ab"), (said, "  = 4f1c2ab"), (more, more[1])):
        assert told_once([commit, asked, told]) == [commit, asked, (told[0], left)]
    step = stated(NEXT, "Finish it. Committed for it: 4f1c2ab.", MUST)
    assert told_once([(step, step.forms[0]), commit, asked, made])[1:] == [commit, asked]


def test_code_that_was_agreed_to_goes_where_the_words_with_it_stand_whole():
    code = Piece(GOAL, "Code in them:", ("def load():\n    return 1",), (MUST,), kind=CODE_AGREED)
    words = Piece(GOAL, "It answers:", ("So:", "So:\n```\ndef load():\n    return 1\n```"), (MUST, 20.0))
    for form, times in ((words.forms[0], 1), (words.forms[1], 0)):
        told = told_once([(words, form), (code, code.forms[0])])
        assert sum(it.kind == CODE_AGREED for it, _ in told) == times
