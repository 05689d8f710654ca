"""What the agent tried and gave up is told by its words for the whole work, be it for an earlier request."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.told.fell_short import fell_short
from handoff_cli.documents.extract.told.given_up import given_up
from tests.documents.sessions import told
from tests.growth import assert_linear

TRIED = "I tried it: without the flag the two jobs lock each other:"


@pytest.mark.parametrize(
    ("later", "so"),
    [
        (["So I put it back. Better: a pool of its own."], 1),
        (["The test fails.", "I've reverted that, the pool comes next."], 1),
        (["It holds. The service is back."], 0),
        (["The lock was put back by the job itself."], 0),
        ([], 0),
    ],
)
def test_what_the_agent_tried_and_took_back_for_any_request_need_not_be_tried_again(later, so):
    said = [("user", "drop the flag"), ("assistant", TRIED), *(("assistant", it) for it in later), ("user", "and now?")]
    assert given_up(told(*said)) == (TRIED.rstrip(":"),) * so


def test_why_what_was_tried_was_taken_back_stands_beside_it_where_another_sentence_says_it():
    why = "Without it the nightly test breaks (-61 dB), so I took it out again."
    said = (("user", "go"), ("assistant", "I tried it with zeros first:"), ("assistant", f"{why} The ring is next."))
    assert given_up(told(*said)) == (f"I tried it with zeros first \u2192 {why}",)


def test_what_was_taken_back_after_the_user_spoke_is_not_what_was_tried_before():
    said = (("user", "go"), ("assistant", TRIED), ("user", "undo"), ("assistant", "I put it back."))
    assert given_up(told(*said)) == ()


def test_a_try_and_its_end_may_be_one_sentence_and_german():
    one = "I tried the retry, but it hid the error, so I reverted it."
    zwei = "Ich habe den Cache ausprobiert, aber er verdeckt den Fehler, also habe ich das wieder zur\xfcckgenommen."
    for words in (one, zwei):
        assert given_up(told(("user", "go"), ("assistant", words))) == (words,)


def test_tries_are_looked_for_in_time_that_grows_as_the_messages_do():
    assert_linear(lambda size: given_up(told(("user", "go"), *[("assistant", "We tried it.")] * size)), 4_000)


@pytest.mark.parametrize(
    "end",
    ["so I took it out again.", "so we backed it out.", "and I removed it again.", "so I put it back.", "so it stays."],
)
def test_what_was_tried_and_taken_out_again_is_told_for_the_whole_work(end):
    """It was for an earlier request, and stands beside what was done instead."""
    tried = f"First I tried `SKIP LOCKED`, but the test database has no such thing, {end}"
    said = (("user", "go"), ("assistant", f"Done: each row is marked by itself. {tried}"), ("user", "now the docs"))
    assert given_up(told(*said)) == (tried,) * ("stays" not in end)


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("The pool brings 900 MB, not enough. I take it out again and write runs to disk.", True),
        ("The fast writer always makes version 18, which fails. Back to the old one.", True),
        ("Peor que antes: llena el l\xedmite. Lo quito y paso al registro.", True),
        ("Das wird langsamer, 412 statt 210 ms. Ich nehme es wieder raus.", True),
        ("C'est pire avec le cache, 3 s. Je l'abandonne.", True),
        ("The pool brings 90 MB. I take it out again to show you.", False),
        ("The old reader fails on them. I'll be back to it.", False),
        ("The job fails at night. Back up the table first.", False),
        ("The new exporter fails on both. Back to the exporter by hand.", True),
        ("The login test fails without a cookie here. Back to the footer now.", False),
        ("The worker crashed on start. Go back to `main` and run the test.", False),
    ],
)
def test_what_fell_short_and_is_taken_out_at_once_is_told_with_what_comes_instead(words, so):
    first, rest = words.split(". ", 1)
    assert given_up(told(("user", "go"), ("assistant", words))) == (f"{first}. \u2192 {rest}",) * so


@pytest.mark.parametrize("verdict", ["Discarded.", "Verworfen.", "Descartado.", "\xc9cart\xe9.", "Scartato."])
def test_a_bare_verdict_gives_up_what_the_sentence_before_it_tells(verdict):
    one = "A cache by day: 301 s, hashing costs as much."
    assert given_up(told(("user", "go"), ("assistant", f"Two ideas. {one} {verdict} The check is next."))) == (one,)
    assert given_up(told(("user", "go"), ("assistant", f"{one} The draft was discarded by the job."))) == ()


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("How many rows were rejected? Rejected.", False),
        ("Items that are older than 30 days. Dropped.", False),
        ("Deprecated option --foo. Dropped.", False),
        ("A cache by day is slower. Dropped.", True),
    ],
)
def test_a_bare_verdict_on_data_or_to_a_question_gives_up_nothing(words, so):
    assert given_up(told(("user", "go"), ("assistant", words))) == (words.rpartition(". ")[0] + ".",) * so


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("ctrl 3.5 does not build with 1.74; signal 0.3 does.", True),
        ("I tried both. The old parser cannot read both, but the new one can.", True),
        ("The old parser can't read dates, the new one can.", False),
        ("SQLite does not support ALTER COLUMN, but Postgres does.", False),
        ("The parser does not read comments, and nothing needs them.", False),
        ("It does not matter who does it; the job does.", False),
    ],
)
def test_one_thing_that_does_not_is_set_against_another_that_does(words, so):
    told_of = words.removeprefix("I tried both. ")
    assert given_up(told(("user", "go"), ("assistant", words))) == (told_of,) * so


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            "Ich habe zuerst die Bibliothek ausprobiert. Sie kommt mit den Zeichen nicht zurecht. Habe ich verworfen.",
            True,
        ),
        ("J'ai d'abord essay\xe9 un verrou. Il bloque la file pendant deux secondes. On a abandonn\xe9.", True),
        ("Prob\xe9 un candado. Bloquea la cola durante dos segundos. Lo descart\xe9.", True),
        ("Tentei um bloqueio. A fila parou durante dois segundos. Desisti.", True),
        ("Ho provato un lock. La coda si ferma per due secondi. L'ho scartato.", True),
    ],
)
def test_why_it_was_given_up_may_stand_between_in_any_language(words, why):
    tried, reason, _ = words.split(". ")
    assert given_up(told(("user", "go"), ("assistant", words))) == (f"{tried}. \u2192 {reason}.",) * why


def test_it_is_told_with_what_did_not_do_the_request_at_work():
    said = (("user", "go"), ("assistant", "I tried a lock, but it hung, so I reverted it."), ("user", "now the docs"))
    assert fell_short(told(*said), 30) == given_up(told(*said)) != ()
