"""What notes in which nobody speaks put down under a name."""

from __future__ import annotations

import pytest

from handoff_cli.agents.readers import read_pieces
from handoff_cli.documents.extract import extract
from handoff_cli.documents.parts.pieces import GOAL, RULED_OUT, RULES
from handoff_cli.documents.parts.story import pieces_of_story
from tests.growth import assert_linear

NOTES = """\
Garden club, spring meeting

We talked about the pond. Ducks were the question of the evening.

Decision: no pond before the
fence is mended
Open question: who has the key of the shed?

## Questions
- may dogs come in?
- until when is the gate open?

Next: ask the town for the fence
Next meeting is on Tuesday.
"""


def minutes(text):
    return extract(read_pieces("pieces", lambda: [(text, True)])).minutes


def test_decisions_questions_and_what_comes_next_are_found_by_their_names():
    found = minutes(NOTES)
    assert found.noted_decisions == ("no pond before the fence is mended",)
    assert found.noted_questions == (
        "who has the key of the shed?",
        "may dogs come in?",
        "until when is the gate open?",
    )
    assert found.noted_next == "ask the town for the fence"


def test_names_in_other_languages_count_too():
    found = minutes("# Notizen\n\nBeschluss: kein Teich\n\nOffene Fragen:\n- wem gehört der Zaun?\n")
    assert (found.noted_decisions, found.noted_questions) == (("kein Teich",), ("wem gehört der Zaun?",))


PRINTERS = """\
Pairing notes, label printers

Goal: the warehouse prints without the old server

Tried
- node-printer: dead end, it needs CUPS in the container
- a socket for each label: works, too slow

$ npm test -- labels
Tests: 1 failed, 61 passed, 62 total
  ● LabelRenderer › clips nothing on roll B
    Expected: 24
    Received: 0

Decision: one worker per printer
"""


def test_the_goal_and_what_was_tried_are_found_by_their_names_beside_the_output_of_jest():
    """A failed test of jest begins with a sign that an agent's words begin with on its screen: nobody speaks here."""
    found = minutes(PRINTERS)
    assert found.noted_goal == "the warehouse prints without the old server"
    assert found.noted_attempts == (
        "node-printer: dead end, it needs CUPS in the container",
        "a socket for each label: works, too slow",
    )
    assert found.noted_decisions == ("one worker per printer",)


def test_the_goal_and_what_was_tried_stand_in_their_parts():
    pieces = pieces_of_story(extract(read_pieces("pieces", lambda: [(PRINTERS, True)])))
    told = {it.block: it.part for it in pieces if "by the text" in it.block}
    assert told["What it is for, by the text [UNVERIFIED]:"] == GOAL
    assert told["Tried, by the text [UNVERIFIED]:"] == RULED_OUT


def test_what_is_left_for_later_in_a_comment_typed_at_a_prompt_comes_next():
    log = (
        "root@nas:~# zpool clear tank\nroot@nas:~# zpool status tank | grep scan\n  scan: resilver in progress\n"
        "root@nas:~# # it is back. TODO after 23:00: power cycle, then look at the limit again\nroot@nas:~# exit\n"
    )
    assert minutes(log).noted_next == "after 23:00: power cycle, then look at the limit again"


def test_where_somebody_speaks_names_before_a_line_are_words_like_others():
    assert not any(minutes(f"User: read this\n\nAssistant: done.\n\nUser: and?\n\n{NOTES}").to_dict().values())


def test_a_paragraph_below_a_heading_counts_and_the_one_after_it_does_not():
    found = minutes(
        "# Pond\n\n## Decision\n\nNo pond at all, and\nno fountain.\n\nThe fence is old.\n\n## Why\n\nDucks.\n"
    )
    assert found.noted_decisions == ("No pond at all, and no fountain.",)


def test_in_the_record_of_a_meeting_somebody_says_what_is_decided():
    text = (
        "00:00:53 --> 00:01:04\nAnna Berg: then let's decide: the pond goes\n\n00:01:05 --> 00:01:11\nTom Ito: fine\n"
    )
    assert minutes(text).noted_decisions == ("the pond goes",)


def test_what_was_turned_down_or_tried_in_vain_is_ruled_out():
    text = """\
Three ways for the pond:
- a liner, from the shop. Rejected, ducks pierce it.
- clay

I put straw into it on Monday.
Did not help, it is green still.

    make pond
    warning: 3 rows rejected
"""
    story = extract(read_pieces("pieces", lambda: [(text, True)]))
    assert story.dead_ends.ruled_out == (
        "a liner, from the shop. Rejected, ducks pierce it.",
        "I put straw into it on Monday. Did not help, it is green still.",
    )
    talk = extract(read_pieces("pieces", lambda: [(f"User: look\n\nAssistant: yes\n\nUser: {text}", True)]))
    assert not talk.dead_ends.ruled_out


def test_data_that_were_pasted_decide_nothing_and_plan_nothing():
    data = "next: https://api.example.com/items?page=2\nresults: []\n"
    text = (
        f"{data}Next: null\n\n```yaml\nNext: page 3\n```\n\n    Decision: none of it\n\nNext: feed the ducks\nsize: 3\n"
    )
    found = minutes(text)
    assert (found.noted_decisions, found.noted_next) == ((), "feed the ducks")
    assert minutes(data).noted_next == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Dropping the old printer? I said no, it still prints the labels.", True),
        ("También propuso un servicio aparte. No quiero, ya lo tuvimos.", True),
        ("Quieren quitarlo. Dije que no, nadie va a esperar.", True),
        ("Zweiter Server? Habe ich nein gesagt, zu teuer.", True),
        ("A longer hose, no change. Reverted.", True),
        ("No quiero romper nada aquí.", False),
        ("We don't want to wait for the pond.", False),
        ("The gate was reverted to its old color by Ann.", False),
        ("- Redis: rejected, needs a server", True),
        ("Straw in the pond \u2014 rejected", True),
        ("We ruled out clay.", True),
        ("Expired tokens are rejected with 401", False),
        ("Late frames are discarded", False),
        (" ! [rejected]        main -> main (fetch first)", False),
        ("connection rejected by peer", False),
        ("10.0.0.7: rejected", False),
        ("Rejected: 12", False),
        ("2026-01-05 10:11:12 WARN queue: dropped.", False),
        ("A leak cannot be ruled out.", False),
    ],
)
def test_a_verdict_is_told_apart_from_what_a_program_rejects(line, told):
    found = extract(read_pieces("pieces", lambda: [(f"Notes\n\n{line}\n", True)])).dead_ends.ruled_out
    assert len(found) == told


def test_a_question_among_other_words_is_open_unless_its_answer_follows():
    found = minutes(
        "- mind: 24 h. QUESTION for the town: may we keep it 7 days? Asked, no reply.\n"
        "QUESTION for Ann: whose is the key? No, not hers.\nQUESTION for Bo: is it open? no reply so far\nThe QUESTION: none.\n"
        "Sin saber todavía: ¿quién abre el sábado?\n"
    )
    assert found.noted_questions == (
        "QUESTION for the town: may we keep it 7 days? Asked, no reply.",
        "QUESTION for Bo: is it open? no reply so far",
        "¿quién abre el sábado?",
    )


@pytest.mark.parametrize("name", ["First thing tomorrow", "Mañana lo primero", "Morgen als erstes", "Demain d'abord"])
def test_what_comes_first_the_next_day_comes_next(name):
    assert minutes(f"The pond\n\nIt leaks.\n{name}: ask the town\n").noted_next == "ask the town"


def test_of_notes_nothing_is_said_of_edits_since_a_commit():
    """They tell of a commit, and in words of what was changed since: no edit can be seen."""
    story = extract(
        read_pieces("pieces", lambda: [('Fixed it.\nCommitted 6e1b3fa "Count once"\nThen I put it in.\n', True)])
    )
    assert "since the last commit" not in str(pieces_of_story(story))


def test_rules_are_found_by_their_name_and_by_a_ban_among_what_somebody_told():
    found = minutes(
        "Garden\n\nWhat the neighbour told me before we began:\n- do not move the fence\n- the old gate has to open\n\n"
        "Lo que pidió la jefa:\n - no subir el muro\n\nRule of the club that I did not know: no pond without a fence\n"
        "- rule of Ann: the key stays here\n- rule: allow\n"
    )
    assert found.noted_rules == (
        "do not move the fence",
        "the old gate has to open",
        "no subir el muro",
        "no pond without a fence",
        "the key stays here",
    )


@pytest.mark.parametrize(
    "text",
    [
        "What Ann said:\n- the fence is old\n- the gate is green\n",
        "The old way was bad. The rules for the old system:\n- Stay below 9\n- The admin page is used\n",
        "Known bugs:\n- do not load in Safari\n- slow on Mondays\n",
        "The rules are on the board.\nRulers: two\n",
    ],
)
def test_no_rule_is_made_of_other_lists(text):
    assert minutes(f"Notes\n\n{text}").noted_rules == ()


def test_noted_rules_stand_in_their_part():
    story = extract(read_pieces("pieces", lambda: [("Notes\n\nRule: no pond without a fence\n\nIt rains.\n", True)]))
    assert any(piece.part == RULES and "no pond without a fence" in str(piece) for piece in pieces_of_story(story))


def test_causes_are_found_by_their_name():
    found = minutes(
        "Garden\n\nRoot cause: the pipe is broken.\nUrsache Pfütze: das Rohr ist undicht.\n"
        "Segunda causa entonces: la bomba sigue viva.\nCause for alarm is there none.\nCausal: no\n"
    )
    assert found.noted_causes == ("the pipe is broken.", "das Rohr ist undicht.", "la bomba sigue viva.")


@pytest.mark.parametrize("name", ["Why", "Warum", "Por qué estoy con esto", "Contexte"])
def test_why_the_work_is_done_is_the_goal_where_the_first_lines_say_so(name):
    assert minutes(f"Garden\n\n{name}: the neighbour has no water\n").noted_goal == "the neighbour has no water"
    assert not minutes(f"Garden\n\nIt rains.\n\nIt leaks.\n\nIt rains.\n{name}: the pipe is old\n").noted_goal


SAID = """\
Garden

The gate is open because the key was lost by the neighbour.
Root cause: the valve of the left pipe is broken since Monday.

$ make water
ok

The roof leaks because the storm of May broke two tiles above the door, as Ann found out.
"""


def test_what_is_told_in_its_part_is_not_told_among_the_words_again():
    pieces = pieces_of_story(extract(read_pieces("pieces", lambda: [(SAID, True)])))
    shown = "\n".join(it.forms[-1] for it in pieces)
    assert shown.count("valve of the left pipe") == 1
    assert "the key was lost" in shown


PROSE = """\
The pond leaks and I would like to know where. Nothing may be poured into the pond, the ducks are back. Why does it
leak at all?

The foil is older than the bank, it is said. Please do not dig before the board has answered.

    never mind: this is printed

They gave me a list. Rules we follow:
- the gate stays open
- keys only for the board

never again
"""


def test_what_sentences_of_notes_demand_for_good_are_rules_and_so_is_a_list_that_is_headed_so():
    assert minutes(PROSE).noted_rules == (
        "the gate stays open",
        "keys only for the board",
        "Nothing may be poured into the pond, the ducks are back.",
        "Please do not dig before the board has answered.",
    )


def test_of_long_notes_the_end_is_told_and_each_paragraph_in_lines_that_nothing_breaks():
    line = "the pump was looked at once more and this is the line that says it, which the\neditor broke"
    notes = "".join(f"On day {day} {line} behind word {day}.\n\n" for day in range(120))
    end = "Tomorrow the foil is lifted.\n"
    transcript = read_pieces("pieces", lambda: [(f"{notes}{end}", True)])
    assert "".join(it.text for it in transcript.messages).count("On day") == 120
    story = extract(transcript)
    assert story.told.last_words.endswith(end.strip())
    text = "\n".join(it.forms[-1] for it in pieces_of_story(story))
    assert (
        "On day 118 the pump was looked at once more and this is the line that says it, which the editor broke" in text
    )


def test_of_notes_that_are_long_the_first_paragraph_that_says_something_is_told():
    head = "# Pond\n\n2026-03-01\n\nThe pond leaks and the board wants to know why before the summer. No new foil.\n\n"
    more = "\n\n".join(f"On day {day} the pump was looked at once more, and nothing was found." for day in range(90))
    found = minutes(f"{head}{more}\n")
    assert found.begins == "The pond leaks and the board wants to know why before the summer. No new foil."
    assert minutes(f"---\ntitle: Notes on the pond of the garden club\n---\n{head}{more}\n").begins == found.begins
    assert minutes(head).begins == ""  # it stands in the end of the text


def test_items_of_lists_and_of_what_is_quoted_are_rules_too_and_words_that_say_nothing_none():
    text = "> Agreed with Ann\n> - The gate **stays** open, never lock it.\n\n- Not more than 8 workers at once.\n- Keep in mind.\n"
    assert minutes(text).noted_rules == (
        "The gate stays open, never lock it.",
        "Not more than 8 workers at once.",
    )


def test_notes_of_two_pages_are_told_whole():
    rows = "".join(
        f"| gate {n} | opens {n} inches wide in the summer, when it rains a little less |\n" for n in range(30)
    )
    words = "".join(f"On day {day} the pump was looked at, and it ran as it should have.\n\n" for day in range(40))
    notes = f"# Pond\n\n| Gate | How wide |\n| --- | --- |\n{rows}\n{words}"
    transcript = read_pieces("pieces", lambda: [(notes, True)])
    told = extract(transcript).told.last_words
    assert len(transcript.messages) > 1
    assert all(f"gate {n} |" in told for n in range(30))
    assert all(f"On day {day} " in told for day in range(40))


def test_of_rules_in_one_list_the_first_and_the_last_are_told():
    told = minutes("Nothing else. The rules:\n" + "".join(f"- gate {n} stays closed\n" for n in range(20))).noted_rules
    assert told == tuple(f"gate {n} stays closed" for n in (*range(6), *range(14, 20)))


def test_of_many_rules_the_first_and_the_last_are_told():
    told = minutes("\n\n".join(f"Never open gate {n} at night." for n in range(20))).noted_rules
    assert told == tuple(f"Never open gate {n} at night." for n in (*range(6), *range(14, 20)))


@pytest.mark.parametrize("part", ["word ", "Never open the gate. ", "- never open it\n", "Ann's x-y, ", "> a\n\n"])
def test_notes_are_read_in_the_time_that_they_are_long(part):
    assert_linear(lambda size: minutes(part * (size // len(part))), 20_000)
