"""The lines of the requests: what each means by a label, which took another option, and which are never left out."""

from __future__ import annotations

from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.parts.asked import line_of
from handoff_cli.documents.parts.pieces import MUST
from tests.documents.sessions import story_of


def _first_form(requests, number, *, came=False):
    story = story_of(requests=requests)
    return next(iter(line_of(story, requests[number - 1], 99.0, came, False)))


def test_a_choice_that_a_later_one_took_back_says_so_and_only_its_rules_hold():
    chosen = Request(2, "b, it is there. never push", rule=True, meant="keep the cache", overruled=3, position=9)
    requests = (Request(1, "make it fast"), chosen, Request(3, "take it back, do a", position=12), Request(4, "go on"))
    _, line = _first_form(requests, 2)
    assert line.startswith("2 (its rules hold): b, it is there.")
    assert line.endswith("(that is: keep the cache; request 3 took another)")


def test_of_an_order_of_which_the_rules_are_a_part_only_these_hold_on():
    for words, holds in (
        ("never skip a test. mend the seed data: give it a route of its own, and another name", "its rules hold"),
        ("never skip a test, we had that before", "still holds"),
    ):
        requests = (Request(1, "make it fast"), Request(2, words, rule=True, position=9), Request(3, "go on"))
        assert _first_form(requests, 2)[1].startswith(f"2 ({holds}): never skip a test")


def test_a_request_that_puts_something_off_or_leaves_it_alone_is_always_told():
    many = [Request(number, f"do step {number} of the import now please", position=number) for number in range(1, 16)]
    for words, always in (("HB-537 is for later", True), ("dont touch the data", True), ("do the next one", False)):
        requests = (*many[:3], Request(4, words, position=4), *many[4:])
        order, _ = _first_form(requests, 4)
        assert (order <= MUST) is always


def test_of_what_was_pasted_below_words_that_lead_up_to_it_the_first_telling_line_stands():
    pasted = (
        "ci on windows red:\n\n    System.IO.IOException: used by another process\n    at Db.Copy() in Db.cs:line 3"
    )
    requests = (Request(1, "move it"), Request(2, pasted, position=5), Request(3, "go on", position=9))
    _, line = _first_form(requests, 2, came=True)
    assert line == "2: ci on windows red: System.IO.IOException: used by another process"


def test_of_a_long_pasted_line_both_ends_stand_also_out_of_a_block():
    line = "12:01:18.201 ERROR [http-nio-8080-exec-31] org.engine.jdbc.SqlHelper : " + "x" * 60 + " query_wait_timeout"
    text = f"this stands right before each of the waves:\n\n```\n{line}\n{line}\n```\n"
    requests = (Request(1, "move it"), Request(2, text, position=5), Request(3, "go on", position=9))
    _, told = _first_form(requests, 2, came=True)
    assert told.startswith("2: this stands right before each of the waves: 12:01:18.201 ERROR")
    assert told.endswith("query_wait_timeout")


def test_an_answer_in_a_dialogue_stands_with_its_question():
    answer = Request(2, "per item. Orders don't matter", position=5, question="Which order do consumers need?")
    _, told = _first_form((Request(1, "move it"), answer, Request(3, "go on", position=9)), 2, came=True)
    assert told == "2: per item. Orders don't matter (asked: Which order do consumers need?)"


def test_in_a_chat_what_binds_or_chooses_is_always_told_a_cause_early_and_a_nod_late():
    many = [Request(number, f"step {number} of the import", position=number, by="ada") for number in range(1, 40)]

    def order_of(words, **fields):
        it = Request(4, words, position=4, by="bo", **fields)
        return _first_form((*many[:3], it, *many[4:]), 4)[0]

    assert order_of("via a PR, not with an edit by hand", rule=True) <= MUST
    assert order_of("never push", rule=True) <= MUST
    assert order_of("the second one", meant="a table with digests") <= MUST
    assert order_of("b, but keep the key", meant="a table with digests") <= MUST
    assert (
        MUST
        < order_of("it is red because the key is gone")
        < 1
        < order_of("the step is a long one")
        < order_of("ah, I see")
    )
    for words in ("no", "drop it", "keep Postgres", "go with Kafka", "don't", "l\xf6sch es"):
        assert order_of(words) == order_of("the step is a long one"), "few words may turn something down or choose"


def test_a_nod_of_the_one_who_speaks_alone_is_a_request():
    requests = (Request(1, "make it fast"), Request(2, "ah, I see", position=5), Request(3, "go on", position=9))
    assert _first_form(requests, 2)[0] <= MUST


def test_of_few_requests_those_before_a_compaction_stand_whole_too():
    words = "The day of the closing, yes. Sixty days and not ninety, and rows closed before it are dropped."
    past = (Request(1, "mend the label", past=True), Request(2, words, position=2, past=True))
    more = tuple(Request(it, f"and the report of day {it}", position=it, past=True) for it in range(3, 20))
    few, many = (_first_form((*past, *others, Request(20, "the sum", position=20)), 2)[1] for others in ((), more))
    assert words in few
    assert words not in many
