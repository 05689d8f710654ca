"""Tokens that say within what they are."""

from __future__ import annotations

from random import Random
from string import ascii_letters, digits, hexdigits

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction import prefixes

PIECES = (
    "sk_",
    "pat_",
    "_key_",
    "cache_key_",
    "token_live_",
    "-",
    "_",
    "1",
    "sk",
    ".",
    "x_api_",
    ":",
    "v1:",
    "prod:a-b-1|",
)


def test_what_is_found_marked_may_be_marked():
    chance, found = Random(5), 0
    alphabets = (ascii_letters + digits, hexdigits[:16])
    for _ in range(3_000):
        drawn = (
            "".join(chance.choices(chance.choice(alphabets), k=length)) for length in (6, 8, 8, 22, 24, 26, 32, 43, 64)
        )
        parts = [*drawn, *chance.choices(PIECES, k=9)]
        chance.shuffle(parts)
        for match in compiled(prefixes._MARKED).finditer("".join(parts)):
            found += 1
            assert compiled(prefixes._MAY_BE_MARKED).search(match[0]) or compiled(prefixes._MAY_BE_MARKED).search("".join(parts))  # fmt: skip
    assert found > 100


def test_each_kind_of_token_that_says_within_what_it_is_may_be_one():
    h, a = "0a" * 40, "aB3" * 90
    for token in (f"{h[:32]}-{h[:8]}-{h[:8]}", f"{h[:24]}:{h[:64]}", f"{h[:8]}-{h[:4]}-{h[:4]}-{h[:4]}-{h[:12]}:{h[:32]}", f"sk{a[:178]}", f"sk_live_{a[:28]}", f"apikey_{a[:30]}", f"tok_{a[:28]}", f"1{a[:26]}_{a[:21]}", f"{a[:6]}.{a[:6]}:{a[:43]}", f"v1:{a[:22]}:{a[:24]}", f"prod:ab-cd-12|{a[:40]}", f"my_api_{a[:32]}", f"x_key_{a[:40]}"):  # fmt: skip
        assert compiled(prefixes._MARKED).search(token), token
        assert compiled(prefixes._MAY_BE_MARKED).search(token), token
