"""Counts only equal counts: the cold counter and the stream against tiktoken, on whatever a machine holds."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from referee import expected, machine_texts, pieces, referee

from handoff_cli.tokens import encode
from handoff_cli.tokens.encode import LongPiece, cold_counter, split_tokens
from handoff_cli.tokens.stream import StreamCounter
from handoff_cli.tokens.vocabulary import SHIPPED

BUDGET = 600_000
ALPHABET = (
    "'sS'tT'll'LL'Ve're'Dm\u017f \t\n\r\x0b\x0c\x00\x1c\x1f\x85\u2028\u3000\xa0/!?.,-_<|endoftext|>\u0301\u0300"
    "日本語漢字ABCabcǅʰ١２３½😀\u200d👩\ufeff\ufffd\ud800\udc00\ud83d\ude00ÀéßΩЖжأกำहिन्दी0123456789"
)
texts = st.lists(
    st.one_of(
        st.text(ALPHABET, max_size=12),
        st.text(max_size=8),
        st.tuples(st.text(ALPHABET, min_size=1, max_size=3), st.integers(1, 50)).map(lambda pair: pair[0] * pair[1]),
    ),
    max_size=12,
).map("".join)


def test_equal_to_tiktoken_on_what_a_machine_has(encoding):
    cold = cold_counter(encoding)
    wrong = [text[:80] for text in machine_texts(BUDGET) if cold.count(text) != expected(encoding, text)]
    assert not wrong


def test_equal_to_tiktoken_on_random_splices(encoding):
    chance = random.Random(1)
    cold, sources = cold_counter(encoding), machine_texts(BUDGET)
    for _ in range(1_200):
        parts = []
        for _ in range(chance.randrange(1, 6)):
            source = chance.choice(sources)
            at = chance.randrange(len(source) + 1)
            parts.append(source[at : at + chance.randrange(60)])
            parts.append("".join(chance.choices(ALPHABET, k=chance.randrange(4))) * chance.randrange(1, 6))
        text = "".join(parts)
        assert cold.count(text) == expected(encoding, text), ascii(text)


@pytest.mark.parametrize("encoding", SHIPPED)
@settings(max_examples=200, deadline=None)
@given(text=texts)
def test_equal_to_tiktoken_on_any_text(encoding, text):
    assert cold_counter(encoding).count(text) == expected(encoding, text)


@pytest.mark.parametrize("encoding", SHIPPED)
@settings(max_examples=200, deadline=None)
@given(text=texts, sizes=st.lists(st.integers(1, 40), min_size=1), chunk=st.integers(8, 40), cold=st.integers(0, 60))
def test_a_stream_counts_the_same_however_it_is_chunked(encoding, text, sizes, chunk, cold):
    """Tiny chunks drive every path: safe cuts, pieces without one, pieces longer than a chunk, half surrogate pairs."""
    counter = StreamCounter(encoding, cold_chars=cold, chunk_chars=chunk)
    at = turn = 0
    while at < len(text):
        counter.feed(text[at : at + sizes[turn % len(sizes)]])
        at += sizes[turn % len(sizes)]
        turn += 1
    assert counter.settle() == expected(encoding, text)


@pytest.mark.parametrize(
    "character", ["a", "A", "-", " ", "\t", "\n", "\0", "日", "\u3000", "7", "aB", "日A", "=\n", "'s", "\u0e01\u0e33"]
)
def test_runs_longer_than_a_chunk_are_counted_right(encoding, character):
    """140,000 characters without a cut, after and before a word; tiktoken splits up to a million white spaces."""
    text = f"word{character * (140_000 // len(character))}word"
    counter = StreamCounter(encoding, cold_chars=1 << 16)
    for at in range(0, len(text), 70_001):
        counter.feed(text[at : at + 70_001])
    assert counter.settle() == expected(encoding, text)


@pytest.mark.parametrize("character", [" ", "\u3000"])
def test_white_space_at_which_tiktoken_panics_is_counted(encoding, character):
    """1.2 million white spaces between words: the count of the run alone, minus its last, is known by its pieces."""
    run = character * 1_200_000
    counter = StreamCounter(encoding)
    counter.feed(f"x{run}x")
    alone = len(referee(encoding)._encode_single_piece(run[:-1]))
    tail = expected(encoding, f"{character}x")
    assert counter.settle() == 1 + alone + tail


def test_special_tokens_are_plain_text(encoding):
    assert cold_counter(encoding).count("a<|endoftext|>b") == expected(encoding, "a<|endoftext|>b") > 3


def test_a_short_piece_has_the_tokens_of_tiktoken(encoding):
    """Below and above the length where the heap takes over."""
    rank = cold_counter(encoding).ranks.rank
    for piece in pieces(300, 500):
        if rank(piece) is None:
            tokens = referee(encoding).decode_tokens_bytes(referee(encoding)._encode_single_piece(piece))
            assert split_tokens(piece, rank) == tokens


@pytest.mark.parametrize(("window", "held"), [(300, 1), (300, 2), (2048, 8), (5000, 32)])
def test_a_long_piece_is_exact_across_its_seams(encoding, window, held, monkeypatch):
    """Small windows with next to nothing held back: every seam has to be mended by the rule of neighbours."""
    monkeypatch.setattr(encode, "WINDOW", window)
    monkeypatch.setattr(encode, "_HELD", held)
    chance = random.Random(window)
    for piece in pieces(12, 4000):
        counter, at = LongPiece(cold_counter(encoding).ranks.rank), 0
        while at < len(piece):
            size = chance.randrange(1, 2000)
            counter.feed(piece[at : at + size])
            at += size
            counter.count()
        assert counter.count() == len(referee(encoding)._encode_single_piece(piece))
