"""How much of what a session's handoff holds is still there when the session was piped in as text.

Each session is rendered in three forms (``renderings``) and read back, in one piece and in pieces of 200 lines cut
anywhere. Of the facts (``raw_facts``) that the document of the session's own transcript holds, the share that the
document of the text holds is counted, both at the same size.

Usage: python -m benchmarks.piped [FOLDER OF TRANSCRIPTS...] [--budget N] [--missing]; folders as for ``recall``.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks.raw_facts import Facts, cuts
from benchmarks.recall import is_kept, squeezed
from benchmarks.renderings import FORMS
from benchmarks.synthetic_sessions import write_all
from handoff_cli.agents.readers import opened

PIECE_LINES = 200


def pieces_of(text: str, seed: int) -> list[str]:
    """Return ``text`` in pieces of 200 lines; the first is shorter, so that the cuts fall anywhere."""
    lines = text.splitlines(keepends=True)
    first = random.Random(seed).randrange(1, PIECE_LINES)
    starts = [0, *range(first, len(lines), PIECE_LINES)]
    return ["".join(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def held(facts: Facts, document: str) -> dict[str, list[str]]:
    """Return the facts that ``document`` holds, by category."""
    text = squeezed(document)
    failed = " ".join(part for part in text.split(" ## ") if part.startswith("Failed approaches"))
    return {
        category: [it for it in listed if is_kept(category, it, failed if category == "failing" else text)]
        for category, listed in facts.by_category().items()
        if category not in {"first request", "last request"}
    }


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", default=[os.environ.get("HANDOFF_SAMPLES", "")])
    parser.add_argument("--budget", type=int, default=2_000)
    parser.add_argument("--missing", action="store_true", help="print the facts that are lost")
    parser.add_argument("--keep", help="write the texts and documents to this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made_up:
        folders = [folder for folder in options.folders if folder]
        if not folders:
            write_all(Path(made_up))
        _measure(sorted(path for folder in folders or [made_up] for path in Path(folder).rglob("*.json*")), options)


def _measure(paths: list[Path], options: argparse.Namespace) -> None:
    totals: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    names = [*FORMS, *(f"{form} in pieces" for form in FORMS)]
    print(f"{'transcript':40} {'cut':>3} {'facts':>5} " + " ".join(f"{name:>17}" for name in names))
    for path in paths:
        for number, (data, facts) in enumerate(cuts(path), 1):
            known = held(facts, document([data.decode("utf-8", "replace")], options.budget, path.suffix))
            count = sum(map(len, known.values()))
            if not count:
                continue
            shares = []
            for name in names:
                source, reader, _ = opened(path.name, None, data)
                text = FORMS[name.partition(" ")[0]](reader.events(source))
                pieces = pieces_of(text, number) if name.endswith("pieces") else [text]
                shown = document(pieces, options.budget)
                kept = held(facts, shown)
                for category, listed in known.items():
                    totals[name, category][0] += sum(it in kept[category] for it in listed)
                    totals[name, category][1] += len(listed)
                shares.append(sum(it in kept[category] for category, listed in known.items() for it in listed) / count)
                if options.missing:
                    _print_missing(name, known, kept)
                if options.keep:
                    _write(options.keep, f"{path.stem[:30]}-{number}-{name.replace(' ', '-')}", text, shown)
            print(
                f"{path.name[:40]:40} {number:3} {count:5} " + " ".join(f"{share:17.2f}" for share in shares),
                flush=True,
            )
    categories = list(dict.fromkeys(category for _, category in totals))
    print(f"\n{'category':50} " + " ".join(f"{name:>17}" for name in names))
    for category in categories:
        print(
            f"{category:45} {totals[names[0], category][1]:4} "
            + " ".join(_share([totals[name, category]]) for name in names)
        )
    print(f"{'all':50} " + " ".join(_share([totals[name, it] for it in categories]) for name in names))


def document(pieces: list[str], budget: int, suffix: str = ".txt") -> str:
    """Return the handoff of a session that was given as ``pieces``, made in a folder that knows of nothing else."""
    from unittest import mock

    from handoff_cli.agents.readers import read_pieces
    from handoff_cli.errors import InputError
    from handoff_cli.usecases.handoff import compose_handoff
    from handoff_cli.usecases.place import locate

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"cut{suffix}")
        path.write_text(pieces[0])
        place = locate(folder)
        if len(pieces) == 1:
            try:
                return compose_handoff(place, reason="manual", transcript=str(path), budget=budget).text
            except InputError:  # a session in which nothing was said
                return ""
        transcript = read_pieces("pieces", lambda: [(piece, True) for piece in pieces])
        with mock.patch("handoff_cli.usecases.gather.read_transcript", return_value=transcript):
            return compose_handoff(place, reason="manual", transcript=str(path), budget=budget).text


def _share(counts: list[list[int]]) -> str:
    known = sum(it[1] for it in counts)
    return f"{sum(it[0] for it in counts) / known:17.3f}" if known else f"{'-':>17}"


def _print_missing(name: str, known: dict[str, list[str]], kept: dict[str, list[str]]) -> None:
    for category, listed in known.items():
        for fact in listed:
            if fact not in kept[category]:
                print(f"    {name} lost {category}: {squeezed(fact)[:140]}")


def _write(folder: str, name: str, text: str, shown: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, f"{name}.txt").write_text(text, encoding="utf-8")
    Path(folder, f"{name}.md").write_text(shown, encoding="utf-8")


if __name__ == "__main__":
    main()
