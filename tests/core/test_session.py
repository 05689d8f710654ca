import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.constants import RECENT_CHECKPOINTS
from handoff_cli.core.session import Session, apply, check_entry, start_entry, started

START = start_entry(
    "s1", "2026-01-01T00:00:00Z", previous=Session("s0", "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z")
)


def checkpoint(sequence, tokens=1, session="s1", **changes):
    return {
        "kind": "checkpoint",
        "sequence": sequence,
        "time": "2026-01-01T00:00:01Z",
        "session": session,
        "source": "stdin",
        "description": "d",
        "tokens": tokens,
        "low": tokens,
        "high": tokens * 2,
        "method": "counted",
        "model": None,
        "encoding": "o200k_base",
        "level": "ok",
        "crossed": None,
        **changes,
    }


def usage(sequence, tokens, source="/t.jsonl", **changes):
    fields = ("tokens", "low", "high")
    return {
        "kind": "usage",
        "sequence": sequence,
        "time": "2026-01-01T00:00:02Z",
        "session": "s1",
        **dict.fromkeys(fields, tokens),
        "method": "exact",
        "model": "claude-opus-4-5",
        "encoding": "o200k_base",
        "agent": "claude",
        "agent_version": "2.1.42",
        "window": None,
        "rule": "r",
        "source": source,
        "level": "ok",
        "crossed": None,
        "compactions": 0,
        "tail": {"path": source},
        "estimate": None,
        **changes,
    }


def test_a_usage_takes_the_place_of_the_totals_and_what_is_tracked_later_adds():
    session = apply(started(START), checkpoint(1, 100))
    session = apply(session, usage(2, 5000))
    assert (session.total_tokens, session.low_tokens, session.high_tokens, session.method) == (
        5000,
        5000,
        5000,
        "exact",
    )
    assert (session.checkpoint_count, session.agent, session.transcript) == (1, "claude", "/t.jsonl")
    session = apply(session, checkpoint(3, 7))
    assert (session.total_tokens, session.high_tokens, session.method) == (5007, 5014, "counted")


def test_peak_and_compactions_are_those_of_the_transcript_gone_by():
    session = apply(apply(started(START), usage(1, 9000)), usage(2, 3000, compactions=1))
    assert (session.total_tokens, session.peak_tokens, session.compaction_count) == (3000, 9000, 1)
    session = apply(session, usage(3, 4000, source="/other.jsonl"))
    assert (session.peak_tokens, session.compaction_count, session.transcript) == (4000, 0, "/other.jsonl")


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("tokens", -1),
        ("method", "guessed"),
        ("tail", "x"),
        ("estimate", []),
        ("window", "1"),
        ("agent", 5),
        ("rule", None),
    ],
)
def test_a_forged_usage_is_refused(member, value):
    check_entry(usage(1, 10))
    with pytest.raises(ValueError, match=member):
        check_entry({**usage(1, 10), member: value})


@given(st.lists(st.integers(0, 10**6), max_size=30))
def test_totals_are_the_sums_and_the_last_checkpoints_are_remembered(tokens):
    session = started(START)
    for number, count in enumerate(tokens, 1):
        session = apply(session, checkpoint(number, count))
    assert (session.total_tokens, session.high_tokens) == (sum(tokens), 2 * sum(tokens))
    assert session.checkpoint_count == len(tokens)
    assert [item.tokens for item in session.recent] == tokens[-RECENT_CHECKPOINTS:]


@given(st.lists(st.integers(0, 99), min_size=1, max_size=20), st.data())
def test_an_entry_folded_in_twice_counts_once(tokens, data):
    entries = [checkpoint(number, count) for number, count in enumerate(tokens, 1)]
    session = started(START)
    for entry in entries:
        session = apply(session, entry)
    for entry in data.draw(st.lists(st.sampled_from(entries))):
        assert apply(session, entry) == session


def test_entries_of_another_session_change_nothing():
    session = started(START)
    assert apply(session, checkpoint(1, 5, session="other")) == session


def test_a_kind_of_a_later_version_moves_only_sequence_and_time():
    session = apply(started(START), {**checkpoint(1), "kind": "hologram"})
    assert (session.sequence, session.total_tokens, session.checkpoint_count) == (1, 0, 0)


def test_one_estimated_piece_makes_the_total_estimated():
    session = apply(apply(started(START), checkpoint(1)), checkpoint(2, method="estimated"))
    assert session.method == "estimated"
    assert apply(session, checkpoint(3)).method == "estimated"


def test_a_piece_of_no_tokens_does_not_change_how_the_total_is_known():
    """The git hook records one for each commit: nobody typed a figure."""
    session = apply(apply(started(START), checkpoint(1)), checkpoint(2, 0, method="reported"))
    assert (session.method, session.checkpoint_count) == ("counted", 2)
