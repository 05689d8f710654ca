import base64
import hashlib
import os
import struct
import sys

import pytest

from handoff_cli.errors import UnknownEncodingError
from handoff_cli.tokens import vocabulary
from handoff_cli.tokens.vocabulary import Vocabulary, words

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
