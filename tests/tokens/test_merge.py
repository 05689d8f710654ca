import random

import pytest
from referee import referee

from handoff_cli.tokens import merge
from handoff_cli.tokens.cold import cold_counter
from handoff_cli.tokens.merge import LongPiece, split_tokens

SOURCES = ("a", "ab", "aA", "abc", " \t", "日本", "-=", "\0\x01", "etaoin shrdlu", "👨👩", "etaoinshrdlucmfwypvbgkjqxz")


def pieces(count, longest):
    chance = random.Random(3)
    for _ in range(count):
        letters = chance.choice(SOURCES)
        blocks = [
            "".join(chance.choices(letters, k=chance.randrange(1, 6))) * chance.randrange(1, 9) for _ in range(longest)
        ]
        yield "".join(blocks)[: chance.randrange(1, longest)].encode()


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
    monkeypatch.setattr(merge, "WINDOW", window)
    monkeypatch.setattr(merge, "_HELD", held)
    chance = random.Random(window)
    for piece in pieces(40, 4000):
        counter, at = LongPiece(cold_counter(encoding).ranks.rank), 0
        while at < len(piece):
            size = chance.randrange(1, 2000)
            counter.feed(piece[at : at + size])
            at += size
            counter.count()
        assert counter.count() == len(referee(encoding)._encode_single_piece(piece))
