import pytest
import tiktoken.model

from handoff_cli.models.lookup import Calibration, bare_name, calibrations_of, find_calibration, find_model
from handoff_cli.models.table import FACTORS, MODELS, TOKENS_PER_CHAR, UNKNOWN_FACTORS
from handoff_cli.tokens.count import Scale


@pytest.mark.parametrize(("name", "encoding"), sorted(tiktoken.model.MODEL_TO_ENCODING.items()))
def test_gives_the_encoding_that_tiktoken_gives(name, encoding):
    assert find_model(name).encoding == encoding
    assert find_model(name).counted


@pytest.mark.parametrize(("prefix", "encoding"), sorted(tiktoken.model.MODEL_PREFIX_TO_ENCODING.items()))
def test_gives_the_encoding_of_tiktokens_prefixes(prefix, encoding):
    """Dated, and fine-tuned where the prefix is of that kind."""
    model = f"{prefix}:acme::x1" if prefix.startswith("ft:") else f"{prefix.removesuffix('-')}-2031-01-31"
    assert find_model(model).encoding == encoding


@pytest.mark.parametrize(
    ("model", "pattern", "family", "window", "limit"),
    [
        ("claude-3-5-sonnet-20241022", "claude-3*", "claude", 200_000, 200_000),
        ("anthropic/claude-sonnet-4", "claude-sonnet-4", "claude", 200_000, 200_000),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4", "claude", 200_000, 200_000),
        ("claude-haiku-4-5@20251001", "claude-haiku-4", "claude", 200_000, 200_000),
        ("openrouter/anthropic/claude-opus-4.6", "claude-opus-4-6", "claude", 1_000_000, 1_000_000),
        ("claude-opus-4-7-20260401", "claude-opus-4-7", "claude-4.7", 1_000_000, 1_000_000),
        ("claude-sonnet-5", "claude-sonnet-5*", "claude-4.7", 1_000_000, 1_000_000),
        ("claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4", "claude", 1_000_000, 1_000_000),
        ("claude-opus-4-8[200k]", "claude-opus-4-8", "claude-4.7", 200_000, 200_000),
        ("Claude Opus", "claude*", "claude-4.7", 200_000, 200_000),
        ("gpt-5.3-codex", "gpt-5*", "openai", 400_000, 272_000),
        ("gpt-5.4", "gpt-5.4", "openai", 1_050_000, 922_000),
        ("gpt-5.4-mini-2026-03-01", "gpt-5.4-mini", "openai", 400_000, 272_000),
        ("gpt-5.1-chat-latest", "gpt-5.1-chat", "openai", 128_000, 128_000),
        ("gpt-4.1-mini", "gpt-4.1", "openai", 1_047_576, 1_047_576),
        ("google/gemini-3-pro-preview:free", "gemini-3*", "gemini", 1_048_576, 1_048_576),
        ("grok-4-fast-reasoning", "grok-4-fast", "grok", 2_000_000, 2_000_000),
        ("qwen3.8-max", "qwen3.8*", "qwen", 1_000_000, 991_808),
    ],
)
def test_ids_as_they_are_met(model, pattern, family, window, limit):
    """Provider prefixes, dates, versions, dots for dashes, a window in the id; the longest pattern wins."""
    info = find_model(model)
    assert (info.pattern, info.family, info.window, info.input_limit) == (pattern, family, window, limit)
    assert info.model == model


@pytest.mark.parametrize("model", ["", "foo", "gpt-4.9", "gpt-40", "o11", "adamant", "/", "[1m]", "my-claude"])
def test_an_unknown_model_is_none(model):
    assert find_model(model) is None


def test_only_openais_tokenizers_are_public():
    assert all(find_model(row[0].split()[0].rstrip("*")).counted == (row[1] == "openai") for row in MODELS)


def test_the_table_is_sound():
    """No pattern twice; bands hold the best figure; every kind of content has a factor; the unknown band is the widest."""
    patterns = [pattern for row in MODELS for pattern in row[0].split()]
    assert len(patterns) == len(set(patterns))
    for family, by_kind in FACTORS.items():
        assert by_kind.keys() == TOKENS_PER_CHAR.keys(), family
        for kind, (best, low, high) in by_kind.items():
            assert low <= best <= high
            assert UNKNOWN_FACTORS[kind][1] <= low
            assert UNKNOWN_FACTORS[kind][2] >= high
    assert {"claude", "claude-4.7"} <= FACTORS.keys() <= {row[1] for row in MODELS}


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
