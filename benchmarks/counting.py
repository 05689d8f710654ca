"""What counting costs: 100 MB of mixed text against one-thread tiktoken fed whole, and texts without a place to cut.

``python -m benchmarks.counting`` from the environment ``handoff`` is installed in; each pair of all rows takes about
half a minute. A text without a place to cut is counted at ten times its length against its length: linear is 10.
"""

from __future__ import annotations

import random
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.pairs import Command, Pair, compare, handoff, report, runs_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGE_BYTES = 100_000_000
RUN_CHARS = 1_000_000
_CHUNK_CHARS = 100_000
_FOREIGN_SHARE = 0.1
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

TIKTOKEN = """
import sys, tiktoken
from handoff_cli.tokens.engine import TIKTOKEN_PATTERNS
from handoff_cli.tokens.vocabulary import ranks_of
ranks = dict(ranks_of("o200k_base").items())
built = tiktoken.Encoding("x", pat_str=TIKTOKEN_PATTERNS["o200k_base"], mergeable_ranks=ranks, special_tokens={})
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    print(len(built.encode_ordinary(file.read())))
"""
"""tiktoken as it is used: the whole text, one call; its vocabulary comes from our file, for it has no network."""

MAKE: dict[str, Callable[[random.Random, int], str]] = {
    "one letter": lambda _, size: "a" * size,
    "one base64 line": lambda chance, size: "".join(chance.choices(_BASE64, k=size)),
    "random letters": lambda chance, size: "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=size)),
    "one CJK run": lambda chance, size: "".join(map(chr, chance.choices(range(0x4E00, 0x9FA6), k=size))),
    "one run of spaces": lambda _, size: " " * size,
}


def mixed(size: int) -> Iterator[bytes]:
    """Yield ``size`` bytes of what the machine has: sources, licences, manuals, data, with scripts of many kinds."""
    library = Path(sysconfig.get_paths()["stdlib"])
    texts = [path.read_bytes() for path in sorted(library.rglob("*.py"))[:1500]]
    texts += [path.read_bytes() for path in sorted(Path("/usr/share/common-licenses").glob("*")) if path.is_file()]
    texts = [text for text in texts if text]
    chance = random.Random(2)
    scripts = [
        range(0x4E00, 0x9FA6),
        range(0x410, 0x450),
        range(0xAC00, 0xD7A4),
        range(0x600, 0x640),
        range(0x900, 0x970),
    ]
    while size > 0:
        if chance.random() < _FOREIGN_SHARE:
            words = (
                "".join(map(chr, chance.choices(chance.choice(scripts), k=chance.randint(2, 9)))) for _ in range(400)
            )
            text = " ".join(words).encode()
        else:
            text = chance.choice(texts)
        text = text[:size].decode("utf-8", "ignore").encode() or b"." * size
        size -= len(text)
        yield text


def large(folder: Path, runs: int) -> dict[str, Pair]:
    """Return ``handoff count`` against tiktoken, after checking that they agree."""
    path = folder / "mixed.txt"
    with path.open("wb") as file:
        file.writelines(mixed(LARGE_BYTES))
    ours = handoff("--quiet", "count", str(path))
    theirs = Command((sys.executable, "-c", TIKTOKEN, str(path)))
    said = [subprocess.run(it.argv, capture_output=True, text=True, check=True).stdout for it in (ours, theirs)]
    if said[0] != said[1]:
        raise RuntimeError(f"counts differ: {said}")
    return {"100 MB": compare(ours, theirs, runs, warm_up=0)}


def uncut(folder: Path, runs: int) -> dict[str, Pair]:
    """Return, for each kind of text without a place to cut, ten times its length against its length."""
    found = {}
    chance = random.Random(3)
    for label, make in MAKE.items():
        paths = []
        for size in (10 * RUN_CHARS, RUN_CHARS):
            paths.append(folder / f"{size}.txt")
            # A child's peak of memory begins at its parent's, which therefore stays small.
            with paths[-1].open("w", encoding="utf-8") as file:
                file.writelines(make(chance, _CHUNK_CHARS) for _ in range(size // _CHUNK_CHARS))
        long, short = (handoff("--quiet", "count", str(path)) for path in paths)
        found[label] = compare(long, short, runs, warm_up=0)
    return found


def main() -> None:
    """Measure and report."""
    runs = runs_asked(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        report("counting", {**large(folder, runs), **uncut(folder, runs)})


if __name__ == "__main__":
    main()
