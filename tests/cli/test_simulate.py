"""``handoff simulate``: where a threshold would have tripped, and how much time was left."""

from __future__ import annotations

import json
import os

import pytest

from tests.transcripts import rows as r


@pytest.fixture
def session(project):
    """Grows by 10,000 a response to 160,000, a turn after every second; compacted; then to 50,000."""
    rows = [r.claude_user("begin", version="2.1.42")]
    for number in range(1, 17):
        rows.append(r.claude_response(number * 10_000, id_=f"m{number}", model="claude-opus-4-5"))
        rows.append(r.claude_response(number * 10_000, id_=f"m{number}", model="claude-opus-4-5"))
        if number % 2 == 0:
            rows.append(r.claude_user("and now"))
    rows += [r.claude_compact(161_000), r.claude_response(50_000, id_="after", model="claude-opus-4-5")]
    (project / "s.jsonl").write_text(r.jsonl(*rows))
    return "s.jsonl"


def simulated(handoff, *argv):
    code, out, err = handoff("simulate", "--json", *argv)
    assert code == 0, err
    return json.loads(out)


def test_the_trip_and_its_lead_are_those_of_the_usable_window(handoff, session):
    """80 % of 167,000 is 133,600: the fourteenth response trips, two more follow, and two prompts."""
    found = simulated(handoff, session)
    (transcript,) = found["transcripts"]
    assert (transcript["trip_line"], transcript["usable_tokens"], transcript["peak_tokens"]) == (
        133_600,
        167_000,
        160_000,
    )
    (trip,) = transcript["trips"]
    assert (trip["tokens"], trip["responses"], trip["turns"], trip["missed"]) == (140_000, 2, 2, False)
    assert trip["compaction"]["before"] == 161_000
    assert (found["compactions"], found["missed"], found["automatic"], found["responses_of_lead"]) == (1, 0, 1, 2)


def test_a_higher_threshold_misses_and_says_by_how_much(handoff, session):
    out = handoff("simulate", "--threshold", "0.97", session)[1]
    assert "missed, the peak before it was 160,000" in out
    assert "1 compaction, 1 missed (1 of 1 automatic)" in out
    assert simulated(handoff, "--threshold", "0.5", session)["transcripts"][0]["trips"][0]["responses"] == 7


def test_settings_and_window_count(handoff, session):
    handoff("config", "set", "warning_threshold", "0.5")
    assert simulated(handoff, session)["transcripts"][0]["trip_line"] == 83_500
    assert simulated(handoff, session, "--window", "1000000")["transcripts"][0]["trip_line"] == 483_500


def test_nothing_is_written(handoff, session, project):
    handoff("simulate", session)
    assert sorted(os.listdir(project)) == [".git", "s.jsonl"]


def test_what_never_compacted_and_what_records_nothing(handoff, project):
    (project / "a.jsonl").write_text(r.jsonl(r.claude_response(5)))
    (project / "b.jsonl").write_text(
        r.jsonl(r.codex("session_meta", cli_version="1"), r.codex("turn_context", model="gpt-5"))
    )
    out = handoff("simulate", "a.jsonl", "b.jsonl")[1]
    assert out.count("never compacted") == 2
    assert "no usage recorded" in out
    assert out.endswith("no compactions\n")


@pytest.mark.parametrize("argv", [["absent.jsonl"], ["."], ["--threshold", "2", "x"]])
def test_bad_input_is_one_clear_line(handoff, argv):
    code, out, err = handoff("simulate", *argv)
    assert code in (1, 2)
    assert (out, err.count("\n")) == ("", 1)


def test_where_no_agent_was_there_is_nothing_to_replay_yet(handoff):
    code, out, err = handoff("simulate")
    assert (code, out, err.count("\n"), "no agent has left a transcript" in err) == (0, "", 1, True)
    assert json.loads(handoff("simulate", "--json")[1])["transcripts"] == []


def test_the_forecast_is_held_against_what_came(handoff, session):
    """Growth is even, so what is foretold comes."""
    found = simulated(handoff, session)
    assert (found["forecasts"], found["forecast_error"]) == (11, 0.0)
    assert "'responses left' was off by 0% at 11 moments" in handoff("simulate", session)[1]
