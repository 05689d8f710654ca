import base64
import hashlib

import pytest
import tiktoken

from handoff_cli.errors import UnknownEncodingError
from handoff_cli.tokens import cached
from handoff_cli.tokens.bulk import PATTERNS
from handoff_cli.tokens.cold import ColdCounter
from handoff_cli.tokens.encodings import SOURCES, source_of

OLD = ("p50k_base", "p50k_edit", "r50k_base", "gpt2")
WORDS = [b" the", b"he", b" t", b"th", b"  ", b"'s", b"\xe6\x97", b"\xe6\x97\xa5"]


@pytest.fixture
def tiny_cache(tmp_path, monkeypatch):
    """tiktoken's cache folder, with vocabularies of 264 tokens under the names and sums it would look for."""
    ranks = {**{bytes([byte]): byte for byte in range(256)}, **{word: 256 + at for at, word in enumerate(WORDS)}}
    text = b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in ranks.items())
    for name in cached.CACHED_SHA256:
        address = f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
        (tmp_path / hashlib.sha1(address.encode()).hexdigest()).write_bytes(text)
        monkeypatch.setitem(cached.CACHED_SHA256, name, hashlib.sha256(text).hexdigest())
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    return ranks


@pytest.mark.parametrize("name", OLD)
def test_an_older_encoding_counts_from_tiktokens_cache(name, tiny_cache):
    """Same pattern and same merging as tiktoken over the same ranks."""
    built = tiktoken.Encoding(
        name, pat_str=PATTERNS[source_of(name).pattern], mergeable_ranks=tiny_cache, special_tokens={}
    )
    cold = ColdCounter(name)
    for text in ("the cat's here", "  the\n\n  日本 12345 'S '\u017f don't\t\t", "日" * 50, "x  ", "\n \n", ""):
        assert cold.count(text) == len(built.encode_ordinary(text))


@pytest.mark.parametrize("name", OLD)
def test_without_the_file_an_error_says_how_to_get_it(name, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_GYM_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    with pytest.raises(UnknownEncodingError, match=str(tmp_path)) as caught:
        ColdCounter(name)
    assert "tiktoken.get_encoding" in caught.value.hint


def test_a_file_with_the_wrong_sum_is_not_used(tiny_cache, monkeypatch):
    monkeypatch.setitem(cached.CACHED_SHA256, "r50k_base", "0" * 64)
    with pytest.raises(UnknownEncodingError):
        ColdCounter("gpt2")


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(UnknownEncodingError, match="o300k") as caught:
        ColdCounter("o300k")
    assert all(name in caught.value.hint for name in SOURCES)


def test_harmony_counts_as_o200k():
    text = "<|start|>user<|message|>Hello<|end|>"
    assert ColdCounter("o200k_harmony").count(text) == ColdCounter("o200k_base").count(text)


def test_every_encoding_of_tiktoken_is_known_with_its_pattern(monkeypatch):
    """A change in tiktoken's own list or patterns shows here."""
    public = pytest.importorskip("tiktoken_ext.openai_public")
    monkeypatch.setattr(public, "load_tiktoken_bpe", lambda *_, **__: {})
    monkeypatch.setattr(public, "data_gym_to_mergeable_bpe_ranks", lambda *_, **__: {})
    assert set(public.ENCODING_CONSTRUCTORS) == set(SOURCES)
    for name, constructor in public.ENCODING_CONSTRUCTORS.items():
        assert constructor()["pat_str"] == PATTERNS[source_of(name).pattern]
