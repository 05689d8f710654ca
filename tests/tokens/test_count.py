import sys
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st
from referee import expected

from handoff_cli.errors import UnknownEncodingError
from handoff_cli.models.table import FACTORS, UNKNOWN_FACTORS
from handoff_cli.tokens.count import ContentMix, TextCounter, TokenCount, count_tokens

ENGLISH = "The quick brown fox jumps over the lazy dog, and then it rests for a while.\n" * 200
TEXTS = {
    "latin": ENGLISH,
    "accented": "Die Füße größerer Bären müssen täglich gewärmt werden, außer für kürzere Gänge. " * 100,
    "cjk": "今日は天気がいいから散歩しましょう。" * 200,
    "hangul": "오늘은 날씨가 좋아서 산책을 합시다. " * 200,
    "cyrillic": "Сегодня хорошая погода, давайте погуляем в парке. " * 200,
    "other": "วันนี้อากาศดีเราไปเดินเล่นกันเถอะ" * 200,
}


@pytest.mark.parametrize("model", [None, "gpt-4o", "gpt-5.4", "o3", "gpt-oss-120b"])
def test_a_public_tokenizer_counts(model):
    tokens = expected("o200k_base", ENGLISH)
    encoding = "o200k_harmony" if model == "gpt-oss-120b" else "o200k_base"
    assert count_tokens(ENGLISH, model) == TokenCount(tokens, "counted", encoding, tokens, tokens, model)
    assert count_tokens(ENGLISH, model, safe=True).tokens == tokens


def test_an_encoding_that_is_named_goes_before_the_models():
    """It stays a count while the ranks are the same, and becomes an estimate where they are not."""
    tokens = expected("cl100k_base", ENGLISH)
    assert count_tokens(ENGLISH, encoding="cl100k_base").method == "counted"
    assert count_tokens(ENGLISH, "gpt-4", "cl100k_base").method == "counted"
    assert count_tokens(ENGLISH, "gpt-4o", "o200k_harmony").method == "counted"
    other = count_tokens(ENGLISH, "gpt-4o", "cl100k_base")
    assert (other.tokens, other.method, other.encoding) == (tokens, "estimated", "cl100k_base")
    assert other.low <= other.tokens <= other.high
    assert "cl100k_base is not the tokenizer of gpt-4o" in other.note


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("model", ["claude-opus-4-6", "claude-opus-4-8", "gemini-3-pro", "qwen3.8-max"])
def test_an_estimate_takes_the_factor_of_the_content(kind, model):
    """Text of one kind is scaled by that kind's factor, within a few per cent for spaces and punctuation."""
    family = {"c": "claude", "g": "gemini", "q": "qwen"}[model[0]]
    best, low, high = FACTORS["claude-4.7" if model.endswith("8") else family][kind]
    base = expected("o200k_base", TEXTS[kind])
    count = count_tokens(TEXTS[kind], model)
    assert (count.method, count.model) == ("estimated", model)
    assert count.tokens == pytest.approx(base * best, rel=0.08)
    assert count.low == pytest.approx(base * low, rel=0.08)
    assert count.high == pytest.approx(base * high, rel=0.08)
    assert count_tokens(TEXTS[kind], model, safe=True).tokens == count.high


@pytest.mark.parametrize("model", ["no-such-model", "grok-4.5"])
def test_an_unknown_tokenizer_has_the_widest_band(model):
    base = expected("o200k_base", ENGLISH)
    count = count_tokens(ENGLISH, model)
    _, low, high = UNKNOWN_FACTORS["latin"]
    assert (count.tokens, count.method) == (base, "estimated")
    assert (count.low, count.high) == (pytest.approx(base * low, abs=2), pytest.approx(base * high, abs=2))
    assert "band over all known families" in count.note


def test_an_unknown_encoding_is_refused():
    with pytest.raises(UnknownEncodingError):
        count_tokens("x", encoding="nope")


@given(st.text(max_size=60), st.sampled_from([None, "claude-sonnet-5", "gpt-4o", "what"]))
def test_the_band_holds_the_figure(text, model):
    count = count_tokens(text, model)
    assert 0 <= count.low <= count.tokens <= count.high


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=5))
def test_the_mix_of_content_does_not_depend_on_the_chunks(sizes):
    text = "".join(TEXTS.values()) * 3
    whole, parts = ContentMix(), ContentMix()
    whole.feed(text)
    at = turn = 0
    while at < len(text):
        parts.feed(text[at : at + sizes[turn % len(sizes)]])
        at += sizes[turn % len(sizes)]
        turn += 1
    assert parts.shares() == whole.shares()
    assert sum(whole.shares().values()) == pytest.approx(1)


def test_a_stream_gives_what_the_whole_gives():
    counter = TextCounter("claude-opus-4-8")
    for at in range(0, len(ENGLISH), 777):
        counter.feed(ENGLISH[at : at + 777])
    assert counter.result() == count_tokens(ENGLISH, "claude-opus-4-8")


def test_the_exact_counter_of_claude_is_used_when_asked_for(monkeypatch):
    """The frame that ctok puts around a message is not part of the text."""
    module = types.ModuleType("ctok")
    module.token_count = lambda text, version: (
        len(text.split()) + {"3.0": 7, "4.7": 11, "4.8": 6}[version] if text else 99
    )
    monkeypatch.setitem(sys.modules, "ctok", module)
    for model, version in (("claude-opus-4-6", "3.0"), ("claude-opus-4-7", "4.7"), ("claude-sonnet-5", "4.8")):
        count = count_tokens("one two three", model, exact=True)
        assert (count.tokens, count.method, count.tokenizer) == (3, "counted", f"ctok {version}")
        assert "reconstruction" in count.note
    assert count_tokens("", "claude-opus-4-6", exact=True).tokens == 0
    assert count_tokens("one two three", "claude-opus-4-6").encoding == "o200k_base"


def test_the_exact_counter_of_others_is_used_when_asked_for(monkeypatch):
    module = types.ModuleType("splintr")
    module.Tokenizer = types.SimpleNamespace(
        from_pretrained=lambda name: types.SimpleNamespace(encode_ordinary=lambda text: [name] * len(text.split()))
    )
    monkeypatch.setitem(sys.modules, "splintr", module)
    count = count_tokens("one two three", "gemini-3-pro", exact=True)
    assert (count.tokens, count.method, count.tokenizer) == (3, "counted", "splintr gemma3")
    assert count_tokens("one two three", "kimi-k3", exact=True).method == "estimated"


def test_without_the_package_exact_falls_back_to_the_estimate(monkeypatch):
    monkeypatch.setitem(sys.modules, "ctok", None)
    monkeypatch.setitem(sys.modules, "splintr", None)
    for model in ("claude-opus-4-6", "gemini-3-pro", "unheard-of"):
        assert count_tokens(ENGLISH, model, exact=True) == count_tokens(ENGLISH, model)


def test_installed_ctok_has_the_frames_we_take_off():
    ctok = pytest.importorskip("ctok")
    from handoff_cli.tokens.count import CTOK_FRAMES

    for version, frame in CTOK_FRAMES.items():
        assert ctok.token_count("hello, world", version) - frame in (3, 4)


@pytest.mark.parametrize("size", [10, 500, 999, 1_000, 1_001, 5_000])
def test_a_text_fed_in_bits_counts_the_same_short_or_long(size, monkeypatch):
    """Up to a limit a text is kept and counted at once, beyond it the counter for streams takes what was kept."""
    monkeypatch.setattr("handoff_cli.tokens.count.COLD_CHARS", 1_000)
    text = ("naïve users' 例 of\n\n  tabs\tand \ud83d\ude00 " * 200)[:size]
    counter = TextCounter()
    for at in range(0, size, 7):
        counter.feed(text[at : at + 7])
    assert counter.result() == counter.result() == count_tokens(text)
    assert (counter._stream is None) == (size <= 1_000)
