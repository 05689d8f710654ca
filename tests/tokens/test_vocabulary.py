import base64
import hashlib
import os
import struct
import sys

import pytest
import tiktoken

from handoff_cli.errors import UnknownEncodingError, UsageError
from handoff_cli.tokens import vocabulary
from handoff_cli.tokens.encode import ColdCounter
from handoff_cli.tokens.engine import TIKTOKEN_PATTERNS
from handoff_cli.tokens.vocabulary import DEFINITIONS, Vocabulary, definition_of, words

SHA256 = {  # tiktoken_ext/openai_public.py
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}

NUMBERS = [1, 0x01020304, 0xFFFFFFFF]


def test_holds_exactly_the_published_ranks(encoding):
    """Written out again as OpenAI's own file, our vocabulary has the sum that tiktoken checks."""
    ranks = sorted(Vocabulary(encoding).items(), key=lambda item: item[1])
    text = b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in ranks)
    assert hashlib.sha256(text).hexdigest() == SHA256[encoding]


def test_finds_every_token_and_no_other(encoding):
    ranks = Vocabulary(encoding)
    tokens = dict(ranks.items())
    assert len(tokens) == ranks.size
    assert all(ranks.rank(token) == rank for token, rank in list(tokens.items())[::7])
    strangers = [token + b"\x00\xff" for token in list(tokens)[::50]]
    assert all(ranks.rank(token) == tokens.get(token) for token in strangers)


def test_words_are_little_endian():
    assert list(words(memoryview(struct.pack("<3I", *NUMBERS)))) == NUMBERS


def test_a_machine_of_the_other_byte_order_swaps_them(monkeypatch):
    """It reads each word the wrong way round; here such a machine is played with data that is."""
    wrong_way_round = struct.pack(">3I" if sys.byteorder == "little" else "<3I", *NUMBERS)
    monkeypatch.setattr(sys, "byteorder", "big")
    assert list(words(memoryview(wrong_way_round))) == NUMBERS


def test_a_missing_or_damaged_file_is_a_clear_error(tmp_path, monkeypatch):
    with open(os.path.join(vocabulary.FOLDER, "cl100k_base.vocab"), "rb") as file:
        whole = file.read()
    monkeypatch.setattr(vocabulary, "FOLDER", str(tmp_path))
    for damaged in (b"", whole[:5], whole[:100_000], b"X" + whole[1:], whole[:-1]):
        (tmp_path / "cl100k_base.vocab").write_bytes(damaged)
        with pytest.raises(UnknownEncodingError, match="cl100k_base"):
            Vocabulary("cl100k_base")
    with pytest.raises(UnknownEncodingError, match="o200k_base"):
        Vocabulary("o200k_base")


OLD = ("p50k_base", "p50k_edit", "r50k_base", "gpt2")
WORDS = [b" the", b"he", b" t", b"th", b"  ", b"'s", b"\xe6\x97", b"\xe6\x97\xa5"]


@pytest.fixture
def tiny_cache(tmp_path, monkeypatch):
    """tiktoken's cache folder, with vocabularies of 264 tokens under the names and sums it would look for."""
    ranks = {**{bytes([byte]): byte for byte in range(256)}, **{word: 256 + at for at, word in enumerate(WORDS)}}
    text = b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in ranks.items())
    for name in vocabulary.CACHED_SHA256:
        address = f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
        (tmp_path / hashlib.sha1(address.encode()).hexdigest()).write_bytes(text)
        monkeypatch.setitem(vocabulary.CACHED_SHA256, name, hashlib.sha256(text).hexdigest())
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    return ranks


@pytest.mark.parametrize("name", OLD)
def test_an_older_encoding_counts_from_tiktokens_cache(name, tiny_cache):
    """Same pattern and same merging as tiktoken over the same ranks."""
    built = tiktoken.Encoding(
        name, pat_str=TIKTOKEN_PATTERNS[definition_of(name).pattern], mergeable_ranks=tiny_cache, special_tokens={}
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
    monkeypatch.setitem(vocabulary.CACHED_SHA256, "r50k_base", "0" * 64)
    with pytest.raises(UnknownEncodingError):
        ColdCounter("gpt2")


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(UnknownEncodingError, match="o300k") as caught:
        ColdCounter("o300k")
    assert all(name in caught.value.hint for name in DEFINITIONS)
    assert caught.value.exit_code == UsageError.exit_code


def test_harmony_counts_as_o200k():
    text = "<|start|>user<|message|>Hello<|end|>"
    assert ColdCounter("o200k_harmony").count(text) == ColdCounter("o200k_base").count(text)


def test_every_encoding_of_tiktoken_is_known_with_its_pattern(monkeypatch):
    """A change in tiktoken's own list or patterns shows here."""
    public = pytest.importorskip("tiktoken_ext.openai_public")
    monkeypatch.setattr(public, "load_tiktoken_bpe", lambda *_, **__: {})
    monkeypatch.setattr(public, "data_gym_to_mergeable_bpe_ranks", lambda *_, **__: {})
    assert set(public.ENCODING_CONSTRUCTORS) == set(DEFINITIONS)
    for name, constructor in public.ENCODING_CONSTRUCTORS.items():
        assert constructor()["pat_str"] == TIKTOKEN_PATTERNS[definition_of(name).pattern]
