"""How many facts of a session its handoff keeps, and at what size, beside a plain tail of the same size.

The facts are taken from the raw JSON here, by rules of their own that share nothing with ``handoff_cli``: requests,
files edited, open to-dos, the last runs of check commands, commands still failing, commits. Each transcript is cut at
every compaction and at its end; ``handoff handoff --transcript CUT --stdout`` writes the document of each cut.

A fact is kept when its words stand in the document, white space aside: the first 100 characters of a request, the name
of a file, the first 60 characters of a to-do or command, a commit's hash. A failing command counts only under "Failed
approaches".

Usage: python -m benchmarks.recall [FOLDER OF TRANSCRIPTS...] [--budget N]; without a folder: HANDOFF_SAMPLES, and where
that is not set the made-up sessions of ``synthetic_sessions``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.raw_facts import CATEGORIES, Facts, cuts, row_of
from benchmarks.synthetic_sessions import write_all
from handoff_cli import count_tokens


def document(data: bytes, suffix: str, budget: int) -> str:
    """Return the handoff of the transcript ``data``, made in a folder that knows of nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"cut{suffix}")
        path.write_bytes(data)
        command = [sys.executable, "-m", "handoff_cli", "--dir", folder]
        command += ["handoff", "--transcript", str(path), "--stdout", "--budget", str(budget)]
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        done = subprocess.run(command, capture_output=True, check=True, env=environ, cwd=folder)
        if sorted(os.listdir(folder)) != [path.name]:
            raise SystemExit(f"state was left behind: {os.listdir(folder)}")
        return done.stdout.decode()


def tail(data: bytes, suffix: str, budget: int) -> str:
    """Return about the last ``budget`` tokens of what was said and done, as plain text."""
    rows = json.loads(data)["messages"] if suffix == ".json" else [row_of(line) for line in data.splitlines()[-400:]]
    text = "\n".join(_strings(rows))[-60_000:]
    while (tokens := count_tokens(text).tokens) > budget:
        text = text[-(len(text) * budget // tokens) :] if tokens > budget * 1.02 else text[20:]
    return text


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if " " in value or "/" in value else []
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _strings(item)]


def squeezed(text: str) -> str:
    """Return ``text`` with each run of white space a single space."""
    return " ".join(text.split())


def is_kept(category: str, fact: str, text: str) -> bool:
    """Return whether ``fact`` stands in ``text``, by the rule of its category."""
    if category == "files":
        return fact.replace("\\", "/").rpartition("/")[2] in text
    if category == "commits":
        return fact[:7] in text
    return squeezed(fact)[: 100 if "request" in category else 60].rstrip() in text


def score(facts: Facts, text: str) -> dict[str, tuple[int, int]]:
    """Return, by category, how many facts stand in ``text`` and how many there are."""
    found = squeezed(text)
    parts = [part for part in found.split(" ## ") if part.startswith("Failed approaches")]
    failed = " ".join(parts) if "# Handoff" in found else found
    return {
        category: (sum(is_kept(category, it, failed if category == "failing" else found) for it in facts_), len(facts_))
        for category, facts_ in facts.by_category().items()
    }


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", default=[os.environ.get("HANDOFF_SAMPLES", "")])
    parser.add_argument("--budget", type=int, default=2_000)
    parser.add_argument("--missing", action="store_true", help="print the facts that are not kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made_up:
        folders = [folder for folder in options.folders if folder]
        if not folders:
            write_all(Path(made_up))
        _measure(sorted(path for folder in folders or [made_up] for path in Path(folder).rglob("*.json*")), options)


def _measure(paths: list[Path], options: argparse.Namespace) -> None:
    totals: dict[str, dict[str, list[int]]] = {name: defaultdict(lambda: [0, 0]) for name in ("handoff", "tail")}
    sizes: list[int] = []
    print(f"{'transcript':44} {'cut':>3} {'facts':>6} {'handoff':>8} {'tail':>7} {'tokens':>7} {'chars':>6}")
    for path in paths:
        for number, (data, facts) in enumerate(cuts(path), 1):
            text = document(data, path.suffix, options.budget)
            sizes.append(count_tokens(text).tokens)
            scores = {"handoff": score(facts, text), "tail": score(facts, tail(data, path.suffix, options.budget))}
            for name, result in scores.items():
                for category, (kept, known) in result.items():
                    totals[name][category][0] += kept
                    totals[name][category][1] += known
            shares = {name: _share(result.values()) for name, result in scores.items()}
            known = sum(known for _, known in scores["handoff"].values())
            figures = f"{shares['handoff']:>8} {shares['tail']:>7} {sizes[-1]:7} {len(text):6}"
            print(f"{path.name[:44]:44} {number:3} {known:6} {figures}")
            if options.missing:
                _print_missing(facts, text)
    print(f"\n{'category':16} {'facts':>6} {'handoff':>8} {'tail':>7}")
    for category in CATEGORIES:
        both = [_share([tuple(totals[name][category])]) for name in totals]
        print(f"{category:16} {totals['handoff'][category][1]:6} {both[0]:>8} {both[1]:>7}")
    overall = {name: _share(map(tuple, result.values())) for name, result in totals.items()}
    print(
        f"{'all':16} {sum(it[1] for it in totals['handoff'].values()):6} {overall['handoff']:>8} {overall['tail']:>7}"
    )
    print(f"documents: {len(sizes)}, tokens at most {max(sizes):,}, mean {sum(sizes) // len(sizes):,}")


def _share(counts: Any) -> str:
    pairs = list(counts)
    known = sum(pair[1] for pair in pairs)
    return f"{100 * sum(pair[0] for pair in pairs) / known:.1f} %" if known else "-"


def _print_missing(facts: Facts, text: str) -> None:
    for category, its in facts.by_category().items():
        for fact in its:
            if score(_only(category, fact), text)[category][0] == 0:
                print(f"    lost {category}: {squeezed(fact)[:150]}")


def _only(category: str, fact: str) -> Any:
    class One:
        def by_category(self) -> dict[str, list[str]]:
            return {category: [fact]}

    return One()


if __name__ == "__main__":
    main()
