"""Tokens that say within what they are."""

from __future__ import annotations

from random import Random
from string import ascii_letters, digits, hexdigits

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction import prefixes


def test_where_there_is_no_colon_what_is_found_without_those_that_have_one_is_what_is_found_with_them():
    chance = Random(5)
    pieces = ("sk_", "pat_", "_key_", "cache_key_", "token_live_", "-", "_", "1", "sk", ".", "x_api_")
    found = 0
    for _ in range(400):
        parts = [chance.choice(pieces) if chance.random() < 0.4 else "".join(chance.choices(chance.choice((ascii_letters + digits, hexdigits[:16])), k=chance.choice((8, 22, 26, 32, 178)))) for _ in range(12)]  # fmt: skip
        word = "".join(parts)
        marked = [(match.span(), match.groups()) for match in compiled(prefixes._MARKED).finditer(word)]
        plainly = [(match.span(), match.groups()) for match in compiled(prefixes._MARKED_PLAINLY).finditer(word)]
        found += len(marked)
        assert [(span, [it for it in groups if it]) for span, groups in marked] == [(span, [it for it in groups if it]) for span, groups in plainly]  # fmt: skip
    assert found > 100
