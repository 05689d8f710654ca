from referee import pieces, referee

from handoff_cli.tokens.cold import cold_counter, split_tokens


def test_a_short_piece_has_the_tokens_of_tiktoken(encoding):
    """Below and above the length where the heap takes over."""
    rank = cold_counter(encoding).ranks.rank
    for piece in pieces(300, 500):
        if rank(piece) is None:
            tokens = referee(encoding).decode_tokens_bytes(referee(encoding)._encode_single_piece(piece))
            assert split_tokens(piece, rank) == tokens
