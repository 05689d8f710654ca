"""Whether a warning would have come before the compaction."""

from __future__ import annotations

import os

import pytest

from handoff_cli.agents.readers import opened, read_transcript
from handoff_cli.agents.windows import usable_tokens
from handoff_cli.constants import DEFAULT_WARNING_THRESHOLD
from handoff_cli.transcripts.replay import replay
from tests.transcripts import rows as r


def replayed(path, trip_line):
    source, reader, _ = opened(path)
    return list(replay(source, reader.events(source), trip_line))


@pytest.fixture
def path(tmp_path):
    """Trips at the second response; then one response in two rows, a turn's end, a prompt, a response, compaction."""
    file = tmp_path / "t.jsonl"
    file.write_text(
        r.jsonl(
            r.claude_user("go"),
            r.claude_response(100_000, id_="a"),
            r.claude_response(130_000, id_="b"),
            r.claude_response(130_000, id_="b"),
            r.claude_response(140_000, id_="c"),
            r.claude_response(140_000, id_="c"),
            r.claude("system", subtype="stop_hook_summary"),
            r.claude_user("on"),
            r.claude_response(150_000, id_="d"),
            r.claude_compact(155_500),
            r.claude_user("This session is being continued", isCompactSummary=True),
            r.claude_response(40_000, id_="e"),
            r.claude_compact(41_000, "manual"),
        )
    )
    return str(file)


def test_trip_tells_where_and_how_much_was_left(path):
    """One trip before the first compaction, none before the second."""
    first, second = replayed(path, 124_000)
    assert (first.position, first.tokens, first.responses, first.turns, first.peak) == (3, 130_000, 2, 1, 150_000)
    assert (first.compaction.position, first.compaction.before, first.compaction.trigger) == (10, 155_500, "auto")
    assert not first.missed()
    assert second.missed()
    assert (second.peak, second.responses, second.turns) == (40_000, 0, 0)


def test_line_never_reached_is_missed(path):
    """At 160,000 of a window of 200,000 the warning never comes."""
    assert [trip.missed() for trip in replayed(path, 160_000)] == [True, True]


def test_prompt_after_a_response_is_a_turn_boundary(tmp_path):
    """Without hooks no end of a turn is recorded; a new prompt tells of it all the same."""
    file = tmp_path / "t.jsonl"
    file.write_text(r.jsonl(r.claude_response(9_000), r.claude_user("on"), r.claude_user("now"), r.claude_compact()))
    assert [trip.turns for trip in replayed(str(file), 9_000)] == [2]


def test_warning_comes_before_every_recorded_automatic_compaction(samples):
    """With the default threshold, a share of the usable window, on all real sessions."""
    folder = os.path.join(samples, "claude-code")
    leads = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        transcript = read_transcript(path)
        if "census" in name or not transcript.compactions:
            continue
        usable = usable_tokens(transcript.agent, transcript.versions[-1], 200_000).tokens
        trips = replayed(path, int(usable * DEFAULT_WARNING_THRESHOLD))
        leads += [trip for trip in trips if trip.compaction.trigger == "auto"]
    assert len(leads) == 4
    assert not any(trip.missed() for trip in leads)
    assert all(trip.responses > 0 for trip in leads)
