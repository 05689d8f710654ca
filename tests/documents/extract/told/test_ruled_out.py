"""What the agent found not to be so is told with what settled it, and stands in no story as an open guess."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract.told.blocks import blocks_of
from handoff_cli.documents.extract.told.ruled_out import ruled_out, without_suppositions
from handoff_cli.documents.extract.told.turns import turns_of
from tests.documents.sessions import told


def settled(*said):
    return ruled_out(told(("user", "why is the import slow?"), *(("assistant", it) for it in said)))


def test_what_a_short_sentence_concludes_from_stands_before_it():
    shown = "Those who still pay the old price of the year before, all in all 41,200, leave as often, 4.70 % against 4.60 %."
    assert settled(f"{shown} So it's not the price change. Looking further.") == (
        f"{shown} So it's not the price change.",
    )


def test_a_sentence_on_what_was_just_tried_does_not_settle_what_was_supposed_before_that():
    supposed = "Maybe clone the token in `peek`."
    tried = "I'll have `peek` take the parser for its whole life, then the token can be kept."
    worse = "That makes it worse: the token keeps the parser borrowed, so nothing can be called after `peek`."
    assert settled(supposed, tried, worse) == ()
    assert len(settled(supposed, worse)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Both hosts read 410 MB/s, so it isn't the disk.",
        "12.1 s against 12.0 s: compression isn't it.",
        "The pool has 40 idle connections: the database is ruled out.",
        "The proxy was off in that run, so the proxy is out too.",
        "+0.2 s, so the logging explains 3 % of the time.",
    ],
)
def test_a_sentence_that_names_what_it_rules_out_stands_alone(text):
    assert settled(f"{text} Let me look further.") == (text,)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Not DNS: with the address in the hosts file there are 40 timeouts, too.", 1),
        ("Not the proxy: without it the same run has 12 of 12 timeouts.", 1),
        ("A larger pool is no help and I took it back: the run takes 31 s.", 1),
        ("It was not the vacuum. The table has no dead rows at all by the statistics.", 2),
        ("Not yet: the server needs a restart before that has any effect on it.", 0),
        ("Not the best: it would need one more table for each of the customers.", 0),
        ("It was not the only one. There are four others in the same folder.", 0),
        ("This is not a problem. The index is small.", 0),
        ("The converter is out. All tests pass.", 0),
    ],
)
def test_what_is_named_first_as_not_the_cause_stands_with_what_was_measured(text, line):
    sentences = text.split(". ")
    told_ = [] if not line else [text if line == len(sentences) else f"{sentences[0]}."]
    assert list(settled(text)) == told_


def test_a_condition_rules_nothing_out():
    assert settled("Measure it: if the file data.json is not saved there either, DNS is ruled out.") == ()


def test_the_last_words_of_turns_come_first():
    said = (("user", "why?"), ("assistant", "Not DNS: with the address in the hosts file it takes as long."))
    late = (("assistant", "The proxy was off in that run, so the proxy is out too."), ("assistant", "Still looking."))
    assert ruled_out(told(*said, ("user", "go on"), *late)) == (said[1][1], late[0][1])


def test_what_the_agent_takes_back_by_name_stands_with_its_reason():
    text = "I was wrong about the scanner: all five retries ran out. We hold the index ourselves."
    assert ruled_out(told(("user", "go"), ("assistant", text))) == (
        "I was wrong about the scanner: all five retries ran out.",
    )
    theory = "Same pod and no restart, so my OOM theory is wrong."
    assert ruled_out(told(("user", "why?"), ("assistant", theory))) == (theory,)
    vague = "I was wrong. It is the index."
    assert ruled_out(told(("user", "go"), ("assistant", vague))) == ()


def test_what_was_supposed_stands_before_what_settled_it():
    found = settled(
        "It is slow only at night. My first suspicion is a backup that runs beside it. Let me check.",
        "Not it. The crontab has no entry between 1 and 5. Second candidate: the nightly vacuum of the tables.",
        "No: vacuum ran at noon that day.",
    )
    assert found == (
        "the nightly vacuum of the tables → No: vacuum ran at noon that day.",
        "a backup that runs beside it → The crontab has no entry between 1 and 5.",
    )


def test_an_answer_to_a_question_of_its_own_settles_nothing_that_was_supposed_before():
    supposed = "Maybe the reader holds the lock of the table while it runs."
    other = "But first try a mutex quickly? No: it is slow. Then all drained events would be lost at the end of it."
    assert settled(f"{supposed} {other}") == ()
    asked = "Is it the lock of the reader? No: it is free. It was taken 0 times in all of the runs of this week."
    assert len(settled(f"{supposed} {asked}")) == 1


def test_what_points_to_the_sentence_before_stands_with_it():
    points = "That may cost a second, but this run was warm, so it can't be the cause. Ruled out."
    assert settled(f"The cache is cold on each start. {points}") == (
        "The cache is cold on each start → this run was warm, so it can't be the cause.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Once the disk is ruled out, I'll look at the network.",
        "If it isn't the disk, then the network is left.",
        "The flag has no effect on the import of old files.",
        "The user table is not the problem table of the two?",
        "There is no lock, so no thread waits.",
    ],
)
def test_what_settles_nothing_is_not_told(text):
    assert settled(text) == ()


def test_what_was_blamed_after_all_is_not_ruled_out():
    out = "The pool has 40 idle connections, so it isn't the database."
    assert settled(out, "The root cause is the database: it locks the table.") == ()


def test_at_most_five_the_latest_first():
    names = ["disk", "network", "parser", "logger", "cache", "proxy"]
    found = settled(*(f"Measured twice: the {it} isn't it." for it in names))
    assert found == tuple(f"Measured twice: the {it} isn't it." for it in reversed(names[1:]))


GUESS = "Hypothesis 2: the index `rates_by_day` might be missing on the replica."
FOUND = (
    "The index is there on the replica: not that either. The cause is `load_rates()`, which reads the table per row."
)


def test_a_hypothesis_that_was_settled_stands_in_no_story():
    session = told(
        ("user", "why is the import slow?"),
        ("assistant", f"12 s as before. {GUESS}"),
        ("assistant", FOUND),
        ("user", "ok"),
    )
    turns = turns_of(session)
    assert "Hypothesis" not in "".join(it.text for turn in turns for it in turn.told)
    assert "Hypothesis" not in "".join(it.text for it in blocks_of(session, turns))


def test_a_hypothesis_that_is_open_at_the_end_stands():
    session = told(("user", "why is the import slow?"), ("assistant", GUESS))
    assert GUESS in [it.text for it in blocks_of(session, turns_of(session))]


@pytest.mark.parametrize(
    "after",
    [
        "A row is counted twice… that makes the sum too high, and ours is too low.",
        "No, that can't be: the sum would be too high.",
        "But that would make it fail on every host. So there must be something else.",
    ],
)
def test_a_cause_that_the_next_sentences_withdraw_is_none(after):
    cause = "The cause: `add_row()` ignores the row that `replace_row()` gives back."
    session = told(("user", "why?"), ("assistant", f"{cause} {after}"), ("assistant", "I'll look at the counter."))
    assert cause not in [it.text for turn in turns_of(session) for it in turn.told]


def test_thoughts_settle_as_well():
    session = told(("user", "why?"), reasonings=(Message("assistant", "410 MB/s on both, so it isn't the disk.", 12),))
    assert ruled_out(session) == ("410 MB/s on both, so it isn't the disk.",)


def test_what_was_thought_and_then_said_is_told_once():
    said = (("user", "why?"), ("assistant", "Let me see."), ("assistant", "No change, so the relay is ruled out."))
    thought = Message("assistant", "4.1 W, so the relay is not the cause either.", 25)
    assert ruled_out(told(*said, reasonings=(thought,))) == ("No change, so the relay is ruled out.",)
    fan = thought.replace(text="4.1 W, so the fan is not the cause either.")
    assert len(ruled_out(told(*said, reasonings=(fan,)))) == 2


def test_several_suppositions_are_told_from_the_first_on():
    (found,) = settled(
        "Candidates: the fragmentation of the heap, or the store of glyphs.",
        "A shorter decay makes no difference, so it isn't fragmentation.",
    )
    assert found.startswith("the fragmentation of the heap, ")


def test_a_sentence_that_limits_the_one_before_supposes_nothing():
    said = "The rows in the table may be old by now. No, the query reads all of them at once."
    assert settled(said) != ()
    assert settled(f"Though actually, {said}") == ()


def test_what_is_said_not_to_be_the_cause_stands_with_the_sentence_that_names_it():
    measured = "`rows_total` has 9,214 series. That's ugly, but 5.5 MB of the heap, which grew by 320 MB."
    (line,) = settled(f"{measured} Not the cause (worth its own ticket).")
    assert line.startswith("`rows_total` has 9,214 series.")
    assert line.endswith("→ Not the cause (worth its own ticket).")
    assert settled("I looked at the heap first. Not the causeway that we know of.") == ()


def test_what_the_user_wants_ruled_out_stands_before_what_rules_it_out():
    """It is of what they ask, not of what was supposed before that; what is called a hypothesis stands before it."""
    guess = ("assistant", "Each call leaves 1.7 KB. But that's still a hypothesis; the second snapshot decides.")
    asked = ("user", "Ann says it's the sockets of the pool. can you rule it out?")
    answer = ("assistant", "Ruled out: 70 sockets were open all night while the heap grew.")
    (line,) = ruled_out(told(("user", "why?"), guess, asked, answer))
    assert (
        line == "Ann says it's the sockets of the pool → Ruled out: 70 sockets were open all night while the heap grew."
    )
    other = ("user", "can you rule out the sockets?")
    assert ruled_out(told(("user", "why?"), guess, other, answer))[0].startswith("can you rule out the sockets? →")
    calls = ("assistant", "Ruled out: no call leaves anything behind.")
    assert ruled_out(told(("user", "why?"), guess, ("user", "go on"), calls))[0].startswith("Each call leaves 1.7 KB →")


def test_a_list_that_ends_before_what_is_supposed_ends_with_no_mark():
    block = "* The lock is held by the rows.\n* My guess is that it is never taken."
    assert without_suppositions(block) == "* The lock is held by the rows."
