"""What counting costs, side by side: whole processes, run in turn, the median of the ratio pair by pair.

Three tables: a 2 KB count against bare Python; 100 MB of mixed text against one-thread tiktoken fed the whole text;
and runs without a place to cut at two lengths, ten times apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path[:0] = [ROOT, os.path.join(ROOT, "tests", "tokens")]

READ = "import sys\nsys.path.insert(0, {root!r})\n"
OURS = (
    READ
    + """
from handoff_cli.tokens import StreamCounter, StreamDecoder
counter, decoder = StreamCounter({encoding!r}), StreamDecoder()
with open({path!r}, "rb") as file:
    while block := file.read(1 << 18):
        counter.feed(decoder.decode(block))
counter.feed(decoder.decode(b"", final=True))
print(counter.settle())
"""
)
TIKTOKEN = (
    READ
    + """
import tiktoken
from handoff_cli.tokens.bulk import PATTERNS
from handoff_cli.tokens.encodings import ranks_of
ranks = dict(ranks_of({encoding!r}).items())
built = tiktoken.Encoding("x", pat_str=PATTERNS[{encoding!r}], mergeable_ranks=ranks, special_tokens={{}})
with open({path!r}, encoding="utf-8", newline="") as file:
    print(len(built.encode_ordinary(file.read())))
"""
)
NO_TOKTOK = "import sys\nsys.modules['toktok'] = None\n"
PEAK = "\nimport resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"


def run(code: str) -> tuple[float, list[int]]:
    """Run ``code`` in a Python of its own; return seconds and the numbers it printed."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)
    return time.perf_counter() - started, [int(number) for number in done.stdout.split()]


def compare(ours: str, theirs: str, pairs: int) -> dict[str, float]:
    """Run both in turn; return the medians in seconds and the median of the ratios ours / theirs."""
    times = [(run(ours)[0], run(theirs)[0]) for _ in range(pairs)]
    return {
        "ours_seconds": statistics.median(one for one, _ in times),
        "theirs_seconds": statistics.median(other for _, other in times),
        "ratio": statistics.median(one / other for one, other in times),
    }


def write_mixed(path: str, size: int) -> None:
    """Write ``size`` bytes of shuffled sources, manuals and licences."""
    from referee import machine_texts

    texts = [text.encode("utf-8", "replace") for text in machine_texts(20_000_000) if text]
    chance = random.Random(2)
    left = size
    with open(path, "wb") as file:
        while left > 0:
            text = chance.choice(texts)[:left].decode("utf-8", "ignore").encode()
            file.write(text or b"." * left)
            left -= len(text) or left


def small(folder: str, options: argparse.Namespace) -> dict[str, object]:
    """2 KB of English and code against ``python -c pass``."""
    path = os.path.join(folder, "small.txt")
    with open(__file__, "rb") as source, open(path, "wb") as file:
        file.write(source.read(2048))
    result = compare(OURS.format(root=ROOT, path=path, encoding=options.encoding), "pass", options.pairs)
    print(f"2 KB: {result['ours_seconds'] * 1e3:.1f} ms, bare Python {result['theirs_seconds'] * 1e3:.1f} ms, "
          f"ratio {result['ratio']:.2f}")  # fmt: skip
    return {**result}


def large(folder: str, options: argparse.Namespace) -> dict[str, object]:
    """Mixed text against tiktoken; without toktok, and with it where it is installed."""
    path = os.path.join(folder, "large.txt")
    write_mixed(path, options.megabytes * 1_000_000)
    theirs = TIKTOKEN.format(root=ROOT, path=path, encoding=options.encoding)
    ours = OURS.format(root=ROOT, path=path, encoding=options.encoding)
    result: dict[str, object] = {}
    for name, code in (("tiktoken engine", NO_TOKTOK + ours), ("best engine", ours)):
        figures: dict[str, float] = compare(code, theirs, options.large_pairs)
        tokens, figures["peak_mib"] = run(code + PEAK)[1]
        referee_tokens, figures["their_peak_mib"] = run(theirs + PEAK)[1]
        result[name] = {**figures, "tokens": tokens, "same_tokens": tokens == referee_tokens}
        print(f"{options.megabytes} MB, {name}: {figures['ours_seconds']:.2f} s and {figures['peak_mib']:.0f} MiB; "
              f"tiktoken whole {figures['theirs_seconds']:.2f} s and {figures['their_peak_mib']:.0f} MiB; "
              f"throughput x{1 / figures['ratio']:.2f}; same count: {tokens == referee_tokens}")  # fmt: skip
    return result


def runs(folder: str, options: argparse.Namespace) -> dict[str, object]:
    """Ten times the text without a cut: how many times the time, over the whole process and without its start."""
    chance = random.Random(3)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    size = options.run_chars
    cases = {
        "one letter": lambda count: "a" * count,
        "base64": lambda count: "".join(chance.choices(alphabet, k=count)),
        "random letters": lambda count: "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=count)),
        "CJK": lambda count: "".join(map(chr, chance.choices(range(0x4E00, 0x9FA6), k=count))),
        "spaces": lambda count: " " * count,
    }
    result: dict[str, object] = {}
    for name, make in cases.items():
        seconds = []
        for count in (size, 10 * size):
            path = os.path.join(folder, "run.txt")
            with open(path, "w", encoding="utf-8") as file:
                file.write(make(count))
            code = NO_TOKTOK + OURS.format(root=ROOT, path=path, encoding=options.encoding)
            seconds.append(statistics.median(run(code)[0] for _ in range(options.run_repeats)))
        result[name] = {"seconds": seconds, "ratio": seconds[1] / seconds[0]}
        print(f"{name}, {size:,} and {10 * size:,} characters: {seconds[0]:.2f} and {seconds[1]:.2f} s, "
              f"x{seconds[1] / seconds[0]:.1f}")  # fmt: skip
    return result


def main() -> None:
    """Run the chosen tables and write the figures to ``benchmarks/results/counting.json``."""
    tables = {"small": small, "large": large, "runs": runs}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", choices=[*tables, []], default=[], help="which to run (default: all)")
    parser.add_argument("--encoding", default="o200k_base")
    parser.add_argument("--pairs", type=int, default=31, help="pairs of runs for the 2 KB count")
    parser.add_argument("--large-pairs", type=int, default=3, help="pairs of runs for the mixed text")
    parser.add_argument("--megabytes", type=int, default=100, help="size of the mixed text")
    parser.add_argument("--run-chars", type=int, default=1_000_000, help="the shorter length of the runs")
    parser.add_argument("--run-repeats", type=int, default=3)
    options = parser.parse_args()
    report: dict[str, object] = {"python": sys.version.split()[0], "processors": os.cpu_count()}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.tables or tables:
            report[name] = tables[name](folder, options)
    os.makedirs(os.path.join(HERE, "results"), exist_ok=True)
    with open(os.path.join(HERE, "results", "counting.json"), "w", encoding="utf-8") as file:
        json.dump(report, file, indent=2)


if __name__ == "__main__":
    main()
