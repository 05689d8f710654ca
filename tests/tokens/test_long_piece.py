import random

import pytest
from referee import pieces, referee

from handoff_cli.tokens import long_piece
from handoff_cli.tokens.cold import cold_counter
from handoff_cli.tokens.long_piece import LongPiece


@pytest.mark.parametrize(("window", "held"), [(300, 1), (300, 2), (2048, 8), (5000, 32)])
def test_a_long_piece_is_exact_across_its_seams(encoding, window, held, monkeypatch):
    """Small windows with next to nothing held back: every seam has to be mended by the rule of neighbours."""
    monkeypatch.setattr(long_piece, "WINDOW", window)
    monkeypatch.setattr(long_piece, "_HELD", held)
    chance = random.Random(window)
    for piece in pieces(40, 4000):
        counter, at = LongPiece(cold_counter(encoding).ranks.rank), 0
        while at < len(piece):
            size = chance.randrange(1, 2000)
            counter.feed(piece[at : at + size])
            at += size
            counter.count()
        assert counter.count() == len(referee(encoding)._encode_single_piece(piece))
