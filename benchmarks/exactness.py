"""Compare our counts with tiktoken's on tens of megabytes of whatever this machine holds; exit 1 at any difference.

Texts are sources, licences, manuals in many languages, gettext catalogues, every block of Unicode, and random splices
of all of them. Each is counted cold and, in random chunks, as a stream.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from typing import Any

from benchmarks.results import write
from handoff_cli.tokens.encode import cold_counter
from handoff_cli.tokens.stream import StreamCounter
from handoff_cli.tokens.vocabulary import SHIPPED
from tests.tokens.referee import expected, machine_texts

SPLICED_SHARE = 0.25


def splices(texts: tuple[str, ...], budget: int, chance: random.Random) -> list[str]:
    """Return about ``budget`` characters in texts glued from pieces of ``texts`` and runs of odd characters."""
    made: list[str] = []
    odd = "'s\u017f \t\n\r\x0b\x1c\x85\u2028\u3000\xa0/!-\u0301日本AaǅʰÀ1½😀\u200d\ud800\udc00\x00"
    spent = 0
    while spent < budget:
        parts = []
        for _ in range(chance.randrange(1, 30)):
            source = chance.choice(texts)
            at = chance.randrange(len(source) + 1)
            parts.append(source[at : at + chance.randrange(80)])
            parts.append("".join(chance.choices(odd, k=chance.randrange(4))) * chance.choice((1, 1, 2, 9, 200)))
        made.append("".join(parts))
        spent += len(made[-1])
    return made


def stream_count(encoding: str, text: str, chance: random.Random) -> int:
    """Count ``text`` fed in random chunks, small enough that every path of the stream is taken."""
    counter = StreamCounter(encoding, cold_chars=chance.choice((64, 4096)), chunk_chars=chance.choice((32, 512, 4096)))
    at = 0
    while at < len(text):
        size = chance.choice((3, 100, 5000))
        counter.feed(text[at : at + size])
        at += size
    return counter.settle()


def main() -> None:
    """Run the comparison and write the figures to ``benchmarks/results/exactness.json``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=32, help="text to compare, per encoding (default: 32)")
    parser.add_argument("--stream-every", type=int, default=8, help="one text in so many is streamed too (default: 8)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    budget = options.megabytes * 1_000_000
    found = machine_texts(int(budget * (1 - SPLICED_SHARE)))
    texts = [*found, *splices(found, budget - sum(map(len, found)), chance)]
    size = sum(len(text.encode("utf-8", "replace")) for text in texts)
    report: dict[str, Any] = {"texts": len(texts), "bytes": size, "differences": {}}
    for encoding in SHIPPED:
        started = time.perf_counter()
        cold, streamed, wrong = cold_counter(encoding), 0, 0
        for number, text in enumerate(texts):
            tokens = expected(encoding, text)
            wrong += cold.count(text) != tokens
            if number % options.stream_every == 0:
                streamed += 1
                wrong += stream_count(encoding, text, chance) != tokens
        report["differences"][encoding] = wrong
        print(
            f"{encoding}: {len(texts):,} texts, {size / 1e6:.1f} MB, {streamed:,} of them streamed too: "
            f"{wrong} differences ({time.perf_counter() - started:.0f} s)"
        )
    write("exactness", report)
    sys.exit(1 if any(report["differences"].values()) else 0)


if __name__ == "__main__":
    main()
