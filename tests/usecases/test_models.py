"""What is known of models, and what transcripts teach of them, without the command line."""

import re
from pathlib import Path

import pytest

from handoff_cli.errors import InputError
from handoff_cli.usecases.models import calibrate, list_models, simulate, summary
from handoff_cli.usecases.place import locate
from tests.transcripts import rows as r


def test_a_row_is_what_the_lookup_of_that_id_says():
    rows = {row.model: row for row in list_models()}
    assert (rows["gpt-4o"].window, rows["gpt-4o"].encoding, rows["gpt-4o"].factor) == (128_000, "o200k_base", 1.0)
    assert list(rows) == sorted(rows)
    for row in rows.values():
        assert 0 < row.input_limit <= row.window
        assert row.factor is None or row.low <= row.factor <= row.high
        assert row.source
        assert row.date


def test_a_pattern_picks_and_a_dated_id_finds_its_family():
    assert {"claude" in row.model for row in list_models("CLAUDE")} == {True}
    (row,) = list_models("claude-opus-4-5-20251101")
    assert "claude-opus-4-5".startswith(row.model)
    with pytest.raises(InputError, match="no model like"):
        list_models("\x1bnobody")


def session(*tokens, compacted=True):
    rows = [r.claude_user("begin", version="2.1.42")]
    rows += [r.claude_response(it, id_=f"m{number}", model="claude-opus-4-5") for number, it in enumerate(tokens)]
    return r.jsonl(*rows, *([r.claude_compact(165_000)] if compacted else []))


def test_a_threshold_is_held_against_what_happened(place, project):
    (project / "in-time.jsonl").write_text(session(100_000, 140_000, 160_000))
    (project / "too-late.jsonl").write_text(session(100_000, 120_000))
    (project / "none.jsonl").write_text(session(10_000, compacted=False))
    simulations = simulate(place, ["in-time.jsonl", "too-late.jsonl", "none.jsonl"])
    assert [[trip.missed() for trip in it.trips] for it in simulations] == [[False], [True], []]
    total = summary(simulations)
    assert (total.compactions, total.missed, total.responses_of_lead) == (2, 1, 1)
    assert summary([]).responses_of_lead is None


def test_without_names_the_projects_own_are_meant_and_none_is_no_failure(project):
    place = locate(str(project))
    assert simulate(place, []) == []
    assert calibrate(place).transcripts == ()
    folder = Path.home() / ".claude" / "projects" / re.sub(r"[^A-Za-z0-9]", "-", str(project))
    folder.mkdir(parents=True)
    row = r.claude_user("begin", cwd=str(project))
    (folder / "5e551011-0000-4000-8000-00000000000c.jsonl").write_text(
        r.jsonl(row, r.claude_response(10_000, cwd=str(project)))
    )
    (found,) = simulate(place, [])
    assert found.peak_tokens == 10_000
    result = calibrate(place)
    assert result.transcripts == (found.transcript,)
    assert (result.learned, result.stored) == ((), None), "one response is compared with none"
