"""What the tests of counting share: tiktoken itself, built from our own vocabularies, as the referee."""

from __future__ import annotations

import functools
import gzip
import os
import random
import sysconfig

import tiktoken

from handoff_cli.tokens.engine import TIKTOKEN_PATTERNS
from handoff_cli.tokens.vocabulary import ranks_of


@functools.cache
def referee(encoding: str) -> tiktoken.Encoding:
    return tiktoken.Encoding(
        encoding,
        pat_str=TIKTOKEN_PATTERNS[encoding],
        mergeable_ranks=dict(ranks_of(encoding).items()),
        special_tokens={},
    )


def expected(encoding: str, text: str) -> int:
    return len(referee(encoding).encode_ordinary(text))


@functools.cache
def machine_texts(budget: int) -> tuple[str, ...]:
    """Up to ``budget`` characters of what any machine has: sources, licences, manuals in many languages, Unicode."""
    chance = random.Random(20261123)
    files = [
        os.path.join(folder, name)
        for root in (sysconfig.get_path("stdlib"), "/usr/share/common-licenses", "/usr/share/man")
        for folder, _, names in os.walk(root)
        if "__pycache__" not in folder
        for name in names
    ]
    files.sort()
    chance.shuffle(files)
    texts = [
        "".join(map(chr, range(start, start + 0x400)))
        for start in range(0, 0x20000, 0x400)
        if not 0xD800 <= start < 0xE000
    ]
    spent = sum(map(len, texts))
    for path in files:
        try:
            with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
                text = file.read(12_000).decode("utf-8", "replace")
        except OSError:
            continue
        spent += len(text)
        if spent > budget:
            break
        texts.append(text)
    return tuple(texts)


SOURCES = ("a", "ab", "aA", "abc", " \t", "日本", "-=", "\0\x01", "etaoin shrdlu", "👨👩", "etaoinshrdlucmfwypvbgkjqxz")


def pieces(count, longest):
    """``count`` pieces of up to ``longest`` bytes, of many kinds, the same each time."""
    chance = random.Random(3)
    for _ in range(count):
        letters = chance.choice(SOURCES)
        blocks = [
            "".join(chance.choices(letters, k=chance.randrange(1, 6))) * chance.randrange(1, 9) for _ in range(longest)
        ]
        yield "".join(blocks)[: chance.randrange(1, longest)].encode()
