import pytest
import tiktoken.model

from handoff_cli.models.lookup import find_model
from handoff_cli.models.table import FACTORS, MODELS, TOKENS_PER_CHAR, UNKNOWN_FACTORS


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
