"""Where the context begins in a log, what was added to it, and whether a warning would have come in time."""

from __future__ import annotations

import os

import pytest

from handoff_cli.agents.readers import iter_texts, opened, read_transcript, reader_of
from handoff_cli.constants import DEFAULT_WARNING_THRESHOLD
from handoff_cli.transcripts.growth import compaction_before, compactions_between, replay, texts_between
from handoff_cli.transcripts.tail import version_of
from tests.agents.test_windows import usable
from tests.transcripts import rows as r

CLAUDE = [
    r.claude_user("one"),
    r.claude_response(10),
    r.claude_compact(),
    r.claude_user("two"),
    r.claude_response(5, id_="b"),
    r.claude_compact(),
    r.claude_user("three"),
]
CODEX = [
    r.codex("session_meta", cli_version="0.125.0"),
    r.codex_tokens(10),
    r.codex("compacted", message="summary one"),
    r.codex("event_msg", type="context_compacted"),
    r.codex_tokens(5),
    r.codex("compacted", message="summary two"),
    r.codex("event_msg", type="context_compacted"),
    r.codex("event_msg", type="user_message", message="three"),
]


@pytest.fixture(params=[("claude_code", CLAUDE), ("codex", CODEX)], ids=["claude", "codex"])
def log(request, tmp_path):
    format_, rows = request.param
    reader = reader_of(format_)
    path = tmp_path / "t.jsonl"
    path.write_text(r.jsonl(*rows))
    offsets = [0]
    for row in rows:
        offsets.append(offsets[-1] + len(r.jsonl(row)))
    return str(path), reader, offsets


def test_the_context_begins_at_the_last_compaction(log):
    """Of the two rows Codex writes, at the first, which holds the summary."""
    path, reader, offsets = log
    assert compaction_before(path, reader, offsets[-1]) == offsets[5]
    assert compaction_before(path, reader, offsets[5]) == offsets[2]
    assert compaction_before(path, reader, offsets[2]) == 0


def test_compactions_are_counted_once_each(log):
    path, reader, offsets = log
    assert compactions_between(path, reader, 0, offsets[-1]) == 2
    assert compactions_between(path, reader, offsets[4], offsets[-1]) == 1
    assert compactions_between(path, reader, offsets[-1], offsets[-1]) == 0


def test_texts_from_there_are_those_of_the_context(log):
    path, reader, offsets = log
    begin = compaction_before(path, reader, offsets[-1])
    pieces = list(texts_between(path, reader, begin, offsets[-1]))
    assert pieces[0] is None
    assert pieces[1:] == list(iter_texts(path))


def test_a_line_that_has_not_ended_is_not_read(log):
    path, reader, offsets = log
    assert list(texts_between(path, reader, offsets[-2], offsets[-1] - 1)) == []


def test_the_version_is_in_the_first_rows(log):
    path, reader, _ = log
    with open(path, "rb") as stream:
        assert version_of(stream) == ("0.125.0" if reader.AGENT == "codex" else "2.1.42")


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
        tokens = usable(transcript.agent, transcript.versions[-1], 200_000)[0]
        trips = replayed(path, int(tokens * DEFAULT_WARNING_THRESHOLD))
        leads += [trip for trip in trips if trip.compaction.trigger == "auto"]
    assert len(leads) == 4
    assert not any(trip.missed() for trip in leads)
    assert all(trip.responses > 0 for trip in leads)
