"""The user's own factors: found by model, and refused where somebody wrote nonsense."""

from __future__ import annotations

import pytest

from handoff_cli.models.calibration import Calibration, calibrations_of, find_calibration
from handoff_cli.models.lookup import bare_name
from handoff_cli.tokens.count import Scale

OWN = Calibration("o200k_base", 1.3, 1.1, 1.6, 50, 20_000, "2026-01-01")


@pytest.mark.parametrize(
    "model",
    [
        *("claude-opus-4-5-20251101", "anthropic/claude-opus-4-5", "Claude-Opus-4-5[1m]", "claude-opus-4-5@20251101"),
        *("us.anthropic.claude-opus-4-5-20251101-v1:0", "openrouter/anthropic/claude-opus-4.5", "claude-opus-4-5:free"),
    ],
)
def test_a_model_is_the_same_whatever_stands_around_its_name(model):
    assert bare_name(model) == "claude-opus-4-5"
    assert find_calibration({"claude-opus-4-5": OWN}, model, "o200k_base") is OWN
    assert find_calibration({"claude-opus-4-5": OWN}, model, "cl100k_base") is None


def test_an_estimate_uses_the_own_factor_and_says_so():
    count = Scale("claude-opus-4-5", calibrations={"claude-opus-4-5": OWN}).count(1000)
    assert (count.tokens, count.low, count.high, count.method) == (1300, 1100, 1600, "estimated")
    assert "times 1.30, calibrated on 50 responses of your own" in count.note
    assert Scale("claude-opus-4-5", calibrations={"claude-opus-4-5": OWN}, safe=True).count(1000).tokens == 1600
    assert "measured" in Scale("claude-opus-4-6", calibrations={"claude-opus-4-5": OWN}).count(1000).note
    assert Scale("gpt-4o", calibrations={"gpt-4o": OWN}).count(1000).method == "counted"


def test_what_was_written_is_read_back():
    assert calibrations_of({"m": OWN.to_dict()}) == {"m": OWN}


@pytest.mark.parametrize(
    "change",
    [{"factor": 0}, {"factor": "1"}, {"low": 1.4}, {"high": 1.2}, {"samples": -1}, {"encoding": None}, {"factor": 1e9}],
)
def test_nonsense_is_refused_by_name(change):
    with pytest.raises(ValueError, match=r"calibration\.m"):
        calibrations_of({"m": {**OWN.to_dict(), **change}})
    with pytest.raises(ValueError, match="calibration"):
        calibrations_of([])
